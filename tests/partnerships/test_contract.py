"""Writing a contract: started once, changed by either side without losing a word, sent to and fro."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage

from accounts.files import CannotKeepFile
from accounts.models import Event, Notice
from partnerships.actions.closing import withdraw_project
from partnerships.actions.contract import (
    CannotSendContract,
    CannotStartContract,
    ChangedSince,
    ClearsSignatures,
    ContractIsClosed,
    add_version,
    check_held_files,
    edit_contract,
    send_contract,
    start_contract,
    write_rows,
)
from partnerships.actions.people import ActsForNobody
from partnerships.actions.stages import enter_stage, what_blocks
from partnerships.contract import fingerprints, read_contract
from partnerships.models import Contract, ContractVersion, ContractWording
from tests import files
from tests.factories import (
    DAY,
    NOON,
    add_agency,
    add_partner,
    make_organisation,
    make_project,
    member_of,
    other_side,
    partner_of,
    person_on,
)
from tests.partnerships.contracts import TERMS, WORDS, begun, checked, complete, people_of, sign

pytestmark = pytest.mark.django_db

LATER = NOON + DAY


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def on_disk(settings):
    return sorted(path.suffix for path in settings.MEDIA_ROOT.rglob("*") if path.is_file())


def turns_of(project):
    return [(turn.organisation, turn.kind, turn.ref) for turn in project.turns.order_by("pk")]


def verbs_of(contract):
    return list(
        Event.objects.filter(subject=f"partnerships.contract:{contract.pk}")
        .order_by("pk")
        .values_list("verb", flat=True)
    )


# Starting ------------------------------------------------------------------------------------------


def test_when_the_plan_is_agreed_everybody_is_asked_for_the_contract():
    project = make_project(stage="agree")

    enter_stage(project, "contract", actor=None, at=NOON)

    assert turns_of(project) == [
        (partner_of(project, "company"), "contract", "1"),
        (partner_of(project, "group"), "contract", "1"),
    ]
    assert what_blocks(project) == ["Nobody has started the contract."]


def test_when_the_plan_opens_again_nobody_is_asked_any_more():
    project = make_project(stage="agree")
    enter_stage(project, "contract", actor=None, at=NOON)

    enter_stage(project, "agree", actor=None, at=LATER)

    assert turns_of(project) == []


def test_either_side_starts_the_contract_and_it_lies_with_them(side):
    project, me, _them = people_of(side)
    enter = partner_of(project, side)

    contract = begun(project, me)

    assert {name: getattr(contract, name) for name in TERMS} == TERMS
    assert (contract.number, contract.signed_at) == (1, None)
    assert read_contract(contract).turn.organisation == enter
    assert turns_of(project) == [(enter, "contract", "1")]
    assert [row.code for row in contract.rows.all()] == [
        "what", "why", "who", "support", "when", "cost", "shown", "signs", "signed",
    ]  # fmt: skip
    assert verbs_of(contract) == ["contract.started"]
    assert not Notice.objects.exists()


def test_starting_twice_or_by_both_sides_starts_one_contract(side):
    project, me, them = people_of(side)

    first, again, theirs = begun(project, me), begun(project, me), begun(project, them, title="Another")

    assert first == again == theirs
    assert Contract.objects.get().title == TERMS["title"]


@pytest.mark.parametrize(
    "stage, words",
    [
        ("shape", "First the plan has to be agreed."),
        ("agree", "First the plan has to be agreed."),
    ],
)
def test_no_contract_before_the_plan_is_agreed(side, stage, words):
    project = make_project(stage=stage)

    with pytest.raises(CannotStartContract, match=words):
        begun(project, person_on(project, side))


def test_no_contract_for_a_project_that_is_over(side):
    project = make_project(stage="completed", result="reached", result_how="We asked.")

    with pytest.raises(CannotStartContract, match="This project is over."):
        begun(project, person_on(project, side))


def test_an_agency_starts_no_contract(side):
    project, _me, _them = people_of(side)
    agency = add_agency(project, partner_of(project, side))

    with pytest.raises(ActsForNobody):
        begun(project, member_of(agency))


def test_a_signed_contract_is_followed_by_the_next_number(side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    sign(contract, me)
    sign(contract, them)

    amendment = start_contract(
        project, values={"title": "Six more months", "type": "grant"}, actor=them, at=LATER
    )

    assert (amendment.number, amendment.amount, amendment.currency) == (2, None, "")
    assert turns_of(project)[-1] == (partner_of(project, other_side(side)), "contract", "2")


# Changing ------------------------------------------------------------------------------------------


def test_either_side_changes_the_terms_and_history_keeps_what_stood_before(side):
    project, me, them = people_of(side)
    contract = begun(project, me)

    edit_contract(
        contract, values=TERMS | {"amount": Decimal("13000"), "title": "Handbook"}, actor=them, at=LATER
    )

    contract.refresh_from_db()
    assert (contract.amount, contract.type, contract.title) == (Decimal("13000"), "grant", "Handbook")
    event = Event.objects.get(verb="contract.changed")
    assert (event.actor, event.organisation) == (them, partner_of(project, other_side(side)))
    assert event.detail == {
        "fields": ["amount", "title"],
        "before": {"amount": "12000.0000", "title": TERMS["title"]},
        "after": {"amount": "13000.0000", "title": "Handbook"},
    }


def test_saving_without_a_change_is_nothing(side):
    project, me, _them = people_of(side)
    contract = complete(project, me)
    sign(contract, me)
    before = verbs_of(contract)

    edit_contract(contract, values=TERMS, actor=me, at=LATER)
    changed = write_rows(contract, texts=WORDS, actor=me, at=LATER)

    assert (changed, verbs_of(contract)) == ([], before)
    assert contract.signatures.count() == 1


def test_an_amount_that_goes_takes_its_currency_along(side):
    project, me, _them = people_of(side)
    contract = begun(project, me)

    edit_contract(contract, values=TERMS | {"amount": None}, actor=me, at=LATER)

    contract.refresh_from_db()
    assert (contract.amount, contract.currency) == (None, "")


def test_two_who_change_different_things_both_keep_theirs(side):
    project, me, them = people_of(side)
    contract = begun(project, me)
    read = fingerprints(read_contract(contract).terms)

    edit_contract(contract, values=TERMS | {"title": "Theirs"}, read=read, actor=them, at=NOON)
    edit_contract(contract, values=TERMS | {"ends_on": None}, read=read, actor=me, at=LATER)

    contract.refresh_from_db()
    assert (contract.title, contract.ends_on) == ("Theirs", None)


def test_two_who_change_the_same_are_told_and_the_first_is_kept(side):
    project, me, them = people_of(side)
    contract = begun(project, me)
    read = fingerprints(read_contract(contract).terms)
    edit_contract(contract, values=TERMS | {"title": "Theirs"}, read=read, actor=them, at=NOON)

    with pytest.raises(ChangedSince) as refused:
        edit_contract(
            contract, values=TERMS | {"title": "Mine", "ends_on": None}, read=read, actor=me, at=LATER
        )

    contract.refresh_from_db()
    assert refused.value.places == ["title"]
    assert (contract.title, contract.ends_on) == ("Theirs", TERMS["ends_on"])


def test_rows_are_written_by_either_side_and_every_wording_is_kept(side):
    project, me, them = people_of(side)
    contract = begun(project, me)

    first = write_rows(contract, texts={"why": "For carers.", "what": "A handbook."}, actor=me, at=NOON)
    second = write_rows(contract, texts={"why": "For carers at night."}, actor=them, at=LATER)

    state = read_contract(contract)
    assert (first, second) == (["what", "why"], ["why"])
    assert (state.words["why"], state.words["what"]) == ("For carers at night.", "A handbook.")
    assert (state.rows["why"].written_by, state.rows["why"].written_at) == (them, LATER)
    wordings = ContractWording.objects.filter(row__code="why")
    assert [(wording.text, wording.organisation, wording.written_by) for wording in wordings] == [
        ("For carers.", partner_of(project, side), me),
        ("For carers at night.", partner_of(project, other_side(side)), them),
    ]


def test_two_who_write_the_same_row_are_told_and_other_rows_are_not_saved_by_half(side):
    project, me, them = people_of(side)
    contract = begun(project, me)
    read = fingerprints(read_contract(contract).words)
    write_rows(contract, texts={"why": "Theirs."}, read=read, actor=them, at=NOON)

    with pytest.raises(ChangedSince) as refused:
        write_rows(contract, texts={"why": "Mine.", "what": "Mine too."}, read=read, actor=me, at=LATER)

    words = read_contract(contract).words
    assert (refused.value.places, words["why"], words["what"]) == (["why"], "Theirs.", "")


# Versions of the file ------------------------------------------------------------------------------


def test_a_version_is_kept_under_our_name_with_what_it_is(side, settings):
    project, me, _them = people_of(side)
    contract = begun(project, me)

    version = add_version(
        contract, checked(files.pdf(4), "Draft.pdf"), note="Clause 7 is out.", actor=me, at=NOON
    )

    assert (version.number, version.file_name, version.content_type, version.pages, version.state) == (
        1, "Draft.pdf", "application/pdf", 4, "clean",
    )  # fmt: skip
    assert (version.organisation, version.uploaded_by, version.note) == (
        partner_of(project, side), me, "Clause 7 is out.",
    )  # fmt: skip
    assert "Draft" not in version.file.name
    assert version.file.read() == files.pdf(4)
    assert on_disk(settings) == [".pdf"]


def test_versions_are_counted_and_the_same_file_sent_twice_is_one(side, settings):
    project, me, them = people_of(side)
    contract = begun(project, me)

    numbers = [
        add_version(contract, checked(content), actor=actor, at=NOON).number
        for content, actor in [
            (files.pdf(1), me),
            (files.pdf(1), me),
            (files.pdf(2), me),
            (files.pdf(2), them),
            (files.docx(), them),
        ]
    ]

    assert numbers == [1, 1, 2, 3, 4]
    assert on_disk(settings) == [".docx", ".pdf", ".pdf", ".pdf"]
    assert verbs_of(contract).count("contract.version_added") == 4


def test_a_failed_transaction_leaves_no_row_and_no_file(side, settings, monkeypatch):
    project, me, _them = people_of(side)
    contract = begun(project, me)

    def broken(*args, **kwargs):
        raise RuntimeError("in the middle")

    monkeypatch.setattr("partnerships.actions.contract.files.record", broken)
    with pytest.raises(RuntimeError, match="in the middle"):
        add_version(contract, checked(), actor=me, at=NOON)

    assert not ContractVersion.objects.exists()
    assert on_disk(settings) == []


def test_a_full_disk_leaves_no_row_and_no_file(side, settings, monkeypatch):
    project, me, _them = people_of(side)
    contract = begun(project, me)

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("django.core.files.storage.filesystem.FileSystemStorage._save", full)
    with pytest.raises(CannotKeepFile):
        add_version(contract, checked(), actor=me, at=NOON)

    assert not ContractVersion.objects.exists()
    assert on_disk(settings) == []


def held_version(contract, actor, settings, content=files.PDF):
    settings.CLAMAV_SOCKET = "/nowhere/clamd.ctl"
    return add_version(contract, checked(content), actor=actor, at=NOON)


def test_a_held_file_is_let_go_once_the_scanner_has_answered(side, settings):
    project, me, _them = people_of(side)
    contract = begun(project, me)
    version = held_version(contract, me, settings)

    still = check_held_files(at=LATER)
    settings.CLAMAV_SOCKET = ""
    counted, again = check_held_files(at=LATER), check_held_files(at=LATER)

    version.refresh_from_db()
    assert (still, counted, again) == (
        {"clean": 0, "removed": 0}, {"clean": 1, "removed": 0}, {"clean": 0, "removed": 0},
    )  # fmt: skip
    assert version.state == "clean"


@pytest.mark.django_db(transaction=True)
def test_a_held_file_that_turns_out_infected_is_removed_and_its_side_told(side, settings, monkeypatch):
    from accounts.files import Verdict

    project, me, them = people_of(side)
    contract = begun(project, me)
    version = held_version(contract, me, settings)
    monkeypatch.setattr("partnerships.actions.held.scan_kept", lambda name: Verdict.INFECTED)

    counted = check_held_files(at=LATER)

    version.refresh_from_db()
    assert (counted, version.state) == ({"clean": 0, "removed": 1}, "removed")
    assert not default_storage.exists(version.file.name)
    assert [notice.recipient for notice in Notice.objects.filter(kind="contract_file_removed")] == [me]
    assert "The newest file was removed by the virus scanner." in read_contract(contract).missing()
    assert them not in [notice.recipient for notice in Notice.objects.all()]


# Sending -------------------------------------------------------------------------------------------


def test_the_contract_is_sent_to_and_fro_and_the_days_count_with_whoever_has_it(side):
    project, me, them = people_of(side)
    contract = begun(project, me)
    mine, theirs = partner_of(project, side), partner_of(project, other_side(side))

    send_contract(contract, to=theirs, note="Is clause 7 right?", actor=me, at=NOON + 3 * DAY)
    send_contract(contract, to=mine, actor=them, at=NOON + 15 * DAY)

    state = read_contract(contract)
    assert (state.turn.organisation, state.days_now(at=NOON + 20 * DAY)) == (mine, 5)
    assert state.days(at=NOON + 20 * DAY) == {mine.pk: 8, theirs.pk: 12}
    assert (state.days_of_side(side, at=NOON + 20 * DAY), state.days_of_side(other_side(side), at=NOON)) == (
        8,
        12,
    )
    assert [(turn.organisation, turn.note) for turn in state.turns] == [
        (mine, ""), (theirs, "Is clause 7 right?"), (mine, ""),
    ]  # fmt: skip
    assert turns_of(project) == [(mine, "contract", "1")]


def test_days_are_calendar_days_of_the_project():
    project, me, _them = people_of("group", time_zone="America/New_York")
    late = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)  # still the 23rd in New York

    contract = begun(project, me, at=late)

    state = read_contract(contract)
    assert [state.days_now(at=late + dt.timedelta(hours=hours)) for hours in (1, 2, 25, 26)] == [0, 1, 1, 2]


def test_who_gets_the_contract_is_told_and_an_older_message_is_held_back(side):
    project, me, them = people_of(side)
    contract = begun(project, me)
    mine, theirs = partner_of(project, side), partner_of(project, other_side(side))

    send_contract(contract, to=theirs, note="Is that right?", actor=me, at=NOON)
    send_contract(contract, to=mine, actor=them, at=LATER)

    notices = Notice.objects.filter(kind="contract_turn").order_by("pk")
    assert [(notice.recipient, notice.voided_at) for notice in notices] == [(them, LATER), (me, None)]
    assert notices[0].params == {"organisation": mine.name, "signed": False}


def test_sending_twice_is_sending_once(side):
    project, me, _them = people_of(side)
    contract = begun(project, me)
    theirs = partner_of(project, other_side(side))

    for _ in range(2):
        send_contract(contract, to=theirs, actor=me, at=NOON)

    assert contract.turns.count() == 2
    assert Notice.objects.filter(kind="contract_turn").count() == 1


def test_only_who_has_the_contract_sends_it_on_and_only_to_a_partner(side):
    project, me, them = people_of(side)
    third = make_organisation(side)
    add_partner(project, third, side)
    agency = add_agency(project, third)
    contract = begun(project, me)

    with pytest.raises(CannotSendContract, match="They send it on"):
        send_contract(contract, to=third, actor=them, at=NOON)
    for nobody in (partner_of(project, side), agency, make_organisation(side)):
        with pytest.raises(CannotSendContract, match="Choose one of your partners"):
            send_contract(contract, to=nobody, actor=me, at=NOON)


def test_a_partner_that_left_does_not_keep_the_contract(side):
    project, me, them = people_of(side)
    third = make_organisation(side)
    participation = add_partner(project, third, side)
    contract = begun(project, me)
    send_contract(contract, to=third, actor=me, at=NOON)
    participation.left_at = NOON
    participation.save()

    send_contract(contract, to=partner_of(project, side), actor=them, at=LATER)

    assert read_contract(contract).turn.organisation == partner_of(project, side)


def test_a_withdrawn_project_leaves_the_contract_with_nobody(side):
    project, me, them = people_of(side)
    contract = complete(project, me)

    withdraw_project(project, reason="no_means", actor=them, at=LATER)

    state = read_contract(contract)
    assert (state.turn, turns_of(project)) == (None, [])
    project.refresh_from_db()
    for change in (
        lambda: edit_contract(contract, values={"title": "New"}, actor=me, at=LATER),
        lambda: write_rows(contract, texts={"why": "New"}, actor=me, at=LATER),
        lambda: add_version(contract, checked(files.docx()), actor=me, at=LATER),
        lambda: sign(contract, me),
    ):
        with pytest.raises(ContractIsClosed, match="This project is over"):
            change()


# Reading -------------------------------------------------------------------------------------------


def test_what_a_contract_needs_is_named_one_by_one():
    project, me, _them = people_of("group")
    contract = begun(project, me, starts_on=None, ends_on=None)

    missing = read_contract(contract).missing_in_short()

    assert missing == [
        "Say when it starts and ends.",
        "“What it is” says nothing yet.",
        "“Why, and how it helps patients” says nothing yet.",
        "“Who does what” says nothing yet.",
        "“Kind of support” says nothing yet.",
        "“When” says nothing yet.",
        "“How much, and for what” says nothing yet.",
        "“How support is acknowledged” says nothing yet.",
        "“Who signs” says nothing yet.",
        "There is no file yet.",
        "19 items of the checklist are not settled.",
    ]
    group, company = partner_of(project, "group").name, partner_of(project, "company").name
    assert what_blocks(project) == [
        *missing,
        "The contract is not approved yet. Somebody who did not write it approves it.",
        f"The contract waits for the signature of {company} and {group}.",
    ]  # fmt: skip


@pytest.mark.parametrize("count", [1, 30])
def test_reading_takes_six_queries_however_much_there_is(count, django_assert_num_queries):
    project, me, _them = people_of("group")
    contract = complete(project, me)
    for number in range(count):
        add_version(contract, checked(files.pdf(1, note=str(number))), actor=me, at=NOON)
    contract = Contract.objects.select_related("project").get(pk=contract.pk)

    with django_assert_num_queries(6):
        state = read_contract(contract)
        assert str(state.versions[-1].uploaded_by) == str(me)
        assert state.turn.organisation.name
        assert state.missing() == []
    assert len(state.versions) == count + 1


def test_a_change_that_clears_a_signature_unknown_to_the_writer_asks_first(side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    signature = sign(contract, them)

    for change in (
        lambda **more: edit_contract(contract, values={"title": "New"}, actor=me, at=LATER, **more),
        lambda **more: write_rows(contract, texts={"why": "New"}, actor=me, at=LATER, **more),
        lambda **more: add_version(contract, checked(files.docx()), actor=me, at=LATER, **more),
    ):
        with pytest.raises(ClearsSignatures) as refused:
            change()
        assert refused.value.organisations == [partner_of(project, other_side(side))]
    assert contract.signatures.get() == signature

    edit_contract(contract, values={"title": "New"}, knows=[signature.pk], actor=me, at=LATER)

    assert not contract.signatures.exists()
    assert verbs_of(contract)[-2:] == ["contract.signatures_cleared", "contract.changed"]
    assert [notice.recipient for notice in Notice.objects.filter(kind="contract_unsigned")] == [them]
