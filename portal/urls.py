"""Addresses of pages that draw on everything: home, overview, search, calendar, health."""

from django.urls import path, re_path

from partnerships.models import REFERENCE_ALPHABET
from portal.views import calendar, health, home, notifications, overview, search, tasks

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    # Without a slash: watchers follow no redirects.
    path("health", health.health, name="health"),
    path("accessibility/", home.accessibility, name="accessibility"),
    path("privacy/", home.privacy, name="privacy"),
    # As strict as a reference is, so that `projects/new/` and others stay free.
    re_path(
        rf"^projects/(?P<reference>[{REFERENCE_ALPHABET}]{{8}})/$",
        overview.project_overview,
        name="project_overview",
    ),
    path("account/notifications/", notifications.notifications, name="notifications"),
    path("account/notifications/pause/", notifications.mail_pause, name="mail_pause"),
    path("account/notifications/test/", notifications.mail_test, name="mail_test"),
    path("search/", search.search, name="search"),
    # One's calendar: the page about it, and what calendar programs ask for
    path("account/calendar/", calendar.calendar, name="calendar"),
    path("account/calendar/new/", calendar.calendar_renew, name="calendar_renew"),
    path("account/calendar/off/", calendar.calendar_off, name="calendar_off"),
    path("calendar/<str:token>.ics", calendar.calendar_feed, name="calendar_feed"),
    path("tasks/<str:key>/later/", tasks.task_later, name="task_later"),
    path("turns/<int:pk>/nudge/", tasks.turn_nudge, name="turn_nudge"),
    path("tasks/<str:key>/wake/", tasks.task_wake, name="task_wake"),
]
