"""Sending a request for funding, sending it again after a question, and taking it back."""

import datetime as dt

from django.db import transaction
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.days import add_working_days, local_day
from accounts.models import Person
from partnerships.actions.funding.shared import (
    CannotRequest,
    ChangedMeanwhile,
    add_step,
    last_step,
    lock,
    tell_of_request,
)
from partnerships.actions.funding.writing import refuse_receiver
from partnerships.funding import content_of, mark_of, missing_parts, promised_to_answer, today_for
from partnerships.models import FundingRequest, FundingStep

State, Kind = FundingRequest.State, FundingStep.Kind


@transaction.atomic
def send_request(
    request: FundingRequest, *, read: str, words: str = "", actor: Person, at: dt.datetime
) -> FundingRequest:
    """Send a request, or send it again after a question. The sender's profile goes along; it is the other's turn.

    The Leads and Owners of the receiver are told. Sending it twice is sending it once.

    Arguments:
        read: the fingerprint of what the sender read (`funding.mark_of`).
        words: a word to them; the answer to their question.

    Raises:
        ChangedMeanwhile: it is not what the sender read.
        CannotRequest: parts are missing, its end has passed, nobody could answer, or it is not to be sent now.
    """
    request, own = lock(request, actor)
    if own.pk != request.sender_id:
        raise CannotRequest(_("Whoever wrote it sends it."))
    before, is_read = last_step(request), mark_of(request) == read
    if request.state == State.SENT and is_read and (before.person_id, before.words) == (actor.pk, words):
        return request
    if request.state not in (State.DRAFT, State.ASKED):
        raise CannotRequest(_("It was sent before, or is settled."))
    if not is_read:
        raise ChangedMeanwhile(_("Somebody changed it meanwhile. Read it again, then send it."))
    content = content_of(request)
    _refuse_unfinished(request, content, words, at)
    if request.state == State.DRAFT:
        refuse_receiver(request.sender, request.receiver, actor)
    step = add_step(request, Kind.SENT, organisation=own, person=actor, at=at, words=words, content=content)
    receiver, promised = request.receiver, promised_to_answer(request.receiver_id)
    request.state, request.turn_since = State.SENT, at
    request.due_on = promised and add_working_days(local_day(at, receiver.zone), promised, receiver.country)
    request.save(update_fields=["state", "turn_since", "due_on"])
    record("funding.sent", request, actor=actor, at=at, organisation=own, number=step.number)
    tell_of_request(step, receiver, kind="funding_sent", at=at)
    return request


def _refuse_unfinished(request, content, words, at):
    if missing := [str(part.label) for part in missing_parts(request)]:
        raise CannotRequest(_("Still missing: {parts}.").format(parts=get_text_list(missing, _("and"))))
    if content["parts"]["when"]["ends_on"] < today_for(request, at).isoformat():
        raise CannotRequest(_("Its end lies in the past. Choose other days first."))
    if request.state == State.ASKED and not words:
        sent = request.steps.filter(kind=Kind.SENT).order_by("-number").first()
        if sent.content["parts"] == content["parts"]:
            raise CannotRequest(_("Answer their question in words, or change a part."))


@transaction.atomic
def withdraw_request(
    request: FundingRequest, *, words: str = "", actor: Person, at: dt.datetime
) -> FundingRequest:
    """Take back what was sent and not decided. The receiver is told. Twice is once.

    Raises:
        CannotRequest: it is settled, a draft, or of somebody else.
    """
    request, own = lock(request, actor)
    if own.pk != request.sender_id:
        raise CannotRequest(_("Whoever sent it takes it back."))
    if request.state == State.WITHDRAWN:
        return request
    if not request.is_open:
        raise CannotRequest(_("It was decided meanwhile."))
    step = add_step(request, Kind.WITHDRAWN, organisation=own, person=actor, at=at, words=words)
    settle(request, State.WITHDRAWN, at=at)
    record("funding.withdrawn", request, actor=actor, at=at, organisation=own)
    tell_of_request(step, request.receiver, kind="funding_withdrawn", at=at)
    return request


def settle(request: FundingRequest, state: str, *, at: dt.datetime, project=None) -> None:
    """It waits for nobody any more. From here on the row never changes: what becomes of it is written at once."""
    request.state, request.project, request.settled_at = state, project, at
    request.turn_since = request.due_on = None
    request.save(update_fields=["state", "project", "settled_at", "turn_since", "due_on"])
