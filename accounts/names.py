"""When two spellings name one organisation, and when a person has to look."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

# Umlauts and their like as people write them out. `ß` becomes `ss` by case folding.
WRITTEN_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "ø": "oe", "å": "aa", "œ": "oe", "đ": "d", "ł": "l"}
)
# One word in brackets, in capitals for the most part: an abbreviation, such as (SDG) or (LVR) or (EUPATI CH).
ABBREVIATION = re.compile(r"\s*[(\[]\s*(?=[^)\]]*[A-ZÄÖÜ]{2})[A-ZÄÖÜ0-9][A-Za-zÄÖÜäöü0-9.&/-]{0,11}\s*[)\]]")

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


def doubtful_pairs(keys: Iterable[str], *, limit: float = DOUBTFUL) -> list[tuple[str, str, float]]:
    """Pairs of different keys that may name one organisation, the most alike first.

    Arguments:
        keys: keys by `match_key`.
        limit: from which share of common trigrams on (0 to 1).
    """
    grams = {key: trigrams(key) for key in keys}
    holders = defaultdict(list)
    shared: dict[tuple[str, str], int] = defaultdict(int)
    for key in sorted(grams):
        for gram in grams[key]:
            for other in holders[gram]:
                shared[other, key] += 1
            holders[gram].append(key)
    pairs = []
    for (one, other), common in shared.items():
        likeness = common / (len(grams[one]) + len(grams[other]) - common)
        # An abbreviation before or after a name makes it longer, and still the same.
        contained = min(len(one), len(other)) >= 12 and (one in other or other in one)
        if likeness >= limit or contained:
            pairs.append((one, other, round(likeness, 2)))
    return sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))
