"""The calendar feed: what stands in it, for whom, and that two calendar programs read the same in it."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actions import (
    close_account,
    find_calendar,
    personal_data,
    renew_calendar,
    switch_off_calendar,
    switch_on_calendar,
    token_of_calendar,
)
from accounts.models import CalendarFeed, Event
from evaluations.actions.calls import answer_call, suggest_call
from evaluations.models import Promise
from partnerships.actions.time import answer_time_request, ask_for_time
from partnerships.actions.turns import give_turn
from partnerships.models import Project, Turn
from portal import feed as feeds
from portal.feed.entries import Entry
from portal.feed.writing import write_calendar
from tests.browse import signed_in
from tests.factories import (
    DAY,
    NOON,
    add_partner,
    make_organisation,
    make_person,
    make_project,
    make_reviews,
    make_sent,
    member_of,
    other_side,
    partner_of,
    person_on,
    review_of,
)
from tests.partnerships.contracts import begun
from tests.partnerships.funding import answer, sent, two
from tests.partnerships.permits import asked
from tests.portal.test_home import promise_of
from tests.walk import DISABLED, OUTSIDERS, World

pytestmark = pytest.mark.django_db

EVERYTHING = {"tasks": True, "dates": True, "organisation": True}
TASKS = {"tasks": True, "dates": False, "organisation": False}
DATES = {"tasks": False, "dates": True, "organisation": False}
OURS = {"tasks": False, "dates": False, "organisation": True}


def now():
    return timezone.now()


def today():
    return now().date()


def feed_of(person, shown=EVERYTHING):
    return switch_on_calendar(person, shown=shown, at=now())


def address_of(person, shown=EVERYTHING):
    return reverse("portal:calendar_feed", args=[token_of_calendar(feed_of(person, shown))])


def fetch(person, shown=EVERYTHING, **headers):
    """The feed as a calendar program gets it: without a session, from nothing but its address."""
    return Client().get(address_of(person, shown), headers=headers)


def read(content):
    """What two calendar programs of different makers find: title, beginning and end of each entry, in order."""
    first = [
        (str(e["SUMMARY"]), e.decoded("DTSTART"), e.decoded("DTEND"))
        for e in icalendar.Calendar.from_ical(content).walk("VEVENT")
    ]
    second = [
        (e.summary.value, e.dtstart.value, e.dtend.value)
        for e in getattr(vobject.readOne(content.decode()), "vevent_list", [])
    ]
    assert [instants(row) for row in first] == [instants(row) for row in second]
    return first


def instants(row):
    """A row whose moments are told in UTC, and whose days stay days."""
    title, *times = row
    return title, *(t.astimezone(dt.UTC) if isinstance(t, dt.datetime) else t for t in times)


def titles(person, shown=EVERYTHING):
    return [title for title, *_times in read(fetch(person, shown).content)]


def one_turn(side, kind=Turn.Kind.PLAN, stage="agree", days=5, **fields):
    project = make_project(title="Carer handbook", stage=stage, starts_on=None, ends_on=None, **fields)
    give_turn(project, partner_of(project, side), kind, at=NOON, due_on=today() + days * DAY)
    return project


# What stands in it ------------------------------------------------------------------------------------


def test_a_deadline_is_a_whole_day_with_what_is_due_and_for_which_project(side):
    project = one_turn(side)

    entries = read(fetch(person_on(project, side), TASKS).content)

    day = today() + 5 * DAY
    assert entries == [("Plan due, Carer handbook", day, day + DAY)]
    assert titles(person_on(project, other_side(side)), TASKS) == []


def test_a_reader_finds_what_waits_for_their_organisation_and_nothing_as_their_own(side):
    reader = person_on(one_turn(side), side, "reader")

    assert titles(reader, TASKS) == []
    assert titles(reader, OURS) == ["Plan due, Carer handbook"]


def test_what_the_other_side_has_to_do_is_in_nobodys_feed(side):
    project = one_turn(other_side(side))

    assert titles(person_on(project, side)) == []


def test_the_dates_of_a_project_are_its_start_its_end_and_when_reviews_are_due(side):
    project = make_project(
        title="Carer handbook", stage="review", starts_on=today() - 3 * DAY, ends_on=today() + DAY,
        review_due_on=today() + 9 * DAY,
    )  # fmt: skip

    assert titles(person_on(project, side), DATES) == [
        "Carer handbook starts",
        "Carer handbook ends",
        "Reviews due, Carer handbook",
    ]
    Project.objects.update(stage="withdrawn", withdrawn_at=NOON, withdraw_reason="other")
    assert titles(person_on(project, side), DATES) == []


def test_a_promise_is_a_deadline_of_who_gave_it_without_its_words(side):
    project = make_project(title="Carer handbook", stage="completed", result="reached")
    person = person_on(project, side)
    promise_of(person, project, partner_of(project, side), today() + 3 * DAY)

    assert titles(person, TASKS) == ["Promise due, Carer handbook"]
    assert titles(person_on(project, side), TASKS) == []
    assert titles(person_on(project, side), OURS) == ["Promise due, Carer handbook"]
    assert titles(person_on(project, other_side(side))) == [f"{project} ends"]
    Promise.objects.update(state="done")
    assert titles(person, TASKS) == []


def test_what_somebody_is_asked_stands_there_by_its_kind_alone(side):
    sender, lead, receiver, other = two(side)
    request = sent(sender, lead, receiver, at=now(), title="Night line")
    answer(request, "asked", other, at=now(), words="Secretquestion?")

    content = fetch(lead, TASKS).content

    assert [title for title, *_ in read(content)] == ["Answer about funding due, Night line"]
    assert b"Secret" not in content


def test_more_time_that_is_asked_for_is_a_deadline_of_the_other_side(side):
    project = one_turn(side)
    turn = Turn.objects.get()
    ask_for_time(turn, due_on=turn.due_on + 3 * DAY, actor=person_on(project, side), at=now(), note="Holiday")

    content = fetch(person_on(project, other_side(side)), TASKS).content

    assert [title for title, *_ in read(content)] == ["Answer about more time due, Carer handbook"]
    assert b"Holiday" not in content


def test_days_of_long_ago_and_far_ahead_are_left_out(side):
    kept = {-40: False, -20: True, 300: True, 500: False}
    for days in kept:
        project = one_turn(side, days=days)
        person = person_on(project, side)
        assert (titles(person, TASKS) != []) == kept[days]


def test_an_empty_calendar_is_a_calendar():
    content = fetch(make_person()).content

    assert read(content) == []
    assert [c.name for c in icalendar.Calendar.from_ical(content).subcomponents] == ["VTIMEZONE"]


# What never stands in it ------------------------------------------------------------------------------


def test_no_words_that_anybody_wrote_stand_in_it_but_the_name_of_the_project(side):
    project = make_project(title="Carer handbook", stage="contract")
    person, other = person_on(project, side), person_on(project, other_side(side))
    begun(project, other)
    asked(project, other, at=now(), purpose="Secretpurpose", place="Secretplace")
    promise_of(person, project, partner_of(project, side), today() + 3 * DAY)
    Promise.objects.update(what="Secretpromise")

    content = fetch(person).content.decode()

    assert "Promise due\\, Carer handbook" in content
    assert "Secret" not in content
    assert other.email not in content
    assert other.name not in content


def test_whether_the_other_side_has_sent_its_review_changes_not_a_byte(side):
    project = make_project(stage="review", review_due_on=today() + 9 * DAY)
    make_reviews(project)
    for organisation in ("group", "company"):
        give_turn(
            project, partner_of(project, organisation), Turn.Kind.REVIEW, at=NOON, due_on=today() + 9 * DAY
        )
    person = person_on(project, side)
    before = fetch(person)

    theirs = review_of(project, other_side(side))
    make_sent(theirs)
    Turn.objects.filter(organisation=theirs.organisation).delete()

    after = fetch(person)
    assert (after.content, after["ETag"]) == (before.content, before["ETag"])
    assert titles(person, TASKS) == [f"Review due, {project}"]


def test_who_belongs_to_both_sides_learns_of_neither_whether_it_has_sent():
    world = World("review")
    with_turns = Turn.objects.filter(project=world.project, kind=Turn.Kind.REVIEW)
    assert with_turns.count() == 2

    assert [t for t in titles(world.person("both sides")) if t.startswith("Review due")] == []


# Who gets one -----------------------------------------------------------------------------------------


def test_everybody_around_a_project_finds_of_it_what_they_may_know_and_no_more():
    world = World("review")
    Project.objects.filter(pk=world.project.pk).update(title="Ours", review_due_on=today() + 9 * DAY)
    Project.objects.filter(pk=world.other.pk).update(title="Theirs", review_due_on=today() + 9 * DAY)
    Turn.objects.update(due_on=today() + 9 * DAY)
    Project.objects.update(ends_on=today() - DAY)
    common = ["Ours ends", "Reviews due, Ours"]
    partner = ["Ours ends", "Result due, Ours", "Review due, Ours", "Reviews due, Ours"]

    found = {
        who: titles(person)
        for who, person in world.people.items()
        if person is not None and who not in DISABLED
    }

    for who, titles_found in found.items():
        if who in OUTSIDERS:
            expected = [t.replace("Ours", "Theirs") for t in partner] if who.startswith("other") else []
        else:
            expected = common if who.endswith("agency") or who == "both sides" else partner
        assert titles_found == expected, who


def test_who_has_left_finds_nothing_of_it_when_their_calendar_next_asks(side):
    project = one_turn(side)
    person = person_on(project, side)
    address = address_of(person)
    assert b"Carer handbook" in Client().get(address).content

    person.memberships.update(left_at=NOON)

    response = Client().get(address)
    assert (response.status_code, read(response.content)) == (200, [])


def gone(response):
    return response.status_code, response.content, response["Content-Type"], response["Cache-Control"]


def test_unknown_revoked_and_closed_addresses_answer_alike(side):
    unknown = gone(Client().get(reverse("portal:calendar_feed", args=["unknown"])))
    assert unknown[0] == 404
    renewed, off, disabled, closed = (member_of(make_organisation(side)) for _ in range(4))
    addresses = [address_of(person) for person in (renewed, off, disabled, closed)]
    assert [Client().get(address).status_code for address in addresses] == [200] * 4

    renew_calendar(renewed, made_at=renewed.calendar_feed.made_at.isoformat(), at=now() + DAY)
    switch_off_calendar(off, at=now())
    disabled.is_active = False
    disabled.save()
    join_another = member_of(closed.memberships.get().organisation, "owner")
    close_account(closed, at=now())

    assert [gone(Client().get(address)) for address in addresses] == [unknown] * 4
    assert not CalendarFeed.objects.filter(person=closed).exists()
    assert join_another.is_active
    assert Client().get(address_of(renewed)).status_code == 200


def test_the_database_alone_opens_no_feed(settings):
    person = make_person()
    feed = feed_of(person)
    token = token_of_calendar(feed)
    kept = [str(value) for value in CalendarFeed.objects.values_list().get()]

    assert len(token) == 43
    assert token not in kept
    assert [find_calendar(value) for value in kept] == [None] * len(kept)
    # With another key calendars go on, and the address can't be shown.
    settings.SECRET_KEY = "another key of another installation"
    assert token_of_calendar(feed) == ""
    assert find_calendar(token) == feed


# How it answers ---------------------------------------------------------------------------------------


def test_it_needs_no_session_and_says_how_long_it_may_be_kept(side):
    project = one_turn(side)
    person = person_on(project, side)

    response = fetch(person)

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, max-age=3600"
    assert response.cookies == {}
    assert "Cookie" not in response.get("Vary", "")
    assert response["X-Robots-Tag"] == "noindex"


def test_what_has_not_changed_is_not_sent_again(side):
    project = one_turn(side)
    person = person_on(project, side)
    first = fetch(person)

    again = fetch(person, if_none_match=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Cache-Control"] == "private, max-age=3600"
    assert fetch(person, if_none_match='"another"').content == first.content

    Turn.objects.update(due_on=today() + 6 * DAY)
    assert fetch(person, if_none_match=first["ETag"]).status_code == 200


def test_asking_for_the_head_gets_the_head():
    address = address_of(make_person())

    head, whole = Client().head(address), Client().get(address)

    assert (head.status_code, head.content, head["ETag"]) == (200, b"", whole["ETag"])
    assert Client().post(address).status_code == 405


def test_a_moved_day_is_the_same_entry_with_a_higher_number(side):
    project = one_turn(side)
    person, turn = person_on(project, side), Turn.objects.get()
    before = icalendar.Calendar.from_ical(fetch(person, TASKS).content).walk("VEVENT")[0]

    request = ask_for_time(turn, due_on=turn.due_on + 3 * DAY, actor=person, at=now(), note="")
    answer_time_request(request, accepted=True, actor=None, organisation=None, at=now())

    after = icalendar.Calendar.from_ical(fetch(person, TASKS).content).walk("VEVENT")[0]
    assert after["UID"] == before["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert after.decoded("DTSTART") == before.decoded("DTSTART") + 3 * DAY


@pytest.mark.parametrize("count", [1, 30])
def test_it_asks_as_often_for_many_entries_as_for_one(count):
    group = make_organisation("group")
    person = member_of(group)
    for _ in range(count):
        project = make_project(groups=[group], stage="agree", ends_on=today() + 9 * DAY)
        give_turn(project, group, Turn.Kind.PLAN, at=NOON, due_on=today() + 5 * DAY)
        promise_of(person, project, group, today() + 3 * DAY)
    address = address_of(person)

    with CaptureQueriesContext(connection) as captured:
        response = Client().get(address)

    assert len(read(response.content)) == 3 * count
    assert len(captured) == 7


def test_its_address_stands_in_no_log(caplog):
    token = token_of_calendar(feed_of(make_person()))
    from config.logs import scrub

    assert token not in scrub(f"Not Found: /calendar/{token}.ics")
    assert token not in scrub(f'"GET /calendar/{token}.ics HTTP/1.1" 200 512')


# Written for any calendar -----------------------------------------------------------------------------


def written(*entries, zone="Europe/London"):
    return write_calendar(entries, zone=ZoneInfo(zone), today=dt.date(2026, 11, 30))


def call(start, zone, minutes=60, **fields):
    start = dt.datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone), fold=fields.pop("fold", 0))
    return Entry(
        uid="call-1", title="Call, Carer handbook", path="/x/", stamp=NOON, start=start, minutes=minutes,
        **fields,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("start", "zone", "begins", "ends"),
    [
        # The clocks of Europe go forward at 01:00 UTC on 28 March 2027, and back on 31 October.
        ("2027-03-27T14:00", "Europe/London", "27T14:00", "27T15:00"),
        ("2027-03-28T00:30", "Europe/London", "28T00:30", "28T01:30"),
        ("2027-03-28T14:00", "Europe/London", "28T13:00", "28T14:00"),
        ("2027-03-28T01:30", "Europe/Berlin", "28T00:30", "28T01:30"),
        ("2027-03-28T03:30", "Europe/Berlin", "28T01:30", "28T02:30"),
        ("2027-10-30T14:00", "Europe/Berlin", "30T12:00", "30T13:00"),
        ("2027-10-31T14:00", "Europe/Berlin", "31T13:00", "31T14:00"),
        ("2027-10-30T23:30", "Europe/London", "30T22:30", "30T23:30"),
        ("2027-10-31T14:00", "Europe/London", "31T14:00", "31T15:00"),
        # Those of New York on other weekends.
        ("2027-03-14T12:00", "America/New_York", "14T16:00", "14T17:00"),
        ("2027-11-07T12:00", "America/New_York", "07T17:00", "07T18:00"),
        # The first and the last place to have a day, without summer time.
        ("2026-12-31T23:30", "Pacific/Kiritimati", "31T09:30", "31T10:30"),
        ("2026-12-31T23:30", "Pacific/Honolulu", "01T09:30", "01T10:30"),
        ("2028-02-29T10:00", "Australia/Lord_Howe", "28T23:00", "29T00:00"),
    ],
)
def test_a_call_has_its_hour_in_its_zone_for_both_parsers(start, zone, begins, ends):
    content = written(call(start, zone))

    ((_title, begin, end),) = read(content)

    assert begin.astimezone(dt.UTC).strftime("%dT%H:%M") == begins
    assert end.astimezone(dt.UTC).strftime("%dT%H:%M") == ends
    assert f"DTSTART;TZID={zone}:{start.replace('-', '').replace(':', '')}00".encode() in content


@pytest.mark.parametrize(("fold", "begins"), [(0, "00:15"), (1, "01:15")])
def test_an_hour_that_a_clock_shows_twice_is_told_without_a_zone(fold, begins):
    content = written(call("2027-10-31T01:15", "Europe/London", fold=fold))

    ((_title, begin, _end),) = read(content)

    assert begin.astimezone(dt.UTC).strftime("%H:%M") == begins
    assert b"\r\nDTSTART:20271031T0" in content


def test_a_zone_is_described_by_its_changes_as_the_clock_stood_before_each():
    """By what the calendar says of the zone alone, as a program reads it that knows no zones."""
    content = written(call("2027-03-28T14:00", "Europe/Berlin"))
    zones = {str(z["TZID"]): z for z in icalendar.Calendar.from_ical(content).walk("VTIMEZONE")}
    assert sorted(zones) == ["Europe/Berlin", "Europe/London"]

    for key, component in zones.items():
        told, real = component.to_tz(lookup_tzid=False), ZoneInfo(key)
        hour = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        while hour.year < 2028:
            assert hour.astimezone(told).utcoffset() == hour.astimezone(real).utcoffset(), (key, hour)
            hour += dt.timedelta(hours=1)


@pytest.mark.parametrize(
    "day", ["2028-02-29", "2026-12-31", "2027-01-01", "2027-03-28", "2027-10-31", "2027-02-28"]
)
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Honolulu", "Europe/London"])
def test_a_day_is_the_same_day_everywhere(day, zone):
    day = dt.date.fromisoformat(day)
    entry = Entry(uid="a", title="Plan due, X", path="/x/", stamp=NOON, day=day)

    content = written(entry, zone=zone)

    assert read(content) == [("Plan due, X", day, day + DAY)]
    assert f"DTSTART;VALUE=DATE:{day:%Y%m%d}".encode() in content


def test_the_days_covered_are_counted_where_the_person_is(side, monkeypatch):
    """At 23:00 UTC it is tomorrow already in Kiritimati, and still noon in Honolulu."""
    late = dt.datetime(2026, 12, 31, 23, 0, tzinfo=dt.UTC)
    project = make_project(title="X", stage="agree", starts_on=None, ends_on=None)
    give_turn(project, partner_of(project, side), Turn.Kind.PLAN, at=NOON, due_on=dt.date(2026, 11, 30))
    found = {}
    for zone in ("Pacific/Kiritimati", "Pacific/Honolulu"):
        person = person_on(project, side, time_zone=zone)
        found[zone] = len(feeds.entries_of(feed_of(person, TASKS), at=late))

    assert found == {"Pacific/Kiritimati": 0, "Pacific/Honolulu": 1}


NAMES = [
    "Carers; handbook, part 1: “nights” \\ days",
    "Quotes \"and\" 'more'",
    "Line\nbreak\r\nand\ttab",
    "👩‍👩‍👧 Family 🎗️ " * 8,
    "دليل مقدمي الرعاية " * 6,
    "ספר למטפלים END:VEVENT",
    "x" * 120,
    "BEGIN:VALARM\r\nTRIGGER:-PT5M",
    "Zoë Ångström ﬁ é",
]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_comes_out_as_it_went_in_and_no_line_is_too_long(name):
    entry = Entry(uid="a", title=name, path="/x/", stamp=NOON, day=dt.date(2027, 1, 1))

    content = written(entry)

    ((title, *_days),) = read(content)
    assert title == " ".join(re.sub(r"[\r\n\t]", " ", name).split())
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert content.count(b"BEGIN:VEVENT") == content.count(b"\r\nEND:VEVENT\r\n") == 1
    assert b"\r\nBEGIN:VALARM" not in content


def test_the_same_entries_are_the_same_bytes_in_every_process():
    entries = [call("2027-03-28T14:00", zone) for zone in ("Asia/Tokyo", "Europe/Berlin", "America/New_York")]

    assert written(*entries) == written(*entries)
    zones = re.findall(rb"TZID:(.+)\r\n", written(*entries))
    assert zones == sorted(zones)


def test_an_entry_has_a_day_or_a_moment_with_a_zone():
    for wrong in ({}, {"day": dt.date(2027, 1, 1), "start": NOON}, {"start": NOON}):
        with pytest.raises(ValueError):
            Entry(uid="a", title="T", path="/x/", stamp=NOON, **wrong)


# Calls ------------------------------------------------------------------------------------------------


def test_a_call_for_which_a_time_was_chosen_stands_there_for_both_sides_in_the_zone_of_the_project(side):
    project = make_project(title="Carer handbook", stage="deliver", starts_on=None, time_zone="Europe/Berlin")
    person, other = person_on(project, side), person_on(project, other_side(side))
    times = [now().replace(microsecond=0) + number * DAY for number in (2, 3, 4)]
    call = suggest_call(project, times=times, actor=person, at=now())
    assert [t for t in titles(person) if t.startswith("Call")] == []

    answer_call(call, picked=times[1], words="", actor=other, at=now())

    for one in (person, other):
        ((title, begin, end),) = [
            row for row in read(fetch(one, DATES).content) if isinstance(row[1], dt.datetime)
        ]
        assert (title, begin, end) == (
            "Call, Carer handbook",
            times[1],
            times[1] + dt.timedelta(minutes=30),
        )
        assert begin.tzinfo.key == "Europe/Berlin"
    assert [t for t in titles(member_of(make_organisation(side))) if t.startswith("Call")] == []


def test_a_call_of_another_source_stands_in_the_feed_with_its_zone(side, monkeypatch):
    project = one_turn(side)
    begins = dt.datetime.combine(today() + 2 * DAY, dt.time(14), tzinfo=ZoneInfo("Europe/Berlin"))

    def calls(wanted):
        yield Entry(
            uid=f"{project.reference}-call", title=f"Call, {project.title}", path="/x/", stamp=NOON,
            start=begins, minutes=30,
        )  # fmt: skip

    monkeypatch.setattr(feeds.sources, "SOURCES", [*feeds.SOURCES, calls])

    content = fetch(person_on(project, side), TASKS).content

    assert read(content)[0] == ("Call, Carer handbook", begins, begins + dt.timedelta(minutes=30))
    assert b"BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin" in content


# The page about it ------------------------------------------------------------------------------------


def page(person):
    return signed_in(person).get(reverse("portal:calendar"))


def test_an_address_is_made_shown_changed_made_anew_and_switched_off():
    person = make_person()
    client = signed_in(person)
    place = reverse("portal:calendar")
    assert "Make my address" in client.get(place).text

    client.post(place, {"tasks": "on"})
    first = find_address(client.get(place).text)
    assert Client().get(first).status_code == 200
    # It is shown again, and what is chosen changes without a new one.
    client.post(place, {"dates": "on", "organisation": "on"})
    assert find_address(client.get(place).text) == first
    feed = CalendarFeed.objects.get(person=person)
    assert (feed.tasks, feed.dates, feed.organisation) == (False, True, True)

    again = client.get(reverse("portal:calendar_renew"))
    marks = dict(re.findall(r'name="(made_at)" value="([^"]+)"', again.text))
    client.post(reverse("portal:calendar_renew"), marks)
    second = find_address(client.get(place).text)
    assert (Client().get(first).status_code, Client().get(second).status_code) == (404, 200)
    # Pressed twice: the second press means the address that is gone already.
    client.post(reverse("portal:calendar_renew"), marks)
    assert find_address(client.get(place).text) == second

    client.post(reverse("portal:calendar_off"))
    assert Client().get(second).status_code == 404
    client.post(reverse("portal:calendar_off"))
    assert list(Event.objects.filter(actor=person).order_by("pk").values_list("verb", flat=True)) == [
        "calendar.switched_on",
        "calendar.changed",
        "calendar.renewed",
        "calendar.switched_off",
    ]


def find_address(text):
    address = re.search(r'value="(http[^"]+\.ics)"', text)[1]
    assert text.count(address.partition("//")[2]) == 2  # as it is, and for the calendar of this device
    assert f'href="webcal://{address.partition("//")[2]}"' in text
    return "/" + address.partition("//")[2].partition("/")[2]


def test_a_feed_of_nothing_is_refused_in_words():
    person = make_person()
    client = signed_in(person)

    response = client.post(reverse("portal:calendar"), {})

    assert response.status_code == 422
    assert "Choose at least one thing to show." in response.text
    assert not CalendarFeed.objects.exists()


def test_made_twice_it_is_one_address():
    person = make_person()

    assert token_of_calendar(feed_of(person)) == token_of_calendar(feed_of(person, TASKS))
    assert CalendarFeed.objects.count() == 1


def test_an_address_that_can_not_be_shown_any_more_can_be_made_anew(settings):
    person = make_person()
    feed_of(person)
    client = signed_in(person)
    CalendarFeed.objects.update(seed="of another key")

    text = client.get(reverse("portal:calendar")).text

    assert "can’t be shown again" in text
    assert ".ics" not in text


def test_what_is_kept_of_it_is_in_the_persons_data_without_the_address():
    person = make_person()
    assert personal_data(person)["calendar"] is None
    feed = feed_of(person, TASKS)

    data = personal_data(person)["calendar"]

    assert (data["tasks"], data["dates"], data["organisation"]) == (True, False, False)
    assert feed.seed not in str(data)
    assert feed.token_hash not in str(data)


def test_a_partner_that_is_let_in_later_changes_no_entry(side):
    project = one_turn(side)
    person = person_on(project, side)
    before = fetch(person).content

    add_partner(project, make_organisation(other_side(side)), other_side(side))

    assert fetch(person).content == before
