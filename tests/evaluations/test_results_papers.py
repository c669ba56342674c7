"""Results and conclusions as pages to print and files to keep."""

import html
import re

import pytest
from django.urls import reverse

from accounts.pdf import NoPdf
from evaluations import sealing
from partnerships.models import Contract
from principles.models import Question
from tests.evaluations.opened import ask_different_questions, open_reviews, opened_project, signed_project
from tests.factories import (
    DAY,
    NOON,
    make_project,
    make_reviews,
    other_side,
    partner_of,
    person_on,
    review_of,
)
from tests.pdf import pdf_text

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

    monkeypatch.setattr("partnerships.views.papers.render_pdf", refuse)
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


# The same facts on screen, on paper and in the file


@pytest.fixture
def telling(side):
    """A project of which there is much to tell: one side answered after seeing, both don't know things, a contract."""
    ask_different_questions()
    project = make_project(stage="review", result="reached")
    Contract.objects.create(
        project=project, title="Grant", type="grant", created_at=NOON - 40 * DAY, signed_at=NOON - 9 * DAY
    )
    make_reviews(project)
    for each, unknown in ((side, ("patients-first-1", "mutual-expertise-2")), (other_side(side), ())):
        review, person = review_of(project, each), person_on(project, each)
        asked = Question.objects.filter(principle__principle_set=project.principle_set)
        both = {"clear-processes-3"}
        entries = [
            sealing.Entry(question.pk, "dont_know" if question.code in both.union(unknown) else 3)
            for question in asked
        ]
        sealing.save_answers(review, entries, actor=person, at=NOON)
        sealing.save_overall(review, sealing.OverallEntry("yes"), actor=person, at=NOON)
    project.reviews.filter(pk=review_of(project, other_side(side)).pk).update(answered_after_seeing=True)
    # What is answered already stays as it is.
    return open_reviews(project)


def plain(response):
    if response["Content-Type"] == "application/pdf":
        return pdf_text(response.content)
    main = re.search(r"<main.*?</main>", response.content.decode(), re.S)[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


@pytest.mark.parametrize("name", ["evaluations:results", *PAPERS])
def test_screen_paper_and_file_tell_the_same_facts(client, side, telling, name):
    project = telling
    late = partner_of(project, other_side(side))

    text = plain(get(client, name, project, person_on(project, side)))

    assert f"{late.name} answered after seeing a review that was shared early." in text
    assert "Measured, not asked Working days to a signed contract" in text.replace("• ", "")
    assert re.search(r"Working days to a signed contract:? 22\b", text)
    assert "What neither side knew Nobody could answer these. Who could find out? " in text
    assert "Clear processes 3" in text.partition("Who could find out?")[2]
    assert text.count("1 answer “I don’t know”") >= 2
    for number in range(1, 6):
        assert text.count(f"A question to start with: “What about number {number}?”") == 1


def test_nothing_is_told_that_is_not_so(client, side):
    project = opened_project()
    person = person_on(project, side)

    for name in ("evaluations:results", *PAPERS):
        text = plain(get(client, name, project, person))
        assert "answered after seeing" not in text
        assert "Measured, not asked" not in text
        assert "What neither side knew" not in text


@pytest.mark.parametrize("name", ["evaluations:results", *PAPERS])
def test_what_can_not_be_compared_is_said_on_every_copy(client, side, name):
    project = opened_project(**{side: {"level": "dont_know"}, other_side(side): {"level": 3}})

    text = plain(get(client, name, project, person_on(project, side)))

    assert "There is nothing to compare for “Clear processes”." in text
