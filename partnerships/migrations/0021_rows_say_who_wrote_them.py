"""Every row that says something says who wrote it, and the other side confirms it.

In a migration of its own: PostgreSQL changes no table in the transaction that has just filled its foreign keys.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0020_questions_about_contracts"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="contractrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("text", ""),
                    models.Q(("written_for__isnull", False), models.Q(("side", ""), _negated=True)),
                    _connector="OR",
                ),
                name="a_row_says_who_wrote_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="contractrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at", None), ("confirmed_by", None), ("confirmed_for", None)),
                    models.Q(
                        ("confirmed_at__isnull", False),
                        ("confirmed_by__isnull", False),
                        ("confirmed_for__isnull", False),
                        models.Q(("text", ""), _negated=True),
                        models.Q(("confirmed_for", models.F("written_for")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_row_is_confirmed_by_another",
            ),
        ),
    ]
