"""Everything the results page says, from the marks of all organisations."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property

from .findings import Drafts, Headline, conclusion_drafts, headline
from .marks import COMPANY, GROUP, LEVEL_WORDS, SIDES, Levels, Organisation, Principle, Question, ReviewMarks
from .results import PrincipleResult, QuestionResult, neither_knew, one_side_knew, talk_first
from .values import OrganisationValue, SideValue, name_order, principle_value, side_value


@dataclass(frozen=True)
class Comparison:
    """Everything the results page says, from the marks of all organisations."""

    principles: tuple[PrincipleResult, ...]
    organisations: tuple[Organisation, ...]
    levels: Levels = LEVEL_WORDS

    def side(self, side: str) -> tuple[Organisation, ...]:
        return self._sides[side]

    @cached_property
    def _sides(self) -> dict[str, tuple[Organisation, ...]]:
        return {side: tuple(one for one in self.organisations if one.side == side) for side in SIDES}

    def principle(self, key: Hashable) -> PrincipleResult:
        """Raises KeyError when the set has no such principle."""
        return {result.principle.key: result for result in self.principles}[key]

    @cached_property
    def headline(self) -> Headline:
        return headline(self.principles)

    @cached_property
    def talk_first(self) -> PrincipleResult | None:
        return talk_first(self.principles)

    @cached_property
    def not_compared(self) -> tuple[PrincipleResult, ...]:
        return tuple(result for result in self.principles if result.gap is None)

    @property
    def questions(self) -> tuple[QuestionResult, ...]:
        return tuple(question for result in self.principles for question in result.questions)

    @property
    def neither_knew(self) -> tuple[QuestionResult, ...]:
        return neither_knew(self.questions)

    @property
    def one_side_knew(self) -> tuple[tuple[QuestionResult, str], ...]:
        return one_side_knew(self.questions)

    @property
    def drafts(self) -> Drafts:
        return conclusion_drafts(self.principles)


def compare(
    principles: Iterable[Principle], reviews: Iterable[ReviewMarks], levels: Levels = LEVEL_WORDS
) -> Comparison:
    """Compare what the sides answered, principle by principle and question by question.

    Give only reviews that the reader may see: this function knows nothing of the seal.
    """
    reviews = list(reviews)

    def on_question(side: str, question: Question) -> SideValue:
        return side_value(side, [_on_question(review, question) for review in reviews if review.side == side])

    def on_principle(side: str, principle: Principle) -> SideValue:
        return side_value(
            side, [_on_principle(review, principle) for review in reviews if review.side == side]
        )

    return Comparison(
        principles=tuple(
            PrincipleResult(
                on_principle(GROUP, principle),
                on_principle(COMPANY, principle),
                principle,
                tuple(
                    QuestionResult(on_question(GROUP, question), on_question(COMPANY, question), question)
                    for question in principle.questions
                ),
            )
            for principle in principles
        ),
        organisations=tuple(sorted((review.organisation for review in reviews), key=name_order)),
        levels=tuple(levels),
    )


def _on_question(review: ReviewMarks, question: Question) -> OrganisationValue:
    mark = review.marks.get(question.key)
    return OrganisationValue(review.organisation, principle_value([mark] if mark else [], 1), mark)


def _on_principle(review: ReviewMarks, principle: Principle) -> OrganisationValue:
    given = [review.marks[question.key] for question in principle.questions if question.key in review.marks]
    return OrganisationValue(review.organisation, principle_value(given, len(principle.questions)))
