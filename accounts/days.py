"""One notion of day: local days, working days, and the hour at which a reminder leaves."""

import datetime as dt
import functools
import zoneinfo
from collections.abc import Iterable

import holidays

REMINDER_HOUR = dt.time(10, 0)
EVENING = dt.time(18, 0)


def local_day(at: dt.datetime, zone: zoneinfo.ZoneInfo) -> dt.date:
    """The calendar day that this moment belongs to in a zone."""
    return at.astimezone(zone).date()


def has_passed(day: dt.date, *, at: dt.datetime, zone: zoneinfo.ZoneInfo) -> bool:
    """Whether a deadline is over: a thing due on a day is on time until that day ends in the zone."""
    return local_day(at, zone) > day


def last_midnight(zones: Iterable[zoneinfo.ZoneInfo], day: dt.date) -> zoneinfo.ZoneInfo:
    """The zone in which this day ends last. The first one given wins a tie.

    Raises:
        ValueError: no zone was given.
    """
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time())
    return max(zones, key=lambda zone: midnight.replace(tzinfo=zone).astimezone(dt.UTC))


@functools.lru_cache(maxsize=256)
def _holidays(country: str, year: int) -> frozenset[dt.date]:
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        # A country the library does not know has weekends only.
        return frozenset()


def is_working_day(day: dt.date, country: str) -> bool:
    """Whether people work on this day: no Saturday, no Sunday, no public holiday of the country."""
    return day.weekday() < 5 and day not in _holidays(country, day.year)


def add_working_days(day: dt.date, count: int, country: str) -> dt.date:
    """The day that lies this many working days after a day."""
    while count > 0:
        day += dt.timedelta(days=1)
        count -= is_working_day(day, country)
    return day


def working_days_before(day: dt.date, count: int, country: str) -> dt.date:
    """The day that lies this many working days before a day."""
    while count > 0:
        day -= dt.timedelta(days=1)
        count -= is_working_day(day, country)
    return day


def working_days_between(start: dt.date, end: dt.date, country: str) -> int:
    """Working days after `start`, up to and including `end`."""
    days = (end - start).days
    return sum(is_working_day(start + dt.timedelta(days=n), country) for n in range(1, days + 1))


def next_sending_time(
    at: dt.datetime, zone: zoneinfo.ZoneInfo, country: str = "", *, hour: int = REMINDER_HOUR.hour
) -> dt.datetime:
    """The next 10:00 on a working day in a reader's zone, at or after this moment, as UTC.

    A 10:00 that a clock change skips or repeats becomes the first moment that is really there.

    Arguments:
        hour: the reader's best hour instead of 10.
    """
    day = local_day(at, zone)
    while True:
        moment = dt.datetime.combine(day, dt.time(hour), tzinfo=zone).astimezone(dt.UTC)
        if moment >= at and is_working_day(day, country):
            return moment
        day += dt.timedelta(days=1)


def next_weekly_time(
    at: dt.datetime, zone: zoneinfo.ZoneInfo, country: str = "", *, weekday: int = 0, hour: int = 10
) -> dt.datetime:
    """When the next summary of the week leaves, at or after this moment, as UTC.

    In a week whose day is a holiday it leaves on the next working day.

    Arguments:
        weekday: Monday is 0.
    """
    start = local_day(at, zone)
    # Begun a week early: that week's day may be a holiday, and its working day still to come.
    day = start + dt.timedelta(days=(weekday - start.weekday()) % 7 - 7)
    while True:
        moment = dt.datetime.combine(day, dt.time(hour), tzinfo=zone).astimezone(dt.UTC)
        leaves = next_sending_time(moment, zone, country, hour=hour)
        if leaves >= at:
            return leaves
        day += dt.timedelta(days=7)


def is_sending_time(
    at: dt.datetime, zone: zoneinfo.ZoneInfo, country: str = "", *, hour: int = REMINDER_HOUR.hour
) -> bool:
    """Whether a reminder that is late may leave now: between 10:00 and 18:00 of a working day in a reader's zone.

    Arguments:
        hour: the reader's best hour instead of 10.
    """
    local = at.astimezone(zone)
    return dt.time(hour) <= local.time() < EVENING and is_working_day(local.date(), country)
