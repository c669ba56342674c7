"""Triggers on SQLite: what an organisation sent stays as it was once others can read it.

A check-in, which others read at once, stays as it was once it is closed, and so does a call that was answered.

PostgreSQL has the same from a migration. SQLite rebuilds a table to change it, which loses the table's triggers and
stumbles over those that name it; so they are lifted before every `migrate` and put back after it.
"""

from django.db import connections

# Whether the review that a row belongs to can be read by others.
READABLE = {
    "INSERT": "EXISTS (SELECT 1 FROM evaluations_review WHERE id = NEW.review_id"
    " AND (opened_at IS NOT NULL OR shared_at IS NOT NULL))",
    "UPDATE": "EXISTS (SELECT 1 FROM evaluations_review WHERE id IN (NEW.review_id, OLD.review_id)"
    " AND (opened_at IS NOT NULL OR shared_at IS NOT NULL))",
    "DELETE": "EXISTS (SELECT 1 FROM evaluations_review WHERE id = OLD.review_id"
    " AND (opened_at IS NOT NULL OR shared_at IS NOT NULL))",
}
# Whether the check-in that a row belongs to is closed, by what leads there.
CHECK_INS = {
    "evaluations_checkinreply": "{row}.check_in_id",
    "evaluations_checkinanswer": "(SELECT check_in_id FROM evaluations_checkinreply WHERE id = {row}.reply_id)",
}
ROWS = {"INSERT": ["NEW"], "UPDATE": ["NEW", "OLD"], "DELETE": ["OLD"]}


def _refuse(sentence):
    return f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"


def triggers() -> dict[str, str]:
    """Each trigger's name and statement: SQLite wants one for each verb."""
    found = {}
    for table in ("evaluations_answer", "evaluations_helpanswer", "evaluations_overall"):
        for verb, readable in READABLE.items():
            found[f"{table}_stays_on_{verb.lower()}"] = (
                f"BEFORE {verb} ON {table} WHEN {readable} "
                + _refuse("The answers of a review that others can read stay as they are.")
            )
    for verb in ("UPDATE", "DELETE"):
        found[f"values_stay_on_{verb.lower()}"] = f"BEFORE {verb} ON evaluations_principlevalue " + _refuse(
            "What a review came to when it opened stays as it is."
        )
    found["reviews_stay_open"] = (
        "BEFORE UPDATE ON evaluations_review"
        " WHEN (OLD.opened_at IS NOT NULL AND NEW.opened_at IS NOT OLD.opened_at)"
        " OR (OLD.shared_at IS NOT NULL AND NEW.shared_at IS NOT OLD.shared_at) "
        + _refuse("A review that others can read is never sealed again.")
    )
    return found | _check_ins()


def _check_ins():
    closed = _refuse("A check-in that is closed stays as it is.")
    found = {}
    for table, check_in in CHECK_INS.items():
        for verb, rows in ROWS.items():
            keys = ", ".join(check_in.format(row=row) for row in rows)
            is_closed = (
                f"EXISTS (SELECT 1 FROM evaluations_checkin WHERE id IN ({keys}) AND closed_at IS NOT NULL)"  # noqa: S608
            )
            found[f"{table}_stays_on_{verb.lower()}"] = f"BEFORE {verb} ON {table} WHEN {is_closed} " + closed
    for verb in ("UPDATE", "DELETE"):
        found[f"check_ins_stay_on_{verb.lower()}"] = (
            f"BEFORE {verb} ON evaluations_checkin WHEN OLD.closed_at IS NOT NULL " + closed
        )
        found[f"calls_stay_on_{verb.lower()}"] = (
            f"BEFORE {verb} ON evaluations_call WHEN OLD.state <> 'open' "
            + _refuse("What was said about a call stays as it is.")
        )
    return found


def lift(*, using, **_signal):
    """Before `migrate`: away with them."""
    if connections[using].vendor == "sqlite":
        with connections[using].cursor() as cursor:
            for name in triggers():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def put_back(*, using, **_signal):
    """After `migrate`, and after a test emptied the tables."""
    if connections[using].vendor == "sqlite":
        tables = connections[using].introspection.table_names()
        with connections[using].cursor() as cursor:
            for name, statement in triggers().items():
                if statement.split(" ON ")[1].split()[0] in tables:
                    cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {statement}")
