"""Addresses of projects."""

from django.urls import path

from partnerships.views import (
    agencies,
    amendments,
    approval,
    certificate,
    checklist,
    comments,
    confirming,
    contract,
    contract_drop,
    contract_files,
    contract_questions,
    funding,
    giving,
    how_we_work,
    interests,
    partner,
    plan,
    plan_answers,
    plan_who,
    project,
    project_list,
    signing,
    talk,
    talk_write,
    time,
    uses,
    versions,
    work_editor,
)

app_name = "partnerships"

urlpatterns = [
    # The list
    path("projects/", project_list.project_list, name="project_list"),
    path("projects/export/", project_list.project_export, name="project_export"),
    path("projects/views/save/", project_list.view_save, name="view_save"),
    path("projects/views/<int:pk>/delete/", project_list.view_delete, name="view_delete"),
    # One project
    path("projects/new/", project.project_add, name="project_add"),
    path("projects/<str:reference>/edit/", project.project_edit, name="project_edit"),
    path("projects/<str:reference>/acting/", project.project_acting, name="project_acting"),
    path("projects/<str:reference>/result/", project.result_record, name="result_record"),
    path("projects/<str:reference>/close/", project.project_close, name="project_close"),
    path("projects/<str:reference>/close/no/", project.project_keep_open, name="project_keep_open"),
    path("projects/<str:reference>/withdraw/", project.project_withdraw, name="project_withdraw"),
    # Its plan
    path("projects/<str:reference>/plan/", plan.plan_detail, name="plan_detail"),
    path("projects/<str:reference>/plan/check/", plan.plan_check, name="plan_check"),
    path("projects/<str:reference>/plan/send/", plan.plan_send, name="plan_send"),
    path("projects/<str:reference>/plan/who/", plan_who.plan_who, name="plan_who"),
    path("projects/<str:reference>/plan/who/choose/", plan_who.partner_choose, name="partner_choose"),
    path("projects/<str:reference>/plan/who/invite/", plan_who.partner_invite, name="partner_invite"),
    path(
        "projects/<str:reference>/plan/who/leave-out/", plan_who.partner_leave_out, name="partner_leave_out"
    ),
    path(
        "projects/<str:reference>/plan/suggestions/<int:pk>/accept/",
        plan_answers.suggestion_accept,
        name="suggestion_accept",
    ),
    path(
        "projects/<str:reference>/plan/suggestions/<int:pk>/decline/",
        plan_answers.suggestion_decline,
        name="suggestion_decline",
    ),
    path(
        "projects/<str:reference>/plan/suggestions/<int:pk>/take-back/",
        plan_answers.suggestion_take_back,
        name="suggestion_take_back",
    ),
    path("projects/<str:reference>/plan/<str:code>/", plan.plan_part, name="plan_part"),
    path("projects/<str:reference>/plan/<str:code>/agree/", plan_answers.plan_agree, name="plan_agree"),
    # Partners
    path("partners/", partner.partner_list, name="partner_list"),
    path("partners/<slug:slug>/", partner.partner_detail, name="partner_detail"),
    # How an organisation works, to read
    path("partners/<slug:slug>/how-we-work/", how_we_work.how_we_work, name="how_we_work"),
    path("partners/<slug:slug>/how-we-work/ask/", how_we_work.how_we_work_ask, name="how_we_work_ask"),
    path("partners/<slug:slug>/how-we-work/pdf/", how_we_work.how_we_work_pdf, name="how_we_work_pdf"),
    path(
        "partners/<slug:slug>/how-we-work/versions/<int:number>/",
        how_we_work.how_we_work_version,
        name="how_we_work_version",
    ),
    path(
        "partners/<slug:slug>/how-we-work/versions/<int:number>/papers/<int:paper>/",
        how_we_work.paper_file,
        name="paper_file",
    ),
    # How one's own organisation works, to write
    path("org/<slug:slug>/how-we-work/", work_editor.how_we_work_edit, name="how_we_work_edit"),
    path("org/<slug:slug>/how-we-work/publish/", work_editor.how_we_work_publish, name="how_we_work_publish"),
    path("org/<slug:slug>/how-we-work/papers/add/", work_editor.paper_add, name="paper_add"),
    path("org/<slug:slug>/how-we-work/papers/<int:paper>/", work_editor.paper_edit, name="paper_edit"),
    path(
        "org/<slug:slug>/how-we-work/papers/<int:paper>/remove/",
        work_editor.paper_remove,
        name="paper_remove",
    ),
    path(
        "org/<slug:slug>/how-we-work/papers/<int:paper>/file/",
        work_editor.draft_paper_file,
        name="draft_paper_file",
    ),
    path("org/<slug:slug>/how-we-work/<str:code>/", work_editor.how_we_work_part, name="how_we_work_part"),
    # Its contracts
    path("projects/<str:reference>/contract/", contract.contract_list, name="contract_list"),
    path("projects/<str:reference>/contract/start/", contract.contract_add, name="contract_add"),
    path(
        "projects/<str:reference>/contracts/<int:number>/", contract.contract_detail, name="contract_detail"
    ),
    path(
        "projects/<str:reference>/contracts/<int:number>/edit/", contract.contract_edit, name="contract_edit"
    ),
    path(
        "projects/<str:reference>/contracts/<int:number>/kind/", checklist.contract_kind, name="contract_kind"
    ),
    path(
        "projects/<str:reference>/contracts/<int:number>/checks/",
        checklist.checklist_detail,
        name="checklist_detail",
    ),
    path(
        "projects/<str:reference>/contracts/<int:number>/checks/<str:code>/",
        checklist.checklist_answer,
        name="checklist_answer",
    ),
    path(
        "projects/<str:reference>/contracts/<int:number>/amend/",
        amendments.contract_amend,
        name="contract_amend",
    ),
    path(
        "projects/<str:reference>/contracts/<int:number>/take-up/",
        amendments.amendment_take_up,
        name="amendment_take_up",
    ),
    path(
        "projects/<str:reference>/contracts/<int:number>/certificate/",
        certificate.contract_certificate,
        name="contract_certificate",
    ),
    path(
        "projects/<str:reference>/contracts/<int:number>/certificate/pdf/",
        certificate.contract_certificate_pdf,
        name="contract_certificate_pdf",
    ),
    path("projects/<str:reference>/contracts/<int:number>/rows/", contract.rows_write, name="rows_write"),
    path(
        "projects/<str:reference>/contracts/<int:number>/rows/confirm/",
        confirming.rows_confirm,
        name="rows_confirm",
    ),
    path(
        "projects/<str:reference>/contracts/<int:number>/rows/<str:code>/ask/",
        contract_questions.row_ask,
        name="row_ask",
    ),
    path(
        "projects/<str:reference>/contracts/<int:number>/rows/<str:code>/comment/",
        comments.row_comment,
        name="row_comment",
    ),
    path(
        "projects/<str:reference>/contracts/<int:number>/comments/<int:pk>/",
        comments.comment_edit,
        name="comment_edit",
    ),
    path(
        "projects/<str:reference>/contracts/<int:number>/comments/<int:pk>/withdraw/",
        comments.comment_withdraw,
        name="comment_withdraw",
    ),
    path(
        "projects/<str:reference>/contracts/<int:number>/questions/<int:pk>/",
        contract_questions.question_detail,
        name="question_detail",
    ),
    path(
        "projects/<str:reference>/contracts/<int:number>/questions/<int:pk>/settle/",
        contract_questions.question_settle,
        name="question_settle",
    ),
    path(
        "projects/<str:reference>/contracts/<int:number>/history/",
        contract.contract_history,
        name="contract_history",
    ),
    path(
        "projects/<str:reference>/contracts/<int:number>/versions/add/",
        contract_files.version_add,
        name="version_add",
    ),
    path(
        "projects/<str:reference>/contracts/<int:number>/versions/<int:version>/file/",
        contract_files.version_file,
        name="version_file",
    ),
    path(
        "projects/<str:reference>/contracts/<int:number>/versions/<int:version>/changes/",
        versions.version_changes,
        name="version_changes",
    ),
    path(
        "projects/<str:reference>/contracts/<int:number>/send/", contract.contract_send, name="contract_send"
    ),
    path("projects/<str:reference>/contracts/<int:number>/give/", giving.contract_give, name="contract_give"),
    path(
        "projects/<str:reference>/contracts/<int:number>/give/back/",
        giving.contract_take_back,
        name="contract_take_back",
    ),
    path(
        "projects/<str:reference>/contracts/<int:number>/drop/",
        contract_drop.contract_drop,
        name="contract_drop",
    ),
    path(
        "projects/<str:reference>/contracts/<int:number>/approve/",
        approval.contract_approve,
        name="contract_approve",
    ),
    path(
        "projects/<str:reference>/contracts/<int:number>/sign/here/",
        signing.contract_sign,
        name="contract_sign",
    ),
    path(
        "projects/<str:reference>/contracts/<int:number>/signatures/<int:pk>/confirm/",
        signing.scan_confirm,
        name="scan_confirm",
    ),
    path(
        "projects/<str:reference>/contracts/<int:number>/sign/",
        signing.signature_record,
        name="signature_record",
    ),
    path(
        "projects/<str:reference>/contracts/<int:number>/sign/take-back/",
        signing.signature_remove,
        name="signature_remove",
    ),
    path(
        "projects/<str:reference>/contracts/<int:number>/signatures/<int:pk>/scan/",
        contract_files.signature_scan,
        name="signature_scan",
    ),
    # Requests for funding
    path("org/<slug:slug>/funding/", funding.funding_list, name="funding_list"),
    path("partners/<slug:slug>/funding/new/", funding.funding_add, name="funding_add"),
    path("funding/<str:reference>/", funding.funding_detail, name="funding_detail"),
    path("funding/<str:reference>/parts/<str:code>/", funding.funding_part, name="funding_part"),
    path("funding/<str:reference>/send/", funding.funding_send, name="funding_send"),
    path("funding/<str:reference>/answer/", funding.funding_answer, name="funding_answer"),
    path("funding/<str:reference>/take-back/", funding.funding_withdraw, name="funding_withdraw"),
    path("funding/<str:reference>/bank/", funding.funding_bank_check, name="funding_bank_check"),
    # Interests of its people
    path("projects/<str:reference>/interests/", interests.interest_list, name="interest_list"),
    path("projects/<str:reference>/interests/none/", interests.interest_none, name="interest_none"),
    path("projects/<str:reference>/interests/same/", interests.interest_same, name="interest_same"),
    path("projects/<str:reference>/interests/add/", interests.interest_add, name="interest_add"),
    path("projects/<str:reference>/interests/<int:pk>/edit/", interests.interest_edit, name="interest_edit"),
    path("projects/<str:reference>/interests/<int:pk>/end/", interests.interest_end, name="interest_end"),
    path(
        "projects/<str:reference>/interests/<int:pk>/decide/",
        interests.interest_decide,
        name="interest_decide",
    ),
    path(
        "projects/<str:reference>/interests/decisions/<int:pk>/agree/",
        interests.decision_agree,
        name="decision_agree",
    ),
    path(
        "projects/<str:reference>/interests/people/<int:pk>/",
        interests.absence_note,
        name="absence_note",
    ),
    # Its agencies
    path("projects/<str:reference>/agencies/<slug:slug>/edit/", agencies.agency_edit, name="agency_edit"),
    path(
        "projects/<str:reference>/agencies/<slug:slug>/remove/", agencies.agency_remove, name="agency_remove"
    ),
    # Names and logos: who may use what
    path("projects/<str:reference>/permissions/", uses.permission_list, name="permission_list"),
    path("projects/<str:reference>/permissions/ask/", uses.permission_ask, name="permission_ask"),
    path("projects/<str:reference>/permissions/give/", uses.permission_give, name="permission_give"),
    path("projects/<str:reference>/permissions/<int:pk>/", uses.permission_detail, name="permission_detail"),
    path("projects/<str:reference>/permissions/<int:pk>/file/", uses.permission_file, name="permission_file"),
    path(
        "projects/<str:reference>/permissions/<int:pk>/answer/",
        uses.permission_answer,
        name="permission_answer",
    ),
    path(
        "projects/<str:reference>/permissions/<int:pk>/renew/", uses.permission_renew, name="permission_renew"
    ),
    path("projects/<str:reference>/permissions/<int:pk>/end/", uses.permission_end, name="permission_end"),
    # More time
    path("projects/<str:reference>/time/<int:pk>/", time.time_request, name="time_request"),
    path("projects/<str:reference>/time/<int:pk>/accept/", time.time_accept, name="time_accept"),
    path("projects/<str:reference>/time/<int:pk>/decline/", time.time_decline, name="time_decline"),
    # Talk: questions, decisions, notes, what the others should take up, concerns
    path("projects/<str:reference>/talk/", talk.talk_list, name="talk_list"),
    path("projects/<str:reference>/talk/new/", talk_write.talk_add, name="talk_add"),
    path("projects/<str:reference>/talk/new/<str:code>/", talk_write.talk_write, name="talk_write"),
    path(
        "projects/<str:reference>/talk/new/<str:code>/drop/",
        talk_write.talk_draft_drop,
        name="talk_draft_drop",
    ),
    path("projects/<str:reference>/talk/<int:pk>/", talk.talk_detail, name="talk_detail"),
    path("projects/<str:reference>/talk/<int:pk>/answer/", talk_write.talk_answer, name="talk_answer"),
    path("projects/<str:reference>/talk/<int:pk>/edit/", talk_write.talk_edit, name="talk_edit"),
    path("projects/<str:reference>/talk/<int:pk>/withdraw/", talk_write.talk_withdraw, name="talk_withdraw"),
    path("projects/<str:reference>/talk/<int:pk>/raise/", talk_write.talk_raise, name="talk_raise"),
    path("projects/<str:reference>/talk/<int:pk>/close/", talk_write.talk_close, name="talk_close"),
    path(
        "projects/<str:reference>/talk/<int:pk>/answers/<int:answer>/edit/",
        talk_write.talk_answer_edit,
        name="talk_answer_edit",
    ),
    path(
        "projects/<str:reference>/talk/<int:pk>/answers/<int:answer>/withdraw/",
        talk_write.talk_answer_withdraw,
        name="talk_answer_withdraw",
    ),
    path("projects/<str:reference>/talk/<int:pk>/files/<int:file>/", talk.talk_file, name="talk_file"),
]
