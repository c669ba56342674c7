"""All tables of this app for a fresh database."""

import django.db.models.deletion
from django.db import migrations, models

import accounts.migrations._together


class Migration(migrations.Migration):
    replaces = [("principles", "0001_initial")]

    initial = True

    dependencies = []

    operations = [
        accounts.migrations._together.CreateTogether(
            operations=[
                migrations.CreateModel(
                    name="PrincipleSet",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("edition", models.CharField(max_length=20, unique=True, verbose_name="edition")),
                        ("title", models.CharField(max_length=120, verbose_name="title")),
                        (
                            "published_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="published"),
                        ),
                    ],
                    options={
                        "verbose_name": "edition of the principles",
                        "verbose_name_plural": "editions of the principles",
                    },
                ),
                migrations.CreateModel(
                    name="Principle",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "principle_set",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="principles",
                                to="principles.principleset",
                                verbose_name="edition of the principles",
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                        ("code", models.SlugField(max_length=40, verbose_name="code")),
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        ("question", models.CharField(max_length=140, verbose_name="question")),
                        ("summary", models.TextField(verbose_name="what it means")),
                        ("for_groups", models.TextField(verbose_name="what groups can do")),
                        ("for_companies", models.TextField(verbose_name="what companies can do")),
                        (
                            "opening_question",
                            models.CharField(max_length=160, verbose_name="a question to start with"),
                        ),
                    ],
                    options={
                        "verbose_name": "principle",
                        "verbose_name_plural": "principles",
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("principle_set", "number"), name="a_principle_has_its_own_number"
                            ),
                            models.UniqueConstraint(
                                fields=("principle_set", "code"), name="a_principle_has_its_own_code"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Question",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "principle",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="questions",
                                to="principles.principle",
                                verbose_name="principle",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                        ("code", models.SlugField(max_length=40, verbose_name="code")),
                        ("short", models.CharField(max_length=60, verbose_name="short name")),
                        ("text", models.CharField(max_length=160, verbose_name="question")),
                        ("help", models.CharField(blank=True, max_length=160, verbose_name="help")),
                        ("pulse", models.BooleanField(default=False, verbose_name="asked in check-ins too")),
                    ],
                    options={
                        "verbose_name": "question",
                        "verbose_name_plural": "questions",
                        "ordering": ["principle__number", "position"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("principle", "position"), name="a_question_has_its_own_position"
                            ),
                            models.UniqueConstraint(
                                fields=("principle", "code"), name="a_question_has_its_own_code"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Level",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "question",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="levels",
                                to="principles.question",
                                verbose_name="question",
                            ),
                        ),
                        ("value", models.PositiveSmallIntegerField(verbose_name="value")),
                        ("label", models.CharField(max_length=20, verbose_name="word")),
                        ("text", models.CharField(max_length=100, verbose_name="what it looks like")),
                    ],
                    options={
                        "verbose_name": "level",
                        "verbose_name_plural": "levels",
                        "ordering": ["value"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("question", "value"), name="a_question_has_each_level_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("value__gte", 1), ("value__lte", 4)),
                                name="a_level_is_one_to_four",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
