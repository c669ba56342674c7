"""Reviews: one for each organisation that must send one. What they answered lies behind `evaluations.sealing`."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from partnerships.models import Participation, Project
from principles.models import Principle, Question


class ReviewQuerySet(models.QuerySet):
    def visible_to(self, person):
        """Reviews of the organisations for which this person acts, each on its project.

        Everybody else learns "sent / not sent" from `evaluations.sealing`.
        """
        acted = Participation.objects.acted_by(person).filter(
            project=OuterRef("project"), organisation=OuterRef("organisation")
        )
        return self.filter(Exists(acted))

    def missing(self):
        """Reviews that still have to be sent."""
        return self.filter(sent_at=None, excused_at=None)


class Review(models.Model):
    """An organisation's review of a project. Made when the project enters Review: who must send is frozen."""

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="reviews", verbose_name=_("project")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("organisation")
    )
    created_at = models.DateTimeField(_("created at"))
    language = models.CharField(_("language"), max_length=10, default=settings.LANGUAGE_CODE)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sent by"),
    )
    # How often it was sent: reopening and sending again is a new message to the others.
    sends = models.PositiveSmallIntegerField(_("how often it was sent"), default=0)
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    shared_at = models.DateTimeField(_("shared before the others sent"), null=True, blank=True)
    answered_after_seeing = models.BooleanField(_("answered after seeing another's"), default=False)
    excused_at = models.DateTimeField(_("excused"), null=True, blank=True)
    shown_to_readers = models.BooleanField(_("draft shown to Readers"), default=False)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["project", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "organisation"], name="an_organisation_reviews_once"),
            models.CheckConstraint(
                condition=Q(opened_at=None) | Q(sent_at__isnull=False), name="only_a_sent_review_opens"
            ),
            models.CheckConstraint(
                condition=Q(shared_at=None) | Q(sent_at__isnull=False), name="only_a_sent_review_is_shared"
            ),
        ]

    def __str__(self):
        return f"{self.organisation} · {self.project}"


class LateChoice(models.Model):
    """What a sender chose when another side is 21 days late, or when a change needs every sender's word."""

    class Kind(models.TextChoices):
        CLOSE = "close", _("Close without theirs")
        EXCUSE = "excuse", _("Excuse an organisation")
        WITHDRAW = "withdraw", _("Withdraw the project")

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="late_choices", verbose_name=_("project")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    about = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("about"),
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    chosen_at = models.DateTimeField(_("chosen at"))

    class Meta:
        verbose_name = _("choice about a late review")
        verbose_name_plural = _("choices about late reviews")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "organisation", "kind"],
                condition=Q(about=None),
                name="an_organisation_chooses_once",
            ),
            models.UniqueConstraint(
                fields=["project", "organisation", "kind", "about"],
                name="an_organisation_chooses_once_about_another",
            ),
        ]


class PrincipleValue(models.Model):
    """What a review said on a principle, kept as exact sums when it opened. Lists read these, never answers."""

    review = models.ForeignKey(
        Review, on_delete=models.CASCADE, related_name="values", verbose_name=_("review")
    )
    principle = models.ForeignKey(
        Principle, on_delete=models.PROTECT, related_name="+", verbose_name=_("principle")
    )
    total = models.PositiveSmallIntegerField(_("total"))
    answered = models.PositiveSmallIntegerField(_("answered"))
    dont_know = models.PositiveSmallIntegerField(_("don’t know"), default=0)
    not_here = models.PositiveSmallIntegerField(_("not in this project"), default=0)

    class Meta:
        verbose_name = _("value of a principle")
        verbose_name_plural = _("values of principles")
        constraints = [
            models.UniqueConstraint(fields=["review", "principle"], name="one_value_for_a_principle")
        ]


class MeasuredFact(models.Model):
    """What nobody had to be asked, as it stood when the reviews opened. Later changes leave it alone."""

    class Name(models.TextChoices):
        # Of projects whose reviews opened before working days were counted: whole days of 24 hours.
        DAYS_TO_CONTRACT = "days_to_contract", _("Days to a signed contract")
        CONTRACT_WORKING_DAYS = "contract_working_days", _("Working days to a signed contract")
        CONTRACT_PAGES = "contract_pages", _("Pages of the contract")
        QUESTIONS = "questions", _("Questions that were answered")
        ANSWER_DAYS = "answer_days", _("Working days until an answer")
        GROUP_INPUTS = "group_inputs", _("You said, we did: used of what the group asked for")
        COMPANY_INPUTS = "company_inputs", _("You said, we did: used of what the company asked for")
        CHECK_INS = "check_ins", _("Check-ins that every partner sent")
        PROMISES = "promises", _("Earlier promises that were kept")

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="measured_facts", verbose_name=_("project")
    )
    name = models.CharField(_("fact"), max_length=30, choices=Name)
    value = models.PositiveIntegerField(_("value"))
    # Of how many; or how many days were promised.
    of = models.PositiveIntegerField(_("of"), null=True, blank=True)

    class Meta:
        verbose_name = _("measured fact")
        verbose_name_plural = _("measured facts")
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="a_fact_is_measured_once")]

    @property
    def text(self) -> str:
        """The figure as it is read."""
        if self.of is None:
            return str(self.value)
        if self.name == self.Name.CONTRACT_WORKING_DAYS:
            return gettext("{value}, promised were {of}").format(value=self.value, of=self.of)
        return gettext("{value} of {of}").format(value=self.value, of=self.of)

    @property
    def how(self) -> str:
        """How it was measured, to stand beside it."""
        return str(HOW[self.name])


Name = MeasuredFact.Name
HOW = {
    Name.DAYS_TO_CONTRACT: _("From its start to the last signature, in days of 24 hours."),
    Name.CONTRACT_WORKING_DAYS: _(
        "From its start to the last signature, against what the company says on “How we work”."
    ),
    Name.CONTRACT_PAGES: _("Counted in the file of the last version."),
    Name.QUESTIONS: _("Questions of either side, answered before the reviews opened."),
    Name.ANSWER_DAYS: _("The one in the middle when all answers are put in order."),
    Name.GROUP_INPUTS: _("The others are not used, put off or unanswered: Talk says which, and why."),
    Name.COMPANY_INPUTS: _("The others are not used, put off or unanswered: Talk says which, and why."),
    Name.CHECK_INS: _("Skipped ones, and those that nobody answered, are not done."),
    Name.PROMISES: _("Promises brought into this project and marked as done when the reviews opened."),
}


class Reply(models.Model):
    """One dated reply of an organisation to what the others said on a question, after opening."""

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="replies", verbose_name=_("project")
    )
    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, related_name="+", verbose_name=_("question")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    text = models.CharField(_("reply"), max_length=600)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "question", "organisation"], name="one_reply_for_a_question"
            ),
        ]
