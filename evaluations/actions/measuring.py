"""Facts beside the opinions: measured from what was recorded, never asked and never scored (docs/rules.md 16).

One function for each fact. What they have in common: they take the project as it is when its reviews open, and return
a figure, with what it is a part of or is held against; None where there is nothing to measure. What is told of each,
and how it was measured, stands beside its name in `MeasuredFact`.
"""

import datetime as dt
import statistics
from collections.abc import Callable
from typing import NamedTuple

from accounts.days import local_day, working_days_between
from evaluations.check_ins import check_ins_done
from evaluations.models import CarriedItem, MeasuredFact, Promise
from partnerships.models import Contract, ContractQuestion, HowWeWork, Participation, Project, TalkEntry
from partnerships.talk import input_counts

Name = MeasuredFact.Name


class Figure(NamedTuple):
    """A fact in numbers.

    Arguments:
        value: days, pages, or how many.
        of: of how many; or how many days were promised. None where there is no such thing.
    """

    value: int
    of: int | None = None


def contract_days(project: Project) -> Figure | None:
    """Working days from the start of the first contract that all signed until the last signature, against the promise.

    Of several companies the strictest promise counts; each of them made it to the same group.
    """
    contract = Contract.objects.filter(project=project).exclude(signed_at=None).order_by("number").first()
    company = _companies(project).first()
    if contract is None or company is None:
        return None
    start, end = (local_day(at, project.zone) for at in (contract.created_at, contract.signed_at))
    promised = (
        HowWeWork.objects.newest()
        .filter(organisation__in=_companies(project).values("organisation"))
        .exclude(contract_days=None)
        .order_by("contract_days")
        .values_list("contract_days", flat=True)
        .first()
    )
    return Figure(working_days_between(start, end, company.organisation.country), promised)


def contract_pages(project: Project) -> Figure | None:
    """Pages of the last version of that contract."""
    pages = (
        Contract.objects.filter(project=project, signed_at__isnull=False)
        .order_by("number", "-versions__number")
        .values_list("versions__pages", flat=True)
        .first()
    )
    return Figure(pages) if pages else None


def questions_answered(project: Project) -> Figure | None:
    """How many of the questions about the contract and in Talk were answered; what was withdrawn was not asked."""
    asked = _questions(project)
    return Figure(sum(bool(question.answered_at) for question in asked), len(asked)) if asked else None


def answer_days(project: Project) -> Figure | None:
    """The median of the working days until an answer, of an even number the higher one."""
    days = [
        working_days_between(
            local_day(question.asked_at, project.zone),
            local_day(question.answered_at, project.zone),
            question.country,
        )
        for question in _questions(project)
        if question.answered_at
    ]
    return Figure(statistics.median_high(days)) if days else None


def check_ins(project: Project) -> Figure | None:
    """How many of the check-ins every partner sent."""
    counted = check_ins_done(project)
    return Figure(counted.done, counted.asked) if counted.asked else None


def promises_kept(project: Project) -> Figure | None:
    """How many of the promises that were brought into this project were kept by then."""
    brought = Promise.objects.filter(
        pk__in=CarriedItem.objects.filter(project=project).exclude(promise=None).values("promise")
    )
    states = list(brought.values_list("state", flat=True))
    return Figure(states.count(Promise.State.DONE), len(states)) if states else None


def group_inputs(project: Project) -> Figure | None:
    """How many of the inputs of the group's side were used, of all that it gave in Talk."""
    return _inputs(project, Participation.Side.GROUP)


def company_inputs(project: Project) -> Figure | None:
    """How many of the inputs of the company's side were used, of all that it gave in Talk."""
    return _inputs(project, Participation.Side.COMPANY)


MEASURES: dict[str, Callable[[Project], Figure | None]] = {
    Name.CONTRACT_WORKING_DAYS: contract_days,
    Name.CONTRACT_PAGES: contract_pages,
    Name.QUESTIONS: questions_answered,
    Name.ANSWER_DAYS: answer_days,
    Name.GROUP_INPUTS: group_inputs,
    Name.COMPANY_INPUTS: company_inputs,
    Name.CHECK_INS: check_ins,
    Name.PROMISES: promises_kept,
}


def measured(project: Project) -> dict[str, Figure]:
    """Every fact that there is to measure, by its name."""
    figures = {name: measure(project) for name, measure in MEASURES.items()}
    return {name: figure for name, figure in figures.items() if figure is not None}


def keep_measured(project: Project) -> None:
    """Store what is measured now, once, when the reviews open."""
    MeasuredFact.objects.bulk_create(
        MeasuredFact(project=project, name=name, value=figure.value, of=figure.of)
        for name, figure in measured(project).items()
    )


def _inputs(project, side):
    counts = input_counts(project)[side]
    return Figure(counts.used, counts.given) if counts.given else None


def _companies(project):
    partners = project.participations.partners().filter(side=Participation.Side.COMPANY)
    return partners.select_related("organisation").order_by("pk")


class _Question(NamedTuple):
    asked_at: dt.datetime
    answered_at: dt.datetime | None
    # Of whoever answered: their working days count.
    country: str


def _questions(project):
    about_contracts = ContractQuestion.objects.filter(contract__project=project)
    in_talk = TalkEntry.objects.filter(project=project, kind=TalkEntry.Kind.QUESTION, withdrawn_at=None)
    rows = [
        *about_contracts.order_by("pk").values_list("asked_at", "answered_at", "answered_for__country"),
        *in_talk.order_by("pk").values_list("written_at", "answered_at", "asked__country"),
    ]
    return [_Question(*row) for row in rows]
