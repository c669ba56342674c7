"""More time: who is asked, until when they can answer, what a yes moves, and what ends a request unanswered."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Event, Notice, Organisation
from evaluations.actions.reviews import open_if_complete
from evaluations.models import Review
from partnerships.actions import closing
from partnerships.actions.time import (
    CannotMoveDate,
    accept_by_silence,
    answer_time_request,
    ask_for_time,
)
from partnerships.actions.turns import give_turn
from partnerships.models import TimeRequest, Turn
from portal import waiting
from tests.factories import (
    DAY,
    NOON,
    make_project,
    make_sent,
    member_of,
    other_side,
    partner_of,
    person_on,
    review_of,
)
from tests.letters import send_review

pytestmark = pytest.mark.django_db

TODAY = NOON.date()


def in_review(**fields):
    """Reviews opened at noon, and are due in 21 days."""
    project = make_project(stage="deliver", ends_on=dt.date(2026, 11, 20), result="partly", **fields)
    closing.finish_delivery(project, at=NOON)
    project.refresh_from_db()
    return project


def turn_of(project, side, kind=Turn.Kind.REVIEW):
    return Turn.objects.get(project=project, organisation=partner_of(project, side), kind=kind)


def ask(project, side, *, later=7 * DAY, at=NOON, actor=None):
    turn = turn_of(project, side)
    return ask_for_time(turn, due_on=turn.due_on + later, actor=actor or person_on(project, side), at=at)


def answer(project, request, side, **words):
    organisation = partner_of(project, side)
    answer_time_request(request, actor=person_on(project, side), organisation=organisation, at=NOON, **words)


def test_a_yes_moves_the_date_of_everybody_who_owes_the_same(side):
    project = in_review(groups=2)
    request = ask(project, side)

    answer(project, request, other_side(side), accepted=True)

    project.refresh_from_db()
    assert project.review_due_on == TODAY + 28 * DAY
    assert [turn.due_on for turn in project.turns.filter(kind="review")] == [TODAY + 28 * DAY] * 3
    told = Notice.objects.get(kind="time_answered")
    assert (told.recipient, told.params["accepted"]) == (request.person, True)


def test_a_no_leaves_the_date(side):
    project = in_review()
    request = ask(project, side)

    answer(project, request, other_side(side), accepted=False)

    project.refresh_from_db()
    assert project.review_due_on == TODAY + 21 * DAY
    assert set(project.turns.filter(kind="review").values_list("due_on", flat=True)) == {TODAY + 21 * DAY}
    with pytest.raises(CannotMoveDate, match="answered in the meantime"):
        answer(project, request, other_side(side), accepted=True)


def test_a_second_request_waits_for_the_answer_to_the_first(side):
    project = in_review()
    first = ask(project, side)

    for either in ("group", "company"):
        with pytest.raises(CannotMoveDate, match="asked for already"):
            ask(project, either, later=8 * DAY)

    answer(project, first, other_side(side), accepted=False)
    assert ask(project, side, later=8 * DAY).due_on == TODAY + 29 * DAY


@pytest.mark.parametrize(
    ("due", "wanted", "refusal"),
    [
        (5, 5, "after the date so far"),
        (5, 6, ""),
        (5, 65, ""),
        (5, 66, "within 60 days of the date so far"),
        # Late: counted from today, or nobody who is late for 60 days could ask at all.
        (-5, -1, "after today"),
        (-5, 0, "after today"),
        (-5, 1, ""),
        (-90, 60, ""),
        (-90, 61, "within 60 days of today"),
    ],
)
def test_the_new_day_lies_ahead_and_within_60_days(side, due, wanted, refusal):
    project = make_project(stage="agree")
    turn = give_turn(project, partner_of(project, side), Turn.Kind.PLAN, at=NOON, due_on=TODAY + due * DAY)

    def wish():
        return ask_for_time(turn, due_on=TODAY + wanted * DAY, actor=person_on(project, side), at=NOON)

    if refusal:
        with pytest.raises(CannotMoveDate, match=refusal):
            wish()
    else:
        assert wish().due_on == TODAY + wanted * DAY
    assert TimeRequest.objects.count() == (not refusal)


def test_those_who_get_messages_on_the_other_side_are_asked_and_nobody_else(side):
    project = in_review()
    named = person_on(project, other_side(side))
    member_of(partner_of(project, other_side(side)))
    asking = person_on(project, side)
    person_on(project, side)

    ask(project, side, actor=asking)

    assert [notice.recipient for notice in Notice.objects.filter(kind="time_asked")] == [named]


def test_silence_counts_the_working_days_of_those_who_are_asked(side):
    project = make_project(stage="agree")
    asking, asked = partner_of(project, side), partner_of(project, other_side(side))
    # The 6th of January is a holiday in Austria, and not in Britain.
    Organisation.objects.filter(pk=asked.pk).update(country="AT")
    at = dt.datetime(2026, 12, 31, 12, tzinfo=dt.UTC)
    turn = give_turn(project, asking, Turn.Kind.PLAN, at=at, due_on=at.date())

    request = ask_for_time(turn, due_on=dt.date(2027, 2, 1), actor=person_on(project, side), at=at)

    assert request.yes_from == dt.date(2027, 1, 7)


def sends_it(project, side):
    make_sent(review_of(project, side))
    Review.objects.filter(project=project, organisation=partner_of(project, side)).update(
        sent_at=None, sends=0
    )
    send_review(review_of(project, side), actor=person_on(project, side), at=NOON)


def all_are_sent(project, side):
    for review in project.reviews.all():
        make_sent(review)
    open_if_complete(project, actor=None, at=NOON)


def is_withdrawn(project, side):
    person = person_on(project, side)
    assert closing.withdraw_project(project, reason="other", actor=person, at=NOON) == []


@pytest.mark.parametrize("ends", [sends_it, all_are_sent, is_withdrawn])
def test_a_request_ends_with_what_it_was_for_and_stays_silent(client, side, ends):
    project = in_review()
    them = person_on(project, other_side(side))
    request = ask(project, side)
    before = project.review_due_on

    ends(project, side)
    count = accept_by_silence(NOON + 30 * DAY)

    request.refresh_from_db()
    project.refresh_from_db()
    assert (count, request.has_lapsed, project.review_due_on) == (0, True, before)
    assert not Event.objects.filter(verb__in=["time.accepted", "time.declined"]).exists()
    assert not Notice.objects.filter(kind="time_answered").exists()
    assert f"time:{request.pk}" not in [task.key for task in waiting.tasks_for(them, at=NOON)]
    with pytest.raises(CannotMoveDate, match="needs no more time"):
        answer(project, request, other_side(side), accepted=True)
    client.force_login(them)
    page = client.get(reverse("partnerships:time_request", args=[project.reference, request.pk]))
    assert "This needs no more time by now" in page.content.decode()


def test_the_other_side_can_ask_when_a_request_has_ended(side):
    project = in_review()
    ask(project, side)
    sends_it(project, side)

    request = ask(project, other_side(side))

    assert list(TimeRequest.objects.open()) == [request]
