"""Check-ins: when they open, who answers, what is corrected, skipped and missed, and how they end."""

import datetime as dt
import zoneinfo

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Event, Notice
from evaluations.actions.check_ins import (
    AnswersMissing,
    CannotCheckIn,
    ChangedMeanwhile,
    Said,
    add_check_in,
    begin_schedule,
    change_rhythm,
    open_due,
    open_if_due,
    send_check_in,
)
from evaluations.check_ins import (
    CORRECTION,
    QUIET_BEFORE_END,
    check_ins_done,
    due_day,
    next_day,
    noted_along_the_way,
    pulse_questions,
    read_check_ins,
    rhythm_of,
)
from evaluations.models import CheckIn, CheckInAnswer, CheckInReply, CheckInSchedule
from partnerships.actions.closing import finish_delivery, withdraw_project
from partnerships.actions.interests import declare_none
from partnerships.actions.people import ActsForNobody
from partnerships.actions.plan import send_plan
from partnerships.actions.suggestions import accept_suggestion, suggest_part
from partnerships.actions.time import CannotMoveDate, ask_for_time
from partnerships.interests import read_declared
from partnerships.models import Participation, Project, Turn
from tests.evaluations.checked_in import LATER, added, answers, opened, running, send, skip
from tests.factories import (
    DAY,
    NOON,
    PLAN,
    add_agency,
    agree_plan,
    make_organisation,
    make_project,
    member_of,
    other_side,
    partner_of,
    person_on,
    write_plan,
)

pytestmark = pytest.mark.django_db

State = CheckInReply.State
WEEK = 7 * DAY


def reply_of(check_in, side):
    return check_in.replies.get(organisation=partner_of(check_in.project, side))


# When they open --------------------------------------------------------------------------------------


def test_the_first_one_opens_when_the_project_has_started_and_asks_every_partner():
    project = running()
    add_agency(project, partner_of(project, "company"))

    assert open_due(at=NOON) == {"opened": 1, "faults": 0}

    check_in = project.check_ins.get()
    assert (check_in.number, check_in.due_on, check_in.opened_by) == (1, NOON.date() + 10 * DAY, None)
    assert [reply.organisation for reply in check_in.replies.all()] == [
        partner_of(project, "group"),
        partner_of(project, "company"),
    ]
    turns = project.turns.filter(kind=Turn.Kind.CHECK_IN)
    assert {(turn.organisation, turn.ref, turn.due_on) for turn in turns} == {
        (partner_of(project, side), "1", check_in.due_on) for side in ("group", "company")
    }
    assert Notice.objects.filter(kind="check_in_opens").count() == 2


def test_sweeping_again_opens_nothing():
    project = running()
    open_due(at=NOON)

    assert open_due(at=NOON) == {"opened": 0, "faults": 0}
    assert open_due(at=NOON + DAY) == {"opened": 0, "faults": 0}
    assert project.check_ins.count() == 1


def test_before_the_start_none_opens_and_the_day_is_known():
    project = running(starts_on=NOON.date() + 22 * DAY)

    assert open_due(at=NOON) == {"opened": 0, "faults": 0}
    assert project.check_in_schedule.next_on == NOON.date() + 22 * DAY
    assert open_due(at=NOON + 22 * DAY)["opened"] == 1


def test_the_next_one_opens_by_the_rhythm_and_late_rather_than_never():
    project = running()
    opened(project)
    assert rhythm_of(project) == 6

    assert open_if_due(project, at=NOON + 6 * WEEK - DAY) is None
    # Ten days without a worker.
    second = open_if_due(project, at=NOON + 6 * WEEK + 10 * DAY)

    assert second.number == 2
    # One, not two, and the rhythm counts on from the day on which it opened.
    assert open_if_due(project, at=NOON + 6 * WEEK + 11 * DAY) is None
    assert project.check_in_schedule.next_on == NOON.date() + 12 * WEEK + 10 * DAY


def test_who_has_not_answered_when_the_next_one_opens_is_written_down_as_that():
    project = running()
    first = opened(project)
    send(first, project.lead["group"])

    opened(project, at=NOON + 6 * WEEK)

    first.refresh_from_db()
    assert first.closed_at == NOON + 6 * WEEK
    assert (reply_of(first, "group").state, reply_of(first, "company").state) == (State.SENT, State.MISSED)
    assert not project.turns.filter(kind=Turn.Kind.CHECK_IN, ref="1").exists()
    missed = Event.objects.get(verb="check_in.missed")
    assert (missed.organisation, missed.detail) == (partner_of(project, "company"), {"number": 1})


@pytest.mark.parametrize("stage", [stage for stage in Project.Stage.values if stage != "deliver"])
def test_outside_deliver_none_opens(stage):
    fields = {"result": "reached"} if stage == "completed" else {}
    if stage == "withdrawn":
        fields = {"withdrawn_at": NOON, "withdraw_reason": "no_means"}
    project = make_project(stage=stage, starts_on=NOON.date(), ends_on=LATER.date(), **fields)
    person = person_on(project, "group")

    assert open_due(at=NOON) == {"opened": 0, "faults": 0}
    with pytest.raises(CannotCheckIn):
        add_check_in(project, actor=person, at=NOON)
    assert not CheckIn.objects.exists()


def test_imported_projects_have_none():
    make_project(stage="deliver", origin="imported", starts_on=NOON.date(), ends_on=None)

    assert open_due(at=NOON) == {"opened": 0, "faults": 0}


def test_one_that_can_not_be_opened_stands_in_nobody_elses_way(monkeypatch):
    broken, fine = running(), running()
    from evaluations.actions import check_ins

    plain = check_ins.open_if_due

    def fail(project, *, at):
        if project.pk == broken.pk:
            raise RuntimeError
        return plain(project, at=at)

    monkeypatch.setattr(check_ins, "open_if_due", fail)

    assert open_due(at=NOON) == {"opened": 1, "faults": 1}
    assert fine.check_ins.exists()


@pytest.mark.parametrize(
    "zone, opens_at",
    [
        # Its day begins fourteen hours before that of UTC, or ten hours after.
        ("Pacific/Kiritimati", dt.datetime(2026, 11, 30, 10, 0, tzinfo=dt.UTC)),
        ("Pacific/Honolulu", dt.datetime(2026, 12, 1, 10, 0, tzinfo=dt.UTC)),
        ("Europe/London", dt.datetime(2026, 12, 1, 0, 0, tzinfo=dt.UTC)),
    ],
)
def test_the_day_is_that_of_the_project(zone, opens_at):
    project = running(starts_on=dt.date(2026, 12, 1), time_zone=zone)

    assert open_due(at=opens_at - dt.timedelta(seconds=1))["opened"] == 0
    assert open_due(at=opens_at)["opened"] == 1
    assert project.check_ins.get().due_on == dt.date(2026, 12, 11)


@pytest.mark.parametrize("first", [dt.date(2027, 3, 1), dt.date(2027, 10, 1)])
def test_a_clock_change_moves_no_check_in_to_another_day(first):
    london = zoneinfo.ZoneInfo("Europe/London")
    just_after_midnight = dt.datetime.combine(first, dt.time(0, 5), tzinfo=london)
    project = running(starts_on=first, time_zone="Europe/London", ends_on=first + 400 * DAY)
    CheckInSchedule.objects.create(project=project, weeks=6)
    opened(project, at=just_after_midnight)
    due = first + 6 * WEEK

    before = dt.datetime.combine(due, dt.time(), tzinfo=london) - dt.timedelta(seconds=1)
    assert open_if_due(project, at=before) is None
    assert open_if_due(project, at=before + dt.timedelta(seconds=1)).number == 2


DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2035, 1, 1))


@given(DAYS, DAYS, st.none() | DAYS, st.sampled_from([4, 6, 8]), st.none() | DAYS)
def test_no_next_day_lies_outside_the_project_or_closer_than_the_rhythm(start, since, last, weeks, end):
    day = next_day(starts_on=start, since=since, last_on=last, weeks=weeks, ends_on=end)

    if day is None:
        assert end is not None
        return
    if last is None:
        assert day >= start
        assert day >= since
        assert end is None or day <= end
    else:
        assert (day - last).days == 7 * weeks
        assert end is None or day <= end - QUIET_BEFORE_END


@given(DAYS, st.none() | DAYS)
def test_a_check_in_is_due_within_ten_days_and_within_the_project(opened_on, end):
    due = due_day(opened_on, end)

    assert opened_on <= due <= opened_on + 10 * DAY
    assert end is None or due <= max(end, opened_on)


def test_in_the_last_week_before_the_end_none_opens():
    project = running(ends_on=NOON.date() + 6 * WEEK + 6 * DAY)
    opened(project)

    assert project.check_in_schedule.next_on is None
    assert open_if_due(project, at=NOON + 6 * WEEK) is None


# Adding one ------------------------------------------------------------------------------------------


def test_either_side_adds_one_and_the_rhythm_counts_on_from_it(side):
    project = running()
    first = opened(project)
    for one in ("group", "company"):
        send(first, project.lead[one])

    second = added(project, side=side, at=NOON + 2 * WEEK)

    assert (second.number, second.opened_by) == (2, project.lead[side])
    assert project.check_in_schedule.next_on == NOON.date() + 8 * WEEK
    first.refresh_from_db()
    assert first.closed_at == NOON + 2 * WEEK
    told = Notice.objects.filter(kind="check_in_opens", key__endswith=f":p{project.lead[side].pk}")
    # Whoever added it is on its page already.
    assert told.count() == 1


def test_none_is_added_while_one_waits_for_somebody(side):
    project = running()
    send(opened(project), project.lead[side])

    with pytest.raises(CannotCheckIn, match="open already"):
        added(project, side=side)


# Answering -------------------------------------------------------------------------------------------


def test_what_one_sends_stands_there_for_the_other_at_once(side):
    project = running()
    check_in = opened(project)

    send(check_in, project.lead[side], line="We miss the minutes.", level=2, q3="dont_know")

    (read,) = read_check_ins(project)
    theirs = next(reply for reply in read.every_reply if reply.is_sent)
    assert theirs.organisation == partner_of(project, side)
    assert [answer.answer for answer in theirs.said] == [2, 2, "dont_know", 2, 2]
    assert (theirs.line, theirs.said_by, theirs.said_at) == ("We miss the minutes.", project.lead[side], NOON)
    turns = project.turns.filter(kind=Turn.Kind.CHECK_IN)
    assert [turn.organisation for turn in turns] == [partner_of(project, other_side(side))]
    (event,) = Event.objects.filter(verb="check_in.sent")
    assert (event.audience, event.detail) == (None, {"number": 1})


def test_sending_takes_back_the_messages_of_the_own_side_alone(side):
    project = running()
    check_in = opened(project)

    send(check_in, project.lead[side])

    unsent = Notice.objects.unsent().filter(kind="check_in_opens")
    assert [notice.recipient for notice in unsent] == [project.lead[other_side(side)]]


def test_the_same_twice_is_once(side):
    project = running()
    check_in = opened(project)

    send(check_in, project.lead[side])
    again = send(check_in, project.lead[side], at=NOON + 5 * DAY)

    assert (again.revision, again.said_at, again.corrected_at) == (1, NOON, None)
    assert Event.objects.filter(verb__startswith="check_in.").exclude(verb="check_in.opened").count() == 1


def test_a_missing_answer_is_named_and_nothing_is_sent():
    project = running()
    check_in = opened(project)
    said = answers(check_in)
    left_out = pulse_questions(project)[2]
    del said[left_out.pk]

    with pytest.raises(AnswersMissing) as caught:
        send_check_in(check_in, said=said, line="", revision=0, actor=project.lead["group"], at=NOON)

    assert caught.value.questions == [left_out]
    assert not CheckInAnswer.objects.exists()


def test_a_slip_is_corrected_for_ten_minutes_and_the_others_read_that_it_was(side):
    project = running()
    check_in = opened(project)
    send(check_in, project.lead[side], level=1)
    send(check_in, project.lead[other_side(side)])
    soon = NOON + CORRECTION - dt.timedelta(seconds=1)

    reply = send(check_in, project.lead[side], level=4, revision=1, at=soon)

    assert (reply.said_at, reply.corrected_at, reply.revision) == (NOON, soon, 2)
    assert {answer.level for answer in reply.answers.all()} == {4}
    with pytest.raises(CannotCheckIn, match="corrected any more"):
        send(check_in, project.lead[side], level=1, revision=2, at=NOON + CORRECTION)
    assert {answer.level for answer in reply.answers.all()} == {4}


def test_a_colleague_who_looked_before_it_was_sent_is_told(side):
    project = running()
    colleague = person_on(project, side)
    check_in = opened(project)
    send(check_in, project.lead[side], level=1)

    with pytest.raises(ChangedMeanwhile):
        send(check_in, colleague, level=4, revision=0)

    assert {answer.level for answer in reply_of(check_in, side).answers.all()} == {1}


def test_late_is_better_than_never_until_the_next_one_opens(side):
    project = running()
    check_in = opened(project)

    assert send(check_in, project.lead[side], at=NOON + 5 * WEEK).is_sent
    opened(project, at=NOON + 6 * WEEK)
    with pytest.raises(CannotCheckIn, match="closed"):
        send(check_in, project.lead[other_side(side)], at=NOON + 6 * WEEK)


def test_strangers_agencies_and_readers_of_both_sides_answer_nothing():
    project = running()
    check_in = opened(project)
    agency = member_of(add_agency(project, partner_of(project, "company")))

    for person in (member_of(make_organisation()), agency):
        with pytest.raises(ActsForNobody):
            send(check_in, person)
        with pytest.raises(ActsForNobody):
            skip(check_in, person)
    assert not CheckInReply.objects.exclude(state=State.OPEN).exists()


def test_who_became_a_partner_later_is_asked_from_the_next_one_on():
    project = running()
    check_in = opened(project)
    late = make_organisation("company")
    Participation.objects.create(project=project, organisation=late, side="company", joined_at=NOON)

    with pytest.raises(CannotCheckIn, match="not asked"):
        send(check_in, member_of(late))
    assert opened(project, at=NOON + 6 * WEEK).replies.filter(organisation=late).exists()


# Skipping --------------------------------------------------------------------------------------------


def test_either_side_skips_for_itself_with_a_reason(side):
    project = running()
    check_in = opened(project)

    reply = skip(check_in, project.lead[side], reason="other", words="Our printer is on strike.")

    assert (reply.state, reply.reason_words) == (State.SKIPPED, "Our printer is on strike.")
    assert reply_of(check_in, other_side(side)).state == State.OPEN
    assert skip(check_in, project.lead[side], reason="other", words="Our printer is on strike.").revision == 1
    # No word of why in the history: it stands on the page.
    assert Event.objects.get(verb="check_in.skipped").detail == {"number": 1}


def test_what_was_skipped_can_be_answered_after_all_and_what_was_sent_is_not_skipped(side):
    project = running()
    check_in = opened(project)
    skip(check_in, project.lead[side])

    reply = send(check_in, project.lead[side], revision=1)

    assert (reply.state, reply.reason) == (State.SENT, "")
    with pytest.raises(CannotCheckIn, match="nothing to skip"):
        skip(check_in, project.lead[side], revision=2)


# Rhythm ----------------------------------------------------------------------------------------------


def test_either_side_changes_the_rhythm_and_the_other_is_told(side):
    project = running()
    opened(project)

    change_rhythm(project, weeks=4, actor=project.lead[side], at=NOON)

    assert (rhythm_of(project), project.check_in_schedule.next_on) == (4, NOON.date() + 4 * WEEK)
    (notice,) = Notice.objects.filter(kind="check_in_rhythm")
    assert notice.recipient == project.lead[other_side(side)]
    assert Event.objects.get(verb="check_in.rhythm_changed").detail == {"weeks": 4, "weeks_before": 6}


def test_the_same_rhythm_tells_nobody():
    project = running()
    change_rhythm(project, weeks=6, actor=project.lead["group"], at=NOON)

    assert not Notice.objects.filter(kind="check_in_rhythm").exists()
    assert not Event.objects.filter(verb="check_in.rhythm_changed").exists()


def planned(rhythm="6"):
    """A project in Deliver whose plan all have agreed to."""
    project = make_project(stage="shape")
    project.lead = {side: person_on(project, side) for side in ("group", "company")}
    write_plan(project, project.lead["group"], when=PLAN["when"] | {"rhythm": rhythm})
    send_plan(project, actor=project.lead["group"], at=NOON)
    agree_plan(project, project.lead["company"])
    project.refresh_from_db()
    # Without the way through a contract.
    Project.objects.filter(pk=project.pk).update(stage="deliver")
    project.refresh_from_db()
    begin_schedule(project, actor=None, at=NOON)
    return project


def change_plan(project, **values):
    part = suggest_part(
        project,
        "when",
        values=PLAN["when"] | values,
        note="",
        base=project.plan_parts.filter(code="when").order_by("-version").first().version,
        actor=project.lead["group"],
        at=NOON,
    )
    accept_suggestion(project, part, actor=project.lead["company"], at=NOON)


def test_the_plan_says_the_rhythm_and_the_first_day():
    project = planned("8")

    assert (rhythm_of(project), project.check_in_schedule.next_on) == (8, dt.date(2027, 1, 11))


def test_a_plan_that_moves_the_start_moves_the_first_check_in():
    project = planned()

    change_plan(project, rhythm="6", starts_on="2027-01-04")

    project.check_in_schedule.refresh_from_db()
    assert project.check_in_schedule.next_on == dt.date(2027, 1, 4)


def test_a_plan_that_changes_the_rhythm_changes_it_and_one_that_does_not_leaves_it():
    project = planned()
    change_rhythm(project, weeks=4, actor=project.lead["company"], at=NOON)

    change_plan(project, rhythm="6", ends_on="2027-07-01")
    assert rhythm_of(project) == 4
    change_plan(project, rhythm="8", ends_on="2027-07-01")
    assert rhythm_of(project) == 8


# With every check-in ---------------------------------------------------------------------------------


def test_everybody_is_asked_about_their_interests_again(side):
    project = running()
    declare_none(project, number=0, actor=project.lead[side], at=NOON - DAY)
    assert not read_declared(project, project.lead[side]).asked_again

    opened(project)

    assert read_declared(project, project.lead[side]).asked_again


def test_a_check_in_is_not_put_off_but_skipped():
    project = running()
    opened(project)
    turn = project.turns.filter(kind=Turn.Kind.CHECK_IN).first()

    with pytest.raises(CannotMoveDate, match="Skip it"):
        ask_for_time(turn, due_on=turn.due_on + DAY, actor=project.lead["group"], at=NOON)


# The end ---------------------------------------------------------------------------------------------


def test_with_deliver_the_check_ins_end():
    project = running(ends_on=NOON.date() + DAY, result="reached")
    check_in = opened(project)
    send(check_in, project.lead["group"])

    finish_delivery(project, at=NOON + 3 * DAY)

    check_in.refresh_from_db()
    assert check_in.closed_at == NOON + 3 * DAY
    assert reply_of(check_in, "company").state == State.MISSED
    assert not Turn.objects.filter(kind=Turn.Kind.CHECK_IN).exists()
    assert not Notice.objects.unsent().filter(kind="check_in_opens").exists()
    assert CheckInSchedule.objects.get(project=project).next_on is None
    with pytest.raises(CannotCheckIn):
        send(check_in, project.lead["company"], at=NOON + 3 * DAY)


def test_a_withdrawn_project_has_no_open_check_in():
    project = running()
    check_in = opened(project)

    withdraw_project(project, reason="no_means", note="", actor=project.lead["group"], at=NOON)

    check_in.refresh_from_db()
    assert check_in.closed_at == NOON
    assert not Turn.objects.filter(project=project).exists()


def test_how_many_were_done_is_counted():
    project = running()
    for number in range(4):
        check_in = opened(project, at=NOON + number * 6 * WEEK)
        at = NOON + number * 6 * WEEK
        if number != 1:
            send(check_in, project.lead["group"], at=at)
        if number in (0, 1):
            send(check_in, project.lead["company"], at=at)
        if number == 1:
            skip(check_in, project.lead["group"], at=at)

    # Sent by both; skipped by one; missed by one; and one that somebody can still answer.
    done = check_ins_done(project)
    assert (done.done, done.asked) == (1, 3)
    assert done.text == "1 of 3 check-ins"


# The record ------------------------------------------------------------------------------------------


def refused(change):
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        change()


def test_what_is_closed_stays_as_it_is_whoever_tries():
    project = running()
    check_in = opened(project)
    send(check_in, project.lead["group"])
    opened(project, at=NOON + 6 * WEEK)
    reply = reply_of(check_in, "group")
    question = pulse_questions(project)[0]

    refused(lambda: CheckIn.objects.filter(pk=check_in.pk).update(closed_at=None))
    refused(lambda: CheckInReply.objects.filter(pk=reply.pk).update(line="Other words"))
    refused(lambda: CheckInAnswer.objects.filter(reply=reply).update(level=1))
    refused(lambda: CheckInAnswer.objects.filter(reply=reply).delete())
    refused(lambda: CheckInAnswer.objects.filter(reply=reply, question=question)._raw_delete("default"))
    missed = reply_of(check_in, "company")
    refused(lambda: CheckInAnswer.objects.create(reply=missed, question=question, level=4))
    refused(lambda: CheckInReply.objects.filter(pk=missed.pk).delete())


def test_the_database_refuses_what_can_not_be():
    project = running()
    check_in = opened(project)
    reply = reply_of(check_in, "group")
    question = pulse_questions(project)[0]

    refused(lambda: CheckIn.objects.create(project=project, number=2, opened_at=NOON, due_on=NOON.date()))
    refused(lambda: CheckInAnswer.objects.create(reply=reply, question=question))
    refused(lambda: CheckInAnswer.objects.create(reply=reply, question=question, level=5))
    refused(lambda: CheckInAnswer.objects.create(reply=reply, question=question, level=2, outside="not_here"))
    refused(lambda: CheckInReply.objects.filter(pk=reply.pk).update(state=State.SENT))
    refused(lambda: CheckInReply.objects.filter(pk=reply.pk).update(reason="away"))
    refused(lambda: CheckInSchedule.objects.filter(project=project).update(weeks=5))


# Read again in the review ----------------------------------------------------------------------------


def test_what_was_noted_is_told_by_principle_and_only_what_was_sent():
    project = running()
    check_in = opened(project)
    send(check_in, project.lead["group"], q3=1, line="The contract takes long.")
    skip(check_in, project.lead["company"])

    (noted,) = noted_along_the_way(project, principle=3)
    assert noted.lines == [(partner_of(project, "group").name, "No", "The contract takes long.")]
    (line_only,) = noted_along_the_way(project)
    assert line_only.lines == [(partner_of(project, "group").name, "", "The contract takes long.")]


def test_the_rest_as_last_time_is_said_to_be_that():
    project = running()
    first = opened(project)
    send(first, project.lead["group"], level=2)
    second = opened(project, at=NOON + 6 * WEEK)
    said = {pk: Said(one.answer, as_before=True) for pk, one in answers(second, level=2).items()}

    reply = send_check_in(
        second, said=said, line="", revision=0, actor=project.lead["group"], at=NOON + 6 * WEEK
    )

    assert all(answer.as_before for answer in reply.answers.all())
