"""The approval (certification) of a version of a contract, a step of its own."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from partnerships.models.contract import Contract, ContractVersion


class ContractApproval(models.Model):
    """Somebody of the side that the rules name approves a version that somebody else wrote (ABPI Code 8.3).

    A change of what the contract says clears it; the history keeps what was approved.
    """

    contract = models.OneToOneField(
        Contract, on_delete=models.CASCADE, related_name="approval", verbose_name=_("contract")
    )
    version = models.ForeignKey(
        ContractVersion, on_delete=models.RESTRICT, related_name="+", verbose_name=_("version")
    )
    # Of the file that was approved, and of all that the contract said (`ContractState.content`).
    sha256 = models.CharField(max_length=64, verbose_name=_("SHA-256"))
    content = models.CharField(max_length=16, verbose_name=_("fingerprint of what it said"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("approved for")
    )
    # Who wrote that version: never who approves it.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("author of the version"),
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("approved by")
    )
    name = models.CharField(_("name"), max_length=120)
    # A code of the rule set (`partnerships.rulesets.agreements`).
    registration = models.CharField(_("registration"), max_length=20)
    approved_on = models.DateField(_("approved on"))
    recorded_at = models.DateTimeField(verbose_name=_("recorded at"))

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints = [
            models.CheckConstraint(
                condition=~Q(approved_by=F("author")),
                name="who_wrote_a_version_does_not_approve_it",
                violation_error_message=_("Who added this version does not approve it."),
            ),
        ]
