"""Files that were uploaded while the virus scanner was away: it is asked again, what comes of it each kind settles itself."""

import datetime as dt
from collections.abc import Callable, Iterable

from django.db.models import Model

from accounts.files import Verdict, scan_kept
from partnerships.models import FileState

STATES = {Verdict.CLEAN: FileState.CLEAN, Verdict.INFECTED: FileState.REMOVED}


def settle_held(
    held: Iterable[tuple[Model, str]], settle: Callable[[Model, str, dt.datetime], int], *, at: dt.datetime
) -> dict[str, int]:
    """Ask the scanner about files that are held. One about which it can't say anything stays held.

    Arguments:
        held: rows, each with the name of its file.
        settle: (row, state, at) → 1 when it settled the row, 0 when somebody else has meanwhile. It locks for itself.

    Returns how many turned out `clean` and how many were `removed`.
    """
    counted = {"clean": 0, "removed": 0}
    for row, name in held:
        # Asked outside the transactions: the scanner may take its time.
        state = STATES.get(scan_kept(name))
        if state:
            counted[state] += settle(row, state, at)
    return counted
