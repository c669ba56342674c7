"""Who takes part in a project: organisations on their sides, and the people named for them.

Projects import this module, so it knows theirs by name alone.
"""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation


class ParticipationQuerySet(models.QuerySet):
    def partners(self):
        """Those who agree, sign and review. Agencies do none of it."""
        return self.filter(role=Participation.Role.PARTNER, left_at=None)

    def acted_by(self, person, *, known=False):
        """Participations for which this person acts: at most one on a project.

        Whoever is named on the project acts for that organisation and no other. Whoever is not named acts
        for the one organisation on it that they belong to; if they belong, or ever belonged, to another one
        on it too, they act for none until they are named. A membership that has ended gives nothing.

        Arguments:
            known: judge by the memberships that were read with the person, as a page may, which is much less to write
                and to plan. An action asks for them anew, in the same query.
        """
        if not person.is_authenticated:
            return self.none()
        if known:
            ever = [membership.organisation_id for membership in person.every_membership]
            now = person.organisation_ids()
        else:
            memberships = Membership.objects.filter(person=person)
            ever, now = memberships.values("organisation"), memberships.current().values("organisation")
        here = self.filter(left_at=None, organisation__in=now)
        # Who only ever belonged to one organisation belongs to no other one there, nor was ever named for one.
        if known and len(ever) < 2:
            return here
        # Nobody is named twice on a project.
        named = ProjectPerson.objects.filter(project=OuterRef("project"), person=person)
        elsewhere = Participation.objects.filter(project=OuterRef("project"), organisation__in=ever).exclude(
            organisation=OuterRef("organisation")
        )
        named_for_another = Exists(named.exclude(acting_for=OuterRef("organisation")))
        return here.filter(~named_for_another & (Exists(named) | ~Exists(elsewhere)))


class Participation(models.Model):
    """An organisation on a project, on one side."""

    class Side(models.TextChoices):
        GROUP = "group", _("Patient group")
        COMPANY = "company", _("Company")

    class Role(models.TextChoices):
        PARTNER = "partner", _("Partner")
        AGENCY = "agency", _("Agency")

    project = models.ForeignKey(
        "partnerships.Project",
        on_delete=models.CASCADE,
        related_name="participations",
        verbose_name=_("project"),
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="participations", verbose_name=_("organisation")
    )
    side = models.CharField(_("side"), max_length=10, choices=Side)
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.PARTNER)
    acts_for = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("acts for"),
    )
    joined_at = models.DateTimeField(_("joined"))
    left_at = models.DateTimeField(_("left"), null=True, blank=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["side", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "organisation"], name="an_organisation_takes_part_once"
            ),
            models.CheckConstraint(
                condition=Q(role="partner", acts_for=None) | Q(role="agency", acts_for__isnull=False),
                name="only_an_agency_acts_for_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.organisation} · {self.project}"


class ProjectPerson(models.Model):
    """A person named on a project. They act for one organisation there, fixed, visible to everybody on it."""

    project = models.ForeignKey(
        "partnerships.Project", on_delete=models.CASCADE, related_name="people", verbose_name=_("project")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="project_roles",
        verbose_name=_("person"),
    )
    acting_for = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("acting for")
    )
    joined_at = models.DateTimeField(_("joined at"))
    left_at = models.DateTimeField(_("left at"), null=True, blank=True)

    class Meta:
        verbose_name = _("person on a project")
        verbose_name_plural = _("people on projects")
        constraints = [
            # Also for those who left: whoever acted for one side never acts for the other.
            models.UniqueConstraint(fields=["project", "person"], name="a_person_acts_for_one_organisation"),
        ]
