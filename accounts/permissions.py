"""Who may do what in their own organisation: one table for groups, companies and agencies. Who needs a second factor."""

from collections import defaultdict
from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from accounts.models import Membership, Organisation, Person

Role = Membership.Role

# Say how the own organisation works, and ask another one to: the work of Leads, on either side.
DESCRIBING = {"write_how_we_work", "ask_how_they_work"}
# Ask for funding or propose it, and answer who asks: on either side as well.
FUNDING = {"settle_funding"}
GRANTS: dict[str, set[str]] = {
    Role.READER: set(),
    Role.LEAD: {*DESCRIBING, *FUNDING},
    Role.OWNER: {
        *DESCRIBING,
        *FUNDING,
        "edit_organisation",
        "invite_member",
        "change_member",
        "remove_member",
        "decide_join_request",
    },
}

VERBS = set().union(*GRANTS.values())


def membership_of(person: Person, organisation: Organisation) -> Membership | None:
    """The person's membership in this organisation; None when there is none, or it has ended."""
    return Membership.objects.current().filter(person=person, organisation=organisation).first()


def verbs_of(person: Person, organisation: Organisation) -> set[str]:
    """Everything this person may do in this organisation."""
    membership = membership_of(person, organisation)
    return GRANTS[membership.role] if membership else set()


def may(person: Person, verb: str, organisation: Organisation) -> bool:
    """Whether this person may do this in this organisation.

    Raises:
        LookupError: no such verb. A misspelt permission must not look like "no".
    """
    if verb not in VERBS:
        raise LookupError(f"No such verb: {verb}")
    return verb in verbs_of(person, organisation)


def people_who_may(verb: str, organisations: Iterable[Organisation]) -> dict[int, list[Person]]:
    """Members who may do this in each of these organisations, by its key, in the order of their names. One query.

    Raises:
        LookupError: no such verb.
    """
    if verb not in VERBS:
        raise LookupError(f"No such verb: {verb}")
    found: dict[int, list[Person]] = defaultdict(list)
    memberships = Membership.objects.current().filter(
        organisation__in=organisations,
        role__in=[role for role, granted in GRANTS.items() if verb in granted],
        person__is_active=True,
    )
    for membership in memberships.select_related("person").order_by("person__name", "person"):
        found[membership.organisation_id].append(membership.person)
    return found


SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def with_second_factor(people: QuerySet[Person]) -> QuerySet[Person]:
    """Annotate people with `needs_second_factor` (staff and signatories) and `has_second_factor`."""
    signs = Membership.objects.current().filter(person=OuterRef("pk"), may_sign=True)
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)
    return people.annotate(
        needs_second_factor=ExpressionWrapper(Q(is_staff=True) | Exists(signs), output_field=BooleanField()),
        has_second_factor=Exists(factors),
    )
