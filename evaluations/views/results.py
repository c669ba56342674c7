"""The opened reviews side by side: all principles, one principle in full, and what one side shared early."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from accounts.templatetags.counterpart import form_errors, moment
from evaluations import sealing
from evaluations.access import PartnerMixin, partner_project
from evaluations.actions.conclusions import conclusion_due_on
from evaluations.actions.results import (
    AlreadyReplied,
    NotOpened,
    Results,
    reply_to_results,
    results_of,
)
from evaluations.charts import Chart, Quote, Row, chart_svg, principle_chart, question_chart
from evaluations.forms.results import ReplyForm
from evaluations.models import Conclusion, Reply
from evaluations.scoring import FAR_MANY
from evaluations.views.crumbs import crumbs_of
from partnerships.models import Project
from partnerships.views.papers import paper
from principles.models import Principle, Question


@dataclass(frozen=True)
class QuestionShown:
    """One question of the results: its row in the chart, and the replies to it."""

    row: Row
    question: Question
    replies: list[Reply]
    # The form with which the reader's organisation may still reply.
    form: ReplyForm | None


@dataclass(frozen=True)
class PrincipleShown:
    principle: Principle
    chart: Chart
    questions: list[QuestionShown]
    words: str
    tone: str

    @property
    def number_text(self):
        return str(self.principle.number)

    @property
    def has_errors(self):
        return any(shown.form and shown.form.errors for shown in self.questions)


@dataclass
class HelpedShown:
    """Something that was brought from an earlier project, and what each organisation says of it."""

    text: str
    quotes: list[Quote]


class ResultsShown:
    """What a page of results shows to one organisation. Asks the database once for all principles."""

    def __init__(self, project, results: Results, *, bound=None, neutral=False):
        self.project = project
        self.results = results
        self.comparison = results.comparison
        self.organisation = project.acting.organisation
        took_part = results.opened.of(self.organisation) is not None
        # Nothing is "yours" for somebody who was excused, nor on paper, which is handed on.
        self.viewer = {
            "viewer_side": project.acting.side if took_part and not neutral else None,
            "viewer": self.organisation.pk,
        }
        self.bound = bound or {}
        # One for all questions: the template gives each its own id.
        self.blank = ReplyForm()
        self.replies = {}
        for reply in Reply.objects.filter(project=project).select_related("organisation").order_by("pk"):
            self.replies.setdefault(reply.question_id, []).append(reply)

    @cached_property
    def chart(self) -> Chart:
        return principle_chart(self.comparison, **self.viewer)

    @property
    def reviews(self) -> list[sealing.OpenedReview]:
        """The reader's own side first, and their own organisation before others on it."""
        own_side = self.project.acting.side
        return sorted(
            self.results.opened.reviews,
            key=lambda review: (review.side != own_side, review.organisation != self.organisation),
        )

    @property
    def helped(self) -> list[HelpedShown]:
        """In the order in which it was asked; empty when nothing was brought along."""
        shown: dict[int, HelpedShown] = {}
        for review in self.reviews:
            is_viewer = bool(self.viewer["viewer_side"]) and review.organisation == self.organisation
            for said in review.helped:
                row = shown.setdefault(said.question, HelpedShown(said.text, []))
                row.quotes.append(
                    Quote(
                        organisation=review.organisation,
                        who=_("You") if is_viewer else review.organisation.name,
                        is_viewer=is_viewer,
                        said=said.label or _("No answer"),
                        answer=said.answer or None,
                        text=said.comment,
                    )
                )
        return list(shown.values())

    def principle(self, result) -> PrincipleShown:
        chart = question_chart(result, self.comparison, **self.viewer, beside=self.chart)
        overview = next(row for row in self.chart.rows if row.key == result.principle.key)
        return PrincipleShown(
            principle=self.results.principles[result.principle.key],
            chart=chart,
            questions=[self._question(row) for row in chart.rows],
            words=overview.words,
            tone=overview.tone,
        )

    def _question(self, row) -> QuestionShown:
        question = self.results.questions[row.key]
        replies = self.replies.get(question.pk, [])
        may_reply = "reply_to_results" in self.project.verbs and self.organisation.pk not in {
            reply.organisation_id for reply in replies
        }
        form = self.bound.get(question.pk) or self.blank
        return QuestionShown(row, question, replies, form if may_reply else None)

    def context(self) -> dict:
        first = self.comparison.talk_first
        with timezone.override(self.project.zone):
            opened = moment(self.results.opened.at)
        principles = [self.principle(result) for result in self.comparison.principles]
        by_key = {shown.principle.pk: shown for shown in principles}
        return {
            "crumbs": crumbs_of(
                self.project, (_("Results"), reverse("evaluations:results", args=[self.project.reference]))
            ),
            "headline": self.comparison.headline,
            "talk_before_writing": self.comparison.headline.code == FAR_MANY,
            "opened": opened,
            "reviews": self.reviews,
            "chart": self.chart,
            "first": by_key[first.principle.key] if first else None,
            "principles": principles,
            "others": [
                shown for shown in principles if not first or shown is not by_key[first.principle.key]
            ],
            "helped": self.helped,
            "neither_knew": self.comparison.neither_knew,
            "measured": [
                {"label": fact.get_name_display(), "value": fact.text, "note": fact.how}
                for fact in self.project.measured_facts.order_by("pk")
            ],
            "due_on": conclusion_due_on(self.project),
            "running": self.project.stage == Project.Stage.LEARN,
            "conclusion": Conclusion.objects.filter(project=self.project).first(),
        }


@method_decorator(never_cache, name="dispatch")
class ResultsDetail(PartnerMixin, TemplateView):
    """All principles side by side. While the reviews are sealed it leads to the review."""

    template_name = "evaluations/results.html"
    neutral = False

    def get(self, request, *args, **kwargs):
        results = results_of(self.project)
        if results is None:
            return redirect("evaluations:review_start", self.project.reference)
        shown = ResultsShown(self.project, results, neutral=self.neutral)
        return self.render_to_response(self.get_context_data(**shown.context()))


@method_decorator(never_cache, name="dispatch")
class ResultsPrinciple(PartnerMixin, TemplateView):
    """One principle, with the whole text of the levels that were chosen."""

    template_name = "evaluations/results_principle.html"

    def get(self, request, *args, **kwargs):
        results = results_of(self.project, levels=True)
        if results is None:
            return redirect("evaluations:review_start", self.project.reference)
        numbers = {principle.number: principle for principle in results.principles.values()}
        if kwargs["number"] not in numbers:
            raise Http404
        principle = numbers[kwargs["number"]]
        shown = ResultsShown(self.project, results)
        return self.render_to_response(
            self.get_context_data(
                crumbs=crumbs_of(
                    self.project,
                    (_("Results"), reverse("evaluations:results", args=[self.project.reference])),
                ),
                shown=shown.principle(results.comparison.principle(principle.pk)),
                previous=numbers.get(principle.number - 1),
                following=numbers.get(principle.number + 1),
            )
        )


class ResultsPrint(ResultsDetail):
    """Everything on one page without anything to open, for paper."""

    template_name = "evaluations/results_print.html"
    neutral = True


class ResultsPdf(ResultsPrint):
    """The same as a file."""

    def render_to_response(self, context, **kwargs):
        reference = self.project.reference
        return paper(
            self.request,
            "evaluations/results_pdf.html",
            context | {"svg": chart_svg(context["chart"], _("The five principles, side by side"))},
            file_name=f"results-{reference}.pdf",
            instead=reverse("evaluations:results_print", args=[reference]),
        )


@require_POST
def results_reply(request, reference, number, position):
    project = partner_project(request.user, reference, "reply_to_results")
    question = get_object_or_404(
        Question.objects.select_related("principle"),
        principle__principle_set=project.principle_set_id,
        principle__number=number,
        position=position,
    )
    form = ReplyForm(request.POST, auto_id=f"reply-{question.pk}-%s")
    if not form.is_valid():
        results = results_of(project)
        if results is None:
            return redirect("evaluations:review_start", reference)
        shown = ResultsShown(project, results, bound={question.pk: form})
        context = shown.context() | {
            "project": project,
            "organisation": project.acting.organisation,
            "verbs": project.verbs,
            "errors": form_errors(form),
        }
        return render(request, "evaluations/results.html", context, status=422)
    try:
        reply_to_results(project, question, form.cleaned_data["text"], actor=request.user, at=timezone.now())
    except NotOpened:
        return redirect("evaluations:review_start", reference)
    except AlreadyReplied as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your reply is there for everybody on the project to read."))
    return redirect(f"{reverse('evaluations:results', args=[reference])}#q{question.pk}")
