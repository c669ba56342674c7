"""What was asked and answered about a permission to use a name stays as it is. For SQLite see `models.guards`."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLE = "partnerships_usepermission"
ASKED = (
    "project_id", "giver_id", "holder_id", "what", "item", "purpose", "place", "until", "file", "file_name",
    "content_type", "size", "sha256", "renews_id", "written_for_id", "written_by_id", "written_at",
)  # fmt: skip
ANSWERED = ("answer", "answer_words", "answered_by_id", "answered_at")
ENDED = ("ended_for_id", "ended_by_id", "end_reason", "ended_at")


def differ(columns):
    return " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)


INSTALL = f"""
CREATE FUNCTION partnerships_permissions_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR {differ(ASKED)}
        OR (OLD.answered_at IS NOT NULL AND ({differ(ANSWERED)}))
        OR (OLD.ended_at IS NOT NULL AND ({differ(ENDED)}))
    THEN
        RAISE EXCEPTION 'What was asked and answered about a permission stays as it is.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER {TABLE}_stays BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION partnerships_permissions_stay();
"""
BACK = f"DROP TRIGGER {TABLE}_stays ON {TABLE}; DROP FUNCTION partnerships_permissions_stay();"


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(INSTALL, params=None)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BACK, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_plural_of_requests"),
        ("partnerships", "0015_interests_of_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="UsePermission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("name", "Name"),
                            ("logo", "Logo"),
                            ("both", "Name and logo"),
                            ("quotation", "Quotation"),
                            ("photograph", "Photograph"),
                            ("spokesperson", "Somebody who speaks"),
                        ],
                        max_length=12,
                        verbose_name="what",
                    ),
                ),
                ("item", models.CharField(blank=True, max_length=600, verbose_name="what exactly")),
                ("purpose", models.CharField(max_length=300, verbose_name="what for")),
                ("place", models.CharField(max_length=300, verbose_name="where it appears")),
                ("until", models.DateField(verbose_name="until")),
                ("file", models.FileField(blank=True, upload_to="permissions/", verbose_name="file")),
                ("file_name", models.CharField(blank=True, max_length=200, verbose_name="file name")),
                (
                    "content_type",
                    models.CharField(blank=True, max_length=100, verbose_name="type of the file"),
                ),
                ("size", models.PositiveBigIntegerField(default=0, verbose_name="size in bytes")),
                (
                    "sha256",
                    models.CharField(blank=True, max_length=64, verbose_name="SHA-256"),
                ),
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
                ("written_at", models.DateTimeField(verbose_name="written at")),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("given", "Given"),
                            ("conditions", "Given with conditions"),
                            ("refused", "Refused"),
                        ],
                        max_length=10,
                        verbose_name="answer",
                    ),
                ),
                (
                    "answer_words",
                    models.CharField(blank=True, max_length=600, verbose_name="words of the answer"),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered at")),
                ("end_reason", models.CharField(blank=True, max_length=300, verbose_name="why it ended")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered by",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ended by",
                    ),
                ),
                (
                    "ended_for",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="ended for",
                    ),
                ),
                (
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="whose it is",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="who may use it",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="use_permissions",
                        to="partnerships.project",
                        verbose_name="project",
                    ),
                ),
                (
                    "renews",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="renewals",
                        to="partnerships.usepermission",
                        verbose_name="renews",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
                (
                    "written_for",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="written for",
                    ),
                ),
            ],
            options={
                "verbose_name": "permission to use",
                "verbose_name_plural": "permissions to use",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("giver", models.F("holder")), _negated=True),
                        name="nobody_asks_oneself_for_permission",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("written_for", models.F("giver")),
                            ("written_for", models.F("holder")),
                            _connector="OR",
                        ),
                        name="a_permission_is_written_by_one_of_the_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("what__in", ["quotation", "photograph", "spokesperson"]), _negated=True
                            ),
                            models.Q(("item", ""), _negated=True),
                            models.Q(("file", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_permission_names_the_exact_item",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answer", ""),
                                ("answer_words", ""),
                                ("answered_at", None),
                                ("answered_by", None),
                            ),
                            models.Q(
                                models.Q(("answer", ""), _negated=True),
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="an_answer_about_a_permission_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer__in", ["", "given"]), ("answer_words", "")),
                            models.Q(
                                ("answer__in", ["conditions", "refused"]),
                                models.Q(("answer_words", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="conditions_and_refusals_are_in_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("end_reason", ""),
                                ("ended_at", None),
                                ("ended_by", None),
                                ("ended_for", None),
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("ended_by__isnull", False),
                                ("ended_for__isnull", False),
                                models.Q(("end_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_permission_ends_for_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", "refused"), _negated=True),
                            ("ended_at", None),
                            _connector="OR",
                        ),
                        name="what_was_refused_does_not_end",
                    ),
                ],
            },
        ),
        migrations.RunPython(install, remove),
    ]
