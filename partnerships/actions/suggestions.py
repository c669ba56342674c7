"""Other words for a part of the plan: suggested by one partner, answered by another."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.audit import record, subject_of
from accounts.models import Organisation, Person
from accounts.notices import owe, void
from partnerships.actions.people import acting_organisation, everybody_to_tell, whom_to_tell
from partnerships.actions.plan import OPEN_TO_CHANGE, CannotChangePlan, PartChanged, settle, write_version
from partnerships.models import PlanAgreement, PlanSuggestion, Project
from partnerships.plan import read_plan
from partnerships.rulesets.plan import is_complete, part_of

State = PlanSuggestion.State


class CannotSuggest(Exception):
    """This can't be suggested."""


class CannotAnswer(Exception):
    """This suggestion can't be answered like this."""


@transaction.atomic
def suggest_part(
    project: Project,
    code: str,
    *,
    values: dict,
    note: str,
    base: int,
    read: int | None = None,
    actor: Person,
    at: dt.datetime,
) -> PlanSuggestion:
    """Suggest other words for a part. What is agreed stands until every partner has agreed to the new words.

    A suggestion on an agreed part leads a project in Contract back to Agree; one that runs goes on running.
    Another suggestion that was read takes the place of the one it answers.

    Arguments:
        note: why.
        base: the version that was read.
        read: the open suggestion that was read, if there was one.

    Raises:
        CannotChangePlan: the plan was not sent, or the project has ended.
        CannotSuggest: nothing is different, or something required is missing.
        PartChanged: there is a newer version or another suggestion than those that were read.
        ActsForNobody: the person acts for no partner.
    """
    project = Project.objects.select_for_update().get(pk=project.pk)
    organisation = acting_organisation(project, actor, at)
    if project.stage not in OPEN_TO_CHANGE:
        raise CannotChangePlan(_("This plan can't be changed now."))
    state = read_plan(project).part(code)
    before = state.suggestion
    if before is not None and before.organisation_id == organisation.pk and before.values == values:
        return before
    if state.version != base or (before is not None and before.pk != read):
        raise PartChanged(_("Somebody changed this part since you opened it."))
    if values == state.values:
        raise CannotSuggest(_("This says the same as before. Change something, or agree."))
    if not is_complete(part_of(code), values):
        raise CannotSuggest(_("Something required is missing."))
    if before is not None:
        _close(before, State.REPLACED, actor, at)
        void(
            reason=gettext_noop("another change was suggested"),
            at=at,
            subject=subject_of(before),
            kind="plan_suggested",
        )
    suggestion = PlanSuggestion.objects.create(
        part=state.current, organisation=organisation, person=actor, values=values, note=note, made_at=at
    )
    record(
        "plan.suggested", suggestion, actor=actor, at=at, project=project, organisation=organisation,
        part=code, version=base,
    )  # fmt: skip
    for person in everybody_to_tell(project, but=organisation):
        owe(
            person,
            kind="plan_suggested",
            key=f"plan-suggested:{suggestion.pk}:p{person.pk}",
            at=at,
            subject=subject_of(suggestion),
            project=project,
            title=project.title,
            reference=project.reference,
            organisation=organisation.name,
            part=str(state.rule.label),
        )
    if not state.partners_but(organisation):
        # Nobody else is here yet who could say no.
        _close(suggestion, State.ACCEPTED, actor, at)
        _take_over(project, suggestion, {}, at)
    settle(project, actor=actor, organisation=organisation, at=at)
    return suggestion


@transaction.atomic
def accept_suggestion(project: Project, suggestion: PlanSuggestion, *, actor: Person, at: dt.datetime):
    """Take the suggested words over: they become the next version, to which both have agreed.

    With more than two partners the others are asked for their word.

    Raises:
        CannotAnswer: it is one's own, or it was settled in another way.
        ActsForNobody: the person acts for no partner.
    """
    project, organisation, suggestion = _open_for_answer(project, suggestion, State.ACCEPTED, actor, at)
    if suggestion.state != State.OPEN:
        return suggestion
    _close(suggestion, State.ACCEPTED, actor, at)
    _take_over(project, suggestion, {organisation: actor}, at)
    _answered("plan.suggestion_accepted", project, suggestion, organisation, actor, at)
    return suggestion


@transaction.atomic
def decline_suggestion(project: Project, suggestion: PlanSuggestion, *, actor: Person, at: dt.datetime):
    """Keep the words that stand.

    Raises:
        CannotAnswer: it is one's own, or it was settled in another way.
        ActsForNobody: the person acts for no partner.
    """
    project, organisation, suggestion = _open_for_answer(project, suggestion, State.DECLINED, actor, at)
    if suggestion.state != State.OPEN:
        return suggestion
    _close(suggestion, State.DECLINED, actor, at)
    _answered("plan.suggestion_declined", project, suggestion, organisation, actor, at)
    return suggestion


@transaction.atomic
def take_back_suggestion(project: Project, suggestion: PlanSuggestion, *, actor: Person, at: dt.datetime):
    """Take one's own suggestion back.

    Raises:
        CannotAnswer: it is another partner's, or it was settled in the meantime.
        ActsForNobody: the person acts for no partner.
    """
    project = Project.objects.select_for_update().get(pk=project.pk)
    organisation = acting_organisation(project, actor, at)
    suggestion = PlanSuggestion.objects.select_related("part", "organisation", "person").get(pk=suggestion.pk)
    if suggestion.organisation_id != organisation.pk:
        raise CannotAnswer(_("Only {name} can take this back.").format(name=suggestion.organisation.name))
    if suggestion.state == State.TAKEN_BACK:
        return suggestion
    if suggestion.state != State.OPEN:
        raise CannotAnswer(_("This was settled in the meantime."))
    _close(suggestion, State.TAKEN_BACK, actor, at)
    void(
        reason=gettext_noop("the suggestion was taken back"),
        at=at,
        subject=subject_of(suggestion),
        kind="plan_suggested",
    )
    record(
        "plan.suggestion_taken_back", suggestion, actor=actor, at=at, project=project,
        organisation=organisation, part=suggestion.part.code,
    )  # fmt: skip
    settle(project, actor=actor, organisation=organisation, at=at)
    return suggestion


def _open_for_answer(project, suggestion, outcome, actor, at):
    project = Project.objects.select_for_update().get(pk=project.pk)
    organisation = acting_organisation(project, actor, at)
    suggestion = PlanSuggestion.objects.select_related("part", "organisation", "person").get(pk=suggestion.pk)
    if suggestion.organisation_id == organisation.pk:
        raise CannotAnswer(_("This is your own suggestion. You can take it back."))
    # Pressed twice: the second time finds what it wanted.
    if suggestion.state != State.OPEN and not (
        suggestion.state == outcome and suggestion.settled_by_id == actor.pk
    ):
        raise CannotAnswer(_("This was settled in the meantime."))
    if suggestion.state == State.OPEN and project.stage not in OPEN_TO_CHANGE:
        raise CannotAnswer(_("This plan can't be changed now."))
    return project, organisation, suggestion


def _close(suggestion: PlanSuggestion, state: str, actor: Person, at: dt.datetime) -> None:
    suggestion.state, suggestion.settled_at, suggestion.settled_by = state, at, actor
    suggestion.save(update_fields=["state", "settled_at", "settled_by"])


def _take_over(project, suggestion, accepted_by: dict[Organisation, Person], at):
    """Make the suggested words the next version, with the word of who suggested and who accepted them."""
    part = write_version(
        project,
        suggestion.part.code,
        values=suggestion.values,
        actor=suggestion.person,
        organisation=suggestion.organisation,
        at=at,
    )
    PlanAgreement.objects.bulk_create(
        PlanAgreement(part=part, organisation=organisation, person=person, agreed_at=at)
        for organisation, person in {suggestion.organisation: suggestion.person, **accepted_by}.items()
    )


def _answered(verb, project, suggestion, organisation: Organisation, actor, at):
    accepted = suggestion.state == State.ACCEPTED
    record(
        verb, suggestion, actor=actor, at=at, project=project, organisation=organisation,
        part=suggestion.part.code,
    )  # fmt: skip
    for person in whom_to_tell(project, suggestion.organisation):
        owe(
            person,
            kind="plan_answered",
            key=f"plan-answered:{suggestion.pk}:p{person.pk}",
            at=at,
            project=project,
            title=project.title,
            reference=project.reference,
            organisation=organisation.name,
            part=str(part_of(suggestion.part.code).label),
            accepted=accepted,
        )
    plan = settle(project, actor=actor, organisation=organisation, at=at)
    if not plan.part(suggestion.part.code).waiting_for:
        void(
            reason=gettext_noop("the suggestion was answered"),
            at=at,
            subject=subject_of(suggestion),
            kind="plan_suggested",
        )
