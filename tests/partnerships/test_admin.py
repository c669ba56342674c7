"""Projects in the admin: explained, and not written."""

import pytest
from django.urls import reverse

from accounts.models import Event
from partnerships.actions.plan import send_plan
from partnerships.models import Participation, PlanPart, Project
from tests.factories import (
    NOON,
    add_agency,
    make_organisation,
    make_person,
    make_project,
    other_side,
    partner_of,
    person_on,
    write_plan,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def superuser(client):
    superuser = make_person("Sue Port", email="sue@example.org", is_staff=True, is_superuser=True)
    client.force_login(superuser)
    return superuser


def page(client, name, *args, **query):
    return client.get(reverse(f"admin:partnerships_{name}", args=args), query)


def words(response):
    return response.content.decode()


def test_the_page_of_a_project_says_why_its_stage_has_not_ended(client, superuser, side):
    project = make_project(starts_on=None, ends_on=None)
    writer = person_on(project, side)
    write_plan(project, writer)
    send_plan(project, actor=writer, at=NOON)

    answer = words(page(client, "project_change", project.pk))

    assert f"Why for patients waits for {partner_of(project, other_side(side)).name}." in answer
    assert partner_of(project, "group").name in answer
    assert partner_of(project, "company").name in answer


@pytest.mark.parametrize("query", [{"q": "hand"}, {"stage__exact": "agree"}, {"q": "Larkfield Group"}])
def test_projects_are_found(client, superuser, query):
    make_project(title="Handbook", stage="agree")

    assert "Handbook" in words(page(client, "project_changelist", **query))


def test_a_project_and_its_plan_are_not_written_here(client, superuser, side):
    project = make_project()
    writer = person_on(project, side)
    write_plan(project, writer)
    part = PlanPart.objects.first()

    for name, row in (("project", project), ("planpart", part)):
        changed = client.post(
            reverse(f"admin:partnerships_{name}_change", args=[row.pk]), {"title": "Other", "stage": "learn"}
        )
        added = client.get(reverse(f"admin:partnerships_{name}_add"))
        deleted = client.post(reverse(f"admin:partnerships_{name}_delete", args=[row.pk]), {"post": "yes"})
        assert (changed.status_code, added.status_code, deleted.status_code) == (403, 403, 403)

    assert Project.objects.get().stage == "shape"


def test_parts_are_read_without_amounts(client, superuser, side):
    project = make_project()
    write_plan(project, person_on(project, side))
    part = PlanPart.objects.get(code="brings")

    answer = words(page(client, "planpart_change", part.pk))

    assert "Two days a month" in answer
    assert "12,000" not in answer
    assert "12000" not in answer


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_asks_the_same_number_of_questions(client, superuser, rows, django_assert_num_queries):
    for _ in range(rows):
        make_project()

    with django_assert_num_queries(7):
        page(client, "project_changelist")


def test_an_agency_is_let_in_for_one_of_the_partners(client, superuser, side):
    project = make_project()
    agency = make_organisation("agency")
    data = {"agency": agency.pk, "acts_for": partner_of(project, side).pk}

    for _ in range(2):
        client.post(reverse("admin:partnerships_project_agency", args=[project.pk]), data)

    row = Participation.objects.get(organisation=agency)
    assert (row.role, row.side, row.acts_for) == ("agency", side, partner_of(project, side))
    assert [event.verb for event in Event.objects.filter(project=project.reference)] == [
        "project.agency_joined"
    ]


@pytest.mark.parametrize("who", ["group", "company"])
def test_no_partner_is_let_in_this_way(client, superuser, who):
    project = make_project()

    answer = client.post(
        reverse("admin:partnerships_project_agency", args=[project.pk]),
        {"agency": make_organisation(who).pk, "acts_for": partner_of(project, "group").pk},
    )

    assert answer.status_code == 422
    assert project.participations.count() == 2


def test_an_agency_acts_for_no_agency(client, superuser):
    project = make_project()
    first = add_agency(project, partner_of(project, "group"))

    answer = client.post(
        reverse("admin:partnerships_project_agency", args=[project.pk]),
        {"agency": make_organisation("agency").pk, "acts_for": first.pk},
    )

    assert answer.status_code == 422


def test_staff_without_the_right_lets_nobody_in(client):
    project = make_project()
    client.force_login(make_person(is_staff=True))

    assert client.get(reverse("admin:partnerships_project_agency", args=[project.pk])).status_code == 403
