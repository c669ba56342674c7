"""Asking for funding, or proposing it: from one organisation to one of the other side (docs/rules.md 73 to 77)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from partnerships.models.project import Project, new_reference
from partnerships.models.turn import WORKING


class FundingRequestQuerySet(models.QuerySet):
    def visible_to(self, person):
        """Requests of which this person may know: as a member of one of the two. Drafts stay with who writes them."""
        if not person.is_authenticated:
            return self.none()
        own = person.organisation_ids()
        return self.filter(Q(sender__in=own) | (Q(receiver__in=own) & ~Q(state=FundingRequest.State.DRAFT)))

    def open(self):
        """Those that wait for one of the two: sent, and neither decided nor taken back."""
        return self.filter(state__in=FundingRequest.OPEN)

    def of(self, organisation):
        """Those that an organisation wrote or got, as its members know of them."""
        got = Q(receiver=organisation) & ~Q(state=FundingRequest.State.DRAFT)
        return self.filter(Q(sender=organisation) | got)

    def waiting_for(self, person):
        """The open ones on which it is for this person to do something, as Lead or Owner of whose turn it is.

        Whoever works for both of them answers for neither.
        """
        own, State = person.organisation_ids(*WORKING), FundingRequest.State
        ever = person.organisation_ids()
        to_answer = Q(state=State.SENT, receiver__in=own) & ~Q(sender__in=ever)
        to_explain = Q(state=State.ASKED, sender__in=own) & ~Q(receiver__in=ever)
        return self.filter(to_answer | to_explain)


class FundingRequest(models.Model):
    """A group asks a company for funding, or a company proposes it to a group. One rule for both.

    While it is a draft, its parts are written like those of a plan. What was sent, asked and decided stands in its
    steps, which never change; once it is settled, neither does this row (`models.guards`).
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENT = "sent", _("Sent")
        ASKED = "asked", _("Question asked")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Taken back")

    OPEN = (State.SENT, State.ASKED)
    SETTLED = (State.ACCEPTED, State.DECLINED, State.WITHDRAWN)

    reference = models.CharField(
        _("reference"), max_length=8, unique=True, default=new_reference, editable=False
    )
    title = models.CharField(_("title"), max_length=120)
    sender = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="requests_sent", verbose_name=_("from")
    )
    receiver = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="requests_received", verbose_name=_("to")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    # By the code of the part: its values, as in `PlanPart.values`, and how often it was written.
    parts = models.JSONField(_("parts of the plan"), default=dict, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written at"))
    # Since when it lies with whose turn it is, and until when they said that they answer.
    turn_since = models.DateTimeField(_("waiting since"), null=True, blank=True)
    due_on = models.DateField(_("answer due on"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    # One request becomes one project: the database knows no second.
    project = models.OneToOneField(
        Project,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="funding_request",
        verbose_name=_("project"),
    )

    objects = FundingRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for funding")
        verbose_name_plural = _("requests for funding")
        ordering = ["-written_at", "-pk"]
        indexes = [
            models.Index(fields=["receiver", "state"], name="requests_received_by_state"),
            models.Index(fields=["sender", "state"], name="requests_sent_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(sender=F("receiver")), name="nobody_asks_oneself_for_funding"
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", project__isnull=False)
                | (~Q(state="accepted") & Q(project__isnull=True)),
                name="a_request_has_a_project_exactly_when_accepted",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "asked"], turn_since__isnull=False, settled_at__isnull=True)
                | Q(state="draft", turn_since__isnull=True, due_on__isnull=True, settled_at__isnull=True)
                | Q(
                    state__in=["accepted", "declined", "withdrawn"],
                    turn_since__isnull=True,
                    due_on__isnull=True,
                    settled_at__isnull=False,
                ),
                name="a_request_waits_exactly_while_it_is_open",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("partnerships:funding_detail", args=[self.reference])

    @property
    def is_proposal(self) -> bool:
        """Whether a company offers, rather than a group asks."""
        return self.sender.kind == Organisation.Kind.COMPANY

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def is_settled(self) -> bool:
        return self.state in self.SETTLED

    @property
    def turn_id(self) -> int | None:
        """The key of the organisation whose turn it is; the sender's while it is a draft, none once it is settled."""
        if self.is_settled:
            return None
        return self.receiver_id if self.state == self.State.SENT else self.sender_id

    @property
    def turn(self) -> Organisation | None:
        """The organisation whose turn it is."""
        if self.is_settled:
            return None
        return self.receiver if self.state == self.State.SENT else self.sender

    def other(self, organisation: Organisation) -> Organisation:
        """The one of the two that this one is not."""
        return self.receiver if organisation.pk == self.sender_id else self.sender

    def values_of(self, code: str) -> dict:
        """What a part says so far."""
        return self.parts.get(code, {}).get("values", {})

    def version_of(self, code: str) -> int:
        """How often a part was written."""
        return self.parts.get(code, {}).get("version", 0)


class FundingStep(models.Model):
    """One thing that happened to a request: sent, asked about, decided, taken back. Added to, never changed."""

    class Kind(models.TextChoices):
        SENT = "sent", _("Sent")
        ASKED = "asked", _("Question asked")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Taken back")

    class Reason(models.TextChoices):
        LAW = "law", _("The law")
        CODE = "code", _("A code of practice")
        OWN_RULE = "own_rule", _("A rule of our own")
        BUDGET = "budget", _("Budget, or people’s time")

    SETTLING = (Kind.ACCEPTED, Kind.DECLINED, Kind.WITHDRAWN)

    request = models.ForeignKey(
        FundingRequest,
        on_delete=models.PROTECT,
        related_name="steps",
        verbose_name=_("request for funding"),
    )
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("what happened"), max_length=10, choices=Kind)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    at = models.DateTimeField(_("when"))
    words = models.CharField(_("words"), max_length=1000, blank=True)
    reason = models.CharField(_("type of the reason"), max_length=10, choices=Reason, blank=True)
    # With a yes: by when the contract comes. With a question: by when the answer is needed. With a no: from when on
    # they may ask again, if they may.
    by_day = models.DateField(_("day"), null=True, blank=True)
    # What went along: the parts as they were sent, and the profile of who sent it or said yes.
    content = models.JSONField(_("content"), default=dict, blank=True)

    class Meta:
        verbose_name = _("step of a request for funding")
        verbose_name_plural = _("steps of requests for funding")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="a_step_of_a_request_has_its_number"),
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(kind__in=["accepted", "declined", "withdrawn"]),
                name="a_request_is_settled_once",
            ),
            models.CheckConstraint(
                condition=(Q(kind="declined") & ~Q(reason="") & ~Q(words=""))
                | (~Q(kind="declined") & Q(reason="")),
                name="a_no_has_a_type_of_reason_and_words",
            ),
            models.CheckConstraint(
                condition=~Q(kind="asked") | ~Q(words=""), name="a_question_about_a_request_is_in_words"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["asked", "accepted"]) | Q(by_day__isnull=False),
                name="a_yes_and_a_question_name_a_day",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.number}"
