"""The text of a kept file, read by a process of its own that may fail in every way (`reader`)."""

import json
import logging
import signal
import subprocess
import sys
from pathlib import Path

from django.core.files.storage import default_storage

from accounts.files.content import DOCX, PDF
from accounts.files.paragraphs import Text, from_lines, from_paragraphs

logger = logging.getLogger(__name__)

SECONDS = 30
# On a busy machine a second of work takes longer.
PATIENCE = 4
READER = Path(__file__).with_name("reader.py")
KINDS = {kind.content_type: kind.extension for kind in (DOCX, PDF)}


# What ends a reader whose file asks for too much. Any other signal comes from outside and says nothing of the file.
TOO_MUCH = {-signal.SIGXCPU, -signal.SIGKILL}


class CannotReadFile(Exception):
    """The file holds no text that a program can read: a scan, a password, something broken, or far too much."""


def read_kept(name: str, content_type: str, *, seconds: int = SECONDS) -> Text:
    """Read the text of a file that is kept. Ends within its time, whatever the file holds.

    Arguments:
        seconds: of work; some more may pass.

    Raises:
        CannotReadFile: now and for ever.
        OSError: the file or a new process is not to be had now, the process was stopped, or the machine is too busy.
    """
    with default_storage.open(name) as file:
        content = file.read()
    if content_type not in KINDS:
        raise CannotReadFile
    try:
        # Isolated and without surroundings: it finds neither our modules nor our secrets.
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-I", "-B", "-X", "utf8", READER, KINDS[content_type], str(seconds)],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=seconds * PATIENCE,
            check=True,
        )
        found = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        # Work is counted inside: what takes so much longer waits for the machine.
        raise TimeoutError from None
    except (subprocess.SubprocessError, ValueError) as error:
        status = getattr(error, "returncode", 0)
        if status < 0 and status not in TOO_MUCH:
            raise InterruptedError from None
        logger.info("A file has no text to be read: %s", type(error).__name__)
        raise CannotReadFile from None
    text = from_lines(found["pages"]) if "pages" in found else from_paragraphs(found["paragraphs"])
    if not text.paragraphs:
        raise CannotReadFile
    return text
