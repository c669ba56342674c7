"""Journey C: from opened reviews to a promise that reaches the next project. Nothing is typed."""

import pytest

from evaluations.models import Promise
from partnerships.actions.partners import choose_partner
from partnerships.actions.project import start_project
from tests.evaluations.opened import opened_project
from tests.factories import NOON, other_side, partner_of, person_on
from tests.journeys.paper_browser import PaperBrowser

pytestmark = pytest.mark.django_db


def test_a_promise_reaches_the_next_project_and_nobody_types_a_word(client, side):
    project = opened_project(
        **{side: {"level": 2, "change": "Agendas five days before"}, other_side(side): {"level": 4}}
    )
    me, them = person_on(project, side), person_on(project, other_side(side))
    hand = PaperBrowser(client)

    client.force_login(me)
    hand.open(f"/projects/{project.reference}/results/")
    hand.press("Start the joint conclusion")
    hand.choose("promise-1_offer")
    hand.choose("promise-1_owner")
    hand.choose("promise-1_principle", 4)
    hand.choose("promise-1_when", 0)
    hand.press(f"Send to {partner_of(project, other_side(side))}")

    client.force_login(them)
    hand.open(f"/projects/{project.reference}/conclusion/")
    assert "Agendas five days before" in hand.html
    hand.press("Accept and sign")

    client.force_login(me)
    hand.open(f"/projects/{project.reference}/conclusion/")
    hand.press("Accept and sign")
    assert "Everybody has signed." in hand.html
    project.refresh_from_db()
    assert project.stage == "completed"

    following = start_project("The next one", organisation=partner_of(project, side), actor=me, at=NOON)
    choose_partner(following, partner_of(project, other_side(side)), actor=me, at=NOON)
    hand.open(f"/projects/{following.reference}/plan/learnings/")
    hand.press("Save and continue")

    promise = Promise.objects.get()
    assert (promise.what, promise.state, promise.principle.number) == ("Agendas five days before", "open", 4)
    assert [item.promise for item in following.carried_items.all()] == [promise]
    hand.open(f"/projects/{following.reference}/")
    assert "Agendas five days before" in hand.html
    assert hand.typed == 0
