"""Answering a request for funding: yes, no with a type of reason, or a question."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Person
from partnerships.actions.funding.accepting import project_from
from partnerships.actions.funding.sending import settle
from partnerships.actions.funding.shared import (
    CannotRequest,
    ChangedMeanwhile,
    add_step,
    last_step,
    lock,
    tell_of_request,
)
from partnerships.funding import profile_of, today_for
from partnerships.models import FundingRequest, FundingStep

State, Kind = FundingRequest.State, FundingStep.Kind


@transaction.atomic
def answer_request(
    request: FundingRequest,
    *,
    answer: str,
    read: int,
    words: str = "",
    reason: str = "",
    by_day: dt.date | None = None,
    actor: Person,
    at: dt.datetime,
) -> FundingRequest:
    """Say yes, no, or ask. A yes makes a project of it, once. Whoever sent it is told. The same answer twice is one.

    Arguments:
        answer: ACCEPTED, DECLINED or ASKED of `FundingStep.Kind`.
        read: the number of the step that was read.
        words: why not, or the question.
        reason: the type of the reason, with a no.
        by_day: by when the contract comes, or the answer is needed; with a no, from when on they may ask again.

    Raises:
        ChangedMeanwhile: they sent it again since.
        CannotRequest: it was answered or taken back, it is for others to answer, or the answer is not whole.
    """
    request, own = lock(request, actor)
    if own.pk != request.receiver_id:
        raise CannotRequest(_("Whoever it was sent to answers it."))
    before = last_step(request)
    said = (answer, words, reason, by_day)
    if before and (before.kind, before.words, before.reason, before.by_day) == said:
        return request
    if request.state != State.SENT:
        raise CannotRequest(_("It was answered or taken back meanwhile."))
    if before.number != read:
        raise ChangedMeanwhile(_("They sent it again meanwhile. Read it, then answer."))
    _refuse_half(request, answer, words, reason, by_day, at)
    content = {"profile": profile_of(own)} if answer == Kind.ACCEPTED else {}
    step = add_step(
        request, answer, organisation=own, person=actor, at=at, words=words, reason=reason, by_day=by_day,
        content=content,
    )  # fmt: skip
    if answer == Kind.ASKED:
        request.state, request.turn_since, request.due_on = State.ASKED, at, by_day
        request.save(update_fields=["state", "turn_since", "due_on"])
        record("funding.asked", request, actor=actor, at=at, organisation=own, number=step.number)
        tell_of_request(step, request.sender, kind="funding_asked", at=at)
        return request
    project = None
    if answer == Kind.ACCEPTED:
        project = project_from(request, before, receiver=own, actor=actor, at=at)
    settle(request, answer, at=at, project=project)
    record(
        "funding.decided", request, actor=actor, at=at, organisation=own, after=answer, reason=reason
    )  # fmt: skip
    tell_of_request(step, request.sender, kind="funding_answered", at=at)
    return request


def _refuse_half(request, answer, words, reason, by_day, at):
    if answer == Kind.DECLINED and not (reason and words):
        raise CannotRequest(_("A no needs the type of its reason, and words."))
    if answer == Kind.ASKED and not words:
        raise CannotRequest(_("Write your question."))
    if answer != Kind.DECLINED and by_day is None:
        raise CannotRequest(_("Say by when."))
    if by_day is not None and by_day < today_for(request, at):
        raise CannotRequest(_("The day can’t lie behind."))
