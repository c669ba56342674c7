"""Triggers on SQLite: the words of an edition stay as they are once a project uses it.

PostgreSQL has the same from a migration. SQLite rebuilds a table to change it, which loses the table's triggers and
stumbles over those that name it; so they are lifted before every `migrate` and put back after it.
"""

from django.db import connections

# How to find the edition that a row of each table belongs to.
EDITION = {
    "principles_principleset": "{row}.id",
    "principles_principle": "{row}.principle_set_id",
    "principles_question": "(SELECT principle_set_id FROM principles_principle WHERE id = {row}.principle_id)",
    "principles_level": "(SELECT principle_set_id FROM principles_principle WHERE id ="
    " (SELECT principle_id FROM principles_question WHERE id = {row}.question_id))",
}
ROWS = {"INSERT": ["NEW"], "UPDATE": ["NEW", "OLD"], "DELETE": ["OLD"]}


def triggers() -> dict[str, str]:
    """Each trigger's name and statement: SQLite wants one for each verb."""
    found = {}
    for table, edition in EDITION.items():
        for verb, rows in ROWS.items():
            editions = ", ".join(edition.format(row=row) for row in rows)
            used = f"EXISTS (SELECT 1 FROM partnerships_project WHERE principle_set_id IN ({editions}))"  # noqa: S608
            found[f"{table}_stays_on_{verb.lower()}"] = (
                f"BEFORE {verb} ON {table} WHEN {used}"
                " BEGIN SELECT RAISE(ABORT, 'An edition of the principles that projects use stays as it is.'); END"
            )
    return found


def lift(*, using, **_signal):
    """Before `migrate`: away with them."""
    if connections[using].vendor == "sqlite":
        with connections[using].cursor() as cursor:
            for name in triggers():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def put_back(*, using, **_signal):
    """After `migrate`, once all that they name is there."""
    if connections[using].vendor == "sqlite":
        tables = connections[using].introspection.table_names()
        if not {"partnerships_project", *EDITION} <= set(tables):
            return
        with connections[using].cursor() as cursor:
            for name, statement in triggers().items():
                cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {statement}")
