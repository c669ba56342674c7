"""Projects that end by their date, whatever the clock does; and answers by silence."""

import datetime as dt

import pytest

from accounts.models import Notice
from partnerships.actions import closing
from partnerships.actions.people import whom_to_tell
from partnerships.models import Project, Turn
from partnerships.permissions import acting_on, people_to_remind
from partnerships.reminders import answer_by_silence, end_deliveries
from tests.factories import DAY, NOON, make_project, partner_of, person_on
from tests.letters import time_asked
from tests.walk import World

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)


def utc(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def running(**fields):
    return make_project(stage="deliver", **fields)


def stage(project):
    return Project.objects.get(pk=project.pk).stage


@pytest.mark.parametrize(
    ("zone", "ends_on", "midnight"),
    [
        ("Europe/London", dt.date(2026, 11, 20), "2026-11-21 00:00"),
        # The nights on which clocks change.
        ("Europe/London", dt.date(2026, 3, 28), "2026-03-29 00:00"),
        ("Europe/London", dt.date(2026, 3, 29), "2026-03-29 23:00"),
        ("Europe/London", dt.date(2026, 10, 24), "2026-10-24 23:00"),
        ("Europe/London", dt.date(2026, 10, 25), "2026-10-26 00:00"),
        ("America/Santiago", dt.date(2026, 9, 5), "2026-09-06 04:00"),  # midnight itself is skipped
        # The ends of the world.
        ("Pacific/Kiritimati", dt.date(2026, 11, 20), "2026-11-20 10:00"),
        ("Pacific/Honolulu", dt.date(2026, 11, 20), "2026-11-21 10:00"),
        # The ends of months.
        ("Europe/London", dt.date(2028, 2, 29), "2028-03-01 00:00"),
        ("Europe/London", dt.date(2026, 2, 28), "2026-03-01 00:00"),
        ("Europe/London", dt.date(2026, 12, 31), "2027-01-01 00:00"),
    ],
)
def test_a_project_goes_on_to_review_when_its_last_day_is_over_where_it_ends_last(zone, ends_on, midnight):
    project = running(starts_on=None, ends_on=ends_on, time_zone=zone)

    end_deliveries(at=utc(midnight) - MINUTE)
    before = stage(project)
    end_deliveries(at=utc(midnight))

    assert (before, stage(project)) == ("deliver", "review")


def test_ten_days_late_it_goes_on_once_and_has_its_time_from_then(side):
    project = running(ends_on=dt.date(2026, 11, 20))
    person = person_on(project, side)
    at = utc("2026-12-01 09:00")

    first, second = end_deliveries(at=at), end_deliveries(at=at + MINUTE)

    project.refresh_from_db()
    assert (first["ended"], second["ended"]) == (1, 0)
    assert project.review_due_on == dt.date(2026, 12, 22)
    assert Notice.objects.filter(kind="review_opens", recipient=person).count() == 1


def test_a_clock_that_is_set_back_ends_nothing_twice():
    project = running(ends_on=dt.date(2026, 11, 20))

    end_deliveries(at=utc("2026-11-21 08:00"))
    end_deliveries(at=utc("2026-11-20 08:00"))
    end_deliveries(at=utc("2026-11-21 08:00"))

    assert stage(project) == "review"
    assert project.reviews.count() == 2


def test_one_project_that_cannot_be_moved_stands_in_nobodys_way(monkeypatch, caplog):
    broken, fine = running(ends_on=dt.date(2026, 11, 20)), running(ends_on=dt.date(2026, 11, 20))
    finish = closing.finish_delivery

    def fail_for_one(project, *, at):
        if project == broken:
            raise RuntimeError("A bug")
        return finish(project, at=at)

    monkeypatch.setattr("partnerships.reminders.finish_delivery", fail_for_one)

    counted = end_deliveries(at=utc("2026-11-21 08:00"))

    assert counted == {"ended": 1, "faults": 1}
    assert (stage(broken), stage(fine)) == ("deliver", "review")


def test_imported_projects_and_those_without_a_date_stay_as_they_are():
    imported = running(ends_on=dt.date(2026, 11, 20), origin="imported")
    open_ended = running(ends_on=None)

    end_deliveries(at=NOON)

    assert (stage(imported), stage(open_ended)) == ("deliver", "deliver")


def test_three_working_days_of_silence_say_yes_once():
    request = time_asked()  # asked on a Monday

    early = answer_by_silence(at=NOON + 2 * DAY)
    late, again = answer_by_silence(at=NOON + 3 * DAY), answer_by_silence(at=NOON + 3 * DAY)

    assert [counted["accepted"] for counted in (early, late, again)] == [0, 1, 0]
    turns = Turn.objects.filter(project=request.project, kind="review")
    assert set(turns.values_list("due_on", flat=True)) == {request.due_on}


def test_reminders_go_to_the_same_people_as_messages():
    world = World()
    unnamed = make_project()
    person_on(unnamed, "group").project_roles.all().delete()

    found = people_to_remind(acting_on([world.project, unnamed]))

    for project in (world.project, unnamed):
        for side in ("group", "company"):
            organisation = partner_of(project, side)
            reminded = [acting.person for acting in found.get((project.pk, organisation.pk), [])]
            assert reminded == whom_to_tell(project, organisation)
