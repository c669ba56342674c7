from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0027_nudges"),
    ]

    operations = [
        migrations.AlterField(
            model_name="timerequest",
            name="kind",
            field=models.CharField(
                choices=[
                    ("plan", "Plan"),
                    ("contract", "Contract"),
                    ("closing", "Closing early"),
                    ("result", "Result"),
                    ("check_in", "Check-in"),
                    ("review", "Review"),
                    ("conclusion", "Joint conclusion"),
                ],
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="turn",
            name="kind",
            field=models.CharField(
                choices=[
                    ("plan", "Plan"),
                    ("contract", "Contract"),
                    ("closing", "Closing early"),
                    ("result", "Result"),
                    ("check_in", "Check-in"),
                    ("review", "Review"),
                    ("conclusion", "Joint conclusion"),
                ],
                max_length=12,
                verbose_name="kind",
            ),
        ),
    ]
