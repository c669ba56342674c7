"""Addresses of pages that draw on everything: home, overview, register."""

from django.urls import path

from portal.views import home, tasks

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("accessibility/", home.accessibility, name="accessibility"),
    path("privacy/", home.privacy, name="privacy"),
    path("tasks/<str:key>/later/", tasks.task_later, name="task_later"),
    path("tasks/<str:key>/wake/", tasks.task_wake, name="task_wake"),
]
