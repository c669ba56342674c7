"""A calendar as text (RFC 5545). The same entries give the same bytes, whichever process writes them."""

import datetime as dt
import functools
import unicodedata
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

from portal.feed.entries import Entry

CONTENT_TYPE = "text/calendar; charset=utf-8"
EVERY_HOUR = dt.timedelta(hours=1)


def write_calendar(entries: Iterable[Entry], *, zone: ZoneInfo, today: dt.date) -> bytes:
    """Write entries, in the language that is active.

    Arguments:
        zone: of the person whose calendar it is. It is described even when nothing has an hour: a calendar with
            nothing at all in it is none.
        today: zones are described for the years around it and around each call.
    """
    entries = list(entries)
    calendar = Calendar()
    calendar.add("prodid", "-//counterpart//calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, _("Counterpart"))
    # How often to ask again, in both of the ways in which programs want to be told.
    calendar.add("refresh-interval", EVERY_HOUR, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    calls = [entry.start for entry in entries if entry.start]
    years = [today.year, *(start.year for start in calls)]
    for key in sorted({zone.key, *(start.tzinfo.key for start in calls)}):
        calendar.add_component(zone_component(key, min(years) - 1, max(years) + 1))
    host = urlsplit(settings.SITE_URL).hostname
    for entry in entries:
        calendar.add_component(_event(entry, host))
    return calendar.to_ical()


def _event(entry, host):
    event = Event()
    event.add("uid", f"{entry.uid}@{host}")
    event.add("dtstamp", entry.stamp.astimezone(dt.UTC).replace(microsecond=0))
    event.add("sequence", entry.moved)
    event.add("summary", plain(entry.title))
    if entry.day:
        event.add("dtstart", entry.day)
        # The day after: an all-day entry ends before it.
        event.add("dtend", entry.day + dt.timedelta(days=1))
        # A deadline keeps nobody from meeting.
        event.add("transp", "TRANSPARENT")
    else:
        # So many minutes on the clock that everybody shares, whatever the clocks on the wall do meanwhile.
        zone = entry.start.tzinfo
        start = entry.start.astimezone(dt.UTC)
        end = start + dt.timedelta(minutes=entry.minutes)
        told = [start.astimezone(zone), end.astimezone(zone)]
        if any(_is_told_twice(moment) for moment in told):
            # Programs don't agree on which of the two hours of that night is meant.
            told = [start, end]
        event.add("dtstart", told[0])
        event.add("dtend", told[1])
    event.add("class", "PRIVATE")
    event.add("url", settings.SITE_URL + entry.path)
    return event


def _is_told_twice(moment):
    """Whether the clock shows this hour twice, since it goes back."""
    return moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()


def plain(text: str) -> str:
    """Words on one line. Control characters are in no calendar; the library escapes and folds the rest."""
    return " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in text).split())


@functools.lru_cache(maxsize=200)
def zone_component(key: str, first: int, last: int) -> Timezone:
    """A zone with each change of its clocks, from the first of January of one year to the end of another.

    Not `Timezone.from_tzinfo`: it writes the change to summer time with the hour after it, where the standard wants
    the hour before (RFC 5545, 3.6.5), and so is an hour late.
    """
    zone = ZoneInfo(key)
    component = Timezone()
    component.add("tzid", key)
    begin = dt.datetime(first, 1, 1, tzinfo=dt.UTC)
    component.add_component(_observance(zone, begin, zone.utcoffset(begin.astimezone(zone))))
    for moment, before in _changes(zone, begin, dt.datetime(last + 1, 1, 1, tzinfo=dt.UTC)):
        component.add_component(_observance(zone, moment, before))
    return component


def _observance(zone, moment, before):
    """What holds from a moment on, told by the clock as it was before."""
    local = moment.astimezone(zone)
    part = TimezoneDaylight() if local.dst() else TimezoneStandard()
    part.add("dtstart", (moment + before).replace(tzinfo=None))
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", local.utcoffset())
    part.add("tzname", local.tzname())
    return part


def _changes(zone, begin, end) -> Iterator[tuple[dt.datetime, dt.timedelta]]:
    """Moments at which the clocks of a zone change, and the offset before each."""
    day, minute = dt.timedelta(days=1), dt.timedelta(minutes=1)
    offset = begin.astimezone(zone).utcoffset()
    while begin < end:
        after = begin + day
        if after.astimezone(zone).utcoffset() == offset:
            begin = after
            continue
        low, high = begin, after
        while high - low > minute:
            middle = low + (high - low) // 2 // minute * minute
            low, high = (middle, high) if middle.astimezone(zone).utcoffset() == offset else (low, middle)
        yield high, offset
        begin, offset = high, high.astimezone(zone).utcoffset()
