"""Check-ins from opening to closing. What somebody sends the others read at once: there is no seal here.

Every action locks the project's row first, so that two sweeps open one check-in, and two colleagues send one reply.
"""

import datetime as dt
import logging
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.audit import record, subject_of
from accounts.days import local_day
from accounts.models import Person
from accounts.notices import owe, void
from evaluations.actions.calls import lapse_calls
from evaluations.check_ins import (
    CORRECTION,
    agreed_rhythm,
    due_day,
    missing_questions,
    next_check_in,
    pulse_questions,
    rhythm_of,
    weeks_in,
)
from evaluations.models import CheckIn, CheckInAnswer, CheckInReply, CheckInSchedule
from partnerships.actions.interests import ask_again
from partnerships.actions.people import acting_organisation, everybody_to_tell, whom_to_tell
from partnerships.actions.turns import give_turn, take_turn
from partnerships.models import PlanPart, Project, Turn
from principles.models import Question

logger = logging.getLogger(__name__)

Stage = Project.Stage
State = CheckInReply.State
Reason = CheckInReply.Reason

# The earliest zone is fourteen hours ahead of UTC.
FIRST_MIDNIGHT = dt.timedelta(hours=14)


class CannotCheckIn(Exception):
    """The check-in can't be opened, sent or skipped now, or not by this person."""


class ChangedMeanwhile(CannotCheckIn):
    """A colleague sent or skipped it since this person opened the page."""


class AnswersMissing(Exception):
    """Some questions have no answer. Carries them."""

    def __init__(self, questions: list[Question]):
        super().__init__(_("Some answers are still missing."))
        self.questions = questions


@dataclass(frozen=True)
class Said:
    """An answer to send: a level from 1 to 4, or a value of `CheckInAnswer.Outside`."""

    answer: int | str
    # It stands as it was the last time, by "the rest is as last time".
    as_before: bool = False


def locked(project: Project) -> Project:
    """The project's row as it stands now, locked."""
    return Project.objects.select_for_update().get(pk=project.pk)


# When ------------------------------------------------------------------------------------------------


def keep_schedule(project: Project, *, weeks: int | None = None) -> CheckInSchedule:
    """Work out anew when the next check-in of a project comes, for a project whose row the caller has locked.

    Arguments:
        weeks: another rhythm from now on.
    """
    schedule = CheckInSchedule.objects.filter(project=project).first()
    if schedule is None:
        schedule = CheckInSchedule(project=project, weeks=weeks or agreed_rhythm(project))
    elif weeks is not None:
        schedule.weeks = weeks
    last = CheckIn.objects.filter(project=project).order_by("-number").first()
    schedule.next_on = next_check_in(project, weeks=schedule.weeks, last=last)
    schedule.save()
    return schedule


def begin_schedule(project: Project, *, actor: Person | None, at: dt.datetime) -> None:
    """The project enters Deliver: from now on it is known when the first check-in comes."""
    keep_schedule(project)


def take_over_rhythm(project: Project, part: PlanPart, *, actor: Person | None, at: dt.datetime) -> None:
    """All have agreed to another version of "When": its days count, and its rhythm where the plan changed it.

    A rhythm that was changed on the check-ins stays when the plan says what it said before.
    """
    earlier = PlanPart.objects.filter(
        project=project, code=part.code, agreed_at__isnull=False, version__lt=part.version
    )
    before = earlier.order_by("-version").values_list("values", flat=True).first()
    weeks = weeks_in(part.values)
    is_new = before is not None and weeks is not None and weeks_in(before) != weeks
    if CheckInSchedule.objects.filter(project=project).exists():
        keep_schedule(project, weeks=weeks if is_new else None)


@transaction.atomic
def change_rhythm(project: Project, *, weeks: int, actor: Person, at: dt.datetime) -> None:
    """Check in more or less often from now on. The other partners are told. The same rhythm again changes nothing.

    Raises:
        CannotCheckIn: the project is not in Deliver.
        ActsForNobody: the person acts for no partner.
    """
    project = locked(project)
    organisation = acting_organisation(project, actor, at)
    if project.stage != Stage.DELIVER:
        raise CannotCheckIn(_("Check-ins belong to a project that is running."))
    before = rhythm_of(project)
    if before == weeks:
        return
    keep_schedule(project, weeks=weeks)
    event = record(
        "check_in.rhythm_changed", project, actor=actor, at=at, project=project, organisation=organisation,
        weeks=weeks, weeks_before=before,
    )  # fmt: skip
    void(
        reason=gettext_noop("the rhythm was changed again"),
        at=at,
        kind="check_in_rhythm",
        project=project.reference,
    )
    for person in everybody_to_tell(project, but=organisation):
        owe(
            person,
            kind="check_in_rhythm",
            key=f"check-in-rhythm:{event.pk}:p{person.pk}",
            at=at,
            subject=subject_of(project),
            project=project,
            about=organisation.pk,
            weeks=weeks,
        )


# Opening and closing ---------------------------------------------------------------------------------


def open_due(*, at: dt.datetime) -> dict[str, int]:
    """Open every check-in whose day has come, however late. Says how many `opened`, and how many could not (`faults`).

    One that can't be opened stands in nobody else's way, and is tried again with the next sweep.
    """
    counted = {"opened": 0, "faults": 0}
    running = Project.objects.in_workspace().filter(stage=Stage.DELIVER)
    # Those that have no row yet are looked at too, such as all that ran before there were check-ins. The database
    # narrows down; whether the day has come in the project's zone is said by `open_if_due`.
    latest = (at + FIRST_MIDNIGHT).date()
    candidates = running.filter(check_in_schedule=None) | running.filter(
        check_in_schedule__next_on__lte=latest
    )
    for project in candidates.order_by("pk").iterator():
        try:
            counted["opened"] += open_if_due(project, at=at) is not None
        except Exception:
            logger.exception("A check-in could not be opened")
            counted["faults"] += 1
    return counted


@transaction.atomic
def open_if_due(project: Project, *, at: dt.datetime) -> CheckIn | None:
    """Open the next check-in of a project if its day has come; None when it has not. Of two at once, one opens it."""
    project = locked(project)
    schedule = keep_schedule(project)
    if schedule.next_on is None or local_day(at, project.zone) < schedule.next_on:
        return None
    # Somebody may have closed the project early, or its end has passed and the next sweep takes it to Review.
    if project.ends_on and local_day(at, project.zone) > project.ends_on:
        return None
    return _open(project, actor=None, organisation=None, at=at)


@transaction.atomic
def add_check_in(project: Project, *, actor: Person, at: dt.datetime) -> CheckIn:
    """Open one now, between two of the rhythm, which counts on from it.

    Raises:
        CannotCheckIn: the project is not in Deliver, or one still waits for somebody.
        ActsForNobody: the person acts for no partner.
    """
    project = locked(project)
    organisation = acting_organisation(project, actor, at)
    if project.stage != Stage.DELIVER:
        raise CannotCheckIn(_("Check-ins belong to a project that is running."))
    if CheckInReply.objects.waiting().filter(check_in__project=project).exists():
        raise CannotCheckIn(_("A check-in is open already. Answer that one."))
    return _open(project, actor=actor, organisation=organisation, at=at)


def _open(project, *, actor, organisation, at):
    previous = CheckIn.objects.filter(project=project).order_by("-number").first()
    if previous is not None and previous.closed_at is None:
        close(previous, at=at)
    today = local_day(at, project.zone)
    check_in = CheckIn.objects.create(
        project=project,
        number=previous.number + 1 if previous else 1,
        opened_at=at,
        opened_by=actor,
        due_on=due_day(today, project.ends_on),
    )
    record(
        "check_in.added" if actor else "check_in.opened", check_in, actor=actor, at=at, project=project,
        organisation=organisation, number=check_in.number,
    )  # fmt: skip
    for partner in project.participations.partners().select_related("organisation").order_by("pk"):
        reply = CheckInReply.objects.create(check_in=check_in, organisation=partner.organisation)
        give_turn(
            project,
            partner.organisation,
            Turn.Kind.CHECK_IN,
            at=at,
            ref=str(check_in.number),
            due_on=check_in.due_on,
        )
        for person in whom_to_tell(project, partner.organisation):
            # Who added it is on its page already.
            if person != actor:
                owe(
                    person,
                    kind="check_in_opens",
                    key=f"check-in-opens:{reply.pk}:p{person.pk}",
                    at=at,
                    subject=subject_of(reply),
                    project=project,
                )
    keep_schedule(project)
    # With every check-in: have your interests changed?
    ask_again(project, at=at)
    return check_in


def close(check_in: CheckIn, *, at: dt.datetime) -> None:
    """Nobody can answer it any more: who has not is written down as that. For a project whose row is locked."""
    missing = CheckInReply.objects.filter(check_in=check_in, state=State.OPEN)
    for reply in missing.select_related("organisation").order_by("pk"):
        reply.state = State.MISSED
        reply.save(update_fields=["state"])
        record(
            "check_in.missed", check_in, actor=None, at=at, project=check_in.project,
            organisation=reply.organisation, number=check_in.number,
        )  # fmt: skip
        void(reason=gettext_noop("the check-in is closed"), at=at, subject=subject_of(reply))
    check_in.closed_at = at
    check_in.save(update_fields=["closed_at"])
    take_turn(check_in.project, Turn.Kind.CHECK_IN, at=at)


def end_check_ins(project: Project, *, actor: Person | None, at: dt.datetime) -> None:
    """Deliver has ended, or the project was withdrawn: with it end its check-ins and calls that nobody has answered.

    Called inside the transaction that moves the project on, with its row locked.
    """
    for check_in in CheckIn.objects.open().filter(project=project):
        check_in.project = project
        close(check_in, at=at)
    lapse_calls(project, at=at)
    CheckInSchedule.objects.filter(project=project).update(next_on=None)


# Answering -------------------------------------------------------------------------------------------


def may_correct(check_in: CheckIn, reply: CheckInReply, *, at: dt.datetime) -> bool:
    """Whether what was sent can still be put right: for ten minutes, whoever sent first; the others read when."""
    return check_in.closed_at is None and reply.is_sent and at < reply.said_at + CORRECTION


def _own_reply(check_in, actor, at):
    """The reply of the actor's organisation, locked, with its project and check-in as they stand now."""
    project = locked(check_in.project)
    organisation = acting_organisation(project, actor, at)
    replies = CheckInReply.objects.select_for_update(of=("self",)).filter(check_in=check_in)
    reply = replies.filter(organisation=organisation).select_related("check_in").first()
    if reply is None:
        raise CannotCheckIn(_("Your organisation was not asked in this check-in."))
    reply.organisation = organisation
    reply.check_in.project = project
    return reply


@transaction.atomic
def send_check_in(
    check_in: CheckIn,
    *,
    said: Mapping[int, Said],
    line: str,
    revision: int,
    actor: Person,
    at: dt.datetime,
) -> CheckInReply:
    """Send a partner's answers: the others read them at once. Sending the same twice is sending it once.

    What was skipped may be sent instead until the next one opens. What was sent may be corrected for ten minutes, and
    the others read that it was (docs/rules.md 93).

    Arguments:
        said: an answer to each of its questions, by their key.
        revision: how often it had been sent when the person looked.

    Raises:
        AnswersMissing: a question has no answer.
        ChangedMeanwhile: a colleague sent something else, or it was skipped since.
        CannotCheckIn: it is closed, was sent too long ago to be corrected, or the organisation is not asked.
        ActsForNobody: the person acts for no partner.
    """
    reply = _own_reply(check_in, actor, at)
    check_in, organisation = reply.check_in, reply.organisation
    questions = pulse_questions(check_in.project)
    said = {question.pk: said[question.pk] for question in questions if question.pk in said}
    if reply.is_sent and _content(reply) == ({pk: one.answer for pk, one in said.items()}, line):
        return reply
    if check_in.closed_at is not None:
        raise CannotCheckIn(_("This check-in is closed. What was said stays as it is."))
    if reply.revision != revision:
        raise ChangedMeanwhile(_("A colleague has answered meanwhile. Read it below."))
    if missing := missing_questions(questions, said):
        raise AnswersMissing(missing)
    is_correction = reply.is_sent
    if is_correction and not may_correct(check_in, reply, at=at):
        raise CannotCheckIn(
            _("What was sent can’t be corrected any more. Add a check-in to say how it is now.")
        )
    reply.answers.all().delete()
    CheckInAnswer.objects.bulk_create(
        CheckInAnswer(
            reply=reply,
            question_id=pk,
            level=one.answer if isinstance(one.answer, int) else None,
            outside=one.answer if isinstance(one.answer, str) else "",
            as_before=one.as_before,
        )
        for pk, one in said.items()
    )
    reply.state, reply.line, reply.reason, reply.reason_words = State.SENT, line, "", ""
    reply.revision += 1
    if is_correction:
        reply.corrected_at = at
    else:
        reply.said_at, reply.said_by = at, actor
    reply.save()
    record(
        "check_in.corrected" if is_correction else "check_in.sent", check_in, actor=actor, at=at,
        project=check_in.project, organisation=organisation, number=check_in.number,
    )  # fmt: skip
    _settle(reply, at)
    return reply


def _content(reply):
    return {answer.question_id: answer.answer for answer in reply.answers.all()}, reply.line


@transaction.atomic
def skip_check_in(
    check_in: CheckIn, *, reason: str, words: str, revision: int, actor: Person, at: dt.datetime
) -> CheckInReply:
    """Skip a check-in for one's own organisation. The others read why. Skipping twice is skipping once.

    Arguments:
        reason: a value of `CheckInReply.Reason`.
        words: required for another reason.

    Raises:
        ChangedMeanwhile, CannotCheckIn, ActsForNobody: see `send_check_in`.
    """
    reply = _own_reply(check_in, actor, at)
    check_in = reply.check_in
    if reply.state == State.SKIPPED and (reply.reason, reply.reason_words) == (reason, words):
        return reply
    if check_in.closed_at is not None:
        raise CannotCheckIn(_("This check-in is closed. What was said stays as it is."))
    if reply.revision != revision:
        raise ChangedMeanwhile(_("A colleague has answered meanwhile. Read it below."))
    if reply.is_sent:
        raise CannotCheckIn(_("Your organisation has sent this check-in. There is nothing to skip."))
    reply.state, reply.reason, reply.reason_words = State.SKIPPED, reason, words
    reply.revision += 1
    reply.said_at, reply.said_by = at, actor
    reply.save()
    record(
        "check_in.skipped", check_in, actor=actor, at=at, project=check_in.project,
        organisation=reply.organisation, number=check_in.number,
    )  # fmt: skip
    _settle(reply, at)
    return reply


def _settle(reply: CheckInReply, at: dt.datetime) -> None:
    """It is not this partner's turn any more, and nobody there is reminded."""
    check_in = reply.check_in
    ref = str(check_in.number)
    take_turn(check_in.project, Turn.Kind.CHECK_IN, organisation=reply.organisation, ref=ref, at=at)
    void(reason=gettext_noop("the check-in was answered"), at=at, subject=subject_of(reply))
