import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluations", "0006_at_most_three_promises"),
    ]

    operations = [
        # Pens that lie already are counted from the day of this migration: nobody loses one by an update.
        migrations.AddField(
            model_name="conclusion",
            name="touched_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
    ]
