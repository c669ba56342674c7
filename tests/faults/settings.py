"""Settings of the processes that the fault tests start, stop and kill: the schedule runs faster, and the clock can be moved.

`FAULTS_CLOCK` names a file that holds how many seconds our clock is ahead of the machine's. Nobody else's clock moves.
`FAULTS_BROKEN` names a mistake (tests/faults/broken.py) with which a test must fail.
"""

import datetime as dt
import os
from pathlib import Path

from django.utils import timezone

from config.settings import *  # noqa: F403
from config.settings import CELERY_BEAT_SCHEDULE

INTERVAL = float(os.environ.get("FAULTS_INTERVAL", "1"))
for entry in CELERY_BEAT_SCHEDULE.values():
    entry["schedule"] = INTERVAL
    entry["options"]["expires"] = 60

_clock = Path(os.environ["FAULTS_CLOCK"])


def now():
    return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=float(_clock.read_text() or 0))


timezone.now = now

if os.environ.get("FAULTS_BROKEN"):
    from tests.faults.broken import break_it

    break_it(os.environ["FAULTS_BROKEN"])
