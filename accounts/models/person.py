"""People: whoever signs in."""

import unicodedata
import zoneinfo

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _


def normal_email(address: str) -> str:
    """One spelling for one mailbox: composed characters, lower case, no spaces around."""
    return unicodedata.normalize("NFC", address).strip().lower()


def validate_time_zone(name: str) -> None:
    """Raise ValidationError unless the name is an IANA time zone."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("Choose a time zone from the list."))


class PersonManager(BaseUserManager):
    def get_by_natural_key(self, email):
        return self.get(email=normal_email(email))

    def create_user(self, email, password=None, **fields):
        """Make a person. Without a password they sign in by link or passkey."""
        person = self.model(email=normal_email(email), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class How(models.TextChoices):
    """How somebody gets messages of one topic."""

    NOW = "now", _("At once")
    DAILY = "daily", _("At most one mail a day")
    WEEKLY = "weekly", _("In the weekly summary")
    OFF = "off", _("Never")


def _how(name):
    # With a default in the database, too: nobody is without an answer.
    return models.CharField(name, max_length=6, choices=How, default=How.DAILY, db_default=How.DAILY)


# Hours at which mails may come, on the reader's own clock.
HOURS = range(8, 18)


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody with an account. What they may do follows from memberships, never from `is_staff`."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As my device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    called = models.CharField(_("what we call you"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    needs = models.CharField(_("what you need to take part comfortably"), max_length=400, blank=True)
    needs_shared = models.BooleanField(_("share this with partners"), default=False)
    language = models.CharField(_("language"), max_length=10, default=settings.LANGUAGE_CODE)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Europe/London", validators=[validate_time_zone]
    )
    theme = models.CharField(_("light or dark"), max_length=10, choices=Theme, default=Theme.SYSTEM)
    # How messages come, by their topic (`notices.Topic`); those about the account itself always come.
    mail_turn = _how(_("when something waits for them"))
    mail_others = _how(_("when others did something"))
    mail_reminders = _how(_("reminders"))
    mail_summary = models.BooleanField(
        _("a summary every week, also when nothing was kept for it"), default=False, db_default=False
    )
    # Monday is 0; empty: Monday for the summary, and any day for the rest.
    best_day = models.PositiveSmallIntegerField(_("best day"), null=True, blank=True)
    best_hour = models.PositiveSmallIntegerField(
        _("best hour"),
        default=10,
        db_default=10,
        validators=[MinValueValidator(HOURS[0]), MaxValueValidator(HOURS[-1])],
    )
    # On holiday or ill: the last day on which nothing but what is about the account itself comes.
    paused_until = models.DateField(_("no messages until"), null=True, blank=True)
    # Since when what is sent to their address comes back; empty again once they sign in by a mail, or say so.
    mail_returned_at = models.DateTimeField(_("mails come back since"), null=True, blank=True)
    is_staff = models.BooleanField(_("may open the admin"), default=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now)
    welcomed_at = models.DateTimeField(_("finished the welcome pages"), null=True, blank=True)
    closed_at = models.DateTimeField(_("account closed"), null=True, blank=True)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_person_for_an_email_address"),
            models.CheckConstraint(
                condition=models.Q(best_hour__range=(HOURS[0], HOURS[-1])), name="the_best_hour_is_by_day"
            ),
            models.CheckConstraint(
                condition=models.Q(best_day=None) | models.Q(best_day__lte=6),
                name="the_best_day_is_a_weekday",
            ),
        ]

    def __str__(self):
        return str(_("Former member")) if self.closed_at else self.name or self.email

    def clean(self):
        super().clean()
        self.email = normal_email(self.email)

    def get_full_name(self):
        return str(self)

    def get_short_name(self):
        return self.called or self.name.split(" ")[0] or str(self)

    @property
    def zone(self):
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def away_until(self):
        """The last day of their pause, which colleagues and partners see; None when they are there."""
        if self.paused_until is None or self.paused_until < timezone.localdate(timezone=self.zone):
            return None
        return self.paused_until

    @cached_property
    def every_membership(self):
        """Memberships with their organisations, those that have ended among them; read once a request."""
        return list(self.memberships.select_related("organisation").order_by("organisation__name", "pk"))

    @cached_property
    def current_memberships(self):
        """Memberships that have not ended, with their organisations."""
        return [membership for membership in self.every_membership if membership.left_at is None]

    def organisation_ids(self, *roles):
        """Ids of the organisations this person belongs to, as read once a request.

        Arguments:
            roles: only those where they have one of these; all of them when none is named.
        """
        return [
            membership.organisation_id
            for membership in self.current_memberships
            if not roles or membership.role in roles
        ]
