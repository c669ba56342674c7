"""The pages of Talk: what people see, type and press, for either side."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from partnerships.models import ContractRow, TalkAnswer, TalkDraft, TalkEntry, TalkFile
from tests import files
from tests.browse import fields_of, signed_in
from tests.factories import DAY, NOON, add_agency, member_of, other_side, partner_of, person_on
from tests.partnerships.contracts import complete
from tests.partnerships.permits import an_item, day_of, in_a_year
from tests.partnerships.talking import WORDS, answered, decided, organisation_of, said, two

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def url(name, project, *more):
    return reverse(f"partnerships:talk_{name}", args=[project.reference, *more])


def at(name, entry, *more):
    return url(name, entry.project, entry.pk, *more)


def test_before_anything_is_said_the_page_proposes_a_first_question(side):
    project, me, _them = two(side)

    page = signed_in(me).get(url("list", project)).text

    assert "No open questions" in page
    assert "how would you like to be told about delays?" in page


@pytest.mark.parametrize("kind", ["question", "input"])
def test_somebody_asks_one_person_about_a_part_of_the_plan_by_a_day(side, kind):
    project, me, them = two(side)
    slug = partner_of(project, other_side(side)).slug
    day = in_a_year()

    page = signed_in(me).post(
        url("write", project, kind),
        {
            "text": WORDS[kind], "who": f"{slug}:{them.pk}", "about": "partnerships.planpart:when",
            **day_of("answer_by", day),
        },
        follow=True,
    )  # fmt: skip

    entry = TalkEntry.objects.get()
    assert (entry.asked_person, entry.due_on, entry.subject) == (them, day, "partnerships.planpart:when")
    assert "We tell them" in page.text
    assert f"/projects/{project.reference}/plan/#when" in page.text


def test_a_link_on_another_page_fills_in_what_it_is_about(side):
    project, me, them = two(side, "contract")
    complete(project, me)
    row = ContractRow.objects.get(code="cost")

    page = (
        signed_in(them).get(url("write", project, "note") + f"?about=partnerships.contractrow:{row.pk}").text
    )

    assert f'<option value="partnerships.contractrow:{row.pk}" selected>' in page


def test_what_is_about_a_row_of_a_contract_leads_there(side):
    project, me, _them = two(side, "contract")
    complete(project, me)
    row = ContractRow.objects.get(code="cost")
    entry = said(project, me, "note", subject=f"partnerships.contractrow:{row.pk}")

    page = signed_in(me).get(entry.get_absolute_url()).text

    assert f'href="/projects/{project.reference}/contracts/1/#row_cost"' in page


@pytest.mark.parametrize("kind", list(WORDS))
def test_an_empty_form_says_what_is_missing_and_keeps_what_was_typed(side, kind):
    project, me, _them = two(side)

    page = signed_in(me).post(url("write", project, kind), {"text": " ", **day_of("answer_by", NOON.date())})

    assert page.status_code == 422
    assert "Say it in words" in page.text
    assert not TalkEntry.objects.exists()


def test_a_concern_shows_the_names_of_those_who_would_see_it_before_it_is_told(side):
    project, me, them = two(side)
    owner = person_on(project, other_side(side), "owner", name="Olga Owner")
    slug = partner_of(project, other_side(side)).slug
    client = signed_in(me)

    page = client.get(url("write", project, "concern")).text
    assert f"The leads of both: you and {them}" in page
    assert "Olga Owner" in page
    client.post(url("write", project, "concern"), {"text": WORDS["concern"], "see": f"leads:{slug}"})

    entry = TalkEntry.objects.get()
    assert {row.person for row in entry.named.all()} == {me, them}
    assert signed_in(owner).get(entry.get_absolute_url()).status_code == 404
    shown = client.get(entry.get_absolute_url()).text
    assert "Only the people named below read this" in shown
    assert str(them) in shown


def test_a_draft_is_kept_and_offered_again_with_all_that_was_typed(side):
    project, me, them = two(side)
    client, page = signed_in(me), url("write", project, "question")
    slug = partner_of(project, other_side(side)).slug
    day = in_a_year()

    client.post(page, {"text": "Who or", "who": slug, **day_of("answer_by", day), "keep": "1"})

    assert not TalkEntry.objects.exists()
    assert "Who or" in client.get(url("list", project)).text
    assert "Who or" not in signed_in(them).get(url("list", project)).text
    again = client.get(page)
    assert fields_of(again)["text"] == "Who or"
    assert f'name="answer_by_year" value="{day.year}"' in again.text
    client.post(page, {"text": "Who orders?", "who": slug})
    assert (TalkDraft.objects.count(), TalkEntry.objects.count()) == (0, 1)


def test_a_draft_is_thrown_away_and_an_empty_one_is_none(side):
    project, me, _them = two(side)
    client = signed_in(me)
    client.post(url("write", project, "note"), {"text": "Half", "keep": "1"})
    client.post(url("draft_drop", project, "note"))
    client.post(url("write", project, "question"), {"text": "  ", "keep": "1"})

    assert not TalkDraft.objects.exists()


def test_a_file_too_large_is_refused_and_a_link_offered_instead(side, settings):
    project, me, _them = two(side)
    settings.MAX_UPLOAD_BYTES = 1000

    page = signed_in(me).post(
        url("write", project, "note"),
        {"text": "Look.", "file": SimpleUploadedFile("big.pdf", files.PDF + b"0" * 2000)},
    )

    assert page.status_code == 422
    assert "too large" in page.text
    assert "Put the address of a page" in page.text
    assert "Look." in page.text


def test_a_question_is_answered_on_a_page_of_its_own_with_a_file(side):
    project, me, them = two(side)
    entry = said(project, me)
    client = signed_in(them)
    assert "A question for you" in client.get(entry.get_absolute_url()).text

    page = client.post(
        at("answer", entry),
        {"text": "We do.", "file": SimpleUploadedFile("offer.pdf", files.PDF)},
        follow=True,
    )

    assert "We do." in page.text
    assert "offer.pdf" in page.text
    row = TalkFile.objects.get()
    assert signed_in(me).get(at("file", entry, row.pk)).status_code == 200


def test_a_decision_is_agreed_to_with_one_tap(side):
    project, me, them = two(side)
    entry = said(project, me, "decision")
    client = signed_in(them)
    assert "Do you agree?" in client.get(entry.get_absolute_url()).text

    page = client.post(at("answer", entry), {"outcome": "agreed", "version": "1"}, follow=True)

    assert "A decision that stands" in page.text
    overview = signed_in(me).get(project.get_absolute_url()).text
    assert "Decisions that stand" in overview
    assert WORDS["decision"] in overview


def test_a_decision_about_a_part_of_the_plan_stands_beside_it(side):
    project, me, them = two(side, "agree")
    decided(project, me, them, subject="partnerships.planpart:when")

    for person in (me, them):
        assert (
            WORDS["decision"]
            in signed_in(person).get(reverse("partnerships:plan_detail", args=[project.reference])).text
        )


@pytest.mark.parametrize(
    "kind, sent, error",
    [
        ("decision", {"outcome": "declined", "version": "1"}, "Say why not"),
        ("decision", {"version": "1"}, "Choose an answer"),
        ("decision", {"outcome": "used", "version": "1"}, "Select a valid choice"),
        ("input", {"outcome": "not_used", "version": "1"}, "Say why not"),
        ("input", {"outcome": "later", "version": "1"}, "Say when you look at it again"),
        (
            "input",
            {"outcome": "later", "version": "1", **day_of("later_on", NOON.date() - DAY)},
            "lies ahead",
        ),
        ("question", {"text": "x" * 2001}, "2001"),
    ],
)
def test_an_answer_that_says_half_is_refused_at_its_field(side, kind, sent, error):
    project, me, them = two(side)
    entry = said(project, me, kind)

    page = signed_in(them).post(at("answer", entry), sent)

    assert page.status_code == 422
    assert error in page.text
    assert not TalkAnswer.objects.exists()


def test_a_decision_that_changed_meanwhile_is_read_again_first(side):
    project, me, them = two(side)
    entry = said(project, me, "decision")
    TalkEntry.objects.update(version=2, text="We meet on Tuesdays.")

    page = signed_in(them).post(at("answer", entry), {"outcome": "agreed", "version": "1"}, follow=True)

    assert "It was changed meanwhile" in page.text
    assert "Tuesdays" in page.text
    assert not TalkAnswer.objects.exists()


def test_what_became_of_an_input_is_said_and_read(side):
    project, me, them = two(side)
    entry = said(project, me, "input")

    signed_in(them).post(
        at("answer", entry), {"outcome": "not_used", "text": "The printer can't.", "version": "1"}
    )

    page = signed_in(me).get(entry.get_absolute_url()).text
    assert "Not used" in page
    assert "The printer can" in page


def test_what_was_written_is_changed_with_a_trace_that_says_what_stood_before(side):
    project, me, them = two(side)
    entry = said(project, me, "note", at=NOON - DAY)
    client = signed_in(me)
    assert "What stood before stays to be read" in client.get(at("edit", entry)).text

    client.post(at("edit", entry), {"text": "It moves in June.", "version": "1"})

    page = signed_in(them).get(entry.get_absolute_url()).text
    assert "It moves in June." in page
    assert "What it said before" in page
    assert WORDS["note"] in page


def test_nobody_changes_what_somebody_else_wrote(side):
    project, me, them = two(side)
    entry = said(project, me)
    answer = answered(entry, them)
    client = signed_in(them)

    assert client.get(at("edit", entry)).status_code == 403
    assert client.post(at("withdraw", entry)).status_code == 403
    assert signed_in(me).get(at("answer_edit", entry, answer.pk)).status_code == 403
    assert signed_in(me).post(at("answer_withdraw", entry, answer.pk)).status_code == 403


def test_an_answer_is_changed_and_withdrawn_by_who_wrote_it(side):
    project, me, them = two(side)
    entry = said(project, me)
    answer = answered(entry, them, at=NOON)
    client = signed_in(them)

    client.post(at("answer_edit", entry, answer.pk), {"text": "By Monday."})
    assert "By Monday." in client.get(entry.get_absolute_url()).text
    page = client.post(at("answer_withdraw", entry, answer.pk), follow=True).text

    assert "By Monday." not in page
    assert "Withdrawn" in page


def test_a_file_goes_with_what_was_withdrawn_and_is_found_under_no_other_entry(side):
    project, me, them = two(side)
    entry = said(project, me, uploads=[an_item()])
    other = said(project, me, "note")
    row = TalkFile.objects.get()
    client = signed_in(them)
    assert client.get(at("file", entry, row.pk)).status_code == 200

    assert client.get(at("file", other, row.pk)).status_code == 404
    signed_in(me).post(at("withdraw", entry))
    assert client.get(at("file", entry, row.pk)).status_code == 404


def test_a_file_that_nobody_has_scanned_is_for_the_side_that_added_it(side):
    project, me, them = two(side)
    entry = said(project, me, uploads=[an_item()])
    TalkFile.objects.update(state="held")
    row = TalkFile.objects.get()

    assert signed_in(me).get(at("file", entry, row.pk)).status_code == 200
    assert signed_in(them).get(at("file", entry, row.pk)).status_code == 404
    assert "waits for the virus scanner" in signed_in(them).get(entry.get_absolute_url()).text


def test_kinds_and_words_are_found_by_the_address(side):
    project, me, them = two(side)
    question = said(project, me)
    said(project, me, "note")
    answered(question, them, "Paper comes from Leeds.")
    client = signed_in(them)

    def found(query):
        page = client.get(url("list", project) + query).text.split('id="all-title"')[-1]
        return [kind for kind in ("question", "note") if WORDS[kind] in page]

    assert found("?kind=note") == ["note"]
    assert found("?q=leeds") == ["question"]
    assert found("?q=clinic") == ["note"]
    assert found("?q=nothing+like+it") == []
    assert found("?kind=nonsense") == ["question", "note"]


def test_agencies_find_nothing_and_readers_read_and_are_offered_nothing(side):
    project, me, _them = two(side)
    entry = said(project, me)
    agency = signed_in(member_of(add_agency(project, partner_of(project, side)), "owner"))
    reader = signed_in(person_on(project, side, "reader"))

    assert agency.get(url("list", project)).status_code == 404
    assert agency.get(entry.get_absolute_url()).status_code == 404
    assert WORDS["question"] not in agency.get(project.get_absolute_url()).text
    page = reader.get(entry.get_absolute_url()).text
    assert WORDS["question"] in page
    assert "/answer/" not in page
    assert "Write something" not in reader.get(url("list", project)).text
    assert reader.get(url("write", project, "note")).status_code == 403


def test_what_a_person_wrote_goes_with_their_data(side):
    project, me, them = two(side)
    entry = said(project, me, "concern")
    answered(entry, them, "Shouting is no way to talk.")
    client = signed_in(me)
    client.post(url("write", project, "note"), {"text": "Half a note", "keep": "1"})

    data = client.get(reverse("accounts:data_download")).text
    theirs = signed_in(them).get(reverse("accounts:data_download")).text

    assert WORDS["concern"] in data
    assert "Half a note" in data
    assert "Shouting" not in data
    assert "Shouting" in theirs
    assert WORDS["concern"] not in theirs
    assert organisation_of(them, project).name in theirs
