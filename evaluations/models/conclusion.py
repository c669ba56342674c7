"""The joint conclusion, the promises in it, and what is carried into the next project."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from partnerships.models import Project
from principles.models import Principle


class Conclusion(models.Model):
    """What both sides sign after reading the reviews together. Written in turns."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="conclusion")
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    # Who holds the pen. Empty once it is signed by all.
    pen = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Counts changes: a signature binds to the revision that was read.
    revision = models.PositiveIntegerField(default=1)
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("joint conclusion")


class ConclusionPart(models.Model):
    class Code(models.TextChoices):
        WELL = "well", _("What went well")
        HARD = "hard", _("What was hard")
        DIFFERENT = "different", _("What we do differently")

    conclusion = models.ForeignKey(Conclusion, on_delete=models.CASCADE, related_name="parts")
    code = models.CharField(max_length=10, choices=Code)
    text = models.TextField(blank=True)
    drafted = models.BooleanField(_("still the draft that was offered"), default=True)
    # "We don't agree on this" is a valid end: both texts stand side by side.
    disagreed = models.BooleanField(default=False)
    public = models.BooleanField(_("may be public"), default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["conclusion", "code"], name="a_conclusion_has_each_part_once")
        ]


class PartView(models.Model):
    """An organisation's own text for a part on which they don't agree."""

    part = models.ForeignKey(ConclusionPart, on_delete=models.CASCADE, related_name="views")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["part", "organisation"], name="one_view_of_a_part")]


class ConclusionSignature(models.Model):
    conclusion = models.ForeignKey(Conclusion, on_delete=models.CASCADE, related_name="signatures")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField()
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conclusion", "organisation"], name="an_organisation_signs_a_conclusion_once"
            ),
        ]


class PromiseQuerySet(models.QuerySet):
    def visible_to(self, person):
        """Promises of projects this person may see."""
        return self.filter(project__in=Project.objects.visible_to(person))

    def open(self):
        """Promises made with a signature and neither kept nor dropped."""
        return self.filter(state=Promise.State.OPEN)


class Promise(models.Model):
    """What, who, by when, and on which principle."""

    class State(models.TextChoices):
        DRAFT = "draft", _("In the draft")
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="promises")
    conclusion = models.ForeignKey(
        Conclusion, on_delete=models.CASCADE, null=True, blank=True, related_name="promises"
    )
    position = models.PositiveSmallIntegerField(default=1)
    what = models.CharField(_("what"), max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="promises"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="promises"
    )
    due_on = models.DateField(_("by when"), null=True, blank=True)
    principle = models.ForeignKey(
        Principle, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # How we know it is done, or why it was dropped.
    settled_how = models.CharField(max_length=400, blank=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("promise")
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
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(settled_how=""),
                name="a_dropped_promise_says_why",
            ),
        ]
        indexes = [models.Index(fields=["owner", "state", "due_on"], name="promises_of_a_person")]

    def __str__(self):
        return self.what


class CarriedItem(models.Model):
    """A promise or a learning from an earlier project, brought into a new one."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="carried_items")
    promise = models.ForeignKey(
        Promise, on_delete=models.PROTECT, null=True, blank=True, related_name="carried_to"
    )
    part = models.ForeignKey(
        ConclusionPart, on_delete=models.PROTECT, null=True, blank=True, related_name="carried_to"
    )
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    brought_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(promise__isnull=False, part=None) | Q(promise=None, part__isnull=False),
                name="a_promise_or_a_learning_is_carried",
            ),
            models.UniqueConstraint(fields=["project", "promise"], name="a_promise_is_carried_once"),
            models.UniqueConstraint(fields=["project", "part"], name="a_learning_is_carried_once"),
        ]
