"""Whether what was brought from an earlier project helped: asked in each review, and sealed like an answer.

What others can read stays as it is: for SQLite see `models.guards`.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TRIGGER = """
CREATE TRIGGER helped_stays_once_opened BEFORE INSERT OR UPDATE OR DELETE ON evaluations_helpanswer
    FOR EACH ROW EXECUTE FUNCTION evaluations_refuse_answer();
"""
BACK = "DROP TRIGGER helped_stays_once_opened ON evaluations_helpanswer;"


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(TRIGGER, params=None)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BACK, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("evaluations", "0008_pens_that_were_taken"),
        ("partnerships", "0013_published_how_we_work_stays"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HelpQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("text", models.CharField(max_length=300)),
                (
                    "part",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="help_questions",
                        to="evaluations.conclusionpart",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="help_questions",
                        to="partnerships.project",
                    ),
                ),
                (
                    "promise",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="help_questions",
                        to="evaluations.promise",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HelpAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "helped",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no", "No"),
                            ("little", "A little"),
                            ("yes", "Yes"),
                            ("dont_know", "I don’t know"),
                        ],
                        max_length=10,
                    ),
                ),
                ("comment", models.TextField(blank=True)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("saved_at", models.DateTimeField()),
                ("page", models.CharField(blank=True, max_length=16)),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="evaluations.review"
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="evaluations.helpquestion",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="helpquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("part", None), ("promise__isnull", False)),
                    models.Q(("part__isnull", False), ("promise", None)),
                    _connector="OR",
                ),
                name="a_promise_or_a_learning_is_asked_about",
            ),
        ),
        migrations.AddConstraint(
            model_name="helpquestion",
            constraint=models.UniqueConstraint(
                fields=("project", "position"), name="one_question_in_one_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="helpquestion",
            constraint=models.UniqueConstraint(
                fields=("project", "promise"), name="a_promise_is_asked_about_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="helpquestion",
            constraint=models.UniqueConstraint(
                fields=("project", "part"), name="a_learning_is_asked_about_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="helpanswer",
            constraint=models.UniqueConstraint(
                fields=("review", "question"), name="one_answer_to_whether_something_helped"
            ),
        ),
        migrations.RunPython(install, remove),
    ]
