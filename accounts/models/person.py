"""People: whoever signs in."""

import unicodedata
import zoneinfo

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
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
    reminders = models.BooleanField(_("reminders by e-mail"), default=True)
    best_day = models.PositiveSmallIntegerField(_("best day"), null=True, blank=True)
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
