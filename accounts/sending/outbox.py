"""The outbox as a queue: claim, give back, record. Short transactions; between them messages are sent.

A claim ends by itself, so that what a killed worker held is sent by another. What became of a message is recorded
within a fraction of a second: after a crash at most the one in hand is sent again, with the same Message-ID.
"""

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.crypto import get_random_string

from accounts.models import Notice
from accounts.notices import CATCH_UP, DIGEST, KINDS, NotWanted, NotYet, kinds_that
from accounts.sending.gathering import chosen

BATCH = 100
LONGEST_PAUSE = dt.timedelta(hours=1)
# A server that is away is asked again with the next run.
KNOCK_AGAIN = dt.timedelta(seconds=30)


def lease() -> dt.timedelta:
    """How long a claim holds: far longer than the mail server may take over one message."""
    return dt.timedelta(seconds=settings.SENDING_LEASE)


def pause_after(attempts: int) -> dt.timedelta:
    """How long to wait after a try that failed for now: 1, 2, 4 … minutes, at most an hour."""
    return min(dt.timedelta(minutes=2 ** min(attempts - 1, 10)), LONGEST_PAUSE)


def put_away_old_ones(at: dt.datetime) -> int:
    """Mark as missed what nobody wants any more so late. Returns how many."""
    unsent = Notice.objects.unsent()
    missed = 0
    for keeps in {kind.keeps for kind in KINDS.values()} - {None}:
        names = [kind.name for kind in KINDS.values() if kind.keeps == keeps]
        too_old = unsent.unclaimed(at).filter(kind__in=names, not_before__lt=at - keeps)
        missed += too_old.filter(sent_with=None).update(missed_at=at)
    # What would have gone out inside another message shares its fate.
    gone = Notice.objects.exclude(missed_at=None).values("pk")
    return missed + unsent.filter(sent_with__in=gone).update(missed_at=at)


@transaction.atomic(durable=True)
def claim(at: dt.datetime, *, sorted_to: int, size: int = BATCH) -> list[Notice]:
    """Take messages to send, those first that somebody sits and waits for.

    Two workers never get the same one: PostgreSQL passes over locked rows, SQLite lets one in at a time.

    Arguments:
        sorted_to: of the kinds that come as their readers want, only those up to this id; later ones are not sorted yet.
    """
    due = Notice.objects.due(at).select_for_update(skip_locked=True, of=("self",))
    due = due.order_by("not_before", "pk").values_list("pk", flat=True)
    urgent = kinds_that("urgent")
    # A digest is made when its reader may get it.
    sorted_first = [name for name in chosen() if name != DIGEST]
    ids = list(due.filter(kind__in=urgent)[:size])
    rest = due.exclude(kind__in=urgent).exclude(kind__in=sorted_first, pk__gt=sorted_to)
    ids += rest[: size - len(ids)]
    token = get_random_string(32)
    Notice.objects.filter(pk__in=ids).update(
        claim=token, claimed_until=at + lease(), attempts=F("attempts") + 1
    )
    mine = {notice.pk: notice for notice in Notice.objects.filter(pk__in=ids).select_related("recipient")}
    return [mine[pk] for pk in ids]


def give_back(notices: Sequence[Notice]) -> None:
    """Put messages that were claimed and not tried back as they were."""
    _mine(notices).update(claim="", claimed_until=None, attempts=F("attempts") - 1)


def record_sent(notices: Sequence[Notice], *, at: dt.datetime) -> None:
    """These have left. Recorded whoever holds the claim by now: what is sent is sent."""
    _settle([notice.pk for notice in notices], sent_at=at, last_error="")


def record_failed(notice: Notice, reason: str, *, at: dt.datetime) -> None:
    """This can never be sent."""
    _settle_mine(notice, failed_at=at, last_error=reason[:400])


def record_void(notice: Notice, reason: str, *, at: dt.datetime) -> None:
    """This has lost its sense since it was owed."""
    _settle_mine(notice, voided_at=at, void_reason=reason[:120])


def record_refused(notice: Notice, reason: str, *, at: dt.datetime) -> None:
    """The server won't take this now. After seven days of it, it has failed."""
    if notice.not_before < at - CATCH_UP:
        record_failed(notice, reason, at=at)
    else:
        record_waiting(notice, reason, retry_at=at + pause_after(notice.attempts))


def record_waiting(notice: Notice, reason: str, *, retry_at: dt.datetime) -> None:
    """This could not be tried; it waits, however long that takes."""
    _mine([notice]).update(claim="", claimed_until=None, retry_at=retry_at, last_error=reason[:400])


def leave_behind(notice: Notice, why: NotWanted | NotYet, *, at: dt.datetime) -> None:
    """This was to leave inside another message, which leaves without it."""
    mine = Notice.objects.unsent().filter(pk=notice.pk)
    if isinstance(why, NotYet):
        mine.update(sent_with=None, retry_at=why.until, last_error=str(why)[:400])
    else:
        mine.update(voided_at=at, void_reason=str(why)[:120])


def _mine(notices):
    """Those of these messages that are still in my claim."""
    return Notice.objects.unsent().filter(
        pk__in=[notice.pk for notice in notices], claim__in={notice.claim for notice in notices}
    )


def _settle_mine(notice, **fate):
    _settle(list(_mine([notice]).values_list("pk", flat=True)), **fate)


def _settle(ids, **fate):
    """Write down, in one statement, what became of these; what goes out inside them shares their fate."""
    inside = Q(sent_with__in=ids, sent_at=None, failed_at=None, voided_at=None, missed_at=None)
    Notice.objects.filter(Q(pk__in=ids, sent_at=None) | inside).update(
        claim="", claimed_until=None, retry_at=None, **fate
    )
