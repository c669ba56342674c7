"""What waits for somebody. Derived by queries each time, never stored: nothing can outlive its cause."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Count, Exists, OuterRef, QuerySet, Window
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.days import local_day
from accounts.models import JoinRequest, Membership, Organisation, Person, Snooze
from evaluations import sealing
from evaluations.actions.asking import standing_of_senders
from evaluations.models import Promise
from partnerships.models import (
    WORKING,
    ContractQuestion,
    Participation,
    Project,
    TimeRequest,
    Turn,
    UsePermission,
    projects_asking,
    read_partners,
)
from partnerships.questions import about_of
from partnerships.uses import question_of
from portal.links import address_of_turn

# So many rows of a kind are read for one home; those put aside are among them.
ROWS = 50
# A promise shows up a week before its day, with its first message.
PROMISE_LEAD = dt.timedelta(days=7)
TURN_ICONS = {
    Turn.Kind.PLAN: "plan",
    Turn.Kind.CONTRACT: "document",
    Turn.Kind.CLOSING: "calendar",
    Turn.Kind.RESULT: "check",
    Turn.Kind.REVIEW: "review",
    Turn.Kind.CONCLUSION: "sign",
}
TURN_MINUTES = {
    Turn.Kind.PLAN: 6,
    Turn.Kind.CONTRACT: 7,
    Turn.Kind.CLOSING: 1,
    Turn.Kind.RESULT: 2,
    Turn.Kind.REVIEW: 8,
    Turn.Kind.CONCLUSION: 5,
}


@dataclass(frozen=True)
class Task:
    """One thing that waits. `key` is `kind:ref`: what a snooze holds on to."""

    key: str
    icon: str
    title: str
    url: str
    button: str
    minutes: int
    about: str = ""
    due: dt.date | None = None
    today: dt.date | None = None
    since: dt.datetime | None = None
    organisation: Organisation | None = None
    done: int = 0
    total: int = 0
    note: str = ""
    note_by: Organisation | None = None
    may_ask_for_time: bool = False
    # Today where its reader is: from that day on it is put aside.
    readers_today: dt.date | None = None

    @property
    def days_late(self) -> int:
        return max((self.today - self.due).days, 0) if self.due and self.today else 0

    @cached_property
    def tag(self) -> str:
        if self.days_late:
            return ngettext("%(days)s day late", "%(days)s days late", self.days_late) % {
                "days": self.days_late
            }
        return _("Due today") if self.due and self.due == self.today else ""

    @property
    def tone(self) -> str:
        return "late" if self.days_late else "turn"

    @cached_property
    def info(self) -> str:
        left = self.minutes * (self.total - self.done) // self.total if self.total else self.minutes
        left = max(left, 1)
        if self.done:
            return ngettext("about %(count)s minute left", "about %(count)s minutes left", left) % {
                "count": left
            }
        return ngettext("About %(count)s minute", "About %(count)s minutes", left) % {"count": left}

    @property
    def button_label(self) -> str:
        return f"{self.button}: {self.title}, {self.about}" if self.about else f"{self.button}: {self.title}"

    @property
    def can_wait(self) -> bool:
        """Whether there is a day on which it could come back, or more time to ask for."""
        return self.may_ask_for_time or not (
            self.due and self.readers_today and self.due <= self.readers_today
        )

    @cached_property
    def later_url(self) -> str:
        """Where to put it aside; empty where nothing could be chosen there."""
        return reverse("portal:task_later", args=[self.key]) if self.can_wait else ""


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
) -> list[Task]:
    """Everything that waits for this person, the soonest first, snoozed ones included. A constant number of queries.

    Arguments:
        turns, promises: `own_turns` and `own_promises` of this person, where the page has read them already.
        beside: projects shown on the same page. Their `partners` are read along with those of the tasks.
    """
    tasks = [
        *_turn_tasks(person, own_turns(person) if turns is None else turns, at, beside),
        *_promise_tasks(own_promises(person) if promises is None else promises, at),
        *_time_tasks(person, at),
        *_sender_tasks(person, at),
        *_join_tasks(person, at),
        *_interest_tasks(person, at),
        *_permission_tasks(person, at),
        *_question_tasks(person, at),
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
    return next((task for task in tasks_for(person, at=at) if task.key == key), None)


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
            organisation=turn.organisation,
            may_ask_for_time=turn.due_on is not None,
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


def _time_tasks(person, at):
    answering = Participation.objects.acted_by(person, known=True).filter(
        project=OuterRef("project"),
        role=Participation.Role.PARTNER,
        organisation__in=person.organisation_ids(*WORKING),
    )
    asking_side = Participation.objects.filter(
        project=OuterRef("project"), organisation=OuterRef("organisation")
    )
    opposite = answering.exclude(organisation=OuterRef("organisation"))
    requests = (
        TimeRequest.objects.open()
        .filter(Exists(opposite), Exists(asking_side))
        .select_related("project", "organisation")
        .order_by("yes_from", "pk")[:ROWS]
    )
    for request in requests:
        yield Task(
            key=f"time:{request.pk}",
            icon="clock",
            title=_("%(organisation)s asks for time until %(day)s")
            % {"organisation": request.organisation.name, "day": date_format(request.due_on, "j F")},
            url=reverse("partnerships:time_request", args=[request.project.reference, request.pk]),
            button=_("Answer"),
            minutes=1,
            about=request.project.title,
            due=request.yes_from,
            today=local_day(at, request.project.zone),
            organisation=request.organisation,
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
                organisation=sender.organisation,
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
                organisation=sender.organisation,
            )


def _join_tasks(person, at):
    owner = Membership.Role.OWNER
    owned = [one.organisation_id for one in person.current_memberships if one.role == owner]
    if not owned:
        return
    requests = (
        JoinRequest.objects.filter(decided_at=None, organisation__in=owned)
        .select_related("organisation", "person")
        .order_by("created_at", "pk")[:ROWS]
    )
    for request in requests:
        yield Task(
            key=f"join:{request.pk}",
            icon="people",
            title=_("%(name)s asks to join %(organisation)s")
            % {"name": request.person, "organisation": request.organisation.name},
            url=reverse("accounts:member_list", args=[request.organisation.slug]),
            button=_("Answer"),
            minutes=1,
            since=request.created_at,
            today=local_day(at, person.zone),
        )


def _interest_tasks(person, at):
    """Projects on which they are asked what else they are bound to: agencies and Readers like everybody."""
    for project in projects_asking(person).order_by("stage_since", "pk")[:ROWS]:
        yield Task(
            key=f"interests:{project.reference}",
            icon="people",
            title=_("Declare your interests"),
            url=reverse("partnerships:interest_list", args=[project.reference]),
            button=_("Start"),
            minutes=1,
            about=project.title,
            since=project.stage_since,
            today=local_day(at, project.zone),
        )


def _permission_tasks(person, at):
    """Permissions to use a name or a logo that their organisation is asked for."""
    # Somewhere it may still be yesterday; whether a day has passed is said by the project's zone.
    asked = (
        UsePermission.objects.open()
        .answered_by(person)
        .filter(until__gte=at.date() - dt.timedelta(days=1))
        .select_related("project", "giver", "holder")
        .order_by("written_at", "pk")[:ROWS]
    )
    for permission in asked:
        today = local_day(at, permission.project.zone)
        if permission.has_passed(today):
            continue
        yield Task(
            key=f"permission:{permission.pk}",
            icon="document",
            title=question_of(permission),
            url=reverse("partnerships:permission_answer", args=[permission.project.reference, permission.pk]),
            button=_("Answer"),
            minutes=2,
            about=permission.project.title,
            since=permission.written_at,
            today=today,
            organisation=permission.giver,
        )


def _question_tasks(person, at):
    """Questions about contracts: to answer those of the other side, and to say whether an answer helped."""
    to_answer, to_settle = (
        ContractQuestion.objects.to_answer(person),
        ContractQuestion.objects.to_settle(person),
    )
    asked = (to_answer | to_settle).select_related("contract__project", "organisation", "answered_for")
    for question in asked.order_by("due_on", "pk")[:ROWS]:
        project, answered = question.contract.project, question.is_answered
        yield Task(
            key=f"question:{question.pk}",
            icon="talk",
            title=(_("Read the answer about “%(about)s”") if answered else _("Explain “%(about)s”"))
            % {"about": about_of(question)},
            url=question.get_absolute_url(),
            button=_("Read") if answered else _("Answer"),
            minutes=2,
            about=project.title,
            due=None if answered else question.due_on,
            since=question.answered_at or question.asked_at,
            today=local_day(at, project.zone),
            organisation=question.answered_for if answered else question.organisation,
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

    @property
    def tag(self) -> str:
        return ngettext("%(days)s day with them", "%(days)s days with them", self.days) % {"days": self.days}

    @property
    def tone(self) -> str:
        return "late" if self.late else "wait"

    @property
    def icon(self) -> str:
        return "clock" if self.late else ""


def waiting_for_them(person: Person, *, at: dt.datetime, limit: int) -> list[Waiting]:
    """What other organisations have to do on this person's projects, the longest wait first."""
    longest = turns_of_others(person).order_by("since", "pk").values("pk")[:limit]
    # Projects and organisations are looked up for these few, not for all that they were sorted among.
    turns = Turn.objects.filter(pk__in=longest).select_related("project", "organisation")
    rows = []
    for turn in turns.order_by("since", "pk"):
        today = local_day(at, turn.project.zone)
        rows.append(
            Waiting(
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


def coming_up(person: Person, *, ends: list[Project], promises: list[Promise], at: dt.datetime) -> list[Date]:
    """The next dates: ends of projects, and promises of this person that are not tasks yet. Asks nothing.

    Arguments:
        ends: the projects that end next.
        promises: `own_promises` of this person.
    """
    today = local_day(at, person.zone)
    dates = [
        Date(project.ends_on, _("%(project)s ends") % {"project": project.title}, project.get_absolute_url())
        for project in ends
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
