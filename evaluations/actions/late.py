"""When others don't send: what the senders may choose. Nothing here opens a review that its organisation has not sent,
and nothing happens by itself. Rules: docs/product.md "Reviews" 4; docs/rules.md 9 and 10."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.audit import record, subject_of
from accounts.models import Organisation, Person
from accounts.notices import owe, void
from evaluations import sealing
from evaluations.actions.asking import choose, is_late
from evaluations.actions.reviews import (
    lock,
    open_if_complete,
    own_review,
    tell_the_missing,
)
from evaluations.models import LateChoice, Review
from partnerships.actions.closing import CannotWithdraw
from partnerships.actions.people import everybody_to_tell, whom_to_tell
from partnerships.actions.stages import enter_stage
from partnerships.actions.turns import take_turn
from partnerships.models import Project, Turn

Kind = LateChoice.Kind
Stage = Project.Stage


class CannotChoose(Exception):
    """This choice is not open, or not open to this organisation."""


@dataclass(frozen=True)
class Excuse:
    """An organisation that may be excused, and which senders have said so already."""

    organisation: Organisation
    agreed: tuple[Organisation, ...]
    waiting: tuple[Organisation, ...]


@dataclass(frozen=True)
class Choices:
    """What a sender may choose now. Empty while nobody is late enough.

    Arguments:
        missing: the organisations that have not sent.
        close: all senders stand on one side, so the project can be closed without the other.
        close_agreed, close_waiting: which senders have chosen to close, and which have not.
        needs_result: closing waits for the result for patients.
        share: the own review can be shared with everybody on the project.
        excuses: who can be excused; senders stand on both sides.
    """

    missing: tuple[Organisation, ...] = ()
    close: bool = False
    close_agreed: tuple[Organisation, ...] = ()
    close_waiting: tuple[Organisation, ...] = ()
    needs_result: bool = False
    share: bool = False
    excuses: tuple[Excuse, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.missing)


def choices_of(review: Review, *, at: dt.datetime) -> Choices:
    """What the organisation of this review may choose now."""
    project = review.project
    if project.stage != Stage.REVIEW or review.sent_at is None or not is_late(project, at):
        return Choices()
    statuses = sealing.statuses(project)
    missing = tuple(status.organisation for status in statuses if status.missing)
    senders = [status for status in statuses if status.sent]
    chosen: dict[tuple[str, int | None], set[int]] = {}
    for kind, about, organisation in LateChoice.objects.filter(project=project).values_list(
        "kind", "about", "organisation"
    ):
        chosen.setdefault((kind, about), set()).add(organisation)

    def split(kind, about=None):
        said = chosen.get((kind, about), set())
        return (
            tuple(status.organisation for status in senders if status.organisation.pk in said),
            tuple(status.organisation for status in senders if status.organisation.pk not in said),
        )

    one_sided = len({status.side for status in senders}) == 1
    close_agreed, close_waiting = split(Kind.CLOSE)
    return Choices(
        missing=missing,
        close=one_sided,
        close_agreed=close_agreed,
        close_waiting=close_waiting,
        needs_result=not project.result,
        share=review.shared_at is None,
        excuses=() if one_sided else tuple(Excuse(other, *split(Kind.EXCUSE, other.pk)) for other in missing),
    )


def _choices(review: Review, actor: Person, at: dt.datetime) -> tuple[Project, Review, Choices]:
    project, review = lock(review)
    own_review(review, actor, at)
    choices = choices_of(review, at=at)
    if not choices:
        raise CannotChoose(_("There is nothing to choose here now."))
    return project, review, choices


@transaction.atomic
def close_without_theirs(review: Review, *, actor: Person, at: dt.datetime) -> Project:
    """Choose to close the project with the reviews of one side. When all senders have, it is completed.

    No results, and every answer stays sealed. The record says "reviewed by one side".

    Raises:
        CannotChoose: nobody is late enough, senders stand on both sides, or the result is not recorded.
        NotYourReview, ActsForNobody: the person acts for another organisation, or for nobody.
    """
    project, review, choices = _choices(review, actor, at)
    if not choices.close:
        raise CannotChoose(_("Both sides have sent a review. You can excuse who is missing."))
    if choices.needs_result:
        raise CannotChoose(_("Record the result for patients first."))
    choose(review, Kind.CLOSE, actor=actor, at=at)
    if set(choices.close_waiting) - {review.organisation}:
        return project
    project.closed_one_sided = True
    project.completed_at = at
    project.save(update_fields=["closed_one_sided", "completed_at"])
    take_turn(project, at=at)
    for other in project.reviews.all():
        void(reason=gettext_noop("the project was closed"), at=at, subject=subject_of(other))
    record("project.closed_one_sided", project, actor=actor, at=at, project=project)
    enter_stage(project, Stage.COMPLETED, actor=actor, at=at)
    for person in everybody_to_tell(project, but=review.organisation):
        owe(
            person,
            kind="closed_one_sided",
            key=f"closed-one-sided:{project.pk}:p{person.pk}",
            at=at,
            subject=subject_of(project),
            project=project,
        )
    return project


@transaction.atomic
def share_review(review: Review, *, actor: Person, at: dt.datetime) -> Review:
    """Share the own review with everybody on the project, before the others have sent. One way: it is locked.

    Who answers later is marked "answered after seeing"; the others stay sealed. Sharing twice changes nothing.

    Raises:
        CannotChoose: nobody is late enough, or the review is not sent.
        NotYourReview, ActsForNobody: see `close_without_theirs`.
    """
    project, review, choices = _choices(review, actor, at)
    if not choices.share:
        return review
    review.shared_at = at
    review.save(update_fields=["shared_at"])
    record("review.shared", review, actor=actor, at=at, project=project, organisation=review.organisation)
    tell_the_missing(review, kind="review_shared", number=1, at=at)
    return review


@transaction.atomic
def excuse_organisation(
    review: Review, organisation: Organisation, *, actor: Person, at: dt.datetime
) -> Project:
    """Say that an organisation need not send. When every sender has, both sides among them, it is excused.

    What it wrote stays sealed. The others open when nobody else is missing.

    Raises:
        CannotChoose: nobody is late enough, only one side has sent, or this organisation is not missing.
        NotYourReview, ActsForNobody: see `close_without_theirs`.
    """
    project, review, choices = _choices(review, actor, at)
    excuse = next((excuse for excuse in choices.excuses if excuse.organisation == organisation), None)
    if excuse is None:
        raise CannotChoose(_("This organisation can’t be excused now."))
    choose(review, Kind.EXCUSE, actor=actor, at=at, about=organisation)
    if set(excuse.waiting) - {review.organisation}:
        return project
    excused = Review.objects.select_for_update().get(project=project, organisation=organisation)
    excused.excused_at = at
    excused.save(update_fields=["excused_at"])
    take_turn(project, Turn.Kind.REVIEW, organisation=organisation, at=at)
    void(reason=gettext_noop("the organisation was excused"), at=at, subject=subject_of(excused))
    record("review.excused", excused, actor=actor, at=at, project=project, organisation=organisation)
    for person in whom_to_tell(project, organisation):
        owe(
            person,
            kind="review_excused",
            key=f"review-excused:{excused.pk}:p{person.pk}",
            at=at,
            subject=subject_of(project),
            project=project,
        )
    open_if_complete(project, actor=actor, at=at)
    return project


@transaction.atomic
def keep_waiting(review: Review, *, actor: Person, at: dt.datetime) -> int:
    """Take back what this organisation chose. Says how many choices that were.

    Raises:
        NotYourReview, ActsForNobody: see `close_without_theirs`.
    """
    project, review = lock(review)
    own_review(review, actor, at)
    if project.stage != Stage.REVIEW:
        return 0
    count = LateChoice.objects.filter(project=project, organisation=review.organisation).delete()[0]
    if count:
        record(
            "review.keeps_waiting",
            review,
            actor=actor,
            at=at,
            project=project,
            organisation=review.organisation,
        )
    return count


def consent_to_withdraw(
    project: Project, *, organisation: Organisation, actor: Person, at: dt.datetime
) -> list[Organisation]:
    """Note that an organisation wants the project withdrawn; answer whose consent is missing: every sender's.

    Called by `partnerships` inside its transaction, with the project's row locked. Nothing opens by it.

    Raises:
        CannotWithdraw: this organisation has no review here.
    """
    review = Review.objects.filter(project=project, organisation=organisation).first()
    if review is None:
        raise CannotWithdraw(_("Your organisation does not take part in this review."))
    review.project, review.organisation = project, organisation
    choose(review, Kind.WITHDRAW, actor=actor, at=at)
    consenting = set(
        LateChoice.objects.filter(project=project, kind=Kind.WITHDRAW).values_list("organisation", flat=True)
    )
    missing = [
        status.organisation
        for status in sealing.statuses(project)
        if status.sent and status.organisation.pk not in consenting
    ]
    return missing
