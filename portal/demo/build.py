"""Building the demo: people, then one project after the other, each walked to its stage by the actions."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import notices
from accounts.models import Membership, Organisation, Person
from partnerships.models import Project
from portal.demo.requests import ask
from portal.demo.stories import tell
from portal.demo.work import describe

PASSWORD = "look-around-freely"  # noqa: S105  made-up people in a made-up database

SIGN_INS = {
    "group@demo.example": _("a patient group's lead"),
    "company@demo.example": _("a company's lead"),
    "admin@demo.example": _("the service team, in the admin"),
}

ORGANISATIONS = [
    # slug, kind, name, country, zone, what it works on
    ("larkfield-demo", "group", "Larkfield Lupus Group (demo)", "GB", "Europe/London", "Lupus"),
    ("northfen-demo", "group", "Northfen Heart Circle (demo)", "GB", "Europe/London", "Heart conditions"),
    (
        "pulmon-claro-demo",
        "group",
        "Asociación Pulmón Claro (demo)",
        "ES",
        "Europe/Madrid",
        "Lung conditions",
    ),
    ("aldermoor-demo", "company", "Aldermoor Pharma (demo)", "GB", "Europe/London", "Immunology, cardiology"),
    ("kestrel-demo", "company", "Kestrel Biosciences (demo)", "DE", "Europe/Berlin", "Rare conditions"),
    ("brightpage-demo", "agency", "Brightpage Studio (demo)", "GB", "Europe/London", ""),
]
PEOPLE = [
    # address, name, called, organisation, role
    ("group@demo.example", "Lena Lark", "Lena", "larkfield-demo", "owner"),
    ("lou@demo.example", "Lou Larssen", "Lou", "larkfield-demo", "lead"),
    ("northfen@demo.example", "Nora Fenwick", "Nora", "northfen-demo", "owner"),
    ("pulmon@demo.example", "Pilar Claro", "Pilar", "pulmon-claro-demo", "owner"),
    ("company@demo.example", "Ada Moor", "Ada", "aldermoor-demo", "owner"),
    ("alec@demo.example", "Alec Moor", "Alec", "aldermoor-demo", "reader"),
    ("kestrel@demo.example", "Kai Strel", "Kai", "kestrel-demo", "owner"),
    ("studio@demo.example", "Bea Page", "Bea", "brightpage-demo", "owner"),
]


class RealData(Exception):
    """The database holds organisations or people that are not the demo's."""


@dataclass(frozen=True)
class Cast:
    """Everybody in the demo: organisations by slug, people by address."""

    organisations: dict[str, Organisation]
    people: dict[str, Person]

    def lead_of(self, slug: str) -> Person:
        """The person who does the work for this organisation."""
        address = next(row[0] for row in PEOPLE if row[3] == slug and row[4] != "reader")
        return self.people[address]


def is_there() -> bool:
    """Whether the demo was loaded."""
    return Organisation.objects.filter(slug=ORGANISATIONS[0][0]).exists()


@transaction.atomic
def load(*, at: dt.datetime) -> int:
    """Load the demo. Loading it again changes nothing.

    Arguments:
        at: now; everything lies some days before or after it.

    Returns:
        How many projects were made.

    Raises:
        RealData: there is something that is not the demo's, and stays untouched.
    """
    if is_there():
        return 0
    if Organisation.objects.exists() or Membership.objects.exists():
        raise RealData(_("This database holds real organisations. The demo is for an empty one."))
    cast = make_cast(at)
    describe(
        cast.organisations["aldermoor-demo"],
        cast.people["company@demo.example"],
        at=at - dt.timedelta(days=60),
    )
    tell(cast, at)
    ask(cast, at)
    # Messages of invented days must not go out now.
    notices.void(reason="demo", at=at)
    return Project.objects.count()


def make_cast(at: dt.datetime) -> Cast:
    """The demo's organisations and people, with passwords, so that anybody can sign in as them."""
    organisations = {
        slug: Organisation.objects.create(
            slug=slug,
            kind=kind,
            name=name,
            country=country,
            time_zone=zone,
            conditions=conditions,
            listed=True,
        )
        for slug, kind, name, country, zone, conditions in ORGANISATIONS
    }
    people = {}
    for address, name, called, slug, role in PEOPLE:
        person = Person.objects.create_user(
            address,
            name=name,
            called=called,
            time_zone=organisations[slug].time_zone,
            welcomed_at=at,
        )
        Membership.objects.create(
            person=person, organisation=organisations[slug], role=role, joined_at=at - dt.timedelta(days=400)
        )
        people[address] = person
    people["admin@demo.example"] = Person.objects.create_superuser(
        "admin@demo.example", name="Demo Admin", welcomed_at=at
    )
    # One hash for all: it takes a second to make, by design, and keeps no secret here.
    Person.objects.filter(email__in=people).update(password=make_password(PASSWORD))
    return Cast(organisations, people)
