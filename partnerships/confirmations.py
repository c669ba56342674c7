"""The rows in plain words of a contract: what one side wrote, the other side confirms, row by row."""

from collections.abc import Collection, Iterable

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organisation
from partnerships.models import ContractRow, Participation


def waits_for(row: ContractRow, partners: Iterable[Participation]) -> list[Organisation]:
    """The partners of whom one has to confirm a row: all on the side that did not write it. None when nothing waits.

    The same rule asked of the database: `ContractRow.objects.unconfirmed`.
    """
    if not row.text or row.confirmed_at is not None:
        return []
    return [partner.organisation for partner in partners if partner.side != row.side]


def rows_for(
    organisation: Organisation, rows: Iterable[ContractRow], partners: Collection[Participation]
) -> list[ContractRow]:
    """The rows that this partner may confirm now."""
    return [row for row in rows if organisation in waits_for(row, partners)]


def not_confirmed(
    rows: Iterable[ContractRow], partners: Collection[Participation], *, named: bool
) -> list[str]:
    """What is not confirmed yet, as sentences.

    Arguments:
        named: one sentence for each row; otherwise one for each side, with the number of its rows.
    """
    waiting = [(row, names) for row in rows if (names := _names(waits_for(row, partners)))]
    if named:
        return [
            _("“{row}” waits for {names} to confirm it.").format(row=row.get_code_display(), names=names)
            for row, names in waiting
        ]
    counts: dict[str, int] = {}
    for _row, names in waiting:
        counts[names] = counts.get(names, 0) + 1
    return [
        ngettext(
            "{count} row in plain words waits for {names} to confirm it.",
            "{count} rows in plain words wait for {names} to confirm them.",
            count,
        ).format(count=count, names=names)
        for names, count in counts.items()
    ]


def _names(organisations):
    return get_text_list([organisation.name for organisation in organisations], _("or"))
