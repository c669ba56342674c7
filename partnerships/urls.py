"""Addresses of projects."""

app_name = "partnerships"

urlpatterns = []
