"""Who may do what on a project: one table for both sides."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import Membership, Organisation, Person
from partnerships.models import Participation, Project, ProjectPerson

Role = Membership.Role

# What a person may do for their organisation, by their role in it. The same row serves groups and companies.
GRANTS = {
    Role.READER: set(),
    Role.LEAD: {
        "edit_project",
        "invite_partner",
        "write_plan",
        "agree_plan",
        "write_contract",
        "approve_contract",
        "record_signature",
        "check_in",
        "record_result",
        "close_project",
        "withdraw_project",
        "write_review",
        "send_review",
        "reply_to_results",
        "write_conclusion",
        "sign_conclusion",
        "settle_promise",
        "answer_time",
        "decide_interests",
        "settle_permissions",
        "brief_agency",
        "write_talk",
    },
}
GRANTS[Role.OWNER] = GRANTS[Role.LEAD]
# What is added, whatever the role, for whom the organisation names as a signatory (docs/decisions/011-may-sign.md).
SIGNATORY_GRANTS = {"record_signature", "sign_conclusion"}

# Agencies never agree, sign, review or read reviews and results.
AGENCY_GRANTS: set[str] = set()

VERBS = set().union(*GRANTS.values())


def acting_participation(person: Person, project: Project) -> Participation | None:
    """The participation for which this person acts on this project, with its organisation; None when there is none."""
    return (
        Participation.objects.acted_by(person).filter(project=project).select_related("organisation").first()
    )


def verbs_of(person: Person, project: Project) -> set[str]:
    """Everything this person may do to this project."""
    return verbs_for(person, acting_participation(person, project))


def verbs_for(person: Person, participation: Participation | None) -> set[str]:
    """Everything this person may do through a participation that is already known."""
    if participation is None:
        return set()
    membership = (
        Membership.objects.current().filter(person=person, organisation=participation.organisation_id).first()
    )
    return verbs_in(membership, participation)


def verbs_in(membership: Membership | None, participation: Participation | None) -> set[str]:
    """Everything that a member of the organisation may do through its participation.

    Arguments:
        membership: in the organisation that takes part, as it is now; None when there is none.
    """
    if membership is None or participation is None:
        return set()
    if participation.role == Participation.Role.AGENCY:
        return AGENCY_GRANTS
    granted = GRANTS[membership.role]
    return granted | SIGNATORY_GRANTS if membership.may_sign else granted


def may(person: Person, verb: str, project: Project) -> bool:
    """Whether this person may do this to this project.

    Raises:
        LookupError: no such verb. A misspelt permission must not look like "no".
    """
    if verb not in VERBS:
        raise LookupError(f"No such verb: {verb}")
    return verb in verbs_of(person, project)


@dataclass(frozen=True)
class Acting:
    """A person who acts for an organisation on a project."""

    membership: Membership
    participation: Participation
    # Named on the project, rather than acting because they belong to one of its organisations.
    named: bool

    @property
    def person(self) -> Person:
        return self.membership.person

    @property
    def organisation(self) -> Organisation:
        return self.participation.organisation

    @property
    def role_name(self) -> str:
        return str(self.membership.get_role_display())

    @property
    def verbs(self) -> set[str]:
        return verbs_in(self.membership, self.participation)


def acting_people(
    project: Project, *, verb: str | None = None, organisation: Organisation | None = None
) -> list[Acting]:
    """Everybody who acts for somebody on this project, in the order of their names.

    The same rule as `Participation.objects.acted_by`, asked from the other end, in three queries.

    Arguments:
        verb: only those who may do this.
        organisation: only those who act for this one.

    Raises:
        LookupError: no such verb.
    """
    if verb is not None and verb not in VERBS:
        raise LookupError(f"No such verb: {verb}")
    return [
        acting
        for acting in acting_on([project])[project.pk]
        if (verb is None or verb in acting.verbs)
        and (organisation is None or organisation == acting.organisation)
    ]


def acting_on(
    projects: Iterable[Project], *, people: Collection[int] | None = None
) -> dict[int, list[Acting]]:
    """Everybody who acts for somebody on each of these projects, by the project's key. Three queries for all.

    A project that came from `access.get_project` knows `everybody` and who was `named` already.

    Arguments:
        people: only these, by their key.
    """
    projects = list(projects)
    found: dict[int, list[Acting]] = {project.pk: [] for project in projects}
    rows = [row for project in projects for row in getattr(project, "everybody", ())]
    unknown = [project.pk for project in projects if not hasattr(project, "everybody")]
    if unknown:
        rows += Participation.objects.filter(project__in=unknown).select_related("organisation")
    participations: dict[int, dict[int, Participation]] = defaultdict(dict)
    for row in rows:
        participations[row.project_id][row.organisation_id] = row
    named: dict[int, dict[int, int]] = defaultdict(dict)
    named |= {project.pk: project.named for project in projects if hasattr(project, "named")}
    names = ProjectPerson.objects.filter(project__in=[pk for pk in found if pk not in named])
    for project_id, person_id, acting_for in names.values_list("project", "person", "acting_for"):
        named[project_id][person_id] = acting_for
    members: dict[int, list[Membership]] = defaultdict(list)
    organisations = {pk for rows in participations.values() for pk in rows}
    memberships = Membership.objects.filter(organisation__in=organisations).select_related("person")
    if people is not None:
        memberships = memberships.filter(person__in=people)
    # Also those that have ended: who once belonged to another side acts for none until they are named.
    for membership in memberships.order_by("person__name", "person", "pk"):
        members[membership.organisation_id].append(membership)
    for project_id, rows in participations.items():
        belongs = Counter(membership.person_id for pk in rows for membership in members[pk])
        for pk, participation in rows.items():
            for membership in members[pk]:
                person_id = membership.person_id
                acting_for = named[project_id].get(person_id, pk if belongs[person_id] == 1 else None)
                if (
                    acting_for == pk
                    and membership.left_at is None
                    and participation.left_at is None
                    and membership.person.is_active
                ):
                    found[project_id].append(
                        Acting(membership, participation, named=person_id in named[project_id])
                    )
        found[project_id].sort(key=lambda acting: (acting.person.name, acting.person.pk))
    return found


def people_to_remind(acting: dict[int, list[Acting]]) -> dict[tuple[int, int], list[Acting]]:
    """Whom reminders go to, by project and organisation: the same people as `actions.people.whom_to_tell`.

    The Leads and Owners who are named on the project; where an organisation has named none, all of them.

    Arguments:
        acting: what `acting_on` found on these projects.
    """
    able: dict[tuple[int, int], list[Acting]] = defaultdict(list)
    for project_id, everybody in acting.items():
        for one in everybody:
            if "edit_project" in one.verbs:
                able[project_id, one.organisation.pk].append(one)
    return {key: [one for one in theirs if one.named] or theirs for key, theirs in able.items()}


def organisations_known_to(person: Person) -> QuerySet[Organisation]:
    """Groups and companies of which this person may know: their own, listed ones, and those on their projects.

    Of those that were merged, the ones that were kept.
    """
    together = Participation.objects.filter(project__in=Project.objects.visible_to(person), left_at=None)
    known = (
        Q(pk__in=Organisation.objects.visible_to(person).values("pk"))
        | Q(pk__in=together.values("organisation"))
        | Q(pk__in=together.values("organisation__merged_into"))
    )
    return Organisation.objects.current().filter(known).exclude(kind=Organisation.Kind.AGENCY)
