"""What the pages say while a review waits for others, and after the project went on without them."""

import datetime as dt
import html
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.templatetags.counterpart import day
from tests.browse import signed_in
from tests.factories import make_project, make_reviews, make_sent, person_on, review_of

pytestmark = pytest.mark.django_db

SOON = dt.timedelta(days=5)
LATE = dt.timedelta(days=-60)


def waiting_project(side, due=LATE, **fields):
    """One partner on `side` has sent, and everybody else is missing."""
    fields = {"stage": "review", "result": "reached", "title": "Carer handbook"} | fields
    project = make_project(review_due_on=timezone.now().date() + due, **fields)
    make_reviews(project)
    make_sent(review_of(project, side))
    return project


def url(name, project):
    return reverse(f"evaluations:review_{name}", args=[project.reference])


def words(response):
    main = re.search(r"<main.*?</main>", response.content.decode(), re.S)[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


@pytest.mark.parametrize(
    ("partners", "has"), [({}, "has"), ({"groups": 2}, "have"), ({"companies": 2}, "have")]
)
def test_before_the_due_date_the_sender_reads_how_long_reminders_go_on(side, partners, has):
    project = waiting_project(side, SOON, **partners)

    text = words(signed_in(person_on(project, side)).get(url("start", project)))

    until = day(project.review_due_on, timezone.now().date())
    names = [row.organisation.name for row in project.reviews.filter(sent_at=None)]
    told = re.search(rf"What happens next (.*) {has} until {re.escape(until)}\.(.*?nothing\.)", text)
    assert set(told[1].split(" and ")) == set(names)
    assert told[2] == " Our reminders end with that day. You need to do nothing."


@pytest.mark.parametrize("partners", [{}, {"groups": 2}, {"companies": 2}])
def test_after_the_due_date_nobody_is_promised_reminders_that_do_not_come(side, partners):
    project = waiting_project(side, **partners)
    client = signed_in(person_on(project, side))

    sent, late = words(client.get(url("start", project))), words(client.get(url("late", project)))

    until = day(project.review_due_on, timezone.now().date())
    names = [row.organisation.name for row in project.reviews.filter(sent_at=None)]
    told = re.search(rf"What happens next (.*) had until {re.escape(until)}\.(.*?help\.)", sent)
    assert set(told[1].split(" and ")) == set(names)
    assert told[2] == " Our reminders ended with that day. A word from you may help."
    assert "Our reminders ended with the due date. A word from you may help." in late
    for text in (sent, late):
        assert not re.search(r"remind them|go on remind|ha(s|ve) until", text)
