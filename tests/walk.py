"""Every address of the site, everybody who might open it, and the worlds in which they do."""

from django.contrib.auth.models import Permission
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts.models import Invitation, Membership, Person
from partnerships.actions.closing import finish_delivery
from tests.evaluations import opened
from tests.evaluations.brought import bring_along
from tests.factories import (
    DAY,
    NOON,
    add_agency,
    add_partner,
    join,
    make_organisation,
    make_person,
    make_project,
    make_sent,
    member_of,
    partner_of,
    person_on,
    signatory_on,
)


def named_urls(patterns=None, namespace=""):
    """Yield (name, pattern) for every address outside the admin, names with their namespace."""
    patterns = get_resolver().url_patterns if patterns is None else patterns
    for entry in patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            if not inner.startswith("admin:"):
                yield from named_urls(entry.url_patterns, inner)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}", entry


class World:
    """One project with everybody around it, and a second project of other people.

    Arguments:
        scene: the state of the project, a name in SCENES.
        groups, companies: how many partners stand on each side.
    """

    def __init__(self, scene="shape", *, groups=1, companies=1):
        self.project = make_project(groups=groups, companies=companies)
        self.other = make_project()
        self.people = {"anonymous": None}
        # Keys of the sessions of those who are signed in, where a test keeps them.
        self.sessions = {}
        self.people["nobody"] = make_person("Nobody Anywhere")
        self.people["staff"] = make_person("Staff Member", is_staff=True)
        self.people["staff reading"] = make_person("Reading Staff", is_staff=True)
        self.people["staff reading"].user_permissions.set(
            Permission.objects.filter(codename__startswith="view_")
        )
        self.people["superuser"] = make_person("Super User", is_staff=True, is_superuser=True)
        self.people["other group"] = member_of(partner_of(self.other, "group"), "owner")
        self.people["other company"] = member_of(partner_of(self.other, "company"), "owner")
        for side in ("group", "company"):
            for role in ("reader", "lead", "owner"):
                self.people[f"{side} {role}"] = person_on(self.project, side, role)
            self.people[f"{side} signatory"] = signatory_on(self.project, side)
            agency = add_agency(self.project, partner_of(self.project, side))
            self.people[f"{side} agency"] = member_of(agency, "owner")
            former = member_of(partner_of(self.project, side))
            former.memberships.update(left_at=NOON)
            self.people[f"former {side}"] = former
            self.people[f"invited {side}"] = invited = make_person()
            Invitation.objects.create(
                organisation=partner_of(self.project, side),
                email=invited.email,
                role="owner",
                invited_by=self.people[f"{side} owner"],
                created_at=timezone.now(),
                expires_at=timezone.now() + 14 * DAY,
            )
            self.people[f"disabled {side}"] = person_on(self.project, side, "owner", is_active=False)
        both = make_person("Both Sides")
        join(both, partner_of(self.project, "group"))
        join(both, partner_of(self.project, "company"))
        self.people["both sides"] = both
        self.people["agency of others"] = member_of(make_organisation("agency"), "owner")
        SCENES[scene](self)

    def organisation(self, side="group"):
        return partner_of(self.project, side)

    @property
    def today(self):
        return timezone.now().astimezone(self.project.zone).date()

    def person(self, name) -> Person | None:
        return self.people[name]

    def membership(self, name):
        return Membership.objects.filter(person=self.people[name]).first()


def _stage(stage):
    def put(world):
        for project in (world.project, world.other):
            project.stage = stage
            project.save(update_fields=["stage"])

    return put


def _review(world):
    """The end date has passed: everybody writes."""
    _stage("deliver")(world)
    for project in (world.project, world.other):
        finish_delivery(project, at=NOON)
        project.refresh_from_db()


def _review_brought(world):
    """As `review`; the plans brought promises and learnings along from earlier projects of the same partners."""
    bring_along(world.project, person=world.person("group lead"))
    bring_along(world.other, person=world.person("other group"))
    _review(world)


def _review_late(world):
    """Both sides have sent; a third organisation is more than 21 days late."""
    add_partner(world.project, make_organisation("group", "Missing Group"), "group")
    _review(world)
    for side in ("group", "company"):
        make_sent(world.project.reviews.get(organisation=world.organisation(side)))
    world.project.review_due_on = world.today - 30 * DAY
    world.project.save(update_fields=["review_due_on"])


def _review_shared(world):
    """As `review late`, and what each side sent is shared."""
    _review_late(world)
    world.project.reviews.filter(sent_at__isnull=False).update(shared_at=NOON)


# How a project gets into each state. Where an action leads there, the scene goes through the action.
SCENES = {
    "shape": _stage("shape"),
    "agree": _stage("agree"),
    "contract": _stage("contract"),
    "deliver": _stage("deliver"),
    "opened": opened.opened_scene,
    "writing": opened.writing_scene,
    "learned": opened.learned_scene,
    "review": _review,
    "review brought": _review_brought,
    "review late": _review_late,
    "review shared": _review_shared,
}

OUTSIDERS = [
    "nobody",
    "staff",
    "staff reading",
    "superuser",
    "other group",
    "other company",
    "agency of others",
    "former group",
    "former company",
    "invited group",
    "invited company",
]
# Readers who are named as signatories sign, and do nothing else.
SIGNATORIES = ["group signatory", "company signatory"]
READERS = ["group reader", "company reader", *SIGNATORIES]
# Their accounts were switched off while they were signed in: to the site, strangers.
DISABLED = ["disabled group", "disabled company"]
WRITERS = ["group lead", "group owner", "company lead", "company owner"]
AGENCIES = ["group agency", "company agency"]
EVERYBODY = ["anonymous", *DISABLED, *OUTSIDERS, *READERS, *WRITERS, *AGENCIES, "both sides"]
