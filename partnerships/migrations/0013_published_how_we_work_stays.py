"""Triggers: a published version of how an organisation works stays as it is. For SQLite see `models.guards`."""

from django.db import migrations

VERSIONS = "partnerships_howwework"
OF_A_VERSION = ("partnerships_workstep", "partnerships_workpaper")
RAISE = """
        RAISE EXCEPTION 'A published version of how an organisation works stays as it is.'
            USING ERRCODE = 'integrity_constraint_violation';
"""
TRIGGERS = f"""
CREATE FUNCTION {VERSIONS}_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.number IS NOT NULL THEN {RAISE} END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER {VERSIONS}_stays BEFORE UPDATE OR DELETE ON {VERSIONS}
    FOR EACH ROW EXECUTE FUNCTION {VERSIONS}_stays();
CREATE FUNCTION of_{VERSIONS}_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM {VERSIONS} WHERE id IN (NEW.page_id, OLD.page_id) AND number IS NOT NULL) THEN {RAISE} END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
""" + "".join(
    f"CREATE TRIGGER {table}_stays BEFORE INSERT OR UPDATE OR DELETE ON {table}"
    f" FOR EACH ROW EXECUTE FUNCTION of_{VERSIONS}_stays();\n"
    for table in OF_A_VERSION
)
BACK = "".join(f"DROP TRIGGER {table}_stays ON {table};\n" for table in (VERSIONS, *OF_A_VERSION)) + (
    f"DROP FUNCTION {VERSIONS}_stays();\nDROP FUNCTION of_{VERSIONS}_stays();\n"
)


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(TRIGGERS, params=None)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BACK, params=None)


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0012_how_we_work")]

    operations = [migrations.RunPython(install, remove)]
