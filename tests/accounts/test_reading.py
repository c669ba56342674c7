"""The text of files: read as people read it, and no file, however hostile, does more than not being read."""

import io
import random
import signal
import subprocess
import textwrap
import time
import zlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.files import DOCX, PDF, PNG, CannotReadFile, read_kept
from accounts.files.paragraphs import from_lines, from_paragraphs
from accounts.files.reading import PATIENCE
from tests import files

pytestmark = pytest.mark.once

SECONDS = 4


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def text_of(content, kind, seconds=SECONDS):
    name = default_storage.save(f"contracts/x.{kind.extension}", ContentFile(content))
    return read_kept(name, kind.content_type, seconds=seconds)


def paragraphs_of(content, kind):
    return list(text_of(content, kind).paragraphs)


# What is read ---------------------------------------------------------------------------------------


def run(text):
    return f"<w:r><w:t>{text}</w:t></w:r>"


@pytest.mark.parametrize(
    "said, read",
    [
        (["One.", "Two & <three>."], ["One.", "Two & <three>."]),
        (["Café – “quoted” £5"], ["Café – “quoted” £5"]),
        # In pieces, with a tab, a line break and a hyphen that does not break.
        (
            [f"{run('12')}<w:r><w:tab/><w:t>mon</w:t></w:r>{run('ths')}<w:r><w:br/></w:r>{run('more')}"],
            ["12 months more"],
        ),
        ([f"{run('in')}<w:r><w:noBreakHyphen/></w:r>{run('kind')}"], ["in-kind"]),
        # Tracked changes are read as if they were accepted.
        (
            [
                f"<w:del><w:r><w:delText>30</w:delText></w:r></w:del><w:ins>{run('90')}</w:ins>{run(' days')}",
                f"<w:moveFrom>{run('Gone')}</w:moveFrom>",
            ],
            ["90 days"],
        ),
        # A box of text stands in a paragraph, and once more for old programs.
        (
            [
                f"{run('Around')}<mc:AlternateContent><mc:Choice><w:p>{run('Boxed')}</w:p></mc:Choice>"
                f"<mc:Fallback><w:p>{run('Boxed')}</w:p></mc:Fallback></mc:AlternateContent>"
            ],
            ["Boxed", "Around"],
        ),
        # Fields and hidden instructions are not said.
        ([f"<w:r><w:instrText>PAGE</w:instrText></w:r>{run('Seen')}", "", "<w:r/>"], ["Seen"]),
    ],
)
def test_a_word_file_is_read_paragraph_by_paragraph(said, read):
    assert paragraphs_of(files.docx_of(said), DOCX) == read


def test_notes_of_a_word_file_are_read_behind_its_text():
    note = files.WORD.format(f"<w:footnote><w:p>{run('The small print.')}</w:p></w:footnote>")

    assert paragraphs_of(files.docx_of(["Text."], **{"word/footnotes.xml": note}), DOCX) == [
        "Text.",
        "The small print.",
    ]


def test_a_pdf_is_read_page_by_page_with_its_lines_joined():
    content = files.pdf_of(
        ["1. The company pays 12,000 pounds within 30 days of", "the invoice.", "2. It ends in May."],
        ["", "3. The law of England (and Wales) counts, as it stands", "on the day."],
    )

    assert paragraphs_of(content, PDF) == [
        "1. The company pays 12,000 pounds within 30 days of the invoice.",
        "2. It ends in May.",
        "3. The law of England (and Wales) counts, as it stands on the day.",
    ]


def test_a_pdf_as_a_program_writes_it_gives_back_its_paragraphs():
    from weasyprint import HTML

    chance = random.Random(3)
    said = [f"{n}. {' '.join(chance.choices(LONG.split(), k=chance.randint(6, 60)))}." for n in range(1, 60)]
    around = "@page { @top-left { content: 'Handbook' } @bottom-left { content: 'Page ' counter(page) } }"
    written = HTML(string=f"<style>{around}</style>{''.join(f'<p>{one}</p>' for one in said)}").write_pdf()

    assert paragraphs_of(written, PDF) == [*said, "Handbook"]


def test_a_pdf_that_is_locked_against_changes_only_is_read():
    from pypdf import PdfReader, PdfWriter

    locked = PdfWriter(clone_from=PdfReader(io.BytesIO(files.pdf_of(["Open to all."]))))
    locked.encrypt(user_password="", owner_password="secret", algorithm="AES-256")
    kept = io.BytesIO()
    locked.write(kept)

    assert paragraphs_of(kept.getvalue(), PDF) == ["Open to all."]


def test_pages_without_text_are_counted():
    text = text_of(files.pdf_of(["Words."], b"0 0 m", b"0 0 m"), PDF)

    assert (text.paragraphs, text.pages_without_text) == (("Words.",), 2)


# Lines ----------------------------------------------------------------------------------------------

LONG = "The company pays the group within thirty days after it has got"


@pytest.mark.parametrize(
    "pages, paragraphs",
    [
        ([], []),
        ([["", " "]], []),
        ([["One", "", "Two"]], ["One", "Two"]),
        ([[LONG, "an invoice.", LONG, "a report."]], [f"{LONG} an invoice.", f"{LONG} a report."]),
        (
            [[LONG, "(a) an invoice", "(b) a report", "• a box"]],
            [LONG, "(a) an invoice", "(b) a report", "• a box"],
        ),
        ([["1.2 Pay", "1.3 Time"]], ["1.2 Pay", "1.3 Time"]),
        # Over the end of a page.
        ([[LONG], ["an invoice."]], [f"{LONG} an invoice."]),
        ([[f"{LONG}."], [LONG]], [f"{LONG}.", LONG]),
        ([["each third-", "party gives"]], ["each third-party gives"]),
        ([["2027 -", "and on"]], ["2027 - and on"]),
        # What stands on each page is read once; what counts the pages, not at all.
        (
            [["Handbook", f"Clause {'abc'[n]}.", "Draft", f"Page {n} of 3"] for n in range(3)],
            ["Clause a.", "Clause b.", "Clause c.", "Handbook", "Draft"],
        ),
        ([["Fee 500", f"{'abc'[n]}.", "Draft"] for n in range(3)], ["a.", "b.", "c.", "Fee 500", "Draft"]),
    ],
)
def test_lines_become_paragraphs(pages, paragraphs):
    assert list(from_lines(pages).paragraphs) == paragraphs


def test_another_width_of_the_page_gives_the_same_paragraphs():
    words = f"{LONG} an invoice, and a report about what was done with the money."
    cuts = [textwrap.wrap(words, width) for width in (20, 35, 60, 90, 200)]

    assert {from_lines([lines]).paragraphs for lines in cuts} == {(words,)}


@pytest.mark.parametrize(
    "typed, kept",
    [
        ("a\u00a0b\t c", "a b c"),
        ("con\u00adﬁdential", "confidential"),
        ("1\u0000\u202e2\ud800\ufeff", "12"),
        ("e\u0301", "é"),
        ("m²", "m²"),
        ("\u200b", None),
    ],
)
def test_what_nobody_sees_is_not_kept(typed, kept):
    assert from_paragraphs([typed]).paragraphs == ((kept,) if kept else ())


@given(st.lists(st.lists(st.text(max_size=20), max_size=6), max_size=5))
@example([["0\x85\x1b\r0"]])
def test_any_lines_can_be_joined(pages):
    text = from_lines(pages)

    assert all(one == " ".join(one.split()) and one and "\0" not in one for one in text.paragraphs)
    assert 0 <= text.pages_without_text <= len(pages)
    "\n".join(text.paragraphs).encode()


# What is not ----------------------------------------------------------------------------------------


def entities(body, dtd):
    return files.docx(
        **{"word/document.xml": files.WORD.format(body).replace("?>", f"?><!DOCTYPE w [{dtd}]>", 1)}
    )


def billion():
    grown = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return entities(f"<w:p>{run('&a9;')}</w:p>", f'<!ENTITY a0 "ha">{grown}')


def nested(depth=400_000):
    return files.docx_of(["<w:r>" * depth + "</w:r>" * depth])


def packed(content):
    return files.stream(zlib.compress(content, 9), b"/Filter/FlateDecode")


def locked_pdf():
    from pypdf import PdfReader, PdfWriter

    locked = PdfWriter(clone_from=PdfReader(io.BytesIO(files.pdf_of(["Secret."]))))
    locked.encrypt(user_password="open", algorithm="AES-256")
    kept = io.BytesIO()
    locked.write(kept)
    return kept.getvalue()


# Made when they are asked for: some are large, and whoever runs other tests only collects these.
HOSTILE = {
    "empty": lambda: (b"", DOCX),
    "garbage": lambda: (b"PK\x03\x04" + bytes(range(256)) * 40, DOCX),
    "cut off": lambda: (files.docx_of(["Words."])[:-60], DOCX),
    "no text": lambda: (files.docx_of(["", "<w:r/>"]), DOCX),
    "no document": lambda: (files.spreadsheet(), DOCX),
    "broken XML": lambda: (files.docx_of(["<w:r>"]), DOCX),
    "unpacks to three hundred megabytes": lambda: (files.docx_bomb(), DOCX),
    "spaces for ever": lambda: (files.docx_of([f"<w:r>{'<w:tab/>' * 100}</w:r>" * 90_000]), DOCX),
    "lies about its size": lambda: (files.docx_that_lies()[:-30], DOCX),
    "entities that grow": lambda: (billion(), DOCX),
    "an entity from outside": lambda: (
        entities(f"<w:p>{run('&x;')}</w:p>", '<!ENTITY x SYSTEM "file:///etc/passwd">'), DOCX,
    ),
    "a document type": lambda: (entities(f"<w:p>{run('Words')}</w:p>", ""), DOCX),
    "elements in elements": lambda: (nested(), DOCX),
    "too many paragraphs": lambda: (files.docx_of(["x"] * 20_001), DOCX),
    "too many words": lambda: (files.docx_of(["word " * 200_001]), DOCX),
    "a PDF of nothing": lambda: (b"%PDF-1.4\n%%EOF\n", PDF),
    "a PDF of garbage": lambda: (b"%PDF-1.4\n" + bytes(range(256)) * 40 + b"%%EOF", PDF),
    "a scan": lambda: (files.PDF, PDF),
    "no pages": lambda: (files.pdf_of(), PDF),
    "too many pages": lambda: (files.pdf_of(*[["Page"]] * 401), PDF),
    "a password": lambda: (locked_pdf(), PDF),
    "pages within themselves": lambda: (
        files.pdf_made_of([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>"]), PDF,
    ),
    "pages that end where they begin": lambda: (
        files.pdf_made_of([
            b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1/Parent 3 0 R>>",
            b"<</Type/Pages/Kids[2 0 R]/Count 1/Parent 2 0 R>>",
        ]), PDF,
    ),
    "a tree that doubles": lambda: (
        files.pdf_made_of([
            b"<</Type/Catalog/Pages 2 0 R>>",
            *[b"<</Type/Pages/Kids[%d 0 R %d 0 R]/Count 2>>" % (n, n) for n in range(3, 60)],
            b"<</Type/Page>>",
        ]), PDF,
    ),
    "a form that shows itself": lambda: (
        files.pdf_of(b"/X Do", objects=[files.stream(b"/X Do " * 500, b"/Type/XObject/Subtype/Form/Resources<</XObject<</X 6 0 R>>>>")]), PDF,
    ),
    "arrays in arrays": lambda: (files.pdf_of(b"[" * 200_000), PDF),
    "a stream that unpacks to a gigabyte": lambda: (files.pdf_of(packed(bytes(1 << 30))), PDF),
    "a stream of a million words": lambda: (files.pdf_of(packed(b"BT /F 9 Tf (word ) Tj ET\n" * 1_000_000)), PDF),
    "a table of references to itself": lambda: (
        files.pdf_of(["Words"]).partition(b"xref")[0] + b"xref\n0 1\n0000000000 65535 f \ntrailer<</Size 9/Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF", PDF,
    ),
}  # fmt: skip
# These end in nothing, or in what can be read without harm.
HARMLESS = {"a table of references to itself", "a form that shows itself", "arrays in arrays"}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_in_not_being_read_and_within_its_time(name):
    content, kind = HOSTILE[name]()
    start = time.monotonic()

    try:
        text = text_of(content, kind)
    except CannotReadFile:
        text = None

    assert time.monotonic() - start < SECONDS * PATIENCE + 5
    assert text is None or name in HARMLESS


def test_a_file_of_another_kind_is_not_read():
    with pytest.raises(CannotReadFile):
        text_of(files.png(), PNG)


def test_a_file_that_is_not_there_now_may_be_there_later():
    with pytest.raises(FileNotFoundError):
        read_kept("contracts/nowhere.pdf", PDF.content_type)


def test_a_reader_finds_nothing_of_ours(monkeypatch):
    seen = {}

    def watch(command, **options):
        seen.update(options, command=command)
        raise subprocess.TimeoutExpired(command, 1)

    monkeypatch.setattr("accounts.files.reading.subprocess.run", watch)
    # More patience than its work can take is the machine's fault: it is asked again later.
    with pytest.raises(TimeoutError):
        text_of(files.pdf_of(["Words"]), PDF)

    assert seen["env"] == {}
    assert "-I" in seen["command"]
    assert seen["timeout"] == SECONDS * PATIENCE


@pytest.mark.parametrize(
    ("stopped_by", "refusal"),
    [
        (signal.SIGTERM, InterruptedError),
        (signal.SIGINT, InterruptedError),
        (signal.SIGXCPU, CannotReadFile),
        (signal.SIGKILL, CannotReadFile),
    ],
)
def test_a_reader_that_is_stopped_from_outside_says_nothing_of_its_file(monkeypatch, stopped_by, refusal):
    def stop(command, **options):
        raise subprocess.CalledProcessError(-stopped_by, command)

    monkeypatch.setattr("accounts.files.reading.subprocess.run", stop)
    with pytest.raises(refusal):
        text_of(files.pdf_of(["Words"]), PDF)


def test_a_pile_of_accents_takes_no_time_and_keeps_what_a_script_stacks():
    pile = "a" + "\u0301\u0323" * 100_000 + " é stays"
    start = time.process_time()

    (paragraph,) = paragraphs_of(files.docx_of([pile]), DOCX)

    assert time.process_time() - start < 1
    assert paragraph.endswith(" é stays")
    assert len(paragraph) < 50
