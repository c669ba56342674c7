"""Writing a plan, sending it and agreeing to it, with the sides swapped."""

import datetime as dt

import pytest

from accounts.models import Event, Notice
from partnerships.actions.people import ActsForNobody
from partnerships.actions.plan import (
    AGREED,
    CannotAgree,
    CannotChangePlan,
    CannotSendPlan,
    PartChanged,
    agree_part,
    save_part,
    send_plan,
)
from partnerships.actions.stages import what_blocks
from partnerships.models import PlanAgreement, Turn
from partnerships.plan import read_plan
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


def turns(project):
    return {(turn.organisation, turn.kind) for turn in Turn.objects.filter(project=project)}


def history(project, verb):
    return list(
        Event.objects.filter(project=project.reference, verb=verb)
        .order_by("pk")
        .values_list("detail", flat=True)
    )


@pytest.fixture
def shaped(side):
    """A project whose plan is complete and not sent; who wrote it; somebody of the other side."""
    project = make_project(starts_on=None, ends_on=None)
    writer, reader = person_on(project, side), person_on(project, other_side(side))
    write_plan(project, writer)
    return project, writer, reader


@pytest.fixture
def sent(shaped):
    project, writer, reader = shaped
    send_plan(project, actor=writer, at=NOON)
    project.refresh_from_db()
    return project, writer, reader


# Writing


def test_each_save_is_a_version_and_the_newest_is_read(side):
    project = make_project()
    writer = person_on(project, side)

    save_part(project, "what", values={"activity_1": "Write"}, base=0, actor=writer, at=NOON)
    save_part(project, "what", values={"activity_1": "Print"}, base=1, actor=writer, at=NOON)

    state = read_plan(project).part("what")
    assert (state.version, state.values, state.is_complete) == (2, {"activity_1": "Print"}, True)
    assert history(project, "plan.saved") == [
        {"part": "what", "before": 0, "after": 1},
        {"part": "what", "before": 1, "after": 2},
    ]


def test_half_a_part_is_saved_and_not_complete(side):
    project = make_project()

    save_part(
        project, "why", values={"need": "Help at night."}, base=0, actor=person_on(project, side), at=NOON
    )

    assert read_plan(project).part("why").is_complete is False


def test_saving_the_same_twice_is_one_version(side):
    project = make_project()
    writer = person_on(project, side)

    for _ in range(2):
        save_part(project, "when", values=PLAN["when"], base=0, actor=writer, at=NOON)

    assert project.plan_parts.count() == 1


def test_somebody_elses_words_are_not_overwritten(side):
    project = make_project()
    first, second = person_on(project, side), person_on(project, other_side(side))
    save_part(project, "what", values={"activity_1": "Write"}, base=0, actor=first, at=NOON)

    with pytest.raises(PartChanged):
        save_part(project, "what", values={"activity_1": "Print"}, base=0, actor=second, at=NOON)

    assert read_plan(project).part("what").values == {"activity_1": "Write"}


def test_an_agency_writes_no_plan(side):
    project = make_project()
    agent = member_of(add_agency(project, partner_of(project, side)))

    with pytest.raises(ActsForNobody):
        save_part(project, "what", values=PLAN["what"], base=0, actor=agent, at=NOON)


def test_a_sent_plan_is_changed_by_suggestion_only(sent):
    project, writer, _reader = sent

    with pytest.raises(CannotChangePlan):
        save_part(project, "what", values={"activity_1": "Other"}, base=1, actor=writer, at=NOON)


@pytest.mark.parametrize("field", ["need", "told", "better", "checked"])
def test_the_why_needs_all_four_answers(shaped, field):
    project, writer, _reader = shaped
    save_part(project, "why", values=PLAN["why"] | {field: ""}, base=1, actor=writer, at=NOON)

    with pytest.raises(CannotSendPlan, match="Why for patients"):
        send_plan(project, actor=writer, at=NOON)


def test_a_project_that_ends_before_it_starts_is_not_complete(shaped):
    project, writer, _reader = shaped

    part = save_part(
        project,
        "when",
        values={"starts_on": "2027-05-02", "ends_on": "2027-05-01", "rhythm": "6"},
        base=1,
        actor=writer,
        at=NOON,
    )

    assert part.complete is False


# Sending


def test_sending_needs_all_six_parts(side):
    project = make_project()
    writer = person_on(project, side)
    save_part(project, "what", values=PLAN["what"], base=0, actor=writer, at=NOON)

    with pytest.raises(CannotSendPlan) as refused:
        send_plan(project, actor=writer, at=NOON)

    assert str(refused.value) == (
        "Still missing: Who with, Why for patients, Who brings what, When and Learnings to bring."
    )
    assert what_blocks(project)[:2] == ["Who with: not started.", "Why for patients: not started."]


def test_a_complete_plan_waits_only_for_being_sent(shaped):
    project, _writer, _reader = shaped

    assert what_blocks(project) == ["The plan was not sent yet."]


def test_sending_leads_to_agree_and_hands_the_turn_over(sent):
    project, writer, reader = sent
    ours, theirs = writer.organisations.get(), reader.organisations.get()

    assert project.stage == "agree"
    assert turns(project) == {(theirs, "plan")}
    assert set(PlanAgreement.objects.values_list("organisation", flat=True)) == {ours.pk}
    assert [(n.kind, n.recipient, n.params["title"]) for n in Notice.objects.all()] == [
        ("plan_sent", reader, project.title)
    ]


def test_sending_twice_is_sending_once(sent):
    project, writer, _reader = sent

    send_plan(project, actor=writer, at=NOON + DAY)

    assert history(project, "plan.sent") == [{}]
    assert Notice.objects.count() == 1


def test_the_other_side_does_not_send_what_it_should_answer(sent):
    project, _writer, reader = sent

    with pytest.raises(CannotSendPlan):
        send_plan(project, actor=reader, at=NOON)


def test_a_partner_who_was_chosen_takes_part_once_the_plan_is_sent(side):
    project = make_project(**{"companies" if side == "group" else "groups": 0})
    writer = person_on(project, side)
    partner = make_organisation(other_side(side))
    stranger = member_of(partner)
    who = {
        "partners": [
            {"id": partner_of(project, side).pk, "name": "We", "side": side},
            {"id": partner.pk, "name": partner.name, "side": partner.kind},
        ],
        "invited": [],
    }
    write_plan(project, writer, who=who)
    before = list(project.participations.values_list("organisation", flat=True))

    send_plan(project, actor=writer, at=NOON)

    assert before == [partner_of(project, side).pk]
    assert partner_of(project, other_side(side)) == partner
    assert turns(project) == {(partner, "plan")}
    assert [notice.recipient for notice in Notice.objects.all()] == [stranger]
    assert history(project, "project.partner_joined") == [{}]


# Agreeing


def test_a_part_is_agreed_when_every_partner_has_said_so(sent):
    project, _writer, reader = sent

    state = agree_part(project, "why", version=1, actor=reader, at=NOON)

    assert (state.is_agreed, state.agreed.version) == (True, 1)
    assert read_plan(project).part("what").is_agreed is False


def test_all_six_agreed_lead_to_contract_and_tell_everybody(sent):
    project, writer, reader = sent

    agree_plan(project, reader)

    project.refresh_from_db()
    assert project.stage == "contract"
    assert (
        turns(project) & {(o, "plan") for o in (writer.organisations.get(), reader.organisations.get())}
        == set()
    )
    assert {n.recipient for n in Notice.objects.filter(kind="plan_agreed")} == {writer, reader}


def test_five_of_six_are_not_enough(sent):
    project, _writer, reader = sent
    theirs = reader.organisations.get()

    for code in ("who", "why", "what", "brings", "when"):
        agree_part(project, code, version=1, actor=reader, at=NOON)

    project.refresh_from_db()
    assert project.stage == "agree"
    assert what_blocks(project) == [f"Learnings to bring waits for {theirs.name}."]


def test_two_companies_both_have_to_agree():
    project = make_project(groups=1, companies=2)
    writer = person_on(project, "group")
    write_plan(project, writer)
    send_plan(project, actor=writer, at=NOON)
    first, second = [p.organisation for p in project.participations.filter(side="company").order_by("pk")]

    agree_plan(project, member_of(first))
    stage_after_first = type(project).objects.get(pk=project.pk).stage
    waiting = read_plan(project).part("when").waiting_for
    agree_plan(project, member_of(second))

    assert (stage_after_first, waiting) == ("agree", [second])
    assert type(project).objects.get(pk=project.pk).stage == "contract"


def test_an_agency_is_not_asked(side):
    project = make_project()
    writer, reader = person_on(project, side), person_on(project, other_side(side))
    add_agency(project, partner_of(project, other_side(side)))
    write_plan(project, writer)
    send_plan(project, actor=writer, at=NOON)

    agree_plan(project, reader)

    project.refresh_from_db()
    assert project.stage == "contract"


def test_agreeing_twice_is_agreeing_once(sent):
    project, _writer, reader = sent

    for _ in range(2):
        agree_part(project, "why", version=1, actor=reader, at=NOON)

    assert history(project, "plan.agreed") == [{"part": "why", "version": 1}]


def test_an_agreement_binds_to_the_version_that_was_read(sent):
    project, _writer, reader = sent

    with pytest.raises(PartChanged):
        agree_part(project, "why", version=2, actor=reader, at=NOON)


@pytest.mark.parametrize("stage", ["shape", "review", "learn", "completed", "withdrawn"])
def test_there_is_a_time_to_agree(stage, side):
    project = make_project(stage=stage, result="reached", withdraw_reason="other", withdrawn_at=NOON)

    with pytest.raises(CannotAgree):
        agree_part(project, "why", version=0, actor=person_on(project, side), at=NOON)


def test_agreed_dates_become_the_projects_and_its_day_ends_where_midnight_comes_last(side):
    project = make_project(starts_on=None, ends_on=None)
    writer, reader = person_on(project, side), person_on(project, other_side(side))
    for organisation, zone in (
        (partner_of(project, "group"), "Europe/Berlin"),
        (partner_of(project, "company"), "America/New_York"),
    ):
        organisation.time_zone = zone
        organisation.save()
    write_plan(project, writer)
    send_plan(project, actor=writer, at=NOON)
    project.refresh_from_db()
    before = (project.starts_on, project.ends_on)

    agree_part(project, "when", version=1, actor=reader, at=NOON)

    project.refresh_from_db()
    assert before == (None, None)
    assert (project.starts_on, project.ends_on) == (dt.date(2027, 1, 11), dt.date(2027, 6, 25))
    assert project.time_zone == "America/New_York"


def test_what_hangs_on_an_agreed_part_is_done_once(sent, monkeypatch):
    project, _writer, reader = sent
    seen = []
    monkeypatch.setitem(
        AGREED, "learnings", [lambda project, part, *, actor, at: seen.append((part.version, actor))]
    )

    agree_plan(project, reader)

    assert seen == [(1, reader)]


# Reading


def test_a_plan_is_read_in_four_queries_however_often_it_was_written(django_assert_num_queries, side):
    project = make_project()
    writer = person_on(project, side)
    write_plan(project, writer)
    for number in range(30):
        save_part(
            project, "what", values={"activity_1": f"Step {number}"}, base=number + 1, actor=writer, at=NOON
        )

    with django_assert_num_queries(4):
        plan = read_plan(project)
        assert plan.part("what").values == {"activity_1": "Step 29"}
        assert plan.is_complete
