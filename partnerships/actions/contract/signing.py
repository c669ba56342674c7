"""Signatures: each partner records its own, and the last one ends the stage, once the contract is approved."""

import datetime as dt

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.days import local_day
from accounts.files import Upload, kept
from accounts.models import Person
from partnerships.actions.contract.finishing import go_on
from partnerships.actions.contract.shared import lock_for_writing
from partnerships.actions.people import acting_organisation
from partnerships.interests import undeclared_of, undeclared_words
from partnerships.models import Contract, ContractSignature, FileState, Project

Stage = Project.Stage


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


class _SignedAlready(Exception):
    def __init__(self, signature):
        self.signature = signature


def record_signature(
    contract: Contract,
    *,
    signer: str,
    signed_on: dt.date,
    scan: Upload | None = None,
    content: str | None = None,
    actor: Person,
    at: dt.datetime,
) -> ContractSignature:
    """Record the signature of the partner for which somebody acts.

    The last one ends Contract, and starts Deliver, once the contract is approved where its kind needs that.

    Recording it twice changes nothing.

    Arguments:
        signer: the name of the person who signed.
        signed_on: the day on which they did, at the latest today as the project counts its days.
        scan: a copy of the signed page.
        content: the fingerprint of what was read (`ContractState.content`); a signature is for that.

    Raises:
        CannotSign: the day lies ahead, or the plan is open again.
        NotReadyToSign: something is missing in the contract.
        InterestsNotDeclared: the person, or somebody of the own side who is on the project, has not declared theirs.
        ChangedSinceRead: it was changed after it was read.
        ContractIsClosed: the project is over.
        CannotKeepFile: the disk did not take the scan.
        ActsForNobody: the person acts for no partner.
    """
    try:
        with kept(scan, "scans") as stored, transaction.atomic():
            return _record(
                contract, stored, signer=signer, signed_on=signed_on, scan=scan, content=content,
                actor=actor, at=at,
            )  # fmt: skip
    except _SignedAlready as found:
        return found.signature


def _record(contract, stored, *, signer, signed_on, scan, content, actor, at):
    project = Project.objects.select_for_update().get(pk=contract.project_id)
    signed = contract.signatures.filter(organisation=acting_organisation(project, actor, at)).first()
    if signed is not None:
        raise _SignedAlready(signed)
    state, organisation = lock_for_writing(contract, actor, at)
    contract, project = state.contract, state.contract.project
    if project.stage in (Stage.SHAPE, Stage.AGREE):
        raise CannotSign(_("The plan is open again. Sign once everybody has agreed to it."))
    if signed_on > local_day(at, project.zone):
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
        signer=signer,
        signed_on=signed_on,
        scan=stored,
        scan_name=scan.name if scan else "",
        scan_type=scan.kind.content_type if scan else "",
        scan_state=FileState.HELD if scan and scan.held else FileState.CLEAN,
        recorded_by=actor,
        recorded_at=at,
    )
    record(
        "contract.signed", contract, actor=actor, at=at, project=project, organisation=organisation,
        version=state.newest.number, signed_on=signed_on.isoformat(), content=state.content,
    )  # fmt: skip
    state.signatures[organisation.pk] = signature
    go_on(state, by=organisation, actor=actor, at=at)
    return signature


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
