"""The program that reads a file which may be hostile: content on standard input, its text as JSON on standard output.

`accounts.files.reading` starts it as a process of its own, in which nothing of ours can be found: no settings, no
database, no network address. Whatever a file does, to memory, to time, to the parser, it does to this process, which
ends. It imports nothing of the project. Usage: reader.py docx|pdf SECONDS
"""

import contextlib
import io
import json
import sys
import zipfile
from xml.parsers import expat

MOST_MEMORY = 768 * 1024 * 1024
MOST_XML = 64 * 1024 * 1024
MOST_CHARACTERS = 1_000_000
MOST_PAGES = 400
MOST_PARAGRAPHS = 20_000

PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
WORD = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
}
# Text that was deleted or moved away while changes were tracked.
GONE = {"del", "moveFrom"}
SPACES = {"tab", "br", "cr"}


class CannotRead(Exception):
    """There is no text to be had."""


class Paragraphs:
    """Takes the paragraphs out of a part of a Word file, as its parser meets them.

    A Word file has no document type (ECMA-376, part 2), and entities need one: the first sign of one ends the reading.
    """

    def __init__(self):
        self.found = []
        self.characters = 0

    def read(self, part):
        self.open, self.in_text, self.skipped = [], False, 0
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        # Whole: fed in pieces, a parser begins a long name again with each of them.
        content = part.read(MOST_XML + 1)
        if len(content) > MOST_XML:
            raise CannotRead
        parser.Parse(content, True)

    def _refuse(self, *_args):
        raise CannotRead

    def _start(self, tag, _attributes):
        namespace, _space, name = tag.rpartition(" ")
        # The same box of text once more, for programs that know no newer one.
        if self.skipped or name == "Fallback" or (namespace in WORD and name in GONE):
            self.skipped += 1
        elif namespace in WORD:
            if name == "p":
                self.open.append([])
            elif name == "t":
                self.in_text = True
            elif self.open and name in SPACES:
                self._add(" ")
            elif self.open and name == "noBreakHyphen":
                self._add("-")

    def _end(self, tag):
        namespace, _space, name = tag.rpartition(" ")
        if self.skipped:
            self.skipped -= 1
        elif namespace in WORD and name == "t":
            self.in_text = False
        elif namespace in WORD and name == "p" and self.open:
            self.found.append("".join(self.open.pop()))
            if len(self.found) > MOST_PARAGRAPHS:
                raise CannotRead

    def _text(self, text):
        if self.in_text and self.open:
            self._add(text)

    def _add(self, text):
        self.characters += len(text)
        if self.characters > MOST_CHARACTERS:
            raise CannotRead
        self.open[-1].append(text)


def read_docx(content):
    paragraphs = Paragraphs()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in PARTS:
            if name in archive.namelist():
                with archive.open(name) as part:
                    paragraphs.read(part)
    return {"paragraphs": paragraphs.found}


def read_pdf(content):
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content))
    # Many are locked against changes only: everybody opens them without a password.
    if reader.is_encrypted and not reader.decrypt(""):
        raise CannotRead
    pages, characters = [], 0
    for page in reader.pages:
        text = page.extract_text()
        characters += len(text)
        if len(pages) == MOST_PAGES or characters > MOST_CHARACTERS:
            raise CannotRead
        pages.append(text.splitlines())
    return {"pages": pages}


def hold_back(seconds):
    """Let the system end this process when it takes too much. Systems without such limits have the clock outside."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        # It writes no file.
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main(kind, seconds):
    hold_back(int(seconds))
    content = sys.stdin.buffer.read()
    found = {"docx": read_docx, "pdf": read_pdf}[kind](content)
    # Plain ASCII: half of a pair of surrogates would stop any other writing.
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
