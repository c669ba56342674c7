"""What the pages say while a review waits for others, and after the project went on without them."""

import datetime as dt
import html
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice
from accounts.sending.letters import write
from accounts.templatetags.counterpart import day
from tests.browse import signed_in
from tests.factories import make_project, make_reviews, make_sent, other_side, person_on, review_of

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
    assert told[2] == " Our reminders end then. You need to do nothing."


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


def closing_mails(project):
    notices = Notice.objects.filter(kind="closed_one_sided", project=project.reference)
    mails = [" ".join(letter.outcome.body.split()) for letter in write(list(notices), at=timezone.now())]
    assert mails
    return mails


def test_after_sharing_nothing_is_called_sealed_that_everybody_reads(side):
    project = waiting_project(side)
    ours, theirs = (person_on(project, each) for each in (side, other_side(side)))
    reader = person_on(project, other_side(side), "reader")
    mine, other = signed_in(ours), signed_in(theirs)
    mine.post(url("share", project))

    late = words(mine.get(url("late", project)))
    sent = mine.get(url("start", project))
    closed = words(mine.post(url("close", project), follow=True))

    assert "Every partner on the project can read your review." in late
    assert "Every partner can go on reading what you shared." in late
    assert "seal" not in late
    assert f'href="{url("shared", project)}"' in sent.content.decode()
    assert "The project is closed. What is sealed stays sealed." in closed
    assert "Every partner on the project can read what you shared." in closed
    assert "stays sealed" not in closed.replace("What is sealed stays sealed", "")
    over = other.get(url("start", project))
    assert "This review stays sealed" in words(over)
    assert "No sealed answer was opened. " in words(over)
    for client in (mine, other, signed_in(reader)):
        pages = [client.get(project.get_absolute_url()), client.get(url("start", project))]
        assert any(f'href="{url("shared", project)}"' in page.content.decode() for page in pages)
        assert client.get(url("shared", project)).status_code == 200
    for text in closing_mails(project):
        assert "No sealed answer was opened. The partners can still read what was shared." in text


def test_where_nothing_was_shared_all_stays_sealed(side):
    project = waiting_project(side)
    person_on(project, other_side(side))
    mine = signed_in(person_on(project, side))

    late = words(mine.get(url("late", project)))
    closed = mine.post(url("close", project), follow=True)

    assert "Your review stays sealed, whatever they do." in late
    assert "Your answers stay sealed, for your own learning." in late
    assert "Only your own organisation can read what it wrote." in words(closed)
    assert url("shared", project) not in closed.content.decode()
    for text in closing_mails(project):
        assert "No answers were opened. What was written stays sealed." in text


def test_readers_are_shown_a_review_after_it_was_sent_and_after_the_project_closed(side):
    project = waiting_project(side)
    lead = signed_in(person_on(project, side))
    reader = signed_in(person_on(project, side, "reader"))
    stranger = signed_in(person_on(project, other_side(side), "reader"))

    for _state in ("sent", "over"):
        assert "Let your Readers read this review" in words(lead.get(url("start", project)))
        assert reader.get(url("copy", project)).status_code == 404

        shown = lead.post(url("show", project), {"shown": "yes"}, follow=True)

        assert "Your Readers can read this review. Hide it from Readers" in words(shown)
        assert reader.get(url("copy", project)).status_code == 200
        assert "your Readers" not in words(reader.get(url("start", project), follow=True))
        assert stranger.get(url("copy", project)).status_code == 404
        lead.post(url("show", project), {"shown": "no"})
        lead.post(url("close", project))

    project.refresh_from_db()
    assert project.closed_one_sided


def test_reviewed_by_one_side_stands_beside_the_stage(side):
    project = waiting_project(side)
    client = signed_in(person_on(project, side))
    before = words(client.get(project.get_absolute_url()))

    client.post(url("close", project))

    for each in ("group", "company"):
        for role in ("lead", "reader"):
            page = signed_in(person_on(project, each, role)).get(project.get_absolute_url())
            assert "Where it stands: Completed, reviewed by one side" in words(page)
    assert "Where it stands: Review " in before
    assert "reviewed by one side" not in before
