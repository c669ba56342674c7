"""The address of somebody's calendar feed: made, changed, made anew, switched off."""

import datetime as dt

from django.db import transaction

from accounts.audit import record
from accounts.models import CalendarFeed, Person
from accounts.tokens import derived_token, new_token, token_hash

# What somebody chooses of.
SHOWN = ("tasks", "dates", "organisation")


def token_of_calendar(feed: CalendarFeed) -> str:
    """The secret part of the address. Empty when it can't be shown any more, since the installation has another key."""
    token = derived_token("calendar", feed.seed)
    return token if token_hash(token) == feed.token_hash else ""


def find_calendar(token: str) -> CalendarFeed | None:
    """The feed behind an address, with its person; None when it was revoked, never made, or they may not sign in."""
    feeds = CalendarFeed.objects.filter(token_hash=token_hash(token), person__is_active=True)
    return feeds.select_related("person").first()


@transaction.atomic
def switch_on_calendar(person: Person, *, shown: dict[str, bool], at: dt.datetime) -> CalendarFeed:
    """Make an address. Whoever has one already keeps it, with what they chose now.

    Arguments:
        shown: for each of SHOWN whether it stands in the feed; one of them at least.
    """
    # The row of the person is the lock: two clicks make one address.
    Person.objects.select_for_update().get(pk=person.pk)
    feed = CalendarFeed.objects.filter(person=person).first()
    if feed is not None:
        return change_calendar(feed, shown=shown, at=at)
    seed = new_token()
    feed = CalendarFeed.objects.create(
        person=person, seed=seed, token_hash=token_hash(derived_token("calendar", seed)), made_at=at, **shown
    )
    record("calendar.switched_on", person, actor=person, at=at, after=shown)
    return feed


@transaction.atomic
def change_calendar(feed: CalendarFeed, *, shown: dict[str, bool], at: dt.datetime) -> CalendarFeed:
    """Choose what stands in it. The address stays."""
    feed = CalendarFeed.objects.select_for_update().select_related("person").get(pk=feed.pk)
    before = {name: getattr(feed, name) for name in SHOWN}
    if shown != before:
        for name in SHOWN:
            setattr(feed, name, shown[name])
        feed.save(update_fields=SHOWN)
        record("calendar.changed", feed.person, actor=feed.person, at=at, before=before, after=shown)
    return feed


@transaction.atomic
def renew_calendar(person: Person, *, made_at: str, at: dt.datetime) -> bool:
    """Make a new address; the one before opens nothing from now on.

    Arguments:
        made_at: which address is meant, as the page said that asked. A second click renews nothing again.

    Returns whether there is a new one.
    """
    feed = CalendarFeed.objects.select_for_update().filter(person=person).first()
    if feed is None or feed.made_at.isoformat() != made_at:
        return False
    feed.seed, feed.made_at = new_token(), at
    feed.token_hash = token_hash(derived_token("calendar", feed.seed))
    feed.save(update_fields=["seed", "token_hash", "made_at"])
    record("calendar.renewed", person, actor=person, at=at)
    return True


@transaction.atomic
def switch_off_calendar(person: Person, *, at: dt.datetime) -> None:
    """The address opens nothing any more. Switching off what is off changes nothing."""
    gone, _rows = CalendarFeed.objects.filter(person=person).delete()
    if gone:
        record("calendar.switched_off", person, actor=person, at=at)
