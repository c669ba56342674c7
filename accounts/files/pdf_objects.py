"""What stands in a PDF, without reading it as a whole: names, also where newer programs pack them. No file is opened here."""

import re
import zlib
from collections.abc import Iterator

MOST_PACKS = 2_000
MOST_UNPACKED = 64 * 1024 * 1024
ONE_PACK = 1_000_000
# So far behind its name stands what a pack holds.
REACH = 420


class TooMuch(Exception):
    """There are more packs of objects than can be looked into."""


def name(word: str) -> bytes:
    """A pattern for a name in a PDF, in which any letter can be written as its number (`/J#61vaScript`)."""
    letters = b"".join(b"(?:%s|#%02x|#%02X)" % (letter.encode(), ord(letter), ord(letter)) for letter in word)
    return b"/" + letters + rb"(?![^\s/<>\[\](){}%\x00])"


# A script or a program that a reader would start. Where a link leads is no such thing.
_STARTS = re.compile(name("JavaScript") + b"|" + name("Launch"))
_PACK = re.compile(name("ObjStm"))
_CONTENT = re.compile(rb"stream\r?\n")


def packed_objects(data: bytes) -> Iterator[bytes]:
    """The objects that are compressed together, pack by pack.

    Raises:
        TooMuch: no usual document holds so many, or such large ones.
    """
    view, left = memoryview(data), MOST_UNPACKED
    for number, found in enumerate(_PACK.finditer(data)):
        if number == MOST_PACKS or left <= 0:
            raise TooMuch
        content = _CONTENT.search(data, found.end(), found.end() + REACH)
        if content is None:
            continue
        try:
            unpacked = zlib.decompressobj().decompress(
                view[content.end() : content.end() + ONE_PACK], ONE_PACK
            )
        except zlib.error:
            continue
        left -= len(unpacked)
        yield unpacked


def starts_something(data: bytes) -> bool:
    """Whether the PDF holds a script, or an action that starts a program.

    Raises:
        TooMuch
    """
    return bool(_STARTS.search(data)) or any(_STARTS.search(objects) for objects in packed_objects(data))
