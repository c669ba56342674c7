"""Signatures: each partner records its own, and the last one ends the stage, once the contract is approved."""

import datetime as dt
from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.days import local_day
from accounts.files import Upload, kept
from accounts.fresh import LASTS
from accounts.models import Person
from partnerships.actions.contract.finishing import go_on
from partnerships.actions.contract.shared import lock_for_writing
from partnerships.actions.people import acting_organisation
from partnerships.interests import undeclared_of, undeclared_words
from partnerships.models import Contract, ContractSignature, FileState, Project

Stage = Project.Stage
Method = ContractSignature.Method


class CannotSign(Exception):
    """A signature can't be recorded now."""


class NotReadyToSign(CannotSign):
    """The contract is not complete. `missing` holds what it needs, as sentences."""

    def __init__(self, missing: list[str]):
        super().__init__(" ".join(missing))
        self.missing = missing


class InterestsNotDeclared(CannotSign):
    """Somebody of the own side has not declared their interests."""


class ChangedSinceRead(CannotSign):
    """The contract is no longer what this person read."""


class NoScan(CannotSign):
    """A signature on paper was recorded without its scan."""


class CannotConfirm(CannotSign):
    """This scan can't be confirmed now, or not by this person."""


class _SignedAlready(Exception):
    def __init__(self, signature):
        self.signature = signature


@dataclass(frozen=True)
class Proof:
    """How somebody who signs on the page was known: the network address, and when they proved who they are."""

    address: str
    proved_at: dt.datetime


def record_signature(
    contract: Contract,
    *,
    signer: str,
    signed_on: dt.date,
    scan: Upload | None,
    content: str | None = None,
    actor: Person,
    at: dt.datetime,
) -> ContractSignature:
    """Record that the partner for which somebody acts has signed on paper. It counts once its scan is confirmed.

    Recording it twice changes nothing.

    Arguments:
        signer: the name of the person who signed.
        signed_on: the day on which they did, at the latest today as the project counts its days.
        scan: a copy of the signed page.
        content: the fingerprint of what was read (`ContractState.content`); a signature is for that.

    Raises:
        CannotSign: the day lies ahead, or the plan is open again; NoScan without one.
        NotReadyToSign: something is missing in the contract.
        InterestsNotDeclared: the person, or somebody of the own side who is on the project, has not declared theirs.
        ChangedSinceRead: it was changed after it was read.
        ContractIsClosed: the project is over.
        CannotKeepFile: the disk did not take the scan.
        ActsForNobody: the person acts for no partner.
    """
    if scan is None:
        raise NoScan(_("Add a copy of the signed page."))
    try:
        with kept(scan, "scans") as stored, transaction.atomic():
            how = {
                "method": Method.PAPER,
                "signed_on": signed_on,
                "scan": stored,
                "scan_name": scan.name,
                "scan_type": scan.kind.content_type,
                "scan_state": FileState.HELD if scan.held else FileState.CLEAN,
            }
            return _sign(contract, signer=signer, how=how, content=content, actor=actor, at=at)
    except _SignedAlready as found:
        return found.signature


def sign_contract(
    contract: Contract, *, signer: str, content: str, proof: Proof, actor: Person, at: dt.datetime
) -> ContractSignature:
    """Sign on the page, for the partner for which somebody acts: exactly what it shows, today.

    The last signature ends Contract, and starts Deliver, once all counts and the contract is approved where its kind
    needs that. Signing twice changes nothing.

    Arguments:
        signer: their name, as they typed it.
        content: the fingerprint of what was read (`ContractState.content`); the signature is for that.
        proof: how the person was known; it is kept with the signature.

    Raises:
        CannotSign: they proved too long ago who they are, or the plan is open again.
        NotReadyToSign, InterestsNotDeclared, ChangedSinceRead, ContractIsClosed, ActsForNobody: as `record_signature`.
    """
    if at - proof.proved_at >= LASTS:
        raise CannotSign(_("You signed in some time ago. Confirm that it is you, then sign."))
    how = {"method": Method.PAGE, "address": proof.address, "proved_at": proof.proved_at}
    try:
        with transaction.atomic():
            return _sign(contract, signer=signer, how=how, content=content, actor=actor, at=at)
    except _SignedAlready as found:
        return found.signature


def _sign(contract, *, signer, how, content, actor, at):
    project = Project.objects.select_for_update().get(pk=contract.project_id)
    signed = contract.signatures.filter(organisation=acting_organisation(project, actor, at)).first()
    if signed is not None:
        raise _SignedAlready(signed)
    state, organisation = lock_for_writing(contract, actor, at)
    contract, project = state.contract, state.contract.project
    if project.stage in (Stage.SHAPE, Stage.AGREE):
        raise CannotSign(_("The plan is open again. Sign once everybody has agreed to it."))
    how = {"signed_on": local_day(at, project.zone)} | how
    if how["signed_on"] > local_day(at, project.zone):
        raise CannotSign(_("The day of a signature can't lie ahead."))
    if content is not None and content != state.content:
        raise ChangedSinceRead(_("This was changed after you read it. Read it again, then sign."))
    missing = state.missing()
    if missing:
        raise NotReadyToSign(missing)
    undeclared = undeclared_words(undeclared_of(project, organisation))
    if undeclared:
        raise InterestsNotDeclared(undeclared)
    signature = ContractSignature.objects.create(
        contract=contract,
        organisation=organisation,
        version=state.newest,
        sha256=state.newest.sha256,
        content=state.content,
        signer=signer,
        recorded_by=actor,
        recorded_at=at,
        **how,
    )
    record(
        "contract.signed", contract, actor=actor, at=at, project=project, organisation=organisation,
        version=state.newest.number, signed_on=signature.signed_on.isoformat(), content=state.content,
        sha256=state.newest.sha256, how=str(signature.method),
    )  # fmt: skip
    state.signatures[organisation.pk] = signature
    on_paper = None if signature.counts else signature
    go_on(state, by=organisation, on_paper=on_paper, actor=actor, at=at)
    return signature


@transaction.atomic
def confirm_scan(
    contract: Contract, signature: ContractSignature, *, actor: Person, at: dt.datetime
) -> ContractSignature:
    """Confirm the scan of a signature on paper, as somebody of the other side. Confirming twice is confirming once.

    Raises:
        CannotConfirm: it is of the own side, was taken back meanwhile, or its scan is not checked for viruses; or the
            contract is an amendment that has to take up another one first.
        ContractIsClosed: it is signed by all or was dropped, or the project is over.
        ActsForNobody: the person acts for no partner.
    """
    state, organisation = lock_for_writing(contract, actor, at)
    found = next((one for one in state.signed_by if one.pk == signature.pk), None)
    if found is None:
        raise CannotConfirm(_("This signature was taken back or cleared meanwhile."))
    if found.counts:
        return found
    if not state.may_confirm(found, organisation):
        raise CannotConfirm(_("The other side confirms it."))
    if state.to_take_up():
        raise CannotConfirm(" ".join(state.to_take_up()))
    if found.scan_state != FileState.CLEAN:
        raise CannotConfirm(_("The signed copy is not checked for viruses yet."))
    found.confirmed_by, found.confirmed_for, found.confirmed_at = actor, organisation, at
    found.save(update_fields=["confirmed_by", "confirmed_for", "confirmed_at"])
    record(
        "contract.scan_confirmed", state.contract, actor=actor, at=at, project=state.contract.project,
        organisation=organisation, signed_by=found.organisation.slug, sha256=found.sha256,
    )  # fmt: skip
    go_on(state, by=organisation, actor=actor, at=at)
    return found


@transaction.atomic
def remove_signature(contract: Contract, *, actor: Person, at: dt.datetime) -> bool:
    """Take the own signature back, while others are missing. Says whether there was one.

    Raises:
        ContractIsClosed: everybody has signed.
        ActsForNobody: the person acts for no partner.
    """
    state, organisation = lock_for_writing(contract, actor, at)
    signature = state.signatures.get(organisation.pk)
    if signature is None:
        return False
    if signature.scan:
        transaction.on_commit(lambda: default_storage.delete(signature.scan.name), robust=True)
    signature.delete()
    record(
        "contract.signature_removed", state.contract, actor=actor, at=at, project=state.contract.project,
        organisation=organisation,
    )  # fmt: skip
    return True
