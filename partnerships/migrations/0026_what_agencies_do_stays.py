"""What was written down of an agency stays as it is; a new version follows it. For SQLite see `models.guards`."""

from django.db import migrations

TABLE = "partnerships_agencybrief"
INSTALL = f"""
CREATE FUNCTION partnerships_briefs_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What was written down of an agency stays as it is.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER {TABLE}_stays BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION partnerships_briefs_stay();
"""
BACK = f"DROP TRIGGER {TABLE}_stays ON {TABLE}; DROP FUNCTION partnerships_briefs_stay();"


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(INSTALL, params=None)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BACK, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0025_comments_on_rows"),
    ]

    operations = [
        migrations.RunPython(install, remove),
    ]
