"""Versions of a contract side by side: read once by a worker, shown to partners alike, and never guessed at."""

import re

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import JobRun
from accounts.sending.delivery import send_due
from partnerships.actions.contract import (
    add_version,
    ask_about_row,
    check_held_files,
    read_files,
    reading,
    send_contract,
)
from partnerships.actions.contract.reading import MOST_AT_ONCE, READ_WHEN_RUNG
from partnerships.models import ContractText, ContractVersion
from partnerships.tasks import read_contracts, read_when_rung
from tests import files
from tests.factories import DAY, NOON, other_side, partner_of, person_on
from tests.partnerships.contracts import begun, checked, complete, people_of

pytestmark = pytest.mark.django_db

LATER = NOON + DAY
FIRST = ["1. The company pays within 30 days.", "2. It ends in May.", "3. The group sends a report."]
SECOND = [
    "1. The company pays within 90 days, without VAT.",
    "2. It ends in May.",
    "4. Nobody else is told of it.",
]


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def word(paragraphs):
    return checked(files.docx_of(paragraphs), "contract.docx")


def two_versions(side, *contents, read=True, note="Our finance team needs 90 days."):
    project, me, them = people_of(side)
    contract = begun(project, me)
    for number, content in enumerate(contents or (word(FIRST), word(SECOND))):
        add_version(contract, content, note=note if number else "", actor=(me, them)[number % 2], at=NOON)
    if read:
        read_files(at=LATER)
    return contract, me, them


def address(contract, version=2, since=None):
    path = reverse(
        "partnerships:version_changes", args=[contract.project.reference, contract.number, version]
    )
    return path if since is None else f"{path}?since={since}"


def shown(client, person, *where, status=200, **which):
    client.force_login(person)
    answer = client.get(address(*where, **which))
    assert answer.status_code == status
    return answer.text.partition("<main")[2].partition("</main>")[0]


# Reading --------------------------------------------------------------------------------------------


def test_each_version_is_read_once(side):
    two_versions(side, word(FIRST), checked(files.pdf_of(SECOND)), read=False)

    counted, again = read_files(at=LATER), read_files(at=LATER)

    assert counted == {"read": 2, "unreadable": 0, "later": 0}
    assert again == {"read": 0, "unreadable": 0, "later": 0}
    texts = ContractText.objects.order_by("version__number")
    assert [text.paragraphs for text in texts] == [FIRST, SECOND]
    assert {text.read_at for text in texts} == {LATER}


def test_what_holds_no_text_is_said_to_and_not_tried_again():
    two_versions("group", word(["", " "]), checked(files.pdf()), read=False)

    counted, again = read_files(at=LATER), read_files(at=LATER)

    assert (counted["unreadable"], again["unreadable"]) == (2, 0)
    assert {(text.state, text.text) for text in ContractText.objects.all()} == {("unreadable", "")}


@pytest.mark.django_db(transaction=True)
def test_a_contract_that_is_dropped_while_it_is_read_stops_nobody(monkeypatch):
    contract, _me, _them = two_versions("group", word(FIRST), read=False)
    read_kept = reading.read_kept

    def read_and_drop(*args, **more):
        text = read_kept(*args, **more)
        contract.delete()
        return text

    monkeypatch.setattr(reading, "read_kept", read_and_drop)

    assert read_files(at=LATER) == {"read": 0, "unreadable": 0, "later": 1}
    assert not ContractText.objects.exists()


def test_a_file_that_is_not_on_the_disk_now_is_read_when_it_is_back():
    contract, _me, _them = two_versions("group", word(FIRST), read=False)
    name = contract.versions.get().file.name
    with default_storage.open(name) as kept:
        content = kept.read()
    default_storage.delete(name)

    away = read_files(at=LATER)
    with open(default_storage.path(name), "wb") as back:
        back.write(content)

    assert (away, read_files(at=LATER)) == (
        {"read": 0, "unreadable": 0, "later": 1}, {"read": 1, "unreadable": 0, "later": 0},
    )  # fmt: skip


def test_a_file_that_two_workers_read_is_kept_once(monkeypatch):
    from partnerships.actions.contract import reading

    two_versions("group", word(FIRST), read=False)
    alone = reading.read_kept

    def both(*args):
        monkeypatch.setattr(reading, "read_kept", alone)
        read_files(at=NOON)
        return alone(*args)

    monkeypatch.setattr(reading, "read_kept", both)
    read_files(at=LATER)

    assert ContractText.objects.get().read_at == NOON


def test_a_run_reads_the_newest_and_leaves_the_rest_to_the_next(monkeypatch):
    from accounts.files.paragraphs import Text

    contract, me, _them = two_versions("group", word(FIRST), read=False)
    for number in range(MOST_AT_ONCE + 1):
        add_version(contract, checked(files.pdf(note=str(number))), actor=me, at=NOON)
    monkeypatch.setattr("partnerships.actions.contract.reading.read_kept", lambda *_: Text(("Words.",)))

    first = read_files(at=LATER)

    assert first["read"] == MOST_AT_ONCE
    assert set(ContractVersion.objects.filter(text=None).values_list("number", flat=True)) == {1, 2}
    assert read_files(at=LATER)["read"] == 2


def test_a_held_file_is_read_when_the_scanner_has_let_it_go(settings):
    settings.CLAMAV_SOCKET = "/nowhere/clamd.ctl"
    two_versions("group", word(FIRST), read=False)

    held = read_files(at=LATER)
    settings.CLAMAV_SOCKET = ""
    check_held_files(at=LATER)

    assert (held["read"], read_files(at=LATER)["read"]) == (0, 1)


def test_uploading_rings_for_a_reader_once(monkeypatch, django_capture_on_commit_callbacks):
    rung = []
    monkeypatch.setattr("accounts.notices.current_app.send_task", lambda task, **_: rung.append(task))

    with django_capture_on_commit_callbacks(execute=True):
        two_versions("group", read=False)

    assert rung.count(READ_WHEN_RUNG) == 1
    assert read_when_rung.name == READ_WHEN_RUNG


def test_the_sweep_writes_down_that_it_ran_and_the_bell_does_not():
    two_versions("group", word(FIRST), read=False)

    read_when_rung()
    read_contracts()

    assert ContractText.objects.count() == 1
    run = JobRun.objects.get()
    assert (run.name, run.detail) == ("read_contracts", {"read": 0, "unreadable": 0, "later": 0})


@pytest.mark.parametrize("state, text", [("read", ""), ("unreadable", "Words"), ("other", "Words")])
def test_what_was_read_says_something(state, text):
    contract, _me, _them = two_versions("group", word(FIRST), read=False)

    with pytest.raises(IntegrityError, match="what_was_read_says_something"), transaction.atomic():
        ContractText.objects.create(version=contract.versions.get(), state=state, text=text, read_at=NOON)


# The page -------------------------------------------------------------------------------------------


def test_both_sides_see_the_same_changes_with_who_said_why(client, side):
    contract, me, them = two_versions(side)

    ours, theirs = shown(client, me, contract), shown(client, them, contract)

    for page in (ours, theirs):
        assert "1 paragraph changed, 1 is new, 1 went." in page
        assert "Our finance team needs 90 days." in page
        assert f"{them.memberships.get().organisation.name} about version 2:" in page
        assert '<del><span class="vh">[went: </span>30<span class="vh">]</span></del> days' in page
        assert '<ins><span class="vh">[new: </span>90<span class="vh">]</span></ins> days' in page
        assert page.count("It ends in May.") == 1
        assert "1 paragraph is the same" in page
        # Words of contracts in what changed.
        assert "Words explained" in page
        assert f'href="{reverse("principles:words")}#vat"' in page
    assert ours.partition("In short")[2] == theirs.partition("In short")[2]


def test_the_page_of_the_contract_leads_to_the_changes_of_each_later_version(client):
    contract, me, _them = two_versions("group")
    client.force_login(me)

    page = client.get(contract.get_absolute_url()).text

    assert (f'href="{address(contract, 2)}"' in page, f'href="{address(contract, 1)}"' in page) == (
        True,
        False,
    )


def test_a_version_is_compared_with_the_one_before_or_with_an_older_one(client):
    contract, me, _them = two_versions("group", word(FIRST), word(SECOND), word(SECOND[:2]))

    last, whole = shown(client, me, contract, 3), shown(client, me, contract, 3, 1)

    assert "0 paragraphs changed, 0 are new, 1 went." in last
    assert 'href="?since=1"' in last
    assert "1 paragraph changed, 0 are new, 1 went." in whole
    assert whole.index("about version 2:") < whole.index("about version 3:")
    assert "about version 2:" not in last


def test_nothing_changed_is_said(client):
    contract, me, them = two_versions("group", word(FIRST), checked(files.pdf_of(FIRST)), note="")

    page = shown(client, me, contract)

    assert "Not a word of the text changed." in page
    assert f"{them.memberships.get().organisation.name} did not say what changed, or why." in page
    assert "3 paragraphs are the same" in page


def test_a_first_version_has_nothing_to_be_compared_with(client):
    contract, me, _them = two_versions("group", word(FIRST))

    assert "There is no version before this one." in shown(client, me, contract, 1)


@pytest.mark.parametrize(
    "contents, read, words",
    [
        ((word(FIRST), checked(files.pdf())), True, "Version 2 can’t be read here."),
        ((checked(files.pdf()), word(FIRST)), True, "Version 1 can’t be read here."),
        ((word(FIRST), word(SECOND)), False, "Version 2 is not read yet. Look again in a minute."),
    ],
)
def test_why_nothing_is_compared_is_said_in_words(client, side, contents, read, words):
    contract, me, them = two_versions(side, *contents, read=read)

    for person in (me, them):
        page = shown(client, person, contract)
        assert words in page
        assert "Our finance team needs 90 days." in page
        assert "Paragraph by paragraph" not in page


def test_pages_without_text_are_said_not_to_be_compared(client):
    contract, me, _them = two_versions("group", word(FIRST), checked(files.pdf_of(SECOND, b"0 0 m")))

    assert "Version 2 has 1 page without text, such as a scan. It is not compared." in shown(
        client, me, contract
    )


def test_a_held_version_is_for_its_own_side_and_a_removed_one_for_nobody(client, side):
    contract, me, them = two_versions(side)
    version = contract.versions.filter(number=2)

    version.update(state="held")
    ContractText.objects.filter(version__number=2).delete()
    assert "Version 2 is not checked for viruses yet." in shown(client, them, contract)
    shown(client, me, contract, status=404)
    version.update(state="removed")

    shown(client, them, contract, status=404)
    shown(client, me, contract, status=404)


def test_a_removed_version_is_passed_over(client):
    contract, me, _them = two_versions("group", word(FIRST), word(SECOND), word(SECOND[:2]))
    contract.versions.filter(number=2).update(state="removed")

    page = shown(client, me, contract, 3)

    assert "From version 1 to version 3" in page
    assert "?since=2" not in page
    shown(client, me, contract, 3, 2, status=404)


@pytest.mark.parametrize("since", ["0", "2", "3", "99999", "999999", "-1", "", "x", "²", "1&since=7", "1%00"])
def test_what_is_no_older_version_is_not_found(client, since):
    contract, me, _them = two_versions("group")

    shown(client, me, contract, 2, since, status=404)


def test_what_a_file_says_is_shown_and_never_run(client):
    nasty = "Run <script>document.title='ran'</script> & {{ 7|add:7 }}"
    contract, me, _them = two_versions("group", word(FIRST), word([*FIRST, nasty]))

    page = shown(client, me, contract)

    assert "&lt;script&gt;document.title=&#x27;ran&#x27;&lt;/script&gt; &amp; {{ 7|add:7 }}" in page


# What is new to whom --------------------------------------------------------------------------------


def came_again(side, *, with_text=True):
    """A contract that a Lead of this side sent back, and that the other side sent again; with another text, or without.

    Returns it, that Lead, and the mail that they got last.
    """
    project, reader, writer = people_of(side, title="Carer handbook")
    here, there = partner_of(project, side), partner_of(project, other_side(side))
    contract = complete(project, writer)
    send_contract(contract, to=here, actor=writer, at=NOON)
    send_contract(contract, to=there, note="Is a month enough?", actor=reader, at=LATER)
    if with_text:
        add_version(contract, word(SECOND), note="A month is too short.", actor=writer, at=LATER)
    send_contract(contract, to=here, actor=writer, at=LATER)
    send_due(at=LATER + 7 * DAY)
    return contract, reader, next(one.body for one in reversed(mail.outbox) if one.to == [reader.email])


def where_the_button_leads(client, letter):
    client.logout()
    link = re.search(r"https?://[^/]+(/sign-in/link/\S+)", letter).group(1)
    answer = client.get(link)
    return client.post(link, answer.context and {}, follow=True).redirect_chain[-1][0]


def test_the_mail_about_another_text_leads_to_what_changed(client, side):
    contract, _reader, letter = came_again(side)

    assert "has sent version 2 of the contract of Carer handbook" in " ".join(letter.split())
    assert where_the_button_leads(client, letter) == address(contract)
    page = client.get(contract.get_absolute_url())
    assert (address(contract) in page.text, "See what changed" in page.text) == (True, True)


def test_without_another_text_the_mail_leads_to_the_contract(client, side):
    contract, _reader, letter = came_again(side, with_text=False)

    assert "Read the contract" in letter
    assert where_the_button_leads(client, letter) == contract.get_absolute_url()
    assert "See what changed" not in client.get(contract.get_absolute_url()).text


def test_an_own_text_and_one_that_was_there_before_are_not_new(client, side):
    contract, reader, _letter = came_again(side)
    there = partner_of(contract.project, other_side(side))
    send_contract(contract, to=there, actor=reader, at=LATER + DAY)

    assert "See what changed" not in client_page(client, contract, reader)
    assert "See what changed" not in client_page(
        client, contract, person_on(contract.project, other_side(side))
    )


def client_page(client, contract, person):
    client.force_login(person)
    return client.get(contract.get_absolute_url()).text


def test_what_is_not_clear_is_asked_where_the_changes_are_read(client, side):
    contract, reader, _letter = came_again(side)

    body = shown(client, reader, contract)

    ask = reverse("partnerships:row_ask", args=[contract.project.reference, contract.number, "cost"])
    assert ask in body
    question = ask_about_row(contract, "cost", words="What is VAT?", actor=reader, at=LATER)
    body = shown(client, reader, contract)
    assert (ask in body, question.get_absolute_url() in body) == (False, True)


def test_whoever_wrote_the_rows_or_only_reads_is_not_offered_to_ask(client, side):
    contract, _reader, _letter = came_again(side)
    writer = person_on(contract.project, other_side(side))
    looks_on = person_on(contract.project, side, "reader")

    assert ["Ask about" in shown(client, who, contract) for who in (writer, looks_on)] == [False, False]
