"""A contract on a phone: reading what changed and asking what it means, and signing it."""

import re

import pytest
from django.utils import timezone

from partnerships.actions.contract import add_version, read_files, send_contract
from partnerships.models import ContractQuestion, ContractSignature
from partnerships.permissions import acting_participation
from tests import files
from tests.browser.hand import MINUTE
from tests.factories import DAY, partner_of
from tests.partnerships.contracts import WORDS, approve, checked, complete, people_of, sign

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# As in an agreement of a page or two: most of it stays.
CLAUSES = [
    "The partners write a handbook for carers of people with a rare disease, in print and online.",
    "The patient group names two people who write, and the company pays for their hours.",
    "Each partner may use what both wrote, and names the other one wherever it does.",
    "Neither partner publishes the words of the other one without asking first, in writing.",
    "Either partner may end this agreement with notice, and pays for the work done until then.",
]
BEFORE = [*CLAUSES, "The company pays within 30 days of the invoice.", "Notice is one month."]
AFTER = [*CLAUSES, "The company pays within 60 days of a valid invoice.", "Notice is three months."]
NOTE = "Payment takes longer because our accounts moved, and notice is longer so that nobody is left alone."
QUESTION = "What is a valid invoice?"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def sent_back_changed(project, reader, writer):
    """A contract that the reader has sent back, and that came again with another text."""
    start = timezone.now() - 3 * DAY
    contract = complete(project, writer, start)
    here, there = (acting_participation(person, project).organisation for person in (reader, writer))
    add_version(contract, checked(files.docx_of(BEFORE), "agreement.docx"), actor=writer, at=start)
    send_contract(contract, to=here, actor=writer, at=start)
    send_contract(contract, to=there, note="Is a month enough?", actor=reader, at=start + DAY)
    add_version(
        contract, checked(files.docx_of(AFTER), "agreement.docx"), note=NOTE, actor=writer, at=start + 2 * DAY
    )
    read_files(at=start + 2 * DAY)
    send_contract(contract, to=here, actor=writer, at=timezone.now())
    return contract


def test_reading_what_changed_and_asking_one_question_takes_five_minutes(hand, side):
    project, reader, writer = people_of(side)
    contract = sent_back_changed(project, reader, writer)

    hand.open_mail(reader)
    body = hand.page.locator("main").inner_text()
    assert (NOTE in body, "60" in body, "three months" in body) == (True, True, True)
    hand.press("Ask about: How much, and for what")
    hand.answer("What don’t you understand?", QUESTION)
    hand.press(re.compile("^Ask"))

    question = ContractQuestion.objects.get(contract=contract)
    assert (question.row, question.words) == ("cost", QUESTION)
    assert question.organisation == partner_of(project, side)
    assert (hand.taps, hand.typed) == (4, len(QUESTION))
    assert hand.seconds <= 5 * MINUTE


def test_signing_on_a_phone_shows_exactly_what_is_signed(hand, side):
    now = timezone.now()
    project, signer, other = people_of(side)
    contract = complete(project, other, now)
    approve(contract, at=now)
    sign(contract, other, now)

    hand.open_mail(signer)
    hand.press("Read and sign")
    body = hand.page.locator("main").inner_text()
    assert [text for text in WORDS.values() if text not in body] == []
    assert contract.versions.get().sha256 in body
    hand.answer("Type your name", str(signer))
    hand.tick(f"I may sign for {partner_of(project, side).name}")
    hand.press("Sign the contract")

    signature = ContractSignature.objects.get(contract=contract, organisation=partner_of(project, side))
    assert (signature.signer, signature.recorded_by) == (str(signer), signer)
