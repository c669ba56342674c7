"""The text of each version, read once after it was uploaded, so that versions can be compared."""

import datetime as dt
import logging

from django.db import IntegrityError, transaction

from accounts.files import CannotReadFile, read_kept
from partnerships.models import ContractText, ContractVersion, FileState

logger = logging.getLogger(__name__)

READ_WHEN_RUNG = "partnerships.tasks.read_when_rung"
# With files that take all the time they get, a run still ends before the next one is due.
MOST_AT_ONCE = 5

State = ContractText.State


def read_files(*, at: dt.datetime) -> dict[str, int]:
    """Read versions that nobody has read yet and that are free of viruses. Running it again changes nothing.

    Returns how many were `read`, how many turned out `unreadable`, and how many could not be had now (`later`).
    """
    counted = {"read": 0, "unreadable": 0, "later": 0}
    unread = ContractVersion.objects.filter(text=None, state=FileState.CLEAN).order_by("-pk")
    for version in unread.only("file", "content_type"):
        outcome = _read(version, at)
        counted[outcome] += 1
        if counted["read"] + counted["unreadable"] == MOST_AT_ONCE:
            break
    return counted


def _read(version, at):
    # No transaction is open meanwhile. Two workers may read the same file: the second one writes nothing.
    try:
        text = read_kept(version.file.name, version.content_type)
        row = ContractText(
            state=State.READ,
            text="\n".join(text.paragraphs),
            pages_without_text=text.pages_without_text,
        )
    except CannotReadFile:
        row = ContractText(state=State.UNREADABLE)
    except OSError as error:
        logger.warning("A file could not be read now: %s", type(error).__name__)
        return "later"
    row.version, row.read_at = version, at
    try:
        with transaction.atomic():
            ContractText.objects.bulk_create([row], ignore_conflicts=True)
    except IntegrityError:
        # The contract was dropped meanwhile.
        return "later"
    return str(row.state)
