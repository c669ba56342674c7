"""Addresses of reviews, results, conclusions and promises."""

from django.urls import path

from evaluations.views import conclusion, promises, results

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
    path("projects/<slug:reference>/learnings/", promises.promise_list, name="promise_list"),
    path("projects/<slug:reference>/learnings/add/", promises.promise_add, name="promise_add"),
    path("projects/<slug:reference>/learnings/<int:pk>/done/", promises.promise_done, name="promise_done"),
    path("projects/<slug:reference>/learnings/<int:pk>/drop/", promises.promise_drop, name="promise_drop"),
    path("learnings/", promises.learning_list, name="learning_list"),
]
