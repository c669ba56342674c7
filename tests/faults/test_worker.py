"""A worker that is killed while it sends."""

import random
import time

import pytest

from tests.faults.conftest import SHORT
from tests.faults.databases import kill, wait_until

pytestmark = pytest.mark.faults

KILLS, DUE = (4, 150) if SHORT else (12, 400)
PROCESSES = 2


@pytest.mark.house(lease=8)
def test_a_killed_worker(house, figure):
    """Killed again and again while it sends: nothing is lost, and at most the message in hand leaves twice.

    Seen to fail: `record_late` repeats dozens of messages, `forget_claims` never sends what a killed worker held,
    `mark_first` loses what it had marked, `share_claims` sends most of them twice.
    """
    house.run("owe", DUE)
    house.beat()
    # The second one is there to take over.
    workers = [house.worker(PROCESSES), house.worker(PROCESSES)]
    taken, kills = house.sink.taken, []
    random.seed(7)
    for _kill in range(KILLS):
        # Somewhere in the life of a message.
        after = len(taken) + random.randint(2, 20)
        wait_until(lambda after=after: len(taken) > after, 60, "a worker sends")
        kill(workers.pop(0))
        kills.append(time.monotonic())
        workers.append(house.worker(PROCESSES))
    left = house.unsent()
    wait_until(lambda: house.unsent() == 0, 180, "everything is sent")

    repeats = house.sink.repeats()
    addresses = {one.to for one in taken}
    ids = {one.message_id for one in taken}
    figure(
        f"Worker killed {KILLS} times in {kills[-1] - taken[0].at:.0f} s",
        due=DUE,
        lost=DUE - len(addresses),
        repeats=repeats.total(),
        repeats_allowed=KILLS * PROCESSES,
        all_sent_after=f"{taken[-1].at - taken[0].at:.0f} s",
    )
    assert left > 0, "The last kill came too late to mean anything."
    assert len(addresses) == DUE
    # A repeat carries the Message-ID of the first: whoever gets it can tell.
    assert len(ids) == DUE
    assert repeats.total() <= KILLS * PROCESSES
    assert house.fates() == {"due": DUE, "sent": DUE, "failed": 0, "held back": 0, "missed": 0}
