"""Calls: one side suggests three times, the other picks one or says that none fits."""

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.audit import record, subject_of
from accounts.models import Person
from accounts.notices import owe, void
from evaluations.check_ins import is_over
from evaluations.models import Call
from partnerships.actions.people import acting_organisation, whom_to_tell
from partnerships.actions.time import people_opposite
from partnerships.models import Project

Stage = Project.Stage
State = Call.State

LATEST = dt.timedelta(days=60)


class CannotCall(Exception):
    """The call can't be suggested or answered now, or not by this person."""


class TheirsWaits(CannotCall):
    """The other side has suggested one that waits for an answer."""


def _project_of(project, actor, at):
    project = Project.objects.select_for_update().get(pk=project.pk)
    organisation = acting_organisation(project, actor, at)
    if project.stage != Stage.DELIVER:
        raise CannotCall(_("Calls are suggested while the project runs."))
    return project, organisation


def _side(project, organisation_id):
    return project.participations.values_list("side", flat=True).get(organisation=organisation_id)


@transaction.atomic
def suggest_call(project: Project, *, times: Sequence[dt.datetime], actor: Person, at: dt.datetime) -> Call:
    """Suggest a call. Other times of the same side take the place of those before; the same times twice are once.

    Arguments:
        times: three different moments that lie ahead, in any order.

    Raises:
        TheirsWaits: the other side has suggested one: that is answered first.
        CannotCall: the times are not three, not ahead, or too far; or the project is not in Deliver.
        ActsForNobody: the person acts for no partner.
    """
    project, organisation = _project_of(project, actor, at)
    times = sorted(times)
    if len(set(times)) != 3:
        raise CannotCall(_("Choose three different times."))
    if times[0] <= at:
        raise CannotCall(_("Choose times that lie ahead."))
    if times[-1] > at + LATEST:
        raise CannotCall(_("Choose times within the next 60 days."))
    waiting = Call.objects.open().filter(project=project).first()
    if waiting is not None:
        if _side(project, waiting.organisation_id) != _side(project, organisation.pk) and not is_over(
            waiting, at
        ):
            raise TheirsWaits(_("The other side has suggested a call. Answer that first."))
        if waiting.times == times and waiting.organisation_id == organisation.pk:
            return waiting
        _lapse(waiting, at)
    try:
        with transaction.atomic():
            call = Call.objects.create(
                project=project,
                organisation=organisation,
                suggested_by=actor,
                suggested_at=at,
                first_at=times[0],
                second_at=times[1],
                third_at=times[2],
            )
    except IntegrityError:
        raise CannotCall(_("Somebody suggested a call meanwhile. Look at it first.")) from None
    record("check_in.call_suggested", call, actor=actor, at=at, project=project, organisation=organisation)
    for person in people_opposite(project, organisation):
        owe(
            person,
            kind="call_suggested",
            key=f"call-suggested:{call.pk}:p{person.pk}",
            at=at,
            subject=subject_of(call),
            project=project,
            about=organisation.pk,
        )
    return call


@transaction.atomic
def answer_call(
    call: Call, *, picked: dt.datetime | None, words: str, actor: Person, at: dt.datetime
) -> Call:
    """Pick one of the three times, or say that none fits. The same answer twice is one.

    Arguments:
        picked: one of the call's times; None when none fits.
        words: why, or when instead; required when none fits.

    Raises:
        CannotCall: it was answered otherwise, other times took its place, the time has passed, or it is one's own.
        ActsForNobody: the person acts for no partner.
    """
    project, organisation = _project_of(call.project, actor, at)
    call = (
        Call.objects.select_for_update(of=("self",))
        .select_related("suggested_by", "organisation")
        .get(pk=call.pk)
    )
    call.project = project
    if _side(project, call.organisation_id) == _side(project, organisation.pk):
        raise CannotCall(_("The other side chooses the time."))
    state = State.PICKED if picked else State.NONE_FITS
    if (call.state, call.picked_at, call.words) == (state, picked, words):
        return call
    if call.state in (State.PICKED, State.NONE_FITS):
        raise CannotCall(_("This was answered meanwhile. Read it on the page of check-ins."))
    if call.state == State.LAPSED:
        raise CannotCall(_("These times do not hold any more."))
    if picked is not None and picked not in call.times:
        raise CannotCall(_("Choose one of the three times."))
    if picked is not None and picked <= at:
        raise CannotCall(_("This time has passed. Choose a later one."))
    if picked is None and not words:
        raise CannotCall(_("Say when it would fit instead."))
    call.state, call.picked_at, call.words = state, picked, words
    call.answered_by, call.answered_for, call.answered_at = actor, organisation, at
    call.save()
    record(
        "check_in.call_picked" if picked else "check_in.call_declined", call, actor=actor, at=at,
        project=project, organisation=organisation,
    )  # fmt: skip
    void(reason=gettext_noop("the call was answered"), at=at, subject=subject_of(call))
    for person in dict.fromkeys([call.suggested_by, *whom_to_tell(project, call.organisation)]):
        owe(
            person,
            kind="call_answered",
            key=f"call-answered:{call.pk}:p{person.pk}",
            at=at,
            subject=subject_of(call),
            project=project,
            about=organisation.pk,
        )
    return call


def _lapse(call: Call, at: dt.datetime) -> None:
    call.state, call.answered_at = State.LAPSED, at
    call.save(update_fields=["state", "answered_at"])
    void(reason=gettext_noop("the times do not hold any more"), at=at, subject=subject_of(call))


def lapse_calls(project: Project, *, at: dt.datetime) -> None:
    """The project moves on: a call that nobody has answered waits for nobody any more. Its row is locked."""
    for call in Call.objects.open().filter(project=project):
        _lapse(call, at)
