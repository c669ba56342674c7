"""Every form of the site, sent twice at the same instant, leaves what one sending leaves. On PostgreSQL.

The forms are those of tests/pressed.py, each in a world of its own: what two browsers do can't be undone.
"""

import re
from functools import partial

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from tests.bad_inputs.site import Place, forms_on, places, route_of, visits
from tests.browse import signed_in
from tests.pressed import STATES, Quietly, added, button, buttons, counted, press_of
from tests.races import at_once
from tests.walk import SCENES, World

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _needs_postgresql(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    assert connection.vendor == "postgresql", "Races are run on PostgreSQL: set DATABASE_URL."


def known(form):
    """By what a form is known again in another world: there, rows that are in the name of a field have other keys."""
    return form.method, route_of(form.action), sorted(re.sub(r"\d+", "0", name) for name in form.fields)


def same_form(place, scene):
    """The form of a place, in a world of its own."""
    for name, who, arguments, _ok in visits(scene):
        if (name, who) == (place.page, place.who):
            world = World(scene)
            address = reverse(name, kwargs=arguments(world) if arguments else {})
            client = Client() if who == "anonymous" else signed_in(world.person(who))
            for form in forms_on(client.get(address)):
                if known(form) == known(place.form):
                    return press_of(Place(name, address, who, client, form, place.route))
    raise AssertionError(f"{place} was not found again")


def problem(press):
    """What two browsers leave that one does not, or an error; empty when nothing is wrong."""
    with Quietly():
        before = counted()
        with transaction.atomic():
            press.send(press.again())
            once = added(before, counted())
            transaction.set_rollback(True)
    with Quietly():
        answers = at_once(*[partial(press.send, press.again()) for _ in "ab"])
        twice = added(before, counted())
    errors = [answer for answer in answers if getattr(answer, "status_code", 500) >= 500]
    return (errors, once, twice) if errors or once != twice else ()


@pytest.mark.parametrize("scene", SCENES)
def test_a_form_sent_twice_at_once_leaves_what_one_sending_leaves(scene):
    found = {}
    forms = [place for place in places(World(scene), scene) if place.form.method == "post"]
    for place in forms:
        if place.route not in STATES:
            found[str(place)] = problem(same_form(place, scene))
    for name in buttons(scene, {place.route for place in forms}):
        found[name] = problem(button(World(scene), name))

    assert {name: wrong for name, wrong in found.items() if wrong} == {}
