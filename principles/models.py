"""The principles, their questions and levels, in versions. Reference data: loaded from a reviewed file."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class PrincipleSetQuerySet(models.QuerySet):
    def published(self):
        """Editions that projects may start with, newest first."""
        return self.exclude(published_at=None).order_by("-published_at", "-pk")

    def current(self):
        """The edition that a new project takes; None before any is published."""
        return self.published().first()

    def with_use(self):
        """Adds `used_by`: how many projects started with the edition."""
        return self.annotate(used_by=models.Count("projects"))


class PrincipleSet(models.Model):
    """One edition of the principles. A published one that has been used can't be edited, only followed."""

    edition = models.CharField(_("edition"), max_length=20, unique=True)
    title = models.CharField(_("title"), max_length=120)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects = PrincipleSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition of the principles")
        verbose_name_plural = _("editions of the principles")

    def __str__(self):
        return f"{self.title} ({self.edition})"

    def in_use(self):
        """Whether projects have started with this edition."""
        return self.projects.exists()


class PrincipleQuerySet(models.QuerySet):
    def with_questions(self):
        """Principles with everything that a review page shows, in three queries however many there are."""
        return self.order_by("number").prefetch_related(
            models.Prefetch("questions", Question.objects.order_by("position").prefetch_related("levels"))
        )


class Principle(models.Model):
    principle_set = models.ForeignKey(
        PrincipleSet,
        on_delete=models.CASCADE,
        related_name="principles",
        verbose_name=_("edition of the principles"),
    )
    number = models.PositiveSmallIntegerField(_("number"))
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=60)
    question = models.CharField(_("question"), max_length=140)
    summary = models.TextField(_("what it means"))
    for_groups = models.TextField(_("what groups can do"))
    for_companies = models.TextField(_("what companies can do"))
    opening_question = models.CharField(_("a question to start with"), max_length=160)

    objects = PrincipleQuerySet.as_manager()

    class Meta:
        verbose_name = _("principle")
        verbose_name_plural = _("principles")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["principle_set", "number"], name="a_principle_has_its_own_number"
            ),
            models.UniqueConstraint(fields=["principle_set", "code"], name="a_principle_has_its_own_code"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("principles:principle_detail", args=[self.code])


class QuestionQuerySet(models.QuerySet):
    def in_current_edition(self):
        """Questions of the edition that a new project takes."""
        return self.filter(principle__principle_set__in=PrincipleSet.objects.published().values("pk")[:1])


class Question(models.Model):
    principle = models.ForeignKey(
        Principle, on_delete=models.CASCADE, related_name="questions", verbose_name=_("principle")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    code = models.SlugField(_("code"), max_length=40)
    short = models.CharField(_("short name"), max_length=60)
    text = models.CharField(_("question"), max_length=160)
    help = models.CharField(_("help"), max_length=160, blank=True)
    pulse = models.BooleanField(_("asked in check-ins too"), default=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["principle__number", "position"]
        constraints = [
            models.UniqueConstraint(fields=["principle", "position"], name="a_question_has_its_own_position"),
            models.UniqueConstraint(fields=["principle", "code"], name="a_question_has_its_own_code"),
        ]

    def __str__(self):
        return self.short


class Level(models.Model):
    """One level of one question: its word (No, Partly, Mostly, Yes) and a line of behaviour."""

    question = models.ForeignKey(
        Question, on_delete=models.CASCADE, related_name="levels", verbose_name=_("question")
    )
    value = models.PositiveSmallIntegerField(_("value"))
    label = models.CharField(_("word"), max_length=20)
    text = models.CharField(_("what it looks like"), max_length=100)

    class Meta:
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        ordering = ["value"]
        constraints = [
            models.UniqueConstraint(fields=["question", "value"], name="a_question_has_each_level_once"),
            models.CheckConstraint(condition=Q(value__gte=1, value__lte=4), name="a_level_is_one_to_four"),
        ]

    def __str__(self):
        return f"{self.value} {self.label}"
