"""Every address. Each app lists its own, by hand, grouped by noun."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
]
