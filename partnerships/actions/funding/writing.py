"""Writing a request for funding: a draft that stays with whoever writes it, until it is sent."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Organisation, Person
from accounts.permissions import may, people_who_may
from partnerships.actions.funding.shared import CannotRequest, ChangedMeanwhile, IsGone, lock
from partnerships.funding import CODES, VERB
from partnerships.models import FundingRequest, new_reference
from partnerships.permissions import organisations_known_to

State = FundingRequest.State


@transaction.atomic
def start_request(
    title: str,
    *,
    sender: Organisation,
    receiver: Organisation,
    actor: Person,
    at: dt.datetime,
    reference: str | None = None,
) -> FundingRequest:
    """Start to ask an organisation of the other side for funding, or to propose it. Nobody else learns of it yet.

    Arguments:
        reference: the one the form was given out with, so that sending it twice starts one.

    Raises:
        CannotRequest: the person does not work for the sender, or this receiver can't be asked.
    """
    # Locked, so that the same form sent twice at once finds the request of the first.
    sender = Organisation.objects.select_for_update().get(pk=sender.pk)
    reference = reference or new_reference()
    existing = FundingRequest.objects.filter(reference=reference, written_by=actor).first()
    if existing is not None:
        return existing
    if not may(actor, VERB, sender) or sender.merged_into_id is not None:
        raise CannotRequest(_("Choose one of your own organisations."))
    refuse_receiver(sender, receiver, actor)
    request = FundingRequest.objects.create(
        reference=reference, title=title, sender=sender, receiver=receiver, written_by=actor, written_at=at
    )
    record("funding.started", request, actor=actor, at=at, organisation=sender, private=True)
    return request


def refuse_receiver(sender: Organisation, receiver: Organisation, actor: Person) -> None:
    """
    Raises:
        CannotRequest: the receiver is not of the other side, is not known to the actor, or has nobody to answer.
    """
    if {sender.kind, receiver.kind} != {Organisation.Kind.GROUP, Organisation.Kind.COMPANY}:
        raise CannotRequest(_("A group asks a company, and a company proposes to a group."))
    if Organisation.objects.of(actor).filter(pk=receiver.pk).exists():
        raise CannotRequest(_("You belong to both. Somebody else has to ask."))
    if not organisations_known_to(actor).filter(pk=receiver.pk).exists():
        raise CannotRequest(_("They are not here any more."))
    if not people_who_may(VERB, [receiver])[receiver.pk]:
        raise CannotRequest(_("Nobody there could answer yet. Invite somebody first."))


@transaction.atomic
def write_request(
    request: FundingRequest, code: str, *, values: dict, base: int, actor: Person, at: dt.datetime
) -> FundingRequest:
    """Write a part: of a draft, or of what a question was asked about. Half a part is saved, too.

    Arguments:
        values: as in `PlanPart.values`.
        base: how often it had been written when it was read.

    Raises:
        ChangedMeanwhile: a colleague wrote it since.
        CannotRequest: it lies with the other side, is settled, or the actor does not work for the sender.
        KeyError: there is no such part.
    """
    if code not in CODES:
        raise KeyError(code)
    request, own = lock(request, actor)
    if own.pk != request.sender_id or request.state not in (State.DRAFT, State.ASKED):
        raise CannotRequest(_("This can’t be changed now."))
    if request.values_of(code) == values and request.version_of(code):
        return request
    if base != request.version_of(code):
        raise ChangedMeanwhile(_("A colleague changed this part since you opened it."))
    request.parts = request.parts | {code: {"values": values, "version": base + 1}}
    request.save(update_fields=["parts"])
    record(
        "funding.written", request, actor=actor, at=at, organisation=own, private=True, part=code,
        version=base + 1,
    )  # fmt: skip
    return request


@transaction.atomic
def drop_request(request: FundingRequest, *, actor: Person, at: dt.datetime) -> None:
    """Throw a draft away. What was sent is taken back instead. Doing it twice is doing it once.

    Raises:
        CannotRequest: it was sent, or the actor does not work for the sender.
    """
    try:
        request, own = lock(request, actor)
    except IsGone:
        return
    if own.pk != request.sender_id or request.state != State.DRAFT:
        raise CannotRequest(_("This was sent. Take it back instead."))
    record("funding.dropped", request, actor=actor, at=at, organisation=own, private=True)
    request.delete()
