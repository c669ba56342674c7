"""The chart itself: an axis, and one row for each principle or question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, partial

from django.utils.translation import gettext

from evaluations.scoring import (
    COMPANY,
    FAR,
    GROUP,
    LEVELS,
    LITTLE,
    NOT_IN_PROJECT,
    Compared,
    Comparison,
    Organisation,
    OrganisationValue,
    PrincipleResult,
)

from .table import Table, table_of
from .words import SHAPES, Voices

LINE_Y = 26  # in a row that is 52 high
EACH_Y = 45  # small marks stand below the line, so that they never hide a side's mark
EACH_APART = 11  # between small marks with the same value

SIZES = {GROUP: 16, COMPANY: 21}  # a circle that fits into the square, with the square still seen around it
SMALL = {GROUP: 8, COMPANY: 8}
ACCENTS = {1: "#8F1D3F", 2: "#1B3B82", 3: "#836D03", 4: "#107D74", 5: "#8250D8"}
PLAIN = "#414C57"
TONES = {FAR: "turn", LITTLE: "wait"}


def percent(value: Fraction | int) -> Fraction:
    """Where a value stands on the axis, in percent of its width."""
    return 4 + (Fraction(value) - 1) * Fraction(92, 3)


def attribute(x: Fraction) -> str:
    """A position as an attribute: a point as decimal sign in every language, and no more than two decimals."""
    return f"{round(float(x), 2):g}%"


@dataclass(frozen=True)
class Point:
    side: str
    name: str
    at: Fraction
    size: int
    y: int = LINE_Y
    dx: int = 0

    @cached_property
    def shape(self) -> str:
        return SHAPES[self.side]

    @cached_property
    def x(self) -> str:
        return attribute(self.at)

    @cached_property
    def half(self) -> str:
        """Half the size: the radius of a circle, the way from a square's middle to its edge."""
        return f"{self.size / 2:g}"

    @cached_property
    def left(self) -> str:
        return f"{self.dx - self.size / 2:g}"

    @cached_property
    def top(self) -> str:
        return f"{-self.size / 2:g}"

    @property
    def small(self) -> bool:
        """One of several organisations of a side."""
        return self.y == EACH_Y

    @property
    def corner(self) -> int:
        return 1 if self.small else 3

    @property
    def stroke(self) -> str:
        return "1.5" if self.small else "2.5"


@dataclass(frozen=True)
class Span:
    start: Fraction
    end: Fraction

    @cached_property
    def x1(self) -> str:
        return attribute(self.start)

    @cached_property
    def x2(self) -> str:
        return attribute(self.end)


@dataclass(frozen=True)
class Tick:
    at: Fraction
    word: str

    @cached_property
    def x(self) -> str:
        return attribute(self.at)


@dataclass(frozen=True)
class LegendEntry:
    side: str
    name: str

    @property
    def shape(self) -> str:
        return SHAPES[self.side]


@dataclass(frozen=True)
class Quote:
    """What one organisation answered to a question, with its comment as it was written."""

    organisation: Organisation
    who: str
    is_viewer: bool
    said: str
    answer: int | str | None
    text: str


@dataclass(frozen=True)
class Row:
    key: Hashable
    number: int
    name: str
    url: str
    sentence: str
    dashed: bool
    gap_line: Span | None
    marks: tuple[Point, ...]
    each: tuple[Point, ...]
    words: str
    code: str
    notes: tuple[str, ...]
    quotes: tuple[Quote, ...] = ()

    @property
    def points(self) -> tuple[Point, ...]:
        """Every mark, in the order to draw them: what comes later lies on top."""
        return (*self.each, *self.marks)

    @property
    def tone(self) -> str:
        """The tone of the tag around the words; none where they stand as plain text."""
        return TONES.get(self.code, "")

    @property
    def colour(self) -> str:
        """The principle's colour on paper; style sheets have their own, for light and dark."""
        return ACCENTS.get(self.number, PLAIN)


@dataclass(frozen=True)
class Chart:
    legend: tuple[LegendEntry, ...]
    axis: tuple[Tick, ...]
    rows: tuple[Row, ...]
    nothing_to_compare: tuple[str, ...]
    voices: Voices = field(repr=False, compare=False)
    make_table: Callable[[], Table] = field(repr=False, compare=False)

    @cached_property
    def table(self) -> Table:
        """Made when it is asked for: most pages show one table for several charts."""
        return self.make_table()


def principle_chart(
    comparison: Comparison, *, viewer_side: str | None = None, viewer: Hashable | None = None
) -> Chart:
    """The principles side by side, in the order of the guide."""
    voices = Voices(comparison, viewer_side, viewer)
    rows = [
        _row(result, voices, result.principle.key, result.principle.number, f"#p{result.principle.number}")
        for result in comparison.principles
    ]
    return _chart(comparison.principles, rows, voices, gettext("Principle"))


def question_chart(
    result: PrincipleResult,
    comparison: Comparison,
    *,
    viewer_side: str | None = None,
    viewer: Hashable | None = None,
    beside: Chart | None = None,
) -> Chart:
    """The questions of one principle, with what each organisation said.

    Arguments:
        beside: another chart of this comparison for the same viewer, whose legend and axis this one shares.
    """
    voices = beside.voices if beside else Voices(comparison, viewer_side, viewer)
    rows = [
        _row(
            question,
            voices,
            question.question.key,
            result.principle.number,
            url="",
            quotes=tuple(
                _quote(one, voices) for side in voices.order for one in question.side(side).organisations
            ),
        )
        for question in result.questions
    ]
    return _chart(result.questions, rows, voices, gettext("Question"), beside)


def _chart(
    results: Sequence[Compared],
    rows: Sequence[Row],
    voices: Voices,
    first_column: str,
    beside: Chart | None = None,
) -> Chart:
    return Chart(
        legend=beside.legend
        if beside
        else tuple(LegendEntry(side, voices.legend(side)) for side in voices.order),
        axis=beside.axis
        if beside
        else tuple(Tick(percent(level), voices.levels[level - 1]) for level in LEVELS),
        rows=tuple(rows),
        nothing_to_compare=tuple(
            gettext("There is nothing to compare for “%(name)s”.") % {"name": result.name}
            for result in results
            if result.gap is None
        ),
        voices=voices,
        make_table=partial(table_of, results, voices, first_column),
    )


def _row(
    result: Compared,
    voices: Voices,
    key: Hashable,
    number: int,
    url: str,
    quotes: tuple[Quote, ...] = (),
) -> Row:
    values = {
        side: result.side(side).value for side in (COMPANY, GROUP)
    }  # the square first: the circle lies on it
    points = {side: percent(value) for side, value in values.items() if value is not None}
    return Row(
        key=key,
        number=number,
        name=result.name,
        url=url,
        sentence=voices.sentence(result),
        dashed=NOT_IN_PROJECT in (result.group.standing, result.company.standing),
        gap_line=Span(min(points.values()), max(points.values())) if result.gap else None,
        marks=tuple(Point(side, voices.side(side), at, SIZES[side]) for side, at in points.items()),
        each=_small_marks(result, voices),
        words=voices.gap(result),
        code=result.word.code,
        notes=voices.notes(result),
        quotes=quotes,
    )


def _small_marks(result: Compared, voices: Voices) -> tuple[Point, ...]:
    """Each organisation's own mark where a side has several. Those with the same value stand side by side."""
    found: dict[Fraction, list[OrganisationValue]] = defaultdict(list)
    for side in voices.order:
        organisations = result.side(side).organisations
        for one in organisations if len(organisations) > 1 else ():
            if one.tally.value is not None:
                found[percent(one.tally.value)].append(one)
    return tuple(
        Point(
            side=one.organisation.side,
            name=voices.organisation(one),
            at=at,
            size=SMALL[one.organisation.side],
            y=EACH_Y,
            dx=round((place - (len(together) - 1) / 2) * EACH_APART),
        )
        for at, together in sorted(found.items())
        for place, one in enumerate(together)
    )


def _quote(one: OrganisationValue, voices: Voices) -> Quote:
    return Quote(
        organisation=one.organisation,
        who=voices.organisation(one),
        is_viewer=voices.is_viewer(one),
        said=voices.words(one),
        answer=one.mark.answer if one.mark else None,
        text=one.mark.comment if one.mark else "",
    )
