"""When two spellings name one organisation, and when a person has to look."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable
from math import ceil

# Umlauts and their like as people write them out. `ß` becomes `ss` by case folding.
WRITTEN_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "ø": "oe", "å": "aa", "œ": "oe", "đ": "d", "ł": "l"}
)
# One word in brackets, in capitals for the most part: an abbreviation, such as (SDG) or (LVR) or (EUPATI CH).
ABBREVIATION = re.compile(r"\s*[(\[]\s*(?=[^)\]]*[A-ZÄÖÜ]{2})[A-ZÄÖÜ0-9][A-Za-zÄÖÜäöü0-9.&/-]{0,11}\s*[)\]]")

NUMBER = re.compile(r"\d+")

# Similar enough that a person should look: shared trigrams of all trigrams.
DOUBTFUL = 0.6


def match_key(name: str) -> str:
    """Reduce a name to what tells organisations apart.

    Names that differ only in case, hyphens, spaces, punctuation, umlauts written out, accents or an
    abbreviation in brackets get the same key. Never empty for a name with a letter or digit in it.
    """
    name = unicodedata.normalize("NFC", name)
    return _reduce(ABBREVIATION.sub(" ", name)) or _reduce(name)


def _reduce(name: str) -> str:
    name = name.casefold().translate(WRITTEN_OUT)
    name = unicodedata.normalize("NFKD", name)
    return "".join(character for character in name if character.isalnum())


def clean_name(name: str) -> str:
    """A name as people read it: one line, single spaces, plain hyphens, no comma at the end."""
    name = (
        unicodedata.normalize("NFC", name).replace("\u2010", "-").replace("\u2011", "-").replace("\u00ad", "")
    )
    return re.sub(r"\s+", " ", name).strip().rstrip(",;").rstrip()


def trigrams(key: str) -> frozenset[str]:
    padded = f"  {key} "
    return frozenset(padded[n : n + 3] for n in range(len(padded) - 2))


def doubtful_pairs(
    keys: Iterable[str], *, among: Collection[str] | None = None, limit: float = DOUBTFUL
) -> list[tuple[str, str, float]]:
    """Pairs of different keys that may name one organisation, the most alike first.

    Names with different numbers in them are different: the groups of District 3 and of District 4.

    Arguments:
        keys: keys by `match_key`.
        among: only pairs with at least one of these; of all keys when left out.
        limit: from which share of common trigrams on (above 0, up to 1).
    """
    asked = set(keys) if among is None else set(keys) & set(among)
    if not asked:
        return []
    grams = {key: trigrams(key) for key in keys}
    holders = _holders(grams)
    rare = {key: sorted(grams[key], key=lambda gram: (len(holders[gram]), gram)) for key in grams}
    # Two sets that share at least `limit` of all have one in common among so many of the rarest of each: few
    # pairs are left to compare, although nearly every two names share some common trigram.
    telling = {key: held[: len(held) - ceil(limit * len(held)) + 1] for key, held in rare.items()}
    told_by = _holders(telling)
    # Whoever holds a key whole holds its rarest trigram.
    inner = {key: next((gram for gram in held if " " not in gram), "") for key, held in rare.items()}
    inner_of = _holders({key: [gram] for key, gram in inner.items()})
    pairs = []
    for key in asked:
        candidates = {other for gram in telling[key] for other in told_by[gram]}
        candidates.update(holders.get(inner[key], ()))
        candidates.update(other for gram in grams[key] for other in inner_of.get(gram, ()))
        for other in candidates - {key}:
            # Two that are both asked about meet twice.
            if other in asked and other < key:
                continue
            likeness = _likeness(key, other, grams, limit)
            if likeness is not None:
                pairs.append((min(key, other), max(key, other), round(likeness, 2)))
    return sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))


def _holders(grams: dict[str, Iterable[str]]) -> dict[str, list[str]]:
    """Trigram → the keys that hold it."""
    holders = defaultdict(list)
    for key, held in grams.items():
        for gram in held:
            holders[gram].append(key)
    return holders


def _likeness(one: str, other: str, grams: dict[str, frozenset[str]], limit: float) -> float | None:
    """The share of common trigrams of a pair to look at, or None."""
    few, many = sorted((len(grams[one]), len(grams[other])))
    # An abbreviation before or after a name makes it longer, and still the same.
    contained = min(len(one), len(other)) >= 12 and (one in other or other in one)
    if few < limit * many and not contained:
        return None
    common = len(grams[one] & grams[other])
    likeness = common / (few + many - common)
    if likeness < limit and not contained:
        return None
    numbers = NUMBER.findall(one), NUMBER.findall(other)
    if all(numbers) and numbers[0] != numbers[1]:
        return None
    return likeness
