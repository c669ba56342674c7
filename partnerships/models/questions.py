"""“We don’t understand this”: a question about a contract, from one side to the other."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from partnerships.models.contract import Contract, ContractRow
from partnerships.models.project import Participation, Project
from partnerships.models.turn import WORKING


class ContractQuestionQuerySet(models.QuerySet):
    def open(self):
        """Those that the asking side has not settled, of contracts that can still change."""
        over = [Project.Stage.COMPLETED, Project.Stage.WITHDRAWN]
        return self.filter(ended_at=None, contract__signed_at=None).exclude(contract__project__stage__in=over)

    def unanswered(self):
        """The open ones to which the other side owes an answer."""
        return self.open().filter(answered_at=None)

    def to_answer(self, person):
        """Those that this person may answer, as Lead or Owner of a partner on the other side."""
        return self.unanswered().filter(Exists(_acting(person).exclude(side=OuterRef("side"))))

    def to_settle(self, person):
        """Those that were answered, for a Lead or Owner of the asking side to say whether they understand."""
        answered = self.open().filter(answered_at__isnull=False)
        return answered.filter(Exists(_acting(person).filter(side=OuterRef("side"))))


def _acting(person):
    return Participation.objects.acted_by(person, known=True).filter(
        project=OuterRef("contract__project"),
        role=Participation.Role.PARTNER,
        organisation__in=person.organisation_ids(*WORKING),
    )


class ContractQuestion(models.Model):
    """What one side does not understand, and what the other side says to it.

    It ends when the asking side understands, or asks again: then another one follows it, with a clock of its own.
    """

    contract = models.ForeignKey(
        Contract, on_delete=models.CASCADE, related_name="questions", verbose_name=_("contract")
    )
    # What it is about: a row in plain words, or an item of the checklist.
    row = models.CharField(_("row"), max_length=8, choices=ContractRow.Code, blank=True)
    item = models.CharField(_("item"), max_length=20, blank=True)
    words = models.CharField(_("what is not understood"), max_length=400)
    follows = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="followed_by",
        verbose_name=_("asked again after"),
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    side = models.CharField(_("side"), max_length=8, choices=Participation.Side)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked at"))
    due_on = models.DateField(_("answer due on"))
    answer = models.CharField(_("answer"), max_length=600, blank=True)
    answered_for = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered for"),
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ended by"),
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    # False: they asked again.
    understood = models.BooleanField(_("understood"), null=True)

    objects = ContractQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question about a contract")
        verbose_name_plural = _("questions about contracts")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=(~Q(row="") & Q(item="")) | (Q(row="") & ~Q(item="")),
                name="a_question_is_about_one_thing",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="a_question_says_something"),
            models.CheckConstraint(
                condition=Q(answer="", answered_for=None, answered_by=None, answered_at=None)
                | (
                    ~Q(answer="")
                    & Q(answered_for__isnull=False, answered_by__isnull=False, answered_at__isnull=False)
                    & ~Q(answered_for=F("organisation"))
                ),
                name="another_answers_a_question",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, understood=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False, understood__isnull=False),
                name="the_end_of_a_question_is_whole",
            ),
            models.UniqueConstraint(
                fields=["contract", "side", "row", "item"],
                condition=Q(ended_at=None),
                name="a_side_asks_one_thing_at_a_time",
            ),
        ]

    def __str__(self):
        return self.words

    def get_absolute_url(self):
        contract = self.contract
        return reverse(
            "partnerships:question_detail", args=[contract.project.reference, contract.number, self.pk]
        )

    @property
    def is_answered(self):
        return self.answered_at is not None
