"""How messages come to a person: at once, one a day, once a week, never; a pause; and no more summaries.

Rules 120 to 124 of docs/rules.md.
"""

import datetime as dt
import zoneinfo
from collections.abc import Iterable

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.actions.people import change_person
from accounts.audit import record, subject_of
from accounts.days import local_day, next_sending_time
from accounts.models import How, Membership, Notice, Person
from accounts.notices import PAUSE_END, WEEKLY, Topic, new_message_id, owe

# What the end of a link in the head of a summary is good for, and nothing else.
UNSUBSCRIBE = "accounts.unsubscribe"
HOWS = [f"mail_{topic}" for topic in Topic]


# What somebody chooses ------------------------------------------------------------------------------


@transaction.atomic
def choose_mail(person: Person, *, values: dict, actor: Person, at: dt.datetime) -> Person:
    """Change how messages come. What waits already comes as it was chosen now.

    Arguments:
        values: any of `HOWS`, `mail_summary`, `best_day`, `best_hour`, cleaned.
    """
    person = change_person(person, values=values, actor=actor, at=at)
    let_out(person, WEEKLY, at=at)
    return person


@transaction.atomic
def pause_mail(person: Person, *, until: dt.date, actor: Person, at: dt.datetime) -> Person:
    """Nothing but what is about the account itself comes until the end of a day; then one message says what happened.

    Colleagues and partners see the day. No due date moves. Pausing again with another day replaces it.

    Raises:
        ValueError: the day has passed where the person is.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if until < local_day(at, person.zone):
        raise ValueError(f"{until} has passed")
    if person.paused_until == until:
        return person
    let_out(person, PAUSE_END, at=at, reason=gettext_noop("The pause has another end."))
    _set_pause(person, until, actor, at)
    country = countries_of([person.pk]).get(person.pk, "")
    back = after_pause(until, person.zone, country, hour=person.best_hour)
    # One that was held back, because the pause had another end meanwhile, is wanted again.
    again = Notice.objects.filter(key=carrier(PAUSE_END, person.pk, back, at).key, sent_at=None)
    if not again.update(voided_at=None, void_reason=""):
        carrier(PAUSE_END, person.pk, back, at).save()
    return person


@transaction.atomic
def end_pause(person: Person, *, actor: Person, at: dt.datetime) -> Person:
    """Messages come again, from now on; what waited is sent as its reader wants it."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.paused_until is None:
        return person
    let_out(person, PAUSE_END, at=at, reason=gettext_noop("The pause was ended."))
    _set_pause(person, None, actor, at)
    return person


def _set_pause(person, until, actor, at):
    person.paused_until = until
    person.save(update_fields=["paused_until"])
    record(
        "person.paused" if until else "person.back", person, actor=actor, at=at,
        until=until.isoformat() if until else "",
    )  # fmt: skip


def ask_for_test(person: Person, *, at: dt.datetime) -> None:
    """Owe a message that says only that messages arrive; at most one a minute."""
    owe(
        person,
        kind="mail_test",
        key=f"mail-test:p{person.pk}:{at:%Y-%m-%dT%H:%M}",
        at=at,
        subject=subject_of(person),
    )


def mail_arrives(person: Person, *, at: dt.datetime) -> None:
    """They say that mails arrive again: nothing says any more that they come back."""
    if Person.objects.filter(pk=person.pk).exclude(mail_returned_at=None).update(mail_returned_at=None):
        record("person.mail_arrives", person, actor=person, at=at)


# No more summaries ----------------------------------------------------------------------------------


def _unsubscribing():
    return Signer(salt=UNSUBSCRIBE, sep=".")


def unsubscribe_token(person: Person) -> str:
    """Names whoever gets no more summaries by it. Kept nowhere: it can do nothing else."""
    return _unsubscribing().sign(str(person.pk))


def person_of_unsubscribe(token: str) -> Person | None:
    """Who is meant; None when we did not write it, or they are gone."""
    try:
        key = int(_unsubscribing().unsign(token))
    except BadSignature:
        return None
    return Person.objects.filter(pk=key, closed_at=None).first()


@transaction.atomic
def stop_summaries(person: Person, *, at: dt.datetime) -> Person:
    """No summary comes any more. What would have stood in it is only on home from now on."""
    never = {name: How.OFF for name in HOWS if getattr(person, name) == How.WEEKLY}
    return choose_mail(person, values=never | {"mail_summary": False}, actor=person, at=at)


# What carries others --------------------------------------------------------------------------------


def countries_of(people: Iterable[int]) -> dict[int, str]:
    """For each person the country whose working days they keep: that of the organisation they joined first."""
    rows = Membership.objects.current().filter(person__in=people).order_by("-joined_at", "-pk")
    return dict(rows.values_list("person", "organisation__country"))


def after_pause(until: dt.date, zone: zoneinfo.ZoneInfo, country: str, *, hour: int) -> dt.datetime:
    """When the message leaves that ends a pause: on the first working day after its last day."""
    morning = dt.datetime.combine(until + dt.timedelta(days=1), dt.time(), tzinfo=zone)
    return next_sending_time(morning.astimezone(dt.UTC), zone, country, hour=hour)


def carrier(kind: str, person: int, moment: dt.datetime, at: dt.datetime) -> Notice:
    """The message of this kind that leaves at this moment and carries others; one for each person and moment."""
    return Notice(
        key=f"{kind}:p{person}:{moment:%Y-%m-%dT%H:%M}",
        kind=kind,
        recipient_id=person,
        owed_at=at,
        not_before=moment,
        message_id=new_message_id(),
    )


def let_out(person: Person, kind: str, *, at: dt.datetime, reason: str = "") -> None:
    """What waits inside a message of this kind is due by itself again; with a reason, the message is held back.

    Arguments:
        reason: marked with `gettext_noop`.
    """
    carriers = Notice.objects.unsent().unclaimed(at).filter(kind=kind, recipient=person)
    found = list(carriers.values_list("pk", flat=True))
    Notice.objects.unsent().filter(sent_with__in=found).update(sent_with=None, retry_at=None)
    if reason:
        Notice.objects.filter(pk__in=found).update(voided_at=at, void_reason=reason)
