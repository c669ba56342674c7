"""PostgreSQL and Redis of our own, to be crashed and started again."""

import contextlib
import os
import pwd
import signal
import socket
import subprocess
import time
from pathlib import Path

import psycopg2

AS_POSTGRES = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(true, seconds, what):
    """Wait until the function answers yes; how long that took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, f"After {seconds} s still not: {what}"
        time.sleep(0.05)
    return time.monotonic() - began


def kill(process):
    """Kill a process and all that it started, at once, without a word."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


class Postgres:
    """A cluster in a temporary folder."""

    def __init__(self, folder):
        binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        assert binaries, "PostgreSQL is missing: apt-get install postgresql"
        self.binaries = binaries[-1]
        self.data = folder / "postgres"
        self.port = free_port()
        self.process = None
        self.data.mkdir(mode=0o700)
        if AS_POSTGRES:
            user = pwd.getpwnam("postgres")
            os.chown(self.data, user.pw_uid, user.pw_gid)
        options = [
            "-D",
            str(self.data),
            "-U",
            "app",
            "-A",
            "trust",
            "--no-sync",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]
        self._run("initdb", *options)
        self.start()

    def _run(self, program, *options):
        subprocess.run(
            [self.binaries / program, *options], check=True, cwd="/", stdout=subprocess.DEVNULL, **AS_POSTGRES
        )

    def start(self):
        settings = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": 60,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.process = subprocess.Popen(
            [self.binaries / "postgres", "-D", self.data, *options],
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            **AS_POSTGRES,
        )
        wait_until(self.answers, 60, "PostgreSQL answers")

    def answers(self):
        try:
            psycopg2.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def crash(self):
        """Kill every process of it; what was committed stays."""
        pid = self.process.pid
        # Each of its processes is the head of a session of its own.
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        kill(self.process)
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)

    def url(self, name):
        return f"postgres://app@127.0.0.1:{self.port}/{name}"

    def sql(self, name, query, *values):
        connection = psycopg2.connect(self.url(name))
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(query, values)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()


class Redis:
    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        self.start()

    def start(self):
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(
            ["redis-server", *options, "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_until(self.answers, 20, "Redis answers")

    def answers(self):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as line:
            line.sendall(b"PING\r\n")
            return line.recv(5) == b"+PONG"
        return False

    def forget_everything(self):
        with socket.create_connection(("127.0.0.1", self.port), 1) as line:
            line.sendall(b"FLUSHALL\r\n")
            assert line.recv(5) == b"+OK\r\n"

    def crash(self):
        kill(self.process)

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}"
