"""The words of what is said in Talk, kept beside it for the search, as those of titles (0030). PostgreSQL alone."""

from django.db import migrations

INSTALL = """
ALTER TABLE partnerships_talkentry ADD COLUMN text_words tsvector
    GENERATED ALWAYS AS (to_tsvector('english'::regconfig, counterpart_fold(text))) STORED;
"""
BACK = "ALTER TABLE partnerships_talkentry DROP COLUMN text_words;"


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(INSTALL, params=None)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BACK, params=None)


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0030_words_for_the_search")]

    operations = [migrations.RunPython(install, remove)]
