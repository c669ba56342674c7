"""After a signature or an approval: the contract is finished, or lies with whoever has to act next."""

import datetime as dt

from accounts.audit import record, subject_of
from accounts.models import Organisation, Person
from accounts.notices import owe
from partnerships.actions.contract.shared import pass_turn
from partnerships.actions.people import everybody_to_tell
from partnerships.actions.stages import enter_stage
from partnerships.contract import ContractState
from partnerships.models import Contract, Project

Stage = Project.Stage


def go_on(state: ContractState, *, by: Organisation, actor: Person, at: dt.datetime) -> bool:
    """Finish a contract that all have signed, once what counts is there. Says whether it is finished.

    A signature on paper counts once its scan is confirmed; and it is approved where its kind needs that.

    The first contract that is finished starts Deliver. One that is not finished goes to whoever is missing, unless it
    lies with one of them already.

    Arguments:
        by: who has just signed or approved.
    """
    contract, waiting = state.contract, state.unsigned
    if not waiting and not state.unconfirmed and not state.lacks_approval:
        _finish(state, actor=actor, at=at)
        return True
    to_confirm = [
        one for one in state.organisations if any(state.may_confirm(s, one) for s in state.unconfirmed)
    ]
    wanted = waiting or (state.approvers if state.lacks_approval else to_confirm)
    if wanted and state.turn is not None and state.turn.organisation not in wanted:
        pass_turn(
            contract,
            wanted[0],
            by=by,
            at=at,
            signed=bool(waiting),
            approve=not waiting and state.lacks_approval,
        )
    return False


def _leave_others_behind(state):
    """The other open amendments of the same contract have to take up what this one changes."""
    if state.changes:
        others = Contract.objects.filter(amends=state.contract.amends_id, signed_at=None)
        others.update(outdated=True)


def _finish(state, *, actor, at):
    contract, project = state.contract, state.contract.project
    contract.signed_at = at
    contract.save(update_fields=["signed_at"])
    pass_turn(contract, None, at=at)
    _leave_others_behind(state)
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
