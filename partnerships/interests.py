"""Who is asked about their interests, what they declared, what was decided: read once, asked by actions and pages."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organisation, Person
from partnerships.models import (
    WORKING,
    Interest,
    InterestAsk,
    InterestDecision,
    InterestDeclaration,
    Participation,
    Project,
)
from partnerships.models.interests import ASKED_IN
from partnerships.permissions import Acting, acting_people

Kind = InterestDeclaration.Kind

# More than this is no list that anybody reads.
MOST_INTERESTS = 12


def asked_people(everybody: Iterable[Acting]) -> list[Acting]:
    """Who of those who act on a project is asked: whoever is named on it.

    Where an organisation has named nobody, as agencies have, its Leads and Owners are asked.
    """
    everybody = list(everybody)
    has_named = {one.organisation.pk for one in everybody if one.named}
    return [
        one
        for one in everybody
        if one.named or (one.organisation.pk not in has_named and one.membership.role in WORKING)
    ]


def last_asked(project: Project) -> dt.datetime | None:
    """When everybody was asked again the last time; None when they were asked once only."""
    return InterestAsk.objects.filter(project=project).order_by("-asked_at").values_list(
        "asked_at", flat=True
    ).first()  # fmt: skip


def undeclared_of(project: Project, organisation: Organisation) -> list[Person]:
    """Who has to declare their interests before this partner signs: of its people, and of agencies that act for it.

    Nobody of another organisation: so no side keeps another one from signing.
    """
    own = [
        one
        for one in asked_people(acting_people(project))
        if organisation.pk in (one.organisation.pk, one.participation.acts_for_id)
    ]
    asked_since = InterestAsk.objects.filter(project=OuterRef("project"), asked_at__gt=OuterRef("made_at"))
    said = InterestDeclaration.objects.filter(~Exists(asked_since), project=project)
    declared = set(said.values_list("person", flat=True))
    return [one.person for one in own if one.person.pk not in declared]


def undeclared_words(people: Iterable[Person]) -> str:
    """Why a partner can't sign yet, in one sentence; empty when nobody is missing."""
    names = [str(person) for person in people]
    if not names:
        return ""
    sentence = ngettext(
        "{names} has not declared their interests.", "{names} have not declared their interests.", len(names)
    )
    return sentence.format(names=get_text_list(names, _("and")))


@dataclass
class ShownInterest:
    """An interest that somebody has, and what was decided about it, the newest first."""

    interest: Interest
    decisions: list[InterestDecision]
    partners: list[Participation]

    @property
    def decision(self) -> InterestDecision | None:
        return self.decisions[0] if self.decisions else None

    @property
    def earlier(self) -> list[InterestDecision]:
        return self.decisions[1:]

    @property
    def waiting_for(self) -> list[Organisation]:
        """Partners that have not agreed to the newest decision."""
        if self.decision is None:
            return []
        agreed = {agreement.organisation_id for agreement in self.decision.agreements.all()}
        return [row.organisation for row in self.partners if row.organisation_id not in agreed]


@dataclass
class Declared:
    """A person on a project, and what they declared there, the newest version first."""

    person: Person
    organisation: Organisation
    role: str
    # Acts here now, and is asked.
    is_here: bool
    is_asked: bool
    since: dt.datetime | None
    # Somebody else of their organisation decides about interests.
    colleagues_decide: bool = False
    versions: list[InterestDeclaration] = field(default_factory=list)
    interests: list[ShownInterest] = field(default_factory=list)

    @property
    def newest(self) -> InterestDeclaration | None:
        return self.versions[0] if self.versions else None

    @property
    def standing(self) -> InterestDeclaration | None:
        """What the person declared themself the last time."""
        return next((version for version in self.versions if version.kind != Kind.ABSENT), None)

    @property
    def is_absent(self) -> bool:
        return self.newest is not None and self.newest.kind == Kind.ABSENT and not self.asked_again

    @property
    def asked_again(self) -> bool:
        """Whether everybody was asked again since, and they have said nothing."""
        return bool(self.newest and self.since and self.newest.made_at < self.since)

    @property
    def is_missing(self) -> bool:
        return self.is_asked and (self.newest is None or self.asked_again)

    @property
    def number(self) -> int:
        """The number of the newest version; 0 before the first."""
        return self.newest.number if self.newest else 0


def read_declared(project: Project, person: Person) -> Declared:
    """What one person declared on a project, without what was decided about it."""
    declarations = InterestDeclaration.objects.filter(project=project, person=person)
    found = list(declarations.prefetch_related("interests").order_by("-number"))
    own = Declared(person, None, "", is_here=True, is_asked=True, since=last_asked(project), versions=found)
    if own.standing:
        own.interests = [ShownInterest(one, [], []) for one in own.standing.interests.all()]
    return own


def read_interests(project: Project, reader: Participation) -> list[tuple[Participation, list[Declared]]]:
    """Everybody who is asked or has declared, by organisation, the reader's own first. Eight queries at most.

    Arguments:
        project: from `access.get_project`.
        reader: for whom the reader acts. Agencies read what their own people declared, and nothing else.
    """
    rows = project.everybody
    if reader.role == Participation.Role.AGENCY:
        rows = [row for row in rows if row.pk == reader.pk]
    shown = {row.organisation_id for row in rows}
    everybody = [one for one in acting_people(project) if one.organisation.pk in shown]
    # Nobody is asked once there are reviews, and who is named then may be so for having begun a sealed one: that is
    # for the own organisation alone to know (docs/rules.md 2).
    asked = {
        one.person.pk
        for one in asked_people(everybody)
        if project.stage in ASKED_IN or one.organisation.pk == reader.organisation_id
    }
    acting = {one.person.pk: one for one in everybody}
    since = last_asked(project)
    declarations = (
        InterestDeclaration.objects.filter(project=project, organisation__in=shown)
        .select_related("person", "made_by")
        .prefetch_related("interests")
        .order_by("-number", "pk")
    )
    people: dict[int, Declared] = {}
    for one in everybody:
        if one.person.pk in asked:
            people[one.person.pk] = Declared(
                one.person, one.organisation, one.role_name, is_here=True, is_asked=True, since=since
            )
    organisations = {row.organisation_id: row.organisation for row in rows}
    for declaration in declarations:
        here = acting.get(declaration.person_id)
        people.setdefault(
            declaration.person_id,
            Declared(
                declaration.person,
                organisations[declaration.organisation_id],
                here.role_name if here else "",
                is_here=here is not None,
                is_asked=False,
                since=since,
            ),
        ).versions.append(declaration)
    able = [(one.organisation.pk, one.person.pk) for one in everybody if "decide_interests" in one.verbs]
    for one in people.values():
        one.colleagues_decide = any(
            organisation == one.organisation.pk and person != one.person.pk for organisation, person in able
        )
    _add_decisions(project, people.values())
    teams = defaultdict(list)
    for one in sorted(people.values(), key=lambda one: (not one.is_here, str(one.person), one.person.pk)):
        teams[one.organisation.pk].append(one)
    rows = sorted(rows, key=lambda row: (row.pk != reader.pk, row.side != reader.side, row.pk))
    return [
        (row, teams[row.organisation_id]) for row in rows if teams[row.organisation_id] or not row.left_at
    ]


def _add_decisions(project, people):
    decisions = defaultdict(list)
    found = InterestDecision.objects.filter(interest__declaration__project=project)
    found = found.select_related("organisation", "written_by").prefetch_related("agreements")
    for decision in found.order_by("-number"):
        decisions[decision.interest_id].append(decision)
    for one in people:
        if one.standing:
            one.interests = [
                ShownInterest(interest, decisions[interest.root_id], project.partners)
                for interest in one.standing.interests.all()
            ]
