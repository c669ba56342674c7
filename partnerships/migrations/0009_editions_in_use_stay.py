"""Triggers: an edition of the principles that projects use stays as it is. For SQLite see `models.guards`."""

from django.db import migrations

# How to find the edition that a row of each table belongs to.
EDITION = {
    "principles_principleset": "{row}.id",
    "principles_principle": "{row}.principle_set_id",
    "principles_question": "(SELECT principle_set_id FROM principles_principle WHERE id = {row}.principle_id)",
    "principles_level": "(SELECT principle_set_id FROM principles_principle WHERE id ="
    " (SELECT principle_id FROM principles_question WHERE id = {row}.question_id))",
}
TRIGGER = """
CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM partnerships_project WHERE principle_set_id IN ({new}, {old})) THEN
        RAISE EXCEPTION 'An edition of the principles that projects use stays as it is.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER {table}_stays BEFORE INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_stays();
"""
BACK = """
DROP TRIGGER {table}_stays ON {table};
DROP FUNCTION {table}_stays();
"""


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table, edition in EDITION.items():
            statement = TRIGGER.format(
                table=table, new=edition.format(row="NEW"), old=edition.format(row="OLD")
            )
            schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in EDITION:
            schema_editor.execute(BACK.format(table=table), params=None)


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0008_plural_of_parts"), ("principles", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
