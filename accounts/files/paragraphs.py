"""Lines and pieces as files hold them, made into paragraphs as people read them. Pure functions."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\u00ad": None}
)
# Joiners shape letters in some scripts; everything else of these kinds is invisible.
JOINERS = "\u200c\u200d"
# What Unicode calls stream-safe text (UAX 15) has no longer pile.
MOST_ACCENTS = 30
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}

# What stands at the beginning of a paragraph that is numbered or one of a list.
_BEGINS = re.compile(
    r"(?:\d{1,3}(?:\.\d{1,3})*[.)]?|\([a-z0-9]{1,4}\)|[a-z][.)]|[IVXivx]{1,5}[.)]|[•●▪–—*-])\s"
)
_ENDS = re.compile(r"[.:;!?][”’\"')\]]*\Z")
# A line this much shorter than the longest ones ends its paragraph when a sentence ends with it.
SHORT = 0.8
# What stands above or below the text on most pages, its number aside, belongs to none of them. It is read once, unless
# it counts the pages.
FEWEST_PAGES = 3
MOST_WORDINGS = 2
LINES_AROUND = 3


@dataclass(frozen=True)
class Text:
    """The text of a file.

    Attributes:
        pages_without_text: pages that hold none, such as scans: nobody can say what changed there.
    """

    paragraphs: tuple[str, ...]
    pages_without_text: int = 0


def from_paragraphs(paragraphs: Iterable[str]) -> Text:
    """The text of a file that knows its paragraphs."""
    return Text(tuple(clean for text in paragraphs if (clean := _clean(text))))


def from_lines(pages: Sequence[Sequence[str]]) -> Text:
    """The text of a file that knows lines only, page by page. Another width of the page gives the same paragraphs."""
    cleaned = [[_clean(line) for line in page] for page in pages]
    without = sum(not any(page) for page in cleaned)
    body, edges = _without_edges(cleaned)
    lengths = sorted(len(line) for page in body for line in page if line)
    # Not the very longest: a table may reach beyond the margin.
    full = lengths[len(lengths) * 9 // 10] if lengths else 0
    paragraphs, ended = [], True
    for page in body:
        for line in page:
            if not line:
                ended = True
            elif ended or _BEGINS.match(line):
                paragraphs.append([line])
                ended = False
            else:
                paragraphs[-1].append(line)
            if line and len(line) < full * SHORT and _ENDS.search(line):
                ended = True
        # A sentence that is not over goes on overleaf.
        ended = not paragraphs or bool(_ENDS.search(paragraphs[-1][-1]))
    return Text((*(_joined(lines) for lines in paragraphs), *edges), without)


def _clean(text):
    # What is not seen goes first, so that no two spaces are left around it.
    seen = "".join(_seen(text.translate(LIGATURES)))
    return unicodedata.normalize("NFC", " ".join(seen.split()))


def _seen(text):
    """The characters that are seen, with no more accents on a letter than any script stacks.

    Composing takes time that grows with the square of a pile of accents.
    """
    pile = 0
    for character in text:
        is_kept = character in JOINERS or character.isspace()
        if not is_kept and unicodedata.category(character) in INVISIBLE:
            continue
        pile = pile + 1 if unicodedata.combining(character) else 0
        if pile <= MOST_ACCENTS:
            yield character


def _joined(lines):
    text = lines[0]
    for line in lines[1:]:
        cut = text.endswith("-") and len(text) > 1 and text[-2].isalpha() and line[0].islower()
        text += line if cut else f" {line}"
    return text


def _without_edges(pages):
    """Pages without the lines that stand first or last on most of them, and these lines."""
    pages = [_trimmed(page) for page in pages]
    edges = []
    for place in (0, -1) * LINES_AROUND:
        filled = [page for page in pages if page]
        counted = Counter(_without_numbers(page[place]) for page in filled)
        often = {line for line, count in counted.items() if count >= FEWEST_PAGES and count * 2 > len(filled)}
        wordings = {}
        for page in filled:
            if (line := _without_numbers(page[place])) in often:
                wordings.setdefault(line, {})[page.pop(place)] = True
        edges += [one for found in wordings.values() if len(found) <= MOST_WORDINGS for one in found]
        pages = [_trimmed(page) for page in pages]
    return pages, edges


def _trimmed(page):
    filled = [number for number, line in enumerate(page) if line]
    return page[filled[0] : filled[-1] + 1] if filled else []


def _without_numbers(line):
    return re.sub(r"\d+", "#", line)
