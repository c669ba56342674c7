"""Several reminders to one person leave as one, in office hours, and share its fate."""

import datetime as dt
import smtplib

import pytest
from django.core import mail

from accounts.models import Notice
from accounts.notices import owe
from accounts.sending import send_due
from tests.factories import DAY, NOON, join, make_organisation, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kinds")]

HOUR = dt.timedelta(hours=1)
FRIDAY = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)


def due(person, title, at=NOON, about=None, country="GB", **options):
    return owe(
        person,
        kind="due",
        key=f"{person.pk}:{title}:{at}",
        at=at,
        subject=about or f"test.{title}:1",
        title=title,
        country=country,
        **options,
    )


def sent():
    return [(message.to[0], message.subject) for message in mail.outbox]


def fates():
    return sorted(
        "sent"
        if notice.sent_at
        else "held back"
        if notice.voided_at
        else "missed"
        if notice.missed_at
        else "owed"
        for notice in Notice.objects.filter(kind="due")
    )


def test_one_reminder_leaves_as_itself(post):
    person = make_person()
    due(person, "The plan")

    send_due(at=NOON)

    assert sent() == [(person.email, "The plan is due")]


def test_several_reminders_to_one_person_are_one_message_with_a_line_for_each(post):
    person, other = make_person(), make_person()
    for title in ("The plan", "The review", "The promise"):
        due(person, title)
    due(other, "The plan")

    send_due(at=NOON)

    assert sorted(sent()) == sorted(
        [(person.email, "3 things are waiting for you"), (other.email, "The plan is due")]
    )
    digest = next(message for message in mail.outbox if message.to == [person.email])
    assert "• The plan is due\n• The review is due\n• The promise is due\n" in digest.body
    assert fates() == ["sent"] * 4


def test_a_long_digest_names_five_and_counts_the_rest(post):
    person = make_person()
    for number in range(1, 9):
        due(person, f"Thing {number}")

    send_due(at=NOON)

    (message,) = mail.outbox
    assert (message.body.count("•"), "And 3 more." in message.body) == (5, True)
    assert len(message.body.split()) <= 90


def test_of_several_reminders_about_one_thing_only_the_newest_speaks(post):
    person = make_person()
    due(person, "Day 14 of the plan", about="test.plan:1", at=NOON - DAY * 5)
    due(person, "Day 19 of the plan", about="test.plan:1")

    send_due(at=NOON)

    assert sent() == [(person.email, "Day 19 of the plan is due")]
    assert fates() == ["sent", "sent"]


def test_what_is_done_is_left_out_of_the_digest(post, kinds):
    person = make_person()
    done = due(person, "The plan")
    due(person, "The review")
    due(person, "The promise")
    kinds[done.key] = "It is done."

    send_due(at=NOON)

    assert sent() == [(person.email, "2 things are waiting for you")]
    assert "The plan" not in mail.outbox[0].body
    assert fates() == ["held back", "sent", "sent"]


def test_when_one_thing_is_left_its_own_message_leaves(post, kinds):
    person = make_person()
    done = due(person, "The plan")
    due(person, "The review")
    kinds[done.key] = "It is done."

    send_due(at=NOON)

    assert sent() == [(person.email, "The review is due")]
    assert fates() == ["held back", "sent"]


def test_when_nothing_is_left_nothing_leaves(post, kinds):
    person = make_person()
    for title in ("The plan", "The review"):
        kinds[due(person, title).key] = "It is done."

    send_due(at=NOON)

    assert (sent(), fates()) == ([], ["held back", "held back"])


def test_a_digest_that_is_refused_for_now_is_sent_later_with_what_is_still_wanted(post, kinds):
    person = make_person()
    done = due(person, "The plan")
    for title in ("The review", "The promise"):
        due(person, title)
    post.faults[person.email] = smtplib.SMTPRecipientsRefused({"x": (451, b"Later")})
    send_due(at=NOON)
    assert fates() == ["owed"] * 3

    post.faults.clear()
    kinds[done.key] = "It is done."
    due(person, "The contract", at=NOON + HOUR)
    send_due(at=NOON + HOUR)

    # One message, and the new reminder rides along.
    assert sent() == [(person.email, "3 things are waiting for you")]
    assert fates() == ["held back", "sent", "sent", "sent"]


def test_a_digest_that_fails_for_good_takes_its_reminders_with_it(post):
    person = make_person()
    for title in ("The plan", "The review"):
        due(person, title)
    post.faults[person.email] = smtplib.SMTPRecipientsRefused({"x": (550, b"No such user")})

    send_due(at=NOON)

    assert Notice.objects.filter(failed_at=None).count() == 0


@pytest.mark.parametrize(
    ("zone", "country", "at", "leaves"),
    [
        # Ten in the morning where the reader is, on a working day there.
        ("Europe/London", "GB", "2026-11-23 03:00", "2026-11-23 10:00"),
        ("Europe/London", "GB", "2026-11-23 17:59", "2026-11-23 17:59"),
        ("Europe/London", "GB", "2026-11-23 18:00", "2026-11-24 10:00"),
        ("Europe/London", "GB", "2026-11-21 12:00", "2026-11-23 10:00"),  # a Saturday
        ("Europe/London", "GB", "2026-12-25 12:00", "2026-12-29 10:00"),  # Christmas, Boxing Day observed
        ("Pacific/Kiritimati", "KI", "2026-11-22 19:59", "2026-11-22 20:00"),  # Monday 10:00 there
        ("Pacific/Honolulu", "US", "2026-11-23 12:00", "2026-11-23 20:00"),
        ("America/New_York", "US", "2026-11-26 15:30", "2026-11-27 15:00"),  # Thanksgiving
    ],
)
def test_reminders_leave_in_office_hours_of_the_reader(post, zone, country, at, leaves):
    at, leaves = (dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC) for text in (at, leaves))
    due(make_person(time_zone=zone), "The plan", at=at, country=country)

    send_due(at=at)
    early = len(mail.outbox)
    send_due(at=leaves - dt.timedelta(seconds=1))
    before = len(mail.outbox)
    send_due(at=leaves)

    assert (early, before, len(mail.outbox)) == ((1, 1, 1) if at == leaves else (0, 0, 1))


def test_without_a_country_of_its_own_a_message_keeps_the_working_days_of_the_readers_organisation(post):
    person = make_person(time_zone="America/New_York")
    join(person, make_organisation(country="US"))
    thanksgiving = dt.datetime(2026, 11, 26, 15, 30, tzinfo=dt.UTC)
    owe(person, kind="due", key="due", at=thanksgiving, title="The plan")

    send_due(at=thanksgiving)

    assert sent() == []


def test_reminders_that_waited_for_the_morning_are_one_message_with_those_of_the_morning(post):
    person = make_person()
    night = NOON + 15 * HOUR
    due(person, "The plan", at=night)
    due(person, "The review", at=night)
    send_due(at=night)
    due(person, "The promise", at=night, not_before=NOON + 22 * HOUR)

    send_due(at=NOON + 22 * HOUR)

    assert sent() == [(person.email, "3 things are waiting for you")]


def test_a_reminder_that_nobody_could_send_for_seven_days_is_missed(post):
    person = make_person()
    due(person, "The plan", at=FRIDAY)
    due(person, "The review", at=FRIDAY + 2 * DAY)

    send_due(at=FRIDAY + 7 * DAY + HOUR)

    assert fates() == ["missed", "sent"]
    assert sent() == [(person.email, "The review is due")]


def test_who_wants_no_reminders_gets_none_and_the_others_do(post):
    quiet, other = make_person(mail_reminders="off"), make_person()
    due(quiet, "The plan")
    due(other, "The plan")

    send_due(at=NOON)

    assert sent() == [(other.email, "The plan is due")]
    assert Notice.objects.get(recipient=quiet).void_reason.startswith("This person wants no such messages")


def test_many_people_with_several_reminders_cost_as_many_queries_as_one(
    post, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("accounts.sending.delivery._Run.record_every", 1000)
    monkeypatch.setattr("accounts.sending.delivery.SLOW_SECONDS", 1000)

    def queries(count):
        for person in [make_person() for _ in range(count)]:
            due(person, "The plan")
            due(person, "The review")
        with django_assert_max_num_queries(40) as counted:
            assert send_due(at=NOON).sent == count
        Notice.objects.all().delete()
        return len(counted)

    assert queries(1) == queries(30)
