"""Addresses of the guide."""

app_name = "principles"

urlpatterns = []
