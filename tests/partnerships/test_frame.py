"""What stands on top of every page of a project: nobody is led to a page that is not for them."""

import re
from itertools import cycle

import pytest

from partnerships.actions.turns import give_turn
from partnerships.models import Turn
from tests.factories import NOON, add_agency, make_project, member_of, partner_of, person_on
from tests.walk import AGENCIES, READERS, SCENES, World

pytestmark = pytest.mark.django_db

# In which scene each kind of turn is taken. Reviews and conclusions come with their scenes.
TURNS = {"shape": "plan", "agree": "plan", "contract": "contract", "deliver": "closing", "review": "result"}


def overview(client, project, person):
    client.force_login(person)
    return client.get(project.get_absolute_url())


def links_of(page):
    """The links to the other pages of the project, and the button of the turn."""
    text = page.content.decode()
    sections = re.search(r'<nav class="sections".*?</nav>', text, re.S)[0]
    turn = re.search(r'<div class="turn .*?</div>', text, re.S)[0]
    return dict.fromkeys(re.findall(r'href="([^"]+)"', sections + turn))


def world_in(scene):
    world = World(scene)
    if scene in TURNS:
        for side in ("group", "company"):
            give_turn(world.project, world.organisation(side), TURNS[scene], at=NOON)
    return world


@pytest.mark.parametrize(("scene", "side"), zip(SCENES, cycle(["group", "company"]), strict=False))
def test_every_link_on_top_of_a_project_opens_for_whoever_sees_it(client, scene, side):
    world = world_in(scene)
    if scene == "contract":
        # The page of a contract comes with its contract.
        world.project.contracts.create(number=1, created_at=NOON)

    for name in (*READERS, *AGENCIES, f"{side} lead"):
        links = links_of(overview(client, world.project, world.person(name)))

        assert len(links) >= 2, name
        answers = {link: client.get(link, follow=True).status_code for link in links}
        assert answers == dict.fromkeys(links, 200), name


@pytest.mark.parametrize("kind", Turn.Kind.values)
def test_a_reader_is_told_that_a_colleague_has_to_act(client, side, kind):
    project = make_project(stage="learn", reviews_opened_at=NOON)
    give_turn(project, partner_of(project, side), kind, at=NOON)

    reader = overview(client, project, person_on(project, side, "reader")).context["overview"].turn
    lead = overview(client, project, person_on(project, side)).context["overview"].turn

    assert (reader.label, reader.turn, reader.button) == ("Your organisation’s turn", None, "")
    assert reader.text == lead.text.replace("for you", f"for {partner_of(project, side)}")
    assert lead.label == "Your turn"


def test_the_review_is_a_page_for_readers_once_there_is_something_to_read(client, side):
    world = World("review late")
    project, reader = world.project, world.person(f"{side} reader")
    own = project.reviews.get(organisation=world.organisation(side))
    review, shared = (f"/projects/{project.reference}/review/{page}" for page in ("", "shared/"))

    nothing = links_of(overview(client, project, reader))
    project.reviews.exclude(organisation=own.organisation).filter(sent_at__isnull=False).update(
        shared_at=NOON
    )
    others = links_of(overview(client, project, reader))
    project.reviews.filter(pk=own.pk).update(shown_to_readers=True)
    drafted = links_of(overview(client, project, reader))

    assert {review, shared} & set(nothing) == set()
    assert {review, shared} & set(others) == {shared}
    assert {review, shared} & set(drafted) == {review}


@pytest.mark.parametrize(
    ("stage", "sentence"),
    [
        ("contract", "The partners have to act next."),
        ("deliver", "The project runs until Friday 20 November 2026."),
    ],
)
def test_an_agency_is_told_nothing_of_contracts(client, side, stage, sentence):
    project = make_project(stage=stage)
    agency = member_of(add_agency(project, partner_of(project, side)))
    give_turn(project, partner_of(project, side), "contract", at=NOON)

    turn = overview(client, project, agency).context["overview"].turn

    assert (turn.text, turn.label, turn.turn) == (sentence, "", None)
