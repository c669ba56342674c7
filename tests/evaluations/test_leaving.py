"""Promises and projects of people who leave their organisation."""

import datetime as dt

import pytest

from accounts.actions.members import end_membership, held_by
from accounts.actions.people import close_account, personal_data
from accounts.models import Event, Notice
from accounts.notices import owe
from evaluations.models import Promise
from evaluations.reminders import remind_promises
from partnerships.actions.people import whom_to_tell
from partnerships.models import ProjectPerson
from tests.evaluations.opened import signed_project
from tests.factories import DAY, NOON, join, make_project, member_of, other_side, partner_of, person_on

pytestmark = pytest.mark.django_db

LATER = NOON + DAY
DUE = dt.date(2026, 12, 7)


@pytest.fixture
def promise(side):
    return signed_project(promises=[{"side": side, "what": "Agendas two weeks before"}]).promises.get()


def membership(person, organisation):
    return person.memberships.get(organisation=organisation)


def leave(person, organisation, heir=None):
    owner = member_of(organisation, "owner", name="Own Er")
    ended = membership(person, organisation)
    end_membership(ended, hand_over_to=heir, actor=owner, at=LATER)
    return owner


def test_before_somebody_leaves_they_read_what_they_hold(promise):
    assert held_by(membership(promise.owner, promise.organisation))[-1] == (
        "Promise: Agendas two weeks before, by 7 December 2026"
    )


def test_a_promise_goes_to_the_colleague_who_takes_over_and_both_sides_read_it(promise):
    leaver, heir = promise.owner, member_of(promise.organisation)
    reminder = owe(leaver, kind="promise_due", key="x", at=LATER, subject=f"evaluations.promise:{promise.pk}")

    leave(leaver, promise.organisation, heir)

    promise.refresh_from_db()
    assert promise.owner == heir
    assert Notice.objects.get(pk=reminder.pk).void_reason == "handed over"
    line = Event.objects.get(verb="promise.handed_over")
    assert (line.project, line.organisation, line.audience) == (
        promise.project.reference,
        promise.organisation,
        None,
    )


def test_reminders_of_a_promise_go_to_whoever_took_it_over(promise):
    leaver, heir = promise.owner, member_of(promise.organisation)
    leave(leaver, promise.organisation, heir)

    remind_promises(at=dt.datetime.combine(DUE, dt.time(12), dt.UTC))

    told = Notice.objects.filter(kind="promise_due").values_list("recipient", flat=True)
    assert set(told) == {heir.pk}


def test_without_a_colleague_a_promise_goes_to_the_owner_so_that_somebody_answers_for_it(promise):
    owner = leave(promise.owner, promise.organisation)

    assert list(Promise.objects.open().owned_by(owner)) == [promise]


def test_a_closed_account_leaves_no_promise_behind(promise):
    owner = member_of(promise.organisation, "owner")

    close_account(promise.owner, at=LATER)

    promise.refresh_from_db()
    assert promise.owner == owner


def test_who_closes_their_account_says_who_takes_over_their_promises_and_projects(promise):
    leaver, heir = promise.owner, member_of(promise.organisation)
    member_of(promise.organisation, "owner")
    ours = {"group": "groups", "company": "companies"}[promise.organisation.kind]
    other = make_project(**{ours: [promise.organisation]})
    ProjectPerson.objects.create(
        project=other, person=leaver, acting_for=promise.organisation, joined_at=NOON
    )

    close_account(leaver, successors={membership(leaver, promise.organisation).pk: heir}, at=LATER)

    promise.refresh_from_db()
    assert promise.owner == heir
    assert whom_to_tell(other, promise.organisation) == [heir]


def test_a_kept_promise_keeps_the_name_of_whoever_kept_it(promise):
    leaver = promise.owner
    Promise.objects.update(state="done", settled_at=NOON, settled_by=leaver)

    leave(leaver, promise.organisation, member_of(promise.organisation))

    assert Promise.objects.get().owner == leaver
    assert not Event.objects.filter(verb="promise.handed_over").exists()


def test_the_colleague_is_named_on_live_projects_in_their_place(side):
    project = make_project(stage="deliver")
    leaver = person_on(project, side)
    heir = member_of(partner_of(project, side))

    leave(leaver, partner_of(project, side), heir)

    assert whom_to_tell(project, partner_of(project, side)) == [heir]


def test_a_colleague_who_acts_for_the_other_side_is_left_out(side):
    project = make_project(stage="deliver")
    leaver = person_on(project, side)
    heir = person_on(project, other_side(side))
    join(heir, partner_of(project, side))

    leave(leaver, partner_of(project, side), heir)

    assert heir.project_roles.get().acting_for == partner_of(project, other_side(side))


def test_what_is_kept_of_somebody_names_their_projects_and_promises(promise):
    data = personal_data(promise.owner)

    assert [row["reference"] for row in data["projects"]] == [promise.project.reference]
    assert [(row["what"], row["state"]) for row in data["promises"]] == [("Agendas two weeks before", "open")]
