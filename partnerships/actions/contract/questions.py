"""“We don’t understand this”: one side asks, the other side answers in plain words, the asking side says whether it helped."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.audit import record, subject_of
from accounts.days import add_working_days, local_day
from accounts.models import Organisation, Person
from accounts.notices import owe, void
from partnerships.actions.contract.shared import count_unsettled, lock_for_writing
from partnerships.actions.people import whom_to_tell
from partnerships.checklist import Answer
from partnerships.contract import ContractState
from partnerships.how_we_work import promised_turn_days
from partnerships.models import Contract, ContractQuestion
from partnerships.questions import ANSWER_IN_WORKING_DAYS


class CannotAsk(Exception):
    """This can't be asked like this."""


class CannotAnswerQuestion(Exception):
    """This question can't be answered or settled now, or not by this person."""


@transaction.atomic
def ask_about_row(
    contract: Contract, code: str, *, words: str, actor: Person, at: dt.datetime
) -> ContractQuestion:
    """Say that a row of the other side is not understood. It is confirmed by the own side no more.

    Asking the same twice is asking once.

    Raises:
        CannotAsk: the row says nothing, the own side wrote it or has an open question about it, or nobody is there to ask.
        LookupError: there is no such row.
        ContractIsClosed: it is signed by all or was dropped, or the project is over.
        ActsForNobody: the person acts for no partner.
    """
    state, organisation = lock_for_writing(contract, actor, at)
    if code not in state.rows:
        raise LookupError(f"The contract has no row {code!r}.")
    row, side = state.rows[code], state.side_of(organisation)
    if not row.text or row.side == side:
        raise CannotAsk(_("You can ask about what the other side wrote."))
    if not opposite(state, side):
        raise CannotAsk(_("There is nobody on the other side to ask."))
    known = _open_one(state, side, row=code)
    if known is not None:
        if known.words == words:
            return known
        raise CannotAsk(_("Your side has an open question about this already."))
    if row.confirmed_at is not None:
        row.confirmed_by = row.confirmed_for = row.confirmed_at = None
        row.save(update_fields=["confirmed_by", "confirmed_for", "confirmed_at"])
    return open_question(state, organisation, row=code, words=words, actor=actor, at=at)


def follow_item(
    state: ContractState, organisation: Organisation, code: str, said, *, actor: Person, at: dt.datetime
) -> None:
    """A partner answers an item of the checklist: that opens a question, asks again, or settles the own one."""
    side = state.side_of(organisation)
    known = _open_one(state, side, item=code)
    if said.answer == Answer.UNCLEAR:
        if known is not None:
            _end(known, understood=False, actor=actor, at=at)
        if opposite(state, side):
            open_question(state, organisation, item=code, words=said.words, follows=known, actor=actor, at=at)
    elif known is not None:
        _settle(state, organisation, known, actor=actor, at=at)


def follow_rows(
    state: ContractState, organisation: Organisation, codes, *, actor: Person, at: dt.datetime
) -> None:
    """A partner confirms rows: its side asks nothing about them any more."""
    side = state.side_of(organisation)
    asked = state.contract.questions.filter(side=side, row__in=list(codes), ended_at=None)
    for question in asked.select_for_update().order_by("pk"):
        _settle(state, organisation, question, actor=actor, at=at)


@transaction.atomic
def answer_question(
    question: ContractQuestion, *, answer: str, actor: Person, at: dt.datetime
) -> ContractQuestion:
    """Answer a question of the other side. Those who asked are told. Answering twice is answering once.

    Raises:
        CannotAnswerQuestion: the own side asked it, it was answered otherwise meanwhile, or is settled.
        ContractIsClosed, ActsForNobody
    """
    state, organisation, question = _lock(question, actor, at)
    if state.side_of(organisation) == question.side:
        raise CannotAnswerQuestion(_("The other side answers it."))
    if question.is_answered and question.answer == answer:
        return question
    if question.is_answered or question.ended_at is not None:
        raise CannotAnswerQuestion(_("This question was answered or settled meanwhile."))
    question.answer, question.answered_for = answer, organisation
    question.answered_by, question.answered_at = actor, at
    question.save(update_fields=["answer", "answered_for", "answered_by", "answered_at"])
    _void_asked(question, at)
    record(
        "contract.question_answered", question, actor=actor, at=at, project=state.contract.project,
        organisation=organisation,
    )  # fmt: skip
    for person in whom_to_tell(state.contract.project, question.organisation):
        owe(
            person,
            kind="question_answered",
            key=f"question-answered:{question.pk}:p{person.pk}",
            at=at,
            subject=subject_of(question),
            project=state.contract.project,
        )
    return question


@transaction.atomic
def settle_question(question: ContractQuestion, *, actor: Person, at: dt.datetime) -> ContractQuestion:
    """Say for the asking side that it understands now, with or without an answer. Saying it twice is saying it once.

    An item of the checklist has no answer then: somebody says whether it is met.

    Raises:
        CannotAnswerQuestion: the other side asked it, or it was asked again.
        ContractIsClosed, ActsForNobody
    """
    state, organisation, question = _lock(question, actor, at)
    _refuse_others(state, organisation, question)
    if question.ended_at is not None:
        if question.understood:
            return question
        raise CannotAnswerQuestion(_("Your side asked again meanwhile."))
    _settle(state, organisation, question, actor=actor, at=at)
    line = next((line for line in state.checklist.lines if line.item.code == question.item), None)
    if line is not None and line.is_asked and line.row.organisation_id == question.organisation_id:
        line.row.delete()
        count_unsettled(state.contract)
        record(
            "contract.checked", state.contract, actor=actor, at=at, project=state.contract.project,
            organisation=organisation, items=[question.item],
            was={question.item: [line.said.answer, line.said.words]}, now={question.item: ["", ""]},
        )  # fmt: skip
    return question


@transaction.atomic
def ask_question_again(
    question: ContractQuestion, *, words: str, actor: Person, at: dt.datetime
) -> ContractQuestion:
    """Say that an answer did not help, and what is still not understood: another question, with a clock of its own.

    Raises:
        CannotAnswerQuestion: the other side asked it, it has no answer yet, or it is settled.
        ContractIsClosed, ActsForNobody
    """
    state, organisation, question = _lock(question, actor, at)
    _refuse_others(state, organisation, question)
    following = question.followed_by.filter(words=words).first()
    if following is not None:
        return following
    if question.ended_at is not None or not question.is_answered:
        raise CannotAnswerQuestion(_("You can ask again once there is an answer."))
    _end(question, understood=False, actor=actor, at=at)
    return open_question(
        state, organisation, row=question.row, item=question.item, words=words, follows=question, actor=actor, at=at
    )  # fmt: skip


def open_question(
    state: ContractState,
    organisation: Organisation,
    *,
    row: str = "",
    item: str = "",
    words: str,
    follows: ContractQuestion | None = None,
    actor: Person,
    at: dt.datetime,
) -> ContractQuestion:
    """Ask the other side, whose Leads and Owners are told."""
    contract, side = state.contract, state.side_of(organisation)
    asked = opposite(state, side)
    today = local_day(at, contract.project.zone)
    question = ContractQuestion.objects.create(
        contract=contract,
        row=row,
        item=item,
        words=words,
        follows=follows,
        organisation=organisation,
        side=side,
        asked_by=actor,
        asked_at=at,
        # Each of them has the days that they promise, and the last of several counts.
        due_on=max(
            add_working_days(today, promised_turn_days(one.pk) or ANSWER_IN_WORKING_DAYS, one.country)
            for one in asked
        ),
    )
    record(
        "contract.question_asked", question, actor=actor, at=at, project=contract.project,
        organisation=organisation,
    )  # fmt: skip
    for person in [person for one in asked for person in whom_to_tell(contract.project, one)]:
        owe(
            person,
            kind="question_asked",
            key=f"question-asked:{question.pk}:p{person.pk}",
            at=at,
            subject=subject_of(question),
            project=contract.project,
        )
    return question


def opposite(state: ContractState, side: str) -> list[Organisation]:
    """The partners on the other side."""
    return [partner.organisation for partner in state.partners if partner.side != side]


def _open_one(state, side, *, row="", item=""):
    return state.contract.questions.filter(side=side, row=row, item=item, ended_at=None).first()


def _lock(question, actor, at):
    state, organisation = lock_for_writing(question.contract, actor, at)
    question = ContractQuestion.objects.select_for_update().select_related("organisation").get(pk=question.pk)
    question.contract = state.contract
    return state, organisation, question


def _refuse_others(state, organisation, question):
    if state.side_of(organisation) != question.side:
        raise CannotAnswerQuestion(_("The side that asked says whether it understands."))


def _settle(state, organisation, question, *, actor, at):
    _end(question, understood=True, actor=actor, at=at)
    record(
        "contract.question_settled", question, actor=actor, at=at, project=state.contract.project,
        organisation=organisation,
    )  # fmt: skip


def _end(question, *, understood, actor, at):
    question.understood, question.ended_by, question.ended_at = understood, actor, at
    question.save(update_fields=["understood", "ended_by", "ended_at"])
    _void_asked(question, at)


def _void_asked(question, at):
    for kind in ("question_asked", "question_waits"):
        void(
            reason=gettext_noop("it was answered or settled"), at=at, kind=kind, subject=subject_of(question)
        )
