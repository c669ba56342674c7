"""Which pages are looked at, by whom, in which state.

Every address of the access table that answers with a page is visited once without more words: by the first of
VISITORS who may see it. What needs somebody else, or a state of its own, stands in SPECIAL; what a page shows in
another state stands in STATES. An address that is no page for people stands in NO_PAGES with its reason.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tests.access.arguments import (
    a_colleague_of_ours,
    a_comment_on_a_row,
    a_contract,
    a_contract_signed_by_all,
    a_contract_with_a_colleague,
    a_member_of_ours,
    a_page_of_the_review,
    a_part,
    a_part_of_the_conclusion,
    a_partner,
    a_passed_on_invitation_of_ours,
    a_pen_that_lies,
    a_pen_that_was_taken,
    a_principle,
    a_principle_of_results,
    a_question_about_a_contract,
    a_question_in_talk,
    a_row_to_ask_about,
    a_signed_copy,
    a_snoozed_task,
    a_suggestion,
    a_wish_for_time,
    an_agency_of_ours,
    an_amendment,
    an_outdated_amendment,
    calendars_of_everybody,
    our_organisation,
    project,
    project_of_others,
    rows_to_confirm,
)
from tests.access.audience import OK
from tests.access.pages import PAGES
from tests.browser import checked, states

# Arguments that are read from the world as it is.
CHANGE_NOTHING = (
    None,
    project,
    project_of_others,
    a_colleague_of_ours,
    a_member_of_ours,
    a_page_of_the_review,
    a_part,
    a_partner,
    a_principle,
    a_principle_of_results,
    our_organisation,
)

# Whoever may see a page looks at it; the first of these who may.
VISITORS = ("group lead", "company lead", "group owner", "superuser", "anonymous")

A_FILE = "a file"
NO_PAGES = {
    "accounts:data_download": A_FILE,
    "evaluations:conclusion_pdf": A_FILE,
    "evaluations:results_pdf": A_FILE,
    "evaluations:review_copy_pdf": A_FILE,
    "mfa_download_recovery_codes": A_FILE,
    "partnerships:contract_certificate_pdf": A_FILE,
    "partnerships:draft_paper_file": A_FILE,
    "partnerships:how_we_work_pdf": A_FILE,
    "partnerships:paper_file": A_FILE,
    "partnerships:permission_file": A_FILE,
    "partnerships:project_export": A_FILE,
    "partnerships:signature_scan": A_FILE,
    "partnerships:talk_file": A_FILE,
    "partnerships:version_file": A_FILE,
    "mfa_index": "leads to accounts:security",
    "mfa_login_webauthn": "answers the script of the sign-in page",
    "portal:calendar_feed": "answers calendar programs",
    "portal:health": "answers programs",
}


@dataclass(frozen=True)
class Visit:
    """One look at one page.

    Arguments:
        name: the address that is shown in the end.
        who: a person of the world; None: the first visitor who may.
        state: what is special, in a word or two.
        scene, partners: the world: its state, and how many partners stand on each side.
        args: makes the arguments of the address from the world, and what the page needs in it.
        query: what is asked behind the address.
        start: where to begin when the page is reached from another one: its address and what makes its arguments.
        steps: what somebody does from there on: takes the page and the world.
        proven: whether they have just shown who they are.
        status: how the page is answered.
        path, body: of a page that has no address of its own.
    """

    name: str
    who: str
    state: str = ""
    scene: str = "shape"
    partners: int = 1
    args: Callable | None = None
    query: str = ""
    start: tuple = ()
    steps: Callable | None = None
    proven: bool = False
    status: int = 200
    path: str = ""
    body: Callable | None = None

    def __str__(self):
        return f"{self.name} {self.who} {self.state}".strip()

    @property
    def world(self):
        """What it needs to be there: visits that only look, and need the same, can share one world."""
        if self.start or self.steps or self.body or self.proven:
            return str(self)
        return self.scene, self.partners, None if self.args in CHANGE_NOTHING else self.args


def plain_visits():
    """A visit to every page that needs nothing special."""
    special = {visit.name for visit in SPECIAL}
    for name, page in sorted(PAGES.items()):
        if page.method == "get" and 200 in page.ok and name not in NO_PAGES and name not in special:
            expected = page.expected()
            who = next(who for who in VISITORS if expected[who] == OK)
            yield Visit(name, who, scene=page.scene, args=page.args)


# Pages that only somebody special sees, or that are reached from another page only.
SPECIAL = [
    Visit("accounts:sign_in", "anonymous"),
    Visit("accounts:sign_in_sent", "anonymous", start=("accounts:sign_in",), steps=states.ask_for_a_link),
    Visit("accounts:sign_in_link", "anonymous", args=states.a_sign_in_link),
    Visit("account_login", "anonymous"),
    Visit(
        "mfa_authenticate",
        "anonymous",
        start=("accounts:sign_in_link", states.a_sign_in_link_of_staff),
        steps=states.press_primary,
    ),
    Visit("account_reauthenticate", "group reader", args=states.a_password),
    Visit("mfa_reauthenticate", "staff"),
    Visit(
        "mfa_reauthenticate_webauthn",
        "group lead",
        start=("mfa_add_webauthn",),
        steps=states.add_a_passkey_and_confirm,
    ),
    Visit("account_change_password", "group reader", args=states.a_password, proven=True),
    Visit("accounts:second_factor", "group lead", args=states.a_right_to_sign),
    Visit("mfa_deactivate_totp", "staff", proven=True),
    Visit("mfa_view_recovery_codes", "staff", args=states.recovery_codes, proven=True),
    Visit("mfa_generate_recovery_codes", "staff", proven=True),
    Visit("mfa_edit_webauthn", "group lead", args=states.a_passkey, proven=True),
    Visit("mfa_remove_webauthn", "group lead", args=states.a_passkey, proven=True),
    Visit("accounts:email_change_confirm", "anonymous", args=states.a_change_of_address),
    Visit("accounts:invitation", "anonymous", args=states.an_invitation),
    Visit("accounts:kept_list", "group lead", args=states.a_kept_form),
    Visit("accounts:welcome_group", "newcomer", args=states.a_newcomer),
    Visit("accounts:organisation_list", "both sides"),
    Visit("partnerships:project_acting", "both sides", args=project),
]

OTHER_SIDE = "company lead"


def _no_token(world):
    return {"token": "unknown"}


# The same pages in other states, and answers that have no address of their own.
STATES = [
    # Strangers, newcomers, staff
    Visit("portal:home", "anonymous"),
    Visit("portal:home", "nobody"),
    Visit("portal:home", "newcomer", args=states.a_newcomer),
    Visit("portal:home", "staff"),
    Visit("portal:search", "group lead", "found", scene="learned", query="?q=contract"),
    Visit("portal:search", "company lead", "found in titles", query="?q=handbook+carer"),
    Visit("portal:search", "group lead", "nothing found", query="?q=zebrafinch"),
    Visit("portal:search", "group lead", "refused", query="?q=a%E2%80%AEb", status=422),
    Visit("portal:calendar", "group lead", "switched on", args=calendars_of_everybody),
    Visit(
        "portal:calendar",
        "group lead",
        "refused",
        steps=states.press_with_nothing_chosen,
        status=422,
    ),
    Visit(
        "portal:home",
        "group signatory",
        "with a contract to sign",
        scene="contract",
        args=states.a_contract_to_sign,
    ),
    Visit(
        "portal:project_overview",
        "group lead",
        "withdrawn in review",
        scene="review",
        args=states.withdrawn_in_review,
    ),
    Visit(
        "evaluations:review_start",
        "group lead",
        "withdrawn in review",
        scene="review",
        args=states.withdrawn_in_review,
    ),
    Visit("principles:guide", "anonymous"),
    Visit("principles:words", "anonymous"),
    Visit("partnerships:project_list", "nobody"),
    Visit("partnerships:partner_list", "nobody"),
    Visit("accounts:organisation_list", "nobody"),
    Visit("accounts:security", "staff", "with an app and codes", args=states.recovery_codes),
    Visit("mfa_list_webauthn", "group lead", "with a passkey", args=states.a_passkey_and_no_arguments),
    # Links that no longer work
    Visit("accounts:sign_in_link", "anonymous", "gone", args=_no_token, status=404),
    Visit("accounts:invitation", "anonymous", "gone", args=_no_token, status=404),
    Visit("accounts:email_change_confirm", "anonymous", "gone", args=_no_token, status=404),
    # Refusals
    Visit("not found", "anonymous", path="/nowhere/", status=404),
    Visit("not found", "group lead", path="/nowhere/", status=404),
    Visit("portal:project_overview", "group lead", "of others", args=project_of_others, status=404),
    Visit("partnerships:project_edit", "group reader", "not allowed", args=project, status=403),
    Visit("accounts:sign_in", "anonymous", "without token", steps=states.send_without_token, status=403),
    Visit("bad request", "anonymous", path="/sample/", body=states.bad_request, status=400),
    Visit("our mistake", "anonymous", path="/sample/", body=states.our_mistake, status=500),
    # Forms that are refused
    Visit("accounts:sign_in", "anonymous", "refused", steps=states.press_primary, status=422),
    Visit("partnerships:project_add", "group lead", "refused", steps=states.press_primary, status=422),
    Visit("portal:notifications", "group lead", "paused", args=states.a_pause),
    Visit("accounts:settings", "group lead", "refused", steps=states.empty_and_press("#id_name"), status=422),
    Visit(
        "accounts:member_invite",
        "group owner",
        "refused",
        args=PAGES["accounts:member_invite"].args,
        steps=states.press_primary,
        status=422,
    ),
    Visit(
        "partnerships:contract_detail",
        "company lead",
        "signed and amended",
        scene="contract",
        args=states.a_signed_and_amended_contract,
    ),
    Visit(
        "partnerships:contract_certificate",
        "group lead",
        "on paper",
        scene="contract",
        args=states.an_amendment_signed_on_paper,
    ),
    Visit(
        "partnerships:contract_sign",
        "company lead",
        "an amendment",
        scene="contract",
        args=an_amendment,
        proven=True,
    ),
    Visit(
        "partnerships:contract_detail",
        "group lead",
        "to take up",
        scene="contract",
        args=an_outdated_amendment,
    ),
    Visit(
        "partnerships:contract_amend",
        "group lead",
        "refused",
        scene="contract",
        args=a_contract_signed_by_all,
        steps=states.press_primary,
        status=422,
    ),
    Visit(
        "partnerships:rows_write",
        "company lead",
        "changed elsewhere",
        scene="contract",
        args=states.a_second_amendment,
        steps=states.write_and_press,
        status=409,
    ),
    Visit(
        "partnerships:contract_add",
        "group lead",
        "refused",
        scene="contract",
        args=project,
        steps=states.press_primary,
        status=422,
    ),
    Visit(
        "partnerships:version_add",
        "group lead",
        "refused",
        scene="contract",
        args=a_contract,
        steps=states.press_primary,
        status=422,
    ),
    Visit("partnerships:contract_approve", "company lead", scene="contract", args=a_contract),
    Visit(
        "partnerships:contract_sign",
        "group lead",
        "refused",
        scene="contract",
        args=a_contract,
        steps=states.press_primary,
        proven=True,
        status=422,
    ),
    Visit(
        "partnerships:contract_approve",
        "company lead",
        "refused",
        scene="contract",
        args=a_contract,
        steps=states.press_primary,
        status=422,
    ),
    Visit(
        "partnerships:contract_detail",
        "company lead",
        "approved",
        scene="contract",
        args=states.an_approved_contract,
    ),
    Visit(
        "partnerships:version_add",
        "group lead",
        "approved",
        scene="contract",
        args=states.an_approved_contract,
    ),
    Visit(
        "partnerships:signature_record",
        "group lead",
        "refused",
        scene="contract",
        args=a_contract,
        steps=states.empty_and_press("main input[type=text]"),
        status=422,
    ),
    Visit(
        "partnerships:result_record",
        "group lead",
        "refused",
        scene="deliver",
        args=project,
        steps=states.press_primary,
        status=422,
    ),
    Visit(
        "evaluations:review_principle",
        "group lead",
        "refused",
        scene="review",
        args=lambda world: project(world) | {"number": 1},
        steps=states.press_primary,
        status=422,
    ),
    Visit(
        "evaluations:review_overall",
        "group lead",
        "refused",
        scene="review",
        args=project,
        steps=states.press_primary,
        status=422,
    ),
    Visit(
        "evaluations:promise_add",
        "group lead",
        "refused",
        scene="learned",
        args=project,
        steps=states.press_primary,
        status=422,
    ),
    # A colleague was faster
    Visit(
        "evaluations:review_principle",
        "group lead",
        "conflict",
        scene="review",
        args=lambda world: project(world) | {"number": 1},
        steps=states.answer_after_a_colleague,
        status=409,
    ),
    Visit(
        "evaluations:review_helped",
        "group lead",
        "conflict",
        scene="review brought",
        args=project,
        steps=states.say_after_a_colleague_whether_it_helped,
        status=409,
    ),
    Visit(
        "partnerships:plan_part",
        "group lead",
        "conflict",
        args=lambda world: project(world) | {"code": "what"},
        steps=states.write_a_part_after_the_other_side,
        status=409,
    ),
    Visit(
        "partnerships:row_ask",
        "group lead",
        "without words",
        scene="contract",
        args=a_row_to_ask_about,
        steps=states.press_primary,
        status=422,
    ),
    Visit(
        "partnerships:question_detail",
        "company lead",
        "to answer",
        scene="contract",
        args=a_question_about_a_contract,
    ),
    Visit(
        "partnerships:question_detail",
        "group lead",
        "answered",
        scene="contract",
        args=states.an_answered_question,
    ),
    Visit(
        "partnerships:contract_detail",
        "company lead",
        "with rows and questions",
        scene="contract",
        args=states.rows_of_both_and_a_question,
    ),
    Visit(
        "partnerships:row_comment",
        "group lead",
        "without words",
        scene="contract",
        args=a_row_to_ask_about,
        steps=states.press_primary,
        status=422,
    ),
    Visit(
        "partnerships:contract_detail",
        "company lead",
        "with a comment",
        scene="contract",
        args=lambda world: {key: value for key, value in a_comment_on_a_row(world).items() if key != "pk"},
    ),
    Visit(
        "partnerships:contract_give",
        "group lead",
        "nobody chosen",
        scene="contract",
        args=a_contract,
        steps=states.press_primary,
        status=422,
    ),
    Visit(
        "partnerships:contract_detail",
        "group lead",
        "with a colleague",
        scene="contract",
        args=a_contract_with_a_colleague,
    ),
    Visit(
        "partnerships:contract_sign",
        "company lead",
        "with an open question",
        scene="contract",
        args=states.a_contract_with_an_open_question,
    ),
    Visit(
        "partnerships:rows_confirm",
        "group lead",
        "nothing ticked",
        scene="contract",
        args=rows_to_confirm,
        steps=states.press_primary,
        status=422,
    ),
    Visit(
        "partnerships:rows_write",
        "group lead",
        "conflict",
        scene="contract",
        args=a_contract,
        steps=states.write_rows_after_the_other_side,
        status=409,
    ),
    Visit(
        "evaluations:conclusion_edit",
        "group lead",
        "too late",
        scene="writing",
        args=project,
        steps=states.write_when_the_pen_is_gone,
        status=409,
    ),
    # The plan: whole, sent, under a suggestion
    *[
        Visit(
            "partnerships:plan_part",
            "group lead",
            code,
            args=lambda world, code=code: project(world) | {"code": code},
        )
        for code in ("what", "who", "when", "learnings", "brings")
        if code != "who"
    ],
    Visit("partnerships:plan_detail", "group lead", "sent", args=states.a_sent_plan),
    Visit("partnerships:plan_detail", OTHER_SIDE, "sent", args=states.a_sent_plan),
    Visit(
        "partnerships:plan_part",
        OTHER_SIDE,
        "sent",
        args=lambda world: states.a_sent_plan(world) | {"code": "why"},
    ),
    *[
        Visit(name, who, "under a suggestion", scene="agree", args=args)
        for who in ("group lead", OTHER_SIDE)
        for name, args in (
            ("partnerships:plan_detail", lambda world: (a_suggestion(world), project(world))[1]),
            (
                "partnerships:plan_part",
                lambda world: (a_suggestion(world), a_part(world) | {"code": "what"})[1],
            ),
        )
    ],
    # Contracts
    Visit(
        "partnerships:version_changes",
        "group lead",
        "two that were read",
        scene="contract",
        args=states.two_read_versions,
        query="?since=2",
    ),
    Visit(
        "partnerships:version_changes",
        "company lead",
        "the one before is not read yet",
        scene="contract",
        args=lambda world: states.two_read_versions(world) | {"version": 2},
    ),
    Visit(
        "partnerships:contract_list",
        OTHER_SIDE,
        "with rows",
        scene="contract",
        args=states.two_contracts,
    ),
    Visit(
        "partnerships:contract_list",
        "group lead",
        "with a dropped one",
        scene="contract",
        args=states.a_dropped_contract,
    ),
    Visit(
        "partnerships:contract_drop",
        "group lead",
        "refused",
        scene="contract",
        args=a_contract,
        steps=states.press_danger,
        status=422,
    ),
    Visit(
        "partnerships:contract_kind",
        "group lead",
        "refused, signed by the others",
        scene="contract",
        args=lambda world: (a_signed_copy(world), project(world) | {"number": 1})[1],
        steps=states.press_primary,
        status=422,
    ),
    Visit(
        "partnerships:checklist_answer",
        "group lead",
        "refused",
        scene="contract",
        args=states.a_part_with_a_question,
        steps=states.empty_and_press("#id_acknowledged-words"),
        status=422,
    ),
    *[
        Visit(name, "group lead", "with questions", scene="contract", args=states.a_checklist_half_answered)
        for name in (
            "partnerships:checklist_detail",
            "partnerships:contract_detail",
            "partnerships:contract_history",
        )
    ],
    Visit(
        "partnerships:contract_kind",
        "group lead",
        "contradicted",
        scene="contract",
        args=states.a_checklist_half_answered,
    ),
    Visit(
        "partnerships:contract_detail",
        "group lead",
        "signed by one",
        scene="contract",
        args=lambda world: (a_signed_copy(world), project(world) | {"number": 1})[1],
    ),
    Visit(
        "portal:home", "group lead", "contract to sign", scene="contract", args=states.nothing_of(a_contract)
    ),
    # Interests
    *[
        Visit("partnerships:interest_list", who, state, scene="contract", args=args)
        for who, state, args in (
            ("group lead", "of everybody", states.interests_of_everybody),
            (OTHER_SIDE, "of everybody", states.interests_of_everybody),
            ("company reader", "of everybody", states.interests_of_everybody),
            ("group agency", "of everybody", states.interests_of_everybody),
            ("group lead", "asked again", states.asked_again),
        )
    ],
    Visit(
        "partnerships:interest_add",
        "group lead",
        "refused",
        scene="contract",
        args=project,
        steps=states.press_primary,
        status=422,
    ),
    Visit(
        "partnerships:interest_decide",
        "group lead",
        "decided once",
        scene="contract",
        args=states.an_interest_decided_about,
        steps=states.press_primary,
        status=422,
    ),
    # Agencies
    *[
        Visit(name, "group lead", "of an agency", scene="contract", args=args)
        for name, args in (
            ("portal:project_overview", states.a_long_brief),
            ("partnerships:agency_remove", states.an_agency_to_remove),
        )
    ],
    Visit(
        "partnerships:agency_edit",
        "group lead",
        "refused",
        scene="contract",
        args=an_agency_of_ours,
        steps=states.press_primary,
        status=422,
    ),
    # Talk
    *[
        Visit("partnerships:talk_list", who, "of every kind", scene="contract", args=states.much_talk)
        for who in ("group lead", OTHER_SIDE, "company reader")
    ],
    Visit("partnerships:talk_list", "group lead", "nothing yet", scene="contract", args=project),
    Visit("partnerships:talk_list", "group lead", "a draft", scene="contract", args=states.a_draft_in_talk),
    *[
        Visit("partnerships:talk_detail", who, state, scene="contract", args=args)
        for who, state, args in (
            ("group lead", "to agree", states.a_decision_to_agree),
            ("group lead", "a decision that stands", states.a_decision_that_stands),
            (OTHER_SIDE, "to answer", a_question_in_talk),
            ("group reader", "changed", states.a_changed_note),
            ("group lead", "a concern", states.a_raised_concern),
        )
    ],
    *[
        Visit(
            "partnerships:talk_write",
            "group lead",
            kind,
            scene="contract",
            args=partial(states.a_kind, kind=kind),
            steps=states.press_primary,
            status=422,
        )
        for kind in ("question", "decision", "input", "note", "concern")
    ],
    *[
        Visit(
            "partnerships:talk_answer",
            "group lead",
            f"refused, {args.__name__.replace('_', ' ')}",
            scene="contract",
            args=args,
            steps=states.press_primary,
            status=422,
        )
        for args in (a_question_in_talk, states.a_decision_to_agree, states.an_input_to_answer)
    ],
    # Names and logos
    *[
        Visit(
            "partnerships:permission_list", who, "of every state", scene="contract", args=states.permissions
        )
        for who in ("group lead", OTHER_SIDE, "company reader")
    ],
    *[
        Visit("partnerships:permission_detail", who, state, scene="contract", args=args)
        for who, state, args in (
            ("group lead", "to answer", states.a_long_permission),
            (OTHER_SIDE, "asked", states.a_long_permission),
            ("group reader", "given with conditions", states.a_permission_with_conditions),
            ("company lead", "withdrawn", states.a_withdrawn_permission),
            ("company lead", "renewed", states.a_renewed_permission),
        )
    ],
    *[
        Visit(
            name, "group lead", "refused", scene="contract", args=args, steps=states.press_primary, status=422
        )
        for name, args in (
            ("partnerships:permission_ask", project),
            ("partnerships:permission_give", project),
            ("partnerships:permission_answer", states.a_long_permission),
        )
    ],
    Visit(
        "portal:project_overview",
        "group lead",
        "permission to answer",
        scene="contract",
        args=states.permissions,
    ),
    Visit(
        "portal:home",
        "group lead",
        "permission to answer",
        scene="contract",
        args=states.nothing_of(states.permissions),
    ),
    Visit(
        "partnerships:contract_detail",
        "group lead",
        "not declared",
        scene="contract",
        args=states.a_contract_without_declarations,
    ),
    Visit(
        "partnerships:signature_record",
        "group lead",
        "not declared",
        scene="contract",
        args=states.a_contract_without_declarations,
    ),
    # Requests for funding
    *[
        Visit("partnerships:funding_detail", who, state, args=args)
        for who, state, args in (
            ("group lead", "draft", states.a_draft_with_one_part),
            ("group lead", "with a question", states.a_request_with_a_question),
            (OTHER_SIDE, "with a question", states.a_request_with_a_question),
            (OTHER_SIDE, "late", states.a_late_request),
            ("group reader", "late", states.a_late_request),
            ("group lead", "declined", states.a_request_declined),
            ("group lead", "accepted", states.a_request_accepted),
        )
    ],
    *[
        Visit("partnerships:funding_list", who, "of every state", args=states.requests_of_every_state)
        for who in ("group lead", "group reader")
    ],
    Visit(
        "partnerships:funding_send", "group lead", "with a question", args=states.a_request_with_a_question
    ),
    Visit("partnerships:funding_withdraw", "group lead", "draft", args=states.a_draft_with_one_part),
    Visit(
        "partnerships:funding_answer",
        OTHER_SIDE,
        "refused",
        args=states.a_late_request,
        steps=states.press_primary,
        status=422,
    ),
    Visit(
        "partnerships:funding_part",
        "group lead",
        "conflict",
        args=lambda world: states.a_draft_with_one_part(world) | {"code": "why"},
        steps=states.write_after_a_colleague,
        status=409,
    ),
    *[
        Visit(
            "partnerships:funding_part",
            "group lead",
            code,
            args=lambda world, code=code: states.a_draft_with_one_part(world) | {"code": code},
        )
        for code in ("brings", "when")
    ],
    Visit("portal:home", OTHER_SIDE, "request to answer", args=states.nothing_of(states.a_late_request)),
    Visit("accounts:organisation", "group lead", "with policies", args=states.our_profile),
    # How organisations work
    Visit("partnerships:how_we_work", "group lead", "measured", args=states.a_measured_partner),
    Visit("partnerships:how_we_work", OTHER_SIDE, "to ask for", args=a_partner),
    Visit("partnerships:how_we_work", "group lead", "own and empty", args=a_partner),
    Visit("partnerships:how_we_work_version", OTHER_SIDE, "an older one", args=states.an_older_version),
    Visit("partnerships:how_we_work_edit", "group lead", "proposed steps", args=a_partner),
    Visit("partnerships:how_we_work_edit", "group lead", "draft", args=states.a_draft),
    *[
        Visit("partnerships:how_we_work_part", "group lead", code, args=states.a_part_of_a_draft(code))
        for code in ("money", "contact")
    ],
    Visit(
        "partnerships:partner_detail", "group lead", "promised and measured", args=states.a_measured_partner
    ),
    # The review, before and after sending
    Visit("portal:home", "group lead", "review to write", scene="review"),
    Visit("portal:home", "group lead", "one thing put off", args=states.nothing_of(a_snoozed_task)),
    Visit("portal:project_overview", OTHER_SIDE, "in review", scene="review", args=project),
    Visit(
        "evaluations:review_check", "group lead", "answered", scene="review", args=states.an_answered_review
    ),
    Visit(
        "evaluations:review_start",
        "group lead",
        "sent and waiting",
        scene="review",
        args=states.a_sent_review,
    ),
    Visit("evaluations:review_copy", "group lead", "sent", scene="review", args=states.a_sent_review),
    *[
        Visit(name, who, state, scene="deliver", args=args)
        for name, who, state, args in (
            ("evaluations:check_in_list", "group lead", "over time", checked.list_over_time),
            ("evaluations:check_in_list", "company reader", "all is said", checked.list_when_all_is_said),
            ("evaluations:check_in_list", "group lead", "before the first", checked.before_the_first),
            ("evaluations:check_in_list", "company lead", "no time fits", checked.no_time_fits),
            ("evaluations:check_in_detail", "group lead", "the fifth", checked.over_time),
            ("evaluations:check_in_detail", "group lead", "said", checked.both_have_sent),
            ("evaluations:check_in_detail", "company lead", "skipped by them", checked.skipped),
            ("evaluations:check_in_detail", "group lead", "skipped", checked.skipped),
            ("evaluations:call_answer", "group lead", "to choose", checked.a_call_to_answer),
            ("portal:project_overview", "group lead", "with a call", checked.list_when_all_is_said),
            ("portal:home", "group lead", "checking in", states.nothing_of(checked.list_over_time)),
        )
    ],
    Visit(
        "evaluations:check_in_detail",
        "group lead",
        "refused",
        scene="deliver",
        args=checked.over_time,
        steps=states.press_primary,
        status=422,
    ),
    Visit(
        "evaluations:check_in_skip",
        "group lead",
        "refused",
        scene="deliver",
        args=checked.over_time,
        steps=states.press_primary,
        status=422,
    ),
    Visit(
        "evaluations:review_principle",
        "group lead",
        "with check-ins",
        scene="deliver",
        args=checked.noted_before_the_review,
    ),
    Visit(
        "evaluations:review_start",
        "group lead",
        "with check-ins",
        scene="deliver",
        args=checked.start_of_the_review,
    ),
    Visit("evaluations:review_start", "group lead", "late", scene="review late", args=project),
    Visit("evaluations:review_start", "group lead", "before its time", scene="deliver", args=project),
    *[
        Visit(name, "group lead", "brought along", scene="review brought", args=project)
        for name in ("evaluations:review_start", "evaluations:review_overall", "evaluations:review_questions")
    ],
    *[
        Visit(name, "group lead", "helped", scene="review brought", args=states.said_whether_it_helped)
        for name in ("evaluations:review_check", "evaluations:review_copy", "evaluations:review_helped")
    ],
    # Results and after
    *[
        Visit(name, who, "helped", scene="review brought", partners=partners, args=args)
        for name, who, partners, args in (
            ("evaluations:results", "group lead", 2, states.opened_whether_it_helped),
            ("evaluations:results", OTHER_SIDE, 1, states.opened_whether_it_helped),
            ("evaluations:results_print", "group lead", 1, states.opened_whether_it_helped),
            ("evaluations:promise_list", "group lead", 1, states.where_it_came_from),
            (
                "evaluations:learning_list",
                "group lead",
                1,
                states.nothing_of(states.opened_whether_it_helped),
            ),
        )
    ],
    *[
        Visit("evaluations:results", who, state, scene=scene, partners=partners, args=args)
        for who, state, scene, partners, args in (
            ("group lead", "two a side", "opened", 2, project),
            (OTHER_SIDE, "far apart", "shape", 1, states.far_apart),
            ("group lead", "far apart, two a side", "shape", 2, states.far_apart),
        )
    ],
    Visit(
        "evaluations:results_principle",
        "group lead",
        "far apart, two a side",
        partners=2,
        args=lambda world: states.far_apart(world) | {"number": 3},
    ),
    Visit("evaluations:results_print", "group lead", "two a side", scene="opened", partners=2, args=project),
    Visit("evaluations:results_principle", OTHER_SIDE, scene="opened", args=a_principle_of_results),
    Visit("evaluations:conclusion_detail", OTHER_SIDE, "the others write", scene="writing", args=project),
    Visit(
        "evaluations:conclusion_detail", "group lead", "may be taken", scene="writing", args=a_pen_that_lies
    ),
    Visit(
        "evaluations:conclusion_detail", "group lead", "was taken", scene="writing", args=a_pen_that_was_taken
    ),
    Visit(
        "evaluations:conclusion_detail",
        "group lead",
        "a day that passed",
        scene="writing",
        args=states.a_promise_whose_day_passed,
    ),
    Visit(
        "evaluations:conclusion_part",
        "group lead",
        "a day that passed",
        scene="writing",
        args=lambda world: states.a_promise_whose_day_passed(world) | {"code": "different"},
    ),
    Visit(
        "evaluations:conclusion_part",
        "group lead",
        "conflict",
        scene="writing",
        args=a_part_of_the_conclusion,
        steps=states.write_a_part_of_the_conclusion_after_a_colleague,
        status=409,
    ),
    Visit("evaluations:conclusion_detail", "group lead", "before its start", scene="opened", args=project),
    Visit("evaluations:conclusion_detail", "group lead", "signed", scene="learned", args=project),
    Visit("portal:project_overview", "group lead", "learned", scene="learned", args=project),
    Visit("portal:project_overview", "group agency", "learned", scene="learned", args=project),
    Visit("portal:home", OTHER_SIDE, "learned", scene="learned"),
    # People and time
    Visit("accounts:invitation_settle", "group lead", "passed on", args=a_passed_on_invitation_of_ours),
    Visit("partnerships:time_request", OTHER_SIDE, "to answer", args=a_wish_for_time),
]

VISITS = [*SPECIAL, *STATES, *plain_visits()]
