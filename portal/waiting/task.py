"""One thing that waits for somebody, as home and its mails show it."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organisation


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
