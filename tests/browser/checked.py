"""States of check-ins, to be looked at: many over time, answered by one side, skipped, and calls of every kind."""

from django.utils import timezone

from evaluations.actions import calls, check_ins
from evaluations.check_ins import pulse_questions
from partnerships.actions.closing import finish_delivery
from partnerships.actions.interests import declare_none
from tests.access.arguments import project
from tests.factories import DAY

LONG = "We wait for the minutes of two meetings, and nobody could say who writes them or by when they come."
# What the group and the company say: levels, or an answer outside the scale.
OVER_TIME = [
    ((2, 3, 3, 3, 2), (3, 3, 3, 3, 3)),
    ((2, 3, 2, 2, 3), (3, 3, 3, 3, 3)),
    ((3, 3, 1, 2, 3), (4, 4, 3, 3, 3)),
    ((3, 3, 3, "dont_know", 4), (4, 4, 4, 3, "not_here")),
]


def _running(world, days=200):
    """In Deliver for so many days, with as many to go."""
    now = timezone.now()
    world.project.starts_on, world.project.ends_on = world.today - days * DAY, world.today + 200 * DAY
    world.project.stage_since = now - days * DAY
    world.project.save()
    return now


def _send(check_in, person, levels, at, line=""):
    questions = pulse_questions(check_in.project)
    said = {one.pk: check_ins.Said(level) for one, level in zip(questions, levels, strict=True)}
    check_ins.send_check_in(check_in, said=said, line=line, revision=0, actor=person, at=at)


def over_time(world):
    """Four that both sent, one that was missed, and one that waits for the group; a call waits for it, too."""
    now = _running(world)
    group, company = world.person("group lead"), world.person("company lead")
    for place, (ours, theirs) in enumerate(OVER_TIME):
        at = now - (190 - 40 * place) * DAY
        check_in = check_ins.add_check_in(world.project, actor=company, at=at)
        _send(check_in, group, ours, at, LONG if place == 2 else "")
        _send(check_in, company, theirs, at, "Legal reads within a week now." if place == 3 else "")
    declare_none(world.project, number=0, actor=group, at=now - 30 * DAY)
    check_in = check_ins.add_check_in(world.project, actor=company, at=now - 3 * DAY)
    _send(check_in, company, (4, 4, 4, 4, 4), now - 2 * DAY)
    times = [now + (days * 24 + 3) * DAY / 24 for days in (2, 3, 6)]
    calls.suggest_call(world.project, times=times, actor=company, at=now)
    return project(world) | {"number": 5}


def list_over_time(world):
    over_time(world)
    return project(world)


def both_have_sent(world):
    arguments = over_time(world)
    at = timezone.now()
    _send(world.project.check_ins.get(number=5), world.person("group lead"), (3, 4, 2, 3, 4), at, LONG)
    call = world.project.calls.get()
    calls.answer_call(call, picked=call.second_at, words="", actor=world.person("group lead"), at=at)
    return arguments


def list_when_all_is_said(world):
    both_have_sent(world)
    return project(world)


def skipped(world):
    now = _running(world, days=3)
    check_in = check_ins.open_if_due(world.project, at=now)
    check_ins.skip_check_in(
        check_in, reason="other", words=LONG, revision=0, actor=world.person("group lead"), at=now
    )
    return project(world) | {"number": 1}


def before_the_first(world):
    now = _running(world, days=-20)
    check_ins.keep_schedule(world.project)
    assert check_ins.open_if_due(world.project, at=now) is None
    return project(world)


def no_time_fits(world):
    over_time(world)
    calls.answer_call(
        world.project.calls.get(),
        picked=None,
        words=LONG,
        actor=world.person("group lead"),
        at=timezone.now(),
    )
    return project(world)


def a_call_to_answer(world):
    over_time(world)
    return project(world) | {"pk": world.project.calls.get().pk}


def noted_before_the_review(world):
    """A review that is written after four check-ins."""
    both_have_sent(world)
    world.project.refresh_from_db()
    world.project.ends_on = world.today - DAY
    world.project.save()
    finish_delivery(world.project, at=timezone.now())
    return project(world) | {"number": 3}


def start_of_the_review(world):
    noted_before_the_review(world)
    return project(world)
