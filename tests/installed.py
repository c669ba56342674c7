"""A database that was installed long ago, and has come all the way through the single migrations. Run as a program.

Tells as JSON what it is like in the end, what Django says there is left to do, and what stays when two apps go back.
"""

import contextlib
import io
import json

import django

# How far it had come when it was last brought up to date: two apps in the middle of what was squashed since, the others
# at its end.
CAME_TO = {
    "accounts": "0006_plural_of_requests",
    "partnerships": "0009_editions_in_use_stay",
    "evaluations": "0004_answers_stay_once_opened",
}


def singly(connection):
    """An executor for which there are no squashed migrations, and the last migration of each app."""
    from django.db.migrations.executor import MigrationExecutor
    from django.db.migrations.loader import MigrationLoader

    executor = MigrationExecutor(connection)
    executor.loader = MigrationLoader(connection, replace_migrations=False)
    nodes = executor.loader.graph.nodes
    return executor, [key for key in executor.loader.graph.leaf_nodes() if not nodes[key].replaces]


def said_by(command, *options):
    from django.core.management import call_command

    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            call_command(command, *options, stdout=said, stderr=said)
    except SystemExit as end:
        said.write(f"exit {end.code}")
    return said.getvalue()


def main():
    django.setup()
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.migrations.recorder import MigrationRecorder

    from tests.schema import schema

    executor, _last = singly(connection)
    executor.migrate(list(CAME_TO.items()))
    # A database that is as old knows nothing of what was squashed later.
    recorder = MigrationRecorder(connection)
    recorder.migration_qs.filter(name__contains="_squashed_").delete()
    came_to = sorted(name for app, name in recorder.applied_migrations() if app in CAME_TO)

    updated = said_by("migrate")
    recorder.migration_qs.filter(name__contains="_squashed_").delete()
    executor = MigrationExecutor(connection)
    left = executor.migration_plan(executor.loader.graph.leaf_nodes())
    report = {
        "came to": came_to,
        "updated": updated,
        "left": [str(migration) for migration, _backwards in left],
        "again": said_by("migrate"),
        "makemigrations": said_by("makemigrations", "--check", "--dry-run"),
        "recorded": sorted(map(list, recorder.applied_migrations())),
        "schema": schema(connection),
    }
    said_by("migrate", "partnerships", "zero")
    report["after going back"] = schema(connection)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
