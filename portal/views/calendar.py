"""One's calendar feed: the page about its address, and the feed itself, which knows nobody but by that address."""

import hashlib
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actions import (
    find_calendar,
    renew_calendar,
    switch_off_calendar,
    switch_on_calendar,
    token_of_calendar,
)
from accounts.days import local_day
from accounts.models import CalendarFeed
from portal.feed import CONTENT_TYPE, entries_of, write_calendar
from portal.forms import CalendarForm

# So long may a calendar go on with what it has, in seconds.
HOUR = 3600


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request):
    """What the feed shows, its address, and how to add it to a calendar."""
    feed = CalendarFeed.objects.filter(person=request.user).first()
    form = CalendarForm.of(feed, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        switch_on_calendar(request.user, shown=form.shown(), at=timezone.now())
        if feed:
            messages.success(
                request, _("Saved. Your calendar shows it when it next asks, within a few hours.")
            )
        else:
            messages.success(request, _("Your address is ready. Add it to your calendar."))
        return redirect("portal:calendar")
    return render(
        request,
        "portal/calendar.html",
        {"form": form, "feed": feed, **(addresses(feed) if feed else {})},
        status=422 if form.errors else 200,
    )


def addresses(feed):
    """The address for every calendar, and the one that opens the calendar of this device."""
    token = token_of_calendar(feed)
    if not token:
        return {"address": "", "subscribe": ""}
    path = reverse("portal:calendar_feed", args=[token])
    return {
        "address": settings.SITE_URL + path,
        "subscribe": f"webcal://{urlsplit(settings.SITE_URL).netloc}{path}",
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_renew(request):
    """A new address in place of the one before, after asking once more."""
    if request.method == "POST":
        if renew_calendar(request.user, made_at=request.POST.get("made_at", ""), at=timezone.now()):
            messages.success(request, _("The old address no longer works. Add the new one to your calendar."))
        return redirect("portal:calendar")
    feed = CalendarFeed.objects.filter(person=request.user).first()
    if feed is None:
        return redirect("portal:calendar")
    return render(request, "portal/calendar_renew.html", {"fields": {"made_at": feed.made_at.isoformat()}})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_off(request):
    """No address any more, after asking once more."""
    if request.method == "POST":
        switch_off_calendar(request.user, at=timezone.now())
        messages.success(request, _("Your calendar feed is off. The address opens nothing any more."))
        return redirect("portal:calendar")
    if not CalendarFeed.objects.filter(person=request.user).exists():
        return redirect("portal:calendar")
    return render(request, "portal/calendar_off.html")


@login_not_required
@require_safe
def calendar_feed(request, token):
    """The feed for whoever holds its address. No session, no cookie; asks as often for many entries as for none."""
    feed = find_calendar(token)
    if feed is None:
        # The same words whether it was revoked or never there. Programs read them, so there is no page around.
        response = HttpResponse(
            _("There is no calendar at this address."), status=404, content_type="text/plain"
        )
        response["Cache-Control"] = "no-store"
        return response
    at, person = timezone.now(), feed.person
    with translation.override(person.language), timezone.override(person.zone):
        content = write_calendar(entries_of(feed, at=at), zone=person.zone, today=local_day(at, person.zone))
        language = translation.get_language()
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["ETag"] = etag
    patch_cache_control(response, private=True, max_age=HOUR)
    response["Content-Disposition"] = 'inline; filename="counterpart.ics"'
    response["Content-Language"] = language
    # Whoever pastes the address somewhere public has lost it; at least it leads no search there.
    response["X-Robots-Tag"] = "noindex"
    return get_conditional_response(request, etag=etag, response=response)
