"""Whether everything runs that has to: database, broker, the schedule, the post. For watchers outside; tells no secret."""

import datetime as dt
import os
import time
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection

from accounts.models import JobRun, Notice
from accounts.notices import IMPATIENT

STARTED = time.monotonic()
# So many intervals may pass without a run before the schedule counts as standing still.
INTERVALS = 3
# A message that could have left so long ago and was not even tried is stuck.
STUCK_AFTER = dt.timedelta(minutes=30)

OK, FAULT, WAITING = "ok", "fault", "waiting"


def examine(*, at: dt.datetime) -> dict:
    """Look at each part. `status` is "ok" when none has a fault."""
    parts = {"web": {"status": OK}, "database": _database()}
    parts["broker"] = _broker()
    if parts["database"]["status"] == OK:
        parts["schedule"] = _schedule(at)
        parts["messages"] = _messages(at)
    faults = sorted(name for name, part in parts.items() if part["status"] == FAULT)
    return {"status": FAULT if faults else OK, "faults": faults, **parts}


def _database():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return {"status": FAULT}
    return {"status": OK}


def _broker():
    """Knock at the broker, and wait no longer than a page would."""
    if settings.CELERY_BROKER_URL.startswith("filesystem:"):
        folder = Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_out"])
        return {"status": OK if folder.is_dir() and os.access(folder, os.W_OK) else FAULT}
    try:
        with current_app.connection_for_read(
            settings.CELERY_BROKER_URL, transport_options=IMPATIENT
        ) as broker:
            # Its first channel: the way that heeds how long we wait.
            broker.default_channel.close()
    except Exception:
        # Each kind of broker has faults of its own, and any of them means the same.
        return {"status": FAULT}
    return {"status": OK}


def _schedule(at):
    """How long ago each scheduled job ended last. In the future, when the clock was set back: then it stands still."""
    jobs, late = {}, []
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        limit = INTERVALS * entry["schedule"]
        last = JobRun.objects.filter(name=name, finished_at__isnull=False).order_by("-pk").first()
        if last is None:
            jobs[name] = {"age": None, "limit": limit}
            if time.monotonic() - STARTED > limit:
                late.append(name)
            continue
        age = round((at - last.finished_at).total_seconds())
        jobs[name] = {"age": age, "limit": limit}
        if not -entry["schedule"] <= age <= limit:
            late.append(name)
    waiting = any(job["age"] is None for job in jobs.values())
    status = FAULT if late else WAITING if waiting else OK
    return {"status": status, "late": late, "last_sweep": jobs["send_notices"]["age"], "jobs": jobs}


def _messages(at):
    due = Notice.objects.due(at)
    stuck = due.filter(not_before__lt=at - STUCK_AFTER, owed_at__lt=at - STUCK_AFTER).count()
    failed = Notice.objects.filter(failed_at__gt=at - dt.timedelta(days=1)).count()
    if not settings.SENDING:
        return {"status": OK, "sending": False, "stuck": stuck, "failed_in_a_day": failed}
    return {"status": FAULT if stuck else OK, "sending": True, "stuck": stuck, "failed_in_a_day": failed}
