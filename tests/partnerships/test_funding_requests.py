"""Asking for funding, or proposing it: written once, sent, answered with a reason, and a yes becomes a project.

Every rule is asked for both sides: a group that asks a company, and a company that proposes to a group.
"""

import datetime as dt
import itertools

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models.deletion import ProtectedError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actions import CannotCheckBank, change_organisation, record_bank_check
from accounts.models import Event, Notice, Organisation
from evaluations.models import CarriedItem
from partnerships.actions.funding import (
    CannotRequest,
    ChangedMeanwhile,
    drop_request,
    send_request,
    start_request,
    withdraw_request,
    write_request,
)
from partnerships.funding import mark_of, read_request, where_it_lies
from partnerships.measured import request_days
from partnerships.models import FundingRequest, FundingStep, Participation, PlanPart, Project, Turn
from partnerships.plan import read_plan
from partnerships.reminders import remind_requests
from portal import waiting
from principles.models import PrincipleSet
from tests.evaluations.opened import signed_project
from tests.factories import (
    DAY,
    NOON,
    PLAN,
    join,
    make_organisation,
    member_of,
    other_side,
    partner_of,
)
from tests.partnerships.funding import WHY_NOT, answer, drafted, send, sent, soon, two
from tests.partnerships.work import STEPS, described
from tests.races import at_once

pytestmark = pytest.mark.django_db

State, Kind = FundingRequest.State, FundingStep.Kind


def again(request):
    return FundingRequest.objects.get(pk=request.pk)


# Writing and sending --------------------------------------------------------------------------------


def test_a_draft_is_known_to_its_own_side_alone_and_is_sent_once(side):
    """Rule 73."""
    sender, asker, receiver, answerer = two(side)
    colleague = member_of(sender, "reader")
    request = drafted(sender, asker, receiver)

    def knows(person):
        return FundingRequest.objects.visible_to(person).filter(pk=request.pk).exists()

    assert [knows(person) for person in (asker, colleague, answerer)] == [True, True, False]
    assert not Notice.objects.exists()

    for _ in "ab":
        send(request, asker)

    assert [knows(person) for person in (asker, colleague, answerer)] == [True, True, True]
    assert not knows(member_of(make_organisation(side)))
    assert again(request).state == State.SENT
    assert request.steps.count() == 1
    assert list(Notice.objects.values_list("kind", "recipient")) == [("funding_sent", answerer.pk)]


def test_a_request_started_twice_with_one_form_is_one(side):
    sender, asker, receiver, _answerer = two(side)

    made = [
        start_request(
            "Handbook", sender=sender, receiver=receiver, actor=asker, at=NOON, reference="bcdfghjk"
        )
        for _ in "ab"
    ]

    assert made[0] == made[1] == FundingRequest.objects.get()


@pytest.mark.parametrize("role", ["lead", "owner"])
def test_only_an_organisation_of_the_other_side_that_could_answer_is_asked(side, role):
    sender, _asker, _receiver, _answerer = two(side)
    actor = member_of(sender, role)
    same = make_organisation(side, listed=True)
    agency = make_organisation("agency", listed=True)
    empty = make_organisation(other_side(side), listed=True)
    unknown = make_organisation(other_side(side))
    both = make_organisation(other_side(side), listed=True)
    join(actor, both)
    for one in (same, agency, unknown):
        member_of(one)

    for receiver in (same, agency, empty, unknown, both, sender):
        with pytest.raises(CannotRequest):
            start_request("Handbook", sender=sender, receiver=receiver, actor=actor, at=NOON)
    assert not FundingRequest.objects.exists()


def test_a_reader_writes_sends_and_answers_nothing(side):
    sender, asker, receiver, _answerer = two(side)
    reader, theirs = member_of(sender, "reader"), member_of(receiver, "reader")
    request = sent(sender, asker, receiver)

    with pytest.raises(CannotRequest):
        start_request("Handbook", sender=sender, receiver=receiver, actor=reader, at=NOON)
    with pytest.raises(CannotRequest):
        answer(request, "accepted", theirs)
    with pytest.raises(CannotRequest):
        withdraw_request(request, actor=reader, at=NOON)
    assert again(request).state == State.SENT


def test_whoever_belongs_to_both_reads_and_answers_for_neither(side):
    sender, asker, receiver, _answerer = two(side)
    request = sent(sender, asker, receiver)
    both = member_of(receiver, "owner")
    join(both, sender, "owner")

    assert FundingRequest.objects.visible_to(both).exists()
    assert read_request(request, both, NOON).verbs == set()
    assert not FundingRequest.objects.waiting_for(both).exists()
    for act in (
        lambda: answer(request, "accepted", both),
        lambda: withdraw_request(request, actor=both, at=NOON),
    ):
        with pytest.raises(CannotRequest):
            act()


def test_what_is_not_complete_or_over_is_not_sent(side):
    sender, asker, receiver, _answerer = two(side)
    half = drafted(sender, asker, receiver, parts=["why", "what"])
    over = drafted(
        sender, asker, receiver, when={"starts_on": "2026-01-01", "ends_on": "2026-11-22", "rhythm": "6"}
    )

    with pytest.raises(CannotRequest, match="Who brings what and When"):
        send(half, asker)
    with pytest.raises(CannotRequest, match="lies in the past"):
        send(over, asker)
    assert not FundingStep.objects.exists()


def test_two_colleagues_who_write_one_part_lose_nothing(side):
    sender, asker, receiver, _answerer = two(side)
    request = drafted(sender, asker, receiver, parts=["why"])
    colleague = member_of(sender)
    theirs = PLAN["why"] | {"need": "Another need."}

    write_request(request, "why", values=theirs, base=1, actor=colleague, at=NOON)
    with pytest.raises(ChangedMeanwhile):
        write_request(request, "why", values=PLAN["why"] | {"need": "Mine."}, base=1, actor=asker, at=NOON)

    assert again(request).values_of("why") == theirs


def test_only_what_the_sender_read_is_sent(side):
    sender, asker, receiver, _answerer = two(side)
    request = drafted(sender, asker, receiver)
    read = mark_of(request)
    write_request(
        request, "why", values=PLAN["why"] | {"need": "New."}, base=1, actor=member_of(sender), at=NOON
    )

    with pytest.raises(ChangedMeanwhile):
        send_request(request, read=read, actor=asker, at=NOON)
    assert again(request).state == State.DRAFT


def test_a_draft_can_be_thrown_away_and_what_was_sent_can_not(side):
    sender, asker, receiver, _answerer = two(side)
    draft, request = drafted(sender, asker, receiver), sent(sender, asker, receiver)

    drop_request(draft, actor=asker, at=NOON)
    with pytest.raises(CannotRequest):
        drop_request(request, actor=asker, at=NOON)

    assert list(FundingRequest.objects.all()) == [request]


def test_a_draft_that_is_thrown_away_twice_is_gone_once_and_can_not_be_sent(side):
    sender, asker, receiver, _answerer = two(side)
    draft = drafted(sender, asker, receiver)
    read = mark_of(draft)

    drop_request(draft, actor=asker, at=NOON)
    drop_request(draft, actor=asker, at=NOON)

    assert Event.objects.filter(verb="funding.dropped").count() == 1
    with pytest.raises(CannotRequest, match="threw this draft away"):
        send_request(draft, read=read, actor=asker, at=NOON)


# The profile ----------------------------------------------------------------------------------------


def test_the_profile_goes_along_as_it_was_when_it_was_sent(side):
    """Rule 74."""
    sender, asker, receiver, answerer = two(side)
    policies = {"independence": "https://example.org/independence"}
    change_organisation(sender, values={"policies": policies}, actor=asker, at=NOON)
    request = sent(Organisation.objects.get(pk=sender.pk), asker, receiver)

    change_organisation(sender, values={"legal_name": "Another Ltd", "policies": {}}, actor=asker, at=NOON)
    profile = request.steps.get().content["profile"]

    assert (profile["legal_name"], profile["registration_number"]) == ("Legal Name Ltd", "1160277")
    assert profile["policies"] == policies
    assert "profile" not in answer(request, "asked", answerer).steps.last().content
    accepted = answer(send(request, asker, words="Us."), "accepted", answerer)
    assert accepted.steps.last().content["profile"]["name"] == receiver.name


def test_bank_details_are_checked_by_somebody_else_until_the_entity_changes():
    """Rule 75."""
    group, asker, company, payer = two("group")

    with pytest.raises(CannotCheckBank):
        record_bank_check(group, checked_for=company, actor=asker, at=NOON)
    for _ in "ab":
        record_bank_check(group, checked_for=company, actor=payer, at=NOON)

    group.refresh_from_db()
    assert (group.bank_checked_on, group.bank_checked_by, group.bank_checked_for) == (
        NOON.date(),
        payer,
        company,
    )
    assert Event.objects.filter(verb="organisation.bank_checked").count() == 1
    # Who checked is nothing for others to learn: the day goes along, and no name.
    profile = sent(group, asker, make_other("company")).steps.get().content["profile"]
    assert profile["bank_checked_on"] == "2026-11-23"
    assert company.name not in str(profile)

    change_organisation(group, values={"conditions": "Lungs"}, actor=asker, at=NOON)
    assert Organisation.objects.get(pk=group.pk).bank_checked_on == NOON.date()
    change_organisation(group, values={"legal_name": "Another CIO"}, actor=asker, at=NOON)
    group.refresh_from_db()
    assert (group.bank_checked_on, group.bank_checked_by, group.bank_checked_for) == (None, None, None)


def make_other(kind):
    organisation = make_organisation(kind, listed=True)
    member_of(organisation)
    return organisation


def test_nobody_is_checked_who_has_no_legal_name():
    group, _asker, company, payer = two("group")
    Organisation.objects.filter(pk=group.pk).update(legal_name="")

    with pytest.raises(CannotCheckBank, match="no legal name"):
        record_bank_check(group, checked_for=company, actor=payer, at=NOON)


# Answers --------------------------------------------------------------------------------------------


def test_a_no_never_comes_without_a_type_of_reason_and_words(side):
    """Rule 76."""
    sender, asker, receiver, answerer = two(side)
    request = sent(sender, asker, receiver)

    for missing in ({"reason": ""}, {"words": ""}, {"reason": "", "words": ""}):
        with pytest.raises(CannotRequest, match="A no needs"):
            answer(request, "declined", answerer, **missing)
    declined = answer(request, "declined", answerer, reason="law")

    step = declined.steps.last()
    assert (declined.state, step.reason, step.words, step.person) == (
        State.DECLINED,
        "law",
        WHY_NOT,
        answerer,
    )
    assert not Project.objects.exists()
    assert Notice.objects.filter(kind="funding_answered", recipient=asker).count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "declined", "words": "Because."},
        {"kind": "declined", "reason": "law"},
        {"kind": "accepted"},
        {"kind": "accepted", "by_day": dt.date(2027, 1, 1), "reason": "law"},
        {"kind": "asked", "words": "Why?"},
        {"kind": "asked", "by_day": dt.date(2027, 1, 1)},
    ],
)
def test_the_database_refuses_half_an_answer(fields):
    sender, asker, receiver, answerer = two("group")
    request = sent(sender, asker, receiver)

    with pytest.raises(IntegrityError), transaction.atomic():
        FundingStep.objects.create(
            request=request, number=2, organisation=receiver, person=answerer, at=NOON, **fields
        )


@pytest.mark.parametrize("what", ["accepted", "asked"])
def test_a_yes_and_a_question_name_a_day_that_lies_ahead(side, what):
    sender, asker, receiver, answerer = two(side)
    request = sent(sender, asker, receiver)

    for day, words in ((None, "by when"), (NOON.date() - DAY, "lie behind")):
        with pytest.raises(CannotRequest, match=words):
            answer(request, what, answerer, by_day=day)
    assert answer(request, what, answerer, by_day=NOON.date()).state == what


def test_a_question_gives_the_turn_back_and_its_answer_is_sent_again(side):
    sender, asker, receiver, answerer = two(side)
    request = answer(sent(sender, asker, receiver), "asked", answerer, at=NOON + DAY)

    assert (request.turn, request.due_on) == (sender, soon(NOON + DAY))
    with pytest.raises(CannotRequest, match="Answer their question"):
        send(request, asker)
    write_request(request, "what", values={"activity_1": "Print it"}, base=1, actor=asker, at=NOON + 2 * DAY)
    # Until it is sent again, the other side reads what they were sent.
    theirs = read_request(again(request), answerer, NOON).blocks()[1]["rows"]
    assert [row.value for row in theirs] == ["Write the handbook", "Print 2,000 copies"]
    request = send(request, asker, at=NOON + 3 * DAY)

    assert (request.turn, request.state) == (receiver, State.SENT)
    changed = read_request(request, answerer, NOON).blocks()[1]
    assert changed["is_changed"]
    assert [row.value for row in changed["rows"]] == ["Print it", ""]
    assert [step.kind for step in request.steps.all()] == ["sent", "asked", "sent"]


def test_an_answer_is_to_what_was_read(side):
    sender, asker, receiver, answerer = two(side)
    request = sent(sender, asker, receiver)
    send(answer(request, "asked", answerer), asker, words="Us.")

    with pytest.raises(ChangedMeanwhile):
        answer(request, "accepted", answerer, read=1)
    assert not Project.objects.exists()


def test_what_is_settled_stays_settled(side):
    sender, asker, receiver, answerer = two(side)
    for settle in (
        lambda one: answer(one, "accepted", answerer),
        lambda one: answer(one, "declined", answerer),
        lambda one: withdraw_request(one, words="Somebody else pays.", actor=asker, at=NOON),
    ):
        request = settle(sent(sender, asker, receiver))
        state, steps = request.state, request.steps.count()
        acts = [
            lambda one=request: answer(one, "accepted", answerer, words="Other words."),
            lambda one=request: answer(one, "declined", answerer, reason="code"),
            lambda one=request: send(one, asker, words="Please."),
            lambda one=request: write_request(one, "why", values={}, base=1, actor=asker, at=NOON),
        ]
        if state != State.WITHDRAWN:
            acts.append(lambda one=request: withdraw_request(one, actor=asker, at=NOON))
        for act in acts:
            with pytest.raises(CannotRequest):
                act()
        assert (again(request).state, request.steps.count()) == (state, steps)


def test_taking_it_back_twice_is_once_and_tells_the_other_side(side):
    sender, asker, receiver, answerer = two(side)
    request = sent(sender, asker, receiver)

    for _ in "ab":
        withdraw_request(request, words="Somebody else pays.", actor=asker, at=NOON)

    assert request.steps.filter(kind=Kind.WITHDRAWN).count() == 1
    assert Notice.objects.filter(kind="funding_withdrawn", recipient=answerer).count() == 1


# A yes becomes a project ------------------------------------------------------------------------------


def test_a_yes_becomes_a_project_with_the_plan_filled_in(side):
    """Rule 77."""
    sender, asker, receiver, answerer = two(side)
    request = answer(sent(sender, asker, receiver), "accepted", answerer, at=NOON + DAY)

    project = request.project
    plan = read_plan(project)
    assert (project.title, project.stage) == ("Carer handbook", Project.Stage.AGREE)
    assert {(row.organisation, row.side) for row in plan.partners} == {
        (sender, side),
        (receiver, other_side(side)),
    }
    assert {part.rule.code: part.values for part in plan.parts if part.rule.code != "who"} == PLAN
    assert {entry["id"] for entry in plan.part("who").values["partners"]} == {sender.pk, receiver.pk}
    # What the sender wrote is theirs, and agreed; what the receiver added waits for their word.
    written = dict(project.plan_parts.values_list("code", "organisation"))
    assert {code for code, by in written.items() if by == sender.pk} == {"why", "what", "brings", "when"}
    assert [part.rule.code for part in plan.parts if not part.is_agreed] == ["learnings"]
    assert [part.rule.code for part in plan.owed_by(sender)] == ["learnings"]
    assert (project.starts_on, project.ends_on) == (dt.date(2027, 1, 11), dt.date(2027, 6, 25))
    assert dict(project.people.values_list("person", "acting_for")) == {
        asker.pk: sender.pk,
        answerer.pk: receiver.pk,
    }
    assert list(Turn.objects.filter(project=project).values_list("organisation", "kind")) == [
        (sender.pk, Turn.Kind.PLAN)
    ]


def test_a_yes_is_told_once(side):
    sender, asker, receiver, answerer = two(side)
    answer(sent(sender, asker, receiver), "accepted", answerer)

    unsent = Notice.objects.unsent().filter(recipient=asker)
    assert list(unsent.values_list("kind", flat=True)) == ["funding_answered"]


def test_a_yes_said_twice_makes_one_project(side):
    sender, asker, receiver, answerer = two(side)
    request = sent(sender, asker, receiver)
    read = request.steps.get().number

    projects = {answer(request, "accepted", answerer, read=read).project for _ in "abc"}

    assert projects == {Project.objects.get()}


def test_a_yes_that_comes_after_the_end_is_refused_and_leaves_nothing(side):
    sender, asker, receiver, answerer = two(side)
    request = sent(sender, asker, receiver)

    with pytest.raises(CannotRequest, match="end has passed"):
        answer(request, "accepted", answerer, at=dt.datetime(2027, 7, 1, 12, tzinfo=dt.UTC))

    assert again(request).state == State.SENT
    assert not Project.objects.exists()
    assert not PlanPart.objects.exists()


def test_when_no_project_can_be_started_the_request_goes_on_waiting(side):
    sender, asker, receiver, answerer = two(side)
    request = sent(sender, asker, receiver)
    PrincipleSet.objects.update(published_at=None)

    with pytest.raises(CannotRequest, match="principles"):
        answer(request, "accepted", answerer)
    assert again(request).state == State.SENT
    assert request.steps.count() == 1


def test_open_promises_between_the_two_come_along_and_wait_for_a_word(side):
    earlier = signed_project(promises=[{"side": "group", "days": 60}])
    sender, receiver = partner_of(earlier, side), partner_of(earlier, other_side(side))
    asker, answerer = member_of(sender), member_of(receiver)
    request = sent(sender, asker, receiver, NOON + DAY)

    project = answer(request, "accepted", answerer, at=NOON + 2 * DAY).project

    assert CarriedItem.objects.filter(project=project, promise=earlier.promises.get()).exists()
    assert [part.rule.code for part in read_plan(project).owed_by(sender)] == ["learnings"]


def test_a_sender_who_left_is_not_named_on_the_project(side):
    sender, asker, receiver, answerer = two(side)
    request = sent(sender, asker, receiver)
    asker.memberships.update(left_at=NOON)

    project = answer(request, "accepted", answerer).project

    assert list(project.people.values_list("person", flat=True)) == [answerer.pk]
    assert Participation.objects.filter(project=project, organisation=sender).exists()


def test_an_organisation_that_one_could_not_find_still_becomes_a_partner(side):
    """Whoever asks need not be listed: by asking they make themselves known."""
    sender, asker, receiver, answerer = two(side)
    Organisation.objects.filter(pk=sender.pk).update(listed=False)

    project = answer(sent(sender, asker, receiver), "accepted", answerer).project

    assert project.participations.partners().count() == 2


# What stays -------------------------------------------------------------------------------------------


def refused(change):
    with pytest.raises((DatabaseError, ProtectedError)), transaction.atomic():
        change()


def test_the_database_keeps_steps_and_settled_requests_as_they_are():
    sender, asker, receiver, answerer = two("group")
    request = sent(sender, asker, receiver)
    rows, steps = FundingRequest.objects.filter(pk=request.pk), request.steps.all()

    refused(lambda: steps.update(words="Other words."))
    refused(lambda: steps.get().delete())
    refused(lambda: rows.update(sender=receiver, receiver=sender))
    refused(lambda: rows.update(title="Other"))
    refused(lambda: rows.update(state="draft", turn_since=None))
    refused(lambda: rows.delete())
    refused(lambda: rows.update(state="accepted", turn_since=None, settled_at=NOON))
    accepted = answer(request, "accepted", answerer)
    refused(lambda: rows.update(parts={}))
    refused(lambda: rows.update(state="sent", turn_since=NOON, settled_at=None, project=None))
    refused(lambda: accepted.project.delete())


def test_the_database_knows_no_second_decision_and_no_second_project():
    sender, asker, receiver, answerer = two("group")
    first = answer(sent(sender, asker, receiver), "accepted", answerer)
    second = sent(sender, asker, receiver)
    step = {"organisation": receiver, "person": answerer, "at": NOON}

    with pytest.raises(IntegrityError), transaction.atomic():
        FundingStep.objects.create(
            request=first, number=3, kind="declined", reason="law", words="No.", **step
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        FundingRequest.objects.filter(pk=second.pk).update(
            state="accepted", project=first.project, turn_since=None, due_on=None, settled_at=NOON
        )


# Days, home and reminders ---------------------------------------------------------------------------


def promising(organisation, actor, days=10):
    steps = [*STEPS, {"what": "We answer you", "who": "", "days": days, "measure": "funding"}]
    described(organisation, actor, steps=steps, template=False)


def test_days_count_against_what_they_say(side):
    """Rule 78."""
    sender, asker, receiver, answerer = two(side)
    promising(receiver, answerer, days=10)
    request = sent(sender, asker, receiver)

    assert request.due_on == dt.date(2026, 12, 7)
    later = NOON + 7 * DAY
    for person, words in (
        (
            asker,
            f"With {receiver.name} for 5 working days. They say 10 working days."
            f" In total: 0 working days with you and 5 working days with {receiver.name}.",
        ),
        (
            answerer,
            "With you for 5 working days. You say 10 working days."
            f" In total: 5 working days with you and 0 working days with {sender.name}.",
        ),
    ):
        sentence, spent = where_it_lies(read_request(request, person, later), promised=10)
        assert sentence == words
        assert spent == {sender.pk: 0, receiver.pk: 5}


def test_days_lie_with_each_in_turn_and_stop_with_the_decision(side):
    sender, asker, receiver, answerer = two(side)
    request = answer(sent(sender, asker, receiver), "asked", answerer, at=NOON + 2 * DAY)
    request = send(request, asker, NOON + 3 * DAY, words="Us.")
    request = answer(request, "declined", answerer, at=NOON + 7 * DAY)

    spent = request_days(request, request.steps.all(), NOON + 90 * DAY)

    assert spent == {sender.pk: 1, receiver.pk: 2 + 2}


def test_home_shows_it_to_whose_turn_it_is(side):
    sender, asker, receiver, answerer = two(side)
    reader = member_of(receiver, "reader")

    def titles():
        people = (asker, answerer, reader)
        return [[task.title for task in waiting.tasks_for(one, at=NOON)] for one in people]

    request = sent(sender, asker, receiver)
    asks = "Decide on a request of" if side == "group" else "Answer a proposal of"
    assert titles() == [[], [f"{asks} {sender.name}"], []]
    answer(request, "asked", answerer)
    assert titles() == [[f"Answer the question of {receiver.name}"], [], []]
    answer(send(request, asker, words="Us."), "declined", answerer)
    assert titles() == [[], [], []]


def test_whoever_must_answer_is_reminded_after_three_and_seven_working_days(side):
    """Rule 79."""
    sender, asker, receiver, answerer = two(side)
    request = sent(sender, asker, receiver)

    owed = [remind_requests(at=NOON + day * DAY)["owed"] for day in range(12)]

    assert [day for day, count in enumerate(owed) if count] == [2, 8]
    assert set(Notice.objects.filter(kind="funding_waits").values_list("recipient", flat=True)) == {
        answerer.pk
    }
    answer(request, "asked", answerer, at=NOON + 12 * DAY)
    remind_requests(at=NOON + 17 * DAY)
    assert Notice.objects.filter(kind="funding_waits", recipient=asker).count() == 1
    answer(send(request, asker, NOON + 18 * DAY, words="Us."), "declined", answerer, at=NOON + 18 * DAY)
    assert remind_requests(at=NOON + 30 * DAY)["owed"] == 0


# Every order, and at once -----------------------------------------------------------------------------

ACTS = ("send", "answer", "accept", "decline", "ask", "withdraw", "write", "drop")


def act(name, request, asker, answerer, at):
    """One of the things that people do, whether it fits now or not."""
    doings = {
        "send": lambda: send(request, asker, at),
        "answer": lambda: send(request, asker, at, words="Us."),
        "accept": lambda: answer(request, "accepted", answerer, at),
        "decline": lambda: answer(request, "declined", answerer, at),
        "ask": lambda: answer(request, "asked", answerer, at),
        "withdraw": lambda: withdraw_request(request, actor=asker, at=at),
        "write": lambda: write_request(
            request,
            "what",
            values={"activity_1": f"Step {at:%H%M}"},
            base=again(request).version_of("what"),
            actor=asker,
            at=at,
        ),
        "drop": lambda: drop_request(request, actor=answerer, at=at),
    }
    try:
        doings[name]()
    except CannotRequest:
        return
    except AttributeError:
        # There is nothing to answer yet: no page leads there.
        assert not request.steps.exists()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(st.sampled_from(ACTS), min_size=3, max_size=9), side=st.sampled_from(["group", "company"])
)
def test_no_order_of_things_makes_two_projects_of_one_request_or_a_no_without_a_reason(acts, side):
    with transaction.atomic():
        sender, asker, receiver, answerer = two(side)
        before = Project.objects.count()
        request = send(drafted(sender, asker, receiver), asker)
        for number, name in enumerate(acts, start=1):
            act(name, request, asker, answerer, NOON + number * dt.timedelta(hours=1))
            request = again(request)
            steps = list(request.steps.all())
            settled = [step for step in steps if step.kind in FundingStep.SETTLING]
            projects = Project.objects.count() - before
            assert projects == (request.state == State.ACCEPTED) == (request.project_id is not None)
            assert len(settled) == request.is_settled
            assert not settled or settled == steps[-1:]
            assert all(step.reason and step.words for step in steps if step.kind == Kind.DECLINED)
            turns = [step.organisation_id for step in steps if step.kind != Kind.WITHDRAWN]
            assert all(one != other for one, other in itertools.pairwise(turns))
        transaction.set_rollback(True)


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "answers", [("accepted", "accepted"), ("accepted", "declined"), ("declined", "asked")], ids="-".join
)
def test_of_two_answers_at_once_one_counts_and_the_other_is_told(side, answers):
    assert connection.vendor == "postgresql", "Races are run on PostgreSQL: set DATABASE_URL."
    sender, asker, receiver, answerer = two(side)
    colleague = member_of(receiver)
    request = sent(sender, asker, receiver)
    first, second = answers

    outcomes = at_once(
        lambda: answer(request, first, answerer, words="First." if first != "accepted" else ""),
        lambda: answer(request, second, colleague, words="Second."),
    )

    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert [type(error) for error in refused] == [CannotRequest]
    assert request.steps.count() == 2
    assert Project.objects.count() == (again(request).state == State.ACCEPTED)


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_the_same_yes_sent_by_two_at_once_makes_one_project(side):
    sender, asker, receiver, answerer = two(side)
    colleague = member_of(receiver)
    request = sent(sender, asker, receiver)

    outcomes = at_once(
        *[lambda who=who: answer(request, "accepted", who, read=1) for who in (answerer, colleague)]
    )

    assert {outcome.project for outcome in outcomes} == {Project.objects.get()}
    assert request.steps.filter(kind=Kind.ACCEPTED).count() == 1


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_a_yes_and_taking_it_back_at_once_leave_one_of_the_two(side):
    sender, asker, receiver, answerer = two(side)
    request = sent(sender, asker, receiver)

    at_once(
        lambda: answer(request, "accepted", answerer),
        lambda: withdraw_request(request, actor=asker, at=NOON),
    )

    request = again(request)
    assert request.state in (State.ACCEPTED, State.WITHDRAWN)
    assert Project.objects.count() == (request.state == State.ACCEPTED)
    assert request.steps.count() == 2
