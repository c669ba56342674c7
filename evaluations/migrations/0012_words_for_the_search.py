"""The words of promises and joint conclusions, kept beside them for the search. PostgreSQL alone."""

from django.db import migrations

INSTALL = """
ALTER TABLE evaluations_promise ADD COLUMN what_words tsvector
    GENERATED ALWAYS AS (to_tsvector('english'::regconfig, counterpart_fold(what))) STORED;
ALTER TABLE evaluations_conclusionpart ADD COLUMN text_words tsvector
    GENERATED ALWAYS AS (to_tsvector('english'::regconfig, counterpart_fold("text"))) STORED;
"""
BACK = """
ALTER TABLE evaluations_conclusionpart DROP COLUMN text_words;
ALTER TABLE evaluations_promise DROP COLUMN what_words;
"""


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(INSTALL, params=None)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BACK, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("evaluations", "0011_more_measured_facts"),
        ("partnerships", "0030_words_for_the_search"),
    ]

    operations = [
        migrations.RunPython(install, remove),
    ]
