"""Reminders and summaries, late rather than never and once rather than twice. The apps say what is due; this owes it.

A sweep looks at everything that is open, never at "today": it owes what leaves within a day, and finds by key what it
owed before. So it may run twice, late, or on two machines at once.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.db.models import Q
from django.utils.translation import gettext_noop

from accounts.actions.mail import HOWS, carrier, countries_of
from accounts.days import next_sending_time, next_weekly_time
from accounts.models import How, Notice, Person
from accounts.notices import CATCH_UP, WEEKLY, new_message_id

# Reminders are owed this long before they leave, so that a sweep may miss the hour.
AHEAD = dt.timedelta(days=1)
# After so many about one thing to one person nothing more is sent: the app goes on listing it.
MOST = 3
AT_ONCE = 500
# A summary of the week that nobody could owe for so long is left to the next week.
LATE = dt.timedelta(days=3)
SIX_DAYS = dt.timedelta(days=6)
MOVED = gettext_noop("The date was moved.")


@dataclass(frozen=True)
class Reminder:
    """One day on which somebody is reminded of a task."""

    day: dt.date
    kind: str


@dataclass(frozen=True)
class Task:
    """One thing that one person has to do by a day.

    Arguments:
        about: the row it is about, as text (`audit.subject_of`).
        due_on: by when. A moved date voids what was owed for the old one.
        since: from when on it was theirs to do: nothing before that is late.
        days: when to remind.
        country: whose working days count.
        project: the reference of the project.
    """

    person: Person
    about: str
    due_on: dt.date
    since: dt.datetime
    days: Sequence[Reminder]
    country: str
    project: str = ""
    params: dict = field(default_factory=dict)

    def key(self, reminder: Reminder) -> str:
        return f"{reminder.kind}:{self.about}:{self.due_on}:{reminder.day}:p{self.person.pk}"


def owe_reminders(tasks: Iterable[Task], *, at: dt.datetime) -> Counter:
    """Owe what is due about these tasks. Returns how many were `owed`, recorded as `missed`, and `moved`.

    A reminder that should have left more than seven days ago is missed at once. Of a date that was moved, days that
    lie before the last reminder are left out.
    """
    counted = Counter()
    for some in slices(tasks, AT_ONCE):
        counted += _owe_some(some, at)
    return counted


def _owe_some(tasks, at):
    kinds = {reminder.kind for task in tasks for reminder in task.days}
    before = defaultdict(list)
    known = Notice.objects.filter(subject__in={task.about for task in tasks}, kind__in=kinds)
    for notice in known.exclude(recipient=None):
        before[notice.recipient_id, notice.subject].append(notice)
    rows, moved, returned = [], [], []
    for task in tasks:
        outdated, back, rest = _by_date(task, before[task.person.pk, task.about])
        moved += outdated
        returned += back
        rows += _missing(task, rest, at)
    counted = Counter(
        owed=sum(row.missed_at is None for row in rows), missed=sum(row.missed_at is not None for row in rows)
    )
    # Another sweep may have been here a moment ago: the key decides.
    Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=AT_ONCE)
    counted["moved"] = (
        Notice.objects.unsent().filter(pk__in=moved, claim="").update(voided_at=at, void_reason=MOVED)
    )
    Notice.objects.filter(pk__in=returned).update(voided_at=None, void_reason="")
    return counted


def _by_date(task, notices):
    """Ids of open ones for another date; ids of those for this date, to which it was moved back; and the rest."""
    outdated, back, rest = [], [], []
    for notice in notices:
        if _is_open(notice) and not _is_for(notice, task):
            outdated.append(notice.pk)
            continue
        if notice.void_reason == MOVED and _is_for(notice, task):
            back.append(notice.pk)
            notice.voided_at, notice.void_reason = None, ""
        rest.append(notice)
    return outdated, back, rest


def _missing(task, before, at):
    """The reminders of a task that should be there and are not."""
    counting = [notice for notice in before if notice.voided_at is None]
    keys = {notice.key for notice in before}
    # The last one under another date: what lies before it has been said.
    others = [notice.not_before for notice in counting if not _is_for(notice, task)]
    said_until = max([task.since, *others])
    for reminder in task.days:
        leaves = _leaves(task, reminder.day)
        if task.key(reminder) in keys or leaves <= said_until or leaves > at + AHEAD:
            continue
        if len(counting) >= MOST:
            return
        notice = Notice(
            key=task.key(reminder),
            kind=reminder.kind,
            recipient=task.person,
            subject=task.about,
            project=task.project,
            params={"due_on": task.due_on.isoformat(), "country": task.country} | task.params,
            owed_at=at,
            not_before=leaves,
            message_id=new_message_id(),
            missed_at=at if leaves < at - CATCH_UP else None,
        )
        counting.append(notice)
        yield notice


def _leaves(task, day):
    hour = task.person.best_hour
    wanted = dt.datetime.combine(day, dt.time(hour), tzinfo=task.person.zone)
    return next_sending_time(wanted.astimezone(dt.UTC), task.person.zone, task.country, hour=hour)


def _is_open(notice):
    return notice.sent_at is notice.failed_at is notice.voided_at is notice.missed_at is None


def _is_for(notice, task):
    return notice.params.get("due_on") == task.due_on.isoformat()


def slices(items: Iterable, size: int) -> Iterator[list]:
    """The same items, so many at a time."""
    items = iter(items)
    while some := list(islice(items, size)):
        yield some


# Summaries of the week ------------------------------------------------------------------------------


def owe_summaries(*, at: dt.datetime) -> dict[str, int]:
    """Owe each person who wants one the summary of their week, a day before it leaves. Says how many were `owed`.

    It looks at everybody, never at "today", and finds by key what it owed before: so it may run twice, late, or on two
    machines at once. A summary nobody could owe for three days is left to the next week.
    """
    weekly = Q(mail_summary=True)
    for name in HOWS:
        weekly |= Q(**{name: How.WEEKLY})
    people = Person.objects.filter(weekly, is_active=True, closed_at=None).order_by("pk").iterator(AT_ONCE)
    owed = 0
    for some in slices(people, AT_ONCE):
        owed += _owe_summaries(some, at)
    return {"owed": owed}


def _owe_summaries(people, at):
    countries = countries_of([person.pk for person in people])
    rows = []
    for person in people:
        moment = next_weekly_time(
            at - LATE,
            person.zone,
            countries.get(person.pk, ""),
            weekday=person.best_day or 0,
            hour=person.best_hour,
        )
        if moment <= at + AHEAD:
            rows.append(carrier(WEEKLY, person.pk, moment, at))
    known = set(Notice.objects.filter(key__in=[row.key for row in rows]).values_list("key", flat=True))
    # One that waits already, under another hour or day, is the one of this week.
    waiting = Notice.objects.unsent().filter(kind=WEEKLY, recipient__in=[row.recipient_id for row in rows])
    busy = set(waiting.values_list("recipient", flat=True))
    # Whoever chooses another day has had theirs for this week.
    had = Notice.objects.filter(kind=WEEKLY, recipient__in=[row.recipient_id for row in rows])
    busy |= set(had.filter(sent_at__gte=at - SIX_DAYS).values_list("recipient", flat=True))
    new = [row for row in rows if row.key not in known and row.recipient_id not in busy]
    Notice.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)
