"""All tables of this app for a fresh database, and the triggers of PostgreSQL. For SQLite see `models.guards`."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.migrations._together
import accounts.models.person
import partnerships.models.project

# How to find the edition that a row of each table belongs to.
EDITION = {
    "principles_principleset": "{row}.id",
    "principles_principle": "{row}.principle_set_id",
    "principles_question": "(SELECT principle_set_id FROM principles_principle WHERE id = {row}.principle_id)",
    "principles_level": "(SELECT principle_set_id FROM principles_principle WHERE id ="
    " (SELECT principle_id FROM principles_question WHERE id = {row}.question_id))",
}
EDITION_STAYS = """
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
EDITION_CHANGES = """
DROP TRIGGER {table}_stays ON {table};
DROP FUNCTION {table}_stays();
"""

VERSIONS = "partnerships_howwework"
OF_A_VERSION = ("partnerships_workstep", "partnerships_workpaper")
RAISE = """
        RAISE EXCEPTION 'A published version of how an organisation works stays as it is.'
            USING ERRCODE = 'integrity_constraint_violation';
"""
VERSIONS_STAY = f"""
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
VERSIONS_CHANGE = "".join(
    f"DROP TRIGGER {table}_stays ON {table};\n" for table in (VERSIONS, *OF_A_VERSION)
) + (f"DROP FUNCTION {VERSIONS}_stays();\nDROP FUNCTION of_{VERSIONS}_stays();\n")

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
INTERESTS_STAY = FUNCTION + "".join(
    f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION partnerships_interests_stay();\n"
    for table in KEPT
)
INTERESTS_CHANGE = (
    "".join(f"DROP TRIGGER {table}_stays ON {table};\n" for table in KEPT)
    + "DROP FUNCTION partnerships_interests_stay();\n"
)


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        editions = [
            EDITION_STAYS.format(table=table, new=edition.format(row="NEW"), old=edition.format(row="OLD"))
            for table, edition in EDITION.items()
        ]
        for statement in (*editions, VERSIONS_STAY, INTERESTS_STAY):
            schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        editions = [EDITION_CHANGES.format(table=table) for table in EDITION]
        for statement in (INTERESTS_CHANGE, VERSIONS_CHANGE, *editions):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    replaces = [
        ("partnerships", "0001_initial"),
        ("partnerships", "0002_request_for_more_time"),
        ("partnerships", "0003_transfer_without_a_name"),
        ("partnerships", "0004_closing_early_and_who_recorded_the_result"),
        ("partnerships", "0005_name_of_a_project_invitation"),
        ("partnerships", "0006_wordings_kept_and_files_held"),
        ("partnerships", "0007_turn_to_close_early"),
        ("partnerships", "0008_plural_of_parts"),
        ("partnerships", "0009_editions_in_use_stay"),
        ("partnerships", "0010_signed_contracts_are_never_deleted"),
        ("partnerships", "0011_text_of_a_version"),
        ("partnerships", "0012_how_we_work"),
        ("partnerships", "0013_published_how_we_work_stays"),
        ("partnerships", "0014_checklist_of_a_contract"),
        ("partnerships", "0015_interests_of_people"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0006_plural_of_requests"),
        ("accounts", "__first__"),
        ("principles", "0001_initial"),
    ]

    operations = [
        accounts.migrations._together.CreateTogether(
            operations=[
                migrations.CreateModel(
                    name="Project",
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
                            "stage",
                            models.CharField(
                                choices=[
                                    ("shape", "Shape"),
                                    ("agree", "Agree"),
                                    ("contract", "Contract"),
                                    ("deliver", "Deliver"),
                                    ("review", "Review"),
                                    ("learn", "Learn"),
                                    ("completed", "Completed"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                db_index=True,
                                default="shape",
                                max_length=10,
                                verbose_name="stage",
                            ),
                        ),
                        ("stage_since", models.DateTimeField(verbose_name="in this stage since")),
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
                            "principle_set",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="projects",
                                to="principles.principleset",
                                verbose_name="edition of the principles",
                            ),
                        ),
                        ("starts_on", models.DateField(blank=True, null=True, verbose_name="starts on")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="ends on")),
                        (
                            "year",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="year"),
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
                            "created_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="created by",
                            ),
                        ),
                        ("created_at", models.DateTimeField(verbose_name="created")),
                        (
                            "closed_early_on",
                            models.DateField(blank=True, null=True, verbose_name="closed early on"),
                        ),
                        (
                            "result",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("reached", "Reached"),
                                    ("partly", "Partly reached"),
                                    ("not_reached", "Not reached"),
                                ],
                                max_length=12,
                                verbose_name="result for patients",
                            ),
                        ),
                        (
                            "result_how",
                            models.CharField(blank=True, max_length=600, verbose_name="how we know"),
                        ),
                        (
                            "result_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="result recorded by",
                            ),
                        ),
                        (
                            "result_for",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                                verbose_name="result recorded for",
                            ),
                        ),
                        (
                            "result_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="result recorded"),
                        ),
                        (
                            "review_due_on",
                            models.DateField(blank=True, null=True, verbose_name="reviews due"),
                        ),
                        (
                            "reviews_opened_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="reviews opened"),
                        ),
                        (
                            "closed_one_sided",
                            models.BooleanField(default=False, verbose_name="reviewed by one side"),
                        ),
                        (
                            "completed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="completed"),
                        ),
                        (
                            "withdrawn_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="withdrawn"),
                        ),
                        (
                            "withdraw_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("no_longer_needed", "No longer needed"),
                                    ("no_agreement", "We could not agree"),
                                    ("no_means", "Not enough people or money"),
                                    ("rules", "A law, code or own rule stands against it"),
                                    ("other", "Something else"),
                                ],
                                max_length=20,
                                verbose_name="reason type",
                            ),
                        ),
                        (
                            "withdraw_note",
                            models.CharField(blank=True, max_length=600, verbose_name="reason"),
                        ),
                    ],
                    options={
                        "verbose_name": "project",
                        "verbose_name_plural": "projects",
                        "ordering": ["-created_at", "-pk"],
                        "indexes": [
                            models.Index(fields=["stage", "ends_on"], name="projects_by_stage_and_end"),
                            models.Index(fields=["origin", "stage"], name="projects_by_origin_and_stage"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on", None),
                                    ("starts_on", None),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="a_project_ends_after_it_starts",
                                violation_error_message="The end must not come before the start.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("stage", "withdrawn"), _negated=True),
                                    models.Q(
                                        ("withdrawn_at__isnull", False),
                                        models.Q(("withdraw_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_withdrawn_project_says_when_and_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("origin", "imported"), ("principle_set__isnull", False), _connector="OR"
                                ),
                                name="a_project_keeps_the_principles_it_started_with",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("stage", "completed"), _negated=True),
                                    ("origin", "imported"),
                                    models.Q(("result", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_completed_project_says_its_result",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Participation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="participations",
                                to="partnerships.project",
                                verbose_name="project",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="participations",
                                to="accounts.organisation",
                                verbose_name="organisation",
                            ),
                        ),
                        (
                            "side",
                            models.CharField(
                                choices=[("group", "Patient group"), ("company", "Company")],
                                max_length=10,
                                verbose_name="side",
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[("partner", "Partner"), ("agency", "Agency")],
                                default="partner",
                                max_length=10,
                                verbose_name="role",
                            ),
                        ),
                        (
                            "acts_for",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                                verbose_name="acts for",
                            ),
                        ),
                        ("joined_at", models.DateTimeField(verbose_name="joined")),
                        ("left_at", models.DateTimeField(blank=True, null=True, verbose_name="left")),
                    ],
                    options={
                        "verbose_name": "participation",
                        "verbose_name_plural": "participations",
                        "ordering": ["side", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("project", "organisation"), name="an_organisation_takes_part_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("acts_for", None), ("role", "partner")),
                                    models.Q(("acts_for__isnull", False), ("role", "agency")),
                                    _connector="OR",
                                ),
                                name="only_an_agency_acts_for_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProjectPerson",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="people",
                                to="partnerships.project",
                                verbose_name="project",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="project_roles",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        (
                            "acting_for",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                                verbose_name="acting for",
                            ),
                        ),
                        ("joined_at", models.DateTimeField(verbose_name="joined at")),
                        ("left_at", models.DateTimeField(blank=True, null=True, verbose_name="left at")),
                    ],
                    options={
                        "verbose_name": "person on a project",
                        "verbose_name_plural": "people on projects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("project", "person"), name="a_person_acts_for_one_organisation"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ClosingAgreement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="closing_agreements",
                                to="partnerships.project",
                                verbose_name="project",
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
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("done", "The work is done"),
                                    ("smaller", "We do less than planned"),
                                    ("means", "People or money are missing"),
                                    ("other", "Something else"),
                                ],
                                max_length=10,
                                verbose_name="reason",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=400, verbose_name="a word to them")),
                        ("agreed_at", models.DateTimeField(verbose_name="agreed at")),
                    ],
                    options={
                        "verbose_name": "agreement to close early",
                        "verbose_name_plural": "agreements to close early",
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("project", "organisation"),
                                name="an_organisation_agrees_to_close_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProjectInvitation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="invitations",
                                to="partnerships.project",
                                verbose_name="project",
                            ),
                        ),
                        (
                            "invitation",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="project_invitation",
                                to="accounts.invitation",
                                verbose_name="invitation",
                            ),
                        ),
                        (
                            "side",
                            models.CharField(
                                choices=[("group", "Patient group"), ("company", "Company")],
                                max_length=10,
                                verbose_name="side",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "invitation into a project",
                        "verbose_name_plural": "invitations into projects",
                    },
                ),
                migrations.CreateModel(
                    name="Contract",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="contracts",
                                to="partnerships.project",
                                verbose_name="project",
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(default=1, verbose_name="number")),
                        ("title", models.CharField(max_length=160, verbose_name="title")),
                        (
                            "type",
                            models.CharField(
                                choices=[
                                    ("donation", "Donation"),
                                    ("grant", "Grant"),
                                    ("sponsorship", "Sponsorship"),
                                    ("service", "Contracted service"),
                                    ("joint", "Joint project"),
                                ],
                                max_length=12,
                                verbose_name="type",
                            ),
                        ),
                        (
                            "amount",
                            models.DecimalField(
                                blank=True,
                                decimal_places=4,
                                max_digits=17,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(0)],
                                verbose_name="amount",
                            ),
                        ),
                        ("currency", models.CharField(blank=True, max_length=3, verbose_name="currency")),
                        ("starts_on", models.DateField(blank=True, null=True, verbose_name="starts on")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="ends on")),
                        ("ruleset", models.CharField(blank=True, max_length=20, verbose_name="rule set")),
                        (
                            "unsettled_checks",
                            models.PositiveSmallIntegerField(
                                default=0, verbose_name="unsettled items of the checklist"
                            ),
                        ),
                        (
                            "signed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="signed by all"),
                        ),
                        ("created_at", models.DateTimeField(verbose_name="created")),
                    ],
                    options={
                        "verbose_name": "contract",
                        "verbose_name_plural": "contracts",
                        "ordering": ["project", "number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("project", "number"), name="a_contract_has_its_own_number"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("starts_on", None),
                                    ("ends_on", None),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="a_contract_ends_after_it_starts",
                                violation_error_message="The end must not come before the start.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("amount", None),
                                    models.Q(("currency", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="an_amount_has_a_currency",
                                violation_error_message="Say in which currency.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ContractRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "contract",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rows",
                                to="partnerships.contract",
                                verbose_name="contract",
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                choices=[
                                    ("what", "What it is"),
                                    ("why", "Why, and how it helps patients"),
                                    ("who", "Who does what"),
                                    ("support", "Kind of support"),
                                    ("when", "When"),
                                    ("cost", "How much, and for what"),
                                    ("shown", "How support is acknowledged"),
                                    ("signs", "Who signs"),
                                    ("signed", "Signed on"),
                                ],
                                max_length=8,
                                verbose_name="row",
                            ),
                        ),
                        ("text", models.CharField(blank=True, max_length=600, verbose_name="in plain words")),
                        (
                            "written_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="written by",
                            ),
                        ),
                        (
                            "written_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="written at"),
                        ),
                    ],
                    options={
                        "verbose_name": "row of a contract",
                        "verbose_name_plural": "rows of contracts",
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("contract", "code"), name="a_contract_has_each_row_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ContractWording",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "row",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="wordings",
                                to="partnerships.contractrow",
                                verbose_name="row",
                            ),
                        ),
                        ("text", models.CharField(blank=True, max_length=600, verbose_name="text")),
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
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="written by",
                            ),
                        ),
                        ("written_at", models.DateTimeField(verbose_name="written at")),
                    ],
                    options={
                        "verbose_name": "wording of a row",
                        "verbose_name_plural": "wordings of rows",
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="ContractVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "contract",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="versions",
                                to="partnerships.contract",
                                verbose_name="contract",
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                        ("file", models.FileField(upload_to="contracts/", verbose_name="file")),
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
                        ("file_name", models.CharField(max_length=200, verbose_name="file name")),
                        ("content_type", models.CharField(max_length=100, verbose_name="type of the file")),
                        ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                        ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                        ("pages", models.PositiveIntegerField(blank=True, null=True, verbose_name="pages")),
                        ("note", models.CharField(blank=True, max_length=600, verbose_name="what changed")),
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
                            "uploaded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="uploaded by",
                            ),
                        ),
                        ("uploaded_at", models.DateTimeField(verbose_name="uploaded at")),
                    ],
                    options={
                        "verbose_name": "version of a contract",
                        "verbose_name_plural": "versions of contracts",
                        "ordering": ["-number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("contract", "number"), name="a_version_has_its_own_number"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ContractText",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "version",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="text",
                                to="partnerships.contractversion",
                                verbose_name="version",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("read", "Read"), ("unreadable", "Can’t be read")],
                                max_length=12,
                                verbose_name="text",
                            ),
                        ),
                        ("text", models.TextField(blank=True, verbose_name="text")),
                        (
                            "pages_without_text",
                            models.PositiveSmallIntegerField(default=0, verbose_name="pages without text"),
                        ),
                        ("read_at", models.DateTimeField(verbose_name="read at")),
                    ],
                    options={
                        "verbose_name": "text of a version",
                        "verbose_name_plural": "texts of versions",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "read"), models.Q(("text", ""), _negated=True)),
                                    models.Q(("state", "unreadable"), ("text", "")),
                                    _connector="OR",
                                ),
                                name="what_was_read_says_something",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ContractTurn",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "contract",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="turns",
                                to="partnerships.contract",
                                verbose_name="contract",
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
                        ("since", models.DateTimeField(verbose_name="since")),
                        ("until", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                        ("note", models.CharField(blank=True, max_length=600, verbose_name="what we ask")),
                    ],
                    options={
                        "verbose_name": "turn of a contract",
                        "verbose_name_plural": "turns of contracts",
                        "ordering": ["since", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("until", None)),
                                fields=("contract",),
                                name="a_contract_lies_with_one_organisation",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ContractSignature",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "contract",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="signatures",
                                to="partnerships.contract",
                                verbose_name="contract",
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
                            "version",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="signatures",
                                to="partnerships.contractversion",
                                verbose_name="version",
                            ),
                        ),
                        ("signer", models.CharField(max_length=120, verbose_name="who signed")),
                        ("signed_on", models.DateField(verbose_name="signed on")),
                        (
                            "scan",
                            models.FileField(blank=True, upload_to="scans/", verbose_name="signed copy"),
                        ),
                        (
                            "scan_name",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="file name of the signed copy"
                            ),
                        ),
                        (
                            "scan_type",
                            models.CharField(
                                blank=True, max_length=100, verbose_name="type of the signed copy"
                            ),
                        ),
                        (
                            "scan_state",
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
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="recorded by",
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                    ],
                    options={
                        "verbose_name": "signature",
                        "verbose_name_plural": "signatures",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("contract", "organisation"), name="an_organisation_signs_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChecklistItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "contract",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="checklist",
                                to="partnerships.contract",
                                verbose_name="contract",
                            ),
                        ),
                        ("code", models.CharField(max_length=20, verbose_name="item")),
                        (
                            "answer",
                            models.CharField(
                                choices=[
                                    ("met", "Met"),
                                    ("not_met", "Not met"),
                                    ("not_applicable", "Not applicable"),
                                    ("unclear", "We don’t understand this"),
                                ],
                                max_length=14,
                                verbose_name="answer",
                            ),
                        ),
                        ("words", models.CharField(blank=True, max_length=400, verbose_name="in words")),
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
                            "said_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="said by",
                            ),
                        ),
                        ("said_at", models.DateTimeField(verbose_name="said at")),
                    ],
                    options={
                        "verbose_name": "item of a checklist",
                        "verbose_name_plural": "items of checklists",
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("contract", "code"), name="a_contract_has_each_item_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answer__in", ["not_applicable", "unclear"]), _negated=True),
                                    models.Q(("words", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="not_applicable_and_unclear_say_why",
                                violation_error_message="Say why, or what you don’t understand.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HowWeWork",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="how_we_work",
                                to="accounts.organisation",
                                verbose_name="organisation",
                            ),
                        ),
                        (
                            "number",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="version"),
                        ),
                        (
                            "contract_days",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(365),
                                ],
                                verbose_name="days for a whole contract",
                            ),
                        ),
                        (
                            "payment_days",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(365),
                                ],
                                verbose_name="days until money arrives",
                            ),
                        ),
                        ("apply", models.CharField(blank=True, max_length=1000, verbose_name="how to apply")),
                        (
                            "never_funded",
                            models.CharField(blank=True, max_length=600, verbose_name="never funded"),
                        ),
                        ("pays_time", models.BooleanField(default=False, verbose_name="pays for time")),
                        ("pays_travel", models.BooleanField(default=False, verbose_name="pays for travel")),
                        ("pays_carers", models.BooleanField(default=False, verbose_name="pays for carers")),
                        (
                            "pays_legal",
                            models.BooleanField(default=False, verbose_name="pays for legal advice"),
                        ),
                        (
                            "independence",
                            models.CharField(
                                blank=True, max_length=1000, verbose_name="how independence is protected"
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="contact",
                            ),
                        ),
                        (
                            "contact_name",
                            models.CharField(blank=True, max_length=120, verbose_name="contact"),
                        ),
                        (
                            "contact_email",
                            models.EmailField(
                                blank=True, max_length=254, verbose_name="email of the contact"
                            ),
                        ),
                        (
                            "deputy",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="deputy",
                            ),
                        ),
                        ("deputy_name", models.CharField(blank=True, max_length=120, verbose_name="deputy")),
                        (
                            "deputy_email",
                            models.EmailField(blank=True, max_length=254, verbose_name="email of the deputy"),
                        ),
                        ("changed_at", models.DateTimeField(verbose_name="changed")),
                        (
                            "changed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="changed by",
                            ),
                        ),
                        ("checked_on", models.DateField(blank=True, null=True, verbose_name="last checked")),
                        (
                            "published_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="published"),
                        ),
                        (
                            "published_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="published by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "how an organisation works",
                        "verbose_name_plural": "how organisations work",
                        "ordering": ["organisation", "-number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("organisation", "number"), name="how_we_work_has_each_version_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("number", None)),
                                fields=("organisation",),
                                name="how_we_work_has_one_draft",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("checked_on", None),
                                        ("number", None),
                                        ("published_at", None),
                                        ("published_by", None),
                                    ),
                                    models.Q(
                                        ("checked_on__isnull", False),
                                        ("number__isnull", False),
                                        ("published_at__isnull", False),
                                        ("published_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_version_of_how_we_work_says_who_published_it_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WorkStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "page",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="steps",
                                to="partnerships.howwework",
                                verbose_name="how an organisation works",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                        ("what", models.CharField(max_length=160, verbose_name="what")),
                        ("who", models.CharField(blank=True, max_length=120, verbose_name="who")),
                        (
                            "days",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(365),
                                ],
                                verbose_name="working days",
                            ),
                        ),
                        (
                            "measure",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Not measured"),
                                    ("contract", "From the start of a contract until all have signed"),
                                    ("own", "While a contract lies with us"),
                                ],
                                max_length=8,
                                verbose_name="measured",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "step",
                        "verbose_name_plural": "steps",
                        "ordering": ["position"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("page", "position"), name="a_step_has_a_place_of_its_own"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WorkPaper",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "page",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="papers",
                                to="partnerships.howwework",
                                verbose_name="how an organisation works",
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                        ("name", models.CharField(max_length=100, verbose_name="name")),
                        ("purpose", models.CharField(blank=True, max_length=200, verbose_name="what for")),
                        (
                            "file",
                            models.FileField(blank=True, upload_to="templates/", verbose_name="template"),
                        ),
                        ("file_name", models.CharField(blank=True, max_length=200, verbose_name="file name")),
                        (
                            "content_type",
                            models.CharField(blank=True, max_length=100, verbose_name="type of the file"),
                        ),
                        ("size", models.PositiveBigIntegerField(default=0, verbose_name="size in bytes")),
                        ("sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256")),
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
                    ],
                    options={
                        "verbose_name": "paper",
                        "verbose_name_plural": "papers",
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("page", "number"), name="a_paper_has_a_number_of_its_own"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WorkQuestion",
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
                                related_name="work_questions",
                                to="accounts.organisation",
                                verbose_name="organisation",
                            ),
                        ),
                        (
                            "asked_for",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="accounts.organisation",
                                verbose_name="asked for",
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
                        ("asked_at", models.DateTimeField(verbose_name="asked at")),
                    ],
                    options={
                        "verbose_name": "question how an organisation works",
                        "verbose_name_plural": "questions how organisations work",
                        "ordering": ["-asked_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("organisation", models.F("asked_for")), _negated=True),
                                name="nobody_asks_oneself_how_one_works",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Turn",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="turns",
                                to="partnerships.project",
                                verbose_name="project",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="turns",
                                to="accounts.organisation",
                                verbose_name="organisation",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("plan", "Plan"),
                                    ("contract", "Contract"),
                                    ("closing", "Closing early"),
                                    ("result", "Result"),
                                    ("review", "Review"),
                                    ("conclusion", "Joint conclusion"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        ("ref", models.CharField(blank=True, max_length=20, verbose_name="which one")),
                        ("since", models.DateTimeField(verbose_name="since")),
                        ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                    ],
                    options={
                        "verbose_name": "turn",
                        "verbose_name_plural": "turns",
                        "indexes": [
                            models.Index(fields=["organisation", "due_on"], name="turns_of_an_organisation")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("project", "organisation", "kind", "ref"),
                                name="one_turn_for_one_thing",
                            )
                        ],
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
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="interest_asks",
                                to="partnerships.project",
                                verbose_name="project",
                            ),
                        ),
                        ("asked_at", models.DateTimeField(verbose_name="asked at")),
                    ],
                    options={
                        "verbose_name": "question for interests",
                        "verbose_name_plural": "questions for interests",
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
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="interest_declarations",
                                to="partnerships.project",
                                verbose_name="project",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="interest_declarations",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
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
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(
                                blank=True, max_length=300, verbose_name="why they can’t be asked"
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="made by",
                            ),
                        ),
                        ("made_at", models.DateTimeField(verbose_name="made at")),
                    ],
                    options={
                        "verbose_name": "declaration of interests",
                        "verbose_name_plural": "declarations of interests",
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("project", "person", "number"),
                                name="a_declaration_has_its_own_number",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("kind", "absent"),
                                        models.Q(("made_by", models.F("person")), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("kind", "absent"), _negated=True),
                                        ("made_by", models.F("person")),
                                    ),
                                    _connector="OR",
                                ),
                                name="interests_are_declared_by_oneself",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "absent"), models.Q(("reason", ""), _negated=True)),
                                    models.Q(models.Q(("kind", "absent"), _negated=True), ("reason", "")),
                                    _connector="OR",
                                ),
                                name="who_can_not_be_asked_has_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Interest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "declaration",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="interests",
                                to="partnerships.interestdeclaration",
                                verbose_name="declaration",
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
                                verbose_name="first version of it",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "interest",
                        "verbose_name_plural": "interests",
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
                        (
                            "interest",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="partnerships.interest",
                                verbose_name="interest",
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                        ("decided", models.CharField(max_length=600, verbose_name="what was decided")),
                        ("decided_by", models.CharField(max_length=200, verbose_name="who decided")),
                        ("decided_on", models.DateField(verbose_name="decided on")),
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
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="written by",
                            ),
                        ),
                        ("written_at", models.DateTimeField(verbose_name="written at")),
                    ],
                    options={
                        "verbose_name": "decision about an interest",
                        "verbose_name_plural": "decisions about interests",
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("interest", "number"), name="a_decision_has_its_own_number"
                            )
                        ],
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
                        (
                            "decision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="agreements",
                                to="partnerships.interestdecision",
                                verbose_name="decision",
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
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        ("agreed_at", models.DateTimeField(verbose_name="agreed at")),
                    ],
                    options={
                        "verbose_name": "agreement to a decision about an interest",
                        "verbose_name_plural": "agreements to decisions about interests",
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("decision", "organisation"),
                                name="a_partner_agrees_to_a_decision_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlanPart",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="plan_parts",
                                to="partnerships.project",
                                verbose_name="project",
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                choices=[
                                    ("who", "Who with"),
                                    ("why", "Why for patients"),
                                    ("what", "What will happen"),
                                    ("brings", "Who brings what"),
                                    ("when", "When"),
                                    ("learnings", "Learnings to bring"),
                                ],
                                max_length=10,
                                verbose_name="part",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                        ("values", models.JSONField(default=dict, verbose_name="values")),
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
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                                verbose_name="organisation",
                            ),
                        ),
                        ("written_at", models.DateTimeField(verbose_name="written at")),
                        ("complete", models.BooleanField(default=False, verbose_name="complete")),
                        ("agreed_at", models.DateTimeField(blank=True, null=True, verbose_name="agreed at")),
                    ],
                    options={
                        "verbose_name": "part of a plan",
                        "verbose_name_plural": "parts of plans",
                        "ordering": ["code", "version"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("project", "code", "version"), name="a_part_has_each_version_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlanAgreement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "part",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="agreements",
                                to="partnerships.planpart",
                                verbose_name="part",
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
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        ("agreed_at", models.DateTimeField(verbose_name="agreed at")),
                    ],
                    options={
                        "verbose_name": "agreement to a part",
                        "verbose_name_plural": "agreements to parts",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("part", "organisation"), name="an_organisation_agrees_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlanSuggestion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "part",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="suggestions",
                                to="partnerships.planpart",
                                verbose_name="part",
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
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        ("values", models.JSONField(default=dict, verbose_name="values")),
                        ("note", models.CharField(blank=True, max_length=400, verbose_name="why")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("accepted", "Accepted"),
                                    ("declined", "Not taken over"),
                                    ("replaced", "Replaced by a newer version"),
                                    ("taken_back", "Taken back"),
                                ],
                                default="open",
                                max_length=12,
                                verbose_name="state",
                            ),
                        ),
                        ("made_at", models.DateTimeField(verbose_name="made at")),
                        (
                            "settled_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="settled at"),
                        ),
                        (
                            "settled_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="settled by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "suggested change",
                        "verbose_name_plural": "suggested changes",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "open")),
                                fields=("part", "organisation"),
                                name="one_open_suggestion_for_a_part",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TimeRequest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="time_requests",
                                to="partnerships.project",
                                verbose_name="project",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("plan", "Plan"),
                                    ("contract", "Contract"),
                                    ("closing", "Closing early"),
                                    ("result", "Result"),
                                    ("review", "Review"),
                                    ("conclusion", "Joint conclusion"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        ("ref", models.CharField(blank=True, max_length=20, verbose_name="which one")),
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
                        ("due_before", models.DateField(verbose_name="date so far")),
                        ("due_on", models.DateField(verbose_name="new date")),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="a word to them")),
                        ("asked_at", models.DateTimeField(verbose_name="asked at")),
                        ("yes_from", models.DateField(verbose_name="silence says yes from")),
                        (
                            "answered_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="answered at"),
                        ),
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
                        ("accepted", models.BooleanField(null=True, verbose_name="accepted")),
                    ],
                    options={
                        "verbose_name": "request for more time",
                        "verbose_name_plural": "requests for more time",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("answered_at", None)),
                                fields=("project", "kind", "ref"),
                                name="one_open_request_for_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("due_on__gt", models.F("due_before"))),
                                name="more_time_is_later",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source", models.CharField(max_length=120, verbose_name="source")),
                        ("file_name", models.CharField(max_length=200, verbose_name="file")),
                        ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                        ("started_at", models.DateTimeField(verbose_name="started at")),
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
                        ("report", models.JSONField(default=dict, verbose_name="report")),
                    ],
                    options={
                        "verbose_name": "import",
                        "verbose_name_plural": "imports",
                        "ordering": ["-started_at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Transfer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="transfers",
                                to="partnerships.project",
                                verbose_name="project",
                            ),
                        ),
                        (
                            "payer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="transfers_paid",
                                to="accounts.organisation",
                                verbose_name="payer",
                            ),
                        ),
                        (
                            "recipient",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="transfers_received",
                                to="accounts.organisation",
                                verbose_name="recipient",
                            ),
                        ),
                        (
                            "amount",
                            models.DecimalField(decimal_places=4, max_digits=17, verbose_name="amount"),
                        ),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        (
                            "category",
                            models.CharField(
                                choices=[
                                    ("unknown", "Not known"),
                                    ("donation", "Donation"),
                                    ("grant", "Grant"),
                                    ("sponsorship", "Sponsorship"),
                                    ("service", "Contracted service"),
                                ],
                                default="unknown",
                                max_length=12,
                                verbose_name="category",
                            ),
                        ),
                        ("purpose", models.TextField(blank=True, verbose_name="what for")),
                        ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                        ("paid_on", models.DateField(blank=True, null=True, verbose_name="paid on")),
                        (
                            "anonymous",
                            models.BooleanField(
                                default=False, verbose_name="published without the name of the receiver"
                            ),
                        ),
                        (
                            "import_run",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="transfers",
                                to="partnerships.importrun",
                                verbose_name="import",
                            ),
                        ),
                        (
                            "import_key",
                            models.CharField(
                                blank=True,
                                max_length=64,
                                null=True,
                                unique=True,
                                verbose_name="key of the imported row",
                            ),
                        ),
                        (
                            "source_line",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="line in the file"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "transfer",
                        "verbose_name_plural": "transfers",
                        "ordering": ["-year", "payer__name", "pk"],
                        "indexes": [
                            models.Index(fields=["payer", "-year"], name="transfers_of_a_payer"),
                            models.Index(fields=["recipient", "-year"], name="transfers_of_a_recipient"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("anonymous", False), ("recipient__isnull", False)),
                                    models.Q(("anonymous", True), ("recipient", None)),
                                    _connector="OR",
                                ),
                                name="only_an_anonymous_transfer_has_no_recipient",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                                name="a_currency_is_three_capital_letters",
                            ),
                        ],
                    },
                ),
            ],
        ),
        migrations.RunPython(install, remove),
    ]
