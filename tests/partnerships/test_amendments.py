"""Amendments: contracts of their own that say row by row what changes, beside the contract that they amend."""

import datetime as dt
from decimal import Decimal
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as modest
from hypothesis import strategies as st

from accounts.models import Event
from partnerships.actions.closing import withdraw_project
from partnerships.actions.contract import (
    CannotApprove,
    CannotConfirm,
    CannotStartContract,
    CannotTakeUp,
    ChangedElsewhere,
    ClearsSignatures,
    ContractIsClosed,
    NotReadyToSign,
    change_kind,
    confirm_scan,
    drop_contract,
    edit_contract,
    send_contract,
    start_amendment,
    take_up,
    write_rows,
)
from partnerships.actions.people import ActsForNobody
from partnerships.amendments import AMENDED_ROWS, in_force
from partnerships.contract import read_contract
from partnerships.models import Contract
from partnerships.side_by_side import amended, side_by_side
from portal import waiting
from tests.factories import (
    DAY,
    NOON,
    add_agency,
    member_of,
    other_side,
    partner_of,
    signatory_on,
)
from tests.partnerships.contracts import (
    TERMS,
    WORDS,
    a_scan,
    amended_by,
    approve,
    approver_of,
    begun,
    complete,
    made_ready,
    nobody_is_asked,
    people_of,
    sign,
    sign_here,
    signed_by_all,
)
from tests.races import at_once

pytestmark = pytest.mark.django_db

LATER, EVEN_LATER = NOON + DAY, NOON + 2 * DAY


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def signed(side):
    """A contract that all have signed, a Lead of this side and one of the other."""
    return signed_contract(side)


def signed_contract(side):
    project, me, them = people_of(side)
    return signed_by_all(complete(project, me), me, them), me, them


def url(name, contract):
    return reverse(f"partnerships:{name}", args=[contract.project.reference, contract.number])


def typed(page, **values):
    """What the form of a page would send, with other words in some places."""
    form = page.context["form"]
    data = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in data.items()} | values


def labels(found):
    return [line.label for line in found]


# Starting one -------------------------------------------------------------------------------------------


def test_an_amendment_starts_with_the_words_of_what_it_amends_and_changes_nothing(signed, side):
    contract, me, _them = signed

    amendment = start_amendment(contract, title="Six more months", actor=me, at=LATER)

    state = read_contract(amendment)
    assert (amendment.number, amendment.amends, amendment.title) == (2, contract, "Six more months")
    assert {code: state.words[code] for code in AMENDED_ROWS} == WORDS
    assert {name: state.terms[name] for name in TERMS if name != "title"} == {
        name: value for name, value in TERMS.items() if name != "title"
    }
    assert (state.changes, state.turn.organisation) == ([], partner_of(contract.project, side))
    assert amendment.needs_approval
    line = Event.objects.get(verb="contract.amendment_started")
    assert (line.organisation, line.detail) == (
        partner_of(contract.project, side), {"number": 2, "amends": 1},
    )  # fmt: skip
    # Who wrote the words, wrote them: filling them in is no writing.
    assert state.rows["why"].written_by == contract.rows.get(code="why").written_by
    assert not state.rows["why"].wordings.exists()


def test_only_a_signed_contract_is_amended(side):
    project, me, _them = people_of(side)
    contract = begun(project, me)

    with pytest.raises(CannotStartContract, match="that all have signed"):
        start_amendment(contract, title="X", actor=me, at=LATER)

    assert project.contracts.count() == 1


def test_what_amends_nothing_changes_nothing(signed):
    contract, _me, _them = signed
    assert (side_by_side(read_contract(contract)), read_contract(contract).changes) == (None, [])


def test_a_project_that_is_over_has_no_new_amendments(signed):
    contract, me, _them = signed
    withdraw_project(contract.project, reason="no_means", actor=me, at=LATER)

    with pytest.raises(CannotStartContract, match="over"):
        start_amendment(contract, title="X", actor=me, at=LATER)


def test_agencies_and_strangers_start_none(signed, side):
    contract, _me, _them = signed
    agency = add_agency(contract.project, partner_of(contract.project, side))

    with pytest.raises(ActsForNobody):
        start_amendment(contract, title="X", actor=member_of(agency), at=LATER)


def test_several_are_open_beside_each_other_and_a_form_sent_twice_starts_one(client, signed):
    contract, me, them = signed
    address = url("contract_amend", contract)
    client.force_login(me)
    page = client.get(address)

    sent = [client.post(address, typed(page, title="Six more months")) for _ in range(2)]
    client.force_login(them)
    client.post(address, typed(client.get(address), title="Other logo"))
    client.force_login(me)
    client.post(address, typed(client.get(address), title="Six more months"))

    assert [answer["Location"] for answer in sent] == [f"{contract.get_absolute_url()[:-2]}2/"] * 2
    # Started again on purpose, from a form that knew the first one, it is another.
    assert list(contract.amendments.order_by("number").values_list("title", flat=True)) == [
        "Six more months", "Other logo", "Six more months",
    ]  # fmt: skip


def test_the_form_says_what_is_missing_and_what_is_open_already(client, signed):
    contract, me, them = signed
    amended_by(contract, them, title="Dearer paper", cost="Twice as much.")
    client.force_login(me)
    address = url("contract_amend", contract)

    page, empty = client.get(address), client.post(address, {"title": "", "number": "1"})

    assert "Dearer paper" in page.text
    assert "Changes: How much, and for what" in page.text
    assert (empty.status_code, empty.context["form"].errors) == (
        422, {"title": ["Give the amendment a title"]},
    )  # fmt: skip


def test_an_amendment_of_an_amendment_amends_the_same_contract(client, signed):
    contract, me, them = signed
    first = made_ready(amended_by(contract, me, LATER, why="For carers, too."), me, LATER)
    signed_by_all(first, me, them, at=LATER)
    client.force_login(me)

    assert client.get(url("contract_amend", first))["Location"] == url("contract_amend", contract)
    second = start_amendment(first, title="Again", actor=me, at=EVEN_LATER)

    assert second.amends == contract
    assert read_contract(second).words["why"] == "For carers, too."
    assert read_contract(second).changes == []


def test_nothing_unsigned_has_a_page_to_amend_it(client, side):
    project, me, _them = people_of(side)
    contract = begun(project, me)
    client.force_login(me)

    assert client.get(url("contract_amend", contract)).status_code == 404
    assert client.post(url("amendment_take_up", contract)).status_code == 404


def test_the_database_refuses_an_amendment_without_something_before_it(signed):
    contract, _me, _them = signed
    with pytest.raises(IntegrityError, match="an_amendment_comes_after"), transaction.atomic():
        Contract.objects.filter(pk=contract.pk).update(amends=contract)


# Side by side -------------------------------------------------------------------------------------------


def test_only_what_says_something_else_is_changed_and_the_rest_is_folded_away(client, signed):
    contract, me, them = signed
    amendment = amended_by(contract, me, LATER, why="In plain words: for carers.")
    edit_contract(
        amendment, values={"amount": Decimal(15000), "ends_on": dt.date(2027, 12, 31)}, actor=me, at=LATER
    )
    change_kind(amendment, kind="service", reason="You pay for talks.", actor=me, at=LATER)

    found = side_by_side(read_contract(Contract.objects.get(pk=amendment.pk)))

    assert [(line.label, line.before, line.after) for line in found.changed] == [
        ("Why, and how it helps patients", "In plain words: why.", "In plain words: for carers."),
        ("Kind of contract", "Grant", "Contracted service"),
        ("Amount", "12,000.00 GBP", "15,000.00 GBP"),
        ("Ends", "25 June 2027", "31 December 2027"),
    ]
    assert len(found.unchanged) == 8
    client.force_login(them)
    page = client.get(amendment.get_absolute_url()).text
    assert "This is an amendment of “Carer handbook, grant”." in page
    assert "8 rows stay as they are" in page
    assert "[new:" in page
    assert page.index("What it changes") < page.index("[new:") < page.index("8 rows stay")


def test_a_row_that_says_again_what_the_contract_says_is_not_changed(signed):
    contract, me, _them = signed
    amendment = amended_by(contract, me, LATER, why="For carers.")

    write_rows(amendment, texts={"why": WORDS["why"]}, actor=me, at=LATER)

    assert read_contract(amendment).changes == []


def test_the_row_about_its_own_signing_is_each_contracts_own(side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    write_rows(contract, texts={"signed": "In two copies."}, actor=me, at=NOON)
    signed_by_all(contract, me, them)

    amendment = amended_by(contract, me, LATER, signed="In three copies.")
    other = amended_by(contract, them, LATER, title="Other", signed="In four.")

    assert contract.rows.get(code="signed").text == "In two copies."
    assert [read_contract(one).changes for one in (amendment, other)] == [[], []]


def test_whoever_signs_or_approves_it_sees_what_it_changes(client, signed):
    contract, me, them = signed
    amendment = made_ready(amended_by(contract, me, LATER, why="For carers, too."), me, LATER)
    approver = approver_of(amendment)

    for person, name in ((them, "contract_sign"), (them, "signature_record"), (approver, "contract_approve")):
        client.force_login(person)
        text = client.get(url(name, amendment)).text
        assert "This amendment says" in text
        assert "11 rows stay as they are" in text


def test_the_signed_contract_says_which_amendment_changed_which_row_later(client, signed):
    contract, me, them = signed
    first = amended_by(contract, me, LATER, title="For carers", why="For carers.", cost="Twice as much.")
    signed_by_all(made_ready(first, me, LATER), me, them, at=LATER)
    second = amended_by(contract, them, EVEN_LATER, title="Cheaper", cost="Half as much.")
    signed_by_all(made_ready(second, them, EVEN_LATER), me, them, at=EVEN_LATER)
    amended_by(contract, me, EVEN_LATER, title="Other words", shown="On page 2.")

    found = amended(Contract.objects.get(pk=contract.pk))

    assert [(label, said, one.title) for label, said, one in found.later] == [
        ("Why, and how it helps patients", "For carers.", "For carers"),
        ("How much, and for what", "Half as much.", "Cheaper"),
    ]
    assert [(one.title, labels) for one, labels in found.open] == [
        ("Other words", ("How support is acknowledged",))
    ]
    client.force_login(them)
    page = client.get(contract.get_absolute_url()).text
    assert "Changed later by amendments" in page
    assert "Half as much." in page
    assert "Amendments in progress" in page
    # What was signed stays as it was.
    assert WORDS["cost"] in page
    assert "Twice as much." not in page


def test_the_list_says_what_amends_what(client, signed):
    contract, me, _them = signed
    amended_by(contract, me, LATER)
    client.force_login(me)

    text = client.get(reverse("partnerships:contract_list", args=[contract.project.reference])).text

    assert "amends “Carer handbook, grant”" in text


def test_a_signed_contract_asks_the_same_however_often_it_is_amended(client, signed):
    contract, me, them = signed
    client.force_login(me)

    def asked():
        client.get(contract.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            client.get(contract.get_absolute_url())
        return len(queries)

    def signed_amendment(number):
        at = LATER + dt.timedelta(minutes=number)
        one = amended_by(contract, me, at, title=f"Number {number}", why=f"Because of {number}.")
        signed_by_all(made_ready(one, me, at), me, them, at=at)

    signed_amendment(1)
    amended_by(contract, me, title="In progress", cost="Twice.")
    few = asked()
    for number in range(2, 5):
        signed_amendment(number)
        amended_by(contract, me, title=f"In progress {number}")

    assert (few, asked()) == (18, 18)


# Two that change the same -------------------------------------------------------------------------------


def test_two_open_amendments_do_not_change_the_same_row(signed):
    contract, me, them = signed
    theirs = amended_by(contract, them, LATER, title="Dearer", cost="Twice as much.")
    mine = amended_by(contract, me, LATER)

    with pytest.raises(ChangedElsewhere) as refused:
        write_rows(mine, texts={"cost": "Half as much.", "why": "For carers."}, actor=me, at=LATER)

    assert {place: (one.amendment, one.said) for place, one in refused.value.found.items()} == {
        "cost": (theirs, "Twice as much.")
    }
    assert read_contract(mine).changes == []
    # Beside it, another row is no matter.
    write_rows(mine, texts={"why": "For carers."}, actor=me, at=LATER)
    assert read_contract(mine).changes == ["why"]


def test_the_page_shows_both_texts_at_the_field_and_keeps_what_was_typed(client, signed):
    contract, me, them = signed
    theirs = amended_by(contract, them, LATER, title="Dearer", cost="Twice as much.")
    mine = amended_by(contract, me, LATER)
    client.force_login(me)
    address = url("rows_write", mine)
    page = client.get(address)

    answer = client.post(address, typed(page, cost="Half as much.", why="For carers."))

    assert answer.status_code == 409
    assert answer.context["form"].errors == {
        "cost": ["The amendment “Dearer” changes this, too. It says: Twice as much."]
    }
    assert [(row["label"], row["theirs"], row["mine"]) for row in answer.context["elsewhere"]] == [
        ("How much, and for what", "Twice as much.", "Half as much.")
    ]
    assert f'href="{theirs.get_absolute_url()}"' in answer.text
    assert ">Half as much.</textarea>" in answer.text.replace("\n", "")
    assert ">For carers.</textarea>" in answer.text.replace("\n", "")
    assert read_contract(mine).changes == []
    # With that row as it was, all else is saved.
    again = client.post(address, typed(answer, cost=WORDS["cost"]))
    assert again.status_code == 302
    assert read_contract(mine).changes == ["why"]


@pytest.mark.parametrize(
    "name, theirs, mine, field",
    [
        ("contract_edit", {"amount": Decimal(15000)}, {"amount": "9000"}, "amount"),
        # An amount in another currency is another amount.
        ("contract_edit", {"amount": Decimal(15000)}, {"currency": "EUR"}, "amount"),
        ("contract_edit", {"ends_on": dt.date(2027, 9, 1)}, {"ends_on_month": "10"}, "ends_on"),
    ],
)
def test_the_same_holds_for_amount_and_dates(client, signed, name, theirs, mine, field):
    contract, me, them = signed
    other = amended_by(contract, them, LATER, title="Dearer")
    edit_contract(other, values=theirs, actor=them, at=LATER)
    amendment = amended_by(contract, me, LATER)
    client.force_login(me)
    data = {
        "title": "Six more months", "amount": "12,000.00", "currency": "GBP",
        "starts_on_day": "11", "starts_on_month": "1", "starts_on_year": "2027",
        "ends_on_day": "25", "ends_on_month": "6", "ends_on_year": "2027",
    }  # fmt: skip
    page = client.get(url(name, amendment))
    data |= {hidden: page.context["form"][hidden].value() for hidden in ("read", "knows")}

    answer = client.post(url(name, amendment), data | mine)

    assert (answer.status_code, list(answer.context["form"].errors)) == (409, [field])
    assert "changes this, too" in answer.text
    assert read_contract(Contract.objects.get(pk=amendment.pk)).changes == []
    # The title is each one's own.
    assert client.post(url(name, amendment), data | {"title": "Another title"}).status_code == 302


def test_the_same_holds_for_the_kind(client, signed):
    contract, me, them = signed
    other = amended_by(contract, them, LATER, title="As a fee")
    change_kind(other, kind="service", reason="Talks.", actor=them, at=LATER)
    amendment = amended_by(contract, me, LATER)
    client.force_login(me)
    page = client.get(url("contract_kind", amendment))

    answer = client.post(
        url("contract_kind", amendment), typed(page, type="sponsorship", reason="A stand at a fair.")
    )

    assert answer.status_code == 409
    assert answer.context["form"].errors == {
        "type": ["The amendment “As a fee” changes this, too. It says: Contracted service"]
    }
    assert "A stand at a fair." in answer.text
    assert Contract.objects.get(pk=amendment.pk).type == "grant"


def test_what_the_other_one_gives_up_is_free_again(signed):
    contract, me, them = signed
    theirs = amended_by(contract, them, LATER, title="Dearer", cost="Twice as much.", why="For all.")
    mine = amended_by(contract, me, LATER)

    write_rows(theirs, texts={"cost": WORDS["cost"]}, actor=them, at=LATER)
    write_rows(mine, texts={"cost": "Half as much."}, actor=me, at=LATER)
    drop_contract(theirs, reason="Not needed.", actor=them, at=LATER)
    write_rows(mine, texts={"why": "For carers."}, actor=me, at=LATER)

    assert read_contract(mine).changes == ["why", "cost"]


def test_amendments_of_different_contracts_do_not_meet(signed):
    contract, me, them = signed
    beside = signed_by_all(complete(contract.project, me, LATER, title="Printing"), me, them, at=LATER)
    amended_by(contract, them, LATER, cost="Twice as much.")

    other = amended_by(beside, me, LATER, cost="Half as much.")

    assert read_contract(other).changes == ["cost"]


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", range(4))
def test_of_two_that_change_the_same_at_the_same_instant_one_does(round):
    contract, me, them = signed_contract("group")
    pair = [amended_by(contract, me, LATER), amended_by(contract, them, LATER, title="Other")]

    outcomes = at_once(
        *(
            partial(write_rows, one, texts={"cost": f"By {one.title}."}, actor=person, at=LATER)
            for one, person in zip(pair, (me, them), strict=True)
        )
    )

    assert sorted(type(one).__name__ for one in outcomes) == ["ChangedElsewhere", "list"]
    assert sorted(read_contract(one).changes for one in pair) == [[], ["cost"]]


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_a_form_sent_several_times_at_once_starts_one():
    contract, me, _them = signed_contract("group")

    outcomes = at_once(*[partial(start_amendment, contract, title="More", number=1, actor=me, at=LATER)] * 4)

    assert set(outcomes) == {contract.amendments.get()}


# One is signed while another is open --------------------------------------------------------------------


@pytest.fixture
def crossed(signed):
    """Two amendments that change different rows. The first is signed; the other lacks nothing but what that changed."""
    contract, me, them = signed
    first = made_ready(amended_by(contract, them, LATER, title="Dearer", cost="Twice as much."), them, LATER)
    second = made_ready(amended_by(contract, me, LATER, why="For carers."), me, LATER)
    signed_by_all(first, me, them, at=LATER)
    second.refresh_from_db()
    return second, me, them


SAYS_SO = "“How much, and for what” was changed by “Dearer” meanwhile. Take that up first."


def test_what_was_changed_meanwhile_is_said_and_nobody_signs_before_it_is_taken_up(client, crossed):
    second, me, them = crossed

    assert (second.outdated, read_contract(second).missing()) == (True, [SAYS_SO])
    with pytest.raises(NotReadyToSign, match="Take that up first"):
        sign_here(second, me, EVEN_LATER)
    with pytest.raises(CannotApprove, match="Take that up first"):
        approve(second, at=EVEN_LATER)
    client.force_login(them)
    page = client.get(second.get_absolute_url())
    assert "Another amendment was signed meanwhile" in page.text
    assert "Changed by “Dearer”" in page.text
    assert "Twice as much." in page.text
    assert not page.context["may_sign"]
    assert SAYS_SO in client.get(url("contract_sign", second)).text
    assert not second.signatures.exists()


def test_taking_it_up_keeps_what_this_one_changes_and_then_it_is_signed(client, crossed):
    second, me, them = crossed
    client.force_login(me)
    page = client.get(second.get_absolute_url())

    answer = client.post(url("amendment_take_up", second), {"knows": page.context["knows"]})

    state = read_contract(Contract.objects.get(pk=second.pk))
    assert answer["Location"] == second.get_absolute_url()
    assert (state.words["cost"], state.words["why"], state.changes) == (
        "Twice as much.", "For carers.", ["why"],
    )  # fmt: skip
    assert (state.contract.outdated, state.missing()) == (False, [])
    assert state.rows["cost"].wordings.get().written_by == me
    line = Event.objects.get(verb="contract.taken_up")
    assert (line.detail["places"], line.detail["amendments"]) == (["cost"], [2])
    # Again changes nothing.
    assert take_up(second, actor=me, at=EVEN_LATER) == []
    signed_by_all(second, me, them, at=EVEN_LATER)
    now = in_force(Contract.objects.get(number=1))
    assert (now.said["cost"], now.said["why"]) == ("Twice as much.", "For carers.")
    assert {place: one.number for place, one in now.changed_by.items()} == {"cost": 2, "why": 3}


def test_taking_it_up_clears_signatures_and_says_so_before(client, signed):
    contract, me, them = signed
    first = made_ready(amended_by(contract, them, LATER, title="Dearer", cost="Twice as much."), them, LATER)
    second = made_ready(amended_by(contract, me, LATER, why="For carers."), me, LATER)
    sign(second, them, LATER)
    signed_by_all(first, me, them, at=LATER)
    client.force_login(me)
    page = client.get(second.get_absolute_url())

    with pytest.raises(ClearsSignatures):
        take_up(second, actor=me, at=EVEN_LATER)
    unknowing = client.post(url("amendment_take_up", second), {"knows": "1,x"}, follow=True)
    before = second.signatures.count()
    client.post(url("amendment_take_up", second), {"knows": page.context["knows"]})

    assert "has signed. Saving a change clears that" in page.text
    assert "signed in the meantime" in unknowing.text
    assert (before, second.signatures.count()) == (1, 0)


def test_a_scan_is_not_confirmed_and_finishes_nothing_that_is_behind(signed):
    contract, me, them = signed
    first = made_ready(amended_by(contract, them, LATER, title="Dearer", cost="Twice as much."), them, LATER)
    second = made_ready(amended_by(contract, me, LATER, why="For carers."), me, LATER)
    sign(second, them, LATER)
    paper = sign(second, me, LATER, scan=a_scan())
    signed_by_all(first, me, them, at=LATER)

    with pytest.raises(CannotConfirm, match="Take that up first"):
        confirm_scan(second, paper, actor=them, at=EVEN_LATER)

    second.refresh_from_db()
    assert second.signed_at is None


def test_the_database_itself_counts_nothing_as_signed_that_is_behind(crossed):
    second, _me, _them = crossed
    with pytest.raises(IntegrityError, match="what_counts_as_signed_is_up_to_date"), transaction.atomic():
        Contract.objects.filter(pk=second.pk).update(signed_at=NOON, approved_at=NOON)


def test_words_of_both_stay_to_be_read_where_both_changed_the_same_after_all(signed):
    """The first was signed; then the second, still behind, changes the same row."""
    contract, me, them = signed
    second = amended_by(contract, me, LATER, why="For carers.")
    first = made_ready(amended_by(contract, them, LATER, title="Dearer", cost="Twice as much."), them, LATER)
    signed_by_all(first, me, them, at=LATER)
    write_rows(second, texts={"cost": "Half as much."}, actor=me, at=EVEN_LATER)

    take_up(second, actor=me, at=EVEN_LATER)

    state = read_contract(Contract.objects.get(pk=second.pk))
    changed = {line.label: (line.before, line.after) for line in side_by_side(state).changed}
    assert changed["How much, and for what"] == ("Twice as much.", "Half as much.")
    assert state.missing_in_short() != state.to_take_up() == []


def test_kind_amount_and_days_are_taken_up_too(signed):
    contract, me, them = signed
    second = amended_by(contract, me, LATER, why="For carers.")
    first = amended_by(contract, them, LATER, title="A service")
    change_kind(first, kind="service", reason="Talks.", actor=them, at=LATER)
    edit_contract(first, values={"amount": None, "ends_on": dt.date(2027, 12, 31)}, actor=them, at=LATER)
    first.refresh_from_db()
    signed_by_all(made_ready(first, them, LATER), me, them, at=LATER)

    take_up(second, actor=me, at=EVEN_LATER)

    second = Contract.objects.get(pk=second.pk)
    assert (second.type, second.amount, second.currency, second.ends_on) == (
        "service", None, "", dt.date(2027, 12, 31),
    )  # fmt: skip
    # What the kind asks for goes along.
    assert not second.needs_approval
    assert second.unsettled_checks == len(read_contract(second).checklist.required)
    assert read_contract(second).changes == ["why"]


def test_days_that_do_not_go_together_are_changed_first(client, signed):
    contract, me, them = signed
    second = amended_by(contract, me, LATER)
    edit_contract(second, values={"ends_on": dt.date(2027, 2, 1)}, actor=me, at=LATER)
    first = amended_by(contract, them, LATER, title="Later")
    edit_contract(first, values={"starts_on": dt.date(2027, 3, 1)}, actor=them, at=LATER)
    signed_by_all(made_ready(first, them, LATER), me, them, at=LATER)

    with pytest.raises(CannotTakeUp, match="before the start"):
        take_up(second, actor=me, at=EVEN_LATER)
    client.force_login(me)
    answer = client.post(url("amendment_take_up", second), follow=True)

    assert "Change the days here first." in answer.text
    edit_contract(second, values={"ends_on": dt.date(2027, 4, 1)}, actor=me, at=EVEN_LATER)
    take_up(second, actor=me, at=EVEN_LATER)
    second = Contract.objects.get(pk=second.pk)
    assert (second.starts_on, second.ends_on) == (dt.date(2027, 3, 1), dt.date(2027, 4, 1))


def test_an_amendment_that_changes_no_row_leaves_nobody_behind(signed):
    contract, me, them = signed
    first = made_ready(amended_by(contract, them, LATER, title="Appendix"), them, LATER)
    second = amended_by(contract, me, LATER, why="For carers.")

    signed_by_all(first, me, them, at=LATER)

    second.refresh_from_db()
    assert not second.outdated


def test_what_is_signed_or_stands_beside_is_not_taken_up(signed):
    contract, me, _them = signed
    with pytest.raises(ContractIsClosed):
        take_up(contract, actor=me, at=LATER)


def test_what_it_changes_belongs_to_what_is_signed(signed):
    """A signature on an amendment is for what it says and for what it says it beside."""
    contract, me, _them = signed
    amendment = amended_by(contract, me, LATER, why="For carers.")
    content = read_contract(amendment).content

    amendment.before |= {"why": "Something else."}

    assert read_contract(amendment).content != content


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", range(4))
def test_of_two_that_get_their_last_signature_at_the_same_instant_one_counts(round):
    contract, me, them = signed_contract("group")
    pair = [
        made_ready(amended_by(contract, me, LATER, why="For carers."), me, LATER),
        made_ready(amended_by(contract, me, LATER, title="Dearer", cost="Twice as much."), me, LATER),
    ]
    for one in pair:
        sign(one, me, LATER)
        approve(one, at=LATER)

    outcomes = at_once(*(partial(sign_here, one, them, EVEN_LATER) for one in pair))

    assert sorted(type(one).__name__ for one in outcomes) == ["ContractSignature", "NotReadyToSign"]
    assert contract.amendments.filter(signed_at=EVEN_LATER, outdated=False).count() == 1
    assert contract.amendments.filter(signed_at=None, outdated=True).count() == 1


# Several at a time --------------------------------------------------------------------------------------


def test_each_open_amendment_lies_where_it_lies(signed, side):
    contract, me, them = signed
    project = contract.project
    mine, theirs = amended_by(contract, me, LATER), amended_by(contract, them, LATER, title="Other")

    send_contract(mine, to=partner_of(project, other_side(side)), actor=me, at=EVEN_LATER)

    tasks = {
        person: sorted(task.title for task in waiting.tasks_for(nobody_is_asked(person), at=EVEN_LATER))
        for person in (me, them)
    }
    assert tasks == {me: [], them: ["Work on contract 2", "Work on contract 3"]}
    # Another contract beside them takes no turn away.
    begun(project, me, EVEN_LATER, title="Printing")
    assert project.turns.filter(kind="contract").count() == 3
    assert read_contract(theirs).turn.organisation == partner_of(project, other_side(side))


def test_a_signatory_is_asked_for_the_one_that_lacks_nothing_else(client, signed, side):
    contract, me, _them = signed
    amended_by(contract, me, LATER, title="Not ready", shown="On page 2.")
    ready = made_ready(amended_by(contract, me, LATER, title="Ready", why="For carers."), me, LATER)
    signatory = signatory_on(contract.project, side)

    tasks = waiting.tasks_for(nobody_is_asked(signatory), at=LATER)

    assert [(task.title, task.url) for task in tasks] == [("Sign the contract", ready.get_absolute_url())]
    client.force_login(signatory)
    assert ready.get_absolute_url() in client.get(contract.project.get_absolute_url()).text


def test_whose_turn_it_is_names_everybody_once(client, signed, side):
    contract, me, them = signed
    amended_by(contract, them, LATER)
    amended_by(contract, them, LATER, title="Other", why="For carers.")
    client.force_login(me)

    name = partner_of(contract.project, other_side(side)).name

    assert f"Waiting for {name}: " in client.get(contract.project.get_absolute_url()).text


def test_when_the_project_is_over_all_of_them_lie_with_nobody(signed):
    contract, me, them = signed
    pair = [amended_by(contract, me, LATER), amended_by(contract, them, LATER, title="Other")]
    project = contract.project

    withdraw_project(project, reason="no_means", actor=me, at=EVEN_LATER)

    assert not project.turns.exists()
    assert [read_contract(one).turn for one in pair] == [None, None]
    with pytest.raises(ContractIsClosed):
        write_rows(pair[0], texts={"why": "X."}, actor=me, at=EVEN_LATER)


def test_a_contract_beside_the_signed_one_amends_nothing(client, signed):
    contract, me, _them = signed
    amended_by(contract, me, LATER)
    client.force_login(me)
    address = reverse("partnerships:contract_add", args=[contract.project.reference])
    page = client.get(address)

    answer = client.post(address, {"title": "Printing", "type": "service"})

    assert "It stands beside the signed one, and changes nothing of it." in page.text
    assert url("contract_amend", contract) in page.text
    assert Contract.objects.get(title="Printing").amends is None
    assert answer["Location"] == f"{contract.get_absolute_url()[:-2]}3/"


# Whatever people do, in any order -----------------------------------------------------------------------

DOINGS = st.lists(
    st.tuples(
        st.sampled_from(["write", "sign", "take up"]),
        st.integers(0, 2),
        st.sampled_from(["why", "cost"]),
        st.sampled_from(["One.", "Two.", "as it was"]),
    ),
    min_size=4,
    max_size=12,
)


@modest(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(doings=DOINGS)
def test_no_order_of_doings_lets_two_change_the_same_or_loses_what_was_signed(doings):
    with transaction.atomic():
        contract, me, them = signed_contract("group")
        three = [amended_by(contract, me, title=f"Number {number}") for number in range(3)]
        for one in three:
            made_ready(one, me)
        at, last = LATER, None
        for doing, number, row, text in doings:
            one, at = three[number], at + dt.timedelta(minutes=1)
            one.refresh_from_db()
            try:
                if doing == "write":
                    words = one.before[row] if text == "as it was" else text
                    write_rows(one, texts={row: words}, knows=read_contract(one).clears, actor=me, at=at)
                elif doing == "sign":
                    sign(one, me, at)
                    sign(one, them, at)
                    last = contract.amendments.filter(signed_at=at).first() or last
                else:
                    take_up(one, actor=me, at=at)
            except (ChangedElsewhere, ContractIsClosed, NotReadyToSign, CannotApprove):
                pass
            current = [
                read_contract(found).changes
                for found in contract.amendments.filter(signed_at=None, outdated=False)
            ]
            assert sum(map(len, current)) == len(set().union(*current))
            if last is not None:
                assert in_force(contract).said == read_contract(last).said
        transaction.set_rollback(True)
