"""A scene for each kind of message: what has happened when it is owed. Where an action owes it, the scene takes it.

A new kind of message needs a scene here; `tests/test_messages.py` then looks at its mail.
"""

import datetime as dt
from unittest import mock

from accounts import actions
from accounts.files import Verdict
from accounts.models import EmailChange, Notice, Person
from accounts.notices import owe
from accounts.reminders import owe_summaries
from accounts.sending.gathering import sort_due
from evaluations.actions import asking, late, reviews
from evaluations.actions.calls import answer_call, suggest_call
from evaluations.actions.check_ins import change_rhythm, open_if_due
from evaluations.actions.conclusions import save_conclusion, send_conclusion, start_conclusion
from evaluations.actions.pen import take_pen
from evaluations.actions.written import Written
from evaluations.models import Promise
from evaluations.reminders import remind_check_ins, remind_conclusions, remind_promises, remind_reviews
from partnerships.actions import closing, how_we_work
from partnerships.actions.agencies import remove_agency
from partnerships.actions.contract import (
    add_version,
    answer_question,
    ask_about_row,
    check_held_files,
    drop_contract,
    give_contract,
    send_contract,
    write_rows,
)
from partnerships.actions.funding import withdraw_request
from partnerships.actions.nudging import nudge
from partnerships.actions.plan import send_plan
from partnerships.actions.suggestions import accept_suggestion, suggest_part
from partnerships.actions.talk import check_held_attachments
from partnerships.actions.talk.mail import _note as note_mail
from partnerships.actions.time import answer_time_request, ask_for_time
from partnerships.actions.turns import give_turn
from partnerships.actions.uses import check_held_items, end_permission
from partnerships.contract import read_contract
from partnerships.models import Contract, TalkFile, Turn, UsePermission
from partnerships.reminders import (
    remind_contracts,
    remind_how_we_work,
    remind_permissions,
    remind_questions,
    remind_requests,
    remind_talk,
)
from partnerships.replies.reading import Incoming
from tests import files
from tests.evaluations.opened import opened_project, signed_project, three_parts
from tests.factories import (
    DAY,
    NOON,
    PLAN,
    add_agency,
    agree_plan,
    answer_all,
    join,
    make_organisation,
    make_person,
    make_project,
    make_sent,
    member_of,
    partner_of,
    person_on,
    review_of,
    signatory_on,
    write_plan,
)
from tests.partnerships.contracts import (
    a_scan,
    amended_by,
    approve,
    begin_work,
    checked,
    complete,
    made_ready,
    sign,
    signed_by_all,
)
from tests.partnerships.funding import answer as decide
from tests.partnerships.funding import sent as requested
from tests.partnerships.funding import two
from tests.partnerships.permits import an_item, asked, given, offered
from tests.partnerships.talking import answered as talk_answer
from tests.partnerships.talking import decided, said
from tests.partnerships.work import described

TITLE = "Carer handbook for newly diagnosed families"
LATE = dt.datetime(2027, 1, 6, 12, tzinfo=dt.UTC)  # more than 21 days after the due date

AFTER = NOON + 30 * DAY

SCENES = {}


def scene(kind):
    def keep(play):
        SCENES[kind] = play
        return play

    return keep


def when(kind):
    """When the letters of a scene are written: while they are wanted."""
    soon = {"invite": NOON + DAY, "email_change": NOON + DAY / 2}
    soon |= {"call_suggested": NOON + DAY}
    # Five days are left on a Saturday: it leaves on Monday.
    soon |= {"check_in_reminder": NOON + 7 * DAY}
    sweeps = {
        "weekly": NOON + 8 * DAY,
        "pause_end": NOON + 8 * DAY,
        "digest": NOON + 8 * DAY,
        "review_reminder": NOON + 8 * DAY,
        "promise_due": NOON + 8 * DAY,
    }
    return (soon | sweeps).get(kind, AFTER)


def both(project):
    return person_on(project, "group", name="Maria Lopes"), person_on(project, "company", name="Tom Berger")


def running(stage="deliver", **fields):
    project = make_project(title=TITLE, stage=stage, **fields)
    return project, *both(project)


def in_review(**fields):
    """A project that has gone on to Review a moment ago, with the people of both sides."""
    project, group, company = running(ends_on=dt.date(2026, 11, 20), result="partly", **fields)
    closing.finish_delivery(project, at=NOON)
    project.refresh_from_db()
    return project, group, company


def send_review(review, at=NOON + DAY, actor=None):
    if not review.sent_at:
        answer_all(review)
    seen = [one.pk for one in reviews.senders(review.project) if one != review.organisation]
    actor = actor or review.project.people.filter(acting_for=review.organisation).first().person
    return reviews.send_review(review, actor=actor, at=at, seen_senders=seen)


@scene("sign_in_link")
def sign_in_link():
    owe(make_person("Maria Lopes"), kind="sign_in_link", key="sign-in", at=NOON, next="/projects/")


@scene("sign_in_unknown")
def sign_in_unknown():
    owe(None, address="someone.unknown@example.org", kind="sign_in_unknown", key="unknown", at=NOON)


@scene("security_changed")
def security_changed():
    person = make_person("Maria Lopes")
    owe(person, kind="security_changed", key="security", at=NOON, what="recovery_codes_generated")


@scene("digest")
def digest():
    """Eight reviews of one person are due."""
    group = make_organisation("group")
    member_of(group, name="Maria Lopes")
    for _number in range(8):
        project = make_project(title=TITLE, groups=[group], stage="deliver")
        closing.finish_delivery(project, at=NOON)
    remind_reviews(at=NOON + 8 * DAY)
    sort_due(NOON + 8 * DAY)


@scene("weekly")
def weekly():
    """Somebody keeps what others did for the summary of the week."""
    project, group, company = running("shape")
    Person.objects.filter(pk=group.pk).update(mail_turn="weekly", mail_others="weekly")
    write_plan(project, company)
    send_plan(project, actor=company, at=NOON)
    changed = PLAN["why"] | {"aim": "Other words"}
    suggest_part(project, "why", values=changed, note="", base=1, actor=company, at=NOON + DAY)
    sort_due(NOON + 2 * DAY)
    owe_summaries(at=NOON + 8 * DAY)


@scene("pause_end")
def pause_end():
    """Somebody comes back, and their partner did something in the meantime."""
    project, group, company = running("shape")
    actions.pause_mail(group, until=(NOON + 3 * DAY).date(), actor=group, at=NOON)
    write_plan(project, company)
    send_plan(project, actor=company, at=NOON)
    sort_due(NOON + DAY)


@scene("mail_test")
def mail_test():
    actions.ask_for_test(make_person("Maria Lopes"), at=NOON)


@scene("plan_sent")
def plan_sent():
    project, group, _company = running("shape")
    write_plan(project, group)
    send_plan(project, actor=group, at=NOON)
    return project, group, _company


@scene("plan_suggested")
def plan_suggested():
    project, group, company = plan_sent()
    values = PLAN["why"] | {"need": "Carers need somebody to call at night."}
    suggestion = suggest_part(project, "why", values=values, note="", base=1, actor=company, at=NOON)
    return project, group, suggestion


@scene("plan_answered")
def plan_answered():
    project, group, suggestion = plan_suggested()
    accept_suggestion(project, suggestion, actor=group, at=NOON)


@scene("plan_agreed")
def plan_agreed():
    project, _group, company = plan_sent()
    agree_plan(project, company)


def contract_of(project, group):
    """A complete contract that the group wrote and the company has."""
    contract = complete(project, group)
    send_contract(contract, to=partner_of(project, "company"), actor=group, at=NOON)
    return contract


@scene("contract_turn")
def contract_turn():
    project, group, company = running("contract")
    # Who signs and writes nothing is told as well, in other words.
    signatory_on(project, "company")
    return contract_of(project, group), group, company


@scene("contract_turn")
def contract_came_again():
    contract, group, company = contract_turn()
    send_contract(contract, to=partner_of(contract.project, "group"), actor=company, at=NOON)
    # Those of the turns before are not wanted any more.
    Notice.objects.all().delete()
    add_version(contract, checked(files.pdf(2)), actor=group, at=NOON + DAY)
    send_contract(contract, to=partner_of(contract.project, "company"), actor=group, at=NOON + DAY)


@scene("contract_signed")
def contract_signed():
    contract, group, company = contract_turn()
    for person in (group, company):
        sign(contract, person)


@scene("contract_unsigned")
def contract_unsigned():
    contract, group, company = contract_turn()
    signature = sign(contract, group)
    write_rows(contract, texts={"why": "For carers."}, knows=[signature.pk], actor=company, at=NOON)


@scene("scan_waits")
def scan_waits():
    contract, group, _company = contract_turn()
    sign(contract, group, scan=a_scan())


@scene("amendment_behind")
def amendment_behind():
    project, group, company = running("contract")
    contract = complete(project, group)
    signed_by_all(contract, group, company)
    contract = Contract.objects.select_related("project").get(pk=contract.pk)
    dearer = made_ready(amended_by(contract, group, title="Dearer", cost="Twice as much."), group)
    amended_by(contract, company, title="For carers", why="For carers.")
    signed_by_all(dearer, group, company)


def agency_off(project, lead):
    """An agency of the side of this person is removed."""
    agency = add_agency(project, lead.organisations.get())
    member_of(agency, "owner")
    row = project.participations.get(organisation=agency)
    remove_agency(row, returned="Twelve photographs were deleted.", actor=lead, at=NOON)


@scene("agency_removed")
@scene("agency_left")
def agency_removed():
    project, group, _company = running("contract")
    agency_off(project, group)


@scene("contract_given")
def contract_given():
    project, group, _company = running("contract")
    contract, colleague = complete(project, group), person_on(project, "group")
    give_contract(contract, colleague, word="You know the costs better.", actor=group, at=NOON)


@scene("contract_unapproved")
def contract_unapproved():
    contract, group, _company = contract_turn()
    approve(contract)
    contract.refresh_from_db()
    marks = read_contract(contract).clears
    write_rows(contract, texts={"why": "For carers."}, knows=marks, actor=group, at=NOON)


@scene("contract_file_removed")
def contract_file_removed():
    """A file that was held, of which the scanner then says that it is infected."""
    contract, _group, _company = contract_turn()
    contract.versions.update(state="held")
    with mock.patch("partnerships.actions.held.scan_kept", return_value=Verdict.INFECTED):
        check_held_files(at=NOON)


@scene("contract_dropped")
def contract_dropped():
    contract, group, _company = contract_turn()
    drop_contract(contract, reason="It belongs to another project.", actor=group, at=NOON)


def question_of_the_group():
    """What the group does not understand of what the company wrote."""
    project, group, company = running("contract")
    contract = complete(project, company)
    return ask_about_row(contract, "cost", words="What is reasonable?", actor=group, at=NOON), company


@scene("question_asked")
def question_asked():
    question_of_the_group()


@scene("question_waits")
def question_waits():
    question_of_the_group()
    remind_questions(at=NOON + 3 * DAY)


@scene("question_answered")
def question_answered():
    question, company = question_of_the_group()
    answer_question(question, answer="What we agree on before.", actor=company, at=NOON)


@scene("talk_asked")
def talk_asked():
    project, group, company = running("deliver")
    for kind in ("question", "decision", "input"):
        said(project, group, kind)
    said(project, company)


@scene("talk_waits")
def talk_waits():
    project, group, _company = running("deliver")
    said(project, group)
    remind_talk(at=NOON + 3 * DAY)


@scene("talk_answered")
def talk_answered():
    project, group, company = running("deliver")
    talk_answer(said(project, group), company)
    talk_answer(said(project, group, "input"), company, "The printer can’t.", outcome="not_used")
    decided(project, group, company)


@scene("concern_named")
def concern_named():
    project, group, _company = running("deliver")
    said(project, group, "concern")


@scene("concern_waits")
def concern_waits():
    concern_named()
    remind_talk(at=NOON + 3 * DAY)


@scene("concern_answered")
def concern_answered():
    project, group, company = running("deliver")
    talk_answer(said(project, group, "concern"), company, "That must not happen.")


@scene("talk_file_removed")
def talk_file_removed():
    project, _group, company = running("deliver")
    said(project, company, uploads=[an_item()])
    TalkFile.objects.update(state="held")
    with mock.patch("partnerships.actions.held.scan_kept", return_value=Verdict.INFECTED):
        check_held_attachments(at=NOON)


@scene("reply_refused")
def reply_refused():
    for reason in ("unknown", "sender", "old", "closed", "may_not", "empty", "long", "file", "files"):
        mail = Incoming(key=reason, sender=f"{reason}@example.org", to="", by_machine=False)
        note_mail(mail, reason, NOON)


@scene("permission_asked")
def permission_asked():
    project, group, company = running("contract")
    asked(project, company)
    asked(project, group, what="quotation", item="It helped us to ask.")


@scene("permission_answered")
def permission_answered():
    project, group, company = running("contract")
    for answer in ("given", "conditions", "refused"):
        words = {"words": "Not for adverts."} if answer == "refused" else {}
        given(project, company, group, answer=answer, place=f"On the cover, {answer}.", **words)


@scene("permission_given")
def permission_given():
    project, group, _company = running("contract")
    offered(project, group, what="both")


@scene("permission_ended")
def permission_ended():
    project, group, company = running("contract")
    permission = given(project, company, group)
    end_permission(permission, reason="The logo has changed.", actor=group, at=NOON)


@scene("contract_waits")
def contract_waits():
    project, group, _company = running("contract")
    complete(project, group)
    remind_contracts(at=NOON + 8 * DAY)


@scene("start_near")
def start_near():
    """The letters are written before the start."""
    running("agree", starts_on=(NOON + 32 * DAY).date(), ends_on=(NOON + 400 * DAY).date())
    remind_contracts(at=NOON + 26 * DAY)


@scene("contract_ends")
def contract_ends():
    project, group, company = running("contract")
    begin_work(project, group, company)
    Contract.objects.update(starts_on=NOON.date(), ends_on=(NOON + 40 * DAY).date())
    remind_contracts(at=NOON + 12 * DAY)


@scene("permission_file_removed")
def permission_file_removed():
    project, _group, company = running("contract")
    asked(project, company, upload=an_item())
    UsePermission.objects.update(state="held")
    with mock.patch("partnerships.actions.held.scan_kept", return_value=Verdict.INFECTED):
        check_held_items(at=NOON)


@scene("permission_ends")
def permission_ends():
    """The last day is after the letters are written."""
    project, group, company = running("contract")
    given(project, company, group, until=(NOON + 50 * DAY).date())
    remind_permissions(at=NOON + 20 * DAY)


@scene("nudge")
def nudged():
    project, _group, company = running("contract")
    project.turns.all().delete()
    turn = give_turn(project, partner_of(project, "group"), Turn.Kind.CONTRACT, at=NOON, ref="1")
    return nudge(turn, actor=company, at=NOON)


@scene("time_asked")
def time_asked():
    project, group, _company = in_review()
    turn = Turn.objects.get(project=project, organisation=partner_of(project, "group"), kind="review")
    return ask_for_time(turn, due_on=turn.due_on + 7 * DAY, actor=group, at=NOON)


@scene("time_answered")
def time_answered():
    answer_time_request(time_asked(), accepted=True, actor=None, organisation=None, at=NOON + 5 * DAY)


@scene("closing_proposed")
def closing_proposed():
    project, group, company = running(ends_on=dt.date(2027, 6, 25))
    closing.close_early(project, actor=group, at=NOON, reason="done", note="Everything is printed.")
    return project, company


@scene("project_kept_open")
def project_kept_open():
    """Said no to, and taken back after the question had gone out; the last one without an end date."""
    project, company = closing_proposed()
    closing.keep_open(project, actor=company, at=NOON)
    for ends_on in (dt.date(2027, 6, 25), None):
        project, group, _company = running(ends_on=ends_on)
        closing.close_early(project, actor=group, at=NOON, reason="done", note="")
        Notice.objects.filter(kind="closing_proposed", project=project.reference).update(sent_at=NOON)
        closing.keep_open(project, actor=group, at=NOON)


@scene("project_closed_early")
def project_closed_early():
    project, company = closing_proposed()
    closing.close_early(project, actor=company, at=NOON)


@scene("project_withdrawn")
def project_withdrawn():
    project, group, _company = running()
    closing.withdraw_project(project, reason="no_means", note="", actor=group, at=NOON)


@scene("review_opens")
def review_opens():
    in_review()


@scene("review_reminder")
def review_reminder():
    in_review()
    remind_reviews(at=NOON + 8 * DAY)


@scene("other_sent")
def other_sent():
    project, group, _company = in_review()
    send_review(review_of(project, "group"), actor=group)
    return project


@scene("review_shared")
def review_shared():
    project, group, _company = in_review()
    send_review(review_of(project, "group"), actor=group)
    late.share_review(review_of(project, "group"), actor=group, at=LATE)


@scene("all_sent")
def all_sent():
    project = other_sent()
    send_review(review_of(project, "company"))


@scene("closed_one_sided")
def closed_one_sided():
    project, group, _company = in_review()
    send_review(review_of(project, "group"), actor=group)
    late.close_without_theirs(review_of(project, "group"), actor=group, at=LATE)


@scene("review_excused")
def review_excused():
    project, group, company = in_review(groups=2)
    stuck = project.participations.filter(side="group").order_by("pk")[1].organisation
    member_of(stuck)
    for side in ("group", "company"):
        make_sent(review_of(project, side))
    for actor, side in ((company, "company"), (group, "group")):
        late.excuse_organisation(review_of(project, side), stuck, actor=actor, at=LATE)


@scene("withdrawal_asked")
def withdrawal_asked():
    project, group, company = in_review()
    send_review(review_of(project, "company"), actor=company)
    closing.withdraw_project(project, reason="rules", note="", actor=group, at=NOON + DAY)


@scene("choice_asked")
def choice_asked():
    project, group, company = in_review(groups=2)
    for side in ("group", "company"):
        make_sent(review_of(project, side))
    stuck = project.participations.filter(side="group").order_by("pk")[1].organisation
    late.excuse_organisation(review_of(project, "company"), stuck, actor=company, at=LATE)
    return project, group


@scene("choice_declined")
def choice_declined():
    project, group = choice_asked()
    asking.decline_choice(review_of(project, "group"), project.late_choices.get().pk, actor=group, at=LATE)


@scene("conclusion_turn")
def conclusion_turn():
    project = opened_project(title=TITLE)
    group, _company = both(project)
    conclusion = start_conclusion(project, actor=group, at=NOON)
    save_conclusion(conclusion, Written(three_parts(), {}), actor=group, at=NOON)
    send_conclusion(conclusion, to=partner_of(project, "company"), actor=group, at=NOON)


@scene("conclusion_taken")
def conclusion_taken():
    project = opened_project(title=TITLE)
    group, company = both(project)
    conclusion = start_conclusion(project, actor=group, at=NOON - 9 * DAY)
    save_conclusion(conclusion, Written(three_parts(), {}), actor=group, at=NOON - 8 * DAY)
    take_pen(conclusion, actor=company, at=NOON)


@scene("conclusion_signed")
def conclusion_signed():
    signed_project(title=TITLE)


@scene("conclusion_missing")
def conclusion_missing():
    both(opened_project(title=TITLE))
    remind_conclusions(at=NOON + 8 * DAY)


@scene("promise_due")
def promise_due():
    signed_project(title=TITLE, promises=[{"side": "group", "days": 14}])
    remind_promises(at=NOON + 8 * DAY)


@scene("promise_late")
def promise_late():
    signed_project(title=TITLE, promises=[{"side": "group", "days": 14}])
    Promise.objects.update(what="Send agendas five days before each meeting, with the papers")
    remind_promises(at=NOON + 22 * DAY)


# People ------------------------------------------------------------------------------------------


def _owner(**fields):
    return member_of(make_organisation(name="Larkfield Group"), "owner", name="Ada Byron", **fields)


def _invitation(**options):
    owner = _owner()
    organisation = owner.memberships.get().organisation
    return actions.invite_member(organisation, "mary@example.org", actor=owner, at=NOON, **options)


@scene("invite")
def invite():
    _invitation()
    company = member_of(make_organisation("company", name="Aldermoor Pharma"), "lead", name="Tom Berger")
    actions.invite_new_organisation(
        "group", "Northfield Patients’ Network", "may@example.org", actor=company, at=NOON,
        on_behalf_of=company.memberships.get().organisation,
        message=("We met in Leeds. It would be good to plan the handbook together. " * 6)[:400],
    )  # fmt: skip


@scene("invite_pass_on")
def invite_pass_on():
    actions.pass_on_invitation(_invitation(), "may@example.org", at=NOON + DAY)


@scene("invite_declined")
def invite_declined():
    actions.decline_invitation(_invitation(), reason="We are full until the summer. " * 13, at=NOON + DAY)


@scene("invite_again")
def invite_again():
    token = actions.mint_invitation_link(_invitation(), at=NOON).split("/")[-2]
    actions.ask_for_new_invitation(token, at=NOON + 20 * DAY)


@scene("join_request")
def join_request():
    actions.request_to_join(
        _owner().memberships.get().organisation, actor=make_person("Grace Hopper"), at=NOON
    )
    make_person("Support", is_staff=True)
    actions.request_to_join(make_organisation(), actor=make_person("Grace Hopper"), at=NOON)


@scene("join_decided")
def join_decided():
    for accept in (True, False):
        owner = _owner()
        organisation = owner.memberships.get().organisation
        request = actions.request_to_join(organisation, actor=make_person("Grace Hopper"), at=NOON)
        actions.decide_join_request(request, accept=accept, actor=owner, at=NOON)


@scene("member_left")
def member_left():
    owner, other = _owner(), make_person("Other Owner")
    organisation = owner.memberships.get().organisation
    join(other, organisation, "owner")
    colleague, leaver = (member_of(organisation, name=name) for name in ("Col League", "Lee Ver"))
    actions.end_membership(leaver.memberships.get(), hand_over_to=colleague, actor=owner, at=NOON)


@scene("email_change")
def email_change():
    actions.ask_for_email_change(_owner(), "ada@example.net", at=NOON)


@scene("email_change_taken")
def email_change_taken():
    actions.ask_for_email_change(_owner(), make_person(email="taken@example.org").email, at=NOON)


@scene("email_changed")
def email_changed():
    actions.ask_for_email_change(_owner(), "ada@example.net", at=NOON)
    token = actions.mint_email_change_link(EmailChange.objects.get(), at=NOON).split("/")[-2]
    actions.confirm_email_change(token, at=NOON)


@scene("account_recovered")
def account_recovered():
    owner = _owner()
    member_of(owner.memberships.get().organisation, name="Col League")
    one, other = make_person("Sue Port", is_staff=True), make_person("Hal Per", is_staff=True)
    recovery = actions.ask_for_recovery(owner, reason="Called from the known number", actor=one, at=NOON)
    actions.decide_recovery(recovery, approve=True, actor=other, at=NOON)


@scene("how_we_work_asked")
def how_we_work_asked():
    organisation = make_organisation("company", name="Aldermoor Pharma International (UK and Ireland)")
    member_of(organisation, name="Tom Berger")
    group = make_organisation(name="National Association of Families with Rare Conditions of the Lung")
    asker = member_of(group, name="Maria Lopes")
    how_we_work.ask_how_they_work(organisation, asked_for=group, actor=asker, at=NOON)


@scene("how_we_work_check")
def how_we_work_check():
    organisation = make_organisation("company", name="Aldermoor Pharma International (UK and Ireland)")
    described(organisation, member_of(organisation, name="Tom Berger"), template=False)
    remind_how_we_work(at=NOON + 364 * DAY)


# Requests for funding ----------------------------------------------------------------------------


def _a_request(side="group"):
    """Sent between organisations with long names, with a title and words that are long, too."""
    sender, asker, receiver, answerer = two(side)
    group, company = (sender, receiver) if side == "group" else (receiver, sender)
    type(group).objects.filter(pk=group.pk).update(
        name="National Association of Families with Rare Conditions of the Lung"
    )
    type(company).objects.filter(pk=company.pk).update(name="Aldermoor Pharma International (UK and Ireland)")
    request = requested(sender, asker, receiver, title=TITLE)
    return request, asker, answerer


@scene("funding_sent")
def funding_sent():
    for side in ("group", "company"):
        _a_request(side)


@scene("funding_asked")
def funding_asked():
    request, _asker, answerer = _a_request()
    decide(request, "asked", answerer, words="Who prints the booklet, and who owns its pictures then? " * 6)


@scene("funding_answered")
def funding_answered():
    for what in ("accepted", "declined"):
        request, _asker, answerer = _a_request()
        words = {"words": "We fund no running costs of a group as a whole. " * 8}
        decide(request, what, answerer, **(words if what == "declined" else {}))


@scene("funding_withdrawn")
def funding_withdrawn():
    for words in ("", "Somebody else pays for it now. " * 10):
        request, asker, _answerer = _a_request()
        withdraw_request(request, words=words, actor=asker, at=NOON)


@scene("funding_waits")
def funding_waits():
    _a_request()
    request, _asker, answerer = _a_request()
    decide(request, "asked", answerer)
    remind_requests(at=NOON + 3 * DAY)


# Check-ins ---------------------------------------------------------------------------------------


def _checking_in():
    project, group, company = running(starts_on=NOON.date(), ends_on=NOON.date() + 300 * DAY)
    type(partner_of(project, "group")).objects.filter(pk=partner_of(project, "group").pk).update(
        name="National Association of Families with Rare Conditions of the Lung"
    )
    open_if_due(project, at=NOON)
    return project, group, company


@scene("check_in_opens")
def check_in_opens():
    _checking_in()
    later, group, _company = _checking_in()
    change_rhythm(later, weeks=4, actor=group, at=NOON)
    open_if_due(later, at=NOON + 28 * DAY)
    # What the first one of it told is held back by now.
    Notice.objects.exclude(voided_at=None).delete()


@scene("check_in_reminder")
def check_in_reminder():
    _checking_in()
    remind_check_ins(at=NOON + 6 * DAY)


@scene("check_in_rhythm")
def check_in_rhythm():
    project, group, _company = _checking_in()
    change_rhythm(project, weeks=4, actor=group, at=NOON)


def _a_call():
    project, group, company = _checking_in()
    return suggest_call(
        project, times=[NOON + 2 * DAY, NOON + 3 * DAY, NOON + 7 * DAY], actor=group, at=NOON
    ), company


@scene("call_suggested")
def call_suggested():
    _a_call()


@scene("call_answered")
def call_answered():
    call, company = _a_call()
    answer_call(call, picked=call.second_at, words="", actor=company, at=NOON)
    call, company = _a_call()
    # As much as stands in a mail.
    words = (
        "We are at a conference in all of these days. Could you suggest a day of the week after it, please?"
    )
    answer_call(call, picked=None, words=words, actor=company, at=NOON)
