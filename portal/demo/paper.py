"""What the demo's contracts say, and a page of paper for each."""

from textwrap import wrap

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.formats import date_format

from accounts.files import DOCX, PDF, Upload, UploadField
from partnerships.models import Contract
from portal.demo import words


def rows_for(contract: Contract, story: str, *, group: str, company: str) -> dict[str, str]:
    """The rows of a contract in plain words, from what the plan says."""
    start, end = (date_format(day, "j F Y") for day in (contract.starts_on, contract.ends_on))
    cost = "No money passes. Each side brings its time."
    if contract.amount is not None:
        cost = f"{contract.amount:,.2f} {contract.currency}, half at the start and half at the end."
    return {
        "what": ". ".join(words.ACTIVITIES[story]) + ".",
        "why": f"{words.WHY[story]['need']} {words.WHY[story]['better']}",
        "who": f"{group} does the work and decides on its words. {company} gives time and knowledge when asked.",
        "support": contract.get_type_display(),
        "when": f"From {start} to {end}.",
        "cost": cost,
        "shown": f"Everything we make says on its first page: with support from {company}.",
        "signs": f"The chair for {group}, the head of patient engagement for {company}.",
    }


def paper_of(contract: Contract, rows: dict[str, str]) -> Upload:
    """The file of a contract: a page with its rows."""
    lines = [contract.title, "A made-up contract between made-up organisations.", "", *rows.values()]
    name = f"{contract.title}.pdf"
    return UploadField(kinds=[PDF, DOCX]).clean(SimpleUploadedFile(name, pdf_of(lines), "application/pdf"))


def pdf_of(lines: list[str]) -> bytes:
    """A page with these lines, written by hand: the demo must load where no library draws text."""
    escaped = [
        part.encode("cp1252", "replace").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")
        for line in lines
        for part in wrap(line, 85) or [""]
    ]
    text = b"BT /F1 11 Tf 22 TL 60 770 Td " + b" ".join(b"(%s) '" % line for line in escaped) + b" ET"
    objects = [
        b"<</Type /Catalog /Pages 2 0 R>>",
        b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources <</Font <</F1 5 0 R>>>>>>",
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(text), text),
        b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding>>",
    ]
    document, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return document + b"xref\n0 6\n0000000000 65535 f \n%strailer\n<</Size 6 /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        table, len(document),
    )  # fmt: skip
