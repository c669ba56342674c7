"""What one sender asks of the others: to withdraw, to close, to excuse somebody. They agree or say no, and who asked
can take it back. Only who has sent and who has said what is read here: never an answer. Rules: docs/rules.md 9 and 10."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.audit import record, subject_of
from accounts.days import has_passed
from accounts.models import Event, Membership, Organisation, Person
from accounts.notices import owe, void
from evaluations import sealing
from evaluations.actions.reviews import lock, own_review
from evaluations.models import LateChoice, Review
from partnerships.actions.people import whom_to_tell
from partnerships.models import Participation, Project

Kind = LateChoice.Kind
Stage = Project.Stage

# From so many days after the due date on, the senders may choose.
LATE_AFTER = dt.timedelta(days=21)
# So many are read for one home.
ROWS = 50


class NotAsked(Exception):
    """This is no longer asked, or not of this organisation."""


class NeverAsked(LookupError):
    """Nobody of this project ever asked it."""


@dataclass(frozen=True)
class Asked:
    """What senders are asked to agree to.

    Arguments:
        choice: the key of the choice that began it.
        about: the organisation that would be excused.
        agreed: who has chosen it, the one who asked first.
        waiting: the senders who have not said anything yet.
    """

    choice: int
    project: Project
    kind: str
    about: Organisation | None
    agreed: tuple[Organisation, ...]
    waiting: tuple[Organisation, ...]
    since: dt.datetime

    @property
    def title(self) -> str:
        words = {"organisation": self.agreed[0].name, "other": self.about.name if self.about else ""}
        if self.kind == Kind.WITHDRAW:
            return _("%(organisation)s asks to withdraw the project") % words
        if self.kind == Kind.CLOSE:
            return _("%(organisation)s asks to close without the missing reviews") % words
        return _("%(organisation)s asks to excuse %(other)s from its review") % words


@dataclass(frozen=True)
class Sender:
    """Where an organisation stands that has sent its review of a project.

    Arguments:
        may_choose: others are so late that it may choose what happens.
        asked: what it is asked and has not answered.
    """

    project: Project
    organisation: Organisation
    may_choose: bool
    asked: tuple[Asked, ...]


def is_late(project: Project, at: dt.datetime) -> bool:
    """Whether reviews are so late that the senders may choose."""
    due_on = project.review_due_on
    return due_on is not None and has_passed(due_on + LATE_AFTER, at=at, zone=project.zone)


def asked_on(
    project: Project, *, at: dt.datetime, statuses: list[sealing.SendStatus] | None = None
) -> list[Asked]:
    """What is asked on a project while its reviews are sealed, the oldest first.

    Arguments:
        statuses: who has sent, where the page has read it already.
    """
    if project.stage != Stage.REVIEW:
        return []
    choices = list(project.late_choices.select_related("organisation", "about").order_by("pk"))
    if not choices:
        return []
    return _asked(project, choices, sealing.statuses(project) if statuses is None else statuses, at)


def _asked(project, choices, statuses, at):
    senders = [status.organisation for status in statuses if status.sent]
    missing = [status.organisation for status in statuses if status.missing]
    one_sided = len({status.side for status in statuses if status.sent}) == 1
    rounds: dict[tuple[str, int | None], list[LateChoice]] = {}
    for choice in choices:
        rounds.setdefault((choice.kind, choice.about_id), []).append(choice)
    found = []
    for (kind, _about), rows in rounds.items():
        about = rows[0].about
        # What was asked earlier may have lost its sense since: others have sent, or the date was moved.
        if kind == Kind.CLOSE and not (one_sided and is_late(project, at)):
            continue
        if kind == Kind.EXCUSE and (one_sided or about not in missing or not is_late(project, at)):
            continue
        agreed = tuple(row.organisation for row in rows)
        waiting = tuple(sender for sender in senders if sender not in agreed)
        found.append(Asked(rows[0].pk, project, kind, about, agreed, waiting, rows[0].chosen_at))
    return found


def standing_of_senders(person: Person, *, at: dt.datetime) -> list[Sender]:
    """The projects on which an organisation of this person has sent, and something is asked or somebody is very late.

    Those for which they work as Lead or Owner, the longest wait first. One query as long as there are none, which is the
    rule; three where there are, for any number of projects.
    """
    # Nowhere on earth is the calendar further than 14 hours ahead of UTC; `is_late` asks the project's own.
    latest = (at + dt.timedelta(hours=14)).date() - LATE_AFTER
    asked = LateChoice.objects.filter(project=OuterRef("project"))
    working = person.organisation_ids(Membership.Role.LEAD, Membership.Role.OWNER)
    acted = Participation.objects.acted_by(person, known=True).filter(
        project=OuterRef("project"), organisation=OuterRef("organisation"), role=Participation.Role.PARTNER
    )
    own = (
        Review.objects.filter(
            Q(project__review_due_on__lt=latest) | Exists(asked),
            Exists(acted),
            project__stage=Stage.REVIEW,
            sent_at__isnull=False,
            organisation__in=working,
        )
        .select_related("project", "organisation")
        .order_by("project__review_due_on", "pk")
    )
    choices = LateChoice.objects.select_related("organisation", "about")
    reviews = list(own.prefetch_related(Prefetch("project__late_choices", choices))[:ROWS])
    by_project = sealing.statuses_by_project([review.project for review in reviews])
    senders = []
    for review in reviews:
        project, statuses = review.project, by_project[review.project_id]
        choices = sorted(project.late_choices.all(), key=lambda choice: choice.pk)
        asked = _asked(project, choices, statuses, at)
        late = is_late(project, at) and any(status.missing for status in statuses)
        open_to = tuple(one for one in asked if review.organisation in one.waiting)
        senders.append(Sender(project, review.organisation, late, open_to))
    return senders


def choose(
    review: Review, kind: str, *, actor: Person, at: dt.datetime, about: Organisation | None = None
) -> None:
    """Note what an organisation chose, and ask the senders who have not, once in each round.

    Called inside a transaction, with the project's row locked. Choosing it again changes nothing.
    """
    project, organisation = review.project, review.organisation
    row, created = LateChoice.objects.get_or_create(
        project=project,
        organisation=organisation,
        kind=kind,
        about=about,
        defaults={"person": actor, "chosen_at": at},
    )
    if not created:
        return
    record(
        f"review.{kind}_chosen",
        review,
        actor=actor,
        at=at,
        project=project,
        organisation=organisation,
        choice=row.pk,
        **({"about": about.pk} if about else {}),
    )
    if kind == Kind.WITHDRAW:
        _ask_the_others(review, kind="withdrawal_asked", choice=kind, about=about, at=at)
    else:
        _ask_the_others(review, kind="choice_asked", choice=kind, about=about, at=at)


def _ask_the_others(review, *, kind, choice, about, at):
    project = review.project
    same = LateChoice.objects.filter(project=project, kind=choice, about=about)
    chosen = set(same.values_list("organisation", flat=True))
    first = same.order_by("pk").first()
    for status in sealing.statuses(project):
        if not status.sent or status.organisation.pk in chosen:
            continue
        for person in whom_to_tell(project, status.organisation):
            owe(
                person,
                kind=kind,
                # The first choice of a round names it: who asks again after taking back is heard again.
                key=f"{kind}:{first.pk}:p{person.pk}".replace("_", "-"),
                at=at,
                subject=subject_of(first),
                project=project,
                about=review.organisation_id,
                choice=str(choice),
                **({"other": about.pk} if about else {}),
            )


@transaction.atomic
def decline_choice(review: Review, choice: int, *, actor: Person, at: dt.datetime) -> Asked:
    """Say no to what another sender asks. It is off the table; who had chosen it is told, and may ask again.

    Arguments:
        choice: the key of the choice that began it.

    Raises:
        NeverAsked: nobody of this project ever asked it.
        NotAsked: it is no longer asked, or not of this organisation.
        NotYourReview, ActsForNobody: see `actions.reviews.send_review`.
    """
    project, review, asked = _find(review, choice, actor, at)
    if review.organisation not in asked.waiting:
        raise NotAsked(_("This is not asked of you any more."))
    _rows(asked).delete()
    void(
        reason=gettext_noop("a sender said no"),
        at=at,
        subject=f"{LateChoice._meta.label_lower}:{asked.choice}",
    )
    record(
        "review.choice_declined",
        review,
        actor=actor,
        at=at,
        project=project,
        organisation=review.organisation,
        kind=asked.kind,
    )
    for organisation in asked.agreed:
        for person in whom_to_tell(project, organisation):
            owe(
                person,
                kind="choice_declined",
                key=f"choice-declined:{asked.choice}:p{person.pk}",
                at=at,
                subject=subject_of(project),
                project=project,
                about=review.organisation_id,
                choice=str(asked.kind),
            )
    return asked


@transaction.atomic
def take_back_choice(review: Review, choice: int, *, actor: Person, at: dt.datetime) -> Asked:
    """Take back what this organisation asked for or agreed to. Possible at any time before all have agreed.

    Raises:
        NeverAsked: nobody of this project ever asked it.
        NotAsked: it is no longer asked, or this organisation has not chosen it.
        NotYourReview, ActsForNobody: see `actions.reviews.send_review`.
    """
    project, review, asked = _find(review, choice, actor, at)
    if review.organisation not in asked.agreed:
        raise NotAsked(_("You have not chosen this."))
    _rows(asked).filter(organisation=review.organisation).delete()
    if asked.agreed[0] == review.organisation:
        void(
            reason=gettext_noop("it was taken back"),
            at=at,
            subject=f"{LateChoice._meta.label_lower}:{asked.choice}",
        )
    record(
        "review.keeps_waiting",
        review,
        actor=actor,
        at=at,
        project=project,
        organisation=review.organisation,
    )
    return asked


def _find(review, choice, actor, at):
    project, review = lock(review)
    own_review(review, actor, at)
    asked = next((one for one in asked_on(project, at=at) if one.choice == choice), None)
    if asked is None:
        # Taken back or settled a moment ago: that may be said. Another project's is what does not exist.
        if not Event.objects.filter(project=project.reference, detail__choice=choice).exists():
            raise NeverAsked
        raise NotAsked(_("This is not asked any more."))
    return project, review, asked


def _rows(asked: Asked) -> Iterable[LateChoice]:
    return LateChoice.objects.filter(project=asked.project, kind=asked.kind, about=asked.about)
