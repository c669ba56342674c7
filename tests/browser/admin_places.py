"""Which pages the admin has, and what stands behind each: a row, a state, the steps that lead there.

Every page that a superuser gets is here (tests/test_admin_access.py says which are refused). What is no page for
people stands in NO_PLACES with its reason.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry

from accounts.models import Organisation
from evaluations.models import Review
from partnerships.models import Project
from principles.models import Principle, PrincipleSet, Question
from tests.factories import make_organisation, make_principles
from tests.test_admin_access import SUPERUSER, YES, everything, request_of
from tests.walk import World

# With what each of them answers a superuser who opens its address: a test asks.
NO_PLACES = {
    "login": ("leads on whoever is signed in", 302),
    "logout": ("takes a form", 405),
    "autocomplete": ("answers scripts", 403),
    "jsi18n": ("is a script", 200),
    "view_on_site": ("leads to a page of the site", 302),
}


@dataclass(frozen=True)
class Place:
    """One page of the admin.

    Arguments:
        name: of the address, without its namespace.
        args: makes the arguments of the address from the world, and what the page needs in it.
        state: what is special, in a word or two.
        query: what is asked behind the address.
        steps: what somebody does from there on: takes the page and the world.
        shows: the words by which they see that they have arrived.
        world: makes the world.
    """

    name: str
    args: Callable | None = None
    state: str = ""
    query: str = ""
    steps: Callable | None = None
    shows: str = ""
    world: Callable = everything

    def __str__(self):
        return f"{self.name} {self.state}".strip()

    @property
    def about(self):
        """What the page is about. Pages of one model, in one world, are looked at together."""
        model = self.name.rpartition("_")[0] if self.name.split("_")[0] in APPS else "site"
        return model if self.world is everything else f"{model} {self.state}"


LARKFIELDS = ("Larkfield", "Larkfield Society")

# Rows -----------------------------------------------------------------------------------------------------


def first_of(model):
    """The first row that the admin shows."""
    return lambda world: [admin.site._registry[model].get_queryset(request_of(world)).first().pk]


def draft(world):
    """An edition that no project uses: only such a one is changed, or thrown away."""
    return [make_principles("2027-01").pk]


def draft_principle(world):
    return [Principle.objects.filter(principle_set__in=draft(world)).first().pk]


def draft_question(world):
    return [Question.objects.filter(principle__in=draft_principle(world)).first().pk]


def opened():
    return World("opened")


def with_a_line(world):
    """An organisation that somebody of staff has corrected."""
    organisation = world.organisation()
    LogEntry.objects.log_actions(
        world.person("superuser").pk, [organisation], CHANGE, [{"changed": {"fields": ["Name"]}}]
    )
    return [organisation.pk]


def two_that_are_one(world):
    for name in LARKFIELDS:
        Organisation.objects.filter(name=name).exists() or make_organisation(name=name)
    return []


# Steps ----------------------------------------------------------------------------------------------------


def press(page, world):
    # What the browser itself would ask for, people without it are told by the page.
    page.evaluate("document.querySelectorAll('form').forEach(form => form.noValidate = true)")
    page.locator("#content form[method=post] .submit-row [type=submit]").first.click()


def open_the_choice(page, world):
    page.locator(".field-person [role=combobox]").click()


def choose(action, *names):
    """Tick these rows of a list, and ask for something to be done with them."""

    def steps(page, world):
        for name in names:
            link = page.get_by_role("link", name=name, exact=True)
            page.get_by_role("row").filter(has=link).locator(".action-select").check()
        page.locator("select[name=action]").select_option(action)
        page.get_by_role("button", name="Go", exact=False).first.click()

    return steps


def and_press(first):
    def steps(page, world):
        first(page, world)
        page.wait_for_load_state("load")
        press(page, world)

    return steps


# Places ---------------------------------------------------------------------------------------------------

APPS = sorted({model._meta.app_label for model in SUPERUSER})
PAGES_OF_A_MODEL = {
    "list": "changelist",
    "add": "add",
    "change": "change",
    "delete": "delete",
    "history": "history",
}
ABOUT_A_ROW = ("change", "delete", "history")


def label_of(model):
    return f"{model._meta.app_label}_{model._meta.model_name}"


def pages_of_models(answer):
    """(model, page, name of its address) of what a superuser is answered like this."""
    return [
        (model, page, f"{label_of(model)}_{PAGES_OF_A_MODEL[page]}")
        for model, answers in SUPERUSER.items()
        for page in answers
        if answers[page] == answer
    ]


LIST = "accounts_organisation_changelist"
merge = choose("merge", *LARKFIELDS)
invite = choose("invite_owner", LARKFIELDS[0])

PLACES = [
    # Every page of the table, as it is met first
    *[
        Place(name, first_of(model) if page in ABOUT_A_ROW else None)
        for model, page, name in pages_of_models(YES)
    ],
    # Pages that belong to no model
    Place("index"),
    *[Place("app_list", lambda world, app=app: [app], app) for app in APPS],
    Place("password_change"),
    Place("password_change", state="refused", steps=press, shows="This field is required"),
    Place("password_change_done"),
    # Organisations
    Place("accounts_organisation_add", state="refused", steps=press, shows="Please correct the errors"),
    Place("accounts_organisation_change", first_of(Organisation), "saved", steps=press, shows="successfully"),
    Place("accounts_organisation_history", with_a_line, "with a line"),
    Place(LIST, two_that_are_one, "nothing found", "?q=nowhere+at+all", shows="0 results"),
    *[
        Place(LIST, two_that_are_one, state, "?q=Larkfield", steps, shows)
        for state, steps, shows in (
            ("warned", choose("merge", LARKFIELDS[0]), "Choose exactly two organisations."),
            ("before a merge", merge, "Which name stays?"),
            ("before a merge, refused", and_press(merge), "Choose the name that stays."),
            ("inviting an Owner", invite, "Send the invitation"),
            ("inviting an Owner, refused", and_press(invite), "This field is required"),
        )
    ],
    # People and their rights
    Place("accounts_recovery_add", state="refused", steps=press, shows="Please correct the errors"),
    Place("accounts_recovery_add", state="looking for somebody", steps=open_the_choice, shows="Person "),
    Place(
        "auth_group_changelist",
        state="before many are deleted",
        steps=choose("delete_selected", "Support"),
        shows="Are you sure",
    ),
    # Projects and reviews
    Place("partnerships_project_agency", first_of(Project)),
    Place(
        "partnerships_project_agency",
        first_of(Project),
        "refused",
        steps=press,
        shows="This field is required",
    ),
    Place("evaluations_review_change", first_of(Review), "opened", world=opened),
    # Principles: an edition in use, and one that is still open
    Place("principles_principleset_preview", first_of(PrincipleSet)),
    Place("principles_principleset_add", state="refused", steps=press, shows="Please correct the errors"),
    *[
        Place(f"principles_{model}_{page}", args, "of a draft")
        for model, args in (
            ("principleset", draft),
            ("principle", draft_principle),
            ("question", draft_question),
        )
        for page in ("change", "delete")
    ],
]
