"""Reminders of contracts: one that waits, a start without one, one that ends. Never after the thing is done.

The first day is Monday 23 November 2026. Nobody works on 25 and 28 December and on 1 January.
"""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.formats import date_format

from accounts.actions import change_organisation
from accounts.models import Notice
from partnerships.actions.closing import withdraw_project
from partnerships.actions.contract import send_contract
from partnerships.models import Contract, Project
from partnerships.reminders import remind_contracts
from tests.factories import (
    DAY,
    NOON,
    make_project,
    member_of,
    other_side,
    partner_of,
    person_on,
    signatory_on,
)
from tests.partnerships.contracts import begin_work, complete, sign
from tests.seal import letters

pytestmark = pytest.mark.django_db

TODAY = NOON.date()


def people_of(side, stage="contract", **fields):
    project = make_project(stage=stage, ends_on=TODAY + 400 * DAY, **fields)
    return project, person_on(project, side, name="Ours"), person_on(project, other_side(side), name="Theirs")


def sweep(days, start=0):
    """A sweep on each of so many days, at noon."""
    return sum(remind_contracts(at=NOON + day * DAY)["owed"] for day in range(start, days))


def days_of(kind, person):
    """When somebody is reminded, in days from the first day."""
    rows = Notice.objects.filter(kind=kind, recipient=person).order_by("not_before")
    return [(row.not_before.date() - TODAY).days for row in rows]


def on_a_weekday(day):
    """The day itself, or the Monday after it."""
    date = TODAY + day * DAY
    return day + {5: 2, 6: 1}.get(date.weekday(), 0)


# It waits -------------------------------------------------------------------------------------------


def test_who_has_the_contract_is_reminded_after_5_10_and_20_working_days_and_the_others_after_20(side):
    project, me, them = people_of(side)
    complete(project, me)

    sweep(45)

    assert days_of("contract_waits", me) == [7, 14, 28]
    assert days_of("contract_waits", them) == [28]


def test_who_reads_without_a_lawyer_has_ten_working_days_before_anybody_is_reminded(client, side):
    project, me, them = people_of(side)
    here = partner_of(project, side)
    change_organisation(here, values={"reads_without_lawyer": True}, actor=me, at=NOON)
    contract = complete(project, me)

    client.force_login(me)
    own = client.get(contract.get_absolute_url()).text
    client.force_login(them)
    theirs = client.get(contract.get_absolute_url()).text
    sweep(45)

    # Two weeks of working days after a Tuesday.
    day = date_format(TODAY + 14 * DAY, "j F")
    assert (f"{day} to read it." in own, "No lawyer?" in own) == (True, False)
    assert (f"{day} to read it." in theirs, "No lawyer?" in theirs) == (True, False)
    # Two of the days in between are holidays.
    assert days_of("contract_waits", me) == [14, 21, 37]
    assert days_of("contract_waits", them) == [37]


def test_who_has_said_nothing_reads_how_to_have_longer(client, side):
    project, me, _them = people_of(side)
    contract = complete(project, me)

    client.force_login(me)
    body = client.get(contract.get_absolute_url()).text

    assert "No lawyer? Your organisation can have longer" in body
    assert reverse("accounts:organisation", args=[partner_of(project, side).slug]) in body


def test_a_contract_that_was_sent_on_begins_to_wait_anew(side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    sweep(8)
    send_contract(contract, to=partner_of(project, other_side(side)), actor=me, at=NOON + 8 * DAY)

    sweep(60, start=8)

    assert days_of("contract_waits", me) == [7, 38]
    assert days_of("contract_waits", them) == [15, 22, 38]


def test_who_only_signs_is_reminded_once_nothing_but_the_signature_is_missing(side):
    project, me, _them = people_of(side)
    signatory = signatory_on(project, side)
    contract = complete(project, me)
    # Without its dates it can't be signed.
    Contract.objects.update(starts_on=None)
    sweep(8)
    assert days_of("contract_waits", signatory) == []

    Contract.objects.update(starts_on=contract.starts_on)
    sweep(45, start=8)

    assert days_of("contract_waits", signatory) == [7, 14, 28]


@pytest.mark.parametrize("how", ["signed", "withdrawn", "dropped"])
def test_a_contract_that_waits_for_nobody_reminds_nobody(side, how):
    project, me, them = people_of(side)
    contract = complete(project, me)
    if how == "signed":
        for person in (me, them):
            sign(contract, person)
    elif how == "withdrawn":
        withdraw_project(project, reason="other", note="", actor=me, at=NOON)
    else:
        contract.delete()

    sweep(45)

    assert not Notice.objects.filter(kind="contract_waits").exists()


def outcomes(kind, at):
    from accounts.sending.letters import write

    return [letter.outcome for letter in write(list(Notice.objects.filter(kind=kind)), at=at)]


def test_a_reminder_is_held_back_when_the_contract_was_sent_on_meanwhile(side):
    project, me, _them = people_of(side)
    contract = complete(project, me)
    sweep(8)
    send_contract(contract, to=partner_of(project, other_side(side)), actor=me, at=NOON + 8 * DAY)

    assert [str(outcome) for outcome in outcomes("contract_waits", NOON + 8 * DAY)] == [
        "The contract lies elsewhere by now."
    ]


def test_each_side_reads_with_whom_the_contract_lies_and_for_how_long(side):
    project, me, them = people_of(side)
    complete(project, me)
    sweep(29)
    at = NOON + 28 * DAY

    read = {notice.recipient: text for notice, text in letters(at) if notice.kind == "contract_waits"}

    ours = partner_of(project, side).name
    assert f"The contract of {project.title} has been with you for 20 working days." in read[me]
    assert f"has been with {ours} for 20 working days." in " ".join(read[them].split())


# The start is near ----------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["agree", "contract"])
def test_both_sides_are_reminded_15_and_5_working_days_before_the_start_and_on_the_day(side, stage):
    _project, me, them = people_of(side, stage, starts_on=TODAY + 42 * DAY)

    sweep(50)

    assert [days_of("start_near", person) for person in (me, them)] == [[16, 30, 42]] * 2


def test_a_start_that_is_moved_voids_what_was_owed_for_the_old_day(side):
    _project, me, _them = people_of(side, starts_on=TODAY + 22 * DAY)
    sweep(1)
    assert Notice.objects.unsent().filter(kind="start_near", recipient=me).count() == 1

    Project.objects.update(starts_on=TODAY + 60 * DAY)
    assert remind_contracts(at=NOON)["moved"] == 2
    assert not Notice.objects.unsent().filter(kind="start_near").exists()


@pytest.mark.parametrize("how", ["signed", "withdrawn"])
def test_a_project_that_is_ready_or_withdrawn_is_reminded_of_no_start(side, how):
    project, me, them = people_of(side, starts_on=TODAY + 30 * DAY)
    if how == "signed":
        begin_work(project, me, them)
    else:
        withdraw_project(project, reason="other", note="", actor=me, at=NOON)

    sweep(40)

    assert not Notice.objects.filter(kind="start_near").exists()


def test_a_reminder_of_the_start_is_held_back_once_it_is_signed(side):
    project, me, them = people_of(side, starts_on=TODAY + 22 * DAY)
    sweep(1)
    begin_work(project, me, them)
    Project.objects.update(stage="contract")

    held = outcomes("start_near", NOON + DAY)

    assert [str(outcome) for outcome in held] == ["It is signed by all."] * 2


def test_a_plan_that_only_one_side_knows_reminds_nobody(side):
    people_of(side, "shape", starts_on=TODAY + 22 * DAY)

    sweep(30)

    assert not Notice.objects.filter(kind="start_near").exists()


# It ends --------------------------------------------------------------------------------------------


def signed(side, ends_on):
    project, me, them = people_of(side)
    begin_work(project, me, them)
    Contract.objects.update(ends_on=ends_on)
    return project, me, them


def test_both_sides_are_reminded_60_30_and_7_days_before_a_contract_ends(side):
    _project, me, them = signed(side, TODAY + 100 * DAY)

    sweep(110)

    wanted = [on_a_weekday(100 - before) for before in (60, 30, 7)]
    for person in (me, them):
        # A public holiday moves a reminder on by a day or more.
        found = days_of("contract_ends", person)
        assert [0 <= day - want <= 4 for day, want in zip(found, wanted, strict=True)] == [True] * 3


@pytest.mark.parametrize("how", ["review", "later"])
def test_a_contract_after_which_another_goes_on_or_whose_work_is_over_reminds_nobody(side, how):
    project, _me, _them = signed(side, TODAY + 100 * DAY)
    if how == "review":
        Project.objects.update(stage="review")
    else:
        Contract.objects.create(
            project=project,
            number=2,
            title="More",
            type="service",
            starts_on=TODAY,
            ends_on=TODAY + 400 * DAY,
            signed_at=NOON,
            created_at=NOON,
        )

    assert sweep(110) == 0


def test_a_sweep_that_runs_twice_owes_nothing_twice(side):
    project, me, _them = people_of(side, starts_on=TODAY + 7 * DAY)
    complete(project, me)
    at = NOON + 7 * DAY

    assert remind_contracts(at=at)["owed"] > 0
    assert remind_contracts(at=at)["owed"] == 0


def test_a_former_colleague_is_reminded_of_nothing(side):
    project, me, _them = people_of(side)
    complete(project, me)
    me.memberships.update(left_at=NOON)
    colleague = member_of(partner_of(project, side))

    sweep(8)

    assert days_of("contract_waits", me) == []
    assert days_of("contract_waits", colleague) == [7]


@pytest.mark.parametrize(("projects", "questions"), [(1, 11), (4, 11)])
def test_a_sweep_asks_as_many_questions_for_many_projects_as_for_one(
    django_assert_num_queries, projects, questions
):
    for _number in range(projects):
        project, me, _them = people_of("group", starts_on=TODAY + 30 * DAY)
        complete(project, me)
    at = dt.datetime.combine(TODAY, NOON.time(), NOON.tzinfo)

    with django_assert_num_queries(questions):
        remind_contracts(at=at)
