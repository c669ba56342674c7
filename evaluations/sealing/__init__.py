"""The seal: the only door to what reviews say.

Nothing here asks who is looking: views come through `partnerships.access` and `Review.objects.visible_to` first.
What everybody on a project may know before opening is `statuses`; what its own organisation may read is `own_draft`;
what others may read is `opened` and `readable_by`, and both are empty while a review is sealed.
Rules: docs/product.md "Reviews"; docs/rules.md 2, 10, 12 and 16.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Person
from evaluations.models import HelpQuestion, PrincipleValue, Review
from evaluations.models.answer import Answer, HelpAnswer, Overall
from evaluations.scoring import Mark, ReviewMarks, principle_value
from evaluations.scoring import Organisation as ScoredOrganisation
from partnerships.models import Participation, Project
from principles.models import Principle, Question

AGAIN = Overall.Again
OUTSIDE = Answer.Outside
HELPED = HelpAnswer.Helped


class Locked(Exception):
    """The review can't be changed now: it is sent, shared, opened or excused, or the project has moved on."""


class StillMissing(Exception):
    """Not every organisation has sent its review, so none opens."""


# What everybody on the project may know -------------------------------------------------------------


@dataclass(frozen=True)
class SendStatus:
    """All that anybody outside its organisation learns of a sealed review."""

    organisation: Organisation
    side: str
    sent: bool
    excused: bool
    shared: bool
    after_seeing: bool

    @property
    def missing(self) -> bool:
        return not self.sent and not self.excused


def statuses(project: Project) -> list[SendStatus]:
    """Who has sent, one row for each organisation that must. In the order of sides, never of sending."""
    return [_status(review) for review in _in_order(project)]


def statuses_by_project(projects: Collection[Project]) -> dict[int, list[SendStatus]]:
    """Who has sent on many projects at once, by the project's key. One query, none for no project."""
    found: dict[int, list[SendStatus]] = {project.pk: [] for project in projects}
    if found:
        for review in _with_side(Review.objects.filter(project__in=found)):
            found[review.project_id].append(_status(review))
    return found


def _status(review):
    return SendStatus(
        organisation=review.organisation,
        side=review.side,
        sent=review.sent_at is not None,
        excused=review.excused_at is not None,
        shared=review.shared_at is not None,
        after_seeing=review.sent_at is not None and review.answered_after_seeing,
    )


def _in_order(project):
    reviews = Review.objects.filter(project=project)
    if not hasattr(project, "everybody"):
        return _with_side(reviews)
    # Who takes part came with the project.
    places = {row.organisation_id: row for row in project.everybody}
    rows = list(reviews.order_by("pk"))
    for review in rows:
        place = places[review.organisation_id]
        review.organisation, review.side = place.organisation, place.side
    return sorted(rows, key=lambda review: review.side, reverse=True)


def _with_side(reviews):
    taking_part = Participation.objects.filter(
        project=OuterRef("project"), organisation=OuterRef("organisation")
    )
    return (
        reviews.select_related("organisation")
        .annotate(side=Subquery(taking_part.values("side")[:1]))
        .order_by("-side", "pk")
    )


# What the own organisation reads and writes ----------------------------------------------------------


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
    return {row.question_id: _draft(row) for row in rows}


def own_overall(review: Review) -> OverallDraft:
    """The organisation's own closing page."""
    row = Overall.objects.filter(review=review).select_related("saved_by").first()
    return _overall_draft(row) if row else OverallDraft()


def own_helped(review: Review) -> dict[int, Draft]:
    """What the organisation said about what was brought along, by the id of the `HelpQuestion`."""
    rows = HelpAnswer.objects.filter(review=review).select_related("saved_by")
    return {row.question_id: _draft(row) for row in rows}


def own_draft(review: Review) -> OwnReview:
    """Everything the organisation wrote. For people who act for it only."""
    return OwnReview(own_answers(review), own_overall(review), own_helped(review))


def _draft(row: Answer | HelpAnswer) -> Draft:
    return Draft(row.question_id, row.answer, row.comment, row.revision, row.saved_by, row.saved_at)


def _overall_draft(row: Overall) -> OverallDraft:
    return OverallDraft(row.again, row.keep, row.change, row.revision, row.saved_by, row.saved_at)


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
    for review in _with_side(Review.objects.filter(project__in=acting)):
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


@dataclass(frozen=True)
class Entry:
    """An answer as it was typed.

    Arguments:
        revision: the revision that the person had read; 0 when there was none.
        read: `digest` of what they had read. With it, a field they left alone never counts as their change.
    """

    question: int
    answer: int | str | None = None
    comment: str = ""
    revision: int = 0
    read: str = ""

    @property
    def content(self) -> tuple:
        return (self.answer, self.comment)


@dataclass(frozen=True)
class OverallEntry:
    """The closing page as it was typed. See `Entry`."""

    again: str = ""
    keep: str = ""
    change: str = ""
    revision: int = 0
    read: str = ""

    @property
    def content(self) -> tuple:
        return (self.again, self.keep, self.change)


class EditConflict(Exception):
    """A colleague has changed this since it was read. Carries both texts, so that a person can choose."""

    message = _("Your colleague changed this. Your text is below. Choose what to keep.")

    def __init__(self, theirs: Draft | OverallDraft, mine: Entry | OverallEntry):
        super().__init__(self.message)
        self.theirs = theirs
        self.mine = mine


@dataclass(frozen=True)
class Saved:
    """What stands in the review after saving, and what could not be saved because a colleague changed it."""

    answers: Mapping[int, Draft]
    conflicts: tuple[EditConflict, ...] = field(default=())


def save_answer(
    review: Review,
    question: Question,
    answer: int | str | None,
    comment: str = "",
    *,
    revision: int,
    actor: Person,
    at: dt.datetime,
) -> Draft:
    """Keep one answer.

    Arguments:
        answer: 1 to 4, "dont_know", "not_here", or None for a comment alone.
        revision: the revision that was read; 0 when there was none.

    Raises:
        EditConflict: somebody saved another answer since.
        Locked: the review can't be changed now.
        ValueError: no such answer, or the question belongs to another edition.
    """
    entry = Entry(question.pk, answer, comment, revision)
    saved = save_answers(review, [entry], actor=actor, at=at)
    if saved.conflicts:
        raise saved.conflicts[0]
    return saved.answers.get(question.pk, Draft(question.pk))


@transaction.atomic
def save_answers(
    review: Review, entries: Iterable[Entry], *, actor: Person, at: dt.datetime, page: str = ""
) -> Saved:
    """Keep several answers of one page at once. What a colleague changed meanwhile comes back as a conflict.

    Arguments:
        page: names the page that was open and counts its saves, such as "k3f9wq2h.7". A page never conflicts with
            what it saved itself, also when the word that it was saved got lost; what arrives late is passed over.

    Raises:
        Locked, ValueError: see `save_answer`.
    """
    entries = list(entries)
    wanted = {entry.question for entry in entries}
    for entry in entries:
        if entry.answer is not None:
            Mark(entry.answer)  # raises ValueError for what is no answer
    review = _lock_for_writing(review, questions=wanted)
    rows = {
        row.question_id: row
        for row in Answer.objects.filter(review=review, question__in=wanted).select_related("saved_by")
    }
    changes, conflicts = _sorted_out(entries, rows, page)
    written = [
        Answer(
            review=review,
            question_id=entry.question,
            level=entry.answer if isinstance(entry.answer, int) else None,
            outside=entry.answer if isinstance(entry.answer, str) else "",
            comment=entry.comment,
            revision=revision,
            saved_by=actor,
            saved_at=at,
            page=page,
        )
        for entry, revision in changes
    ]
    return _written(Answer, written, ["level", "outside"], rows, conflicts)


@transaction.atomic
def save_helped(
    review: Review, entries: Iterable[Entry], *, actor: Person, at: dt.datetime, page: str = ""
) -> Saved:
    """Keep what is said about what was brought along: `Entry.question` is the id of a `HelpQuestion`.

    Arguments:
        entries: each with one of `HELPED`, or None for a comment alone.
        page: see `save_answers`.

    Raises:
        Locked: the review can't be changed now.
        ValueError: no such answer, or this is not asked in this project.
    """
    entries = list(entries)
    wanted = {entry.question for entry in entries}
    if any(entry.answer is not None and entry.answer not in HELPED.values for entry in entries):
        raise ValueError("Not an answer to whether something helped.")
    review = _lock_for_writing(review)
    if HelpQuestion.objects.filter(project=review.project_id, pk__in=wanted).count() != len(wanted):
        raise ValueError("This is not asked in this project.")
    rows = {
        row.question_id: row
        for row in HelpAnswer.objects.filter(review=review, question__in=wanted).select_related("saved_by")
    }
    changes, conflicts = _sorted_out(entries, rows, page)
    written = [
        HelpAnswer(
            review=review,
            question_id=entry.question,
            helped=entry.answer or "",
            comment=entry.comment,
            revision=revision,
            saved_by=actor,
            saved_at=at,
            page=page,
        )
        for entry, revision in changes
    ]
    return _written(HelpAnswer, written, ["helped"], rows, conflicts)


def _sorted_out(entries, rows, page):
    """Entries that change something, each with its new revision; and the conflicts with what a colleague saved."""
    changes, conflicts = [], []
    for entry in entries:
        row = rows.get(entry.question)
        stored = _draft(row) if row else Draft(entry.question)
        if not _is_a_change(entry, stored):
            continue
        if row is not None and entry.revision != row.revision and not _same_page(row.page, page):
            if not _same_page(page, row.page):
                conflicts.append(EditConflict(stored, entry))
            continue
        changes.append((entry, stored.revision + 1))
    return changes, conflicts


def _written(model, written, fields, rows, conflicts) -> Saved:
    # One statement for new and changed ones: autosave comes often.
    model.objects.bulk_create(
        written,
        update_conflicts=True,
        unique_fields=["review", "question"],
        update_fields=[*fields, "comment", "revision", "saved_by", "saved_at", "page"],
    )
    rows |= {row.question_id: row for row in written}
    return Saved({question: _draft(row) for question, row in rows.items()}, tuple(conflicts))


@transaction.atomic
def save_overall(
    review: Review, entry: OverallEntry, *, actor: Person, at: dt.datetime, page: str = ""
) -> OverallDraft:
    """Keep the closing page.

    Raises:
        EditConflict: a colleague changed it since it was read.
        Locked: the review can't be changed now.
        ValueError: no such answer.
    """
    if entry.again and entry.again not in AGAIN.values:
        raise ValueError(f"Not an answer: {entry.again!r}")
    review = _lock_for_writing(review)
    row = Overall.objects.filter(review=review).select_related("saved_by").first()
    stored = _overall_draft(row) if row else OverallDraft()
    if not _is_a_change(entry, stored):
        return stored
    if row is None:
        row = Overall(review=review, revision=0)
    elif entry.revision != row.revision and not _same_page(row.page, page):
        if _same_page(page, row.page):
            return stored
        raise EditConflict(stored, entry)
    row.again, row.keep, row.change = entry.content
    row.revision += 1
    row.saved_by, row.saved_at, row.page = actor, at, page
    row.save()
    return _overall_draft(row)


def _is_a_change(entry, stored) -> bool:
    untouched = entry.read == digest_of(*entry.content)
    return entry.content != stored.content and not untouched


def _same_page(earlier: str, later: str) -> bool:
    """Whether both were saved by the same open page, in this order."""
    name, _dot, first = earlier.rpartition(".")
    other, _dot, second = later.rpartition(".")
    return bool(name) and name == other and int(first) <= int(second)


def _lock_for_writing(review: Review, *, questions: Collection[int] = ()) -> Review:
    """The row as it stands now, locked, so that nothing is written while it is being sent.

    Raises:
        Locked: the review can't be changed now.
        ValueError: a question belongs to another edition of the principles than the project.
    """
    asked = Question.objects.filter(
        pk__in=questions, principle__principle_set=OuterRef("project__principle_set")
    )
    counted = asked.order_by().values("principle__principle_set").annotate(count=Count("pk"))
    review = (
        Review.objects.select_for_update(of=("self",))
        .select_related("project")
        .annotate(asked=Subquery(counted.values("count")))
        .get(pk=review.pk)
    )
    if not is_writable(review):
        raise Locked(_("This review can’t be changed now."))
    if (review.asked or 0) != len(questions):
        raise ValueError("A question of another edition of the principles.")
    return review


def is_writable(review: Review) -> bool:
    """Whether answers of this review can be changed: it is not sent, and its project is in Review."""
    return (
        review.sent_at is None
        and review.opened_at is None
        and review.excused_at is None
        and review.project.stage == Project.Stage.REVIEW
    )


# What others read ---------------------------------------------------------------------------------------


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
    reviews = list(_with_side(Review.objects.filter(project=project, opened_at__isnull=False)))
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
    return _read(list(_with_side(Review.objects.filter(project=project, shared_at__isnull=False))))


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


def open_all(project: Project, *, at: dt.datetime) -> list[Review]:
    """Open every review that was sent and keep its values per principle. The caller has locked the project's row.

    Raises:
        StillMissing: an organisation that must send has not, so nothing opens.
    """
    reviews = list(Review.objects.select_for_update().filter(project=project, opened_at=None).order_by("pk"))
    if not reviews or any(review.sent_at is None and review.excused_at is None for review in reviews):
        raise StillMissing
    sent = [review for review in reviews if review.sent_at is not None]
    marks: dict[int, dict[int, Mark]] = {review.pk: {} for review in sent}
    for row in Answer.objects.filter(review__in=marks).exclude(level=None, outside=""):
        marks[row.review_id][row.question_id] = Mark(row.outside or row.level)
    values = []
    for principle in Principle.objects.filter(principle_set__projects=project).prefetch_related("questions"):
        asked = [question.pk for question in principle.questions.all()]
        for review in sent:
            given = [marks[review.pk][pk] for pk in asked if pk in marks[review.pk]]
            tally = principle_value(given, len(asked))
            values.append(
                PrincipleValue(
                    review=review,
                    principle=principle,
                    total=tally.total,
                    answered=tally.answered,
                    dont_know=tally.dont_know,
                    not_here=tally.not_here,
                )
            )
    PrincipleValue.objects.bulk_create(values)
    Review.objects.filter(pk__in=marks).update(opened_at=at)
    return sent
