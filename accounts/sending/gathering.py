"""Messages before they leave: each when and how its reader wants it, and several become one (docs/rules.md 120 to 124)."""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max, OuterRef, Q, Subquery
from django.utils.translation import gettext_noop

from accounts.actions.mail import after_pause, carrier, countries_of
from accounts.days import is_sending_time, local_day, next_sending_time, next_weekly_time
from accounts.models import How, Notice, Person
from accounts.notices import DIGEST, KINDS, PAUSE_END, WEEKLY, Topic, new_message_id, thing_of

PEOPLE_AT_ONCE = 100
# No day is longer than this, whatever the clocks do.
LONGEST_DAY = dt.timedelta(hours=36)


def chosen() -> list[str]:
    """The kinds of which people choose how they get them, and what carries those."""
    return [name for name, kind in KINDS.items() if kind.topic or kind.carries]


@dataclass(frozen=True)
class _Reader:
    """What is to be known of somebody to say when a message may leave."""

    zone: ZoneInfo
    country: str
    hour: int
    weekday: int
    paused_until: dt.date | None
    hows: dict[str, str]

    def office(self, at: dt.datetime) -> dt.datetime:
        """Now, if reminders may leave now; otherwise when they may."""
        if is_sending_time(at, self.zone, self.country, hour=self.hour):
            return at
        return next_sending_time(at, self.zone, self.country, hour=self.hour)

    def tomorrow(self, at: dt.datetime) -> dt.datetime:
        """When messages leave next, from the next day on."""
        midnight = dt.datetime.combine(local_day(at, self.zone) + dt.timedelta(days=1), dt.time())
        return next_sending_time(
            midnight.replace(tzinfo=self.zone).astimezone(dt.UTC), self.zone, self.country, hour=self.hour
        )

    def summary(self, at: dt.datetime) -> dt.datetime:
        """When their next summary of the week leaves."""
        return next_weekly_time(at, self.zone, self.country, weekday=self.weekday, hour=self.hour)

    def is_paused(self, at: dt.datetime) -> bool:
        return self.paused_until is not None and local_day(at, self.zone) <= self.paused_until

    def back(self) -> dt.datetime:
        """When messages leave again after their pause."""
        return after_pause(self.paused_until, self.zone, self.country, hour=self.hour)


class _Due(NamedTuple):
    """What is looked at of a message that is due."""

    pk: int
    kind: str
    person: int
    attempts: int
    # Whose working days count, and what day it names as its own; None where it says nothing.
    country: str | None
    due_on: str | None


@dataclass
class _Sorted:
    """What becomes of what is due."""

    # By moment: what waits until then.
    waiting: dict[dt.datetime, list[int]] = field(default_factory=lambda: defaultdict(list))
    # By person: what leaves now, together; and what would have to wait, and goes along if something leaves.
    ready: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    held: dict[int, list[tuple[dt.datetime, int]]] = field(default_factory=lambda: defaultdict(list))
    # By the kind of what carries it, and by person: when that leaves, and what goes inside.
    inside: dict[str, dict[int, tuple[dt.datetime, list[int]]]] = field(
        default_factory=lambda: {WEEKLY: {}, PAUSE_END: {}}
    )

    def put_inside(self, kind: str, person: int, moment: dt.datetime, pk: int) -> None:
        self.inside[kind].setdefault(person, (moment, []))[1].append(pk)


def sort_due(at: dt.datetime) -> int:
    """Prepare what is due as its readers want it. Returns the highest id looked at: later ones must wait."""
    newest = Notice.objects.aggregate(newest=Max("pk"))["newest"] or 0
    due = Notice.objects.due(at).filter(kind__in=chosen(), recipient__isnull=False, pk__lte=newest)
    columns = ("pk", "kind", "recipient", "attempts", "params__country", "params__due_on")
    rows = [_Due(*values) for values in due.order_by("pk").values_list(*columns)]
    readers = _readers({row.person for row in rows})
    mailed = _mailed_today(readers, at)
    found = _Sorted()
    for row in rows:
        reader = readers[row.person]
        if row.country is not None:
            reader = replace(reader, country=row.country)
        _sort_one(found, row, reader=reader, mailed=mailed, at=at)
    for person, held in found.held.items():
        if person in found.ready:
            found.ready[person] += [pk for _moment, pk in held]
        else:
            for moment, pk in held:
                found.waiting[moment].append(pk)
    for kind, people in found.inside.items():
        for some in _slices(list(people.items()), PEOPLE_AT_ONCE):
            _put_inside(kind, dict(some), at)
    for moment, ids in found.waiting.items():
        for some in _slices(ids, 500):
            Notice.objects.due(at).filter(pk__in=some).update(retry_at=moment)
    several = [ids for ids in found.ready.values() if len(ids) > 1]
    for some in _slices(several, PEOPLE_AT_ONCE):
        _gather([pk for ids in some for pk in ids], at)
    return newest


def _sort_one(found, row, *, reader, mailed, at):
    pk, kind, person = row.pk, row.kind, row.person
    how = reader.hows.get(KINDS[kind].topic, How.DAILY)
    if how == How.OFF or kind == PAUSE_END:
        # Held back while it is written, with the reason; or on its way.
        return
    if reader.is_paused(at):
        found.put_inside(PAUSE_END, person, reader.back(), pk)
        return
    if kind == WEEKLY:
        return
    if how == How.WEEKLY:
        # What is due a moment after a summary has left waits for the next one.
        found.put_inside(WEEKLY, person, reader.summary(at + dt.timedelta(seconds=1)), pk)
        return
    # A digest that could not leave yesterday evening does not leave at night.
    by_day = KINDS[kind].gathered or (kind == DIGEST and row.attempts)
    moment = reader.office(at) if by_day else at
    if moment > at:
        found.waiting[moment].append(pk)
    elif how == How.NOW and not by_day:
        return
    elif (
        how == How.DAILY
        and kind != DIGEST
        and person in mailed
        and row.due_on != local_day(at, reader.zone).isoformat()
    ):
        found.held[person].append((reader.tomorrow(at), pk))
    else:
        found.ready[person].append(pk)


def _readers(people):
    """What is to be known of these people."""
    countries = countries_of(people)
    return {
        person.pk: _Reader(
            zone=person.zone,
            country=countries.get(person.pk, ""),
            hour=person.best_hour,
            weekday=person.best_day or 0,
            paused_until=person.paused_until,
            hows={topic: getattr(person, f"mail_{topic}") for topic in Topic},
        )
        for person in Person.objects.filter(pk__in=people)
    }


def _mailed_today(readers, at):
    """Who has got something today of which they choose how they get it, or will in a moment."""
    theirs = Notice.objects.filter(recipient__in=list(readers), kind__in=chosen(), sent_with=None)
    lately = Q(sent_at__gte=at - LONGEST_DAY)
    leaving = Q(sent_at=None, failed_at=None, voided_at=None, missed_at=None, claimed_until__gt=at)
    found = set()
    for person, sent_at in theirs.filter(lately | leaving).values_list("recipient", "sent_at"):
        zone = readers[person].zone
        if sent_at is None or local_day(sent_at, zone) == local_day(at, zone):
            found.add(person)
    return found


@transaction.atomic(durable=True)
def _put_inside(kind, people, at):
    """Put what waits for a summary, or for the end of a pause, inside the message that will carry it."""
    due = Notice.objects.due(at).select_for_update(skip_locked=True, of=("self",))
    ids = set(
        due.filter(pk__in=[pk for _moment, pks in people.values() for pk in pks]).values_list("pk", flat=True)
    )
    known = set(
        Notice.objects.unsent()
        .filter(kind=kind, recipient__in=list(people))
        .values_list("recipient", flat=True)
    )
    Notice.objects.bulk_create(
        (
            carrier(kind, person, moment, at)
            for person, (moment, _pks) in people.items()
            if person not in known
        ),
        ignore_conflicts=True,
    )
    theirs = (
        Notice.objects.unsent()
        .filter(kind=kind, recipient=OuterRef("recipient"))
        .order_by("not_before", "pk")
    )
    # With what they carry themselves: a chain would have to be followed everywhere.
    Notice.objects.unsent().filter(Q(pk__in=ids) | Q(sent_with__in=ids)).update(
        sent_with=Subquery(theirs.values("pk")[:1])
    )
    # What would have carried others during a pause carries nothing any more.
    Notice.objects.filter(pk__in=ids, kind__in=[WEEKLY, DIGEST]).update(
        sent_with=None, voided_at=at, void_reason=gettext_noop("Its reader has a pause.")
    )


@transaction.atomic(durable=True)
def _gather(ids, at):
    """Make one message of each person's: of several about one thing only the newest speaks."""
    due = Notice.objects.due(at).select_for_update(skip_locked=True, of=("self",))
    owed = defaultdict(list)
    for notice in due.filter(pk__in=ids).order_by("not_before", "pk"):
        owed[notice.recipient_id].append(notice)
    speak, digests = [], []
    for person, notices in owed.items():
        if len(notices) < 2:
            continue
        # Sorted by time: the newest about a thing is the last.
        about = {thing_of(notice) for notice in notices}
        carrier = notices[-1] if len(about) == 1 else _digest_among(notices)
        if carrier is None:
            carrier = _new_digest(person, notices, at)
            digests.append(carrier)
        speak.append((carrier, notices))
    Notice.objects.bulk_create(digests)
    moved = {
        notice.pk: carrier.pk for carrier, notices in speak for notice in notices if notice.pk != carrier.pk
    }
    made = {digest.pk for digest in digests}
    _move_into(made, [pk for pk, carrier in moved.items() if carrier in made])
    # With what they carry themselves: a chain would have to be followed everywhere.
    carried = list(Notice.objects.filter(sent_with__in=list(moved)))
    carried += [
        notice
        for _carrier, notices in speak
        for notice in notices
        if notice.pk in moved and moved[notice.pk] not in made
    ]
    for notice in carried:
        notice.sent_with_id = moved[notice.sent_with_id or notice.pk]
    Notice.objects.bulk_update(carried, ["sent_with"], batch_size=500)


def _move_into(digests, ids):
    """In one statement for all of them: nobody gets two new digests at once."""
    theirs = Notice.objects.filter(pk__in=digests, recipient=OuterRef("recipient"))
    Notice.objects.filter(pk__in=ids).update(sent_with=Subquery(theirs.values("pk")[:1]))


def _digest_among(notices):
    return next((notice for notice in notices if notice.kind == DIGEST), None)


def _new_digest(person, notices, at):
    ids = ",".join(str(notice.pk) for notice in notices)
    return Notice(
        key=f"{DIGEST}:{person}:{hashlib.sha256(ids.encode()).hexdigest()[:32]}",
        kind=DIGEST,
        recipient_id=person,
        owed_at=at,
        not_before=at,
        message_id=new_message_id(),
    )


def _slices(items: Sequence, size: int):
    for start in range(0, len(items), size):
        yield items[start : start + size]
