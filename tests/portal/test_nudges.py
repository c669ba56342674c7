"""Asking the organisation whose turn it is how it goes: once in five days, and never whose turn it is oneself."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event, Notice
from accounts.sending.letters import write
from partnerships.actions.nudging import CannotNudge, nudge
from partnerships.actions.people import ActsForNobody
from partnerships.actions.turns import give_turn, take_turn
from partnerships.models import Turn
from tests.factories import (
    DAY,
    NOON,
    add_agency,
    make_project,
    member_of,
    other_side,
    partner_of,
    person_on,
)

pytestmark = pytest.mark.django_db


def waiting_on(side, at=NOON):
    """A project on which it is the turn of this side, with a Lead of each."""
    project = make_project(stage="contract")
    project.turns.all().delete()
    theirs, mine = person_on(project, side), person_on(project, other_side(side))
    return give_turn(project, partner_of(project, side), Turn.Kind.CONTRACT, at=at, ref="1"), mine, theirs


def told():
    return [notice.recipient for notice in Notice.objects.filter(kind="nudge").order_by("pk")]


def address(turn):
    return reverse("portal:turn_nudge", args=[turn.pk])


def test_those_whose_turn_it_is_are_told_and_it_stands_in_the_history(side):
    turn, mine, theirs = waiting_on(side)

    nudge(turn, actor=mine, at=NOON)

    assert told() == [theirs]
    (letter,) = write(Notice.objects.filter(kind="nudge").select_related("recipient"), at=NOON)
    assert letter.outcome.subject == f"{partner_of(turn.project, other_side(side)).name} asks how it goes"
    assert "Work on the contract" in letter.outcome.body
    assert Event.objects.filter(verb="turn.nudged", actor=mine).count() == 1


def test_once_in_five_days_whoever_of_the_others_asks(side):
    turn, mine, _theirs = waiting_on(side)
    colleague = person_on(turn.project, other_side(side))
    nudge(turn, actor=mine, at=NOON)

    for days in (0, 4):
        with pytest.raises(CannotNudge):
            nudge(turn, actor=colleague, at=NOON + days * DAY)
    nudge(turn, actor=colleague, at=NOON + 5 * DAY)

    assert len(told()) == 2


def test_nobody_nudges_their_own_organisation_or_when_it_is_done(side):
    turn, mine, theirs = waiting_on(side)

    with pytest.raises(CannotNudge):
        nudge(turn, actor=theirs, at=NOON)
    with pytest.raises(ActsForNobody):
        nudge(
            turn,
            actor=member_of(add_agency(turn.project, partner_of(turn.project, other_side(side)))),
            at=NOON,
        )
    take_turn(turn.project, at=NOON)
    with pytest.raises(CannotNudge):
        nudge(turn, actor=mine, at=NOON)
    assert told() == []


def test_a_nudge_that_is_answered_before_it_leaves_is_held_back(side):
    turn, mine, _theirs = waiting_on(side)
    nudge(turn, actor=mine, at=NOON)
    notices = list(Notice.objects.filter(kind="nudge").select_related("recipient"))
    take_turn(turn.project, at=NOON)

    (letter,) = write(notices, at=NOON)

    assert isinstance(letter.outcome, Exception)
    assert mail.outbox == []


def test_home_offers_it_and_says_from_when_on_again(client, side):
    now = timezone.now()
    turn, mine, _theirs = waiting_on(side, at=now - 3 * DAY)
    client.force_login(mine)
    assert address(turn) in client.get("/").text

    assert client.post(address(turn))["Location"] == "/"
    home = client.get("/").text

    assert address(turn) not in home
    again = timezone.localdate(timezone=turn.project.zone) + dt.timedelta(days=5)
    assert f"Nudged today. Next nudge from {again:%a} {again.day} {again:%B}" in home
    client.post(address(turn))
    assert len(told()) == 1


def test_a_reader_sees_who_is_waited_for_and_can_nudge_nobody(client, side):
    turn, _mine, _theirs = waiting_on(side)
    client.force_login(member_of(partner_of(turn.project, other_side(side)), "reader"))

    assert address(turn) not in client.get("/").text
    assert client.post(address(turn)).status_code == 403
    assert told() == []


def test_a_stranger_and_whoever_owes_it_find_nothing_to_nudge(client, side):
    turn, _mine, theirs = waiting_on(side)
    for person in (theirs, person_on(make_project(), side)):
        client.force_login(person)
        assert client.post(address(turn)).status_code == 404
