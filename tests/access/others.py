"""Where one may not go: what each kind of arguments would be for somebody else, their project, their papers.

Whoever makes them here is as much at home there as the people of the row are in theirs.
"""

from allauth.mfa.models import Authenticator

from accounts.files import PDF, PNG
from partnerships.actions.contract import add_version
from partnerships.actions.turns import give_turn
from partnerships.models import Interest, Turn
from tests import files
from tests.access.arguments import (
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
    amendment_of,
    an_agency_of_ours,
    an_answer_of_ours,
    an_interest,
    an_interest_of_a_reader,
    an_invitation_of_ours,
    an_invitation_to_a_lead,
    an_outdated_amendment,
    calendars_of_everybody,
    call_of,
    check_in_of,
    choice_of,
    comment_on,
    decision_of,
    entry_of,
    form_of,
    how_we_work_of_ours,
    interest_of,
    invitation_from,
    jobs_that_ran,
    no_token,
    our_organisation,
    passed_on,
    pen_of,
    permission_of,
    project,
    project_of_others,
    question_about,
    request_from,
    rows_to_confirm,
    somebody_who_asks_to_join_us,
    suggestion_of,
    view_of,
    what_is_asked,
    who_asks_to_join,
    who_is_missing,
    who_says_how_they_work,
    wish_of,
    words_kept_for,
)
from tests.factories import NOON, add_agency, partner_of
from tests.partnerships.contracts import checked, complete, sign, signed_by_all
from tests.partnerships.permits import an_item, asked, given
from tests.partnerships.talking import answered as talk_answered
from tests.partnerships.talking import said
from tests.partnerships.work import described

THEIR_LEAD = "other group"


def theirs_in(page_of_project):
    """The same page number or code in a project of others: only the project is anybody's own."""
    return lambda world: page_of_project(world) | project_of_others(world)


def a_contract_of_others(world):
    """Their second contract, of which the project here has none."""
    complete(world.other, world.person(THEIR_LEAD))
    world.other.contracts.update(number=2)
    return project_of_others(world) | {"number": 2}


def a_contract_that_others_signed(world):
    arguments = a_contract_of_others(world)
    people = world.person(THEIR_LEAD), world.person("other company")
    signed_by_all(world.other.contracts.get(number=arguments["number"]), *people)
    return arguments


def an_amendment_of_others(world):
    contract = world.other.contracts.get(number=a_contract_that_others_signed(world)["number"])
    arguments = amendment_of(contract, world.person(THEIR_LEAD))
    # A number that no amendment here has.
    contract.amendments.update(number=7)
    return arguments | {"number": 7}


def a_file_of_others(world):
    contract = world.other.contracts.get(number=a_contract_of_others(world)["number"])
    add_version(contract, checked(), actor=world.person(THEIR_LEAD), at=NOON)
    return project_of_others(world) | {"number": 2, "version": 2}


def a_question_of_others(world):
    arguments = a_contract_of_others(world)
    contract = world.other.contracts.get(number=arguments["number"])
    return arguments | {"pk": question_about(contract, world.person(THEIR_LEAD)).pk}


def a_comment_of_others(world):
    arguments = a_contract_of_others(world)
    contract = world.other.contracts.get(number=arguments["number"])
    return arguments | {"pk": comment_on(contract, world.person(THEIR_LEAD)).pk}


def a_signed_copy_of_others(world):
    arguments = a_contract_of_others(world)
    scan = checked(files.png(), "signed.png", kinds=(PDF, PNG))
    contract = world.other.contracts.get(number=arguments["number"])
    return arguments | {"pk": sign(contract, world.person("other company"), scan=scan).pk}


def their_organisation(world):
    return {"slug": partner_of(world.other, "group").slug}


def a_passkey_of_others(world):
    keys = Authenticator.objects.filter(user=world.person(THEIR_LEAD))
    return {"pk": keys.create(user=world.person(THEIR_LEAD), type="webauthn", data={"name": "Key"}).pk}


def a_task_of_others(world):
    turn_of_others(world)
    return {"key": f"plan:{world.other.reference}"}


def turn_of_others(world):
    for side in ("group", "company"):
        give_turn(world.other, partner_of(world.other, side), Turn.Kind.PLAN, at=NOON, due_on=world.today)


def a_turn_of_others(world):
    return {"pk": give_turn(world.other, partner_of(world.other, "company"), Turn.Kind.PLAN, at=NOON).pk}


def their_invitation(world, email="their@example.org"):
    return invitation_from(partner_of(world.other, "group"), world.person(THEIR_LEAD), email)


def how_they_work_elsewhere(world):
    """A group that nobody here knows, described as well."""
    group, lead = partner_of(world.other, "group"), world.person(THEIR_LEAD)
    described(group, lead)
    return {"slug": group.slug}


def their_interest(world):
    return interest_of(world.other, world.person(THEIR_LEAD))


def their_decision(world):
    interest = Interest.objects.get(pk=their_interest(world)["pk"])
    return decision_of(interest, world.person("other company"))


def their_permission(world):
    return permission_of(asked(world.other, world.person("other company"), upload=an_item()))


def their_given_permission(world):
    asking, answering = world.person("other company"), world.person(THEIR_LEAD)
    return permission_of(given(world.other, asking, answering, upload=an_item()))


def their_question_in_talk(world):
    return entry_of(said(world.other, world.person("other company")))


def their_file_in_talk(world):
    entry = said(world.other, world.person("other company"), uploads=[an_item()])
    return entry_of(entry) | {"file": entry.files.get().pk}


def their_note(world):
    return entry_of(said(world.other, world.person(THEIR_LEAD), "note"))


def their_answer(world):
    entry = said(world.other, world.person("other company"))
    return entry_of(entry) | {"answer": talk_answered(entry, world.person(THEIR_LEAD)).pk}


def their_concern(world):
    return entry_of(said(world.other, world.person(THEIR_LEAD), "concern"))


def their_agency(world):
    agency = add_agency(world.other, partner_of(world.other, "group"))
    return project_of_others(world) | {"slug": agency.slug}


def a_check_in_of_others(world):
    """Their second one, of which the project here has none."""
    check_in_of(world.other, world.person(THEIR_LEAD))
    world.other.check_ins.update(number=2)
    return project_of_others(world) | {"number": 2}


def their_call(world):
    return call_of(world.other, world.person(THEIR_LEAD))


OF_OTHERS = {
    a_check_in: a_check_in_of_others,
    a_call: their_call,
    an_agency_of_ours: their_agency,
    a_kind_of_entry: theirs_in(a_kind_of_entry),
    a_question_in_talk: their_question_in_talk,
    a_file_in_talk: their_file_in_talk,
    a_note_of_ours: their_note,
    an_answer_of_ours: their_answer,
    a_concern_of_ours: their_concern,
    a_permission: their_permission,
    a_given_permission: their_given_permission,
    a_permission_that_ends_today: their_given_permission,
    an_interest: their_interest,
    an_interest_of_a_reader: their_interest,
    a_decision_about_an_interest: their_decision,
    a_colleague_of_ours: lambda world: project_of_others(world) | {"pk": world.person(THEIR_LEAD).pk},
    project: project_of_others,
    a_part: theirs_in(a_part),
    a_page_of_the_review: theirs_in(a_page_of_the_review),
    a_question: theirs_in(a_question),
    a_principle_of_results: theirs_in(a_principle_of_results),
    who_is_missing: lambda world: project_of_others(world) | their_organisation(world),
    a_wish_for_time: lambda world: wish_of(world.other, "group", world.person(THEIR_LEAD), world),
    a_choice: lambda world: choice_of(world.other, world.person("other company")),
    what_is_asked: project_of_others,
    a_suggestion: lambda world: suggestion_of(world.other, "group", world.person(THEIR_LEAD)),
    a_part_of_the_conclusion: theirs_in(a_part_of_the_conclusion),
    a_pen_that_lies: lambda world: pen_of(world.other, "company"),
    a_pen_that_was_taken: lambda world: words_kept_for(world.other, "group", world.person("other company")),
    a_promise: lambda world: (
        project_of_others(world) | {"pk": world.other.promises.made().get(organisation__kind="group").pk}
    ),
    a_contract: a_contract_of_others,
    a_contract_with_a_colleague: a_contract_of_others,
    rows_to_confirm: a_contract_of_others,
    a_row_to_ask_about: lambda world: a_contract_of_others(world) | {"code": "cost"},
    a_question_about_a_contract: a_question_of_others,
    a_comment_on_a_row: a_comment_of_others,
    a_contract_signed_by_all: a_contract_that_others_signed,
    an_outdated_amendment: an_amendment_of_others,
    a_part_of_the_checklist: lambda world: a_contract_of_others(world) | {"code": "fairness"},
    a_file_of_a_contract: a_file_of_others,
    a_signed_copy: a_signed_copy_of_others,
    a_task: a_task_of_others,
    a_turn_of_theirs: a_turn_of_others,
    a_snoozed_task: a_task_of_others,
    a_saved_view: lambda world: view_of(world.person(THEIR_LEAD)),
    a_kept_form: lambda world: form_of(world.person(THEIR_LEAD)),
    a_partner: their_organisation,
    our_organisation: their_organisation,
    a_member_of_ours: lambda world: their_organisation(world) | {"pk": world.membership(THEIR_LEAD).pk},
    somebody_who_asks_to_join_us: lambda world: who_asks_to_join(partner_of(world.other, "group")),
    an_invitation_to_a_lead: lambda world: {"pk": their_invitation(world, world.person(THEIR_LEAD).email).pk},
    an_invitation_of_ours: lambda world: {"pk": their_invitation(world).pk},
    a_passed_on_invitation_of_ours: lambda world: passed_on(their_invitation(world)),
    a_passkey: a_passkey_of_others,
    who_says_how_they_work: how_they_work_elsewhere,
    how_we_work_of_ours: how_they_work_elsewhere,
    a_version_of_theirs: lambda world: how_they_work_elsewhere(world) | {"number": 1},
    a_template_of_theirs: lambda world: how_they_work_elsewhere(world) | {"number": 1, "paper": 1},
    a_paper_of_ours: lambda world: how_they_work_elsewhere(world) | {"paper": 1},
    a_part_of_ours: lambda world: how_they_work_elsewhere(world) | {"code": "steps"},
}


OF_OTHERS |= {
    a_draft_of_ours: lambda world: request_from(
        world.other, "group", world.person(THEIR_LEAD), is_sent=False
    ),
    a_part_of_a_draft_of_ours: lambda world: (
        request_from(world.other, "group", world.person(THEIR_LEAD), is_sent=False) | {"code": "why"}
    ),
    a_request_of_ours: lambda world: request_from(world.other, "group", world.person(THEIR_LEAD)),
    a_request_to_us: lambda world: request_from(world.other, "company", world.person("other company")),
    a_group_whose_bank_details_nobody_checked: lambda world: request_from(
        world.other, "group", world.person(THEIR_LEAD)
    ),
}


NOBODYS = {
    no_token: "A token opens what it was made for to whoever holds it (tests/accounts/test_invitations.py).",
    jobs_that_ran: "The address has no parts.",
    calendars_of_everybody: "The address has no parts.",
    a_principle: "The guide is public.",
}


# What stands in no row of any table, for each part of an address that names a row.
NOTHING = {
    "reference": "zzzzzzzz",
    "pk": 999_999_999,
    "answer": 999_999_999,
    "file": 999_999_999,
    "number": 9_999,
    "version": 9_999,
    "paper": 9_999,
    "slug": "nobody-of-this-name",
    "key": "plan:zzzzzzzz",
}
