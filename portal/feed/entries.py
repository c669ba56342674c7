"""One entry of a calendar: a day on which something is due, or a call at an hour."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """Something on a day (`day`), or at a moment for some minutes (`start`, `minutes`). Never both.

    A calendar lies open on a desk and travels to other companies' servers. So the title says what kind of thing is
    due and for which project, and never what somebody wrote, or how far somebody has got (docs/rules.md 114).

    Arguments:
        uid: stays the same as long as it is the same thing, whatever its day.
        stamp: when it came up. The same facts give the same stamp: a feed without news has the same bytes.
        moved: how often its day was moved so far, by which calendars tell the newer of two.
        path: the page about it, on this site.
        start: with the zone in which people agreed on the hour; it is written with that zone.
    """

    uid: str
    title: str
    path: str
    stamp: dt.datetime
    day: dt.date | None = None
    start: dt.datetime | None = None
    minutes: int = 0
    moved: int = 0

    def __post_init__(self):
        if (self.day is None) == (self.start is None):
            raise ValueError("An entry has a day or a start.")
        if self.start is not None and getattr(self.start.tzinfo, "key", None) is None:
            raise ValueError("A start needs a zone with a name.")

    @property
    def order(self):
        """By day, then by what it is: the same entries always stand in the same order."""
        return (self.day or self.start.date(), self.uid)
