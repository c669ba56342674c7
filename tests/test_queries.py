"""Every list and home, with 1 and with 30 rows: how many questions each asks the database.

A list is an address that ends in `list` or `export`, a view made of Django's `ListView`, a page with pages, and
every list of the admin. One that has no row in the table turns this file red. How to add a row: the name of the
address → `Shown(rows, queries)`, where `rows` makes so many of what it lists and gives back who looks and what is in
the address.
"""

from dataclasses import dataclass

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.views.generic import ListView

from accounts import actions
from accounts.audit import record
from accounts.models import JobRun, KeptPost
from accounts.notices import owe
from partnerships.actions.agencies import write_brief
from partnerships.actions.contract import (
    add_version,
    answer_checklist,
    answer_question,
    ask_about_row,
    ask_question_again,
    comment_on_row,
    write_rows,
)
from partnerships.actions.how_we_work import add_paper
from partnerships.actions.talk import change_entry
from partnerships.actions.turns import give_turn
from partnerships.actions.uses import renew_permission
from partnerships.checklist import Said, read_checklist
from partnerships.models import Contract, ContractText, ContractVersion, Project, Transfer, Turn
from tests import files
from tests.access.arguments import decision_of, interest_of
from tests.access.pages import PAGES
from tests.browse import signed_in
from tests.evaluations.checked_in import opened, running, suggested
from tests.evaluations.opened import signed_project
from tests.evaluations.test_check_in_pages import many
from tests.factories import (
    DAY,
    NOON,
    add_agency,
    join,
    make_organisation,
    make_person,
    make_principles,
    make_project,
    make_reviews,
    member_of,
    partner_of,
    person_on,
    write_plan,
)
from tests.partnerships.contracts import WORDS, begun, checked, complete
from tests.partnerships.funding import answer, drafted, send, two
from tests.partnerships.funding import sent as requested
from tests.partnerships.permits import an_item, given, in_a_year
from tests.partnerships.permits import asked as ask_for
from tests.partnerships.talking import answered as talk_answered
from tests.partnerships.talking import said
from tests.partnerships.test_admin_contract import paid
from tests.partnerships.work import STEPS, described, measured, write
from tests.portal.test_home import everything_waits
from tests.test_access import urls

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@dataclass(frozen=True)
class Shown:
    """How many rows a list is given, and what it asks.

    Arguments:
        fewest: where a list of one leads to what it lists, the first list that is shown.
        query: behind the question mark.
    """

    rows: object
    queries: int
    fewest: int = 1
    query: str = ""


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


# What is listed -------------------------------------------------------------------------------------


def projects(count):
    own = make_organisation("group")
    for _ in range(count):
        more = make_project(stage="agree", groups=[own])
        for turn_of in (own, partner_of(more, "company")):
            give_turn(more, turn_of, Turn.Kind.PLAN, at=NOON, due_on=timezone.now().date())
    return member_of(own), {}


def partners(count):
    for _ in range(count):
        make_organisation(listed=True)
    return projects(count)


def one_partner(count):
    project = make_project(stage="agree")
    group, company = partner_of(project, "group"), partner_of(project, "company")
    for _ in range(count):
        make_project(stage="agree", groups=[group], companies=[company])
        published = paid()
        Transfer.objects.filter(pk=published.pk).update(payer=company, recipient=group)
    return member_of(group), {"slug": company.slug}


def contracts(count):
    project = make_project(stage="contract")
    person = person_on(project, "group")
    first = begun(project, person)
    for number in range(2, count + 1):
        first.pk, first.number, first.signed_at, first.approved_at = None, number, NOON, NOON
        first.save(force_insert=True)
    return person, {"reference": project.reference}


def one_contract(count):
    project = make_project(stage="contract")
    person = person_on(project, "group")
    contract = complete(project, person)
    for number in range(count):
        add_version(contract, checked(files.pdf(1, note=str(number))), actor=person, at=NOON)
        write_rows(contract, texts=WORDS | {"why": f"Because of {number}."}, actor=person, at=NOON)
    for number in range(count):
        comment_on_row(contract, "cost", words=f"Comment {number}", actor=person, at=NOON)
    return person, {"reference": project.reference, "number": 1}


def rows_of_others(count):
    """So many rows of the other side wait to be confirmed: nine are all there are."""
    project = make_project(stage="contract")
    contract = begun(project, person_on(project, "company"))
    texts = dict(list(WORDS.items())[:count])
    write_rows(contract, texts=texts, actor=person_on(project, "company"), at=NOON)
    return person_on(project, "group"), {"reference": project.reference, "number": 1}


def asked_again(count):
    """A question that was asked so many times, and answered each time but the last."""
    project = make_project(stage="contract")
    group, company = person_on(project, "group"), person_on(project, "company")
    question = ask_about_row(complete(project, company), "cost", words="Why?", actor=group, at=NOON)
    for number in range(count):
        answer_question(question, answer="Because.", actor=company, at=NOON)
        question = ask_question_again(question, words=f"Why? {number}", actor=group, at=NOON)
    return company, {"reference": project.reference, "number": 1, "pk": question.pk}


def one_checklist(count):
    """So many items of the checklist answered, one after the other: each stands there, and is a line of history."""
    person, address = one_contract(1)
    contract = Contract.objects.get(project__reference=address["reference"])
    for line in read_checklist(contract).lines[-15:][:count]:
        answer_checklist(contract, said={line.item.code: Said("unclear", "Why?")}, actor=person, at=NOON)
    return person, address


def interests(count):
    """So many people, each with interests that were decided about twice, in so many versions as there may be."""
    project = make_project(stage="contract")
    person, decider = person_on(project, "group"), person_on(project, "company")
    for number in range(count):
        declaring = person_on(project, "group", "reader")
        for what in range(min(number + 1, 4)):
            interest_of(project, declaring, what=f"Fee {what}")
        interest = declaring.interest_declarations.last().interests.first()
        for version in (0, 1):
            decision_of(interest, decider, number=version, decided=f"Leaves the room {version}.")
    return person, {"reference": project.reference}


def permissions(count):
    """So many permissions, each renewed once, and as many that are asked for."""
    project = make_project(stage="contract")
    person, other = person_on(project, "group"), person_on(project, "company")
    for number in range(count):
        permission = given(project, person, other, place=f"On page {number}.")
        renew_permission(permission, until=in_a_year() + DAY, actor=person, at=NOON)
        ask_for(project, other, place=f"On poster {number}.")
    return person, {"reference": project.reference}


def much_talk(count):
    """So many entries of each kind, each with an answer, a file and an earlier wording; some of them open."""
    project = make_project(stage="contract")
    person, other = person_on(project, "group"), person_on(project, "company")
    contract = begun(project, person)
    write_rows(contract, texts=dict.fromkeys(("cost", "what"), "In plain words."), actor=person, at=NOON)
    row = contract.rows.get(code="cost")
    ask_about_row(contract, "cost", words="Why?", actor=other, at=NOON)
    about = [f"partnerships.contractrow:{row.pk}", "partnerships.planpart:when"]
    for number in range(count):
        for kind in ("question", "decision", "input", "note", "concern"):
            words = {"text": f"{kind} {number}", "subject": about[number % 2], "uploads": [an_item()]}
            entry = said(project, person, kind, **words)
            talk_answered(entry, other, at=NOON, uploads=[an_item()])
            said(project, other, kind, text=f"{kind} {number}")
            change_entry(entry, text=f"{kind} {number}, changed", actor=person, at=NOON)
    return person, {"reference": project.reference}


def one_entry(count):
    """One decision with so many answers."""
    project = make_project(stage="contract")
    person, other = person_on(project, "group"), person_on(project, "company")
    entry = said(project, person, "decision")
    for number in range(count):
        talk_answered(entry, other, f"Number {number}.", uploads=[an_item()])
    return person, {"reference": project.reference, "pk": entry.pk}


def one_concern(count):
    """One concern that names so many Owners."""
    project = make_project(stage="contract")
    for _number in range(count):
        member_of(partner_of(project, "company"), "owner")
    person = person_on(project, "group")
    entry = said(project, person, "concern", circle="owners")
    return person, {"reference": project.reference, "pk": entry.pk}


def requests_for_funding(count):
    """So many that were sent, that came, that are drafts, and that are settled."""
    organisation = make_organisation(listed=True)
    person = member_of(organisation)
    for _number in range(count):
        company = make_organisation("company", listed=True)
        other = member_of(company)
        requested(organisation, person, company)
        requested(company, other, organisation)
        drafted(organisation, person, company, parts=["why"])
        answer(requested(organisation, person, company), "declined", other)
    return person, {"slug": organisation.slug}


def one_request(count):
    """A request that was sent so many times, with a question in between."""
    sender, asker, receiver, answerer = two("group")
    request = requested(sender, asker, receiver)
    for number in range(count):
        request = send(answer(request, "asked", answerer), asker, words=f"Because {number}.")
    return answerer, {"reference": request.reference}


def versions_side_by_side(count):
    person, address = one_contract(count)
    for version in ContractVersion.objects.filter(text=None):
        text = "\n".join(f"Clause {number} of {version.number}." for number in range(count))
        ContractText.objects.create(version=version, state="read", text=text, read_at=NOON)
    return person, address | {"version": count + 1}


def overview(count):
    project = make_project()
    person = person_on(project, "group")
    write_plan(project, person)
    Project.objects.filter(pk=project.pk).update(stage="agree")
    for number in range(count):
        teller = person_on(project, "company")
        record("project.renamed", project, actor=teller, at=NOON, project=project, after=f"Name {number}")
    return person, {"reference": project.reference}


def promises(count):
    project = signed_project(promises=[{"side": "group"}])
    given = project.promises.get()
    for _ in range(count - 1):
        # Later ones belong to no conclusion, which has three at most.
        given.pk, given.conclusion, given.owner = None, None, member_of(partner_of(project, "group"))
        given.save(force_insert=True)
    return person_on(project, "group"), {"reference": project.reference}


def learnings(count):
    first = signed_project(promises=[{"side": "group"}] * 2)
    same = {"groups": [partner_of(first, "group")], "companies": [partner_of(first, "company")]}
    for _ in range(count - 1):
        signed_project(promises=[{"side": "group"}], **same)
    return member_of(partner_of(first, "group")), {}


def organisations(count):
    person = make_person()
    for _ in range(count):
        join(person, make_organisation())
    return person, {}


def members(count):
    organisation = make_organisation()
    owner = member_of(organisation, "owner")
    for number in range(count):
        member_of(organisation)
        actions.invite_member(organisation, f"m{number}@example.org", actor=owner, at=timezone.now())
        actions.request_to_join(organisation, actor=make_person(), at=NOON)
    return owner, {"slug": organisation.slug}


def kept_forms(count):
    person, now = make_person(), timezone.now()
    KeptPost.objects.bulk_create(
        KeptPost(
            person=person,
            path=f"/{number}/",
            fields=[["need", "Carers find no help at night."]],
            created_at=now,
            expires_at=now + DAY,
        )
        for number in range(count)
    )
    return person, {}


def sessions(count):
    person = make_person()
    for number in range(count):
        client = signed_in(person)
        UserSession.objects.update_or_create(
            session_key=client.session.session_key,
            defaults={"user": person, "ip": "192.0.2.1", "user_agent": f"Browser {number}"},
        )
    return person, {}


def passkeys(count):
    person = make_person()
    Authenticator.objects.bulk_create(
        Authenticator(user=person, type="webauthn", data={"name": f"Phone {number}", "credential": {}})
        for number in range(count)
    )
    return person, {}


def waiting(count):
    return everything_waits(count), {}


def much_said(count):
    """So many versions of what a partner says, with contracts, steps and papers: as many as there may be at most."""
    organisation = make_organisation("company")
    writer = member_of(organisation)
    steps = [dict(STEPS[1], what=f"Step {number}") for number in range(min(count, 12))]
    for number in range(min(count, 8)):
        add_paper(organisation, name=f"Paper {number}", actor=writer, at=NOON)
    for number in range(count):
        described(organisation, writer, NOON + number * DAY, template=False, steps=steps)
    partner, *_others = measured(organisation, contracts=min(count, 5) + 2)
    return member_of(partner), {"slug": organisation.slug}


def a_long_draft(count):
    organisation = make_organisation()
    writer = member_of(organisation)
    steps = [dict(STEPS[1], what=f"Step {number}") for number in range(min(count, 12))]
    for number in range(min(count, 8)):
        add_paper(organisation, name=f"Paper {number}", actor=writer, at=NOON)
    write(organisation, writer, steps=steps)
    return writer, {"slug": organisation.slug}


# What the admin lists -------------------------------------------------------------------------------


def support(make):
    """Makes so many rows by calling `make` with the number of each, for a superuser."""

    def rows(count):
        person = make_person("Super User", is_staff=True, is_superuser=True)
        for number in range(count):
            make(number, person)
        return person, {}

    return rows


def a_group(number, staff):
    Group.objects.create(name=f"Group {staff.pk} {number}")


def an_owner(_number, _staff):
    return member_of(make_organisation(origin="imported"), "owner")


def an_invitation(number, _staff):
    owner = an_owner(number, None)
    actions.invite_member(owner.organisations.get(), f"m{number}@example.org", actor=owner, at=timezone.now())


def a_wish_to_join(_number, _staff):
    actions.request_to_join(make_organisation(), actor=make_person(), at=NOON)


def an_event(number, _staff):
    owner = an_owner(number, None)
    project = make_project()
    record(
        "project.renamed", project, actor=owner, at=NOON, project=project, organisation=make_organisation()
    )


def a_message(number, _staff):
    owe(make_person(), kind="invited", key=f"message {number}", at=NOON)


def a_job(number, _staff):
    name = list(settings.CELERY_BEAT_SCHEDULE)[number % len(settings.CELERY_BEAT_SCHEDULE)]
    JobRun.objects.create(name=name, started_at=NOON + number * DAY, detail={"runs": 3})


def a_recovery(number, staff):
    actions.ask_for_recovery(an_owner(number, None), reason="Called", actor=staff, at=NOON)


def an_edition(number, _staff):
    make_project(principle_set=make_principles(f"2027-{number:02}"))


def a_project(_number, _staff):
    make_project()


def parts(number, _staff):
    project = make_project()
    write_plan(project, person_on(project, "group"))


def a_contract(number, _staff):
    project = make_project(stage="contract")
    complete(project, person_on(project, "group"))


def words_beside_a_contract(_number, _staff):
    """A question and a comment about a contract, a permission that is asked for, and what an agency does."""
    project = make_project(stage="contract")
    group, company = person_on(project, "group"), person_on(project, "company")
    contract = begun(project, group)
    write_rows(contract, texts={"cost": "In plain words."}, actor=group, at=NOON)
    ask_about_row(contract, "cost", words="Why?", actor=company, at=NOON)
    comment_on_row(contract, "cost", words="It was less.", actor=company, at=NOON)
    ask_for(project, group)
    talk_answered(said(project, group), company)
    agency = add_agency(project, group.organisations.get())
    row = project.participations.get(organisation=agency)
    words = {"role": "Writes.", "deliverables": "A booklet.", "contacts": "Ada Moor."}
    write_brief(row, number=0, actor=group, at=NOON, **words)


def a_description(_number, _staff):
    organisation = make_organisation()
    described(organisation, member_of(organisation), template=False)


def a_request(_number, _staff):
    sender, asker, receiver, _answerer = two("group")
    requested(sender, asker, receiver)


def reviews(_number, _staff):
    make_reviews(make_project(stage="review"))


def check_ins(count):
    """A project with so many check-ins that both sides have sent."""
    project, _open = many(count)
    return project.lead["group"], {"reference": project.reference}


def a_check_in(_number, _staff):
    opened(running())


def a_call(_number, _staff):
    suggested(running())


LISTS = {
    "portal:home": Shown(waiting, 13),
    "portal:project_overview": Shown(overview, 13),
    "partnerships:project_list": Shown(projects, 8),
    "partnerships:project_export": Shown(projects, 6),
    "partnerships:partner_list": Shown(partners, 6),
    "partnerships:partner_detail": Shown(one_partner, 16),
    "partnerships:how_we_work": Shown(much_said, 14),
    "partnerships:how_we_work_edit": Shown(a_long_draft, 9),
    "partnerships:contract_list": Shown(contracts, 8, fewest=2),
    "partnerships:contract_detail": Shown(one_contract, 17),
    "partnerships:rows_confirm": Shown(rows_of_others, 11),
    "partnerships:question_detail": Shown(asked_again, 13),
    "partnerships:checklist_detail": Shown(one_checklist, 13),
    "partnerships:interest_list": Shown(interests, 11),
    "partnerships:permission_list": Shown(permissions, 6),
    "partnerships:talk_list": Shown(much_talk, 15),
    "partnerships:talk_detail": Shown(one_entry, 9),
    "partnerships:talk_answer": Shown(one_concern, 11),
    "partnerships:funding_list": Shown(requests_for_funding, 7),
    "partnerships:funding_detail": Shown(one_request, 6),
    "partnerships:version_changes": Shown(versions_side_by_side, 14),
    "partnerships:contract_history": Shown(one_checklist, 14),
    "evaluations:check_in_list": Shown(check_ins, 15),
    "evaluations:promise_list": Shown(promises, 10),
    "evaluations:learning_list": Shown(learnings, 12),
    "accounts:organisation_list": Shown(organisations, 5, fewest=2),
    "accounts:member_list": Shown(members, 8),
    "accounts:kept_list": Shown(kept_forms, 3),
    "usersessions_list": Shown(sessions, 5),
    "mfa_list_webauthn": Shown(passkeys, 4),
    "admin:auth_group_changelist": Shown(support(a_group), 5),
    "admin:accounts_joinrequest_changelist": Shown(support(a_wish_to_join), 5),
    "admin:accounts_invitation_changelist": Shown(support(an_invitation), 5),
    "admin:accounts_event_changelist": Shown(support(an_event), 4),
    "admin:accounts_notice_changelist": Shown(support(a_message), 4),
    "admin:accounts_jobrun_changelist": Shown(support(a_job), 5),
    "admin:partnerships_contractquestion_changelist": Shown(support(words_beside_a_contract), 4),
    "admin:partnerships_contractcomment_changelist": Shown(support(words_beside_a_contract), 4),
    "admin:partnerships_usepermission_changelist": Shown(support(words_beside_a_contract), 4),
    "admin:partnerships_talkentry_changelist": Shown(support(words_beside_a_contract), 4),
    "admin:partnerships_talkanswer_changelist": Shown(support(words_beside_a_contract), 4),
    "admin:partnerships_agencybrief_changelist": Shown(support(words_beside_a_contract), 4),
    "admin:accounts_organisation_changelist": Shown(support(an_owner), 5),
    "admin:accounts_person_changelist": Shown(support(an_owner), 5),
    "admin:accounts_recovery_changelist": Shown(support(a_recovery), 5),
    "admin:principles_principleset_changelist": Shown(support(an_edition), 5),
    "admin:principles_principle_changelist": Shown(support(an_edition), 6),
    "admin:principles_question_changelist": Shown(support(an_edition), 6),
    "admin:partnerships_project_changelist": Shown(support(a_project), 7),
    "admin:partnerships_planpart_changelist": Shown(support(parts), 4),
    "admin:partnerships_contract_changelist": Shown(support(a_contract), 6),
    "admin:partnerships_howwework_changelist": Shown(support(a_description), 4),
    "admin:partnerships_fundingrequest_changelist": Shown(support(a_request), 4),
    "admin:partnerships_transfer_changelist": Shown(support(lambda number, _staff: paid(number)), 6),
    "admin:partnerships_importrun_changelist": Shown(support(lambda number, _staff: paid(number)), 5),
    "admin:evaluations_review_changelist": Shown(support(reviews), 4),
    "admin:evaluations_checkin_changelist": Shown(support(a_check_in), 4),
    "admin:evaluations_call_changelist": Shown(support(a_call), 4),
}


def asked(name, count):
    """What the database is asked when a list of so many rows is opened a second time."""
    person, arguments = LISTS[name].rows(count)
    client, address = signed_in(person), reverse(name, kwargs=arguments)
    client.get(address)

    with CaptureQueriesContext(connection) as questions:
        response = client.get(address)
        # A table is written while it is sent.
        b"".join(response)

    assert response.status_code == 200
    return [question["sql"] for question in questions]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_as_many_questions_for_30_rows_as_for_one(name):
    shown = LISTS[name]

    few = asked(name, shown.fewest)
    many = asked(name, 30)

    assert (len(few), len(many)) == (shown.queries, shown.queries), "\n".join(many)


def is_list(name, pattern):
    view = getattr(pattern.callback, "view_class", None)
    return name.endswith(("list", "_export", "_list_webauthn")) or (view and issubclass(view, ListView))


def test_every_list_has_a_row():
    lists = {name for name, pattern in urls().items() if is_list(name, pattern)}
    for_staff = {
        f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist" for model in admin.site._registry
    }

    assert lists | for_staff <= set(LISTS)
    assert {name for name in LISTS if name.startswith("admin:")} == for_staff
    assert {name for name in LISTS if not name.startswith("admin:")} <= set(PAGES)
