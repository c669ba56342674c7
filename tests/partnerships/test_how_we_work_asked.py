"""Asking an organisation how it works, and the look that is taken at the answer once a year."""

import datetime as dt

import pytest

from accounts.models import Notice
from accounts.sending.letters import write as letters
from partnerships.actions import how_we_work
from partnerships.how_we_work import a_year_after, a_year_before
from partnerships.models import WorkQuestion
from partnerships.reminders import remind_how_we_work
from tests.factories import DAY, NOON, make_organisation, member_of, other_side
from tests.partnerships.work import described, publish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_lie_aside(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def writer(side):
    """A Lead of an organisation of either kind."""
    return member_of(make_organisation(side))


def own(person):
    return person.organisations.get()


def asked(organisation, person, at=NOON):
    return how_we_work.ask_how_they_work(organisation, asked_for=own(person), actor=person, at=at)


def test_asking_tells_leads_and_owners_once_in_thirty_days_for_each_who_asks(side):
    organisation = make_organisation(side)
    lead, owner = member_of(organisation), member_of(organisation, "owner")
    member_of(organisation, "reader")
    first, other = member_of(make_organisation(other_side(side))), member_of(make_organisation(side))

    told = [
        asked(organisation, first),
        asked(organisation, first, NOON + 29 * DAY),
        asked(organisation, other),
    ]
    told.append(asked(organisation, first, NOON + 30 * DAY))

    assert told == [True, False, True, True]
    assert WorkQuestion.objects.count() == 3
    people = Notice.objects.filter(kind="how_we_work_asked").values_list("recipient", flat=True)
    assert sorted(people) == sorted([lead.pk, owner.pk] * 3)


def test_readers_agencies_and_oneself_do_not_ask_and_what_is_described_is_not_asked_for(side):
    organisation = make_organisation(side)
    lead = member_of(organisation)
    reader = member_of(make_organisation(other_side(side)), "reader")
    agent = member_of(make_organisation("agency"))

    for person in (reader, agent, lead):
        assert how_we_work.who_may_ask(person, organisation) == []
        with pytest.raises(how_we_work.CannotAsk):
            asked(organisation, person)
    described(organisation, lead)
    with pytest.raises(how_we_work.CannotAsk, match="by now"):
        asked(organisation, member_of(make_organisation(other_side(side))))


def test_a_question_that_was_not_sent_yet_is_dropped_when_it_is_described(writer):
    asked(own(writer), member_of(make_organisation()))

    described(own(writer), writer)

    assert Notice.objects.get(kind="how_we_work_asked").void_reason == "it was published"


# Once a year ----------------------------------------------------------------------------------------


def test_a_year_after_the_last_check_those_who_write_are_reminded_once_and_again_a_year_later(writer):
    organisation = own(writer)
    owner, reader = member_of(organisation, "owner"), member_of(organisation, "reader")
    described(organisation, writer)

    counted = [remind_how_we_work(at=NOON + days * DAY)["owed"] for days in (300, 364, 365, 366, 500, 731)]

    assert counted == [0, 2, 0, 0, 0, 2]
    notices = Notice.objects.filter(kind="how_we_work_check").order_by("not_before")
    assert {notice.recipient for notice in notices} == {writer, owner}
    assert reader not in {notice.recipient for notice in notices}
    assert [notice.not_before.date() for notice in notices[::2]] == [
        dt.date(2027, 11, 23),
        dt.date(2028, 11, 23),
    ]


def test_who_has_checked_again_is_not_reminded_of_the_version_before(writer):
    described(own(writer), writer)
    remind_how_we_work(at=NOON + 364 * DAY)

    publish(own(writer), writer, NOON + 364 * DAY)

    notice = Notice.objects.get(kind="how_we_work_check")
    assert notice.void_reason == "a newer version was published"
    assert remind_how_we_work(at=NOON + 366 * DAY)["owed"] == 0


def test_the_reminder_is_not_sent_to_who_left_or_became_a_reader(writer):
    described(own(writer), writer)
    remind_how_we_work(at=NOON + 364 * DAY)
    writer.memberships.update(role="reader")

    (letter,) = letters(list(Notice.objects.filter(kind="how_we_work_check")), at=NOON + 365 * DAY)

    assert "no longer writes" in str(letter.outcome)


@pytest.mark.parametrize(
    ("day", "after", "before"),
    [("2024-02-29", "2025-03-01", "2023-02-28"), ("2026-11-28", "2027-11-28", "2025-11-28")],
)
def test_a_year_is_a_year_also_on_a_leap_day(day, after, before):
    day = dt.date.fromisoformat(day)

    assert a_year_after(day, 1) == dt.date.fromisoformat(after)
    assert a_year_before(day) == dt.date.fromisoformat(before)
