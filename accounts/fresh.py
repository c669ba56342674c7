"""Whether somebody has proved a short while ago who they are: by signing in, or by confirming it once more."""

import datetime as dt

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

SIGNED_IN = "signed_in_at"
LASTS = dt.timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


@receiver(user_logged_in)
def _remember(request, **_kwargs):
    request.session[SIGNED_IN] = timezone.now().timestamp()


def proved_at(request: HttpRequest) -> dt.datetime | None:
    """When the person of this session last proved who they are; None where that is not known."""
    moments = [record["at"] for record in get_authentication_records(request, request.user)]
    moments += [request.session[SIGNED_IN]] if SIGNED_IN in request.session else []
    return dt.datetime.fromtimestamp(max(moments), dt.UTC) if moments else None


def is_fresh(request: HttpRequest, *, at: dt.datetime) -> bool:
    """Whether that is short enough ago for something that binds an organisation."""
    proved = proved_at(request)
    return proved is not None and at - proved < LASTS


def prove_again(request: HttpRequest, address: str) -> HttpResponse:
    """Send somebody to prove who they are, and back. Who has neither password nor second factor signs in anew.

    Arguments:
        address: where they come back to, an own address.

    Raises:
        ReauthenticationRequired: handled by the middleware of allauth, which asks for a password or a code.
    """
    if get_reauthentication_flows(request.user):
        raise ReauthenticationRequired
    logout(request)
    return redirect(f"{reverse('accounts:sign_in')}?{urlencode({'next': address})}")
