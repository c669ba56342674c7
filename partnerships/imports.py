"""Reading a published list of payments into organisations, projects and transfers."""

import csv
import datetime as dt
import hashlib
import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Organisation, OrganisationName, Person
from accounts.names import clean_name, doubtful_pairs, match_key
from accounts.text import clean_text
from partnerships.models import ImportRun, Participation, Project, Transfer, new_reference

COLUMNS = ["company", "payment_receiver", "amount", "currency", "payment_purpose", "year", "is_anonymous"]
YEARS = range(1990, 2101)
LARGEST = Decimal("9999999999999.9999")
BATCH = 1000
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


@dataclass
class Report:
    """What an import did, or would do."""

    rows: int = 0
    created: int = 0
    skipped: int = 0
    organisations_created: int = 0
    organisations_matched: int = 0
    projects_created: int = 0
    # Spellings that became one organisation: the name kept → the other spellings.
    spellings: dict[str, list[str]] = field(default_factory=dict)
    doubtful: list[tuple[str, str, float]] = field(default_factory=list)
    repeats: list[int] = field(default_factory=list)
    anonymous: int = 0

    def as_dict(self):
        return {
            name: value
            for name, value in vars(self).items()
            if name not in ("doubtful", "spellings", "repeats")
        } | {
            "doubtful": len(self.doubtful),
            "spellings": sum(len(others) for others in self.spellings.values()),
            "repeats": len(self.repeats),
        }


class _DryRun(Exception):
    """Takes back a trial."""


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


class Importer:
    """One run over one file. Keeps only what is needed to find organisations and projects again."""

    def __init__(self, source: str, run: ImportRun, at: dt.datetime, actor: Person | None):
        self.source, self.run, self.at, self.actor = source, run, at, actor
        self.report = Report()
        self.organisations: dict[str, Organisation] = {}
        self.known_spellings: set[tuple[str, str]] = set()
        self.new_keys: set[str] = set()
        self.matched: set[int] = set()
        # For each company: key of the project by receiver and year.
        self.projects: dict[int, dict[tuple[int | None, int], int]] = {}
        self.seen: Counter[bytes] = Counter()
        self.slugs = set(Organisation.objects.values_list("slug", flat=True))
        names = OrganisationName.objects.select_related("organisation__merged_into").order_by("pk")
        for name in names.iterator(chunk_size=5000):
            self.organisations.setdefault(name.key, name.organisation.merged_into or name.organisation)
            self.known_spellings.add((name.key, name.name))
        for organisation in (
            Organisation.objects.select_related("merged_into").order_by("pk").iterator(chunk_size=5000)
        ):
            key = match_key(organisation.name)
            if key:
                self.organisations.setdefault(key, organisation.merged_into or organisation)

    def take(self, rows: list[Row]) -> None:
        """Write one batch."""
        keyed = [(row, self._key(row)) for row in rows]
        known = set(
            Transfer.objects.filter(import_key__in=[key for _row_, key in keyed]).values_list(
                "import_key", flat=True
            )
        )
        self.report.rows += len(rows)
        self.report.skipped += len(known)
        fresh = [(row, key) for row, key in keyed if key not in known]
        Transfer.objects.bulk_create([self._transfer(row, key) for row, key in fresh])
        self.report.created += len(fresh)

    def _key(self, row: Row) -> str:
        """Source, content and ordinal: a payment that was published twice is two payments."""
        digest = hashlib.sha256(f"{self.source}\x1f{row.content()}".encode())
        self.seen[digest.digest()] += 1
        ordinal = self.seen[digest.digest()]
        if ordinal > 1:
            self.report.repeats.append(row.line)
        digest.update(f"\x1f{ordinal}".encode())
        return digest.hexdigest()

    def _transfer(self, row: Row, key: str) -> Transfer:
        payer = self._organisation(row.company, Organisation.Kind.COMPANY)
        recipient = None if row.anonymous else self._organisation(row.receiver, Organisation.Kind.GROUP)
        self.report.anonymous += row.anonymous
        return Transfer(
            project_id=self._project(payer, recipient, row.year),
            payer=payer,
            recipient=recipient,
            amount=row.amount,
            currency=row.currency,
            purpose=row.purpose,
            year=row.year,
            anonymous=row.anonymous,
            import_run=self.run,
            import_key=key,
            source_line=row.line,
        )

    def _organisation(self, name: str, kind: str) -> Organisation:
        key = match_key(name)
        organisation = self.organisations.get(key)
        if organisation is None:
            organisation = Organisation.objects.create(
                kind=kind, name=name, slug=self._slug(name), origin=Organisation.Origin.IMPORTED
            )
            self.organisations[key] = organisation
            self.new_keys.add(key)
            self.report.organisations_created += 1
        elif key not in self.new_keys and organisation.pk not in self.matched:
            self.matched.add(organisation.pk)
            self.report.organisations_matched += 1
        if (key, name) not in self.known_spellings:
            OrganisationName.objects.create(organisation=organisation, name=name, key=key)
            self.known_spellings.add((key, name))
            if name != organisation.name:
                self.report.spellings.setdefault(organisation.name, []).append(name)
        return organisation

    def _slug(self, name: str) -> str:
        stem = slugify(name)[:70].strip("-") or "organisation"
        slug, number = stem, 1
        while slug in self.slugs:
            number += 1
            slug = f"{stem}-{number}"
        self.slugs.add(slug)
        return slug

    def _project(self, payer: Organisation, recipient: Organisation | None, year: int) -> int:
        """Key of the project of company × receiver × year: outside stages, tasks, reminders and statistics."""
        if payer.pk not in self.projects:
            self.projects[payer.pk] = self._projects_of(payer)
        known = self.projects[payer.pk]
        wanted = (recipient.pk if recipient else None, year)
        if wanted not in known:
            known[wanted] = self._make_project(payer, recipient, year).pk
        return known[wanted]

    def _projects_of(self, payer: Organisation) -> dict[tuple[int | None, int], int]:
        """What earlier imports made for a company, by receiver and year: asked once, not for each payment."""
        transfers = Transfer.objects.filter(payer=payer, project__origin=Project.Origin.IMPORTED).order_by(
            "pk"
        )
        found: dict[tuple[int | None, int], int] = {}
        for recipient, year, project in transfers.values_list("recipient", "year", "project").iterator():
            found.setdefault((recipient, year), project)
        return found

    def _make_project(self, payer: Organisation, recipient: Organisation | None, year: int) -> Project:
        title = _("%(receiver)s, %(year)s") % {
            "receiver": recipient.name if recipient else _("Not named"),
            "year": year,
        }
        project = Project.objects.create(
            reference=new_reference(),
            title=title if len(title) <= 120 else f"{title[:112]}… {year}",
            origin=Project.Origin.IMPORTED,
            stage=Project.Stage.COMPLETED,
            stage_since=self.at,
            created_at=self.at,
            year=year,
        )
        sides = [(payer, Participation.Side.COMPANY)]
        if recipient is not None and recipient.pk != payer.pk:
            sides.append((recipient, Participation.Side.GROUP))
        Participation.objects.bulk_create(
            Participation(project=project, organisation=organisation, side=side, joined_at=self.at)
            for organisation, side in sides
        )
        self.report.projects_created += 1
        return project

    def finish(self) -> Report:
        """Pairs for a person to look at: at least one of each came with this file."""
        names = {key: organisation.name for key, organisation in self.organisations.items()}
        self.report.doubtful = [
            (names[one], names[other], likeness)
            for one, other, likeness in doubtful_pairs(names, among=self.new_keys)
            if self.organisations[one].pk != self.organisations[other].pk
        ]
        return self.report


def import_transfers(
    path: Path,
    *,
    source: str,
    at: dt.datetime,
    actor: Person | None = None,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda rows: None,
) -> Report:
    """Read a published payments list in one transaction. Running it again changes nothing.

    Arguments:
        path: a CSV file in UTF-8 with the columns in COLUMNS.
        source: who published it; rows of the same source are recognised when they come again.
        dry_run: report what would happen, and take it back.
        progress: called with the number of rows read, after each batch.

    Raises:
        BadFile: what is wrong, by line and column. Nothing was written.
    """
    report = Report()
    try:
        with transaction.atomic():
            run = ImportRun.objects.create(
                source=source, file_name=path.name[:200], sha256=_hash_of(path), started_at=at, actor=actor
            )
            importer = Importer(source, run, at, actor)
            _read_all(path, importer, progress)
            report = importer.finish()
            if dry_run or not report.created:
                raise _DryRun
            run.report = report.as_dict()
            run.save(update_fields=["report"])
            record("transfers.imported", run, actor=actor, at=at, source=source, **report.as_dict())
    except _DryRun:
        pass
    return report


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_all(path: Path, importer: Importer, progress: Callable[[int], None]) -> None:
    problems, batch = [], []
    with path.open(encoding="utf-8-sig", newline="") as text:
        for row in read_rows(text):
            if isinstance(row, Problem):
                problems.append(row)
                if len(problems) >= SHOWN_PROBLEMS:
                    break
            elif not problems:
                batch.append(row)
                if len(batch) == BATCH:
                    importer.take(batch)
                    batch = []
                    progress(importer.report.rows)
    if problems:
        raise BadFile(problems)
    importer.take(batch)
    progress(importer.report.rows)
