"""Files to upload, all made here from scratch: good ones, and nasty ones of every kind."""

import io
import re
import stat
import struct
import zipfile
import zlib
from xml.sax.saxutils import escape

from django.core.files.uploadedfile import SimpleUploadedFile

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
HTML = b"<!doctype html><script>document.title='ran'</script>"
SVG = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"document.title='ran'\"><script>fetch('/x')</script></svg>"
WORD = (
    '<?xml version="1.0" encoding="UTF-8"?><w:document '
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:body>{}</w:body></w:document>'
)
CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)


def pdf(pages=1, note=""):
    """A PDF with so many pages; another `note` makes it another file."""
    return PDF.replace(b"/Count 1", b"/Count %d" % pages) + (b"%" + note.encode() + b"\n" if note else b"")


def pdf_of(*pages, objects=(), trailer=b""):
    """A PDF that says something: for each page its lines, or a content stream as bytes.

    Arguments:
        objects: more of them; their numbers follow those of the pages.
    """
    made = [b"<</Type/Catalog/Pages 2 0 R>>", b"", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    kids = []
    for lines in pages:
        content = lines if isinstance(lines, bytes) else _typed(lines)
        kids.append(b"%d 0 R" % (len(made) + 1))
        made.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>/XObject<</X %d 0 R>>>>"
            b"/Contents %d 0 R>>" % (4 + 2 * len(pages), len(made) + 2)
        )
        made.append(content if content.startswith(b"<<") else stream(content))
    made[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), len(kids))
    return pdf_made_of([*made, *objects], trailer)


def pdf_made_of(objects, trailer=b""):
    """A PDF of these objects, the first of them its catalogue."""
    data, places = b"%PDF-1.5\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, table, len(objects) + 1, trailer, len(data),
    )  # fmt: skip


def stream(content, more=b""):
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (more, len(content), content)


def _typed(lines):
    shown = b"".join(
        b"(%s) Tj T*\n" % re.sub(rb"([\\()])", rb"\\\1", line.encode("latin-1", "replace")) for line in lines
    )
    return b"BT /F 11 Tf 14 TL 60 780 Td\n%sET" % shown


def pdf_of_size(size):
    return PDF + b"%" + b"x" * (size - len(PDF) - 1)


def pdf_with_packed_objects(pages=7):
    """A PDF as newer programs write it: the page tree is compressed."""
    objects = b"1 0 2 30 " + b"<</Type/Catalog/Pages 2 0 R>> <</Type /Pages /Kids [3 0 R] /Count %d>>" % pages
    packed = zlib.compress(objects)
    head = b"%%PDF-1.5\n4 0 obj<</Type/ObjStm/N 2/First 9/Filter/FlateDecode/Length %d>>stream\n" % len(
        packed
    )
    return head + packed + b"\nendstream endobj\n%%EOF\n"


def pdf_with_script(name=b"/JavaScript"):
    """A PDF that wants to run something as soon as it is opened."""
    return pdf_made_of(
        [
            b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S%s/JS(app.alert\\(1\\))>>>>" % name,
            b"<</Type/Pages/Kids[]/Count 1>>",
        ]
    )


def pdf_with_packed_script():
    """The same, where no search of the file itself finds it."""
    objects = (
        b"1 0 2 60 "
        + b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(1)>>>> <</Type/Pages/Count 1>>"
    )
    packed = zlib.compress(objects)
    return (
        b"%%PDF-1.5\n4 0 obj<</Type/ObjStm/N 2/First 9/Filter/FlateDecode/Length %d>>stream\n" % len(packed)
        + packed
        + b"\nendstream endobj\n%%EOF\n"
    )


def zipped(members, level=9):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def docx(pages=0, **members):
    parts = {"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": "<document/>"}
    if pages:
        parts["docProps/app.xml"] = f"<Properties><Pages>{pages}</Pages></Properties>"
    return zipped(parts | members)


def docx_of(paragraphs, **members):
    """A Word file that says something. Markup in a paragraph stays markup when it begins with `<`."""
    said = "".join(
        f"<w:p>{text if text.startswith('<') else f'<w:r><w:t>{escape(text)}</w:t></w:r>'}</w:p>"
        for text in paragraphs
    )
    return docx(**{"word/document.xml": WORD.format(said)} | members)


def docx_with(name, content="x"):
    return docx(**{name: content})


def docx_with_macros():
    return docx_with("word/vbaProject.bin")


def docx_with_link():
    buffer = io.BytesIO(docx())
    with zipfile.ZipFile(buffer, "a") as archive:
        link = zipfile.ZipInfo("word/link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return buffer.getvalue()


def docx_bomb(unpacked=300 << 20):
    """A megabyte that unpacks to three hundred."""
    buffer = io.BytesIO()
    block = b"A" * (1 << 20)
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        with archive.open("word/document.xml", "w", force_zip64=True) as member:
            for _ in range(unpacked >> 20):
                member.write(block)
    return buffer.getvalue()


def docx_of_many_members(count=6_000):
    return docx(**{f"word/{number}.xml": "" for number in range(count)})


def docx_that_lies():
    """Its directory promises ten bytes where a megabyte follows."""
    whole = bytearray(docx_with("word/media/big.bin", b"A" * (1 << 20)))
    at = whole.rfind(b"PK\x01\x02")
    whole[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(whole)


def spreadsheet():
    return zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"})


def zip_slip():
    return docx_with("../../../../var/slipped")


def polyglot():
    return PDF + zipped({"a.html": HTML})


def png(width=20, height=10):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    packer = zlib.compressobj(9)
    line = b"\0" + b"\0" * ((width + 7) // 8)
    data = b"".join(packer.compress(line) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def jpeg(width=20, height=10):
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + frame + b"\xff\xd9"


def old_word():
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def eicar():
    parts = "X5O!P%@AP[4\\PZX54(P^)7CC)7}", "$EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!", "$H+H*"
    return "".join(parts).encode()


def upload(content=PDF, name="contract.pdf", content_type="application/pdf"):
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content, content_type)
