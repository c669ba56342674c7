"""All tables of this app for a fresh database, and the triggers of PostgreSQL. For SQLite see `models.guards`."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.migrations._together

TRIGGERS = """
CREATE FUNCTION evaluations_refuse_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM evaluations_review
        WHERE id IN (NEW.review_id, OLD.review_id) AND (opened_at IS NOT NULL OR shared_at IS NOT NULL)
    ) THEN
        RAISE EXCEPTION 'The answers of a review that others can read stay as they are.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION evaluations_refuse_value() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What a review came to when it opened stays as it is.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE FUNCTION evaluations_refuse_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A review that others can read is never sealed again.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER answers_stay_once_opened BEFORE INSERT OR UPDATE OR DELETE ON evaluations_answer
    FOR EACH ROW EXECUTE FUNCTION evaluations_refuse_answer();
CREATE TRIGGER helped_stays_once_opened BEFORE INSERT OR UPDATE OR DELETE ON evaluations_helpanswer
    FOR EACH ROW EXECUTE FUNCTION evaluations_refuse_answer();
CREATE TRIGGER overall_stays_once_opened BEFORE INSERT OR UPDATE OR DELETE ON evaluations_overall
    FOR EACH ROW EXECUTE FUNCTION evaluations_refuse_answer();
CREATE TRIGGER values_stay BEFORE UPDATE OR DELETE ON evaluations_principlevalue
    FOR EACH ROW EXECUTE FUNCTION evaluations_refuse_value();
CREATE TRIGGER reviews_stay_open BEFORE UPDATE ON evaluations_review
    FOR EACH ROW WHEN (
        (OLD.opened_at IS NOT NULL AND NEW.opened_at IS DISTINCT FROM OLD.opened_at)
        OR (OLD.shared_at IS NOT NULL AND NEW.shared_at IS DISTINCT FROM OLD.shared_at)
    ) EXECUTE FUNCTION evaluations_refuse_closing();
"""

BACK = """
DROP TRIGGER reviews_stay_open ON evaluations_review;
DROP TRIGGER values_stay ON evaluations_principlevalue;
DROP TRIGGER overall_stays_once_opened ON evaluations_overall;
DROP TRIGGER helped_stays_once_opened ON evaluations_helpanswer;
DROP TRIGGER answers_stay_once_opened ON evaluations_answer;
DROP FUNCTION evaluations_refuse_closing();
DROP FUNCTION evaluations_refuse_value();
DROP FUNCTION evaluations_refuse_answer();
"""


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(TRIGGERS, params=None)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BACK, params=None)


class Migration(migrations.Migration):
    replaces = [
        ("evaluations", "0001_initial"),
        ("evaluations", "0002_turns_of_a_conclusion"),
        ("evaluations", "0003_the_page_that_saved"),
        ("evaluations", "0004_answers_stay_once_opened"),
        ("evaluations", "0005_measured_facts"),
        ("evaluations", "0006_at_most_three_promises"),
        ("evaluations", "0007_when_a_conclusion_was_last_touched"),
        ("evaluations", "0008_pens_that_were_taken"),
        ("evaluations", "0009_whether_what_was_brought_helped"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0006_plural_of_requests"),
        ("accounts", "__first__"),
        ("partnerships", "0015_interests_of_people"),
        ("principles", "0001_initial"),
    ]

    operations = [
        accounts.migrations._together.CreateTogether(
            operations=[
                migrations.CreateModel(
                    name="Conclusion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "project",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="conclusion",
                                to="partnerships.project",
                                verbose_name="project",
                            ),
                        ),
                        ("started_at", models.DateTimeField(verbose_name="started at")),
                        (
                            "started_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                                verbose_name="started by",
                            ),
                        ),
                        (
                            "pen",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                                verbose_name="who holds the pen",
                            ),
                        ),
                        ("touched_at", models.DateTimeField(verbose_name="touched at")),
                        ("revision", models.PositiveIntegerField(default=1, verbose_name="revision")),
                        ("signed_at", models.DateTimeField(blank=True, null=True, verbose_name="signed at")),
                    ],
                    options={
                        "verbose_name": "joint conclusion",
                        "verbose_name_plural": "joint conclusions",
                    },
                ),
                migrations.CreateModel(
                    name="ConclusionPart",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "conclusion",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="parts",
                                to="evaluations.conclusion",
                                verbose_name="conclusion",
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                choices=[
                                    ("well", "What went well"),
                                    ("hard", "What was hard"),
                                    ("different", "What we do differently"),
                                ],
                                max_length=10,
                                verbose_name="part",
                            ),
                        ),
                        ("text", models.TextField(blank=True, verbose_name="text")),
                        (
                            "drafted",
                            models.BooleanField(
                                default=True, verbose_name="still the draft that was offered"
                            ),
                        ),
                        ("disagreed", models.BooleanField(default=False, verbose_name="disagreed")),
                        ("public", models.BooleanField(default=False, verbose_name="may be public")),
                    ],
                    options={
                        "verbose_name": "part of a joint conclusion",
                        "verbose_name_plural": "parts of joint conclusions",
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("conclusion", "code"), name="a_conclusion_has_each_part_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PartView",
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
                                related_name="views",
                                to="evaluations.conclusionpart",
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
                        ("text", models.TextField(blank=True, verbose_name="text")),
                    ],
                    options={
                        "verbose_name": "view of a part",
                        "verbose_name_plural": "views of parts",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("part", "organisation"), name="one_view_of_a_part"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConclusionSignature",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "conclusion",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="signatures",
                                to="evaluations.conclusion",
                                verbose_name="conclusion",
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
                        ("revision", models.PositiveIntegerField(verbose_name="revision")),
                        ("signed_at", models.DateTimeField(verbose_name="signed at")),
                    ],
                    options={
                        "verbose_name": "signature of a joint conclusion",
                        "verbose_name_plural": "signatures of joint conclusions",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("conclusion", "organisation"),
                                name="an_organisation_signs_a_conclusion_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConclusionTurn",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "conclusion",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="turns",
                                to="evaluations.conclusion",
                                verbose_name="conclusion",
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
                            "handed_to",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                                verbose_name="handed to",
                            ),
                        ),
                        ("revision", models.PositiveIntegerField(verbose_name="revision")),
                        ("content", models.JSONField(default=dict, verbose_name="content")),
                        ("handed_at", models.DateTimeField(verbose_name="handed at")),
                    ],
                    options={
                        "verbose_name": "turn of a joint conclusion",
                        "verbose_name_plural": "turns of joint conclusions",
                    },
                ),
                migrations.CreateModel(
                    name="TakenPen",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "conclusion",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="taken_pens",
                                to="evaluations.conclusion",
                                verbose_name="conclusion",
                            ),
                        ),
                        (
                            "taken_from",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                                verbose_name="taken from",
                            ),
                        ),
                        (
                            "taken_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                                verbose_name="taken by",
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
                        ("taken_at", models.DateTimeField(verbose_name="taken at")),
                        (
                            "unsent",
                            models.JSONField(blank=True, default=dict, verbose_name="written and not sent"),
                        ),
                    ],
                    options={
                        "verbose_name": "pen that was taken",
                        "verbose_name_plural": "pens that were taken",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("taken_from", models.F("taken_by")), _negated=True),
                                name="a_pen_is_taken_from_somebody_else",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Promise",
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
                                related_name="promises",
                                to="partnerships.project",
                                verbose_name="project",
                            ),
                        ),
                        (
                            "conclusion",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="promises",
                                to="evaluations.conclusion",
                                verbose_name="conclusion",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=1, verbose_name="position")),
                        ("what", models.CharField(max_length=200, verbose_name="what")),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="promises",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="promises",
                                to="accounts.organisation",
                                verbose_name="organisation",
                            ),
                        ),
                        ("due_on", models.DateField(blank=True, null=True, verbose_name="by when")),
                        (
                            "principle",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="principles.principle",
                                verbose_name="principle",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "In the draft"),
                                    ("open", "Open"),
                                    ("done", "Done"),
                                    ("dropped", "Dropped"),
                                ],
                                default="draft",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
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
                        (
                            "settled_how",
                            models.CharField(
                                blank=True, max_length=400, verbose_name="how we know, or why not"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "promise",
                        "verbose_name_plural": "promises",
                        "ordering": ["position", "pk"],
                        "indexes": [
                            models.Index(fields=["owner", "state", "due_on"], name="promises_of_a_person")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "draft"),
                                    models.Q(
                                        ("due_on__isnull", False),
                                        ("organisation__isnull", False),
                                        ("owner__isnull", False),
                                        ("principle__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_promise_has_a_name_and_a_date",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("conclusion", None), ("position__range", (1, 3)), _connector="OR"
                                ),
                                name="a_conclusion_has_at_most_three_promises",
                            ),
                            models.UniqueConstraint(
                                fields=("conclusion", "position"),
                                name="one_promise_in_one_place_of_a_conclusion",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "dropped"), _negated=True),
                                    models.Q(("settled_how", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_dropped_promise_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CarriedItem",
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
                                related_name="carried_items",
                                to="partnerships.project",
                                verbose_name="project",
                            ),
                        ),
                        (
                            "promise",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="carried_to",
                                to="evaluations.promise",
                                verbose_name="promise",
                            ),
                        ),
                        (
                            "part",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="carried_to",
                                to="evaluations.conclusionpart",
                                verbose_name="part",
                            ),
                        ),
                        (
                            "brought_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="brought by",
                            ),
                        ),
                        ("brought_at", models.DateTimeField(verbose_name="brought at")),
                    ],
                    options={
                        "verbose_name": "item carried on",
                        "verbose_name_plural": "items carried on",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("part", None), ("promise__isnull", False)),
                                    models.Q(("part__isnull", False), ("promise", None)),
                                    _connector="OR",
                                ),
                                name="a_promise_or_a_learning_is_carried",
                            ),
                            models.UniqueConstraint(
                                fields=("project", "promise"), name="a_promise_is_carried_once"
                            ),
                            models.UniqueConstraint(
                                fields=("project", "part"), name="a_learning_is_carried_once"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HelpQuestion",
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
                                related_name="help_questions",
                                to="partnerships.project",
                                verbose_name="project",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                        (
                            "promise",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="help_questions",
                                to="evaluations.promise",
                                verbose_name="promise",
                            ),
                        ),
                        (
                            "part",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="help_questions",
                                to="evaluations.conclusionpart",
                                verbose_name="part",
                            ),
                        ),
                        ("text", models.CharField(max_length=300, verbose_name="text")),
                    ],
                    options={
                        "verbose_name": "question whether something helped",
                        "verbose_name_plural": "questions whether something helped",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("part", None), ("promise__isnull", False)),
                                    models.Q(("part__isnull", False), ("promise", None)),
                                    _connector="OR",
                                ),
                                name="a_promise_or_a_learning_is_asked_about",
                            ),
                            models.UniqueConstraint(
                                fields=("project", "position"), name="one_question_in_one_place"
                            ),
                            models.UniqueConstraint(
                                fields=("project", "promise"), name="a_promise_is_asked_about_once"
                            ),
                            models.UniqueConstraint(
                                fields=("project", "part"), name="a_learning_is_asked_about_once"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Review",
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
                                related_name="reviews",
                                to="partnerships.project",
                                verbose_name="project",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reviews",
                                to="accounts.organisation",
                                verbose_name="organisation",
                            ),
                        ),
                        ("created_at", models.DateTimeField(verbose_name="created at")),
                        (
                            "language",
                            models.CharField(default="en-gb", max_length=10, verbose_name="language"),
                        ),
                        ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                        (
                            "sent_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="sent by",
                            ),
                        ),
                        (
                            "sends",
                            models.PositiveSmallIntegerField(default=0, verbose_name="how often it was sent"),
                        ),
                        ("opened_at", models.DateTimeField(blank=True, null=True, verbose_name="opened")),
                        (
                            "shared_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="shared before the others sent"
                            ),
                        ),
                        (
                            "answered_after_seeing",
                            models.BooleanField(
                                default=False, verbose_name="answered after seeing another's"
                            ),
                        ),
                        ("excused_at", models.DateTimeField(blank=True, null=True, verbose_name="excused")),
                        (
                            "shown_to_readers",
                            models.BooleanField(default=False, verbose_name="draft shown to Readers"),
                        ),
                    ],
                    options={
                        "verbose_name": "review",
                        "verbose_name_plural": "reviews",
                        "ordering": ["project", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("project", "organisation"), name="an_organisation_reviews_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("opened_at", None), ("sent_at__isnull", False), _connector="OR"
                                ),
                                name="only_a_sent_review_opens",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("shared_at", None), ("sent_at__isnull", False), _connector="OR"
                                ),
                                name="only_a_sent_review_is_shared",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LateChoice",
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
                                related_name="late_choices",
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
                            "kind",
                            models.CharField(
                                choices=[
                                    ("close", "Close without theirs"),
                                    ("excuse", "Excuse an organisation"),
                                    ("withdraw", "Withdraw the project"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "about",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                                verbose_name="about",
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
                        ("chosen_at", models.DateTimeField(verbose_name="chosen at")),
                    ],
                    options={
                        "verbose_name": "choice about a late review",
                        "verbose_name_plural": "choices about late reviews",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("about", None)),
                                fields=("project", "organisation", "kind"),
                                name="an_organisation_chooses_once",
                            ),
                            models.UniqueConstraint(
                                fields=("project", "organisation", "kind", "about"),
                                name="an_organisation_chooses_once_about_another",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PrincipleValue",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="values",
                                to="evaluations.review",
                                verbose_name="review",
                            ),
                        ),
                        (
                            "principle",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="principles.principle",
                                verbose_name="principle",
                            ),
                        ),
                        ("total", models.PositiveSmallIntegerField(verbose_name="total")),
                        ("answered", models.PositiveSmallIntegerField(verbose_name="answered")),
                        ("dont_know", models.PositiveSmallIntegerField(default=0, verbose_name="don’t know")),
                        (
                            "not_here",
                            models.PositiveSmallIntegerField(default=0, verbose_name="not in this project"),
                        ),
                    ],
                    options={
                        "verbose_name": "value of a principle",
                        "verbose_name_plural": "values of principles",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("review", "principle"), name="one_value_for_a_principle"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MeasuredFact",
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
                                related_name="measured_facts",
                                to="partnerships.project",
                                verbose_name="project",
                            ),
                        ),
                        (
                            "name",
                            models.CharField(
                                choices=[
                                    ("days_to_contract", "Days to a signed contract"),
                                    ("contract_pages", "Pages of the contract"),
                                ],
                                max_length=30,
                                verbose_name="fact",
                            ),
                        ),
                        ("value", models.PositiveIntegerField(verbose_name="value")),
                    ],
                    options={
                        "verbose_name": "measured fact",
                        "verbose_name_plural": "measured facts",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("project", "name"), name="a_fact_is_measured_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reply",
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
                                related_name="replies",
                                to="partnerships.project",
                                verbose_name="project",
                            ),
                        ),
                        (
                            "question",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="principles.question",
                                verbose_name="question",
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
                        ("text", models.CharField(max_length=600, verbose_name="reply")),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        ("made_at", models.DateTimeField(verbose_name="made at")),
                    ],
                    options={
                        "verbose_name": "reply",
                        "verbose_name_plural": "replies",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("project", "question", "organisation"),
                                name="one_reply_for_a_question",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Answer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="evaluations.review",
                                verbose_name="review",
                            ),
                        ),
                        (
                            "question",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="principles.question",
                                verbose_name="question",
                            ),
                        ),
                        (
                            "level",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="level"),
                        ),
                        (
                            "outside",
                            models.CharField(
                                blank=True,
                                choices=[("dont_know", "I don’t know"), ("not_here", "Not in this project")],
                                max_length=10,
                                verbose_name="outside the scale",
                            ),
                        ),
                        ("comment", models.TextField(blank=True, verbose_name="comment")),
                        ("revision", models.PositiveIntegerField(default=1, verbose_name="revision")),
                        (
                            "saved_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="saved by",
                            ),
                        ),
                        ("saved_at", models.DateTimeField(verbose_name="saved at")),
                        (
                            "page",
                            models.CharField(blank=True, max_length=16, verbose_name="saved by the page"),
                        ),
                    ],
                    options={
                        "verbose_name": "answer",
                        "verbose_name_plural": "answers",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("review", "question"), name="one_answer_to_a_question"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("level", None),
                                    models.Q(("level__gte", 1), ("level__lte", 4), ("outside", "")),
                                    _connector="OR",
                                ),
                                name="an_answer_is_a_level_or_outside_the_scale",
                            ),
                        ],
                    },
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
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="evaluations.review",
                                verbose_name="review",
                            ),
                        ),
                        (
                            "question",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.RESTRICT,
                                related_name="+",
                                to="evaluations.helpquestion",
                                verbose_name="question",
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
                                verbose_name="did it help",
                            ),
                        ),
                        ("comment", models.TextField(blank=True, verbose_name="comment")),
                        ("revision", models.PositiveIntegerField(default=1, verbose_name="revision")),
                        (
                            "saved_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="saved by",
                            ),
                        ),
                        ("saved_at", models.DateTimeField(verbose_name="saved at")),
                        (
                            "page",
                            models.CharField(blank=True, max_length=16, verbose_name="saved by the page"),
                        ),
                    ],
                    options={
                        "verbose_name": "answer to whether something helped",
                        "verbose_name_plural": "answers to whether something helped",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("review", "question"), name="one_answer_to_whether_something_helped"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Overall",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "review",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="evaluations.review",
                                verbose_name="review",
                            ),
                        ),
                        (
                            "again",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("yes", "Yes"),
                                    ("changed", "Yes, with changes"),
                                    ("no", "No"),
                                    ("unsure", "Not sure"),
                                ],
                                max_length=10,
                                verbose_name="would you do it again",
                            ),
                        ),
                        ("keep", models.TextField(blank=True, verbose_name="what to keep")),
                        ("change", models.TextField(blank=True, verbose_name="what to change")),
                        ("revision", models.PositiveIntegerField(default=1, verbose_name="revision")),
                        (
                            "saved_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="saved by",
                            ),
                        ),
                        ("saved_at", models.DateTimeField(verbose_name="saved at")),
                        (
                            "page",
                            models.CharField(blank=True, max_length=16, verbose_name="saved by the page"),
                        ),
                    ],
                    options={
                        "verbose_name": "overall answer",
                        "verbose_name_plural": "overall answers",
                    },
                ),
            ],
        ),
        migrations.RunPython(install, remove),
    ]
