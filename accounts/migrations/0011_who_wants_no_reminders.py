from django.db import migrations


def keep_what_was_chosen(apps, schema_editor):
    apps.get_model("accounts", "Person").objects.filter(reminders=False).update(mail_reminders="off")


def as_it_was(apps, schema_editor):
    apps.get_model("accounts", "Person").objects.filter(mail_reminders="off").update(reminders=False)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_how_messages_come")]

    operations = [migrations.RunPython(keep_what_was_chosen, as_it_was)]
