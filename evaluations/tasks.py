"""Doorways for the worker: no rules in here."""

from celery import shared_task
from django.utils import timezone

from accounts import jobs
from evaluations import reminders
from evaluations.actions import check_ins


@shared_task
def open_check_ins():
    """Check-ins whose day has come."""
    at = timezone.now()
    with jobs.job("open_check_ins", at=at) as detail:
        detail.update(check_ins.open_due(at=at))


@shared_task
def remind_check_ins():
    """Owe reminders of check-ins that are open."""
    at = timezone.now()
    with jobs.job("remind_check_ins", at=at) as detail:
        detail.update(reminders.remind_check_ins(at=at))


@shared_task
def remind_reviews():
    """Owe reminders of reviews that are not sent."""
    at = timezone.now()
    with jobs.job("remind_reviews", at=at) as detail:
        detail.update(reminders.remind_reviews(at=at))


@shared_task
def remind_conclusions():
    """Owe reminders of joint conclusions that nobody has written or signed."""
    at = timezone.now()
    with jobs.job("remind_conclusions", at=at) as detail:
        detail.update(reminders.remind_conclusions(at=at))


@shared_task
def remind_promises():
    """Owe reminders of promises."""
    at = timezone.now()
    with jobs.job("remind_promises", at=at) as detail:
        detail.update(reminders.remind_promises(at=at))
