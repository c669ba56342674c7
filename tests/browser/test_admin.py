"""The admin in a real browser: every page that a superuser gets, wide and narrow, in light and dark."""

import pytest
from django.urls import reverse

from tests.browser.admin_places import PLACES
from tests.browser.look import WIDTHS, at_each, sideways, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def wrong_with(page):
    """What is wrong with the page as it stands. Tables of the admin scroll in their own frame."""
    return at_each(page, WIDTHS, sideways, violations)


def wrong_at(place, world, page, live_server, console):
    """What is wrong with a place, once somebody has come there."""
    address = reverse(f"admin:{place.name}", args=place.args(world) if place.args else [])
    console.clear()
    answer = page.goto(live_server.url + address + place.query)
    shown = page.url.removeprefix(live_server.url), answer.status
    if place.steps:
        place.steps(page, world)
    if place.shows:
        page.get_by_text(place.shows).first.wait_for()
        page.wait_for_load_state("load")
    # Told before axe comes, whose own measuring the policy refuses.
    # The browser itself complains of an answer that is a refusal.
    complaints = [words for words in console if place.state != "refused" or "status of 422" not in words]
    found = [] if shown == (address + place.query, 200) else [f"shown: {shown}"]
    return found + complaints + wrong_with(page)


@pytest.mark.parametrize("about", sorted({place.about for place in PLACES}))
def test_the_pages_of_the_admin_are_for_everybody_in_light_and_dark(
    about, page, live_server, sign_in, console
):
    places = [place for place in PLACES if place.about == about]
    world = places[0].world()
    sign_in(world.person("superuser"))

    found = {str(place): wrong_at(place, world, page, live_server, console) for place in places}

    assert {name: wrong for name, wrong in found.items() if wrong} == {}
