"""“We don’t understand this” is a question with a clock. What stood unanswered in checklists becomes one."""

import zoneinfo

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.days import add_working_days, local_day

ANSWER_IN_WORKING_DAYS = 7


def ask_what_was_unclear(apps, schema_editor):
    """Items of open contracts that somebody does not understand: asked when they said so, by whoever did."""
    items = apps.get_model("partnerships", "ChecklistItem").objects
    participations = apps.get_model("partnerships", "Participation").objects
    questions = apps.get_model("partnerships", "ContractQuestion").objects
    over = ["completed", "withdrawn"]
    unclear = items.filter(answer="unclear", contract__signed_at=None)
    for item in unclear.exclude(contract__project__stage__in=over).select_related("contract__project"):
        project = item.contract.project
        partners = participations.filter(project=project, role="partner", left_at=None)
        own = partners.filter(organisation=item.organisation_id).first()
        others = partners.exclude(side=own.side).select_related("organisation") if own else []
        if not others:
            continue
        today = local_day(item.said_at, zoneinfo.ZoneInfo(project.time_zone))
        questions.create(
            contract=item.contract,
            item=item.code,
            words=item.words,
            organisation_id=item.organisation_id,
            side=own.side,
            asked_by_id=item.said_by_id,
            asked_at=item.said_at,
            due_on=max(
                add_working_days(today, ANSWER_IN_WORKING_DAYS, one.organisation.country) for one in others
            ),
        )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_plural_of_requests"),
        ("partnerships", "0019_rows_confirmed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ContractQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "row",
                    models.CharField(
                        blank=True,
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
                ("item", models.CharField(blank=True, max_length=20, verbose_name="item")),
                ("words", models.CharField(max_length=400, verbose_name="what is not understood")),
                (
                    "side",
                    models.CharField(
                        choices=[("group", "Patient group"), ("company", "Company")],
                        max_length=8,
                        verbose_name="side",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                ("due_on", models.DateField(verbose_name="answer due on")),
                ("answer", models.CharField(blank=True, max_length=600, verbose_name="answer")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered at")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                ("understood", models.BooleanField(null=True, verbose_name="understood")),
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
                    "answered_for",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="answered for",
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
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="partnerships.contract",
                        verbose_name="contract",
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
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="followed_by",
                        to="partnerships.contractquestion",
                        verbose_name="asked again after",
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
                "verbose_name": "question about a contract",
                "verbose_name_plural": "questions about contracts",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(models.Q(("row", ""), _negated=True), ("item", "")),
                            models.Q(("row", ""), models.Q(("item", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="a_question_is_about_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True), name="a_question_says_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answer", ""),
                                ("answered_at", None),
                                ("answered_by", None),
                                ("answered_for", None),
                            ),
                            models.Q(
                                models.Q(("answer", ""), _negated=True),
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                ("answered_for__isnull", False),
                                models.Q(("answered_for", models.F("organisation")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="another_answers_a_question",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", None), ("understood", None)),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("ended_by__isnull", False),
                                ("understood__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="the_end_of_a_question_is_whole",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("contract", "side", "row", "item"),
                        name="a_side_asks_one_thing_at_a_time",
                    ),
                ],
            },
        ),
        migrations.RunPython(ask_what_was_unclear, migrations.RunPython.noop),
    ]
