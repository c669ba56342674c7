"""Every address. Each app lists its own, by hand, grouped by noun."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("portal.urls")),
    path("", include("accounts.urls")),
    path("", include("accounts.urls.allauth")),
    path("", include("principles.urls")),
    path("", include("partnerships.urls")),
    path("", include("evaluations.urls")),
    path("admin/", admin.site.urls),
]
