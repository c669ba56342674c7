"""The approval (certification) of a contract: a step of its own, by somebody who did not write it."""

import datetime as dt

from django.db import transaction
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.days import local_day
from accounts.models import Person
from partnerships.actions.contract.finishing import go_on
from partnerships.actions.contract.shared import lock_for_writing
from partnerships.contract import ContractState
from partnerships.models import Contract, ContractApproval, Project

Stage = Project.Stage


class CannotApprove(Exception):
    """This contract can't be approved now, or not by this person."""


class NotReadyToApprove(CannotApprove):
    """The contract is not complete. `missing` holds what it needs, as sentences."""

    def __init__(self, missing: list[str]):
        super().__init__(" ".join(missing))
        self.missing = missing


class ChangedBeforeApproval(CannotApprove):
    """The contract is no longer what this person read."""


class CannotDate(CannotApprove):
    """The day of the approval lies ahead, or before the version was there."""


@transaction.atomic
def approve_contract(
    contract: Contract,
    *,
    name: str,
    registration: str,
    approved_on: dt.date,
    content: str | None = None,
    actor: Person,
    at: dt.datetime,
) -> ContractApproval:
    """Approve the newest version of a contract, as one of the side that its rules name (ABPI Code 8.3).

    It is for that version with its hash, and for what the contract says now: any change clears it. When all have
    signed already, it ends Contract and starts Deliver. Approving what is approved changes nothing.

    Arguments:
        name: of the person who approves, as they are registered.
        registration: a code of the rule set, what they are registered as.
        approved_on: from the day on which the version was added to today, as the project counts its days.
        content: the fingerprint of what was read (`ContractState.content`).

    Raises:
        CannotApprove: nothing is to be approved, the person wrote the version or acts for another side, the rules
            know no such registration, or the plan is open again.
        CannotDate: the day lies ahead, or before the version was there.
        NotReadyToApprove: something is missing in the contract.
        ChangedBeforeApproval: it was changed after it was read.
        ContractIsClosed: it is signed by all or was dropped, or the project is over.
        ActsForNobody: the person acts for no partner.
    """
    state, organisation = lock_for_writing(contract, actor, at)
    contract, project = state.contract, state.contract.project
    if state.approval is not None:
        return state.approval
    reason = why_not(state, actor, organisation)
    if reason:
        raise CannotApprove(reason)
    if project.stage in (Stage.SHAPE, Stage.AGREE):
        raise CannotApprove(_("The plan is open again. Approve once everybody has agreed to it."))
    if registration not in state.checklist.rules.approval.registrations:
        raise CannotApprove(_("Choose one of the registrations."))
    if content is not None and content != state.content:
        raise ChangedBeforeApproval(_("This was changed after you read it. Read it again, then approve."))
    missing = state.missing()
    if missing:
        raise NotReadyToApprove(missing)
    if approved_on > local_day(at, project.zone):
        raise CannotDate(_("The day of an approval can't lie ahead."))
    if approved_on < local_day(state.newest.uploaded_at, project.zone):
        raise CannotDate(_("The day can't be before this version was added."))
    contract.approved_at = at
    contract.save(update_fields=["approved_at"])
    state.approval = ContractApproval.objects.create(
        contract=contract,
        version=state.newest,
        sha256=state.newest.sha256,
        content=state.content,
        organisation=organisation,
        author=state.newest.uploaded_by,
        approved_by=actor,
        name=name,
        registration=registration,
        approved_on=approved_on,
        recorded_at=at,
    )
    record(
        "contract.approved", contract, actor=actor, at=at, project=project, organisation=organisation,
        version=state.newest.number, sha256=state.newest.sha256, content=state.content,
        registration=registration, approved_on=approved_on.isoformat(),
    )  # fmt: skip
    go_on(state, by=organisation, actor=actor, at=at)
    return state.approval


def why_not(state: ContractState, person: Person, organisation) -> str:
    """Why this person can't approve the newest version, as a sentence; empty when nothing stands against it.

    Arguments:
        organisation: for which they act.
    """
    if not state.contract.needs_approval:
        return _("A contract of this kind needs no approval.")
    if organisation not in state.approvers:
        names = get_text_list([one.name for one in state.approvers], _("or"))
        return _("Somebody of {names} approves it.").format(names=names)
    if state.newest is not None and state.newest.uploaded_by_id == person.pk:
        return _("You added version {number}. Somebody who did not write it approves it.").format(
            number=state.newest.number
        )
    return ""
