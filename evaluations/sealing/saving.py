"""Writing a review, while that is allowed."""

import datetime as dt
from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from evaluations.models import HelpQuestion, Review
from evaluations.models.answer import Answer, HelpAnswer, Overall
from evaluations.scoring import Mark
from evaluations.sealing.choices import AGAIN, HELPED
from evaluations.sealing.drafts import Draft, OverallDraft, draft_of, overall_draft_of
from evaluations.sealing.entries import (
    EditConflict,
    Entry,
    OverallEntry,
    Saved,
    is_a_change,
    same_page,
    sorted_out,
)
from partnerships.models import Project
from principles.models import Question


class Locked(Exception):
    """The review can't be changed now: it is sent, shared, opened or excused, or the project has moved on."""


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
    changes, conflicts = sorted_out(entries, rows, page)
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
    changes, conflicts = sorted_out(entries, rows, page)
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


def _written(model, written, fields, rows, conflicts) -> Saved:
    # One statement for new and changed ones: autosave comes often.
    model.objects.bulk_create(
        written,
        update_conflicts=True,
        unique_fields=["review", "question"],
        update_fields=[*fields, "comment", "revision", "saved_by", "saved_at", "page"],
    )
    rows |= {row.question_id: row for row in written}
    return Saved({question: draft_of(row) for question, row in rows.items()}, tuple(conflicts))


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
    stored = overall_draft_of(row) if row else OverallDraft()
    if not is_a_change(entry, stored):
        return stored
    if row is None:
        row = Overall(review=review, revision=0)
    elif entry.revision != row.revision and not same_page(row.page, page):
        if same_page(page, row.page):
            return stored
        raise EditConflict(stored, entry)
    row.again, row.keep, row.change = entry.content
    row.revision += 1
    row.saved_by, row.saved_at, row.page = actor, at, page
    row.save()
    return overall_draft_of(row)


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
