"""Asking the other side for more time."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from partnerships.models.project import Project
from partnerships.models.turn import Turn


class TimeRequestQuerySet(models.QuerySet):
    def open(self):
        """Requests that nobody has answered yet, of organisations whose turn it still is."""
        return self.filter(Exists(self._turns()), answered_at=None)

    def lapse(self, project, *, at):
        """End the open requests on a project for what is nobody's turn any more: neither yes nor no."""
        gone = self.filter(~Exists(self._turns()), project=project, answered_at=None)
        return gone.update(answered_at=at)

    @staticmethod
    def _turns():
        return Turn.objects.filter(
            project=OuterRef("project"),
            organisation=OuterRef("organisation"),
            kind=OuterRef("kind"),
            ref=OuterRef("ref"),
        )


class TimeRequest(models.Model):
    """An organisation asks for a later date for what is its turn. The other side says yes, or silence does.

    It lapses when it is no longer that organisation's turn: then it is answered by nobody, neither yes nor no.
    """

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="time_requests", verbose_name=_("project")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Turn.Kind)
    ref = models.CharField(_("which one"), max_length=20, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    due_before = models.DateField(_("date so far"))
    due_on = models.DateField(_("new date"))
    note = models.CharField(_("a word to them"), max_length=300, blank=True)
    asked_at = models.DateTimeField(_("asked at"))
    # From this day on, silence has said yes.
    yes_from = models.DateField(_("silence says yes from"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    # Nobody: silence.
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    accepted = models.BooleanField(_("accepted"), null=True)

    objects = TimeRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for more time")
        verbose_name_plural = _("requests for more time")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind", "ref"],
                condition=models.Q(answered_at=None),
                name="one_open_request_for_time",
            ),
            models.CheckConstraint(
                condition=models.Q(due_on__gt=models.F("due_before")), name="more_time_is_later"
            ),
        ]

    @property
    def has_lapsed(self):
        return self.answered_at is not None and self.accepted is None
