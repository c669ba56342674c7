"""Signing in by a link in a mail: it works for 30 minutes, once, on any device."""

import datetime as dt
import hashlib

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Person, SignInLink
from accounts.notices import owe
from accounts.tokens import new_token, token_hash

LINK_LASTS = dt.timedelta(minutes=30)
# Whoever asks twice within a minute gets one mail.
ONE_MAIL_EVERY = dt.timedelta(minutes=1)


class LinkNotValid(Exception):
    """The link is used, too old, or was never given out. Which of these is not told."""


def minute_of(at: dt.datetime) -> int:
    """The span in which somebody who asks again gets no second mail."""
    return int(at.timestamp() // ONE_MAIL_EVERY.total_seconds())


def ask_for_sign_in_link(email: str, *, next: str = "", at: dt.datetime) -> None:
    """Owe a mail to whoever asked: a link, or word that the address has no account.

    Known and unknown addresses cause the same work, so neither the answer nor its time tells them apart.
    A link goes only to the address on file, never to the one that was typed.

    Arguments:
        email: as typed, in its normal spelling (`normal_email`).
        next: where the link leads; an own address, checked by the caller.
    """
    person = Person.objects.filter(email=email, is_active=True).first()
    minute = minute_of(at)
    if person is not None:
        owe(person, kind="sign_in_link", key=f"sign-in:{person.pk}:{minute}", at=at, next=next)
    elif email.rpartition("@")[0].isascii():
        digest = hashlib.sha256(email.encode()).hexdigest()[:32]
        owe(None, address=email, kind="sign_in_unknown", key=f"sign-in-unknown:{digest}:{minute}", at=at)
    # Letters outside ASCII before the @ may be twins of somebody's address: nothing goes there.


def mint_sign_in_link(
    person: Person, next: str = "", *, at: dt.datetime, lasts: dt.timedelta = LINK_LASTS
) -> str:
    """Make a sign-in link while its mail is being sent; only the hash of its token is kept.

    Arguments:
        next: the own address it leads to after signing in; empty for home.
        lasts: how long it works.
    """
    token = new_token()
    SignInLink.objects.create(
        person=person, token_hash=token_hash(token), next=next, created_at=at, expires_at=at + lasts
    )
    return settings.SITE_URL + reverse("accounts:sign_in_link", args=[token])


def find_sign_in_link(token: str, *, at: dt.datetime) -> SignInLink:
    """The link behind a token, unused. Looking uses nothing up.

    Raises:
        LinkNotValid
    """
    link = (
        SignInLink.objects.filter(
            token_hash=token_hash(token), used_at=None, expires_at__gt=at, person__is_active=True
        )
        .select_related("person")
        .first()
    )
    if link is None:
        raise LinkNotValid(_("This link no longer works."))
    return link


def own_link(person: Person, token: str) -> SignInLink | None:
    """A link that was mailed to somebody who is signed in by now, used or too old as it may be.

    The button of a mail leads on to its page however often it is pressed; nobody is signed in by it.
    """
    return SignInLink.objects.filter(token_hash=token_hash(token), person=person).first()


@transaction.atomic
def open_sign_in_link(token: str, *, at: dt.datetime) -> SignInLink:
    """Use a link up. Of two who press at once, one gets in.

    Raises:
        LinkNotValid
    """
    link = find_sign_in_link(token, at=at)
    if not SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=at):
        raise LinkNotValid(_("This link no longer works."))
    # Whoever holds it has got the mail.
    Person.objects.filter(pk=link.person_id).exclude(mail_returned_at=None).update(mail_returned_at=None)
    return link
