"""How dates, icons and page numbers are shown, and what the frame knows about a person."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.core.paginator import Paginator
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import timezone, translation

from accounts.context import theme_of
from accounts.models import Person
from accounts.templatetags import counterpart
from tests.factories import join, make_organisation, make_person

SUNDAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (dt.date(2026, 11, 27), "Friday 27 November"),
        (dt.date(2027, 1, 4), "Monday 4 January 2027"),
        (dt.date(2025, 12, 31), "Wednesday 31 December 2025"),
        (None, ""),
    ],
)
def test_a_day_is_said_in_words_with_the_year_when_it_is_another(day, words):
    assert counterpart.day(day, SUNDAY) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "today"),
        (1, "tomorrow"),
        (-1, "yesterday"),
        (2, "in 2 days"),
        (5, "in 5 days"),
        (-2, "2 days ago"),
        (-30, "30 days ago"),
    ],
)
def test_a_distance_is_said_in_days(days, words):
    assert counterpart.distance(SUNDAY + dt.timedelta(days=days), SUNDAY) == words


def test_a_deadline_is_its_day_and_its_distance():
    assert counterpart.due(dt.date(2026, 11, 27), SUNDAY) == "Friday 27 November, in 5 days"


def test_a_short_day_has_the_year_when_it_is_another():
    assert counterpart.short_day(dt.date(2026, 11, 27), SUNDAY) == "27 Nov"
    assert counterpart.short_day(dt.date(2027, 1, 4), SUNDAY) == "4 Jan 2027"


def test_a_moment_belongs_to_the_day_of_the_reader():
    late = dt.datetime(2026, 11, 22, 23, 30, tzinfo=dt.UTC)

    with timezone.override("Europe/Berlin"):
        assert counterpart.moment(late) == "Monday 23 November 2026 at 00:30 (Berlin)"
        assert counterpart.day(late, SUNDAY) == "Monday 23 November"
    with timezone.override("America/New_York"):
        assert counterpart.moment(late) == "Sunday 22 November 2026 at 18:30 (New York)"


def test_every_icon_is_hidden_from_those_who_listen():
    for name in counterpart.ICONS:
        drawn = counterpart.icon(name)
        assert 'aria-hidden="true"' in drawn
        assert drawn.startswith("<svg ")
        assert drawn.endswith("</svg>")


def test_a_misspelt_icon_is_noticed():
    with pytest.raises(KeyError):
        counterpart.icon("padlock")


def test_a_part_of_nothing_is_nothing():
    assert counterpart.percent_of(3, 15) == "20.00%"
    assert counterpart.percent_of(0, 0) == "0%"


def test_long_lists_of_pages_have_gaps():
    pages = Paginator(range(500), 50)

    assert counterpart.page_range(pages, 5) == [1, None, 4, 5, 6, None, 10]
    assert counterpart.page_range(Paginator(range(60), 50), 1) == [1, 2]


@pytest.mark.parametrize(("chosen", "theme"), [("light", "light"), ("dark", "dark"), ("system", "")])
def test_a_page_is_light_or_dark_as_the_person_chose(chosen, theme):
    request = RequestFactory().get("/")
    request.user = Person(theme=chosen)

    assert theme_of(request) == theme


@pytest.mark.parametrize(("cookie", "theme"), [("dark", "dark"), ("light", "light"), ("", ""), ('"><b>', "")])
def test_a_stranger_keeps_light_or_dark_in_a_cookie(cookie, theme):
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    request.COOKIES["theme"] = cookie

    assert theme_of(request) == theme


def test_the_mark_beside_my_name_is_that_of_my_one_organisation(db, django_assert_num_queries, side):
    person = make_person("Ada Example")
    mine = make_organisation(side)
    join(person, mine)

    with django_assert_num_queries(1):
        assert counterpart.my_organisation({"user": person}) == mine


def test_nobody_is_marked_with_one_of_several_organisations_or_one_they_left(db):
    person = make_person("Ada Example")
    first, second = make_organisation("group"), make_organisation("company")
    join(person, first)
    join(person, second)

    assert counterpart.my_organisation({"user": person}) is None

    person.memberships.filter(organisation=second).update(left_at=timezone.now())
    later = Person.objects.get(pk=person.pk)
    assert counterpart.my_organisation({"user": later}) == first


def test_the_public_frame_looks_at_no_session_and_sets_no_cookie():
    request = RequestFactory().get("/register/")
    request.session = SessionStore()

    page = get_template("public.html").render({}, request)

    assert "Counterpart" in page
    assert not request.session.accessed
    assert "CSRF_COOKIE" not in request.META
    assert "csrfmiddlewaretoken" not in page


def test_the_page_says_in_which_language_and_direction_it_is():
    request = RequestFactory().get("/")
    with translation.override("ar"):
        page = get_template("public.html").render({}, request)

    assert '<html lang="ar" dir="rtl">' in page
    assert "bootstrap-5.3.9.rtl.min.css" in page


def test_the_page_for_our_own_faults_needs_no_request_and_no_database():
    # No mark for the database: a query would fail here.
    page = get_template("500.html").render()

    assert "Something went wrong on our side" in page
    assert page.count("<a ") >= 4


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_an_error_page_offers_at_least_two_ways_on(name):
    request = RequestFactory().get("/nowhere/")
    request.user = AnonymousUser()

    page = get_template(name).render({}, request)
    state = page.split('<section class="state')[1].split("</section>")[0]

    assert state.count("<a ") >= 2
    assert "<h1>" in state
