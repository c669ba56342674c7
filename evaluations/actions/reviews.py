"""Reviews from opening to sending. The last one that is sent opens all of them, in one transaction."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from accounts.audit import record, subject_of
from accounts.models import Organisation, Person
from accounts.notices import owe, void
from evaluations import sealing
from evaluations.actions.carrying import ask_whether_it_helped
from evaluations.actions.measuring import keep_measured
from evaluations.models import LateChoice, Review
from partnerships.actions.people import acting_organisation, whom_to_tell
from partnerships.actions.stages import enter_stage
from partnerships.actions.turns import give_turn, take_turn
from partnerships.models import Participation, Project, Turn
from partnerships.permissions import acting_people
from principles.models import Question

Stage = Project.Stage


class NotYourReview(Exception):
    """The person acts for another organisation."""


class CannotSend(Exception):
    """The review can't be sent now."""


class NotComplete(Exception):
    """Something is still to be answered. Carries the questions, and whether the closing page is one of them."""

    def __init__(self, questions: list[Question], overall: bool):
        super().__init__(_("Some answers are still missing."))
        self.questions = questions
        self.overall = overall


class SendersChanged(Exception):
    """Others have sent, or taken theirs back, since the person looked. They have to look again (docs/rules.md 11)."""


class CannotReopen(Exception):
    """The review can't be taken back any more."""


def enter_review(project: Project, *, actor: Person | None, at: dt.datetime) -> None:
    """The project enters Review: it is fixed who must send, and what is asked (docs/rules.md 9, 14). Twice is once.

    Called by `partnerships` inside the transaction that ends Deliver, with the project's row locked.
    """
    partners = project.participations.partners().select_related("organisation").order_by("pk")
    if not project.reviews.exists():
        ask_whether_it_helped(project)
    for organisation in [partner.organisation for partner in partners]:
        review, created = Review.objects.get_or_create(
            project=project, organisation=organisation, defaults={"created_at": at}
        )
        if not created:
            continue
        give_turn(project, organisation, Turn.Kind.REVIEW, at=at, due_on=project.review_due_on)
        for person in whom_to_tell(project, organisation):
            owe(
                person,
                kind="review_opens",
                key=f"review-opens:{review.pk}:p{person.pk}",
                at=at,
                subject=subject_of(review),
                project=project,
            )


def lock(review: Review) -> tuple[Project, Review]:
    """The project's row and the review as they stand now, locked in this order by everybody who sends or chooses."""
    project = Project.objects.select_for_update().get(pk=review.project_id)
    review = Review.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=review.pk)
    review.project = project
    return project, review


def own_review(review: Review, actor: Person, at: dt.datetime) -> None:
    """Refuse whoever does not act for the review's organisation, and fix for whom they act.

    Raises:
        NotYourReview, ActsForNobody
    """
    if acting_organisation(review.project, actor, at) != review.organisation:
        raise NotYourReview(_("This is another organisation’s review."))


def senders(project: Project) -> list[Organisation]:
    """The organisations whose review is sent, in the order of sides."""
    return [status.organisation for status in sealing.statuses(project) if status.sent]


@transaction.atomic
def send_review(review: Review, *, actor: Person, at: dt.datetime, seen_senders: Collection[int]) -> Review:
    """Send an organisation's review. When nobody is missing any more, all open. Sending twice changes nothing.

    Arguments:
        seen_senders: ids of the other organisations that had sent when the person looked.

    Raises:
        CannotSend: the project is not in Review, or the organisation was excused.
        NotComplete: answers are missing.
        SendersChanged: others have sent, or reopened theirs, since the person looked.
        NotYourReview, ActsForNobody: the person acts for another organisation, or for nobody.
    """
    project, review = lock(review)
    own_review(review, actor, at)
    if review.sent_at is not None:
        return review
    if project.stage != Stage.REVIEW or review.excused_at is not None:
        raise CannotSend(_("This review can’t be sent any more."))
    questions, overall = sealing.missing(review), not sealing.own_overall(review).given
    if questions or overall:
        raise NotComplete(questions, overall)
    others = [status for status in sealing.statuses(project) if status.organisation != review.organisation]
    if {status.organisation.pk for status in others if status.sent} != set(seen_senders):
        raise SendersChanged(_("Something has changed since you looked. Read on, then send."))
    review.sent_at, review.sent_by = at, actor
    review.sends += 1
    review.language = get_language() or review.language
    review.answered_after_seeing = any(status.shared for status in others)
    review.save(update_fields=["sent_at", "sent_by", "sends", "language", "answered_after_seeing"])
    take_turn(project, Turn.Kind.REVIEW, organisation=review.organisation, at=at)
    void(reason=gettext_noop("the review was sent"), at=at, subject=subject_of(review))
    record("review.sent", review, actor=actor, at=at, project=project, organisation=review.organisation)
    if not open_if_complete(project, actor=actor, at=at):
        tell_the_missing(review, kind="other_sent", number=review.sends, at=at)
    review.refresh_from_db(fields=["opened_at"])
    return review


def tell_the_missing(review: Review, *, kind: str, number: int, at: dt.datetime) -> None:
    """Owe the organisations whose review is missing a message about this one, once for each number."""
    missing = Review.objects.missing().filter(project=review.project).exclude(pk=review.pk)
    for other in missing.select_related("organisation").order_by("pk"):
        for person in whom_to_tell(review.project, other.organisation):
            owe(
                person,
                kind=kind,
                key=f"{kind}:{review.pk}:{number}:p{person.pk}".replace("_", "-"),
                at=at,
                # About what they have to do, so that their own sending voids it.
                subject=subject_of(other),
                project=review.project,
                about=review.organisation_id,
            )


def open_if_complete(project: Project, *, actor: Person | None, at: dt.datetime) -> bool:
    """Open all reviews when nobody is missing, and move the project on to Learn. Says whether it did.

    The caller has locked the project's row: of two last ones that are sent at the same moment, one waits for the other.
    """
    if Review.objects.missing().filter(project=project).exists():
        return False
    reviews = sealing.open_all(project, at=at)
    keep_measured(project)
    project.reviews_opened_at = at
    project.save(update_fields=["reviews_opened_at"])
    take_turn(project, Turn.Kind.REVIEW, at=at)
    for review in project.reviews.all():
        void(reason=gettext_noop("the reviews are open"), at=at, subject=subject_of(review))
    record("reviews.opened", project, actor=actor, at=at, project=project, reviews=len(reviews))
    enter_stage(project, Stage.LEARN, actor=actor, at=at)
    for acting in acting_people(project):
        if acting.participation.role == Participation.Role.PARTNER:
            owe(
                acting.person,
                kind="all_sent",
                key=f"all-sent:{project.pk}:p{acting.person.pk}",
                at=at,
                subject=subject_of(project),
                project=project,
            )
    return True


@transaction.atomic
def reopen_review(review: Review, *, actor: Person, at: dt.datetime) -> Review:
    """Take back what was sent, to change it. Possible until the last one is sent (docs/rules.md 11).

    Raises:
        CannotReopen: the reviews are open, this one was shared, or the project has moved on.
        NotYourReview, ActsForNobody: see `send_review`.
    """
    project, review = lock(review)
    own_review(review, actor, at)
    if review.sent_at is None:
        return review
    if review.opened_at is not None:
        raise CannotReopen(_("The reviews are open now. Nothing can be changed any more."))
    if review.shared_at is not None:
        raise CannotReopen(_("You have shared your review. It can’t be changed any more."))
    if project.stage != Stage.REVIEW:
        raise CannotReopen(_("This project is over. Its reviews can’t be changed any more."))
    review.sent_at = review.sent_by = None
    review.answered_after_seeing = False
    review.save(update_fields=["sent_at", "sent_by", "answered_after_seeing"])
    give_turn(project, review.organisation, Turn.Kind.REVIEW, at=at, due_on=project.review_due_on)
    void(
        reason=gettext_noop("the review was reopened"),
        at=at,
        kind="other_sent",
        project=project.reference,
        key__startswith=f"other-sent:{review.pk}:",
    )
    # What it chose as a sender, it chose about a review that it takes back.
    LateChoice.objects.filter(project=project, organisation=review.organisation).delete()
    record("review.reopened", review, actor=actor, at=at, project=project, organisation=review.organisation)
    return review


@transaction.atomic
def show_draft(review: Review, *, shown: bool, actor: Person, at: dt.datetime) -> Review:
    """Let the Readers of the own organisation read the draft, or keep it from them again.

    Raises:
        NotYourReview, ActsForNobody: see `send_review`.
    """
    _project, review = lock(review)
    own_review(review, actor, at)
    if review.shown_to_readers != shown:
        review.shown_to_readers = shown
        review.save(update_fields=["shown_to_readers"])
        record(
            "review.shown_to_readers" if shown else "review.hidden_from_readers",
            review,
            actor=actor,
            at=at,
            project=review.project,
            organisation=review.organisation,
            private=True,
        )
    return review


def refusal_while_sealed(*organisations: Organisation) -> str:
    """Why these organisations can't be merged now: while reviews are sealed, who must send is frozen (docs/rules.md 9).

    Empty when nothing is against it.
    """
    sealed = Review.objects.filter(organisation__in=organisations, project__stage=Stage.REVIEW)
    review = sealed.select_related("organisation").first()
    if review is None:
        return ""
    return _("{organisation} has a sealed review. Wait until the reviews are open.").format(
        organisation=review.organisation
    )


def history_while_sealed() -> Q:
    """Lines that the admin shows to nobody yet: who sent or reopened a review that is still sealed, and when.

    A project that was withdrawn, or closed by one side, never opened: its lines stay away.
    """
    return Q(verb__startswith="review.") & _still_sealed()


def messages_of_sending_while_sealed() -> Q:
    """Messages that the admin shows to nobody yet: each was owed at the moment at which somebody sent their review."""
    return Q(kind="other_sent") & _still_sealed()


def messages_of_reviews_while_sealed() -> Q:
    """Messages that are held back at the moment at which somebody sends their review: why and when is not shown yet."""
    return Q(kind__in=["review_opens", "review_reminder", "review_shared"]) & _still_sealed()


def _still_sealed():
    """Of rows that name their project by its reference: its reviews are not open, and perhaps never will be."""
    opened = Project.objects.filter(reviews_opened_at__isnull=False)
    return ~Q(project__in=opened.values("reference"))


def waits_for_reviews(project: Project) -> list[str]:
    """Why Review has not ended yet: a sentence for each organisation whose review is missing."""
    return [
        _("The review of {organisation} is missing.").format(organisation=status.organisation)
        for status in sealing.statuses(project)
        if status.missing
    ]
