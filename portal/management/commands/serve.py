"""One command that serves everything: web pages, work in the background and the clock.

The same command runs on SQLite with a queue of files (nothing to install) and, with `DATABASE_URL` and
`CELERY_BROKER_URL`, on PostgreSQL and Redis. On several machines run web, workers and one beat apart instead.
"""

import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from io import StringIO

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from portal import demo

STARTING_SECONDS = 60
STOPPING_SECONDS = 15


class Command(BaseCommand):
    help = "Bring the database up to date and serve web, worker and clock until stopped."

    def add_arguments(self, parser):
        parser.add_argument(
            "address", nargs="?", default="127.0.0.1:8000", help="host:port, or the port alone"
        )
        group = parser.add_mutually_exclusive_group()
        group.add_argument(
            "--demo", action="store_true", help="load demo data when the database is new and empty"
        )
        group.add_argument("--ask-demo", action="store_true", help="ask whether to load demo data then")

    def handle(self, *args, address, ask_demo, **options):
        host, port = split_address(address)
        refuse_taken_port(host, port)

        self.say(_("Bringing the database up to date"))
        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_principles")
        if not get_user_model().objects.exists() and (options["demo"] or (ask_demo and self.wants_demo())):
            self.say(_("Loading the demo data"))
            call_command("demo", here=True, stdout=StringIO())

        reachable = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104
        # Set in the environment or in .env, the address is the operator's; otherwise it is where we listen.
        site = os.environ.get("SITE_URL", f"http://{reachable}:{port}")
        environment = os.environ | {"EMBEDDED": str(settings.EMBEDDED), "SITE_URL": site}
        with Children(environment) as children:
            children.start("web", web_command(host, port))
            children.start("worker", worker_command())
            if children.wait_for_answer(reachable, port):
                self.announce(site)
            children.wait()
        if children.ended:
            raise CommandError(
                _("The %(name)s process ended, so everything was stopped.") % {"name": children.ended}
            )

    def wants_demo(self):
        answer = input(_("The database is empty. Load demo data to look around? [Y/n] "))
        return answer.strip().lower() in ("", "y", "yes")

    def say(self, words):
        self.stdout.write(words)
        self.stdout.flush()

    def announce(self, site):
        self.stdout.write(self.style.SUCCESS(_("Counterpart is running at %(address)s/") % {"address": site}))
        if demo.is_there():
            self.stdout.write(_("Sign in with the password %(password)s as:") % {"password": demo.PASSWORD})
            for address, who in demo.SIGN_INS.items():
                self.stdout.write(f"  {address}  {who}")
        if settings.EMAIL_BACKEND.endswith(".console.EmailBackend"):
            self.stdout.write(_("Mails are printed here and go nowhere else."))
        self.say(_("Stop it with Ctrl+C."))


def web_command(host, port):
    # Threads and not processes: the embedded queue and SQLite are one machine's, and memory is what a laptop lacks.
    options = ["--bind", f"{host}:{port}", "--workers", "1", "--threads", "4", "--log-level", "warning"]
    return [sys.executable, "-m", "gunicorn", "config.wsgi", "--no-control-socket", *options]


def worker_command():
    options = ["--beat", "--pool", "threads", "--concurrency", "2", "--loglevel", "WARNING"]
    return [sys.executable, "-m", "celery", "--quiet", "--app", "config", "worker", *options]


def split_address(address):
    host, _colon, port = address.rpartition(":")
    if not port.isdecimal() or int(port) > 65535:
        raise CommandError(
            _("“%(address)s” is not an address such as 127.0.0.1:8000.") % {"address": address}
        )
    return host or "127.0.0.1", int(port)


def refuse_taken_port(host, port):
    try:
        with socket.socket() as probe:
            # As gunicorn does: a port in TIME_WAIT after a quick restart is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        message = _("Port %(port)s on %(host)s can't be used: %(reason)s. Choose another, such as %(other)s.")
        values = {"port": port, "host": host, "reason": error.strerror, "other": f"{host}:{port + 1}"}
        raise CommandError(message % values) from error


def stop_with_parent():
    """In a new child on Linux: be told to stop when the supervisor is gone, even when it was killed outright."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # 1 is PR_SET_PDEATHSIG


class Children:
    """Processes that live and end together. Leaving the `with` block leaves none behind.

    Each is the head of a session of its own. A worker that is killed leaves its beat process alive, and beat ignores
    a lost parent; so in the end each whole group is killed, not only its head.
    """

    def __init__(self, environment):
        self.environment = environment
        self.processes = {}
        self.ended = None
        self.asked_to_stop = False

    def __enter__(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.ask_to_stop)
        return self

    def ask_to_stop(self, *_signal):
        self.asked_to_stop = True

    def start(self, name, command):
        self.processes[name] = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=stop_with_parent,
        )

    def alive(self):
        """False once anybody asked to stop or a process has ended, which `ended` then names."""
        for name, process in self.processes.items():
            if process.poll() is not None:
                self.ended = self.ended or name
        return not (self.asked_to_stop or self.ended)

    def wait(self):
        while self.alive():
            time.sleep(0.2)

    def wait_for_answer(self, host, port):
        deadline = time.monotonic() + STARTING_SECONDS
        while self.alive() and time.monotonic() < deadline:
            connection = http.client.HTTPConnection(host, port, timeout=10)
            try:
                connection.request("GET", "/health")
                connection.getresponse()
                return True
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
            finally:
                connection.close()
        return False

    def __exit__(self, *_error):
        for process in self.processes.values():
            process.terminate()
        deadline = time.monotonic() + STOPPING_SECONDS
        for process in self.processes.values():
            try:
                process.wait(max(0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                continue
        for process in self.processes.values():
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        for process in self.processes.values():
            process.wait()
