"""Dropping a contract that was started by mistake, as long as nobody has signed it."""

import datetime as dt

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.audit import record, subject_of
from accounts.models import Event, Person
from accounts.notices import owe, void
from partnerships.actions.contract.shared import lock_for_writing, pass_turn
from partnerships.actions.contract.stages import ask_for_contract
from partnerships.actions.people import everybody_to_tell
from partnerships.contract import ContractState
from partnerships.models import Project

Stage = Project.Stage


class CannotDropContract(Exception):
    """The contract can't be dropped, or not by this partner."""


class ChangedSinceShown(CannotDropContract):
    """More would be lost than this person was shown."""


@transaction.atomic
def drop_contract(
    contract, *, reason: str, content: str | None = None, actor: Person, at: dt.datetime
) -> None:
    """Drop a contract that nobody has signed: its words and files go; what it was called, and why it went, stays.

    Partners who had it or wrote on it are told. The first contract is everybody's to start again.

    Arguments:
        reason: why, in words that all partners read.
        content: the fingerprint of what was shown before (`ContractState.content`).

    Raises:
        CannotDropContract: another partner started it, or somebody signed it.
        ChangedSinceShown: somebody wrote on it meanwhile.
        ContractIsClosed: it is signed by all or dropped already, or the project is over.
        ActsForNobody: the person acts for no partner.
    """
    state, organisation = lock_for_writing(contract, actor, at)
    contract, project = state.contract, state.contract.project
    if state.signatures:
        names = [signature.organisation.name for signature in state.signatures.values()]
        raise CannotDropContract(
            _("{name} has signed it. It can be dropped once that is taken back.").format(name=names[0])
        )
    if not state.may_be_dropped_by(organisation):
        raise CannotDropContract(_("Only who started a contract can drop it."))
    if content is not None and content != state.content:
        raise ChangedSinceShown(_("Somebody wrote on it meanwhile. See what is lost now, then drop it."))
    known = is_known_to_others(state)
    for version in state.versions:
        transaction.on_commit(lambda name=version.file.name: default_storage.delete(name), robust=True)
    pass_turn(contract, None, at=at)
    void(reason=gettext_noop("the contract was dropped"), at=at, subject=subject_of(contract))
    record(
        "contract.dropped", contract, actor=actor, at=at, project=project, organisation=organisation,
        number=contract.number, title=contract.title, why=reason, versions=len(state.versions),
    )  # fmt: skip
    for person in everybody_to_tell(project, but=organisation) if known else ():
        owe(
            person,
            kind="contract_dropped",
            key=f"contract-dropped:{contract.pk}:p{person.pk}",
            at=at,
            subject=subject_of(contract),
            project=project,
            organisation=organisation.name,
            contract=contract.title,
        )
    contract.delete()
    if project.stage == Stage.CONTRACT:
        ask_for_contract(project, actor=actor, at=at)


def is_known_to_others(state: ContractState) -> bool:
    """Whether a contract lay with another partner than the one that started it, or another one wrote on it."""
    others = Event.objects.filter(subject=subject_of(state.contract)).exclude(organisation=None)
    return len(state.turns) > 1 or others.exclude(organisation=state.starter).exists()
