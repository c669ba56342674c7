"""“We don’t understand this”: one side asks, the other answers, the asking side says whether it helped."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.days import local_day
from accounts.models import Event, Notice
from partnerships.actions.closing import withdraw_project
from partnerships.actions.contract import (
    CannotAnswerQuestion,
    CannotAsk,
    ContractIsClosed,
    answer_checklist,
    answer_question,
    ask_about_row,
    ask_question_again,
    settle_question,
    write_rows,
)
from partnerships.actions.people import ActsForNobody
from partnerships.checklist import Said, read_checklist
from partnerships.models import ContractQuestion
from partnerships.questions import days_taken
from partnerships.reminders import remind_questions
from portal.waiting import tasks_for
from tests import files
from tests.bad_inputs.forms import DATE_PARTS
from tests.factories import (
    DAY,
    NOON,
    add_agency,
    add_partner,
    make_organisation,
    member_of,
    other_side,
    partner_of,
    person_on,
)
from tests.partnerships.contracts import all_declare, approve, complete, confirm, people_of, settle, sign
from tests.partnerships.work import described
from tests.races import at_once

pytestmark = pytest.mark.django_db

LATER = NOON + DAY
IN_THREE_DAYS = [{"what": "We answer your changes", "who": "Legal", "days": 3, "measure": "own"}]
WORDS = "What is a “reasonable” cost?"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def asked(side, at=NOON):
    """A question by this side about a row that the other one wrote, a Lead who asked and one of the other side."""
    project, me, them = people_of(side)
    contract = complete(project, them, at)
    return ask_about_row(contract, "cost", words=WORDS, actor=me, at=at), me, them


def unclear(contract, actor, code="amount", words="Which amount is it?", at=NOON):
    answer_checklist(contract, said={code: Said("unclear", words)}, actor=actor, at=at)
    return contract.questions.filter(item=code).last()


def url(name, question):
    contract = question.contract
    return reverse(f"partnerships:{name}", args=[contract.project.reference, contract.number, question.pk])


def ask_url(contract, code):
    return reverse("partnerships:row_ask", args=[contract.project.reference, contract.number, code])


def titles(person, at=NOON):
    """What waits for somebody about questions."""
    return [task.title for task in tasks_for(person, at=at) if task.key.startswith("question:")]


def told(kind):
    return [notice.recipient for notice in Notice.objects.filter(kind=kind).order_by("pk")]


# Asking --------------------------------------------------------------------------------------------------


def test_either_side_asks_about_what_the_other_wrote_who_is_told_and_finds_it_at_home(side):
    question, me, them = asked(side)

    assert (question.row, question.words, question.side) == ("cost", WORDS, side)
    assert (question.organisation, question.asked_by) == (partner_of(question.contract.project, side), me)
    assert told("question_asked") == [them]
    assert titles(them) == ["Explain “How much, and for what”"]
    assert titles(me) == []
    assert Event.objects.filter(verb="contract.question_asked").count() == 1


def test_nobody_asks_about_their_own_words_or_about_nothing(side):
    project, me, them = people_of(side)
    contract = complete(project, them)

    for person, code in ((them, "cost"), (me, "signed")):
        with pytest.raises(CannotAsk, match="what the other side wrote"):
            ask_about_row(contract, code, words=WORDS, actor=person, at=NOON)
    with pytest.raises(LookupError):
        ask_about_row(contract, "price", words=WORDS, actor=me, at=NOON)
    assert not contract.questions.exists()


def test_asking_takes_the_own_confirmation_back_and_leaves_signatures(side):
    project, me, them = people_of(side)
    contract = complete(project, them)
    sign(contract, them)

    ask_about_row(contract, "cost", words=WORDS, actor=me, at=NOON)

    assert contract.rows.get(code="cost").confirmed_at is None
    assert contract.rows.get(code="why").confirmed_at is not None
    assert contract.signatures.count() == 1


def test_asking_the_same_twice_is_asking_once_and_one_thing_is_asked_at_a_time(side):
    question, me, _them = asked(side)

    assert ask_about_row(question.contract, "cost", words=WORDS, actor=me, at=LATER) == question
    with pytest.raises(CannotAsk, match="open question about this already"):
        ask_about_row(question.contract, "cost", words="And what of tax?", actor=me, at=LATER)
    assert ContractQuestion.objects.count() == 1


def test_where_nobody_stands_opposite_nobody_is_asked(side):
    project, me, them = people_of(side)
    contract = complete(project, them)
    project.participations.filter(organisation=partner_of(project, other_side(side))).update(left_at=NOON)

    with pytest.raises(CannotAsk, match="nobody on the other side"):
        ask_about_row(contract, "cost", words=WORDS, actor=me, at=NOON)
    assert unclear(contract, me) is None


def test_the_answer_is_due_in_the_days_that_the_other_side_promises_or_in_seven_working_days(side):
    question, me, them = asked(side)
    assert question.due_on == dt.date(2026, 12, 2)

    described(partner_of(question.contract.project, other_side(side)), them, steps=IN_THREE_DAYS)
    second = ask_about_row(question.contract, "why", words=WORDS, actor=me, at=NOON)

    assert second.due_on == dt.date(2026, 11, 26)


def test_of_several_who_are_asked_the_last_day_counts_and_any_of_them_answers(side):
    project, me, them = people_of(side)
    contract = complete(project, them)
    second = make_organisation(other_side(side))
    add_partner(project, second, other_side(side))
    ally = member_of(second)
    described(partner_of(project, other_side(side)), them, steps=IN_THREE_DAYS)

    question = ask_about_row(contract, "cost", words=WORDS, actor=me, at=NOON)
    answer_question(question, answer="What is paid for.", actor=ally, at=NOON)

    assert question.due_on == dt.date(2026, 12, 2)
    assert set(told("question_asked")) == {them, ally}
    question.refresh_from_db()
    assert question.answered_for == second


def test_an_item_that_is_not_understood_opens_a_question_with_the_other_side(side):
    project, me, them = people_of(side)
    contract = complete(project, me)

    question = unclear(contract, me)

    assert (question.item, question.words, question.organisation) == (
        "amount",
        "Which amount is it?",
        partner_of(project, side),
    )
    assert titles(them) == ["Explain “Amount, or help in kind”"]


def test_another_answer_by_the_asking_side_settles_it_and_one_by_the_other_side_does_not(side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    question = unclear(contract, me)

    answer_checklist(contract, said={"amount": Said("met")}, actor=them, at=NOON)
    question.refresh_from_db()
    still_open = question.ended_at
    answer_checklist(contract, said={"amount": Said("not_met")}, actor=me, at=NOON)
    question.refresh_from_db()

    assert still_open is None
    assert (question.ended_by, question.understood) == (me, True)


def test_other_words_about_the_same_item_ask_again(side):
    project, me, _them = people_of(side)
    contract = complete(project, me)
    first = unclear(contract, me)

    second = unclear(contract, me, words="With tax, or without?", at=LATER)

    first.refresh_from_db()
    assert (first.understood, second.follows, second.asked_at) == (False, first, LATER)


# Answering -----------------------------------------------------------------------------------------------


def test_the_answer_goes_back_to_who_asked_with_the_days_it_took(side):
    question, me, them = asked(side)

    answer_question(question, answer="What we agree on before.", actor=them, at=NOON + 8 * DAY)

    question.refresh_from_db()
    theirs = partner_of(question.contract.project, other_side(side))
    assert (question.answer, question.answered_for, question.answered_by) == (
        "What we agree on before.", theirs, them,
    )  # fmt: skip
    # From a Monday to the Tuesday of the week after.
    assert days_taken(question, at=NOON + 90 * DAY, country="GB") == 6
    assert told("question_answered") == [me]
    assert titles(them) == []
    assert titles(me) == ["Read the answer about “How much, and for what”"]
    assert Notice.objects.get(kind="question_asked").voided_at


def test_the_side_that_asked_does_not_answer_and_the_other_does_not_settle(side):
    question, me, them = asked(side)

    with pytest.raises(CannotAnswerQuestion, match="The other side answers"):
        answer_question(question, answer="Because.", actor=me, at=NOON)
    with pytest.raises(CannotAnswerQuestion, match="The side that asked"):
        settle_question(question, actor=them, at=NOON)
    answer_question(question, answer="Because.", actor=them, at=NOON)
    with pytest.raises(CannotAnswerQuestion, match="The side that asked"):
        ask_question_again(question, words="Why?", actor=them, at=NOON)


def test_answering_twice_is_answering_once_and_two_answers_do_not_mix(side):
    question, _me, them = asked(side)
    colleague = person_on(question.contract.project, other_side(side))
    for at in (NOON, LATER):
        answer_question(question, answer="Because.", actor=them, at=at)

    with pytest.raises(CannotAnswerQuestion, match="meanwhile"):
        answer_question(question, answer="Otherwise.", actor=colleague, at=LATER)

    question.refresh_from_db()
    assert (question.answer, question.answered_at) == ("Because.", NOON)


def test_understood_ends_it_with_or_without_an_answer(side):
    question, me, them = asked(side)
    contract = question.contract

    for at in (NOON, LATER):
        settle_question(question, actor=me, at=at)
    question.refresh_from_db()

    assert (question.understood, question.ended_by, question.ended_at) == (True, me, NOON)
    assert titles(them) == []
    with pytest.raises(CannotAnswerQuestion):
        answer_question(question, answer="Late.", actor=them, at=LATER)
    # The row is the own side's to confirm again.
    assert confirm(contract, me) == ["cost"]


def test_confirming_a_row_settles_what_the_side_asked_about_it(side):
    question, me, _them = asked(side)

    confirm(question.contract, me)

    question.refresh_from_db()
    assert question.understood is True


def test_an_item_that_is_understood_waits_for_somebody_to_say_whether_it_is_met(side):
    project, me, _them = people_of(side)
    contract = complete(project, me)
    question = unclear(contract, me)
    contract.refresh_from_db()
    before = contract.unsettled_checks

    settle_question(question, actor=me, at=NOON)

    lines = {line.item.code: line for line in read_checklist(contract).lines}
    contract.refresh_from_db()
    assert lines["amount"].said == Said()
    assert (before, contract.unsettled_checks) == (1, 1)
    settle(contract, me)
    contract.refresh_from_db()
    assert contract.unsettled_checks == 0


def test_who_does_not_understand_the_answer_asks_again_with_a_new_clock(side):
    question, me, them = asked(side)
    with pytest.raises(CannotAnswerQuestion, match="once there is an answer"):
        ask_question_again(question, words="Still not.", actor=me, at=NOON)
    answer_question(question, answer="Because.", actor=them, at=NOON)

    second = ask_question_again(question, words="Because of what?", actor=me, at=NOON + 7 * DAY)

    assert ask_question_again(question, words="Because of what?", actor=me, at=NOON + 8 * DAY) == second
    question.refresh_from_db()
    assert (question.understood, second.follows, second.row) == (False, question, "cost")
    assert second.due_on == dt.date(2026, 12, 9)
    assert titles(them) == ["Explain “How much, and for what”"]
    with pytest.raises(CannotAnswerQuestion, match="asked again meanwhile"):
        settle_question(question, actor=me, at=NOON)


def test_agencies_and_strangers_neither_ask_nor_answer(side):
    question, _me, _them = asked(side)
    project = question.contract.project
    agent = member_of(add_agency(project, partner_of(project, other_side(side))), "owner")

    for person in (agent, member_of(make_organisation(other_side(side)))):
        with pytest.raises(ActsForNobody):
            answer_question(question, answer="Because.", actor=person, at=NOON)
        with pytest.raises(ActsForNobody):
            ask_about_row(question.contract, "why", words=WORDS, actor=person, at=NOON)
        assert titles(person) == []


def test_a_signed_or_withdrawn_contract_owes_no_answer(side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    question = unclear(contract, me, code="recordings", words="Of whom?")
    other, _me, answering = asked(side)
    before = titles(them), titles(answering)
    for person in (me, them):
        sign(contract, person)
    withdraw_project(other.contract.project, reason="other", note="", actor=answering, at=NOON)

    for late, person in ((question, them), (other, answering)):
        with pytest.raises(ContractIsClosed):
            answer_question(late, answer="Late.", actor=person, at=NOON)
    assert [len(found) for found in before] == [1, 1]
    assert (titles(them), titles(answering)) == ([], [])
    assert remind_questions(at=NOON + 12 * DAY)["owed"] == 0


# Reminders -----------------------------------------------------------------------------------------------


def sweep(days):
    return [remind_questions(at=NOON + day * DAY)["owed"] for day in range(days)]


def test_who_owes_an_answer_is_reminded_after_three_and_seven_working_days_and_then_colleagues_too(side):
    question, _me, them = asked(side)
    colleague = member_of(partner_of(question.contract.project, other_side(side)))

    sweep(20)

    left = {
        person: [
            notice.not_before.date()
            for notice in Notice.objects.filter(kind="question_waits", recipient=person)
        ]
        for person in (them, colleague)
    }
    third, seventh = dt.date(2026, 11, 26), dt.date(2026, 12, 2)
    assert left == {them: [third, seventh], colleague: [seventh]}
    assert Notice.objects.filter(kind="question_waits").count() == 3


def test_what_is_answered_reminds_nobody(side):
    question, _me, them = asked(side)
    answer_question(question, answer="Because.", actor=them, at=NOON)

    assert sum(sweep(20)) == 0


# Signing -------------------------------------------------------------------------------------------------


def test_open_questions_interrupt_the_signing_and_do_not_forbid_it(client, side):
    project, me, them = people_of(side)
    contract = complete(project, me, at=timezone.now())
    all_declare(project)
    approve(contract, at=timezone.now())
    question = unclear(contract, me, code="recordings", words="Of whom?")
    client.force_login(them)
    address = reverse("partnerships:contract_sign", args=[project.reference, contract.number])

    stopped = client.get(address)
    typed = {"signer": "Ada Moor", "authority": "on"}
    blind = client.post(address, typed)
    anyway = address + stopped.context["anyway_url"]
    form = client.get(anyway).context["form"]

    assert "1 question is open. Sign anyway?" in stopped.text
    assert question.get_absolute_url() in stopped.text
    assert 'name="signer"' not in stopped.text
    assert not contract.signatures.exists()
    assert blind.status_code == 422
    # Another question came in the meantime: it is said, too.
    second = unclear(contract, me, code="liability", words="Whose?")
    again = client.post(anyway, typed | {"content": form["content"].value()})
    assert "2 questions are open. Sign anyway?" in again.text
    # What was typed is there, and one tap goes on.
    assert 'value="Ada Moor"' in again.text
    assert f'action="{again.context["anyway_url"]}"' in again.text
    settle_question(second, actor=me, at=NOON)
    assert client.post(anyway, typed | {"content": form["content"].value()}).status_code == 302
    assert contract.signatures.get().signer == "Ada Moor"


def test_they_interrupt_a_signature_on_paper_in_the_same_way(client, side):
    project, me, them = people_of(side)
    contract = complete(project, me, at=timezone.now())
    all_declare(project)
    question = unclear(contract, me, code="recordings", words="Of whom?")
    client.force_login(them)
    address = reverse("partnerships:signature_record", args=[project.reference, contract.number])

    def posted(to, form):
        scan = files.upload(files.PDF, "page.pdf")
        typed = {"signer": "Ada Moor", "content": form["content"].value(), "scan": scan}
        today = local_day(timezone.now(), project.zone)
        days = dict(zip(DATE_PARTS, (today.day, today.month, today.year), strict=True))
        return client.post(to, typed | {f"signed_on{part}": value for part, value in days.items()})

    stopped = client.get(address)
    anyway = address + stopped.context["anyway_url"]
    form = client.get(anyway).context["form"]

    assert "1 question is open. Sign anyway?" in stopped.text
    assert question.get_absolute_url() in stopped.text
    assert 'name="signer"' not in stopped.text
    blind = posted(address, form)
    assert (blind.status_code, contract.signatures.exists()) == (422, False)
    second = unclear(contract, me, code="liability", words="Whose?")
    again = posted(anyway, form)
    assert "2 questions are open. Sign anyway?" in again.text
    assert 'value="Ada Moor"' in again.text
    assert again.context["form"].errors == {"scan": ["The file itself is fine. Choose it again."]}
    assert f'action="{again.context["anyway_url"]}"' in again.text
    settle_question(second, actor=me, at=NOON)
    assert posted(anyway, form).status_code == 302
    assert contract.signatures.get().signer == "Ada Moor"


# The pages -----------------------------------------------------------------------------------------------


def test_from_the_row_to_the_answer_and_back(client, side):
    project, me, them = people_of(side)
    contract = complete(project, them)
    client.force_login(me)
    page = client.get(contract.get_absolute_url()).text
    assert ask_url(contract, "cost") in page

    asking = client.post(ask_url(contract, "cost"), {"words": WORDS}, follow=True)
    question = contract.questions.get()
    mine = client.get(contract.get_absolute_url()).text
    client.force_login(them)
    theirs = client.get(url("question_detail", question))
    answered = client.post(url("question_detail", question), {"answer": "What we agree on."}, follow=True)
    client.force_login(me)
    read = client.get(url("question_detail", question)).text
    settled = client.post(url("question_settle", question), follow=True)

    assert "The other side is asked." in asking.text
    assert "Asked today." in asking.text
    assert "Your question is open" in mine
    assert ask_url(contract, "cost") not in mine
    assert "Explain “How much, and for what”" in theirs.text
    assert "In plain words: cost." in theirs.text
    assert "Your answer is sent." in answered.text
    assert "What we agree on." in read
    assert "We understand it now" in read
    assert "The question is settled." in settled.text
    question.refresh_from_db()
    assert question.understood is True


def test_an_answer_that_does_not_help_is_asked_again_on_the_same_page(client, side):
    question, me, them = asked(side)
    answer_question(question, answer="Because.", actor=them, at=NOON)
    client.force_login(me)

    empty = client.post(url("question_detail", question), {"words": ""})
    answer = client.post(url("question_detail", question), {"words": "Because of what?"}, follow=True)

    assert empty.status_code == 422
    assert "Say what you don’t understand" in empty.text
    assert "1 question before" in answer.text
    assert "Because of what?" in answer.text
    assert ContractQuestion.objects.count() == 2


@pytest.mark.parametrize("route, words", [("row_ask", {"words": ""}), ("question_detail", {"answer": " "})])
def test_empty_words_are_asked_for_at_their_field(client, side, route, words):
    question, me, them = asked(side)
    client.force_login(me if route == "row_ask" else them)
    address = ask_url(question.contract, "why") if route == "row_ask" else url(route, question)

    answer = client.post(address, words)

    assert answer.status_code == 422
    assert next(iter(words)) in answer.context["form"].errors


def test_a_reader_reads_a_question_and_is_offered_nothing(client, side):
    question, _me, _them = asked(side)
    client.force_login(person_on(question.contract.project, other_side(side), "reader"))

    page = client.get(url("question_detail", question))

    assert WORDS in page.text
    assert "<form" not in page.text.partition("<main")[2].partition("</main>")[0]
    assert client.post(url("question_detail", question), {"answer": "Because."}).status_code == 403
    assert client.post(url("question_settle", question)).status_code == 403


def test_the_contract_lists_its_questions_with_the_days_and_whose_turn_it_is(client, side):
    question, me, them = asked(side)
    pages = []
    for person in (me, them):
        client.force_login(person)
        pages.append(client.get(question.contract.get_absolute_url()).text)
    answer_question(question, answer="Because.", actor=them, at=NOON + 3 * DAY)
    pages.append(client.get(question.contract.get_absolute_url()).text)

    assert "Waits for them" in pages[0]
    assert "Waits for you" in pages[1]
    assert "Answered after 3 working days." in pages[2]


def test_a_new_wording_may_be_the_answer_and_the_question_stays_until_its_side_says_so(side):
    question, me, them = asked(side)

    write_rows(question.contract, texts={"cost": "£5,000 for printing."}, actor=them, at=NOON)
    question.refresh_from_db()
    before = question.ended_at
    confirm(question.contract, me)
    question.refresh_from_db()

    assert (before, question.understood) == (None, True)


# The database --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, values",
    [
        ("a_question_is_about_one_thing", {"item": "amount"}),
        ("a_question_is_about_one_thing", {"row": ""}),
        ("a_question_says_something", {"words": ""}),
        ("another_answers_a_question", {"answer": "Because."}),
        ("another_answers_a_question", {"answered_at": NOON}),
        ("the_end_of_a_question_is_whole", {"ended_at": NOON}),
        ("the_end_of_a_question_is_whole", {"understood": True}),
    ],
)
def test_the_database_takes_no_question_that_says_half_of_it(name, values):
    question, _me, _them = asked("group")
    row = ContractQuestion.objects.get(pk=question.pk)
    for field, value in values.items():
        setattr(row, field, value)

    with pytest.raises(ValidationError, match=name):
        row.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_what_stood_unclear_in_checklists_became_a_question_of_who_said_so(side):
    project, me, _them = people_of(side)
    contract = complete(project, me)
    unclear(contract, me)
    ContractQuestion.objects.all().delete()

    import_module("partnerships.migrations.0020_questions_about_contracts").ask_what_was_unclear(apps, None)

    question = contract.questions.get()
    assert (question.item, question.words, question.asked_by, question.side) == (
        "amount", "Which amount is it?", me, side,
    )  # fmt: skip
    assert (question.asked_at, question.due_on) == (NOON, dt.date(2026, 12, 2))


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_of_two_colleagues_who_answer_at_once_one_answer_stands():
    question, _me, them = asked("group")
    colleague = person_on(question.contract.project, "company")

    outcomes = at_once(
        lambda: answer_question(question, answer="One.", actor=them, at=NOON),
        lambda: answer_question(question, answer="Two.", actor=colleague, at=NOON),
    )

    assert sum(isinstance(outcome, CannotAnswerQuestion) for outcome in outcomes) == 1
    question.refresh_from_db()
    assert question.answer in ("One.", "Two.")


def test_home_reads_many_questions_with_as_many_queries_as_one(client, side):
    question, me, them = asked(side)
    client.force_login(them)
    home = []
    for code in ("why", "who", "when", "what"):
        client.get("/")
        with CaptureQueriesContext(connection) as asked_for:
            client.get("/")
        home.append(len(asked_for))
        ask_about_row(question.contract, code, words=WORDS, actor=me, at=NOON)

    assert len(titles(them)) == 5
    assert len(set(home)) == 1
