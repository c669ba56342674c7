"""Files in Talk that were uploaded while the virus scanner was away."""

import datetime as dt

from django.core.files.storage import default_storage
from django.db import transaction

from accounts.audit import subject_of
from accounts.notices import owe
from partnerships.actions.held import settle_held
from partnerships.actions.talk.shared import write_history
from partnerships.models import FileState, Project, TalkFile


def check_held_attachments(*, at: dt.datetime) -> dict[str, int]:
    """Ask the scanner about files that are held. Running it again changes nothing.

    Returns how many turned out `clean` and how many were `removed`.
    """
    held = TalkFile.objects.filter(state=FileState.HELD).select_related("entry").order_by("pk")
    return settle_held(((row, row.file.name) for row in held), _settle, at=at)


@transaction.atomic
def _settle(row, state, at):
    project = Project.objects.select_for_update().get(pk=row.entry.project_id)
    if not TalkFile.objects.filter(pk=row.pk, state=FileState.HELD).update(state=state):
        return 0
    row.entry.project = project
    write_history(f"talk.file_{state}", row.entry, actor=None, at=at, organisation=row.organisation)
    if state == FileState.REMOVED:
        transaction.on_commit(lambda: default_storage.delete(row.file.name), robust=True)
        written = row.answer or row.entry
        owe(
            written.written_by,
            kind="talk_file_removed",
            key=f"talk-file-removed:{row.pk}:p{written.written_by_id}",
            at=at,
            subject=subject_of(row.entry),
            project=project,
        )
    return 1
