"""What a device remembers: light or dark, and who signed in on it last. It opens nothing and names nobody."""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

WHO_COOKIE = "__Host-who" if settings.HTTPS else "who"
WHO_AGE = 60 * 24 * 3600
SALT = "accounts.devices"
THEME_COOKIE = "theme"
# In the session: "not now" to a second factor, where an installation for trying out allows it.
SECOND_FACTOR_LATER = "second_factor_later"


def remember_who(response: HttpResponse, person) -> None:
    """Note on the device who signed in, so that a form sent after the session ended finds its writer."""
    response.set_cookie(
        WHO_COOKIE,
        signing.dumps(person.pk, salt=SALT),
        max_age=WHO_AGE,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def who_was_here(request: HttpRequest) -> int | None:
    """The key of the person who last signed in on this device; None when that is not known."""
    try:
        return signing.loads(request.COOKIES.get(WHO_COOKIE, ""), salt=SALT, max_age=WHO_AGE)
    except signing.BadSignature:
        return None
