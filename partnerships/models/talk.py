"""Talk: questions, decisions, notes, what one side asks the other to take up, and concerns (docs/rules.md 100 to 112)."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from partnerships.models.contract import FileState
from partnerships.models.participation import Participation
from partnerships.models.project import Project
from partnerships.models.turn import WORKING

# For so long its writer changes what they wrote without a trace.
CHANGES_FOR = dt.timedelta(minutes=10)
LONGEST = 2000
OVER = (Project.Stage.COMPLETED, Project.Stage.WITHDRAWN)


class TalkEntryQuerySet(models.QuerySet):
    def visible_to(self, person):
        """What this person may read: all on their projects as partner, of concerns those in which they are named.

        Whoever acts for the organisation no more for which they were named has lost the concern.
        """
        acted = Participation.objects.acted_by(person).filter(role=Participation.Role.PARTNER)
        partner = acted.filter(project=OuterRef("project"))
        theirs = acted.filter(project=OuterRef("entry__project"), organisation=OuterRef("organisation"))
        named = TalkNamed.objects.filter(Exists(theirs), entry=OuterRef("pk"), person=person)
        return self.filter(
            (~Q(kind=TalkEntry.Kind.CONCERN) & Exists(partner))
            | (Q(kind=TalkEntry.Kind.CONCERN) & Exists(named))
        )

    def readable_on(self, project, person):
        """The same on one project, which came from `access.get_project`: for its pages."""
        if project.acting is None or project.acting.role != Participation.Role.PARTNER:
            return self.none()
        named = TalkNamed.objects.filter(
            entry=OuterRef("pk"), person=person, organisation=project.acting.organisation_id
        )
        return self.filter(project=project).filter(~Q(kind=TalkEntry.Kind.CONCERN) | Exists(named))

    def going_on(self):
        """Not withdrawn, on projects that go on."""
        return self.filter(withdrawn_at=None).exclude(project__stage__in=OVER)

    def open(self):
        """What still waits for somebody: an answer, an agreement, or the end of a concern."""
        Kind, Outcome = TalkEntry.Kind, TalkEntry.Outcome
        return self.filter(withdrawn_at=None).filter(
            Q(kind=Kind.QUESTION, answered_at=None)
            | Q(kind=Kind.INPUT, outcome__in=["", Outcome.LATER])
            | Q(kind=Kind.DECISION, agreed_at=None)
            | Q(kind=Kind.CONCERN, ended_at=None)
        )

    def unanswered(self):
        """Those of the open ones to which somebody owes an answer, on projects that go on.

        What is to be taken up later is among them: from its day on it waits again.
        """
        return self.open().filter(answered_at=None).exclude(project__stage__in=OVER)

    def to_answer(self, person):
        """What this person is to answer: for the partner that is asked; a decision for each that has not agreed."""
        Kind = TalkEntry.Kind
        working = person.organisation_ids(*WORKING)
        acted = Participation.objects.acted_by(person, known=True).filter(
            project=OuterRef("project"), role=Participation.Role.PARTNER, organisation__in=working
        )
        # Who is asked by name answers; once they have left, any colleague.
        still_there = Membership.objects.current().filter(
            person=OuterRef("asked_person"), organisation=OuterRef("asked"), role__in=WORKING
        )
        asked = Exists(acted.filter(organisation=OuterRef("asked")))
        by_name = Q(asked_person=None) | Q(asked_person=person) | ~Exists(still_there)
        named = TalkNamed.objects.filter(entry=OuterRef("pk"), person=person, organisation=OuterRef("asked"))
        said = TalkAnswer.objects.filter(
            entry=OuterRef("pk"),
            outcome__in=TalkAnswer.ON_DECISIONS,
            version=OuterRef("version"),
            organisation__in=working,
        )
        return self.unanswered().filter(
            (Q(kind__in=[Kind.QUESTION, Kind.INPUT]) & asked & by_name)
            | (Q(kind=Kind.CONCERN) & asked & Exists(named))
            | (
                Q(kind=Kind.DECISION)
                & Exists(acted.exclude(organisation=OuterRef("organisation")))
                & ~Exists(said)
            )
        )


class TalkEntry(models.Model):
    """One thing that somebody says, asks or proposes on a project."""

    class Kind(models.TextChoices):
        QUESTION = "question", _("Question")
        DECISION = "decision", _("Decision")
        INPUT = "input", _("You said, we did")
        NOTE = "note", _("Note")
        CONCERN = "concern", _("Concern")

    class Outcome(models.TextChoices):
        USED = "used", _("Used")
        NOT_USED = "not_used", _("Not used")
        LATER = "later", _("Later")

    # Those that one partner puts to one other.
    TO_ONE = (Kind.QUESTION, Kind.INPUT, Kind.CONCERN)

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="talk", verbose_name=_("project")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    text = models.CharField(_("text"), max_length=LONGEST)
    # What it is about, as text such as `partnerships.planpart:why` (docs/decisions/008).
    subject = models.CharField(_("about"), max_length=120, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="talk_entries",
        verbose_name=_("written by"),
    )
    written_at = models.DateTimeField(_("written at"))
    # Each new wording is another version; an agreement is to one of them.
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    # Who must answer: a partner, and perhaps one of its people. Of a decision every other partner.
    asked = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who is asked"),
    )
    asked_person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("which person is asked"),
    )
    # Since when the answer is owed: from writing, from asking again, from the day that was put off to.
    waits_since = models.DateTimeField(_("waits since"))
    due_on = models.DateField(_("answer due on"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    # What became of an input. With "later" it waits again from a day on.
    outcome = models.CharField(_("what became of it"), max_length=8, choices=Outcome, blank=True)
    later_on = models.DateField(_("again on"), null=True, blank=True)
    # When the last partner agreed to a decision: from then on it stands.
    agreed_at = models.DateTimeField(_("agreed by all at"), null=True, blank=True)
    # A concern: raised to the Owners of both, closed by who brought it up.
    raised_at = models.DateTimeField(_("raised to the Owners at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = TalkEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry in Talk")
        verbose_name_plural = _("entries in Talk")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["project", "-written_at", "-id"], name="talk_of_a_project"),
            models.Index(
                fields=["kind", "project"],
                condition=Q(withdrawn_at=None, answered_at=None, agreed_at=None, ended_at=None),
                name="talk_that_waits",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="an_entry_in_talk_says_something"),
            models.CheckConstraint(
                condition=(Q(kind__in=["question", "input", "concern"]) & Q(asked__isnull=False))
                | (Q(kind__in=["decision", "note"]) & Q(asked=None, asked_person=None)),
                name="questions_inputs_and_concerns_are_put_to_one",
            ),
            models.CheckConstraint(
                condition=Q(asked=None) | ~Q(asked=F("organisation")), name="nobody_asks_oneself_in_talk"
            ),
            models.CheckConstraint(
                condition=(Q(kind="note") & Q(due_on=None)) | (~Q(kind="note") & Q(due_on__isnull=False)),
                name="what_waits_in_talk_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(kind="input"), name="only_an_input_is_used_or_not"
            ),
            models.CheckConstraint(
                condition=(Q(outcome="later") & Q(later_on__isnull=False))
                | (~Q(outcome="later") & Q(later_on=None)),
                name="later_is_a_day",
            ),
            models.CheckConstraint(
                condition=Q(agreed_at=None) | Q(kind="decision", withdrawn_at=None),
                name="only_a_decision_stands_and_is_never_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(raised_at=None, ended_at=None) | Q(kind="concern"),
                name="only_a_concern_is_raised_and_closed",
            ),
        ]

    def __str__(self):
        return str(self.get_kind_display())

    def get_absolute_url(self):
        return reverse("partnerships:talk_detail", args=[self.project.reference, self.pk])

    @property
    def is_concern(self) -> bool:
        return self.kind == self.Kind.CONCERN

    @property
    def is_closed(self) -> bool:
        """Whether nothing is added any more: it was withdrawn, or the concern is closed."""
        return self.withdrawn_at is not None or self.ended_at is not None

    def changes_silently(self, at: dt.datetime) -> bool:
        """Whether its writer may still change it without a trace."""
        return at < self.written_at + CHANGES_FOR


class TalkAnswer(models.Model):
    """What somebody says to an entry; with an outcome, what their organisation decides about it."""

    class Outcome(models.TextChoices):
        USED = "used", _("Used")
        NOT_USED = "not_used", _("Not used")
        LATER = "later", _("Later")
        AGREED = "agreed", _("Agreed")
        DECLINED = "declined", _("Not agreed")

    ON_INPUTS = (Outcome.USED, Outcome.NOT_USED, Outcome.LATER)
    ON_DECISIONS = (Outcome.AGREED, Outcome.DECLINED)
    # These need a reason in words, others may go without.
    NEED_WORDS = ("", Outcome.NOT_USED, Outcome.DECLINED)

    entry = models.ForeignKey(
        TalkEntry, on_delete=models.CASCADE, related_name="answers", verbose_name=_("entry")
    )
    text = models.CharField(_("text"), max_length=LONGEST, blank=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, blank=True)
    later_on = models.DateField(_("again on"), null=True, blank=True)
    # Which wording of the entry it is about.
    version = models.PositiveSmallIntegerField(_("version of the entry"), default=1)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="talk_answers",
        verbose_name=_("written by"),
    )
    written_at = models.DateTimeField(_("written at"))
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    by_mail = models.BooleanField(_("came by mail"), default=False)

    class Meta:
        verbose_name = _("answer in Talk")
        verbose_name_plural = _("answers in Talk")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") | Q(outcome__in=["used", "later", "agreed"]),
                name="an_answer_in_talk_says_something",
            ),
            models.UniqueConstraint(
                fields=["entry", "organisation", "version"],
                condition=Q(outcome="agreed"),
                name="an_organisation_agrees_to_a_decision_once",
            ),
        ]

    def __str__(self):
        return str(self.entry)

    def changes_silently(self, at: dt.datetime) -> bool:
        """Whether its writer may still change it without a trace."""
        return at < self.written_at + CHANGES_FOR


class TalkNamed(models.Model):
    """Somebody who may read a concern, as long as they act for the organisation for which they were named."""

    entry = models.ForeignKey(
        TalkEntry, on_delete=models.CASCADE, related_name="named", verbose_name=_("concern")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="concerns_named_in",
        verbose_name=_("person"),
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    named_at = models.DateTimeField(_("named at"))

    class Meta:
        verbose_name = _("person named in a concern")
        verbose_name_plural = _("people named in concerns")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "person"], name="a_person_is_named_once_in_a_concern"),
        ]


class TalkWording(models.Model):
    """What an entry or an answer said before it was changed with a trace."""

    entry = models.ForeignKey(
        TalkEntry, on_delete=models.CASCADE, related_name="wordings", verbose_name=_("entry")
    )
    answer = models.ForeignKey(
        TalkAnswer,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="wordings",
        verbose_name=_("answer"),
    )
    text = models.CharField(_("text"), max_length=LONGEST, blank=True)
    replaced_at = models.DateTimeField(_("replaced at"))

    class Meta:
        verbose_name = _("earlier wording in Talk")
        verbose_name_plural = _("earlier wordings in Talk")
        ordering = ["pk"]


class TalkFile(models.Model):
    """A file that came with an entry or an answer, under a name of our own."""

    entry = models.ForeignKey(
        TalkEntry, on_delete=models.CASCADE, related_name="files", verbose_name=_("entry")
    )
    answer = models.ForeignKey(
        TalkAnswer,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="files",
        verbose_name=_("answer"),
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    file = models.FileField(_("file"), upload_to="talk/")
    file_name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(max_length=100, verbose_name=_("type of the file"))
    size = models.PositiveBigIntegerField(verbose_name=_("size in bytes"))
    sha256 = models.CharField(max_length=64, verbose_name=_("SHA-256"))
    state = models.CharField(_("virus check"), max_length=8, choices=FileState, default=FileState.CLEAN)

    class Meta:
        verbose_name = _("file in Talk")
        verbose_name_plural = _("files in Talk")
        ordering = ["pk"]


class TalkDraft(models.Model):
    """What somebody has begun to write, for themself alone: one of a kind on each project."""

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="talk_drafts", verbose_name=_("project")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="talk_drafts",
        verbose_name=_("person"),
    )
    kind = models.CharField(_("kind"), max_length=8, choices=TalkEntry.Kind)
    # What stood in the form, by the names of its fields.
    fields = models.JSONField(_("what was typed"), default=dict)
    saved_at = models.DateTimeField(_("saved at"))

    class Meta:
        verbose_name = _("draft in Talk")
        verbose_name_plural = _("drafts in Talk")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "person", "kind"], name="a_person_has_one_draft_of_a_kind"
            ),
        ]

    def __str__(self):
        return str(self.get_kind_display())


class TalkMail(models.Model):
    """A mail that was read from the gateway, so that nobody's words are added or refused twice."""

    # Made of its Message-ID; of all of it where it has none.
    key = models.CharField(_("key"), max_length=64, unique=True)
    read_at = models.DateTimeField(_("read at"))
    outcome = models.CharField(_("what became of it"), max_length=20)

    class Meta:
        verbose_name = _("mail to Talk")
        verbose_name_plural = _("mails to Talk")
        ordering = ["pk"]
