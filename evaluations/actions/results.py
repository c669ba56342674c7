"""Reading opened reviews side by side, and the one reply that each organisation may add to a question."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Person
from evaluations import scoring, sealing
from evaluations.models import Reply
from partnerships.actions.people import acting_organisation
from partnerships.models import Project
from principles.models import Principle, Question


class NotOpened(Exception):
    """The reviews are still sealed."""


class AlreadyReplied(Exception):
    """This organisation has replied to this question, and a reply can't be changed."""


@dataclass(frozen=True)
class Results:
    """The opened reviews of a project, with the principles they were answered on, side by side."""

    opened: sealing.Opened
    principles: Mapping[int, Principle]
    questions: Mapping[int, Question]
    comparison: scoring.Comparison

    def review_of(self, key: int) -> sealing.OpenedReview:
        """What the organisation with this id sent."""
        return next(review for review in self.opened.reviews if review.organisation.pk == key)


def results_of(project: Project, *, levels: bool = False) -> Results | None:
    """Compare what every organisation sent; None while the reviews are sealed. For partners on the project only.

    Arguments:
        levels: load the full text of every level too.
    """
    opened = sealing.opened(project)
    if opened is None:
        return None
    principles = Principle.objects.filter(principle_set=project.principle_set_id).prefetch_related(
        "questions__levels" if levels else "questions"
    )
    rows = {principle.pk: principle for principle in principles}
    questions = {question.pk: question for row in rows.values() for question in row.questions.all()}
    comparison = scoring.compare(
        [_scored(principle) for principle in rows.values()], [review.scored for review in opened.reviews]
    )
    return Results(opened, rows, questions, comparison)


def _scored(principle: Principle) -> scoring.Principle:
    return scoring.Principle(
        key=principle.pk,
        number=principle.number,
        name=principle.name,
        questions=tuple(
            scoring.Question(question.pk, question.short) for question in principle.questions.all()
        ),
        opening_question=principle.opening_question,
    )


@transaction.atomic
def reply_to_results(
    project: Project, question: Question, text: str, *, actor: Person, at: dt.datetime
) -> Reply:
    """Say one thing to what the others answered on a question. Once for each organisation; never changed.

    Sending the same words twice is one reply.

    Raises:
        NotOpened: the reviews are still sealed, or will never open.
        AlreadyReplied: this organisation has said something else already.
        ValueError: no words, or the question belongs to another edition.
    """
    project = Project.objects.select_for_update().get(pk=project.pk)
    organisation = acting_organisation(project, actor, at)
    if project.reviews_opened_at is None:
        raise NotOpened(_("You can reply when the reviews have opened."))
    if not text or question.principle.principle_set_id != project.principle_set_id:
        raise ValueError("A reply needs words, and a question of this project.")
    reply = Reply.objects.filter(project=project, question=question, organisation=organisation).first()
    if reply is not None:
        if reply.text == text:
            return reply
        raise AlreadyReplied(_("Your organisation has replied to this already. A reply can’t be changed."))
    reply = Reply.objects.create(
        project=project, question=question, organisation=organisation, text=text, person=actor, made_at=at
    )
    record("results.replied", reply, actor=actor, at=at, project=project, organisation=organisation)
    return reply
