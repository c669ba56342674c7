"""Tables for spreadsheets: streamed, and safe to open."""

import csv
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from partnerships.models import Participation, Project

# What makes a spreadsheet take a text for a formula; the last one is the full-width equals sign.
FORMULA_STARTERS = ("=", "+", "-", "@", "\t", "\r", "＝")
CHUNK = 500


def safe_cell(value: object) -> str:
    """A value as text that no spreadsheet runs: never starts like a formula, holds no control characters."""
    text = "" if value is None else str(value)
    text = "".join(character for character in text if character in "\n\t" or ord(character) >= 32)
    return f"'{text}" if text.startswith(FORMULA_STARTERS) else text


class _Echo:
    def write(self, value):
        return value


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Lines of a CSV file, with a byte order mark, so that spreadsheets read the accents."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for row in rows:
        yield writer.writerow([safe_cell(value) for value in row])


def projects_as_csv(projects, *, file_name: str) -> StreamingHttpResponse:
    """The projects of a list, in its order.

    Arguments:
        projects: a queryset with partners and open turns.
        file_name: the name under which it is saved.
    """
    response = StreamingHttpResponse(
        csv_lines(project_rows(projects)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def project_rows(projects) -> Iterator[list[object]]:
    """A heading and one row for each project."""
    yield [
        _("Reference"), _("Project"), _("Groups"), _("Companies"), _("Stage"), _("Starts on"), _("Ends on"),
        _("Turn of"), _("Due"),
    ]  # fmt: skip
    for project in projects.iterator(chunk_size=CHUNK):
        names = {p.organisation_id: p.organisation.name for p in project.partners}
        turns = [turn for turn in project.open_turns if turn.organisation_id in names]
        due = [turn.due_on for turn in turns if turn.due_on]
        yield [
            project.reference,
            project.title,
            _names(project, Participation.Side.GROUP),
            _names(project, Participation.Side.COMPANY),
            project.get_stage_display(),
            project.starts_on,
            project.ends_on,
            ", ".join(dict.fromkeys(names[turn.organisation_id] for turn in turns)),
            min(due) if due else "",
        ]


def _names(project: Project, side: str) -> str:
    return ", ".join(p.organisation.name for p in project.partners if p.side == side)
