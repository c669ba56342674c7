"""A run of the post: batch after batch until the outbox is empty or the time is up."""

import datetime as dt
import logging
import time
from dataclasses import asdict, dataclass, field

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils.translation import gettext_noop

from accounts.models import Notice
from accounts.notices import NotWanted, NotYet, ring
from accounts.sending import outbox
from accounts.sending.gathering import sort_due
from accounts.sending.letters import Letter, write
from accounts.sending.post import Away, NotNow, Post, Refused, Sent

logger = logging.getLogger(__name__)

# A run ends after this long and asks for the next one, so that a worker can be stopped without being killed.
RUN_SECONDS = 50
# A message that took the mail server this long is written down before the next one: a crash repeats one, not more.
SLOW_SECONDS = 0.05
# Of quick ones a crash repeats what left since the last record. They are written down together, so seldom that it takes
# no more than this part of the time, and so often that what may be repeated stays a moment's work.
RECORDING_SHARE = 1 / 40
RECORD_SECONDS_LEAST, RECORD_SECONDS_MOST = 0.05, 0.25
# Whether a message is still wanted is asked again for what waits longer than this inside a batch.
FRESH_SECONDS = 10
# A database that went away while a message left: this long we try to write it down before giving up.
DATABASE_SECONDS = 60


@dataclass
class Delivered:
    """What became of the messages of a run."""

    sent: int = 0
    failed: int = 0
    void: int = 0
    later: int = 0
    missed: int = 0
    # The mail server gave trouble, and the rest waits for the next run.
    given_up: bool = False

    as_detail = asdict


def send_due(*, at: dt.datetime) -> Delivered:
    """Send what is due, in batches. With SENDING=off everything stays where it is.

    Arguments:
        at: now. During the run the clock goes on by itself.
    """
    result = Delivered()
    if not settings.SENDING:
        return result
    clock = _Clock(at)
    result.missed = outbox.put_away_old_ones(at)
    sorted_to = sort_due(at)
    while True:
        batch = outbox.claim(clock.now(), sorted_to=sorted_to)
        if not batch:
            break
        if len(batch) == outbox.BATCH and clock.seconds() < 1:
            # There is more than one can carry: another worker may take the next batch.
            ring()
        _Run(batch, clock, result).deliver()
        if result.given_up:
            break
        if clock.seconds() > RUN_SECONDS:
            ring()
            break
    return result


class _Clock:
    """Starts at a moment that is given and goes on with the machine's steady clock."""

    def __init__(self, at):
        self.at = at
        self.started = time.monotonic()

    def seconds(self):
        return time.monotonic() - self.started

    def now(self):
        return self.at + dt.timedelta(seconds=self.seconds())


@dataclass
class _Run:
    """One batch on its way."""

    batch: list[Notice]
    clock: _Clock
    result: Delivered
    left: list[Notice] = field(default_factory=list)
    recorded_at: float = 0.0
    record_every: float = field(default=RECORD_SECONDS_LEAST, init=False)

    def deliver(self):
        started = self.recorded_at = time.monotonic()
        # Long before the lease ends the rest is given back: nobody else sends what is still in hand here.
        stop = started + settings.SENDING_LEASE / 2
        waiting = list(self.batch)
        try:
            with Post() as post:
                while waiting and not post.given_up and time.monotonic() < stop:
                    waiting = self._deliver_fresh(post, waiting, stop)
        finally:
            self._record()
            self.result.given_up = self.result.given_up or post.given_up
            if waiting:
                _insist(outbox.give_back, waiting)

    def _deliver_fresh(self, post, waiting, stop):
        """Write the messages, and hand them over until they are stale. Returns those that were not tried."""
        written_at = time.monotonic()
        letters = write(waiting, at=self.clock.now())
        for position, letter in enumerate(letters):
            now = time.monotonic()
            if post.given_up or now > stop or now - written_at > FRESH_SECONDS:
                return waiting[position:]
            self._one(post, letter)
            done = time.monotonic()
            if done - now >= SLOW_SECONDS or done - self.recorded_at >= self.record_every:
                self._record()
        return []

    def _one(self, post, letter: Letter):
        notice, at = letter.notice, self.clock.now()
        for carried, why in letter.dropped:
            _insist(outbox.leave_behind, carried, why, at=at)
        match letter.outcome:
            case NotWanted() as why:
                _insist(outbox.record_void, notice, str(why), at=at)
                self.result.void += 1
                return
            case NotYet() as why:
                _insist(outbox.record_waiting, notice, str(why), retry_at=why.until)
                self.result.later += 1
                return
            case Exception() as fault:
                # A fault of ours: the others go on, and this one leaves once it is mended.
                reason = f"{gettext_noop('It could not be written')}: {type(fault).__name__}"
                pause = outbox.pause_after(notice.attempts)
                _insist(outbox.record_waiting, notice, reason, retry_at=at + pause)
                self.result.later += 1
                return
        match post.send(letter.outcome):
            case Sent():
                self.left.append(notice)
                self.result.sent += 1
            case Refused(reason):
                _insist(outbox.record_failed, notice, reason, at=at)
                self.result.failed += 1
            case Away(reason):
                _insist(outbox.record_waiting, notice, reason, retry_at=at + outbox.KNOCK_AGAIN)
                self.result.later += 1
            case NotNow(reason):
                _insist(outbox.record_refused, notice, reason, at=at)
                self.result.later += 1

    def _record(self):
        if not self.left:
            return
        began = time.monotonic()
        _insist(outbox.record_sent, self.left, at=self.clock.now())
        self.left = []
        self.recorded_at = time.monotonic()
        seldom_enough = (self.recorded_at - began) / RECORDING_SHARE
        self.record_every = min(max(seldom_enough, RECORD_SECONDS_LEAST), RECORD_SECONDS_MOST)


def _insist(record, *args, **kwargs):
    """Write down what happened, through a database that goes away and comes back.

    Raises:
        OperationalError: it stayed away. The claim ends by itself, and the message is sent again.
    """
    deadline = time.monotonic() + DATABASE_SECONDS
    while True:
        try:
            return record(*args, **kwargs)
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > deadline:
                raise
            logger.warning("The database is away; what was sent is recorded when it is back.")
            connection.close()
            time.sleep(0.5)
