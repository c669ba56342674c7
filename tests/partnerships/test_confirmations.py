"""Rows in plain words: what one side wrote, the other side confirms, row by row, before anybody signs."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Event
from partnerships.actions.contract import (
    CannotConfirmRow,
    ChangedSince,
    ContractIsClosed,
    NotReadyToSign,
    add_version,
    confirm_rows,
    edit_contract,
    write_rows,
)
from partnerships.actions.people import ActsForNobody
from partnerships.contract import NEEDED_ROWS, fingerprint, read_contract
from partnerships.models import Contract, ContractRow, Participation
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
    WORDS,
    all_declare,
    begun,
    checked,
    confirm,
    others_confirm,
    people_of,
    settle,
    sign,
)
from tests.races import at_once

pytestmark = pytest.mark.django_db

LATER = NOON + DAY
NEITHER = {"confirmed_at": None, "confirmed_by": None, "confirmed_for": None}


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def written(side, **texts):
    """A contract that lacks nothing but confirmations; a Lead of this side wrote it, and one of the other reads it."""
    project, me, them = people_of(side)
    all_declare(project)
    contract = begun(project, me)
    write_rows(contract, texts=WORDS | texts, actor=me, at=NOON)
    add_version(contract, checked(), actor=me, at=NOON)
    settle(contract, me)
    contract.refresh_from_db()
    return contract, me, them


def url(name, contract):
    return reverse(f"partnerships:{name}", args=[contract.project.reference, contract.number])


def as_read(contract, *codes):
    words = read_contract(contract).words
    return {code: fingerprint(words[code]) for code in codes}


def confirmed(contract):
    return {row.code: row.confirmed_for for row in contract.rows.exclude(confirmed_at=None)}


def ticked(page, *codes):
    return {"read": page.context["form"]["read"].value()} | dict.fromkeys(codes, "on")


# Confirming ------------------------------------------------------------------------------------------------


def test_whichever_side_wrote_the_other_confirms_row_by_row_and_who_and_when_is_kept(side):
    contract, _me, them = written(side)

    codes = confirm_rows(contract, read=as_read(contract, "why", "cost"), actor=them, at=LATER)

    theirs = partner_of(contract.project, other_side(side))
    assert codes == ["cost", "why"]
    assert confirmed(contract) == {"why": theirs, "cost": theirs}
    row = contract.rows.get(code="why")
    assert (row.confirmed_by, row.confirmed_at, row.side) == (them, LATER, side)
    event = Event.objects.get(verb="contract.rows_confirmed")
    assert (event.actor, event.organisation, event.detail["rows"]) == (them, theirs, ["cost", "why"])


def test_the_side_that_wrote_a_row_does_not_confirm_it(side):
    contract, me, _them = written(side)
    colleague = person_on(contract.project, side)

    for person in (me, colleague):
        with pytest.raises(CannotConfirmRow, match="for the other side to confirm"):
            confirm_rows(contract, read=as_read(contract, "why"), actor=person, at=NOON)

    assert confirmed(contract) == {}


def test_rows_of_both_sides_are_confirmed_crosswise(side):
    contract, me, them = written(side)
    write_rows(contract, texts={"cost": "Twice as much."}, actor=them, at=NOON)

    mine, theirs = confirm(contract, me), confirm(contract, them)

    assert mine == ["cost"]
    assert set(theirs) == set(NEEDED_ROWS) - {"cost"}
    assert Contract.objects.waiting_for_signature().filter(pk=contract.pk).exists()


def test_confirming_twice_is_confirming_once(side):
    contract, _me, them = written(side)
    read = as_read(contract, "why")

    codes = [confirm_rows(contract, read=read, actor=them, at=at) for at in (NOON, LATER)]

    assert codes == [["why"], []]
    assert contract.rows.get(code="why").confirmed_at == NOON
    assert Event.objects.filter(verb="contract.rows_confirmed").count() == 1


def test_a_row_that_says_nothing_is_not_confirmed(side):
    contract, _me, them = written(side, cost="")

    with pytest.raises(CannotConfirmRow, match="says nothing yet"):
        confirm_rows(contract, read=as_read(contract, "cost"), actor=them, at=NOON)
    with pytest.raises(LookupError):
        confirm_rows(contract, read={"price": "x"}, actor=them, at=NOON)


def test_agencies_and_strangers_confirm_nothing(side):
    contract, _me, _them = written(side)
    agent = member_of(add_agency(contract.project, partner_of(contract.project, other_side(side))), "owner")

    for person in (agent, member_of(make_organisation(other_side(side)))):
        with pytest.raises(ActsForNobody):
            confirm_rows(contract, read=as_read(contract, "why"), actor=person, at=NOON)


def test_a_row_that_got_another_wording_is_read_again_before_it_is_confirmed(side):
    contract, me, them = written(side)
    read = as_read(contract, "why", "cost")
    write_rows(contract, texts={"why": "For carers at night."}, actor=me, at=NOON)

    with pytest.raises(ChangedSince) as refused:
        confirm_rows(contract, read=read, actor=them, at=NOON)

    assert refused.value.places == ["why"]
    assert confirmed(contract) == {}


def test_a_new_wording_clears_the_confirmation_of_its_row_alone(side):
    contract, me, them = written(side)
    confirm(contract, them)

    write_rows(contract, texts=WORDS | {"why": "For carers at night."}, actor=me, at=LATER)

    assert set(NEEDED_ROWS) - set(confirmed(contract)) == {"why"}
    # Also where the other side writes it: then it is for this one to confirm.
    write_rows(contract, texts={"cost": "Twice as much."}, actor=them, at=LATER)
    assert confirm(contract, me) == ["cost"]


def test_other_changes_leave_confirmations_as_they_are_and_confirming_leaves_signatures(side):
    contract, me, them = written(side)
    confirm(contract, them)

    edit_contract(contract, values={"amount": "1"}, actor=me, at=LATER)
    add_version(contract, checked(files.pdf(9)), actor=me, at=LATER)
    sign(contract, me, at=LATER)
    contract.rows.filter(code="why").update(**NEITHER)
    confirm(contract, them, LATER)

    assert set(confirmed(contract)) == set(NEEDED_ROWS)
    assert contract.signatures.count() == 1


def test_of_several_partners_on_a_side_one_confirms_for_it(side):
    contract, _me, them = written(side)
    second = make_organisation(other_side(side))
    add_partner(contract.project, second, other_side(side))
    ally = make_organisation(side)
    add_partner(contract.project, ally, side)

    with pytest.raises(CannotConfirmRow):
        confirm_rows(contract, read=as_read(contract, "why"), actor=member_of(ally), at=NOON)
    confirm_rows(contract, read=as_read(contract, "why"), actor=member_of(second), at=NOON)

    assert confirmed(contract) == {"why": second}
    assert "why" not in confirm(contract, them)


def test_what_a_partner_wrote_that_left_is_still_for_the_other_side_to_confirm(side):
    contract, _me, them = written(side)
    add_partner(contract.project, make_organisation(side), side)
    ours = Participation.objects.filter(
        project=contract.project, organisation=partner_of(contract.project, side)
    )
    ours.update(left_at=NOON)

    assert set(confirm(contract, them)) == set(NEEDED_ROWS)


def test_a_signed_contract_is_confirmed_no_more(side):
    contract, me, them = written(side)
    confirm(contract, them)
    for person in (me, them):
        sign(contract, person)
    read = as_read(contract, "why")

    with pytest.raises(ContractIsClosed):
        confirm_rows(contract, read=read, actor=them, at=LATER)


# Signing ---------------------------------------------------------------------------------------------------


def test_nobody_signs_while_a_row_lacks_the_confirmation_and_each_is_named(side):
    contract, me, them = written(side)
    others = partner_of(contract.project, other_side(side)).name
    confirm_rows(contract, read=as_read(contract, *[c for c in WORDS if c != "cost"]), actor=them, at=NOON)

    for person in (me, them):
        with pytest.raises(NotReadyToSign) as refused:
            sign(contract, person)
        assert refused.value.missing == [f"“How much, and for what” waits for {others} to confirm it."]
    confirm(contract, them)
    sign(contract, me)

    assert contract.signatures.count() == 1


def test_in_short_the_number_of_rows_is_said_for_each_side(side):
    contract, _me, them = written(side)
    write_rows(contract, texts={"cost": "Twice as much."}, actor=them, at=NOON)
    own, others = (partner_of(contract.project, one).name for one in (side, other_side(side)))

    assert read_contract(contract).missing_in_short() == [
        f"7 rows in plain words wait for {others} to confirm them.",
        f"1 row in plain words waits for {own} to confirm it.",
    ]


def test_a_word_beside_the_signatures_is_confirmed_like_the_rest(side):
    contract, me, them = written(side)
    confirm(contract, them)

    write_rows(contract, texts={"signed": "In Leeds."}, actor=me, at=NOON)

    with pytest.raises(NotReadyToSign, match="“Signed on” waits for"):
        sign(contract, me)
    assert confirm(contract, them) == ["signed"]


def leave_one_out(contract, me, them):
    confirm_rows(contract, read=as_read(contract, *list(WORDS)[1:]), actor=them, at=NOON)


def write_one_again(contract, me, them):
    confirm(contract, them)
    write_rows(contract, texts={"why": "Otherwise."}, actor=them, at=NOON)


def empty_one(contract, me, them):
    confirm(contract, them)
    write_rows(contract, texts={"why": ""}, actor=them, at=NOON)


def one_of_a_partner_that_left(contract, me, them):
    side = contract.rows.get(code="why").side
    add_partner(contract.project, make_organisation(side), side)
    Participation.objects.filter(
        project=contract.project, organisation=contract.rows.get(code="why").written_for
    ).update(left_at=NOON)


def nobody_opposite(contract, me, them):
    Participation.objects.filter(project=contract.project).exclude(
        organisation=contract.rows.get(code="why").written_for
    ).update(left_at=NOON)


def all_confirmed(contract, me, them):
    confirm(contract, them)


def nothing_confirmed(contract, me, them):
    pass


@pytest.mark.parametrize(
    "happens",
    [
        all_confirmed, nothing_confirmed, leave_one_out, write_one_again, empty_one, one_of_a_partner_that_left,
        nobody_opposite,
    ],
)  # fmt: skip
def test_the_rule_of_the_page_and_that_of_the_database_agree(side, happens):
    contract, me, them = written(side)

    happens(contract, me, them)

    contract = Contract.objects.select_related("project").get(pk=contract.pk)
    missing = read_contract(contract).missing()
    assert Contract.objects.waiting_for_signature().filter(pk=contract.pk).exists() == (missing == [])
    assert (missing == []) == (happens in (all_confirmed, nobody_opposite))


@pytest.mark.parametrize(
    "values",
    [
        {"confirmed_at": None},
        {"confirmed_by": None},
        {"confirmed_for": None},
        {"text": ""},
        {"confirmed_for": "own"},
        {"side": ""},
        {"written_for": None},
    ],
)
def test_the_database_refuses_a_confirmation_that_says_half_or_is_of_who_wrote(side, values):
    contract, _me, them = written(side)
    confirm(contract, them)
    row = contract.rows.get(code="why")
    values = {name: row.written_for if value == "own" else value for name, value in values.items()}

    with pytest.raises(IntegrityError), transaction.atomic():
        ContractRow.objects.filter(pk=row.pk).update(**values)


# The pages -------------------------------------------------------------------------------------------------


def test_the_other_side_ticks_what_it_understands_and_leaves_the_rest(client, side):
    contract, me, them = written(side)
    client.force_login(them)

    page = client.get(contract.get_absolute_url()).text
    form = client.get(url("rows_confirm", contract))
    answer = client.post(url("rows_confirm", contract), ticked(form, "why", "cost"), follow=True)

    assert "Waits for you to confirm it" in page
    assert "In plain words: why." in form.text
    assert f"Written by {me}" in form.text
    assert set(confirmed(contract)) == {"why", "cost"}
    assert "2 rows are confirmed." in answer.text
    assert f"Confirmed by {them}" in answer.text
    assert list(client.get(url("rows_confirm", contract)).context["form"].codes) == [
        code for code in WORDS if code not in ("why", "cost")
    ]


def test_who_wrote_sees_what_is_not_confirmed_and_finds_nothing_to_tick(client, side):
    contract, me, _them = written(side)
    client.force_login(me)

    page = client.get(contract.get_absolute_url()).text
    form = client.get(url("rows_confirm", contract)).text

    assert "Not confirmed yet" in page
    assert url("rows_confirm", contract) not in page
    assert "No row waits for you" in form
    assert 'type="checkbox"' not in form


def test_a_form_without_a_tick_says_how_to_go_on(client, side):
    contract, _me, them = written(side)
    client.force_login(them)
    page = client.get(url("rows_confirm", contract))

    answer = client.post(url("rows_confirm", contract), ticked(page))

    assert answer.status_code == 422
    assert "Tick each row that you understand" in answer.text
    assert confirmed(contract) == {}


def test_a_row_that_changed_while_the_page_was_open_is_shown_anew_and_the_other_ticks_stay(client, side):
    contract, me, them = written(side)
    client.force_login(them)
    page = client.get(url("rows_confirm", contract))
    write_rows(contract, texts={"why": "For carers at night."}, actor=me, at=NOON)

    answer = client.post(url("rows_confirm", contract), ticked(page, "why", "cost"))

    assert answer.status_code == 409
    assert "This row changed while you read it." in answer.text
    assert "For carers at night." in answer.text
    assert confirmed(contract) == {}
    form = answer.context["form"]
    assert (form["cost"].value(), form["why"].value()) == (True, False)
    again = client.post(url("rows_confirm", contract), ticked(answer, "why", "cost"))
    assert (again.status_code, set(confirmed(contract))) == (302, {"why", "cost"})


def test_what_a_colleague_confirmed_a_moment_ago_is_no_error(client, side):
    contract, _me, them = written(side)
    client.force_login(them)
    page = client.get(url("rows_confirm", contract))
    confirm(contract, person_on(contract.project, other_side(side)))

    answer = client.post(url("rows_confirm", contract), ticked(page, "why"), follow=True)

    assert answer.status_code == 200
    assert "These rows are confirmed already." in answer.text


def test_whoever_writes_reads_before_that_a_new_wording_clears_the_confirmation(client, side):
    contract, me, them = written(side)
    confirm(contract, them)
    others = partner_of(contract.project, other_side(side)).name
    client.force_login(me)

    page = client.get(url("rows_write", contract)).text

    assert page.count(f"{others} has confirmed it. A new wording clears that.") == len(NEEDED_ROWS)


def test_a_closed_contract_shows_who_confirmed_and_leads_nowhere_to_confirm(client, side):
    contract, me, them = written(side)
    confirm(contract, them)
    for person in (me, them):
        sign(contract, person)
    client.force_login(them)

    page = client.get(contract.get_absolute_url()).text

    assert page.count(f"Confirmed by {them}") == len(NEEDED_ROWS)
    assert client.get(url("rows_confirm", contract))["Location"] == contract.get_absolute_url()


# Hints and words -------------------------------------------------------------------------------------------

LONG = (
    "The company gives the group the money for the handbook within thirty days after both have signed, and the group "
    "says at the end of the year what it was for."
)


def test_hints_stand_beside_a_row_for_who_can_write_it_and_block_nothing(client, side):
    contract, me, them = written(side, why=LONG, cost="£5,000 for printing.")
    reader = person_on(contract.project, side, "reader")

    texts = []
    for person in (me, them, reader):
        client.force_login(person)
        texts.append(client.get(contract.get_absolute_url()).text)
    client.force_login(me)
    writing = client.get(url("rows_write", contract)).text

    hint = "One sentence is longer than 20 words: “The company gives the …”."
    assert [hint in text for text in texts] == [True, True, False]
    assert "Short and clear." in texts[0]
    assert f"To read: {hint}" in writing
    confirm(contract, them)
    assert sign(contract, me)


def test_words_of_contracts_are_explained_in_the_row_in_which_they_stand(client, side):
    contract, _me, them = written(side, cost="Liability is limited. Either side may claim indemnity.")
    client.force_login(them)

    for name in ("contract_detail", "rows_confirm"):
        page = client.get(url(name, contract)).text
        row = page.partition('id="row_cost"')[2].partition('id="row_shown"')[0]

        assert "#liability" in row
        assert "#indemnity" in row
        assert page.count("#liability") == 1


# Contracts from before -------------------------------------------------------------------------------------


def test_open_contracts_ask_for_the_confirmation_and_a_signature_counts_as_one(side):
    contract, _me, them = written(side)
    others_confirm(contract)
    sign(contract, them, at=LATER)
    fresh, _me, _them = written(side)
    ContractRow.objects.update(**NEITHER)

    import_module("partnerships.migrations.0019_rows_confirmed").say_who_wrote(apps, None)

    assert set(confirmed(contract).values()) == {partner_of(contract.project, other_side(side))}
    assert {row.confirmed_at for row in contract.rows.exclude(text="")} == {LATER}
    assert confirmed(fresh) == {}


# Races -----------------------------------------------------------------------------------------------------


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_of_a_new_wording_and_a_confirmation_at_once_nothing_stands_confirmed_that_nobody_read():
    contract, me, them = written("group")
    read = as_read(contract, "why")

    at_once(
        lambda: write_rows(contract, texts={"why": "Otherwise."}, actor=me, at=NOON),
        lambda: confirm_rows(contract, read=read, actor=them, at=NOON),
    )

    row = contract.rows.get(code="why")
    assert (row.text, row.confirmed_at) == ("Otherwise.", None)
