"""The pen of a joint conclusion that comes back unasked: taken back at once, or taken over from somebody who lets it lie.

What others wrote and have not sent stays theirs: nobody else reads it (docs/rules.md 38).
"""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.audit import record, subject_of
from accounts.days import has_passed, local_day
from accounts.models import Organisation, Person
from accounts.notices import owe
from evaluations.actions.conclusions import NotYourTurn, conclusion_due_on, give_pen, lock, signers
from evaluations.actions.drafts import draft_texts
from evaluations.models import (
    Conclusion,
    ConclusionPart,
    ConclusionSignature,
    ConclusionTurn,
    PartView,
    Promise,
    TakenPen,
)
from partnerships.actions.people import acting_organisation, whom_to_tell
from partnerships.models import Project, Turn
from partnerships.permissions import acting_people

# So many whole days the pen may lie untouched before somebody else may take it.
DAYS_UNTOUCHED = 7


class NotYet(Exception):
    """The pen has not lain untouched for long enough."""


@transaction.atomic
def take_back_conclusion(conclusion: Conclusion, *, actor: Person, at: dt.datetime) -> Conclusion:
    """Take the pen back from somebody who has not changed a word since it was handed to them.

    What others have begun to write is never taken from them, nor shown to anybody.

    Raises:
        NotNow
        NotYourTurn: it was handed over by another organisation, or has been changed since.
    """
    conclusion = lock(conclusion)
    organisation = acting_organisation(conclusion.project, actor, at)
    if conclusion.signed_at is None and conclusion.pen == organisation:
        return conclusion
    if not may_take_back(conclusion, organisation, conclusion.last_turn()):
        raise NotYourTurn(_("They have begun to write, so it can’t be taken back."))
    give_pen(conclusion, organisation, reason=gettext_noop("taken back"), at=at)
    record(
        "conclusion.taken_back",
        conclusion,
        actor=actor,
        at=at,
        project=conclusion.project,
        organisation=organisation,
        revision=conclusion.revision,
    )
    return conclusion


def may_take_back(conclusion: Conclusion, organisation: Organisation, last: ConclusionTurn | None) -> bool:
    """Whether this organisation handed the pen on with the last turn, and nobody has changed a word since."""
    return (
        conclusion.signed_at is None
        and last is not None
        and last.organisation_id == organisation.pk
        and last.handed_to_id == conclusion.pen_id != organisation.pk
        and last.revision == conclusion.revision
    )


def pen_is_safe_until(conclusion: Conclusion) -> dt.date:
    """The last day on which nobody else may take the pen, whatever its holder does.

    More time that all sides granted is theirs to use.
    """
    project = conclusion.project
    day = local_day(conclusion.touched_at, project.zone) + dt.timedelta(days=DAYS_UNTOUCHED)
    turn = project.turns.filter(kind=Turn.Kind.CONCLUSION, organisation=conclusion.pen_id).first()
    granted = turn is not None and turn.due_on is not None and turn.due_on > conclusion_due_on(project)
    return max(day, turn.due_on) if granted else day


def may_take_pen(conclusion: Conclusion, organisation: Organisation, *, at: dt.datetime) -> bool:
    """Whether this organisation may take the pen from its holder, who has saved and sent nothing for long enough."""
    return (
        conclusion.signed_at is None
        and conclusion.pen_id != organisation.pk
        and has_passed(pen_is_safe_until(conclusion), at=at, zone=conclusion.project.zone)
        and organisation in signers(conclusion.project)
    )


@transaction.atomic
def take_pen(conclusion: Conclusion, *, actor: Person, at: dt.datetime) -> Conclusion:
    """Take the pen from an organisation that has let it lie. Its people are told.

    The conclusion says again what was last handed over, or what the reviews offered. What the holder saved and did not
    send is kept for the holder alone. Whoever holds the pen already keeps it.

    Raises:
        NotNow
        NotYet: the holder has saved or sent something in the last days.
        NotYourTurn: everybody has signed, or this organisation does not sign.
    """
    conclusion = lock(conclusion)
    project = conclusion.project
    organisation = acting_organisation(project, actor, at)
    if conclusion.signed_at is not None:
        raise NotYourTurn(_("Everybody has signed. Nothing can be changed now."))
    if organisation not in signers(project):
        raise NotYourTurn(_("Your organisation was excused from the review, so others write the conclusion."))
    holder = conclusion.pen
    if holder == organisation:
        return conclusion
    if not may_take_pen(conclusion, organisation, at=at):
        raise NotYet(
            _("%(name)s has saved or sent something in the last %(days)d days, so it stays with them.")
            % {"name": holder.name, "days": DAYS_UNTOUCHED}
        )
    last = conclusion.last_turn()
    unsent = conclusion.content() if _has_unsent_words(conclusion, last) else {}
    taken = TakenPen.objects.create(
        conclusion=conclusion,
        taken_from=holder,
        taken_by=organisation,
        person=actor,
        taken_at=at,
        unsent=unsent,
    )
    if unsent:
        _say_again(conclusion, last.content if last else _beginning(project))
    if last is not None:
        # Others read and sign what stands now; before the first sending there is nothing to read yet.
        ConclusionTurn.objects.create(
            conclusion=conclusion,
            organisation=organisation,
            person=actor,
            handed_to=organisation,
            revision=conclusion.revision,
            content=conclusion.content(),
            handed_at=at,
        )
    give_pen(conclusion, organisation, reason=gettext_noop("taken over"), at=at)
    for person in whom_to_tell(project, holder):
        owe(
            person,
            kind="conclusion_taken",
            key=f"conclusion-taken:{taken.pk}:p{person.pk}",
            at=at,
            subject=subject_of(conclusion),
            project=project,
            sender=organisation.name,
            kept=bool(unsent),
        )
    record(
        "conclusion.pen_taken",
        conclusion,
        actor=actor,
        at=at,
        project=project,
        organisation=organisation,
        revision=conclusion.revision,
        before=holder.name,
    )
    return conclusion


def _has_unsent_words(conclusion: Conclusion, last: ConclusionTurn | None) -> bool:
    """Whether the holder of the pen has saved something since the last turn, or since it was started."""
    if last is not None:
        return conclusion.revision != last.revision
    content = conclusion.content()
    return bool(content["promises"]) or any(
        part["disagreed"] or part["public"] or not part["drafted"] or any(part["views"].values())
        for part in content["parts"].values()
    )


def _beginning(project: Project) -> dict:
    """What it said when it was started: draft sentences, and no promise."""
    drafts = draft_texts(project)
    return {
        "parts": {
            code: {
                "text": drafts.get(code, ""),
                "drafted": True,
                "disagreed": False,
                "public": False,
                "views": {},
            }
            for code in ConclusionPart.Code.values
        },
        "promises": [],
    }


def _say_again(conclusion: Conclusion, content: dict) -> None:
    """Let the conclusion say what it said before, as a revision of its own: nobody has signed that one."""
    PartView.objects.filter(part__conclusion=conclusion).delete()
    for part in conclusion.parts.all():
        said = content["parts"][part.code]
        for name in ("text", "drafted", "disagreed", "public"):
            setattr(part, name, said[name])
        part.save()
        PartView.objects.bulk_create(
            PartView(part=part, organisation_id=int(pk), text=text) for pk, text in said["views"].items()
        )
    givers = {acting.person.pk: acting.organisation.pk for acting in acting_people(conclusion.project)}
    conclusion.promises.all().delete()
    for said in content["promises"]:
        # Somebody who has left since can't promise any more: the place asks for a name again.
        owner = said["owner"] if said["owner"] in givers else None
        Promise.objects.create(
            project=conclusion.project,
            conclusion=conclusion,
            position=said["position"],
            what=said["what"],
            owner_id=owner,
            organisation_id=givers.get(owner),
            due_on=said["due_on"],
            principle_id=said["principle"],
        )
    conclusion.revision += 1
    conclusion.save(update_fields=["revision"])
    ConclusionSignature.objects.filter(conclusion=conclusion).delete()
