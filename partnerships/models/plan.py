"""The plan: six parts, written in versions, each agreed by every partner."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from partnerships.models.project import Project


class PlanPart(models.Model):
    """One version of one part of the plan. The highest version is what stands; an agreement binds to it."""

    class Code(models.TextChoices):
        WHO = "who", _("Who with")
        WHY = "why", _("Why for patients")
        WHAT = "what", _("What will happen")
        BRINGS = "brings", _("Who brings what")
        WHEN = "when", _("When")
        LEARNINGS = "learnings", _("Learnings to bring")

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="plan_parts", verbose_name=_("project")
    )
    code = models.CharField(_("part"), max_length=10, choices=Code)
    version = models.PositiveIntegerField(_("version"), default=1)
    # The fields of the part's form by name; which ones a part has is in `partnerships.rulesets.plan`.
    values = models.JSONField(_("values"), default=dict)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    written_at = models.DateTimeField(_("written at"))
    complete = models.BooleanField(_("complete"), default=False)
    # When the last partner agreed to this version: it stands until a later one is agreed by all.
    agreed_at = models.DateTimeField(_("agreed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("part of a plan")
        verbose_name_plural = _("parts of plans")
        ordering = ["code", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "code", "version"], name="a_part_has_each_version_once"
            ),
        ]

    def __str__(self):
        return f"{self.get_code_display()} {self.version}"


class PlanAgreement(models.Model):
    """An organisation agrees to one version of a part."""

    part = models.ForeignKey(
        PlanPart, on_delete=models.CASCADE, related_name="agreements", verbose_name=_("part")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    agreed_at = models.DateTimeField(_("agreed at"))

    class Meta:
        verbose_name = _("agreement to a part")
        verbose_name_plural = _("agreements to parts")
        constraints = [
            models.UniqueConstraint(fields=["part", "organisation"], name="an_organisation_agrees_once"),
        ]


class PlanSuggestion(models.Model):
    """Other words for a part, against the version that was read. Accepting it makes the next version."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Not taken over")
        REPLACED = "replaced", _("Replaced by a newer version")
        TAKEN_BACK = "taken_back", _("Taken back")

    part = models.ForeignKey(
        PlanPart, on_delete=models.CASCADE, related_name="suggestions", verbose_name=_("part")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    values = models.JSONField(_("values"), default=dict)
    note = models.CharField(_("why"), max_length=400, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN)
    made_at = models.DateTimeField(_("made at"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("settled by"),
    )

    class Meta:
        verbose_name = _("suggested change")
        verbose_name_plural = _("suggested changes")
        constraints = [
            models.UniqueConstraint(
                fields=["part", "organisation"],
                condition=models.Q(state="open"),
                name="one_open_suggestion_for_a_part",
            ),
        ]
