"""Log lines without the words of a review, and without links that would let a reader of the log sign in."""

import json
import logging
import re
import traceback
from datetime import UTC, datetime

# A row that breaks a constraint is repeated by PostgreSQL after DETAIL, comments and all (also inside a repr).
DATABASE_DETAIL = re.compile(r"\s*(?:\\n|\n|^)(?:DETAIL|CONTEXT|QUERY|HINT|LINE \d+):.*\Z", re.DOTALL)
# Links in mails carry a token as one part of the path. References of 8 characters, slugs and numbers stay readable.
TOKEN = re.compile(r"(?<=[/=])(?=[\w:.-]*[\dA-Z])[\w:.-]{20,}")
QUOTED = re.compile(r"""(["'“‘]).*["'”’]""")
# What these quote are names in our code; what other errors quote may be what somebody typed.
ABOUT_CODE = (AttributeError, ImportError, NameError, TypeError)


def scrub(text):
    """Take out of a log line what must not be read there: rows quoted by the database, and tokens in addresses."""
    return TOKEN.sub("…", DATABASE_DETAIL.sub("", text))


def describe(error, seen=()):
    """The traceback with every error it came from, each with one line of message and no value."""
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    before = ""
    if earlier is not None and id(earlier) not in seen:
        before = describe(earlier, (*seen, id(error))) + "\nwhich led to\n"
    message = scrub(str(error)).partition("\n")[0]
    if type(error).__module__.partition(".")[0] in ("django", "psycopg2", "sqlite3"):
        # Constraints and columns are named in quotes; a value stands in quotes after a colon.
        message = re.sub(r""":\s*["'“].*""", ": …", message)
    elif not isinstance(error, ABOUT_CODE):
        message = QUOTED.sub(r"\1…\1", message)
    frames = "".join(traceback.format_tb(error.__traceback__))
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    return f"{before}Traceback (most recent call last):\n{frames}{name}: {message}"


class TextFormatter(logging.Formatter):
    """Readable lines, for a person at a terminal."""

    def format(self, record):
        text = f"{self.formatTime(record)} {record.levelname} {record.name}: {scrub(record.getMessage())}"
        return f"{text}\n{describe(record.exc_info[1])}" if record.exc_info and record.exc_info[1] else text


class JsonFormatter(logging.Formatter):
    """One JSON object a line, for a machine that collects them."""

    def format(self, record):
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": scrub(record.getMessage()),
        }
        if status := getattr(record, "status_code", None):
            line["status"] = status
        if record.exc_info and record.exc_info[1]:
            line["traceback"] = describe(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)
