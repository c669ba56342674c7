"""A comment on a row of a contract in plain words: a remark that asks for nothing."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from partnerships.models.contract import ContractRow

# For so long its writer may change a comment.
CHANGES_FOR = dt.timedelta(minutes=10)


class ContractComment(models.Model):
    """What somebody remarked on a row, for all partners to read.

    Once the row has another wording, history alone shows it.
    """

    row = models.ForeignKey(
        ContractRow, on_delete=models.CASCADE, related_name="comments", verbose_name=_("row")
    )
    words = models.CharField(_("comment"), max_length=300)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="contract_comments",
        verbose_name=_("written by"),
    )
    written_at = models.DateTimeField(_("written at"))
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True)
    # By its writer. That it was there stays to be read, its words do not.
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    # When the row got the wording after the one that it is about.
    cleared_at = models.DateTimeField(_("wording changed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("comment on a contract")
        verbose_name_plural = _("comments on contracts")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="a_comment_says_something"),
        ]

    def __str__(self):
        return self.words

    def get_absolute_url(self):
        contract = self.row.contract
        return reverse(
            "partnerships:comment_edit", args=[contract.project.reference, contract.number, self.pk]
        )

    def may_change(self, at: dt.datetime) -> bool:
        """Whether its writer may still give it other words."""
        return self.withdrawn_at is None and self.cleared_at is None and at < self.written_at + CHANGES_FOR
