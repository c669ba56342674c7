import gc
import time
from pathlib import Path

import pytest
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseOperations

from tests.factories import make_principles

# Begun first, so that no process is left alone with them in the end.
LONGEST_FIRST = [
    "test_seal.py",
    "test_reveal_race.py",
    "test_access.py",
    "test_bad_input_admin.py",
    "test_bad_input.py",
    "test_pressed.py",
    "test_admin.py",
    "test_serve.py",
    "test_demo.py",
    "test_migrations.py",
    "test_queries.py",
    "test_pages.py",
]


def pytest_collection_modifyitems(items):
    places = {name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get(Path(item.location[0]).name, len(places)))


def pytest_collection_finish():
    """What is loaded by now stays: the collector need not look through it again and again, which costs a tenth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture
def principles(db):
    """A published edition of the principles."""
    return make_principles()


@pytest.fixture(params=["group", "company"])
def side(request):
    """Runs a test once for each side: equal by construction is tested, not promised."""
    return request.param


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """PostgreSQL drops no database that is still read: what a closed browser had asked for is waited for, then ended."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            for _attempt in range(50):
                cursor.execute(f"SELECT count(*) {others}")
                if cursor.fetchone() == (0,):
                    return
                time.sleep(0.1)
            cursor.execute(f"SELECT pg_terminate_backend(pid) {others}")


@pytest.fixture(autouse=True, scope="session")
def _flush_lifts_triggers():
    """Tests with real transactions empty the tables afterwards: on SQLite with DELETE, which our triggers refuse.

    PostgreSQL truncates, and no trigger of ours watches that.
    """
    plain = DatabaseOperations.sql_flush

    def sql_flush(self, style, tables, **options):
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        away = [f"DROP TRIGGER {name}" for name, _sql in triggers]
        return [*away, *plain(self, style, tables, **options), *(sql for _name, sql in triggers)]

    DatabaseOperations.sql_flush = sql_flush
    yield
    DatabaseOperations.sql_flush = plain
