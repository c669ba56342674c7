"""The private address at which somebody's calendar program asks for their dates."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_reminders_are_a_topic"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seed", models.CharField(max_length=64, verbose_name="seed")),
                (
                    "token_hash",
                    models.CharField(max_length=64, unique=True, verbose_name="hash of the token"),
                ),
                ("tasks", models.BooleanField(default=True, verbose_name="what waits for me")),
                ("dates", models.BooleanField(default=True, verbose_name="dates of projects")),
                (
                    "organisation",
                    models.BooleanField(default=False, verbose_name="what waits for my organisation"),
                ),
                ("made_at", models.DateTimeField(verbose_name="address made at")),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar_feed",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "calendar feed",
                "verbose_name_plural": "calendar feeds",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("tasks", True), ("dates", True), ("organisation", True), _connector="OR"
                        ),
                        name="a_calendar_feed_shows_something",
                    )
                ],
            },
        ),
    ]
