"""Whether the parts that nobody sees are at work: what `/health` answers."""

import datetime as dt

from celery import current_app
from django.conf import settings
from django.db import Error as DatabaseError

from accounts.models import JobRun

# A job may miss its turn twice: a restart, a slow batch. The third time somebody has to look.
MISSED = 3
BROKER_SECONDS = 2


def report(*, at: dt.datetime) -> dict:
    """What each part says: "ok", or what is wrong in a few words, without addresses or versions.

    A stopped clock shows nowhere else: pages answer, and nobody misses a message that was never owed. So each job
    of the schedule has to have ended lately.
    """
    found = {"web": "ok", "database": "ok", "broker": broker()}
    try:
        return found | {f"job {name}": job(name, every, at) for name, every in scheduled()}
    except DatabaseError:
        return found | {"database": "does not answer"}


def is_well(found: dict) -> bool:
    return set(found.values()) == {"ok"}


def scheduled() -> list[tuple[str, dt.timedelta]]:
    """The jobs of the schedule by the name under which they write their runs down, and how often they run."""
    return [
        (entry["task"].rpartition(".")[2], dt.timedelta(seconds=entry["schedule"]))
        for entry in settings.CELERY_BEAT_SCHEDULE.values()
    ]


def job(name: str, every: dt.timedelta, at: dt.datetime) -> str:
    # The last one written, not the one with the latest time: after a clock is set back, older runs lie in the future.
    last = JobRun.objects.filter(name=name, finished_at__isnull=False).order_by("-pk").first()
    if last is None:
        return "never ran"
    if abs(at - last.finished_at) > MISSED * every:
        return f"last ended {int((at - last.finished_at).total_seconds())} s ago"
    return "ok"


def broker() -> str:
    try:
        with current_app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_SECONDS)
    except Exception:  # each transport has errors of its own
        return "does not answer"
    return "ok"
