"""Values of an organisation and of a side, the gap between two, and the words for both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .marks import DONT_KNOW, LEVEL_WORDS, NOT_IN_PROJECT, Levels, Mark, Organisation

ENOUGH, OF = 2, 3  # answered questions, before a mean stands for a principle; the same share of more or fewer
LITTLE_FROM = Fraction(3, 5)  # "0.6"; as a fraction, because 0.6 as a float is a little less
FAR_FROM = Fraction(4, 3)
NEAR_A_LEVEL = Fraction(17, 100)

ALIKE, LITTLE, FAR, NOT_COMPARED = "alike", "little", "far", "not_compared"
VALUE, TOO_FEW, NO_ANSWER = "value", "too_few", "no_answer"  # standings, with DONT_KNOW and NOT_IN_PROJECT


@dataclass(frozen=True)
class Tally:
    """One organisation's marks on one principle, as whole numbers, so that it can be stored and stay exact.

    `total` is the sum of the `answered` levels; `missing` counts questions without any mark.
    """

    total: int
    answered: int
    dont_know: int
    not_here: int
    missing: int = 0

    @property
    def marks(self) -> int:
        return self.answered + self.dont_know + self.not_here

    @property
    def questions(self) -> int:
        return self.marks + self.missing

    @property
    def mean(self) -> Fraction | None:
        """The mean of what was answered. What is outside the scale never moves it."""
        return Fraction(self.total, self.answered) if self.answered else None

    @cached_property
    def value(self) -> Fraction | None:
        """The mean, where enough was answered to speak for the principle (2 of 3)."""
        return self.mean if OF * self.answered >= ENOUGH * self.questions else None

    @property
    def standing(self) -> str:
        """VALUE, or why there is none: DONT_KNOW, NOT_IN_PROJECT (every mark says so), NO_ANSWER, TOO_FEW."""
        return VALUE if self.value is not None else _why_no_value([self])


def principle_value(marks: Iterable[Mark], questions: int | None = None) -> Tally:
    """Count one organisation's marks on one principle, or on one question.

    `questions` is how many were asked; without it, as many as there are marks.
    """
    marks = list(marks)
    levels = [mark.level for mark in marks if mark.level is not None]
    return Tally(
        total=sum(levels),
        answered=len(levels),
        dont_know=sum(mark.answer == DONT_KNOW for mark in marks),
        not_here=sum(mark.answer == NOT_IN_PROJECT for mark in marks),
        missing=0 if questions is None else questions - len(marks),
    )


@dataclass(frozen=True)
class OrganisationValue:
    organisation: Organisation
    tally: Tally
    mark: Mark | None = None


@dataclass(frozen=True)
class SideValue:
    """A side: the mean of its organisations, each of which keeps its own mark."""

    side: str
    organisations: tuple[OrganisationValue, ...]

    @cached_property
    def value(self) -> Fraction | None:
        values = [one.tally.value for one in self.organisations if one.tally.value is not None]
        return sum(values, Fraction(0)) / len(values) if values else None

    @cached_property
    def standing(self) -> str:
        return VALUE if self.value is not None else _why_no_value([one.tally for one in self.organisations])

    @cached_property
    def dont_know(self) -> int:
        return sum(one.tally.dont_know for one in self.organisations)

    @cached_property
    def not_here(self) -> int:
        return sum(one.tally.not_here for one in self.organisations)

    @cached_property
    def does_not_know(self) -> bool:
        """Somebody on this side said "I don't know", and nobody chose a level."""
        return self.dont_know > 0 and not any(one.tally.answered for one in self.organisations)


def side_value(side: str, organisations: Iterable[OrganisationValue]) -> SideValue:
    """Put a side together, in the order of names, so that the order of arrival never shows."""
    return SideValue(side, tuple(sorted(organisations, key=lambda one: name_order(one.organisation))))


def name_order(organisation: Organisation) -> tuple[str, str]:
    return organisation.name.casefold(), str(organisation.key)


def _why_no_value(tallies: Iterable[Tally]) -> str:
    tallies = list(tallies)
    marks = sum(tally.marks for tally in tallies)
    if not marks:
        return NO_ANSWER
    if marks == sum(tally.dont_know for tally in tallies):
        return DONT_KNOW
    if marks == sum(tally.not_here for tally in tallies):
        return NOT_IN_PROJECT
    return TOO_FEW


def gap(first: Fraction | None, second: Fraction | None) -> Fraction | None:
    """How far apart two values are. Rule 6: absolute, and on exact fractions."""
    return None if first is None or second is None else abs(first - second)


GAP_WORDS = {
    ALIKE: _("See it alike"),
    LITTLE: _("A little apart"),
    FAR: _("Far apart"),
    NOT_COMPARED: _("Nothing to compare"),
}


@dataclass(frozen=True)
class GapWord:
    code: str
    steps: int | None = None

    def __str__(self) -> str:
        if self.code == FAR and self.steps is not None:
            return ngettext("Far apart, %(steps)d step", "Far apart, %(steps)d steps", self.steps) % {
                "steps": self.steps
            }
        return str(GAP_WORDS[self.code])


def gap_word(gap: Fraction | None, *, question: bool = False) -> GapWord:
    """The word for a gap; the limits are the same for principles and questions.

    Between two single answers there are whole steps only, and "far apart" says how many. Between the means of several
    organisations there may be a fraction of a step: then the word stands alone.
    """
    if gap is None:
        return GapWord(NOT_COMPARED)
    if gap < LITTLE_FROM:
        return GapWord(ALIKE)
    if gap < FAR_FROM:
        return GapWord(LITTLE)
    return GapWord(FAR, steps=int(gap) if question and gap.denominator == 1 else None)


def value_word(value: Fraction, levels: Levels = LEVEL_WORDS) -> str | Promise:
    """A value in words: its level, or the two levels it lies between. Never a decimal."""
    nearest = rounded_level(value)
    if abs(value - nearest) <= NEAR_A_LEVEL:
        return levels[nearest - 1]
    below = int(value)
    return format_lazy(_("between {lower} and {upper}"), lower=levels[below - 1], upper=levels[below])


def rounded_level(value: Fraction) -> int:
    """The nearest level. Halfway between two, the lower one: rule 7 leans towards the worse experience."""
    return ceil(value - Fraction(1, 2))


def shade_level(first: Fraction | None, second: Fraction | None) -> int | None:
    """Where one number must stand for both sides, the lower one (rule 7). None when neither side has a value."""
    known = [value for value in (first, second) if value is not None]
    return rounded_level(min(known)) if known else None
