from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("Portal")

    def ready(self):
        import portal.messages  # noqa: F401  (registers the kinds)
        from partnerships import talk
        from portal import subjects

        talk.OFFERS.append(subjects.offered)
        talk.NAMES.append(subjects.named)
