"""A fresh database takes squashed migrations, one that was installed before goes on singly: both end alike."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from tests.installed import singly
from tests.schema import schema

pytestmark = pytest.mark.django_db

SQUASHED = {"accounts", "principles", "partnerships", "evaluations"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory, django_db_setup, django_db_blocker):
    """A database of the same kind as the one of the tests, after years of updates."""
    environment = {"SECRET_KEY": "tests", "DJANGO_SETTINGS_MODULE": "config.settings"}
    environment |= {"DATA_DIR": str(tmp_path_factory.mktemp("installed"))}
    name = f"{connection.settings_dict['NAME']}_installed"
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            environment["DATABASE_URL"] = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}"
            server(f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"')
        result = subprocess.run(
            [sys.executable, "-m", "tests.installed"],
            cwd=settings.BASE_DIR,
            env={key: value for key, value in os.environ.items() if key != "DATABASE_URL"} | environment,
            capture_output=True,
            text=True,
        )
        if connection.vendor == "postgresql":
            server(f'DROP DATABASE "{name}"')
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout.splitlines()[-1])


def server(*statements):
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_a_fresh_database_takes_one_migration_of_each_app():
    squashed = {
        app: name for app, name in MigrationRecorder(connection).applied_migrations() if "_squashed_" in name
    }

    assert squashed.keys() == SQUASHED


def test_both_ways_lead_to_the_same_tables_indexes_constraints_and_triggers(installed):
    fresh = json.loads(json.dumps(schema(connection)))

    assert len(fresh) > 100
    assert installed["schema"] == fresh


def test_an_installed_database_goes_on_from_where_it_was_and_has_nothing_left_to_do(installed):
    recorded = {tuple(one) for one in installed["recorded"]}

    assert len(installed["came to"]) == 6 + 9 + 4
    assert "Applying partnerships.0010_signed_contracts_are_never_deleted... OK" in installed["updated"]
    assert "squashed" not in installed["updated"]
    assert installed["left"] == []
    assert "No migrations to apply." in installed["again"]
    assert "not yet reflected" not in installed["again"]
    assert installed["makemigrations"] == "No changes detected\n"
    # What it took singly counts as the squashed one from then on.
    assert {app for app, name in recorded if "_squashed_" in name} == SQUASHED


def test_a_squashed_migration_takes_back_all_that_it_made(installed):
    left = [
        name for name in installed["after going back"] if "partnerships_" in name or "evaluations_" in name
    ]

    assert left == []
    assert any("accounts_" in name for name in installed["after going back"])


def test_from_wherever_a_database_is_there_is_a_way_to_the_end(monkeypatch):
    executor, last = singly(connection)
    everything = executor.migration_plan(last, clean_start=True)

    for number in range(len(everything) + 1):
        done = {(one.app_label, one.name): one for one, _backwards in everything[:number]}
        monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda recorder, done=done: dict(done))
        executor = MigrationExecutor(connection)
        executor.loader.check_consistent_history(connection)
        plan = [one for one, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes())]

        assert executor.loader.detect_conflicts() == {}
        reached = {*done, *((one.app_label, one.name) for one in plan)}
        reached |= {replaced for one in plan for replaced in one.replaces}
        assert reached >= {(one.app_label, one.name) for one, _backwards in everything}
        # Nothing is made twice: a squashed migration is for an app that has none of its tables yet.
        for one in plan:
            assert not set(one.replaces) & set(done), number
