"""Approving a contract: a step of its own, by somebody of the company who did not write it, for exactly one version."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event, Notice
from partnerships.actions.contract import (
    CannotApprove,
    CannotDate,
    ChangedBeforeApproval,
    ClearsSignatures,
    ContractIsClosed,
    NotReadyToApprove,
    add_version,
    change_kind,
    drop_contract,
    edit_contract,
    write_rows,
)
from partnerships.actions.stages import GateIsClosed, enter_stage, what_blocks
from partnerships.contract import read_contract
from partnerships.models import Contract, ContractApproval, Project
from tests import files
from tests.factories import DAY, NOON, member_of, other_side, partner_of, person_on
from tests.partnerships.contracts import (
    TODAY,
    all_declare,
    approve,
    approver_of,
    begun,
    checked,
    complete,
    others_confirm,
    people_of,
    sign,
    sign_here,
)

pytestmark = pytest.mark.django_db

LATER = NOON + DAY
WAITS = "The contract is not approved yet. Somebody who did not write it approves it."


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def url(name, contract, *more):
    return reverse(f"partnerships:{name}", args=[contract.project.reference, contract.number, *more])


def typed(day=None, **values):
    day = day or timezone.now().date()
    date = {"approved_on_day": day.day, "approved_on_month": day.month, "approved_on_year": day.year}
    return {"name": "Dr Ada Moor", "registration": "doctor", "content": ""} | date | values


def signed_by_all(contract, *people):
    """Everybody signs, and nobody approves."""
    all_declare(contract.project)
    for person in people:
        sign_here(contract, person)


# Who, when, and for what --------------------------------------------------------------------------------


def test_an_approval_is_bound_to_the_version_its_hash_and_what_the_contract_says(side):
    project, me, _them = people_of(side)
    contract = complete(project, me)
    approver = approver_of(contract)

    approval = approve(contract, approver, at=LATER, registration="pharmacist")

    contract.refresh_from_db()
    state = read_contract(contract)
    newest = state.newest
    assert contract.approved_at == LATER
    assert (approval.version, approval.sha256, approval.content) == (newest, newest.sha256, state.content)
    assert (approval.organisation, approval.approved_by, approval.author, approval.registration) == (
        partner_of(project, "company"), approver, me, "pharmacist",
    )  # fmt: skip
    event = Event.objects.get(verb="contract.approved")
    assert (event.organisation, event.detail["sha256"], event.detail["approved_on"]) == (
        approval.organisation, newest.sha256, approval.approved_on.isoformat(),
    )  # fmt: skip
    assert str(approver) not in str(event.detail)


def test_who_added_the_version_never_approves_it_and_the_database_says_so_too():
    project, company, group = people_of("company")
    contract = complete(project, company)

    with pytest.raises(CannotApprove, match="You added version 1"):
        approve(contract, company)
    version = contract.versions.get()
    own = ContractApproval(
        contract=contract, version=version, sha256=version.sha256, content="", author=company,
        organisation=partner_of(project, "company"), approved_by=company, name="Ada",
        registration="doctor", approved_on=TODAY, recorded_at=NOON,
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        own.save(force_insert=True)

    # Once a colleague has added a newer one, they may.
    add_version(contract, checked(files.pdf(2)), actor=group, at=NOON)
    assert approve(contract, company).version.number == 2


def test_the_side_that_the_rules_name_approves(side):
    project, me, _them = people_of(side)
    contract = complete(project, me)
    of_the_group = member_of(partner_of(project, "group"))

    with pytest.raises(CannotApprove, match=f"Somebody of {partner_of(project, 'company').name} approves it"):
        approve(contract, of_the_group)


def test_the_day_lies_between_the_version_and_today_as_the_project_counts(side):
    project, me, _them = people_of(side, time_zone="America/New_York")
    contract = complete(project, me, at=NOON)
    approver = approver_of(contract)
    night = dt.datetime(2026, 11, 25, 3, 0, tzinfo=dt.UTC)  # still the 24th in New York

    for day, words in ((dt.date(2026, 11, 25), "can't lie ahead"), (TODAY - DAY, "before this version")):
        with pytest.raises(CannotDate, match=words):
            approve(contract, approver, at=night, approved_on=day)
    assert approve(contract, approver, at=night, approved_on=dt.date(2026, 11, 24))


def test_what_is_not_complete_or_has_changed_is_not_approved(side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    content = read_contract(contract).content
    write_rows(contract, texts={"why": "Something else."}, actor=them, at=NOON)

    with pytest.raises(ChangedBeforeApproval):
        approve(contract, approver_of(contract), content=content)
    write_rows(contract, texts={"shown": ""}, actor=me, at=NOON)
    with pytest.raises(NotReadyToApprove, match="How support is acknowledged"):
        approve(contract, approver_of(contract))
    with pytest.raises(CannotApprove, match="registrations"):
        approve(contract, approver_of(contract), registration="wizard")
    Project.objects.filter(pk=project.pk).update(stage="agree")
    with pytest.raises(CannotApprove, match="The plan is open again"):
        approve(contract, approver_of(contract))
    assert not ContractApproval.objects.exists()


def test_approving_twice_is_approving_once(side):
    project, me, _them = people_of(side)
    contract = complete(project, me)

    assert approve(contract) == approve(contract)
    assert Event.objects.filter(verb="contract.approved").count() == 1


@pytest.mark.parametrize("kind", ["sponsorship", "service", "joint"])
def test_kinds_that_need_no_approval_ask_for_none(client, side, kind):
    project, me, _them = people_of(side)
    contract = complete(project, me, type=kind)
    client.force_login(me)

    assert not contract.needs_approval
    assert "Approval</h2>" not in client.get(contract.get_absolute_url()).text
    assert client.get(url("contract_approve", contract))["Location"] == contract.get_absolute_url()
    with pytest.raises(CannotApprove, match="needs no approval"):
        approve(contract)


def test_the_kind_decides_and_changing_it_asks_anew(side):
    project, me, _them = people_of(side)
    contract = begun(project, me, type="joint")
    needs = []
    for kind in ("donation", "grant", "sponsorship", "service"):
        change_kind(contract, kind=kind, reason="As agreed.", actor=me, at=NOON)
        contract.refresh_from_db()
        needs.append(contract.needs_approval)

    assert needs == [True, True, False, False]


# What cancels it ------------------------------------------------------------------------------------------


CHANGES = {
    "words": lambda contract, actor, **more: write_rows(
        contract, texts={"why": "Else."}, actor=actor, at=LATER, **more
    ),
    "terms": lambda contract, actor, **more: edit_contract(
        contract, values={"title": "Else"}, actor=actor, at=LATER, **more
    ),
    "version": lambda contract, actor, **more: add_version(
        contract, checked(files.pdf(4)), actor=actor, at=LATER, **more
    ),
    "kind": lambda contract, actor, **more: change_kind(
        contract, kind="donation", reason="A gift.", actor=actor, at=LATER, **more
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_cancels_the_approval_and_only_for_who_knows_of_it(side, change):
    project, me, _them = people_of(side)
    contract = complete(project, me)
    approve(contract)
    contract.refresh_from_db()
    company = partner_of(project, "company")

    with pytest.raises(ClearsSignatures, match=f"{company.name} approved it in the meantime"):
        CHANGES[change](contract, me)
    assert ContractApproval.objects.exists()
    CHANGES[change](contract, me, knows=read_contract(contract).clears)

    contract.refresh_from_db()
    assert (contract.approved_at, ContractApproval.objects.exists()) == (None, False)
    event = Event.objects.get(verb="contract.approval_cleared")
    assert event.detail["sha256"] == contract.versions.get(number=1).sha256
    told = {notice.recipient for notice in Notice.objects.filter(kind="contract_unapproved")}
    assert told == (set() if side == "company" else {person_on_side(project, "company")})


def person_on_side(project, side):
    return project.people.get(acting_for=partner_of(project, side), person__memberships__left_at=None).person


def test_the_page_for_a_new_version_says_before_what_it_cancels(client, side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    approve(contract)
    sign(contract, them)
    client.force_login(me)
    company = partner_of(project, "company").name

    page = client.get(url("version_add", contract)).text
    form = client.get(url("version_add", contract)).context["form"]
    sent = {
        "file": files.upload(files.pdf(7), "new.pdf"),
        "note": "",
        "read": "",
        "knows": form["knows"].value(),
    }
    client.post(url("version_add", contract), sent)

    assert f"{company} has approved this. Saving a change cancels that, and it is approved again." in page
    assert "has signed. Saving a change clears that" in page
    contract.refresh_from_db()
    assert (contract.approved_at, contract.signatures.count(), contract.versions.count()) == (None, 0, 2)


def test_who_did_not_know_of_an_approval_is_asked_again(client, side):
    project, me, _them = people_of(side)
    contract = complete(project, me)
    client.force_login(me)
    sent = {"note": "", "read": "", "knows": ""}
    approve(contract)

    refused = client.post(
        url("version_add", contract), sent | {"file": files.upload(files.pdf(7), "new.pdf")}
    )

    assert refused.status_code == 409
    assert "approved it in the meantime" in refused.text
    assert contract.versions.count() == 1


def test_an_approved_contract_that_nobody_signed_can_be_dropped(side):
    project, me, _them = people_of(side)
    contract = complete(project, me)
    approve(contract)

    drop_contract(contract, reason="Another project.", actor=me, at=LATER)

    assert not ContractApproval.objects.exists()


# The gate -------------------------------------------------------------------------------------------------


def test_signed_by_all_and_not_approved_is_not_delivered_and_it_lies_with_the_company(side):
    project, me, them = people_of(side)
    contract = complete(project, me)

    signed_by_all(contract, me, them)

    project.refresh_from_db()
    contract.refresh_from_db()
    assert (project.stage, contract.signed_at) == ("contract", None)
    assert what_blocks(project) == [WAITS]
    assert [turn.organisation for turn in project.turns.all()] == [partner_of(project, "company")]

    approve(contract, at=LATER)

    project.refresh_from_db()
    contract.refresh_from_db()
    assert (project.stage, contract.signed_at, what_blocks(project) == [WAITS]) == ("deliver", LATER, False)
    assert Event.objects.filter(verb="contract.completed").count() == 1


def test_the_company_is_told_that_only_its_approval_is_missing():
    project, group, company = people_of("group")
    contract = complete(project, group)

    signed_by_all(contract, company, group)

    notice = Notice.objects.filter(recipient=company, kind="contract_turn").latest("pk")
    assert notice.params["approve"]


def test_no_way_leads_into_deliver_past_the_gate(side):
    project, me, them = people_of(side)
    contract = complete(project, me)

    for person in (None, me, them):
        if person is not None:
            signed_by_all(contract, person)
        with pytest.raises(GateIsClosed) as closed, transaction.atomic():
            enter_stage(Project.objects.get(pk=project.pk), "deliver", actor=me, at=LATER)
        assert WAITS in closed.value.reasons
    with pytest.raises(IntegrityError), transaction.atomic():
        Contract.objects.filter(pk=contract.pk).update(signed_at=NOON)


def test_a_signed_contract_keeps_its_approval(side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    sign(contract, me)
    sign(contract, them)
    contract.refresh_from_db()

    with pytest.raises(ContractIsClosed):
        approve(contract)
    with pytest.raises(ContractIsClosed):
        CHANGES["words"](contract, me, knows=read_contract(contract).clears)
    assert contract.approval.content == read_contract(contract).content


# The pages ------------------------------------------------------------------------------------------------


def test_somebody_of_the_company_approves_on_the_page_and_everybody_reads_it(client):
    project, group, company = people_of("group")
    contract = complete(project, group, at=timezone.now())
    client.force_login(company)
    address = url("contract_approve", contract)
    page = client.get(address)
    answer = client.post(address, typed(content=page.context["form"]["content"].value()))

    assert address in client.get(contract.get_absolute_url()).text or answer.status_code == 302
    assert contract.versions.get().sha256 in page.text
    assert answer["Location"] == contract.get_absolute_url()
    for person in (group, company):
        client.force_login(person)
        shown = client.get(contract.get_absolute_url()).text
        assert "Dr Ada Moor, Registered medical practitioner, approved version 1 on" in shown
        overview = client.get(project.get_absolute_url()).text
        assert "approved version 1 of the contract." in overview


def test_the_page_says_what_to_do_where_nobody_else_can_approve(client):
    project, company, group = people_of("company")
    contract = complete(project, company)
    name = partner_of(project, "company").name
    address = url("contract_approve", contract)

    client.force_login(company)
    alone = client.get(address).text
    refused = client.post(address, typed(), follow=True).text
    client.force_login(group)
    across = client.get(address).text
    colleague = approver_of(contract)
    client.force_login(company)
    not_alone = client.get(address).text

    assert f"Nobody else at {name} can do it yet. An Owner invites a colleague as a Lead." in alone
    assert "You added version 1." in alone
    assert "You added version 1." in refused
    assert f"Somebody of {name} approves it." in across
    assert f"{colleague}, {name}" in not_alone
    assert not ContractApproval.objects.exists()


def test_a_wrong_day_and_no_registration_are_said_at_the_field_and_what_was_typed_stays(client):
    project, group, company = people_of("group")
    contract = complete(project, group, at=timezone.now())
    client.force_login(company)
    tomorrow = timezone.now().date() + 2 * DAY

    answer = client.post(url("contract_approve", contract), typed(tomorrow, registration=""))

    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "registration": ["Choose what you are registered as"],
        "approved_on": ["The day of an approval can't lie ahead."],
    }
    assert "Dr Ada Moor" in answer.text


def test_what_changed_while_the_page_was_open_is_read_again_before_it_is_approved(client):
    project, group, company = people_of("group")
    contract = complete(project, group, at=timezone.now())
    client.force_login(company)
    read = client.get(url("contract_approve", contract)).context["form"]["content"].value()
    write_rows(contract, texts={"why": "Else."}, actor=group, at=timezone.now())
    others_confirm(contract)

    answer = client.post(url("contract_approve", contract), typed(content=read))
    again = client.post(
        url("contract_approve", contract), typed(content=answer.context["form"]["content"].value())
    )

    assert answer.status_code == 422
    assert "This was changed after you read it." in answer.text
    assert again.status_code == 302


def test_readers_approve_nothing(client):
    project, group, _company = people_of("group")
    contract = complete(project, group)
    client.force_login(person_on(project, "company", "reader"))

    assert client.post(url("contract_approve", contract), typed()).status_code == 403
    assert url("contract_approve", contract) not in client.get(contract.get_absolute_url()).text


# A start that has passed ------------------------------------------------------------------------------------


def test_a_start_that_has_passed_without_agreement_is_said_on_list_and_page_to_both_sides(client, side):
    project, me, them = people_of(side)
    yesterday = timezone.now().astimezone(project.zone).date() - DAY
    Project.objects.filter(pk=project.pk).update(starts_on=yesterday, ends_on=None)
    listed = reverse("partnerships:project_list")

    for person in (me, them, person_on(project, other_side(side), "reader")):
        client.force_login(person)
        assert "Started without agreement</span>" in client.get(listed).text
        assert "1 project<" in client.get(listed, {"start": "unsigned"}).text
        assert "Started without agreement" in client.get(project.get_absolute_url()).text

    contract = complete(project, me)
    sign(contract, me)
    sign(contract, them)
    client.force_login(me)
    assert "Started without agreement</span>" not in client.get(listed).text
    assert "Started without agreement" not in client.get(project.get_absolute_url()).text
    assert "0 projects" in client.get(listed, {"start": "unsigned"}).text


def test_the_list_and_the_page_judge_a_start_alike_on_the_clock_of_each_project():
    at = dt.datetime(2026, 11, 24, 2, 0, tzinfo=dt.UTC)  # the 24th in London, the 23rd in New York
    wanted = {}
    for zone in ("Europe/London", "America/New_York", "Pacific/Auckland"):
        for stage in ("shape", "agree", "contract", "deliver", "withdrawn"):
            for day in (22, 23, 24, None):
                project, *_people = people_of("group", time_zone=zone)
                fields = {"stage": stage, "starts_on": day and dt.date(2026, 11, day), "ends_on": None}
                if stage == "withdrawn":
                    fields |= {"withdrawn_at": NOON, "withdraw_reason": "other"}
                Project.objects.filter(pk=project.pk).update(**fields)
                wanted[project.pk] = (
                    stage in ("shape", "agree", "contract")
                    and day is not None
                    and (day < (23 if zone == "America/New_York" else 24))
                )

    found = Project.objects.all()
    assert {one.pk: one.started_without_agreement(at=at) for one in found} == wanted
    assert set(found.started_without_agreement(at).values_list("pk", flat=True)) == {
        pk for pk, is_wanted in wanted.items() if is_wanted
    }
