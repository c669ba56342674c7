"""Writing a review: its start, a page for each principle, the closing page."""

from dataclasses import dataclass

from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.generic import View

from evaluations import sealing
from evaluations.access import ReviewMixin
from evaluations.actions import answers
from evaluations.check_ins import noted_along_the_way
from evaluations.forms.review import OverallForm, PrincipleForm
from principles.models import Level, Principle, Question


@dataclass(frozen=True)
class Place:
    """A principle's page: what it asks, and its neighbours."""

    principle: Principle
    questions: list[Question]
    previous: Principle | None
    following: Principle | None
    total: int


def place_of(project, number) -> Place:
    """The page with this number, in two queries.

    Raises:
        Http404: the project's edition has no such principle.
    """
    numbers = {
        principle.number: principle
        for principle in Principle.objects.filter(principle_set=project.principle_set_id)
    }
    levels = Level.objects.filter(
        question__principle__principle_set=project.principle_set_id, question__principle__number=number
    ).select_related("question")
    questions = {}
    for level in levels.order_by("question__position", "value"):
        question = questions.setdefault(level.question_id, level.question)
        # Read above: once, not with each of its levels.
        question.principle = numbers[number]
        question.scale = [*getattr(question, "scale", []), level]
    if not questions:
        raise Http404
    return Place(
        numbers[number],
        list(questions.values()),
        numbers.get(number - 1),
        numbers.get(number + 1),
        len(numbers),
    )


def others_of(review) -> list[sealing.SendStatus]:
    """Everybody else who sends a review, and whether they have."""
    return [
        status for status in sealing.statuses(review.project) if status.organisation != review.organisation
    ]


def next_address(review, progress) -> str:
    """Where writing goes on: the first page with a gap, else the check page."""
    reference = review.project.reference
    if progress.next_principle:
        return reverse("evaluations:review_principle", args=[reference, progress.next_principle.number])
    if not progress.overall.given:
        # Nobody has to answer there: who has begun, or left it out and gone on, is not sent back.
        asks = progress.help_asked and not progress.help_started and not progress.overall.revision
        page = "review_helped" if asks else "review_overall"
        return reverse(f"evaluations:{page}", args=[reference])
    return reverse("evaluations:review_check", args=[reference])


class PageView(ReviewMixin, View):
    """What the principle pages and the closing page share: reading, saving, and finding that a colleague wrote too."""

    template_name = None

    def get(self, request, *args, **kwargs):
        if not sealing.is_writable(self.review):
            return redirect("evaluations:review_start", self.project.reference)
        return self.page(self.make_form(None))

    def post(self, request, *args, **kwargs):
        """Save what was typed, then go on, or stay when something is to be chosen or answered."""
        form = self.make_form(request.POST, required="later" not in request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            if not self.save(form):
                return self.page(form, status=409)
        except sealing.Locked:
            return self.page(form, status=409, errors=[{"anchor": "", "text": self.locked_text()}])
        if form.asks_for_answers:
            form.ask_for_missing()
            if form.errors:
                return self.page(form, status=422)
            return redirect(self.next_address())
        return redirect("evaluations:review_start", self.project.reference)

    def page(self, form, *, status=200, errors=None):
        context = self.get_context(form) | {
            "form_page": form.page_to_carry,
            "errors": errors or form.problems(),
            "others": others_of(self.review),
            "review": self.review,
            "project": self.project,
            "then": self.then(),
            # A conflict is settled by a person, not by a script that saves along.
            "autosave": status != 409,
        }
        return render(self.request, self.template_name, context, status=status)

    def then(self):
        """The check page leads to a page and wants the person back."""
        given = self.request.POST if self.request.method == "POST" else self.request.GET
        return "check" if given.get("then") == "check" else ""

    def locked_text(self):
        return _("This review was sent meanwhile. Reopen it in another tab, then save here again.")


class AutosaveMixin:
    """Saves along while somebody writes. Answers a script; the page itself works without."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        form = self.make_form(request.POST)
        if not form.is_valid():
            return JsonResponse({"message": _("Not saved. Press Save to see why.")}, status=422)
        try:
            saved = self.save(form)
        except sealing.Locked:
            return JsonResponse({"message": self.locked_text()}, status=409)
        if not saved:
            message = _("A colleague changed this page too. Press Save to choose what to keep.")
            return JsonResponse({"message": message}, status=409)
        time = date_format(timezone.localtime(), "H:i")
        return JsonResponse({"message": _("Saved {time}").format(time=time), "carry": form.carried()})


class ReviewPrinciple(PageView):
    template_name = "evaluations/review_principle.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.place = place_of(self.project, kwargs["number"])

    def make_form(self, data, *, required=False):
        drafts = {} if data is not None else sealing.own_answers(self.review, self.place.questions)
        return PrincipleForm(data, questions=self.place.questions, drafts=drafts, required=required)

    def save(self, form):
        """Save, and say whether everything could be."""
        saved = answers.save_answers(
            self.review, form.entries(), actor=self.request.user, at=timezone.now(), page=form.page_name
        )
        form.take_over(saved.answers, saved.conflicts)
        return not saved.conflicts

    def get_context(self, form):
        if form.is_bound and not form.drafts:
            # Nothing was saved: what stands in the review is still wanted for its time.
            form.drafts = sealing.own_answers(self.review, self.place.questions)
        saved = [draft.saved_at for draft in form.drafts.values() if draft.saved_at]
        return {
            "place": self.place,
            "rubrics": form.rubrics(self.request.user),
            "saved_at": max(saved, default=None),
            "noted": noted_along_the_way(
                self.project, principle=self.place.principle.number, own_id=self.review.organisation_id
            )
            if self.review.has_check_ins
            else [],
        }

    def next_address(self):
        reference = self.project.reference
        if self.then():
            return f"{reverse('evaluations:review_check', args=[reference])}#p{self.place.principle.number}"
        if self.place.following:
            return reverse("evaluations:review_principle", args=[reference, self.place.following.number])
        page = "review_helped" if self.review.asks_whether_it_helped else "review_overall"
        return reverse(f"evaluations:{page}", args=[reference])


class ReviewSave(AutosaveMixin, ReviewPrinciple):
    """Saves a principle page along."""


class ReviewOverall(PageView):
    template_name = "evaluations/review_overall.html"

    def make_form(self, data, *, required=False):
        draft = sealing.own_overall(self.review)
        return OverallForm(data, draft=draft, required=required)

    def save(self, form):
        entry = form.entry()
        if entry is None:
            return True
        try:
            draft = answers.save_overall(
                self.review, entry, actor=self.request.user, at=timezone.now(), page=form.page_name
            )
        except sealing.EditConflict as conflict:
            form.take_over(conflict.theirs, conflict)
            return False
        form.take_over(draft)
        return True

    def get_context(self, form):
        return {
            "parts": form.parts(self.request.user),
            "saved_at": form.draft.saved_at,
            "last": self.project.principle_set.principles.order_by("number").last(),
        }

    def next_address(self):
        return reverse("evaluations:review_check", args=[self.project.reference])


class ReviewOverallSave(AutosaveMixin, ReviewOverall):
    """Saves the closing page along."""
