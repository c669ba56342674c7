"""Whoever reads contracts without a lawyer has longer for it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_profile_that_goes_along"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="reads_without_lawyer",
            field=models.BooleanField(default=False, verbose_name="reads contracts without a lawyer"),
        ),
    ]
