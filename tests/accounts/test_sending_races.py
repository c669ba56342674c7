"""Workers and beats that do the same thing at the same instant. On PostgreSQL."""

from collections import Counter
from functools import partial

import pytest
from django.core import mail

from accounts.models import JobRun, Notice
from accounts.notices import owe
from accounts.sending import send_due
from accounts.tasks import send_notices
from evaluations.reminders import remind_reviews
from partnerships.models import Project
from partnerships.reminders import end_deliveries
from tests.factories import DAY, NOON, make_person, make_project, person_on
from tests.races import at_once

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

WORKERS = 4
ROUNDS = 5


@pytest.mark.usefixtures("kinds")
def test_four_workers_send_each_message_once(post):
    people = [make_person() for _ in range(60)]
    for round_ in range(ROUNDS):
        for person in people:
            owe(person, kind="news", key=f"{round_}:{person.pk}", at=NOON, title="the handbook")

        results = at_once(*[partial(send_due, at=NOON)] * WORKERS)

        assert sum(result.sent for result in results) == len(people)
        assert Counter(message.to[0] for message in mail.outbox) == dict.fromkeys(
            (person.email for person in people), round_ + 1
        )


@pytest.mark.usefixtures("kinds")
def test_four_workers_make_one_digest_of_a_persons_reminders(post):
    people = [make_person() for _ in range(20)]
    for round_ in range(ROUNDS):
        # Nobody gets two of them on one day.
        at = NOON + round_ * 7 * DAY
        for person in people:
            for title in ("The plan", "The review", "The promise"):
                owe(
                    person, kind="due", key=f"{round_}:{person.pk}:{title}", at=at, subject=f"test.{title}:1",
                    title=title, country="GB",
                )  # fmt: skip

        at_once(*[partial(send_due, at=at)] * WORKERS)
        send_due(at=at)

        assert Counter(message.to[0] for message in mail.outbox) == dict.fromkeys(
            (person.email for person in people), round_ + 1
        )
        assert {message.subject for message in mail.outbox} == {"3 things are waiting for you"}


def test_several_beats_end_each_project_once_and_owe_each_reminder_once(side):
    projects = [make_project(stage="deliver", ends_on=(NOON - DAY).date()) for _ in range(10)]
    people = [person_on(project, side) for project in projects]

    at_once(*[partial(end_deliveries, at=NOON)] * WORKERS)
    at_once(*[partial(remind_reviews, at=NOON + 8 * DAY)] * WORKERS)

    assert set(Project.objects.values_list("stage", flat=True)) == {"review"}
    for kind in ("review_opens", "review_reminder"):
        owed = Notice.objects.filter(kind=kind, recipient__in=people)
        assert Counter(owed.values_list("recipient", flat=True)) == {person.pk: 1 for person in people}


def test_two_beats_at_once_do_no_harm():
    outcomes = at_once(send_notices, send_notices)

    assert outcomes == [None, None]
    assert JobRun.objects.exclude(finished_at=None).count() == 2
