"""What differs between two texts: paragraph by paragraph, and word by word inside those that changed. No database.

Nothing gets lost: the left sides of all rows are the old text, the right sides the new one. However large or strange
the texts are, the work is bounded: what would take too long to compare finely is shown as gone and new.
"""

import difflib
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SAME, CHANGED, ADDED, REMOVED = "same", "changed", "added", "removed"

# Two paragraphs are one that changed when they share this much of their words.
ALIKE = 0.5
# How far apart the two may stand among those that differ.
REACH = 25
# What comparing costs is how often something on the left equals something on the right: no more than this for one
# stretch, and no more than this in all.
MOST_MATCHES = 20_000
MOST_MATCHES_IN_ALL = 400_000

_PIECES = re.compile(r"\s*(?:\w+|[^\w\s])|\s+")


@dataclass(frozen=True)
class Piece:
    """Some words, marked when the other side has others in their place."""

    text: str
    marked: bool


@dataclass(frozen=True)
class Row:
    """A paragraph of the old text beside its paragraph of the new one.

    Attributes:
        kind: SAME, CHANGED, ADDED (nothing before) or REMOVED (nothing after).
    """

    kind: str
    before: tuple[Piece, ...] = ()
    after: tuple[Piece, ...] = ()

    @property
    def text(self) -> str:
        """What it says now; what it said when it went."""
        return "".join(piece.text for piece in self.after or self.before)


def compare(before: Sequence[str], after: Sequence[str]) -> list[Row]:
    """Lay two lists of paragraphs side by side, in the order of both."""
    budget = _Budget()
    rows = []
    for old, new in _stretches(before, after, budget):
        if old == new:
            rows += [Row(SAME, *[(Piece(text, False),)] * 2) for text in old]
        else:
            rows += _pair(old, new, budget)
    return rows


def compare_words(before: str, after: str) -> Row:
    """Lay two texts of a few lines side by side as one row."""
    if before == after:
        return Row(SAME, *[(Piece(before, False),)] * 2 if before else ())
    if not before:
        return Row(ADDED, after=(Piece(after, True),))
    if not after:
        return Row(REMOVED, before=(Piece(before, True),))
    return _changed(before, after, _Budget())


def counts(rows: Sequence[Row]) -> dict[str, int]:
    """How many rows there are of each kind."""
    found = Counter(row.kind for row in rows)
    return {kind: found[kind] for kind in (SAME, CHANGED, ADDED, REMOVED)}


class _Budget:
    """How much may still be compared finely. Counted, not timed: the same texts always give the same rows."""

    def __init__(self):
        self.left = MOST_MATCHES_IN_ALL

    def allows(self, old, new):
        in_old, in_new = Counter(old), Counter(new)
        cost = len(old) + len(new) + sum(count * in_new[one] for one, count in in_old.items())
        if cost > min(MOST_MATCHES, self.left):
            return False
        self.left -= cost
        return True


# Paragraphs -----------------------------------------------------------------------------------------


def _stretches(before, after, budget) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Cut both texts into stretches that are equal, and stretches that differ.

    Paragraphs that stand once in each text are found first, without looking at pairs ("patience"); difflib looks
    between them only. That keeps a contract of hundreds of pages fast, and moved headings from tearing it apart.
    """
    i = j = 0
    for place, other in [*_anchors(before, after), (len(before), len(after))]:
        yield from _between(before[i:place], after[j:other], budget)
        if place < len(before):
            yield before[place : place + 1], after[other : other + 1]
        i, j = place + 1, other + 1


def _between(old, new, budget):
    if not old and not new:
        return
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    yield old[:start], new[:start]
    middle = old[start : len(old) - end], new[start : len(new) - end]
    if budget.allows(*middle):
        for _tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, *middle).get_opcodes():
            yield middle[0][i1:i2], middle[1][j1:j2]
    else:
        yield middle
    yield old[len(old) - end :], new[len(new) - end :]


def _anchors(before, after):
    """Places of paragraphs that stand once in each text, as many as keep their order in both."""
    once = [{text for text, count in Counter(texts).items() if count == 1} for texts in (before, after)]
    places = {text: place for place, text in enumerate(after) if text in once[0] & once[1]}
    pairs = [(place, places[text]) for place, text in enumerate(before) if text in places]
    # The longest run of rising places.
    tops, ends, previous = [], [], [-1] * len(pairs)
    for number, (_place, other) in enumerate(pairs):
        at = bisect_left(tops, other)
        tops[at : at + 1] = [other]
        ends[at : at + 1] = [number]
        previous[number] = ends[at - 1] if at else -1
    chain, number = [], ends[-1] if ends else -1
    while number >= 0:
        chain.append(pairs[number])
        number = previous[number]
    return chain[::-1]


def _pair(old, new, budget):
    """Find for each old paragraph the new one that it became: the most alike within reach, the nearest first."""
    bags = [_words(text) for text in new]
    rows, j = [], 0
    for text in old:
        bag = _words(text)
        near = range(j, min(j + REACH, len(new)))
        best = max(near, key=lambda at: (_likeness(bag, bags[at]), -at), default=None)
        if best is None or _likeness(bag, bags[best]) < ALIKE:
            rows.append(Row(REMOVED, before=(Piece(text, True),)))
            continue
        rows += [Row(ADDED, after=(Piece(one, True),)) for one in new[j:best]]
        rows.append(_changed(text, new[best], budget))
        j = best + 1
    return rows + [Row(ADDED, after=(Piece(one, True),)) for one in new[j:]]


def _words(text):
    return frozenset(re.findall(r"\w+", text)) or frozenset([text])


def _likeness(one, other):
    return 2 * len(one & other) / (len(one) + len(other) or 1)


# Words ----------------------------------------------------------------------------------------------


def _changed(old, new, budget):
    pieces = [_PIECES.findall(text) for text in (old, new)]
    before, after = [[piece.strip() for piece in side] for side in pieces]
    if before == after or not budget.allows(before, after):
        return Row(CHANGED, (Piece(old, True),), (Piece(new, True),))
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    left, right = [], []
    for tag, i1, i2, j1, j2 in _joined(matcher.get_opcodes(), before):
        left.append(("".join(pieces[0][i1:i2]), tag != "equal"))
        right.append(("".join(pieces[1][j1:j2]), tag != "equal"))
    return Row(CHANGED, tuple(_marked(left)), tuple(_marked(right)))


def _joined(opcodes, before):
    """Without equal signs between two changes: a reader takes in one mark more easily than five."""
    joined = []
    for number, (tag, i1, i2, j1, j2) in enumerate(opcodes):
        between = 0 < number < len(opcodes) - 1
        marked = tag != "equal" or (between and not re.search(r"\w", "".join(before[i1:i2])))
        if joined and marked and joined[-1][0] != "equal":
            joined[-1] = ("replace", joined[-1][1], i2, joined[-1][3], j2)
        else:
            joined.append(("replace" if marked else "equal", i1, i2, j1, j2))
    return joined


def _marked(parts):
    """Pieces to show: no mark begins with a space."""
    plain = ""
    for text, marked in parts:
        words = text.lstrip()
        if not marked or not words:
            plain += text
            continue
        if plain := plain + text[: len(text) - len(words)]:
            yield Piece(plain, False)
        yield Piece(words, True)
        plain = ""
    if plain:
        yield Piece(plain, False)
