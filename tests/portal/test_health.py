"""What /health says, and that it says it soon."""

import datetime as dt
import socket
import time

import pytest
from django.conf import settings
from django.db import OperationalError
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.jobs import job
from accounts.models import JobRun
from accounts.notices import owe
from portal import health
from tests.factories import make_person

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def jobs(settings, db):
    """Every scheduled job has run a moment ago."""
    for name in settings.CELERY_BEAT_SCHEDULE:
        with job(name, at=timezone.now()):
            pass


def ask(client):
    began = time.monotonic()
    answer = client.get("/health")
    return answer.status_code, answer.json(), time.monotonic() - began


def test_when_everything_runs_it_answers_200_to_anybody_and_is_never_kept(client, jobs):
    answer = client.get("/health")

    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert [
        answer.json()[part]["status"] for part in ("web", "database", "broker", "schedule", "messages")
    ] == ["ok"] * 5
    assert "no-store" in answer["Cache-Control"]


def test_it_tells_how_many_seconds_ago_the_last_sweep_ended(client, jobs):
    JobRun.objects.filter(name="send_notices").update(finished_at=timezone.now() - 2 * MINUTE)

    schedule = client.get("/health").json()["schedule"]

    # The answer itself takes a moment.
    assert 120 <= schedule["last_sweep"] <= 125
    assert schedule["jobs"]["send_notices"] == {"age": schedule["last_sweep"], "limit": 180}
    assert schedule["jobs"]["remind_reviews"]["age"] <= 5


def test_it_needs_no_session_and_no_person(client, jobs, settings, django_assert_num_queries):
    client.cookies[settings.SESSION_COOKIE_NAME] = "unknown"

    # One question to the database, one for each job, two about messages.
    with django_assert_num_queries(1 + len(settings.CELERY_BEAT_SCHEDULE) + 2):
        client.get("/health")


def test_a_database_that_is_away_is_named_and_nothing_else_is_asked(client, monkeypatch):
    def away():
        raise OperationalError("could not connect to server: the password of app is secret")

    monkeypatch.setattr(health.connection, "cursor", away)

    status, found, _seconds = ask(client)

    assert (status, found["faults"]) == (503, ["database"])
    assert "secret" not in str(found)


def test_a_broker_that_is_down_is_named_within_two_seconds(client, jobs, settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings.CELERY_BROKER_URL = f"redis://:secret@127.0.0.1:{taken.getsockname()[1]}/0"

        status, found, seconds = ask(client)

    assert (status, found["faults"]) == (503, ["broker"])
    assert "secret" not in str(found)
    assert seconds < 2


def test_a_broker_that_takes_calls_and_never_answers_is_named_within_two_seconds(client, jobs, settings):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"

        status, found, seconds = ask(client)

    assert (status, found["faults"]) == (503, ["broker"])
    assert seconds < 2


@pytest.mark.parametrize("name", ["send_notices", "remind_reviews"])
def test_a_job_that_has_not_run_for_three_intervals_turns_it_red_until_it_runs_again(
    client, jobs, settings, name
):
    interval = dt.timedelta(seconds=settings.CELERY_BEAT_SCHEDULE[name]["schedule"])
    runs = JobRun.objects.filter(name=name)
    runs.update(finished_at=timezone.now() - 2.9 * interval)
    assert ask(client)[0] == 200

    runs.update(finished_at=timezone.now() - 3.1 * interval)
    status, found, _seconds = ask(client)
    assert (status, found["faults"], found["schedule"]["late"]) == (503, ["schedule"], [name])

    with job(name, at=timezone.now()):
        pass
    assert ask(client)[0] == 200


def test_a_clock_that_was_set_back_by_a_day_turns_it_red_until_the_next_run(client, jobs):
    JobRun.objects.filter(name="send_notices").update(finished_at=timezone.now() + dt.timedelta(days=1))
    assert ask(client)[1]["faults"] == ["schedule"]

    with job("send_notices", at=timezone.now()):
        pass
    assert ask(client)[0] == 200


def test_a_run_that_broke_off_is_no_run(client, jobs):
    JobRun.objects.filter(name="send_notices").update(finished_at=timezone.now() - 10 * MINUTE)
    with pytest.raises(ZeroDivisionError), job("send_notices", at=timezone.now()):
        raise ZeroDivisionError

    assert ask(client)[1]["faults"] == ["schedule"]
    assert JobRun.objects.latest("pk").detail == {"error": "ZeroDivisionError"}


@pytest.mark.django_db
def test_after_the_start_the_first_run_is_waited_for_three_intervals_long(client, monkeypatch):
    monkeypatch.setattr(health, "STARTED", time.monotonic())
    status, found, _seconds = ask(client)
    assert (status, found["schedule"]["status"]) == (200, "waiting")

    monkeypatch.setattr(health, "STARTED", time.monotonic() - 3 * 60 - 1)
    status, found, _seconds = ask(client)
    assert (status, found["schedule"]["late"]) == (503, ["send_notices"])


def test_messages_that_nobody_tries_are_counted_and_turn_it_red(client, jobs, settings):
    now = timezone.now()
    owe(make_person(), kind="sign_in_link", key="old", at=now - 31 * MINUTE)
    owe(make_person(), kind="sign_in_link", key="new", at=now - 5 * MINUTE)

    status, found, _seconds = ask(client)
    assert (status, found["faults"], found["messages"]["stuck"]) == (503, ["messages"], 1)

    settings.SENDING = False
    status, found, _seconds = ask(client)
    assert (status, found["messages"]["sending"], found["messages"]["stuck"]) == (200, False, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("name", settings.CELERY_BEAT_SCHEDULE)
def test_every_scheduled_job_writes_its_runs_down_under_its_name(name):
    import_string(settings.CELERY_BEAT_SCHEDULE[name]["task"])()

    assert [run.name for run in JobRun.objects.exclude(finished_at=None)] == [name]
