"""Who takes part, as the plan's part Who says it: choosing partners, and naming who shall be invited."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Membership, Organisation, Person
from partnerships.actions.people import acting_organisation
from partnerships.actions.plan import OPEN_TO_CHANGE, CannotChangePlan, write_version
from partnerships.actions.suggestions import suggest_part
from partnerships.models import Project, ProjectInvitation
from partnerships.permissions import organisations_known_to
from partnerships.plan import Plan, read_plan
from partnerships.rulesets.plan import WHO

Stage = Project.Stage


class CannotChoosePartner(Exception):
    """This organisation can't be chosen as a partner."""


def who_now(plan: Plan, organisation: Organisation) -> dict:
    """Who takes part, as this partner would write it: everybody there, and those it has chosen so far."""
    state = plan.part(WHO.code)
    values = state.values
    if state.suggestion is not None and state.suggestion.organisation_id == organisation.pk:
        values = state.suggestion.values
    here = {
        participation.organisation_id: {
            "id": participation.organisation_id,
            "name": participation.organisation.name,
            "side": participation.side,
        }
        for participation in plan.partners
    }
    chosen = [entry for entry in values.get("partners", ()) if entry["id"] not in here]
    return {"partners": [*here.values(), *chosen], "invited": list(values.get("invited", ()))}


def organisations_to_choose(person: Person) -> QuerySet[Organisation]:
    """Organisations this person may know that have somebody to answer. The others are invited."""
    answering = Membership.objects.current().exclude(role=Membership.Role.READER)
    return organisations_known_to(person).filter(pk__in=answering.values("organisation"))


@transaction.atomic
def choose_partner(project: Project, partner: Organisation, *, actor: Person, at: dt.datetime) -> None:
    """Name an organisation as a partner. It comes onto the project when the plan is sent, or everybody agrees.

    Raises:
        CannotChoosePartner: the person may not know it, or it is there already.
        CannotChangePlan: the project is past planning.
        PartChanged: another partner suggests a change of who takes part.
        ActsForNobody: the person acts for no partner.
    """
    project, organisation, plan = _open_plan(project, actor, at)
    values = who_now(plan, organisation)
    if not organisations_to_choose(actor).filter(pk=partner.pk).exists():
        raise CannotChoosePartner(_("Choose an organisation from the list."))
    if partner.pk in {entry["id"] for entry in values["partners"]}:
        return
    values["partners"].append({"id": partner.pk, "name": partner.name, "side": partner.kind})
    _write_who(project, plan, values, organisation, actor, at)


@transaction.atomic
def invite_partner(
    project: Project, *, name: str, side: str, email: str, message: str = "", actor: Person, at: dt.datetime
) -> None:
    """Name an organisation that is not here yet. One of its people gets an invitation once the plan is sent.

    Raises:
        CannotChoosePartner: the address is on the list already, or has joined.
        CannotChangePlan: the project is past planning.
        PartChanged: another partner suggests a change of who takes part.
        ActsForNobody: the person acts for no partner.
    """
    project, organisation, plan = _open_plan(project, actor, at)
    values = who_now(plan, organisation)
    entry = {"name": name, "side": side, "email": email, "message": message}
    if entry in values["invited"]:
        return
    if email in {other["email"] for other in values["invited"]}:
        raise CannotChoosePartner(_("This address is on the list already."))
    if ProjectInvitation.objects.accepted().filter(project=project, invitation__email=email).exists():
        raise CannotChoosePartner(_("Whoever has this address has joined already."))
    values["invited"].append(entry)
    _write_who(project, plan, values, organisation, actor, at)


@transaction.atomic
def leave_out_partner(project: Project, key: str, *, actor: Person, at: dt.datetime) -> None:
    """Take back that somebody was chosen, as long as they are not on the project.

    Arguments:
        key: an organisation's id, or the address that would be invited.

    Raises:
        CannotChoosePartner: they take part already.
        CannotChangePlan: the project is past planning.
        ActsForNobody: the person acts for no partner.
    """
    project, organisation, plan = _open_plan(project, actor, at)
    if key in {str(partner.pk) for partner in plan.organisations}:
        raise CannotChoosePartner(_("This organisation takes part already."))
    values = who_now(plan, organisation)
    left = {
        "partners": [entry for entry in values["partners"] if str(entry["id"]) != key],
        "invited": [entry for entry in values["invited"] if entry["email"] != key],
    }
    if left != values:
        _write_who(project, plan, left, organisation, actor, at)


def _open_plan(project, actor, at):
    project = Project.objects.select_for_update().get(pk=project.pk)
    organisation = acting_organisation(project, actor, at)
    if project.stage not in (Stage.SHAPE, *OPEN_TO_CHANGE):
        raise CannotChangePlan(_("This plan can't be changed now."))
    return project, organisation, read_plan(project)


def _write_who(project, plan, values, organisation, actor, at):
    if project.stage == Stage.SHAPE:
        write_version(project, WHO.code, values=values, actor=actor, organisation=organisation, at=at)
        return
    state = plan.part(WHO.code)
    own = state.suggestion is not None and state.suggestion.organisation_id == organisation.pk
    suggest_part(
        project,
        WHO.code,
        values=values,
        note="",
        base=state.version,
        read=state.suggestion.pk if own else None,
        actor=actor,
        at=at,
    )
