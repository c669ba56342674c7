"""Interests that matter: what people on a project declare, in versions, and what is decided about each."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from partnerships.models.participation import Participation, ProjectPerson
from partnerships.models.project import Project
from partnerships.models.turn import WORKING

# As long as there is something to sign or to do, people are asked what else they are bound to.
ASKED_IN = (Project.Stage.CONTRACT, Project.Stage.DELIVER)


class InterestAsk(models.Model):
    """Everybody on a project is asked again from then on, as at each check-in."""

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="interest_asks", verbose_name=_("project")
    )
    asked_at = models.DateTimeField(_("asked at"))

    class Meta:
        verbose_name = _("question for interests")
        verbose_name_plural = _("questions for interests")
        ordering = ["pk"]


class InterestDeclaration(models.Model):
    """What somebody declared: one version. The newest counts; none of them ever changes."""

    class Kind(models.TextChoices):
        NONE = "none", _("None")
        SOME = "some", _("Declared")
        # The interests of the version before, said again.
        SAME = "same", _("Nothing has changed")
        # Said by a colleague: it stands in for a declaration until the person is there.
        ABSENT = "absent", _("Can’t be asked")

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="interest_declarations", verbose_name=_("project")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="interest_declarations",
        verbose_name=_("person"),
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    number = models.PositiveSmallIntegerField(_("version"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    reason = models.CharField(_("why they can’t be asked"), max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("declaration of interests")
        verbose_name_plural = _("declarations of interests")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "person", "number"], name="a_declaration_has_its_own_number"
            ),
            models.CheckConstraint(
                condition=Q(kind="absent") & ~Q(made_by=F("person"))
                | ~Q(kind="absent") & Q(made_by=F("person")),
                name="interests_are_declared_by_oneself",
            ),
            models.CheckConstraint(
                condition=Q(kind="absent") & ~Q(reason="") | ~Q(kind="absent") & Q(reason=""),
                name="who_can_not_be_asked_has_a_reason",
            ),
        ]


class Interest(models.Model):
    """One interest in one version of what somebody declared."""

    declaration = models.ForeignKey(
        InterestDeclaration, on_delete=models.PROTECT, related_name="interests", verbose_name=_("declaration")
    )
    what = models.CharField(_("what it is"), max_length=300)
    with_whom = models.CharField(_("with whom"), max_length=160)
    since = models.CharField(_("since when"), max_length=60)
    # The same words in an earlier version: what was decided about them still holds.
    first = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="later",
        verbose_name=_("first version of it"),
    )

    class Meta:
        verbose_name = _("interest")
        verbose_name_plural = _("interests")
        ordering = ["pk"]

    @property
    def root_id(self) -> int:
        """The key of the interest, among those with the same words, that decisions are about."""
        return self.first_id or self.pk


class InterestDecision(models.Model):
    """What was decided about an interest. A later one takes its place; the earlier ones are kept."""

    interest = models.ForeignKey(
        Interest, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("interest")
    )
    number = models.PositiveSmallIntegerField(_("version"))
    decided = models.CharField(_("what was decided"), max_length=600)
    decided_by = models.CharField(_("who decided"), max_length=200)
    decided_on = models.DateField(_("decided on"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written at"))

    class Meta:
        verbose_name = _("decision about an interest")
        verbose_name_plural = _("decisions about interests")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["interest", "number"], name="a_decision_has_its_own_number"),
        ]


class InterestDecisionAgreement(models.Model):
    """A partner agrees to what was decided. Who wrote it down agrees by that."""

    decision = models.ForeignKey(
        InterestDecision, on_delete=models.PROTECT, related_name="agreements", verbose_name=_("decision")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    agreed_at = models.DateTimeField(_("agreed at"))

    class Meta:
        verbose_name = _("agreement to a decision about an interest")
        verbose_name_plural = _("agreements to decisions about interests")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "organisation"], name="a_partner_agrees_to_a_decision_once"
            ),
        ]


def projects_asking(person):
    """Projects on which this person is asked to declare their interests and has not, each with its partners' rows apart.

    The rule of `partnerships.interests.asked_people`, asked for one person. What a colleague noted is no answer of theirs.
    """
    here = ProjectPerson.objects.filter(project=OuterRef("project"))
    of_theirs = here.filter(acting_for=OuterRef("organisation"))
    is_asked = Exists(here.filter(person=person))
    working = person.organisation_ids(*WORKING)
    if working:
        # A signatory or an agency may have named nobody yet: then whoever works there is asked.
        is_asked |= ~Exists(of_theirs) & Q(organisation__in=working)
    acted = Participation.objects.acted_by(person, known=True).filter(is_asked, project__stage__in=ASKED_IN)
    said = InterestDeclaration.objects.filter(project=OuterRef("pk"), person=person).exclude(
        kind=InterestDeclaration.Kind.ABSENT
    )
    said_since = InterestDeclaration.objects.filter(
        project=OuterRef("project"), person=person, made_at__gte=OuterRef("asked_at")
    ).exclude(kind=InterestDeclaration.Kind.ABSENT)
    asked_since = InterestAsk.objects.filter(~Exists(said_since), project=OuterRef("pk"))
    return Project.objects.in_workspace().filter(
        ~Exists(said) | Exists(asked_since), pk__in=acted.values("project")
    )
