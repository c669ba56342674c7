"""Questions about a contract, as they are read: what about, whose turn it is, how many days it took."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.days import local_day, working_days_between
from accounts.models import Organisation
from partnerships.contract import ContractState, fingerprint
from partnerships.models import Contract, ContractQuestion, ContractRow
from partnerships.rulesets.agreements import rule_set

# Who promises no days answers in these: by then a colleague has been reminded, too.
ANSWER_IN_WORKING_DAYS = 7


def read_questions(contract: Contract) -> list[ContractQuestion]:
    """All questions about a contract, the newest first, in one query."""
    found = _with_people(contract.questions).order_by("-pk")
    return [_on(contract, question) for question in found]


def open_questions(contract: Contract) -> tuple[list[tuple[ContractQuestion, str]], str]:
    """The questions that are open, each with what it is about, and a mark of them.

    Whoever is about to sign reads them first; who then goes on says by the mark which ones they have read.
    """
    asked = [question for question in read_questions(contract) if question.ended_at is None]
    mark = fingerprint(",".join(str(question.pk) for question in asked))
    return [(question, about_of(question)) for question in asked], mark


def read_question(contract: Contract, pk: int) -> ContractQuestion | None:
    """One question about a contract."""
    question = _with_people(contract.questions).filter(pk=pk).first()
    return _on(contract, question) if question else None


def _with_people(questions: QuerySet) -> QuerySet:
    return questions.select_related("organisation", "asked_by", "answered_for", "answered_by", "ended_by")


def _on(contract, question):
    question.contract = contract
    return question


def asked_before(question: ContractQuestion) -> list[ContractQuestion]:
    """What the same side asked about the same before this, the newest first."""
    earlier = question.contract.questions.filter(
        side=question.side, row=question.row, item=question.item, pk__lt=question.pk
    )
    return list(_with_people(earlier).order_by("-pk"))


def about_of(question: ContractQuestion) -> str:
    """What it is about: the name of a row, or of an item of the checklist."""
    return about_part(question.row, question.item, question.contract.ruleset)


def about_part(row: str, item: str, ruleset: str) -> str:
    """The name of a row in plain words or, where there is none, of an item of this rule set's checklist."""
    if row:
        return str(ContractRow.Code(row).label)
    return rule_set(ruleset).item_name(item)


def open_about(questions: list[ContractQuestion], side: str) -> dict[str, ContractQuestion]:
    """The open questions of a side, by the code of the row or item."""
    return {
        question.row or question.item: question
        for question in questions
        if question.ended_at is None and question.side == side
    }


@dataclass(frozen=True)
class ShownQuestion:
    """One question in a list: what it is about, the days it took, and a status in words with its tone."""

    question: ContractQuestion
    about: str
    days: str
    label: str
    tone: str


def shown_questions(
    questions: list[ContractQuestion],
    state: ContractState,
    own: Organisation,
    *,
    at: dt.datetime,
    is_open: bool,
) -> list[ShownQuestion]:
    """The open ones first, then those that are settled. What was asked again is read on the page of the later one."""
    shown = [
        _shown(question, state, own, at, is_open)
        for question in questions
        if question.understood is not False
    ]
    return sorted(shown, key=lambda one: one.question.ended_at is not None)


def _shown(question, state, own, at, is_open):
    answering = question.answered_for or next(
        (partner.organisation for partner in state.partners if partner.side != question.side),
        question.organisation,
    )
    days = words_of_days(question, at=at, country=answering.country)
    if question.ended_at is not None or not is_open:
        label, tone = _("Settled") if question.ended_at else _("Left open"), "plain"
    elif question.is_answered:
        label, tone = _("Answered"), "ok"
    elif waits_for_answer_of(question, state, own):
        label, tone = _("Waits for you"), "turn"
    else:
        label, tone = _("Waits for them"), "wait"
    return ShownQuestion(question, about_of(question), days, label, tone)


def waits_for_answer_of(question: ContractQuestion, state: ContractState, organisation) -> bool:
    """Whether this partner stands on the side that owes the answer."""
    return (
        question.ended_at is None
        and not question.is_answered
        and state.side_of(organisation) != question.side
    )


def days_taken(question: ContractQuestion, *, at: dt.datetime, country: str) -> int:
    """Working days from the question to its answer, or until now.

    Arguments:
        country: whose working days count: of who answered, or has to.
    """
    zone = question.contract.project.zone
    until = question.answered_at or question.ended_at or at
    return working_days_between(local_day(question.asked_at, zone), local_day(until, zone), country)


def words_of_days(question: ContractQuestion, *, at: dt.datetime, country: str) -> str:
    """How long it took, or has been open, as a sentence."""
    days = days_taken(question, at=at, country=country)
    if question.is_answered:
        if not days:
            return _("Answered on the same day.")
        return ngettext(
            "Answered after {days} working day.", "Answered after {days} working days.", days
        ).format(days=days)
    if question.ended_at:
        return _("Settled without an answer.")
    if not days:
        return _("Asked today.")
    return ngettext("Open for {days} working day.", "Open for {days} working days.", days).format(days=days)
