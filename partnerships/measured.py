"""How long contracts really take: the measured side of what an organisation promises on "How we work"."""

import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from accounts.days import local_day, working_days_between
from accounts.models import Organisation, Person
from partnerships.models import Contract, Participation, Project
from partnerships.rulesets.how_we_work import CONTRACTS_COUNTED, FEWEST_CONTRACTS, FEWEST_PARTNERS


@dataclass(frozen=True)
class ContractDays:
    """Working days of one contract that all have signed.

    Arguments:
        total: from its start until the last signature.
        own: of these, while it lay with the organisation that is asked about.
        partners: keys of the organisations on the other side.
    """

    total: int
    own: int
    partners: frozenset[int]


@dataclass(frozen=True)
class TypicalDays:
    """The medians over some contracts."""

    total: int
    own: int
    contracts: int


def typical_days(contracts: Sequence[ContractDays]) -> TypicalDays | None:
    """The medians; None while there are too few contracts, or with too few partners, to tell nothing of a single one.

    Of an even number the higher one in the middle: days that there really were, and none that flatter.
    """
    partners = frozenset().union(*(contract.partners for contract in contracts))
    if len(contracts) < FEWEST_CONTRACTS or len(partners) < FEWEST_PARTNERS:
        return None
    return TypicalDays(
        total=statistics.median_high(contract.total for contract in contracts),
        own=statistics.median_high(contract.own for contract in contracts),
        contracts=len(contracts),
    )


def spellings(organisation: Organisation) -> set[int]:
    """Keys of an organisation, and of those that were merged into it."""
    found = Organisation.objects.filter(Q(pk=organisation.pk) | Q(merged_into=organisation))
    return set(found.values_list("pk", flat=True))


def contract_days(organisation: Organisation, own: set[int]) -> list[ContractDays]:
    """The days of the newest contracts that an organisation signed with everybody, in three queries for any number.

    Arguments:
        own: what `spellings` found.
    """
    contracts = list(
        Contract.objects.exclude(signed_at=None)
        .filter(
            project__participations__organisation__in=own,
            project__participations__role=Participation.Role.PARTNER,
        )
        .select_related("project")
        .prefetch_related("turns")
        .order_by("-signed_at", "-pk")
        .distinct()[:CONTRACTS_COUNTED]
    )
    sides = defaultdict(list)
    everybody = Participation.objects.filter(
        project__in={contract.project_id for contract in contracts}, role=Participation.Role.PARTNER
    )
    names = everybody.values_list("project", "organisation", "organisation__merged_into", "side")
    for project, partner, kept, side in names:
        sides[project].append((partner, kept, side))
    return [
        _days_of(contract, own, sides[contract.project_id], organisation.country) for contract in contracts
    ]


def _days_of(contract, own, partners, country):
    zone = contract.project.zone

    def days(since, until):
        return working_days_between(local_day(since, zone), local_day(until, zone), country)

    own_sides = {side for partner, _kept, side in partners if partner in own}
    return ContractDays(
        total=days(contract.created_at, contract.signed_at),
        own=sum(
            days(turn.since, turn.until or contract.signed_at)
            for turn in contract.turns.all()
            if turn.organisation_id in own
        ),
        # Two spellings of one partner are one partner.
        partners=frozenset(kept or partner for partner, kept, side in partners if side not in own_sides),
    )


def may_know_days(person: Person, own: set[int]) -> bool:
    """Whether somebody may be told an organisation's typical days: its members, and those of partners on a project.

    Arguments:
        own: what `spellings` found.
    """
    mine = {membership.organisation_id for membership in person.current_memberships}
    if mine & own:
        return True
    there = Participation.objects.partners().filter(organisation__in=own, project=OuterRef("project"))
    here = Participation.objects.partners().filter(
        Exists(there), organisation__in=mine, project__origin=Project.Origin.WORKSPACE
    )
    return here.exists()


def typical_days_for(person: Person, organisation: Organisation) -> TypicalDays | None:
    """The typical days of an organisation, as far as this person may be told them. At most five queries."""
    own = spellings(organisation)
    return typical_days(contract_days(organisation, own)) if may_know_days(person, own) else None
