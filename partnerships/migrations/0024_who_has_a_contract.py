"""Who of the organisation has a contract whose turn it is."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0023_requests_for_funding"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="contractturn",
            name="given_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="given at"),
        ),
        migrations.AddField(
            model_name="contractturn",
            name="given_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="given by",
            ),
        ),
        migrations.AddField(
            model_name="contractturn",
            name="given_word",
            field=models.CharField(blank=True, max_length=200, verbose_name="a word to the colleague"),
        ),
        migrations.AddField(
            model_name="contractturn",
            name="holder",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="contracts_held",
                to=settings.AUTH_USER_MODEL,
                verbose_name="with whom",
            ),
        ),
        migrations.AddConstraint(
            model_name="contractturn",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("given_at", None), ("given_by", None), ("given_word", ""), ("holder", None)),
                    models.Q(
                        ("given_at__isnull", False), ("given_by__isnull", False), ("holder__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="who_has_a_contract_got_it_from_somebody",
            ),
        ),
    ]
