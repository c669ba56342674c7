"""Money and support that passes from one organisation to another, and the imports it came from."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from partnerships.models.project import Project


class ImportRun(models.Model):
    """One file of published payments that was read."""

    source = models.CharField(_("source"), max_length=120)
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    started_at = models.DateTimeField(_("started at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("actor"),
    )
    # Counts, and as `pairs` the keys of two organisations that may be one, with how alike their names are.
    report = models.JSONField(_("report"), default=dict)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-started_at", "-pk"]

    def __str__(self):
        return self.file_name

    def open_pairs(self):
        """Pairs of organisations that came up as doubtful and are not merged: (one, other, likeness). One query."""
        pairs = self.report.get("pairs", [])
        found = Organisation.objects.current().in_bulk({pk for pair in pairs for pk in pair[:2]})
        return [
            (found[one], found[other], likeness)
            for one, other, likeness in pairs
            if one in found and other in found
        ]


class TransferQuerySet(models.QuerySet):
    def visible_to(self, person):
        """Transfers whose amount this person may see: their organisation pays or receives.

        Also what was published under another spelling that was merged into theirs.
        """
        if not person.is_authenticated:
            return self.none()
        mine = Organisation.objects.of(person).values("pk")
        spelled = Organisation.objects.filter(Q(pk__in=mine) | Q(merged_into__in=mine)).values("pk")
        return self.filter(Q(payer__in=spelled) | Q(recipient__in=spelled))


class Transfer(models.Model):
    """One payment, or support in kind. Never summed over currencies."""

    class Category(models.TextChoices):
        UNKNOWN = "unknown", _("Not known")
        DONATION = "donation", _("Donation")
        GRANT = "grant", _("Grant")
        SPONSORSHIP = "sponsorship", _("Sponsorship")
        SERVICE = "service", _("Contracted service")

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="transfers", verbose_name=_("project")
    )
    payer = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="transfers_paid", verbose_name=_("payer")
    )
    # Empty where the payment was published without the name of the receiver.
    recipient = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="transfers_received",
        verbose_name=_("recipient"),
    )
    amount = models.DecimalField(_("amount"), max_digits=17, decimal_places=4)
    currency = models.CharField(_("currency"), max_length=3)
    category = models.CharField(_("category"), max_length=12, choices=Category, default=Category.UNKNOWN)
    purpose = models.TextField(_("what for"), blank=True)
    year = models.PositiveSmallIntegerField(_("year"))
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    anonymous = models.BooleanField(_("published without the name of the receiver"), default=False)
    import_run = models.ForeignKey(
        ImportRun,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="transfers",
        verbose_name=_("import"),
    )
    # Source, content and ordinal, hashed: reading the same file again finds each row.
    import_key = models.CharField(
        _("key of the imported row"), max_length=64, unique=True, null=True, blank=True
    )
    source_line = models.PositiveIntegerField(_("line in the file"), null=True, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ["-year", "payer__name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(recipient__isnull=False, anonymous=False) | Q(recipient=None, anonymous=True),
                name="only_an_anonymous_transfer_has_no_recipient",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="a_currency_is_three_capital_letters"
            ),
        ]
        indexes = [
            models.Index(fields=["payer", "-year"], name="transfers_of_a_payer"),
            models.Index(fields=["recipient", "-year"], name="transfers_of_a_recipient"),
        ]

    def __str__(self):
        return f"{self.payer} · {self.year}"
