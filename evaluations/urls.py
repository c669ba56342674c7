"""Addresses of reviews, results, conclusions and promises."""

from django.urls import path

from evaluations.views import (
    calls,
    check_ins,
    conclusion,
    conclusion_edit,
    conclusion_pen,
    promises,
    results,
    review,
    review_helped,
    review_late,
    review_read,
    review_send,
)

app_name = "evaluations"

urlpatterns = [
    path("projects/<slug:reference>/check-ins/", check_ins.check_in_list, name="check_in_list"),
    path("projects/<slug:reference>/check-ins/add/", check_ins.check_in_add, name="check_in_add"),
    path("projects/<slug:reference>/check-ins/rhythm/", check_ins.check_in_rhythm, name="check_in_rhythm"),
    path("projects/<slug:reference>/check-ins/call/", calls.call_suggest, name="call_suggest"),
    path("projects/<slug:reference>/check-ins/call/<int:pk>/", calls.call_answer, name="call_answer"),
    path(
        "projects/<slug:reference>/check-ins/<int:number>/",
        check_ins.CheckInDetail.as_view(),
        name="check_in_detail",
    ),
    path(
        "projects/<slug:reference>/check-ins/<int:number>/skip/",
        check_ins.CheckInSkip.as_view(),
        name="check_in_skip",
    ),
    path("projects/<slug:reference>/review/", review_send.ReviewStart.as_view(), name="review_start"),
    path(
        "projects/<slug:reference>/review/<int:number>/",
        review.ReviewPrinciple.as_view(),
        name="review_principle",
    ),
    path(
        "projects/<slug:reference>/review/<int:number>/save/", review.ReviewSave.as_view(), name="review_save"
    ),
    path(
        "projects/<slug:reference>/review/helped/", review_helped.ReviewHelped.as_view(), name="review_helped"
    ),
    path(
        "projects/<slug:reference>/review/helped/save/",
        review_helped.ReviewHelpedSave.as_view(),
        name="review_helped_save",
    ),
    path("projects/<slug:reference>/review/overall/", review.ReviewOverall.as_view(), name="review_overall"),
    path(
        "projects/<slug:reference>/review/overall/save/",
        review.ReviewOverallSave.as_view(),
        name="review_overall_save",
    ),
    path("projects/<slug:reference>/review/check/", review_send.ReviewCheck.as_view(), name="review_check"),
    path("projects/<slug:reference>/review/send/", review_send.ReviewSend.as_view(), name="review_send"),
    path("projects/<slug:reference>/review/reopen/", review_send.review_reopen, name="review_reopen"),
    path("projects/<slug:reference>/review/show/", review_send.review_show, name="review_show"),
    path("projects/<slug:reference>/review/copy/", review_read.ReviewCopy.as_view(), name="review_copy"),
    path(
        "projects/<slug:reference>/review/copy.pdf",
        review_read.ReviewCopyPdf.as_view(),
        name="review_copy_pdf",
    ),
    path(
        "projects/<slug:reference>/review/questions/",
        review_read.ReviewQuestions.as_view(),
        name="review_questions",
    ),
    path(
        "projects/<slug:reference>/review/shared/", review_read.ReviewShared.as_view(), name="review_shared"
    ),
    path(
        "projects/<slug:reference>/review/other-side-late/",
        review_late.ReviewLate.as_view(),
        name="review_late",
    ),
    path(
        "projects/<slug:reference>/review/other-side-late/wait/", review_late.review_wait, name="review_wait"
    ),
    path(
        "projects/<slug:reference>/review/other-side-late/close/",
        review_late.review_close,
        name="review_close",
    ),
    path(
        "projects/<slug:reference>/review/other-side-late/share/",
        review_late.review_share,
        name="review_share",
    ),
    path(
        "projects/<slug:reference>/review/other-side-late/excuse/<slug:slug>/",
        review_late.review_excuse,
        name="review_excuse",
    ),
    path(
        "projects/<slug:reference>/review/choices/",
        review_late.ReviewChoices.as_view(),
        name="review_choices",
    ),
    path(
        "projects/<slug:reference>/review/choices/<int:pk>/decline/",
        review_late.choice_decline,
        name="choice_decline",
    ),
    path(
        "projects/<slug:reference>/review/choices/<int:pk>/take-back/",
        review_late.choice_take_back,
        name="choice_take_back",
    ),
    path("projects/<slug:reference>/results/", results.ResultsDetail.as_view(), name="results"),
    path("projects/<slug:reference>/results/print/", results.ResultsPrint.as_view(), name="results_print"),
    path("projects/<slug:reference>/results/pdf/", results.ResultsPdf.as_view(), name="results_pdf"),
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
    path(
        "projects/<slug:reference>/conclusion/edit/", conclusion_edit.conclusion_edit, name="conclusion_edit"
    ),
    path(
        "projects/<slug:reference>/conclusion/edit/<slug:code>/",
        conclusion_edit.conclusion_part,
        name="conclusion_part",
    ),
    path(
        "projects/<slug:reference>/conclusion/send/", conclusion_edit.conclusion_send, name="conclusion_send"
    ),
    path(
        "projects/<slug:reference>/conclusion/take-back/",
        conclusion_pen.conclusion_take_back,
        name="conclusion_take_back",
    ),
    path(
        "projects/<slug:reference>/conclusion/take/", conclusion_pen.conclusion_take, name="conclusion_take"
    ),
    path(
        "projects/<slug:reference>/conclusion/kept/", conclusion_pen.conclusion_kept, name="conclusion_kept"
    ),
    path("projects/<slug:reference>/conclusion/sign/", conclusion.conclusion_sign, name="conclusion_sign"),
    path("projects/<slug:reference>/conclusion/pdf/", conclusion.conclusion_pdf, name="conclusion_pdf"),
    path("projects/<slug:reference>/learnings/", promises.promise_list, name="promise_list"),
    path("projects/<slug:reference>/learnings/add/", promises.promise_add, name="promise_add"),
    path("projects/<slug:reference>/learnings/<int:pk>/done/", promises.promise_done, name="promise_done"),
    path("projects/<slug:reference>/learnings/<int:pk>/drop/", promises.promise_drop, name="promise_drop"),
    path("learnings/", promises.learning_list, name="learning_list"),
]
