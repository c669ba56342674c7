"""Addresses of reviews, results, conclusions and promises."""

app_name = "evaluations"

urlpatterns = []
