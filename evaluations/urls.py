"""Addresses of reviews, results, conclusions and promises."""

from django.urls import path

from evaluations.views import results

app_name = "evaluations"

urlpatterns = [
    path("projects/<slug:reference>/results/", results.ResultsDetail.as_view(), name="results"),
    path(
        "projects/<slug:reference>/results/<int:number>/",
        results.ResultsPrinciple.as_view(),
        name="results_principle",
    ),
    path(
        "projects/<slug:reference>/results/<int:number>/<int:position>/reply/",
        results.results_reply,
        name="results_reply",
    ),
]
