"""Files that no row names: left by an upload that was killed between the disk and the database."""

import datetime as dt
import logging
from collections.abc import Iterator

from django.core.files.storage import default_storage

from accounts.hooks import FILE_FIELDS

# An upload, its scan and its transaction take minutes: what has no row after a day gets none.
GIVEN_UP_AFTER = dt.timedelta(days=1)

logger = logging.getLogger(__name__)


def remove_strays(*, at: dt.datetime) -> int:
    """Remove files that have lain for a day and that no row names. Says how many.

    Only in the folders that fields write into. Where the database names none of the files that are there, it is not the
    one they belong to, such as a new one beside an old folder: then all of them stay.
    """
    # First the disk, then the rows: a row that is written meanwhile names a file that is not on the list.
    found = [
        name for folder in {field.upload_to for field in FILE_FIELDS} for name in _below(folder.strip("/"))
    ]
    named = {
        name
        for field in FILE_FIELDS
        for name in field.model._base_manager.values_list(field.attname, flat=True)
    }
    strays = [name for name in found if name not in named]
    if len(strays) == len(found):
        return 0
    return sum(_removed(name, at - GIVEN_UP_AFTER) for name in strays)


def _below(folder: str) -> Iterator[str]:
    """Names of all files in a folder of the storage and in those inside it."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from _below(f"{folder}/{name}")


def _removed(name, before):
    try:
        if default_storage.get_modified_time(name) >= before:
            return False
        default_storage.delete(name)
    except FileNotFoundError:
        # Its own upload was faster.
        return False
    except OSError:
        logger.exception("A file without a row can't be removed: %s", name)
        return False
    return True
