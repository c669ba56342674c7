"""Partners: who may know of whom, and who sees which amounts."""

import pytest

from partnerships.models import Project, Transfer
from tests.factories import (
    NOON,
    make_organisation,
    make_project,
    member_of,
    other_side,
    partner_of,
    person_on,
)

pytestmark = pytest.mark.django_db


def paid(payer, recipient, amount="1200.5", **fields):
    project = Project.objects.create(
        title="Imported", origin="imported", stage="completed", stage_since=NOON, created_at=NOON, year=2014
    )
    return Transfer.objects.create(
        project=project, payer=payer, recipient=recipient, amount=amount, currency="CHF", year=2014, **fields
    )


def page_of(organisation):
    return f"/partners/{organisation.slug}/"


def test_partner_list_shows_own_partners_first_then_those_who_want_to_be_found(client, side):
    project = make_project(stage="agree")
    partner = partner_of(project, other_side(side))
    partner.name = "Zebra"
    partner.save()
    make_organisation(name="Aardvark", listed=True)
    make_organisation(name="Hidden")
    client.force_login(person_on(project, side))

    rows = [(row.name, row.live, row.closed) for row in client.get("/partners/").context["page_obj"]]

    assert rows == [("Zebra", 1, 0), ("Aardvark", 0, 0)]


def test_partner_list_counts_live_and_closed_projects_and_names_countries(client, side):
    project = make_project(stage="agree")
    mine, theirs = partner_of(project, side), partner_of(project, other_side(side))
    sides = {side: [mine], other_side(side): [theirs]}
    for fields in (
        {"stage": "deliver"},
        {"stage": "completed", "result": "reached", "result_how": "We asked."},
        {"stage": "withdrawn", "withdrawn_at": NOON, "withdraw_reason": "other"},
    ):
        make_project(groups=sides["group"], companies=sides["company"], **fields)
    client.force_login(person_on(project, side))

    answer = client.get("/partners/")

    assert [(row.live, row.closed) for row in answer.context["page_obj"]] == [(2, 2)]
    assert "United Kingdom" in answer.text


def test_partner_list_finds_by_country_and_offers_only_those_there_are(client):
    project = make_project()
    make_organisation(name="Aardvark", listed=True, country="ES")
    make_organisation(name="Hidden", country="FR")
    client.force_login(person_on(project, "group"))

    answer = client.get("/partners/?country=ES")

    assert [row.name for row in answer.context["page_obj"]] == ["Aardvark"]
    choices = answer.context["filter"].form.fields["country"].choices
    assert [code for code, _name in choices] == ["", "ES", "GB"]
    assert client.get("/partners/?country=FR").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "q=%00", "q=%25", "q=_", "q=%5C", "q='", "q=%ff", "page=0", "page=-1", "page=abc", "page=999999999",
        "kind=agency", "sort=participations__project__title",
    ],
)  # fmt: skip
def test_partner_list_takes_whatever_stands_in_the_address(client, query):
    client.force_login(person_on(make_project(), "group"))

    assert client.get(f"/partners/?{query}").status_code == 200


def test_nobody_to_show_is_told_from_nobody_found(client):
    client.force_login(member_of(make_organisation()))

    assert "No partner yet" in client.get("/partners/").text
    assert "Nobody found" in client.get("/partners/?q=zzz").text


def test_partner_detail_shows_whom_one_knows_there_and_starts_a_project_with_them(client, side):
    project = make_project(stage="agree")
    theirs = partner_of(project, other_side(side))
    known = person_on(project, other_side(side), name="Known Person")
    # Has done nothing on the project yet. Whether somebody has tells who began to write a sealed review.
    member_of(theirs, name="Quiet Person")
    member_of(theirs, name="Former Person").memberships.update(left_at=NOON)
    elsewhere = make_project(**{("companies" if side == "group" else "groups"): [theirs]})
    client.force_login(person_on(project, side))

    text = client.get(page_of(theirs)).text

    assert known.email in text
    assert "Quiet Person" in text
    assert "Former Person" not in text
    assert project.title in text
    assert f"{elsewhere.title}<" not in text
    assert f"?partner={theirs.slug}" in text


def test_partner_list_finds_by_name_and_kind(client):
    project = make_project()
    make_organisation(name="Aardvark", listed=True)
    make_organisation("company", name="Aardvark Pharma", listed=True)
    client.force_login(person_on(project, "group"))

    found = client.get("/partners/?q=aard&kind=group").context["page_obj"]

    assert [row.name for row in found] == ["Aardvark"]


def test_an_organisation_that_is_not_listed_is_known_to_its_partners_alone(client, side):
    project = make_project()
    partner = partner_of(project, other_side(side))

    client.force_login(person_on(project, side))
    assert client.get(page_of(partner)).status_code == 200
    client.force_login(member_of(make_organisation(side)))
    assert client.get(page_of(partner)).status_code == 404


def test_partner_detail_shows_amounts_to_those_who_paid_or_received(client):
    group, company = make_organisation(listed=True), make_organisation("company", listed=True)
    paid(company, group)

    for insider in (group, company):
        client.force_login(member_of(insider))
        assert "1,200.50 CHF" in client.get(page_of(company)).content.decode()
    client.force_login(member_of(make_organisation("company")))
    assert "1,200.50" not in client.get(page_of(company)).content.decode()


def test_a_merged_organisation_leads_to_the_one_that_was_kept(client):
    kept = make_organisation(listed=True)
    merged = make_organisation(merged_into=kept)
    client.force_login(member_of(make_organisation("company")))

    assert client.get(page_of(merged)).url == page_of(kept)


def test_what_was_published_under_another_spelling_counts_for_the_organisation_that_was_kept(client):
    group, company = make_organisation(listed=True), make_organisation("company", listed=True)
    paid(company, make_organisation(merged_into=group))

    for insider in (group, company):
        client.force_login(member_of(insider))
        assert "1,200.50 CHF" in client.get(page_of(group)).content.decode()
    client.force_login(member_of(make_organisation()))
    assert "1,200.50" not in client.get(page_of(group)).content.decode()


def test_the_projects_and_people_of_a_merged_organisation_are_on_the_page_of_the_one_that_was_kept(
    client, side
):
    project = make_project(stage="agree", title="Handbook for carers")
    merged = partner_of(project, other_side(side))
    named = person_on(project, other_side(side))
    kept = make_organisation(other_side(side))
    merged.merged_into = kept
    merged.save()
    client.force_login(person_on(project, side))

    page = client.get(page_of(merged), follow=True).content.decode()

    assert "Handbook for carers" in page
    assert named.name in page


def test_a_merged_organisation_tells_strangers_nothing(client):
    merged = make_organisation(merged_into=make_organisation())
    client.force_login(member_of(make_organisation("company")))

    assert client.get(page_of(merged)).status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_partner_pages_ask_the_same_number_of_questions(client, django_assert_num_queries, count):
    project = make_project(stage="agree")
    group = partner_of(project, "group")
    company = partner_of(project, "company")
    for _number in range(count):
        make_project(stage="agree", groups=[group], companies=[company])
        make_organisation(listed=True)
        paid(company, group)
    client.force_login(person_on(project, "group"))
    client.get("/partners/")

    with django_assert_num_queries(6):
        client.get("/partners/")
    with django_assert_num_queries(16):
        client.get(page_of(company))
