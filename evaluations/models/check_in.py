"""Check-ins: five questions while a project runs. What one sends the others read at once.

The opposite of a review. Nothing in here is sealed, and nothing in here knows of answers in reviews: neither
the door before the answers nor the answers themselves are ever imported for a check-in.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from partnerships.models import Project
from principles.models import Question


class CheckInSchedule(models.Model):
    """How often a project checks in, and when next: one row for each project, kept by `actions.check_ins`.

    The day is worked out from what stands elsewhere, and stored so that a sweep and home find it without reading all.
    """

    class Weeks(models.IntegerChoices):
        FOUR = 4, _("Every 4 weeks")
        SIX = 6, _("Every 6 weeks")
        EIGHT = 8, _("Every 8 weeks")

    project = models.OneToOneField(
        Project, on_delete=models.CASCADE, related_name="check_in_schedule", verbose_name=_("project")
    )
    weeks = models.PositiveSmallIntegerField(_("rhythm"), choices=Weeks, default=Weeks.SIX)
    # Nothing when no more comes: Deliver is over, or its end is near.
    next_on = models.DateField(_("next check-in"), null=True, blank=True, db_index=True)

    class Meta:
        verbose_name = _("rhythm of check-ins")
        verbose_name_plural = _("rhythms of check-ins")
        constraints = [
            models.CheckConstraint(
                condition=Q(weeks__in=[4, 6, 8]), name="check_ins_have_one_of_three_rhythms"
            )
        ]


class CheckInQuerySet(models.QuerySet):
    def open(self):
        """Those that are not closed: at most one on a project."""
        return self.filter(closed_at=None)


class CheckIn(models.Model):
    """One check-in of a project. The first is where it started from.

    It closes when the next one opens, or when Deliver ends; from then on it stays as it is.
    """

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="check_ins", verbose_name=_("project")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    opened_at = models.DateTimeField(_("opened"))
    # Nobody: its day had come.
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("added by"),
    )
    due_on = models.DateField(_("due"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = CheckInQuerySet.as_manager()

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="a_check_in_has_its_own_number"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(closed_at=None), name="one_check_in_is_open_on_a_project"
            ),
        ]

    def __str__(self):
        return _("Check-in {number} · {project}").format(number=self.number, project=self.project)


class CheckInReplyQuerySet(models.QuerySet):
    def waiting(self):
        """What can still be sent and was not."""
        return self.filter(state=CheckInReply.State.OPEN, check_in__closed_at=None)


class CheckInReply(models.Model):
    """What became of a check-in at one partner. Made when it opens: who is asked is fixed."""

    class State(models.TextChoices):
        OPEN = "open", _("Not answered yet")
        SENT = "sent", _("Sent")
        SKIPPED = "skipped", _("Skipped")
        MISSED = "missed", _("Not answered")

    class Reason(models.TextChoices):
        NOTHING_NEW = "nothing_new", _("Nothing has happened since the last one")
        NO_TIME = "no_time", _("We have no time for it now")
        AWAY = "away", _("Who could answer is away")
        TALKED = "talked", _("We have talked about it already")
        OTHER = "other", _("Something else")

    check_in = models.ForeignKey(
        CheckIn, on_delete=models.PROTECT, related_name="replies", verbose_name=_("check-in")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    # Counts what was sent: a page carries the number it read, so that a colleague's is noticed.
    revision = models.PositiveSmallIntegerField(_("how often it was sent"), default=0)
    line = models.CharField(_("one line"), max_length=300, blank=True)
    reason = models.CharField(_("why it was skipped"), max_length=12, choices=Reason, blank=True)
    reason_words = models.CharField(_("why, in words"), max_length=300, blank=True)
    # When it was first sent, or skipped; a correction has a time of its own.
    said_at = models.DateTimeField(_("said at"), null=True, blank=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("said by"),
    )
    corrected_at = models.DateTimeField(_("corrected"), null=True, blank=True)

    objects = CheckInReplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply to a check-in")
        verbose_name_plural = _("replies to check-ins")
        ordering = ["check_in", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["check_in", "organisation"], name="a_partner_replies_to_a_check_in_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "missed"], said_at=None, said_by=None)
                | Q(state__in=["sent", "skipped"], said_at__isnull=False, said_by__isnull=False),
                name="what_was_said_in_a_check_in_has_a_name",
            ),
            models.CheckConstraint(
                condition=Q(state="skipped") & ~Q(reason="") | ~Q(state="skipped") & Q(reason=""),
                name="a_skipped_check_in_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(("reason", "other")) | ~Q(reason_words=""),
                name="another_reason_to_skip_has_words",
            ),
        ]

    def __str__(self):
        return f"{self.organisation} · {self.check_in}"

    @property
    def is_sent(self) -> bool:
        return self.state == self.State.SENT


class CheckInAnswer(models.Model):
    """A partner's answer to one question of a check-in: a level, or one of two answers outside the scale.

    Not `Answer`, which is sealed: this one is everybody's to read from the moment it is there.
    """

    class Outside(models.TextChoices):
        DONT_KNOW = "dont_know", _("I don’t know")
        NOT_HERE = "not_here", _("Not in this project")

    reply = models.ForeignKey(
        CheckInReply, on_delete=models.PROTECT, related_name="answers", verbose_name=_("reply")
    )
    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, related_name="+", verbose_name=_("question")
    )
    level = models.PositiveSmallIntegerField(_("level"), null=True, blank=True)
    outside = models.CharField(_("outside the scale"), max_length=10, choices=Outside, blank=True)
    # Said with "the rest is as last time", rather than chosen anew.
    as_before = models.BooleanField(_("as last time"), default=False)

    class Meta:
        verbose_name = _("answer in a check-in")
        verbose_name_plural = _("answers in check-ins")
        ordering = ["reply", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["reply", "question"], name="one_answer_in_a_check_in"),
            models.CheckConstraint(
                condition=Q(level__isnull=False, level__gte=1, level__lte=4, outside="")
                | Q(level=None) & ~Q(outside=""),
                name="an_answer_in_a_check_in_is_a_level_or_outside",
            ),
        ]

    @property
    def answer(self) -> int | str:
        """What was chosen, as forms have it."""
        return self.outside or self.level
