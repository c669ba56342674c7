"""The joint conclusion: three parts, written in turns with one pen, and signed by everybody."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from partnerships.models import Project


class Conclusion(models.Model):
    """What both sides sign after reading the reviews together. Written in turns."""

    project = models.OneToOneField(
        Project, on_delete=models.CASCADE, related_name="conclusion", verbose_name=_("project")
    )
    started_at = models.DateTimeField(_("started at"))
    started_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("started by")
    )
    # Who holds the pen. Empty once it is signed by all.
    pen = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who holds the pen"),
    )
    # When the pen was passed on or something was saved with it, whichever came last: one that lies can be taken.
    touched_at = models.DateTimeField(_("touched at"))
    # Counts changes: a signature binds to the revision that was read.
    revision = models.PositiveIntegerField(_("revision"), default=1)
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("joint conclusion")
        verbose_name_plural = _("joint conclusions")

    def content(self) -> dict:
        """What it says now, as plain data: three parts by code, and the promises of the draft by position."""
        parts = self.parts.prefetch_related("views")
        return {
            "parts": {
                part.code: {
                    "text": part.text,
                    "drafted": part.drafted,
                    "disagreed": part.disagreed,
                    "public": part.public,
                    "views": {str(view.organisation_id): view.text for view in part.views.all()},
                }
                for part in parts
            },
            "promises": [
                {
                    "position": promise.position,
                    "what": promise.what,
                    "owner": promise.owner_id,
                    "organisation": promise.organisation_id,
                    "due_on": promise.due_on.isoformat() if promise.due_on else None,
                    "principle": promise.principle_id,
                }
                for promise in self.promises.all()
            ],
        }

    def last_turn(self) -> "ConclusionTurn | None":
        """The last time it was handed over."""
        return self.turns.order_by("-pk").first()

    def is_open_to(self, organisation) -> bool:
        """Whether an organisation sees it as it stands: it holds the pen, or everything is signed.

        Everybody else reads what was last handed over: what is being written stays with the writer until it is sent.
        """
        return self.signed_at is not None or self.pen_id == organisation.pk


class ConclusionPart(models.Model):
    class Code(models.TextChoices):
        WELL = "well", _("What went well")
        HARD = "hard", _("What was hard")
        DIFFERENT = "different", _("What we do differently")

    conclusion = models.ForeignKey(
        Conclusion, on_delete=models.CASCADE, related_name="parts", verbose_name=_("conclusion")
    )
    code = models.CharField(_("part"), max_length=10, choices=Code)
    text = models.TextField(_("text"), blank=True)
    drafted = models.BooleanField(_("still the draft that was offered"), default=True)
    # "We don't agree on this" is a valid end: both texts stand side by side.
    disagreed = models.BooleanField(_("disagreed"), default=False)
    public = models.BooleanField(_("may be public"), default=False)

    class Meta:
        verbose_name = _("part of a joint conclusion")
        verbose_name_plural = _("parts of joint conclusions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["conclusion", "code"], name="a_conclusion_has_each_part_once")
        ]


class PartView(models.Model):
    """An organisation's own text for a part on which they don't agree."""

    part = models.ForeignKey(
        ConclusionPart, on_delete=models.CASCADE, related_name="views", verbose_name=_("part")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    text = models.TextField(_("text"), blank=True)

    class Meta:
        verbose_name = _("view of a part")
        verbose_name_plural = _("views of parts")
        constraints = [models.UniqueConstraint(fields=["part", "organisation"], name="one_view_of_a_part")]


class ConclusionSignature(models.Model):
    conclusion = models.ForeignKey(
        Conclusion, on_delete=models.CASCADE, related_name="signatures", verbose_name=_("conclusion")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    revision = models.PositiveIntegerField(_("revision"))
    signed_at = models.DateTimeField(_("signed at"))

    class Meta:
        verbose_name = _("signature of a joint conclusion")
        verbose_name_plural = _("signatures of joint conclusions")
        constraints = [
            models.UniqueConstraint(
                fields=["conclusion", "organisation"], name="an_organisation_signs_a_conclusion_once"
            ),
        ]


class ConclusionTurn(models.Model):
    """The pen was handed over, with what the conclusion said at that moment. Others read this until the next one."""

    conclusion = models.ForeignKey(
        Conclusion, on_delete=models.CASCADE, related_name="turns", verbose_name=_("conclusion")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    handed_to = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("handed to")
    )
    revision = models.PositiveIntegerField(_("revision"))
    content = models.JSONField(_("content"), default=dict)
    handed_at = models.DateTimeField(_("handed at"))

    class Meta:
        verbose_name = _("turn of a joint conclusion")
        verbose_name_plural = _("turns of joint conclusions")

    @property
    def was_taken(self) -> bool:
        """Nobody handed it over: the pen was taken from somebody who let it lie."""
        return self.organisation_id == self.handed_to_id


class TakenPenQuerySet(models.QuerySet):
    def kept_for(self, organisation):
        """What this organisation had written and not sent when the pen was taken from it. Nobody else reads it."""
        return self.filter(taken_from=organisation).exclude(unsent={}).order_by("-pk")


class TakenPen(models.Model):
    """The pen was taken from somebody who had let it lie, with what they had written and not sent."""

    conclusion = models.ForeignKey(
        Conclusion, on_delete=models.CASCADE, related_name="taken_pens", verbose_name=_("conclusion")
    )
    taken_from = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("taken from")
    )
    taken_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("taken by")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    taken_at = models.DateTimeField(_("taken at"))
    # For `taken_from` alone; empty when they had sent everything.
    unsent = models.JSONField(_("written and not sent"), default=dict, blank=True)

    objects = TakenPenQuerySet.as_manager()

    class Meta:
        verbose_name = _("pen that was taken")
        verbose_name_plural = _("pens that were taken")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(taken_from=models.F("taken_by")), name="a_pen_is_taken_from_somebody_else"
            )
        ]
