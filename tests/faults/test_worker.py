"""A worker that is killed while it sends."""

import random

import pytest

from tests.faults.conftest import SHORT
from tests.faults.house import kill, wait_until

pytestmark = pytest.mark.faults

KILLS, DUE = (3, 100) if SHORT else (12, 400)
PROCESSES = 2


def test_a_killed_worker(house, figure):
    """Killed again and again while it sends: nothing is lost, and at most the message in hand leaves twice.

    Seen to fail: `record_late` repeats dozens of messages, `forget_claims` never sends what a killed worker held,
    `mark_first` loses what it had marked, `share_claims` sends most of them twice.
    """
    house.run("owe", DUE)
    house.beat()
    began = None
    random.seed(7)
    for _kill in range(KILLS):
        worker = house.worker(PROCESSES)
        sent = len(house.sink.taken)
        wait_until(lambda sent=sent: len(house.sink.taken) > sent, 60, "the worker sends")
        began = began or house.sink.taken[0].at
        # Somewhere in the life of a message.
        after = sent + random.randint(2, 20)
        wait_until(lambda after=after: len(house.sink.taken) > after, 60, "it goes on")
        kill(worker)
    house.worker(PROCESSES)
    wait_until(lambda: house.unsent() == 0, 180, "everything is sent")

    repeats = house.sink.repeats()
    addresses = {taken.to for taken in house.sink.taken}
    ids = {taken.message_id for taken in house.sink.taken}
    figure(
        f"Worker killed {KILLS} times in {house.sink.taken[-1].at - began:.0f} s",
        due=DUE,
        lost=DUE - len(addresses),
        repeats=f"{repeats.total()} (at most {KILLS * PROCESSES})",
    )
    assert len(addresses) == DUE
    # A repeat carries the Message-ID of the first: whoever gets it can tell.
    assert len(ids) == DUE
    assert repeats.total() <= KILLS * PROCESSES
    assert house.fates() == {"due": DUE, "sent": DUE, "failed": 0, "held back": 0, "missed": 0}
