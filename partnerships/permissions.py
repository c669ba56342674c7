"""Who may do what on a project: one table for both sides."""

from accounts.models import Membership, Person
from partnerships.models import Participation, Project

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
        "record_signature",
        "record_result",
        "close_project",
        "withdraw_project",
        "write_review",
        "send_review",
        "reply_to_results",
        "write_conclusion",
        "sign_conclusion",
        "settle_promise",
    },
}
GRANTS[Role.OWNER] = GRANTS[Role.LEAD]

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
    if participation.role == Participation.Role.AGENCY:
        return AGENCY_GRANTS
    role = (
        Membership.objects.current()
        .filter(person=person, organisation=participation.organisation_id)
        .values_list("role", flat=True)
        .first()
    )
    return GRANTS.get(role, set())


def may(person: Person, verb: str, project: Project) -> bool:
    """Whether this person may do this to this project.

    Raises:
        LookupError: no such verb. A misspelt permission must not look like "no".
    """
    if verb not in VERBS:
        raise LookupError(f"No such verb: {verb}")
    return verb in verbs_of(person, project)
