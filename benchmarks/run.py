"""How fast the pages and jobs are, as ratios: `make bench`. Needs PostgreSQL (DATABASE_URL).

Each page is asked for in turn with a bare Django page of the same content, in this process; medians of processor time
and of waiting time are compared. Ratios hold on a noisy machine, seconds don't.
"""

import argparse
import os
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ.setdefault("SECRET_KEY", "benchmarks-only")
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="counterpart-bench-"))
os.environ["LOG_LEVEL"] = "ERROR"
os.environ["DEBUG"] = "false"
os.environ["EMBEDDED"] = "true"

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, override_settings  # noqa: E402
from django.urls import include, path, reverse  # noqa: E402

from benchmarks import jobs, seed  # noqa: E402

# Beside the database that is set up, so that two runs on one server need not meet.
DATABASE = f"{settings.DATABASES['default']['NAME']}_bench"


class Urls:
    """Ours, and the reference pages beside them."""

    urlpatterns = [path("reference/", include("benchmarks.reference")), path("", include("config.urls"))]


def make_database(again):
    """A new, empty database beside the one that is set up; that of an earlier run goes, or is used again."""
    if not again:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
            cursor.execute(f"CREATE DATABASE {DATABASE}")
    connections.close_all()
    for alias in connections:
        settings.DATABASES[alias]["NAME"] = DATABASE
        connections[alias].settings_dict["NAME"] = DATABASE
    call_command("migrate", verbosity=0)


def measure(ask):
    """Processor seconds and waited seconds of one request."""
    cpu, wall = time.process_time(), time.perf_counter()
    response = ask()
    return time.process_time() - cpu, time.perf_counter() - wall, response


class Save:
    """Fills in the form of a page anew each time, which is not measured, and sends it, which is."""

    def __init__(self, client, address, *, levels):
        self.client, self.address, self.levels = client, address, levels
        self.turn = 0

    def prepare(self):
        page = self.client.get(self.address).content.decode()
        self.turn += 1
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
        radios = dict.fromkeys(re.findall(r"""type=["']radio["'] name=["']([^"']+)["']""", page))
        texts = re.findall(r"""<textarea[^>]* name=["']([^"']+)["']""", page)
        self.data = (
            dict(hidden)
            | dict.fromkeys(radios, self.levels[self.turn % 2])
            | dict.fromkeys(texts, f"What helped, said in words number {self.turn}.")
        )

    def __call__(self):
        return self.client.post(self.address, self.data)


def queries_of(ask):
    prepare(ask)
    with CaptureQueriesContext(connection) as captured:
        ask()
        # Counted here: the next request empties the log.
        return len(captured)


def prepare(ask):
    if isinstance(ask, Save):
        ask.prepare()


def compare(name, ours, reference, *, limit, queries, rounds, smaller=None):
    """Ask for both in turn and print the ratio. Returns whether the page is within its limit.

    Arguments:
        smaller: the same page with fewer rows, which must ask the database as often.

    Raises:
        SystemExit: the page fails, or asks the database more often than it may.
    """
    for ask in (ours, reference):
        for _warm_up in range(3):
            prepare(ask)
            status = ask().status_code
            if status not in (200, 302):
                raise SystemExit(f"{name}: status {status}")
    asked = queries_of(ours)
    times = {"ours": [], "reference": []}
    for _round in range(rounds):
        for who, ask in (("ours", ours), ("reference", reference)):
            prepare(ask)
            times[who].append(measure(ask)[:2])
    cpu = [statistics.median(row[0] for row in times[who]) for who in ("ours", "reference")]
    wall = [statistics.median(row[1] for row in times[who]) for who in ("ours", "reference")]
    within = cpu[0] / cpu[1] <= limit
    print(
        f"{name:28s} {asked:3d} queries (≤ {queries:2d})   processor {cpu[0] * 1000:6.1f} / {cpu[1] * 1000:5.1f} ms"
        f" = {cpu[0] / cpu[1]:4.2f} ×   waited {wall[0] * 1000:6.1f} / {wall[1] * 1000:5.1f} ms = {wall[0] / wall[1]:4.2f} ×"
        f"   (≤ {limit} ×)   {'within' if within else 'OVER'}",
        flush=True,
    )
    if asked > queries:
        raise SystemExit(f"{name}: {asked} queries, and {queries} are allowed.")
    if smaller and (fewer := queries_of(smaller)) != asked:
        raise SystemExit(f"{name}: {asked} queries for many rows, {fewer} for few.")
    return within


def pages(people, rounds):
    """Every page with a target. Returns the names of those that are over it."""
    client, group = Client(), Client()
    client.force_login(people["company"], backend=settings.AUTHENTICATION_BACKENDS[0])
    group.force_login(people["group"], backend=settings.AUTHENTICATION_BACKENDS[0])
    in_review = seed.project_of(people["company"], "review")
    opened = seed.project_of(people["company"], "learn")
    running = seed.project_of(people["company"], "deliver")

    def get(address):
        return lambda: client.get(address)

    review = reverse("evaluations:review_principle", args=[in_review.reference, 1])
    results = reverse("evaluations:results", args=[opened.reference])
    listing = get("/reference/list/")

    def save(address):
        return Save(client, address, levels=("1", "4"))

    few = group.get

    def few_found():
        return few("/search/?q=carers")

    rows = [
        ("project list", get("/projects/"), get("/reference/found/"), 1.5, 8, lambda: few("/projects/")),
        ("search", get("/search/?q=carers"), get("/reference/search/?q=carers"), 1.5, 8, few_found),
        # tests/portal/test_home.py holds the number for one row and for many.
        ("home of the largest company", get("/"), listing, 2.5, 14, None),
        (
            "project overview",
            get(running.get_absolute_url()),
            get(f"/reference/detail/{running.reference}/"),
            *(2.5, 14, None),
        ),
        ("review page", get(review), get(f"/reference/form/{in_review.reference}/"), 1.5, 10, None),
        ("review save", save(review), save(f"/reference/form/{in_review.reference}/"), 1.5, 14, None),
        ("results", get(results), get(f"/reference/comparison/{opened.reference}/"), 2.0, 14, None),
    ]
    return [
        name
        for name, ours, reference, limit, queries, smaller in rows
        if not compare(name, ours, reference, limit=limit, queries=queries, rounds=rounds, smaller=smaller)
    ]


def other_jobs(short):
    """Every job with a target. Returns the names of those that are over it."""
    rows = [
        ("messages", lambda: jobs.messages(400 if short else 10_000, rounds=1 if short else 3)),
        ("reminders", jobs.reminders),
        ("import of real payments", jobs.import_real),
        ("projects as a table", jobs.download),
    ]
    if not short:
        rows.append(("import of made-up payments", jobs.import_many))
    return [name for name, run in rows if not run()]


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--short", action="store_true", help="a fiftieth of the data, fewer rounds")
    arguments.add_argument(
        "--strict", action="store_true", help="end with an error when a page is over its target"
    )
    arguments.add_argument(
        "--again", action="store_true", help="the pages only, on the database that the last run made"
    )
    options = arguments.parse_args()
    if connection.vendor != "postgresql":
        raise SystemExit("Set DATABASE_URL to a PostgreSQL database: the figures are for it.")
    size = seed.FULL // 50 if options.short else seed.FULL
    make_database(options.again)
    began = time.perf_counter()
    people = seed.people() if options.again else seed.seed(size)
    if not options.again:
        print(f"{size:,} projects made in {time.perf_counter() - began:.0f} s", flush=True)
    with override_settings(ROOT_URLCONF=Urls, ALLOWED_HOSTS=["testserver"], SECURE_SSL_REDIRECT=False):
        over = pages(people, rounds=15 if options.short else 60)
        if not options.again:
            over += other_jobs(options.short)
    print(f"Over their target: {', '.join(over)}" if over else "Every page is within its target.")
    if over and options.strict:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
