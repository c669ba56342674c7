"""What a file really is, told from its content: never from its name, nor from what the browser says.

Nothing is unpacked or decoded before its size is known. No XML is parsed here; `reader` does, later and elsewhere.
"""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.files.pdf_objects import TooMuch, packed_objects, starts_something

MOST_UNPACKED = 200 * 1024 * 1024
MOST_MEMBERS = 5_000
MOST_DIRECTORY = 1024 * 1024
MOST_PIXELS = 50_000_000

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WORD_PART = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


@dataclass(frozen=True)
class Kind:
    """A kind of file. `code` is what is stored; the extension goes on the name when it is handed out."""

    name: str
    extension: str
    content_type: str
    starts: bytes


PDF = Kind("PDF", "pdf", "application/pdf", b"%PDF-")
DOCX = Kind(
    "Word (DOCX)",
    "docx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"PK\x03\x04",
)
PNG = Kind("PNG", "png", "image/png", b"\x89PNG\r\n\x1a\n")
JPEG = Kind("JPEG", "jpg", "image/jpeg", b"\xff\xd8\xff")


class FileRefused(ValidationError):
    """The file is not what may be uploaded here. The message is fit for the person who chose it."""


def inspect(file, kinds: Sequence[Kind]) -> tuple[Kind, int | None]:
    """What this file is, and how many pages it has where that can be told cheaply.

    Arguments:
        file: an open binary file; left at its beginning.
        kinds: what is accepted here.

    Raises:
        FileRefused: it is something else, broken, or too much to open.
    """
    file.seek(0)
    head = file.read(16)
    if not head:
        raise FileRefused(_("This file is empty. Choose another one."), code="empty")
    kind = next((kind for kind in kinds if head.startswith(kind.starts)), None)
    if kind is None:
        raise FileRefused(_what_it_is_not(head, kinds), code="wrong_kind")
    looks = {PDF: _look_at_pdf, DOCX: _look_at_docx, PNG: _look_at_png, JPEG: _look_at_jpeg}
    file.seek(0)
    try:
        return kind, looks[kind](file)
    finally:
        file.seek(0)


def _what_it_is_not(head, kinds):
    if head.startswith(OLD_OFFICE) and DOCX in kinds:
        return _("This is an old Word file, or one with a password. Save it as PDF, then choose it again.")
    names = get_text_list([kind.name for kind in kinds], _("or"))
    return _("This is not a {kinds} file, whatever its name says.").format(kinds=names)


def _broken(kind):
    return FileRefused(
        _("This {kind} file is broken or cut off. Save it again, then choose it again.").format(
            kind=kind.name
        ),
        code="broken",
    )


# Word -----------------------------------------------------------------------------------------------


def _look_at_docx(file):
    _refuse_long_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _refuse_strange_members(members)
            names = {member.filename for member in members}
            if not {"[Content_Types].xml", "word/document.xml"} <= names:
                raise FileRefused(
                    _("This is an archive, not a Word file. Save the document as PDF or DOCX."),
                    code="wrong_kind",
                )
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise FileRefused(
                    _("This Word file holds macros. Save it as PDF, then choose it again."), code="macros"
                )
            if WORD_PART not in _start_of(archive, "[Content_Types].xml"):
                raise _broken(DOCX)
            _start_of(archive, "word/document.xml")
            # Word counts the pages when it saves.
            told = re.search(rb"<Pages>(\d{1,5})</Pages>", _start_of(archive, "docProps/app.xml"))
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, RuntimeError):
        raise _broken(DOCX) from None
    return int(told[1]) or None if told else None


def _refuse_long_directory(file):
    """Look at the end of the archive first: a directory of a million members would be read as a whole."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(max(size - 66_000, 0))
    tail = file.read()
    file.seek(0)
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) - end < 22:
        raise _broken(DOCX)
    count, length = struct.unpack("<HI", tail[end + 10 : end + 16])
    # A second, longer directory (zip64) could hide behind the first: no Word file needs one.
    if count > MOST_MEMBERS or length > MOST_DIRECTORY or tail[end - 20 : end - 16] == b"PK\x06\x07":
        raise FileRefused(_too_much(), code="too_much")


def _too_much():
    return _("This file unpacks to more than can be checked. Save it as PDF, then choose it again.")


def _refuse_strange_members(members):
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
        raise FileRefused(_too_much(), code="too_much")
    names = [member.filename for member in members]
    strange = len(set(names)) < len(names) or any(
        member.filename.startswith("/")
        or "\\" in member.filename
        or ":" in member.filename
        or ".." in member.filename.split("/")
        or stat.S_ISLNK(member.external_attr >> 16)
        or member.flag_bits & 1
        for member in members
    )
    if strange:
        raise _broken(DOCX)


def _start_of(archive, name, most=64 * 1024):
    """The first bytes of a member; nothing when it is not there."""
    try:
        with archive.open(name) as member:
            return member.read(most)
    except KeyError:
        return b""


# PDF ------------------------------------------------------------------------------------------------


def _look_at_pdf(file):
    data = file.read()
    if b"%%EOF" not in data:
        raise _broken(PDF)
    try:
        if starts_something(data):
            raise FileRefused(
                _(
                    "This PDF holds a script or starts a program. Print it as a PDF again, then choose that one."
                ),
                code="script",
            )
        return pages_of_pdf(data)
    except TooMuch:
        raise FileRefused(_too_much(), code="too_much") from None


def pages_of_pdf(data: bytes) -> int | None:
    """How many pages a PDF has, as its page tree says; None when that can't be seen.

    Raises:
        TooMuch
    """
    counts = _page_counts(data)
    if not counts:
        for objects in packed_objects(data):
            counts += _page_counts(objects)
    # Branches of the tree count their own pages: the root has the largest number.
    return max(counts, default=0) or None


def _page_counts(data):
    counts = []
    for number, found in enumerate(re.finditer(rb"/Type\s{0,4}/Pages\b", data)):
        if number == 500:
            break
        count = re.search(rb"/Count\s{0,4}(\d{1,6})\b", _dictionary_around(data, found.start(), found.end()))
        if count:
            counts.append(int(count[1]))
    return counts


def _dictionary_around(data, start, end, reach=64 * 1024):
    """What stands in the same dictionary as this place, without the dictionaries inside it."""
    after = data[end : end + reach]
    before = data[max(start - reach, 0) : start]
    return (
        _level(before[::-1], opening=b">>", closing=b"<<")[::-1]
        + b" "
        + _level(after, opening=b"<<", closing=b">>")
    )


def _level(text, *, opening, closing):
    parts, depth, position = [], 0, 0
    for bracket in re.finditer(rb"<<|>>", text):
        if depth == 0:
            parts.append(text[position : bracket.start()])
        if bracket[0] == opening:
            depth += 1
        elif depth == 0:
            break
        else:
            depth -= 1
        position = bracket.end()
    return b" ".join(parts)


# Pictures -------------------------------------------------------------------------------------------


def _look_at_png(file):
    data = file.read()
    if data[12:16] != b"IHDR" or b"IEND" not in data[33:]:
        raise _broken(PNG)
    _refuse_many_pixels(*struct.unpack(">II", data[16:24]), PNG)


def _look_at_jpeg(file):
    data = file.read()
    position = 2
    while position + 9 < len(data) and data[position] == 0xFF:
        marker, length = data[position + 1], int.from_bytes(data[position + 2 : position + 4], "big")
        if marker == 0xFF:
            position += 1
        # A frame's header (SOF0 to SOF15, without the tables that share their range) says height and width.
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[position + 5 : position + 9])
            if b"\xff\xd9" not in data[position:]:
                break
            _refuse_many_pixels(width, height, JPEG)
            return
        else:
            position += 2 + max(length, 2)
    raise _broken(JPEG)


def _refuse_many_pixels(width, height, kind):
    if not width or not height:
        raise _broken(kind)
    if width * height > MOST_PIXELS:
        raise FileRefused(
            _("This picture is too large: at most {count} million pixels.").format(
                count=MOST_PIXELS // 1_000_000
            ),
            code="too_much",
        )
