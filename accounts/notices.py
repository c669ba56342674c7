"""Owing messages. Actions owe; `accounts.tasks` sends."""

import datetime as dt
import logging

from celery import current_app
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from kombu.exceptions import OperationalError

from accounts.models import Notice, Person

logger = logging.getLogger(__name__)


def owe(
    recipient: Person | None,
    *,
    kind: str,
    key: str,
    at: dt.datetime,
    address: str = "",
    subject: str = "",
    project=None,
    not_before: dt.datetime | None = None,
    **params,
) -> Notice:
    """Owe a message. Owing the same key again changes nothing.

    Arguments:
        recipient: who gets it; None when only an address is known.
        kind: which message; names the templates `emails/<kind>.{subject,body}`.
        key: what makes it the same message, such as `review-due:12:2026-11-27:7:p3`.
        at: now.
        subject: the row it is about, as text (`audit.subject_of`), so that it can be voided.
        not_before: when it may leave at the earliest.
        params: what the templates need. Never a token, an answer or a sealed fact.
    """
    notice, created = Notice.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "recipient": recipient,
            "address": address,
            "subject": subject,
            "project": project.reference if project is not None else "",
            "params": params,
            "owed_at": at,
            "not_before": not_before or at,
            "message_id": f"<{get_random_string(24).lower()}@counterpart>",
        },
    )
    if created and notice.not_before <= at:
        ring()
    return notice


def void(*, reason: str, at: dt.datetime | None = None, **which) -> int:
    """Hold back unsent messages that match, such as `subject=..., kind=...`. Returns how many."""
    return Notice.objects.unsent().filter(**which).update(voided_at=at or timezone.now(), void_reason=reason)


def ring() -> None:
    """Tell a worker, after commit, that the outbox holds something. A broker that is away is no error: the sweep finds it."""
    transaction.on_commit(_ring, robust=True)


def _ring() -> None:
    try:
        current_app.send_task("accounts.tasks.send_notices", retry=False, ignore_result=True)
    except OperationalError:
        logger.warning("The broker did not answer; the next sweep sends what is owed.")
