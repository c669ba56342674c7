import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0010_signed_contracts_are_never_deleted"),
    ]

    operations = [
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
                    "state",
                    models.CharField(
                        choices=[("read", "Read"), ("unreadable", "Can’t be read")],
                        max_length=12,
                        verbose_name="text",
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("pages_without_text", models.PositiveSmallIntegerField(default=0)),
                ("read_at", models.DateTimeField()),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="text",
                        to="partnerships.contractversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "text of a version",
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
    ]
