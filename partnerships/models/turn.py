"""Whose turn it is, as everybody who may know of it sees it."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from partnerships.models.contract import Contract
from partnerships.models.participation import Participation
from partnerships.models.project import Project

# Once in so many days others may ask how it goes.
NUDGE_DAYS = 5
# Who works for an organisation, rather than only looks and signs.
WORKING = [Membership.Role.LEAD, Membership.Role.OWNER]


class TurnQuerySet(models.QuerySet):
    def known_to(self, person):
        """Those of which this person may know, of turns on projects that are visible to them.

        Agencies know nothing of contracts and check-ins, nor does anybody who acts for no partner.
        """
        if _always_acts_for_a_partner(person):
            return self.all()
        acted = _acted_by(person).filter(project=OuterRef("project"))
        return self.filter(~Q(kind__in=FOR_PARTNERS) | Exists(acted))

    def taken_by(self, person):
        """Those that this person may take: what waits for them, and what "Your turn" means everywhere."""
        return self.filter(_may_take(person))

    def with_yours(self, person):
        """Adds `is_yours`: whether this person may take it, as `taken_by`."""
        return self.annotate(
            is_yours=models.ExpressionWrapper(_may_take(person), output_field=models.BooleanField())
        )


def _always_acts_for_a_partner(person):
    """Whether a glance at their memberships tells it: most people only ever belonged to one organisation.

    For them the database need not be asked about each project, which takes longer than everything else in a list.
    """
    kinds = [membership.organisation.kind for membership in person.every_membership]
    return len(kinds) == 1 and kinds[0] != Organisation.Kind.AGENCY


def _acted_by(person):
    """Partners for which this person acts, by the memberships that were read with them."""
    return Participation.objects.acted_by(person, known=True).filter(role=Participation.Role.PARTNER)


def _may_take(person):
    works = Q(organisation__in=person.organisation_ids(*WORKING))
    # Few people are named as signatories only: nobody else's query asks about contracts.
    named = [row.organisation_id for row in person.current_memberships if row.signs_only]
    if named:
        waiting = Contract.objects.waiting_for_signature().filter(project=OuterRef("project"))
        # A project may have several that are open: a contract and amendments of another one.
        waiting = waiting.annotate(ref=Cast("number", models.CharField())).filter(ref=OuterRef("ref"))
        works |= Q(Exists(waiting), kind=Turn.Kind.CONTRACT, organisation__in=named)
    acted = _acted_by(person).filter(project=OuterRef("project"), organisation=OuterRef("organisation"))
    return Q(Exists(acted)) & works


class Turn(models.Model):
    """Whose turn it is: one row for each organisation that owes the project something now.

    Written by the app that owns the fact, through `partnerships.actions.turns`; read by every list.
    """

    class Kind(models.TextChoices):
        PLAN = "plan", _("Plan")
        CONTRACT = "contract", _("Contract")
        CLOSING = "closing", _("Closing early")
        RESULT = "result", _("Result")
        CHECK_IN = "check_in", _("Check-in")
        REVIEW = "review", _("Review")
        CONCLUSION = "conclusion", _("Joint conclusion")

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="turns", verbose_name=_("project")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="turns", verbose_name=_("organisation")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    # Which thing, where a project has several of a kind, such as the contract's number.
    ref = models.CharField(_("which one"), max_length=20, blank=True)
    since = models.DateTimeField(_("since"))
    due_on = models.DateField(_("due on"), null=True, blank=True)
    # When the others last asked how it goes, on the project's clock.
    nudged_on = models.DateField(_("nudged on"), null=True, blank=True)

    objects = TurnQuerySet.as_manager()

    class Meta:
        verbose_name = _("turn")
        verbose_name_plural = _("turns")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "organisation", "kind", "ref"], name="one_turn_for_one_thing"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "due_on"], name="turns_of_an_organisation")]

    @property
    def can_move(self) -> bool:
        """Whether more time can be asked for it. A check-in is skipped rather than put off: the next one comes."""
        return self.due_on is not None and self.kind != Turn.Kind.CHECK_IN


# What only partners, and those who act for one, may know of.
FOR_PARTNERS = (Turn.Kind.CONTRACT, Turn.Kind.CHECK_IN)


def with_your_turn(projects, person):
    """Adds to projects `your_turn` alone, by which they are sorted."""
    turns = Turn.objects.filter(project=OuterRef("pk"))
    return projects.annotate(your_turn=Exists(turns.taken_by(person)))


def with_turns(projects, person):
    """Adds to projects `your_turn`, `our_turn` and `their_turn`.

    Whether there is something that this person may do (`taken_by`), that their organisations have to do, or others.
    """
    mine = person.organisation_ids()
    turns = Turn.objects.filter(project=OuterRef("pk"))
    known = turns.known_to(person)
    return with_your_turn(projects, person).annotate(
        our_turn=Exists(known.filter(organisation__in=mine)),
        their_turn=Exists(known.exclude(organisation__in=mine)),
    )


def with_open_turns(projects, person):
    """Prefetches `open_turns`: whose turn it is as far as this person may know, the longest wait first.

    Each knows as `is_yours` whether they may take it.
    """
    turns = Turn.objects.known_to(person).with_yours(person).order_by("since", "pk")
    return projects.prefetch_related(models.Prefetch("turns", turns, to_attr="open_turns"))
