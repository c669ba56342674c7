"""The list of projects: what it finds, keeps and hands out."""

import datetime as dt
import html
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import SavedView
from partnerships import filters
from partnerships.actions.turns import give_turn
from partnerships.exports import safe_cell
from partnerships.models import Turn
from tests.factories import (
    DAY,
    NOON,
    join,
    make_organisation,
    make_project,
    member_of,
    other_side,
    partner_of,
    person_on,
)

pytestmark = pytest.mark.django_db

LIST = "/projects/"


def found(client, query=""):
    """Titles on the list, in its order."""
    response = client.get(f"{LIST}{query}")
    assert response.status_code == 200
    return [project.title for project in response.context["page_obj"]]


def test_the_list_shows_live_projects_of_this_person_alone(client, side):
    mine = make_project(title="Mine", stage="agree")
    make_project(title="Theirs", stage="agree")
    own = partner_of(mine, side)
    make_project(
        title="Done",
        stage="completed",
        result="reached",
        **{f"{'groups' if side == 'group' else 'companies'}": [own]},
    )
    client.force_login(person_on(mine, side))

    assert found(client) == ["Mine"]
    assert found(client, "?state=closed") == ["Done"]


def test_your_turn_comes_first_then_what_is_due_first(client, side):
    project = make_project(title="Quiet", stage="agree")
    own = partner_of(project, side)
    who = {"groups" if side == "group" else "companies": [own]}
    later = make_project(title="Later", stage="review", **who)
    sooner = make_project(title="Sooner", stage="review", **who)
    theirs = make_project(title="Waiting", stage="review", **who)
    give_turn(later, own, Turn.Kind.REVIEW, at=NOON, due_on=NOON.date() + 9 * DAY)
    give_turn(sooner, own, Turn.Kind.REVIEW, at=NOON, due_on=NOON.date() + 2 * DAY)
    give_turn(theirs, partner_of(theirs, other_side(side)), Turn.Kind.REVIEW, at=NOON, due_on=NOON.date())
    client.force_login(person_on(project, side))

    assert found(client) == ["Sooner", "Later", "Waiting", "Quiet"]
    assert found(client, "?turn=yours") == ["Sooner", "Later"]
    assert found(client, "?turn=theirs") == ["Waiting"]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("?q=hand", ["Handbook"]),
        ("?q=%25", ["100 % film"]),
        ("?q=_", []),
        ("?stage=deliver", ["100 % film"]),
        ("?order=title", ["100 % film", "Handbook"]),
        ("?ends_from_day=1&ends_from_month=1&ends_from_year=2027", ["100 % film"]),
        ("?country=FR", ["100 % film"]),
        ("?sort=reviews__answers&project__secret=1&per_page=1000000", ["Handbook", "100 % film"]),
        ("?stage=nonsense", ["Handbook", "100 % film"]),
    ],
)
def test_filters_live_in_the_address(client, query, titles):
    book = make_project(title="Handbook", stage="agree")
    film = make_project(
        title="100 % film", stage="deliver", groups=[partner_of(book, "group")], ends_on=dt.date(2027, 6, 1)
    )
    partner = partner_of(film, "company")
    partner.country = "FR"
    partner.save()
    client.force_login(person_on(book, "group"))

    assert sorted(found(client, query)) == sorted(titles)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Poplar", "Alder", "Willow", "Birch"]),
        ("?order=turn", ["Poplar", "Alder", "Willow", "Birch"]),
        ("?order=title", ["Alder", "Birch", "Poplar", "Willow"]),
        ("?order=end", ["Birch", "Willow", "Poplar", "Alder"]),
        ("?order=new", ["Birch", "Poplar", "Alder", "Willow"]),
        ("?order=nonsense", ["Poplar", "Alder", "Willow", "Birch"]),
    ],
)
def test_the_order_is_the_one_that_was_asked_for(client, side, query, titles):
    """No two orders give the same rows, and none is that of the keys."""
    first = make_project(title="Willow", stage="agree", created_at=NOON, ends_on=dt.date(2027, 2, 1))
    own = partner_of(first, side)
    who = {"groups" if side == "group" else "companies": [own]}
    last = dt.date(2027, 9, 1)
    late = make_project(title="Alder", stage="agree", created_at=NOON + DAY, ends_on=None, **who)
    make_project(title="Birch", stage="agree", created_at=NOON + 9 * DAY, ends_on=dt.date(2027, 1, 1), **who)
    soon = make_project(title="Poplar", stage="agree", created_at=NOON + 2 * DAY, ends_on=last, **who)
    give_turn(late, own, Turn.Kind.PLAN, at=NOON, due_on=NOON.date() + 9 * DAY)
    give_turn(soon, own, Turn.Kind.PLAN, at=NOON, due_on=NOON.date() + 2 * DAY)
    client.force_login(person_on(first, side))

    assert found(client, query) == titles


def test_the_turns_that_are_late_are_those_due_before_today(client, side):
    first = make_project(title="Today", stage="agree")
    own, today = partner_of(first, side), timezone.now().date()
    who = {"groups" if side == "group" else "companies": [own]}
    ours, theirs = (make_project(title=title, stage="agree", **who) for title in ("Ours", "Theirs"))
    make_project(title="Nobody’s", stage="agree", **who)
    # Two days, and tomorrow: what day it is depends on where one lives.
    give_turn(first, own, Turn.Kind.PLAN, at=NOON, due_on=today + DAY)
    give_turn(ours, own, Turn.Kind.PLAN, at=NOON, due_on=today - 2 * DAY)
    give_turn(theirs, partner_of(theirs, other_side(side)), Turn.Kind.PLAN, at=NOON, due_on=today - 2 * DAY)
    client.force_login(person_on(first, side))

    assert found(client, "?turn=late") == ["Ours", "Theirs"]


def test_the_end_of_a_project_is_found_from_and_until_a_day_with_both_days_in(client):
    first = make_project(title="June", stage="agree", ends_on=dt.date(2027, 6, 1))
    own = partner_of(first, "group")
    make_project(title="July", stage="agree", groups=[own], ends_on=dt.date(2027, 7, 1))
    make_project(title="Open", stage="agree", groups=[own], ends_on=None)
    client.force_login(person_on(first, "group"))
    day = "ends_{0}_day={1}&ends_{0}_month={2}&ends_{0}_year=2027"

    shown = {
        (side, *date): found(client, f"?order=end&{day.format(side, *date)}")
        for side in ("from", "to")
        for date in ((1, 6), (2, 6), (30, 6), (1, 7))
    }

    assert shown == {
        ("from", 1, 6): ["June", "July"],
        ("from", 2, 6): ["July"],
        ("from", 30, 6): ["July"],
        ("from", 1, 7): ["July"],
        ("to", 1, 6): ["June"],
        ("to", 2, 6): ["June"],
        ("to", 30, 6): ["June"],
        ("to", 1, 7): ["June", "July"],
    }


def test_a_filter_can_be_dropped_and_the_others_stay(client):
    project = make_project(title="Handbook", stage="agree", ends_on=dt.date(2027, 6, 1))
    make_project(title="Film", stage="agree", groups=[partner_of(project, "group")])
    client.force_login(person_on(project, "group"))
    until = "ends_to_day=1&ends_to_month=1&ends_to_year=2027"

    page = client.get(f"{LIST}?q=Film&stage=agree&{until}&order=title&page=1")

    chips = [(chip["text"], chip["url"]) for chip in page.context["chips"]]
    assert chips == [
        ("Title or partner: Film", f"?stage=agree&{until}&order=title"),
        ("Stage: Agree", f"?q=Film&{until}&order=title"),
        ("Ends until: 1 January 2027", "?q=Film&stage=agree&order=title"),
    ]
    assert [html.escape(f'href="{url}"', quote=False) in page.text for _text, url in chips] == [True] * 3
    assert found(client, f"?q=Film&stage=agree&{until}&order=title") == ["Film"]
    assert found(client, chips[0][1]) == ["Film"]
    assert found(client, "?stage=agree&order=title") == ["Film", "Handbook"]


@pytest.mark.parametrize("q", ["%00", "%ff", "\\", "'", '"', "a" * 5000])
def test_a_strange_search_is_answered(client, q):
    project = make_project()
    client.force_login(person_on(project, "group"))

    assert client.get(f"{LIST}?q={q}").status_code == 200


@pytest.mark.parametrize("page", ["0", "-1", "999999999", "abc"])
def test_a_page_that_is_not_there_shows_one_that_is(client, page):
    project = make_project(stage="agree")
    client.force_login(person_on(project, "group"))

    assert found(client, f"?page={page}") == [project.title]


def test_the_second_page_has_the_rest_and_its_links_keep_the_filters(client):
    first = make_project(title="Project 00", stage="agree")
    for number in range(1, 51):
        make_project(title=f"Project {number:02}", stage="agree", groups=[partner_of(first, "group")])
    make_project(title="Of another stage", stage="review", groups=[partner_of(first, "group")])
    client.force_login(person_on(first, "group"))
    query = "?q=Project&stage=agree&order=title"

    pages = [client.get(f"{LIST}{query}&page={number}").text for number in (1, 2)]

    assert found(client, query) == found(client, f"{query}&page=1")
    assert found(client, query) == [f"Project {number:02}" for number in range(50)]
    assert found(client, f"{query}&page=2") == ["Project 50"]
    assert found(client, f"{query}&page=3") == ["Project 50"]
    assert ["<h1>51 projects</h1>" in page for page in pages] == [True, True]
    assert ["1 to 50 of 51" in pages[0], "51 to 51 of 51" in pages[1]] == [True, True]
    links = [re.findall(r'<a href="([^"]*)" rel="(prev|next)">', html.unescape(page)) for page in pages]
    assert links == [[(f"{query}&page=2", "next")], [(f"{query}&page=1", "prev")]]


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_asks_the_same_number_of_questions(client, django_assert_num_queries, count):
    project = make_project(stage="agree")
    own = partner_of(project, "group")
    for _ in range(count):
        more = make_project(stage="agree", groups=[own])
        give_turn(more, own, Turn.Kind.PLAN, at=NOON)
    client.force_login(person_on(project, "group"))
    client.get(LIST)

    with django_assert_num_queries(8):
        client.get(LIST)


def test_partners_that_are_too_many_to_read_are_found_by_search(client, monkeypatch):
    first = make_project(title="First", stage="agree")
    own = partner_of(first, "group")
    second = make_project(title="Second", stage="agree", groups=[own])
    client.force_login(person_on(first, "group"))
    chosen, other = partner_of(first, "company"), partner_of(second, "company")

    few = client.get(LIST).content.decode()
    monkeypatch.setattr(filters, "MANY_PARTNERS", 1)
    many = client.get(LIST).content.decode()
    kept = client.get(f"{LIST}?partner={chosen.slug}").content.decode()

    options = [f'<option value="{organisation.slug}"' for organisation in (chosen, other)]
    assert [option in few for option in options] == [True, True]
    assert [option in many for option in options] == [False, False]
    assert [option in kept for option in options] == [True, False]
    assert ["Part of a partner’s name" in page for page in (few, many)] == [False, True]
    assert found(client, f"?partner={chosen.slug}") == ["First"]
    assert found(client, "?q=aldermoor&order=title") == ["First", "Second"]
    assert found(client, f"?q={other.name}") == ["Second"]


def test_project_export_has_the_rows_of_the_list_and_runs_no_formula(client):
    project = make_project(title="=1+1", stage="agree")
    make_project(title="Of others", stage="agree")
    client.force_login(person_on(project, "group"))

    response = client.get(reverse("partnerships:project_export"))
    lines = b"".join(response.streaming_content).decode().splitlines()

    assert len(lines) == 2
    assert lines[1].startswith(f"{project.reference},'=1+1,")


@pytest.mark.parametrize("value", ["=1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "＝1+1"])
def test_no_cell_starts_like_a_formula(value):
    assert safe_cell(value)[0] == "'"


def test_a_cell_loses_control_characters_only():
    assert safe_cell('a,"b";c\nd|=1\x0b') == 'a,"b";c\nd|=1'


def test_a_name_that_cannot_be_kept_is_still_there_with_a_way_back(client):
    client.force_login(member_of(make_organisation()))

    answer = client.post(reverse("partnerships:view_save"), {"name": "x" * 500, "query": "stage=agree"})

    assert answer.status_code == 422
    assert "x" * 500 in answer.text
    assert f'<a class="btn-text" href="{reverse("partnerships:project_list")}">Cancel</a>' in answer.text


def test_view_save_keeps_filters_and_order_without_the_page(client):
    first = make_project(title="Willow", stage="agree")
    own = partner_of(first, "group")
    make_project(title="Alder", stage="agree", groups=[own])
    make_project(title="Birch", stage="review", groups=[own])
    client.force_login(person_on(first, "group"))

    answer = client.post(
        reverse("partnerships:view_save"), {"name": "Mine", "query": "stage=agree&order=title&page=3"}
    )

    assert answer["Location"] == f"{LIST}?stage=agree&order=title"
    assert list(SavedView.objects.values_list("name", "query")) == [("Mine", "stage=agree&order=title")]
    (address,) = re.findall(r'<a class="chip" href="([^"]*)">Mine</a>', client.get(LIST).text)
    assert found(client, html.unescape(address)) == ["Alder", "Willow"]


def test_the_same_name_again_replaces_the_view(client):
    client.force_login(member_of(make_organisation()))

    for query in ("stage=agree", "stage=review&order=end"):
        client.post(reverse("partnerships:view_save"), {"name": "Mine", "query": query})

    assert list(SavedView.objects.values_list("name", "query")) == [("Mine", "stage=review&order=end")]


def test_view_delete_takes_ones_own_view_and_no_colleagues_shared_one(client):
    organisation = make_organisation()
    person, colleague = member_of(organisation), member_of(organisation)
    views = [
        SavedView.objects.create(
            person=owner, organisation=organisation, page="projects", name="Ours", query=""
        )
        for owner in (person, colleague)
    ]
    client.force_login(person)

    answers = [client.post(reverse("partnerships:view_delete", args=[view.pk])).status_code for view in views]

    assert answers == [302, 404]
    assert list(SavedView.objects.values_list("person", flat=True)) == [colleague.pk]


def test_a_view_is_shared_with_ones_only_organisation_by_a_tick(client):
    organisation = make_organisation()
    client.force_login(member_of(organisation))

    client.post(reverse("partnerships:view_save"), {"name": "Ours", "query": "", "shared": "on"})

    assert SavedView.objects.get().organisation == organisation


def test_a_member_of_several_organisations_chooses_with_which_one_a_view_is_shared(client):
    project = make_project(stage="agree")
    first, second, stranger = partner_of(project, "group"), make_organisation(), make_organisation()
    person = member_of(first)
    join(person, second)
    client.force_login(person)
    fields = client.get(LIST).context["save_form"].fields

    saved = {}
    for name, organisation in {"Mine": None, "Ours": second, "Theirs": stranger}.items():
        data = {"name": name, "query": "", "share_with": organisation.pk if organisation else ""}
        saved[name] = client.post(reverse("partnerships:view_save"), data).status_code

    assert list(fields) == ["name", "share_with", "query"]
    assert {pk for pk, _name in fields["share_with"].choices} == {"", str(first.pk), str(second.pk)}
    assert saved == {"Mine": 302, "Ours": 302, "Theirs": 422}
    assert list(SavedView.objects.values_list("name", "organisation")) == [
        ("Mine", None),
        ("Ours", second.pk),
    ]


def test_a_shared_view_shows_for_colleagues_alone(client):
    project = make_project(stage="agree")
    own = partner_of(project, "group")
    owner = member_of(own)
    SavedView.objects.create(
        person=owner, organisation=own, page="projects", name="Ours", query="stage=agree"
    )
    SavedView.objects.create(person=owner, page="projects", name="Private", query="stage=agree")

    client.force_login(member_of(own))
    assert "Ours" in client.get(LIST).content.decode()
    assert "Private" not in client.get(LIST).content.decode()
    client.force_login(person_on(project, "company"))
    assert "Ours" not in client.get(LIST).content.decode()
