"""What goes in: sides, answers, questions, and what each organisation sent."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

GROUP, COMPANY = SIDES = ("group", "company")

LEVELS = (1, 2, 3, 4)
DONT_KNOW = "dont_know"
NOT_IN_PROJECT = "not_here"  # as stored

LEVEL_WORDS = (
    pgettext_lazy("answer to a review question", "No"),
    pgettext_lazy("answer to a review question", "Partly"),
    pgettext_lazy("answer to a review question", "Mostly"),
    pgettext_lazy("answer to a review question", "Yes"),
)

Levels = Sequence[str | Promise]


@dataclass(frozen=True)
class Mark:
    """One organisation's answer to one question: a level from 1 to 4, or one of the two answers outside the scale.

    Raises ValueError for anything else. The comment is carried along untouched.
    """

    answer: int | str
    comment: str = ""

    def __post_init__(self) -> None:
        on_scale = (
            isinstance(self.answer, int) and not isinstance(self.answer, bool) and self.answer in LEVELS
        )
        if not on_scale and self.answer not in (DONT_KNOW, NOT_IN_PROJECT):
            raise ValueError(f"Not an answer: {self.answer!r}")

    @property
    def level(self) -> int | None:
        return self.answer if isinstance(self.answer, int) else None


@dataclass(frozen=True)
class Organisation:
    """An organisation on its side. Raises ValueError for any other side: agencies never review."""

    key: Hashable
    name: str
    side: str
    initials: str = ""

    def __post_init__(self) -> None:
        if self.side not in SIDES:
            raise ValueError(f"Not a side: {self.side!r}")

    @property
    def kind(self) -> str:
        """The shape of its mark goes by the side it sits on."""
        return self.side


@dataclass(frozen=True)
class Question:
    key: Hashable
    short: str


@dataclass(frozen=True)
class Principle:
    key: Hashable
    number: int
    name: str
    questions: tuple[Question, ...]
    opening_question: str = ""


@dataclass(frozen=True)
class ReviewMarks:
    """What one organisation sent. A question without an entry counts as not answered."""

    organisation: Organisation
    marks: Mapping[Hashable, Mark]

    @property
    def side(self) -> str:
        return self.organisation.side
