"""Home: what needs me now. Everything here is derived by queries, nothing is stored."""

import datetime as dt
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organisation, Person
from partnerships.models import Project, Turn

PROJECTS_ON_HOME = 5
DATES_ON_HOME = 3
# A promise shows up a week before its day, with its first message.
PROMISE_LEAD = dt.timedelta(days=7)

MINUTES = {
    Turn.Kind.PLAN: 6,
    Turn.Kind.CONTRACT: 7,
    Turn.Kind.RESULT: 2,
    Turn.Kind.REVIEW: 8,
    Turn.Kind.CONCLUSION: 5,
}


@dataclass(frozen=True)
class Task:
    """One thing that waits for somebody. `key` is kind and reference: what a snooze holds on to."""

    key: str
    icon: str
    title: str
    url: str
    button: str
    minutes: int
    project: Project | None = None
    partner: str = ""
    organisation: Organisation | None = None
    since: dt.datetime | None = None
    due_on: dt.date | None = None
    today: dt.date | None = None
    done: int | None = None
    of: int | None = None
    note: str = ""
    note_organisation: Organisation | None = None
    may_ask_for_time: bool = False

    @property
    def days_left(self):
        return (self.due_on - self.today).days if self.due_on and self.today else None

    @property
    def days_with_them(self):
        return (self.today - self.since.date()).days if self.since and self.today else None


@dataclass(frozen=True)
class ComingUp:
    day: dt.date
    title: str
    url: str
    detail: str = ""


@dataclass
class Home:
    """What the page shows."""

    person: Person
    for_you: list[Task] = field(default_factory=list)
    snoozed: list[tuple[Task, dt.date]] = field(default_factory=list)
    for_them: list[Task] = field(default_factory=list)
    coming_up: list[ComingUp] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    project_count: int = 0

    @property
    def minutes(self):
        return sum(task.minutes for task in self.for_you)

    @property
    def headline(self):
        count = len(self.for_you)
        if not count:
            return _("Nothing is waiting for you")
        return ngettext(
            "%(count)s thing is waiting for you", "%(count)s things are waiting for you", count
        ) % {"count": count}
