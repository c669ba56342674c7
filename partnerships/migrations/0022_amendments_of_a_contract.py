"""Amendments: which contract each amends, what that said, and whether another amendment was signed since."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0021_rows_say_who_wrote_them"),
    ]

    operations = [
        migrations.AddField(
            model_name="contract",
            name="amends",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="amendments",
                to="partnerships.contract",
                verbose_name="amends",
            ),
        ),
        migrations.AddField(
            model_name="contract",
            name="before",
            field=models.JSONField(blank=True, default=dict, verbose_name="what it amends said"),
        ),
        migrations.AddField(
            model_name="contract",
            name="outdated",
            field=models.BooleanField(default=False, verbose_name="to be taken up"),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=models.Q(("amends", None), ("number__gt", 1), _connector="OR"),
                name="an_amendment_comes_after_what_it_amends",
                violation_error_message="A contract comes before what amends it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outdated", False),
                    models.Q(("amends__isnull", False), ("signed_at", None)),
                    _connector="OR",
                ),
                name="what_counts_as_signed_is_up_to_date",
                violation_error_message="Another amendment was signed since.",
            ),
        ),
    ]
