"""The pages of a contract: what each side reads and does there, bad files and bad words, and what others saved meanwhile."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.files import PDF, PNG
from accounts.models import Notice
from partnerships.actions.contract import add_version, edit_contract, send_contract, write_rows
from partnerships.contract import read_contract, where_it_lies
from partnerships.models import Contract, ContractVersion
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
    signatory_on,
)
from tests.partnerships.contracts import (
    TERMS,
    all_declare,
    approve,
    begun,
    checked,
    complete,
    others_confirm,
    people_of,
    sign,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def url(name, contract, *more):
    return reverse(f"partnerships:{name}", args=[contract.project.reference, contract.number, *more])


def on_disk(settings):
    return sorted(path.name for path in settings.MEDIA_ROOT.rglob("*") if path.is_file())


def posted(form, **typed):
    """What a browser sends for a form that was shown, with some of it typed anew."""
    values = {}
    for name in form.fields:
        value = form[name].value()
        if isinstance(value, dt.date):
            values |= {f"{name}_{part}": str(number) for part, number in enumerate_parts(value)}
        elif value is not None:
            values[name] = str(value)
    return values | typed


def enumerate_parts(day):
    return [("day", day.day), ("month", day.month), ("year", day.year)]


# Starting and reading ------------------------------------------------------------------------------


def test_the_one_contract_is_where_the_section_leads(client, side):
    project, me, _them = people_of(side)
    client.force_login(me)
    address = reverse("partnerships:contract_list", args=[project.reference])

    empty = client.get(address)
    contract = begun(project, me)

    assert "Start the contract" in empty.text
    assert client.get(address)["Location"] == contract.get_absolute_url()


def test_the_turn_to_start_leads_to_the_empty_page(client, side):
    project, me, _them = people_of(side)
    client.force_login(me)

    first = client.get(reverse("partnerships:contract_detail", args=[project.reference, 1]))
    second = client.get(reverse("partnerships:contract_detail", args=[project.reference, 2]))

    assert first["Location"] == reverse("partnerships:contract_list", args=[project.reference])
    assert second.status_code == 404


def test_before_the_plan_is_agreed_the_page_says_so_and_starts_nothing(client, side):
    project = make_project(stage="agree")
    client.force_login(person_on(project, side))
    add = reverse("partnerships:contract_add", args=[project.reference])

    assert (
        "First the plan" in client.get(reverse("partnerships:contract_list", args=[project.reference])).text
    )
    answer = client.post(add, {"title": "Too early", "type": "grant"})

    assert answer.status_code == 422
    assert not Contract.objects.exists()


def test_a_reader_reads_and_finds_nothing_to_press(client, side):
    project, me, _them = people_of(side)
    contract = complete(project, me)
    client.force_login(person_on(project, side, "reader"))

    text = client.get(contract.get_absolute_url()).text

    assert "In plain words: why." in text
    assert "12,000.00 GBP" in text
    for name in ("contract_edit", "rows_write", "version_add", "contract_send", "signature_record"):
        assert url(name, contract) not in text


def test_a_signatory_records_the_signature_and_finds_nothing_else_to_press(client, side):
    project, me, _them = people_of(side)
    contract = complete(project, me)
    today = timezone.now().astimezone(project.zone).date()
    client.force_login(signatory_on(project, side))
    all_declare(project)
    before = client.get(contract.get_absolute_url()).text

    form = client.get(url("signature_record", contract)).context["form"]
    answer = client.post(url("signature_record", contract), signature_data(form, today))
    after = client.get(contract.get_absolute_url()).text

    assert url("signature_record", contract) in before
    assert answer["Location"] == contract.get_absolute_url()
    assert contract.signatures.get().organisation == partner_of(project, side)
    assert url("signature_remove", contract) in after
    for name in ("contract_edit", "rows_write", "version_add", "contract_send"):
        assert url(name, contract) not in before + after


def test_a_contract_is_started_once_however_often_it_is_sent(client, side):
    project, me, _them = people_of(side)
    client.force_login(me)
    add = reverse("partnerships:contract_add", args=[project.reference])
    data = {"title": "Zoë 👩🏽‍🔬", "type": "joint", "amount": "", "currency": "GBP"}

    answers = [client.post(add, data) for _ in range(2)]

    contract = Contract.objects.get()
    assert [answer["Location"] for answer in answers] == [contract.get_absolute_url()] * 2
    assert (contract.title, contract.type, contract.amount, contract.currency, contract.starts_on) == (
        "Zoë 👩🏽‍🔬", "joint", None, "", None,
    )  # fmt: skip


@pytest.mark.parametrize(
    "typed, errors",
    [
        ({"title": ""}, {"title": ["Give the contract a title"]}),
        ({"title": " \u200b\u2060 "}, {"title": ["Give the contract a title"]}),
        ({"amount": "12.345"}, {"amount": ["Use at most two digits after the point."]}),
        ({"amount": "-5"}, {"amount": ["Enter an amount like 1,234.56."]}),
        ({"amount": "1e9"}, {"amount": ["Enter an amount like 1,234.56."]}),
        ({"amount": "5", "currency": ""}, {"currency": ["Say in which currency."]}),
        (
            {"currency": "XXX"},
            {"currency": ["Select a valid choice. XXX is not one of the available choices."]},
        ),
        (
            {"ends_on_year": "2026"},
            {
                "starts_on": ["The start must not come after the end."],
                "ends_on": ["The end must not come before the start."],
            },
        ),
        ({"ends_on_year": "9999"}, {"ends_on": ["Write the year with four digits, from 1990 to 2100."]}),
        (
            {"ends_on_day": "31", "ends_on_month": "2"},
            {"ends_on": ["There is no such day. Check day and month."]},
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_rest_is_kept(client, typed, errors):
    project, me, _them = people_of("group")
    contract = begun(project, me)
    client.force_login(me)
    address = url("contract_edit", contract)
    form = client.get(address).context["form"]

    answer = client.post(address, posted(form, **{"title": "New title", "amount": "7,000.00"} | typed))

    assert answer.status_code == 422
    assert answer.context["form"].errors == errors
    kept = answer.context["form"]["title" if "title" not in typed else "amount"].value()
    assert kept == ("New title" if "title" not in typed else "7,000.00")
    contract.refresh_from_db()
    assert contract.title == TERMS["title"]


@pytest.mark.parametrize(
    "words", ["Pat\0ient", "line\x01\x0b", "invoice\u202efdp", "Z" + "\u0300\u0316" * 2000, "x" * 601]
)
def test_words_that_can_not_be_kept_are_refused_and_the_others_stay_typed(client, words):
    project, me, _them = people_of("group")
    contract = begun(project, me)
    client.force_login(me)

    answer = client.post(url("rows_write", contract), {"why": words, "what": "A & B <b>{{ 7*7 }}</b> 👩🏽‍🔬"})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["why"]
    assert "A &amp; B &lt;b&gt;{{ 7*7 }}&lt;/b&gt; 👩🏽‍🔬" in answer.text
    assert read_contract(contract).words["what"] == ""


def test_plain_words_are_saved_as_they_were_typed(client, side):
    project, me, them = people_of(side)
    contract = begun(project, me)
    client.force_login(them)
    address = url("rows_write", contract)
    form = client.get(address).context["form"]

    answer = client.post(address, posted(form, why="Two lines\r\n<b>and</b> a third", shown="W" * 200))

    assert answer["Location"] == contract.get_absolute_url()
    words = read_contract(contract).words
    assert (words["why"], words["shown"]) == ("Two lines\n<b>and</b> a third", "W" * 200)
    assert "Two lines<br>&lt;b&gt;and&lt;/b&gt; a third" in client.get(contract.get_absolute_url()).text


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_takes_as_many_queries_for_30_versions_as_for_one(client, count, django_assert_num_queries):
    project, me, _them = people_of("group")
    contract = complete(project, me)
    for number in range(1, count):
        add_version(contract, checked(files.pdf(1, note=str(number))), actor=me, at=NOON)
    client.force_login(me)
    client.get(contract.get_absolute_url())

    with django_assert_num_queries(17):
        answer = client.get(contract.get_absolute_url())

    assert answer.text.count("Version ") >= count


def test_the_days_of_both_sides_are_told_in_sentences(side):
    project, me, _them = people_of(side)
    contract = begun(project, me)
    mine, theirs = partner_of(project, side), partner_of(project, other_side(side))
    at_start = where_it_lies(read_contract(contract), own=mine, at=NOON)
    send_contract(contract, to=theirs, actor=me, at=NOON + 3 * DAY)
    state = read_contract(contract)

    assert at_start == f"With you since today. In total: 0 days with {theirs.name} and 0 days with you."
    assert where_it_lies(state, own=mine, at=NOON + 15 * DAY) == (
        f"With {theirs.name} for 12 days. In total: 12 days with {theirs.name} and 3 days with you."
    )
    assert where_it_lies(state, own=theirs, at=NOON + 4 * DAY) == (
        f"With you for 1 day. In total: 3 days with {mine.name} and 1 day with you."
    )


# What others saved meanwhile -----------------------------------------------------------------------


def test_two_texts_for_the_same_row_are_shown_side_by_side_and_none_is_lost(client, side):
    project, me, them = people_of(side)
    contract = begun(project, me)
    client.force_login(me)
    address = url("rows_write", contract)
    form = client.get(address).context["form"]
    write_rows(contract, texts={"why": "Theirs, saved first.", "who": "Theirs too."}, actor=them, at=NOON)

    answer = client.post(address, posted(form, why="Mine, saved second.", what="Mine alone."))

    assert answer.status_code == 409
    assert list(answer.context["form"].errors) == ["why"]
    assert answer.context["compared"] == [
        {
            "label": "Why, and how it helps patients",
            "theirs": "Theirs, saved first.",
            "mine": "Mine, saved second.",
        }
    ]
    assert answer.text.count("Theirs, saved first.") == 1
    assert answer.text.count("Mine, saved second.") == 2
    assert read_contract(contract).words["why"] == "Theirs, saved first."

    client.post(address, posted(answer.context["form"], why="Both together."))

    words = read_contract(contract).words
    assert (words["why"], words["what"], words["who"]) == ("Both together.", "Mine alone.", "Theirs too.")


def test_two_who_change_the_same_term_are_shown_both(client, side):
    project, me, them = people_of(side)
    contract = begun(project, me)
    client.force_login(me)
    address = url("contract_edit", contract)
    form = client.get(address).context["form"]
    edit_contract(contract, values={"amount": "9000", "ends_on": None}, actor=them, at=NOON)

    answer = client.post(address, posted(form, amount="15,000.00", title="Mine"))

    assert (answer.status_code, answer.context["compared"]) == (
        409,
        [{"label": "Amount", "theirs": "9,000.00", "mine": "15,000.00"}],
    )
    client.post(address, posted(answer.context["form"]))
    contract.refresh_from_db()
    assert (str(contract.amount), contract.title, contract.ends_on) == ("15000.0000", "Mine", None)


@pytest.mark.parametrize("name", ["contract_edit", "rows_write", "version_add"])
def test_a_signature_is_named_before_a_change_clears_it(client, side, name):
    project, me, them = people_of(side)
    contract = complete(project, me)
    client.force_login(me)
    address = url(name, contract)
    form = client.get(address).context["form"]
    sign(contract, them)
    theirs = partner_of(project, other_side(side)).name

    def change(form):
        typed = {"title": "Another title"} if name == "contract_edit" else {"why": "Other words."}
        if name == "version_add":
            typed = {"file": files.upload(files.pdf(5))}
        return posted(form, **typed)

    first = client.post(address, change(form))
    assert first.status_code == 409
    assert f"{theirs} signed in the meantime." in first.text
    assert f"{theirs} has signed. Saving a change clears that" in first.text
    assert contract.signatures.count() == 1

    second = client.post(address, change(first.context["form"]))
    assert second.status_code == 302
    assert contract.signatures.count() == 0


def test_who_opens_a_form_reads_that_saving_clears_signatures(client, side):
    project, me, _them = people_of(side)
    contract = complete(project, me)
    sign(contract, me)
    client.force_login(me)
    form = client.get(url("rows_write", contract)).context["form"]

    answer = client.post(url("rows_write", contract), posted(form, why="Other words."))

    assert answer.status_code == 302
    assert contract.signatures.count() == 0


# Files ---------------------------------------------------------------------------------------------


NASTY = {
    "empty": (b"", "contract.pdf", "This file is empty. Choose another one."),
    "html as pdf": (
        files.HTML,
        "contract.pdf",
        "This is not a PDF or Word (DOCX) file, whatever its name says.",
    ),
    "svg": (files.SVG, "contract.pdf", "This is not a PDF or Word (DOCX) file, whatever its name says."),
    "archive with ../": (files.zip_slip(), "pack.docx", "This Word (DOCX) file is broken or cut off."),
    "test virus": (
        files.eicar(),
        "note.txt",
        "This is not a PDF or Word (DOCX) file, whatever its name says.",
    ),
    "spreadsheet": (files.spreadsheet(), "import.xlsx", "This is an archive, not a Word file."),
    "picture": (
        files.png(30, 30),
        "logo.png",
        "This is not a PDF or Word (DOCX) file, whatever its name says.",
    ),
    "cut off": (files.PDF[:50], "contract.pdf", "This PDF file is broken or cut off."),
}


@pytest.mark.parametrize("case", NASTY)
def test_a_nasty_file_is_refused_in_words_and_nothing_of_it_stays(client, settings, case):
    content, name, words = NASTY[case]
    project, me, _them = people_of("group")
    contract = begun(project, me)
    client.force_login(me)

    answer = client.post(
        url("version_add", contract), {"file": files.upload(content, name), "note": "Typed words"}
    )

    assert answer.status_code == 422
    (error,) = answer.context["form"].errors["file"]
    assert error.startswith(words)
    assert "Typed words</textarea>" in answer.text
    assert (ContractVersion.objects.count(), on_disk(settings)) == (0, [])


def test_a_file_has_at_most_25_mb_and_one_byte_too_many_is_refused_with_the_limit(client, settings):
    limit = 25 * 1024 * 1024
    assert limit == settings.MAX_UPLOAD_BYTES
    project, me, _them = people_of("group")
    contract = begun(project, me)
    client.force_login(me)

    over = client.post(url("version_add", contract), {"file": files.upload(files.pdf_of_size(limit + 1))})
    fits = client.post(url("version_add", contract), {"file": files.upload(files.pdf_of_size(limit))})

    assert over.context["form"].errors == {"file": ["This file is too large. The most is 25.0\xa0MB."]}
    # In the summary on top, and at the field.
    assert over.text.count("This file is too large. The most is 25.0\xa0MB.") == 2
    assert (over.status_code, fits.status_code) == (422, 302)
    assert [version.size for version in ContractVersion.objects.all()] == [limit]


def test_a_full_disk_is_said_in_words_and_what_was_typed_stays(client, settings, monkeypatch):
    project, me, _them = people_of("group")
    contract = begun(project, me)
    client.force_login(me)

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("django.core.files.storage.filesystem.FileSystemStorage._save", full)
    answer = client.post(url("version_add", contract), {"file": files.upload(), "note": "Typed words"})

    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "file": ["There was no room to store this file. Try again later, or call us."]
    }
    assert "Typed words</textarea>" in answer.text
    assert (ContractVersion.objects.count(), on_disk(settings)) == (0, [])


POLYGLOT = files.polyglot()


@pytest.mark.parametrize(
    "name, header",
    [
        ("Our contract.pdf", 'attachment; filename="Our contract.pdf"'),
        ("CON.pdf", 'attachment; filename="_CON.pdf"'),
        (".htaccess", 'attachment; filename="htaccess.pdf"'),
        (".pdf", 'attachment; filename="file.pdf"'),
        ("x.pdf\0.exe", 'attachment; filename="x.pdf.exe.pdf"'),
        ("\u202efdp.exe", 'attachment; filename="fdp.exe.pdf"'),
        ("é 漢字.pdf", "attachment; filename*=utf-8''%C3%A9%20%E6%BC%A2%E5%AD%97.pdf"),
        ("n" * 300 + ".pdf", f'attachment; filename="{"n" * 150}.pdf"'),
    ],
)
def test_odd_names_make_a_well_formed_header(client, side, name, header):
    project, me, them = people_of(side)
    contract = begun(project, me)
    client.force_login(me)
    client.post(url("version_add", contract), {"file": files.upload(POLYGLOT, name)})
    client.force_login(them)

    answer = client.get(url("version_file", contract, 1))

    assert answer["Content-Disposition"] == header
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    directives = [directive.strip() for directive in answer["Content-Security-Policy"].split(";")]
    assert {"sandbox", "default-src 'self'", "object-src 'none'"} <= set(directives)
    assert b"".join(answer.streaming_content) == POLYGLOT


def test_what_the_scanner_has_not_seen_is_for_the_side_that_uploaded_it(client, side, settings):
    project, me, them = people_of(side)
    contract = begun(project, me)
    settings.CLAMAV_SOCKET = "/nowhere/clamd.ctl"
    client.force_login(me)

    answer = client.post(url("version_add", contract), {"file": files.upload()}, follow=True)
    own = client.get(url("version_file", contract, 1))
    client.force_login(them)
    page, theirs = client.get(contract.get_absolute_url()).text, client.get(url("version_file", contract, 1))

    assert "Version 1 waits for the virus scanner." in answer.text
    assert (own.status_code, theirs.status_code) == (200, 404)
    assert "Not checked for viruses yet" in page
    assert url("version_file", contract, 1) not in page

    contract.versions.update(state="removed")
    for person in (me, them):
        client.force_login(person)
        assert client.get(url("version_file", contract, 1)).status_code == 404


def test_a_scan_that_is_held_is_for_its_own_side(client, side, settings):
    project, me, them = people_of(side)
    contract = complete(project, me)
    settings.CLAMAV_SOCKET = "/nowhere/clamd.ctl"
    signature = sign(contract, me, scan=checked(files.png(), "signed.png", kinds=(PDF, PNG)))
    address = url("signature_scan", contract, signature.pk)
    codes = []
    for person in (me, them):
        client.force_login(person)
        codes.append(client.get(address).status_code)

    assert codes == [200, 404]


# Sending and signing -------------------------------------------------------------------------------


def test_the_contract_is_sent_with_a_word_and_the_others_read_it(client, side):
    project, me, them = people_of(side)
    contract = begun(project, me)
    theirs = partner_of(project, other_side(side))
    client.force_login(me)
    address = url("contract_send", contract)

    for _ in range(2):
        client.post(address, {"note": "Is clause 7 right?"})
    client.force_login(them)
    page = client.get(contract.get_absolute_url()).text

    assert contract.turns.get(until=None).organisation == theirs
    assert "The contract is with you" in page
    assert "Is clause 7 right?" in page
    assert Notice.objects.filter(kind="contract_turn").count() == 1


def test_with_several_partners_one_is_chosen_and_a_stranger_can_not_be(client, side):
    project, me, _them = people_of(side)
    third, stranger = make_organisation(side), make_organisation(side)
    add_partner(project, third, side)
    contract = begun(project, me)
    client.force_login(me)
    address = url("contract_send", contract)

    nobody, wrong = client.post(address, {"note": "Typed"}), client.post(address, {"to": stranger.slug})
    client.post(address, {"to": third.slug})

    assert (nobody.status_code, wrong.status_code) == (422, 422)
    assert nobody.context["form"].errors == {"to": ["Choose to whom you send it"]}
    assert "Typed</textarea>" in nobody.text
    assert contract.turns.get(until=None).organisation == third


def signature_data(form, day, **typed):
    parts = {"signed_on_day": day.day, "signed_on_month": day.month, "signed_on_year": day.year}
    scan = files.upload(files.jpeg(), "signed.jpg")
    return posted(form, signer="Maria Lopes", **parts) | {"scan": scan} | typed


def test_both_sides_record_their_signatures_and_the_project_goes_on(client, side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    approve(contract)
    today = timezone.now().astimezone(project.zone).date()
    address = url("signature_record", contract)
    for person in (me, them):
        client.force_login(person)
        form = client.get(address).context["form"]
        answer = client.post(
            address, signature_data(form, today, scan=files.upload(files.jpeg(), "seite.jpeg"))
        )
        assert answer["Location"] == contract.get_absolute_url()
    project.refresh_from_db()
    assert project.stage == "contract"
    for person, other in ((me, them), (them, me)):
        client.force_login(person)
        theirs = contract.signatures.get(recorded_by=other)
        assert (
            f"Confirm the signed copy of {theirs.organisation.name}"
            in client.get(contract.get_absolute_url()).text
        )
        client.post(url("scan_confirm", contract, theirs.pk))

    project.refresh_from_db()
    page = client.get(contract.get_absolute_url()).text
    assert project.stage == "deliver"
    assert "The contract is signed" in page
    assert page.count("seite.jpg") == 2
    assert url("contract_edit", contract) not in page


@pytest.mark.parametrize(
    "change, errors",
    [
        ({"signer": ""}, {"signer": ["Enter the name of who signed"], "scan": ["The file itself is fine. Choose it again."]}),
        ({"signed_on_year": "2099"}, {"signed_on": ["The day of a signature can't lie ahead."], "scan": ["The file itself is fine. Choose it again."]}),
        ({"signed_on_month": "13"}, {"signed_on": ["There is no such day. Check day and month."], "scan": ["The file itself is fine. Choose it again."]}),
        ({"scan": files.upload(files.HTML, "page.pdf")}, {"scan": ["This is not a PDF, PNG or JPEG file, whatever its name says."]}),
        ({"scan": files.upload(files.png(30_000, 30_000), "a.png")}, {"scan": ["This picture is too large: at most 50 million pixels."]}),
    ],
)  # fmt: skip
def test_a_signature_with_a_mistake_is_not_recorded(client, settings, change, errors):
    project, me, _them = people_of("group")
    contract = complete(project, me)
    client.force_login(me)
    address = url("signature_record", contract)
    form = client.get(address).context["form"]
    before = on_disk(settings)

    answer = client.post(address, signature_data(form, dt.date(2026, 3, 2), **change))

    assert answer.status_code == 422
    assert answer.context["form"].errors == errors
    assert not contract.signatures.exists()
    assert on_disk(settings) == before


def test_who_signs_what_has_changed_since_reads_it_again_first(client, side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    client.force_login(me)
    address = url("signature_record", contract)
    form = client.get(address).context["form"]
    write_rows(contract, texts={"cost": "Twice as much."}, actor=them, at=NOON)
    others_confirm(contract)

    answer = client.post(address, signature_data(form, dt.date(2026, 3, 2)))

    assert answer.status_code == 422
    assert "This was changed after you read it." in answer.text
    assert "Twice as much." in answer.text
    assert 'value="Maria Lopes"' in answer.text
    assert not contract.signatures.exists()
    again = client.post(address, signature_data(answer.context["form"], dt.date(2026, 3, 2)))
    assert (again.status_code, contract.signatures.count()) == (302, 1)


def test_a_contract_that_is_not_complete_shows_what_is_missing_instead_of_the_form(client, side):
    project, me, _them = people_of(side)
    contract = begun(project, me)
    client.force_login(me)
    address = url("signature_record", contract)

    page = client.get(address)
    answer = client.post(address, signature_data(page.context["form"], dt.date(2026, 3, 2)), follow=True)

    assert "There is no file yet." in page.text
    assert "<form" not in page.text.partition("<main")[2].partition("</main>")[0]
    assert answer.redirect_chain == [(contract.get_absolute_url(), 302)]
    assert "There is no file yet." in answer.text
    assert not contract.signatures.exists()


def test_extra_fields_change_nothing(client, side):
    project, me, _them = people_of(side)
    contract = complete(project, me)
    client.force_login(me)
    form = client.get(url("contract_edit", contract)).context["form"]
    extra = {"signed_at": "2020-01-01", "number": "7", "project": "1", "id": "99", "organisation": "1"}

    client.post(url("contract_edit", contract), posted(form, title="Changed", **extra))

    contract.refresh_from_db()
    assert (contract.title, contract.number, contract.signed_at, contract.project_id) == (
        "Changed", 1, None, project.pk,
    )  # fmt: skip


@pytest.mark.parametrize(
    "hidden", [{"read": "\0"}, {"read": "x" * 5000}, {"read": "title=zz", "knows": "١٢٣,9" + "9" * 300}]
)
def test_a_form_whose_hidden_fields_were_tampered_with_saves_nothing_by_mistake(client, hidden):
    project, me, _them = people_of("group")
    contract = begun(project, me)
    client.force_login(me)
    form = client.get(url("contract_edit", contract)).context["form"]

    answer = client.post(url("contract_edit", contract), posted(form, title="Changed") | hidden)

    assert answer.status_code in (409, 422)
    contract.refresh_from_db()
    assert contract.title == TERMS["title"]


# History -------------------------------------------------------------------------------------------


def test_history_shows_every_wording_and_every_changed_term(client, side):
    project, me, them = people_of(side)
    contract = begun(project, me)
    write_rows(contract, texts={"why": "First words."}, actor=me, at=NOON)
    write_rows(contract, texts={"why": "Second words."}, actor=them, at=NOON + DAY)
    edit_contract(contract, values={"amount": "9000", "ends_on": None}, actor=them, at=NOON)
    client.force_login(me)

    text = client.get(url("contract_history", contract)).text

    assert text.index("Second words.") < text.index("First words.")
    assert "Amount: from 12,000.00 to 9,000.00" in text
    assert "Ends: from 25 June 2027 to nothing" in text


def test_an_agency_reads_nothing_of_the_contract_in_the_overview(client, side):
    project, me, them = people_of(side)
    contract = complete(project, me)
    sign(contract, them)
    overview = reverse("portal:project_overview", args=[project.reference])
    client.force_login(member_of(add_agency(project, partner_of(project, side))))
    theirs = client.get(overview)
    client.force_login(me)
    ours = client.get(overview)

    assert "recorded the signature of" in ours.text
    assert "The contract waits for the signature of" in ours.text
    for words in ("recorded the signature of", "The contract waits", "started the contract", "added version"):
        assert words not in theirs.text


def test_the_overview_asks_no_more_while_a_contract_is_open(client, django_assert_max_num_queries):
    project, me, _them = people_of("group")
    complete(project, me)
    client.force_login(me)
    overview = reverse("portal:project_overview", args=[project.reference])
    client.get(overview)

    with django_assert_max_num_queries(14):
        answer = client.get(overview)

    assert "The contract waits for the signature of" in answer.text
