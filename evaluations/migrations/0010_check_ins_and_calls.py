"""Check-ins with what was said in them, and calls. What is over stays as it is: for SQLite see `models.guards`."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TRIGGERS = """
CREATE FUNCTION evaluations_check_in_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A check-in that is closed stays as it is.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE FUNCTION evaluations_check_in_reply_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM evaluations_checkin
        WHERE id IN (NEW.check_in_id, OLD.check_in_id) AND closed_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'A check-in that is closed stays as it is.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION evaluations_check_in_answer_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM evaluations_checkinreply AS reply JOIN evaluations_checkin AS one ON one.id = reply.check_in_id
        WHERE reply.id IN (NEW.reply_id, OLD.reply_id) AND one.closed_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'A check-in that is closed stays as it is.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION evaluations_call_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What was said about a call stays as it is.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER check_ins_stay BEFORE UPDATE OR DELETE ON evaluations_checkin
    FOR EACH ROW WHEN (OLD.closed_at IS NOT NULL) EXECUTE FUNCTION evaluations_check_in_stays();
CREATE TRIGGER check_in_replies_stay BEFORE INSERT OR UPDATE OR DELETE ON evaluations_checkinreply
    FOR EACH ROW EXECUTE FUNCTION evaluations_check_in_reply_stays();
CREATE TRIGGER check_in_answers_stay BEFORE INSERT OR UPDATE OR DELETE ON evaluations_checkinanswer
    FOR EACH ROW EXECUTE FUNCTION evaluations_check_in_answer_stays();
CREATE TRIGGER calls_stay BEFORE UPDATE OR DELETE ON evaluations_call
    FOR EACH ROW WHEN (OLD.state <> 'open') EXECUTE FUNCTION evaluations_call_stays();
"""

BACK = """
DROP TRIGGER calls_stay ON evaluations_call;
DROP TRIGGER check_in_answers_stay ON evaluations_checkinanswer;
DROP TRIGGER check_in_replies_stay ON evaluations_checkinreply;
DROP TRIGGER check_ins_stay ON evaluations_checkin;
DROP FUNCTION evaluations_call_stays();
DROP FUNCTION evaluations_check_in_answer_stays();
DROP FUNCTION evaluations_check_in_reply_stays();
DROP FUNCTION evaluations_check_in_stays();
"""


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(TRIGGERS, params=None)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BACK, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_reads_without_a_lawyer"),
        ("evaluations", "0009_whether_what_was_brought_helped"),
        ("partnerships", "0028_turn_to_check_in"),
        ("principles", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CheckIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("due_on", models.DateField(verbose_name="due")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                (
                    "opened_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="check_ins",
                        to="partnerships.project",
                        verbose_name="project",
                    ),
                ),
            ],
            options={
                "verbose_name": "check-in",
                "verbose_name_plural": "check-ins",
                "ordering": ["project", "number"],
            },
        ),
        migrations.CreateModel(
            name="CheckInReply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Not answered yet"),
                            ("sent", "Sent"),
                            ("skipped", "Skipped"),
                            ("missed", "Not answered"),
                        ],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "revision",
                    models.PositiveSmallIntegerField(default=0, verbose_name="how often it was sent"),
                ),
                ("line", models.CharField(blank=True, max_length=300, verbose_name="one line")),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("nothing_new", "Nothing has happened since the last one"),
                            ("no_time", "We have no time for it now"),
                            ("away", "Who could answer is away"),
                            ("talked", "We have talked about it already"),
                            ("other", "Something else"),
                        ],
                        max_length=12,
                        verbose_name="why it was skipped",
                    ),
                ),
                ("reason_words", models.CharField(blank=True, max_length=300, verbose_name="why, in words")),
                ("said_at", models.DateTimeField(blank=True, null=True, verbose_name="said at")),
                ("corrected_at", models.DateTimeField(blank=True, null=True, verbose_name="corrected")),
                (
                    "check_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="evaluations.checkin",
                        verbose_name="check-in",
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
                    "said_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="said by",
                    ),
                ),
            ],
            options={
                "verbose_name": "reply to a check-in",
                "verbose_name_plural": "replies to check-ins",
                "ordering": ["check_in", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CheckInAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("level", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="level")),
                (
                    "outside",
                    models.CharField(
                        blank=True,
                        choices=[("dont_know", "I don’t know"), ("not_here", "Not in this project")],
                        max_length=10,
                        verbose_name="outside the scale",
                    ),
                ),
                ("as_before", models.BooleanField(default=False, verbose_name="as last time")),
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
                    "reply",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="evaluations.checkinreply",
                        verbose_name="reply",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer in a check-in",
                "verbose_name_plural": "answers in check-ins",
                "ordering": ["reply", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CheckInSchedule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "weeks",
                    models.PositiveSmallIntegerField(
                        choices=[(4, "Every 4 weeks"), (6, "Every 6 weeks"), (8, "Every 8 weeks")],
                        default=6,
                        verbose_name="rhythm",
                    ),
                ),
                (
                    "next_on",
                    models.DateField(blank=True, db_index=True, null=True, verbose_name="next check-in"),
                ),
                (
                    "project",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="check_in_schedule",
                        to="partnerships.project",
                        verbose_name="project",
                    ),
                ),
            ],
            options={
                "verbose_name": "rhythm of check-ins",
                "verbose_name_plural": "rhythms of check-ins",
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("suggested_at", models.DateTimeField(verbose_name="suggested at")),
                ("first_at", models.DateTimeField(verbose_name="first time")),
                ("second_at", models.DateTimeField(verbose_name="second time")),
                ("third_at", models.DateTimeField(verbose_name="third time")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waits for an answer"),
                            ("picked", "A time was chosen"),
                            ("none_fits", "No time fits"),
                            ("lapsed", "Overtaken"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("picked_at", models.DateTimeField(blank=True, null=True, verbose_name="time chosen")),
                ("words", models.CharField(blank=True, max_length=300, verbose_name="why none fits")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered at")),
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
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="suggested by",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="partnerships.project",
                        verbose_name="project",
                    ),
                ),
                (
                    "suggested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "suggested call",
                "verbose_name_plural": "suggested calls",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("project",),
                        name="one_call_waits_for_an_answer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("first_at__lt", models.F("second_at")), ("second_at__lt", models.F("third_at"))
                        ),
                        name="a_call_offers_three_times",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "picked_at__in",
                                    [models.F("first_at"), models.F("second_at"), models.F("third_at")],
                                ),
                                ("picked_at__isnull", False),
                                ("state", "picked"),
                            ),
                            models.Q(models.Q(("state", "picked"), _negated=True), ("picked_at", None)),
                            _connector="OR",
                        ),
                        name="a_chosen_time_is_one_of_three",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "none_fits"), _negated=True),
                            models.Q(("words", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="when_no_time_fits_there_are_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                ("state__in", ["picked", "none_fits"]),
                            ),
                            models.Q(("answered_by", None), ("state__in", ["open", "lapsed"])),
                            _connector="OR",
                        ),
                        name="an_answer_about_a_call_has_a_name",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="checkin",
            constraint=models.UniqueConstraint(
                fields=("project", "number"), name="a_check_in_has_its_own_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="checkin",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)),
                fields=("project",),
                name="one_check_in_is_open_on_a_project",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkinreply",
            constraint=models.UniqueConstraint(
                fields=("check_in", "organisation"), name="a_partner_replies_to_a_check_in_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="checkinreply",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("said_at", None), ("said_by", None), ("state__in", ["open", "missed"])),
                    models.Q(
                        ("said_at__isnull", False),
                        ("said_by__isnull", False),
                        ("state__in", ["sent", "skipped"]),
                    ),
                    _connector="OR",
                ),
                name="what_was_said_in_a_check_in_has_a_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkinreply",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "skipped"), models.Q(("reason", ""), _negated=True)),
                    models.Q(models.Q(("state", "skipped"), _negated=True), ("reason", "")),
                    _connector="OR",
                ),
                name="a_skipped_check_in_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkinreply",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", "other"), _negated=True),
                    models.Q(("reason_words", ""), _negated=True),
                    _connector="OR",
                ),
                name="another_reason_to_skip_has_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkinanswer",
            constraint=models.UniqueConstraint(fields=("reply", "question"), name="one_answer_in_a_check_in"),
        ),
        migrations.AddConstraint(
            model_name="checkinanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("level__gte", 1), ("level__isnull", False), ("level__lte", 4), ("outside", "")),
                    models.Q(("level", None), models.Q(("outside", ""), _negated=True)),
                    _connector="OR",
                ),
                name="an_answer_in_a_check_in_is_a_level_or_outside",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkinschedule",
            constraint=models.CheckConstraint(
                condition=models.Q(("weeks__in", [4, 6, 8])), name="check_ins_have_one_of_three_rhythms"
            ),
        ),
        migrations.RunPython(install, remove),
    ]
