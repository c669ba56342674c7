"""Owing messages, and the register of kinds. Actions owe; `accounts.sending` sends.

Adding a kind of message:

1. Owe it from an action: `owe(person, kind="plan_sent", key=…, at=at, project=project, subject=subject_of(plan))`.
   The project and the row it is about go in as such; `params` only hold what can't be looked up when it is sent.
2. Write `templates/emails/<kind>.txt`: the blocks `subject`, `body` (paragraphs parted by empty lines), `button` and
   `why`. Both parts of the mail are made from it. At most 90 words with the foot, one button.
3. Register it in the `messages` of the app that owns the fact: `@kind("plan_sent", gettext_lazy("A plan was sent"), load=…)`
   above a function that returns what the template needs and `path`, the page behind the button; or raises
   `NotWanted` when the thing is done by now. The second text is what support reads in the admin.

`tests/test_messages.py` finds every kind that is owed and fails where one of the three is missing.
"""

import datetime as dt
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial
from typing import Any

from celery import current_app
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from kombu.exceptions import OperationalError

from accounts.models import Notice, Person

logger = logging.getLogger(__name__)

# A reminder that nobody could send for this long is missed: the app lists what it was about.
CATCH_UP = dt.timedelta(days=7)
# How long a page waits for the broker, and how long after a failure nobody waits for it again.
IMPATIENT = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5, "max_retries": 0}
DEAF_SECONDS = 10
SENDING = "accounts.tasks.send_when_rung"

# What carries others: made when several are due, once a week, and when a pause ends.
DIGEST, WEEKLY, PAUSE_END = "digest", "weekly", "pause_end"

KINDS: dict[str, "Kind"] = {}
_deaf_until = 0.0


class NotWanted(Exception):
    """A message has lost its sense since it was owed. The text says why, for support: see `in_words`."""


class NotYet(Exception):
    """A message waits: its reader has put the thing aside. The text says why, for support: see `in_words`."""

    def __init__(self, why: str, *, until: dt.datetime):
        super().__init__(why)
        self.until = until


class Topic(StrEnum):
    """What people choose how they get it. The name of the answer on a person is `mail_` and this."""

    TURN = "turn"
    OTHERS = "others"
    REMINDERS = "reminders"


@dataclass(frozen=True)
class Kind:
    """What is to be known about a kind of message.

    Arguments:
        label: how support reads it.
        compose: `(notice, loaded, at)` → what the template needs. `path` is the page behind the button: for a person
            it becomes a link that signs in. `link` is a whole address instead. Raises NotWanted.
        load: `(notices, at)` → whatever `compose` reads, for a whole batch, so that queries do not grow with it.
        urgent: somebody sits and waits for it: goes before everything else.
        topic: what its reader chooses how to get: at once, one mail a day, with the weekly summary, or never. None: it
            is about the account itself, and always comes.
        gathered: leaves on a working day of the reader between 10:00 and 18:00 only.
        reminder: `gathered`, of the topic of reminders. Keeps for seven days.
        carries: other messages go out inside it. Written as a list of what they say.
        masked: about a draft: support sees no parameters.
        keeps: after this long nobody wants it any more, and it is missed. None: late rather than never.
    """

    name: str
    label: Any
    compose: Callable[[Notice, Any, dt.datetime], dict]
    load: Callable[[list[Notice], dt.datetime], Any] | None = None
    urgent: bool = False
    topic: Topic | None = None
    gathered: bool = False
    reminder: bool = False
    carries: bool = False
    masked: bool = False
    keeps: dt.timedelta | None = None

    @property
    def template(self) -> str:
        """From which both parts of the mail are made."""
        return f"emails/{self.name}.txt"


def kind(name: str, label: Any, *, reminder: bool = False, **options):
    """Register the function below as what composes this kind of message. See `Kind` for the options."""
    if reminder:
        options = {"topic": Topic.REMINDERS, "gathered": True, "keeps": CATCH_UP} | options

    def register(compose):
        if name in KINDS:
            raise LookupError(f"Registered twice: {name}")
        KINDS[name] = Kind(name, label, compose, reminder=reminder, **options)
        return compose

    return register


def label_of(name: str) -> str:
    """How support reads a kind of message. One that is gone by now keeps its name."""
    return str(KINDS[name].label) if name in KINDS else name


def thing_of(notice: Notice) -> str:
    """What a message is about, as somebody would say: of several about one thing the newest says it all.

    Reminders of a thing replace each other; two things that happened to it do not.
    """
    if not notice.subject:
        return f"notice:{notice.pk}"
    kind = KINDS.get(notice.kind)
    return notice.subject if kind and kind.gathered else f"{notice.kind}:{notice.subject}"


def kinds_that(flag: str) -> list[str]:
    """The names of the kinds with this property."""
    return [name for name, registered in KINDS.items() if getattr(registered, flag)]


def new_message_id() -> str:
    """A Message-ID, given once: whoever gets a message twice after a crash can tell that it is one."""
    return f"<{secrets.token_hex(12)}@counterpart>"


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
        kind: which message; names the template `emails/<kind>.txt`.
        key: what makes it the same message, such as `other-sent:12:2:p3`.
        at: now.
        subject: the row it is about, as text (`audit.subject_of`), so that it can be voided.
        not_before: when it may leave at the earliest.
        params: what can't be looked up when it is sent. Never a token, an answer or a sealed fact.
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
            "message_id": new_message_id(),
        },
    )
    if created and notice.not_before <= at:
        ring()
    return notice


def void(*, reason: str, at: dt.datetime | None = None, **which) -> int:
    """Hold back unsent messages that match, such as `subject=..., kind=...`. Returns how many.

    Arguments:
        reason: why, marked with `gettext_noop`: see `in_words`.
    """
    return Notice.objects.unsent().filter(**which).update(voided_at=at or timezone.now(), void_reason=reason)


def in_words(why: str) -> str:
    """Why a message is held back or waits, in the language of who reads it.

    Stored as it is written in the code (`gettext_noop`): it is written for nobody in particular, by a worker. What
    differs from one to the next stands after a colon.
    """
    said, colon, about = why.partition(": ")
    return f"{gettext(said)}{colon}{about}" if said else ""


def ring(task: str = SENDING) -> None:
    """Tell a worker, after commit, that there is something to do: once for each transaction.

    A broker that is away is no error: the sweep finds what is owed.

    Arguments:
        task: what is to be started; sending, for the outbox.
    """
    bell = _bell(task)
    waiting = [function for _ids, function, *_rest in transaction.get_connection().run_on_commit]
    if bell not in waiting:
        transaction.on_commit(bell, robust=True)


@cache
def _bell(task: str) -> Callable[[], None]:
    # One object for each task: that is how a transaction knows whether it rings already.
    return partial(_ring, task)


def _ring(task: str) -> None:
    global _deaf_until
    if time.monotonic() < _deaf_until:
        return
    try:
        # A connection of its own: a worker's may wait for its broker, somebody's page must not.
        with current_app.connection_for_write(transport_options=IMPATIENT) as broker:
            current_app.send_task(task, connection=broker, retry=False, ignore_result=True)
    except (OperationalError, OSError):
        _deaf_until = time.monotonic() + DEAF_SECONDS
        logger.warning("The broker did not answer; the next sweep does what is owed.")
