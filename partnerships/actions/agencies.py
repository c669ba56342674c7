"""Agencies on a project: what each does there, written down by the partner it works for, and how one is removed."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record, subject_of
from accounts.models import Person
from accounts.notices import owe
from partnerships.actions.people import acting_organisation, everybody_to_tell
from partnerships.models import AgencyBrief, Participation, Project
from partnerships.permissions import acting_people

WORDS = ("role", "deliverables", "contacts", "holds")
OVER = {Project.Stage.COMPLETED, Project.Stage.WITHDRAWN}


class CannotBrief(Exception):
    """What an agency does can't be written down, or not by this person."""


class BriefedMeanwhile(CannotBrief):
    """Somebody wrote it down, and this person has not read it."""


class CannotRemoveAgency(Exception):
    """The agency can't be removed by this person."""


@transaction.atomic
def write_brief(
    participation: Participation,
    *,
    role: str,
    deliverables: str,
    contacts: str,
    holds: str = "",
    number: int,
    actor: Person,
    at: dt.datetime,
) -> AgencyBrief:
    """Write down what an agency does on a project. Every partner reads it; the earlier versions are kept.

    Arguments:
        holds: material, data or pictures that it has for the project.
        number: the version that the writer has read; 0 for none.

    Raises:
        CannotBrief: they act for another partner, the agency has left, or the project is over.
        BriefedMeanwhile
        ActsForNobody
    """
    project, row, organisation = _lock(participation, actor, at)
    if row.left_at is not None or row.acts_for_id != organisation.pk:
        raise CannotBrief(_("The partner that the agency works for writes this down."))
    if project.stage in OVER:
        raise CannotBrief(_("This project is over. What was written down stays as it is."))
    words = {"role": role, "deliverables": deliverables, "contacts": contacts, "holds": holds}
    newest = row.briefs.newest().first()
    if newest is not None and words == {name: getattr(newest, name) for name in WORDS}:
        return newest
    standing = newest.number if newest else 0
    if standing != number:
        raise BriefedMeanwhile(_("A colleague wrote this down meanwhile. Read it, then save yours."))
    brief = AgencyBrief.objects.create(
        participation=row,
        number=standing + 1,
        organisation=organisation,
        written_by=actor,
        written_at=at,
        **words,
    )
    record(
        "project.agency_briefed", brief, actor=actor, at=at, project=project, organisation=organisation,
        after=row.organisation.name, number=brief.number,
    )  # fmt: skip
    return brief


@transaction.atomic
def remove_agency(
    participation: Participation, *, returned: str, actor: Person, at: dt.datetime
) -> Participation:
    """An agency leaves a project: its people see nothing of it any more. They and all partners are told.

    Removing it twice changes nothing.

    Arguments:
        returned: what became of what it holds; every partner reads it in the history.

    Raises:
        CannotRemoveAgency: it is no agency, or works for another partner.
        ActsForNobody
    """
    project, row, organisation = _lock(participation, actor, at)
    if row.acts_for_id != organisation.pk:
        raise CannotRemoveAgency(_("The partner that the agency works for removes it."))
    if row.left_at is not None:
        return row
    # Before it leaves: after it nobody acts for it here.
    agents = acting_people(project, organisation=row.organisation)
    row.left_at = at
    row.save(update_fields=["left_at"])
    record(
        "project.agency_removed", project, actor=actor, at=at, project=project, organisation=organisation,
        after=row.organisation.name, why=returned,
    )  # fmt: skip
    what = {
        "subject": subject_of(row),
        "project": project,
        "organisation": organisation.name,
        "returned": returned,
    }
    left = f"{row.pk}:{at.isoformat()}"
    for person in [one.person for one in agents if one.named] or [one.person for one in agents]:
        owe(person, kind="agency_left", key=f"agency-left:{left}:p{person.pk}", at=at, **what)
    for person in everybody_to_tell(project):
        if person != actor:
            owe(person, kind="agency_removed", key=f"agency-removed:{left}:p{person.pk}", at=at, **what)
    return row


def _lock(participation, actor, at):
    project = Project.objects.select_for_update().get(pk=participation.project_id)
    row = Participation.objects.select_related("organisation").get(pk=participation.pk)
    return project, row, acting_organisation(project, actor, at)
