"""Addresses of pages that draw on everything: home, overview, register."""

app_name = "portal"

urlpatterns = []
