"""`manage.py serve`: one command brings web, worker and clock up, and takes all of them down again."""

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from uuid import uuid4

import psycopg2
import pytest
from celery import Celery
from django.conf import settings
from django.core.management.base import CommandError

from portal import demo
from portal.management.commands.serve import refuse_taken_port, split_address

OURS = (
    "DATABASE_URL",
    "CELERY_BROKER_URL",
    "CACHE_URL",
    "EMBEDDED",
    "DEBUG",
    "SECRET_KEY",
    "DATA_DIR",
    "SITE_URL",
)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def eventually(question, seconds=60):
    """The first answer that is true, or the last one."""
    deadline = time.monotonic() + seconds
    while not (answer := question()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return answer


class Server:
    """A running `manage.py serve`, and everything that it started."""

    def __init__(self, folder, *options, **environment):
        self.port = free_port()
        self.mark = f"SERVE_TEST={uuid4().hex}"
        clean = {name: value for name, value in os.environ.items() if name not in OURS}
        name, value = self.mark.split("=")
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", f"127.0.0.1:{self.port}", *options],
            cwd=settings.BASE_DIR,
            env=clean
            | {"DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": str(folder), name: value}
            | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.output = []
        lines = queue.Queue()
        threading.Thread(target=self.read, args=[lines], daemon=True).start()
        while "Stop it with" not in (line := lines.get(timeout=90)):
            assert line, "".join(self.output)

    def read(self, lines):
        for line in self.process.stdout:
            self.output.append(line)
            lines.put(line)
        lines.put("")

    def fetch(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def every_job_ran(self):
        """Only when database, queue, worker and clock work together: each scheduled job has ended once."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=10) as answer:
            return json.load(answer)["schedule"]["status"] == "ok"

    def processes(self):
        """Living processes below us, by their command line. What is started inherits the mark."""
        found = {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if self.mark.encode() in (process / "environ").read_bytes():
                    found[int(process.name)] = (process / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
        return found

    def celery_processes(self):
        """The worker and, once it is there, its beat: in that order."""
        found = sorted(pid for pid, command in self.processes().items() if "celery" in command)
        return found if len(found) == 2 else None


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One data folder for all of them, one after the other: the second start finds its database made."""
    return tmp_path_factory.mktemp("serve")


@pytest.fixture
def serve(folder):
    """Starts servers and leaves none behind, whatever the test did to them."""
    servers = []

    def start(*options, **environment):
        servers.append(Server(environment.pop("DATA_DIR", folder), *options, **environment))
        return servers[-1]

    yield start
    for server in servers:
        for pid in server.processes():
            os.kill(pid, signal.SIGKILL)
        server.process.wait()


@pytest.fixture
def database_server():
    """A PostgreSQL database of its own, on the server that the tests use."""
    name = f"serve_{uuid4().hex[:12]}"
    address = os.environ["DATABASE_URL"]
    connection = psycopg2.connect(address)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    yield f"{address.rpartition('/')[0]}/{name}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    connection.close()


@pytest.mark.once
def test_serve_answers_and_leaves_nothing_behind_when_it_is_stopped(serve):
    server = serve()

    assert server.fetch("/static/css/tokens.css") == 200
    assert eventually(server.every_job_ran), server.output
    assert len(server.processes()) == 5, "supervisor, gunicorn and its process, worker and its beat"

    server.process.send_signal(signal.SIGINT)

    assert server.process.wait(timeout=30) == 0
    assert server.processes() == {}


@pytest.mark.once
def test_serve_loads_the_demo_into_an_empty_database_and_says_how_to_sign_in(serve, tmp_path):
    signs_in = [f"  {address}  {who}\n" for address, who in demo.SIGN_INS.items()]

    first = serve("--demo", DATA_DIR=tmp_path)
    first.process.send_signal(signal.SIGTERM)
    first.process.wait(timeout=30)
    second = serve("--demo", DATA_DIR=tmp_path)

    assert [line for line in first.output if "@demo.example" in line] == signs_in
    assert [line for line in second.output if "@demo.example" in line] == signs_in
    assert ["Loading the demo data\n" in server.output for server in (first, second)] == [True, False]


def test_serve_says_nothing_of_the_demo_when_it_is_not_there(serve):
    assert "@demo.example" not in "".join(serve().output)


@pytest.mark.once
def test_serve_stops_everything_when_the_worker_is_killed(serve):
    """A killed worker leaves its beat process alive: the whole group has to go."""
    server = serve()

    worker, _beat = eventually(server.celery_processes)
    os.kill(worker, signal.SIGKILL)

    assert server.process.wait(timeout=30) == 1
    assert server.processes() == {}
    assert "The worker process ended, so everything was stopped." in "".join(server.output)


@pytest.mark.once
def test_nothing_outlives_a_supervisor_that_is_killed(serve):
    server = serve()
    eventually(server.celery_processes)

    server.process.kill()

    assert eventually(lambda: server.processes() == {})


def test_serve_refuses_a_port_that_is_taken():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(CommandError, match=f"Port {port} on 127.0.0.1 can't be used"):
            refuse_taken_port("127.0.0.1", port)


@pytest.mark.parametrize(
    ("address", "parts"),
    [("8001", ("127.0.0.1", 8001)), ("0.0.0.0:80", ("0.0.0.0", 80)), (":8000", ("127.0.0.1", 8000))],
)
def test_an_address_is_host_and_port_or_the_port_alone(address, parts):
    assert split_address(address) == parts


@pytest.mark.parametrize("address", ["", "localhost", "localhost:", "localhost:http", "1:99999"])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(CommandError, match="is not an address"):
        split_address(address)


@pytest.mark.services
def test_the_same_command_serves_postgresql_and_redis(serve, database_server, monkeypatch):
    broker = f"{os.environ['CELERY_BROKER_URL'].rpartition('/')[0]}/9"
    # Celery reads this variable itself, and it goes before every other setting.
    monkeypatch.setenv("CELERY_BROKER_URL", broker)

    server = serve(DATABASE_URL=database_server, CELERY_BROKER_URL=broker)

    assert server.fetch("/static/css/tokens.css") == 200
    assert eventually(server.every_job_ran), server.output
    caller = Celery("caller", set_as_current=False)
    replies = eventually(lambda: caller.control.inspect(timeout=5).ping()) or {}
    assert list(replies.values()) == [{"ok": "pong"}]
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(timeout=30) == 0
    assert server.processes() == {}
