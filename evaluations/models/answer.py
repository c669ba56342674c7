"""What a review says. Sealed: only the package `evaluations.sealing` may import this module."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluations.models.promise import HelpQuestion
from evaluations.models.review import Review
from principles.models import Question


class Answer(models.Model):
    """An organisation's answer to one question: a level, or one of two answers outside the scale."""

    class Outside(models.TextChoices):
        DONT_KNOW = "dont_know", _("I don’t know")
        NOT_HERE = "not_here", _("Not in this project")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+", verbose_name=_("review"))
    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, related_name="+", verbose_name=_("question")
    )
    level = models.PositiveSmallIntegerField(_("level"), null=True, blank=True)
    outside = models.CharField(_("outside the scale"), max_length=10, choices=Outside, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    # Counts writes: a form carries the number it read, so that a colleague's change is noticed.
    revision = models.PositiveIntegerField(_("revision"), default=1)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("saved by")
    )
    saved_at = models.DateTimeField(_("saved at"))
    # Names the open page that saved last: a page never conflicts with itself.
    page = models.CharField(_("saved by the page"), max_length=16, blank=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(fields=["review", "question"], name="one_answer_to_a_question"),
            models.CheckConstraint(
                condition=Q(level=None) | Q(level__gte=1, level__lte=4, outside=""),
                name="an_answer_is_a_level_or_outside_the_scale",
            ),
        ]

    @property
    def answer(self) -> int | str | None:
        """What was chosen, as forms and marks have it."""
        return self.outside or self.level


class HelpAnswer(models.Model):
    """Whether something that was brought from an earlier project helped. Sealed like an answer; never a number."""

    class Helped(models.TextChoices):
        NO = "no", _("No")
        LITTLE = "little", _("A little")
        YES = "yes", _("Yes")
        DONT_KNOW = "dont_know", _("I don’t know")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+", verbose_name=_("review"))
    question = models.ForeignKey(
        HelpQuestion, on_delete=models.RESTRICT, related_name="+", verbose_name=_("question")
    )
    helped = models.CharField(_("did it help"), max_length=10, choices=Helped, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("saved by")
    )
    saved_at = models.DateTimeField(_("saved at"))
    page = models.CharField(_("saved by the page"), max_length=16, blank=True)

    class Meta:
        verbose_name = _("answer to whether something helped")
        verbose_name_plural = _("answers to whether something helped")
        constraints = [
            models.UniqueConstraint(
                fields=["review", "question"], name="one_answer_to_whether_something_helped"
            ),
        ]

    @property
    def answer(self) -> str | None:
        """What was chosen, as forms have it."""
        return self.helped or None


class Overall(models.Model):
    """The closing page of a review. Sealed like an answer; never averaged."""

    class Again(models.TextChoices):
        YES = "yes", _("Yes")
        CHANGED = "changed", _("Yes, with changes")
        NO = "no", _("No")
        UNSURE = "unsure", _("Not sure")

    review = models.OneToOneField(
        Review, on_delete=models.CASCADE, related_name="+", verbose_name=_("review")
    )
    again = models.CharField(_("would you do it again"), max_length=10, choices=Again, blank=True)
    keep = models.TextField(_("what to keep"), blank=True)
    change = models.TextField(_("what to change"), blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("saved by")
    )
    saved_at = models.DateTimeField(_("saved at"))
    page = models.CharField(_("saved by the page"), max_length=16, blank=True)

    class Meta:
        verbose_name = _("overall answer")
        verbose_name_plural = _("overall answers")
