"""More time: one side asks, the other says yes or no, and three working days of silence say yes."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.audit import record, subject_of
from accounts.days import add_working_days, local_day
from accounts.models import Organisation, Person
from accounts.notices import owe
from partnerships.actions.people import whom_to_tell
from partnerships.models import Project, TimeRequest, Turn

SILENCE_IN_WORKING_DAYS = 3
LONGEST = dt.timedelta(days=60)


class CannotMoveDate(Exception):
    """The date can't be moved like this."""


@transaction.atomic
def ask_for_time(
    turn: Turn, *, due_on: dt.date, actor: Person, at: dt.datetime, note: str = ""
) -> TimeRequest:
    """Ask the other side for a later date.

    Arguments:
        turn: what the asking organisation has to do.
        due_on: the wished date: after today and the date so far, and at most 60 days later.

    Raises:
        CannotMoveDate: nothing is due, the date is not later or too late, or a request is open already.
    """
    project = Project.objects.select_for_update().get(pk=turn.project_id)
    if turn.due_on is None:
        raise CannotMoveDate(_("This has no due date."))
    if not turn.can_move:
        raise CannotMoveDate(_("A check-in is not put off. Skip it: the next one comes."))
    today = local_day(at, project.zone)
    is_late = today > turn.due_on
    if due_on <= max(today, turn.due_on):
        raise CannotMoveDate(
            _("Choose a day after today.") if is_late else _("Choose a day after the date so far.")
        )
    if due_on > max(today, turn.due_on) + LONGEST:
        raise CannotMoveDate(
            _("Choose a day within 60 days of today.")
            if is_late
            else _("Choose a day within 60 days of the date so far.")
        )
    TimeRequest.objects.lapse(project, at=at)
    opposite = partners_opposite(project, turn.organisation)
    try:
        with transaction.atomic():
            request = TimeRequest.objects.create(
                project=project,
                kind=turn.kind,
                ref=turn.ref,
                organisation=turn.organisation,
                person=actor,
                due_before=turn.due_on,
                due_on=due_on,
                note=note,
                asked_at=at,
                # They have three working days of their own, and the last of several counts.
                yes_from=max(
                    add_working_days(today, SILENCE_IN_WORKING_DAYS, answering.country)
                    for answering in opposite or [turn.organisation]
                ),
            )
    except IntegrityError:
        raise CannotMoveDate(
            _("More time was asked for already. The other side has not answered yet.")
        ) from None
    record(
        "time.asked", request, actor=actor, at=at, project=project, organisation=turn.organisation,
        kind=turn.kind, before=turn.due_on.isoformat(), after=due_on.isoformat(),
    )  # fmt: skip
    for person in people_opposite(project, turn.organisation):
        owe(
            person,
            kind="time_asked",
            key=f"time-asked:{request.pk}:{person.pk}",
            at=at,
            subject=subject_of(request),
            project=project,
            organisation=turn.organisation.name,
            due_on=due_on.isoformat(),
            request=request.pk,
        )
    return request


@transaction.atomic
def answer_time_request(
    request: TimeRequest,
    *,
    accepted: bool,
    actor: Person | None,
    organisation: Organisation | None,
    at: dt.datetime,
) -> TimeRequest:
    """Say yes or no to more time. A yes moves the date for everybody who owes the same thing.

    Arguments:
        actor, organisation: who answers; both None when silence does.

    Raises:
        CannotMoveDate: it was answered in the meantime, or needs no answer any more.
    """
    project = Project.objects.select_for_update().get(pk=request.project_id)
    request = TimeRequest.objects.select_for_update().get(pk=request.pk)
    if request.has_lapsed:
        raise CannotMoveDate(_("This needs no more time by now. The date stays as it was."))
    if request.answered_at is not None:
        raise CannotMoveDate(_("This was answered in the meantime."))
    request.answered_at, request.answered_by, request.accepted = at, actor, accepted
    request.save(update_fields=["answered_at", "answered_by", "accepted"])
    if accepted:
        Turn.objects.filter(project=project, kind=request.kind, ref=request.ref).update(due_on=request.due_on)
        if request.kind == Turn.Kind.REVIEW:
            # One date for everybody: a later one for one side alone would not be equal.
            project.review_due_on = request.due_on
            project.save(update_fields=["review_due_on"])
    record(
        "time.accepted" if accepted else "time.declined", request, actor=actor, at=at, project=project,
        organisation=organisation, before=request.due_before.isoformat(), after=request.due_on.isoformat(),
    )  # fmt: skip
    told = [request.person] if actor else [request.person, *people_opposite(project, request.organisation)]
    for person in told:
        owe(
            person,
            kind="time_answered",
            key=f"time-answered:{request.pk}:{person.pk}",
            at=at,
            subject=subject_of(request),
            project=project,
            accepted=accepted,
            due_on=request.due_on.isoformat(),
        )
    return request


def accept_by_silence(at: dt.datetime) -> int:
    """Say yes to every request that has waited long enough. Returns how many."""
    count = 0
    for request in TimeRequest.objects.open().select_related("project").order_by("pk"):
        if local_day(at, request.project.zone) < request.yes_from:
            continue
        try:
            answer_time_request(request, accepted=True, actor=None, organisation=None, at=at)
        except CannotMoveDate:
            continue
        count += 1
    return count


def partners_opposite(project: Project, organisation: Organisation) -> list[Organisation]:
    """The partners on the other side."""
    side = project.participations.get(organisation=organisation).side
    opposite = project.participations.partners().exclude(side=side).select_related("organisation")
    return [participation.organisation for participation in opposite.order_by("pk")]


def people_opposite(project: Project, organisation: Organisation) -> list[Person]:
    """Who gets messages for the partners on the other side."""
    return [
        person
        for partner in partners_opposite(project, organisation)
        for person in whom_to_tell(project, partner)
    ]
