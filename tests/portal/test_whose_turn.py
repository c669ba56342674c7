"""Whose turn it is, as home, the project list and its table say it to those who may act, only look, or are an agency."""

import re

import pytest
from django.urls import reverse

from partnerships.actions.closing import withdraw_project
from partnerships.actions.turns import give_turn
from partnerships.models import Turn
from portal import waiting
from tests.browse import signed_in
from tests.evaluations.opened import opened_project
from tests.factories import (
    DAY,
    NOON,
    add_agency,
    join,
    make_project,
    make_reviews,
    member_of,
    other_side,
    partner_of,
    person_on,
    review_of,
)

pytestmark = pytest.mark.django_db

LIST = reverse("partnerships:project_list")
TAG = re.compile(r'<span class="tag[^"]*">(?:<svg.*?</svg>)?(.*?)</span>', re.S)


def tags(page):
    """What the statuses in the main part of a page say."""
    return [words.strip() for words in TAG.findall(page.text.partition("<main")[2])]


def found(client, **query):
    return [project.title for project in client.get(LIST, query).context["page_obj"]]


def with_turn(side, kind=Turn.Kind.PLAN, **fields):
    project = make_project(**({"stage": "agree"} | fields))
    give_turn(project, partner_of(project, side), kind, at=NOON)
    return project


@pytest.mark.parametrize("kind", Turn.Kind.values)
@pytest.mark.parametrize(
    ("role", "status"),
    [("reader", "Your organisation’s turn"), ("lead", "Your turn"), ("owner", "Your turn")],
)
def test_your_turn_is_said_to_those_alone_who_may_act(side, role, status, kind):
    project = with_turn(side, kind)
    client = signed_in(person_on(project, side, role))

    (row,) = client.get("/").context["projects"]
    listed = client.get(LIST)

    assert row["tag"] == status
    assert status in tags(client.get("/"))
    assert [words for words in tags(listed) if "turn" in words] == [status]


def test_what_is_your_turn_is_a_task_and_the_other_way_round(side):
    project = with_turn(side)
    reader, lead = person_on(project, side, "reader"), person_on(project, side)

    for person, its_theirs in ((reader, False), (lead, True)):
        client = signed_in(person)
        assert bool(waiting.tasks_for(person, at=NOON)) == its_theirs
        assert bool(found(client, turn="yours")) == its_theirs
        assert found(client, turn="theirs") == []
        assert found(client) == [project.title]


def test_what_waits_for_somebody_comes_first_and_readers_keep_the_order_of_dates(side):
    project = with_turn(side, title="Ours")
    own = {"groups" if side == "group" else "companies": [partner_of(project, side)]}
    sooner = make_project(title="Theirs", stage="agree", **own)
    give_turn(
        sooner, partner_of(sooner, other_side(side)), Turn.Kind.PLAN, at=NOON, due_on=NOON.date() - 9 * DAY
    )

    assert found(signed_in(person_on(project, side))) == ["Ours", "Theirs"]
    assert found(signed_in(person_on(project, side, "reader"))) == ["Theirs", "Ours"]


def test_whoever_acts_for_another_organisation_is_not_told_that_it_is_their_turn(side):
    project = with_turn(side)
    person = person_on(project, other_side(side))
    join(person, partner_of(project, side))
    client = signed_in(person)

    (row,) = client.get("/").context["projects"]

    assert row["tag"] == "Your organisation’s turn"
    assert waiting.tasks_for(person, at=NOON) == []
    assert found(client, turn="yours") == []


def test_every_project_that_a_reader_finds_opens_for_them(side):
    project = with_turn(side)
    client = signed_in(person_on(project, side, "reader"))

    links = set()
    for page in (client.get("/"), client.get(LIST)):
        links |= set(re.findall(r'href="(/projects/[^"?]+)"', page.text.partition("<main")[2]))

    assert project.get_absolute_url() in links
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def exported(client):
    lines = b"".join(client.get(reverse("partnerships:project_export"))).decode().splitlines()
    return lines[1].split(",")[-2:]


def seen_of_a_turn(client, project):
    """Everything that tells of whose turn it is."""
    home = client.get("/")
    return {
        "waiting": [row.title for row in home.context["theirs"]],
        "row": home.context["projects"][0]["tag"],
        "listed": [words for words in tags(client.get(LIST)) if "turn" in words],
        "found": [found(client, turn=turn) for turn in ("yours", "theirs", "late")],
        "exported": exported(client),
        "overview": client.get(project.get_absolute_url()).context["overview"].turn.label,
    }


NOTHING = {
    "waiting": [],
    "row": "",
    "listed": [],
    "found": [[], [], []],
    "exported": ["", ""],
    "overview": "",
}


def test_an_agency_is_told_of_no_contract_anywhere(side):
    project = with_turn(side, Turn.Kind.CONTRACT, stage="contract")
    Turn.objects.update(due_on=NOON.date() - 30 * DAY)
    agency = member_of(add_agency(project, partner_of(project, side)), "owner")
    partner = person_on(project, other_side(side))

    seen = seen_of_a_turn(signed_in(agency), project)

    assert seen == NOTHING
    theirs = seen_of_a_turn(signed_in(partner), project)
    assert [name for name in NOTHING if theirs[name] == NOTHING[name]] == []


def test_an_agency_that_is_a_member_of_a_partner_elsewhere_learns_of_the_contracts_there_alone(side):
    project = with_turn(side, Turn.Kind.CONTRACT, stage="contract", title="As agency")
    another = with_turn(side, Turn.Kind.CONTRACT, stage="contract", title="As partner")
    person = member_of(add_agency(project, partner_of(project, side)), "owner")
    join(person, partner_of(another, other_side(side)))

    rows = waiting.waiting_for_them(person, at=NOON, limit=5)

    assert [row.about for row in rows] == [f"{partner_of(another, side).name}. As partner"]
    assert found(signed_in(person), turn="theirs") == ["As partner"]


def test_an_agency_is_told_of_what_it_may_read(side):
    project = with_turn(side)
    agency = member_of(add_agency(project, partner_of(project, side)), "owner")

    assert [row.title for row in waiting.waiting_for_them(agency, at=NOON, limit=5)] == ["Read the plan"]


def test_who_acts_for_nobody_yet_is_told_of_no_contract(side):
    project = with_turn(side, Turn.Kind.CONTRACT, stage="contract")
    both = member_of(partner_of(project, "group"))
    join(both, partner_of(project, "company"))

    assert signed_in(both).get("/").context["projects"][0]["tag"] == ""


# What became of the review ----------------------------------------------------------------------------


@pytest.fixture
def withdrawn(side):
    """Withdrawn in Review, before anybody had sent."""
    project = make_project(stage="review", review_due_on=NOON.date() + 21 * DAY)
    make_reviews(project)
    withdraw_project(project, reason="other", actor=person_on(project, side), at=NOON)
    project.refresh_from_db()
    return project


def link_to(page, address):
    return f'href="{address}"' in page.text.partition("<main")[2]


def test_a_project_withdrawn_in_review_leads_to_what_became_of_it(withdrawn, side):
    review = reverse("evaluations:review_start", args=[withdrawn.reference])

    for person in (person_on(withdrawn, each) for each in (side, other_side(side))):
        client = signed_in(person)
        overview = client.get(withdrawn.get_absolute_url())
        over = client.get(review)

        assert overview.context["overview"].review_url == review
        assert "It was withdrawn before all reviews were sent, so none was opened." in overview.text
        assert (
            overview.text.count(f'href="{review}"') == 3
        )  # the line, the menu of pages on a phone, and below
        assert "This review stays sealed" in over.text
        assert 'aria-current="page">Review</a>' in over.text


def test_readers_and_agencies_are_led_there_only_if_there_is_something_for_them(withdrawn, side):
    reader = signed_in(person_on(withdrawn, side, "reader"))
    agency = signed_in(member_of(add_agency(withdrawn, partner_of(withdrawn, side)), "owner"))
    review = reverse("evaluations:review_start", args=[withdrawn.reference])
    overview = withdrawn.get_absolute_url()

    before = [link_to(client.get(overview), review) for client in (reader, agency)]
    own = review_of(withdrawn, side)
    type(own).objects.filter(pk=own.pk).update(shown_to_readers=True)
    after = [link_to(client.get(overview), review) for client in (reader, agency)]

    assert (before, after) == ([False, False], [True, False])
    assert (reader.get(review).status_code, agency.get(review).status_code) == (200, 404)


@pytest.mark.parametrize("stage", ["agree", "contract", "deliver"])
def test_a_project_withdrawn_earlier_leads_to_no_review(side, stage):
    project = make_project(stage=stage)
    person = person_on(project, side)
    withdraw_project(project, reason="other", actor=person, at=NOON)

    page = signed_in(person).get(project.get_absolute_url())

    assert page.context["overview"].review_url == ""
    assert not link_to(page, reverse("evaluations:review_start", args=[project.reference]))


def test_a_project_withdrawn_after_its_reviews_opened_says_nothing_of_sealed_ones(side):
    project = opened_project()
    person = person_on(project, side)
    withdraw_project(project, reason="other", actor=person, at=NOON)

    page = signed_in(person).get(project.get_absolute_url())

    assert page.context["overview"].review_url == ""
    assert link_to(page, reverse("evaluations:results", args=[project.reference]))
