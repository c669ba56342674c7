"""The agreement to end a project before its end date."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from partnerships.models.project import Project


class ClosingAgreement(models.Model):
    """A partner agrees to end a project before its end date. The first one is the proposal."""

    class Reason(models.TextChoices):
        DONE = "done", _("The work is done")
        SMALLER = "smaller", _("We do less than planned")
        MEANS = "means", _("People or money are missing")
        OTHER = "other", _("Something else")

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="closing_agreements", verbose_name=_("project")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    reason = models.CharField(_("reason"), max_length=10, choices=Reason, blank=True)
    note = models.CharField(_("a word to them"), max_length=400, blank=True)
    agreed_at = models.DateTimeField(_("agreed at"))

    class Meta:
        verbose_name = _("agreement to close early")
        verbose_name_plural = _("agreements to close early")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "organisation"], name="an_organisation_agrees_to_close_once"
            ),
        ]
