import datetime as dt

import pytest
from django.contrib.sessions.models import Session

from accounts.jobs import job, tidy
from accounts.models import EmailChange, JobRun, KeptPost, SignInLink
from tests.factories import DAY, NOON, make_person

pytestmark = pytest.mark.django_db


def test_a_run_is_written_down_with_what_it_did():
    with job("sweep", at=NOON) as detail:
        detail["owed"] = 3

    run = JobRun.objects.get()
    assert (run.name, run.started_at, run.detail) == ("sweep", NOON, {"owed": 3})
    assert run.finished_at is not None


def test_a_run_that_breaks_off_has_no_end_and_says_why():
    with pytest.raises(ZeroDivisionError), job("sweep", at=NOON):
        raise ZeroDivisionError

    run = JobRun.objects.get()
    assert (run.finished_at, run.detail) == (None, {"error": "ZeroDivisionError"})


def test_what_nobody_needs_any_more_is_dropped_and_nothing_else():
    person = make_person()
    for days in (0, 29, 31):
        at = NOON - days * DAY
        JobRun.objects.create(name=str(days), started_at=at)
        SignInLink.objects.create(person=person, token_hash=str(days), created_at=at, expires_at=at)
        EmailChange.objects.create(person=person, email="a@example.org", created_at=at, expires_at=at)
        KeptPost.objects.create(person=person, path=str(days), fields=[], created_at=at, expires_at=at)
        Session.objects.create(session_key=str(days), expire_date=at)

    counted = tidy(NOON)

    assert counted == {"runs": 1, "links": 1, "changes_of_address": 1, "kept_forms": 2, "sessions": 2}
    assert sorted(JobRun.objects.values_list("name", flat=True)) == ["0", "29"]
    assert set(tidy(NOON + dt.timedelta(seconds=0)).values()) == {0}
