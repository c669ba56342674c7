"""Who wrote each row of a contract in plain words, and who of the other side confirmed it.

Contracts that are open ask for the confirmation like all others. A signature is for all that the contract says, so where
a side has signed, it counts as having confirmed what the other side wrote.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def say_who_wrote(apps, schema_editor):
    """From the wording that stands, and from the signatures that there are."""
    rows = apps.get_model("partnerships", "ContractRow").objects
    wordings = apps.get_model("partnerships", "ContractWording").objects
    signatures = apps.get_model("partnerships", "ContractSignature").objects
    participations = apps.get_model("partnerships", "Participation").objects
    for row in rows.exclude(text="").select_related("contract").order_by("pk").iterator():
        sides = dict(
            participations.filter(project=row.contract.project_id, role="partner").values_list(
                "organisation", "side"
            )
        )
        wording = wordings.filter(row=row).select_related("organisation").order_by("-pk").first()
        row.written_for_id = wording.organisation_id
        row.side = sides.get(wording.organisation_id, wording.organisation.kind)
        signed = signatures.filter(contract=row.contract_id).order_by("recorded_at", "pk")
        for signature in signed:
            if sides.get(signature.organisation_id, row.side) != row.side:
                row.confirmed_by_id = signature.recorded_by_id
                row.confirmed_for_id = signature.organisation_id
                row.confirmed_at = signature.recorded_at
                break
        row.save()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_plural_of_requests"),
        ("partnerships", "0018_approval_and_signing_of_a_contract"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="contractrow",
            name="confirmed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="confirmed"),
        ),
        migrations.AddField(
            model_name="contractrow",
            name="confirmed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="confirmed by",
            ),
        ),
        migrations.AddField(
            model_name="contractrow",
            name="confirmed_for",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
                verbose_name="confirmed for",
            ),
        ),
        migrations.AddField(
            model_name="contractrow",
            name="side",
            field=models.CharField(
                blank=True,
                choices=[("group", "Patient group"), ("company", "Company")],
                max_length=8,
                verbose_name="side",
            ),
        ),
        migrations.AddField(
            model_name="contractrow",
            name="written_for",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
                verbose_name="written for",
            ),
        ),
        migrations.RunPython(say_who_wrote, migrations.RunPython.noop),
    ]
