"""Talk. A decision stays once all have agreed, and earlier wordings do. For SQLite see `models.guards`."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TALK, WORDINGS = "partnerships_talkentry", "partnerships_talkwording"
DECIDED = (
    "project_id",
    "kind",
    "text",
    "subject",
    "organisation_id",
    "written_by_id",
    "version",
    "agreed_at",
)
CHANGED = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in DECIDED)
RAISE = """
        RAISE EXCEPTION 'What all agreed to, and what was said before, stays as it is.'
            USING ERRCODE = 'integrity_constraint_violation';
"""
INSTALL = f"""
CREATE FUNCTION {TALK}_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.agreed_at IS NOT NULL THEN {RAISE} END IF;
        RETURN OLD;
    END IF;
    IF OLD.agreed_at IS NOT NULL AND ({CHANGED}) THEN {RAISE} END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER {TALK}_stays BEFORE UPDATE OR DELETE ON {TALK}
    FOR EACH ROW EXECUTE FUNCTION {TALK}_stays();
CREATE FUNCTION {WORDINGS}_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {RAISE} END $$;
CREATE TRIGGER {WORDINGS}_stays BEFORE UPDATE OR DELETE ON {WORDINGS}
    FOR EACH ROW EXECUTE FUNCTION {WORDINGS}_stays();
"""
BACK = "".join(
    f"DROP TRIGGER {table}_stays ON {table}; DROP FUNCTION {table}_stays();" for table in (TALK, WORDINGS)
)


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(INSTALL, params=None)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BACK, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_reads_without_a_lawyer"),
        ("partnerships", "0028_turn_to_check_in"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TalkMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True, verbose_name="key")),
                ("read_at", models.DateTimeField(verbose_name="read at")),
                ("outcome", models.CharField(max_length=20, verbose_name="what became of it")),
            ],
            options={
                "verbose_name": "mail to Talk",
                "verbose_name_plural": "mails to Talk",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="TalkEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("question", "Question"),
                            ("decision", "Decision"),
                            ("input", "You said, we did"),
                            ("note", "Note"),
                            ("concern", "Concern"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.CharField(max_length=2000, verbose_name="text")),
                ("subject", models.CharField(blank=True, max_length=120, verbose_name="about")),
                ("written_at", models.DateTimeField(verbose_name="written at")),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                ("changed_at", models.DateTimeField(blank=True, null=True, verbose_name="changed at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                ("waits_since", models.DateTimeField(verbose_name="waits since")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="answer due on")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered at")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("used", "Used"), ("not_used", "Not used"), ("later", "Later")],
                        max_length=8,
                        verbose_name="what became of it",
                    ),
                ),
                ("later_on", models.DateField(blank=True, null=True, verbose_name="again on")),
                ("agreed_at", models.DateTimeField(blank=True, null=True, verbose_name="agreed by all at")),
                (
                    "raised_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="raised to the Owners at"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                (
                    "asked",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="who is asked",
                    ),
                ),
                (
                    "asked_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="which person is asked",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="talk",
                        to="partnerships.project",
                        verbose_name="project",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="talk_entries",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry in Talk",
                "verbose_name_plural": "entries in Talk",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="TalkAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=2000, verbose_name="text")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("used", "Used"),
                            ("not_used", "Not used"),
                            ("later", "Later"),
                            ("agreed", "Agreed"),
                            ("declined", "Not agreed"),
                        ],
                        max_length=8,
                        verbose_name="outcome",
                    ),
                ),
                ("later_on", models.DateField(blank=True, null=True, verbose_name="again on")),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="version of the entry")),
                ("written_at", models.DateTimeField(verbose_name="written at")),
                ("changed_at", models.DateTimeField(blank=True, null=True, verbose_name="changed at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                ("by_mail", models.BooleanField(default=False, verbose_name="came by mail")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="talk_answers",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="partnerships.talkentry",
                        verbose_name="entry",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer in Talk",
                "verbose_name_plural": "answers in Talk",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="TalkFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file", models.FileField(upload_to="talk/", verbose_name="file")),
                ("file_name", models.CharField(max_length=200, verbose_name="file name")),
                ("content_type", models.CharField(max_length=100, verbose_name="type of the file")),
                ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("clean", "Checked"),
                            ("held", "Not checked for viruses yet"),
                            ("removed", "Removed by the virus scanner"),
                        ],
                        default="clean",
                        max_length=8,
                        verbose_name="virus check",
                    ),
                ),
                (
                    "answer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="partnerships.talkanswer",
                        verbose_name="answer",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="partnerships.talkentry",
                        verbose_name="entry",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "file in Talk",
                "verbose_name_plural": "files in Talk",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="TalkNamed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("named_at", models.DateTimeField(verbose_name="named at")),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="named",
                        to="partnerships.talkentry",
                        verbose_name="concern",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="concerns_named_in",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "person named in a concern",
                "verbose_name_plural": "people named in concerns",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="TalkWording",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=2000, verbose_name="text")),
                ("replaced_at", models.DateTimeField(verbose_name="replaced at")),
                (
                    "answer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wordings",
                        to="partnerships.talkanswer",
                        verbose_name="answer",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wordings",
                        to="partnerships.talkentry",
                        verbose_name="entry",
                    ),
                ),
            ],
            options={
                "verbose_name": "earlier wording in Talk",
                "verbose_name_plural": "earlier wordings in Talk",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="TalkDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("question", "Question"),
                            ("decision", "Decision"),
                            ("input", "You said, we did"),
                            ("note", "Note"),
                            ("concern", "Concern"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("fields", models.JSONField(default=dict, verbose_name="what was typed")),
                ("saved_at", models.DateTimeField(verbose_name="saved at")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="talk_drafts",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="talk_drafts",
                        to="partnerships.project",
                        verbose_name="project",
                    ),
                ),
            ],
            options={
                "verbose_name": "draft in Talk",
                "verbose_name_plural": "drafts in Talk",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "person", "kind"), name="a_person_has_one_draft_of_a_kind"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="talkentry",
            index=models.Index(fields=["project", "-written_at", "-id"], name="talk_of_a_project"),
        ),
        migrations.AddIndex(
            model_name="talkentry",
            index=models.Index(
                condition=models.Q(
                    ("agreed_at", None), ("answered_at", None), ("ended_at", None), ("withdrawn_at", None)
                ),
                fields=["kind", "project"],
                name="talk_that_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="talkentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="an_entry_in_talk_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="talkentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["question", "input", "concern"]), ("asked__isnull", False)),
                    models.Q(("kind__in", ["decision", "note"]), ("asked", None), ("asked_person", None)),
                    _connector="OR",
                ),
                name="questions_inputs_and_concerns_are_put_to_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="talkentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("asked", None),
                    models.Q(("asked", models.F("organisation")), _negated=True),
                    _connector="OR",
                ),
                name="nobody_asks_oneself_in_talk",
            ),
        ),
        migrations.AddConstraint(
            model_name="talkentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "note"), ("due_on", None)),
                    models.Q(models.Q(("kind", "note"), _negated=True), ("due_on__isnull", False)),
                    _connector="OR",
                ),
                name="what_waits_in_talk_has_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="talkentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome", ""), ("kind", "input"), _connector="OR"),
                name="only_an_input_is_used_or_not",
            ),
        ),
        migrations.AddConstraint(
            model_name="talkentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "later"), ("later_on__isnull", False)),
                    models.Q(models.Q(("outcome", "later"), _negated=True), ("later_on", None)),
                    _connector="OR",
                ),
                name="later_is_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="talkentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("agreed_at", None),
                    models.Q(("kind", "decision"), ("withdrawn_at", None)),
                    _connector="OR",
                ),
                name="only_a_decision_stands_and_is_never_withdrawn",
            ),
        ),
        migrations.AddConstraint(
            model_name="talkentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("raised_at", None)), ("kind", "concern"), _connector="OR"
                ),
                name="only_a_concern_is_raised_and_closed",
            ),
        ),
        migrations.AddConstraint(
            model_name="talkanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("text", ""), _negated=True),
                    ("outcome__in", ["used", "later", "agreed"]),
                    _connector="OR",
                ),
                name="an_answer_in_talk_says_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="talkanswer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "agreed")),
                fields=("entry", "organisation", "version"),
                name="an_organisation_agrees_to_a_decision_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="talknamed",
            constraint=models.UniqueConstraint(
                fields=("entry", "person"), name="a_person_is_named_once_in_a_concern"
            ),
        ),
        migrations.RunPython(install, remove),
    ]
