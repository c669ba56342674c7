"""Signing on the page: by whoever has just proved who they are, exactly what it shows; and paper, once it is confirmed."""

import datetime as dt
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.fresh import LASTS, SIGNED_IN
from accounts.models import Event
from partnerships.actions.contract import (
    CannotConfirm,
    CannotSign,
    ChangedSinceRead,
    ClearsSignatures,
    NoScan,
    Proof,
    add_version,
    approve_contract,
    confirm_scan,
    record_signature,
    write_rows,
)
from partnerships.actions.interests import declare_none
from partnerships.actions.stages import what_blocks
from partnerships.contract import read_contract
from partnerships.models import Contract, ContractSignature, Project
from tests import files
from tests.factories import (
    DAY,
    NOON,
    add_partner,
    make_organisation,
    member_of,
    other_side,
    partner_of,
    person_on,
)
from tests.partnerships.contracts import (
    TODAY,
    a_scan,
    all_declare,
    approve,
    approver_of,
    checked,
    complete,
    others_confirm,
    people_of,
    sign,
    sign_here,
)
from tests.races import at_once

pytestmark = pytest.mark.django_db

LATER = NOON + DAY
PASSWORD = "a long and quiet sentence"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def url(name, contract, *more):
    return reverse(f"partnerships:{name}", args=[contract.project.reference, contract.number, *more])


def typed(page, **values):
    return {
        "content": page.context["form"]["content"].value(),
        "signer": "Ada Moor",
        "authority": "on",
    } | values


def an_hour_ago(client):
    session = client.session
    session[SIGNED_IN] = (timezone.now() - dt.timedelta(hours=1)).timestamp()
    session.save()


def ready(side, **fields):
    """A contract that lacks nothing but signatures, and a Lead of each side."""
    project, me, them = people_of(side, **fields)
    contract = complete(project, me)
    approve(contract)
    contract.refresh_from_db()
    return contract, me, them


# On the page ----------------------------------------------------------------------------------------------


def test_the_page_shows_exactly_what_is_signed_and_the_signature_keeps_it(client, side):
    contract, me, _them = ready(side)
    client.force_login(me)
    page = client.get(url("contract_sign", contract))
    version = contract.versions.get()

    answer = client.post(url("contract_sign", contract), typed(page), REMOTE_ADDR="203.0.113.9")

    for words in (version.file_name, version.sha256, "In plain words: why.", "12,000.00 GBP", "not settled"):
        assert words in page.text
    signature = contract.signatures.get()
    assert answer["Location"] == contract.get_absolute_url()
    assert (signature.method, signature.signer, signature.version, signature.sha256) == (
        "page", "Ada Moor", version, version.sha256,
    )  # fmt: skip
    assert signature.content == read_contract(contract).content
    assert (signature.address, signature.counts) == ("203.0.113.9", True)
    assert timezone.now() - signature.proved_at < LASTS
    assert "203.0.113.9" not in str(Event.objects.get(verb="contract.signed").detail)
    assert "Ada Moor signed on" in client.get(contract.get_absolute_url()).text


@pytest.mark.parametrize(
    "change, errors",
    [
        ({"signer": ""}, {"signer": ["Type your name to sign"]}),
        ({"authority": ""}, {"authority": ["Say that you may sign"]}),
    ],
)
def test_name_and_authority_are_both_asked_and_what_was_typed_stays(client, side, change, errors):
    contract, me, _them = ready(side)
    client.force_login(me)
    page = client.get(url("contract_sign", contract))

    answer = client.post(url("contract_sign", contract), typed(page, **change))

    assert (answer.status_code, answer.context["form"].errors) == (422, errors)
    assert "signer" in errors or 'value="Ada Moor"' in answer.text
    assert not contract.signatures.exists()


def test_what_changed_while_the_page_was_open_is_not_signed(client, side):
    contract, me, them = ready(side)
    client.force_login(me)
    page = client.get(url("contract_sign", contract))
    marks = read_contract(contract).clears
    write_rows(contract, texts={"cost": "Twice as much."}, knows=marks, actor=them, at=timezone.now())
    others_confirm(contract)

    answer = client.post(url("contract_sign", contract), typed(page))

    assert answer.status_code == 422
    assert "This was changed after you read it." in answer.text
    assert "Twice as much." in answer.text
    assert not contract.signatures.exists()


def test_who_signed_in_long_ago_confirms_first_by_password_and_comes_back(client, side):
    contract, me, _them = ready(side)
    me.set_password(PASSWORD)
    me.save()
    client.force_login(me)
    address = url("contract_sign", contract)
    page = client.get(address)
    an_hour_ago(client)

    stale = client.get(address)
    late = client.post(address, typed(page))
    asked = client.post(address, {"again": "1"})
    client.post(asked["Location"], {"password": PASSWORD, "next": address})

    assert "First confirm that it is you" in stale.text
    assert 'name="signer"' not in stale.text
    assert late.status_code == 422
    assert not contract.signatures.exists()
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert client.post(address, typed(client.get(address))).status_code == 302
    assert contract.signatures.exists()


def test_who_has_neither_password_nor_second_factor_signs_in_anew_and_comes_back(client, side):
    contract, me, _them = ready(side)
    client.force_login(me)
    an_hour_ago(client)
    address = url("contract_sign", contract)

    asked = client.post(address, {"again": "1"})

    assert asked["Location"].startswith(reverse("accounts:sign_in"))
    assert address.replace("/", "%2F") in asked["Location"]
    assert client.get(address).status_code == 302  # signed out
    client.force_login(me)
    assert 'name="signer"' in client.get(address).text


def test_the_action_itself_refuses_a_proof_that_is_too_old(side):
    contract, me, _them = ready(side)

    with pytest.raises(CannotSign, match="some time ago"):
        sign(contract, me, proof=Proof("192.0.2.7", NOON - LASTS))


def test_what_is_incomplete_shows_what_is_missing_and_who_has_signed_is_led_back(client, side):
    contract, me, _them = ready(side)
    marks = read_contract(contract).clears
    write_rows(contract, texts={"shown": ""}, knows=marks, actor=me, at=NOON)
    client.force_login(me)
    address = url("contract_sign", contract)

    page = client.get(address).text

    assert "“How support is acknowledged” says nothing yet." in page
    assert 'name="signer"' not in page
    write_rows(contract, texts={"shown": "On page 1."}, actor=me, at=NOON)
    others_confirm(contract)
    sign(contract, me)
    assert client.get(address)["Location"] == contract.get_absolute_url()


# On paper -------------------------------------------------------------------------------------------------


def test_a_signature_on_paper_counts_once_the_other_side_has_confirmed_its_scan(side):
    contract, me, them = ready(side)
    project = contract.project
    sign(contract, them)

    signature = sign(contract, me, scan=a_scan())
    project.refresh_from_db()
    before = project.stage, what_blocks(project)
    with pytest.raises(CannotConfirm, match="The other side confirms it"):
        confirm_scan(contract, signature, actor=member_of(partner_of(project, side)), at=LATER)
    confirmed = confirm_scan(contract, signature, actor=them, at=LATER)
    project.refresh_from_db()

    assert before == ("contract", ["A signed copy waits for the other side to confirm it."])
    assert (confirmed.confirmed_by, confirmed.confirmed_for, confirmed.confirmed_at) == (
        them, partner_of(project, other_side(side)), LATER,
    )  # fmt: skip
    assert project.stage == "deliver"
    assert (
        Event.objects.get(verb="contract.scan_confirmed").detail["sha256"] == contract.versions.get().sha256
    )


def test_without_a_scan_nothing_on_paper_is_recorded(side):
    contract, me, _them = ready(side)
    all_declare(contract.project)

    with pytest.raises(NoScan):
        record_signature(contract, signer="Ada", signed_on=TODAY, scan=None, actor=me, at=NOON)


def test_a_partner_of_the_own_side_confirms_nothing(side):
    contract, me, _them = ready(side)
    second = make_organisation(side)
    add_partner(contract.project, second, side)
    signature = sign(contract, me, scan=a_scan())

    with pytest.raises(CannotConfirm):
        confirm_scan(contract, signature, actor=member_of(second), at=LATER)


def test_what_the_virus_scanner_has_not_seen_is_not_confirmed(side):
    contract, me, them = ready(side)
    signature = sign(contract, me, scan=a_scan())
    ContractSignature.objects.update(scan_state="held")

    with pytest.raises(CannotConfirm, match="not checked for viruses"):
        confirm_scan(contract, signature, actor=them, at=LATER)


def test_a_scan_is_confirmed_with_a_button_on_the_contract_by_the_other_side_only(client, side):
    contract, me, them = ready(side)
    signature = sign(contract, me, scan=a_scan())
    button = f"Confirm the signed copy of {partner_of(contract.project, side).name}"

    shown = {}
    for name, person in (
        ("own", me),
        ("other", them),
        ("reader", person_on(contract.project, other_side(side), "reader")),
    ):
        client.force_login(person)
        shown[name] = button in client.get(contract.get_absolute_url()).text
    client.force_login(them)
    answer = client.post(url("scan_confirm", contract, signature.pk), follow=True).text

    assert shown == {"own": False, "other": True, "reader": False}
    assert "is confirmed." in answer
    assert button not in answer
    assert f"The copy was confirmed by {them}" in answer


# What the database keeps ----------------------------------------------------------------------------------


def test_nothing_of_what_all_signed_and_approved_can_be_changed_or_deleted(side):
    contract, me, them = ready(side)
    first = sign(contract, me)
    sign(contract, them)
    contract.refresh_from_db()

    for change in (
        lambda: ContractSignature.objects.filter(pk=first.pk).update(signer="Somebody else"),
        lambda: ContractSignature.objects.filter(pk=first.pk).update(sha256="0" * 64),
        lambda: ContractSignature.objects.filter(pk=first.pk).delete(),
        lambda: type(contract.approval).objects.update(name="Somebody else"),
        lambda: contract.approval.delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    # What the virus scanner says may still come.
    ContractSignature.objects.filter(pk=first.pk).update(scan_state="clean")


def test_the_database_takes_no_signature_on_the_page_without_what_was_signed(side):
    contract, me, _them = ready(side)
    whole = sign(contract, me)

    for gap in ({"sha256": ""}, {"content": ""}, {"address": None}, {"proved_at": None}, {"version": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ContractSignature.objects.filter(pk=whole.pk).update(**gap)


# At the same instant --------------------------------------------------------------------------------------


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", range(4))
def test_a_signature_and_a_new_version_at_the_same_instant_leave_no_signature_on_a_changed_text(round):
    assert connection.vendor == "postgresql"
    contract, me, them = ready("group")
    sign(contract, me)
    state = read_contract(contract)
    content, marks = state.content, state.clears

    signed, added = at_once(
        partial(sign_here, contract, them, LATER, content=content),
        partial(add_version, contract, checked(files.pdf(5)), knows=marks, actor=me, at=LATER),
    )

    contract.refresh_from_db()
    project = Project.objects.get()
    if contract.signed_at:
        # The signature was first: the new version came too late.
        assert (project.stage, contract.versions.count(), contract.signatures.count()) == ("deliver", 1, 2)
        assert isinstance(added, Exception)
    else:
        # The version was first: nothing that was signed or approved before it stands.
        assert isinstance(signed, (ChangedSinceRead, CannotSign))
        assert (project.stage, contract.versions.count(), contract.signatures.count()) == ("contract", 2, 0)
        assert contract.approved_at is None


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", range(4))
def test_the_last_signature_and_the_approval_at_the_same_instant_finish_it_once(round):
    project, me, them = people_of("group")
    contract = complete(project, me)
    approver = approver_of(contract)
    # Who approves is on the project from then on, and asked like everybody there.
    declare_none(project, number=0, actor=approver, at=NOON)
    all_declare(project)
    sign_here(contract, me)

    outcomes = at_once(
        partial(sign_here, contract, them, LATER),
        partial(
            approve_contract, contract, name="Ada", registration="doctor", approved_on=LATER.date(),
            actor=approver, at=LATER,
        ),
    )  # fmt: skip

    contract.refresh_from_db()
    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert (Project.objects.get().stage, contract.signed_at) == ("deliver", LATER)
    assert Event.objects.filter(verb="contract.completed").count() == 1


def test_a_version_that_is_added_knowingly_clears_signatures_and_confirmations(side):
    contract, me, them = ready(side)
    confirm_scan(contract, sign(contract, me, scan=a_scan()), actor=them, at=NOON)
    marks = read_contract(contract).clears

    with pytest.raises(ClearsSignatures):
        add_version(contract, checked(files.pdf(5)), actor=them, at=LATER)
    add_version(contract, checked(files.pdf(5)), knows=marks, actor=them, at=LATER)

    contract = Contract.objects.get()
    assert (contract.signatures.count(), contract.approved_at) == (0, None)
