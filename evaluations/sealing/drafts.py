"""What its own organisation reads of a review, sealed or not."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accounts.models import Person
from evaluations.models import Review
from evaluations.models.answer import Answer, HelpAnswer, Overall
from evaluations.sealing.choices import AGAIN
from principles.models import Question


@dataclass(frozen=True)
class Draft:
    """An answer as its own organisation reads it."""

    question: int
    answer: int | str | None = None
    comment: str = ""
    revision: int = 0
    saved_by: Person | None = None
    saved_at: dt.datetime | None = None

    @property
    def given(self) -> bool:
        return self.answer is not None

    @property
    def content(self) -> tuple:
        return (self.answer, self.comment)

    @property
    def digest(self) -> str:
        return digest_of(*self.content)


@dataclass(frozen=True)
class OverallDraft:
    """The closing page of a review as its own organisation reads it."""

    again: str = ""
    keep: str = ""
    change: str = ""
    revision: int = 0
    saved_by: Person | None = None
    saved_at: dt.datetime | None = None

    @property
    def given(self) -> bool:
        return bool(self.again)

    @property
    def content(self) -> tuple:
        return (self.again, self.keep, self.change)

    @property
    def digest(self) -> str:
        return digest_of(*self.content)

    @property
    def again_label(self) -> str:
        return AGAIN(self.again).label if self.again else ""


@dataclass(frozen=True)
class OwnReview:
    """Everything an organisation wrote: drafts by question id, the closing page, and whether what was brought helped."""

    answers: Mapping[int, Draft]
    overall: OverallDraft
    helped: Mapping[int, Draft]


def digest_of(*content) -> str:
    """A short name for what a form showed, so that it can be told whether the person changed it."""
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


def own_answers(review: Review, questions: Iterable[Question] | None = None) -> dict[int, Draft]:
    """The organisation's own answers, by question id; all of them, or those to these questions."""
    rows = Answer.objects.filter(review=review).select_related("saved_by")
    if questions is not None:
        rows = rows.filter(question__in=[question.pk for question in questions])
    return {row.question_id: draft_of(row) for row in rows}


def own_overall(review: Review) -> OverallDraft:
    """The organisation's own closing page."""
    row = Overall.objects.filter(review=review).select_related("saved_by").first()
    return overall_draft_of(row) if row else OverallDraft()


def own_helped(review: Review) -> dict[int, Draft]:
    """What the organisation said about what was brought along, by the id of the `HelpQuestion`."""
    rows = HelpAnswer.objects.filter(review=review).select_related("saved_by")
    return {row.question_id: draft_of(row) for row in rows}


def own_draft(review: Review) -> OwnReview:
    """Everything the organisation wrote. For people who act for it only."""
    return OwnReview(own_answers(review), own_overall(review), own_helped(review))


def draft_of(row: Answer | HelpAnswer) -> Draft:
    return Draft(row.question_id, row.answer, row.comment, row.revision, row.saved_by, row.saved_at)


def overall_draft_of(row: Overall) -> OverallDraft:
    return OverallDraft(row.again, row.keep, row.change, row.revision, row.saved_by, row.saved_at)
