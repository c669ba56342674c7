"""The address to which somebody answers by mail: signed, for one person and one entry, for thirty days.

Mail servers may write an address in small letters, and know 64 bytes before the sign: so it holds nothing but small
letters and digits, and a signature of 128 bits.
"""

import base64
import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

from accounts.models import Person
from partnerships.models import TalkEntry

LASTS = dt.timedelta(days=30)
BEGINS = "talk+"
SIGNED_BYTES = 16


class NotOurs(Exception):
    """The address was not made here, or somebody changed it."""


class TooOld(Exception):
    """The address was made here, more than thirty days ago."""


class _SmallSigner(signing.Signer):
    """Django's signer, with a signature that survives being written in small letters."""

    def __init__(self):
        super().__init__(sep=".", salt="partnerships.replies", algorithm="sha256")

    def signature(self, value, key=None):
        digest = salted_hmac(self.salt + "signer", value, key or self.key, algorithm=self.algorithm).digest()
        return base64.b32encode(digest[:SIGNED_BYTES]).decode().rstrip("=").lower()


@dataclass(frozen=True)
class Slip:
    """What an address says: the keys of an entry and of a person."""

    entry: int
    person: int


def reply_address(entry: TalkEntry, person: Person, *, at: dt.datetime) -> str:
    """Where this person may answer this entry by mail; "" where no mail gateway is set up."""
    if not settings.MAIL_GATEWAY:
        return ""
    day = at.astimezone(dt.UTC).date().toordinal()
    signed = _SmallSigner().sign(f"{entry.pk:x}.{person.pk:x}.{day:x}")
    return f"{BEGINS}{signed}@{settings.MAIL_GATEWAY}"


def is_of_gateway(address: str) -> bool:
    """Whether mail to this address is for us at all."""
    local, _sign, domain = address.strip().lower().rpartition("@")
    return (
        bool(settings.MAIL_GATEWAY) and domain == settings.MAIL_GATEWAY.lower() and local.startswith(BEGINS)
    )


def read_address(address: str, *, at: dt.datetime) -> Slip:
    """Who may answer what, by an address that `reply_address` made.

    Raises:
        NotOurs: it is no such address, or its signature does not fit.
        TooOld
    """
    local = address.strip().lower().rpartition("@")[0]
    try:
        entry, person, day = _SmallSigner().unsign(local.removeprefix(BEGINS)).split(".")
        entry, person, day = int(entry, 16), int(person, 16), dt.date.fromordinal(int(day, 16))
    except (signing.BadSignature, ValueError, OverflowError) as error:
        raise NotOurs from error
    if at.astimezone(dt.UTC).date() > day + LASTS:
        raise TooOld
    return Slip(entry, person)
