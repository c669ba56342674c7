"""History: one line for every write with consequences. Rows are never changed, a trigger sees to it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import Organisation


class EventQuerySet(models.QuerySet):
    def of_project(self, reference, organisations):
        """History of a project as members of these organisations may read it, newest first."""
        return (
            self.filter(project=reference)
            .filter(models.Q(audience=None) | models.Q(audience__in=organisations))
            .order_by("-at", "-pk")
        )


class Event(models.Model):
    """Somebody did something at a moment.

    `subject` and `project` are texts, so that history outlives rows and this app needs no other.
    `audience` empty: everybody on the project may read the line; otherwise that organisation only.
    """

    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("actor"),
    )
    verb = models.CharField(_("what"), max_length=60)
    subject = models.CharField(_("subject"), max_length=120)
    project = models.CharField(_("project"), max_length=8, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("for")
    )
    audience = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("read by"),
    )
    detail = models.JSONField(_("detail"), default=dict, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("history line")
        verbose_name_plural = _("history")
        indexes = [
            models.Index(fields=["project", "-at"], name="history_of_a_project"),
            models.Index(fields=["subject", "-at"], name="history_of_a_subject"),
        ]

    def __str__(self):
        return f"{self.verb} {self.subject}"
