"""What becomes of a partner's invitation, on its project: hooks of `accounts`.

The part Who follows: it names who takes part and who is still asked, and nobody else.
"""

import datetime as dt
from collections.abc import Callable

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.actions.invitations import InvitationGone
from accounts.audit import record, subject_of
from accounts.models import Invitation, Membership, Organisation, Person
from accounts.notices import void
from partnerships.actions.joining import take_part
from partnerships.actions.people import named
from partnerships.actions.plan import OPEN_TO_CHANGE, next_version, settle
from partnerships.models import (
    Participation,
    PlanAgreement,
    PlanSuggestion,
    Project,
    ProjectInvitation,
    ProjectPerson,
    Transfer,
)
from partnerships.plan import STILL_JOINING
from partnerships.rulesets.plan import WHO


def project_of(invitation: Invitation) -> ProjectInvitation | None:
    """The project that hangs on an invitation, if there is one."""
    return ProjectInvitation.objects.filter(invitation=invitation).select_related("project").first()


def about(invitation: Invitation) -> str:
    """What an invitation is about, for the invited person: the project's title."""
    row = project_of(invitation)
    return row.project.title if row else ""


def opens(invitation: Invitation) -> str:
    """Where somebody goes who has accepted: to the plan."""
    row = project_of(invitation)
    return reverse("partnerships:plan_detail", args=[row.project.reference]) if row else ""


def taken(invitation: Invitation) -> set[int]:
    """Organisations that can't come with an invitation: they are, or were, on its project."""
    row = project_of(invitation)
    if row is None:
        return set()
    here = row.project.participations.values_list("organisation", "organisation__merged_into")
    return {pk for pair in here for pk in pair if pk is not None}


def in_use() -> Q:
    """Organisations that are, or were, on a project, or stand in a published payment."""
    here = Participation.objects.filter(organisation=OuterRef("pk"))
    paid = Transfer.objects.filter(Q(payer=OuterRef("pk")) | Q(recipient=OuterRef("pk")))
    return Q(Exists(here)) | Q(Exists(paid))


def join(invitation: Invitation, *, membership: Membership, at: dt.datetime) -> None:
    """An invitation is accepted: the organisation takes part, and answers to the plan.

    Too late for that, it has an account and no project: who must review is fixed by then (docs/rules.md 9).
    """
    row, project = _locked(invitation)
    if project is None or project.stage not in STILL_JOINING:
        return
    partner, person = membership.organisation, membership.person
    if not project.participations.filter(organisation=partner).exists():
        take_part(project, partner, row.side, actor=person, at=at)
    here = {"id": partner.pk, "name": partner.name, "side": row.side}
    follow(project, _arrived(invitation.email, here), person, partner, at)
    # Whoever acts for another partner here goes on doing so (docs/rules.md 3).
    if not ProjectPerson.objects.filter(project=project, person=person).exclude(acting_for=partner).exists():
        named(project, person, partner, at)
    settle(project, actor=person, organisation=partner, at=at)


def go_on_without(invitation: Invitation, *, at: dt.datetime) -> None:
    """An invitation is declined or withdrawn: the plan no longer names them, nor waits for them."""
    _row, project = _locked(invitation)
    if project is None or project.stage not in OPEN_TO_CHANGE:
        return
    if invitation.declined_at and invitation.withdrawn_at:
        # Left out for good: the plan has gone on without them since they said no.
        return
    by, organisation = invitation.invited_by, invitation.on_behalf_of
    if follow(project, _without(invitation.email), by, organisation, at):
        record(
            "project.partner_not_coming", project, actor=None, at=at, project=project,
            organisation=organisation, after=invitation.organisation.name,
        )  # fmt: skip
    settle(project, actor=None, organisation=organisation, at=at)


def replace(invitation: Invitation, *, successor: Invitation, at: dt.datetime) -> None:
    """Another invitation takes the place of one that was passed on or asked for again.

    Raises:
        InvitationGone: the same address was invited anew in the meantime.
    """
    row, project = _locked(invitation)
    if project is None:
        return
    if invitation.declined_at and ProjectInvitation.objects.awaited_or_here(project, invitation.email):
        raise InvitationGone(_("This address was invited anew in the meantime."))
    ProjectInvitation.objects.filter(pk=row.pk).update(invitation=successor)
    if project.stage not in OPEN_TO_CHANGE:
        return
    entry = {
        "name": successor.organisation.name,
        "side": row.side,
        "email": successor.email,
        "message": successor.message,
    }
    by, organisation = successor.invited_by, successor.on_behalf_of
    if follow(project, _asked(invitation.email, entry), by, organisation, at) and invitation.declined_at:
        record(
            "project.partner_invited", project, actor=None, at=at, project=project,
            organisation=organisation, after=entry["name"],
        )  # fmt: skip
    settle(project, actor=None, organisation=organisation, at=at)


def _locked(invitation):
    row = project_of(invitation)
    if row is None:
        return None, None
    return row, Project.objects.select_for_update().get(pk=row.project_id)


# The part Who ------------------------------------------------------------------------------------


def follow(
    project: Project,
    change: Callable[[dict], dict],
    person: Person,
    organisation: Organisation,
    at: dt.datetime,
) -> bool:
    """Write what became of an invitation into the part Who, and into a change of it that is suggested.

    It says nothing to which anybody has not agreed: words that were given hold on.

    For a project whose row the caller has locked. Returns whether anything is different.

    Arguments:
        change: what was written → what is written now.
        person: who stands for the new version: whoever came, or had invited them.
    """
    before = project.plan_parts.filter(code=WHO.code).order_by("-version").first()
    if before is None or change(before.values) == before.values:
        return False
    part = next_version(project, WHO.code, change(before.values), person, organisation, at)
    PlanAgreement.objects.bulk_create(
        PlanAgreement(
            part=part,
            organisation_id=agreement.organisation_id,
            person_id=agreement.person_id,
            agreed_at=agreement.agreed_at,
        )
        for agreement in before.agreements.order_by("pk")
    )
    for suggestion in before.suggestions.filter(state=PlanSuggestion.State.OPEN):
        suggestion.part, suggestion.values = part, change(suggestion.values)
        if suggestion.values == part.values:
            # It asked for what has come about by itself.
            suggestion.state, suggestion.settled_at = PlanSuggestion.State.REPLACED, at
            void(
                reason=gettext_noop("it has come about"),
                at=at,
                subject=subject_of(suggestion),
                kind="plan_suggested",
            )
        suggestion.save(update_fields=["part", "values", "state", "settled_at"])
    return True


def _arrived(email, here):
    def change(values):
        partners = list(values.get("partners", ()))
        if here["id"] not in {entry["id"] for entry in partners}:
            partners.append(here)
        return _without(email)(values) | {"partners": partners}

    return change


def _without(email):
    def change(values):
        return values | {"invited": [entry for entry in values.get("invited", ()) if entry["email"] != email]}

    return change


def _asked(email, asked):
    def change(values):
        invited = list(values.get("invited", ()))
        places = [at for at, entry in enumerate(invited) if entry["email"] == email]
        for place in places:
            invited[place] = invited[place] | {"email": asked["email"]}
        return values | {"invited": invited if places else [*invited, asked]}

    return change
