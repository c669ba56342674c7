"""Starting a project and naming it."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Membership, Organisation, Person
from partnerships.actions.people import acting_organisation, named
from partnerships.actions.turns import give_turn
from partnerships.models import Participation, Project, Turn, new_reference
from principles.models import PrincipleSet

Stage = Project.Stage


class CannotStart(Exception):
    """A project can't be started like this."""


def organisations_to_start_for(person: Person):
    """Groups and companies for which this person may start a project: those where they do the work."""
    working = Membership.objects.current().filter(person=person).exclude(role=Membership.Role.READER)
    return (
        Organisation.objects.current()
        .filter(pk__in=working.values("organisation"))
        .exclude(kind=Organisation.Kind.AGENCY)
    )


@transaction.atomic
def start_project(
    title: str,
    *,
    organisation: Organisation,
    actor: Person,
    at: dt.datetime,
    reference: str | None = None,
) -> Project:
    """Start a project. Either side may; it takes the newest edition of the principles and keeps it.

    Arguments:
        reference: the one the form was given out with, so that sending it twice starts one project.

    Raises:
        CannotStart: the person does not do the work of this organisation, or there are no principles yet.
    """
    # Locked, so that the same form sent twice at once finds the project of the first.
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    reference = reference or new_reference()
    existing = Project.objects.filter(reference=reference, created_by=actor).first()
    if existing is not None:
        return existing
    if not organisations_to_start_for(actor).filter(pk=organisation.pk).exists():
        raise CannotStart(_("Choose one of your own organisations."))
    edition = PrincipleSet.objects.current()
    if edition is None:
        raise CannotStart(_("The principles are not set up yet. Call us."))
    project = Project.objects.create(
        reference=reference,
        title=title,
        stage=Stage.SHAPE,
        stage_since=at,
        principle_set=edition,
        time_zone=organisation.time_zone,
        created_by=actor,
        created_at=at,
    )
    Participation.objects.create(
        project=project, organisation=organisation, side=organisation.kind, joined_at=at
    )
    named(project, actor, organisation, at)
    record("project.started", project, actor=actor, at=at, project=project, organisation=organisation)
    give_turn(project, organisation, Turn.Kind.PLAN, at=at)
    return project


@transaction.atomic
def rename_project(project: Project, *, title: str, actor: Person, at: dt.datetime) -> Project:
    """Give a project another title. Either side may; history keeps the one before.

    Raises:
        ActsForNobody: the person acts for no partner.
    """
    project = Project.objects.select_for_update().get(pk=project.pk)
    organisation = acting_organisation(project, actor, at)
    if project.title == title:
        return project
    before, project.title = project.title, title
    project.save(update_fields=["title"])
    record(
        "project.renamed", project, actor=actor, at=at, project=project, organisation=organisation,
        before=before, after=title,
    )  # fmt: skip
    return project
