"""Doorways for the worker: no rules in here."""

from celery import shared_task
from django.utils import timezone

from accounts import jobs
from partnerships import reminders


@shared_task
def end_deliveries():
    """Projects whose end date has passed go on to Review."""
    at = timezone.now()
    with jobs.job("end_deliveries", at=at) as detail:
        detail.update(reminders.end_deliveries(at=at))


@shared_task
def answer_by_silence():
    """Who is asked for more time and says nothing has said yes."""
    at = timezone.now()
    with jobs.job("answer_by_silence", at=at) as detail:
        detail.update(reminders.answer_by_silence(at=at))
