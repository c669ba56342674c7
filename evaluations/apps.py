from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class EvaluationsConfig(AppConfig):
    name = "evaluations"
    verbose_name = _("Reviews")

    def ready(self):
        from evaluations.actions.conclusions import ask_for_conclusion
        from evaluations.actions.signing import complete_if_ready, waits_for_conclusion
        from evaluations.models import guards
        from partnerships.actions.stages import BLOCKS, ENTERED, SETTLED
        from partnerships.models import Project

        pre_migrate.connect(guards.lift, sender=self)
        post_migrate.connect(guards.put_back, sender=self)

        ENTERED[Project.Stage.LEARN].append(ask_for_conclusion)
        BLOCKS[Project.Stage.LEARN].append(waits_for_conclusion)
        SETTLED.append(complete_if_ready)
