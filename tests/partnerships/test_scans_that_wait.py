"""A copy of what was signed on paper waits for the other side: they are told, and find it at home (rule 82)."""

from dataclasses import replace
from unittest import mock

import pytest

from accounts.files import Verdict
from accounts.models import Notice
from accounts.sending.letters import write
from partnerships.actions.contract import (
    check_held_files,
    confirm_scan,
    remove_signature,
    send_contract,
    write_rows,
)
from partnerships.contract import read_contract
from partnerships.models import Contract, ContractSignature
from portal.waiting import tasks_for
from tests.factories import (
    DAY,
    NOON,
    add_partner,
    make_organisation,
    member_of,
    other_side,
    partner_of,
    person_on,
    signatory_on,
)
from tests.partnerships.contracts import (
    a_scan,
    amended_by,
    complete,
    made_ready,
    people_of,
    sign,
    signed_by_all,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def ready(side):
    """A contract that lies with this side and can be signed, a Lead of it and one of the other."""
    project, me, them = people_of(side)
    return complete(project, me), me, them


def lies_with_them(side):
    contract, me, them = ready(side)
    send_contract(contract, to=partner_of(contract.project, other_side(side)), actor=me, at=NOON)
    return contract, me, them


def told(kind="scan_waits"):
    return [notice.recipient for notice in Notice.objects.filter(kind=kind).order_by("pk")]


def letters(kind="scan_waits", at=NOON):
    """The mails of a kind that would leave now."""
    notices = list(Notice.objects.filter(kind=kind, voided_at=None).select_related("recipient"))
    found = [letter.outcome for letter in write(notices, at=at)]
    return [outcome for outcome in found if not isinstance(outcome, Exception)]


def titles(person):
    """What waits for somebody about signed copies."""
    return [task.title for task in tasks_for(person, at=NOON) if task.key.startswith("scan:")]


def test_the_other_side_is_told_and_finds_it_at_home_though_the_turn_stays(side):
    contract, me, them = lies_with_them(side)

    sign(contract, me, scan=a_scan())

    assert contract.turns.get(until=None).organisation == partner_of(contract.project, other_side(side))
    assert told() == [them]
    assert titles(them) == [f"Confirm the signed copy of {partner_of(contract.project, side).name}"]
    assert titles(me) == []
    assert len(letters()) == 1


def test_the_task_leads_to_the_button_and_is_gone_once_it_is_pressed(client, side):
    contract, me, them = lies_with_them(side)
    signature = sign(contract, me, scan=a_scan())
    client.force_login(them)
    task = next(task for task in tasks_for(them, at=NOON) if task.key == f"scan:{signature.pk}")

    assert "Confirm the signed copy of" in client.get(task.url.partition("#")[0]).text
    confirm_scan(contract, signature, actor=them, at=NOON)

    assert titles(them) == []
    assert letters() == []


def test_where_the_turn_moves_there_is_one_mail_that_says_both(side):
    contract, me, _them = ready(side)

    sign(contract, me, scan=a_scan())
    mails = letters("contract_turn")

    assert told() == []
    assert len(mails) == 1
    assert "Confirm the copy, too" in mails[0].message().as_string()


def test_a_signature_on_the_page_waits_for_nobody(side):
    contract, me, them = ready(side)

    sign(contract, me)

    assert told() == []
    assert titles(them) == []
    assert "Confirm the copy" not in letters("contract_turn")[0].message().as_string()


def test_who_gets_the_contract_only_to_confirm_hears_of_the_copy_alone(side):
    contract, me, them = lies_with_them(side)
    sign(contract, me)
    before = len(told("contract_turn"))

    sign(contract, them, scan=a_scan())

    assert contract.turns.get(until=None).organisation == partner_of(contract.project, side)
    assert told() == [me]
    assert len(told("contract_turn")) == before


def test_signatories_are_told_and_readers_and_the_own_side_are_not(side):
    contract, me, them = lies_with_them(side)
    signatory = signatory_on(contract.project, other_side(side))
    reader = person_on(contract.project, other_side(side), "reader")
    second = make_organisation(side)
    add_partner(contract.project, second, side)
    ally = member_of(second)

    sign(contract, me, scan=a_scan())

    assert set(told()) == {them, signatory}
    assert [titles(person) == [] for person in (them, signatory, reader, ally)] == [False, False, True, True]


def test_each_partner_of_the_other_side_is_told(side):
    contract, me, them = lies_with_them(side)
    second = make_organisation(other_side(side))
    add_partner(contract.project, second, other_side(side))
    ally = member_of(second)

    sign(contract, me, scan=a_scan())

    assert set(told()) == {them, ally}
    assert titles(ally) != []


@pytest.mark.parametrize("verdict, mails", [(Verdict.CLEAN, 1), (Verdict.INFECTED, 0)])
def test_what_the_virus_scanner_has_not_seen_waits_for_it_first(side, verdict, mails):
    contract, me, them = lies_with_them(side)
    sign(contract, me, scan=replace(a_scan(), held=True))
    assert ContractSignature.objects.get().scan_state == "held"
    assert (told(), titles(them)) == ([], [])

    with mock.patch("partnerships.actions.held.scan_kept", return_value=verdict):
        check_held_files(at=NOON)
        check_held_files(at=NOON)

    assert len(told()) == mails
    assert len(titles(them)) == mails


def test_nothing_waits_once_it_is_taken_back_or_the_contract_changes(side):
    for over in (
        lambda contract, me, them: remove_signature(contract, actor=me, at=NOON),
        lambda contract, me, them: write_rows(
            contract,
            texts={"cost": "Twice as much."},
            knows=read_contract(contract).clears,
            actor=them,
            at=NOON,
        ),
    ):
        contract, me, them = lies_with_them(side)
        sign(contract, me, scan=a_scan())

        over(contract, me, them)

        assert titles(them) == []
    assert letters() == []


# An amendment that falls behind ------------------------------------------------------------------------


def two_amendments(side, **texts):
    """A signed contract with two open amendments; the first changes these rows and is ready to be signed."""
    project, me, them = people_of(side)
    contract = complete(project, me)
    signed_by_all(contract, me, them)
    contract = Contract.objects.select_related("project").get(pk=contract.pk)
    first = made_ready(amended_by(contract, me, title="Dearer", **texts), me)
    return first, amended_by(contract, them, title="For carers", why="For carers."), me, them


def test_all_partners_are_told_of_an_amendment_that_falls_behind(side):
    first, _second, me, them = two_amendments(side, cost="Twice as much.")

    signed_by_all(first, me, them, at=NOON + DAY)
    mails = letters("amendment_behind", NOON + DAY)

    assert set(told("amendment_behind")) == {me, them}
    assert "“Dearer” is signed by all" in mails[0].body
    assert "“For carers” was started before that" in mails[0].body


def test_an_amendment_that_changes_nothing_leaves_nobody_behind_and_tells_nobody(side):
    first, _second, me, them = two_amendments(side)

    signed_by_all(first, me, them, at=NOON + DAY)

    assert told("amendment_behind") == []


def test_what_was_taken_up_by_then_is_no_news(side):
    first, second, me, them = two_amendments(side, cost="Twice as much.")
    signed_by_all(first, me, them, at=NOON + DAY)

    Contract.objects.filter(pk=second.pk).update(outdated=False)

    assert letters("amendment_behind", NOON + DAY) == []
