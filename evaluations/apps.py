from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class EvaluationsConfig(AppConfig):
    name = "evaluations"
    verbose_name = _("Reviews")

    def ready(self):
        from evaluations.models import guards

        pre_migrate.connect(guards.lift, sender=self)
        post_migrate.connect(guards.put_back, sender=self)
