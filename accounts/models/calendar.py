"""The private address at which somebody's calendar program asks for their dates."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CalendarFeed(models.Model):
    """One address for one person, and what stands in it. No row: the feed is switched off.

    The address is made of `seed` and of the key of the installation, so that it can be shown again although it is kept
    nowhere (docs/rules.md 113).
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="calendar_feed",
        verbose_name=_("person"),
    )
    seed = models.CharField(_("seed"), max_length=64)
    token_hash = models.CharField(_("hash of the token"), max_length=64, unique=True)
    tasks = models.BooleanField(_("what waits for me"), default=True)
    dates = models.BooleanField(_("dates of projects"), default=True)
    organisation = models.BooleanField(_("what waits for my organisation"), default=False)
    made_at = models.DateTimeField(_("address made at"))

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = [
            models.CheckConstraint(
                condition=Q(tasks=True) | Q(dates=True) | Q(organisation=True),
                name="a_calendar_feed_shows_something",
            ),
        ]

    def __str__(self):
        return f"{self.person}"
