"""Calls that somebody asks for: "We need to talk", with three times for the other side to choose from."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from partnerships.models import WORKING, Participation, Project


class CallQuerySet(models.QuerySet):
    def open(self):
        """Those whose times nobody has chosen from yet."""
        return self.filter(state=Call.State.OPEN)

    def answered_by(self, person):
        """Those of the other side, for somebody who may choose a time for their organisation."""
        suggesting = Participation.objects.filter(
            project=OuterRef("project"), organisation=OuterRef(OuterRef("organisation"))
        )
        opposite = (
            Participation.objects.acted_by(person, known=True)
            .filter(
                project=OuterRef("project"),
                role=Participation.Role.PARTNER,
                organisation__in=person.organisation_ids(*WORKING),
            )
            .exclude(side__in=suggesting.values("side"))
        )
        return self.filter(Exists(opposite))


class Call(models.Model):
    """A call that one side suggests. Its times never change: other times are another suggestion."""

    class State(models.TextChoices):
        OPEN = "open", _("Waits for an answer")
        PICKED = "picked", _("A time was chosen")
        NONE_FITS = "none_fits", _("No time fits")
        # Other times took its place, or Deliver ended before anybody answered.
        LAPSED = "lapsed", _("Overtaken")

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="calls", verbose_name=_("project")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("suggested by")
    )
    suggested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    suggested_at = models.DateTimeField(_("suggested at"))
    first_at = models.DateTimeField(_("first time"))
    second_at = models.DateTimeField(_("second time"))
    third_at = models.DateTimeField(_("third time"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    picked_at = models.DateTimeField(_("time chosen"), null=True, blank=True)
    words = models.CharField(_("why none fits"), max_length=300, blank=True)
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

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggested call")
        verbose_name_plural = _("suggested calls")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(state="open"), name="one_call_waits_for_an_answer"
            ),
            models.CheckConstraint(
                condition=Q(first_at__lt=F("second_at"), second_at__lt=F("third_at")),
                name="a_call_offers_three_times",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="picked",
                    picked_at__isnull=False,
                    picked_at__in=[F("first_at"), F("second_at"), F("third_at")],
                )
                | ~Q(state="picked") & Q(picked_at=None),
                name="a_chosen_time_is_one_of_three",
            ),
            models.CheckConstraint(
                condition=~Q(state="none_fits") | ~Q(words=""), name="when_no_time_fits_there_are_words"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["picked", "none_fits"], answered_by__isnull=False, answered_at__isnull=False
                )
                | Q(state__in=["open", "lapsed"], answered_by=None),
                name="an_answer_about_a_call_has_a_name",
            ),
        ]

    def __str__(self):
        return _("Call · {project}").format(project=self.project)

    @property
    def times(self) -> list:
        """The three times, the earliest first."""
        return [self.first_at, self.second_at, self.third_at]
