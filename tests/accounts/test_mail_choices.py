"""How messages come: which kind, to whom, by what they chose and whether they are away; rules 120 to 124."""

import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import actions
from accounts.actions.mail import unsubscribe_token
from accounts.days import next_weekly_time
from accounts.models import Event, How, Notice, Person
from accounts.notices import KINDS, Topic, owe
from accounts.reminders import owe_summaries
from accounts.sending import send_due
from accounts.sending.gathering import sort_due
from accounts.sending.letters import write
from tests.bad_inputs.forms import DATE_PARTS
from tests.factories import DAY, NOON, join, make_organisation, make_person, make_project, person_on

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)
MONDAY = NOON + 7 * DAY  # 30 November 2026
FRIDAY = dt.date(2026, 11, 27)


def told(person, kind="turn", title="The plan", at=NOON, **options):
    key = f"{kind}:{person.pk}:{title}:{at}"
    return owe(person, kind=kind, key=key, at=at, subject=f"test.{title}:1", title=title, **options)


def sent():
    return [message.subject for message in mail.outbox]


# The table -------------------------------------------------------------------------------------------


def expected(kind, how, is_paused):
    """What becomes of a message of a kind, at noon of a working day, for somebody who chose this for its topic."""
    if kind.topic is None:
        return "now"
    if how == How.OFF:
        return "nothing"
    if is_paused:
        return "after the pause"
    return "summary" if how == How.WEEKLY else "now"


def fate(notice, at):
    if notice.sent_with_id:
        return {"weekly": "summary", "pause_end": "after the pause", "digest": "now"}[notice.sent_with.kind]
    (letter,) = write([notice], at=at)
    if "wants no such messages" in str(letter.outcome):
        return "nothing"
    return "now" if Notice.objects.due(at).filter(pk=notice.pk).exists() else "later"


def test_every_kind_comes_as_its_reader_chose_for_its_topic_and_as_their_pause_says():
    kinds = [kind for kind in KINDS.values() if not kind.carries]
    cases = list(itertools.product(kinds, How.values, (False, True)))
    people = {
        (how, is_paused): make_person(
            **{f"mail_{topic}": how for topic in Topic}, paused_until=FRIDAY if is_paused else None
        )
        for how, is_paused in itertools.product(How.values, (False, True))
    }
    notices = Notice.objects.bulk_create(
        Notice(
            key=f"{kind.name}:{how}:{is_paused}",
            kind=kind.name,
            recipient=people[how, is_paused],
            subject=f"test.{kind.name}:1",
            owed_at=NOON,
            not_before=NOON,
            message_id=f"<{number}@test>",
        )
        for number, (kind, how, is_paused) in enumerate(cases)
    )

    sort_due(NOON)

    found = {}
    for notice, (kind, how, is_paused) in zip(notices, cases, strict=True):
        now = Notice.objects.select_related("sent_with", "recipient").get(pk=notice.pk)
        found[kind.name, how, is_paused] = fate(now, NOON)
    assert len(found) == len(kinds) * 8 > 400
    assert found == {(kind.name, how, paused): expected(kind, how, paused) for kind, how, paused in cases}


def test_what_is_about_the_account_itself_is_no_topic():
    always = {name for name, kind in KINDS.items() if not kind.topic and not kind.carries}

    assert always == {
        "sign_in_link", "sign_in_unknown", "security_changed", "invite", "invite_pass_on", "join_decided", "join_request",
        "member_left", "email_change", "email_change_taken", "email_changed", "account_recovered", "mail_test",
        "reply_refused",
    }  # fmt: skip


# One a day -------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("kinds")
class TestOneADay:
    def test_the_first_leaves_at_once_and_the_next_ones_wait_for_the_next_day_as_one(self, post):
        person = make_person()
        told(person, title="The plan")
        send_due(at=NOON)
        for number, title in enumerate(("The contract", "The review"), start=1):
            told(person, title=title, at=NOON + number * HOUR)
            send_due(at=NOON + number * HOUR)
        assert sent() == ["News of The plan"]

        tomorrow = NOON + 22 * HOUR
        send_due(at=tomorrow - MINUTE)
        assert len(sent()) == 1
        send_due(at=tomorrow)
        assert sent() == ["News of The plan", "2 things are waiting for you"]

    def test_what_is_due_today_leaves_all_the_same_and_takes_along_what_waits(self, post):
        person = make_person()
        told(person, title="The plan")
        send_due(at=NOON)
        told(person, title="The contract", at=NOON + HOUR)
        told(person, "due", "The review", at=NOON + HOUR, country="GB", due_on="2026-11-23")
        told(person, "due", "The promise", at=NOON + HOUR, country="GB", due_on="2026-11-30")

        send_due(at=NOON + HOUR)

        assert sent() == ["News of The plan", "3 things are waiting for you"]

    def test_who_wants_them_at_once_gets_each(self, post):
        person = make_person(mail_turn=How.NOW)
        for number, title in enumerate(("The plan", "The contract")):
            told(person, title=title, at=NOON + number * MINUTE)
        send_due(at=NOON + MINUTE)

        assert sent() == ["News of The plan", "News of The contract"]

    def test_what_is_about_the_account_neither_waits_nor_counts(self, post):
        person = make_person()
        told(person, "news", "A link")
        told(person, title="The plan")
        send_due(at=NOON)
        told(person, "news", "Another link", at=NOON + HOUR)
        send_due(at=NOON + HOUR)

        assert sorted(sent()) == ["News of A link", "News of Another link", "News of The plan"]

    def test_the_day_is_the_readers_own(self, post):
        # 12:00 in London is 02:00 of the next day in Kiritimati, and 11:00 in London is 01:00 of that day, too.
        person = make_person(time_zone="Pacific/Kiritimati")
        told(person, title="The plan", at=NOON - 3 * HOUR)  # 23:00 of the day before
        send_due(at=NOON - 3 * HOUR)
        told(person, title="The contract")

        send_due(at=NOON)

        assert sent() == ["News of The plan", "News of The contract"]

    def test_news_of_several_things_are_called_news(self, post):
        person = make_person()
        told(person, "others", "The plan is agreed")
        told(person, "turn", "The contract")

        send_due(at=NOON)

        assert sent() == ["2 messages about your projects"]
        assert "• News of The plan is agreed" in mail.outbox[0].body

    def test_two_things_that_happened_to_one_row_are_two_lines(self, post):
        person = make_person()
        told(person, "others", "The plan", at=NOON)
        told(person, "turn", "The plan", at=NOON + MINUTE)

        send_due(at=NOON + MINUTE)

        assert mail.outbox[0].body.count("•") == 2

    def test_reminders_come_from_the_best_hour_on(self, post):
        person = make_person(best_hour=15)
        told(person, "due", "The plan", country="GB")

        send_due(at=NOON)
        assert sent() == []
        send_due(at=NOON + 3 * HOUR)
        assert sent() == ["The plan is due"]


# The summary of the week -----------------------------------------------------------------------------


@pytest.mark.usefixtures("kinds")
class TestSummary:
    def test_it_holds_what_was_kept_for_it_and_leaves_on_the_best_day(self, post):
        person = make_person(mail_turn=How.WEEKLY, best_day=3, best_hour=9)
        for number, title in enumerate(("The plan", "The contract")):
            told(person, title=title, at=NOON + number * HOUR)
            send_due(at=NOON + number * HOUR)
        thursday = dt.datetime(2026, 11, 26, 9, tzinfo=dt.UTC)

        send_due(at=thursday - MINUTE)
        assert sent() == []
        send_due(at=thursday)

        (message,) = mail.outbox
        assert message.subject == "This week: 0 for you, 0 for them"
        assert "• News of The plan\n• News of The contract\n" in message.body
        assert not Notice.objects.unsent().exists()

    def test_it_counts_what_waits_for_the_reader_and_for_others(self, post, side):
        project = make_project(stage="contract")
        person = person_on(project, side)
        Person.objects.filter(pk=person.pk).update(mail_summary=True)
        project.turns.all().delete()
        for participation in project.participations.all():
            project.turns.create(
                organisation=participation.organisation, kind="contract", ref="1", since=NOON
            )
            if participation.side == side:
                project.turns.create(organisation=participation.organisation, kind="plan", since=NOON)

        owe_summaries(at=MONDAY - 2 * HOUR)
        send_due(at=MONDAY)

        assert sent() == ["This week: 2 for you, 1 for them"]

    def test_with_nothing_to_say_none_leaves(self, post):
        make_person(mail_summary=True)

        owe_summaries(at=MONDAY - 2 * HOUR)
        send_due(at=MONDAY)

        assert sent() == []
        assert Notice.objects.get().voided_at

    def test_it_is_owed_once_a_week_however_often_it_is_looked_at(self):
        person = make_person(mail_summary=True)
        counted = [owe_summaries(at=MONDAY - 2 * DAY + hours * HOUR)["owed"] for hours in range(0, 24 * 7, 5)]

        assert sum(counted) == Notice.objects.filter(recipient=person, kind="weekly").count() == 1

    def test_a_sweep_that_comes_late_owes_it_and_after_three_days_leaves_it_to_the_next_week(self):
        make_person(mail_summary=True)
        monday = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)

        assert owe_summaries(at=monday + 2 * DAY)["owed"] == 1
        Notice.objects.all().delete()
        assert owe_summaries(at=monday + 3 * DAY + HOUR)["owed"] == 0

    def test_whoever_chooses_another_day_has_had_theirs_for_this_week(self, post):
        person = make_person(mail_summary=True)
        Notice.objects.create(
            key="weekly",
            kind="weekly",
            recipient=person,
            owed_at=NOON,
            not_before=NOON,
            sent_at=NOON,
            message_id="<1@t>",
        )
        actions.choose_mail(person, values={"best_day": 2}, actor=person, at=NOON)

        assert owe_summaries(at=NOON + 2 * DAY)["owed"] == 0

    def test_whoever_wants_no_summary_any_more_gets_what_waited_in_it(self, post):
        person = make_person(mail_turn=How.WEEKLY)
        told(person)
        send_due(at=NOON)
        assert sent() == []

        actions.choose_mail(person, values={"mail_turn": How.NOW}, actor=person, at=NOON)
        send_due(at=NOON)

        assert sent() == ["News of The plan"]

    def test_a_reminder_that_waits_for_it_is_not_missed_after_seven_days(self, post):
        person = make_person(mail_reminders=How.WEEKLY)
        monday = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)
        told(person, "due", "The plan", at=monday, country="GB")
        send_due(at=monday)

        send_due(at=monday + 7 * DAY + MINUTE)

        assert "• The plan is due" in mail.outbox[0].body


@pytest.mark.parametrize(
    ("at", "zone", "country", "weekday", "hour", "leaves"),
    [
        ("2026-11-23 09:59", "Europe/London", "GB", 0, 10, "2026-11-23 10:00"),
        ("2026-11-23 10:01", "Europe/London", "GB", 0, 10, "2026-11-30 10:00"),
        ("2026-11-23 10:01", "Europe/London", "GB", 4, 17, "2026-11-27 17:00"),
        # Christmas Day, and the day in lieu of Boxing Day: the next working day, also when it was asked for meanwhile.
        ("2026-12-24 10:00", "Europe/London", "GB", 4, 10, "2026-12-29 10:00"),
        ("2026-12-26 10:00", "Europe/London", "GB", 4, 10, "2026-12-29 10:00"),
        ("2026-11-22 19:00", "Pacific/Kiritimati", "KI", 0, 10, "2026-11-22 20:00"),
        ("2026-11-23 12:00", "Pacific/Honolulu", "US", 0, 10, "2026-11-23 20:00"),
        # The clocks change on 28 March 2027: the same hour on the wall.
        ("2027-03-27 12:00", "Europe/Berlin", "DE", 0, 9, "2027-03-30 07:00"),  # Easter Monday is a holiday
        ("2028-02-28 12:00", "Europe/London", "GB", 1, 10, "2028-02-29 10:00"),
        ("2026-12-31 12:00", "Europe/London", "GB", 4, 10, "2027-01-04 10:00"),
    ],
)
def test_the_summary_leaves_at_the_readers_own_hour(at, zone, country, weekday, hour, leaves):
    at, leaves = (dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC) for text in (at, leaves))
    assert next_weekly_time(at, ZoneInfo(zone), country, weekday=weekday, hour=hour) == leaves


def test_many_summaries_are_owed_once_each_in_few_queries(django_assert_max_num_queries):
    Person.objects.bulk_create(
        Person(email=f"p{number}@example.org", name="P", password="!", mail_summary=True)
        for number in range(2000)
    )
    with django_assert_max_num_queries(80):
        assert owe_summaries(at=MONDAY - 2 * HOUR)["owed"] == 2000
    assert owe_summaries(at=MONDAY)["owed"] == 0


# A pause ---------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("kinds")
class TestPause:
    def test_nothing_comes_until_it_ends_and_then_one_message_says_what_happened(self, post):
        person = make_person()
        actions.pause_mail(person, until=FRIDAY, actor=person, at=NOON)
        told(person)
        told(person, "others", "The contract", at=NOON + DAY)
        told(person, "news", "A link", at=NOON + DAY)
        for days in range(7):
            send_due(at=NOON + days * DAY - 2 * HOUR - MINUTE)
        assert sent() == ["News of A link"]

        send_due(at=MONDAY - 2 * HOUR)

        assert sent() == ["News of A link", "Welcome back. Nothing is waiting"]
        assert "• News of The plan\n• News of The contract" in mail.outbox[1].body
        assert not Notice.objects.unsent().exists()

    def test_another_day_replaces_it_and_ending_it_lets_everything_out(self, post):
        person = make_person()
        actions.pause_mail(person, until=FRIDAY, actor=person, at=NOON)
        told(person)
        send_due(at=NOON)
        for until in (dt.date(2026, 12, 4), FRIDAY, dt.date(2026, 12, 4)):
            actions.pause_mail(person, until=until, actor=person, at=NOON + HOUR)
            send_due(at=NOON + HOUR)
        send_due(at=MONDAY)
        assert sent() == []

        actions.end_pause(person, actor=person, at=MONDAY)
        send_due(at=MONDAY)

        assert sent() == ["News of The plan"]
        assert Event.objects.filter(verb="person.back").count() == 1

    def test_a_summary_or_a_digest_that_would_leave_meanwhile_waits_in_it(self, post):
        person = make_person(mail_turn=How.WEEKLY)
        told(person)
        send_due(at=NOON)
        actions.pause_mail(person, until=MONDAY.date(), actor=person, at=NOON + HOUR)

        send_due(at=MONDAY)
        assert sent() == []
        send_due(at=MONDAY + DAY)

        (message,) = mail.outbox
        assert message.subject == "Welcome back. Nothing is waiting"
        assert "• News of The plan" in message.body

    def test_a_day_that_has_passed_where_they_are_is_none(self):
        person = make_person(time_zone="Pacific/Kiritimati")

        with pytest.raises(ValueError, match="has passed"):
            actions.pause_mail(person, until=NOON.date(), actor=person, at=NOON)

    def test_who_is_away_is_seen_to_be_until_the_day_is_over(self, client, monkeypatch, side):
        project = make_project()
        person, other = (
            person_on(project, side),
            person_on(project, "company" if side == "group" else "group"),
        )
        far = dt.date.today() + 30 * DAY
        actions.pause_mail(person, until=far, actor=person, at=NOON)
        client.force_login(other)

        page = client.get(project.get_absolute_url())

        assert f"Away until {far.day} {far:%B}" in page.text


# The pages -------------------------------------------------------------------------------------------

TYPED = {
    "mail_turn": "now",
    "mail_others": "weekly",
    "mail_reminders": "off",
    "best_day": "2",
    "best_hour": "9",
}
PAGE = "/account/notifications/"


def days_typed(day):
    return dict(zip((f"until{part}" for part in DATE_PARTS), (day.day, day.month, day.year), strict=True))


def test_choices_are_kept_and_stand_in_the_history(client):
    person = make_person()
    client.force_login(person)

    assert client.post(PAGE, TYPED)["Location"] == PAGE

    person.refresh_from_db()
    found = {name: str(getattr(person, name)) for name in TYPED}
    assert found == TYPED
    assert Event.objects.get().detail["after"] == TYPED | {"best_day": 2, "best_hour": 9}


@pytest.mark.parametrize(
    ("field", "value"),
    [("mail_turn", ""), ("mail_turn", "hourly"), ("mail_others", "x" * 9999), ("best_day", "9"), ("best_day", "١"),
     ("best_hour", "3"), ("best_hour", "1e1"), ("best_hour", "")],
)  # fmt: skip
def test_what_is_no_choice_is_refused_at_its_field(client, field, value):
    person = make_person()
    client.force_login(person)

    answer = client.post(PAGE, TYPED | {field: value})

    person.refresh_from_db()
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert person.mail_turn == How.DAILY


def test_a_pause_is_made_changed_and_ended_on_the_page(client):
    person = make_person()
    client.force_login(person)
    day = dt.date.today() + 20 * DAY
    address = reverse("portal:mail_pause")
    typed = days_typed(day)

    client.post(address, typed)
    person.refresh_from_db()
    assert person.paused_until == day
    assert f"No messages until {day.day} {day:%B %Y}" in client.get(PAGE).text

    client.post(address, {"end": "1"})
    person.refresh_from_db()
    assert person.paused_until is None


@pytest.mark.parametrize("days", [-1, 181])
def test_a_pause_in_the_past_or_without_end_is_refused_and_what_was_typed_stays(client, days):
    person = make_person()
    client.force_login(person)
    day = dt.date.today() + days * DAY

    answer = client.post(reverse("portal:mail_pause"), days_typed(day))

    assert answer.status_code == 422
    assert list(answer.context["pause_form"].errors) == ["until"]
    assert f'value="{day.year}"' in answer.text
    person.refresh_from_db()
    assert person.paused_until is None


def test_a_test_comes_once_a_minute(client):
    person = make_person()
    client.force_login(person)

    for _number in range(2):
        client.post(reverse("portal:mail_test"))

    assert Notice.objects.filter(kind="mail_test", recipient=person).count() in (1, 2)


# No more summaries -----------------------------------------------------------------------------------


def weekly_mail(person):
    join(person, make_organisation())
    owe_summaries(at=MONDAY - 2 * HOUR)
    owe(person, kind="turn", key="turn", at=MONDAY - 2 * HOUR, title="The plan")
    send_due(at=MONDAY - HOUR)
    send_due(at=MONDAY)
    return mail.outbox[-1]


@pytest.mark.usefixtures("kinds")
def test_one_click_in_the_mail_program_stops_the_summaries_without_signing_in(post, settings):
    person = make_person(mail_turn=How.WEEKLY, mail_summary=True)
    headers = weekly_mail(person).extra_headers
    address = headers["List-Unsubscribe"].strip("<>").removeprefix(settings.SITE_URL)
    machine = Client(enforce_csrf_checks=True)

    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    # A scanner that looks changes nothing.
    assert machine.get(address).status_code == 200
    person.refresh_from_db()
    assert person.mail_summary
    for _twice in range(2):
        answer = machine.post(address, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    person.refresh_from_db()
    assert (person.mail_summary, person.mail_turn, person.mail_others) == (False, How.OFF, How.DAILY)
    assert owe_summaries(at=MONDAY + 7 * DAY)["owed"] == 0


@pytest.mark.parametrize("change", ["letter", "person", "nothing", "closed"])
def test_an_address_that_we_did_not_write_stops_nothing(client, change):
    person, other = make_person(mail_summary=True), make_person(mail_summary=True)
    token = unsubscribe_token(person)
    wrong = {
        "letter": token[:-1] + ("a" if token[-1] != "a" else "b"),
        "person": token.replace(f"{person.pk}.", f"{other.pk}.", 1),
        "nothing": "x",
        "closed": token,
    }[change]
    if change == "closed":
        Person.objects.filter(pk=person.pk).update(closed_at=NOON)

    answer = client.post(reverse("accounts:unsubscribe", args=[wrong]))

    assert answer.status_code == 404
    assert Person.objects.filter(mail_summary=True).count() == 2
