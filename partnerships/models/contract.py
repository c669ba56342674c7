"""The written agreement: what it says in plain words, its files, whose turn it is, who signed."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from partnerships.models.project import Participation, Project


class ContractQuerySet(models.QuerySet):
    def waiting_for_signature(self):
        """Those that lie with a partner who can sign, and has not: they lack nothing, and the plan is agreed.

        That a contract lacks nothing is the rule of `partnerships.contract.missing_from`, asked of the database.
        """
        rows = ContractRow.objects.filter(contract=OuterRef("pk"))
        versions = ContractVersion.objects.filter(contract=OuterRef("pk")).order_by("-number")
        lies = ContractTurn.objects.filter(contract=OuterRef("pk"), until=None)
        signed = ContractSignature.objects.filter(
            contract=OuterRef("contract"), organisation=OuterRef("organisation")
        )
        return (
            self.filter(signed_at=None, starts_on__isnull=False, ends_on__isnull=False, unsettled_checks=0)
            .filter(outdated=False)
            .exclude(project__stage__in=[Project.Stage.SHAPE, Project.Stage.AGREE])
            .filter(
                Exists(lies.filter(~Exists(signed))),
                ~Exists(rows.filter(text="").exclude(code=ContractRow.Code.SIGNED)),
                ~Exists(rows.unconfirmed()),
            )
            .annotate(newest=Subquery(versions.values("state")[:1]))
            .filter(newest=FileState.CLEAN)
        )


class Contract(models.Model):
    """One written agreement of a project; an amendment is a contract of its own, which says which one it amends."""

    class Type(models.TextChoices):
        DONATION = "donation", _("Donation")
        GRANT = "grant", _("Grant")
        SPONSORSHIP = "sponsorship", _("Sponsorship")
        SERVICE = "service", _("Contracted service")
        JOINT = "joint", _("Joint project")

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="contracts", verbose_name=_("project")
    )
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    title = models.CharField(_("title"), max_length=160)
    type = models.CharField(_("type"), max_length=12, choices=Type)
    amount = models.DecimalField(
        _("amount"), max_digits=17, decimal_places=4, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    # The code of the rules that it started with (`partnerships.rulesets.agreements`); empty where there were none.
    ruleset = models.CharField(_("rule set"), max_length=20, blank=True)
    # Required items of its checklist that are not settled; kept by the actions.
    unsettled_checks = models.PositiveSmallIntegerField(_("unsettled items of the checklist"), default=0)
    # Whether its kind has to be approved by the rules it started with; kept by the actions.
    needs_approval = models.BooleanField(_("needs approval"), default=False)
    # When the approval that stands was given; a change of what the contract says clears it.
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    # All have signed what was approved; from then on nothing changes any more.
    signed_at = models.DateTimeField(_("signed by all"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))
    # A signed contract that amends no other itself.
    amends = models.ForeignKey(
        "self",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="amendments",
        verbose_name=_("amends"),
    )
    # What that said, with its signed amendments, when this one was started or last taken up: by place
    # (`partnerships.amendments`). Where this one says something else, it changes it.
    before = models.JSONField(_("what it amends said"), default=dict, blank=True)
    # Another amendment was signed since, so that what it amends says something else by now; kept by the actions.
    outdated = models.BooleanField(_("to be taken up"), default=False)

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="a_contract_has_its_own_number"),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="a_contract_ends_after_it_starts",
                violation_error_message=_("The end must not come before the start."),
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | ~Q(currency=""),
                name="an_amount_has_a_currency",
                violation_error_message=_("Say in which currency."),
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None) | Q(needs_approval=False) | Q(approved_at__isnull=False),
                name="what_counts_as_signed_is_approved",
                violation_error_message=_("It is not approved yet."),
            ),
            models.CheckConstraint(
                condition=Q(amends=None) | Q(number__gt=1),
                name="an_amendment_comes_after_what_it_amends",
                violation_error_message=_("A contract comes before what amends it."),
            ),
            # Two amendments that are signed one after the other: the second knows what the first says.
            models.CheckConstraint(
                condition=Q(outdated=False) | Q(amends__isnull=False, signed_at=None),
                name="what_counts_as_signed_is_up_to_date",
                violation_error_message=_("Another amendment was signed since."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("partnerships:contract_detail", args=[self.project.reference, self.number])


class ContractRowQuerySet(models.QuerySet):
    def unconfirmed(self):
        """Those that wait for the other side to confirm them: `partnerships.confirmations`, asked of the database."""
        others = Participation.objects.partners().filter(project=OuterRef("contract__project"))
        return self.exclude(text="").filter(Exists(others.exclude(side=OuterRef("side"))), confirmed_at=None)


class ContractRow(models.Model):
    """One of the nine rows that say in plain words what the contract says (ABPI Code 27.2 and 27.3).

    What one side wrote, the other side confirms. A new wording starts without a confirmation.
    """

    class Code(models.TextChoices):
        WHAT = "what", _("What it is")
        WHY = "why", _("Why, and how it helps patients")
        WHO = "who", _("Who does what")
        SUPPORT = "support", _("Kind of support")
        WHEN = "when", _("When")
        COST = "cost", _("How much, and for what")
        SHOWN = "shown", _("How support is acknowledged")
        SIGNS = "signs", _("Who signs")
        SIGNED = "signed", _("Signed on")

    contract = models.ForeignKey(
        Contract, on_delete=models.CASCADE, related_name="rows", verbose_name=_("contract")
    )
    code = models.CharField(_("row"), max_length=8, choices=Code)
    text = models.CharField(_("in plain words"), max_length=600, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("written by"),
    )
    written_at = models.DateTimeField(_("written at"), null=True, blank=True)
    written_for = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("written for"),
    )
    # On which side they stood when they wrote it: it stays what it was when they leave the project.
    side = models.CharField(_("side"), max_length=8, choices=Participation.Side, blank=True)
    # Who of the other side has said that they understand what stands there now.
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    confirmed_for = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed for"),
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    objects = ContractRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a contract")
        verbose_name_plural = _("rows of contracts")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "code"], name="a_contract_has_each_row_once"),
            models.CheckConstraint(
                condition=Q(text="") | (Q(written_for__isnull=False) & ~Q(side="")),
                name="a_row_says_who_wrote_it",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None, confirmed_for=None)
                | (
                    Q(confirmed_at__isnull=False, confirmed_by__isnull=False, confirmed_for__isnull=False)
                    & ~Q(text="")
                    & ~Q(confirmed_for=F("written_for"))
                ),
                name="a_row_is_confirmed_by_another",
            ),
        ]

    def __str__(self):
        return self.get_code_display()


class ContractWording(models.Model):
    """One wording of a row. The newest is what the row says; the others are kept to be read."""

    row = models.ForeignKey(
        ContractRow, on_delete=models.CASCADE, related_name="wordings", verbose_name=_("row")
    )
    text = models.CharField(_("text"), max_length=600, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written at"))

    class Meta:
        verbose_name = _("wording of a row")
        verbose_name_plural = _("wordings of rows")
        ordering = ["pk"]


class FileState(models.TextChoices):
    """What the virus scanner said about an upload."""

    CLEAN = "clean", _("Checked")
    # The scanner was away: only the side that uploaded it may have it.
    HELD = "held", _("Not checked for viruses yet")
    REMOVED = "removed", _("Removed by the virus scanner")


class ContractVersion(models.Model):
    """One file of a contract."""

    contract = models.ForeignKey(
        Contract, on_delete=models.CASCADE, related_name="versions", verbose_name=_("contract")
    )
    number = models.PositiveSmallIntegerField(_("version"))
    # Written under a name of our own by `accounts.files.kept`: what a person calls it is data, never a path.
    file = models.FileField(_("file"), upload_to="contracts/")
    state = models.CharField(_("virus check"), max_length=8, choices=FileState, default=FileState.CLEAN)
    file_name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(_("type of the file"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    note = models.CharField(_("what changed"), max_length=600, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))

    class Meta:
        verbose_name = _("version of a contract")
        verbose_name_plural = _("versions of contracts")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="a_version_has_its_own_number")
        ]

    def __str__(self):
        return self.file_name


class ContractTurn(models.Model):
    """The contract lay with an organisation for this long."""

    contract = models.ForeignKey(
        Contract, on_delete=models.CASCADE, related_name="turns", verbose_name=_("contract")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    note = models.CharField(_("what we ask"), max_length=600, blank=True)
    # Who of the organisation has it now, as a colleague said; nobody in particular without.
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts_held",
        verbose_name=_("with whom"),
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("given by"),
    )
    given_at = models.DateTimeField(_("given at"), null=True, blank=True)
    # For the own side alone.
    given_word = models.CharField(_("a word to the colleague"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("turn of a contract")
        verbose_name_plural = _("turns of contracts")
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract"], condition=Q(until=None), name="a_contract_lies_with_one_organisation"
            ),
            models.CheckConstraint(
                condition=Q(holder=None, given_by=None, given_at=None, given_word="")
                | Q(holder__isnull=False, given_by__isnull=False, given_at__isnull=False),
                name="who_has_a_contract_got_it_from_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.since:%Y-%m-%d}"


class ContractSignature(models.Model):
    """An organisation's signature: given on the page, or on paper and recorded by itself.

    One on paper counts once somebody of the other side has confirmed its scan.
    """

    class Method(models.TextChoices):
        PAGE = "page", _("Signed on the page")
        PAPER = "paper", _("Signed on paper")

    # What anybody signed is never deleted: the database refuses it, and Django before it.
    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name="signatures", verbose_name=_("contract")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    version = models.ForeignKey(
        ContractVersion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="signatures",
        verbose_name=_("version"),
    )
    signer = models.CharField(_("who signed"), max_length=120)
    signed_on = models.DateField(_("signed on"))
    scan = models.FileField(_("signed copy"), upload_to="scans/", blank=True)
    scan_name = models.CharField(_("file name of the signed copy"), max_length=200, blank=True)
    scan_type = models.CharField(_("type of the signed copy"), max_length=100, blank=True)
    scan_state = models.CharField(_("virus check"), max_length=8, choices=FileState, default=FileState.CLEAN)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    method = models.CharField(_("how"), max_length=8, choices=Method, default=Method.PAPER)
    # Of the file that was signed, and of all that the contract said (`ContractState.content`).
    sha256 = models.CharField(max_length=64, blank=True, verbose_name=_("SHA-256"))
    content = models.CharField(max_length=16, blank=True, verbose_name=_("fingerprint of what it said"))
    # On the page: where from, and when the person had last proved who they are.
    address = models.GenericIPAddressField(_("network address"), null=True, blank=True)
    proved_at = models.DateTimeField(_("signed in"), null=True, blank=True)
    # On paper: who of the other side has looked at the scan and confirmed it.
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    confirmed_for = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed for"),
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [
            models.CheckConstraint(
                condition=Q(method="paper")
                | (
                    Q(address__isnull=False, proved_at__isnull=False, version__isnull=False)
                    & ~Q(sha256="")
                    & ~Q(content="")
                ),
                name="a_signature_on_the_page_says_what_and_from_where",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None, confirmed_for=None)
                | (
                    Q(method="paper", confirmed_at__isnull=False, confirmed_for__isnull=False)
                    & ~Q(confirmed_for=F("organisation"))
                    & ~Q(confirmed_by=F("recorded_by"))
                ),
                name="a_scan_is_confirmed_by_the_other_side",
            ),
            models.UniqueConstraint(fields=["contract", "organisation"], name="an_organisation_signs_once"),
        ]

    @property
    def counts(self):
        """Whether it is more than a claim: given on the page, or its scan confirmed by the other side."""
        return self.method == ContractSignature.Method.PAGE or self.confirmed_at is not None
