"""The rows of a published list of payments, and what is wrong with those that can't be used."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.names import clean_name, match_key
from accounts.text import clean_text

COLUMNS = ["company", "payment_receiver", "amount", "currency", "payment_purpose", "year", "is_anonymous"]
YEARS = range(1990, 2101)
LARGEST = Decimal("9999999999999.9999")
# Enough to see the pattern of what is wrong, not so many that nobody reads them.
SHOWN_PROBLEMS = 50
CSV_FIELD_LIMIT = 100_000


@dataclass(frozen=True)
class Problem:
    """Something wrong at one place of the file."""

    line: int
    column: str
    message: str

    def __str__(self):
        return _("Line %(line)s, %(column)s: %(message)s") % {
            "line": self.line,
            "column": self.column,
            "message": self.message,
        }


class BadFile(Exception):
    """The file can't be read in. Nothing was written. `problems` says where and why."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems[:SHOWN_PROBLEMS]))


@dataclass(frozen=True)
class Row:
    line: int
    company: str
    company_locality: str
    receiver: str
    amount: Decimal
    currency: str
    purpose: str
    year: int
    anonymous: bool

    def content(self) -> str:
        """What makes two rows the same payment as published."""
        parts = [
            self.company,
            self.receiver,
            f"{self.amount.normalize():f}",
            self.currency,
            self.purpose,
            str(self.year),
        ]
        return "\x1f".join(parts)


def read_rows(text: io.TextIOBase) -> Iterator[Row | Problem]:
    """Read a published list row by row, with a Problem in the place of each row that can't be used."""
    csv.field_size_limit(CSV_FIELD_LIMIT)
    reader = csv.DictReader(text, strict=True)
    line = 1
    try:
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
        if missing:
            yield Problem(1, ", ".join(missing), _("This column is missing."))
            return
        line = reader.line_num + 1
        for record_ in reader:
            yield from _row(line, record_)
            line = reader.line_num + 1
    except csv.Error as error:
        yield Problem(
            line, "–", _("This is not a table with commas and quotes: %(error)s.") % {"error": error}
        )
    except UnicodeDecodeError:
        yield Problem(line, "–", _("This is not UTF-8 text. Save the file as “CSV UTF-8” and try again."))


def _row(line: int, raw: dict) -> Iterator[Row | Problem]:
    problems = []

    def wrong(column, message):
        problems.append(Problem(line, column, message))

    if None in raw or None in raw.values():
        yield Problem(line, "–", _("This row has more or fewer columns than the heading."))
        return
    for column, value in raw.items():
        try:
            clean_text(value, lines=True)
        except ValidationError as error:
            wrong(column, error.messages[0])
    company, receiver = clean_name(raw["company"]), clean_name(raw["payment_receiver"])
    anonymous = raw["is_anonymous"].strip().casefold() in ("true", "1", "yes")
    if raw["is_anonymous"].strip().casefold() not in ("true", "false", "1", "0", "yes", "no", ""):
        wrong("is_anonymous", _("Write True or False."))
    if not match_key(company):
        wrong("company", _("Who paid is missing."))
    if not anonymous and not match_key(receiver):
        wrong("payment_receiver", _("Who received is missing."))
    for column, name in (("company", company), ("payment_receiver", receiver)):
        if len(name) > 200:
            wrong(column, _("This name is longer than 200 characters."))
    currency = raw["currency"].strip().upper()
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        wrong("currency", _("Write a currency as three letters, like GBP."))
    amount = _amount(raw["amount"])
    if amount is None:
        wrong("amount", _("Write an amount as digits with a point, like 1250.50."))
    year = raw["year"].strip()
    if not (year.isascii() and year.isdigit() and int(year[:6]) in YEARS):
        wrong("year", _("Write a year between 1990 and 2100."))
    if problems:
        yield from problems
        return
    yield Row(
        line=line,
        company=company,
        company_locality=clean_name(raw.get("company_locality", "")),
        receiver="" if anonymous else receiver,
        amount=amount,
        currency=currency,
        purpose=raw["payment_purpose"].strip(),
        year=int(year),
        anonymous=anonymous,
    )


def _amount(text: str) -> Decimal | None:
    text = text.strip()
    # Decimal takes exponents, underscores and other scripts' digits, which a payments list never means.
    if not text or any(character not in "0123456789.-" for character in text):
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    if abs(amount) > LARGEST or amount != amount.quantize(Decimal("0.0001")):
        return None
    return amount
