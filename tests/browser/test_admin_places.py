"""Without a browser: no page of the admin is left out when its pages are looked at."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from principles.models import Principle
from tests.browser.admin_places import NO_PLACES, PLACES, pages_of_models
from tests.test_admin_access import NO, everything


def names_in_the_admin(patterns=None):
    """The names of all addresses of the admin. Addresses without a name lead on to one that has one."""
    if patterns is None:
        (admin,) = [
            entry for entry in get_resolver().url_patterns if getattr(entry, "namespace", "") == "admin"
        ]
        patterns = admin.url_patterns
    for entry in patterns:
        if isinstance(entry, URLResolver):
            yield from names_in_the_admin(entry.url_patterns)
        elif isinstance(entry, URLPattern) and entry.name:
            yield entry.name


def test_every_page_of_the_admin_is_looked_at_or_is_refused_or_is_said_to_be_none():
    looked_at = {place.name for place in PLACES}
    # What superusers are refused is asked for in tests/test_admin_access.py.
    refused = {name for _model, _page, name in pages_of_models(NO)} - looked_at

    assert looked_at | refused | set(NO_PLACES) == set(names_in_the_admin())
    assert looked_at & set(NO_PLACES) == set()


def test_every_place_is_another_one():
    names = [str(place) for place in PLACES]

    assert sorted(set(names)) == sorted(names)


@pytest.mark.django_db
def test_what_is_said_to_be_no_page_shows_none(client):
    world = everything()
    client.force_login(world.person("superuser"))
    principle = [ContentType.objects.get_for_model(Principle).pk, Principle.objects.first().pk]
    somebody = [world.person("staff").pk]

    seen = {
        name: client.get(reverse(f"admin:{name}", args=principle if name == "view_on_site" else []))
        for name in NO_PLACES
    }
    without_a_name = client.get(
        reverse("admin:accounts_person_change", args=somebody).removesuffix("change/")
    )

    assert {name: answer.status_code for name, answer in seen.items()} == {
        name: status for name, (_reason, status) in NO_PLACES.items()
    }
    assert "javascript" in seen["jsi18n"].headers["Content-Type"]
    assert without_a_name.status_code == 302
