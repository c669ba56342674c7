"""Results and conclusions as pages to print and files to keep."""

import pytest
from django.urls import reverse

from accounts.pdf import NoPdf
from tests.evaluations.opened import opened_project, signed_project
from tests.factories import make_project, make_reviews, other_side, partner_of, person_on

pytestmark = pytest.mark.django_db

PAPERS = ["evaluations:results_print", "evaluations:results_pdf"]


def get(client, name, project, person):
    client.force_login(person)
    return client.get(reverse(name, args=[project.reference]))


def test_the_page_for_paper_shows_everything_and_nothing_to_press(client, side):
    project = opened_project(group={"level": 1, "comment": "We waited."}, company=4)

    response = get(client, "evaluations:results_print", project, person_on(project, side))

    text = response.content.decode()
    assert text.count("“We waited.”") == 15
    assert "Reply once" not in text
    assert "You, " not in text


@pytest.mark.parametrize("name", ["evaluations:results_pdf", "evaluations:conclusion_pdf"])
def test_a_file_is_made_and_kept_by_nobody(client, side, name):
    project = signed_project(promises=[{"side": side}])

    response = get(client, name, project, person_on(project, side, "reader"))

    assert response.content.startswith(b"%PDF-")
    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]
    assert project.reference in response["Content-Disposition"]


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("evaluations:results_pdf", "evaluations:results_print"),
        ("evaluations:conclusion_pdf", "evaluations:conclusion_detail"),
    ],
)
def test_where_no_file_can_be_made_there_is_a_page_to_print(client, side, name, instead, monkeypatch):
    def refuse(html):
        raise NoPdf

    monkeypatch.setattr("evaluations.views.papers.render_pdf", refuse)
    project = signed_project()

    response = get(client, name, project, person_on(project, side))

    assert response.url == reverse(instead, args=[project.reference])


@pytest.mark.parametrize("name", PAPERS)
def test_nothing_sealed_is_put_on_paper(client, side, name):
    project = make_project(stage="review")
    make_reviews(project)

    response = get(client, name, project, person_on(project, side))

    assert response.url == reverse("evaluations:review_start", args=[project.reference])


def test_what_people_wrote_opens_no_address_and_breaks_no_file(client, side):
    nasty = "<img src=http://127.0.0.1:1/x> & <script>alert(1)</script> \u202dش 👩🏽‍🔬".replace("\u202d", "")
    project = opened_project(
        **{side: {"level": 2, "comment": nasty, "keep": nasty}, other_side(side): {"level": 2}}
    )

    response = get(client, "evaluations:results_pdf", project, person_on(project, side))

    assert response.content.startswith(b"%PDF-")
    assert partner_of(project, side)
