"""Dropping a contract that was started by mistake: by who started it, and never one that somebody signed."""

from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.urls import reverse

from accounts.files import Verdict
from accounts.models import Event, Notice
from partnerships.actions.closing import withdraw_project
from partnerships.actions.contract import (
    CannotDropContract,
    ChangedSinceShown,
    ContractIsClosed,
    add_version,
    check_held_files,
    contract_blocks,
    drop_contract,
    remove_signature,
    send_contract,
    start_contract,
    write_rows,
)
from partnerships.models import Contract, ContractSignature, Participation, Project, Turn
from tests.factories import DAY, NOON, other_side, partner_of
from tests.partnerships.contracts import TERMS, begun, checked, complete, people_of, sign
from tests.races import at_once

pytestmark = pytest.mark.django_db

LATER = NOON + DAY
WHY = "It belongs to another project."


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def drop(contract, actor, at=LATER, **more):
    return drop_contract(contract, reason=WHY, actor=actor, at=at, **more)


def told(project):
    notices = Notice.objects.filter(kind="contract_dropped", project=project.reference)
    return [notice.recipient for notice in notices.order_by("pk")]


def turns(project):
    return sorted(
        Turn.objects.filter(project=project, kind="contract").values_list("organisation", flat=True)
    )


def on_disk(settings):
    return [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def dropping(contract):
    return reverse("partnerships:contract_drop", args=[contract.project.reference, contract.number])


# What it does -------------------------------------------------------------------------------------


def test_the_first_contract_goes_and_is_everybodys_to_start_again(side):
    project, me, _them = people_of(side)
    contract = begun(project, me)
    assert turns(project) == [partner_of(project, side).pk]

    drop(contract, me)

    assert not project.contracts.exists()
    assert turns(project) == sorted(partner_of(project, one).pk for one in ("group", "company"))
    assert contract_blocks(project) == ["Nobody has started the contract."]
    line = Event.objects.get(verb="contract.dropped")
    assert line.detail == {"number": 1, "title": contract.title, "why": WHY, "versions": 0}
    assert (line.actor, line.organisation, line.audience) == (me, partner_of(project, side), None)
    # They had nothing to do with it yet.
    assert told(project) == []


def test_its_files_go_after_the_commit_and_not_when_it_fails(
    side, settings, django_capture_on_commit_callbacks
):
    project, me, _them = people_of(side)
    contract = complete(project, me)
    assert len(on_disk(settings)) == 1

    with django_capture_on_commit_callbacks(execute=True):
        drop(contract, me)
        assert len(on_disk(settings)) == 1

    assert on_disk(settings) == []


def test_the_next_contract_has_a_number_of_its_own(side):
    project, me, them = people_of(side)
    dropped = begun(project, me)
    drop(dropped, me)

    following = start_contract(project, values=TERMS, actor=them, at=LATER)

    assert (dropped.number, following.number) == (1, 2)
    assert turns(project) == [partner_of(project, other_side(side)).pk]


def test_an_addition_goes_and_the_signed_contract_stays(side):
    project, me, them = people_of(side)
    first = complete(project, me)
    sign(first, me)
    sign(first, them)
    project.refresh_from_db()
    addition = begun(project, me, title="Printing")

    drop(addition, me)

    assert list(project.contracts.all()) == [first]
    assert (turns(project), project.stage) == ([], "deliver")


def test_while_the_plan_is_open_again_it_is_nobodys_turn(side):
    project, me, _them = people_of(side)
    contract = begun(project, me)
    Project.objects.filter(pk=project.pk).update(stage="agree")

    drop(contract, me)

    assert turns(project) == []


def test_a_scanner_that_answers_after_it_was_dropped_breaks_nothing(side, monkeypatch):
    project, me, _them = people_of(side)
    contract = complete(project, me)
    contract.versions.update(state="held")

    def answer(name):
        drop(contract, me)
        return Verdict.INFECTED

    monkeypatch.setattr("partnerships.actions.held.scan_kept", answer)

    assert check_held_files(at=LATER) == {"clean": 0, "removed": 0}


@pytest.mark.parametrize("how", ["it was sent", "they wrote", "they added a file"])
def test_who_had_it_or_wrote_on_it_is_told(side, how):
    project, me, them = people_of(side)
    contract = begun(project, me)
    if how == "it was sent":
        send_contract(contract, to=partner_of(project, other_side(side)), actor=me, at=NOON)
    elif how == "they wrote":
        write_rows(contract, texts={"why": "For carers."}, actor=them, at=NOON)
    else:
        add_version(contract, checked(), actor=them, at=NOON)

    drop(contract, me)

    assert told(project) == [them]
    # What was still to be sent about it stays here.
    assert not Notice.objects.unsent().filter(kind="contract_turn").exists()


# Who may, and when --------------------------------------------------------------------------------


def test_only_who_started_it_drops_it(side):
    project, me, them = people_of(side)
    contract = begun(project, me)
    send_contract(contract, to=partner_of(project, other_side(side)), actor=me, at=NOON)

    with pytest.raises(CannotDropContract, match="Only who started"):
        drop(contract, them)

    assert project.contracts.exists()


def test_when_who_started_it_has_left_the_others_may(side):
    project, me, them = people_of(side)
    contract = begun(project, me)
    send_contract(contract, to=partner_of(project, other_side(side)), actor=me, at=NOON)
    Participation.objects.filter(organisation=partner_of(project, side)).update(left_at=NOON)

    drop(contract, them)

    assert not project.contracts.exists()


@pytest.mark.parametrize("signer", ["me", "them"])
def test_what_somebody_signed_is_not_dropped_until_that_is_taken_back(side, signer):
    project, me, them = people_of(side)
    contract = complete(project, me)
    person = me if signer == "me" else them
    sign(contract, person)

    with pytest.raises(CannotDropContract, match="has signed it"):
        drop(contract, me)
    remove_signature(contract, actor=person, at=LATER)
    drop(contract, me)

    assert not Contract.objects.exists()


def test_what_all_signed_stays_for_good(side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    sign(contract, me)
    sign(contract, them)

    with pytest.raises(ContractIsClosed):
        drop(contract, me)
    with pytest.raises(ProtectedError):
        contract.delete()


def test_the_database_itself_keeps_what_was_signed(side):
    project, me, _them = people_of(side)
    contract = complete(project, me)
    sign(contract, me)
    ContractSignature.objects.update(version=None, method="paper")

    def without_asking_django():
        with transaction.atomic():
            rows = Contract.objects.filter(pk=contract.pk)
            for related in ("rows", "versions", "turns"):
                named = getattr(contract, related).all()
                if related == "rows":
                    for row in named:
                        row.wordings.all().delete()
                named._raw_delete(named.db)
            rows._raw_delete(rows.db)
            connection.check_constraints()

    with pytest.raises(IntegrityError):
        without_asking_django()
    assert Contract.objects.filter(pk=contract.pk).exists()


def test_of_a_project_that_is_over_nothing_is_dropped(side):
    project, me, them = people_of(side)
    contract = begun(project, me)
    withdraw_project(project, reason="other", note="Enough.", actor=them, at=NOON)

    with pytest.raises(ContractIsClosed):
        drop(contract, me)


def test_nobody_loses_what_was_written_after_they_looked(side):
    project, me, them = people_of(side)
    contract = begun(project, me)
    write_rows(contract, texts={"why": "For carers."}, actor=them, at=NOON)

    with pytest.raises(ChangedSinceShown):
        drop(contract, me, content="0123456789abcdef")

    assert project.contracts.exists()


def test_who_writes_or_signs_after_it_was_dropped_is_told_that_it_is_gone(side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    drop(contract, me)

    with pytest.raises(ContractIsClosed, match="dropped"):
        write_rows(contract, texts={"why": "For carers."}, actor=them, at=LATER)
    with pytest.raises(ContractIsClosed, match="dropped"):
        sign(contract, them, at=LATER)
    with pytest.raises(ContractIsClosed, match="dropped"):
        drop(contract, me)


# Its page -----------------------------------------------------------------------------------------


def test_the_page_says_what_is_lost_and_asks_why(client, side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    send_contract(contract, to=partner_of(project, other_side(side)), actor=me, at=NOON)
    client.force_login(me)

    shown = client.get(dropping(contract))
    without_reason = client.post(dropping(contract), {"content": "", "reason": ""})
    dropped = client.post(
        dropping(contract),
        {"content": shown.context["form"].initial["content"], "reason": WHY},
        follow=True,
    )

    assert "8 rows of nine" in shown.text
    assert "contract.pdf" in shown.text
    assert f"We tell {partner_of(project, other_side(side)).name}" in shown.text
    assert without_reason.status_code == 422
    assert "No contract yet" in dropped.text
    assert WHY in dropped.text
    client.force_login(them)
    page = client.get(reverse("partnerships:contract_list", args=[project.reference])).text
    history = client.get(reverse("portal:project_overview", args=[project.reference])).text
    assert WHY in page
    assert f"dropped the contract “{contract.title}”: {WHY}" in history


def test_the_link_to_it_stands_where_it_can_be_dropped(client, side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    seen = {}
    for who, person in (("me", me), ("them", them)):
        client.force_login(person)
        seen[who] = dropping(contract) in client.get(contract.get_absolute_url()).text
    sign(contract, them)
    client.force_login(me)
    seen["signed"] = dropping(contract) in client.get(contract.get_absolute_url()).text

    assert seen == {"me": True, "them": False, "signed": False}
    assert client.get(dropping(contract))["Location"] == contract.get_absolute_url()
    client.force_login(them)
    assert client.get(dropping(contract)).status_code == 403


def test_what_was_written_meanwhile_is_shown_before_it_is_lost(client, side):
    project, me, them = people_of(side)
    contract = begun(project, me)
    client.force_login(me)
    content = client.get(dropping(contract)).context["form"].initial["content"]
    write_rows(contract, texts={"why": "For carers."}, actor=them, at=NOON)

    asked = client.post(dropping(contract), {"content": content, "reason": WHY})
    agreed = client.post(
        dropping(contract), {"content": asked.context["form"]["content"].value(), "reason": WHY}
    )

    assert (asked.status_code, agreed.status_code) == (409, 302)
    assert "1 row of nine" in asked.text
    assert told(project) == [them]


def test_pressed_twice_and_old_links_lead_to_the_list(client, side):
    project, me, _them = people_of(side)
    contract = begun(project, me)
    drop(contract, me)
    following = begun(project, me, title="The right one")
    client.force_login(me)
    everything = reverse("partnerships:contract_list", args=[project.reference])

    assert client.get(dropping(contract))["Location"] == everything
    assert client.get(contract.get_absolute_url())["Location"] == everything
    listed = client.get(everything).text
    assert (following.title in listed, WHY in listed) == (True, True)


# At the same instant ------------------------------------------------------------------------------


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_signed_and_dropped_at_once_is_one_of_both():
    assert connection.vendor == "postgresql", "Races are run on PostgreSQL: set DATABASE_URL."
    for _ in range(5):
        project, me, them = people_of("company")
        contract = complete(project, me)

        outcomes = at_once(partial(sign, contract, them), partial(drop, contract, me, at=NOON))

        names = [type(outcome).__name__ for outcome in outcomes]
        there = Contract.objects.filter(pk=contract.pk).exists()
        assert names == (
            ["ContractSignature", "CannotDropContract"] if there else ["ContractIsClosed", "NoneType"]
        )
        assert ContractSignature.objects.filter(contract=contract.pk).exists() == there


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_a_file_that_arrives_while_it_is_dropped_does_not_stay(settings):
    assert connection.vendor == "postgresql", "Races are run on PostgreSQL: set DATABASE_URL."
    for _ in range(5):
        project, me, them = people_of("company")
        contract = begun(project, me, at=NOON)

        at_once(
            partial(add_version, contract, checked(), actor=them, at=NOON),
            partial(drop, contract, me, at=NOON),
        )

        assert not Contract.objects.filter(pk=contract.pk).exists()
        assert on_disk(settings) == []
