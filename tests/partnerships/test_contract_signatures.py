"""Signing a contract: each partner for itself, for what was read; the last signature ends the stage, once."""

import datetime as dt
from functools import partial

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from accounts.files import JPEG, PDF, PNG
from accounts.models import Event, Notice
from partnerships.actions.contract import (
    CannotSign,
    ChangedSinceRead,
    ContractIsClosed,
    NotReadyToSign,
    add_version,
    confirm_scan,
    edit_contract,
    remove_signature,
    send_contract,
    start_contract,
    write_rows,
)
from partnerships.actions.people import ActsForNobody
from partnerships.actions.stages import what_blocks
from partnerships.contract import read_contract
from partnerships.models import Project
from tests import files
from tests.factories import (
    DAY,
    NOON,
    add_agency,
    add_partner,
    make_organisation,
    member_of,
    other_side,
    partner_of,
    person_on,
)
from tests.partnerships.contracts import (
    TODAY,
    approve,
    begun,
    checked,
    complete,
    others_confirm,
    people_of,
    sign,
)
from tests.races import at_once

pytestmark = pytest.mark.django_db

LATER = NOON + DAY


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def scan(content=None, name="signed.jpg"):
    return checked(content or files.jpeg(), name, kinds=(PDF, PNG, JPEG))


def events_of(project):
    return list(
        Event.objects.filter(project=project.reference)
        .exclude(verb="person.named")
        .order_by("pk")
        .values_list("verb", flat=True)
    )


def test_the_last_signature_ends_the_stage_and_everybody_is_told(side):
    project, me, them = people_of(side)
    mine, theirs = partner_of(project, side), partner_of(project, other_side(side))
    contract = complete(project, me)
    approve(contract)

    first = sign(contract, me)
    project.refresh_from_db()
    contract.refresh_from_db()
    assert (project.stage, contract.signed_at) == ("contract", None)
    assert what_blocks(project) == [f"The contract waits for the signature of {theirs.name}."]

    second = sign(contract, them, at=LATER)

    project.refresh_from_db()
    contract.refresh_from_db()
    assert (project.stage, project.stage_since, contract.signed_at) == ("deliver", LATER, LATER)
    assert [(one.organisation, one.signer, one.signed_on, one.recorded_by) for one in (first, second)] == [
        (mine, str(me), TODAY, me), (theirs, str(them), LATER.date(), them),
    ]  # fmt: skip
    assert not project.turns.exists()
    assert read_contract(contract).turn is None
    told = Notice.objects.filter(kind="contract_signed", voided_at=None)
    assert {notice.recipient for notice in told} == {me, them}
    assert events_of(project)[-4:] == [
        "contract.signed", "contract.signed", "contract.completed", "project.stage_changed",
    ]  # fmt: skip


def test_who_signs_with_the_contract_in_hand_passes_it_to_who_has_not(side):
    project, me, them = people_of(side)
    contract = complete(project, me)

    sign(contract, me)

    assert [turn.organisation for turn in project.turns.all()] == [partner_of(project, other_side(side))]
    (notice,) = Notice.objects.filter(kind="contract_turn")
    assert (notice.recipient, notice.params) == (
        them,
        {"organisation": partner_of(project, side).name, "signed": True},
    )


def test_who_signs_while_it_lies_with_the_others_leaves_it_there(side):
    project, me, them = people_of(side)
    contract = complete(project, me)

    sign(contract, them)

    assert [turn.organisation for turn in project.turns.all()] == [partner_of(project, side)]


def test_every_partner_signs_where_there_are_several(side):
    project, me, them = people_of(side)
    third = make_organisation(other_side(side))
    add_partner(project, third, other_side(side))
    contract = complete(project, me)

    sign(contract, me)
    sign(contract, them)
    project.refresh_from_db()
    assert project.stage == "contract"
    assert [turn.organisation for turn in project.turns.all()] == [third]

    sign(contract, member_of(third))

    project.refresh_from_db()
    assert project.stage == "deliver"


def test_signing_twice_is_signing_once(side, settings):
    project, me, _them = people_of(side)
    contract = complete(project, me)

    first = sign(contract, me, scan=scan())
    again = sign(contract, me, signer="Somebody else", scan=scan(files.jpeg(30, 30)))

    assert (first, contract.signatures.get().signer) == (again, str(me))
    assert len(list((settings.MEDIA_ROOT / "scans").rglob("*.jpg"))) == 1
    assert events_of(project).count("contract.signed") == 1


def test_a_scan_is_kept_with_what_it_is(side):
    project, me, _them = people_of(side)
    contract = complete(project, me)

    signature = sign(contract, me, scan=scan(files.png(), "../Signed page.png"))

    assert (signature.scan_name, signature.scan_type, signature.scan_state) == (
        "Signed page.png", "image/png", "clean",
    )  # fmt: skip
    assert signature.scan.read() == files.png()
    assert "Signed" not in signature.scan.name


def test_the_day_of_a_signature_is_at_the_latest_today_as_the_project_counts(side):
    project, me, them = people_of(side, time_zone="America/New_York")
    contract = complete(project, me)
    night = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)  # still the 23rd in New York

    with pytest.raises(CannotSign, match="can't lie ahead"):
        sign(contract, me, at=night, signed_on=dt.date(2026, 11, 24))
    first = sign(contract, me, at=night, signed_on=dt.date(2026, 11, 23))
    second = sign(contract, them, at=night, signed_on=dt.date(2024, 2, 29))
    confirm_scan(contract, first, actor=them, at=night)
    confirm_scan(contract, second, actor=me, at=night)

    project.refresh_from_db()
    assert project.stage == "deliver"


def test_a_contract_that_is_not_complete_is_not_signed_and_what_is_missing_is_named(side):
    project, me, _them = people_of(side)
    contract = complete(project, me)
    write_rows(contract, texts={"shown": ""}, actor=me, at=NOON)

    with pytest.raises(NotReadyToSign) as refused:
        sign(contract, me)

    assert refused.value.missing == ["“How support is acknowledged” says nothing yet."]
    assert not contract.signatures.exists()


def test_nobody_signs_a_file_that_is_not_checked_for_viruses(side, settings):
    project, me, them = people_of(side)
    contract = complete(project, me)
    settings.CLAMAV_SOCKET = "/nowhere/clamd.ctl"
    add_version(contract, checked(files.pdf(3)), actor=me, at=NOON)

    with pytest.raises(NotReadyToSign, match="not checked for viruses yet"):
        sign(contract, them)


def test_a_signature_is_for_what_was_read(side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    changes = [
        lambda: write_rows(contract, texts={"why": "Something else."}, actor=them, at=NOON),
        lambda: edit_contract(contract, values={"amount": "1"}, actor=them, at=NOON),
        lambda: add_version(contract, checked(files.pdf(9)), actor=them, at=NOON),
    ]
    for change in changes:
        content = read_contract(contract).content
        change()
        contract.refresh_from_db()

        with pytest.raises(ChangedSinceRead):
            sign(contract, me, content=content)

    others_confirm(contract)
    sign(contract, me, content=read_contract(contract).content)
    assert contract.signatures.count() == 1


def test_a_change_before_all_have_signed_starts_the_signing_again(side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    signature = sign(contract, me, scan=scan())

    add_version(contract, checked(files.pdf(2)), knows=[signature.pk], actor=them, at=LATER)
    sign(contract, them, at=LATER)

    project.refresh_from_db()
    assert (project.stage, contract.signatures.get().organisation) == (
        "contract",
        partner_of(project, other_side(side)),
    )


@pytest.mark.django_db(transaction=True)
def test_the_scan_of_a_cleared_signature_goes_with_it(side):
    project, me, _them = people_of(side)
    contract = complete(project, me)
    cleared = sign(contract, me, scan=scan()).scan.name
    edit_contract(contract, values={"title": "New"}, knows=[contract.signatures.get().pk], actor=me, at=LATER)
    taken_back = sign(contract, me, scan=scan()).scan.name
    remove_signature(contract, actor=me, at=LATER)

    assert [default_storage.exists(name) for name in (cleared, taken_back)] == [False, False]


def test_while_the_plan_is_open_again_nobody_signs(side):
    project, me, _them = people_of(side)
    contract = complete(project, me)
    Project.objects.filter(pk=project.pk).update(stage="agree")

    with pytest.raises(CannotSign, match="The plan is open again"):
        sign(contract, me)


def test_an_own_signature_is_taken_back_while_others_are_missing(side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    sign(contract, me)

    assert not remove_signature(contract, actor=them, at=LATER)
    assert remove_signature(contract, actor=me, at=LATER)
    assert not remove_signature(contract, actor=me, at=LATER)
    assert events_of(project)[-1] == "contract.signature_removed"

    sign(contract, me)
    sign(contract, them)
    with pytest.raises(ContractIsClosed):
        remove_signature(contract, actor=me, at=LATER)


def test_a_signed_contract_can_not_change_any_more(side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    sign(contract, me)
    sign(contract, them)
    before = read_contract(contract).content

    for change in (
        lambda: edit_contract(contract, values={"title": "New"}, actor=me, at=LATER),
        lambda: write_rows(contract, texts={"why": "New"}, actor=me, at=LATER),
        lambda: add_version(contract, checked(files.docx()), actor=me, at=LATER),
        lambda: send_contract(contract, to=partner_of(project, side), actor=them, at=LATER),
    ):
        with pytest.raises(ContractIsClosed, match="signed by all"):
            change()

    contract.refresh_from_db()
    assert read_contract(contract).content == before
    assert contract.signatures.count() == 2


def test_an_amendment_that_is_signed_moves_no_stage(side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    sign(contract, me)
    sign(contract, them)
    amendment = complete(project, them, title="Six more months")

    sign(amendment, me)
    sign(amendment, them)

    project.refresh_from_db()
    amendment.refresh_from_db()
    assert (project.stage, amendment.number, amendment.signed_at) == ("deliver", 2, NOON)
    assert not project.turns.filter(kind="contract").exists()


def test_an_agency_and_a_stranger_sign_nothing(side):
    project, me, _them = people_of(side)
    contract = complete(project, me)
    agency = add_agency(project, partner_of(project, side))

    for nobody in (member_of(agency), member_of(make_organisation(side))):
        with pytest.raises(ActsForNobody):
            sign(contract, nobody)


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", range(10))
def test_two_signatures_at_the_same_instant_end_the_stage_once(round):
    assert connection.vendor == "postgresql"
    project, me, them = people_of("group")
    contract = complete(project, me)
    approve(contract)

    # Everybody presses twice, too.
    outcomes = at_once(*(partial(sign, contract, person, LATER) for person in (me, them, me, them)))

    project.refresh_from_db()
    contract.refresh_from_db()
    assert {outcome.pk for outcome in outcomes} == {signature.pk for signature in contract.signatures.all()}
    assert (project.stage, contract.signed_at, contract.signatures.count()) == ("deliver", LATER, 2)
    assert events_of(project).count("contract.completed") == 1
    assert events_of(project).count("project.stage_changed") == 1
    assert Notice.objects.filter(kind="contract_signed").count() == 2


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_a_contract_that_both_sides_start_at_once_is_one():
    project, me, them = people_of("group")

    outcomes = at_once(*(partial(begun, project, person) for person in (me, them, me, them)))

    assert set(outcomes) == {project.contracts.get()}
    assert read_contract(outcomes[0]).turn is not None


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_a_file_sent_twice_at_once_is_one_version(settings):
    project, me, them = people_of("group")
    contract = begun(project, me)
    add_version(contract, checked(files.docx()), actor=them, at=NOON)

    # Checked beforehand: an upload is read once for each request.
    uploads = [checked(), checked(), checked()]
    outcomes = at_once(*(partial(add_version, contract, upload, actor=me, at=NOON) for upload in uploads))

    assert {version.number for version in outcomes} == {2}
    assert len(list(settings.MEDIA_ROOT.rglob("*.pdf"))) == 1


def test_a_person_who_acts_for_nobody_starts_nothing(side):
    project, _me, _them = people_of(side)

    with pytest.raises(ActsForNobody):
        start_contract(
            project, values={"title": "X", "type": "grant"}, actor=member_of(make_organisation(side)), at=NOON
        )
    assert person_on(project, side).project_roles.count() == 1
