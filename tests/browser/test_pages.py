"""Every page in a real browser: wide and narrow, light and dark. tests/browser/visits.py says which pages there are."""

import functools
import time
from collections import defaultdict

import pytest
from django.urls import reverse

from tests.browser import states
from tests.browser.look import UNFOLD, look_at
from tests.browser.visits import VISITS
from tests.walk import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


TOGETHER = 8


def path_of(name, make, made):
    return reverse(name, kwargs=made(make) if make else {})


def wait_for(page, arrived):
    """Let the browser go on until it has arrived, ten seconds at most: the test says then where it stands instead."""
    end = time.monotonic() + 10
    while not arrived() and time.monotonic() < end:
        page.wait_for_timeout(50)
    page.wait_for_load_state("load")


def wrong_at(visit, world, made, page, live_server, sign_in, console):
    """What is wrong with a page, once somebody has come there, as words."""
    start = path_of(*visit.start, *[None] * (2 - len(visit.start)), made) if visit.start else ""
    wanted = visit.path or path_of(visit.name, visit.args, made)
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

    def remember(answer):
        if answer.request.is_navigation_request():
            answers.append(answer)

    def shown():
        return page.url.removeprefix(live_server.url).partition("?")[0], answers[-1].status

    page.on("response", remember)
    console.clear()
    page.goto(live_server.url + (start or wanted) + visit.query)
    if visit.steps:
        visit.steps(page, world)
        wait_for(page, lambda: shown() == (wanted, visit.status))
    page.evaluate(UNFOLD)

    found = [] if shown() == (wanted, visit.status) else [f"shown: {shown()}, wanted: {wanted}"]
    headings = page.locator("h1").count()
    found += [] if headings == 1 else [f"{headings} headings of the first level"]
    found += look_at(page)
    page.remove_listener("response", remember)
    # The browser itself complains of every answer that is a refusal; scripts and policies complain in other words.
    return found + [
        words for words in console if not (visit.status >= 400 and f"status of {visit.status}" in words)
    ]


def by_world():
    """The visits that share a world, some at a time, so that processes share the work. In the same order everywhere."""
    sharing = defaultdict(list)
    for visit in VISITS:
        sharing[visit.world].append(visit)
    for visits in sharing.values():
        for some in (visits[at : at + TOGETHER] for at in range(0, len(visits), TOGETHER)):
            more = f" and {len(some) - 1} more" if len(some) > 1 else ""
            yield pytest.param(some, id=f"{some[0]}{more}")


@pytest.mark.parametrize("visits", by_world())
def test_pages_serve_everybody_at_every_width_in_light_and_dark(visits, page, live_server, sign_in, console):
    first = visits[0]
    world = World(first.scene, groups=first.partners, companies=first.partners)
    made = functools.cache(lambda make: make(world))

    found = {
        str(visit): wrong_at(visit, world, made, page, live_server, sign_in, console) for visit in visits
    }

    assert {name: wrong for name, wrong in found.items() if wrong} == {}
