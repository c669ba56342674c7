"""Addresses of people and organisations."""

app_name = "accounts"

urlpatterns = []
