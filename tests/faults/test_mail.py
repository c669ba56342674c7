"""A mail server that is away for an hour, hangs, refuses for now, refuses for good."""

import datetime as dt
import time

import pytest

from tests.faults.conftest import SHORT
from tests.faults.databases import wait_until

pytestmark = pytest.mark.faults

MAILBOX = "bounces@example.net"
MINUTE = dt.timedelta(minutes=1)


# Nobody is killed here, and the clock runs ahead: claims must not end while their messages leave.
@pytest.mark.house(lease=4 * 3600)
def test_a_mail_server_in_trouble(house, figure):
    """An hour away, then hanging; some addresses refuse for now, some for good. Everybody else gets theirs.

    The hour is scaled: our clock runs ahead. A bounce that comes later goes to the operator's mailbox and names a
    message of ours; nothing is sent again.

    Seen to fail: with `give_up_at_once` an hour's trouble fails everything that was due in it.
    """
    due, steps, hanging = (60, 12, 6) if SHORT else (200, 60, 20)
    house.run("owe", due)
    addresses = [row[0] for row in house.sql("SELECT email FROM accounts_person ORDER BY id")]
    gone, busy = addresses[5:10], addresses[10:15]
    house.sink.answers |= dict.fromkeys(gone, "550 5.1.1 No such user")
    house.sink.answers |= dict.fromkeys(busy, "451 4.7.1 Try again later")
    house.sink.bouncing = set(addresses[15:20])
    house.worker()
    house.beat()
    taken = house.sink.taken

    wait_until(lambda: len(taken) >= due // 8, 90, "messages leave")
    house.sink.down()
    for step in range(1, steps + 1):
        time.sleep(1)
        house.set_clock(ahead=step * 60 / steps * MINUTE)
    during = len(taken)
    house.sink.hanging = True
    house.sink.up()
    time.sleep(hanging)
    assert len(taken) == during
    house.sink.hanging = False
    back = time.monotonic()
    others = due - len(gone) - len(busy)

    def ahead():
        """A minute a second: knocking again does not wait for the real one."""
        return 60 * MINUTE + (time.monotonic() - back) * MINUTE

    def others_have_theirs():
        house.set_clock(ahead=ahead())
        return len(taken) >= others

    wait_until(others_have_theirs, 120, "the others have theirs")
    recovered = time.monotonic() - back
    wait_until(lambda: house.fates()["failed"] == len(gone), 60, "what was refused for good has failed")
    assert house.unsent() == len(busy)
    for address in busy:
        del house.sink.answers[address]
    # The pause after several refusals is an hour at most.
    house.set_clock(ahead=ahead() + 61 * MINUTE)
    wait_until(lambda: house.unsent() == 0, 90, "what was refused for now has left")

    tries = {house.sink.tries[address] for address in gone}
    figure(
        "Mail server away for an hour (scaled), hanging, 451, 550, late bounce",
        due=due,
        lost=due - len({one.to for one in taken}) - len(gone),
        repeats=house.sink.repeats().total(),
        failed=house.fates()["failed"],
        tries_at_550=max(tries),
        bounces=len(house.sink.bounces),
        recovered_after=f"{recovered:.0f} s",
    )
    assert tries == {1}
    errors = house.sql("SELECT DISTINCT last_error FROM accounts_notice WHERE failed_at IS NOT NULL")
    assert errors == [("550 5.1.1 No such user",)]
    assert {one.to for one in taken} == set(addresses) - set(gone)
    assert house.sink.repeats().total() == 0
    of_ours = house.sql(
        "SELECT message_id FROM accounts_notice JOIN accounts_person ON accounts_person.id = recipient_id"
        " WHERE sent_at IS NOT NULL AND email = ANY(%s)",
        sorted(house.sink.bouncing),
    )
    assert sorted(house.sink.bounces) == sorted((MAILBOX, message_id) for (message_id,) in of_ours)
    assert len(of_ours) == 5
