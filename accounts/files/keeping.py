"""Files on our disk: written under names of our own, gone again when the transaction fails, handed out as attachments."""

import contextlib
import logging
from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from accounts.files.scanner import Verdict, scan
from accounts.files.uploads import Upload

logger = logging.getLogger(__name__)


class CannotKeepFile(Exception):
    """The disk did not take the file."""


@contextlib.contextmanager
def kept(upload: Upload | None, folder: str) -> Iterator[str]:
    """Write an upload into a folder of the storage, and answer the name under which it lies.

    Goes around the transaction, not into it: when the block fails in whatever way, its commit included, the file is
    taken away again. Without an upload the name is empty.

    Raises:
        CannotKeepFile: the disk is full or does not answer. Nothing of the file stays.
    """
    if upload is None:
        yield ""
        return
    random = get_random_string(40, "0123456789abcdefghijklmnopqrstuvwxyz")
    name = f"{folder}/{random[:2]}/{random}.{upload.kind.extension}"
    try:
        try:
            default_storage.save(name, upload.file)
        except OSError as error:
            logger.error("An upload could not be stored: %s", type(error).__name__)
            raise CannotKeepFile(
                _("There was no room to store this file. Try again later, or call us.")
            ) from error
        yield name
    except BaseException:
        _take_away(name)
        raise


def _take_away(name):
    try:
        default_storage.delete(name)
    except OSError:
        logger.exception("A file without a row stayed on disk: %s", name)


def scan_kept(name: str) -> Verdict:
    """Ask the scanner about a file that was held."""
    try:
        with default_storage.open(name) as file:
            return scan(file)
    except FileNotFoundError:
        return Verdict.UNKNOWN


def as_attachment(file, *, name: str, content_type: str) -> FileResponse:
    """Hand out a stored file to be saved, never to be shown: whatever it holds, no browser runs it on our address.

    Arguments:
        name: what the person called it; goes into the header as RFC 6266 says.

    Raises:
        Http404: it is not on the disk any more.
    """
    try:
        opened = file.open("rb")
    except FileNotFoundError:
        logger.error("A file is missing on disk: %s", file.name)
        raise Http404 from None
    response = FileResponse(opened, as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    # The policy of every page, and no scripts, forms or plugins on top.
    response._csp_update = {"sandbox": True}
    return response
