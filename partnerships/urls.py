"""Addresses of projects."""

from django.urls import path

from partnerships.views import project_list, time

app_name = "partnerships"

urlpatterns = [
    # The list
    path("projects/", project_list.project_list, name="project_list"),
    path("projects/export/", project_list.project_export, name="project_export"),
    path("projects/views/save/", project_list.view_save, name="view_save"),
    path("projects/views/<int:pk>/delete/", project_list.view_delete, name="view_delete"),
    # More time
    path("projects/<str:reference>/time/<int:pk>/", time.time_request, name="time_request"),
    path("projects/<str:reference>/time/<int:pk>/accept/", time.time_accept, name="time_accept"),
    path("projects/<str:reference>/time/<int:pk>/decline/", time.time_decline, name="time_decline"),
]
