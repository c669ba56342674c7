"""Putting a task aside."""

import datetime as dt

from django.db import transaction

from accounts.models import Person, Snooze


@transaction.atomic
def snooze_task(person: Person, key: str, *, until: dt.date) -> Snooze:
    """Hide a task from this person's home until a day. Putting it aside again moves the day."""
    return Snooze.objects.update_or_create(person=person, task_key=key, defaults={"until": until})[0]


def wake_task(person: Person, key: str) -> int:
    """Take a task back before its day. Returns how many snoozes ended."""
    # An address can hold a character that PostgreSQL refuses to look for; no key does.
    if not key.isprintable():
        return 0
    return Snooze.objects.filter(person=person, task_key=key).delete()[0]
