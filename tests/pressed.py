"""Every button and form of the site, to be pressed: what stands in the access table, and what walking the site finds."""

import logging
from dataclasses import dataclass, field

from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions.mail import unsubscribe_token
from accounts.models import Person
from evaluations.actions import late
from evaluations.actions.conclusions import send_conclusion
from evaluations.models import Review
from partnerships.actions.closing import close_early
from partnerships.actions.partners import invite_partner
from partnerships.actions.plan import send_plan
from partnerships.actions.talk import keep_draft
from partnerships.models import Project
from tests import files
from tests.access.arguments import a_contract, a_suggestion, an_interest, project
from tests.access.audience import OK
from tests.access.pages import PAGES
from tests.bad_inputs.filling import good
from tests.bad_inputs.site import PEOPLE, places
from tests.browse import signed_in
from tests.factories import NOON, make_organisation, member_of, write_plan
from tests.partnerships.contracts import sign

# A session is written by looking, too.
NOT_COUNTED = {"django_session", "usersessions_usersession", "django_migrations"}


def a_written_plan(world):
    write_plan(world.project, world.person("group lead"))
    return project(world)


def a_sent_plan(world):
    Project.objects.filter(pk=world.project.pk).update(stage="shape")
    a_written_plan(world)
    send_plan(world.project, actor=world.person("group lead"), at=NOON)
    return project(world) | {"code": "why"}


def a_signed_contract(world):
    arguments = a_contract(world)
    sign(world.project.contracts.get(), world.person("group lead"))
    return arguments


def a_proposal_to_close(world):
    close_early(world.project, actor=world.person("group lead"), at=NOON, reason="done")
    return project(world)


def a_conclusion_that_was_sent(world):
    send_conclusion(
        world.project.conclusion,
        to=world.organisation("company"),
        actor=world.person("group lead"),
        at=timezone.now(),
    )
    return project(world)


def a_choice(world):
    review = world.project.reviews.get(organisation=world.organisation("group"))
    missing = world.project.reviews.missing().get().organisation
    late.excuse_organisation(review, missing, actor=world.person("group lead"), at=timezone.now())
    return project(world)


def one_side_missing(world):
    Review.objects.filter(project=world.project, organisation=world.organisation("company")).update(
        sent_at=None
    )
    Project.objects.filter(pk=world.project.pk).update(result="reached")
    return project(world)


def something_declared(world):
    an_interest(world)
    return project(world)


def somebody_to_choose():
    organisation = make_organisation("company", listed=True)
    member_of(organisation)
    return organisation


def an_invited_partner(world):
    invite_partner(
        world.project,
        name="Meadow House",
        side="company",
        email="a@example.org",
        message="",
        actor=world.person("group lead"),
        at=NOON,
    )
    return project(world)


def a_draft(world):
    keep_draft(world.project, "question", fields={"text": "Who"}, actor=world.person("group lead"), at=NOON)
    return project(world) | {"code": "question"}


# Buttons that do nothing in the state of the access table: who presses them where they do.
# Route → (who, what makes the arguments, what is posted).
def somebody_with_summaries(world):
    person = world.person("group lead")
    Person.objects.filter(pk=person.pk).update(mail_summary=True)
    return {"token": unsubscribe_token(person)}


STATES = {
    "accounts:unsubscribe": ("anonymous", somebody_with_summaries, {}),
    "partnerships:plan_send": ("group lead", a_written_plan, {}),
    "partnerships:plan_agree": ("company lead", a_sent_plan, {"version": "1"}),
    "partnerships:suggestion_accept": ("company lead", a_suggestion, {}),
    "partnerships:suggestion_decline": ("company lead", a_suggestion, {}),
    "partnerships:partner_choose": (
        "group lead",
        project,
        lambda world: {"organisation": somebody_to_choose().slug},
    ),
    "partnerships:partner_leave_out": ("group lead", an_invited_partner, {"key": "a@example.org"}),
    "partnerships:talk_draft_drop": ("group lead", a_draft, {}),
    "partnerships:interest_same": ("group lead", something_declared, {"number": "1"}),
    "partnerships:signature_remove": ("group lead", a_signed_contract, {}),
    "partnerships:project_keep_open": ("group lead", a_proposal_to_close, {}),
    "evaluations:conclusion_take_back": ("group lead", a_conclusion_that_was_sent, {}),
    "evaluations:review_wait": ("group lead", a_choice, {}),
    "evaluations:review_close": ("group lead", one_side_missing, {}),
    "evaluations:choice_take_back": ("company lead", PAGES["evaluations:choice_take_back"].args, {}),
}
# Choices that stand already on the page: another one, so that there is something to save.
# What stands there already would change nothing.
OTHERWISE = {
    "accounts:member_edit": {"role": ["reader"]},
    "evaluations:check_in_rhythm": {"weeks": ["8"]},
    "portal:notifications": {"mail_turn": ["now"]},
}


@dataclass
class Press:
    """One form, filled in well: who presses it, where, and what goes with it."""

    route: str
    page: str
    client: Client
    action: str
    sent: dict
    uploads: list = field(default_factory=list)

    def __str__(self):
        return f"{self.route} on {self.page}"

    def again(self):
        """The same browser in another window."""
        client = Client(raise_request_exception=False)
        for name, morsel in self.client.cookies.items():
            client.cookies[name] = morsel.value
        return client

    def send(self, client):
        """Post it. Errors come back as an answer, as they do in a browser."""
        sent = dict(self.sent)
        if self.uploads:
            sent = {name: values for name, values in sent.items() if values}
            other = files.pdf(2, note="another one")
            sent |= {name: files.upload(other, "contract.pdf") for name in self.uploads}
        return client.post(self.action, sent)


def press_of(place):
    """A place that was found by walking, as something to press."""
    sent = good(place, timezone.now().date()) | OTHERWISE.get(place.route, {})
    uploads = [name.name for name in place.form.of("file")]
    return Press(place.route, place.page, place.client, place.form.action, sent, uploads)


def presses(world, scene):
    """Every form of a scene, once. What its page needs is gone after it."""
    found = set()
    for place in places(world, scene):
        if place.form.method == "post" and place.route not in STATES:
            found.add(place.route)
            yield press_of(place)
    for name in buttons(scene, found):
        with transaction.atomic():
            yield button(world, name)
            transaction.set_rollback(True)


def buttons(scene, found):
    """Names of what is posted in a scene and stands on none of the pages that were walked, or does nothing there."""
    posts = (name for name, page in PAGES.items() if page.method == "post" and page.scene == scene)
    return sorted(name for name in posts if name in STATES or name not in found)


def button(world, name):
    """A button in the state in which it does something. What it needs is made."""
    page = PAGES[name]
    who = next(who for who in PEOPLE if page.expected()[who] == OK)
    who, make, data = STATES.get(name, (who, page.args, page.data))
    address = reverse(name, kwargs=make(world) if make else {})
    data = data(world) if callable(data) else data
    client = Client() if who == "anonymous" else signed_in(world.person(who))
    return Press(name, "its own", client, address, data or {})


def counted():
    """How many rows every table has."""
    tables = sorted(set(connection.introspection.table_names()) - NOT_COUNTED)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}', count(*) FROM \"{name}\"" for name in tables))
        return dict(cursor.fetchall())


def added(before, after):
    """What became more or less, by table."""
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


class Quietly:
    """Nothing is counted against whoever presses, and what goes wrong is told by the answer, not by the log."""

    def __enter__(self):
        cache.clear()
        logging.disable(logging.ERROR)

    def __exit__(self, *error):
        logging.disable(logging.NOTSET)


__all__ = ["STATES", "Press", "Quietly", "added", "button", "buttons", "counted", "press_of", "presses"]
