"""Versions of the file of a contract, and files that were held until the virus scanner answers."""

import datetime as dt
from collections.abc import Collection

from django.core.files.storage import default_storage
from django.db import transaction

from accounts.audit import record, subject_of
from accounts.files import Upload, kept
from accounts.models import Person
from accounts.notices import owe, ring
from partnerships.actions.contract.finishing import tell_of_scan
from partnerships.actions.contract.reading import READ_WHEN_RUNG
from partnerships.actions.contract.shared import clear_signatures, lock_for_writing
from partnerships.actions.held import settle_held
from partnerships.actions.people import whom_to_tell
from partnerships.contract import read_contract
from partnerships.models import Contract, ContractSignature, ContractVersion, FileState, Project


class _AlreadyThere(Exception):
    def __init__(self, version):
        self.version = version


def add_version(
    contract: Contract,
    upload: Upload,
    *,
    note: str = "",
    knows: Collection[int | str] = (),
    actor: Person,
    at: dt.datetime,
) -> ContractVersion:
    """Add a version of the file. It is what everybody reads from now on. Clears the signatures and the approval there are.

    The file that is the newest version already becomes no other one, so a form sent twice adds one.

    Arguments:
        note: what changed since the version before, and why.
        knows: marks of the signatures and of the approval that the writer knows to be cleared.

    Raises:
        ContractIsClosed, ClearsSignatures
        CannotKeepFile: the disk did not take it.
        ActsForNobody: the person acts for no partner.
    """
    try:
        # Around the transaction: when it fails, its commit included, no file stays behind.
        with kept(upload, "contracts") as stored, transaction.atomic():
            return _add_version(contract, upload, stored=stored, note=note, knows=knows, actor=actor, at=at)
    except _AlreadyThere as found:
        return found.version


def _add_version(contract, upload, *, stored, note, knows, actor, at):
    state, organisation = lock_for_writing(contract, actor, at)
    newest = state.newest
    if (
        newest is not None
        and newest.sha256 == upload.sha256
        and newest.organisation_id == organisation.pk
        and newest.state != FileState.REMOVED
        and default_storage.exists(newest.file.name)
    ):
        raise _AlreadyThere(newest)
    clear_signatures(state, knows=knows, organisation=organisation, actor=actor, at=at)
    version = ContractVersion.objects.create(
        contract=state.contract,
        number=newest.number + 1 if newest else 1,
        file=stored,
        file_name=upload.name,
        content_type=upload.kind.content_type,
        size=upload.size,
        sha256=upload.sha256,
        pages=upload.pages,
        state=FileState.HELD if upload.held else FileState.CLEAN,
        note=note,
        organisation=organisation,
        uploaded_by=actor,
        uploaded_at=at,
    )
    record(
        "contract.version_added", state.contract, actor=actor, at=at, project=state.contract.project,
        organisation=organisation, version=version.number, sha256=version.sha256, pages=version.pages,
    )  # fmt: skip
    ring(READ_WHEN_RUNG)
    return version


def check_held_files(*, at: dt.datetime) -> dict[str, int]:
    """Ask the scanner about files that were uploaded while it was away. Running it again changes nothing.

    Returns how many turned out `clean` and how many were `removed`.
    """
    versions = ContractVersion.objects.filter(state=FileState.HELD).select_related("contract").order_by("pk")
    signatures = ContractSignature.objects.filter(scan_state=FileState.HELD).select_related("contract")
    found = (
        settle_held(((version, version.file.name) for version in versions), _settle_version, at=at),
        settle_held(((one, one.scan.name) for one in signatures.order_by("pk")), _settle_scan, at=at),
    )
    return {state: sum(counted[state] for counted in found) for state in ("clean", "removed")}


@transaction.atomic
def _settle_version(version, state, at):
    project = Project.objects.select_for_update().get(pk=version.contract.project_id)
    changed = ContractVersion.objects.filter(pk=version.pk, state=FileState.HELD).update(state=state)
    if not changed:
        return 0
    contract = version.contract
    contract.project = project
    record(
        f"contract.version_{state}", contract, actor=None, at=at, project=project,
        organisation=version.organisation, version=version.number,
    )  # fmt: skip
    if state == FileState.CLEAN:
        ring(READ_WHEN_RUNG)
    else:
        _remove(version.file.name, contract, version.organisation, f"version:{version.pk}", at)
    return 1


@transaction.atomic
def _settle_scan(signature, state, at):
    project = Project.objects.select_for_update().get(pk=signature.contract.project_id)
    changed = ContractSignature.objects.filter(pk=signature.pk, scan_state=FileState.HELD).update(
        scan_state=state
    )
    if not changed:
        return 0
    contract = signature.contract
    contract.project = project
    if state == FileState.CLEAN:
        signature.scan_state = state
        tell_of_scan(read_contract(contract), signature, at=at)
    else:
        record(
            "contract.scan_removed", contract, actor=None, at=at, project=project,
            organisation=signature.organisation,
        )  # fmt: skip
        _remove(signature.scan.name, contract, signature.organisation, f"scan:{signature.pk}", at)
    return 1


def _remove(name, contract, organisation, what, at):
    transaction.on_commit(lambda: default_storage.delete(name), robust=True)
    for person in whom_to_tell(contract.project, organisation):
        owe(
            person,
            kind="contract_file_removed",
            key=f"contract-file-removed:{what}:p{person.pk}",
            at=at,
            subject=subject_of(contract),
            project=contract.project,
        )
