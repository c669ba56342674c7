"""For whom a person acts on a project. It is fixed with the first thing they write there."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Membership, Organisation, Person
from partnerships.models import Participation, Project, ProjectPerson
from partnerships.permissions import acting_participation, acting_people

Stage = Project.Stage

# Stages in which nothing sealed exists yet, so that choosing a side gives away nothing.
BEFORE_REVIEW = {Stage.SHAPE, Stage.AGREE, Stage.CONTRACT, Stage.DELIVER}


class ActsForNobody(Exception):
    """The person acts for no partner on this project."""


class CannotChooseSide(Exception):
    """This person can't choose to act for this organisation."""


def named(project: Project, person: Person, organisation: Organisation, at: dt.datetime) -> ProjectPerson:
    """Fix that this person acts for this organisation on this project. Naming them again changes nothing.

    Every action that a person takes on a project calls it first. The line of history is private: that
    somebody of the other side has begun to write is nothing to learn from.

    Raises:
        ActsForNobody: they are named for another organisation.
    """
    row, created = ProjectPerson.objects.get_or_create(
        project=project, person=person, defaults={"acting_for": organisation, "joined_at": at}
    )
    if row.acting_for_id != organisation.pk:
        raise ActsForNobody(_("You act for another organisation on this project."))
    if created:
        record(
            "person.named", project, actor=person, at=at, project=project, organisation=organisation,
            private=True,
        )  # fmt: skip
    return row


def acting_organisation(project: Project, actor: Person, at: dt.datetime) -> Organisation:
    """The partner for which somebody acts, who is named on the project with this.

    Raises:
        ActsForNobody: they act for an agency, or for nobody.
    """
    participation = acting_participation(actor, project)
    if participation is None or participation.role != Participation.Role.PARTNER:
        raise ActsForNobody(_("You act for no partner on this project."))
    named(project, actor, participation.organisation, at)
    return participation.organisation


def sides_to_choose(project: Project, person: Person) -> list[Organisation]:
    """Organisations for which this person may choose to act, when they belong to several on the project.

    Empty when there is nothing to choose. Once reviews are written, who may have read the drafts of one side
    can't choose the other: only the organisation they joined first is left (docs/rules.md 3).
    """
    if ProjectPerson.objects.filter(project=project, person=person).exists():
        return []
    taking_part = project.participations.filter(left_at=None).values("organisation")
    memberships = list(
        Membership.objects.filter(person=person, organisation__in=taking_part)
        .select_related("organisation")
        .order_by("joined_at", "pk")
    )
    if len(memberships) < 2:
        return []
    if project.stage not in BEFORE_REVIEW:
        memberships = memberships[:1]
    return [membership.organisation for membership in memberships if membership.left_at is None]


@transaction.atomic
def choose_side(project: Project, organisation: Organisation, *, actor: Person, at: dt.datetime) -> None:
    """Somebody on both sides says, once, for whom they act. Everybody on the project reads it.

    Raises:
        CannotChooseSide: they have chosen before, or this organisation is not theirs to choose.
    """
    project = Project.objects.select_for_update().get(pk=project.pk)
    if organisation not in sides_to_choose(project, actor):
        raise CannotChooseSide(_("You can't choose this organisation on this project."))
    ProjectPerson.objects.create(project=project, person=actor, acting_for=organisation, joined_at=at)
    record("person.chose_side", project, actor=actor, at=at, project=project, organisation=organisation)


def whom_to_tell(project: Project, organisation: Organisation) -> list[Person]:
    """Who gets messages for an organisation: its Leads and Owners named on the project, or all when none is."""
    able = acting_people(project, verb="edit_project", organisation=organisation)
    return [acting.person for acting in able if acting.named] or [acting.person for acting in able]


def whom_to_ask_to_sign(project: Project, organisation: Organisation) -> list[Person]:
    """Who is told besides `whom_to_tell` that a signature of an organisation is missing: who signs and writes nothing.

    Those named on the project, or all when none is.
    """
    able = acting_people(project, verb="record_signature", organisation=organisation)
    signing = [acting for acting in able if "write_contract" not in acting.verbs]
    return [acting.person for acting in signing if acting.named] or [acting.person for acting in signing]


def everybody_to_tell(project: Project, *, but: Organisation | None = None) -> list[Person]:
    """Who gets messages on a project, for all partners or for all but one."""
    partners = project.participations.partners().select_related("organisation").order_by("pk")
    return [
        person
        for participation in partners
        if participation.organisation != but
        for person in whom_to_tell(project, participation.organisation)
    ]
