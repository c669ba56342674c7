"""Reminders before they leave: they wait for office hours in the reader's zone, and several become one message."""

import datetime as dt
import functools
import hashlib
import zoneinfo
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Max, OuterRef, Subquery

from accounts.days import is_sending_time, next_sending_time
from accounts.models import Membership, Notice
from accounts.notices import kinds_that, new_message_id

DIGEST = "digest"
PEOPLE_AT_ONCE = 100


def sort_reminders(at: dt.datetime) -> int:
    """Prepare what is due of the kinds that are gathered. Returns the highest id looked at: later ones must wait."""
    newest = Notice.objects.aggregate(newest=Max("pk"))["newest"] or 0
    gathered = Notice.objects.due(at).filter(
        kind__in=kinds_that("gathered"), recipient__isnull=False, pk__lte=newest
    )
    rows = list(
        gathered.order_by("pk").values_list("pk", "recipient", "recipient__time_zone", "params__country")
    )
    countries = countries_of({person for _pk, person, _zone, country in rows if country is None})
    leaves = functools.cache(functools.partial(_leaves, at))
    waiting, ready = defaultdict(list), defaultdict(list)
    for pk, person, zone, country in rows:
        moment = leaves(zone, countries.get(person, "") if country is None else country)
        if moment == at:
            ready[person].append(pk)
        else:
            waiting[moment].append(pk)
    for moment, ids in waiting.items():
        for some in _slices(ids, 500):
            Notice.objects.due(at).filter(pk__in=some).update(retry_at=moment)
    several = [ids for ids in ready.values() if len(ids) > 1]
    for some in _slices(several, PEOPLE_AT_ONCE):
        _gather([pk for ids in some for pk in ids], at)
    return newest


def countries_of(people: Iterable[int]) -> dict[int, str]:
    """For each person the country whose working days they keep: that of the organisation they joined first."""
    rows = Membership.objects.current().filter(person__in=people).order_by("-joined_at", "-pk")
    return dict(rows.values_list("person", "organisation__country"))


def _leaves(at, zone, country):
    zone = zoneinfo.ZoneInfo(zone)
    return at if is_sending_time(at, zone, country) else next_sending_time(at, zone, country)


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
        about = {notice.subject or f"notice:{notice.pk}" for notice in notices}
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
