"""Requests for funding. Their steps stay, and a settled request does. For SQLite see `models.guards`."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import partnerships.models.project

REQUESTS, STEPS = "partnerships_fundingrequest", "partnerships_fundingstep"
SENT = ("reference", "sender_id", "receiver_id", "title", "written_by_id", "written_at")
CHANGED = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in SENT)
RAISE = """
        RAISE EXCEPTION 'What was sent and decided about a request stays as it is.'
            USING ERRCODE = 'integrity_constraint_violation';
"""
INSTALL = f"""
CREATE FUNCTION {REQUESTS}_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'draft' THEN {RAISE} END IF;
        RETURN OLD;
    END IF;
    IF OLD.state IN ('accepted', 'declined', 'withdrawn')
        OR (OLD.state <> 'draft' AND (NEW.state = 'draft' OR {CHANGED}))
    THEN {RAISE} END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER {REQUESTS}_stays BEFORE UPDATE OR DELETE ON {REQUESTS}
    FOR EACH ROW EXECUTE FUNCTION {REQUESTS}_stays();
CREATE FUNCTION {STEPS}_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {RAISE} END $$;
CREATE TRIGGER {STEPS}_stays BEFORE UPDATE OR DELETE ON {STEPS}
    FOR EACH ROW EXECUTE FUNCTION {STEPS}_stays();
"""
BACK = "".join(
    f"DROP TRIGGER {table}_stays ON {table}; DROP FUNCTION {table}_stays();" for table in (REQUESTS, STEPS)
)


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(INSTALL, params=None)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BACK, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_profile_that_goes_along"),
        ("partnerships", "0022_amendments_of_a_contract"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="workstep",
            name="measure",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Not measured"),
                    ("contract", "From the start of a contract until all have signed"),
                    ("own", "While a contract lies with us"),
                    ("funding", "Until we answer a request for funding"),
                ],
                max_length=8,
                verbose_name="measured",
            ),
        ),
        migrations.CreateModel(
            name="FundingRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        default=partnerships.models.project.new_reference,
                        editable=False,
                        max_length=8,
                        unique=True,
                        verbose_name="reference",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("sent", "Sent"),
                            ("asked", "Question asked"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("withdrawn", "Taken back"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("parts", models.JSONField(blank=True, default=dict, verbose_name="parts of the plan")),
                ("written_at", models.DateTimeField(verbose_name="written at")),
                ("turn_since", models.DateTimeField(blank=True, null=True, verbose_name="waiting since")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="answer due on")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled at")),
                (
                    "project",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="funding_request",
                        to="partnerships.project",
                        verbose_name="project",
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests_received",
                        to="accounts.organisation",
                        verbose_name="to",
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests_sent",
                        to="accounts.organisation",
                        verbose_name="from",
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
            ],
            options={
                "verbose_name": "request for funding",
                "verbose_name_plural": "requests for funding",
                "ordering": ["-written_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="FundingStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sent", "Sent"),
                            ("asked", "Question asked"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("withdrawn", "Taken back"),
                        ],
                        max_length=10,
                        verbose_name="what happened",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="when")),
                ("words", models.CharField(blank=True, max_length=1000, verbose_name="words")),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("law", "The law"),
                            ("code", "A code of practice"),
                            ("own_rule", "A rule of our own"),
                            ("budget", "Budget, or people’s time"),
                        ],
                        max_length=10,
                        verbose_name="type of the reason",
                    ),
                ),
                ("by_day", models.DateField(blank=True, null=True, verbose_name="day")),
                ("content", models.JSONField(blank=True, default=dict, verbose_name="content")),
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
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="partnerships.fundingrequest",
                        verbose_name="request for funding",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a request for funding",
                "verbose_name_plural": "steps of requests for funding",
                "ordering": ["number"],
            },
        ),
        migrations.AddIndex(
            model_name="fundingrequest",
            index=models.Index(fields=["receiver", "state"], name="requests_received_by_state"),
        ),
        migrations.AddIndex(
            model_name="fundingrequest",
            index=models.Index(fields=["sender", "state"], name="requests_sent_by_state"),
        ),
        migrations.AddConstraint(
            model_name="fundingrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("sender", models.F("receiver")), _negated=True),
                name="nobody_asks_oneself_for_funding",
            ),
        ),
        migrations.AddConstraint(
            model_name="fundingrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("project__isnull", False), ("state", "accepted")),
                    models.Q(models.Q(("state", "accepted"), _negated=True), ("project__isnull", True)),
                    _connector="OR",
                ),
                name="a_request_has_a_project_exactly_when_accepted",
            ),
        ),
        migrations.AddConstraint(
            model_name="fundingrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("settled_at__isnull", True),
                        ("state__in", ["sent", "asked"]),
                        ("turn_since__isnull", False),
                    ),
                    models.Q(
                        ("due_on__isnull", True),
                        ("settled_at__isnull", True),
                        ("state", "draft"),
                        ("turn_since__isnull", True),
                    ),
                    models.Q(
                        ("due_on__isnull", True),
                        ("settled_at__isnull", False),
                        ("state__in", ["accepted", "declined", "withdrawn"]),
                        ("turn_since__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="a_request_waits_exactly_while_it_is_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="fundingstep",
            constraint=models.UniqueConstraint(
                fields=("request", "number"), name="a_step_of_a_request_has_its_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="fundingstep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ["accepted", "declined", "withdrawn"])),
                fields=("request",),
                name="a_request_is_settled_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="fundingstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "declined"),
                        models.Q(("reason", ""), _negated=True),
                        models.Q(("words", ""), _negated=True),
                    ),
                    models.Q(models.Q(("kind", "declined"), _negated=True), ("reason", "")),
                    _connector="OR",
                ),
                name="a_no_has_a_type_of_reason_and_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="fundingstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "asked"), _negated=True),
                    models.Q(("words", ""), _negated=True),
                    _connector="OR",
                ),
                name="a_question_about_a_request_is_in_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="fundingstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["asked", "accepted"]), _negated=True),
                    ("by_day__isnull", False),
                    _connector="OR",
                ),
                name="a_yes_and_a_question_name_a_day",
            ),
        ),
        migrations.RunPython(install, remove),
    ]
