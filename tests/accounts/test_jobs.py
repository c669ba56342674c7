import datetime as dt

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils.module_loading import import_string

from accounts import jobs
from accounts.jobs import job, tidy
from accounts.models import EmailChange, JobRun, KeptPost, SignInLink
from accounts.reminders import owe_reminders
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


def test_every_job_and_all_that_it_counts_has_words_for_support():
    """One that nobody named, and a count without words, would show as they are called in the code."""
    for job_of, task in settings.CELERY_BEAT_SCHEDULE.items():
        import_string(task["task"])()
        assert jobs.name_of(job_of) != job_of

    counted = {name for detail in JobRun.objects.values_list("detail", flat=True) for name in detail}
    assert {"sent", "clean", "runs", "accepted"} <= counted <= set(jobs.COUNTED)
    assert {*owe_reminders([], at=NOON), "owed", "missed", "moved"} <= set(jobs.COUNTED)


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
