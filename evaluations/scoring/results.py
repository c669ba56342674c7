"""A principle and a question with both sides on them, and the order to talk about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import ClassVar, TypeVar

from .marks import COMPANY, GROUP, SIDES, Principle, Question
from .values import GapWord, SideValue, gap, gap_word, shade_level


@dataclass(frozen=True)
class Compared:
    group: SideValue
    company: SideValue

    is_question: ClassVar[bool] = False

    def side(self, side: str) -> SideValue:
        return {GROUP: self.group, COMPANY: self.company}[side]

    @cached_property
    def gap(self) -> Fraction | None:
        return gap(self.group.value, self.company.value)

    @cached_property
    def word(self) -> GapWord:
        return gap_word(self.gap, question=self.is_question)

    @cached_property
    def lower(self) -> Fraction | None:
        return min(self.group.value, self.company.value) if self.gap is not None else None

    @cached_property
    def higher(self) -> Fraction | None:
        return max(self.group.value, self.company.value) if self.gap is not None else None

    @property
    def shade(self) -> int | None:
        return shade_level(self.group.value, self.company.value)


@dataclass(frozen=True)
class QuestionResult(Compared):
    question: Question

    is_question: ClassVar[bool] = True

    @property
    def name(self) -> str:
        return self.question.short


@dataclass(frozen=True)
class PrincipleResult(Compared):
    principle: Principle
    questions: tuple[QuestionResult, ...]

    @property
    def name(self) -> str:
        return self.principle.name


Result = TypeVar("Result", bound=Compared)


def by_gap(results: Iterable[Result]) -> list[Result]:
    """What can be compared, widest gap first. Ties: the lower score first, then the order given (docs/rules.md 15)."""
    comparable = [result for result in results if result.gap is not None]
    return sorted(comparable, key=lambda result: (-result.gap, result.lower))


def talk_first(results: Iterable[Result]) -> Result | None:
    """What to talk about first, or None when nothing can be compared."""
    return next(iter(by_gap(results)), None)


def neither_knew(questions: Iterable[QuestionResult]) -> tuple[QuestionResult, ...]:
    """Questions on which, on both sides, somebody said "I don't know" and nobody chose a level."""
    return tuple(q for q in questions if q.group.does_not_know and q.company.does_not_know)


def one_side_knew(questions: Iterable[QuestionResult]) -> tuple[tuple[QuestionResult, str], ...]:
    """Questions that one side answered while the other did not know, each with the side that did not know."""
    return tuple(
        (question, side)
        for question in questions
        for side, other in (SIDES, SIDES[::-1])
        if question.side(side).does_not_know and question.side(other).value is not None
    )
