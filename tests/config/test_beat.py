"""The clock that starts jobs, with a machine's clock that jumps."""

import datetime as dt

import pytest
from celery import Celery

from config.beat import SteadyScheduler

NOON = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)


class Machine:
    """A machine whose clock can be set. Notes which jobs were started, and when by its own steady time."""

    def __init__(self, monkeypatch, settings, tmp_path):
        settings.DATA_DIR = tmp_path
        self.set_back = dt.timedelta()
        self.steady = dt.timedelta()
        self.started = []
        app = Celery("machine", broker="memory://")
        app.conf.beat_schedule = {
            "sweep": {"task": "sweep", "schedule": 60},
            "tidy": {"task": "tidy", "schedule": 3600},
        }
        app.conf.timezone = "UTC"
        app.now = lambda: self.now
        monkeypatch.setattr("config.beat.time.time", lambda: self.now.timestamp())
        self.scheduler = SteadyScheduler(app)
        monkeypatch.setattr(
            self.scheduler, "apply_entry", lambda entry, producer=None: self.started.append(entry.name)
        )

    @property
    def now(self):
        return NOON + self.steady - self.set_back

    def run(self, **time):
        """Let so much time pass. Returns which jobs were started in it, and how often in all."""
        self.started.clear()
        end = self.steady + dt.timedelta(**time)
        while True:
            pause = self.scheduler.tick()
            if self.steady + dt.timedelta(seconds=pause) > end:
                self.steady = end
                return sorted(set(self.started)), len(self.started)
            self.steady += dt.timedelta(seconds=max(pause, 0.01))


@pytest.fixture
def machine(monkeypatch, settings, tmp_path):
    return Machine(monkeypatch, settings, tmp_path)


def test_every_job_runs_at_the_start_and_then_at_its_interval(machine):
    assert machine.run(seconds=1) == (["sweep", "tidy"], 2)

    assert machine.run(minutes=30) == (["sweep"], 30)


@pytest.mark.parametrize("back", [dt.timedelta(minutes=10), dt.timedelta(days=1)])
def test_a_clock_that_is_set_back_stops_no_job(machine, back):
    machine.run(minutes=10)

    machine.set_back = back

    names, count = machine.run(minutes=10)
    assert (names, 10 <= count <= 13) == (["sweep", "tidy"], True)
    assert machine.run(minutes=60)[0] == ["sweep", "tidy"]


def test_a_clock_that_runs_ahead_by_a_day_starts_each_job_once_and_goes_on(machine):
    machine.run(minutes=10)

    machine.set_back = -dt.timedelta(days=1)

    assert machine.run(seconds=30) == (["sweep", "tidy"], 2)
    assert machine.run(minutes=10) == (["sweep"], 10)


def test_whoever_watches_the_process_sees_that_it_lives(machine, tmp_path):
    machine.run(seconds=1)

    assert (tmp_path / "beat").exists()
