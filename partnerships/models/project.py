"""Projects, and in which stage they are."""

import datetime as dt
import zoneinfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from accounts.days import local_day
from accounts.models import Organisation
from accounts.models.person import validate_time_zone
from accounts.words import HasWords
from partnerships.models.participation import Participation
from principles.models import PrincipleSet

# No vowels and no letters that look like digits: a reference spells no word and survives a phone call.
REFERENCE_ALPHABET = "23456789bcdfghjkmnpqrstvwxz"


def new_reference():
    """Eight random characters: an address that tells nothing of other organisations' projects."""
    return get_random_string(8, REFERENCE_ALPHABET)


class ProjectQuerySet(models.QuerySet):
    def visible_to(self, person):
        """Projects this person may know exist. Every page starts here.

        A superuser's place is the admin: no shortcut for them.
        """
        if not person.is_authenticated:
            return self.none()
        # A subquery, not a join: two memberships must not list a project twice.
        mine = Participation.objects.filter(left_at=None, organisation__in=person.organisation_ids())
        return self.filter(pk__in=mine.values("project"))

    def in_workspace(self):
        """Projects that people run here; imported ones only carry payments."""
        return self.filter(origin=Project.Origin.WORKSPACE)

    def live(self):
        """Projects that are neither completed nor withdrawn."""
        return self.in_workspace().exclude(stage__in=[Project.Stage.COMPLETED, Project.Stage.WITHDRAWN])

    def ended_by(self, at):
        """Projects in Deliver whose end date has passed at this moment, each on its own clock."""
        # Nowhere on earth is the calendar further than 14 hours ahead of UTC: few rows are left to look at.
        ahead = (at + dt.timedelta(hours=14)).date()
        running = self.in_workspace().filter(stage=Project.Stage.DELIVER, ends_on__lt=ahead)
        passed = Q(pk__in=[])
        for name in running.order_by().values_list("time_zone", flat=True).distinct():
            passed |= Q(time_zone=name, ends_on__lt=local_day(at, zoneinfo.ZoneInfo(name)))
        return running.filter(passed)

    def started_without_agreement(self, at):
        """Projects whose start date has passed at this moment, each on its own clock, while no contract counts yet.

        The same rule as `Project.started_without_agreement`, asked of the database.
        """
        ahead = (at + dt.timedelta(hours=14)).date()
        waiting = self.in_workspace().filter(stage__in=Project.BEFORE_DELIVER, starts_on__lt=ahead)
        passed = Q(pk__in=[])
        for name in waiting.order_by().values_list("time_zone", flat=True).distinct():
            passed |= Q(time_zone=name, starts_on__lt=local_day(at, zoneinfo.ZoneInfo(name)))
        return waiting.filter(passed)

    def with_found(self):
        """Adds `found`: how many rows there are before a slice is cut, so that a page needs no query to count."""
        return self.annotate(found=models.Window(models.Count("pk")))

    def with_partners(self):
        """Prefetches `partners`: participations of those who agree, sign and review, with their organisations."""
        return self.prefetch_related(_partners())


def project_called(words):
    """The condition on projects that hold all of these words in their title, or in the name of one who takes part.

    Arguments:
        words: as from `accounts.words.words_of`.
    """
    named = Organisation.objects.filter(HasWords("name", words, names=True))
    with_them = Participation.objects.filter(left_at=None, organisation__in=named.values("pk"))
    return Q(HasWords("title", words)) | Q(pk__in=with_them.values("project"))


def _partners():
    partners = Participation.objects.partners().select_related("organisation").order_by("side", "pk")
    return models.Prefetch("participations", partners, to_attr="partners")


def read_partners(projects):
    """`partners` as after `with_partners`, for projects that came from several queries. One query for all of them."""
    models.prefetch_related_objects(list(projects), _partners())


class Project(models.Model):
    """What a patient group and a company do together."""

    class Stage(models.TextChoices):
        SHAPE = "shape", _("Shape")
        AGREE = "agree", _("Agree")
        CONTRACT = "contract", _("Contract")
        DELIVER = "deliver", _("Deliver")
        REVIEW = "review", _("Review")
        LEARN = "learn", _("Learn")
        COMPLETED = "completed", _("Completed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    # Stages in which nothing is agreed in writing: Deliver begins with a contract that counts.
    BEFORE_DELIVER = (Stage.SHAPE, Stage.AGREE, Stage.CONTRACT)

    class Origin(models.TextChoices):
        WORKSPACE = "workspace", _("Set up here")
        IMPORTED = "imported", _("From an import")

    class Result(models.TextChoices):
        REACHED = "reached", _("Reached")
        PARTLY = "partly", _("Partly reached")
        NOT_REACHED = "not_reached", _("Not reached")

    class WithdrawReason(models.TextChoices):
        NO_LONGER_NEEDED = "no_longer_needed", _("No longer needed")
        NO_AGREEMENT = "no_agreement", _("We could not agree")
        NO_MEANS = "no_means", _("Not enough people or money")
        RULES = "rules", _("A law, code or own rule stands against it")
        OTHER = "other", _("Something else")

    reference = models.CharField(
        _("reference"), max_length=8, unique=True, default=new_reference, editable=False
    )
    title = models.CharField(_("title"), max_length=120)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.SHAPE, db_index=True)
    stage_since = models.DateTimeField(_("in this stage since"))
    origin = models.CharField(_("origin"), max_length=10, choices=Origin, default=Origin.WORKSPACE)
    principle_set = models.ForeignKey(
        PrincipleSet,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("edition of the principles"),
    )
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    # For imported projects, where the year is all that was published.
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    # The zone of the partner whose midnight comes last: one notion of day for everybody on the project.
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Europe/London", validators=[validate_time_zone]
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("created by"),
    )
    created_at = models.DateTimeField(_("created"))
    closed_early_on = models.DateField(_("closed early on"), null=True, blank=True)
    result = models.CharField(_("result for patients"), max_length=12, choices=Result, blank=True)
    result_how = models.CharField(_("how we know"), max_length=600, blank=True)
    # Either side records it; everybody sees who did.
    result_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("result recorded by"),
    )
    result_for = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("result recorded for"),
    )
    result_at = models.DateTimeField(_("result recorded"), null=True, blank=True)
    review_due_on = models.DateField(_("reviews due"), null=True, blank=True)
    reviews_opened_at = models.DateTimeField(_("reviews opened"), null=True, blank=True)
    closed_one_sided = models.BooleanField(_("reviewed by one side"), default=False)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdraw_reason = models.CharField(_("reason type"), max_length=20, choices=WithdrawReason, blank=True)
    withdraw_note = models.CharField(_("reason"), max_length=600, blank=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["stage", "ends_on"], name="projects_by_stage_and_end"),
            models.Index(fields=["origin", "stage"], name="projects_by_origin_and_stage"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="a_project_ends_after_it_starts",
                violation_error_message=_("The end must not come before the start."),
            ),
            models.CheckConstraint(
                condition=~Q(stage="withdrawn") | (Q(withdrawn_at__isnull=False) & ~Q(withdraw_reason="")),
                name="a_withdrawn_project_says_when_and_why",
            ),
            models.CheckConstraint(
                condition=Q(origin="imported") | Q(principle_set__isnull=False),
                name="a_project_keeps_the_principles_it_started_with",
            ),
            models.CheckConstraint(
                condition=~Q(stage="completed") | Q(origin="imported") | ~Q(result=""),
                name="a_completed_project_says_its_result",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("portal:project_overview", args=[self.reference])

    @property
    def zone(self):
        return zoneinfo.ZoneInfo(self.time_zone)

    def started_without_agreement(self, *, at):
        """Whether its start date has passed at this moment while no contract counts yet: Deliver begins with one."""
        return (
            self.origin == Project.Origin.WORKSPACE
            and self.stage in Project.BEFORE_DELIVER
            and self.starts_on is not None
            and self.starts_on < local_day(at, self.zone)
        )

    @property
    def stage_number(self):
        """Which of the six stages this is; 7 once it is completed."""
        return Project.Stage.values.index(self.stage) + 1

    def turn_of(self, organisations):
        """The turn that matters to a viewer, after `with_open_turns`: one that they may take, else an own one, else any.

        Arguments:
            organisations: ids of the viewer's own organisations.
        """
        yours = [turn for turn in self.open_turns if turn.is_yours]
        ours = yours or [turn for turn in self.open_turns if turn.organisation_id in organisations]
        if ours:
            return min(ours, key=lambda turn: (turn.due_on or dt.date.max, turn.since))
        return next(iter(self.open_turns), None)

    def partners_beside(self, organisations):
        """The other partners' names, after `with_partners`.

        Arguments:
            organisations: ids of the viewer's own organisations.
        """
        others = [p.organisation.name for p in self.partners if p.organisation_id not in organisations]
        return ", ".join(others)
