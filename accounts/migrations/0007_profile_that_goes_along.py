"""What goes along with a request for funding: where policies can be read, and who has checked the bank details."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_plural_of_requests"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="bank_checked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="bank details checked by",
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="bank_checked_for",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
                verbose_name="bank details checked for",
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="bank_checked_on",
            field=models.DateField(blank=True, null=True, verbose_name="bank details checked on"),
        ),
        migrations.AddField(
            model_name="organisation",
            name="policies",
            field=models.JSONField(blank=True, default=dict, verbose_name="policies"),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("bank_checked_by", None), ("bank_checked_for", None), ("bank_checked_on", None)
                    ),
                    models.Q(
                        ("bank_checked_by__isnull", False),
                        ("bank_checked_for__isnull", False),
                        ("bank_checked_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="bank_details_are_checked_by_somebody_on_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("bank_checked_for", None),
                    models.Q(("bank_checked_for", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="nobody_checks_their_own_bank_details",
            ),
        ),
    ]
