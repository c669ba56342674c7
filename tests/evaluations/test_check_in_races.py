"""Two at once: sweeps, colleagues, both sides with a call. On PostgreSQL."""

from functools import partial

import pytest

from evaluations.actions.calls import answer_call, suggest_call
from evaluations.actions.check_ins import add_check_in, open_due, open_if_due
from evaluations.models import Call, CheckIn, CheckInAnswer
from partnerships.models import InterestAsk, Turn
from tests.evaluations.checked_in import opened, running, send, skip, suggested, times
from tests.factories import NOON, other_side, partner_of, person_on
from tests.races import at_once

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

ROUNDS = 5


def names(outcomes):
    return sorted(type(outcome).__name__ for outcome in outcomes)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_sweeps_open_one_check_in(_round):
    project = running()

    outcomes = at_once(*[partial(open_due, at=NOON)] * 3)

    assert sorted(outcome["opened"] for outcome in outcomes) == [0, 0, 1]
    assert [outcome["faults"] for outcome in outcomes] == [0, 0, 0]
    assert project.check_ins.count() == 1
    assert Turn.objects.filter(project=project, kind=Turn.Kind.CHECK_IN).count() == 2
    assert InterestAsk.objects.filter(project=project).count() == 1


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_sweep_and_somebody_who_adds_one_make_one(_round):
    project = running()

    outcomes = at_once(
        partial(open_if_due, project, at=NOON),
        partial(add_check_in, project, actor=project.lead["group"], at=NOON),
        partial(add_check_in, project, actor=project.lead["company"], at=NOON),
    )

    assert CheckIn.objects.filter(project=project).count() == 1, names(outcomes)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_two_colleagues_who_send_one_counts_and_the_other_is_told(side, _round):
    project = running()
    colleague = person_on(project, side)
    check_in = opened(project)

    outcomes = at_once(
        partial(send, check_in, project.lead[side], level=1), partial(send, check_in, colleague, level=4)
    )

    assert names(outcomes) == ["ChangedMeanwhile", "CheckInReply"]
    reply = check_in.replies.get(organisation=partner_of(project, side))
    assert len({answer.level for answer in reply.answers.all()}) == 1
    assert (reply.answers.count(), reply.revision) == (5, 1)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_double_press_sends_once(side, _round):
    project = running()
    check_in = opened(project)

    outcomes = at_once(*[partial(send, check_in, project.lead[side])] * 3)

    assert names(outcomes) == ["CheckInReply"] * 3
    assert CheckInAnswer.objects.filter(reply__check_in=check_in).count() == 5


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_one_who_sends_and_one_who_skips_one_counts(side, _round):
    project = running()
    colleague = person_on(project, side)
    check_in = opened(project)

    outcomes = at_once(partial(send, check_in, project.lead[side]), partial(skip, check_in, colleague))

    assert names(outcomes) == ["ChangedMeanwhile", "CheckInReply"]


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_both_sides_send_at_once(_round):
    project = running()
    check_in = opened(project)

    outcomes = at_once(*[partial(send, check_in, project.lead[one]) for one in ("group", "company")])

    assert names(outcomes) == ["CheckInReply"] * 2
    assert not Turn.objects.filter(project=project, kind=Turn.Kind.CHECK_IN).exists()


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_when_both_sides_suggest_a_call_one_waits(_round):
    project = running()

    outcomes = at_once(
        *[
            partial(suggest_call, project, times=times(), actor=project.lead[one], at=NOON)
            for one in ("group", "company")
        ]
    )

    assert names(outcomes) == ["Call", "TheirsWaits"]
    assert Call.objects.open().count() == 1


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_two_answers_to_a_call_one_counts(side, _round):
    project = running()
    call = suggested(project, side=side)
    other = other_side(side)
    people = (project.lead[other], person_on(project, other))

    outcomes = at_once(
        *[
            partial(answer_call, call, picked=time, words="", actor=person, at=NOON)
            for person, time in zip(people, call.times, strict=False)
        ]
    )

    assert names(outcomes) == ["Call", "CannotCall"]
