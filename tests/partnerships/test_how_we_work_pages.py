"""The pages of "How we work": to read, to write, on paper; and where promises stand beside what is measured."""

import pytest
from django.urls import reverse

from accounts.models import Organisation
from accounts.pdf import NoPdf
from partnerships.actions import how_we_work
from partnerships.how_we_work import read_draft, read_published
from partnerships.rulesets.how_we_work import PROPOSED
from tests import files
from tests.factories import (
    DAY,
    NOON,
    make_organisation,
    make_project,
    member_of,
    other_side,
    partner_of,
    person_on,
)
from tests.partnerships.contracts import begun
from tests.partnerships.work import STEPS, described, measured, publish, write
from tests.pdf import pdf_pages, pdf_text

pytestmark = pytest.mark.django_db

LINE = "Contract in 30 working days (promised), 19 working days (typical of last 3)."


@pytest.fixture(autouse=True)
def _files_lie_aside(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def pair(side):
    """An organisation of this side, a Lead of it, and a Lead of a partner."""
    project = make_project(stage="contract")
    return partner_of(project, side), person_on(project, side), person_on(project, other_side(side))


def page(organisation, name="how_we_work", **arguments):
    return reverse(f"partnerships:{name}", kwargs={"slug": organisation.slug} | arguments)


def form_of(client, address):
    """What a browser would send from the form of a page as it stands."""
    form = client.get(address).context["form"]
    values = {bound.html_name: bound.value() for bound in form}
    return {name: value for name, value in values.items() if value not in (None, False)}


# To read --------------------------------------------------------------------------------------------


def test_whoever_knows_the_organisation_reads_the_newest_version_and_older_ones(client, pair):
    organisation, writer, reader = pair
    described(organisation, writer)
    how_we_work.write_part(organisation, values={"apply": "By post."}, actor=writer, at=NOON)
    client.force_login(reader)
    assert "By post." not in client.get(page(organisation)).text
    publish(organisation, writer)

    newest = client.get(page(organisation)).text
    first = client.get(page(organisation, "how_we_work_version", number=1)).text

    assert "By post." in newest
    assert "Last checked on 23 November 2026." in newest
    for words in ("Write to us by 1 March.", "We answer your changes", "10 working days", "desk@example.org"):
        assert words in first
    assert "There is a newer one" in first
    assert client.get(page(organisation, "how_we_work_version", number=3)).status_code == 404


def test_nobody_but_its_leads_and_owners_reads_a_draft(client, pair):
    organisation, writer, reader = pair
    write(organisation, writer, apply="Not to be read yet.")

    for person in (reader, member_of(organisation, "reader")):
        client.force_login(person)
        for name, arguments in (
            ("how_we_work", {}),
            ("how_we_work_pdf", {}),
            ("how_we_work_version", {"number": 1}),
        ):
            assert "Not to be read yet." not in client.get(page(organisation, name, **arguments)).text
    client.force_login(writer)
    assert "Not to be read yet." in client.get(page(organisation, "how_we_work_edit")).text


def test_a_page_that_was_checked_more_than_a_year_ago_says_so(client, pair):
    organisation, writer, reader = pair
    described(organisation, writer, NOON - 400 * DAY)
    client.force_login(reader)

    text = client.get(page(organisation)).text

    assert "Last checked on 19 October 2025, more than a year ago." in text


def test_a_merged_organisation_leads_to_the_page_of_the_one_that_was_kept(client, pair):
    organisation, writer, reader = pair
    described(organisation, writer)
    merged = make_organisation(organisation.kind, merged_into=organisation)
    client.force_login(reader)

    assert client.get(page(merged)).url == page(organisation)
    client.force_login(member_of(make_organisation()))
    assert client.get(page(merged)).status_code == 404


def test_a_template_goes_out_as_an_attachment_as_it_was_published(client, pair):
    organisation, writer, reader = pair
    described(organisation, writer)
    how_we_work.change_paper(
        organisation, 1, values={"name": "Budget", "purpose": ""}, without_file=True, actor=writer, at=NOON
    )
    client.force_login(reader)

    answer = client.get(page(organisation, "paper_file", number=1, paper=1))

    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == files.PDF
    for number, paper in ((1, 2), (2, 1)):
        assert client.get(page(organisation, "paper_file", number=number, paper=paper)).status_code == 404
    client.force_login(writer)
    assert client.get(page(organisation, "draft_paper_file", paper=1)).status_code == 404


def test_whoever_finds_nothing_asks_with_one_tap(client, pair):
    organisation, _writer, reader = pair
    client.force_login(reader)
    assert "Ask them to" in client.get(page(organisation)).text

    answers = [client.post(page(organisation, "how_we_work_ask"), follow=True).text for _time in range(2)]

    assert f"{organisation.name} is asked." in answers[0]
    assert "was asked within the last 30 days" in answers[1]
    assert "Ask them to</button>" not in answers[1]
    asker = reader.organisations.get()
    assert f"{asker.name} asked within the last 30 days." in answers[1]


def test_who_does_the_work_for_several_asks_for_each(client, pair):
    organisation, _writer, reader = pair
    second = make_organisation(name="Second House")
    second.memberships.create(person=reader, role="lead", joined_at=NOON)
    client.force_login(reader)
    assert "Ask them for Second House" in client.get(page(organisation)).text

    client.post(page(organisation, "how_we_work_ask"), {"for": second.slug})

    assert organisation.work_questions.get().asked_for == second
    assert client.post(page(organisation, "how_we_work_ask"), {"for": organisation.slug}).status_code == 403


# On paper -------------------------------------------------------------------------------------------


def test_the_paper_says_everything_on_at_most_two_pages(client, pair):
    organisation, writer, reader = pair
    steps = [
        {"what": f"{number} {'long words ' * 14}"[:160], "who": "Who " * 20, "days": number, "measure": "own"}
        for number in range(1, 13)
    ]
    for number in range(8):
        how_we_work.add_paper(
            organisation,
            name=f"{number} Certificate of registration as a charity, with the names of those who may sign for it",
            purpose="So that finance knows to whom the money goes, and does not ask again. " * 2
            + "So that it is paid on time. " * 2,
            actor=writer,
            at=NOON,
        )
    texts = {"apply": "apply " * 166, "independence": "free " * 199, "never_funded": "none " * 119}
    described(organisation, writer, template=False, steps=steps, **texts)
    client.force_login(reader)

    answer = client.get(page(organisation, "how_we_work_pdf"))

    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    assert pdf_pages(answer.content) in (1, 2)
    text = pdf_text(answer.content)
    for words in ("30 working days (promised)", "7 Certificate", "Partnership desk", "version 1"):
        assert words in text


def test_without_a_maker_of_pdfs_the_page_is_printed_instead(client, pair, monkeypatch):
    organisation, writer, reader = pair
    described(organisation, writer)

    def refuse(html):
        raise NoPdf

    monkeypatch.setattr("partnerships.views.papers.render_pdf", refuse)
    client.force_login(reader)

    assert client.get(page(organisation, "how_we_work_pdf")).url == page(organisation)


# To write -------------------------------------------------------------------------------------------


def test_from_the_proposed_steps_to_the_published_page_through_the_forms(client, pair):
    organisation, writer, _reader = pair
    client.force_login(writer)
    assert "These steps are a proposal" in client.get(page(organisation, "how_we_work_edit")).text
    said = {
        "steps": {"contract_days": "25", "step_1_days": "3"},
        "money": {"apply": "Write to us.", "pays": ["pays_travel"]},
        "contact": {"contact": str(writer.pk), "independence": "Yours."},
    }

    for code, values in said.items():
        address = page(organisation, "how_we_work_part", code=code)
        assert client.post(address, form_of(client, address) | values).status_code == 302
    upload = {"name": "Budget", "purpose": "", "template": files.upload(files.PDF, "budget.pdf")}
    assert client.post(page(organisation, "paper_add"), upload).status_code == 302
    editor = client.get(page(organisation, "how_we_work_edit"))
    content = editor.context["work"].content
    assert editor.context["missing"] == []
    client.post(page(organisation, "how_we_work_publish"), {"content": content})

    work = read_published(organisation)
    assert (work.page.contract_days, work.steps[0].days, len(work.steps)) == (25, 3, len(PROPOSED))
    assert (work.page.apply, work.pays_for, work.contact.email) == ("Write to us.", ["Travel"], writer.email)
    assert work.papers[0].file_name == "budget.pdf"


def test_what_a_colleague_saved_meanwhile_is_shown_beside_and_nothing_typed_is_lost(client, pair):
    organisation, writer, _reader = pair
    write(organisation, writer)
    client.force_login(writer)
    address = page(organisation, "how_we_work_part", code="steps")
    mine = form_of(client, address) | {"step_1_what": "We call you", "contract_days": "12"}
    how_we_work.write_part(organisation, values={"steps": STEPS[1:]}, actor=member_of(organisation), at=NOON)

    asked = client.post(address, mine)

    assert asked.status_code == 409
    assert "1. We answer your changes · Legal · 10 working days" in asked.text
    assert "1. We call you · Partnership lead · 5 working days" in asked.text
    again = asked.context["form"]
    assert client.post(address, {bound.html_name: bound.value() or "" for bound in again}).status_code == 302
    work = read_draft(organisation)
    assert (work.steps[0].what, work.page.contract_days) == ("We call you", 12)


def test_a_paper_that_a_colleague_changed_meanwhile_is_shown_beside(client, pair):
    organisation, writer, _reader = pair
    described(organisation, writer)
    client.force_login(writer)
    address = page(organisation, "paper_edit", paper=1)
    mine = form_of(client, address) | {"name": "Budget plan"}
    how_we_work.change_paper(
        organisation, 1, values={"name": "Costs", "purpose": ""}, actor=member_of(organisation), at=NOON
    )

    asked = client.post(address, mine)

    assert asked.status_code == 409
    assert "Costs" in asked.text
    again = {
        bound.html_name: bound.value() or "" for bound in asked.context["form"] if bound.name != "template"
    }
    again.pop("without_file")
    assert client.post(address, again).status_code == 302
    assert read_draft(organisation).papers[0].name == "Budget plan"
    assert read_draft(organisation).papers[0].file_name == "contract.pdf"


def test_a_step_that_is_moved_up_leads_back_to_the_steps(client, pair):
    organisation, writer, _reader = pair
    write(organisation, writer)
    client.force_login(writer)
    address = page(organisation, "how_we_work_part", code="steps")

    answer = client.post(address, form_of(client, address) | {"up": "2"})

    assert answer.url == address
    assert [step.what for step in read_draft(organisation).steps][:2] == [STEPS[1]["what"], STEPS[0]["what"]]


def test_publishing_what_is_not_complete_says_what_is_missing(client, pair):
    organisation, writer, _reader = pair
    write(organisation, writer, contact_name="", contact_email="")
    client.force_login(writer)

    content = read_draft(organisation).content
    text = client.post(page(organisation, "how_we_work_publish"), {"content": content}, follow=True).text

    assert "Say whom to ask." in text
    assert read_published(organisation) is None


def test_agencies_and_merged_organisations_have_no_such_page(client, side):
    agency = make_organisation("agency")
    merged = make_organisation(side, merged_into=make_organisation(side))

    for organisation in (agency, merged):
        client.force_login(member_of(organisation, "owner"))
        assert client.get(page(organisation, "how_we_work_edit")).status_code == 404
        assert (
            "/how-we-work/" not in client.get(reverse("accounts:organisation", args=[organisation.slug])).text
        )


# Promised and measured ------------------------------------------------------------------------------


def test_the_partner_page_and_the_description_say_promised_and_typical_days_to_partners_only(client, side):
    organisation = make_organisation(side, listed=True)
    writer = member_of(organisation)
    partner, _other = measured(organisation)
    described(organisation, writer)
    places = [page(organisation), reverse("partnerships:partner_detail", args=[organisation.slug])]

    for person, told in (
        (member_of(partner), True),
        (writer, True),
        (member_of(make_organisation(other_side(side))), False),
    ):
        client.force_login(person)
        for place in places:
            text = client.get(place).text
            assert (LINE in text) == told, (place, person)
            assert "Contract in 30 working days (promised)" in text
        assert ("9 working days (typical of last 3)" in client.get(places[0]).text) == told


def test_typical_days_of_one_partner_alone_are_told_to_nobody(client, side):
    organisation = make_organisation(side)
    (partner,) = measured(organisation, contracts=4, partners=1)
    described(organisation, member_of(organisation))
    client.force_login(member_of(partner))

    assert "typical" not in client.get(page(organisation)).text


def test_the_contract_says_in_how_many_days_they_answer(client, side):
    project = make_project(stage="contract")
    ours, theirs = person_on(project, side), person_on(project, other_side(side))
    contract = begun(project, ours)
    address = contract.get_absolute_url()
    client.force_login(theirs)
    assert "They say" not in client.get(address).text

    described(partner_of(project, side), ours)

    assert "They say 10 working days." in client.get(address).text
    client.force_login(ours)
    assert "You say 10 working days." in client.get(address).text


def test_a_description_counts_for_one_organisation_and_not_for_another(client, pair):
    organisation, writer, reader = pair
    described(organisation, writer)
    client.force_login(writer)

    other = Organisation.objects.get(pk=reader.organisations.get().pk)

    assert "has not described this yet" in client.get(page(other)).text
