"""The rows of the access table: every address of the site, and who gets what of it (tests/test_access.py)."""

from tests.access.arguments import (
    ASK,
    ASKERS,
    BOTH_MAY_NOT,
    BOTH_READ,
    NOBODY_OF_THE_OTHER_SIDE,
    NOT_THEIR_COLLEAGUES,
    NOT_WHO_ASKED,
    NOT_WHO_SAID_IT,
    NOT_WHO_STARTED_IT,
    NOT_WHO_WROTE,
    NOT_WHOM_IT_WORKS_FOR,
    ONLY_WHO_PAYS,
    OUR_DRAFTS,
    OUR_READERS_MAY_NOT,
    OUR_WRITERS,
    a_call,
    a_check_in,
    a_choice,
    a_colleague_of_ours,
    a_comment_on_a_row,
    a_concern_of_ours,
    a_contract,
    a_contract_signed_by_all,
    a_contract_with_a_colleague,
    a_decision_about_an_interest,
    a_draft_of_ours,
    a_file_in_talk,
    a_file_of_a_contract,
    a_given_permission,
    a_group_whose_bank_details_nobody_checked,
    a_kept_form,
    a_kind_of_entry,
    a_member_of_ours,
    a_note_of_ours,
    a_page_of_the_review,
    a_paper_of_ours,
    a_part,
    a_part_of_a_draft_of_ours,
    a_part_of_ours,
    a_part_of_the_checklist,
    a_part_of_the_conclusion,
    a_partner,
    a_passed_on_invitation_of_ours,
    a_passkey,
    a_pen_that_lies,
    a_pen_that_was_taken,
    a_permission,
    a_permission_that_ends_today,
    a_principle,
    a_principle_of_results,
    a_promise,
    a_question,
    a_question_about_a_contract,
    a_question_in_talk,
    a_request_of_ours,
    a_request_to_us,
    a_row_to_ask_about,
    a_saved_view,
    a_signed_copy,
    a_snoozed_task,
    a_suggestion,
    a_task,
    a_template_of_theirs,
    a_turn_of_theirs,
    a_version_of_theirs,
    a_wish_for_time,
    an_agency_of_ours,
    an_answer_of_ours,
    an_interest,
    an_interest_of_a_reader,
    an_invitation_of_ours,
    an_invitation_to_a_lead,
    an_outdated_amendment,
    calendars_of_everybody,
    how_we_work_of_ours,
    jobs_that_ran,
    no_token,
    our_organisation,
    project,
    rows_to_confirm,
    somebody_who_asks_to_join_us,
    what_is_asked,
    who_is_missing,
    who_says_how_they_work,
)
from tests.access.audience import (
    ACTING,
    NOT_THE_ASKING_SIDE,
    NOT_THE_OTHER_SIDE,
    OK,
    ON_PROJECT,
    OUR_COLLEAGUES_MAY_NOT,
    OUR_MEMBERS,
    PARTNERS,
    PARTNERS_SIGN,
    PARTNERS_WRITE,
    PUBLIC,
    SIGNED_IN,
    WHO_INVITED,
    WRITE,
    WRITE_SEALED,
    Page,
    only,
)
from tests.walk import (
    AGENCIES,
    OUTSIDERS,
    READERS,
    WRITERS,
)

PAGES: dict[str, Page] = {
    # Pages that draw on everything
    "portal:home": Page(PUBLIC),
    "portal:accessibility": Page(PUBLIC),
    "portal:privacy": Page(PUBLIC),
    "portal:health": Page(PUBLIC, args=jobs_that_ran),
    "portal:notifications": Page(SIGNED_IN),
    "portal:mail_pause": Page(SIGNED_IN, method="post", data={"end": "1"}, ok=(302,)),
    "portal:mail_test": Page(SIGNED_IN, method="post", ok=(302, 429)),
    "portal:search": Page(SIGNED_IN),
    "portal:calendar": Page(SIGNED_IN),
    "portal:calendar_renew": Page(SIGNED_IN, args=calendars_of_everybody),
    "portal:calendar_off": Page(SIGNED_IN, args=calendars_of_everybody),
    # What an address that was made opens is shown in tests/portal/test_feed.py.
    "portal:calendar_feed": Page(PUBLIC, args=no_token, ok=(404,)),
    "portal:task_later": Page(WRITE_SEALED, args=a_task),
    "portal:turn_nudge": Page(
        WRITE,
        method="post",
        args=a_turn_of_theirs,
        ok=(302,),
        but=NOBODY_OF_THE_OTHER_SIDE | {"both sides": 404},
    ),
    "portal:task_wake": Page(WRITE_SEALED, method="post", args=a_snoozed_task, ok=(302,)),
    # Signing in
    "accounts:sign_in": Page(PUBLIC, ok=(200, 302)),
    "accounts:sign_in_sent": Page(PUBLIC, ok=(302,)),
    "accounts:sign_in_link": Page(PUBLIC, args=no_token, ok=(404,)),
    "account_login": Page(PUBLIC, ok=(200, 302)),
    "mfa_login_webauthn": Page(PUBLIC, ok=(302,)),
    "mfa_authenticate": Page(PUBLIC, ok=(302,)),
    "account_inactive": Page(PUBLIC),
    "account_logout": Page(PUBLIC, ok=(200, 302)),
    # What a mail program presses. What its token does is shown in tests/accounts/test_mail_choices.py.
    "accounts:unsubscribe": Page(PUBLIC, method="post", args=no_token, ok=(404,)),
    "accounts:kept_list": Page(SIGNED_IN, ok=(302,)),
    "accounts:kept_drop": Page(only("group lead"), method="post", args=a_kept_form, ok=(302,)),
    # Invitations. What a token opens is shown in tests/accounts/test_invitations.py.
    "accounts:invitation": Page(PUBLIC, args=no_token, ok=(404,)),
    "accounts:invitation_accept": Page(PUBLIC, method="post", args=no_token, ok=(404,)),
    "accounts:invitation_decline": Page(PUBLIC, method="post", args=no_token, ok=(404,)),
    "accounts:invitation_pass_on": Page(PUBLIC, method="post", args=no_token, ok=(404,)),
    "accounts:invitation_switch": Page(PUBLIC, method="post", args=no_token, ok=(404,)),
    "accounts:invitation_again": Page(PUBLIC, method="post", args=no_token, ok=(200, 429)),
    "accounts:invitation_open": Page(only("group lead"), args=an_invitation_to_a_lead),
    # Whoever belongs to an organisation says first for whom they accept: an empty form is asked again.
    "accounts:invitation_join": Page(
        only("group lead"), method="post", args=an_invitation_to_a_lead, ok=(422,)
    ),
    "accounts:invitation_settle": Page(only(*WHO_INVITED), args=an_invitation_of_ours),
    "accounts:invitation_confirm": Page(
        only(*WHO_INVITED), method="post", args=a_passed_on_invitation_of_ours, ok=(302,)
    ),
    "accounts:invitation_resend": Page(
        only(*WHO_INVITED), method="post", args=an_invitation_of_ours, ok=(302,)
    ),
    "accounts:invitation_withdraw": Page(
        only(*WHO_INVITED), method="post", args=an_invitation_of_ours, ok=(302,)
    ),
    # Arriving
    "accounts:welcome_you": Page(SIGNED_IN),
    "accounts:welcome_group": Page(SIGNED_IN, ok=(200, 302)),
    "accounts:welcome_reach": Page(SIGNED_IN),
    # One's own organisation
    "accounts:organisation_list": Page(SIGNED_IN, ok=(200, 302)),
    "accounts:organisation": Page(only(*OUR_MEMBERS), args=our_organisation),
    "accounts:organisation_edit": Page(
        only("group owner"), args=our_organisation, but=OUR_COLLEAGUES_MAY_NOT
    ),
    "accounts:member_leave": Page(only(*OUR_MEMBERS), args=our_organisation),
    "accounts:member_list": Page(only(*OUR_MEMBERS), args=our_organisation),
    "accounts:member_invite": Page(only("group owner"), args=our_organisation, but=OUR_COLLEAGUES_MAY_NOT),
    "accounts:member_edit": Page(only("group owner"), args=a_member_of_ours, but=OUR_COLLEAGUES_MAY_NOT),
    "accounts:member_remove": Page(only("group owner"), args=a_member_of_ours, but=OUR_COLLEAGUES_MAY_NOT),
    "accounts:join_request_accept": Page(
        only("group owner"),
        method="post",
        args=somebody_who_asks_to_join_us,
        ok=(302,),
        but=OUR_COLLEAGUES_MAY_NOT,
    ),
    "accounts:join_request_decline": Page(
        only("group owner"),
        method="post",
        args=somebody_who_asks_to_join_us,
        ok=(302,),
        but=OUR_COLLEAGUES_MAY_NOT,
    ),
    # One's account
    "accounts:settings": Page(SIGNED_IN),
    "accounts:email_change": Page(SIGNED_IN, ok=(200, 302)),
    "accounts:email_change_confirm": Page(PUBLIC, args=no_token, ok=(404,)),
    "accounts:data_download": Page(SIGNED_IN),
    "accounts:account_close": Page(SIGNED_IN, ok=(200, 302)),
    # How one signs in. Who has a second factor already (staff here) shows it again before changing any.
    "accounts:security": Page(SIGNED_IN),
    "accounts:second_factor": Page(SIGNED_IN, ok=(302,)),
    "accounts:second_factor_later": Page(SIGNED_IN, method="post", ok=(404,)),
    "accounts:password_forgotten": Page(SIGNED_IN),
    "account_change_password": Page(SIGNED_IN, ok=(302,)),
    "account_set_password": Page(SIGNED_IN),
    "account_reauthenticate": Page(SIGNED_IN, ok=(302, 403)),
    "mfa_reauthenticate": Page(SIGNED_IN, ok=(200, 403)),
    "mfa_reauthenticate_webauthn": Page(SIGNED_IN, ok=(302, 403)),
    "mfa_index": Page(SIGNED_IN, ok=(302,)),
    "mfa_activate_totp": Page(SIGNED_IN, ok=(200, 302)),
    "mfa_deactivate_totp": Page(SIGNED_IN, ok=(302, 404)),
    "mfa_view_recovery_codes": Page(SIGNED_IN, ok=(404,)),
    "mfa_generate_recovery_codes": Page(SIGNED_IN, ok=(200, 302)),
    "mfa_download_recovery_codes": Page(SIGNED_IN, ok=(404,)),
    "mfa_list_webauthn": Page(SIGNED_IN),
    "mfa_add_webauthn": Page(SIGNED_IN, ok=(200, 302)),
    "mfa_edit_webauthn": Page(SIGNED_IN, args=a_passkey, ok=(302, 404)),
    "mfa_remove_webauthn": Page(SIGNED_IN, args=a_passkey, ok=(302, 404)),
    "usersessions_list": Page(SIGNED_IN),
    "accounts:theme_set": Page(PUBLIC, method="post", ok=(302,)),
    # The guide
    "principles:guide": Page(PUBLIC),
    "principles:words": Page(PUBLIC),
    "principles:principle_detail": Page(PUBLIC, args=a_principle),
    # The list of projects
    "partnerships:project_list": Page(SIGNED_IN),
    "partnerships:project_export": Page(SIGNED_IN),
    "partnerships:view_save": Page(SIGNED_IN, method="post", data={"name": "Mine", "query": ""}, ok=(302,)),
    "partnerships:view_delete": Page(
        SIGNED_IN
        | dict.fromkeys([*OUTSIDERS, *READERS, *WRITERS, *AGENCIES, "both sides"], 404)
        | {"group lead": OK},
        method="post",
        args=a_saved_view,
        ok=(302,),
    ),
    # The own review
    # Check-ins, which both sides share
    "evaluations:check_in_list": Page(PARTNERS, scene="deliver", args=project),
    "evaluations:check_in_add": Page(PARTNERS_WRITE, "post", scene="deliver", args=project, ok=(302,)),
    "evaluations:check_in_rhythm": Page(PARTNERS_WRITE, scene="deliver", args=project),
    "evaluations:check_in_detail": Page(PARTNERS, scene="deliver", args=a_check_in),
    "evaluations:check_in_skip": Page(PARTNERS_WRITE, scene="deliver", args=a_check_in),
    "evaluations:call_suggest": Page(PARTNERS_WRITE, scene="deliver", args=project),
    "evaluations:call_answer": Page(PARTNERS, scene="deliver", args=a_call),
    "evaluations:review_start": Page(WRITE_SEALED, scene="review", args=project),
    "evaluations:review_principle": Page(WRITE_SEALED, scene="review", args=a_page_of_the_review),
    "evaluations:review_save": Page(WRITE_SEALED, "post", scene="review", args=a_page_of_the_review),
    "evaluations:review_helped": Page(WRITE_SEALED, scene="review brought", args=project),
    "evaluations:review_helped_save": Page(WRITE_SEALED, "post", scene="review brought", args=project),
    "evaluations:review_overall": Page(WRITE_SEALED, scene="review", args=project),
    "evaluations:review_overall_save": Page(WRITE_SEALED, "post", scene="review", args=project),
    "evaluations:review_check": Page(WRITE_SEALED, scene="review", args=project),
    "evaluations:review_send": Page(WRITE_SEALED, "post", scene="review", args=project, ok=(422,)),
    "evaluations:review_reopen": Page(WRITE_SEALED, "post", scene="review late", args=project, ok=(302,)),
    "evaluations:review_show": Page(WRITE_SEALED, "post", scene="review", args=project, ok=(302,)),
    "evaluations:review_copy": Page(WRITE_SEALED, scene="review", args=project),
    "evaluations:review_copy_pdf": Page(WRITE_SEALED, scene="review", args=project),
    "evaluations:review_questions": Page(PARTNERS, scene="review", args=project),
    "evaluations:review_shared": Page(PARTNERS, scene="review shared", args=project),
    "evaluations:review_late": Page(WRITE_SEALED, scene="review late", args=project),
    "evaluations:review_wait": Page(WRITE_SEALED, "post", scene="review late", args=project, ok=(302,)),
    "evaluations:review_close": Page(WRITE_SEALED, "post", scene="review late", args=project, ok=(302,)),
    "evaluations:review_share": Page(WRITE_SEALED, "post", scene="review late", args=project, ok=(302,)),
    "evaluations:review_excuse": Page(
        WRITE_SEALED, "post", scene="review late", args=who_is_missing, ok=(302,)
    ),
    "evaluations:review_choices": Page(WRITE_SEALED, scene="review late", args=what_is_asked),
    "evaluations:choice_decline": Page(WRITE_SEALED, "post", scene="review late", args=a_choice, ok=(302,)),
    "evaluations:choice_take_back": Page(WRITE_SEALED, "post", scene="review late", args=a_choice, ok=(302,)),
    # One project and its plan
    "portal:project_overview": Page(ON_PROJECT, args=project),
    "partnerships:project_add": Page(SIGNED_IN),
    "partnerships:project_edit": Page(WRITE, args=project),
    "partnerships:project_acting": Page(ON_PROJECT, args=project, ok=(200, 302)),
    "partnerships:result_record": Page(WRITE, scene="deliver", args=project),
    "partnerships:project_close": Page(WRITE, scene="deliver", args=project),
    "partnerships:project_keep_open": Page(WRITE, method="post", scene="deliver", args=project, ok=(302,)),
    "partnerships:project_withdraw": Page(WRITE, args=project),
    # Contracts
    "partnerships:contract_list": Page(PARTNERS, scene="contract", args=project),
    "partnerships:contract_add": Page(PARTNERS_WRITE, scene="contract", args=project),
    "partnerships:contract_detail": Page(PARTNERS, scene="contract", args=a_contract),
    "partnerships:contract_edit": Page(PARTNERS_WRITE, scene="contract", args=a_contract),
    "partnerships:contract_kind": Page(PARTNERS_WRITE, scene="contract", args=a_contract),
    "partnerships:checklist_detail": Page(PARTNERS, scene="contract", args=a_contract),
    "partnerships:checklist_answer": Page(PARTNERS_WRITE, scene="contract", args=a_part_of_the_checklist),
    "partnerships:rows_write": Page(PARTNERS_WRITE, scene="contract", args=a_contract),
    "partnerships:rows_confirm": Page(PARTNERS_WRITE, scene="contract", args=rows_to_confirm),
    "partnerships:row_ask": Page(PARTNERS_WRITE, scene="contract", args=a_row_to_ask_about),
    "partnerships:row_comment": Page(PARTNERS_WRITE, scene="contract", args=a_row_to_ask_about),
    # Whoever wrote it, and nobody else.
    "partnerships:comment_edit": Page(only("group lead"), scene="contract", args=a_comment_on_a_row),
    "partnerships:comment_withdraw": Page(
        only("group lead"), method="post", scene="contract", args=a_comment_on_a_row, ok=(302,)
    ),
    "partnerships:question_detail": Page(PARTNERS, scene="contract", args=a_question_about_a_contract),
    "partnerships:question_settle": Page(
        PARTNERS_WRITE, method="post", scene="contract", args=a_question_about_a_contract, ok=(302,)
    ),
    "partnerships:contract_history": Page(PARTNERS, scene="contract", args=a_contract),
    "partnerships:version_add": Page(PARTNERS_WRITE, scene="contract", args=a_contract),
    "partnerships:version_file": Page(PARTNERS, scene="contract", args=a_file_of_a_contract),
    "partnerships:version_changes": Page(PARTNERS, scene="contract", args=a_file_of_a_contract),
    "partnerships:contract_send": Page(PARTNERS_WRITE, scene="contract", args=a_contract),
    # With whom it does not lie, comes back to it.
    "partnerships:contract_give": Page(
        PARTNERS_WRITE, scene="contract", args=a_contract_with_a_colleague, ok=(200, 302)
    ),
    "partnerships:contract_take_back": Page(
        PARTNERS_WRITE, method="post", scene="contract", args=a_contract_with_a_colleague, ok=(302,)
    ),
    "partnerships:contract_drop": Page(
        PARTNERS_WRITE, scene="contract", args=a_contract, but=NOT_WHO_STARTED_IT
    ),
    # Whoever may not approve this one reads who can.
    "partnerships:contract_amend": Page(PARTNERS_WRITE, scene="contract", args=a_contract_signed_by_all),
    "partnerships:amendment_take_up": Page(
        PARTNERS_WRITE, method="post", scene="contract", args=an_outdated_amendment, ok=(302,)
    ),
    "partnerships:contract_certificate": Page(PARTNERS, scene="contract", args=a_contract_signed_by_all),
    "partnerships:contract_certificate_pdf": Page(PARTNERS, scene="contract", args=a_contract_signed_by_all),
    "partnerships:contract_approve": Page(PARTNERS_WRITE, scene="contract", args=a_contract),
    "partnerships:contract_sign": Page(PARTNERS_SIGN, scene="contract", args=a_contract),
    "partnerships:scan_confirm": Page(
        PARTNERS_SIGN, method="post", scene="contract", args=a_signed_copy, ok=(302,)
    ),
    "partnerships:signature_record": Page(PARTNERS_SIGN, scene="contract", args=a_contract),
    "partnerships:signature_remove": Page(
        PARTNERS_SIGN, method="post", scene="contract", args=a_contract, ok=(302,)
    ),
    "partnerships:signature_scan": Page(PARTNERS, scene="contract", args=a_signed_copy),
    "partnerships:plan_detail": Page(ON_PROJECT, args=project),
    "partnerships:plan_check": Page(WRITE, args=project),
    "partnerships:plan_send": Page(WRITE, method="post", args=project, ok=(302,)),
    "partnerships:plan_part": Page(WRITE, args=a_part),
    "partnerships:plan_agree": Page(WRITE, method="post", scene="agree", args=a_part, ok=(302,)),
    "partnerships:plan_who": Page(WRITE, args=project),
    "partnerships:partner_choose": Page(
        WRITE,
        method="post",
        args=project,
        data=lambda world: {"organisation": world.organisation("company").slug},
        ok=(302,),
    ),
    "partnerships:partner_invite": Page(WRITE, method="post", args=project, ok=(422,)),
    "partnerships:partner_leave_out": Page(WRITE, method="post", args=project, ok=(302,)),
    "partnerships:suggestion_accept": Page(WRITE, method="post", scene="agree", args=a_suggestion, ok=(302,)),
    "partnerships:suggestion_decline": Page(
        WRITE, method="post", scene="agree", args=a_suggestion, ok=(302,)
    ),
    "partnerships:suggestion_take_back": Page(
        WRITE, method="post", scene="agree", args=a_suggestion, ok=(302,)
    ),
    # Interests of its people
    "partnerships:interest_list": Page(ACTING, scene="contract", args=project),
    "partnerships:interest_none": Page(
        ACTING, method="post", scene="contract", args=project, data={"number": "0"}, ok=(302,)
    ),
    "partnerships:interest_same": Page(
        ACTING, method="post", scene="contract", args=project, data={"number": "0"}, ok=(302,)
    ),
    "partnerships:interest_add": Page(ACTING, scene="contract", args=project),
    "partnerships:interest_edit": Page(only("group lead"), scene="contract", args=an_interest),
    "partnerships:interest_end": Page(
        only("group lead"), method="post", scene="contract", args=an_interest, ok=(302,)
    ),
    "partnerships:interest_decide": Page(PARTNERS_WRITE, scene="contract", args=an_interest_of_a_reader),
    "partnerships:decision_agree": Page(
        PARTNERS_WRITE, method="post", scene="contract", args=a_decision_about_an_interest, ok=(302,)
    ),
    "partnerships:absence_note": Page(
        PARTNERS_WRITE, scene="contract", args=a_colleague_of_ours, but=NOT_THEIR_COLLEAGUES
    ),
    # Its agencies
    "partnerships:agency_edit": Page(
        PARTNERS_WRITE, scene="contract", args=an_agency_of_ours, but=NOT_WHOM_IT_WORKS_FOR
    ),
    "partnerships:agency_remove": Page(
        PARTNERS_WRITE, scene="contract", args=an_agency_of_ours, but=NOT_WHOM_IT_WORKS_FOR
    ),
    # Names and logos: who may use what
    "partnerships:permission_list": Page(PARTNERS, scene="contract", args=project),
    "partnerships:permission_ask": Page(PARTNERS_WRITE, scene="contract", args=project),
    "partnerships:permission_give": Page(PARTNERS_WRITE, scene="contract", args=project),
    "partnerships:permission_detail": Page(PARTNERS, scene="contract", args=a_permission),
    "partnerships:permission_file": Page(PARTNERS, scene="contract", args=a_permission),
    "partnerships:permission_answer": Page(
        PARTNERS_WRITE, scene="contract", args=a_permission, but=NOT_WHO_ASKED
    ),
    "partnerships:permission_renew": Page(
        PARTNERS_WRITE, scene="contract", args=a_permission_that_ends_today
    ),
    "partnerships:permission_end": Page(PARTNERS_WRITE, scene="contract", args=a_given_permission),
    # Talk
    "partnerships:talk_list": Page(PARTNERS, scene="contract", args=project),
    "partnerships:talk_add": Page(PARTNERS_WRITE, scene="contract", args=project),
    "partnerships:talk_write": Page(PARTNERS_WRITE, scene="contract", args=a_kind_of_entry),
    "partnerships:talk_draft_drop": Page(
        PARTNERS_WRITE, method="post", scene="contract", args=a_kind_of_entry, ok=(302,)
    ),
    "partnerships:talk_detail": Page(PARTNERS, scene="contract", args=a_question_in_talk),
    "partnerships:talk_file": Page(PARTNERS, scene="contract", args=a_file_in_talk),
    "partnerships:talk_answer": Page(PARTNERS_WRITE, scene="contract", args=a_question_in_talk),
    "partnerships:talk_edit": Page(
        PARTNERS_WRITE, scene="contract", args=a_note_of_ours, but=NOT_WHO_SAID_IT
    ),
    "partnerships:talk_withdraw": Page(
        PARTNERS_WRITE, method="post", scene="contract", args=a_note_of_ours, but=NOT_WHO_SAID_IT, ok=(302,)
    ),
    "partnerships:talk_answer_edit": Page(
        PARTNERS_WRITE, scene="contract", args=an_answer_of_ours, but=NOT_WHO_SAID_IT
    ),
    "partnerships:talk_answer_withdraw": Page(
        PARTNERS_WRITE,
        method="post",
        scene="contract",
        args=an_answer_of_ours,
        but=NOT_WHO_SAID_IT,
        ok=(302,),
    ),
    # A concern names the Leads of both sides: for everybody else there is none. Who closes it says the action.
    "partnerships:talk_raise": Page(
        only("group lead", "company lead"), method="post", scene="contract", args=a_concern_of_ours, ok=(302,)
    ),
    "partnerships:talk_close": Page(
        only("group lead", "company lead"), method="post", scene="contract", args=a_concern_of_ours, ok=(302,)
    ),
    # Requests for funding
    "partnerships:funding_list": Page(only(*OUR_MEMBERS), args=our_organisation),
    "partnerships:funding_add": Page(ASK, args=a_partner, but=ASKERS | BOTH_MAY_NOT),
    "partnerships:funding_detail": Page(PARTNERS, args=a_request_of_ours, but=BOTH_READ),
    "partnerships:funding_part": Page(
        only("group lead", "group owner"), args=a_part_of_a_draft_of_ours, but=OUR_DRAFTS
    ),
    "partnerships:funding_send": Page(
        only("group lead", "group owner"), args=a_draft_of_ours, but=OUR_DRAFTS
    ),
    "partnerships:funding_answer": Page(PARTNERS_WRITE, args=a_request_to_us, but=NOT_WHO_WROTE),
    "partnerships:funding_withdraw": Page(PARTNERS_WRITE, args=a_request_of_ours, but=NOT_WHO_WROTE),
    "partnerships:funding_bank_check": Page(
        PARTNERS_WRITE,
        method="post",
        args=a_group_whose_bank_details_nobody_checked,
        ok=(302,),
        but=ONLY_WHO_PAYS,
    ),
    # Partners
    "partnerships:partner_list": Page(SIGNED_IN),
    "partnerships:partner_detail": Page(ON_PROJECT, args=a_partner),
    # How organisations work
    "partnerships:how_we_work": Page(ON_PROJECT, scene="contract", args=who_says_how_they_work),
    "partnerships:how_we_work_version": Page(ON_PROJECT, scene="contract", args=a_version_of_theirs),
    "partnerships:how_we_work_pdf": Page(ON_PROJECT, scene="contract", args=who_says_how_they_work),
    "partnerships:paper_file": Page(ON_PROJECT, scene="contract", args=a_template_of_theirs),
    "partnerships:how_we_work_ask": Page(
        ASK, method="post", scene="contract", args=a_partner, ok=(302,), but=ASKERS
    ),
    "partnerships:how_we_work_edit": Page(
        only(*OUR_WRITERS), scene="contract", args=how_we_work_of_ours, but=OUR_READERS_MAY_NOT
    ),
    "partnerships:how_we_work_part": Page(
        only(*OUR_WRITERS), scene="contract", args=a_part_of_ours, but=OUR_READERS_MAY_NOT
    ),
    "partnerships:how_we_work_publish": Page(
        only(*OUR_WRITERS),
        method="post",
        scene="contract",
        args=how_we_work_of_ours,
        ok=(302,),
        but=OUR_READERS_MAY_NOT,
    ),
    "partnerships:paper_add": Page(
        only(*OUR_WRITERS), scene="contract", args=how_we_work_of_ours, but=OUR_READERS_MAY_NOT
    ),
    "partnerships:paper_edit": Page(
        only(*OUR_WRITERS), scene="contract", args=a_paper_of_ours, but=OUR_READERS_MAY_NOT
    ),
    "partnerships:draft_paper_file": Page(
        only(*OUR_WRITERS), scene="contract", args=a_paper_of_ours, but=OUR_READERS_MAY_NOT
    ),
    "partnerships:paper_remove": Page(
        only(*OUR_WRITERS),
        method="post",
        scene="contract",
        args=a_paper_of_ours,
        ok=(302,),
        but=OUR_READERS_MAY_NOT,
    ),
    # More time
    "partnerships:time_request": Page(PARTNERS, args=a_wish_for_time),
    "partnerships:time_accept": Page(
        WRITE, method="post", args=a_wish_for_time, ok=(302,), but=NOT_THE_ASKING_SIDE
    ),
    "partnerships:time_decline": Page(
        WRITE, method="post", args=a_wish_for_time, ok=(302,), but=NOT_THE_ASKING_SIDE
    ),
    # Results
    "evaluations:results": Page(PARTNERS, scene="opened", args=project),
    "evaluations:results_print": Page(PARTNERS, scene="opened", args=project),
    "evaluations:results_pdf": Page(PARTNERS, scene="opened", args=project),
    "evaluations:results_principle": Page(PARTNERS, scene="opened", args=a_principle_of_results),
    "evaluations:results_reply": Page(
        PARTNERS_WRITE, method="post", scene="opened", args=a_question, data={"text": "Thank you."}, ok=(302,)
    ),
    # The joint conclusion
    "evaluations:conclusion_detail": Page(PARTNERS, scene="writing", args=project),
    "evaluations:conclusion_pdf": Page(PARTNERS, scene="learned", args=project),
    "evaluations:conclusion_start": Page(
        PARTNERS_WRITE, method="post", scene="opened", args=project, ok=(302,)
    ),
    # Who does not hold the pen is led to the page to read.
    "evaluations:conclusion_edit": Page(PARTNERS_WRITE, scene="writing", args=project, ok=(200, 302)),
    "evaluations:conclusion_part": Page(
        PARTNERS_WRITE, scene="writing", args=a_part_of_the_conclusion, ok=(200, 302)
    ),
    # Who holds the pen is led back.
    "evaluations:conclusion_take": Page(PARTNERS_WRITE, scene="writing", args=a_pen_that_lies, ok=(200, 302)),
    "evaluations:conclusion_kept": Page(
        PARTNERS, scene="writing", args=a_pen_that_was_taken, but=NOBODY_OF_THE_OTHER_SIDE
    ),
    "evaluations:conclusion_send": Page(
        PARTNERS_WRITE, method="post", scene="writing", args=project, ok=(302, 409)
    ),
    "evaluations:conclusion_take_back": Page(
        PARTNERS_WRITE, method="post", scene="writing", args=project, ok=(302,)
    ),
    "evaluations:conclusion_sign": Page(
        PARTNERS_SIGN, method="post", scene="writing", args=project, data={"revision": "1"}, ok=(302,)
    ),
    # Promises
    "evaluations:promise_list": Page(PARTNERS, scene="learned", args=project),
    "evaluations:promise_add": Page(PARTNERS_WRITE, scene="learned", args=project),
    "evaluations:promise_done": Page(PARTNERS_WRITE, scene="learned", args=a_promise, but=NOT_THE_OTHER_SIDE),
    "evaluations:promise_drop": Page(PARTNERS_WRITE, scene="learned", args=a_promise, but=NOT_THE_OTHER_SIDE),
    "evaluations:learning_list": Page(SIGNED_IN, scene="learned"),
}
