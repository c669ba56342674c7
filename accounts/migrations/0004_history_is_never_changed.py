"""The database itself refuses to change or delete a line of history, whoever asks."""

from django.db import migrations

POSTGRESQL = """
CREATE FUNCTION accounts_event_is_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER accounts_event_is_never_changed
    BEFORE UPDATE OR DELETE ON accounts_event
    FOR EACH ROW EXECUTE FUNCTION accounts_event_is_never_changed();
"""
SQLITE = [
    f"""
    CREATE TRIGGER accounts_event_is_never_{verb}d BEFORE {verb.upper()} ON accounts_event
    BEGIN SELECT RAISE(ABORT, 'history is never changed'); END;
    """
    for verb in ("update", "delete")
]


def forbid(apps, schema_editor):
    for statement in {"postgresql": [POSTGRESQL], "sqlite": SQLITE}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def allow(apps, schema_editor):
    statements = {
        "postgresql": [
            "DROP TRIGGER accounts_event_is_never_changed ON accounts_event",
            "DROP FUNCTION accounts_event_is_never_changed()",
        ],
        "sqlite": [
            "DROP TRIGGER accounts_event_is_never_updated",
            "DROP TRIGGER accounts_event_is_never_deleted",
        ],
    }
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_links_and_kept_forms")]

    operations = [migrations.RunPython(forbid, allow)]
