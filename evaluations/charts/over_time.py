"""Check-ins over time: for each question a row of dots, as high as the level, one column for each check-in.

    over_time(check_ins, questions, own_id=None, sides=...) -> OverTime

Round is the patient group, square is the company, as everywhere. What is outside the scale has no height: it stands in
the table alone. A level that both chose shows the circle inside the square. `x` and `y` are ready for attributes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext

from accounts.days import local_day
from evaluations.check_ins import answers_of, own_first, words_of
from evaluations.models import CheckIn, CheckInReply
from evaluations.scoring import COMPANY, GROUP, LEVELS
from principles.models import Question

from .rows import LegendEntry, attribute
from .table import Cell, Table, TableRow
from .words import SHAPES

State = CheckInReply.State

HEIGHT = 118
LOWEST, STEP = 88, 24  # the y of "No", and how far the levels lie apart
NUMBERS_Y = 112
LEFT, RIGHT = 22, 95  # percent of the width: the words of the levels stand before it
COLUMNS = 12  # more would stand on top of each other on a phone; the table has them all
FEWEST = 6  # with fewer the dots keep their distance, and the room on the right says that more come
SIZES = {GROUP: 10, COMPANY: 15}
APART = 8  # between marks of the same shape in one place


@dataclass(frozen=True)
class Dot:
    """One mark: what an organisation said of one question in one check-in."""

    side: str
    x: str
    y: int
    dx: int = 0

    @property
    def shape(self) -> str:
        return SHAPES[self.side]

    @property
    def size(self) -> int:
        return SIZES[self.side]


@dataclass(frozen=True)
class Column:
    """A check-in on the axis."""

    x: str
    number: int


@dataclass(frozen=True)
class QuestionOverTime:
    """One question: its dots, and what was said last in words."""

    question: Question
    dots: tuple[Dot, ...]
    columns: tuple[Column, ...]
    levels: tuple[tuple[int, str], ...]
    latest: tuple[str, ...]

    @property
    def number(self) -> int:
        return self.question.principle.number

    height = HEIGHT
    numbers_y = NUMBERS_Y


@dataclass(frozen=True)
class OverTime:
    """Every question, and the same as a table."""

    legend: tuple[LegendEntry, ...]
    rows: tuple[QuestionOverTime, ...]
    table: Table
    # How many check-ins are drawn, and of how many.
    drawn: int
    of: int

    @property
    def is_cut(self) -> bool:
        return self.drawn < self.of


def column_x(place: int, columns: int) -> str:
    """Where the column at a place, counted from 0, stands when there are so many."""
    return attribute(LEFT + (RIGHT - LEFT) * place / (max(columns, FEWEST) - 1))


def level_y(level: int) -> int:
    return LOWEST - (level - 1) * STEP


def over_time(
    check_ins: Sequence[CheckIn],
    questions: Sequence[Question],
    *,
    sides: Mapping[int, str],
    own_id: int | None = None,
) -> OverTime:
    """Draw what was said in the check-ins that anybody sent.

    Arguments:
        check_ins: from `read_check_ins`, the newest first.
        questions: from `pulse_questions`.
        sides: the side of each organisation that is or was a partner, by its key.
        own_id: the reader's organisation; it comes first in every text.
    """
    sent = [one for one in check_ins if any(reply.is_sent for reply in one.every_reply)]
    drawn = sent[:COLUMNS][::-1]
    columns = tuple(
        Column(column_x(place, len(drawn)), check_in.number) for place, check_in in enumerate(drawn)
    )
    names: dict[str, dict[int, str]] = {GROUP: {}, COMPANY: {}}
    for check_in in check_ins:
        for reply in own_first(check_in.every_reply, own_id):
            side = sides.get(reply.organisation_id)
            if side in names:
                names[side].setdefault(reply.organisation_id, _name(reply, own_id))
    order = (COMPANY, GROUP) if sides.get(own_id) == COMPANY else (GROUP, COMPANY)
    return OverTime(
        legend=tuple(
            LegendEntry(side, get_text_list(list(names[side].values()), gettext("and")))
            for side in order
            if names[side]
        ),
        rows=tuple(_row(question, drawn, columns, sides, own_id) for question in questions),
        table=_table(sent, questions, own_id),
        drawn=len(drawn),
        of=len(sent),
    )


def _name(reply, own_id):
    return gettext("You") if reply.organisation_id == own_id else reply.organisation.name


def _row(question, drawn, columns, sides, own_id):
    places = defaultdict(list)
    for column, check_in in zip(columns, drawn, strict=True):
        for reply in check_in.every_reply:
            answer = answers_of(reply).get(question.pk)
            side = sides.get(reply.organisation_id)
            if answer is not None and answer.level is not None and side in SIZES:
                places[side, column.x, level_y(answer.level)].append(reply)
    dots = [
        Dot(side, x, y, round((place - (len(found) - 1) / 2) * APART))
        # The square first: the circle lies on it.
        for (side, x, y), found in sorted(places.items(), key=lambda item: item[0][0] != COMPANY)
        for place in range(len(found))
    ]
    newest = drawn[-1].every_reply if drawn else ()
    latest = tuple(
        gettext("%(name)s: %(words)s")
        % {"name": _name(reply, own_id), "words": words_of(answers_of(reply).get(question.pk), question)}
        for reply in own_first(newest, own_id)
        if question.pk in answers_of(reply)
    )
    words = {level.value: level.label for level in question.scale}
    levels = tuple((level_y(level), words.get(level, "")) for level in LEVELS)
    return QuestionOverTime(question, tuple(dots), columns, levels, latest)


def _table(sent, questions, own_id):
    return Table(
        caption=gettext("What each said in every check-in, the newest first."),
        columns=(gettext("Check-in"), *(question.short for question in questions)),
        rows=tuple(
            TableRow(
                head=gettext("%(number)s, %(day)s")
                % {
                    "number": check_in.number,
                    "day": date_format(local_day(check_in.opened_at, check_in.project.zone), "j M Y"),
                },
                cells=tuple(_cell(check_in, question, own_id) for question in questions),
            )
            for check_in in sent
        ),
    )


def _cell(check_in, question, own_id):
    lines = []
    for reply in own_first(check_in.every_reply, own_id):
        answer = answers_of(reply).get(question.pk)
        words = words_of(answer, question) if answer else reply.get_state_display()
        if answer and answer.as_before:
            words = gettext("%(words)s, as last time") % {"words": words}
        lines.append(gettext("%(name)s: %(words)s") % {"name": _name(reply, own_id), "words": words})
    return Cell(text=lines[0] if lines else "", more=tuple(lines[1:]))
