"""What an agency does on a project, as the partner that it works for wrote it down (docs/rules.md 69 and 70)."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from partnerships.models.participation import Participation


class AgencyBriefQuerySet(models.QuerySet):
    def newest(self):
        """The version of each that counts."""
        later = AgencyBrief.objects.filter(
            participation=OuterRef("participation"), number__gt=OuterRef("number")
        )
        return self.filter(~Exists(later))


class AgencyBrief(models.Model):
    """Role, deliverables, contacts and what an agency holds: one version. The newest counts, none of them ever changes."""

    participation = models.ForeignKey(
        Participation, on_delete=models.PROTECT, related_name="briefs", verbose_name=_("part in the project")
    )
    number = models.PositiveSmallIntegerField(_("version"))
    role = models.CharField(_("role"), max_length=300)
    deliverables = models.CharField(_("what it delivers"), max_length=600)
    contacts = models.CharField(_("contacts"), max_length=300)
    holds = models.CharField(_("what it holds"), max_length=600, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("written for")
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(verbose_name=_("written at"))

    objects = AgencyBriefQuerySet.as_manager()

    class Meta:
        verbose_name = _("brief of an agency")
        verbose_name_plural = _("briefs of agencies")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "number"], name="a_brief_of_an_agency_has_its_own_number"
            ),
            models.CheckConstraint(
                condition=~Q(role="") & ~Q(deliverables="") & ~Q(contacts=""),
                name="a_brief_of_an_agency_says_everything",
            ),
        ]

    def __str__(self):
        return Truncator(self.role).chars(60)
