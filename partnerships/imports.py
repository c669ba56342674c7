"""Reading a published list of payments into organisations, projects and transfers."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Organisation, OrganisationName, Person
from accounts.names import doubtful_pairs, match_key
from partnerships.models import ImportRun, Participation, Project, Transfer, new_reference
from partnerships.payments import SHOWN_PROBLEMS, BadFile, Problem, Row, read_rows

BATCH = 1000


class Known(NamedTuple):
    """An organisation that a name leads to: after a merge the one that was kept."""

    pk: int
    name: str


class Doubt(NamedTuple):
    """Two organisations that may be one, for a person to decide; how alike their names are (0 to 1)."""

    one: Known
    other: Known
    likeness: float


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
    doubtful: list[Doubt] = field(default_factory=list)
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


# What an imported project stands for: payer, receiver (none when not named) and year.
Place = tuple[int, int | None, int]


class Importer:
    """One run over one file. Keeps only what is needed to find organisations and projects again."""

    def __init__(self, source: str, run: ImportRun, at: dt.datetime, actor: Person | None):
        self.source, self.run, self.at, self.actor = source, run, at, actor
        self.report = Report()
        self.organisations: dict[str, Known] = {}
        self.known_spellings: set[tuple[str, str]] = set()
        self.new_keys: set[str] = set()
        self.matched: set[int] = set()
        self.projects: dict[Place, int] = {}
        # Companies whose earlier imports are among `projects`.
        self.read_payers: set[int] = set()
        self.seen: Counter[bytes] = Counter()
        self.slugs: set[str] = set()
        rows = Organisation.objects.order_by("pk").values_list(
            "pk", "name", "slug", "merged_into", "merged_into__name"
        )
        own_names = {}
        for pk, name, slug, kept, kept_name in rows.iterator(chunk_size=5000):
            self.slugs.add(slug)
            own_names[pk] = name, Known(kept, kept_name) if kept else Known(pk, name)
        names = OrganisationName.objects.order_by("pk").values_list("key", "name", "organisation")
        for key, name, pk in names.iterator(chunk_size=5000):
            self.organisations.setdefault(key, own_names[pk][1])
            self.known_spellings.add((key, name))
        for name, known in own_names.values():
            if key := match_key(name):
                self.organisations.setdefault(key, known)

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
        self._write_organisations([row for row, _key in fresh])
        self._write_projects([row for row, _key in fresh])
        Transfer.objects.bulk_create(self._transfer(row, key) for row, key in fresh)
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

    def _write_organisations(self, rows: list[Row]) -> None:
        """Those that no name leads to yet, and the spellings that were not seen before."""
        named = [
            (match_key(name), name, kind)
            for row in rows
            for name, kind in (
                (row.company, Organisation.Kind.COMPANY),
                ("" if row.anonymous else row.receiver, Organisation.Kind.GROUP),
            )
            if name
        ]
        new = {}
        for key, name, kind in named:
            if key not in self.organisations and key not in new:
                new[key] = Organisation(
                    kind=kind, name=name, slug=self._slug(name), origin=Organisation.Origin.IMPORTED
                )
        for key, organisation in zip(new, Organisation.objects.bulk_create(new.values()), strict=True):
            self.organisations[key] = Known(organisation.pk, organisation.name)
        self.new_keys.update(new)
        self.report.organisations_created += len(new)
        spellings = []
        for key, name, _kind in named:
            known = self.organisations[key]
            if key not in self.new_keys and known.pk not in self.matched:
                self.matched.add(known.pk)
                self.report.organisations_matched += 1
            if (key, name) not in self.known_spellings:
                self.known_spellings.add((key, name))
                spellings.append(OrganisationName(organisation_id=known.pk, name=name, key=key))
                if name != known.name:
                    self.report.spellings.setdefault(known.name, []).append(name)
        OrganisationName.objects.bulk_create(spellings)

    def _slug(self, name: str) -> str:
        stem = slugify(name)[:70].strip("-") or "organisation"
        slug, number = stem, 1
        while slug in self.slugs:
            number += 1
            slug = f"{stem}-{number}"
        self.slugs.add(slug)
        return slug

    def _payer(self, row: Row) -> Known:
        return self.organisations[match_key(row.company)]

    def _recipient(self, row: Row) -> Known | None:
        return None if row.anonymous else self.organisations[match_key(row.receiver)]

    def _place(self, row: Row) -> Place:
        recipient = self._recipient(row)
        return self._payer(row).pk, recipient.pk if recipient else None, row.year

    def _write_projects(self, rows: list[Row]) -> None:
        """One for each company × receiver × year: outside stages, tasks, reminders and statistics."""
        self._read_projects_of({self._payer(row).pk for row in rows})
        new = {}
        for row in rows:
            place = self._place(row)
            if place not in self.projects and place not in new:
                new[place] = self._new_project(self._recipient(row), row.year)
        participations = []
        for place, project in zip(new, Project.objects.bulk_create(new.values()), strict=True):
            payer, recipient, _year = place
            self.projects[place] = project.pk
            sides = [(payer, Participation.Side.COMPANY)]
            if recipient not in (None, payer):
                sides.append((recipient, Participation.Side.GROUP))
            participations += [
                Participation(project=project, organisation_id=pk, side=side, joined_at=self.at)
                for pk, side in sides
            ]
        Participation.objects.bulk_create(participations)
        self.report.projects_created += len(new)

    def _read_projects_of(self, payers: set[int]) -> None:
        """What earlier imports made for these companies: asked once, not for each payment."""
        earlier = Transfer.objects.filter(
            payer__in=payers - self.read_payers, project__origin=Project.Origin.IMPORTED
        )
        found = earlier.order_by("pk").values_list("payer", "recipient", "year", "project")
        for *place, project in found.iterator():
            self.projects.setdefault(tuple(place), project)
        self.read_payers |= payers

    def _new_project(self, recipient: Known | None, year: int) -> Project:
        title = _("%(receiver)s, %(year)s") % {
            "receiver": recipient.name if recipient else _("Not named"),
            "year": year,
        }
        return Project(
            reference=new_reference(),
            title=title if len(title) <= 120 else f"{title[:112]}… {year}",
            origin=Project.Origin.IMPORTED,
            stage=Project.Stage.COMPLETED,
            stage_since=self.at,
            created_at=self.at,
            year=year,
        )

    def _transfer(self, row: Row, key: str) -> Transfer:
        payer, recipient, _year = place = self._place(row)
        self.report.anonymous += row.anonymous
        return Transfer(
            project_id=self.projects[place],
            payer_id=payer,
            recipient_id=recipient,
            amount=row.amount,
            currency=row.currency,
            purpose=row.purpose,
            year=row.year,
            anonymous=row.anonymous,
            import_run=self.run,
            import_key=key,
            source_line=row.line,
        )

    def finish(self) -> Report:
        """Pairs for a person to look at: at least one of each came with this file."""
        named = self.organisations
        self.report.doubtful = [
            Doubt(named[one], named[other], likeness)
            for one, other, likeness in doubtful_pairs(named, among=self.new_keys)
            if named[one].pk != named[other].pk
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
            pairs = [(doubt.one.pk, doubt.other.pk, doubt.likeness) for doubt in report.doubtful]
            run.report = report.as_dict() | {"pairs": pairs}
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
