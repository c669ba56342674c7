"""Reading a review: the own one, on paper too; the questions alone; what others shared early."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from accounts.pdf import NoPdf, render_pdf
from evaluations import sealing
from evaluations.access import PartnerMixin, ReviewMixin
from evaluations.models import HelpQuestion
from principles.models import Principle


def answer_cards(review):
    """What the organisation answered: principle by principle, "No" first in each; the closing page; what helped."""
    own = sealing.own_draft(review)
    principles = Principle.objects.filter(principle_set=review.project.principle_set_id)
    cards = []
    for principle in principles.prefetch_related("questions__levels"):
        rows = []
        for question in principle.questions.all():
            draft = own.answers.get(question.pk, sealing.Draft(question.pk))
            words = {level.value: level for level in question.levels.all()}
            level = words.get(draft.answer)
            rows.append(
                {
                    "question": question,
                    "position": question.position,
                    "given": draft.given,
                    "is_no": draft.answer == 1,
                    "word": level.label if level else dict(sealing.OUTSIDE.choices).get(draft.answer, ""),
                    "text": level.text if level else "",
                    "comment": draft.comment,
                }
            )
        rows.sort(key=lambda row: not row["is_no"])
        cards.append({"principle": principle, "rows": rows})
    return cards, own.overall, helped_rows(review, own.helped)


def helped_rows(review, drafts):
    """What the organisation said about what was brought along; empty when nothing was."""
    if not review.asks_whether_it_helped:
        return []
    rows = []
    for question in HelpQuestion.objects.filter(project=review.project).order_by("position"):
        draft = drafts.get(question.pk, sealing.Draft(question.pk))
        label = sealing.HELPED(draft.answer).label if draft.given else ""
        rows.append({"question": question, "text": question.text, "label": label, "comment": draft.comment})
    return rows


class ReviewCopy(ReviewMixin, TemplateView):
    """The own review to read and to print. For Readers too, when it is shown to them."""

    verb = None
    template_name = "evaluations/review_copy.html"

    def get_context_data(self, **kwargs):
        cards, overall, helped = answer_cards(self.review)
        return super().get_context_data(
            cards=cards, overall=overall, helped=helped, section="review", **kwargs
        )


class ReviewCopyPdf(ReviewCopy):
    """The same as a file. It is made while it is asked for and kept nowhere."""

    def get(self, request, *args, **kwargs):
        html = render_to_string("evaluations/review_pdf.html", self.get_context_data(), request)
        try:
            pdf = render_pdf(html)
        except NoPdf:
            messages.error(request, _("The file could not be made here. Print this page instead."))
            return redirect("evaluations:review_copy", self.project.reference)
        name = f"review-{self.project.reference}.pdf"
        return HttpResponse(
            pdf,
            content_type="application/pdf",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


class ReviewQuestions(PartnerMixin, TemplateView):
    """The questions on paper, for whoever wants to talk them over first."""

    template_name = "evaluations/review_questions.html"

    def get_context_data(self, **kwargs):
        principles = self.project.principle_set.principles.prefetch_related("questions__levels")
        return super().get_context_data(
            principles=principles,
            again=sealing.AGAIN.choices,
            outside=[label for _value, label in sealing.OUTSIDE.choices],
            brought=self.project.help_questions.order_by("position"),
            helped=[label for _value, label in sealing.HELPED.choices],
            section="review",
            **kwargs,
        )


@method_decorator(never_cache, name="dispatch")
class ReviewShared(PartnerMixin, TemplateView):
    """Reviews that their organisations shared before the others had sent."""

    template_name = "evaluations/review_shared.html"

    def get_context_data(self, **kwargs):
        if self.project.reviews_opened_at:
            raise Http404
        shared = sealing.readable_by(self.project, self.organisation)
        if not shared:
            raise Http404
        principles = list(self.project.principle_set.principles.prefetch_related("questions__levels"))
        return super().get_context_data(
            reviews=[(review, list(marked(principles, review))) for review in shared],
            section="review",
            **kwargs,
        )


def marked(principles, review):
    """A readable review as rows for its principles."""
    outside = dict(sealing.OUTSIDE.choices)
    for principle in principles:
        rows = []
        for question in principle.questions.all():
            mark = review.marks.get(question.pk)
            level = next(
                (level for level in question.levels.all() if mark and level.value == mark.level), None
            )
            rows.append(
                {
                    "question": question,
                    "word": level.label if level else outside.get(mark.answer if mark else "", ""),
                    "text": level.text if level else "",
                    "comment": mark.comment if mark else "",
                }
            )
        yield {"principle": principle, "rows": rows}
