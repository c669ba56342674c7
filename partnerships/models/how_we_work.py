"""How an organisation works with its partners: steps with days, papers, money, whom to ask. Written once, in versions."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from partnerships.models.contract import FileState

MOST_DAYS = 365
WHOLE_DAYS = {
    "null": True,
    "blank": True,
    "validators": [MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
}


class HowWeWorkQuerySet(models.QuerySet):
    def published(self):
        """Versions that others may read. Whoever may know the organisation may read them."""
        return self.exclude(number=None)

    def newest(self):
        """The newest published version of each organisation."""
        later = HowWeWork.objects.filter(
            organisation=models.OuterRef("organisation"), number__gt=models.OuterRef("number")
        )
        return self.published().filter(~models.Exists(later))


class HowWeWork(models.Model):
    """One version of what an organisation says about how it works; without a number, the draft of the next one.

    A version that is published never changes: triggers on both databases refuse it (`models.guards`).
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="how_we_work", verbose_name=_("organisation")
    )
    number = models.PositiveSmallIntegerField(_("version"), null=True, blank=True)
    # All days are working days of the organisation's country.
    contract_days = models.PositiveSmallIntegerField(_("days for a whole contract"), **WHOLE_DAYS)
    payment_days = models.PositiveSmallIntegerField(_("days until money arrives"), **WHOLE_DAYS)
    apply = models.CharField(_("how to apply"), max_length=1000, blank=True)
    never_funded = models.CharField(_("never funded"), max_length=600, blank=True)
    pays_time = models.BooleanField(_("pays for time"), default=False)
    pays_travel = models.BooleanField(_("pays for travel"), default=False)
    pays_carers = models.BooleanField(_("pays for carers"), default=False)
    pays_legal = models.BooleanField(_("pays for legal advice"), default=False)
    independence = models.CharField(_("how independence is protected"), max_length=1000, blank=True)
    # A member, who is shown under the name they have now; or somebody else by name and address.
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("contact"),
    )
    contact_name = models.CharField(_("contact"), max_length=120, blank=True)
    contact_email = models.EmailField(_("email of the contact"), blank=True)
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("deputy"),
    )
    deputy_name = models.CharField(_("deputy"), max_length=120, blank=True)
    deputy_email = models.EmailField(_("email of the deputy"), blank=True)
    changed_at = models.DateTimeField(_("changed"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("changed by")
    )
    # Publishing is the check: the day on which somebody said that all of it is right.
    checked_on = models.DateField(_("last checked"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )

    objects = HowWeWorkQuerySet.as_manager()

    class Meta:
        verbose_name = _("how an organisation works")
        verbose_name_plural = _("how organisations work")
        ordering = ["organisation", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "number"], name="how_we_work_has_each_version_once"
            ),
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(number=None), name="how_we_work_has_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(number=None, published_at=None, published_by=None, checked_on=None)
                | Q(
                    number__isnull=False,
                    published_at__isnull=False,
                    published_by__isnull=False,
                    checked_on__isnull=False,
                ),
                name="a_version_of_how_we_work_says_who_published_it_when",
            ),
        ]

    def __str__(self):
        return f"{self.organisation} · {self.number or _('draft')}"


class WorkStep(models.Model):
    """One step on the way to a contract or to money: what happens, who does it, in how many working days."""

    class Measure(models.TextChoices):
        """From which fact to which the days can be measured."""

        NONE = "", _("Not measured")
        CONTRACT = "contract", _("From the start of a contract until all have signed")
        OWN = "own", _("While a contract lies with us")
        FUNDING = "funding", _("Until we answer a request for funding")

    page = models.ForeignKey(
        HowWeWork, on_delete=models.CASCADE, related_name="steps", verbose_name=_("how an organisation works")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    what = models.CharField(_("what"), max_length=160)
    who = models.CharField(_("who"), max_length=120, blank=True)
    days = models.PositiveSmallIntegerField(_("working days"), **WHOLE_DAYS)
    measure = models.CharField(_("measured"), max_length=8, choices=Measure, blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["page", "position"], name="a_step_has_a_place_of_its_own")
        ]

    def __str__(self):
        return self.what


class WorkPaper(models.Model):
    """A paper that is needed, and a template for it where there is one."""

    page = models.ForeignKey(
        HowWeWork,
        on_delete=models.CASCADE,
        related_name="papers",
        verbose_name=_("how an organisation works"),
    )
    # Stays with the paper from version to version: addresses are made of it.
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=100)
    purpose = models.CharField(_("what for"), max_length=200, blank=True)
    # Versions share the file of a template that stayed the same.
    file = models.FileField(_("template"), upload_to="templates/", blank=True)
    file_name = models.CharField(_("file name"), max_length=200, blank=True)
    content_type = models.CharField(_("type of the file"), max_length=100, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    state = models.CharField(_("virus check"), max_length=8, choices=FileState, default=FileState.CLEAN)

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["page", "number"], name="a_paper_has_a_number_of_its_own")
        ]

    def __str__(self):
        return self.name


class WorkQuestion(models.Model):
    """One organisation asked another one to say how it works."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="work_questions", verbose_name=_("organisation")
    )
    asked_for = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="+", verbose_name=_("asked for")
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked at"))

    class Meta:
        verbose_name = _("question how an organisation works")
        verbose_name_plural = _("questions how organisations work")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(organisation=models.F("asked_for")),
                name="nobody_asks_oneself_how_one_works",
            )
        ]
