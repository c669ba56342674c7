"""The certificate of a contract that all have signed: on the page and as a file, what it was and how it came about."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.pdf import NoPdf
from partnerships.actions.contract import (
    Proof,
    add_version,
    confirm_scan,
    edit_contract,
    send_contract,
    write_rows,
)
from partnerships.certificate import read_certificate
from partnerships.contract import read_contract
from partnerships.models import Contract, ContractRow
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
    signatory_on,
)
from tests.partnerships.contracts import (
    WORDS,
    a_scan,
    amended_by,
    approve,
    checked,
    complete,
    made_ready,
    people_of,
    sign,
    signed_by_all,
)
from tests.pdf import pdf_text
from tests.test_access import body

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
LATER = NOON + DAY
PAPERS = ["contract_certificate", "contract_certificate_pdf"]
ADDRESS = "203.0.113.9"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def url(name, contract):
    return reverse(f"partnerships:{name}", args=[contract.project.reference, contract.number])


def text_of(client, name, contract, person):
    client.force_login(person)
    response = client.get(url(name, contract))
    assert response.status_code == 200
    return pdf_text(response.content) if name.endswith("_pdf") else " ".join(response.text.split())


@pytest.fixture
def finished(side):
    """Signed on the page by this side; by the other on paper, of which the scan is confirmed an hour later."""
    project, me, them = people_of(side)
    contract = complete(project, me)
    send_contract(
        contract, to=partner_of(project, other_side(side)), note="Please read.", actor=me, at=NOON + HOUR
    )
    approve(contract, at=NOON + 2 * HOUR)
    sign(contract, me, NOON + 3 * HOUR, signer="Ada Moor", proof=Proof(ADDRESS, NOON + 3 * HOUR))
    paper = sign(contract, them, NOON + 4 * HOUR, signer="Ben Ash", scan=a_scan())
    confirm_scan(contract, paper, actor=me, at=NOON + 5 * HOUR)
    return Contract.objects.select_related("project").get(pk=contract.pk), me, them


# What it says -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAPERS)
def test_it_says_what_was_signed_approved_and_by_whom(client, finished, name):
    contract, me, them = finished

    text = text_of(client, name, contract, me)

    version, content = contract.versions.get(), read_contract(contract).content
    approval = contract.approval
    parties = [partner_of(contract.project, side).name for side in ("group", "company")]
    for words in (
        *("Carer handbook, grant", "Grant", "12,000.00 GBP", "11 January 2027", "25 June 2027"),
        *parties,
        *WORDS.values(),
        *(version.file_name, version.sha256, content),
        *(approval.name, "practitioner", "Monday 23 November 2026"),
        *("Ada Moor", "Signed on the page", ADDRESS, "Ben Ash", "Signed on paper", "signed.jpg"),
        *(f"{me}, {partner_of(contract.project, side_of(me, contract)).name}", str(them)),
        "Every signature is for exactly what stands here.",
    ):
        assert words in text.replace("&#x27;", "'"), words


def side_of(person, contract):
    """The side for which somebody acts."""
    return next(
        side
        for side in ("group", "company")
        if partner_of(contract.project, side) in person.organisations.all()
    )


def test_the_trail_tells_in_order_how_it_came_about(finished, side):
    contract, me, them = finished
    ours, theirs = partner_of(contract.project, side), partner_of(contract.project, other_side(side))

    trail = read_certificate(read_contract(contract)).trail

    rows = ", ".join(str(ContractRow.Code(code).label) for code in sorted(WORDS))
    registration = read_certificate(read_contract(contract)).registration
    assert [(step.text, step.person, step.organisation) for step in trail] == [
        ("Started the contract", me, ours),
        (f"Wrote in plain words: {rows}", me, ours),
        ("Added version 1 of the file", me, ours),
        (f"Handed over to {theirs.name}", me, ours),
        (
            f"Approved version 1, as {registration}",
            contract.approval.approved_by,
            contract.approval.organisation,
        ),
        ("Signed version 1, on the page", me, ours),
        ("Signed version 1, on paper", them, theirs),
        # Only the confirmation was missing then.
        (f"Went to {ours.name}", None, None),
        (f"Confirmed the signed copy of {theirs.name}", me, ours),
        ("Signed by all", me, None),
    ]
    assert [step.at for step in trail] == sorted(step.at for step in trail)
    assert {step.sha256 for step in trail if step.sha256} == {contract.versions.get().sha256}


@pytest.mark.parametrize("name", PAPERS)
def test_what_was_cleared_on_the_way_stays_in_the_trail(client, side, name):
    project, me, them = people_of(side)
    contract = complete(project, me)
    sign(contract, me)
    marks = read_contract(contract).clears
    add_version(contract, checked(files.pdf(3)), knows=marks, actor=them, at=NOON + HOUR)
    signed_by_all(contract, me, them, at=LATER)

    text = text_of(client, name, contract, me)

    order = ["Signed version 1", "A change cleared the signatures", "Added version 2", "Signed version 2"]
    places = [text.index(words) for words in order]
    assert places == sorted(places)


@pytest.mark.parametrize("name", PAPERS)
def test_a_kind_that_needs_no_approval_says_so(client, side, name):
    project, me, them = people_of(side)
    contract = signed_by_all(complete(project, me, type="service"), me, them)

    assert "A contract of this kind needs no approval." in text_of(client, name, contract, them)


@pytest.mark.parametrize("name", PAPERS)
def test_of_an_amendment_it_shows_both_texts_and_of_the_contract_what_changed_later(client, side, name):
    project, me, them = people_of(side)
    contract = signed_by_all(complete(project, me), me, them)
    amendment = amended_by(contract, me, LATER, title="For carers", why="For every carer.")
    signed_by_all(made_ready(amendment, me, LATER), me, them, at=LATER)

    later, base = (text_of(client, name, one, them) for one in (amendment, contract))

    assert "This is an amendment of “Carer handbook, grant”." in later
    assert "11 rows stay as they are" in later
    assert "Started the amendment" in later
    assert "The contract says" in later
    assert "This amendment says" in later
    assert "Changed later by amendments" in base
    assert "For every carer." in base
    # What was signed is there as it was.
    assert WORDS["why"] in base
    assert "Every signature is for exactly what stands here." in base


@pytest.mark.parametrize("name", PAPERS)
def test_words_that_are_no_longer_what_was_signed_are_called_that(client, finished, name):
    contract, me, _them = finished
    # Past all actions, as only somebody at the database could.
    contract.rows.filter(code="cost").update(text="Twice as much.")

    text = text_of(client, name, contract, me)

    assert "What stands here is not what the signatures are for." in text
    assert "Every signature is for exactly" not in text


def test_what_people_wrote_opens_no_address_and_breaks_no_file(client, side):
    nasty = "<img src=http://127.0.0.1:1/x> & <script>alert(1)</script> {who} ش"
    project, me, them = people_of(side)
    contract = complete(project, me)
    write_rows(contract, texts={"why": nasty}, actor=me, at=NOON)
    edit_contract(contract, values={"title": nasty[:100]}, actor=me, at=NOON)
    signed_by_all(contract, me, them)

    page = text_of(client, "contract_certificate", contract, me)
    text = text_of(client, "contract_certificate_pdf", contract, me)

    assert "<script>alert" not in page
    assert "<script>alert(1)</script>" in text


# Who reads it -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAPERS)
def test_a_contract_that_is_not_signed_by_all_has_none(client, side, name):
    project, me, them = people_of(side)
    contract = complete(project, me)
    sign(contract, me)
    client.force_login(me)

    addresses = [url(name, contract), url(name, contract).replace("/contracts/1/", "/contracts/7/")]
    missing, nothing = (client.get(address) for address in addresses)

    assert (missing.status_code, nothing.status_code) == (404, 404)
    assert body(missing, addresses[0]) == body(nothing, addresses[1])
    sign(contract, them)
    assert client.get(url(name, contract)).status_code == 200


@pytest.mark.parametrize("name", PAPERS)
def test_partners_read_it_and_agencies_and_strangers_do_not(client, finished, side, name):
    contract, _me, _them = finished
    agency = add_agency(contract.project, partner_of(contract.project, side))
    reader = person_on(contract.project, other_side(side), "reader")

    answers = {}
    for person in (reader, member_of(agency), member_of(make_organisation(side))):
        client.force_login(person)
        answers[person] = client.get(url(name, contract)).status_code

    assert list(answers.values()) == [200, 404, 404]


@pytest.mark.parametrize("name", PAPERS)
def test_network_addresses_are_for_who_signs_or_works_for_the_parties(client, finished, side, name):
    """An address is about a person: whoever only looks, or joined later, reads that it is kept."""
    contract, me, them = finished
    project = contract.project
    later = make_organisation(side)
    add_partner(project, later, side)
    people = {
        "us": (me, True),
        "them": (them, True),
        "signatory": (signatory_on(project, side), True),
        "reader": (person_on(project, side, "reader"), False),
        "joined later": (member_of(later), False),
    }

    shown = {who: text_of(client, name, contract, person) for who, (person, _sees) in people.items()}

    assert {who: ADDRESS in text for who, text in shown.items()} == {
        who: sees for who, (_person, sees) in people.items()
    }
    assert all("Kept; shown to who signs" in text for text in shown.values() if ADDRESS not in text)


def test_the_file_is_kept_by_nobody_and_named_after_the_contract(client, finished):
    contract, me, _them = finished
    client.force_login(me)

    page, answer = (client.get(url(name, contract)) for name in PAPERS)

    assert answer.content.startswith(b"%PDF-")
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "application/pdf", f'attachment; filename="certificate-{contract.project.reference}-1.pdf"',
    )  # fmt: skip
    assert "no-store" in answer["Cache-Control"]
    assert "no-store" in page["Cache-Control"]


def test_where_no_file_can_be_made_there_is_the_page_to_print(client, finished, monkeypatch):
    def refuse(html):
        raise NoPdf

    monkeypatch.setattr("partnerships.views.papers.render_pdf", refuse)
    contract, me, _them = finished
    client.force_login(me)

    assert client.get(url("contract_certificate_pdf", contract)).url == url("contract_certificate", contract)


def test_the_page_of_a_signed_contract_leads_to_it_and_of_an_open_one_does_not(client, side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    client.force_login(them)

    before = client.get(contract.get_absolute_url()).text
    signed_by_all(contract, me, them)
    after = client.get(contract.get_absolute_url()).text

    assert url("contract_certificate", contract) not in before
    assert url("contract_certificate", contract) in after


def test_it_asks_the_same_however_long_the_trail_is(client, side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    client.force_login(me)

    def asked(one):
        signed_by_all(one, me, them)
        client.get(url("contract_certificate", one))
        with CaptureQueriesContext(connection) as queries:
            client.get(url("contract_certificate", one))
        return len(queries)

    short = asked(contract)
    longer = complete(project, me, title="Printing")
    for number in range(10):
        write_rows(longer, texts={"why": f"Because of {number}."}, actor=me, at=NOON)
        add_version(longer, checked(files.pdf(1, note=str(number))), actor=them, at=NOON)

    assert (short, asked(longer)) == (16, 16)
