"""What is written in a review is saved along, with nobody pressing Save."""

import re
import time

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from evaluations import sealing
from tests.factories import make_project, make_reviews, person_on, review_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAVED = re.compile(r"^Saved \d\d:\d\d$")
SAVES = "**/review/1/save/"
WORDS = "We met every week."


@pytest.fixture
def review():
    project = make_project(stage="review")
    make_reviews(project)
    return review_of(project, "company")


@pytest.fixture
def paper(page, live_server, sign_in, review):
    """The first page of the review, with a clock that goes on only when it is told to."""
    sign_in(person_on(review.project, "company"))
    page.clock.install()
    page.goto(live_server.url + address(review, 1))
    return page


def address(review, number):
    return reverse("evaluations:review_principle", args=[review.project.reference, number])


def status(page):
    return page.locator("#saved")


def choose(page, level):
    page.locator(f"#q1_{level - 1}").check(force=True)


def write(page, words=WORDS):
    page.get_by_text("Comment", exact=True).first.click()
    page.locator("#q1-why").press_sequentially(words)


def kept(review):
    """What stands in the database for the first question: answer and comment."""
    first = review.project.principle_set.principles.get(number=1).questions.get(position=1)
    draft = sealing.own_answers(review, [first]).get(first.pk)
    return (draft.answer, draft.comment) if draft else None


def kept_soon(page, review, wanted):
    """What stands in the database when it is this, or what still stands there after five seconds."""
    end = time.monotonic() + 5
    while (found := kept(review)) != wanted and time.monotonic() < end:
        page.wait_for_timeout(50)
    return found


def test_an_answer_is_saved_as_soon_as_it_is_chosen(paper, review, console):
    choose(paper, 3)
    paper.clock.run_for(50)

    expect(status(paper)).to_have_text(SAVED)
    assert kept(review) == (3, "")
    assert console == []


def test_words_are_saved_when_the_hand_rests(paper, review):
    asked = []
    paper.on("request", lambda request: asked.append(request.method) if request.method == "POST" else None)

    write(paper, "We met")
    paper.clock.run_for(1000)
    paper.locator("#q1-why").press_sequentially(" every week.")
    paper.clock.run_for(1000)
    while_writing = (kept(review), list(asked))
    paper.clock.run_for(1500)

    expect(status(paper)).to_have_text(SAVED)
    assert while_writing == (None, [])
    assert kept(review) == (None, WORDS)
    assert asked == ["POST"]


def test_what_could_not_be_saved_is_tried_again(paper, review):
    paper.route(SAVES, lambda route: route.abort())
    choose(paper, 2)
    paper.clock.run_for(50)
    expect(status(paper)).to_have_text("Not saved, trying again")
    before = kept(review)

    paper.unroute(SAVES)
    paper.clock.run_for(3000)

    expect(status(paper)).to_have_text(SAVED)
    expect(status(paper)).not_to_have_class(re.compile("is-failed"))
    assert (before, kept(review)) == (None, (2, ""))


def test_a_colleague_who_was_faster_ends_it_and_the_page_says_so(paper, review):
    first = review.project.principle_set.principles.get(number=1).questions.get(position=1)
    colleague = person_on(review.project, "company")
    sealing.save_answer(
        review, first, answer=4, comment="", revision=0, actor=colleague, at=review.created_at
    )
    asked = []
    paper.on("request", lambda request: asked.append(request.method) if request.method == "POST" else None)

    choose(paper, 2)
    paper.clock.run_for(50)
    expect(status(paper)).to_have_text(
        "A colleague changed this page too. Press Save to choose what to keep."
    )
    choose(paper, 1)
    paper.clock.run_for(60_000)

    assert kept(review) == (4, "")
    assert asked == ["POST"]


def test_words_are_kept_when_somebody_leaves_at_once(paper, review):
    write(paper)

    paper.get_by_role("link", name="Back to the start of the review").click()
    paper.wait_for_url(re.compile("/review/$"))

    assert kept_soon(paper, review, (None, WORDS)) == (None, WORDS)


def test_an_answer_is_kept_when_somebody_leaves_while_it_is_being_saved(paper, review):
    # The first request never gets through: it is still under way when the page goes.
    held = []
    paper.route(SAVES, lambda route: route.continue_() if held else held.append(route))
    with paper.expect_request(SAVES):
        choose(paper, 3)
        paper.clock.run_for(50)

    paper.get_by_role("link", name="Back to the start of the review").click()
    paper.wait_for_url(re.compile("/review/$"))

    assert kept_soon(paper, review, (3, "")) == (3, "")
