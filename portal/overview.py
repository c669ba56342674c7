"""What the first page of a project shows, asked together: a constant number of queries."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, FilteredRelation, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.days import local_day
from accounts.models import Person
from evaluations.actions.asking import Asked, asked_on
from evaluations.check_ins import MOST_CALLS, calls_for_reader
from evaluations.models import Call, CarriedItem
from partnerships.actions.plan import OPEN_TO_CHANGE
from partnerships.actions.stages import what_blocks
from partnerships.frame import TurnLine, others_on, sealed_review_url, turn_line
from partnerships.models import AgencyBrief, Participation, PlanPart, Project, TalkEntry
from partnerships.permissions import Acting, acting_people
from partnerships.plan import PartState, Plan, plan_of
from partnerships.talk import latest_and_decided
from partnerships.uses import InShort, permissions_in_short, read_permissions
from portal.history import STAGE_CHANGED, Line, events_of, line_of
from portal.links import address_of_turn

Stage = Project.Stage

STAGES = (Stage.SHAPE, Stage.AGREE, Stage.CONTRACT, Stage.DELIVER, Stage.REVIEW, Stage.LEARN)
NEWEST = 30
ALL = 2000
MONEY = "money"


@dataclass(frozen=True)
class Team:
    """An organisation on the project with its people."""

    participation: Participation
    people: list[Acting]
    # Of an agency: what it does here, as far as the reader may know, and whether they write that down.
    brief: AgencyBrief | None = None
    shows_brief: bool = False
    may_brief: bool = False


def stages_of(project: Project, events) -> list[dict]:
    """The six stages for the timeline: what is done, when it ended, and where the project is."""
    entered = {}
    last = None
    for event in sorted(events, key=lambda event: (event.at, event.pk)):
        if event.verb == STAGE_CHANGED:
            entered[event.detail.get("after")] = event.at
            last = event.detail.get("before")
    reached = project.stage
    if project.stage == Stage.WITHDRAWN:
        reached = last
    number = STAGES.index(reached) if reached in STAGES else len(STAGES)
    stages = []
    for index, stage in enumerate(STAGES):
        done = index < number
        here = index == number and project.stage != Stage.WITHDRAWN
        following = STAGES[index + 1] if index + 1 < len(STAGES) else Stage.COMPLETED
        ended = entered.get(following) if done else None
        when = ""
        if here:
            when = _("since {day}").format(day=_short(project.stage_since, project))
        elif ended:
            when = _short(ended, project)
        stages.append(
            {
                "name": stage.label,
                "state": "done" if done else "now" if here else "todo",
                "when": when,
                "fact": _fact(project, stage) if here or not done else "",
            }
        )
    return stages


def _short(at, project):
    return date_format(local_day(at, project.zone), "j M Y")


def _fact(project, stage):
    if stage == Stage.DELIVER and project.ends_on:
        return _("until {day}").format(day=date_format(project.ends_on, "j M Y"))
    if stage == Stage.REVIEW and project.stage == Stage.REVIEW and project.review_due_on:
        return _("due {day}").format(day=date_format(project.review_due_on, "j M Y"))
    return ""


def plan_rows(project: Project, plan: Plan) -> list[dict]:
    """The plan part by part, as rows of a summary: what holds, how far it is agreed, and where to change it."""
    may_write = "write_plan" in project.verbs
    rows = []
    for part in plan.parts:
        row = {"label": part.rule.label, "value": text_of(part, project), "note": state_of(part, project)}
        if part.standing is None:
            row["missing"] = _("Not written yet")
        if may_write and project.stage in (Stage.SHAPE, *OPEN_TO_CHANGE):
            name = "partnerships:plan_who" if part.rule.code == "who" else "partnerships:plan_part"
            args = [project.reference] if part.rule.code == "who" else [project.reference, part.rule.code]
            row["url"] = reverse(name, args=args)
            row["action"] = _("Write") if part.standing is None else _("Change")
        rows.append(row)
    return rows


def text_of(part: PartState, project: Project) -> str:
    """What holds of a part in a few lines. Amounts only for partners: an agency neither pays nor receives."""
    lines = []
    for row in part.standing_rows():
        if row.is_money and not sees_money(project):
            continue
        if part.rule.code in ("who", "what", "learnings"):
            lines.append(row.value)
        elif row.column:
            side = Participation.Side(row.column).label
            lines.append(f"{side}, {row.label.lower()}: {row.value}")
        else:
            lines.append(
                f"{row.label} {row.value}" if row.label.endswith("?") else f"{row.label}: {row.value}"
            )
    return "\n".join(lines)


def sees_money(project: Project) -> bool:
    """Whether the reader acts for somebody who pays or receives."""
    return project.acting is not None and project.acting.role == Participation.Role.PARTNER


def state_of(part: PartState, project: Project) -> str:
    """How far a part is agreed, in one sentence."""
    if part.current is None:
        return ""
    if project.stage == Stage.SHAPE:
        return _("Complete") if part.is_complete else _("Not complete yet")
    names = get_text_list([organisation.name for organisation in part.waiting_for], _("and"))
    if part.suggestion is not None:
        return _("Change waits for {names}.").format(names=names)
    if part.agreed is not None and part.agreed.pk != part.current.pk:
        return _("Change waits for {names}.").format(names=names)
    if part.is_agreed:
        return _("Agreed on {day}.").format(day=date_format(local_day(part.agreed_at, project.zone), "j F Y"))
    if names:
        return _("Not agreed yet. Waits for {names}.").format(names=names)
    return _("Not agreed yet.")


def teams_of(project: Project) -> list[Team]:
    """Everybody on the project by organisation, the reader's own side first."""
    people = acting_people(project)
    briefs, own = _briefs_of(project), project.acting
    teams = [
        Team(
            row,
            [acting for acting in people if acting.organisation.pk == row.organisation_id],
            brief=briefs.get(row.pk),
            shows_brief=row.acts_for_id is not None and (sees_money(project) or row.pk in briefs),
            may_brief="brief_agency" in project.verbs and row.acts_for_id == own.organisation_id,
        )
        for row in project.everybody
        if row.left_at is None
    ]
    return sorted(teams, key=lambda team: own is None or team.participation.side != own.side)


def _briefs_of(project):
    """What agencies do here, by their participation. Partners read all, an agency its own; nobody else any."""
    agencies = [row.pk for row in project.everybody if row.acts_for_id and row.left_at is None]
    if not sees_money(project):
        agencies = [pk for pk in agencies if project.acting is not None and pk == project.acting.pk]
    if not agencies:
        return {}
    newest = AgencyBrief.objects.newest().filter(participation__in=agencies)
    return {brief.participation_id: brief for brief in newest}


def carried_into(project: Project, *, known: bool | None = None) -> Iterable[CarriedItem]:
    """Promises and learnings that came from earlier projects, as far as the reader may know of them.

    Arguments:
        known: whether there are any, where the page has asked already.
    """
    carried = CarriedItem.objects.filter(project=project)
    # Most projects have none, and who may read one takes longer to ask than whether there is any.
    if not sees_money(project) or not (carried.exists() if known is None else known):
        return []
    return (
        carried.readable_by(project.acting.organisation)
        .select_related("promise__organisation", "part")
        .order_by("pk")
    )


def brings(plan: Plan) -> bool:
    """Whether a wording of the plan, agreed or not, brings something along from an earlier project."""
    versions = [version for part in plan.parts for version in (part.current, part.agreed) if version]
    return any(
        version.code == PlanPart.Code.LEARNINGS and version.values.get("items") for version in versions
    )


@dataclass(frozen=True)
class Overview:
    """Everything on the page."""

    turn: TurnLine
    turn_url: str
    # Its start date has passed without a contract that counts.
    is_unsigned: bool
    stages: list[dict]
    blocks: list[str]
    # What became of the reviews of a project that was withdrawn before all were sent.
    review_url: str
    plan: list[dict]
    teams: list[Team]
    # Where permissions to use a name or a logo stand; None for who may not know, and while there is nobody to ask.
    permissions: InShort | None
    asked: list[Asked]
    # The day of the next check-in, if one comes, and the calls that matter now. For partners alone.
    next_check_in: dt.date | None
    calls: Sequence[Call]
    carried: list[CarriedItem]
    # The newest of Talk, and the newest decisions that stand; none for who reads nothing of it.
    talk: list[TalkEntry]
    decisions: list[TalkEntry]
    has_talk: bool
    history: list[Line]
    has_more_history: bool


def read_overview(project: Project, organisations, *, person: Person, everything: bool = False) -> Overview:
    """Read the overview of a project that came from `access.get_project`.

    Arguments:
        organisations: for which the reader acts; they decide which lines of history may be read.
        person: the reader: of Talk and its history they learn of the concerns that name them.
        everything: the whole history, not only its newest lines.
    """
    limit = ALL if everything else NEWEST
    is_partner = sees_money(project)
    running = read_running(project, timezone.now()) if is_partner else Running()
    events = list(events_of(project, organisations, limit=limit + 1, contracts=is_partner, person=person))
    turn, plan = turn_line(project), plan_of(project)
    newest = events[:limit]
    has_talk = is_partner and project.origin == Project.Origin.WORKSPACE
    talk, decisions = latest_and_decided(project, person) if has_talk else ([], [])
    return Overview(
        turn=turn,
        turn_url=address_of_turn(turn.turn, project) if turn.turn else "",
        is_unsigned=project.started_without_agreement(at=timezone.now()),
        stages=stages_of(project, events),
        # What a contract still needs is nothing for an agency to read.
        blocks=what_blocks(project) if is_partner or project.stage != Stage.CONTRACT else [],
        review_url=sealed_review_url(project),
        plan=plan_rows(project, plan),
        teams=teams_of(project),
        permissions=permissions_of(project) if is_partner else None,
        asked=asked_of_reader(project) if project.stage == Stage.REVIEW and is_partner else [],
        next_check_in=running.next_check_in,
        calls=running.calls,
        carried=list(
            carried_into(project, known=brings(plan) if running.has_carried is None else running.has_carried)
        ),
        talk=talk,
        decisions=decisions,
        has_talk=has_talk,
        history=[line_of(event) for event in newest],
        has_more_history=len(events) > limit,
    )


def permissions_of(project: Project) -> InShort | None:
    """Where permissions to use a name or a logo stand."""
    if project.origin != Project.Origin.WORKSPACE or not others_on(project):
        return None
    return permissions_in_short(read_permissions(project, timezone.now()))


@dataclass(frozen=True)
class Running:
    """What is to come on a project in Deliver."""

    next_check_in: dt.date | None = None
    calls: Sequence[Call] = ()
    # Whether anything was brought from earlier projects; None where nobody has asked.
    has_carried: bool | None = None


def read_running(project: Project, at: dt.datetime) -> Running:
    """The next check-in, the calls that matter now, and whether anything was carried in: asked in one query.

    The calls know their organisation, and nobody's name.
    """
    if project.stage != Stage.DELIVER:
        return Running()
    calls = FilteredRelation("calls", condition=~Q(calls__state=Call.State.LAPSED))
    names = ["pk", "organisation_id", "state", "first_at", "second_at", "third_at", "picked_at", "words"]
    names += ["answered_at", "answered_for_id"]
    rows = (
        Project.objects.filter(pk=project.pk)
        .annotate(call=calls, carried=Exists(CarriedItem.objects.filter(project=OuterRef("pk"))))
        .order_by("-call__pk")
        .values_list("check_in_schedule__next_on", "carried", *(f"call__{name}" for name in names))
    )[:MOST_CALLS]
    rows = list(rows)
    organisations = {row.organisation_id: row.organisation for row in project.everybody}
    found = []
    for _next_on, _carried, *values in rows:
        if values[0] is not None:
            call = Call(project=project, **dict(zip(names, values, strict=True)))
            call.organisation = organisations[call.organisation_id]
            call.answered_for = organisations.get(call.answered_for_id)
            found.append(call)
    return Running(rows[0][0], calls_for_reader(project, found, at=at), rows[0][1])


def asked_of_reader(project: Project) -> list[Asked]:
    """What the reader's organisation is asked by others that have sent their review."""
    own = project.acting.organisation
    return [asked for asked in asked_on(project, at=timezone.now()) if own in asked.waiting]


def day_there(project: Project, at: dt.datetime) -> dt.date:
    """Today, as the project counts its days."""
    return local_day(at, project.zone)
