"""States of pages that the access table knows nothing of: what makes them, and the steps that lead there."""

import datetime as dt
import functools
import time
from decimal import Decimal

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.views import defaults

from accounts import actions
from accounts.actions import pause_mail
from accounts.models import EmailChange, KeptPost, Membership
from evaluations import sealing
from evaluations.actions.conclusions import save_conclusion, send_conclusion
from evaluations.actions.written import Written, WrittenPart
from evaluations.models import Conclusion
from partnerships.actions.agencies import write_brief
from partnerships.actions.closing import withdraw_project
from partnerships.actions.contract import (
    add_version,
    answer_checklist,
    answer_question,
    ask_about_row,
    ask_question_again,
    confirm_scan,
    drop_contract,
    edit_contract,
    write_rows,
)
from partnerships.actions.funding import write_request
from partnerships.actions.interests import ask_again, declare_none, note_absence
from partnerships.actions.plan import save_part, send_plan
from partnerships.actions.talk import change_entry, keep_draft, raise_concern, withdraw_entry
from partnerships.actions.turns import give_turn
from partnerships.actions.uses import answer_permission, end_permission, renew_permission
from partnerships.checklist import Said
from partnerships.models import Contract, ContractText, FundingRequest, Interest
from tests import files
from tests.access.arguments import (
    a_contract,
    a_partner,
    a_question_about_a_contract,
    an_agency_of_ours,
    an_interest_of_a_reader,
    decision_of,
    entry_of,
    interest_of,
    permission_of,
    project,
)
from tests.bad_inputs.site import a_newcomer, a_password, a_real_invitation, a_real_sign_in_link, path_of
from tests.evaluations.opened import a_promise, open_reviews, three_parts
from tests.factories import (
    DAY,
    NOON,
    PLAN,
    answer_all,
    make_organisation,
    make_project,
    make_sent,
    write_plan,
)
from tests.partnerships import funding
from tests.partnerships.contracts import (
    a_scan,
    amended_by,
    approve,
    begun,
    checked,
    complete,
    confirm,
    made_ready,
    sign,
    signed_by_all,
)
from tests.partnerships.permits import an_item, asked, given, in_a_year, offered
from tests.partnerships.talking import answered as talk_answered
from tests.partnerships.talking import decided, said
from tests.partnerships.work import STEPS, described, signed_contract, write

__all__ = ["a_newcomer", "a_password"]

LONG = "We learned of the purchase order only when the invoice came back, and waited eleven weeks for it."


def nothing_of(make):
    """For pages without arguments: do what makes them, and give none."""

    @functools.wraps(make)
    def arguments(world):
        make(world)
        return {}

    return arguments


# Requests for funding -------------------------------------------------------------------------------------


def _asked_for(world, what="", **more):
    """What the group has sent, with how the company answered."""
    person, company = world.person("company lead"), world.organisation("company")
    described(company, person, steps=[*STEPS, dict(STEPS[1], what="We answer you", measure="funding")])
    request = funding.sent(
        world.organisation(),
        world.person("group lead"),
        company,
        timezone.now() - 9 * DAY,
        when=funding.ahead(),
        why=PLAN["why"] | {"need": LONG},
        words=LONG,
        **more,
    )
    if what:
        funding.answer(request, what, person, timezone.now() - 2 * DAY, words=LONG)
    return {"reference": request.reference}


def a_request_that_is(what):
    return functools.partial(_asked_for, what=what)


a_request_with_a_question = a_request_that_is("asked")
a_request_declined = a_request_that_is("declined")
a_request_accepted = a_request_that_is("accepted")


def a_late_request(world):
    """Sent so long ago that the promised day has passed; the sender's profile says everything."""
    group, lead = world.organisation(), world.person("group lead")
    policies = {"independence": "https://example.org/" + "how-we-stay-independent-" * 5}
    values = {"legal_name": "Larkfield CIO", "registration_number": "1160277", "policies": policies}
    actions.change_organisation(group, values=values, actor=lead, at=NOON)
    company = world.organisation("company")
    steps = [*STEPS, dict(STEPS[1], what="We answer you", days=2, measure="funding")]
    described(company, world.person("company lead"), steps=steps)
    request = funding.sent(
        world.organisation(), lead, company, timezone.now() - 30 * DAY, when=funding.ahead()
    )
    return {"reference": request.reference}


def our_profile(world):
    a_late_request(world)
    return {"slug": world.organisation().slug}


def requests_of_every_state(world):
    for what in ("asked", "declined", "accepted", ""):
        _asked_for(world, what, title=f"{LONG[:90]} {what}")
    funding.drafted(world.organisation(), world.person("group lead"), world.organisation("company"))
    funding.sent(
        world.organisation("company"),
        world.person("company lead"),
        world.organisation(),
        when=funding.ahead(),
    )
    return {"slug": world.organisation().slug}


def a_draft_with_one_part(world):
    request = funding.drafted(
        world.organisation(), world.person("group lead"), world.organisation("company"), parts=["why"]
    )
    return {"reference": request.reference}


def write_after_a_colleague(page, world):
    """Somebody else saves the part while it is being written."""
    request = FundingRequest.objects.get()
    lead = world.person("group owner")
    write_request(request, "why", values=PLAN["why"] | {"need": LONG}, base=1, actor=lead, at=timezone.now())
    page.locator("#id_need").fill("Other words.")
    press_primary(page, world)


# How organisations work -----------------------------------------------------------------------------------


def a_measured_partner(world):
    """The company says what it promises, and has signed contracts with two groups."""
    company = world.organisation("company")
    for days in (20, 34, 48):
        signed_contract(company, make_organisation(), days=days, start=NOON - 90 * DAY)
    described(company, world.person("company lead"), NOON - 400 * DAY)
    return {"slug": company.slug}


def an_older_version(world):
    arguments = a_partner(world)
    described(world.organisation(), world.person("group lead"))
    described(world.organisation(), world.person("group lead"), NOON + DAY, apply=LONG)
    return arguments | {"number": 1}


def a_draft(world):
    """A version is published; a part of the next one is written, and something is missing."""
    described(world.organisation(), world.person("group lead"))
    write(world.organisation(), world.person("group lead"), contact_name="", contact_email="", apply=LONG)
    return a_partner(world)


def a_part_of_a_draft(code):
    return lambda world: a_draft(world) | {"code": code}


# Interests ------------------------------------------------------------------------------------------------


def interests_of_everybody(world):
    """Every state of a person at once: none, declared and decided about, can't be asked, agencies, not declared yet."""
    project, lead, reader = world.project, world.person("group lead"), world.person("group reader")
    interest_of(project, lead, what=LONG)
    interest_of(project, lead, what="My brother works there.", with_whom="Aldermoor Pharma")
    talk = Interest.objects.get(pk=interest_of(project, reader)["pk"])
    for number, outcome in enumerate(("Leaves the room.", LONG)):
        decision_of(talk, world.person("company lead"), number=number, decided=outcome)
    declare_none(project, number=0, actor=world.person("company lead"), at=NOON)
    away = world.person("group signatory")
    note_absence(project, away, reason="Away until March.", actor=lead, at=NOON)
    interest_of(project, world.person("group agency"), what="We also work for a competitor.")
    return {"reference": project.reference}


def asked_again(world):
    arguments = interests_of_everybody(world)
    ask_again(world.project, at=timezone.now())
    return arguments


def a_contract_without_declarations(world):
    """It lacks nothing, and everybody is asked again."""
    arguments = a_contract(world)
    ask_again(world.project, at=timezone.now())
    return arguments


def an_interest_decided_about(world):
    """By the other side already."""
    arguments = an_interest_of_a_reader(world)
    decision_of(Interest.objects.get(pk=arguments["pk"]), world.person("company lead"))
    return arguments


# Agencies -------------------------------------------------------------------------------------------------


def a_long_brief(world):
    """One agency with a brief, one without."""
    agency = world.membership("group agency").organisation
    row = world.project.participations.get(organisation=agency)
    words = dict.fromkeys(("role", "deliverables", "contacts", "holds"), LONG)
    write_brief(row, **words, number=0, actor=world.person("group lead"), at=NOON)
    return project(world)


def an_agency_to_remove(world):
    a_long_brief(world)
    return an_agency_of_ours(world)


# Names and logos ------------------------------------------------------------------------------------------


def a_kind(world, kind):
    return project(world) | {"code": kind}


def much_talk(world):
    """One of every kind and state: open and late, answered, agreed, changed, withdrawn, put off, private."""
    here, ours, theirs = world.project, world.person("group lead"), world.person("company lead")
    today = world.today
    said(here, theirs, text=LONG, uploads=[an_item()], at=NOON)
    question = said(here, ours, subject="partnerships.planpart:when", at=NOON)
    talk_answered(question, theirs, LONG, at=NOON)
    a_decision_to_agree(world)
    a_decision_that_stands(world)
    an_input_to_answer(world)
    put_off = said(here, ours, "input", text="Ask the nurses, too.", at=NOON)
    talk_answered(
        put_off, theirs, "After the summer.", at=timezone.now(), outcome="later", later_on=today + 90 * DAY
    )
    withdrawn = said(here, ours, "note", text="Never mind.", at=NOON)
    withdraw_entry(withdrawn, actor=ours, at=NOON)
    a_changed_note(world)
    a_raised_concern(world)
    return project(world)


def a_draft_in_talk(world):
    keep_draft(world.project, "note", fields={"text": LONG}, actor=world.person("group lead"), at=NOON)
    return project(world)


def a_decision_to_agree(world):
    return entry_of(
        said(world.project, world.person("company lead"), "decision", text=LONG, at=timezone.now())
    )


def a_decision_that_stands(world):
    ours, theirs = world.person("group lead"), world.person("company lead")
    return entry_of(decided(world.project, ours, theirs, subject="partnerships.planpart:when", at=NOON))


def an_input_to_answer(world):
    return entry_of(said(world.project, world.person("company lead"), "input", at=timezone.now()))


def a_changed_note(world):
    ours = world.person("group lead")
    note = said(world.project, ours, "note", at=NOON)
    return entry_of(change_entry(note, text=LONG, actor=ours, at=NOON + DAY))


def a_raised_concern(world):
    ours, theirs = world.person("group lead"), world.person("company lead")
    concern = said(world.project, theirs, "concern", at=NOON)
    talk_answered(concern, ours, "That must not happen again.", at=NOON)
    return entry_of(raise_concern(concern, actor=ours, at=NOON))


def permissions(world):
    """One of every state: to answer, asked, given, ending, with conditions, refused, withdrawn, renewed, over."""
    here, ours, theirs = world.project, world.person("group lead"), world.person("company lead")
    a_long_permission(world)
    asked(here, ours, what="quotation", item=LONG, place="In the yearly report.")
    given(here, ours, theirs, place="On the poster in waiting rooms.")
    offered(here, ours, what="both", until=world.today + 20 * DAY, place="In the newsletter of spring.")
    a_permission_with_conditions(world)
    given(here, ours, theirs, answer="refused", words="Not for adverts.", place="In an advert.")
    a_withdrawn_permission(world)
    a_renewed_permission(world)
    offered(here, theirs, at=NOON - 90 * DAY, until=(NOON - 9 * DAY).date(), place="On the stand.")
    return project(world)


def a_long_permission(world):
    words = {"what": "spokesperson", "item": LONG, "place": f"At the congress. {LONG}", "purpose": LONG}
    return permission_of(asked(world.project, world.person("company lead"), upload=an_item(), **words))


def a_permission_with_conditions(world):
    permission = asked(world.project, world.person("company lead"), place="On the website of the booklet.")
    answering = world.person("group lead")
    answer_permission(permission, answer="conditions", words=LONG, actor=answering, at=timezone.now())
    return permission_of(permission)


def a_withdrawn_permission(world):
    asking, answering = world.person("company lead"), world.person("group lead")
    permission = given(world.project, asking, answering, place="On the cover of last year.")
    end_permission(permission, reason=LONG, actor=answering, at=timezone.now())
    return permission_of(permission)


def a_renewed_permission(world):
    asking, answering = world.person("company lead"), world.person("group lead")
    permission = given(world.project, asking, answering, place="On the folder.")
    renew_permission(permission, until=in_a_year() + 99 * DAY, actor=answering, at=timezone.now())
    return permission_of(permission)


# Arriving and proving who one is --------------------------------------------------------------------------


def an_invitation(world):
    return a_real_invitation(world)


def a_sign_in_link(world):
    return a_real_sign_in_link(world)


def a_sign_in_link_of_staff(world):
    return path_of(actions.mint_sign_in_link(world.person("staff"), at=timezone.now()))


def a_right_to_sign(world):
    Membership.objects.filter(person=world.person("group lead")).update(may_sign=True)
    return {}


def recovery_codes(world):
    RecoveryCodes.activate(world.person("staff"))
    return {}


def a_passkey(world):
    data = {"name": "My phone", "credential": {}}
    kind = Authenticator.Type.WEBAUTHN
    return {"pk": Authenticator.objects.create(user=world.person("group lead"), type=kind, data=data).pk}


a_passkey_and_no_arguments = nothing_of(a_passkey)


def a_change_of_address(world):
    actions.ask_for_email_change(world.person("group lead"), "ada@example.net", at=timezone.now())
    return path_of(actions.mint_email_change_link(EmailChange.objects.get(), at=timezone.now()))


def a_kept_form(world):
    KeptPost.objects.create(
        person=world.person("group lead"),
        path=reverse("partnerships:project_add"),
        fields=[["title", "Carer handbook"], ["note", LONG]],
        created_at=timezone.now(),
        expires_at=timezone.now() + DAY,
    )
    return {}


def records_of(person):
    """What the session of somebody holds who has just shown who they are."""
    return {
        "account_authentication_methods": [{"method": "mfa", "at": time.time(), "reauthenticated": True}],
        "account_authentication_methods_user": str(person.pk),
    }


# Projects -------------------------------------------------------------------------------------------------


def a_sent_plan(world):
    write_plan(world.project, world.person("group lead"))
    send_plan(world.project, actor=world.person("group lead"), at=NOON)
    return project(world)


def an_approved_contract(world):
    """A contract that the group wrote and the company has approved."""
    arguments = a_contract(world)
    approve(world.project.contracts.get(), world.person("company lead"))
    return arguments


@nothing_of
def a_contract_to_sign(world):
    """With the group, signed by the company: for a signatory. A colleague has to act on another project."""
    contract = complete(world.project, world.person("company lead"))
    sign(contract, world.person("company lead"))
    more = make_project(stage="agree", groups=[world.organisation("group")])
    give_turn(more, world.organisation("group"), "plan", at=NOON)


def a_signed_and_amended_contract(world):
    """One amendment is signed, two more are in progress."""
    people = [world.person(f"{side} lead") for side in ("company", "group")]
    contract = signed_by_all(complete(world.project, people[1]), *people)
    first = amended_by(
        contract, people[0], title="Carer handbook, six more months", why=LONG, when="Until December."
    )
    edit_contract(
        first, values={"amount": Decimal(15000), "ends_on": dt.date(2027, 12, 20)}, actor=people[0], at=NOON
    )
    signed_by_all(made_ready(first, people[0]), *people)
    amended_by(contract, people[1], title="Carer handbook, dearer paper", cost="Twice as much.", shown=LONG)
    amended_by(contract, people[0], title="Carer handbook, appendix")
    return project(world) | {"number": 1}


def an_amendment_signed_on_paper(world):
    """By one side, and on the page by the other."""
    group, company = world.person("group lead"), world.person("company lead")
    contract = signed_by_all(complete(world.project, group), group, company)
    amendment = made_ready(amended_by(contract, group, why=LONG, who="You print."), group)
    sign(amendment, group)
    confirm_scan(amendment, sign(amendment, company, scan=a_scan()), actor=group, at=NOON)
    return project(world) | {"number": amendment.number}


def a_second_amendment(world):
    """Beside one of the other side that is in progress, too."""
    group, company = world.person("group lead"), world.person("company lead")
    contract = signed_by_all(complete(world.project, group), group, company)
    amended_by(contract, group, title="Carer handbook, other reasons", what=LONG)
    return project(world) | {"number": amended_by(contract, company).number}


def withdrawn_in_review(world):
    withdraw_project(world.project, reason="no_means", actor=world.person("group lead"), at=NOON)
    return project(world)


def two_contracts(world):
    """With one the list leads to it."""
    for title in ("Carer handbook, grant", "Carer handbook, printing"):
        contract = begun(world.project, world.person("group lead"), title=title)
        Contract.objects.filter(pk=contract.pk).update(signed_at=NOON, approved_at=NOON)
    return project(world)


def a_checklist_half_answered(world):
    """By both sides: some met, one not, two questions, a reason, and an answer that contradicts the kind."""
    contract = begun(world.project, world.person("company lead"))
    said = {
        "company lead": {
            "activity": Said("met"),
            "given": Said("met", LONG[:400]),
            "breakdown": Said("not_applicable", "Rooms and time only: nothing is bought."),
            "no_medicine": Said("not_met"),
        },
        "group lead": {
            "acknowledged": Said("unclear", "Does a logo on the last page count?"),
            "liability": Said("unclear", LONG[:400]),
            "no_service": Said("not_met", "We owe two talks."),
        },
    }
    for who, answers in said.items():
        answer_checklist(contract, said=answers, actor=world.person(who), at=NOON)
    return project(world) | {"number": 1}


def a_part_with_a_question(world):
    return a_checklist_half_answered(world) | {"code": "agreement"}


def an_answered_question(world):
    """The company has answered, after it was asked before."""
    arguments = a_question_about_a_contract(world)
    question = world.project.contracts.get().questions.get()
    for answer, words in ((LONG[:600], "And what of tax?"), ("It is without tax.", "")):
        answer_question(question, answer=answer, actor=world.person("company lead"), at=NOON)
        if words:
            question = ask_question_again(question, words=words, actor=world.person("group lead"), at=NOON)
    return arguments | {"pk": question.pk}


def rows_of_both_and_a_question(world):
    """Rows that either side wrote, some confirmed; hard words and long sentences; questions in every state."""
    arguments = an_answered_question(world)
    contract = world.project.contracts.get()
    confirm(contract, world.person("group lead"))
    texts = {"cost": "Liability is limited. Either side may claim indemnity.", "why": LONG[:600]}
    write_rows(contract, texts=texts, actor=world.person("group lead"), at=NOON)
    ask_about_row(contract, "cost", words=LONG[:400], actor=world.person("company lead"), at=NOON)
    ask_about_row(contract, "what", words="Whose handbook?", actor=world.person("group lead"), at=NOON)
    return {name: arguments[name] for name in ("reference", "number")}


def a_contract_with_an_open_question(world):
    arguments = an_approved_contract(world)
    said = {"recordings": Said("unclear", "Recordings of whom?")}
    answer_checklist(world.project.contracts.get(), said=said, actor=world.person("group lead"), at=NOON)
    return arguments


def a_dropped_contract(world):
    """One that the other side had, too, and that nobody has started anew."""
    contract = begun(world.project, world.person("company lead"), title="Carer handbook, consultancy")
    drop_contract(contract, reason=LONG[:200], actor=world.person("company lead"), at=NOON)
    return project(world)


def two_read_versions(world):
    """A file that came back changed, both versions read."""
    contract = complete(world.project, world.person("group lead"))
    first, second = VERSIONS_IN_WORDS
    add_version(
        contract, checked(files.docx_of(first), "one.docx"), actor=world.person("group lead"), at=NOON
    )
    note = "Payment within 60 days: our finance team needs them. Safety reports added, as the law asks."
    add_version(
        contract,
        checked(files.docx_of(second), "two.docx"),
        note=note,
        actor=world.person("company lead"),
        at=NOON,
    )
    for version, words in zip(contract.versions.order_by("number")[1:], VERSIONS_IN_WORDS, strict=True):
        ContractText.objects.create(version=version, state="read", text="\n".join(words), read_at=NOON)
    return {"reference": world.project.reference, "number": 1, "version": 3}


VERSIONS_IN_WORDS = (
    [
        "1. What it is about. The company supports the carer handbook of the group with a grant.",
        "2. The company pays 12,000 pounds within 30 days of the invoice.",
        "3. The handbook belongs to the group. The company may use it with a licence for two years.",
        "4. Each side may end this contract with a notice of one month.",
        "5. The group sends a report each month.",
        "6. The law of England counts.",
    ],
    [
        "1. What it is about. The company supports the carer handbook of the group with a grant.",
        "2. The company pays 12,000 pounds within 60 days of the invoice, without VAT.",
        "3. The handbook belongs to the group. The company may use it with a perpetual licence.",
        "4. Each side may end this contract with a notice of one month.",
        "Whoever hears of an adverse event tells the company within one working day.",
        "6. The law of England counts.",
    ],
)


def own_review(world):
    return world.project.reviews.get(organisation=world.organisation("group"))


def an_answered_review(world):
    answer_all(own_review(world), level=2, comment=LONG)
    return project(world)


def a_sent_review(world):
    make_sent(own_review(world))
    return project(world)


def said_whether_it_helped(world, side="group", *answers):
    """A side says of each thing that was brought along whether it helped, with a comment."""
    review = world.project.reviews.get(organisation=world.organisation(side))
    asked = world.project.help_questions.order_by("position")
    entries = [
        sealing.Entry(question.pk, answer, LONG)
        for question, answer in zip(asked, answers or ("little", "yes"), strict=True)
    ]
    sealing.save_helped(review, entries, actor=world.person(f"{side} lead"), at=NOON)
    return project(world)


def opened_whether_it_helped(world):
    """Both sides said something else, and all reviews are open."""
    said_whether_it_helped(world)
    said_whether_it_helped(world, "company", "yes", "dont_know")
    open_reviews(world.project)
    return project(world)


def where_it_came_from(world):
    opened_whether_it_helped(world)
    asked = world.project.help_questions.select_related("promise__project").get(position=1)
    return {"reference": asked.promise.project.reference}


def a_promise_whose_day_passed(world):
    words = Written(three_parts(), {1: a_promise(world.project, world.person("group lead"), days=-30)})
    save_conclusion(world.project.conclusion, words, actor=world.person("group lead"), at=NOON)
    return project(world)


def far_apart(world):
    """Opened reviews with nothing in common."""
    world.project.stage, world.project.result = "review", "reached"
    world.project.save()
    open_reviews(world.project, group={"level": 1, "comment": LONG}, company={"level": 4, "comment": LONG})
    return project(world)


# Steps ----------------------------------------------------------------------------------------------------


def press_primary(page, world):
    page.locator("main form[method=post] .btn-primary[type=submit]").first.click()


def press_danger(page, world):
    page.locator("main form[method=post] .btn-danger[type=submit]").first.click()


def write_and_press(page, world):
    page.locator("main form[method=post] textarea").first.fill("A handbook of 40 pages for carers.")
    press_primary(page, world)


def empty_and_press(field):
    def steps(page, world):
        page.locator(field).first.fill("")
        press_primary(page, world)

    return steps


def press_with_nothing_chosen(page, world):
    for box in page.locator("main input[type=checkbox]").all():
        box.uncheck()
    press_primary(page, world)


def ask_for_a_link(page, world):
    page.locator("main input[type=email]").fill("may@example.org")
    press_primary(page, world)


def send_without_token(page, world):
    page.context.clear_cookies(name="csrf")
    page.locator("main input[type=email]").fill("may@example.org")
    press_primary(page, world)


def add_a_passkey_and_confirm(page, world):
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.get_by_label("Name of this passkey").fill("My phone")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    page.goto(page.url.partition("/account/")[0] + reverse("mfa_reauthenticate_webauthn"))


def answer_after_a_colleague(page, world):
    question = world.project.principle_set.principles.get(number=1).questions.get(position=1)
    colleague = world.person("group owner")
    sealing.save_answer(
        own_review(world), question, answer=4, comment=LONG, revision=0, actor=colleague, at=NOON
    )
    page.locator("#q1_0").check(force=True)
    page.locator("#saved.is-failed").wait_for()
    press_primary(page, world)


def say_after_a_colleague_whether_it_helped(page, world):
    question = world.project.help_questions.get(position=1)
    entry = sealing.Entry(question.pk, "yes", LONG)
    sealing.save_helped(own_review(world), [entry], actor=world.person("group owner"), at=NOON)
    page.locator("#q1_0").check(force=True)
    page.locator("#saved.is-failed").wait_for()
    press_primary(page, world)


def write_a_part_after_the_other_side(page, world):
    save_part(
        world.project,
        "what",
        values={"activity_1": LONG},
        base=0,
        actor=world.person("company lead"),
        at=NOON,
    )
    page.locator("[name=activity_1]").fill("Write the handbook")
    press_primary(page, world)


def write_rows_after_the_other_side(page, world):
    write_rows(
        world.project.contracts.get(), texts={"why": LONG}, actor=world.person("company lead"), at=NOON
    )
    page.locator("[name=why]").fill("In other words.")
    press_primary(page, world)


def write_a_part_of_the_conclusion_after_a_colleague(page, world):
    theirs = Written({"different": WrittenPart(LONG)})
    save_conclusion(world.project.conclusion, theirs, actor=world.person("group owner"), at=NOON)
    page.locator("[name=different_text]").fill("In other words.")
    press_primary(page, world)


def write_when_the_pen_is_gone(page, world):
    page.locator("[name=well_text]").fill(LONG)
    send_conclusion(
        Conclusion.objects.get(project=world.project),
        to=world.organisation("company"),
        actor=world.person("group lead"),
        at=NOON,
    )
    page.locator("main form[method=post] [type=submit]").first.click()


# Answers without an address -------------------------------------------------------------------------------


def bad_request():
    return defaults.bad_request(RequestFactory().get("/sample/"), None).content


def our_mistake():
    return defaults.server_error(RequestFactory().get("/sample/")).content


def a_pause(world):
    """Somebody is away while something of theirs is due."""
    person = world.person("group lead")
    pause_mail(person, until=timezone.localdate() + 60 * DAY, actor=person, at=timezone.now())
    return {}
