import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0009_editions_in_use_stay")]

    operations = [
        migrations.AlterField(
            model_name="contractsignature",
            name="contract",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="signatures",
                to="partnerships.contract",
            ),
        ),
    ]
