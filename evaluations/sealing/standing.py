"""How far a review is, which its own organisation alone may know."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef

from accounts.models import Organisation
from evaluations.models import HelpQuestion, Review
from evaluations.models.answer import Answer
from evaluations.sealing.drafts import Draft, OverallDraft, own_draft
from evaluations.sealing.sent import with_side
from partnerships.models import Project
from principles.models import Principle, Question


def missing(review: Review) -> list[Question]:
    """Questions without an answer, in the order in which they are asked."""
    given = Answer.objects.filter(review=review).exclude(level=None, outside="").values("question")
    asked = Question.objects.filter(principle__principle_set__projects=review.project_id)
    return list(asked.exclude(pk__in=given).select_related("principle"))


@dataclass(frozen=True)
class PrincipleProgress:
    principle: Principle
    answered: int
    asked: int
    started: bool

    @property
    def done(self) -> bool:
        return self.answered == self.asked


@dataclass(frozen=True)
class Progress:
    """How far the own review is. Nobody outside the organisation may learn it."""

    principles: tuple[PrincipleProgress, ...]
    overall: OverallDraft
    # What was said of what was brought along, and of how many things it is asked. Nobody has to answer these.
    helped: tuple[Draft, ...] = ()
    help_asked: int = 0

    @property
    def done(self) -> int:
        return sum(principle.done for principle in self.principles)

    @property
    def started(self) -> bool:
        return (
            any(principle.started for principle in self.principles)
            or self.overall.revision > 0
            or self.help_started
        )

    @property
    def help_started(self) -> bool:
        return any(draft.revision for draft in self.helped)

    @property
    def help_done(self) -> bool:
        return sum(draft.given for draft in self.helped) == self.help_asked

    @property
    def complete(self) -> bool:
        return all(principle.done for principle in self.principles) and self.overall.given

    @property
    def next_principle(self) -> Principle | None:
        """The first principle with a question that is not answered."""
        return next((p.principle for p in self.principles if not p.done), None)


def progress(review: Review) -> Progress:
    """How many questions of each principle are answered, the closing page, and whether what was brought along helped."""
    own = own_draft(review)
    principles = Principle.objects.filter(principle_set__projects=review.project_id)
    rows = []
    for principle in principles.prefetch_related("questions"):
        drafts = [own.answers.get(q.pk, Draft(q.pk)) for q in principle.questions.all()]
        rows.append(
            PrincipleProgress(
                principle, sum(d.given for d in drafts), len(drafts), any(d.revision for d in drafts)
            )
        )
    asked = HelpQuestion.objects.filter(project=review.project_id).count()
    return Progress(tuple(rows), own.overall, tuple(own.helped.values()), asked)


@dataclass(frozen=True)
class Standing:
    """Where an organisation stands with its review of one project: own progress, and who else has sent.

    Arguments:
        done, total: principles answered, of how many.
        sent_by_others: in the order of sides, never of sending.
        others_missing: somebody besides this organisation has not sent yet.
    """

    done: int
    total: int
    sent_by_others: tuple[Organisation, ...]
    others_missing: bool


def progress_by_project(pairs: Iterable[tuple[int, int]]) -> dict[int, Standing]:
    """The standing on many projects at once, in two queries. For people who act for these organisations only.

    Arguments:
        pairs: ids of a project and of the organisation for which the reader acts on it.
    """
    acting = dict(pairs)
    reviews: dict[int, list[Review]] = {project: [] for project in acting}
    for review in with_side(Review.objects.filter(project__in=acting)):
        reviews[review.project_id].append(review)
    own = {
        project: review
        for project, rows in reviews.items()
        for review in rows
        if review.organisation_id == acting[project]
    }
    # Questions of each principle, and those answered. What others answered is never looked at.
    question = "principle_set__principles__questions"
    given = (
        Answer.objects.filter(question=OuterRef(question), review__project=OuterRef("pk"))
        .filter(review__in=[review.pk for review in own.values()])
        .exclude(level=None, outside="")
    )
    counts: dict[int, list[tuple[int, int]]] = {project: [] for project in own}
    for project, *count in (
        Project.objects.filter(pk__in=own)
        .values("pk", "principle_set__principles")
        .annotate(asked=Count(question), given=Count(question, filter=Exists(given)))
        .order_by()
        .values_list("pk", "asked", "given")
    ):
        counts[project].append(tuple(count))
    return {
        project: Standing(
            done=sum(given == asked for asked, given in counts[project]),
            total=len(counts[project]),
            sent_by_others=tuple(
                other.organisation for other in reviews[project] if other != review and other.sent_at
            ),
            others_missing=any(
                other != review and not other.sent_at and not other.excused_at for other in reviews[project]
            ),
        )
        for project, review in own.items()
    }
