"""Promises, and what is carried into the next project."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from evaluations.models.conclusion import Conclusion, ConclusionPart
from partnerships.models import Participation, Project
from principles.models import Principle


class PromiseQuerySet(models.QuerySet):
    def visible_to(self, person):
        """Promises that were made on projects where this person acts for a partner. Agencies read none."""
        acted = Participation.objects.partners().acted_by(person)
        return self.made().filter(project__in=acted.values("project"))

    def made(self):
        """Promises that both sides signed, or that were added later; not those of a draft."""
        return self.exclude(state=Promise.State.DRAFT)

    def open(self):
        """Promises made and neither kept nor dropped."""
        return self.filter(state=Promise.State.OPEN)

    def owned_by(self, person):
        """Promises this person gave and still answers for: they act for the organisation they gave it for."""
        given_for = Participation.objects.acted_by(person, known=True).filter(
            project=OuterRef("project"),
            organisation=OuterRef("organisation"),
            role=Participation.Role.PARTNER,
        )
        return self.made().filter(Exists(given_for), owner=person)


class Promise(models.Model):
    """What, who, by when, and on which principle."""

    class State(models.TextChoices):
        DRAFT = "draft", _("In the draft")
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="promises", verbose_name=_("project")
    )
    conclusion = models.ForeignKey(
        Conclusion,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="promises",
        verbose_name=_("conclusion"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    what = models.CharField(_("what"), max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="promises",
        verbose_name=_("owner"),
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="promises",
        verbose_name=_("organisation"),
    )
    due_on = models.DateField(_("by when"), null=True, blank=True)
    principle = models.ForeignKey(
        Principle,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("principle"),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("settled by"),
    )
    # How we know it is done, or why it was dropped.
    settled_how = models.CharField(_("how we know, or why not"), max_length=400, blank=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(
                    owner__isnull=False,
                    due_on__isnull=False,
                    organisation__isnull=False,
                    principle__isnull=False,
                ),
                name="a_promise_has_a_name_and_a_date",
            ),
            # "At most three" at signing; those that were added later stand beside the conclusion.
            models.CheckConstraint(
                condition=Q(conclusion=None) | Q(position__range=(1, 3)),
                name="a_conclusion_has_at_most_three_promises",
            ),
            models.UniqueConstraint(
                fields=["conclusion", "position"], name="one_promise_in_one_place_of_a_conclusion"
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(settled_how=""),
                name="a_dropped_promise_says_why",
            ),
        ]
        indexes = [models.Index(fields=["owner", "state", "due_on"], name="promises_of_a_person")]

    def __str__(self):
        return self.what

    def is_overdue(self, today: dt.date) -> bool:
        return self.state == self.State.OPEN and self.due_on < today


class CarriedItemQuerySet(models.QuerySet):
    def brought_into(self, project, organisation):
        """What came into a project from earlier ones, as this organisation may read it, promises first."""
        return (
            self.filter(project=project)
            .readable_by(organisation)
            .select_related(
                "promise__owner",
                "promise__organisation",
                "promise__principle",
                "promise__project",
                "part__conclusion__project",
            )
            .order_by(models.F("promise__due_on").asc(nulls_last=True), "pk")
        )

    def readable_by(self, organisation):
        """What an organisation may read of it: of projects it was a partner in, and what both sides made public.

        Somebody who joins the next project does not get to read what was agreed between others.
        """
        mine = Participation.objects.filter(
            organisation=organisation, role=Participation.Role.PARTNER
        ).values("project")
        return self.filter(
            Q(promise__project__in=mine) | Q(part__conclusion__project__in=mine) | Q(part__public=True)
        )


class CarriedItem(models.Model):
    """A promise or a learning from an earlier project, brought into a new one."""

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="carried_items", verbose_name=_("project")
    )
    promise = models.ForeignKey(
        Promise,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="carried_to",
        verbose_name=_("promise"),
    )
    part = models.ForeignKey(
        ConclusionPart,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="carried_to",
        verbose_name=_("part"),
    )
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("brought by")
    )
    brought_at = models.DateTimeField(_("brought at"))

    objects = CarriedItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item carried on")
        verbose_name_plural = _("items carried on")
        constraints = [
            models.CheckConstraint(
                condition=Q(promise__isnull=False, part=None) | Q(promise=None, part__isnull=False),
                name="a_promise_or_a_learning_is_carried",
            ),
            models.UniqueConstraint(fields=["project", "promise"], name="a_promise_is_carried_once"),
            models.UniqueConstraint(fields=["project", "part"], name="a_learning_is_carried_once"),
        ]


class HelpQuestionQuerySet(models.QuerySet):
    def asked_in(self, project, organisation):
        """What the reviews of a project ask about what was brought along, in the order in which it is asked.

        Each tells by `is_known` whether this organisation may know where it came from: it was a partner there.
        """
        mine = Participation.objects.filter(
            organisation=organisation,
            role=Participation.Role.PARTNER,
            project=Coalesce(OuterRef("promise__project"), OuterRef("part__conclusion__project")),
        )
        return (
            self.filter(project=project)
            .select_related("promise__organisation", "promise__project", "part__conclusion__project")
            .annotate(is_known=Exists(mine))
            .order_by("position")
        )


class HelpQuestion(models.Model):
    """The question "Did it help?" about something that the plan of a project brought from an earlier one.

    Every review of the project asks it. Made when the project enters Review, from the plan that all had agreed; from
    then on it is fixed what is asked (docs/rules.md 14).
    """

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="help_questions", verbose_name=_("project")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    promise = models.ForeignKey(
        Promise,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="help_questions",
        verbose_name=_("promise"),
    )
    part = models.ForeignKey(
        ConclusionPart,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="help_questions",
        verbose_name=_("part"),
    )
    # The words of the plan, which everybody on the project has read and agreed to.
    text = models.CharField(_("text"), max_length=300)

    objects = HelpQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question whether something helped")
        verbose_name_plural = _("questions whether something helped")
        constraints = [
            models.CheckConstraint(
                condition=Q(promise__isnull=False, part=None) | Q(promise=None, part__isnull=False),
                name="a_promise_or_a_learning_is_asked_about",
            ),
            models.UniqueConstraint(fields=["project", "position"], name="one_question_in_one_place"),
            models.UniqueConstraint(fields=["project", "promise"], name="a_promise_is_asked_about_once"),
            models.UniqueConstraint(fields=["project", "part"], name="a_learning_is_asked_about_once"),
        ]

    def __str__(self):
        return self.text

    @property
    def short(self) -> str:
        """Its first words, for a link to it."""
        return Truncator(self.text).words(8)
