"""Doorways for the worker: no rules in here."""

from celery import shared_task
from django.utils import timezone

from accounts import files, jobs, reminders, sending


@shared_task
def send_notices():
    """Send what is owed: the sweep, started by beat."""
    at = timezone.now()
    with jobs.job("send_notices", at=at) as detail:
        detail.update(sending.send_due(at=at).as_detail())


@shared_task
def send_when_rung():
    """Send what is owed: something was owed just now. No run of the schedule, whose age is watched."""
    sending.send_due(at=timezone.now())


@shared_task
def owe_summaries():
    """Owe the summaries of the week."""
    at = timezone.now()
    with jobs.job("owe_summaries", at=at) as detail:
        detail.update(reminders.owe_summaries(at=at))


@shared_task
def tidy():
    """Drop what nobody needs any more."""
    at = timezone.now()
    with jobs.job("tidy", at=at) as detail:
        detail.update(jobs.tidy(at), files=files.remove_strays(at=at))
