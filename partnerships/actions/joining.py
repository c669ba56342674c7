"""Organisations come onto a project, once the plan says so and everybody there agrees."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions.invitations import invite_new_organisation
from accounts.audit import record
from accounts.days import last_midnight
from accounts.models import Organisation, Person
from partnerships.models import Participation, Project, ProjectInvitation


class CannotJoin(Exception):
    """The organisation can't take part in this project."""


def bring_in(
    project: Project, who: dict, *, actor: Person, organisation: Organisation, at: dt.datetime
) -> int:
    """Let the organisations take part that the part Who names and that are not on the project yet.

    Who is not here yet gets an invitation, and takes part when it is accepted.

    For a project whose row the caller has locked. Returns how many are new.

    Raises:
        CannotInvite: an address can't be invited.
        CannotJoin: an organisation stands on the wrong side.
    """
    here = set(project.participations.values_list("organisation", flat=True))
    new = 0
    for entry in who.get("partners", ()):
        if entry["id"] not in here:
            partner = Organisation.objects.get(pk=entry["id"])
            while partner.merged_into is not None:
                partner = partner.merged_into
            if partner.pk not in here:
                take_part(project, partner, entry["side"], actor=actor, at=at)
                here.add(partner.pk)
                new += 1
    # Nobody is invited without somebody who invites. Who said no, or was let go, may be asked anew.
    for entry in who.get("invited", ()) if actor is not None else ():
        if not ProjectInvitation.objects.awaited_or_here(project, entry["email"]):
            invitation = invite_new_organisation(
                entry["side"],
                entry["name"],
                entry["email"],
                actor=actor,
                at=at,
                on_behalf_of=organisation,
                message=entry.get("message", ""),
            )
            ProjectInvitation.objects.create(project=project, invitation=invitation, side=entry["side"])
            record(
                "project.partner_invited", project, actor=actor, at=at, project=project,
                organisation=organisation, after=entry["name"],
            )  # fmt: skip
            new += 1
    return new


def take_part(
    project: Project, organisation: Organisation, side: str, *, actor: Person, at: dt.datetime
) -> None:
    """An organisation takes part from now on.

    Raises:
        CannotJoin: its kind is not the one of that side.
    """
    if organisation.kind != side:
        raise CannotJoin(_("{name} can't stand on that side.").format(name=organisation.name))
    Participation.objects.create(project=project, organisation=organisation, side=side, joined_at=at)
    record("project.partner_joined", project, actor=actor, at=at, project=project, organisation=organisation)
    set_time_zone(project)


@transaction.atomic
def let_agency_in(
    project: Project, *, agency: Organisation, acts_for: Organisation, actor: Person, at: dt.datetime
) -> Participation:
    """Let an agency read a project, for the partner for whom it works. It agrees, signs and reviews nothing.

    Raises:
        CannotJoin: it is no agency, is there already, was there for somebody else, or the other takes no part.
    """
    project = Project.objects.select_for_update().get(pk=project.pk)
    partner = project.participations.partners().filter(organisation=acts_for).first()
    if agency.kind != Organisation.Kind.AGENCY or partner is None:
        raise CannotJoin(_("An agency acts for one of the partners."))
    row = project.participations.filter(organisation=agency).first()
    if row is not None and row.left_at is None:
        raise CannotJoin(_("{name} is on this project already.").format(name=agency.name))
    # What it was told by one partner is not for another one to learn.
    if row is not None and row.acts_for_id != acts_for.pk:
        raise CannotJoin(_("{name} worked for another partner here.").format(name=agency.name))
    if row is not None:
        row.left_at = None
        row.save(update_fields=["left_at"])
    else:
        row = Participation.objects.create(
            project=project,
            organisation=agency,
            side=partner.side,
            role=Participation.Role.AGENCY,
            acts_for=acts_for,
            joined_at=at,
        )
    record(
        "project.agency_joined", project, actor=actor, at=at, project=project, organisation=agency,
        after=acts_for.name,
    )  # fmt: skip
    return row


def set_time_zone(project: Project) -> None:
    """Keep the zone of the partner whose last day ends last as the project's own (docs/rules.md 20)."""
    if project.ends_on is None:
        return
    zones = [
        participation.organisation.zone
        for participation in project.participations.partners().select_related("organisation").order_by("pk")
    ]
    name = last_midnight(zones, project.ends_on).key
    if project.time_zone != name:
        project.time_zone = name
        project.save(update_fields=["time_zone"])
