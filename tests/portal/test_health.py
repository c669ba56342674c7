"""What `/health` tells machines: red for each part that fails, and for a clock that stands still."""

import datetime as dt

import pytest
from django.conf import settings
from django.db import OperationalError
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import JobRun
from portal import health

pytestmark = pytest.mark.django_db
JOBS = [name for name, _every in health.scheduled()]
ALL_OK = {"web": "ok", "database": "ok", "broker": "ok"} | {f"job {name}": "ok" for name in JOBS}


def ran(name, *, ago):
    at = timezone.now() - ago
    return JobRun.objects.create(name=name, started_at=at - dt.timedelta(seconds=1), finished_at=at)


@pytest.fixture
def all_ran():
    """Every job of the schedule has just ended."""
    for name in JOBS:
        ran(name, ago=dt.timedelta(seconds=5))


def test_all_is_well_when_database_broker_and_schedule_answer(client, all_ran, django_assert_num_queries):
    with django_assert_num_queries(len(JOBS)):
        answer = client.get("/health")

    assert (answer.status_code, answer.json()) == (200, ALL_OK)
    assert answer.cookies == {}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("ago", "status"),
    [
        (dt.timedelta(minutes=2, seconds=55), 200),
        (dt.timedelta(minutes=3, seconds=5), 503),
        (dt.timedelta(days=-1), 503),
    ],
)
def test_a_sweep_that_is_three_intervals_late_or_lies_in_the_future_is_red(client, all_ran, ago, status):
    ran("send_notices", ago=ago)

    answer = client.get("/health")

    assert answer.status_code == status
    assert (answer.json()["job send_notices"] == "ok") == (status == 200)


def test_runs_from_before_a_clock_was_set_back_do_not_pass_for_new_ones(client, all_ran):
    """At nine again: the runs of nine to ten exist already, and the clock's process stands still."""
    ran("send_notices", ago=dt.timedelta(seconds=1))
    ran("send_notices", ago=dt.timedelta(hours=-1))

    assert client.get("/health").status_code == 503


def test_a_sweep_that_began_and_never_ended_is_red(client, all_ran):
    JobRun.objects.filter(name="send_notices").update(finished_at=None)

    answer = client.get("/health")

    assert (answer.status_code, answer.json()["job send_notices"]) == (503, "never ran")


def test_a_broker_that_does_not_answer_is_red(client, all_ran, monkeypatch):
    from celery import current_app

    monkeypatch.setattr(
        current_app, "connection_for_write", lambda: current_app.connection("redis://127.0.0.1:1/0")
    )

    answer = client.get("/health")

    assert (answer.status_code, answer.json()) == (503, ALL_OK | {"broker": "does not answer"})


def test_a_database_that_does_not_answer_is_red_and_no_error(client, monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("could not connect to server: connection refused")

    monkeypatch.setattr(JobRun.objects, "filter", refuse)

    answer = client.get("/health")

    assert answer.status_code == 503
    assert answer.json() == {"web": "ok", "database": "does not answer", "broker": "ok"}


@pytest.mark.parametrize("entry", settings.CELERY_BEAT_SCHEDULE.values(), ids=settings.CELERY_BEAT_SCHEDULE)
def test_every_scheduled_job_writes_its_runs_down_under_its_name(entry):
    import_string(entry["task"])()

    name = entry["task"].rpartition(".")[2]
    assert list(JobRun.objects.exclude(finished_at=None).values_list("name", flat=True)) == [name]
