"""The same figures as a table: the only place with decimals, one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

from django.utils.formats import number_format
from django.utils.translation import gettext

from evaluations.scoring import Compared, OrganisationValue, SideValue

from .words import Voices, outside_the_scale


@dataclass(frozen=True)
class Cell:
    """A figure, its words beside it, and lines below: each organisation, and what is outside the scale."""

    text: str
    note: str = ""
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableRow:
    head: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    caption: str
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]


def one_decimal(value: Fraction | None) -> str:
    """A figure rounded to one decimal, half up, as the language writes it. Nothing when there is no figure."""
    if value is None:
        return ""
    return number_format(Decimal(floor(value * 10 + Fraction(1, 2))).scaleb(-1), decimal_pos=1)


def table_of(results: Iterable[Compared], voices: Voices, first_column: str) -> Table:
    return Table(
        caption=_caption(voices.levels),
        columns=(first_column, *(voices.side(side) for side in voices.order), gettext("Gap")),
        rows=tuple(
            TableRow(
                head=result.name,
                cells=(
                    *(_cell(result.side(side), voices) for side in voices.order),
                    Cell(one_decimal(result.gap), voices.gap(result)),
                ),
            )
            for result in results
        ),
    )


def _cell(value: SideValue, voices: Voices) -> Cell:
    each = value.organisations if len(value.organisations) > 1 else ()
    return Cell(
        text=one_decimal(value.value),
        note=voices.words(value),
        more=(*(_own_mark(one, voices) for one in each), *outside_the_scale(value)),
    )


def _own_mark(one: OrganisationValue, voices: Voices) -> str:
    figure = f"{one_decimal(one.tally.value)} {voices.words(one)}".strip()
    return gettext("%(name)s: %(words)s") % {"name": voices.organisation(one), "words": figure}


def _caption(levels: tuple[str, ...]) -> str:
    sentences = (
        gettext("Average of the answered questions, from 1 (%(lowest)s) to 4 (%(highest)s).")
        % {"lowest": levels[0], "highest": levels[-1]},
        gettext("“I don’t know” and “Not in this project” are left out."),
        gettext("Gaps are worked out before rounding."),
    )
    return " ".join(sentences)
