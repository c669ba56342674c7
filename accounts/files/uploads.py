"""Files on their way in: the handler that writes them aside while they arrive, and the form field."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from accounts.files.content import FileRefused, Kind, inspect
from accounts.files.names import safe_name
from accounts.files.scanner import Verdict, scan


class UnfinishedUpload(UploadedFile):
    """Stands for a file of which nothing was kept, so that the form can say why and the rest of it stays."""

    def __init__(self, name, reason):
        super().__init__(file=None, name=name, size=1)
        self.reason = reason


class CarefulUploadHandler(TemporaryFileUploadHandler):
    """Writes what arrives to a temporary file: no more than a file may have, and without falling over a full disk.

    Takes the place of Django's own in `FILE_UPLOAD_HANDLERS`.
    """

    def new_file(self, *args, **kwargs):
        self.reason, self.received = "", 0
        try:
            super().new_file(*args, **kwargs)
        except OSError:
            self.file, self.reason = None, "no_room"

    def receive_data_chunk(self, raw_data, start):
        self.received += len(raw_data)
        if self.received > settings.MAX_UPLOAD_BYTES:
            self._give_up("too_large")
        if not self.reason:
            try:
                super().receive_data_chunk(raw_data, start)
            except OSError:
                self._give_up("no_room")

    def file_complete(self, file_size):
        if not self.reason:
            try:
                return super().file_complete(file_size)
            except OSError:
                self._give_up("no_room")
        return UnfinishedUpload(self.file_name, self.reason)

    def upload_interrupted(self):
        if getattr(self, "file", None) is not None:
            super().upload_interrupted()

    def _give_up(self, reason):
        self.reason = self.reason or reason
        if self.file is not None:
            try:
                self.file.close()
            except OSError:
                # Closing writes what is left in the buffer, for which there is no room; the file is gone all the same.
                pass
            self.file = None


@dataclass(frozen=True)
class Upload:
    """A file that was checked: what it is, and what is to be stored about it."""

    file: UploadedFile
    kind: Kind
    name: str
    size: int
    sha256: str
    pages: int | None
    # The scanner has not answered yet: nobody but the uploader's side may have it.
    held: bool


class UploadField(forms.FileField):
    """A file of certain kinds, told by its content. Cleans to an `Upload`, or None.

    Arguments:
        kinds: what is accepted, such as `[PDF, DOCX]`.
    """

    def __init__(self, *, kinds: Sequence[Kind], **kwargs):
        self.kinds = kinds
        super().__init__(**kwargs)

    def widget_attrs(self, widget):
        endings = [f".{kind.extension}" for kind in self.kinds]
        return super().widget_attrs(widget) | {"accept": ",".join(endings)}

    def to_python(self, data):
        if data in self.empty_values:
            return None
        if getattr(data, "reason", "") == "no_room":
            raise FileRefused(
                _("There was no room to store this file. Try again later, or call us."), code="no_room"
            )
        if getattr(data, "reason", "") == "too_large" or data.size > settings.MAX_UPLOAD_BYTES:
            raise FileRefused(
                _("This file is too large. The most is {limit}.").format(
                    limit=filesizeformat(settings.MAX_UPLOAD_BYTES)
                ),
                code="too_large",
            )
        if not data.size:
            raise FileRefused(_("This file is empty. Choose another one."), code="empty")
        kind, pages = inspect(data, self.kinds)
        verdict = scan(data)
        if verdict is Verdict.INFECTED:
            raise FileRefused(
                _("The virus scanner found something in this file. It was not stored."), code="infected"
            )
        return Upload(
            file=data,
            kind=kind,
            name=safe_name(data.name, kind.extension),
            size=data.size,
            sha256=_sha256_of(data),
            pages=pages,
            held=verdict is Verdict.UNKNOWN,
        )


def _sha256_of(file):
    digest = hashlib.sha256()
    file.seek(0)
    for chunk in iter(lambda: file.read(1024 * 1024), b""):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


class UploadFormMixin:
    """For forms with a file: when something else is wrong, say that the file has to be chosen again.

    No browser keeps a chosen file on the next page, and a file that goes missing in silence is a file lost.
    """

    def _post_clean(self):
        super()._post_clean()
        if not self.errors:
            return
        for name, field in self.fields.items():
            if isinstance(field, UploadField) and self.cleaned_data.get(name):
                self.add_error(name, _("The file itself is fine. Choose it again."))
