"""Addresses of reviews, results, conclusions and promises."""

from django.urls import path

from evaluations.views import conclusion, results

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
    path(
        "projects/<slug:reference>/conclusion/",
        conclusion.ConclusionDetail.as_view(),
        name="conclusion_detail",
    ),
    path("projects/<slug:reference>/conclusion/start/", conclusion.conclusion_start, name="conclusion_start"),
    path("projects/<slug:reference>/conclusion/edit/", conclusion.conclusion_edit, name="conclusion_edit"),
    path("projects/<slug:reference>/conclusion/send/", conclusion.conclusion_send, name="conclusion_send"),
    path("projects/<slug:reference>/conclusion/sign/", conclusion.conclusion_sign, name="conclusion_sign"),
]
