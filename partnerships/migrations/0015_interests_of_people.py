"""What people declared of their interests, and what was decided, stays as it is. For SQLite see `models.guards`."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEPT = (
    "partnerships_interestask",
    "partnerships_interestdeclaration",
    "partnerships_interest",
    "partnerships_interestdecision",
    "partnerships_interestdecisionagreement",
)
FUNCTION = """
CREATE FUNCTION partnerships_interests_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What was declared and decided about interests stays as it is.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
TRIGGERS = FUNCTION + "".join(
    f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION partnerships_interests_stay();\n"
    for table in KEPT
)
BACK = (
    "".join(f"DROP TRIGGER {table}_stays ON {table};\n" for table in KEPT)
    + "DROP FUNCTION partnerships_interests_stay();\n"
)


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(TRIGGERS, params=None)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BACK, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_plural_of_requests"),
        ("partnerships", "0014_checklist_of_a_contract"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Interest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.CharField(max_length=300, verbose_name="what it is")),
                ("with_whom", models.CharField(max_length=160, verbose_name="with whom")),
                ("since", models.CharField(max_length=60, verbose_name="since when")),
                (
                    "first",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="later",
                        to="partnerships.interest",
                    ),
                ),
            ],
            options={
                "verbose_name": "interest",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="InterestAsk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interest_asks",
                        to="partnerships.project",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="InterestDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("decided", models.CharField(max_length=600, verbose_name="what was decided")),
                ("decided_by", models.CharField(max_length=200, verbose_name="who decided")),
                ("decided_on", models.DateField(verbose_name="decided on")),
                ("written_at", models.DateTimeField()),
                (
                    "interest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="partnerships.interest",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "decision about an interest",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="InterestDecisionAgreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agreed_at", models.DateTimeField()),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="partnerships.interestdecision",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "agreement to a decision about an interest",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="InterestDeclaration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("none", "None"),
                            ("some", "Declared"),
                            ("same", "Nothing has changed"),
                            ("absent", "Can’t be asked"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "reason",
                    models.CharField(blank=True, max_length=300, verbose_name="why they can’t be asked"),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interest_declarations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interest_declarations",
                        to="partnerships.project",
                    ),
                ),
            ],
            options={
                "verbose_name": "declaration of interests",
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="interest",
            name="declaration",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="interests",
                to="partnerships.interestdeclaration",
            ),
        ),
        migrations.AddConstraint(
            model_name="interestdecision",
            constraint=models.UniqueConstraint(
                fields=("interest", "number"), name="a_decision_has_its_own_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="interestdecisionagreement",
            constraint=models.UniqueConstraint(
                fields=("decision", "organisation"), name="a_partner_agrees_to_a_decision_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="interestdeclaration",
            constraint=models.UniqueConstraint(
                fields=("project", "person", "number"), name="a_declaration_has_its_own_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="interestdeclaration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "absent"), models.Q(("made_by", models.F("person")), _negated=True)),
                    models.Q(models.Q(("kind", "absent"), _negated=True), ("made_by", models.F("person"))),
                    _connector="OR",
                ),
                name="interests_are_declared_by_oneself",
            ),
        ),
        migrations.AddConstraint(
            model_name="interestdeclaration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "absent"), models.Q(("reason", ""), _negated=True)),
                    models.Q(models.Q(("kind", "absent"), _negated=True), ("reason", "")),
                    _connector="OR",
                ),
                name="who_can_not_be_asked_has_a_reason",
            ),
        ),
        migrations.RunPython(install, remove),
    ]
