"""What waits for somebody. Derived by queries each time, never stored: nothing can outlive its cause."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Count, QuerySet, Window
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.days import local_day
from accounts.models import Organisation, Person, Snooze
from evaluations import sealing
from evaluations.actions.asking import standing_of_senders
from evaluations.models import CheckInSchedule, Promise
from partnerships.models import NUDGE_DAYS, WORKING, Participation, Project, Turn, read_partners
from portal.links import address_of_turn
from portal.waiting.asked import asked_tasks
from portal.waiting.task import Task

# So many rows of a kind are read for one home; those put aside are among them.
ROWS = 50
# A promise shows up a week before its day, with its first message.
PROMISE_LEAD = dt.timedelta(days=7)
TURN_ICONS = {
    Turn.Kind.PLAN: "plan",
    Turn.Kind.CONTRACT: "document",
    Turn.Kind.CLOSING: "calendar",
    Turn.Kind.RESULT: "check",
    Turn.Kind.CHECK_IN: "pulse",
    Turn.Kind.REVIEW: "review",
    Turn.Kind.CONCLUSION: "sign",
}
TURN_MINUTES = {
    Turn.Kind.PLAN: 6,
    Turn.Kind.CONTRACT: 7,
    Turn.Kind.CLOSING: 1,
    Turn.Kind.RESULT: 2,
    Turn.Kind.CHECK_IN: 1,
    Turn.Kind.REVIEW: 8,
    Turn.Kind.CONCLUSION: 5,
}


def turns_of(person: Person) -> QuerySet[Turn]:
    """Turns that this person may take, as Lead, Owner or signatory, each on its project."""
    return Turn.objects.taken_by(person).select_related("project", "organisation")


def turns_of_others(person: Person) -> QuerySet[Turn]:
    """Turns of other organisations on the projects of this person, as far as they may know."""
    turns = Turn.objects.known_to(person).filter(project__in=Project.objects.visible_to(person))
    return turns.exclude(organisation__in=person.organisation_ids())


def tasks_for(
    person: Person,
    *,
    at: dt.datetime,
    turns: list[Turn] | None = None,
    promises: list[Promise] | None = None,
    beside: Iterable[Project] = (),
    kind: str = "",
) -> list[Task]:
    """Everything that waits for this person, the soonest first, snoozed ones included. A constant number of queries.

    Arguments:
        turns, promises: `own_turns` and `own_promises` of this person, where the page has read them already.
        kind: look further among what is asked in this way (`asked_tasks`).
        beside: projects shown on the same page. Their `partners` are read along with those of the tasks.
    """
    tasks = [
        *_turn_tasks(person, own_turns(person) if turns is None else turns, at, beside),
        *_promise_tasks(own_promises(person) if promises is None else promises, at),
        *_sender_tasks(person, at),
        *asked_tasks(person, at, kind=kind),
    ]
    today = local_day(at, person.zone)
    tasks = [replace(task, readers_today=today) for task in tasks]
    far = dt.date.max
    return sorted(
        tasks, key=lambda task: (task.due or far, task.since.isoformat() if task.since else "", task.key)
    )


def split_snoozed(
    person: Person, tasks: list[Task], *, at: dt.datetime
) -> tuple[list[Task], list[tuple[Task, dt.date]]]:
    """Tasks for now, and those put aside with the day on which they come back. Never past their due date."""
    today = local_day(at, person.zone)
    until = dict(Snooze.objects.filter(person=person, until__gt=today).values_list("task_key", "until"))
    now, later = [], []
    for task in tasks:
        day = until.get(task.key)
        if day is None or (task.due and task.due <= today):
            now.append(task)
        else:
            later.append((task, day))
    return now, later


def task_by_key(person: Person, key: str, *, at: dt.datetime) -> Task | None:
    """The task with this key, if it waits for this person."""
    tasks = tasks_for(person, at=at, kind=key.partition(":")[0])
    return next((task for task in tasks if task.key == key), None)


def turn_key(turn: Turn) -> str:
    """What a snooze of a turn holds on to."""
    parts = [turn.kind, turn.project.reference, *([turn.ref] if turn.ref else [])]
    return ":".join(parts)


def own_turns(person: Person) -> list[Turn]:
    """The first turns of `turns_of`, the soonest first. Each knows as `found` how many there are."""
    turns = turns_of(person).annotate(found=Window(Count("pk")))
    return list(turns.order_by("due_on", "since", "pk")[:ROWS])


def not_read(turns: list[Turn]) -> int:
    """How many turns there are besides these, which came from `own_turns`."""
    return turns[0].found - len(turns) if turns else 0


def _turn_tasks(person, turns, at, beside):
    signs = {one.organisation_id for one in person.current_memberships if one.signs_only}
    read_partners([*(turn.project for turn in turns), *beside])
    reviews = [turn for turn in turns if turn.kind == Turn.Kind.REVIEW]
    progress = sealing.progress_by_project(reviews_of(reviews)) if reviews else {}
    for turn in turns:
        project = turn.project
        task = Task(
            key=turn_key(turn),
            icon=TURN_ICONS[turn.kind],
            title=turn_title(turn, project),
            url=address_of_turn(turn, project),
            button=_("Start"),
            minutes=TURN_MINUTES[turn.kind],
            about=_("%(project)s, with %(partner)s")
            % {"project": project.title, "partner": names_opposite(turn)},
            due=turn.due_on,
            today=local_day(at, project.zone),
            since=turn.since,
            may_ask_for_time=turn.can_move,
        )
        if turn.kind == Turn.Kind.REVIEW:
            task = _with_review(task, turn, progress)
        if turn.organisation_id in signs:
            # To sign is all that may wait for them, and the day is not theirs to move.
            task = replace(task, title=_("Sign the contract"), icon="sign", may_ask_for_time=False)
        yield task


def reviews_of(turns: list[Turn]) -> list[tuple[int, int]]:
    """Project and organisation of these turns, as ids."""
    return [(turn.project_id, turn.organisation_id) for turn in turns]


def _with_review(task, turn, progress):
    own = progress.get(turn.project_id)
    if own is None:
        return task
    note = ""
    if own.sent_by_others:
        note = _(
            "%(organisation)s has sent theirs. Both reviews open to each other as soon as you send yours."
        ) % {"organisation": own.sent_by_others[0].name}
        if own.others_missing:
            note = _("%(organisation)s has sent theirs. All reviews open with the last one.") % {
                "organisation": own.sent_by_others[0].name
            }
    return replace(
        task,
        done=own.done,
        total=own.total if own.done else 0,
        button=_("Carry on") if own.done else _("Start"),
        title=_("Finish your end-of-project review") if own.done else task.title,
        note=note,
        note_by=own.sent_by_others[0] if own.sent_by_others else None,
    )


def turn_title(turn: Turn, project: Project) -> str:
    """What the organisation has to do, as an invitation."""
    if turn.kind == Turn.Kind.PLAN:
        return _("Write the plan") if project.stage == Project.Stage.SHAPE else _("Read the plan")
    if turn.kind == Turn.Kind.CONTRACT and turn.ref not in ("", "1"):
        return _("Work on contract %(number)s") % {"number": turn.ref}
    return {
        Turn.Kind.CONTRACT: _("Work on the contract"),
        Turn.Kind.CLOSING: _("Say whether the project closes early"),
        Turn.Kind.RESULT: _("Record the result for patients"),
        Turn.Kind.CHECK_IN: _("Check in"),
        Turn.Kind.REVIEW: _("Review the project"),
        Turn.Kind.CONCLUSION: _("Work on the joint conclusion"),
    }[turn.kind]


def names_opposite(turn: Turn) -> str:
    """The partners on the other side, as seen by the organisation whose turn it is, after `read_partners`."""
    partners = turn.project.partners
    own_side = next((row.side for row in partners if row.organisation_id == turn.organisation_id), None)
    others = [row.organisation.name for row in partners if row.side != own_side]
    return ", ".join(others) or _("a partner who has not joined yet")


def own_promises(person: Person) -> list[Promise]:
    """Open promises for which this person answers, the soonest first, each with its project."""
    promises = Promise.objects.open().owned_by(person)
    return list(promises.select_related("project").order_by("due_on", "pk")[:ROWS])


def _promise_tasks(promises, at):
    for promise in promises:
        today = local_day(at, promise.project.zone)
        if promise.due_on - PROMISE_LEAD <= today:
            yield Task(
                key=f"promise:{promise.pk}",
                icon="promise",
                title=_("You promised: %(what)s") % {"what": promise.what},
                url=reverse("evaluations:promise_list", args=[promise.project.reference]),
                button=_("Mark done"),
                minutes=1,
                about=promise.project.title,
                due=promise.due_on,
                today=today,
            )


def _sender_tasks(person, at):
    """What the organisations are asked that have sent their review, and that they may choose when others are late."""
    for sender in standing_of_senders(person, at=at):
        project, today = sender.project, local_day(at, sender.project.zone)
        for asked in sender.asked:
            yield Task(
                key=f"asked:{asked.choice}",
                icon="review",
                title=asked.title,
                url=reverse("evaluations:review_choices", args=[project.reference]),
                button=_("Answer"),
                minutes=1,
                about=project.title,
                since=asked.since,
                today=today,
            )
        if sender.may_choose:
            yield Task(
                key=f"late:{project.reference}",
                icon="clock",
                title=_("Choose what happens: reviews are more than 21 days late"),
                url=reverse("evaluations:review_late", args=[project.reference]),
                button=_("See the choices"),
                minutes=2,
                about=project.title,
                today=today,
            )


@dataclass(frozen=True)
class Waiting:
    """One thing that somebody else has to do."""

    title: str
    url: str
    organisation: Organisation
    about: str
    days: int
    late: int
    # Where to ask how it goes; empty where they were asked a short while ago, and `nudged` says so.
    nudge_url: str = ""
    nudged: str = ""

    @property
    def tag(self) -> str:
        return ngettext("%(days)s day with them", "%(days)s days with them", self.days) % {"days": self.days}

    @property
    def tone(self) -> str:
        return "late" if self.late else "wait"

    @property
    def icon(self) -> str:
        return "clock" if self.late else ""

    @property
    def nudge_label(self) -> str:
        return _("to %(organisation)s: %(title)s") % {
            "organisation": self.organisation.name,
            "title": self.title,
        }


def nudged_words(turn: Turn, today: dt.date) -> str:
    """When others asked how it goes, and from when on they may again; empty where they may now."""
    again = turn.nudged_on and turn.nudged_on + dt.timedelta(days=NUDGE_DAYS)
    if again is None or again <= today:
        return ""
    words = (
        _("Nudged today. Next nudge from %(day)s")
        if turn.nudged_on == today
        else _("Nudged on %(before)s. Next nudge from %(day)s")
    )
    return words % {"before": date_format(turn.nudged_on, "j F"), "day": date_format(again, "D j F")}


def works_for_a_partner(person: Person) -> bool:
    """Whether they do the work of a group or a company somewhere. Asks nothing."""
    return any(
        membership.role in WORKING and membership.organisation.kind != Organisation.Kind.AGENCY
        for membership in person.current_memberships
    )


def waiting_for_them(person: Person, *, at: dt.datetime, limit: int) -> list[Waiting]:
    """What other organisations have to do on this person's projects, the longest wait first."""
    longest = turns_of_others(person).order_by("since", "pk").values("pk")[:limit]
    # Projects and organisations are looked up for these few, not for all that they were sorted among.
    turns = Turn.objects.filter(pk__in=longest).select_related("project", "organisation")
    rows, works = [], works_for_a_partner(person)
    for turn in turns.order_by("since", "pk"):
        today = local_day(at, turn.project.zone)
        nudged = nudged_words(turn, today)
        rows.append(
            Waiting(
                nudged=nudged,
                nudge_url="" if nudged or not works else reverse("portal:turn_nudge", args=[turn.pk]),
                title=turn_title(turn, turn.project),
                url=reverse("portal:project_overview", args=[turn.project.reference]),
                organisation=turn.organisation,
                about=f"{turn.organisation.name}. {turn.project.title}",
                days=max((today - local_day(turn.since, turn.project.zone)).days, 0),
                late=bool(turn.due_on and turn.due_on < today),
            )
        )
    return rows


@dataclass(frozen=True)
class Date:
    day: dt.date
    title: str
    url: str
    info: str = ""


def next_check_ins(person: Person, *, limit: int) -> list[CheckInSchedule]:
    """The check-ins that open next on the projects of this person, each with its project. One query.

    None of projects on which they act for an agency, or for nobody: these know nothing of check-ins.
    """
    acted = Participation.objects.acted_by(person, known=True).filter(role=Participation.Role.PARTNER)
    running = CheckInSchedule.objects.filter(project__stage=Project.Stage.DELIVER, next_on__isnull=False)
    running = running.filter(project__in=acted.values("project")).select_related("project")
    return list(running.order_by("next_on", "pk")[:limit])


def coming_up(
    person: Person,
    *,
    ends: list[Project],
    promises: list[Promise],
    check_ins: list[CheckInSchedule],
    at: dt.datetime,
) -> list[Date]:
    """The next dates: ends of projects, check-ins, and promises of this person that are not tasks yet. Asks nothing.

    Arguments:
        ends: the projects that end next.
        check_ins: `next_check_ins` of this person.
        promises: `own_promises` of this person.
    """
    today = local_day(at, person.zone)
    dates = [
        Date(project.ends_on, _("%(project)s ends") % {"project": project.title}, project.get_absolute_url())
        for project in ends
    ]
    dates += [
        Date(
            schedule.next_on,
            _("Check-in: %(project)s") % {"project": schedule.project.title},
            reverse("evaluations:check_in_list", args=[schedule.project.reference]),
        )
        for schedule in check_ins
        if schedule.next_on >= today
    ]
    dates += [
        Date(
            promise.due_on,
            _("Your promise: %(what)s") % {"what": promise.what},
            reverse("evaluations:promise_list", args=[promise.project.reference]),
            promise.project.title,
        )
        for promise in promises
        if promise.due_on > today + PROMISE_LEAD
    ]
    return sorted(dates, key=lambda date: (date.day, date.title))
