from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_who_wants_no_reminders")]

    operations = [migrations.RemoveField(model_name="person", name="reminders")]
