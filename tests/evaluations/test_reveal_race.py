"""Two last reviews, sent at the same instant, open exactly once: 200 of 200 pairs, on each database."""

import json
import os
import subprocess
import sys
from urllib.parse import quote

import pytest
from django.conf import settings

PAIRS = 200


def reveal(url, data_dir):
    """What came of the pairs, in a process of its own: with real connections, and a database that is its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.reveal", str(PAIRS)],
        cwd=settings.BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "DATABASE_URL": url,
            "DATA_DIR": str(data_dir),
            "DJANGO_SETTINGS_MODULE": "config.settings_test",
        },
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def each_opened_exactly_once(found):
    asked_again = found.pop("asked_again")
    assert found == {
        "pairs": PAIRS,
        "in_learn": PAIRS,
        "opened_once": PAIRS,
        "sent_twice": PAIRS,
        "reviews_open": 2 * PAIRS,
        "values": 10 * PAIRS,
        "told": 4 * PAIRS,
        "errors": [],
    }
    # They did meet: in every pair, the second had not seen the first.
    assert asked_again >= PAIRS


@pytest.mark.once
def test_pairs_sent_at_once_open_exactly_once_on_sqlite(tmp_path):
    each_opened_exactly_once(reveal(f"sqlite:///{tmp_path / 'reveal.sqlite3'}", tmp_path))


@pytest.mark.services
def test_pairs_sent_at_once_open_exactly_once_on_postgresql(tmp_path):
    import psycopg2

    database = settings.DATABASES["default"]
    assert database["ENGINE"].endswith("postgresql")
    place = {"host": database["HOST"], "port": database["PORT"] or 5432}
    account = {"user": database["USER"], "password": database["PASSWORD"]}
    name = f"reveal_{os.getpid()}"
    server = psycopg2.connect(dbname="postgres", **place, **account)
    server.autocommit = True
    try:
        with server.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        url = "postgres://{user}:{password}@{host}:{port}/{name}".format(
            **{key: quote(str(value)) for key, value in account.items()}, **place, name=name
        )
        each_opened_exactly_once(reveal(url, tmp_path))
    finally:
        with server.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.close()
