"""How a project ends, with the sides swapped."""

import datetime as dt
import zoneinfo

import pytest

from accounts.days import last_midnight
from accounts.models import Event, Notice
from partnerships.actions import closing
from partnerships.actions.closing import (
    CannotClose,
    CannotRecordResult,
    CannotWithdraw,
    close_early,
    finish_delivery,
    keep_open,
    record_result,
    withdraw_project,
)
from partnerships.actions.people import ActsForNobody
from partnerships.actions.stages import ENTERED, what_blocks
from partnerships.models import Project, ProjectPerson, Turn
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


@pytest.fixture
def running(db):
    return make_project(stage="deliver", ends_on=dt.date(2026, 12, 18))


def verbs_of_history(project):
    """What this app wrote; apps above add their own lines."""
    lines = Event.objects.filter(project=project.reference, verb__startswith="project.").order_by("pk")
    return list(lines.values_list("verb", flat=True))


# By its date


@pytest.mark.parametrize(
    ("zone", "moment", "ended"),
    [
        ("Europe/London", "2026-11-20T23:59", False),
        ("Europe/London", "2026-11-21T00:00", True),
        ("Europe/Berlin", "2026-11-20T22:59", False),
        ("Europe/Berlin", "2026-11-20T23:00", True),
        ("Pacific/Auckland", "2026-11-20T11:00", True),
        ("Pacific/Honolulu", "2026-11-21T09:59", False),
        ("Pacific/Honolulu", "2026-11-21T10:00", True),
    ],
)
def test_a_project_ends_when_its_last_day_is_over_on_its_own_clock(zone, moment, ended):
    project = make_project(stage="deliver", ends_on=dt.date(2026, 11, 20), time_zone=zone)
    at = dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)

    assert list(Project.objects.ended_by(at)) == ([project] if ended else [])
    assert finish_delivery(project, at=at) is ended


def test_only_running_projects_of_the_workspace_end():
    make_project(stage="contract")
    make_project(stage="review")
    make_project(stage="deliver", origin="imported")
    make_project(stage="deliver", ends_on=None)

    assert list(Project.objects.ended_by(NOON + DAY)) == []


def test_ended_projects_are_found_in_two_queries_however_many_there_are(django_assert_num_queries):
    for zone in ("Europe/London", "Europe/Berlin", "Pacific/Honolulu"):
        make_project(stage="deliver", time_zone=zone)

    with django_assert_num_queries(2):
        assert len(Project.objects.ended_by(NOON)) == 3


def test_the_end_leads_to_review_due_three_weeks_later_and_asks_both_for_the_result():
    project = make_project(stage="deliver", ends_on=dt.date(2026, 11, 22))

    finish_delivery(project, at=NOON)

    project.refresh_from_db()
    assert (project.stage, project.review_due_on) == ("review", dt.date(2026, 12, 14))
    assert set(Turn.objects.filter(kind="result").values_list("organisation", flat=True)) == {
        partner_of(project, "group").pk,
        partner_of(project, "company").pk,
    }


def test_the_end_happens_once():
    project = make_project(stage="deliver")

    assert [finish_delivery(project, at=NOON) for _ in range(3)] == [True, False, False]
    assert verbs_of_history(project) == ["project.stage_changed"]


def test_what_comes_with_a_stage_is_done_in_the_same_transaction(monkeypatch):
    project = make_project(stage="deliver")

    def fail(project, *, actor, at):
        raise ValueError("no reviews")

    monkeypatch.setitem(ENTERED, "review", [fail])
    with pytest.raises(ValueError, match="no reviews"):
        finish_delivery(project, at=NOON)

    project.refresh_from_db()
    assert (project.stage, project.review_due_on) == ("deliver", None)


def test_the_zone_in_which_midnight_comes_last_wins():
    zones = [zoneinfo.ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Europe/London")]

    assert last_midnight(zones, dt.date(2026, 11, 20)).key == "America/New_York"


def test_the_first_zone_wins_where_midnight_is_shared():
    zones = [zoneinfo.ZoneInfo(name) for name in ("Europe/Lisbon", "Europe/London")]

    assert last_midnight(zones, dt.date(2026, 11, 20)).key == "Europe/Lisbon"


# Early


def test_closing_early_needs_the_word_of_every_partner(running, side):
    first, second = person_on(running, side), person_on(running, other_side(side))

    close_early(running, actor=first, at=NOON, reason="done")
    running.refresh_from_db()
    after_one = running.stage
    close_early(running, actor=second, at=NOON + DAY)
    running.refresh_from_db()

    assert (after_one, running.stage) == ("deliver", "review")
    assert running.closed_early_on == dt.date(2026, 11, 24)
    assert running.review_due_on == dt.date(2026, 12, 15)
    assert verbs_of_history(running) == [
        "project.closing_proposed",
        "project.closing_agreed",
        "project.closed_early",
        "project.stage_changed",
    ]


def test_two_on_one_side_are_two_partners():
    project = make_project(groups=1, companies=2, stage="deliver", ends_on=dt.date(2027, 1, 8))
    companies = [p.organisation for p in project.participations.filter(side="company")]

    close_early(project, actor=person_on(project, "group"), at=NOON, reason="done")
    close_early(project, actor=member_of(companies[0]), at=NOON)
    project.refresh_from_db()
    waiting = what_blocks(project)
    close_early(project, actor=member_of(companies[1]), at=NOON)

    assert waiting[-1] == f"Closing early waits for {companies[1].name}."
    assert Project.objects.get().stage == "review"


def test_the_other_side_is_asked_and_everybody_is_told_at_the_end(running, side):
    first, second = person_on(running, side), person_on(running, other_side(side))

    close_early(running, actor=first, at=NOON, reason="means", note="We lost our editor.")
    asked = [(n.kind, n.recipient) for n in Notice.objects.order_by("pk")]
    close_early(running, actor=second, at=NOON)

    assert asked == [("closing_proposed", second)]
    assert {n.recipient for n in Notice.objects.filter(kind="project_closed_early")} == {first, second}


def test_agreeing_twice_changes_nothing(running, side):
    person = person_on(running, side)

    for _ in range(2):
        close_early(running, actor=person, at=NOON, reason="done")

    assert running.closing_agreements.count() == 1
    assert verbs_of_history(running) == ["project.closing_proposed"]


def test_the_first_word_says_why(running, side):
    with pytest.raises(CannotClose):
        close_early(running, actor=person_on(running, side), at=NOON)

    assert running.closing_agreements.count() == 0


@pytest.mark.parametrize("stage", ["shape", "agree", "contract", "review", "learn"])
def test_only_a_running_project_closes_early(stage, side):
    project = make_project(stage=stage)

    with pytest.raises(CannotClose):
        close_early(project, actor=person_on(project, side), at=NOON, reason="done")


@pytest.mark.parametrize("who", ["proposer", "other"])
def test_either_side_may_keep_the_project_open(running, side, who):
    proposer, other = person_on(running, side), person_on(running, other_side(side))
    close_early(running, actor=proposer, at=NOON, reason="done")

    keep_open(running, actor={"proposer": proposer, "other": other}[who], at=NOON)
    close_early(running, actor=other, at=NOON, reason="other")

    # A question that was taken back before anybody got it needs no answer.
    told = {"proposer": [], "other": [("project_kept_open", proposer)]}[who]
    assert Project.objects.get().stage == "deliver"
    assert owed() == [*told, ("closing_proposed", proposer)]


def owed():
    """What is still to be sent, and to whom."""
    return [(notice.kind, notice.recipient) for notice in Notice.objects.unsent().order_by("pk")]


def test_who_got_the_question_is_told_that_it_was_taken_back(running, side):
    proposer, other = person_on(running, side), person_on(running, other_side(side))
    close_early(running, actor=proposer, at=NOON, reason="done")
    Notice.objects.update(sent_at=NOON)

    keep_open(running, actor=proposer, at=NOON + DAY)

    notice = Notice.objects.unsent().get()
    assert (notice.kind, notice.recipient, notice.params) == (
        "project_kept_open",
        other,
        {"organisation": partner_of(running, side).name, "taken_back": True},
    )


def test_a_no_is_told_to_everybody_who_waits_for_it_and_to_nobody_else():
    project = make_project(groups=1, companies=3, stage="deliver", ends_on=dt.date(2027, 1, 8))
    rows = project.participations.filter(side="company").order_by("pk").select_related("organisation")
    proposer, agrees, refuses, unaware = (
        person_on(project, "group"),
        *(member_of(p.organisation) for p in rows),
    )
    close_early(project, actor=proposer, at=NOON, reason="done")
    close_early(project, actor=agrees, at=NOON)

    keep_open(project, actor=refuses, at=NOON)

    assert owed() == [("project_kept_open", proposer), ("project_kept_open", agrees)]
    assert unaware.notices.get().void_reason == "closing early was not agreed"


def test_each_no_is_told_anew(running, side):
    proposer, other = person_on(running, side), person_on(running, other_side(side))

    for _ in range(2):
        close_early(running, actor=proposer, at=NOON, reason="done")
        keep_open(running, actor=other, at=NOON)

    assert owed() == [("project_kept_open", proposer)] * 2


def test_there_must_be_something_to_say_no_to(running, side):
    with pytest.raises(CannotClose):
        keep_open(running, actor=person_on(running, side), at=NOON)


def test_an_agency_closes_nothing(running, side):
    agent = member_of(add_agency(running, partner_of(running, side)))

    for act in (
        lambda: close_early(running, actor=agent, at=NOON, reason="done"),
        lambda: withdraw_project(running, reason="other", actor=agent, at=NOON),
        lambda: record_result(running, result="reached", how="We asked.", actor=agent, at=NOON),
    ):
        with pytest.raises(ActsForNobody):
            act()


# Withdrawn


@pytest.mark.parametrize("stage", ["shape", "agree", "contract", "deliver", "learn"])
def test_any_partner_may_withdraw_with_a_reason(stage, side):
    project = make_project(stage=stage)
    person, other = person_on(project, side), person_on(project, other_side(side))

    missing = withdraw_project(project, reason="no_means", note="No editor.", actor=person, at=NOON)

    project.refresh_from_db()
    assert missing == []
    assert (project.stage, project.withdraw_reason, project.withdrawn_at) == ("withdrawn", "no_means", NOON)
    assert [(n.kind, n.recipient, n.params["note"]) for n in Notice.objects.all()] == [
        ("project_withdrawn", other, "No editor.")
    ]


@pytest.mark.parametrize("stage", ["completed", "withdrawn"])
def test_what_is_over_is_not_withdrawn(stage, side):
    project = make_project(
        stage=stage, result="reached", withdraw_reason="other", withdrawn_at=NOON, completed_at=NOON
    )

    with pytest.raises(CannotWithdraw):
        withdraw_project(project, reason="other", actor=person_on(project, side), at=NOON)


def test_a_sealed_project_is_withdrawn_by_nobody_alone(side, monkeypatch):
    monkeypatch.setattr(closing, "CONSENTS", [])
    project = make_project(stage="review")

    with pytest.raises(CannotWithdraw):
        withdraw_project(project, reason="other", actor=person_on(project, side), at=NOON)

    assert Project.objects.get().stage == "review"


def test_a_sealed_project_is_withdrawn_when_every_sender_consents(side, monkeypatch):
    project = make_project(stage="review")
    given = set()

    def consent(project, *, organisation, actor, at):
        given.add(organisation)
        return [p.organisation for p in project.participations.all() if p.organisation not in given]

    monkeypatch.setattr(closing, "CONSENTS", [consent])
    first = withdraw_project(project, reason="other", actor=person_on(project, side), at=NOON)
    stage_after_one = Project.objects.get().stage
    second = withdraw_project(project, reason="other", actor=person_on(project, other_side(side)), at=NOON)

    assert (first, stage_after_one) == ([partner_of(project, other_side(side))], "review")
    assert (second, Project.objects.get().stage) == ([], "withdrawn")


# The result


@pytest.mark.parametrize("result", ["reached", "partly", "not_reached"])
def test_either_side_records_the_result_and_is_shown(running, side, result):
    person = person_on(running, side)

    record_result(running, result=result, how="We asked 40 carers.", actor=person, at=NOON)

    running.refresh_from_db()
    assert (running.result, running.result_how) == (result, "We asked 40 carers.")
    assert (running.result_by, running.result_for, running.result_at) == (
        person,
        partner_of(running, side),
        NOON,
    )


@pytest.mark.parametrize(("result", "how"), [("", "We asked."), ("not_reached", ""), ("great", "We asked.")])
def test_an_empty_result_is_none(running, side, result, how):
    with pytest.raises(CannotRecordResult):
        record_result(running, result=result, how=how, actor=person_on(running, side), at=NOON)


def test_a_recorded_result_ends_the_turn_of_both(side):
    project = make_project(stage="deliver")
    finish_delivery(project, at=NOON)

    record_result(project, result="partly", how="Counted.", actor=person_on(project, side), at=NOON)

    assert Turn.objects.filter(kind="result").count() == 0


def test_a_corrected_result_keeps_what_stood_before_in_the_history(running, side):
    record_result(running, result="reached", how="Felt so.", actor=person_on(running, side), at=NOON)
    record_result(
        running, result="partly", how="Counted.", actor=person_on(running, other_side(side)), at=NOON
    )

    assert [
        event.detail for event in Event.objects.filter(verb="project.result_recorded").order_by("pk")
    ] == [
        {"before": "", "after": "reached"},
        {"before": "reached", "after": "partly"},
    ]


def test_recording_the_same_result_twice_is_one_line(running, side):
    person = person_on(running, side)

    for _ in range(2):
        record_result(running, result="reached", how="Counted.", actor=person, at=NOON)

    assert Event.objects.filter(verb="project.result_recorded").count() == 1


@pytest.mark.parametrize("stage", ["shape", "agree", "contract", "completed"])
def test_the_result_is_recorded_while_there_is_one(stage, side):
    project = make_project(stage=stage, result="reached")

    with pytest.raises(CannotRecordResult):
        record_result(project, result="partly", how="Counted.", actor=person_on(project, side), at=NOON)


def test_the_first_write_fixes_for_whom_a_person_acts(running, side):
    person = member_of(partner_of(running, side))

    record_result(running, result="reached", how="Counted.", actor=person, at=NOON)

    assert [(p.person, p.acting_for) for p in ProjectPerson.objects.all()] == [
        (person, partner_of(running, side))
    ]


def test_the_others_are_asked_on_their_home_until_they_answer(running, side):
    first, second = person_on(running, side), person_on(running, other_side(side))
    close_early(running, actor=first, at=NOON, reason="done")
    asked = list(Turn.objects.filter(kind="closing").values_list("organisation", flat=True))

    keep_open(running, actor=second, at=NOON)

    assert asked == [partner_of(running, other_side(side)).pk]
    assert Turn.objects.filter(kind="closing").count() == 0
