"""What an agency does on a project, in versions."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_plural_of_requests"),
        ("partnerships", "0016_permissions_to_use_a_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AgencyBrief",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("role", models.CharField(max_length=300, verbose_name="role")),
                ("deliverables", models.CharField(max_length=600, verbose_name="what it delivers")),
                ("contacts", models.CharField(max_length=300, verbose_name="contacts")),
                ("holds", models.CharField(blank=True, max_length=600, verbose_name="what it holds")),
                ("written_at", models.DateTimeField(verbose_name="written at")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="written for",
                    ),
                ),
                (
                    "participation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="briefs",
                        to="partnerships.participation",
                        verbose_name="part in the project",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
            ],
            options={
                "verbose_name": "brief of an agency",
                "verbose_name_plural": "briefs of agencies",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("participation", "number"), name="a_brief_of_an_agency_has_its_own_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("role", ""), _negated=True),
                            models.Q(("deliverables", ""), _negated=True),
                            models.Q(("contacts", ""), _negated=True),
                        ),
                        name="a_brief_of_an_agency_says_everything",
                    ),
                ],
            },
        ),
    ]
