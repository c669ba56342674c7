from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class EvaluationsConfig(AppConfig):
    name = "evaluations"
    verbose_name = _("Reviews")
    # Its scheduled jobs, as support reads them.
    jobs = {
        "open_check_ins": _("Open check-ins"),
        "remind_check_ins": _("Remind of check-ins"),
        "remind_reviews": _("Remind of reviews"),
        "remind_conclusions": _("Remind of joint conclusions"),
        "remind_promises": _("Remind of promises"),
    }

    def ready(self):
        import evaluations.messages  # noqa: F401  (registers the kinds)
        from accounts import hooks
        from evaluations.access import sealed_page_for_readers
        from evaluations.actions import carrying, check_ins, conclusions, late, leaving, reviews, signing
        from evaluations.models import guards
        from partnerships.actions.closing import CONSENTS
        from partnerships.actions.plan import AGREED, OFFERS, WRITTEN
        from partnerships.actions.stages import BLOCKS, ENTERED, SETTLED
        from partnerships.frame import SEALED_PAGES
        from partnerships.models import PlanPart, Project

        pre_migrate.connect(guards.lift, sender=self)
        post_migrate.connect(guards.put_back, sender=self)

        ENTERED[Project.Stage.DELIVER].append(check_ins.begin_schedule)
        AGREED[PlanPart.Code.WHEN].append(check_ins.take_over_rhythm)
        # Before the reviews begin, so that nothing of the check-ins waits any more.
        ENTERED[Project.Stage.REVIEW].append(check_ins.end_check_ins)
        ENTERED[Project.Stage.WITHDRAWN].append(check_ins.end_check_ins)

        ENTERED[Project.Stage.REVIEW].append(reviews.enter_review)
        BLOCKS[Project.Stage.REVIEW].append(reviews.waits_for_reviews)
        CONSENTS.append(late.consent_to_withdraw)
        SEALED_PAGES.append(sealed_page_for_readers)
        hooks.MERGE_REFUSALS.append(reviews.refusal_while_sealed)
        hooks.HIDDEN_HISTORY_HOOKS.append(reviews.history_while_sealed)
        hooks.HIDDEN_MESSAGES_HOOKS.append(reviews.messages_of_sending_while_sealed)
        hooks.MASKED_MESSAGES_HOOKS.append(reviews.messages_of_reviews_while_sealed)

        ENTERED[Project.Stage.LEARN].append(conclusions.ask_for_conclusion)
        BLOCKS[Project.Stage.LEARN].append(signing.waits_for_conclusion)
        SETTLED.append(signing.complete_if_ready)

        OFFERS.append(carrying.offers_to_carry)
        WRITTEN[PlanPart.Code.LEARNINGS].append(carrying.carry)

        hooks.HELD_HOOKS.append(leaving.held_by)
        hooks.LEFT_HOOKS.append(leaving.hand_over)
        hooks.EXPORT_HOOKS.append(leaving.personal_data)
