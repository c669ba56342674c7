"""Addresses of projects."""

from django.urls import path

from partnerships.views import time

app_name = "partnerships"

urlpatterns = [
    # More time
    path("projects/<str:reference>/time/<int:pk>/", time.time_request, name="time_request"),
    path("projects/<str:reference>/time/<int:pk>/accept/", time.time_accept, name="time_accept"),
    path("projects/<str:reference>/time/<int:pk>/decline/", time.time_decline, name="time_decline"),
]
