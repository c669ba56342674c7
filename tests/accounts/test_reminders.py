"""Who is reminded when. Each time rule is a row of a table."""

import datetime as dt

import pytest

from accounts.models import Notice
from accounts.notices import void
from accounts.reminders import Reminder, Task, owe_reminders
from tests.factories import DAY, make_person

pytestmark = pytest.mark.django_db

D = dt.date
OPENED = dt.datetime(2026, 11, 2, 9, 0, tzinfo=dt.UTC)  # a Monday


def task(person, *, opened=OPENED, due=None, days=(7, 14, 19), country="GB"):
    due = due or opened.date() + 21 * DAY
    begin = due - 21 * DAY
    return Task(
        person=person,
        about="test.review:1",
        due_on=due,
        since=opened,
        days=[Reminder(begin + DAY * number, "due") for number in days],
        country=country,
        project="abcdefgh",
    )


def leaves(which=None):
    notices = Notice.objects.filter(**which or {}).order_by("not_before", "pk")
    return [notice.not_before.strftime("%d %b %H:%M") for notice in notices]


def day(number, hour=12):
    return OPENED.replace(hour=hour) + DAY * number


@pytest.mark.parametrize(
    ("days_the_sweep_ran", "owed"),
    [
        ([0], 0),
        ([5], 0),
        ([6], 1),  # a day ahead
        ([7], 1),
        ([8], 1),  # late rather than never
        ([6, 6, 7, 7, 8, 9, 10, 11, 12], 1),  # once rather than twice
        ([7, 14], 2),
        ([7, 14, 19], 2),  # day 19 is a Saturday
        ([7, 14, 20], 3),
        ([7, 14, 19, 20, 21, 30], 3),
    ],
)
def test_how_many_reminders_are_owed(days_the_sweep_ran, owed):
    person = make_person()

    for number in days_the_sweep_ran:
        owe_reminders([task(person)], at=day(number))

    assert Notice.objects.filter(missed_at=None).count() == owed


def test_reminders_leave_at_ten_on_working_days():
    person = make_person()

    owe_reminders([task(person)], at=day(19))

    # Day 19 is a Saturday: the Monday after.
    assert leaves() == ["09 Nov 10:00", "16 Nov 10:00"]
    owe_reminders([task(person)], at=day(20))
    assert leaves() == ["09 Nov 10:00", "16 Nov 10:00", "23 Nov 10:00"]


def test_what_should_have_left_more_than_seven_days_ago_is_missed():
    counted = owe_reminders([task(make_person())], at=day(16))

    assert (counted["owed"], counted["missed"]) == (1, 1)
    assert leaves({"missed_at": None}) == ["16 Nov 10:00"]


def test_a_moved_date_voids_what_was_owed_and_owes_one_new():
    person = make_person()
    owe_reminders([task(person)], at=day(7))
    Notice.objects.update(sent_at=day(7))
    owe_reminders([task(person)], at=day(13))

    later = task(person, due=D(2026, 11, 30))
    counted = owe_reminders([later], at=day(13))

    assert (counted["moved"], counted["owed"]) == (1, 1)
    assert leaves({"voided_at": None}) == ["09 Nov 10:00", "16 Nov 10:00"]
    assert [notice.params["due_on"] for notice in Notice.objects.unsent()] == ["2026-11-30"]


def test_a_date_that_is_moved_back_brings_the_old_reminder_back():
    person = make_person()
    first, later = task(person), task(person, due=D(2026, 12, 14))
    owe_reminders([first], at=day(7))
    owe_reminders([later], at=day(7))
    assert leaves({"voided_at": None}) == []

    owe_reminders([first], at=day(7))

    assert leaves({"voided_at": None}) == ["09 Nov 10:00"]


def test_no_more_than_three_about_one_thing_however_often_its_date_moves():
    person = make_person()
    for weeks in range(12):
        moved = task(person, due=OPENED.date() + 21 * DAY + weeks * 7 * DAY)
        for number in range(7 * weeks, 7 * weeks + 21):
            owe_reminders([moved], at=day(number))
            Notice.objects.unsent().filter(not_before__lte=day(number)).update(sent_at=day(number))

    assert Notice.objects.exclude(sent_at=None).count() == 3


def test_after_a_move_nothing_is_said_again_that_was_said_a_week_ago():
    person = make_person()
    for number in (7, 14):
        owe_reminders([task(person)], at=day(number))
    Notice.objects.update(sent_at=day(14))

    # The new days are the 11th, the 18th and the 23rd; on the 16th they were told.
    owe_reminders([task(person, due=D(2026, 11, 25))], at=day(16))

    assert leaves() == ["09 Nov 10:00", "16 Nov 10:00", "18 Nov 10:00"]


def test_nothing_before_the_task_began_is_late():
    begun = day(15)

    owe_reminders([task(make_person(), opened=begun, due=D(2026, 11, 23))], at=begun)

    assert leaves() == []


def test_what_was_held_back_stays_held_back():
    person = make_person()
    owe_reminders([task(person)], at=day(7))
    void(reason="The review was sent.", at=day(7), subject="test.review:1")

    owe_reminders([task(person)], at=day(8))

    assert Notice.objects.unsent().count() == 0


def test_two_sweeps_at_once_owe_one_reminder(monkeypatch):
    person = make_person()
    bulk_create = Notice.objects.bulk_create

    def slow(rows, **options):
        """Another sweep comes in between reading and writing."""
        monkeypatch.setattr(type(Notice.objects), "bulk_create", lambda self, *a, **o: bulk_create(*a, **o))
        owe_reminders([task(person)], at=day(7))
        return bulk_create(rows, **options)

    monkeypatch.setattr(
        type(Notice.objects), "bulk_create", lambda self, rows, **options: slow(rows, **options)
    )

    owe_reminders([task(person)], at=day(7))

    assert Notice.objects.count() == 1


@pytest.mark.parametrize(
    ("zone", "country", "day", "leaves"),
    [
        # The nights on which clocks change: ten o'clock stays ten o'clock.
        ("Europe/London", "GB", D(2026, 3, 27), "2026-03-27 10:00"),
        ("Europe/London", "GB", D(2026, 3, 30), "2026-03-30 09:00"),
        ("Europe/London", "GB", D(2026, 10, 23), "2026-10-23 09:00"),
        ("Europe/London", "GB", D(2026, 10, 26), "2026-10-26 10:00"),
        ("America/New_York", "US", D(2026, 3, 9), "2026-03-09 14:00"),
        ("America/New_York", "US", D(2026, 11, 2), "2026-11-02 15:00"),
        ("Australia/Lord_Howe", "AU", D(2026, 4, 7), "2026-04-06 23:30"),  # half an hour
        # The ends of the world, on one calendar day.
        ("Pacific/Kiritimati", "KI", D(2026, 11, 24), "2026-11-23 20:00"),
        ("Pacific/Honolulu", "US", D(2026, 11, 24), "2026-11-24 20:00"),
        # The ends of months and years.
        ("Europe/London", "GB", D(2028, 2, 29), "2028-02-29 10:00"),
        ("Europe/London", "GB", D(2026, 2, 28), "2026-03-02 10:00"),  # a Saturday
        ("Europe/Berlin", "DE", D(2026, 12, 31), "2026-12-31 09:00"),
        ("Europe/London", "GB", D(2027, 1, 1), "2027-01-04 10:00"),  # New Year, then a weekend
        ("Asia/Kathmandu", "", D(2026, 11, 24), "2026-11-24 04:15"),  # a country that is not known
    ],
)
def test_ten_in_the_morning_of_a_working_day_wherever_the_reader_is(zone, country, day, leaves):
    person = make_person(time_zone=zone)
    begin = dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC) - 10 * DAY
    one = Task(person, "test.review:1", day, begin, [Reminder(day, "due")], country)

    owe_reminders([one], at=dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC) + 4 * DAY)

    assert Notice.objects.get().not_before.strftime("%Y-%m-%d %H:%M") == leaves


def test_many_tasks_take_as_many_queries_as_one(django_assert_num_queries):
    tasks = [task(make_person()) for _ in range(40)]

    for some in (tasks[:1], tasks[1:]):
        with django_assert_num_queries(2):
            owe_reminders(some, at=day(7))

    assert Notice.objects.count() == 40
