from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class PartnershipsConfig(AppConfig):
    name = "partnerships"
    verbose_name = _("Projects")
    # Its scheduled jobs, as support reads them.
    jobs = {
        "end_deliveries": _("End projects whose last day is over"),
        "answer_by_silence": _("Accept what was asked and not answered"),
        "check_files": _("Check files for viruses"),
        "read_contracts": _("Read the text of contracts"),
        "remind_how_we_work": _("Remind of how organisations work"),
        "remind_contracts": _("Remind of contracts"),
        "remind_permissions": _("Remind of permissions"),
        "remind_questions": _("Remind of questions"),
        "remind_requests": _("Remind of requests for funding"),
        "remind_talk": _("Remind of what is open in Talk"),
    }

    def ready(self):
        # Each fills the list of what a stage waits for.
        import partnerships.messages  # noqa: F401  (registers the kinds)
        from accounts import hooks
        from partnerships import talk
        from partnerships.actions import closing, contract, invited, leaving, own_words, partners, plan  # noqa: F401
        from partnerships.models import (
            ContractSignature,
            ContractVersion,
            TalkFile,
            UsePermission,
            WorkPaper,
            guards,
        )

        pre_migrate.connect(guards.lift, sender=self)
        post_migrate.connect(guards.put_back, sender=self)

        hooks.FILE_FIELDS.extend(
            [
                ContractVersion._meta.get_field("file"),
                ContractSignature._meta.get_field("scan"),
                WorkPaper._meta.get_field("file"),
                UsePermission._meta.get_field("file"),
                TalkFile._meta.get_field("file"),
            ]
        )
        hooks.HIDDEN_HISTORY_HOOKS.append(talk.hidden_history)
        hooks.ABOUT_HOOKS.append(invited.about)
        hooks.OPENS_HOOKS.append(invited.opens)
        hooks.TAKEN_HOOKS.append(invited.taken)
        hooks.IN_USE_HOOKS.append(invited.in_use)
        hooks.ACCEPTED_HOOKS.append(invited.join)
        hooks.DECLINED_HOOKS.append(invited.go_on_without)
        hooks.REPLACED_HOOKS.append(invited.replace)
        hooks.HELD_HOOKS.append(leaving.held_by)
        hooks.LEFT_HOOKS.append(leaving.hand_over)
        hooks.ROLE_HOOKS.append(leaving.new_role)
        hooks.EXPORT_HOOKS += [leaving.personal_data, own_words.personal_data]
