"""Everything that runs: databases, mail server, web, workers and beats. To be stopped and killed."""

import datetime as dt
import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

from tests.faults.databases import Postgres, Redis, free_port, kill, wait_until
from tests.faults.sink import Sink

ROOT = Path(__file__).resolve().parents[2]
CSRF = "x" * 32
EMAIL_TIMEOUT = 2
LEASE = 10


def sweeps_of(house, job):
    """Whether this job has ended once more since now."""

    def count():
        return house.sql(
            "SELECT count(*) FROM accounts_jobrun WHERE name = %s AND finished_at IS NOT NULL", job
        )

    before = count()
    return lambda: count() > before


class Servers:
    """What lives through all tests: the two servers, and an empty database to copy."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="counterpart-faults-"))
        # The user of PostgreSQL has to pass through.
        self.folder.chmod(0o755)
        self.postgres = Postgres(self.folder)
        self.redis = Redis(self.folder)
        self.postgres.sql("postgres", "CREATE DATABASE empty")
        House(self, "empty").run("prepare")

    def stop(self):
        self.postgres.crash()
        self.redis.crash()
        shutil.rmtree(self.folder, ignore_errors=True)


class House:
    """One database with everything that works on it."""

    def __init__(self, servers, name, *, seconds=0.1, lease=LEASE, interval=1):
        self.servers, self.name = servers, name
        self.postgres, self.redis = servers.postgres, servers.redis
        self.folder = servers.folder / name
        self.folder.mkdir()
        self.clock, self.noon = self.folder / "clock", None
        self.set_clock()
        self.sink = Sink(seconds)
        self.processes = []
        self.port = free_port()
        self.log = open(self.folder / "log", "ab")  # noqa: SIM115
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATABASE_URL": self.postgres.url(name),
            "CELERY_BROKER_URL": f"{self.redis.url}/0",
            # As compose.yaml has it: attempts to sign in are counted in Redis, too.
            "CACHE_URL": f"rediscache://127.0.0.1:{self.redis.port}/1",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.sink.port}",
            "DEFAULT_FROM_EMAIL": "Counterpart <bounces@example.net>",
            "EMAIL_TIMEOUT": str(EMAIL_TIMEOUT),
            "SENDING_LEASE": str(lease),
            "DATA_DIR": str(self.folder),
            "EMBEDDED": "true",
            "SECRET_KEY": "faults",
            "SITE_URL": f"http://127.0.0.1:{self.port}",
            "FAULTS_CLOCK": str(self.clock),
            "FAULTS_INTERVAL": str(interval),
            "FAULTS_BROKEN": os.environ.get("FAULTS_BROKEN", ""),
            "LOG_LEVEL": "WARNING",
        }

    # Processes

    def start(self, *command):
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def worker(self, processes=2):
        name = f"worker{len(self.processes)}@localhost"
        options = ["worker", "--concurrency", str(processes), "--hostname", name, "--loglevel", "WARNING"]
        return self.start(
            "celery", "--quiet", "--app", "config", *options, "--without-gossip", "--without-mingle"
        )

    def beat(self):
        return self.start(
            "celery", "--quiet", "--app", "config", "beat", "--pidfile", "", "--loglevel", "WARNING"
        )

    def web(self):
        options = ["--bind", f"127.0.0.1:{self.port}", "--workers", "2", "--log-level", "warning"]
        process = self.start("gunicorn", "config.wsgi", *options)
        wait_until(lambda: self.get("/accessibility/")[0] == 200, 60, "the web answers")
        return process

    def run(self, scene, *arguments):
        """Play a scene (tests/faults/scenes.py) in a process of its own, and read what it prints as JSON."""
        command = [sys.executable, "-m", "tests.faults.scenes", scene, *map(str, arguments)]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.strip().splitlines()[-1])

    def stop(self):
        for process in self.processes:
            kill(process)
        self.sink.stop()
        self.log.close()

    # What one sees

    def sql(self, query, *values):
        return self.postgres.sql(self.name, query, *values)

    def fates(self, kind="%"):
        """How many messages have which fate. What is inside another counts for itself; digests don't."""
        (row,) = self.sql(
            "SELECT count(*), count(sent_at), count(failed_at), count(voided_at), count(missed_at)"
            " FROM accounts_notice WHERE kind <> 'digest' AND kind LIKE %s",
            kind,
        )
        return dict(zip(("due", "sent", "failed", "held back", "missed"), row, strict=True))

    def unsent(self):
        (row,) = self.sql(
            "SELECT count(*) FROM accounts_notice WHERE sent_at IS NULL AND failed_at IS NULL"
            " AND voided_at IS NULL AND missed_at IS NULL"
        )
        return row[0]

    def set_clock(self, ahead=dt.timedelta()):
        """Let the clock of all our processes show noon of a Tuesday, and go on from there; or be that much ahead of it."""
        now = dt.datetime.now(dt.UTC)
        self.noon = self.noon or now.replace(hour=12) + dt.timedelta(days=(1 - now.weekday()) % 7) - now
        new = self.folder / "clock.new"
        new.write_text(str((self.noon + ahead).total_seconds()))
        new.replace(self.clock)

    # The web

    def get(self, path, cookies=""):
        return self.ask("GET", path, cookies=cookies)

    def post(self, path, cookies="", **fields):
        return self.ask("POST", path, cookies=cookies, **fields)

    def ask(self, method, path, cookies="", **fields):
        """Status, text, headers and seconds of an answer. Status 0: there was none."""
        began = time.monotonic()
        body = urlencode(fields | {"csrfmiddlewaretoken": CSRF}) if method == "POST" else None
        headers = {"Cookie": f"csrf={CSRF}; {cookies}", "Content-Type": "application/x-www-form-urlencoded"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), dict(answer.headers), time.monotonic() - began
        except (OSError, http.client.HTTPException):
            return 0, "", {}, time.monotonic() - began
        finally:
            connection.close()

    def health(self):
        status, text, *_rest = self.get("/health")
        return status, json.loads(text) if text.startswith("{") else {}
