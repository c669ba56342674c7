"""The files of the corpus, as they are posted. What tests/files.py makes already is taken from there."""

import zipfile
from io import BytesIO

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from config.whole import WholeBody
from tests import files
from tests.bad_inputs import corpus

BLOCK = b"A" * (1 << 20)


def spreadsheet_bomb(unpacked):
    """A spreadsheet of so many bytes, packed."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member:
            for _ in range(unpacked >> 20):
                member.write(BLOCK)
    return buffer.getvalue()


# Case → its content, and whether it is refused whatever the field takes.
MADE = {
    "F01": (lambda whole: b"", True),
    "F02": (lambda whole: files.pdf_of_size(settings.MAX_UPLOAD_BYTES + 1), True),
    "F04": (lambda whole: files.pdf(), False),
    "F05": (lambda whole: files.HTML, True),
    "F07": (lambda whole: files.polyglot(), False),
    "F08": (lambda whole: spreadsheet_bomb(corpus.CASES["F08"]["value"]["unpacked"] >> (0 if whole else 5)), True),
    "F10": (lambda whole: files.zip_slip(), True),
    "F11": (lambda whole: files.png(30_000, 30_000), True),
    "F13": (lambda whole: files.eicar(), True),
}  # fmt: skip


def names(case):
    """Every name that a case gives its file."""
    value = corpus.CASES[case]["value"]
    for name in value.get("names", [value.get("name")]):
        yield name if isinstance(name, str) else name["repeat"] * name["times"] + name["suffix"]


class Named(SimpleUploadedFile):
    """A file with the very name it was given: what Django makes of it is for the site to do."""

    def _set_name(self, name):
        self._name = name

    name = property(lambda self: self._name, _set_name)


def uploads(whole):
    """(case, file, whether it has to be refused) of every case."""
    for case, (content, is_refused) in MADE.items():
        made = content(whole)
        for name in names(case):
            yield case, Named(name, made, "application/pdf"), is_refused


def broken_off(field, sent):
    """F14: a post with a file whose connection ends in the middle, as what is sent with it."""
    boundary = "half"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, values in sent.items()
        for value in values
    ]
    parts.append(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="contract.pdf"\r\n'
        f"Content-Type: application/pdf\r\n\r\n{files.pdf_of_size(50_000).decode()}\r\n--{boundary}--\r\n"
    )
    body = "".join(parts).encode()
    return {
        "content_type": f"multipart/form-data; boundary={boundary}",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": WholeBody(BytesIO(body[:-20_000]), len(body)),
    }
