"""What every page may show without its view asking: help, and light or dark."""

from functools import partial

from django.conf import settings

from accounts.devices import THEME_COOKIE

THEMES = ("light", "dark")


def frame(request) -> dict:
    """Context processor for the frame.

    `theme` is a callable, run only by templates that show it: a cached public page must not look at the session.
    """
    return {
        "help_phone": settings.HELP_PHONE,
        "help_email": settings.HELP_EMAIL,
        "theme": partial(theme_of, request),
    }


def theme_of(request) -> str:
    """ "light" or "dark" as the person chose; empty to follow the device."""
    person = getattr(request, "user", None)
    chosen = person.theme if person and person.is_authenticated else request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""
