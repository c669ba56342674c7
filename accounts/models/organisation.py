"""Organisations and who belongs to them."""

import datetime as dt
import zoneinfo

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.hooks import IN_USE_HOOKS
from accounts.models.person import validate_time_zone
from accounts.words import HasWords

# So long after it ran out, an invitation that nobody answered is not waited for any more.
FORGOTTEN_AFTER = dt.timedelta(days=30)


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, person):
        """Organisations this person may look at: their own, those they share a project with, and listed ones.

        Shared projects are added by `partnerships` (this app knows no projects).
        """
        if not person.is_authenticated:
            return self.none()
        return self.current().filter(Q(pk__in=self.of(person).values("pk")) | Q(listed=True))

    def of(self, person):
        """Organisations this person is a member of."""
        return self.filter(pk__in=Membership.objects.current().filter(person=person).values("organisation"))

    def current(self):
        """Organisations that were not merged into another."""
        return self.filter(merged_into=None)

    def left_empty(self, at):
        """Organisations that a partner's invitation set up and to which nobody came: names that somebody typed.

        Everybody who was invited said no or was let go of, or left it unanswered until long after it ran out. They are
        kept, since plans and history name them; but they are nobody to find (docs/rules.md 25).
        """
        invitations = _referring("invitations")
        unanswered = Q(
            declined_at=None, withdrawn_at=None, passed_on_at=None, expires_at__gt=at - FORGOTTEN_AFTER
        )
        wanted = invitations.filter(Q(accepted_at__isnull=False) | Q(on_behalf_of=None) | unanswered)
        used = Q(Exists(wanted))
        for relation in ("memberships", "join_requests", "merged"):
            used |= Q(Exists(_referring(relation)))
        for hook in IN_USE_HOOKS:
            used |= hook()
        return self.current().filter(Exists(invitations), origin=Organisation.Origin.WORKSPACE).exclude(used)


def _referring(relation):
    """Rows of a relation that refer to the organisation of the outer query."""
    field = Organisation._meta.get_field(relation).field
    return field.model._base_manager.filter(**{field.name: OuterRef("pk")})


def organisation_called(words):
    """The condition on organisations that hold all of these words in their name, or in what they work on.

    Arguments:
        words: as from `accounts.words.words_of`.
    """
    return Q(HasWords("name", words, names=True)) | Q(HasWords("conditions", words))


class Organisation(models.Model):
    """A legal entity: a patient group, a company, or an agency that works for one of them."""

    class Kind(models.TextChoices):
        GROUP = "group", _("Patient group")
        COMPANY = "company", _("Company")
        AGENCY = "agency", _("Agency")

    class Origin(models.TextChoices):
        WORKSPACE = "workspace", _("Set up here")
        IMPORTED = "imported", _("From an import")

    class Policy(models.TextChoices):
        INDEPENDENCE = "independence", _("Independence from funders")
        CONFLICTS = "conflicts", _("Conflicts of interest")
        SAFEGUARDING = "safeguarding", _("Safeguarding")
        DATA = "data", _("Personal data")
        OTHER = "other", _("Another policy")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=200)
    legal_name = models.CharField(_("legal name"), max_length=250, blank=True)
    registration_number = models.CharField(_("registration number"), max_length=60, blank=True)
    slug = models.SlugField(
        _("address"), max_length=80, unique=True, help_text=_("Never changes once given.")
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        validators=[RegexValidator(r"\A[A-Z]{2}\Z", _("Use the two-letter code, like GB."))],
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Europe/London", validators=[validate_time_zone]
    )
    conditions = models.CharField(_("what it works on"), max_length=250, blank=True)
    # Where each policy can be read, by its code.
    policies = models.JSONField(_("policies"), default=dict, blank=True)
    # Somebody who pays has checked to whom the account belongs; they, and for whom. Nobody says it of themselves.
    bank_checked_on = models.DateField(_("bank details checked on"), null=True, blank=True)
    bank_checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("bank details checked by"),
    )
    bank_checked_for = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("bank details checked for"),
    )
    # Whoever has nobody with legal training takes longer over a contract (docs/rules.md 90).
    reads_without_lawyer = models.BooleanField(_("reads contracts without a lawyer"), default=False)
    listed = models.BooleanField(_("listed in the directory"), default=False)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin, default=Origin.WORKSPACE)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name=_("merged into"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        through="Membership",
        related_name="organisations",
        verbose_name=_("members"),
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["kind", "name"], name="organisation_by_kind_and_name")]
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="an_organisation_is_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=Q(bank_checked_on=None, bank_checked_by=None, bank_checked_for=None)
                | Q(
                    bank_checked_on__isnull=False,
                    bank_checked_by__isnull=False,
                    bank_checked_for__isnull=False,
                ),
                name="bank_details_are_checked_by_somebody_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(bank_checked_for=None) | ~Q(bank_checked_for=F("id")),
                name="nobody_checks_their_own_bank_details",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def zone(self):
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def policy_links(self):
        """The policies that can be read somewhere, in their order: what each is called, and where."""
        return [(code.label, self.policies[code]) for code in self.Policy if self.policies.get(code)]

    @property
    def initials(self):
        words = [word for word in self.name.split() if word[:1].isalnum()]
        return "".join(word[0] for word in words[:2]).upper() or "?"


class OrganisationName(models.Model):
    """A spelling under which an organisation was met, reduced to what tells organisations apart.

    The importer finds an organisation by `key`; see `partnerships.imports`.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="names", verbose_name=_("organisation")
    )
    name = models.CharField(_("name"), max_length=250)
    key = models.CharField(_("key"), max_length=250)

    class Meta:
        verbose_name = _("organisation name")
        verbose_name_plural = _("organisation names")
        constraints = [
            models.UniqueConstraint(fields=["key", "name"], name="a_spelling_names_one_organisation"),
        ]
        indexes = [models.Index(fields=["key"], name="organisation_name_key")]

    def __str__(self):
        return self.name


class MembershipQuerySet(models.QuerySet):
    def current(self):
        """Memberships that have not ended."""
        return self.filter(left_at=None)


class Membership(models.Model):
    """A person in an organisation. Kept when they leave: who once wrote for one side never reads the other's seal."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        LEAD = "lead", _("Lead")
        READER = "reader", _("Reader")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("person"),
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.LEAD)
    may_sign = models.BooleanField(_("may sign for the organisation"), default=False)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["person", "organisation"], name="a_person_is_a_member_once"),
        ]

    def __str__(self):
        return f"{self.person} · {self.organisation}"

    @property
    def signs_only(self):
        """Named as a signatory, and otherwise only looking."""
        return self.may_sign and self.role == Membership.Role.READER
