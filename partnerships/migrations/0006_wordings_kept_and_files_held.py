import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_history_is_never_changed"),
        ("partnerships", "0005_name_of_a_project_invitation"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="contractsignature",
            name="scan_state",
            field=models.CharField(
                choices=[
                    ("clean", "Checked"),
                    ("held", "Not checked for viruses yet"),
                    ("removed", "Removed by the virus scanner"),
                ],
                default="clean",
                max_length=8,
                verbose_name="virus check",
            ),
        ),
        migrations.AddField(
            model_name="contractversion",
            name="state",
            field=models.CharField(
                choices=[
                    ("clean", "Checked"),
                    ("held", "Not checked for viruses yet"),
                    ("removed", "Removed by the virus scanner"),
                ],
                default="clean",
                max_length=8,
                verbose_name="virus check",
            ),
        ),
        migrations.CreateModel(
            name="ContractWording",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=600)),
                ("written_at", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wordings",
                        to="partnerships.contractrow",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
    ]
