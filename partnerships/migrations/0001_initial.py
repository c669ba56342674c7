import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.models.person
import partnerships.models.project


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("principles", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Contract",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                ("signed_at", models.DateTimeField(blank=True, null=True, verbose_name="signed by all")),
                ("created_at", models.DateTimeField(verbose_name="created")),
            ],
            options={
                "verbose_name": "contract",
                "ordering": ["project", "number"],
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
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                (
                    "file",
                    models.FileField(upload_to="contracts/", verbose_name="file"),
                ),
                ("file_name", models.CharField(max_length=200, verbose_name="file name")),
                ("content_type", models.CharField(max_length=100)),
                ("size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("pages", models.PositiveIntegerField(blank=True, null=True, verbose_name="pages")),
                ("note", models.CharField(blank=True, max_length=600, verbose_name="what changed")),
                ("uploaded_at", models.DateTimeField()),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="partnerships.contract",
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
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a contract",
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("contract", "number"), name="a_version_has_its_own_number"
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
                ("signer", models.CharField(max_length=120, verbose_name="who signed")),
                ("signed_on", models.DateField(verbose_name="signed on")),
                ("scan", models.FileField(blank=True, upload_to="scans/", verbose_name="signed copy")),
                ("scan_name", models.CharField(blank=True, max_length=200)),
                ("scan_type", models.CharField(blank=True, max_length=100)),
                ("recorded_at", models.DateTimeField()),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signatures",
                        to="partnerships.contract",
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
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    ),
                ),
            ],
            options={
                "verbose_name": "signature",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("contract", "organisation"), name="an_organisation_signs_once"
                    )
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
                ("sha256", models.CharField(max_length=64)),
                ("started_at", models.DateTimeField()),
                ("report", models.JSONField(default=dict)),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "ordering": ["-started_at", "-pk"],
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
                ("values", models.JSONField(default=dict)),
                ("written_at", models.DateTimeField()),
                ("complete", models.BooleanField(default=False)),
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
                "verbose_name": "part of a plan",
                "ordering": ["code", "version"],
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
                ("agreed_at", models.DateTimeField()),
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
                (
                    "part",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agreements",
                        to="partnerships.planpart",
                    ),
                ),
            ],
            options={
                "verbose_name": "agreement to a part",
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
                ("values", models.JSONField(default=dict)),
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
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "part",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suggestions",
                        to="partnerships.planpart",
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
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "suggested change",
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
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="starts on")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="ends on")),
                ("year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="year")),
                (
                    "time_zone",
                    models.CharField(
                        default="Europe/London",
                        max_length=64,
                        validators=[accounts.models.person.validate_time_zone],
                        verbose_name="time zone",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("closed_early_on", models.DateField(blank=True, null=True, verbose_name="closed early on")),
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
                ("result_how", models.CharField(blank=True, max_length=600, verbose_name="how we know")),
                ("review_due_on", models.DateField(blank=True, null=True, verbose_name="reviews due")),
                (
                    "reviews_opened_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="reviews opened"),
                ),
                ("closed_one_sided", models.BooleanField(default=False, verbose_name="reviewed by one side")),
                ("completed_at", models.DateTimeField(blank=True, null=True, verbose_name="completed")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn")),
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
                ("withdraw_note", models.CharField(blank=True, max_length=600, verbose_name="reason")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    ),
                ),
            ],
            options={
                "verbose_name": "project",
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
        migrations.AddField(
            model_name="planpart",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="plan_parts",
                to="partnerships.project",
            ),
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
                ("joined_at", models.DateTimeField(verbose_name="joined")),
                ("left_at", models.DateTimeField(blank=True, null=True, verbose_name="left")),
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
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participations",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participations",
                        to="partnerships.project",
                    ),
                ),
            ],
            options={
                "verbose_name": "participation",
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
        migrations.AddField(
            model_name="contract",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="contracts",
                to="partnerships.project",
            ),
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
                    "side",
                    models.CharField(
                        choices=[("group", "Patient group"), ("company", "Company")],
                        max_length=10,
                        verbose_name="side",
                    ),
                ),
                (
                    "invitation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="project_invitation",
                        to="accounts.invitation",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="partnerships.project",
                    ),
                ),
            ],
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
                ("joined_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(blank=True, null=True)),
                (
                    "acting_for",
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
                        related_name="project_roles",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="people",
                        to="partnerships.project",
                    ),
                ),
            ],
            options={
                "verbose_name": "person on a project",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "person"), name="a_person_acts_for_one_organisation"
                    )
                ],
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
                ("amount", models.DecimalField(decimal_places=4, max_digits=17, verbose_name="amount")),
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
                ("import_key", models.CharField(blank=True, max_length=64, null=True, unique=True)),
                ("source_line", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "import_run",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers",
                        to="partnerships.importrun",
                    ),
                ),
                (
                    "payer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers_paid",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers",
                        to="partnerships.project",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers_received",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "transfer",
                "ordering": ["-year", "payer__name", "pk"],
                "indexes": [
                    models.Index(fields=["payer", "-year"], name="transfers_of_a_payer"),
                    models.Index(fields=["recipient", "-year"], name="transfers_of_a_recipient"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="a_currency_is_three_capital_letters",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("plan", "Plan"),
                            ("contract", "Contract"),
                            ("result", "Result"),
                            ("review", "Review"),
                            ("conclusion", "Joint conclusion"),
                        ],
                        max_length=12,
                    ),
                ),
                ("ref", models.CharField(blank=True, max_length=20)),
                ("since", models.DateTimeField()),
                ("due_on", models.DateField(blank=True, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="turns",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="turns",
                        to="partnerships.project",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["organisation", "due_on"], name="turns_of_an_organisation")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "organisation", "kind", "ref"), name="one_turn_for_one_thing"
                    )
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
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=600, verbose_name="in plain words")),
                ("written_at", models.DateTimeField(blank=True, null=True)),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="partnerships.contract",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("contract", "code"), name="a_contract_has_each_row_once")
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
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=600, verbose_name="what we ask")),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="turns",
                        to="partnerships.contract",
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
            ],
            options={
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
        migrations.AddConstraint(
            model_name="planpart",
            constraint=models.UniqueConstraint(
                fields=("project", "code", "version"), name="a_part_has_each_version_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.UniqueConstraint(
                fields=("project", "number"), name="a_contract_has_its_own_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("starts_on", None),
                    ("ends_on", None),
                    ("ends_on__gte", models.F("starts_on")),
                    _connector="OR",
                ),
                name="a_contract_ends_after_it_starts",
                violation_error_message="The end must not come before the start.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount", None), models.Q(("currency", ""), _negated=True), _connector="OR"
                ),
                name="an_amount_has_a_currency",
                violation_error_message="Say in which currency.",
            ),
        ),
    ]
