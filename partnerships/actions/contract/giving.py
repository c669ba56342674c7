"""Giving a contract to a colleague: who of the organisation whose turn it is has it now. The turn stays where it is."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.audit import record, subject_of
from accounts.models import Membership, Organisation, Person
from accounts.notices import owe, void
from partnerships.actions.contract.shared import lock_for_writing
from partnerships.models import Contract, ContractTurn, Project
from partnerships.permissions import acting_people


class CannotGive(Exception):
    """The contract can't be given to this colleague, or not by this person."""


def who_may_have_it(project: Project, organisation: Organisation) -> list[Person]:
    """The people of an organisation to whom it may give a contract: who may write it here, by their names."""
    able = acting_people(project, verb="write_contract", organisation=organisation)
    return [acting.person for acting in able]


@transaction.atomic
def give_contract(
    contract: Contract, to: Person, *, word: str = "", actor: Person, at: dt.datetime
) -> ContractTurn:
    """Say which colleague has the contract now, who is told unless they said it themselves. It ends with the turn.

    Giving it to whoever has it already, with the same word, changes nothing.

    Arguments:
        word: a short word to them; the own side alone reads it.

    Raises:
        CannotGive: it lies with another partner, or the colleague may not work on it here.
        ContractIsClosed: it is signed by all or was dropped, or the project is over.
        ActsForNobody: the person acts for no partner.
    """
    state, organisation, turn = _lock(contract, actor, at)
    project = state.contract.project
    if to not in who_may_have_it(project, organisation):
        raise CannotGive(_("Choose a colleague who may work on this contract."))
    if turn.holder_id == to.pk and turn.given_word == word:
        return turn
    again = turn.holder_id == to.pk
    turn.holder, turn.given_by, turn.given_at, turn.given_word = to, actor, at, word
    turn.save(update_fields=["holder", "given_by", "given_at", "given_word"])
    # Who has it stands on the page. The line is about the organisation's own work: the others need not read it.
    record(
        "contract.given", state.contract, actor=actor, at=at, project=project, organisation=organisation,
        person=to.pk, private=True,
    )  # fmt: skip
    if not again:
        _void_given(turn, at)
    if not again and to != actor:
        owe(
            to,
            kind="contract_given",
            key=f"contract-given:{turn.pk}:p{to.pk}:{at.isoformat()}",
            at=at,
            subject=subject_of(turn),
            project=project,
        )
    return turn


@transaction.atomic
def take_contract_back(contract: Contract, *, actor: Person, at: dt.datetime) -> ContractTurn:
    """Nobody in particular has the contract any more: every Lead and Owner as before. Doing it twice changes nothing.

    Raises:
        CannotGive: it lies with another partner.
        ContractIsClosed, ActsForNobody
    """
    state, organisation, turn = _lock(contract, actor, at)
    if turn.holder_id is None:
        return turn
    before = turn.holder_id
    _clear(turn, at)
    record(
        "contract.given_back", state.contract, actor=actor, at=at, project=state.contract.project,
        organisation=organisation, person=before, private=True,
    )  # fmt: skip
    return turn


def let_go_of_contracts(membership: Membership, *, at: dt.datetime) -> None:
    """A member left: the contracts that they had for the organisation are with nobody in particular again."""
    held = ContractTurn.objects.filter(
        holder=membership.person_id, organisation=membership.organisation_id, until=None
    )
    for turn in held.select_for_update().order_by("pk"):
        _clear(turn, at)


def _clear(turn, at):
    turn.holder = turn.given_by = turn.given_at = None
    turn.given_word = ""
    turn.save(update_fields=["holder", "given_by", "given_at", "given_word"])
    _void_given(turn, at)


def _lock(contract, actor, at):
    state, organisation = lock_for_writing(contract, actor, at)
    turn = state.turn
    if turn is None or turn.organisation_id != organisation.pk:
        raise CannotGive(_("The contract is not with you now."))
    return state, organisation, turn


def _void_given(turn, at):
    void(
        reason=gettext_noop("the contract lies elsewhere"),
        at=at,
        kind="contract_given",
        subject=subject_of(turn),
    )
