"""Every page in a real browser: wide and narrow, light and dark. tests/browser/visits.py says which pages there are."""

import time

import pytest
from django.urls import reverse

from tests.browser import states
from tests.browser.look import UNFOLD, look_at
from tests.browser.visits import VISITS
from tests.walk import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def path_of(name, make, world):
    return reverse(name, kwargs=make(world) if make else {})


def wait_for(page, arrived):
    """Let the browser go on until it has arrived, ten seconds at most: the test says then where it stands instead."""
    end = time.monotonic() + 10
    while not arrived() and time.monotonic() < end:
        page.wait_for_timeout(50)
    page.wait_for_load_state("load")


@pytest.mark.parametrize("visit", VISITS, ids=str)
def test_a_page_serves_everybody_at_every_width_in_light_and_dark(visit, page, live_server, sign_in, console):
    world = World(visit.scene, groups=visit.partners, companies=visit.partners)
    start = path_of(*visit.start, *[None] * (2 - len(visit.start)), world) if visit.start else ""
    wanted = visit.path or path_of(visit.name, visit.args, world)
    person = world.person(visit.who)
    sign_in(person, **(states.records_of(person) if visit.proven else {}))
    if visit.body:
        page.route(
            f"**{visit.path}",
            lambda route: route.fulfill(
                status=visit.status, body=visit.body(), content_type="text/html; charset=utf-8"
            ),
        )
    answers = []
    page.on(
        "response", lambda answer: answers.append(answer) if answer.request.is_navigation_request() else None
    )

    def shown():
        return page.url.removeprefix(live_server.url).partition("?")[0], answers[-1].status

    page.goto(live_server.url + (start or wanted) + visit.query)
    if visit.steps:
        visit.steps(page, world)
        wait_for(page, lambda: shown() == (wanted, visit.status))
    page.evaluate(UNFOLD)

    found = [] if shown() == (wanted, visit.status) else [f"shown: {shown()}, wanted: {wanted}"]
    headings = page.locator("h1").count()
    found += [] if headings == 1 else [f"{headings} headings of the first level"]
    found += look_at(page)
    # The browser itself complains of every answer that is a refusal; scripts and policies complain in other words.
    complaints = [
        words for words in console if not (visit.status >= 400 and f"status of {visit.status}" in words)
    ]
    assert found + complaints == []
