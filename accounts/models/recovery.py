"""Getting back into an account whose owner has lost every way in."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Recovery(models.Model):
    """Taking the second factors, or the address, off an account. One of staff asks, another approves (docs/rules.md 13)."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="recoveries",
        verbose_name=_("person"),
    )
    reason = models.CharField(
        _("reason"), max_length=400, help_text=_("Who asked, and how you know that it is really them.")
    )
    email = models.EmailField(
        _("new e-mail"),
        blank=True,
        help_text=_("Only when the mailbox is lost as well; otherwise leave it empty."),
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    approved = models.BooleanField(_("approved"), null=True)

    class Meta:
        verbose_name = _("account recovery")
        verbose_name_plural = _("account recoveries")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="a_recovery_takes_two_of_staff",
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=F("person")) & (Q(decided_by=None) | ~Q(decided_by=F("person"))),
                name="nobody_recovers_their_own_account",
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(decided_at=None), name="one_open_recovery_for_an_account"
            ),
        ]

    def __str__(self):
        return f"{self.person}"
