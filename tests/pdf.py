"""What a reader finds written in a PDF."""

import re
import zlib


def pdf_text(pdf: bytes) -> str:
    """The text of a PDF as WeasyPrint makes it: glyphs of subset fonts, each with a table back to characters."""
    objects = _objects(pdf)
    fonts = {}
    for body in objects.values():
        for name, number in re.findall(rb"/([A-Za-z0-9_+-]+) (\d+) 0 R", body):
            table = re.search(rb"/ToUnicode (\d+) 0 R", objects.get(number, b""))
            if table:
                fonts[name] = _table(_stream(objects[table[1]]))
    words = []
    for body in objects.values():
        content = _stream(body)
        if b" Tf" not in content:
            continue
        letters = {}
        for font, glyphs, end in re.findall(rb"/([A-Za-z0-9_+-]+) [\d.]+ Tf|<([0-9A-Fa-f]+)>|(ET)", content):
            if font:
                letters = fonts.get(font, {})
            elif end:
                words.append(" ")
            else:
                codes = [glyphs[at : at + 4].decode().lower() for at in range(0, len(glyphs), 4)]
                words.append("".join(letters.get(code, "") for code in codes))
    return re.sub(r"\s+", " ", "".join(words))


def pdf_fonts(pdf: bytes) -> set[str]:
    """Names of the families whose letters a PDF draws."""
    names = re.findall(rb"/BaseFont /\w+\+([\w-]+)", b" ".join(_objects(pdf).values()))
    return {name.decode().removesuffix("-Bold") for name in names}


def pdf_pages(pdf: bytes) -> int:
    """How many pages a PDF has."""
    return sum(re.search(rb"/Type\s*/Page\b", body) is not None for body in _objects(pdf).values())


def _objects(pdf: bytes) -> dict[bytes, bytes]:
    objects = dict(re.findall(rb"(\d+) 0 obj(.*?)endobj", pdf, re.S))
    for body in list(objects.values()):
        if b"/ObjStm" in body:
            objects |= _packed(body)
    return objects


def _stream(body: bytes) -> bytes:
    found = re.search(rb"stream\r?\n(.*?)\r?\nendstream", body, re.S)
    if not found:
        return b""
    try:
        # Not `zlib.decompress`: the last byte may have gone with the line break that follows it.
        return zlib.decompressobj().decompress(found[1])
    except zlib.error:
        return found[1]


def _packed(body: bytes) -> dict[bytes, bytes]:
    content = _stream(body)
    first = int(re.search(rb"/First (\d+)", body)[1])
    numbers = [int(number) for number in content[:first].split()]
    starts = [*numbers[1::2], len(content)]
    return {
        str(number).encode(): content[first + start : first + end]
        for number, start, end in zip(numbers[::2], starts, starts[1:], strict=False)
    }


def _table(content: bytes) -> dict[str, str]:
    letters = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", content, re.S):
        for code, text in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            letters[code.decode().lower()] = bytes.fromhex(text.decode()).decode("utf-16-be")
    return letters
