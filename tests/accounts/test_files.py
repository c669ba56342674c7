"""Uploads: what a file is decides its content, and nothing of a refused or failed one stays on the disk."""

import io
import socketserver
import struct
import tempfile
import threading
import time
import tracemalloc
from pathlib import Path

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.db import transaction
from django.http import Http404
from django.test import RequestFactory

from accounts.files import (
    DOCX,
    JPEG,
    PDF,
    PNG,
    CannotKeepFile,
    Upload,
    UploadField,
    UploadFormMixin,
    Verdict,
    as_attachment,
    inspect,
    kept,
    safe_name,
    scan_kept,
)
from tests import files

pytestmark = pytest.mark.once

DOCUMENTS = [PDF, DOCX]
POLYGLOT = files.polyglot()
PICTURES = [PDF, PNG, JPEG]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """An empty folder for uploads."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


def on_disk(folder):
    return [path for path in Path(folder).rglob("*") if path.is_file()]


def look(content, kinds=DOCUMENTS):
    return inspect(io.BytesIO(content), kinds)


def refusal(content, kinds=DOCUMENTS):
    with pytest.raises(ValidationError) as refused:
        look(content, kinds)
    return refused.value.messages


def checked(content=files.PDF, name="contract.pdf", kinds=DOCUMENTS) -> Upload:
    return UploadField(kinds=kinds).clean(files.upload(content, name))


def in_short(value):
    """The name of a case: not the file itself."""
    return f"{len(value)} bytes" if isinstance(value, bytes) else None


# What it is ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content, kinds, kind, pages",
    [
        (files.pdf(4), DOCUMENTS, PDF, 4),
        (files.pdf_with_packed_objects(7), DOCUMENTS, PDF, 7),
        (b"%PDF-1.4\nnothing to count\n%%EOF", DOCUMENTS, PDF, None),
        (files.polyglot(), DOCUMENTS, PDF, 1),
        (files.docx(), DOCUMENTS, DOCX, None),
        (files.docx(pages=12), DOCUMENTS, DOCX, 12),
        (files.png(), PICTURES, PNG, None),
        (files.jpeg(), PICTURES, JPEG, None),
    ],
    ids=in_short,
)
def test_a_file_is_what_its_content_says(content, kinds, kind, pages):
    assert look(content, kinds) == (kind, pages)


def test_the_pages_of_a_tree_with_branches_are_those_of_its_root():
    branches = (
        b"5 0 obj<</Type/Pages/Parent 2 0 R/Kids[3 0 R]/Count 3/Resources<</Font<</F1 9 0 R>>>>>>endobj\n"
    )
    outlines = b"8 0 obj<</Type/Outlines/Count 99>>endobj\n"
    content = files.pdf(8).replace(b"trailer", branches + outlines + b"trailer")

    assert look(content) == (PDF, 8)


def test_the_pages_of_a_printed_page_are_counted():
    from weasyprint import HTML

    page = HTML(string="<p style='break-after:page'>1</p><p style='break-after:page'>2</p><p>3</p>")

    assert look(page.write_pdf()) == (PDF, 3)


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "This file is empty. Choose another one."),
        (files.HTML, "This is not a PDF or Word (DOCX) file, whatever its name says."),
        (files.SVG, "This is not a PDF or Word (DOCX) file, whatever its name says."),
        (files.eicar(), "This is not a PDF or Word (DOCX) file, whatever its name says."),
        (files.png(), "This is not a PDF or Word (DOCX) file, whatever its name says."),
        (b" \n" + files.PDF, "This is not a PDF or Word (DOCX) file, whatever its name says."),
        (
            files.old_word(),
            "This is an old Word file, or one with a password. Save it as PDF, then choose it again.",
        ),
        (files.PDF[:60], "This PDF file is broken or cut off. Save it again, then choose it again."),
        (
            files.docx()[:-30],
            "This Word (DOCX) file is broken or cut off. Save it again, then choose it again.",
        ),
        (
            files.spreadsheet(),
            "This is an archive, not a Word file. Save the document as PDF or DOCX.",
        ),
        (
            files.docx_with_macros(),
            "This Word file holds macros. Save it as PDF, then choose it again.",
        ),
        (
            files.zip_slip(),
            "This Word (DOCX) file is broken or cut off. Save it again, then choose it again.",
        ),
        (
            files.docx_with("/etc/passwd"),
            "This Word (DOCX) file is broken or cut off. Save it again, then choose it again.",
        ),
        (
            files.docx_with_link(),
            "This Word (DOCX) file is broken or cut off. Save it again, then choose it again.",
        ),
        (
            files.docx_of_many_members(),
            "This file unpacks to more than can be checked. Save it as PDF, then choose it again.",
        ),
        (
            files.docx(**{"[Content_Types].xml": "<Types/>"}),
            "This Word (DOCX) file is broken or cut off. Save it again, then choose it again.",
        ),
    ],
    ids=in_short,
)
def test_what_is_something_else_is_refused_in_words(content, words):
    assert refusal(content) == [words]


@pytest.mark.parametrize(
    "content, words",
    [
        (files.png(30_000, 30_000), "This picture is too large: at most 50 million pixels."),
        (files.jpeg(30_000, 30_000), "This picture is too large: at most 50 million pixels."),
        (files.png()[:20], "This PNG file is broken or cut off. Save it again, then choose it again."),
        (files.jpeg()[:15], "This JPEG file is broken or cut off. Save it again, then choose it again."),
        (files.SVG, "This is not a PDF, PNG or JPEG file, whatever its name says."),
        (files.docx(), "This is not a PDF, PNG or JPEG file, whatever its name says."),
    ],
    ids=in_short,
)
def test_pictures_are_refused_by_their_size_before_they_are_drawn(content, words):
    assert refusal(content, PICTURES) == [words]


@pytest.mark.parametrize(
    "content",
    [
        files.pdf_with_script(),
        files.pdf_with_script(b"/J#61v#61Script"),
        files.pdf_with_script(b"/Launch"),
        files.pdf_with_packed_script(),
    ],
    ids=["plain", "written in numbers", "a program", "packed"],
)
def test_a_pdf_that_starts_something_is_refused_in_words(content):
    assert refusal(content) == [
        "This PDF holds a script or starts a program. Print it as a PDF again, then choose that one."
    ]


@pytest.mark.parametrize(
    "filler", [b"/ObjStm", b"/ObjStm stream\n", b"/ObjStm<</ "], ids=["names", "empty", "cut off"]
)
def test_a_pdf_with_more_packs_than_can_be_looked_into_is_refused_at_once(filler):
    content = files.pdf_made_of([filler * 300_000])
    start = time.process_time()

    assert refusal(content) == [
        "This file unpacks to more than can be checked. Save it as PDF, then choose it again."
    ]
    assert time.process_time() - start < 2


def test_a_pdf_that_speaks_of_scripts_is_none():
    spoken = files.pdf_of(["JavaScript and /JavaScripts, Launch and /Launched"])

    assert look(spoken) == (PDF, 1)


def test_a_bomb_is_refused_by_its_unpacked_size_without_unpacking():
    bomb = files.docx_bomb()
    tracemalloc.start()
    began = time.perf_counter()

    words = refusal(bomb)

    seconds, (_now, most) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert words == ["This file unpacks to more than can be checked. Save it as PDF, then choose it again."]
    assert seconds < 2
    assert most < 100 * 1024 * 1024


def test_a_directory_that_lies_about_sizes_unpacks_nothing():
    assert look(files.docx_that_lies()) == (DOCX, None)


@pytest.mark.parametrize("length", [1, 7, 8, 15, 40, 200])
def test_no_cut_breaks_the_check(length):
    for content, kinds in [
        (files.pdf(), DOCUMENTS),
        (files.docx(), DOCUMENTS),
        (files.png(), PICTURES),
        (files.jpeg(), PICTURES),
    ]:
        try:
            look(content[:length], kinds)
        except ValidationError:
            continue
        assert length >= len(content)


# Its name ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given, shown",
    [
        ("Contract 2026.pdf", "Contract 2026.pdf"),
        ("éè 漢字 📄.pdf", "éè 漢字 📄.pdf"),
        ("Zoe\u0308.pdf", "Zoë.pdf"),
        ("contract.PDF", "contract.pdf"),
        ("contract.docx", "contract.docx.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("lpt1.tar.pdf", "_lpt1.tar.pdf"),
        ("console.pdf", "console.pdf"),
        (".htaccess", "htaccess.pdf"),
        (".pdf", "file.pdf"),
        ("", "file.pdf"),
        ("..", "file.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\me\\contract.pdf", "contract.pdf"),
        ("x.pdf\0.exe", "x.pdf.exe.pdf"),
        ("\u202efdp.exe", "fdp.exe.pdf"),
        ("a\r\nX-Injected: 1.pdf", "aX-Injected_ 1.pdf"),
        ('a";filename="b.exe', "a__filename=_b.exe.pdf"),
        ("n" * 300 + ".pdf", "n" * 150 + ".pdf"),
        ("漢" * 300 + ".pdf", "漢" * 50 + ".pdf"),
    ],
)
def test_names_are_made_safe_and_good_ones_keep_their_look(given, shown):
    assert safe_name(given, "pdf") == shown


def test_both_endings_of_a_photo_are_its_own():
    assert [safe_name(name, "jpg") for name in ("a.jpg", "a.JPEG", "a.png")] == [
        "a.jpg",
        "a.jpg",
        "a.png.jpg",
    ]


# The field -----------------------------------------------------------------------------------------


class PaperForm(UploadFormMixin, forms.Form):
    title = forms.CharField(max_length=20)
    paper = UploadField(kinds=DOCUMENTS, required=False)


def test_the_field_answers_what_is_to_be_stored():
    upload = checked(files.pdf(3), "../Our contract.PDF")

    assert (upload.kind, upload.name, upload.size, upload.pages, upload.held) == (
        PDF,
        "Our contract.pdf",
        len(files.pdf(3)),
        3,
        False,
    )
    assert upload.file.read() == files.pdf(3)


def test_a_file_of_the_largest_size_is_taken_and_one_byte_more_is_not(settings):
    settings.MAX_UPLOAD_BYTES = 1_000_000

    assert checked(files.pdf_of_size(1_000_000)).size == 1_000_000
    with pytest.raises(ValidationError) as refused:
        checked(files.pdf_of_size(1_000_001))
    assert refused.value.messages == ["This file is too large. The most is 976.6\xa0KB."]


def test_an_empty_file_is_told_from_no_file():
    assert UploadField(kinds=DOCUMENTS, required=False).clean(None) is None
    with pytest.raises(ValidationError) as refused:
        checked(b"")
    assert refused.value.messages == ["This file is empty. Choose another one."]


def test_a_good_file_that_has_to_be_chosen_again_is_not_forgotten_in_silence():
    form = PaperForm({"title": ""}, {"paper": files.upload()})

    assert form.errors == {
        "title": ["This field is required."],
        "paper": ["The file itself is fine. Choose it again."],
    }


def test_the_browser_is_told_which_files_to_offer():
    assert 'accept=".pdf,.docx"' in str(PaperForm()["paper"])


# Arriving ------------------------------------------------------------------------------------------


def posted(content, title="Ours"):
    """A request whose file is too long for memory, read as Django reads it."""
    request = RequestFactory().post("/", {"title": title, "paper": files.upload(content)})
    handlers = request.upload_handlers
    request.upload_handlers = [one for one in handlers if not isinstance(one, MemoryFileUploadHandler)]
    form = PaperForm(request.POST, request.FILES)
    form.is_valid()
    return form


@pytest.fixture
def arriving(settings, tmp_path):
    """The folder in which files wait until they are read whole."""
    folder = tmp_path / "arriving"
    folder.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(folder)
    return folder


def test_a_file_that_arrives_in_pieces_is_whole(arriving):
    form = posted(files.pdf_of_size(300_000))

    assert form.errors == {}
    assert form.cleaned_data["paper"].file.read() == files.pdf_of_size(300_000)
    form.cleaned_data["paper"].file.close()
    assert on_disk(arriving) == []


def test_no_more_is_written_aside_than_a_file_may_have_and_the_rest_of_the_form_stays(settings, arriving):
    settings.MAX_UPLOAD_BYTES = 100_000

    form = posted(files.pdf_of_size(100_001))

    assert form.errors == {"paper": ["This file is too large. The most is 97.7\xa0KB."]}
    assert form.cleaned_data["title"] == "Ours"
    assert on_disk(arriving) == []


def test_a_full_disk_while_a_file_arrives_is_said_in_words(monkeypatch, arriving):
    def full(self, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile._TemporaryFileWrapper, "write", full, raising=False)

    form = posted(files.pdf_of_size(100_000))

    assert form.errors == {"paper": ["There was no room to store this file. Try again later, or call us."]}
    assert form.cleaned_data["title"] == "Ours"
    assert on_disk(arriving) == []


def test_without_a_place_to_write_aside_it_is_said_in_words(settings):
    settings.FILE_UPLOAD_TEMP_DIR = "/nowhere/at/all"

    form = posted(files.pdf())

    assert form.errors == {"paper": ["There was no room to store this file. Try again later, or call us."]}


# On disk -------------------------------------------------------------------------------------------


def test_a_kept_file_lies_under_a_name_of_our_own(media):
    with kept(checked(name="../../evil.pdf"), "contracts") as name:
        pass

    assert [str(path.relative_to(media)) for path in on_disk(media)] == [name]
    assert name.startswith("contracts/")
    assert name.endswith(".pdf")
    assert "evil" not in name


def test_nothing_stays_on_disk_when_the_transaction_fails(media):
    with pytest.raises(RuntimeError, match="in the middle"), kept(checked(), "contracts"):
        raise RuntimeError("in the middle")

    assert on_disk(media) == []


@pytest.mark.django_db(transaction=True)
def test_nothing_stays_on_disk_when_the_commit_fails(media, monkeypatch):
    def broken():
        raise OSError("the server closed the connection")

    connection = transaction.get_connection()
    with pytest.raises(OSError, match="closed"), kept(checked(), "contracts"), transaction.atomic():
        monkeypatch.setattr(connection, "commit", broken)
    monkeypatch.undo()

    assert on_disk(media) == []


def test_a_full_disk_leaves_no_remnant_and_is_said_in_words(media, monkeypatch):
    upload = checked(files.pdf_of_size(200_000))
    write = default_storage.__class__._save

    def half(self, name, content):
        write(self, name, io_of(content.read()[:1000]))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(default_storage.__class__, "_save", half)
    with pytest.raises(CannotKeepFile) as refused, kept(upload, "contracts"):
        pytest.fail("The block must not begin.")

    assert str(refused.value) == "There was no room to store this file. Try again later, or call us."
    assert on_disk(media) == []


def io_of(content):
    return files.upload(content)


def test_without_a_file_there_is_no_name():
    with kept(None, "contracts") as name:
        assert name == ""


# Handed out ----------------------------------------------------------------------------------------


class Stored:
    """What a FileField gives: a name, and a way to open it."""

    def __init__(self, name):
        self.name = name

    def open(self, mode):
        return default_storage.open(self.name, mode)


@pytest.mark.parametrize(
    "name, header",
    [
        ("Contract 2026.pdf", 'attachment; filename="Contract 2026.pdf"'),
        (
            "éè 漢字 📄.pdf",
            "attachment; filename*=utf-8''%C3%A9%C3%A8%20%E6%BC%A2%E5%AD%97%20%F0%9F%93%84.pdf",
        ),
        (safe_name('a";filename="b.exe', "pdf"), 'attachment; filename="a__filename=_b.exe.pdf"'),
        (safe_name("a\r\nX-Injected: 1.pdf", "pdf"), 'attachment; filename="aX-Injected_ 1.pdf"'),
    ],
)
def test_a_file_goes_out_as_an_attachment_that_no_browser_runs(name, header):
    with kept(checked(POLYGLOT), "contracts") as stored:
        response = as_attachment(Stored(stored), name=name, content_type=PDF.content_type)

    assert response["Content-Disposition"] == header
    assert (response["Content-Type"], response["X-Content-Type-Options"], response["Cache-Control"]) == (
        "application/pdf",
        "nosniff",
        "private, no-store",
    )
    assert response._csp_update == {"sandbox": True}
    assert b"".join(response.streaming_content) == POLYGLOT


def test_a_file_that_is_missing_on_disk_is_not_found():
    with pytest.raises(Http404):
        as_attachment(Stored("contracts/aa/gone.pdf"), name="a.pdf", content_type="application/pdf")


# The scanner ---------------------------------------------------------------------------------------


class Scanner(socketserver.BaseRequestHandler):
    """Speaks INSTREAM as clamd does, and knows one virus: the word EICAR."""

    def handle(self):
        stream = self.request.makefile("rb")
        assert stream.read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack(">I", stream.read(4))[0]:
            content += stream.read(length)
        if b"EICAR" in content:
            self.request.sendall(b"stream: Eicar-Test-Signature FOUND\0")
        elif b"too long" in content:
            self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
        else:
            self.request.sendall(b"stream: OK\0")


@pytest.fixture(params=["port", "socket"])
def scanner(request, settings, tmp_path):
    if request.param == "port":
        server = socketserver.TCPServer(("127.0.0.1", 0), Scanner)
        settings.CLAMAV_SOCKET = f"127.0.0.1:{server.server_address[1]}"
    else:
        settings.CLAMAV_SOCKET = str(tmp_path / "clamd.ctl")
        server = socketserver.UnixStreamServer(settings.CLAMAV_SOCKET, Scanner)
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_clean_file_passes_the_scanner(scanner):
    assert not checked(files.pdf_of_size(200_000)).held


def test_an_infected_file_is_refused_logged_and_its_sender_told(scanner, caplog):
    with pytest.raises(ValidationError) as refused:
        checked(files.PDF + files.eicar())

    assert refused.value.messages == ["The virus scanner found something in this file. It was not stored."]
    assert caplog.messages == ["A file was refused by the virus scanner: stream: Eicar-Test-Signature FOUND"]


def test_a_file_about_which_the_scanner_can_not_say_is_held(scanner):
    assert checked(files.PDF + b"too long").held


@pytest.mark.parametrize("address", ["/nowhere/clamd.ctl", "127.0.0.1:9"])
def test_while_the_scanner_is_away_a_file_is_held(settings, address):
    settings.CLAMAV_SOCKET = address

    assert checked().held


def test_a_held_file_can_be_asked_about_later(scanner):
    with kept(checked(), "contracts") as name:
        assert scan_kept(name) is Verdict.CLEAN
    default_storage.delete(name)

    assert scan_kept(name) is Verdict.UNKNOWN
