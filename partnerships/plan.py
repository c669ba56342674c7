"""The plan of a project as it stands: read once, asked by actions, pages and lists."""

from dataclasses import dataclass, field

from django.db.models import Exists, Max, OuterRef, Prefetch, Q, Subquery, prefetch_related_objects

from accounts.models import Organisation
from partnerships.models import (
    Participation,
    PlanAgreement,
    PlanPart,
    PlanSuggestion,
    Project,
    ProjectInvitation,
)
from partnerships.rulesets.plan import PARTS, Part, Row, rows_of

Stage = Project.Stage

# Stages in which partners may still come.
STILL_JOINING = (Stage.SHAPE, Stage.AGREE, Stage.CONTRACT, Stage.DELIVER)


@dataclass
class PartState:
    """One part: what is read now, what was agreed by all before it, and what is suggested."""

    rule: Part
    partners: list[Organisation]
    everybody_here: bool = False
    # The newest version, and the newest one to which all partners have agreed.
    current: PlanPart | None = None
    agreed: PlanPart | None = None
    agreements: dict[int, PlanAgreement] = field(default_factory=dict)
    suggestion: PlanSuggestion | None = None

    @property
    def version(self) -> int:
        return self.current.version if self.current else 0

    @property
    def values(self) -> dict:
        return self.current.values if self.current else {}

    @property
    def is_complete(self) -> bool:
        return self.current is not None and self.current.complete

    @property
    def standing(self) -> PlanPart | None:
        """What holds now: the version agreed by all, until a later one is."""
        return self.agreed or self.current

    @property
    def waiting_for(self) -> list[Organisation]:
        """Partners who have to say something about this part before it is agreed."""
        if self.current is None:
            return []
        if self.suggestion is not None:
            return [partner for partner in self.partners if partner.pk != self.suggestion.organisation_id]
        return [partner for partner in self.partners if partner.pk not in self.agreements]

    def partners_but(self, organisation: Organisation) -> list[Organisation]:
        """The other partners."""
        return [partner for partner in self.partners if partner != organisation]

    @property
    def is_agreed(self) -> bool:
        """Every partner has said yes to this version, and nobody suggests another."""
        return self.is_complete and self.everybody_here and self.suggestion is None and not self.waiting_for

    @property
    def agreed_at(self):
        return max((agreement.agreed_at for agreement in self.agreements.values()), default=None)

    def rows(self) -> list[Row]:
        """What is read now, line by line."""
        return rows_of(self.rule, self.values)

    def standing_rows(self) -> list[Row]:
        """What holds now, line by line."""
        return rows_of(self.rule, self.standing.values) if self.standing else []

    def compared(self) -> list[Row]:
        """What is suggested beside what is read now; or what is read now beside what was agreed before."""
        if self.suggestion is not None:
            return rows_of(self.rule, self.suggestion.values, self.values)
        if self.agreed is not None and self.agreed.pk != self.current.pk:
            return rows_of(self.rule, self.values, self.agreed.values)
        return []


@dataclass
class Plan:
    """All six parts, who takes part, and who was invited and has not come."""

    parts: list[PartState]
    partners: list[Participation]
    invited: list[ProjectInvitation]
    # Who declined, and was neither asked again nor left out for good.
    said_no: list[ProjectInvitation] = field(default_factory=list)

    @property
    def organisations(self) -> list[Organisation]:
        return [participation.organisation for participation in self.partners]

    @property
    def has_both_sides(self) -> bool:
        return {participation.side for participation in self.partners} == {"group", "company"}

    @property
    def everybody_here(self) -> bool:
        return self.has_both_sides and not self.invited

    @property
    def is_complete(self) -> bool:
        return all(part.is_complete for part in self.parts)

    @property
    def is_agreed(self) -> bool:
        return all(part.is_agreed for part in self.parts)

    def part(self, code: str) -> PartState:
        """The state of one part.

        Raises:
            KeyError: there is no such part.
        """
        return {state.rule.code: state for state in self.parts}[code]

    def owed_by(self, organisation: Organisation) -> list[PartState]:
        """Parts about which this partner has to say something."""
        return [part for part in self.parts if organisation in part.waiting_for]


def plan_of(project: Project) -> Plan:
    """The plan for a page that only shows it: read once for this project in memory."""
    if not hasattr(project, "_plan"):
        project._plan = read_plan(project, partners=getattr(project, "partners", None))
    return project._plan


def read_plan(project: Project, *, partners: list[Participation] | None = None) -> Plan:
    """Read a plan, in five queries however many versions it has; fewer where nothing is agreed or suggested, or any more.

    Arguments:
        partners: participations of the partners with their organisations, where they are known already.
    """
    if partners is None:
        partners = list(
            project.participations.partners().select_related("organisation").order_by("side", "pk")
        )
    invitations = []
    if project.stage in STILL_JOINING:
        invitations = list(
            ProjectInvitation.objects.filter(project=project)
            .select_related("invitation__organisation")
            .order_by("invitation")
        )
    invited = [row for row in invitations if row.is_pending]
    # An address that was invited anew is told by its newest invitation.
    newest_of = {row.invitation.email: row for row in invitations}
    organisations = [participation.organisation for participation in partners]
    everybody_here = not invited and {p.side for p in partners} == {"group", "company"}
    states = {
        rule.code: PartState(rule=rule, partners=organisations, everybody_here=everybody_here)
        for rule in PARTS
    }
    newest = (
        PlanPart.objects.filter(project=OuterRef("project"), code=OuterRef("code"))
        .order_by()
        .values("code")
        .annotate(newest=Max("version"))
        .values("newest")
    )
    open_ones = PlanSuggestion.objects.filter(state=PlanSuggestion.State.OPEN).select_related(
        "organisation", "person"
    )
    rows = list(
        PlanPart.objects.filter(project=project)
        .filter(Q(version=Subquery(newest)) | Q(agreed_at__isnull=False))
        .annotate(has_suggestion=Exists(open_ones.filter(part=OuterRef("pk"))))
        .select_related("organisation")
        .order_by("version")
        .prefetch_related("agreements")
    )
    # Most plans have none: then nothing more is asked.
    suggested = [row for row in rows if row.has_suggestion]
    prefetch_related_objects(suggested, Prefetch("suggestions", open_ones, to_attr="open_suggestions"))
    ours = {organisation.pk for organisation in organisations}
    for row in rows:
        state = states[row.code]
        state.current = row
        if row.agreed_at is not None:
            state.agreed = row
        state.agreements = {
            agreement.organisation_id: agreement
            for agreement in row.agreements.all()
            if agreement.organisation_id in ours
        }
        state.suggestion = row.open_suggestions[0] if row.has_suggestion else None
    return Plan(
        parts=list(states.values()),
        partners=partners,
        invited=invited,
        said_no=[row for row in newest_of.values() if row.said_no],
    )
