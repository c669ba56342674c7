"""Doorways for the worker: no rules in here."""

from celery import shared_task
from django.utils import timezone

from accounts import jobs
from partnerships import reminders
from partnerships.actions.contract import check_held_files, read_files
from partnerships.actions.how_we_work import check_held_templates
from partnerships.actions.talk import check_held_attachments
from partnerships.actions.uses import check_held_items


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


@shared_task
def check_files():
    """Files that were uploaded while the virus scanner was away."""
    at = timezone.now()
    with jobs.job("check_files", at=at) as detail:
        held = (check_held_files, check_held_templates, check_held_items, check_held_attachments)
        checked = [check(at=at) for check in held]
        detail.update({state: sum(counted[state] for counted in checked) for state in checked[0]})


@shared_task
def read_contracts():
    """Files whose text nobody has read yet: the sweep, started by beat."""
    at = timezone.now()
    with jobs.job("read_contracts", at=at) as detail:
        detail.update(read_files(at=at))


@shared_task
def read_when_rung():
    """The same for what was uploaded just now. No run of the schedule, whose age is watched."""
    read_files(at=timezone.now())


@shared_task
def remind_how_we_work():
    """What an organisation says about how it works is looked at once a year."""
    at = timezone.now()
    with jobs.job("remind_how_we_work", at=at) as detail:
        detail.update(reminders.remind_how_we_work(at=at))


@shared_task
def remind_contracts():
    """Contracts that wait, that a start needs, and that end soon."""
    at = timezone.now()
    with jobs.job("remind_contracts", at=at) as detail:
        detail.update(reminders.remind_contracts(at=at))


@shared_task
def remind_permissions():
    """Permissions to use a name or a logo that end soon."""
    at = timezone.now()
    with jobs.job("remind_permissions", at=at) as detail:
        detail.update(reminders.remind_permissions(at=at))


@shared_task
def remind_questions():
    """Questions about contracts that nobody has answered for some days."""
    at = timezone.now()
    with jobs.job("remind_questions", at=at) as detail:
        detail.update(reminders.remind_questions(at=at))


@shared_task
def remind_requests():
    """Requests for funding, and questions about them, that nobody has answered for some days."""
    at = timezone.now()
    with jobs.job("remind_requests", at=at) as detail:
        detail.update(reminders.remind_requests(at=at))


@shared_task
def remind_talk():
    """What is open in Talk: questions, decisions, what was put off, concerns."""
    at = timezone.now()
    with jobs.job("remind_talk", at=at) as detail:
        detail.update(reminders.remind_talk(at=at))
