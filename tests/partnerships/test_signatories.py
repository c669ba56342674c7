"""Readers who are named as signatories: when a contract waits for their organisation, and for nothing but a signature."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice
from accounts.notices import NotWanted
from accounts.sending.letters import write
from partnerships.actions.contract import remove_signature, send_contract, write_rows
from partnerships.contract import read_contract
from partnerships.models import Contract, Project
from portal import waiting
from tests.factories import (
    DAY,
    NOON,
    join,
    make_organisation,
    make_project,
    other_side,
    partner_of,
    person_on,
    signatory_on,
)
from tests.partnerships.contracts import WORDS, begun, complete, nobody_is_asked, people_of, sign

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def sent(side):
    """A complete contract that this side has got from the other, which has signed it."""
    project, _me, them = people_of(side)
    return sign(complete(project, them), them).contract


def titles(person):
    return [task.title for task in waiting.tasks_for(nobody_is_asked(person), at=NOON)]


def told(person):
    return [notice.kind for notice in Notice.objects.filter(recipient=person, voided_at=None)]


def letter_to(person):
    return write(list(Notice.objects.filter(recipient=person, kind="contract_turn")), at=NOON)[0].outcome


def test_a_signatory_finds_the_contract_on_home_and_signs_it(client, sent, side):
    project = sent.project
    signatory, lead = signatory_on(project, side), person_on(project, side)

    (task,) = waiting.tasks_for(nobody_is_asked(signatory), at=NOON)

    assert (task.title, task.about) == (
        "Sign the contract",
        f"{project.title}, with {partner_of(project, other_side(side)).name}",
    )
    assert titles(lead) == ["Work on the contract"]
    client.force_login(signatory)
    assert "1 thing is waiting for you" in client.get("/").text
    page = client.get(task.url)
    assert page.context["may_sign"]
    assert (
        client.get(reverse("partnerships:signature_record", args=[project.reference, 1])).status_code == 200
    )
    sign(sent, signatory)
    assert titles(signatory) == []


def test_whoever_may_not_sign_or_acts_elsewhere_finds_nothing(sent, side):
    project = sent.project
    reader = person_on(project, side, "reader")
    across = signatory_on(project, other_side(side))
    former = signatory_on(project, side)
    former.memberships.update(left_at=NOON)
    both = signatory_on(project, side)
    # Named for the other organisation: they sign for their own on other projects.
    both.project_roles.update(acting_for=partner_of(project, other_side(side)))
    join(both, partner_of(project, other_side(side)), "reader")

    assert [titles(person) for person in (reader, across, former, both)] == [[], [], [], []]


def words_missing(contract):
    contract.rows.filter(code="why").update(text="", confirmed_at=None, confirmed_by=None, confirmed_for=None)


def words_not_confirmed(contract):
    contract.rows.filter(code="why").update(confirmed_at=None, confirmed_by=None, confirmed_for=None)


def no_end(contract):
    Contract.objects.filter(pk=contract.pk).update(ends_on=None)


def no_start(contract):
    Contract.objects.filter(pk=contract.pk).update(starts_on=None)


def not_checked(contract):
    contract.versions.update(state="held")


def removed(contract):
    contract.versions.update(state="removed")


def no_file(contract):
    contract.signatures.all().delete()
    contract.versions.all().delete()


@pytest.mark.parametrize(
    "gap", [words_missing, words_not_confirmed, no_end, no_start, not_checked, removed, no_file]
)
def test_a_contract_that_lacks_something_waits_for_no_signature(sent, side, gap):
    signatory = signatory_on(sent.project, side)
    assert read_contract(sent).missing() == []
    assert titles(signatory) == ["Sign the contract"]

    gap(sent)

    sent.refresh_from_db()
    assert len(read_contract(sent).missing()) == 1
    assert titles(signatory) == []


def test_what_was_signed_in_plain_words_need_not_be_written_beside_the_signatures(sent, side):
    assert sent.rows.get(code="signed").text == ""

    assert titles(signatory_on(sent.project, side)) == ["Sign the contract"]


def test_while_the_plan_is_open_again_nothing_is_to_be_signed(sent, side):
    Project.objects.filter(pk=sent.project.pk).update(stage="agree")

    assert titles(signatory_on(sent.project, side)) == []


def test_the_signatory_of_whoever_begins_finds_it_as_soon_as_it_is_complete(side):
    project, me, them = people_of(side)
    contract = begun(project, me)
    mine, theirs = signatory_on(project, side), signatory_on(project, other_side(side))
    before = titles(mine)

    write_rows(contract, texts=WORDS, actor=me, at=NOON)
    files_missing = titles(mine)
    contract = complete(project, me)
    lies_with_us = (titles(mine), titles(theirs))
    sign(contract, me)
    lies_with_them = (titles(mine), titles(theirs))
    remove_signature(contract, actor=me, at=NOON)
    taken_back = (titles(mine), titles(theirs))
    sign(contract, me)
    sign(contract, them)

    assert (before, files_missing) == ([], [])
    assert lies_with_us == (["Sign the contract"], [])
    assert lies_with_them == ([], ["Sign the contract"])
    assert taken_back == ([], ["Sign the contract"])
    assert (titles(mine), titles(theirs)) == ([], [])


def test_a_signatory_is_told_with_the_leads_when_a_signature_is_awaited(side):
    project, me, them = people_of(side)
    contract = begun(project, them)
    signatory, reader = signatory_on(project, side), person_on(project, side, "reader")
    across = signatory_on(project, other_side(side))
    ours = partner_of(project, side)

    send_contract(contract, to=ours, actor=them, at=NOON)
    incomplete = told(signatory)
    send_contract(contract, to=partner_of(project, other_side(side)), actor=me, at=NOON)
    complete(project, them)
    send_contract(contract, to=ours, actor=them, at=NOON)

    assert incomplete == []
    assert [told(person) for person in (signatory, reader, across)] == [["contract_turn"], [], []]
    mail = letter_to(signatory)
    assert "your signature is missing" in mail.subject
    assert "has sent you the contract" in mail.body
    assert "It is complete." in mail.body
    assert "Change what is not right" not in mail.body
    assert "because you sign for your organisation" in mail.body
    assert "Change what is not right" in letter_to(me).body


def test_a_signatory_is_told_that_the_others_have_signed(side):
    project, _me, them = people_of(side)
    signatory = signatory_on(project, side)

    sign(complete(project, them), them)

    assert "It needs your signature, too." in letter_to(signatory).body


def test_signatories_named_on_the_project_are_told_before_others(side):
    project, _me, them = people_of(side)
    named, other = signatory_on(project, side), signatory_on(project, side)
    other.project_roles.all().delete()

    sign(complete(project, them), them)

    assert (told(named), told(other)) == (["contract_turn"], [])


@pytest.mark.parametrize("what", ["signed", "changed", "not named any more"])
def test_a_message_to_a_signatory_that_has_lost_its_sense_is_not_sent(side, what):
    project, me, them = people_of(side)
    signatory = signatory_on(project, side)
    contract = complete(project, them)
    signature = sign(contract, them)

    if what == "signed":
        sign(contract, me)
    elif what == "changed":
        write_rows(contract, texts={"why": ""}, knows=[signature.pk], actor=me, at=NOON)
    else:
        signatory.memberships.update(may_sign=False)

    assert isinstance(letter_to(signatory), NotWanted)


def test_the_project_says_it_is_the_signatorys_turn_and_only_then(client, sent, side):
    project, signatory = sent.project, signatory_on(sent.project, side)
    client.force_login(signatory)

    turn = client.get(project.get_absolute_url()).context["overview"].turn
    words_missing(sent)
    incomplete = client.get(project.get_absolute_url()).context["overview"].turn

    assert (turn.label, turn.text, turn.button) == (
        "Your turn",
        "Waiting for you: sign the contract.",
        "Open the contract",
    )
    assert (incomplete.label, incomplete.button) == ("Your organisation’s turn", "")


@pytest.mark.parametrize("count", [1, 30])
def test_home_of_a_signatory_asks_the_same_number_of_questions(client, django_assert_num_queries, count):
    ours = make_organisation("group")
    projects = [make_project(stage="contract", groups=[ours]) for _ in range(count)]
    for project in projects:
        them = person_on(project, "company")
        sign(complete(project, them), them)
    signatory = signatory_on(projects[0], "group")
    client.force_login(signatory)
    client.get("/")

    # Less than for an Owner: no review, no permission and no wish to join waits for a signatory.
    with django_assert_num_queries(11):
        client.get("/")

    assert titles(signatory) == ["Sign the contract"] * count


def test_a_signatory_puts_the_task_aside_and_asks_for_no_time(client, sent, side):
    project, signatory = sent.project, signatory_on(sent.project, side)
    project.turns.update(due_on=timezone.now().date() + 9 * DAY)
    client.force_login(signatory)

    (task,) = waiting.tasks_for(nobody_is_asked(signatory), at=timezone.now())
    page = client.get(task.later_url)

    assert not task.may_ask_for_time
    assert "more" not in dict(page.context["form"].fields["when"].choices)
