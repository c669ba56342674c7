"""What people upload: checked by content, kept under names of our own, handed out as attachments only.

A form takes a file through `UploadField`, which answers an `Upload`. An action writes it with `kept`, which leaves
nothing behind when the transaction around it fails; `remove_strays` finds what a killed process left. A view hands it
out with `as_attachment`. A worker reads its text with `read_kept`, in a process of its own.
"""

from accounts.files.content import DOCX, JPEG, PDF, PNG, FileRefused, Kind, inspect
from accounts.files.keeping import CannotKeepFile, as_attachment, kept, scan_kept
from accounts.files.names import safe_name
from accounts.files.reading import CannotReadFile, read_kept
from accounts.files.scanner import Verdict, scan
from accounts.files.strays import remove_strays
from accounts.files.uploads import Upload, UploadField, UploadFormMixin

__all__ = [
    "DOCX",
    "JPEG",
    "PDF",
    "PNG",
    "CannotKeepFile",
    "CannotReadFile",
    "FileRefused",
    "Kind",
    "Upload",
    "UploadField",
    "UploadFormMixin",
    "Verdict",
    "as_attachment",
    "inspect",
    "kept",
    "read_kept",
    "remove_strays",
    "safe_name",
    "scan",
    "scan_kept",
]
