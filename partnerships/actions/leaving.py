"""What somebody held on projects when they leave their organisation, and who takes it over."""

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Membership, Person
from partnerships.actions.contract.giving import let_go_of_contracts
from partnerships.actions.people import ActsForNobody, named
from partnerships.models import HowWeWork, Project, ProjectPerson
from partnerships.permissions import GRANTS


def _named_on(membership: Membership):
    """Live projects on which this member is named for this organisation, the oldest first."""
    rows = ProjectPerson.objects.filter(person=membership.person_id, acting_for=membership.organisation_id)
    return Project.objects.live().filter(pk__in=rows.values("project")).order_by("created_at", "pk")


def held_by(membership: Membership) -> list[str]:
    """Where a member is named: projects, and whom to ask on "How we work". Lines to read before they leave."""
    lines = [_("On the project: %(title)s") % {"title": project.title} for project in _named_on(membership)]
    newest = HowWeWork.objects.newest().filter(organisation=membership.organisation_id)
    if newest.filter(Q(contact=membership.person_id) | Q(deputy=membership.person_id)).exists():
        lines.append(_("Whom to ask on the page “How we work”"))
    return lines


def hand_over(membership: Membership, *, hand_over_to: Person | None, actor: Person, at: dt.datetime) -> None:
    """Name the successor on the live projects of a member who left. Without one, every Lead and Owner is told.

    A project on which the successor acts for the other side is left out: nobody changes sides. A contract that they had
    in particular is with every Lead and Owner again.
    """
    let_go_of_contracts(membership, at=at)
    if hand_over_to is None:
        return
    for project in _named_on(membership):
        try:
            named(project, hand_over_to, membership.organisation, at)
        except ActsForNobody:
            continue


def new_role(membership: Membership, *, at: dt.datetime) -> None:
    """Whoever may not write contracts any more has none in particular either."""
    if "write_contract" not in GRANTS[membership.role]:
        let_go_of_contracts(membership, at=at)


def personal_data(person: Person) -> dict:
    """On which projects a person is or was named and for whom, and what they declared there: for "download my data"."""
    rows = person.project_roles.select_related("project", "acting_for").order_by("joined_at", "pk")
    return {
        "projects": [
            {
                "project": row.project.title,
                "reference": row.project.reference,
                "acting_for": row.acting_for.name,
                "joined_at": row.joined_at,
            }
            for row in rows
        ],
        "interests": [
            {
                "project": declaration.project.title,
                "version": declaration.number,
                "kind": declaration.kind,
                "made_at": declaration.made_at,
                "interests": [
                    {"what": one.what, "with_whom": one.with_whom, "since": one.since}
                    for one in declaration.interests.all()
                ],
            }
            for declaration in person.interest_declarations.select_related("project")
            .prefetch_related("interests")
            .order_by("made_at", "pk")
        ],
    }
