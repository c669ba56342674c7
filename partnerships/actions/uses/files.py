"""Files of permissions that were uploaded while the virus scanner was away."""

import datetime as dt

from django.core.files.storage import default_storage
from django.db import transaction

from accounts.audit import record, subject_of
from accounts.notices import owe
from partnerships.actions.held import settle_held
from partnerships.actions.people import whom_to_tell
from partnerships.models import FileState, Project, UsePermission


def check_held_items(*, at: dt.datetime) -> dict[str, int]:
    """Ask the scanner about files that are held. Running it again changes nothing.

    Returns how many turned out `clean` and how many were `removed`.
    """
    held = UsePermission.objects.filter(state=FileState.HELD).order_by("pk")
    return settle_held(((permission, permission.file.name) for permission in held), _settle, at=at)


@transaction.atomic
def _settle(permission, state, at):
    project = Project.objects.select_for_update().get(pk=permission.project_id)
    # Where it was given unasked, it may have been renewed meanwhile with the same file.
    changed = UsePermission.objects.filter(file=permission.file.name, state=FileState.HELD)
    if not changed.update(state=state):
        return 0
    record(
        f"permission.file_{state}", permission, actor=None, at=at, project=project,
        organisation=permission.written_for,
    )  # fmt: skip
    if state == FileState.REMOVED:
        transaction.on_commit(lambda: default_storage.delete(permission.file.name), robust=True)
        for person in whom_to_tell(project, permission.written_for):
            owe(
                person,
                kind="permission_file_removed",
                key=f"permission-file-removed:{permission.pk}:p{person.pk}",
                at=at,
                subject=subject_of(permission),
                project=project,
            )
    return 1
