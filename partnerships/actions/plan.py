"""Writing the plan, sending it, agreeing to it. Other words for a part: see `suggestions`."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Organisation, Person
from accounts.notices import owe
from partnerships.actions.joining import bring_in, set_time_zone
from partnerships.actions.people import acting_organisation, everybody_to_tell
from partnerships.actions.stages import BLOCKS, enter_stage
from partnerships.actions.turns import give_turn, take_turn
from partnerships.models import PlanAgreement, PlanPart, Project, Turn
from partnerships.plan import PartState, Plan, plan_of, read_plan
from partnerships.rulesets.plan import WHEN, WHO, is_complete, missing_of, part_of

Stage = Project.Stage

# Stages in which the plan is agreed, or changed with everybody's word.
OPEN_TO_CHANGE = (Stage.AGREE, Stage.CONTRACT, Stage.DELIVER)

# What happens when all partners have agreed to a version of a part: hook(project, part, *, actor, at), by the part's code.
AGREED: dict[str, list[Callable[..., None]]] = defaultdict(list)
# What happens when a version of a part is written: hook(project, part, *, actor, at), by the part's code.
WRITTEN: dict[str, list[Callable[..., None]]] = defaultdict(list)


@dataclass(frozen=True)
class Offer:
    """A promise or learning from an earlier project that may be brought into a new one."""

    key: str
    text: str
    note: str = ""
    ticked: bool = False


# What the part "Learnings to bring" offers: hook(project, organisation) → offers.
OFFERS: list[Callable[[Project, Organisation], list[Offer]]] = []


class CannotChangePlan(Exception):
    """The plan can't be written now."""


class CannotSendPlan(Exception):
    """The plan can't be sent now."""


class CannotAgree(Exception):
    """The part can't be agreed to now."""


class PartChanged(Exception):
    """Somebody wrote another version, or another suggestion, since this one was read."""


def offers_for(project: Project, organisation: Organisation) -> list[Offer]:
    """What may be brought into this project from earlier ones."""
    return [offer for hook in OFFERS for offer in hook(project, organisation)]


@transaction.atomic
def save_part(
    project: Project, code: str, *, values: dict, base: int, actor: Person, at: dt.datetime
) -> PlanPart:
    """Write a part while the plan takes shape. Half a part is saved too: it counts once it is complete.

    Arguments:
        base: the version that was read, 0 for none.

    Raises:
        CannotChangePlan: the plan was sent: a change is suggested now.
        PartChanged: there is a newer version than the one that was read.
        ActsForNobody: the person acts for no partner.
    """
    project = Project.objects.select_for_update().get(pk=project.pk)
    organisation = acting_organisation(project, actor, at)
    if project.stage != Stage.SHAPE:
        raise CannotChangePlan(_("This plan was sent. Suggest a change instead."))
    current = project.plan_parts.filter(code=code).order_by("-version").first()
    if current is not None and current.values == values:
        return current
    if base != (current.version if current else 0):
        raise PartChanged(_("Somebody changed this part since you opened it."))
    return write_version(project, code, values=values, actor=actor, organisation=organisation, at=at)


def write_version(
    project: Project, code: str, *, values: dict, actor: Person, organisation: Organisation, at: dt.datetime
) -> PlanPart:
    """Write the next version of a part of a project whose row the caller has locked."""
    part = next_version(project, code, values, actor, organisation, at)
    record(
        "plan.saved", part, actor=actor, at=at, project=project, organisation=organisation, part=code,
        before=part.version - 1, after=part.version,
    )  # fmt: skip
    for hook in WRITTEN[code]:
        hook(project, part, actor=actor, at=at)
    return part


def next_version(
    project: Project, code: str, values: dict, person: Person, organisation: Organisation, at: dt.datetime
) -> PlanPart:
    """The next version of a part, of which no history tells yet."""
    before = (
        project.plan_parts.filter(code=code).order_by("-version").values_list("version", flat=True).first()
    )
    return PlanPart.objects.create(
        project=project,
        code=code,
        version=(before or 0) + 1,
        values=values,
        written_by=person,
        organisation=organisation,
        written_at=at,
        complete=is_complete(part_of(code), values),
    )


@transaction.atomic
def send_plan(project: Project, *, actor: Person, at: dt.datetime) -> Project:
    """Send a complete plan to the partners. Who sends it agrees to it. Sending twice is sending once.

    Raises:
        CannotSendPlan: parts are missing, or the project is past that stage.
        ActsForNobody: the person acts for no partner.
    """
    project = Project.objects.select_for_update().get(pk=project.pk)
    organisation = acting_organisation(project, actor, at)
    plan = read_plan(project)
    if project.stage == Stage.AGREE and not plan.owed_by(organisation):
        return project
    if project.stage != Stage.SHAPE:
        raise CannotSendPlan(_("This plan was sent before."))
    missing = [str(part.rule.label) for part in plan.parts if not part.is_complete]
    if missing:
        raise CannotSendPlan(_("Still missing: {parts}.").format(parts=get_text_list(missing, _("and"))))
    PlanAgreement.objects.bulk_create(
        PlanAgreement(part=part.current, organisation=organisation, person=actor, agreed_at=at)
        for part in plan.parts
    )
    record("plan.sent", project, actor=actor, at=at, project=project, organisation=organisation)
    enter_stage(project, Stage.AGREE, actor=actor, at=at)
    settle(project, actor=actor, organisation=organisation, at=at)
    newest = max(part.current.pk for part in plan.parts)
    for person in everybody_to_tell(project, but=organisation):
        owe(
            person,
            kind="plan_sent",
            key=f"plan-sent:{project.pk}:{newest}:p{person.pk}",
            at=at,
            project=project,
            title=project.title,
            reference=project.reference,
            organisation=organisation.name,
        )
    return project


@transaction.atomic
def agree_part(project: Project, code: str, *, version: int, actor: Person, at: dt.datetime) -> PartState:
    """Agree to a version of a part. The last partner's word on the last part ends Agree. Agreeing twice is once.

    Raises:
        CannotAgree: the plan was not sent or the project is past it, or a suggestion waits for an answer.
        PartChanged: this is not the version that is read now.
        ActsForNobody: the person acts for no partner.
    """
    project = Project.objects.select_for_update().get(pk=project.pk)
    organisation = acting_organisation(project, actor, at)
    if project.stage not in OPEN_TO_CHANGE:
        raise CannotAgree(_("There is nothing to agree to now."))
    state = read_plan(project).part(code)
    if not state.is_complete:
        raise CannotAgree(_("There is nothing to agree to now."))
    if state.version != version:
        raise PartChanged(_("Somebody changed this part since you opened it."))
    if organisation.pk in state.agreements:
        return state
    if state.suggestion is not None:
        raise CannotAgree(_("A change was suggested. Settle that first."))
    PlanAgreement.objects.create(part=state.current, organisation=organisation, person=actor, agreed_at=at)
    record(
        "plan.agreed", state.current, actor=actor, at=at, project=project, organisation=organisation,
        part=code, version=version,
    )  # fmt: skip
    return settle(project, actor=actor, organisation=organisation, at=at).part(code)


def settle(project: Project, *, actor: Person, organisation: Organisation, at: dt.datetime) -> Plan:
    """Draw the conclusions from what the plan says now: what is agreed holds, whose turn it is, which stage it is.

    For a project whose row the caller has locked. Doing it again changes nothing.
    """
    plan = read_plan(project)
    who = plan.part(WHO.code)
    if who.current and not who.waiting_for and not who.suggestion:
        if bring_in(project, who.values, actor=actor, organisation=organisation, at=at):
            plan = read_plan(project)
    for part in plan.parts:
        if part.is_agreed and part.current.agreed_at is None:
            part.current.agreed_at = at
            part.current.save(update_fields=["agreed_at"])
            part.agreed = part.current
            if part.rule is WHEN:
                _take_over_dates(project, part.values)
            for hook in AGREED[part.rule.code]:
                hook(project, part.current, actor=actor, at=at)
    for partner in plan.organisations:
        if plan.owed_by(partner):
            give_turn(project, partner, Turn.Kind.PLAN, at=at)
        else:
            take_turn(project, Turn.Kind.PLAN, organisation=partner, at=at)
    if project.stage == Stage.AGREE and plan.is_agreed:
        enter_stage(project, Stage.CONTRACT, actor=actor, at=at)
        _tell_that_all_agreed(project, plan, at)
    elif project.stage == Stage.CONTRACT and not plan.is_agreed:
        enter_stage(project, Stage.AGREE, actor=actor, at=at)
    return plan


def _take_over_dates(project, values):
    project.starts_on = dt.date.fromisoformat(values["starts_on"])
    project.ends_on = dt.date.fromisoformat(values["ends_on"])
    project.save(update_fields=["starts_on", "ends_on"])
    set_time_zone(project)


def _tell_that_all_agreed(project, plan, at):
    newest = max(part.current.pk for part in plan.parts)
    for person in everybody_to_tell(project):
        owe(
            person,
            kind="plan_agreed",
            key=f"plan-agreed:{project.pk}:{newest}:p{person.pk}",
            at=at,
            project=project,
            title=project.title,
            reference=project.reference,
        )


# Why Shape and Agree have not ended -----------------------------------------------------------------


def _what_shape_waits_for(project: Project) -> list[str]:
    reasons = []
    for part in plan_of(project).parts:
        if part.current is None:
            reasons.append(_("{part}: not started.").format(part=part.rule.label))
        elif not part.is_complete:
            missing = [str(field.label) for field in missing_of(part.rule, part.values)]
            reasons.append(
                _("{part}: not complete. {missing}")
                .format(part=part.rule.label, missing=" ".join(missing))
                .strip()
            )
    return reasons or [_("The plan was not sent yet.")]


def what_agreement_waits_for(plan: Plan) -> list[str]:
    """Why a plan is not agreed, as sentences; empty when it is."""
    reasons = []
    for invitation in plan.invited:
        reasons.append(_("{name} has not joined yet.").format(name=invitation.invitation.organisation.name))
    for side, sentence in (
        ("group", _("No patient group takes part.")),
        ("company", _("No company takes part.")),
    ):
        if not plan.invited and side not in {participation.side for participation in plan.partners}:
            reasons.append(sentence)
    for part in plan.parts:
        if part.waiting_for:
            names = get_text_list([organisation.name for organisation in part.waiting_for], _("and"))
            reasons.append(
                _("{part} waits for {organisations}.").format(part=part.rule.label, organisations=names)
            )
    return reasons


def _what_agree_waits_for(project: Project) -> list[str]:
    return what_agreement_waits_for(plan_of(project))


BLOCKS[Stage.SHAPE].append(_what_shape_waits_for)
BLOCKS[Stage.AGREE].append(_what_agree_waits_for)
