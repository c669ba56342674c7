"""What the actions of a contract share: the lock, what somebody changed, signatures that a change clears, the turn."""

import datetime as dt
from collections.abc import Collection, Mapping

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.audit import record, subject_of
from accounts.models import Organisation, Person
from accounts.notices import owe, void
from partnerships.actions.people import acting_organisation, whom_to_ask_to_sign, whom_to_tell
from partnerships.actions.turns import give_turn, take_turn
from partnerships.amendments import PLACE_OF_TERM, Elsewhere, changed_elsewhere
from partnerships.checklist import read_checklist
from partnerships.contract import ContractState, fingerprint, mark_of, read_contract
from partnerships.models import Contract, ContractTurn, Project, Turn

Stage = Project.Stage

OVER = {Stage.COMPLETED, Stage.WITHDRAWN}


class ContractIsClosed(Exception):
    """The contract can't change any more."""


class ChangedSince(Exception):
    """Somebody changed the same places since this writer read them. `places` are their names."""

    def __init__(self, places: list[str]):
        super().__init__(_("Somebody changed this while you were writing. Choose what to keep."))
        self.places = places


class ClearsSignatures(Exception):
    """The change would clear signatures, or an approval, of which the writer does not know.

    `organisations` signed; `approved_by` is the organisation that approved, if it is about that, too.
    """

    def __init__(self, organisations: list[Organisation], approved_by: Organisation | None = None):
        names = get_text_list([organisation.name for organisation in organisations], _("and"))
        sentences = []
        if organisations:
            sentences.append(_("{names} signed in the meantime.").format(names=names))
        if approved_by:
            sentences.append(_("{name} approved it in the meantime.").format(name=approved_by.name))
        sentences.append(_("Saving clears that. Save again if you want it."))
        super().__init__(" ".join(sentences))
        self.organisations = organisations
        self.approved_by = approved_by


class ChangedElsewhere(Exception):
    """Another open amendment changes the same. `found`: by place, which one and what it says there."""

    def __init__(self, found: dict[str, Elsewhere]):
        super().__init__(_("Another amendment changes the same. Only one of the two can."))
        self.found = found


def lock_for_writing(
    contract: Contract, actor: Person, at: dt.datetime
) -> tuple[ContractState, Organisation]:
    """Lock a contract and read it, for somebody who acts for a partner.

    Raises:
        ContractIsClosed: it is signed by all or was dropped, or the project is over.
        ActsForNobody
    """
    # The project's row is the lock of everything on it: always taken first.
    project = Project.objects.select_for_update().get(pk=contract.project_id)
    organisation = acting_organisation(project, actor, at)
    contract = Contract.objects.select_for_update().filter(pk=contract.pk).first()
    if contract is None:
        raise ContractIsClosed(_("This contract was dropped meanwhile."))
    contract.project = project
    if contract.signed_at is not None:
        raise ContractIsClosed(_("This contract is signed by all. What changes now is a new contract."))
    if project.stage in OVER:
        raise ContractIsClosed(_("This project is over. Its contract stays as it is."))
    return read_contract(contract), organisation


def changes_of(
    now: Mapping[str, object], wanted: Mapping[str, object], read: Mapping[str, str] | None
) -> dict[str, object]:
    """What a writer changes, by name. What only somebody else changed is not among it.

    Raises:
        ChangedSince: the writer and somebody else changed the same.
    """
    changes, conflicts = {}, []
    for name, value in wanted.items():
        as_read = fingerprint(now[name]) if read is None else read.get(name, "")
        if fingerprint(value) in (as_read, fingerprint(now[name])):
            continue
        if fingerprint(now[name]) != as_read:
            conflicts.append(name)
        changes[name] = value
    if conflicts:
        raise ChangedSince(conflicts)
    return changes


def count_unsettled(contract: Contract) -> None:
    """Store how many required items are not settled, so that lists need not read the checklist."""
    contract.unsettled_checks = len(read_checklist(contract).unsettled)
    contract.save(update_fields=["unsettled_checks"])


def refuse_changed_elsewhere(state: ContractState, names: Collection[str]) -> None:
    """See that no other open amendment changes what this one does, now that these have their new value.

    It needs the lock: of two that are saved at the same time, the second finds what the first has changed.

    Arguments:
        names: rows and terms that change.

    Raises:
        ChangedElsewhere
    """
    if state.contract.amends_id is None:
        return
    places = {PLACE_OF_TERM.get(name, name) for name in names} & set(state.changes)
    if places:
        elsewhere = changed_elsewhere(state.contract)
        found = {place: elsewhere[place] for place in state.changes if place in places and place in elsewhere}
        if found:
            raise ChangedElsewhere(found)


def clear_signatures(
    state: ContractState,
    *,
    knows: Collection[int | str],
    organisation: Organisation,
    actor: Person | None,
    at: dt.datetime,
) -> None:
    """Clear the signatures and the approval of a contract that changes, and tell those who gave them.

    Arguments:
        knows: marks of what the writer knows to be cleared (`ContractState.clears`).

    Raises:
        ClearsSignatures: the writer does not know of one.
    """
    signatures, approval, known = state.signed_by, state.approval, {str(mark) for mark in knows}
    unknown = [signature.organisation for signature in signatures if str(signature.pk) not in known]
    approved = approval is not None and mark_of(approval) not in known
    if unknown or approved:
        raise ClearsSignatures(unknown, approval.organisation if approved else None)
    contract = state.contract
    if approval is not None:
        _clear_approval(state, organisation=organisation, actor=actor, at=at)
    for signature in signatures:
        if signature.scan:
            transaction.on_commit(lambda name=signature.scan.name: default_storage.delete(name), robust=True)
        if signature.organisation_id != organisation.pk:
            for person in whom_to_tell(contract.project, signature.organisation):
                owe(
                    person,
                    kind="contract_unsigned",
                    key=f"contract-unsigned:{signature.pk}:p{person.pk}",
                    at=at,
                    subject=subject_of(contract),
                    project=contract.project,
                    organisation=organisation.name,
                )
        signature.delete()
    if signatures:
        record(
            "contract.signatures_cleared", contract, actor=actor, at=at, project=contract.project,
            organisation=organisation, signed=[signature.organisation.slug for signature in signatures],
        )  # fmt: skip
        state.signatures.clear()


def _clear_approval(state, *, organisation, actor, at):
    contract, approval = state.contract, state.approval
    contract.approved_at = None
    contract.save(update_fields=["approved_at"])
    if approval.organisation_id != organisation.pk:
        for person in whom_to_tell(contract.project, approval.organisation):
            owe(
                person,
                kind="contract_unapproved",
                key=f"contract-unapproved:{approval.pk}:p{person.pk}",
                at=at,
                subject=subject_of(contract),
                project=contract.project,
                organisation=organisation.name,
            )
    record(
        "contract.approval_cleared", contract, actor=actor, at=at, project=contract.project,
        organisation=organisation, version=approval.version.number, sha256=approval.sha256,
    )  # fmt: skip
    approval.delete()
    state.approval = None


def pass_turn(
    contract: Contract,
    to: Organisation | None,
    *,
    by: Organisation | None = None,
    at: dt.datetime,
    note: str = "",
    signed: bool = False,
    approve: bool = False,
    copy: bool = False,
) -> None:
    """The contract lies with this partner from now on, or with nobody any more.

    Arguments:
        by: who hands it over, of which the receivers are told; None when they took it themselves.
        note: what is asked of them.
        signed: it is handed over to be signed, after the others have.
        approve: it is handed over to be approved, after all have signed.
        copy: what was signed on paper waits for them to confirm it, too.
    """
    project, ref = contract.project, str(contract.number)
    contract.turns.filter(until=None).update(until=at)
    take_turn(project, Turn.Kind.CONTRACT, ref=ref, at=at)
    void(
        reason=gettext_noop("the contract lies elsewhere"),
        at=at,
        kind="contract_turn",
        subject=subject_of(contract),
    )
    if to is None:
        return
    turn = ContractTurn.objects.create(contract=contract, organisation=to, since=at, note=note)
    give_turn(project, to, Turn.Kind.CONTRACT, at=at, ref=ref)
    if by is None:
        return
    told = whom_to_tell(project, to)
    if Contract.objects.waiting_for_signature().filter(pk=contract.pk).exists():
        told += whom_to_ask_to_sign(project, to)
    for person in told:
        owe(
            person,
            kind="contract_turn",
            key=f"contract-turn:{turn.pk}:p{person.pk}",
            at=at,
            subject=subject_of(contract),
            project=project,
            organisation=by.name,
            signed=signed,
            **({"approve": True} if approve else {}),
            **({"copy": True} if copy else {}),
        )
