"""The only doors: to an organisation, and to addresses that somebody asks to be led to."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

# Addresses with a token in them are never a place to come back to: they would end up stored.
TOKEN_PAGES = ("/sign-in/", "/sign-out/", "/invite/", "/account/email/")


def own_address(request: HttpRequest, address: str | None) -> str:
    """The address when it is a path of this site and may be stored; otherwise an empty text.

    Against being led elsewhere (open redirects): a scheme, a host, `//` and `\\` are all refused.
    """
    if not address or len(address) > 500 or not address.startswith("/") or address.startswith(TOKEN_PAGES):
        return ""
    if not address.isprintable():
        return ""
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else ""
