"""The admin in a real browser: its first page, every list, and the pages behind them, in light and dark."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.models import Event
from principles.models import PrincipleSet
from tests.access.arguments import a_contract
from tests.browser.look import WIDTHS, at_each, sideways, violations
from tests.factories import make_organisation
from tests.walk import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE = WIDTHS[:1]


@dataclass(frozen=True)
class Place:
    """One page of the admin.

    Arguments:
        name: of the address, without its namespace.
        pk: finds the row that the page is about.
        widths: of the window. What staff do all day is looked at on a phone too.
    """

    name: str
    pk: Callable | None = None
    scene: str = "contract"
    widths: tuple = WIDE

    def __str__(self):
        return self.name


def organisation(world):
    return world.organisation("group").pk


def person(world):
    return world.person("group lead").pk


def the_project(world):
    return world.project.pk


def contract(world):
    a_contract(world)
    return world.project.contracts.get().pk


def edition(world):
    return world.project.principle_set.pk


def draft(world):
    """An edition that nobody has seen yet: only such a one is thrown away."""
    return PrincipleSet.objects.create(edition="2027-01", title="Next").pk


def line_of_history(world):
    a_contract(world)
    return Event.objects.first().pk


LISTS = sorted(
    f"{model._meta.app_label}_{model._meta.model_name}_changelist" for model in admin.site._registry
)
PLACES = [
    Place("index", widths=WIDTHS),
    *[Place(name, widths=WIDTHS if name == "accounts_organisation_changelist" else WIDE) for name in LISTS],
    Place("accounts_organisation_add"),
    Place("accounts_organisation_change", organisation, widths=WIDTHS),
    Place("accounts_organisation_history", organisation),
    Place("accounts_person_change", person),
    Place("accounts_person_history", person),
    Place("accounts_event_change", line_of_history),
    Place("partnerships_project_change", the_project),
    Place("partnerships_contract_change", contract),
    Place("principles_principleset_add"),
    Place("principles_principleset_change", edition),
    Place("principles_principleset_preview", edition),
    Place("principles_principleset_delete", draft),
]


def wrong_with(page, widths):
    """What is wrong with the page as it stands. Tables of the admin scroll in their own frame."""
    return at_each(page, widths, sideways, violations)


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_page_of_the_admin_is_for_everybody_in_light_and_dark(place, page, live_server, sign_in, console):
    world = World(place.scene)
    address = reverse(f"admin:{place.name}", args=[place.pk(world)] if place.pk else [])
    sign_in(world.person("superuser"))

    answer = page.goto(live_server.url + address)

    assert (answer.status, page.url.removeprefix(live_server.url)) == (200, address)
    # Told before axe comes, whose own measuring the policy refuses.
    complaints = list(console)
    assert wrong_with(page, place.widths) + complaints == []


def test_the_page_that_asks_before_two_are_merged_is_for_everybody(page, live_server, sign_in, console):
    sign_in(World().person("superuser"))
    for name in ("Larkfield", "Larkfield Society"):
        make_organisation(name=name)
    page.goto(live_server.url + reverse("admin:accounts_organisation_changelist") + "?q=Larkfield+")

    for name in ("Larkfield", "Larkfield Society"):
        page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True)).locator(
            ".action-select"
        ).check()
    page.locator("select[name=action]").select_option("merge")
    page.get_by_role("button", name="Go", exact=False).first.click()
    page.get_by_role("heading", name="Which name stays?").wait_for()

    complaints = list(console)
    assert wrong_with(page, WIDTHS) + complaints == []

    page.get_by_role("button", name="Merge").click()
    page.get_by_text("Choose the name that stays.").wait_for()
    complaints = list(console)
    assert wrong_with(page, WIDE) + complaints == []
