"""Giving a contract to a colleague: who of the organisation whose turn it is has it now (rule 80)."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.actions import change_member, end_membership
from accounts.models import Event, Membership, Notice
from accounts.sending.letters import write
from partnerships.actions.contract import (
    CannotGive,
    ContractIsClosed,
    give_contract,
    send_contract,
    take_contract_back,
)
from partnerships.actions.people import ActsForNobody
from partnerships.models import ContractTurn
from tests.factories import DAY, NOON, join, make_person, member_of, other_side, partner_of, person_on
from tests.partnerships.contracts import begun, complete, people_of, signed_by_all

pytestmark = pytest.mark.django_db

WORD = "You know the costs better."


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def url(name, contract):
    return reverse(f"partnerships:{name}", args=[contract.project.reference, contract.number])


def begun_with_a_colleague(side):
    """A contract that lies with this side, its Lead, a colleague, and a Lead of the other side."""
    project, me, them = people_of(side)
    return begun(project, me), me, person_on(project, side, name="Ada Colleague"), them


def open_turn(contract):
    return contract.turns.get(until=None)


def told():
    return [notice.recipient for notice in Notice.objects.filter(kind="contract_given").order_by("pk")]


def letters(at):
    """The mails about it that would leave now."""
    notices = list(Notice.objects.filter(kind="contract_given", voided_at=None).select_related("recipient"))
    return [letter for letter in write(notices, at=at) if not isinstance(letter.outcome, Exception)]


def test_whose_turn_it_is_gives_the_contract_to_a_colleague_who_is_told_once(side):
    contract, me, colleague, _them = begun_with_a_colleague(side)

    for _ in range(2):
        give_contract(contract, colleague, word=WORD, actor=me, at=NOON)
    turn = open_turn(contract)

    assert (turn.holder, turn.given_by, turn.given_at, turn.given_word) == (colleague, me, NOON, WORD)
    assert turn.organisation == partner_of(contract.project, side)
    assert told() == [colleague]
    assert Event.objects.get(verb="contract.given").audience == turn.organisation


def test_nobody_is_told_of_their_own_act_and_another_word_is_no_second_mail(side):
    contract, me, colleague, _them = begun_with_a_colleague(side)

    give_contract(contract, me, actor=me, at=NOON)
    assert told() == []

    give_contract(contract, colleague, actor=me, at=NOON)
    give_contract(contract, colleague, word=WORD, actor=me, at=NOON + DAY)

    assert told() == [colleague]
    assert open_turn(contract).given_word == WORD


def test_it_goes_to_leads_and_owners_who_act_for_the_own_organisation_here(side):
    contract, me, _colleague, them = begun_with_a_colleague(side)
    own = partner_of(contract.project, side)
    reader, owner = member_of(own, Membership.Role.READER), member_of(own, Membership.Role.OWNER)
    elsewhere = person_on(contract.project, other_side(side))
    both = member_of(own)
    join(both, partner_of(contract.project, other_side(side)))

    for person in (reader, them, elsewhere, both):
        with pytest.raises(CannotGive, match="Choose a colleague"):
            give_contract(contract, person, actor=me, at=NOON)
    give_contract(contract, owner, actor=me, at=NOON)

    assert open_turn(contract).holder == owner


def test_who_does_not_have_the_turn_gives_nothing_and_takes_nothing_back(side):
    contract, me, colleague, them = begun_with_a_colleague(side)
    give_contract(contract, colleague, actor=me, at=NOON)

    with pytest.raises(CannotGive, match="not with you"):
        give_contract(contract, them, actor=them, at=NOON)
    with pytest.raises(CannotGive, match="not with you"):
        take_contract_back(contract, actor=them, at=NOON)
    with pytest.raises(ActsForNobody):
        give_contract(contract, colleague, actor=make_person(), at=NOON)

    assert open_turn(contract).holder == colleague


def test_it_is_taken_back_by_anybody_of_the_own_side_and_then_nobody_is_told(side):
    contract, me, colleague, _them = begun_with_a_colleague(side)
    give_contract(contract, colleague, word=WORD, actor=me, at=NOON)

    for _ in range(2):
        take_contract_back(contract, actor=colleague, at=NOON)
    turn = open_turn(contract)

    assert (turn.holder, turn.given_by, turn.given_at, turn.given_word) == (None, None, None, "")
    assert Event.objects.filter(verb="contract.given_back").count() == 1
    assert letters(at=NOON + DAY) == []


def test_it_ends_when_the_turn_moves_and_does_not_come_back_with_it(side):
    contract, me, colleague, them = begun_with_a_colleague(side)
    give_contract(contract, colleague, actor=me, at=NOON)

    send_contract(contract, to=partner_of(contract.project, other_side(side)), actor=me, at=NOON)
    send_contract(contract, to=partner_of(contract.project, side), actor=them, at=NOON + DAY)

    assert open_turn(contract).holder is None
    assert letters(at=NOON + DAY) == []


def test_it_ends_when_the_colleague_leaves(side):
    contract, me, colleague, _them = begun_with_a_colleague(side)
    owner = member_of(partner_of(contract.project, side), Membership.Role.OWNER)
    give_contract(contract, colleague, word=WORD, actor=me, at=NOON)

    end_membership(colleague.memberships.get(), hand_over_to=None, actor=owner, at=NOON)

    assert open_turn(contract).holder is None


def test_it_ends_when_the_colleague_may_not_write_contracts_any_more(side):
    contract, me, colleague, _them = begun_with_a_colleague(side)
    owner = member_of(partner_of(contract.project, side), Membership.Role.OWNER)
    give_contract(contract, colleague, word=WORD, actor=me, at=NOON)
    membership = colleague.memberships.get()

    change_member(membership, role=Membership.Role.OWNER, may_sign=False, actor=owner, at=NOON)
    assert open_turn(contract).holder == colleague

    change_member(membership, role=Membership.Role.READER, may_sign=False, actor=owner, at=NOON)
    assert open_turn(contract).holder is None
    assert letters(at=NOON) == []


def test_a_signed_contract_is_given_to_nobody(side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    signed_by_all(contract, me, them)

    with pytest.raises(ContractIsClosed):
        give_contract(contract, me, actor=me, at=NOON)


def test_the_database_keeps_who_gave_it_with_who_has_it(side):
    contract, me, _colleague, _them = begun_with_a_colleague(side)

    for values in ({"holder": me}, {"given_word": WORD}, {"given_by": me, "given_at": NOON}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ContractTurn.objects.filter(contract=contract).update(**values)


# On the page ------------------------------------------------------------------------------------------


def test_both_sides_read_who_has_it_and_the_own_side_alone_reads_the_word(client, side):
    contract, me, colleague, them = begun_with_a_colleague(side)
    name = partner_of(contract.project, side).name
    client.force_login(me)

    answer = client.post(url("contract_give", contract), {"to": colleague.pk, "word": WORD}, follow=True)
    client.force_login(them)
    theirs = client.get(contract.get_absolute_url()).text

    assert "Ada Colleague has the contract now." in answer.text
    assert "Ada Colleague</b>" in answer.text
    assert WORD in answer.text
    assert "Ada Colleague</b>" in theirs
    assert f"has it for {name}." in theirs
    assert WORD not in theirs
    assert url("contract_give", contract) not in theirs
    assert client.get(url("contract_give", contract))["Location"] == contract.get_absolute_url()


def test_a_colleague_gives_it_back_on_the_page(client, side):
    contract, me, colleague, _them = begun_with_a_colleague(side)
    give_contract(contract, colleague, actor=me, at=NOON)
    client.force_login(colleague)
    assert url("contract_take_back", contract) in client.get(contract.get_absolute_url()).text

    answer = client.post(url("contract_take_back", contract), follow=True).text

    assert "The contract is with all of you again." in answer
    assert url("contract_take_back", contract) not in answer


def test_somebody_has_to_be_chosen_and_nobody_of_the_others_can_be(client, side):
    contract, me, _colleague, them = begun_with_a_colleague(side)
    client.force_login(me)

    for data in ({"word": WORD}, {"to": them.pk}, {"to": "x"}):
        answer = client.post(url("contract_give", contract), data)

        assert answer.status_code == 422
    assert client.post(url("contract_give", contract), {"word": WORD}).context["form"].errors == {
        "to": ["Choose who has it"]
    }
    assert open_turn(contract).holder is None


def test_who_is_alone_reads_that_they_are(client, side):
    project, me, _them = people_of(side)
    contract = begun(project, me)
    client.force_login(me)

    assert "You are the only one of" in client.get(url("contract_give", contract)).text
