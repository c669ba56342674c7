from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People and organisations")
    # Its scheduled jobs, as support reads them.
    jobs = {
        "send_notices": _("Send messages"),
        "owe_summaries": _("Prepare summaries of the week"),
        "tidy": _("Drop what nobody needs any more"),
    }

    def ready(self):
        import accounts.messages  # noqa: F401  (registers the kinds)
        from accounts.words import teach_sqlite

        connection_created.connect(teach_sqlite)
