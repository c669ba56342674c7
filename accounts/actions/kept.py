"""Forms that were sent after a session had ended: kept for their writer, and for nobody else, until they sign in."""

import datetime as dt
import re
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import KeptPost, Person

KEPT_FOR = dt.timedelta(hours=20)
LARGEST = 100_000  # characters of names and values together
MOST_FIELDS = 400
# Names of fields that are never kept: what proves who somebody is.
SECRETS = re.compile(r"csrfmiddlewaretoken|.*password.*|(.+_)?(code|token|credential|secret)", re.I)
# The field by which a form that is sent again says which kept one it is.
MARK = "kept_form"


def keep(
    person_id: int, path: str, fields: list[tuple[str, str]], *, had_files: bool, at: dt.datetime
) -> bool:
    """Keep a form for somebody who was signed in on this device. The newest for an address wins.

    Returns whether it was kept: forms that are too large, or hold nothing but secrets, are not.
    """
    fields = [(name, value) for name, value in fields if name != MARK and not SECRETS.fullmatch(name)]
    if not fields or len(fields) > MOST_FIELDS or len(path) > 500:
        return False
    if sum(len(name) + len(value) for name, value in fields) > LARGEST:
        return False
    if not Person.objects.filter(pk=person_id, is_active=True).exists():
        return False
    KeptPost.objects.update_or_create(
        person_id=person_id,
        path=path,
        defaults={
            "fields": fields,
            "had_files": had_files,
            "created_at": at,
            "expires_at": at + KEPT_FOR,
        },
    )
    return True


def kept_for(person: Person, *, at: dt.datetime) -> QuerySet[KeptPost]:
    """The forms that are kept for somebody, oldest first."""
    return KeptPost.objects.filter(person=person, expires_at__gt=at).order_by("created_at", "pk")


def address(next: str = "") -> str:
    """The page that offers what is kept, and leads on to where the person was going."""
    page = reverse("accounts:kept_list")
    if not next or next == page or not url_has_allowed_host_and_scheme(next, allowed_hosts=None):
        return page
    return f"{page}?{urlencode({'next': next})}"


def drop(person: Person, mark: str) -> None:
    """Forget one kept form of this person; nothing happens for anybody else's."""
    if mark.isascii() and mark.isdecimal() and len(mark) < 19:
        KeptPost.objects.filter(person=person, pk=int(mark)).delete()
