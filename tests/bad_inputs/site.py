"""Walking the site for its forms: every page of the access table, and states of pages that the table has no row for."""

from dataclasses import dataclass

from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from accounts import actions
from accounts.models import Membership
from partnerships.actions.plan import send_plan
from partnerships.models import FundingRequest
from tests.access.arguments import (
    a_contract,
    a_draft_of_ours,
    a_passed_on_invitation_of_ours,
    a_request_of_ours,
    a_wish_for_time,
    an_invitation_to,
    how_we_work_of_ours,
    project,
)
from tests.access.audience import OK
from tests.access.pages import PAGES
from tests.bad_inputs.forms import Form, forms_of
from tests.browse import signed_in
from tests.factories import NOON, make_organisation, make_person, write_plan
from tests.partnerships.funding import answer
from tests.walk import SCENES

PEOPLE = ("group lead", "group owner", "company lead", "company owner", "anonymous")
# Shown on every page: once is enough.
EVERYWHERE = {"accounts:theme_set", "account_logout", "portal:search"}


@dataclass
class Place:
    """A form, where it was found and by whom."""

    page: str
    address: str
    who: str
    client: Client
    form: Form
    route: str

    def __str__(self):
        return f"{self.route} on {self.page}"


def path_of(link):
    return {"token": link.rstrip("/").rpartition("/")[2]}


def a_real_invitation(world):
    return path_of(
        actions.mint_invitation_link(an_invitation_to(world, "may@example.org"), at=timezone.now())
    )


def a_real_sign_in_link(world):
    return path_of(actions.mint_sign_in_link(world.person("group reader"), at=timezone.now()))


def a_newcomer(world):
    """Somebody whose organisation is not set up yet, who is asked about it."""
    person = world.people["newcomer"] = make_person("New Comer", welcomed_at=None)
    Membership.objects.create(
        person=person, organisation=make_organisation(country="", name="New Group"), role="owner"
    )
    return {}


def a_password(world):
    person = world.person("group reader")
    person.set_password("a long and quiet sentence")
    person.save()
    return {}


def part_of_a_sent_plan(code):
    def arguments(world):
        write_plan(world.project, world.person("group lead"))
        send_plan(world.project, actor=world.person("group lead"), at=NOON)
        return project(world) | {"code": code}

    return arguments


def part(code):
    return lambda world: project(world) | {"code": code}


def part_of_how_we_work(code):
    return lambda world: how_we_work_of_ours(world) | {"code": code}


def part_of_the_checklist(code):
    return lambda world: a_contract(world) | {"code": code}


def part_of_a_request(code):
    return lambda world: a_draft_of_ours(world) | {"code": code}


def a_question_to_us(world):
    """A request that was sent, and about which the other side has a question."""
    reference = a_request_of_ours(world)
    request = FundingRequest.objects.get(**reference)
    answer(request, "asked", world.person("company lead"), at=timezone.now())
    return reference


# (address, scene, who, what makes its arguments): states of pages that show other forms.
MORE = [
    ("accounts:invitation", "shape", "anonymous", a_real_invitation),
    ("accounts:invitation_settle", "shape", "group lead", a_passed_on_invitation_of_ours),
    ("accounts:sign_in_link", "shape", "anonymous", a_real_sign_in_link),
    ("accounts:welcome_group", "shape", "newcomer", a_newcomer),
    ("mfa_reauthenticate", "shape", "staff", None),
    ("account_reauthenticate", "shape", "group reader", a_password),
    *[
        ("partnerships:how_we_work_part", "contract", "group lead", part_of_how_we_work(code))
        for code in ("money", "contact")
    ],
    *[
        ("partnerships:checklist_answer", "contract", "group lead", part_of_the_checklist(code))
        for code in ("agreement", "attest")
    ],
    *[
        ("partnerships:funding_part", "shape", "group lead", part_of_a_request(code))
        for code in ("what", "brings", "when")
    ],
    ("partnerships:funding_send", "shape", "group lead", a_question_to_us),
    ("partnerships:funding_withdraw", "shape", "group lead", a_draft_of_ours),
    ("partnerships:time_request", "shape", "company lead", lambda world: a_wish_for_time(world)),
    *[
        ("partnerships:plan_part", "shape", "group lead", part(code))
        for code in ("what", "who", "when", "learnings")
    ],
    *[("partnerships:plan_part", "shape", "company lead", part_of_a_sent_plan(c)) for c in ("why", "brings")],
]


def visits(scene):
    """(page, who, what makes its arguments, answers that are a page) of one scene."""
    for name, page in sorted(PAGES.items()):
        if page.method == "get" and page.scene == scene and not name.endswith(("_pdf", "_export", "_file")):
            expected = page.expected()
            for who in [who for who in PEOPLE if expected[who] == OK]:
                yield name, who, page.args, page.ok
    for name, where, who, arguments in MORE:
        if where == scene:
            yield name, who, arguments, (200,)


def forms_on(response):
    """The forms of a page, each with the address that it is saved along to, if it is."""
    for form in forms_of(response):
        yield form
        if form.autosave:
            yield Form("post", form.autosave, form.fields, form.buttons)


def route_of(address):
    try:
        return resolve(address.partition("?")[0]).view_name
    except Resolver404:
        return address


def pages(world, scene, *, people=PEOPLE):
    """Open every page of a scene: (name, address, who, client, response). What a page needs is gone after it."""
    served = set()
    for name, who, arguments, ok in visits(scene):
        # One person is enough for a page; whoever is not signed in sees another one.
        if who in PEOPLE and arguments is PAGES[name].args:
            if who not in people or (name, who == "anonymous") in served:
                continue
            served.add((name, who == "anonymous"))
        with transaction.atomic():
            address = reverse(name, kwargs=arguments(world) if arguments else {})
            client = Client() if who == "anonymous" else signed_in(world.person(who))
            response = client.get(address)
            if response.status_code in ok and response.get("Content-Type", "").startswith("text/html"):
                yield name, address, who, client, response
            transaction.set_rollback(True)


def places(world, scene):
    """Every form of a scene, once: a form is known by where it goes and what can be put into it."""
    seen = set()
    for name, address, who, client, response in pages(world, scene):
        for form in forms_on(response):
            route = route_of(form.action)
            known = (form.method, route, tuple(sorted(form.fields)))
            if known not in seen and (scene == "shape" or route not in EVERYWHERE):
                seen.add(known)
                yield Place(name, address, who, client, form, route)


__all__ = ["EVERYWHERE", "MORE", "PEOPLE", "SCENES", "Place", "forms_on", "pages", "places", "route_of"]
