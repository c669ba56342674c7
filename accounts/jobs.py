"""Scheduled jobs write down that they ran, so that a schedule that stands still is seen."""

import contextlib
import datetime as dt
from collections.abc import Iterator

from django.apps import apps
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import EmailChange, JobRun, KeptPost, SignInLink

KEPT_FOR = dt.timedelta(days=30)
# What is counted of a run, as support reads it.
COUNTED = {
    "sent": _("sent"),
    "failed": _("failed"),
    "void": _("held back"),
    "later": _("later"),
    "missed": _("missed"),
    "given_up": _("broken off, the mail server was in trouble"),
    "owed": _("owed"),
    "moved": _("taken back because the date moved"),
    "ended": _("projects ended"),
    "opened": _("check-ins opened"),
    "faults": _("left because of an error"),
    "accepted": _("accepted by silence"),
    "clean": _("without a virus"),
    "removed": _("removed"),
    "read": _("read"),
    "unreadable": _("can’t be read"),
    "runs": _("runs"),
    "links": _("links to sign in"),
    "changes_of_address": _("changes of an address"),
    "kept_forms": _("kept forms"),
    "sessions": _("sessions"),
    "files": _("files"),
    "error": _("error"),
}


def name_of(job: str) -> str:
    """How support reads the name of a job: apps name theirs in `jobs` of their configuration."""
    named = {
        name: label for app in apps.get_app_configs() for name, label in getattr(app, "jobs", {}).items()
    }
    return str(named.get(job, job))


@contextlib.contextmanager
def job(name: str, *, at: dt.datetime) -> Iterator[dict]:
    """Write a row for this run. What is put into the dictionary is kept with it.

    A run that ends in an error has no end, and its row says which error.
    """
    run = JobRun.objects.create(name=name, started_at=at)
    detail = {}
    try:
        yield detail
    except Exception as error:
        # By update: the error may have left the connection in need of a new start.
        with contextlib.suppress(Exception):
            JobRun.objects.filter(pk=run.pk).update(detail=detail | {"error": type(error).__name__})
        raise
    JobRun.objects.filter(pk=run.pk).update(finished_at=timezone.now(), detail=detail)


def tidy(at: dt.datetime) -> dict[str, int]:
    """Drop what no page shows and no link opens any more. Says how many rows of each."""
    old = at - KEPT_FOR
    return {
        "runs": JobRun.objects.filter(started_at__lt=old).delete()[0],
        # Long after they stopped working, so that the button of an old mail still finds its page.
        "links": SignInLink.objects.filter(expires_at__lt=old).delete()[0],
        "changes_of_address": EmailChange.objects.filter(expires_at__lt=old).delete()[0],
        "kept_forms": KeptPost.objects.filter(expires_at__lt=at).delete()[0],
        "sessions": Session.objects.filter(expire_date__lt=at).delete()[0],
    }
