"""What amendments change of the contract that they amend, place by place.

A place is one of the rows in plain words, the kind, the amount with its currency, or a day. The ninth row says when
this very contract was signed: it is each contract's own. An amendment keeps what each place said when it was started,
or last taken up (`Contract.before`); the places in which it says something else are those that it changes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from partnerships.models import Contract, ContractRow

Code = ContractRow.Code

AMENDED_ROWS = tuple(code.value for code in Code if code != Code.SIGNED)
TERM_PLACES = ("type", "amount", "starts_on", "ends_on")
PLACES = (*AMENDED_ROWS, *TERM_PLACES)
# The place to which a term belongs, where it is not one itself.
PLACE_OF_TERM = {"currency": "amount"}


def said_in_places(contract: Contract, words: Mapping[str, str]) -> dict[str, str]:
    """What a contract says in each place, as text that can be kept and compared.

    Arguments:
        words: what its rows say.
    """
    amount = "" if contract.amount is None else f"{Decimal(contract.amount):.4f} {contract.currency}"
    return {code: words.get(code, "") for code in AMENDED_ROWS} | {
        "type": str(contract.type),
        "amount": amount,
        "starts_on": contract.starts_on.isoformat() if contract.starts_on else "",
        "ends_on": contract.ends_on.isoformat() if contract.ends_on else "",
    }


def changed_places(contract: Contract, said: Mapping[str, str]) -> list[str]:
    """The places in which an amendment says something else than what it amends. None of what amends nothing."""
    if contract.amends_id is None:
        return []
    return [place for place in PLACES if said[place] != contract.before.get(place, "")]


@dataclass(frozen=True)
class Reading:
    """A contract with what it says in each place."""

    contract: Contract
    said: dict[str, str]

    @property
    def changes(self) -> list[str]:
        return changed_places(self.contract, self.said)


def _read(contracts: Iterable[Contract]) -> list[Reading]:
    return [
        Reading(contract, said_in_places(contract, {row.code: row.text for row in contract.rows.all()}))
        for contract in contracts
    ]


def amendments_of(contract: Contract) -> list[Reading]:
    """All amendments of a contract in the order of their numbers, in two queries; in one when there are none."""
    return _read(contract.amendments.order_by("number").prefetch_related("rows"))


@dataclass(frozen=True)
class InForce:
    """What a signed contract says with all its signed amendments.

    Attributes:
        said: by place.
        changed_by: the last signed amendment that changed a place, where one did.
    """

    said: dict[str, str]
    changed_by: dict[str, Contract]


def in_force(contract: Contract, amendments: Iterable[Reading] | None = None) -> InForce:
    """Put the signed amendments of a contract upon it, in the order in which they were signed.

    None was signed while another one that it did not take up was (`Contract.outdated`): so the order is all it takes.

    Arguments:
        contract: one that amends no other.
        amendments: all there are, where they are known.
    """
    if amendments is None:
        family = Contract.objects.filter(Q(pk=contract.pk) | Q(amends=contract.pk, signed_at__isnull=False))
        readings = _read(family.prefetch_related("rows"))
    else:
        readings = _read([contract]) + [one for one in amendments if one.contract.signed_at]
    first = next(one for one in readings if one.contract.pk == contract.pk)
    said, changed_by = dict(first.said), {}
    later = sorted(
        (one for one in readings if one is not first),
        key=lambda one: (one.contract.signed_at, one.contract.pk),
    )
    for one in later:
        for place in one.changes:
            said[place], changed_by[place] = one.said[place], one.contract
    return InForce(said, changed_by)


def behind(contract: Contract, now: InForce) -> list[str]:
    """The places that another amendment changed since this one was started, or last taken up."""
    return [place for place in PLACES if contract.before.get(place, "") != now.said[place]]


@dataclass(frozen=True)
class Elsewhere:
    """A place that another open amendment changes: which one, and what it says there."""

    amendment: Contract
    said: str


def changed_elsewhere(contract: Contract) -> dict[str, Elsewhere]:
    """What the other open amendments of the same contract change, by place."""
    others = Contract.objects.filter(amends=contract.amends_id, signed_at=None).exclude(pk=contract.pk)
    return {
        place: Elsewhere(one.contract, one.said[place])
        for one in _read(others.order_by("-number").prefetch_related("rows"))
        for place in one.changes
    }
