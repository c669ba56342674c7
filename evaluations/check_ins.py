"""Check-ins as they are read: when the next one comes, what was said over time, how many were done.

All of it is shared between the partners (docs/rules.md 91): nothing here asks for a review, nor for what is in one.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Prefetch, Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.days import local_day
from accounts.models import Organisation
from evaluations.models import Call, CheckIn, CheckInAnswer, CheckInReply, CheckInSchedule
from partnerships.models import PlanPart, Project
from partnerships.rulesets.plan import WHEN
from principles.models import Level, Question

State = CheckInReply.State

DAY = dt.timedelta(days=1)
# From the day on which it opens; reminders leave with five days left, and on the last day.
DAYS_OPEN = 10 * DAY
# Who has just checked in is asked for a review next: none opens so near the end.
QUIET_BEFORE_END = 7 * DAY
# How long somebody may put right what they sent, while nobody has answered to it.
CORRECTION = dt.timedelta(minutes=10)
# So many of the newest are looked through for calls that lie ahead.
MOST_CALLS = 10


# When ------------------------------------------------------------------------------------------------


def next_day(
    *,
    starts_on: dt.date | None,
    since: dt.date,
    last_on: dt.date | None,
    weeks: int,
    ends_on: dt.date | None,
) -> dt.date | None:
    """The day on which the next check-in of a project in Deliver opens; None when no more comes (docs/rules.md 92).

    Arguments:
        starts_on, ends_on: the days of the project.
        since: the day on which it entered Deliver.
        last_on: the day on which the last check-in opened, late or not; None before the first.
        weeks: the rhythm.
    """
    if last_on is None:
        day = max(starts_on or since, since)
        return None if ends_on and day > ends_on else day
    try:
        day = last_on + weeks * 7 * DAY
    except OverflowError:
        return None
    return None if ends_on and day > ends_on - QUIET_BEFORE_END else day


def next_check_in(project: Project, *, weeks: int, last: CheckIn | None) -> dt.date | None:
    """The same for a project in memory; None outside Deliver."""
    if project.stage != Project.Stage.DELIVER or project.origin != Project.Origin.WORKSPACE:
        return None
    return next_day(
        starts_on=project.starts_on,
        since=local_day(project.stage_since, project.zone),
        last_on=local_day(last.opened_at, project.zone) if last else None,
        weeks=weeks,
        ends_on=project.ends_on,
    )


def due_day(opened_on: dt.date, ends_on: dt.date | None) -> dt.date:
    """Until when a check-in is answered in time. Later it is answered too, until the next one or the end of Deliver."""
    day = opened_on + DAYS_OPEN
    return max(min(day, ends_on), opened_on) if ends_on else day


def agreed_rhythm(project: Project) -> int:
    """The weeks that the plan says, as all partners agreed to it; six where it says nothing."""
    agreed = PlanPart.objects.filter(project=project, code=WHEN.code, agreed_at__isnull=False)
    values = agreed.order_by("-version").values_list("values", flat=True).first() or {}
    return weeks_in(values) or CheckInSchedule.Weeks.SIX


def weeks_in(values: dict) -> int | None:
    """The rhythm in a version of the plan's part When; None where there is none."""
    said = str(values.get("rhythm", ""))
    return int(said) if said in {str(weeks) for weeks in CheckInSchedule.Weeks.values} else None


def rhythm_of(project: Project) -> int:
    """The weeks between two check-ins of a project: as it was changed last, else as the plan says."""
    schedule = CheckInSchedule.objects.filter(project=project).first()
    return schedule.weeks if schedule else agreed_rhythm(project)


# What was said ---------------------------------------------------------------------------------------


def pulse_questions(project: Project) -> list[Question]:
    """The questions of a check-in, one of each principle, with their levels as `scale`. Two queries."""
    questions = list(
        Question.objects.filter(principle__principle_set=project.principle_set_id, pulse=True)
        .select_related("principle")
        .prefetch_related("levels")
        .order_by("principle__number", "position")
    )
    for question in questions:
        question.scale = list(question.levels.all())
    return questions


def read_check_ins(project: Project) -> list[CheckIn]:
    """All check-ins of a project with what every partner said, the newest first. Three queries."""
    answers = Prefetch("answers", to_attr="said")
    replies = Prefetch(
        "replies",
        CheckInReply.objects.select_related("organisation", "said_by")
        .prefetch_related(answers)
        .order_by("pk"),
        to_attr="every_reply",
    )
    found = CheckIn.objects.filter(project=project).select_related("opened_by").prefetch_related(replies)
    found = list(found.order_by("-number"))
    for check_in in found:
        check_in.project = project
        for reply in check_in.every_reply:
            reply.check_in = check_in
    return found


def reply_of(check_in: CheckIn, organisation: Organisation) -> CheckInReply | None:
    """What became of a check-in at this partner, after `read_check_ins`; None when it was not asked."""
    return next((row for row in check_in.every_reply if row.organisation_id == organisation.pk), None)


def answers_of(reply: CheckInReply | None) -> dict[int, CheckInAnswer]:
    """The answers of a reply by their question, after `read_check_ins`."""
    return {answer.question_id: answer for answer in reply.said} if reply else {}


def last_sent(
    check_ins: Iterable[CheckIn], organisation: Organisation, *, before: int
) -> CheckInReply | None:
    """What this partner sent the last time before the check-in with this number, after `read_check_ins`."""
    for check_in in check_ins:
        reply = reply_of(check_in, organisation) if check_in.number < before else None
        if reply is not None and reply.is_sent:
            return reply
    return None


def words_of(answer: CheckInAnswer | None, question: Question) -> str:
    """What was chosen, as a word; empty for nothing."""
    if answer is None:
        return ""
    if answer.outside:
        return str(CheckInAnswer.Outside(answer.outside).label)
    return next((level.label for level in question.scale if level.value == answer.level), "")


def own_first(replies: Sequence[CheckInReply], own_id: int | None) -> list[CheckInReply]:
    """Replies with that of the reader's own organisation in front."""
    return sorted(replies, key=lambda reply: (reply.organisation_id != own_id, reply.pk))


@dataclass(frozen=True)
class Noted:
    """What the partners said in one check-in about some principle, as lines of (name, words, line)."""

    number: int
    opened_at: dt.datetime
    lines: list[tuple[str, str, str]]


def noted_along_the_way(
    project: Project, *, principle: int | None = None, own_id: int | None = None
) -> list[Noted]:
    """What both sides noted in check-ins, the newest first; of one principle, or the optional lines of all.

    Only what was sent, and so was shared at once. One query.

    Arguments:
        principle: the number of a principle; None for the lines alone.
        own_id: the reader's organisation, which comes first.
    """
    label = Level.objects.filter(question=OuterRef("answers__question"), value=OuterRef("answers__level"))
    rows = (
        CheckInReply.objects.filter(check_in__project=project, state=State.SENT)
        .order_by("-check_in__number", "pk", "answers__pk")
        .values_list(
            "check_in__number",
            "check_in__opened_at",
            "organisation",
            "organisation__name",
            "line",
            "answers__question__principle__number",
            "answers__outside",
            Subquery(label.values("label")[:1]),
        )
    )
    found: dict[tuple, dict[int, tuple[str, list[str], str]]] = {}
    for number, opened_at, organisation, name, line, about, outside, word in rows:
        replies = found.setdefault((number, opened_at), {})
        words = replies.setdefault(organisation, (name, [], line))[1]
        if principle is not None and about == principle:
            words.append(str(CheckInAnswer.Outside(outside).label) if outside else word)
    noted = []
    for (number, opened_at), replies in found.items():
        said = sorted(replies.items(), key=lambda item: item[0] != own_id)
        lines = [(name, ", ".join(words), line) for _pk, (name, words, line) in said if words or line]
        if lines:
            noted.append(Noted(number, opened_at, lines))
    return noted


# How many --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CheckInsDone:
    """A measured fact: how many check-ins every partner sent, of those that there were."""

    done: int
    asked: int

    @property
    def text(self) -> str:
        return ngettext("%(done)s of %(asked)s check-in", "%(done)s of %(asked)s check-ins", self.asked) % {
            "done": self.done,
            "asked": self.asked,
        }

    @property
    def how(self) -> str:
        """How it was measured, to stand beside it."""
        return _(
            "Counted, not asked: a check-in is done when every partner has sent theirs. "
            "Skipped ones and those that nobody answered are not done; one that somebody can still answer is not counted."
        )


def check_ins_done(project: Project) -> CheckInsDone:
    """Count the check-ins of a project (docs/rules.md 98). One query.

    They end with Deliver and never change after it, so the same comes out when the reviews open, and years later.
    """
    left_out = Count("replies", filter=~Q(replies__state=State.SENT))
    waiting = Count("replies", filter=Q(replies__state=State.OPEN))
    found = CheckIn.objects.filter(project=project).annotate(left_out=left_out, waiting=waiting)
    counts = list(found.filter(waiting=0).order_by().values_list("left_out", flat=True))
    return CheckInsDone(done=counts.count(0), asked=len(counts))


# Calls -----------------------------------------------------------------------------------------------


def standing_calls(project: Project) -> list[Call]:
    """The newest calls of a project that nothing has overtaken, the newest first. One query."""
    calls = Call.objects.filter(project=project).exclude(state=Call.State.LAPSED)
    calls = calls.select_related("organisation", "suggested_by", "answered_by", "answered_for")
    found = list(calls.order_by("-pk")[:MOST_CALLS])
    for call in found:
        call.project = project
    return found


def is_over(call: Call, at: dt.datetime) -> bool:
    """Whether nothing can come of it any more: its times have passed, or two weeks since none fitted."""
    if call.state == Call.State.OPEN:
        return call.third_at <= at
    if call.state == Call.State.PICKED:
        # A call takes an hour or so: it stands there while it is held.
        return call.picked_at + dt.timedelta(hours=2) <= at
    return call.state == Call.State.LAPSED or call.answered_at + 14 * DAY <= at


def calls_for_reader(project: Project, calls: Sequence[Call], *, at: dt.datetime) -> list[Call]:
    """Of `standing_calls` those that matter now: what waits for an answer, and chosen times that lie ahead.

    Also the newest one when none of its times fitted, for two weeks. Each knows `is_theirs`, whether the other side
    suggested it, and `waits_for_reader`, whether they choose its time.

    Arguments:
        project: from `access.get_project`; its reader acts for a partner.
    """
    answers = project.stage == Project.Stage.DELIVER and "check_in" in project.verbs
    shown = []
    for call in calls:
        if is_over(call, at) or (call.state == Call.State.NONE_FITS and call is not calls[0]):
            continue
        call.is_theirs = is_on_other_side(project, project.acting.organisation, call.organisation_id)
        call.waits_for_reader = answers and call.is_theirs and call.state == Call.State.OPEN
        shown.append(call)
    return shown


def is_on_other_side(project: Project, own: Organisation, other_id: int) -> bool:
    """Whether an organisation takes part on the other side than one's own, after `access.get_project`."""
    sides = {row.organisation_id: row.side for row in project.everybody}
    return sides.get(own.pk) != sides.get(other_id)


def missing_questions(questions: Iterable[Question], answered: Collection[int]) -> list[Question]:
    """The questions of a check-in to which an answer is missing."""
    return [question for question in questions if question.pk not in answered]
