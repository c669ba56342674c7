"""Writing the joint conclusion in turns: one pen, and whoever does not hold it reads what was last handed over."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.audit import record, subject_of
from accounts.days import local_day
from accounts.models import Organisation, Person
from accounts.notices import owe, void
from evaluations.actions.drafts import draft_texts
from evaluations.actions.written import (
    POSITIONS,
    Written,
    WrittenPart,
    WrittenPromise,
    fingerprint,
    standing,
)
from evaluations.models import (
    Conclusion,
    ConclusionPart,
    ConclusionSignature,
    ConclusionTurn,
    PartView,
    Promise,
)
from partnerships.actions.people import acting_organisation, whom_to_tell
from partnerships.actions.turns import give_turn, take_turn
from partnerships.models import Project, Turn
from partnerships.permissions import acting_people

Code = ConclusionPart.Code
Stage = Project.Stage

TIME_TO_CONCLUDE = dt.timedelta(days=14)


class NotNow(Exception):
    """The project is not at the point where a joint conclusion is written."""


class NotYourTurn(Exception):
    """Somebody else holds the pen."""


class ChangedSince(Exception):
    """A colleague changed the same places after this writer read them.

    `places` are the keys of these places: the code of a part, or `promise-1`.
    """

    def __init__(self, places: list[str]):
        super().__init__(_("Your colleague changed this while you were writing."))
        self.places = places


def conclusion_due_on(project: Project) -> dt.date:
    """The day by which the joint conclusion is expected: 14 days after the reviews opened."""
    return local_day(project.reviews_opened_at, project.zone) + TIME_TO_CONCLUDE


def ask_for_conclusion(project: Project, *, actor: Person | None = None, at: dt.datetime) -> None:
    """The reviews have opened: it is everybody's turn to start the joint conclusion. Owes no message: the opening does."""
    for organisation in signers(project):
        give_turn(project, organisation, Turn.Kind.CONCLUSION, at=at, due_on=conclusion_due_on(project))


def signers(project: Project) -> list[Organisation]:
    """The organisations that sign: all partners but those that were excused from reviewing."""
    excused = project.reviews.exclude(excused_at=None).values("organisation")
    partners = project.participations.partners().exclude(organisation__in=excused)
    return [row.organisation for row in partners.select_related("organisation").order_by("pk")]


@transaction.atomic
def start_conclusion(project: Project, *, actor: Person, at: dt.datetime) -> Conclusion:
    """Start the joint conclusion, with draft sentences. When it was started already, that one is returned.

    Raises:
        NotNow: the reviews have not opened, or the project has moved on.
        NotYourTurn: this organisation does not sign, so it can't hold the pen.
    """
    project = _lock(project)
    organisation = acting_organisation(project, actor, at)
    _refuse_unless_learning(project)
    started = Conclusion.objects.filter(project=project).first()
    if started is not None:
        return started
    if organisation not in signers(project):
        raise NotYourTurn(_("Your organisation was excused from the review, so others write the conclusion."))
    conclusion = Conclusion.objects.create(
        project=project, started_at=at, started_by=organisation, pen=organisation, touched_at=at
    )
    drafts = draft_texts(project)
    ConclusionPart.objects.bulk_create(
        ConclusionPart(conclusion=conclusion, code=code, text=drafts.get(code, "")) for code in Code
    )
    pass_turn(conclusion, organisation, at=at)
    record("conclusion.started", conclusion, actor=actor, at=at, project=project, organisation=organisation)
    return conclusion


@transaction.atomic
def save_conclusion(
    conclusion: Conclusion, written: Written, *, actor: Person, at: dt.datetime
) -> Conclusion:
    """Keep what somebody wrote. A change clears every signature, because a signature is for what was read.

    Places that only a colleague changed keep the colleague's words.

    Raises:
        NotNow, NotYourTurn
        ChangedSince: a colleague changed a place that this writer changed too.
        ValueError: a promise names somebody who can't give one on this project, or is a fourth one.
    """
    conclusion, organisation = _lock_for_writing(conclusion, actor, at)
    _save(conclusion, written, organisation=organisation, actor=actor, at=at)
    return conclusion


@transaction.atomic
def send_conclusion(
    conclusion: Conclusion,
    *,
    to: Organisation,
    actor: Person,
    at: dt.datetime,
    written: Written | None = None,
) -> Conclusion:
    """Hand the pen to another organisation, after keeping what was just written. Its people are told.

    Raises:
        NotNow, NotYourTurn, ChangedSince
        ValueError: that organisation does not sign, or is the writer's own.
    """
    conclusion, organisation = _lock_for_writing(conclusion, actor, at)
    if written is not None:
        _save(conclusion, written, organisation=organisation, actor=actor, at=at)
    if to == organisation or to not in signers(conclusion.project):
        raise ValueError(f"Organisation {to.pk} can't hold the pen.")
    hand_over(conclusion, to, organisation=organisation, actor=actor, at=at)
    record(
        "conclusion.sent",
        conclusion,
        actor=actor,
        at=at,
        project=conclusion.project,
        organisation=organisation,
        revision=conclusion.revision,
        to=to.pk,
    )
    return conclusion


def lock(conclusion: Conclusion) -> Conclusion:
    """Take the conclusion as it is now, and keep everybody else waiting. The project comes first, always.

    Raises:
        NotNow
    """
    project = _lock(conclusion.project)
    _refuse_unless_learning(project)
    conclusion = Conclusion.objects.select_related("pen").get(pk=conclusion.pk)
    conclusion.project = project
    return conclusion


def hand_over(
    conclusion: Conclusion,
    to: Organisation,
    *,
    organisation: Organisation,
    actor: Person,
    at: dt.datetime,
    signed: bool = False,
) -> None:
    """Pass the pen on, keep what is handed over, and tell the people of the next one. The caller holds the lock."""
    project = conclusion.project
    turn = ConclusionTurn.objects.create(
        conclusion=conclusion,
        organisation=organisation,
        person=actor,
        handed_to=to,
        revision=conclusion.revision,
        content=conclusion.content(),
        handed_at=at,
    )
    give_pen(conclusion, to, reason=gettext_noop("handed on"), at=at)
    for person in whom_to_tell(project, to):
        owe(
            person,
            kind="conclusion_turn",
            key=f"conclusion-turn:{turn.pk}:p{person.pk}",
            at=at,
            subject=subject_of(conclusion),
            project=project,
            sender=organisation.name,
            signed=signed,
        )


def give_pen(conclusion: Conclusion, to: Organisation, *, reason: str, at: dt.datetime) -> None:
    """From now on this organisation writes; messages about earlier turns are held back. The caller holds the lock."""
    conclusion.pen, conclusion.touched_at = to, at
    conclusion.save(update_fields=["pen", "touched_at"])
    pass_turn(conclusion, to, at=at)
    void(reason=reason, at=at, kind="conclusion_turn", subject=subject_of(conclusion))


def pass_turn(conclusion: Conclusion, to: Organisation | None, *, at: dt.datetime) -> None:
    """It is the turn of this organisation and of no other; of nobody when there is none."""
    project = conclusion.project
    turns = list(project.turns.filter(kind=Turn.Kind.CONCLUSION).select_related("organisation"))
    for turn in turns:
        if turn.organisation != to:
            take_turn(project, Turn.Kind.CONCLUSION, organisation=turn.organisation, at=at)
    if to is not None:
        # More time that was granted stays granted, whoever holds the pen.
        due_on = max((turn.due_on for turn in turns if turn.due_on), default=conclusion_due_on(project))
        give_turn(project, to, Turn.Kind.CONCLUSION, at=at, due_on=due_on)


def _lock(project: Project) -> Project:
    return Project.objects.select_for_update().get(pk=project.pk)


def _lock_for_writing(
    conclusion: Conclusion, actor: Person, at: dt.datetime
) -> tuple[Conclusion, Organisation]:
    """The conclusion as it is now, for somebody whose organisation holds the pen.

    Raises:
        NotNow, NotYourTurn
    """
    conclusion = lock(conclusion)
    organisation = acting_organisation(conclusion.project, actor, at)
    if conclusion.signed_at is not None:
        raise NotYourTurn(_("Everybody has signed. Nothing can be changed now."))
    if conclusion.pen != organisation:
        raise NotYourTurn(_("%(name)s is writing now.") % {"name": conclusion.pen.name})
    return conclusion, organisation


def _refuse_unless_learning(project: Project) -> None:
    if project.reviews_opened_at is None:
        raise NotNow(_("You can write the joint conclusion when the reviews have opened."))
    if project.stage != Stage.LEARN:
        raise NotNow(_("This project is closed, so its conclusion can't be changed."))


def _save(
    conclusion: Conclusion, written: Written, *, organisation: Organisation, actor: Person, at: dt.datetime
) -> None:
    if not set(written.promises) <= set(POSITIONS):
        raise ValueError(f"At most {len(POSITIONS)} promises can be given.")
    before = standing(conclusion.content(), organisation).places()
    changed, clashes = {}, []
    for place, mine in written.places().items():
        theirs = before[place]
        read = written.read.get(place, fingerprint(theirs) if not written.read else "")
        if mine == theirs or read == fingerprint(mine):
            continue
        if read != fingerprint(theirs):
            clashes.append(place)
        changed[place] = mine
    if clashes:
        raise ChangedSince(clashes)
    if not changed:
        return
    givers = {acting.person.pk: acting.organisation for acting in acting_people(conclusion.project)}
    for place, mine in changed.items():
        if isinstance(mine, WrittenPart):
            _save_part(conclusion, place, mine, organisation)
        else:
            _save_promise(conclusion, int(place.removeprefix("promise-")), mine, givers)
    conclusion.revision += 1
    conclusion.touched_at = at
    conclusion.save(update_fields=["revision", "touched_at"])
    cleared = ConclusionSignature.objects.filter(conclusion=conclusion).delete()[0]
    record(
        "conclusion.changed",
        conclusion,
        actor=actor,
        at=at,
        project=conclusion.project,
        organisation=organisation,
        private=True,
        revision=conclusion.revision,
    )
    if cleared:
        record(
            "conclusion.signatures_cleared",
            conclusion,
            actor=actor,
            at=at,
            project=conclusion.project,
            organisation=organisation,
            signatures=cleared,
        )


def _save_part(conclusion: Conclusion, code: str, mine: WrittenPart, organisation: Organisation) -> None:
    part = conclusion.parts.get(code=code)
    part.drafted = part.drafted and part.text == mine.text
    part.text, part.disagreed, part.public = mine.text, mine.disagreed, mine.public
    part.save()
    # The words stay when they agree after all: nobody has to type them again.
    PartView.objects.update_or_create(part=part, organisation=organisation, defaults={"text": mine.view})


def _save_promise(
    conclusion: Conclusion, position: int, mine: WrittenPromise, givers: dict[int, Organisation]
) -> None:
    slot = Promise.objects.filter(conclusion=conclusion, position=position)
    if mine == WrittenPromise():
        slot.delete()
        return
    if mine.owner is not None and mine.owner not in givers:
        raise ValueError("That promise can't be given here.")
    values = {
        "what": mine.what,
        "owner_id": mine.owner,
        "organisation": givers.get(mine.owner),
        "due_on": mine.due_on,
        "principle_id": mine.principle,
    }
    if not slot.update(**values):
        Promise.objects.create(project=conclusion.project, conclusion=conclusion, position=position, **values)
