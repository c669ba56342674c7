"""All tables of this app for a fresh database. It itself refuses to change or delete a line of history."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import accounts.migrations._together
import accounts.models.person

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
    replaces = [
        ("accounts", "0001_initial"),
        ("accounts", "0002_messages_retried_missed_and_sent_together"),
        ("accounts", "0003_links_and_kept_forms"),
        ("accounts", "0004_history_is_never_changed"),
        ("accounts", "0005_account_recovery"),
        ("accounts", "0006_plural_of_requests"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        accounts.migrations._together.CreateTogether(
            operations=[
                migrations.CreateModel(
                    name="Person",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        (
                            "last_login",
                            models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                        ),
                        (
                            "is_superuser",
                            models.BooleanField(
                                default=False,
                                help_text="Designates that this user has all permissions without explicitly assigning them.",
                                verbose_name="superuser status",
                            ),
                        ),
                        ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail")),
                        ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                        (
                            "called",
                            models.CharField(blank=True, max_length=60, verbose_name="what we call you"),
                        ),
                        ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                        (
                            "needs",
                            models.CharField(
                                blank=True,
                                max_length=400,
                                verbose_name="what you need to take part comfortably",
                            ),
                        ),
                        (
                            "needs_shared",
                            models.BooleanField(default=False, verbose_name="share this with partners"),
                        ),
                        (
                            "language",
                            models.CharField(default="en-gb", max_length=10, verbose_name="language"),
                        ),
                        (
                            "time_zone",
                            models.CharField(
                                default="Europe/London",
                                max_length=64,
                                validators=[accounts.models.person.validate_time_zone],
                                verbose_name="time zone",
                            ),
                        ),
                        (
                            "theme",
                            models.CharField(
                                choices=[("system", "As my device"), ("light", "Light"), ("dark", "Dark")],
                                default="system",
                                max_length=10,
                                verbose_name="light or dark",
                            ),
                        ),
                        ("reminders", models.BooleanField(default=True, verbose_name="reminders by e-mail")),
                        (
                            "best_day",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="best day"),
                        ),
                        ("is_staff", models.BooleanField(default=False, verbose_name="may open the admin")),
                        ("is_active", models.BooleanField(default=True, verbose_name="may sign in")),
                        (
                            "joined_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="joined"),
                        ),
                        (
                            "welcomed_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="finished the welcome pages"
                            ),
                        ),
                        (
                            "closed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="account closed"),
                        ),
                        (
                            "groups",
                            models.ManyToManyField(
                                blank=True,
                                help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.group",
                                verbose_name="groups",
                            ),
                        ),
                        (
                            "user_permissions",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Specific permissions for this user.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.permission",
                                verbose_name="user permissions",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "person",
                        "verbose_name_plural": "people",
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("email"),
                                name="one_person_for_an_email_address",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Organisation",
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
                                    ("group", "Patient group"),
                                    ("company", "Company"),
                                    ("agency", "Agency"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        (
                            "legal_name",
                            models.CharField(blank=True, max_length=250, verbose_name="legal name"),
                        ),
                        (
                            "registration_number",
                            models.CharField(blank=True, max_length=60, verbose_name="registration number"),
                        ),
                        (
                            "slug",
                            models.SlugField(
                                help_text="Never changes once given.",
                                max_length=80,
                                unique=True,
                                verbose_name="address",
                            ),
                        ),
                        (
                            "country",
                            models.CharField(
                                blank=True,
                                max_length=2,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "\\A[A-Z]{2}\\Z", "Use the two-letter code, like GB."
                                    )
                                ],
                                verbose_name="country",
                            ),
                        ),
                        (
                            "time_zone",
                            models.CharField(
                                default="Europe/London",
                                max_length=64,
                                validators=[accounts.models.person.validate_time_zone],
                                verbose_name="time zone",
                            ),
                        ),
                        (
                            "conditions",
                            models.CharField(blank=True, max_length=250, verbose_name="what it works on"),
                        ),
                        (
                            "listed",
                            models.BooleanField(default=False, verbose_name="listed in the directory"),
                        ),
                        (
                            "origin",
                            models.CharField(
                                choices=[("workspace", "Set up here"), ("imported", "From an import")],
                                default="workspace",
                                max_length=10,
                                verbose_name="origin",
                            ),
                        ),
                        (
                            "merged_into",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="merged",
                                to="accounts.organisation",
                                verbose_name="merged into",
                            ),
                        ),
                        ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                        (
                            "members",
                            models.ManyToManyField(
                                related_name="organisations",
                                through="accounts.Membership",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="members",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "organisation",
                        "verbose_name_plural": "organisations",
                        "ordering": ["name", "pk"],
                        "indexes": [
                            models.Index(fields=["kind", "name"], name="organisation_by_kind_and_name")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("merged_into", None),
                                    models.Q(("merged_into", models.F("id")), _negated=True),
                                    _connector="OR",
                                ),
                                name="an_organisation_is_not_merged_into_itself",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OrganisationName",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="names",
                                to="accounts.organisation",
                                verbose_name="organisation",
                            ),
                        ),
                        ("name", models.CharField(max_length=250, verbose_name="name")),
                        ("key", models.CharField(max_length=250, verbose_name="key")),
                    ],
                    options={
                        "verbose_name": "organisation name",
                        "verbose_name_plural": "organisation names",
                        "indexes": [models.Index(fields=["key"], name="organisation_name_key")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("key", "name"), name="a_spelling_names_one_organisation"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Membership",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="memberships",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="memberships",
                                to="accounts.organisation",
                                verbose_name="organisation",
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[("owner", "Owner"), ("lead", "Lead"), ("reader", "Reader")],
                                default="lead",
                                max_length=10,
                                verbose_name="role",
                            ),
                        ),
                        (
                            "may_sign",
                            models.BooleanField(default=False, verbose_name="may sign for the organisation"),
                        ),
                        (
                            "joined_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="joined"),
                        ),
                        ("left_at", models.DateTimeField(blank=True, null=True, verbose_name="left")),
                    ],
                    options={
                        "verbose_name": "membership",
                        "verbose_name_plural": "memberships",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("person", "organisation"), name="a_person_is_a_member_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SignInLink",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        (
                            "token_hash",
                            models.CharField(max_length=64, unique=True, verbose_name="hash of the token"),
                        ),
                        (
                            "next",
                            models.CharField(blank=True, max_length=500, verbose_name="page to go on to"),
                        ),
                        ("created_at", models.DateTimeField(verbose_name="created at")),
                        ("expires_at", models.DateTimeField(verbose_name="expires at")),
                        ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="used at")),
                    ],
                    options={
                        "verbose_name": "sign-in link",
                        "verbose_name_plural": "sign-in links",
                    },
                ),
                migrations.CreateModel(
                    name="EmailChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        ("email", models.EmailField(max_length=254, verbose_name="new e-mail")),
                        (
                            "token_hash",
                            models.CharField(
                                max_length=64, null=True, unique=True, verbose_name="hash of the token"
                            ),
                        ),
                        ("created_at", models.DateTimeField(verbose_name="created at")),
                        ("expires_at", models.DateTimeField(verbose_name="expires at")),
                        ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="used at")),
                    ],
                    options={
                        "verbose_name": "change of e-mail",
                        "verbose_name_plural": "changes of e-mail",
                    },
                ),
                migrations.CreateModel(
                    name="KeptPost",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        ("path", models.CharField(max_length=500, verbose_name="address of the page")),
                        ("fields", models.JSONField(verbose_name="fields")),
                        ("had_files", models.BooleanField(default=False, verbose_name="had files")),
                        ("created_at", models.DateTimeField(verbose_name="created at")),
                        ("expires_at", models.DateTimeField(verbose_name="expires at")),
                    ],
                    options={
                        "verbose_name": "kept form",
                        "verbose_name_plural": "kept forms",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("person", "path"), name="one_kept_form_for_an_address"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Invitation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="invitations",
                                to="accounts.organisation",
                                verbose_name="organisation",
                            ),
                        ),
                        ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                        (
                            "role",
                            models.CharField(
                                choices=[("owner", "Owner"), ("lead", "Lead"), ("reader", "Reader")],
                                default="lead",
                                max_length=10,
                                verbose_name="role",
                            ),
                        ),
                        (
                            "invited_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="invited by",
                            ),
                        ),
                        (
                            "on_behalf_of",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                                verbose_name="on behalf of",
                            ),
                        ),
                        (
                            "message",
                            models.CharField(blank=True, max_length=400, verbose_name="a word to them"),
                        ),
                        (
                            "token_hash",
                            models.CharField(
                                max_length=64, null=True, unique=True, verbose_name="hash of the token"
                            ),
                        ),
                        ("created_at", models.DateTimeField(verbose_name="created at")),
                        ("expires_at", models.DateTimeField(verbose_name="expires at")),
                        (
                            "accepted_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="accepted at"),
                        ),
                        (
                            "accepted_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="accepted by",
                            ),
                        ),
                        (
                            "declined_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="declined at"),
                        ),
                        (
                            "decline_reason",
                            models.CharField(blank=True, max_length=400, verbose_name="reason"),
                        ),
                        (
                            "withdrawn_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at"),
                        ),
                        (
                            "passed_on_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="passed on at"),
                        ),
                        (
                            "passed_on_from",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="passed_on_to",
                                to="accounts.invitation",
                                verbose_name="passed on from",
                            ),
                        ),
                        (
                            "needs_confirmation",
                            models.BooleanField(default=False, verbose_name="needs confirmation"),
                        ),
                    ],
                    options={
                        "verbose_name": "invitation",
                        "verbose_name_plural": "invitations",
                    },
                ),
                migrations.CreateModel(
                    name="JoinRequest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="join_requests",
                                to="accounts.organisation",
                                verbose_name="organisation",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="join_requests",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        ("created_at", models.DateTimeField(verbose_name="created at")),
                        (
                            "decided_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="decided at"),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="decided by",
                            ),
                        ),
                        ("accepted", models.BooleanField(null=True, verbose_name="accepted")),
                    ],
                    options={
                        "verbose_name": "request to join",
                        "verbose_name_plural": "requests to join",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("decided_at", None)),
                                fields=("organisation", "person"),
                                name="one_open_request_to_join",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Event",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="when")),
                        (
                            "actor",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="actor",
                            ),
                        ),
                        ("verb", models.CharField(max_length=60, verbose_name="what")),
                        ("subject", models.CharField(max_length=120, verbose_name="subject")),
                        ("project", models.CharField(blank=True, max_length=8, verbose_name="project")),
                        (
                            "organisation",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                                verbose_name="for",
                            ),
                        ),
                        (
                            "audience",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                                verbose_name="read by",
                            ),
                        ),
                        ("detail", models.JSONField(blank=True, default=dict, verbose_name="detail")),
                    ],
                    options={
                        "verbose_name": "history line",
                        "verbose_name_plural": "history",
                        "indexes": [
                            models.Index(fields=["project", "-at"], name="history_of_a_project"),
                            models.Index(fields=["subject", "-at"], name="history_of_a_subject"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Notice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=200, unique=True, verbose_name="key")),
                        ("kind", models.CharField(max_length=40, verbose_name="kind")),
                        (
                            "recipient",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notices",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="recipient",
                            ),
                        ),
                        ("address", models.EmailField(blank=True, max_length=254, verbose_name="address")),
                        ("subject", models.CharField(blank=True, max_length=120, verbose_name="about")),
                        ("project", models.CharField(blank=True, max_length=8, verbose_name="project")),
                        ("params", models.JSONField(blank=True, default=dict, verbose_name="parameters")),
                        ("owed_at", models.DateTimeField(verbose_name="owed")),
                        ("not_before", models.DateTimeField(verbose_name="not before")),
                        (
                            "claimed_until",
                            models.DateTimeField(blank=True, null=True, verbose_name="claimed until"),
                        ),
                        ("claim", models.CharField(blank=True, max_length=32, verbose_name="claim")),
                        ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                        (
                            "retry_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="tried again at"),
                        ),
                        ("message_id", models.CharField(max_length=120, verbose_name="Message-ID")),
                        ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                        ("failed_at", models.DateTimeField(blank=True, null=True, verbose_name="failed")),
                        (
                            "last_error",
                            models.CharField(blank=True, max_length=400, verbose_name="last error"),
                        ),
                        ("voided_at", models.DateTimeField(blank=True, null=True, verbose_name="held back")),
                        (
                            "void_reason",
                            models.CharField(blank=True, max_length=120, verbose_name="why held back"),
                        ),
                        ("missed_at", models.DateTimeField(blank=True, null=True, verbose_name="missed")),
                        (
                            "sent_with",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="carries",
                                to="accounts.notice",
                                verbose_name="sent inside",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "message",
                        "verbose_name_plural": "messages",
                        "indexes": [
                            models.Index(
                                condition=models.Q(
                                    ("failed_at", None),
                                    ("missed_at", None),
                                    ("sent_at", None),
                                    ("voided_at", None),
                                ),
                                fields=["not_before", "id"],
                                name="messages_to_send",
                            ),
                            models.Index(fields=["subject"], name="messages_about"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("recipient__isnull", False),
                                    models.Q(("address", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_message_is_owed_to_somebody",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="JobRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        ("started_at", models.DateTimeField(verbose_name="started at")),
                        (
                            "finished_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="finished at"),
                        ),
                        ("detail", models.JSONField(blank=True, default=dict, verbose_name="detail")),
                    ],
                    options={
                        "verbose_name": "job run",
                        "verbose_name_plural": "job runs",
                        "indexes": [models.Index(fields=["name", "-started_at"], name="last_run_of_a_job")],
                    },
                ),
                migrations.CreateModel(
                    name="Snooze",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="snoozes",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        ("task_key", models.CharField(max_length=120, verbose_name="task")),
                        ("until", models.DateField(verbose_name="until")),
                    ],
                    options={
                        "verbose_name": "snooze",
                        "verbose_name_plural": "snoozes",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("person", "task_key"), name="one_snooze_for_a_task"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SavedView",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="saved_views",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="saved_views",
                                to="accounts.organisation",
                                verbose_name="organisation",
                            ),
                        ),
                        ("page", models.CharField(max_length=60, verbose_name="list")),
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        (
                            "query",
                            models.CharField(blank=True, max_length=500, verbose_name="filters and order"),
                        ),
                    ],
                    options={
                        "verbose_name": "saved view",
                        "verbose_name_plural": "saved views",
                        "ordering": ["name", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("person", "page", "name"), name="a_saved_view_has_its_own_name"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Recovery",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="recoveries",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(
                                help_text="Who asked, and how you know that it is really them.",
                                max_length=400,
                                verbose_name="reason",
                            ),
                        ),
                        (
                            "email",
                            models.EmailField(
                                blank=True,
                                help_text="Only when the mailbox is lost as well; otherwise leave it empty.",
                                max_length=254,
                                verbose_name="new e-mail",
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="asked by",
                            ),
                        ),
                        ("asked_at", models.DateTimeField(verbose_name="asked")),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="decided by",
                            ),
                        ),
                        ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                        ("approved", models.BooleanField(null=True, verbose_name="approved")),
                    ],
                    options={
                        "verbose_name": "account recovery",
                        "verbose_name_plural": "account recoveries",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decided_by", None),
                                    models.Q(("decided_by", models.F("asked_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_recovery_takes_two_of_staff",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("asked_by", models.F("person")), _negated=True),
                                    models.Q(
                                        ("decided_by", None),
                                        models.Q(("decided_by", models.F("person")), _negated=True),
                                        _connector="OR",
                                    ),
                                ),
                                name="nobody_recovers_their_own_account",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("decided_at", None)),
                                fields=("person",),
                                name="one_open_recovery_for_an_account",
                            ),
                        ],
                    },
                ),
            ],
        ),
        migrations.RunPython(forbid, allow),
    ]
