from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnershipsConfig(AppConfig):
    name = "partnerships"
    verbose_name = _("Projects")

    def ready(self):
        # Each fills the list of what a stage waits for.
        import partnerships.messages  # noqa: F401  (registers the kinds)
        from partnerships.actions import closing, plan  # noqa: F401
