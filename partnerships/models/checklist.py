"""What partners said about each item of the checklist of a contract."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from partnerships.models.contract import Contract


class ChecklistItem(models.Model):
    """What stands about one item now, whoever said it. An item that nobody answered has no row.

    History keeps what was said before.
    """

    class Answer(models.TextChoices):
        MET = "met", _("Met")
        NOT_MET = "not_met", _("Not met")
        NOT_APPLICABLE = "not_applicable", _("Not applicable")
        # A question to the other side, open until the item has another answer.
        UNCLEAR = "unclear", _("We don’t understand this")

    NEEDS_WORDS = (Answer.NOT_APPLICABLE, Answer.UNCLEAR)

    contract = models.ForeignKey(
        Contract, on_delete=models.CASCADE, related_name="checklist", verbose_name=_("contract")
    )
    # Of the rule set of the contract.
    code = models.CharField(_("item"), max_length=20)
    answer = models.CharField(_("answer"), max_length=14, choices=Answer)
    # The reason, what is not understood, or any other word on it.
    words = models.CharField(_("in words"), max_length=400, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("said by")
    )
    said_at = models.DateTimeField(_("said at"))

    class Meta:
        verbose_name = _("item of a checklist")
        verbose_name_plural = _("items of checklists")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "code"], name="a_contract_has_each_item_once"),
            models.CheckConstraint(
                condition=~Q(answer__in=["not_applicable", "unclear"]) | ~Q(words=""),
                name="not_applicable_and_unclear_say_why",
                violation_error_message=_("Say why, or what you don’t understand."),
            ),
        ]

    def __str__(self):
        return self.get_answer_display()
