"""What others read: nothing while a review is sealed."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery

from accounts.models import Organisation
from evaluations.models import Review
from evaluations.models.answer import Answer, HelpAnswer, Overall
from evaluations.scoring import Mark, ReviewMarks
from evaluations.scoring import Organisation as ScoredOrganisation
from evaluations.sealing.choices import AGAIN, HELPED
from evaluations.sealing.sent import with_side
from partnerships.models import Participation, Project


@dataclass(frozen=True)
class OverallAnswer:
    """The closing page of a review that is no longer sealed."""

    again: str
    keep: str
    change: str

    @property
    def again_label(self) -> str:
        return AGAIN(self.again).label if self.again else ""


@dataclass(frozen=True)
class Helped:
    """What one organisation said about one thing that was brought along: maybe nothing.

    Arguments:
        question: the id of the `HelpQuestion`, `text` what it was about.
    """

    question: int
    text: str
    answer: str = ""
    comment: str = ""

    @property
    def label(self) -> str:
        return HELPED(self.answer).label if self.answer else ""


@dataclass(frozen=True)
class OpenedReview:
    """What one organisation sent, readable: marks by question id, and what it says about what was brought along."""

    organisation: Organisation
    side: str
    marks: Mapping[int, Mark]
    overall: OverallAnswer
    helped: tuple[Helped, ...]
    after_seeing: bool

    @property
    def scored(self) -> ReviewMarks:
        """The same for `evaluations.scoring.compare`; keys are ids of organisation and question."""
        return ReviewMarks(
            ScoredOrganisation(
                self.organisation.pk, self.organisation.name, self.side, self.organisation.initials
            ),
            self.marks,
        )


@dataclass(frozen=True)
class Opened:
    """All reviews of a project, opened together."""

    at: dt.datetime
    reviews: tuple[OpenedReview, ...]

    def of(self, organisation: Organisation) -> OpenedReview | None:
        return next((review for review in self.reviews if review.organisation == organisation), None)


def opened(project: Project) -> Opened | None:
    """What every organisation sent; None while the reviews are sealed. For partners on the project only."""
    reviews = list(with_side(Review.objects.filter(project=project, opened_at__isnull=False)))
    if not reviews:
        return None
    return Opened(reviews[0].opened_at, _read(reviews))


def readable_by(project: Project, organisation: Organisation) -> tuple[OpenedReview, ...]:
    """The reviews that people of this partner may read now: all once opened, before that those that were shared.

    Their own sealed review is not among them: see `own_draft`. Agencies and strangers read none.
    """
    partner = Participation.objects.partners().filter(project=project, organisation=organisation)
    if not partner.exists():
        return ()
    together = opened(project)
    if together is not None:
        return together.reviews
    return _read(list(with_side(Review.objects.filter(project=project, shared_at__isnull=False))))


def _read(reviews: list[Review]) -> tuple[OpenedReview, ...]:
    marks: dict[int, dict[int, Mark]] = {review.pk: {} for review in reviews}
    for row in Answer.objects.filter(review__in=marks):
        if row.outside or row.level:
            marks[row.review_id][row.question_id] = Mark(row.outside or row.level, row.comment)
    overalls = {
        row.review_id: OverallAnswer(row.again, row.keep, row.change)
        for row in Overall.objects.filter(review__in=marks)
    }
    # Everything that was asked with each review, answered or not, in one query.
    said = HelpAnswer.objects.filter(
        review=OuterRef("pk"), question=OuterRef("project__help_questions")
    ).order_by()
    helped: dict[int, list[Helped]] = {review.pk: [] for review in reviews}
    for review, *row in (
        Review.objects.filter(pk__in=helped, project__help_questions__isnull=False)
        .annotate(said=Subquery(said.values("helped")[:1]), why=Subquery(said.values("comment")[:1]))
        .order_by("project__help_questions__position")
        .values_list("pk", "project__help_questions", "project__help_questions__text", "said", "why")
    ):
        question, text, answer, comment = row
        helped[review].append(Helped(question, text, answer or "", comment or ""))
    return tuple(
        OpenedReview(
            organisation=review.organisation,
            side=review.side,
            marks=marks[review.pk],
            overall=overalls.get(review.pk, OverallAnswer("", "", "")),
            helped=tuple(helped[review.pk]),
            after_seeing=review.answered_after_seeing,
        )
        for review in reviews
    )


@dataclass(frozen=True)
class HelpedThere:
    """What one organisation said in a later project about something that was learned or promised in an earlier one."""

    project: Project
    organisation: Organisation
    label: str
    comment: str


def helped_later(
    *, promises: Iterable[int] = (), parts: Iterable[int] = (), projects: Iterable | QuerySet
) -> dict[tuple[str, int], list[HelpedThere]]:
    """What was said in opened reviews of later projects about promises and learnings, by ("promise" or "part", id).

    Arguments:
        promises, parts: ids of promises, and of parts of conclusions.
        projects: those whose results the reader may read. The caller knows who is looking.
    """
    about = Q(question__promise__in=list(promises)) | Q(question__part__in=list(parts))
    rows = (
        HelpAnswer.objects.filter(about, review__opened_at__isnull=False, review__project__in=projects)
        .exclude(helped="", comment="")
        .select_related("question", "review__project", "review__organisation")
        .order_by("review__opened_at", "review__project", "review")
    )
    found: dict[tuple[str, int], list[HelpedThere]] = {}
    for row in rows:
        asked, review = row.question, row.review
        key = ("promise", asked.promise_id) if asked.promise_id else ("part", asked.part_id)
        said = HelpedThere(review.project, review.organisation, row.get_helped_display(), row.comment)
        found.setdefault(key, []).append(said)
    return found
