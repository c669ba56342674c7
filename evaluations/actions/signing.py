"""Signing the joint conclusion, and what its last signature sets going."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.audit import record, subject_of
from accounts.days import local_day
from accounts.models import Person
from accounts.notices import owe, void
from evaluations.actions.conclusions import hand_over, lock, pass_turn, signers
from evaluations.models import Conclusion, ConclusionPart, ConclusionSignature, Promise
from partnerships.actions.people import acting_organisation, everybody_to_tell
from partnerships.actions.stages import enter_stage, what_blocks
from partnerships.models import Project

Stage = Project.Stage


class ChangedSinceRead(Exception):
    """The conclusion is no longer what this person read."""


class NotASigner(Exception):
    """This organisation does not sign the conclusion."""


class NotReadyToSign(Exception):
    """Something is missing. `missing` holds (place, sentence) pairs."""

    def __init__(self, missing: list[tuple[str, str]]):
        super().__init__(missing[0][1])
        self.missing = missing


def missing_from(content: dict, *, today: dt.date) -> list[tuple[str, str]]:
    """What a conclusion still needs before anybody can sign, as (place, sentence) pairs.

    A promise whose day has passed where the project is counts among it: nobody signs what is overdue already.
    """
    missing = []
    labels = dict(ConclusionPart.Code.choices)
    for code, part in content["parts"].items():
        if part["disagreed"]:
            if not any(part["views"].values()):
                missing.append((code, _("“%(part)s”: say what you don’t agree on.") % {"part": labels[code]}))
        elif not part["text"]:
            missing.append(
                (
                    code,
                    _("“%(part)s” is empty. Write it, or say that you don’t agree.") % {"part": labels[code]},
                )
            )
    for promise in content["promises"]:
        place = f"promise-{promise['position']}"
        number = {"number": promise["position"]}
        if not promise["what"]:
            missing.append((place, _("Promise %(number)d does not say what.") % number))
        if not promise["owner"] or not promise["organisation"]:
            missing.append((place, _("Promise %(number)d needs a name.") % number))
        if not promise["due_on"]:
            missing.append((place, _("Promise %(number)d needs a date.") % number))
        elif day_has_passed(promise["due_on"], today):
            missing.append((place, _("The day of promise %(number)d has passed. Choose a new one.") % number))
        if not promise["principle"]:
            missing.append((place, _("Promise %(number)d needs a principle.") % number))
    return missing


def day_has_passed(due_on: str | None, today: dt.date) -> bool:
    """Whether the day of a promise, as a conclusion keeps it, is over."""
    return due_on is not None and dt.date.fromisoformat(due_on) < today


@transaction.atomic
def sign_conclusion(conclusion: Conclusion, *, revision: int, actor: Person, at: dt.datetime) -> Conclusion:
    """Sign for an organisation what it has read. Who holds the pen passes it to the next that has not signed.

    The last signature makes the promises, ends Learn, and completes the project when nothing else is open.
    Signing twice changes nothing.

    Arguments:
        revision: the revision that was read; a signature is for that one only.

    Raises:
        NotNow: the project is closed.
        ChangedSinceRead: it was changed after it was read.
        NotReadyToSign: a part or a promise is not finished, or the day of a promise has passed.
        NotASigner: this organisation was excused.
    """
    project = Project.objects.select_for_update().get(pk=conclusion.project_id)
    organisation = acting_organisation(project, actor, at)
    theirs = conclusion.signatures.filter(organisation=organisation, revision=revision)
    if theirs.exists():
        conclusion.refresh_from_db()
        return conclusion
    conclusion = lock(conclusion)
    needed = signers(project)
    if organisation not in needed:
        raise NotASigner(_("Your organisation was excused from the review, so it does not sign."))
    if conclusion.revision != revision:
        raise ChangedSinceRead(_("This was changed after you read it. Read it again, then sign."))
    missing = missing_from(conclusion.content(), today=local_day(at, project.zone))
    if missing:
        raise NotReadyToSign(missing)
    # Older signatures went when the text changed, so this one is new.
    ConclusionSignature.objects.create(
        conclusion=conclusion, organisation=organisation, person=actor, revision=revision, signed_at=at
    )
    record(
        "conclusion.signed",
        conclusion,
        actor=actor,
        at=at,
        project=conclusion.project,
        organisation=organisation,
        revision=revision,
    )
    signed = set(conclusion.signatures.values_list("organisation", flat=True))
    waiting = [one for one in needed if one.pk not in signed]
    if not waiting:
        _conclude(conclusion, actor=actor, at=at)
    elif conclusion.pen == organisation:
        hand_over(conclusion, waiting[0], organisation=organisation, actor=actor, at=at, signed=True)
    return conclusion


@transaction.atomic
def complete_if_ready(project: Project, *, at: dt.datetime, actor: Person | None = None) -> bool:
    """Complete a project whose conclusion is signed, when nothing else is open. Says whether it did.

    Called after the last signature, and by `partnerships` whenever something that was open has been settled.
    """
    project = Project.objects.select_for_update().get(pk=project.pk)
    if project.stage != Stage.LEARN:
        return False
    if what_blocks(project):
        return False
    project.completed_at = at
    project.save(update_fields=["completed_at"])
    enter_stage(project, Stage.COMPLETED, actor=actor, at=at)
    return True


def waits_for_conclusion(project: Project) -> list[str]:
    """Why Learn has not ended, as far as the conclusion is concerned."""
    conclusion = Conclusion.objects.filter(project=project).first()
    if conclusion is None:
        return [_("The joint conclusion has not been started.")]
    if conclusion.signed_at is None:
        return [_("The joint conclusion is not signed by everybody.")]
    return []


def _conclude(conclusion: Conclusion, *, actor: Person, at: dt.datetime) -> None:
    project = conclusion.project
    conclusion.signed_at = at
    conclusion.pen = None
    conclusion.save(update_fields=["signed_at", "pen"])
    Promise.objects.filter(conclusion=conclusion).update(state=Promise.State.OPEN)
    pass_turn(conclusion, None, at=at)
    for promise in conclusion.promises.all():
        record(
            "promise.made",
            promise,
            actor=actor,
            at=at,
            project=project,
            organisation=promise.organisation,
            due_on=promise.due_on.isoformat(),
        )
    void(
        reason=gettext_noop("signed by everybody"),
        at=at,
        kind="conclusion_turn",
        subject=subject_of(conclusion),
    )
    for person in everybody_to_tell(project):
        owe(
            person,
            kind="conclusion_signed",
            key=f"conclusion-signed:{conclusion.pk}:p{person.pk}",
            at=at,
            subject=subject_of(conclusion),
            project=project,
        )
    complete_if_ready(project, at=at, actor=actor)
