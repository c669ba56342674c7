"""Permissions to use a name, a logo, words, a picture or somebody who speaks (docs/rules.md 67 and 68)."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from partnerships.models.contract import FileState
from partnerships.models.participation import Participation
from partnerships.models.project import Project
from partnerships.models.turn import WORKING


class UsePermissionQuerySet(models.QuerySet):
    def open(self):
        """Asked for, neither answered nor taken back, on projects that go on. Their day may have passed."""
        return self.filter(answer="", ended_at=None).exclude(project__stage=Project.Stage.WITHDRAWN)

    def given(self):
        """Given, with conditions or without, and not withdrawn. Their day may have passed."""
        return self.filter(answer__in=UsePermission.GIVEN, ended_at=None)

    def not_renewed(self):
        """Those in whose place no later one was given."""
        return self.filter(~Exists(UsePermission.objects.given().filter(renews=OuterRef("pk"))))

    def answered_by(self, person):
        """Those that this person may answer, as Lead or Owner of the organisation that is asked."""
        theirs = Participation.objects.acted_by(person, known=True).filter(
            project=OuterRef("project"),
            organisation=OuterRef("giver"),
            role=Participation.Role.PARTNER,
        )
        return self.filter(Exists(theirs), giver__in=person.organisation_ids(*WORKING))


class UsePermission(models.Model):
    """One organisation may use something of another one: for one purpose, in one place, until a day.

    What was asked never changes; an answer and an end are added to it once. Another purpose is another permission.
    """

    class What(models.TextChoices):
        NAME = "name", _("Name")
        LOGO = "logo", _("Logo")
        BOTH = "both", _("Name and logo")
        QUOTATION = "quotation", _("Quotation")
        PHOTOGRAPH = "photograph", _("Photograph")
        SPOKESPERSON = "spokesperson", _("Somebody who speaks")

    class Answer(models.TextChoices):
        GIVEN = "given", _("Given")
        CONDITIONS = "conditions", _("Given with conditions")
        REFUSED = "refused", _("Refused")

    GIVEN = (Answer.GIVEN, Answer.CONDITIONS)
    # Without the words, the picture or the person nobody knows what exactly was allowed.
    NEED_ITEM = (What.QUOTATION, What.PHOTOGRAPH, What.SPOKESPERSON)

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="use_permissions", verbose_name=_("project")
    )
    giver = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("whose it is")
    )
    holder = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("who may use it")
    )
    what = models.CharField(_("what"), max_length=12, choices=What)
    item = models.CharField(_("what exactly"), max_length=600, blank=True)
    purpose = models.CharField(_("what for"), max_length=300)
    place = models.CharField(_("where it appears"), max_length=300)
    until = models.DateField(_("until"))
    # The exact item, under a name of our own. A renewal names the same file.
    file = models.FileField(_("file"), upload_to="permissions/", blank=True)
    file_name = models.CharField(_("file name"), max_length=200, blank=True)
    content_type = models.CharField(max_length=100, blank=True, verbose_name=_("type of the file"))
    size = models.PositiveBigIntegerField(default=0, verbose_name=_("size in bytes"))
    sha256 = models.CharField(max_length=64, blank=True, verbose_name=_("SHA-256"))
    state = models.CharField(_("virus check"), max_length=8, choices=FileState, default=FileState.CLEAN)
    # In whose place this one comes, with the same words.
    renews = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="renewals",
        verbose_name=_("renews"),
    )
    # Of the holder when it was asked for, of the giver when it was given unasked.
    written_for = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("written for")
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(verbose_name=_("written at"))

    answer = models.CharField(_("answer"), max_length=10, choices=Answer, blank=True)
    # The conditions, or why it was refused.
    answer_words = models.CharField(max_length=600, blank=True, verbose_name=_("words of the answer"))
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(null=True, blank=True, verbose_name=_("answered at"))

    # Withdrawn by the giver, or given back or taken back by the holder.
    ended_for = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ended for"),
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ended by"),
    )
    end_reason = models.CharField(_("why it ended"), max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, verbose_name=_("ended at"))

    objects = UsePermissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("permission to use")
        verbose_name_plural = _("permissions to use")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(giver=F("holder")), name="nobody_asks_oneself_for_permission"
            ),
            models.CheckConstraint(
                condition=Q(written_for=F("giver")) | Q(written_for=F("holder")),
                name="a_permission_is_written_by_one_of_the_two",
            ),
            models.CheckConstraint(
                condition=~Q(what__in=["quotation", "photograph", "spokesperson"])
                | ~Q(item="")
                | ~Q(file=""),
                name="a_permission_names_the_exact_item",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by=None, answer_words="")
                | (~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="an_answer_about_a_permission_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(answer__in=["", "given"], answer_words="")
                | (Q(answer__in=["conditions", "refused"]) & ~Q(answer_words="")),
                name="conditions_and_refusals_are_in_words",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_for=None, ended_by=None, end_reason="")
                | (
                    Q(ended_at__isnull=False, ended_for__isnull=False, ended_by__isnull=False)
                    & ~Q(end_reason="")
                ),
                name="a_permission_ends_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(answer="refused") | Q(ended_at=None), name="what_was_refused_does_not_end"
            ),
        ]

    def __str__(self):
        return str(self.get_what_display())

    @property
    def is_unasked(self) -> bool:
        """Whether it was given without having been asked for."""
        return self.written_for_id == self.giver_id

    @property
    def is_open(self) -> bool:
        return not self.answer and self.ended_at is None

    @property
    def is_given(self) -> bool:
        """Whether it was given and not withdrawn. Its day may have passed."""
        return self.answer in self.GIVEN and self.ended_at is None

    def has_passed(self, today: dt.date) -> bool:
        """Whether its last day is over, as the project counts its days."""
        return self.until < today

    def holds(self, today: dt.date) -> bool:
        """Whether the holder may use it today."""
        return self.is_given and not self.has_passed(today)
