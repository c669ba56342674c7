"""After a signature or an approval: the contract is finished, or lies with whoever has to act next."""

import datetime as dt

from accounts.audit import record, subject_of
from accounts.models import Organisation, Person
from accounts.notices import owe
from partnerships.actions.contract.shared import pass_turn
from partnerships.actions.people import everybody_to_tell, whom_to_ask_to_sign, whom_to_tell
from partnerships.actions.stages import enter_stage
from partnerships.contract import ContractState
from partnerships.models import Contract, ContractSignature, FileState, Project

Stage = Project.Stage


def go_on(
    state: ContractState,
    *,
    by: Organisation,
    on_paper: ContractSignature | None = None,
    actor: Person,
    at: dt.datetime,
) -> bool:
    """Finish a contract that all have signed, once what counts is there. Says whether it is finished.

    A signature on paper counts once its scan is confirmed; and it is approved where its kind needs that.

    The first contract that is finished starts Deliver. One that is not finished goes to whoever is missing, unless it
    lies with one of them already.

    Arguments:
        by: who has just signed or approved.
        on_paper: the signature on paper that has just been recorded: who confirms its copy is told of both at once.
    """
    contract, waiting = state.contract, state.unsigned
    if not waiting and not state.unconfirmed and not state.lacks_approval:
        _finish(state, actor=actor, at=at)
        return True
    to_confirm = [
        one for one in state.organisations if any(state.may_confirm(s, one) for s in state.unconfirmed)
    ]
    wanted = waiting or (state.approvers if state.lacks_approval else to_confirm)
    moves = wanted and state.turn is not None and state.turn.organisation not in wanted
    to = wanted[0] if moves else None
    # Who gets it to confirm a copy, and nothing else, is told of the copy.
    told = moves and (waiting or state.lacks_approval)
    copy = on_paper is not None and to is not None and state.may_confirm(on_paper, to)
    if moves:
        pass_turn(
            contract,
            to,
            by=by if told else None,
            at=at,
            signed=bool(waiting),
            approve=not waiting and state.lacks_approval,
            copy=copy and on_paper.scan_state == FileState.CLEAN,
        )
    if on_paper is not None:
        tell_of_scan(state, on_paper, but=to if told and copy else None, at=at)
    return False


def tell_of_scan(
    state: ContractState, signature: ContractSignature, *, but: Organisation | None = None, at: dt.datetime
) -> None:
    """The copy of a signature on paper waits to be confirmed: whoever may do that on the other side is told.

    Nobody is before the virus scanner has seen it.

    Arguments:
        but: a partner that hears of it otherwise.
    """
    if signature.scan_state != FileState.CLEAN:
        return
    project = state.contract.project
    confirming = [one for one in state.organisations if one != but and state.may_confirm(signature, one)]
    for organisation in confirming:
        for person in [*whom_to_tell(project, organisation), *whom_to_ask_to_sign(project, organisation)]:
            owe(
                person,
                kind="scan_waits",
                key=f"scan-waits:{signature.pk}:p{person.pk}",
                at=at,
                subject=subject_of(signature),
                project=project,
            )


def _leave_others_behind(state, at):
    """The other open amendments of the same contract have to take up what this one changes. All partners are told."""
    if state.changes:
        others = Contract.objects.filter(amends=state.contract.amends_id, signed_at=None, outdated=False)
        behind = list(others.order_by("number"))
        others.update(outdated=True)
        for amendment in behind:
            for person in everybody_to_tell(state.contract.project):
                owe(
                    person,
                    kind="amendment_behind",
                    key=f"amendment-behind:{amendment.pk}:{state.contract.pk}:p{person.pk}",
                    at=at,
                    subject=subject_of(amendment),
                    project=state.contract.project,
                    signed=state.contract.title,
                )


def _finish(state, *, actor, at):
    contract, project = state.contract, state.contract.project
    contract.signed_at = at
    contract.save(update_fields=["signed_at"])
    pass_turn(contract, None, at=at)
    _leave_others_behind(state, at)
    record("contract.completed", contract, actor=actor, at=at, project=project, number=contract.number)
    if project.stage == Stage.CONTRACT:
        enter_stage(project, Stage.DELIVER, actor=actor, at=at)
    for person in everybody_to_tell(project):
        owe(
            person,
            kind="contract_signed",
            key=f"contract-signed:{contract.pk}:p{person.pk}",
            at=at,
            subject=subject_of(contract),
            project=project,
        )
