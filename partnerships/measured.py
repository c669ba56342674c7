"""How long contracts and answers really take: the measured side of what an organisation promises on "How we work"."""

import datetime as dt
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from accounts.days import local_day, working_days_between
from accounts.models import Organisation, Person
from partnerships.models import Contract, FundingRequest, FundingStep, Participation, Project
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


@dataclass(frozen=True)
class TypicalAnswers:
    """The median of the days that requests for funding lay with an organisation until it decided."""

    days: int
    requests: int


@dataclass(frozen=True)
class Measured:
    """What may be told of how long an organisation takes; None for what nobody may be told."""

    contracts: TypicalDays | None = None
    answers: TypicalAnswers | None = None


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


def request_days(request: FundingRequest, steps: Iterable[FundingStep], at: dt.datetime) -> dict[int, int]:
    """Working days that a request lay with each of the two since it was first sent, each by their own calendar.

    Arguments:
        steps: all of them, in their order.
        at: now, until when an open request is counted.
    """
    spent = {request.sender_id: 0, request.receiver_id: 0}
    two = {one.pk: one for one in (request.sender, request.receiver)}
    steps = list(steps)
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        if step.kind in FundingStep.SETTLING:
            break
        with_whom = two[request.receiver_id if step.kind == FundingStep.Kind.SENT else request.sender_id]
        until = following.at if following else at
        spent[with_whom.pk] += working_days_between(
            local_day(step.at, with_whom.zone), local_day(until, with_whom.zone), with_whom.country
        )
    return spent


def typical_answers(own: set[int]) -> TypicalAnswers | None:
    """The days that the newest requests lay with an organisation until its yes or no, in two queries for any number.

    As few of them as of contracts tell nothing. What was taken back before it was decided does not count.

    Arguments:
        own: what `spellings` found.
    """
    decided = (
        FundingRequest.objects.filter(
            receiver__in=own, state__in=(FundingRequest.State.ACCEPTED, FundingRequest.State.DECLINED)
        )
        .select_related("sender", "receiver")
        .prefetch_related("steps")
        .order_by("-settled_at", "-pk")[:CONTRACTS_COUNTED]
    )
    days = [
        request_days(request, request.steps.all(), request.settled_at)[request.receiver_id]
        for request in decided
    ]
    senders = {request.sender.merged_into_id or request.sender_id for request in decided}
    if len(days) < FEWEST_CONTRACTS or len(senders) < FEWEST_PARTNERS:
        return None
    return TypicalAnswers(days=statistics.median_high(days), requests=len(days))


def measured_for(person: Person, organisation: Organisation, *, answers: bool = False) -> Measured:
    """How long an organisation takes, as far as this person may be told. At most five queries, two more with answers.

    Arguments:
        answers: whether to look at answers to requests for funding as well.
    """
    own = spellings(organisation)
    if not may_know_days(person, own):
        return Measured()
    return Measured(
        contracts=typical_days(contract_days(organisation, own)),
        answers=typical_answers(own) if answers else None,
    )
