"""The outbox: one row for one message owed to one person. The database is the queue."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# What clocks of several machines may differ by, and much more.
CLOCKS_DIFFER = dt.timedelta(hours=1)


class NoticeQuerySet(models.QuerySet):
    def unsent(self):
        """Messages of which nothing has become yet: not sent, failed, held back or missed."""
        return self.filter(sent_at=None, failed_at=None, voided_at=None, missed_at=None)

    def unclaimed(self, at):
        """Messages that no living worker is sending.

        A claim that ends later than any lease lasts was made by a clock that has been set back since.
        """
        longest = at + dt.timedelta(seconds=settings.SENDING_LEASE) + CLOCKS_DIFFER
        return self.filter(Q(claimed_until=None) | Q(claimed_until__lt=at) | Q(claimed_until__gt=longest))

    def due(self, at):
        """Messages to send now: owed, wanted, at their time, not waiting for another try and not claimed.

        What goes out inside another message is not sent by itself.
        """
        return (
            self.unsent()
            .unclaimed(at)
            .filter(not_before__lte=at, sent_with=None)
            .filter(Q(retry_at=None) | Q(retry_at__lte=at))
        )


class Notice(models.Model):
    """A message owed. Holds kind and parameters, never rendered text and never a token."""

    key = models.CharField(_("key"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=40)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("recipient"),
    )
    # For those without an account: an invitation, an unknown address that asked for a sign-in link.
    address = models.EmailField(_("address"), blank=True)
    subject = models.CharField(_("about"), max_length=120, blank=True)
    project = models.CharField(_("project"), max_length=8, blank=True)
    params = models.JSONField(_("parameters"), default=dict, blank=True)
    owed_at = models.DateTimeField(_("owed"))
    not_before = models.DateTimeField(_("not before"))
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    claim = models.CharField(_("claim"), max_length=32, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    retry_at = models.DateTimeField(_("tried again at"), null=True, blank=True)
    message_id = models.CharField(_("Message-ID"), max_length=120)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    failed_at = models.DateTimeField(_("failed"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=400, blank=True)
    voided_at = models.DateTimeField(_("held back"), null=True, blank=True)
    void_reason = models.CharField(_("why held back"), max_length=120, blank=True)

    # It was sent, and a mail server reported later that it could not be delivered.
    returned_at = models.DateTimeField(_("came back"), null=True, blank=True)
    return_reason = models.CharField(_("why it came back"), max_length=200, blank=True)
    # Too old to be sent when it could have been: the app lists what it was about.
    missed_at = models.DateTimeField(_("missed"), null=True, blank=True)
    # Several reminders to one person leave as one message; these rows share its fate.
    sent_with = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="carries",
        verbose_name=_("sent inside"),
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.CheckConstraint(
                condition=Q(recipient__isnull=False) | ~Q(address=""), name="a_message_is_owed_to_somebody"
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=Q(sent_at=None, failed_at=None, voided_at=None, missed_at=None),
                name="messages_to_send",
            ),
            models.Index(fields=["subject"], name="messages_about"),
        ]

    def __str__(self):
        return str(self.recipient or self.address)


class JobRun(models.Model):
    """One run of a scheduled job, so that a schedule that stands still is seen."""

    name = models.CharField(_("name"), max_length=60)
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    detail = models.JSONField(_("detail"), default=dict, blank=True)

    class Meta:
        verbose_name = _("job run")
        verbose_name_plural = _("job runs")
        indexes = [models.Index(fields=["name", "-started_at"], name="last_run_of_a_job")]

    def __str__(self):
        return f"{self.started_at:%Y-%m-%d %H:%M}"
