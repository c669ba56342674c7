"""An amendment beside what it amends, as people read it; and a signed contract with what amended it later."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from partnerships.amendments import PLACES, Elsewhere, Reading, amendments_of, in_force, said_in_places
from partnerships.changes import Row, compare_words
from partnerships.contract import ContractState, label_of_place, words_of_place
from partnerships.models import Contract


@dataclass(frozen=True)
class Line:
    """One place of a contract.

    Attributes:
        before: what the amended contract said.
        after: what the amendment says.
        row: both, with the words marked that differ.
    """

    label: str
    before: str
    after: str
    row: Row

    @property
    def value(self) -> str:
        """What it says now: as a row of a summary."""
        return self.after

    @property
    def missing(self) -> str:
        """What stands there when it says nothing."""
        return "" if self.after else _("Nothing yet")


@dataclass(frozen=True)
class SideBySide:
    """All that an amendment says beside what it amends.

    Attributes:
        changed, unchanged: its places.
        to_take_up: (label, what it says by now, the amendment that changed it): of places that others changed since.
    """

    changed: tuple[Line, ...]
    unchanged: tuple[Line, ...]
    to_take_up: tuple[tuple[str, str, Contract], ...] = ()


def side_by_side(state: ContractState) -> SideBySide | None:
    """Lay an amendment beside what it amends. None for a contract that amends nothing. No query."""
    contract = state.contract
    if contract.amends_id is None:
        return None
    changes = set(state.changes)
    said = state.said
    lines = {place: _line(place, contract.before.get(place, ""), said[place]) for place in PLACES}
    return SideBySide(
        changed=tuple(lines[place] for place in PLACES if place in changes),
        unchanged=tuple(lines[place] for place in PLACES if place not in changes),
        to_take_up=tuple(
            (
                label_of_place(place),
                words_of_place(place, state.now.said[place]),
                state.now.changed_by[place],
            )
            for place in state.behind
        ),
    )


def _line(place, before, after):
    shown = words_of_place(place, before), words_of_place(place, after)
    return Line(label_of_place(place), *shown, compare_words(*shown))


@dataclass(frozen=True)
class Amended:
    """What became of a signed contract.

    Attributes:
        later: (label, what it says by now, the amendment that changed it last).
        open: amendments that are not signed, each with the labels of what they change.
    """

    later: tuple[tuple[str, str, Contract], ...] = ()
    open: tuple[tuple[Contract, tuple[str, ...]], ...] = ()


def amended(contract: Contract) -> Amended:
    """Read what amendments changed of a contract, or are about to. Nothing of one that is not signed itself."""
    if contract.signed_at is None or contract.amends_id is not None:
        return Amended()
    amendments = amendments_of(contract)
    return Amended(_later(contract, amendments), open_ones(amendments))


def _later(contract, amendments):
    if not any(one.contract.signed_at for one in amendments):
        return ()
    now = in_force(contract, amendments)
    for amendment in now.changed_by.values():
        amendment.project = contract.project
    return tuple(
        (label_of_place(place), words_of_place(place, now.said[place]), now.changed_by[place])
        for place in PLACES
        if place in now.changed_by
    )


def open_ones(amendments: Iterable[Reading]) -> tuple[tuple[Contract, tuple[str, ...]], ...]:
    """The amendments among these that are not signed, each with the labels of what they change."""
    return tuple(
        (one.contract, tuple(label_of_place(place) for place in one.changes))
        for one in amendments
        if one.contract.signed_at is None
    )


def shown_elsewhere(
    found: Mapping[str, Elsewhere], state: ContractState, typed: Mapping[str, object]
) -> list[dict]:
    """Both texts of each place that another open amendment changes, too.

    Arguments:
        typed: what this one would say instead: rows and terms by their names.
    """
    terms = {name: value for name, value in typed.items() if name in state.terms}
    contract = Contract(**state.terms | terms)
    if contract.amount is None:
        contract.currency = ""
    own = said_in_places(contract, state.words | {name: typed[name] for name in typed if name not in terms})
    return [
        {
            "place": place,
            "label": label_of_place(place),
            "amendment": one.amendment,
            "theirs": words_of_place(place, one.said),
            "mine": words_of_place(place, own[place]),
        }
        for place, one in found.items()
    ]
