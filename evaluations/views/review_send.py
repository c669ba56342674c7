"""A review from its start page to its sending, and taken back again."""

import datetime as dt
import re

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from accounts.days import local_day
from evaluations import sealing
from evaluations.access import PartnerMixin, ReviewMixin, get_review
from evaluations.actions import late, reviews
from evaluations.check_ins import noted_along_the_way
from evaluations.models import Review
from evaluations.views.review import next_address, others_of
from evaluations.views.review_late import asked_of
from evaluations.views.review_read import answer_cards
from partnerships.actions.people import ActsForNobody
from partnerships.permissions import acting_people

REFUSALS = (ActsForNobody, reviews.CannotReopen, reviews.CannotSend, reviews.NotYourReview)


@method_decorator(never_cache, name="dispatch")
class ReviewStart(PartnerMixin, TemplateView):
    """Where a review stands: not open yet, being written, sent and waiting, or over. Opened ones are read as results."""

    def get(self, request, *args, **kwargs):
        project = self.project
        if not Review.objects.filter(project=project).exists():
            return self.show("upcoming", opens_on=project.ends_on and project.ends_on + dt.timedelta(days=1))
        if project.reviews_opened_at:
            return redirect("evaluations:results", project.reference)
        review = get_review(request.user, project.reference)
        if project.stage != project.Stage.REVIEW or review.excused_at:
            shared = any(status.shared for status in sealing.statuses(project))
            return self.show("over", review=review, shared=shared)
        if "write_review" not in project.verbs:
            return redirect("evaluations:review_copy", project.reference)
        if review.sent_at:
            return self.show("sent", review=review, **self.waiting(review))
        return self.show("start", review=review, **self.writing(review))

    def show(self, state, **context):
        today = local_day(timezone.now(), self.project.zone)
        context = self.get_context_data(today=today, section="review", **context)
        return render(self.request, f"evaluations/review_{state}.html", context)

    def writing(self, review):
        progress = sealing.progress(review)
        others = others_of(review)
        return {
            "progress": progress,
            "next_address": next_address(review, progress),
            "others": others,
            "shared": any(status.shared for status in others),
            "colleagues": acting_people(self.project, organisation=self.organisation),
            "asked": asked_of(review),
            "noted": noted_along_the_way(self.project, own_id=self.organisation.pk)
            if review.has_check_ins
            else [],
        }

    def waiting(self, review):
        others = others_of(review)
        missing = [status.organisation.name for status in others if status.missing]
        return {
            "others": others,
            "missing": missing,
            "missing_names": get_text_list(missing, _("and")),
            "shared": review.shared_at or any(status.shared for status in others),
            "choices": late.choices_of(review, at=timezone.now()),
            "asked": asked_of(review),
        }


class ReviewCheck(ReviewMixin, TemplateView):
    """Everything on one page before it is sent, with who else has sent."""

    verb = "send_review"
    template_name = "evaluations/review_check.html"

    def get(self, request, *args, **kwargs):
        if not sealing.is_writable(self.review):
            return redirect("evaluations:review_start", self.project.reference)
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs):
        cards, overall, helped = answer_cards(self.review)
        others = others_of(self.review)
        gaps = [row for card in cards for row in card["rows"] if not row["given"]]
        return super().get_context_data(
            cards=cards,
            overall=overall,
            helped=helped,
            others=others,
            sent=[status for status in others if status.sent],
            last=not any(status.missing for status in others),
            gaps=gaps,
            complete=not gaps and overall.given,
            **kwargs,
        )


class ReviewSend(ReviewCheck):
    """Sends. Whoever looked before something changed is shown the check page again."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        seen = {int(pk) for pk in request.POST.getlist("seen") if re.fullmatch(r"[0-9]{1,18}", pk)}
        try:
            review = reviews.send_review(
                self.review, actor=request.user, at=timezone.now(), seen_senders=seen
            )
        except reviews.SendersChanged:
            return self.again(409, changed=True)
        except reviews.NotComplete:
            return self.again(422, incomplete=True)
        except REFUSALS as refusal:
            messages.error(request, str(refusal))
            return redirect("evaluations:review_start", self.project.reference)
        if review.opened_at:
            return redirect("evaluations:results", self.project.reference)
        return redirect("evaluations:review_start", self.project.reference)

    def again(self, status, **context):
        context = self.get_context_data(**context)
        if context.get("incomplete"):
            context["errors"] = [
                {
                    "anchor": f"q{row['question'].pk}",
                    "text": _("“{question}” has no answer.").format(question=row["question"].short),
                }
                for row in context["gaps"]
            ]
            if not context["overall"].given:
                context["errors"].append(
                    {"anchor": "overall", "text": _("“Would you work together again?” has no answer.")}
                )
        return self.render_to_response(context, status=status)


@require_POST
def review_reopen(request, reference):
    review = get_review(request.user, reference, "send_review")
    try:
        reviews.reopen_review(review, actor=request.user, at=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your review is open again. Send it when you are done."))
    return redirect("evaluations:review_start", reference)


@require_POST
def review_show(request, reference):
    review = get_review(request.user, reference, "write_review")
    shown = request.POST.get("shown") == "yes"
    reviews.show_draft(review, shown=shown, actor=request.user, at=timezone.now())
    messages.success(
        request,
        _("Readers of your organisation can read this review now.")
        if shown
        else _("Readers of your organisation can’t read this review now."),
    )
    return redirect("evaluations:review_start", reference)
