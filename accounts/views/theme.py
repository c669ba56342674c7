"""Light or dark, for people with an account and for strangers."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.access import own_address
from accounts.devices import THEME_COOKIE
from accounts.models import Person


@login_not_required
@require_POST
def theme_set(request):
    """Keep the choice with the person, or in a cookie where there is none."""
    chosen = request.POST.get("theme")
    theme = chosen if chosen in Person.Theme.values else Person.Theme.SYSTEM
    response = redirect(own_address(request, request.POST.get("next")) or "/")
    if request.user.is_authenticated:
        Person.objects.filter(pk=request.user.pk).update(theme=theme)
    response.set_cookie(
        THEME_COOKIE, theme, max_age=365 * 24 * 3600, secure=settings.HTTPS, httponly=True, samesite="Lax"
    )
    return response
