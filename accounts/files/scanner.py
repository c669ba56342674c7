"""The virus scanner, when there is one: clamd, asked over its socket (INSTREAM)."""

import enum
import logging
import socket
import struct

from django.conf import settings

logger = logging.getLogger(__name__)

SECONDS = 30
CHUNK = 64 * 1024


class Verdict(enum.Enum):
    CLEAN = "clean"
    INFECTED = "infected"
    # The scanner did not answer, or could not say: the file is held until it does.
    UNKNOWN = "unknown"


def scan(file) -> Verdict:
    """Ask the scanner about a file. Without a scanner (`CLAMAV_SOCKET` empty) every file counts as clean."""
    address = settings.CLAMAV_SOCKET
    if not address:
        return Verdict.CLEAN
    try:
        answer = _ask(address, file)
    except OSError as error:
        logger.warning("The virus scanner did not answer: %s", type(error).__name__)
        return Verdict.UNKNOWN
    if answer.endswith("OK"):
        return Verdict.CLEAN
    if answer.endswith("FOUND"):
        logger.warning("A file was refused by the virus scanner: %s", answer[:200])
        return Verdict.INFECTED
    logger.warning("The virus scanner could not check a file: %s", answer[:200])
    return Verdict.UNKNOWN


def _ask(address, file):
    with _connected(address) as connection:
        connection.sendall(b"zINSTREAM\0")
        file.seek(0)
        while chunk := file.read(CHUNK):
            connection.sendall(struct.pack(">I", len(chunk)) + chunk)
        file.seek(0)
        connection.sendall(struct.pack(">I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < 4096:
            part = connection.recv(4096)
            if not part:
                break
            answer += part
    return answer.decode(errors="replace").strip("\0\r\n ")


def _connected(address):
    """`/run/clamav/clamd.ctl` or `host:3310`."""
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(SECONDS)
        try:
            connection.connect(address)
        except OSError:
            connection.close()
            raise
        return connection
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=SECONDS)
