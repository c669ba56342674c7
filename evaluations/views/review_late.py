"""The others are late: what the senders may choose. Nothing happens by itself."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from accounts.models import Organisation
from evaluations.access import ReviewMixin, get_review
from evaluations.actions import asking, late, reviews
from evaluations.models import LateChoice
from partnerships.actions.people import ActsForNobody

REFUSALS = (ActsForNobody, late.CannotChoose, reviews.NotYourReview)


class ReviewLate(ReviewMixin, TemplateView):
    """The others are late: what the senders may choose. Nothing happens by itself."""

    verb = "send_review"
    template_name = "evaluations/review_late.html"

    def get_context_data(self, **kwargs):
        choices = late.choices_of(self.review, at=timezone.now())
        if not choices:
            raise Http404
        return super().get_context_data(choices=choices, **kwargs)


@require_POST
def review_close(request, reference):
    review = get_review(request.user, reference, "close_project")
    try:
        project = late.close_without_theirs(review, actor=request.user, at=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
        return redirect("evaluations:review_start", reference)
    if project.closed_one_sided:
        messages.success(request, _("The project is closed. What is sealed stays sealed."))
    else:
        messages.success(request, _("Your choice is noted. It takes effect when every sender has chosen it."))
    return redirect("evaluations:review_start", reference)


@require_POST
def review_share(request, reference):
    review = get_review(request.user, reference, "send_review")
    try:
        late.share_review(review, actor=request.user, at=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Everybody on the project can read your review now."))
    return redirect("evaluations:review_start", reference)


@require_POST
def review_excuse(request, reference, slug):
    review = get_review(request.user, reference, "send_review")
    on_project = review.project.participations.partners().values("organisation")
    organisation = get_object_or_404(Organisation, slug=slug, pk__in=on_project)
    try:
        project = late.excuse_organisation(review, organisation, actor=request.user, at=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
        return redirect("evaluations:review_start", reference)
    if project.reviews_opened_at:
        return redirect("evaluations:results", reference)
    messages.success(request, _("Your choice is noted. It takes effect when every sender has chosen it."))
    return redirect("evaluations:review_start", reference)


@require_POST
def review_wait(request, reference):
    review = get_review(request.user, reference, "send_review")
    late.keep_waiting(review, actor=request.user, at=timezone.now())
    messages.success(request, _("You keep waiting. Nothing was opened."))
    return redirect("evaluations:review_start", reference)


def asked_of(review):
    """What is asked on the project, as far as this organisation takes part in it: senders in all of it, others in withdrawing."""
    return [
        asked
        for asked in asking.asked_on(review.project, at=timezone.now())
        if review.sent_at or asked.kind == LateChoice.Kind.WITHDRAW
    ]


class ReviewChoices(ReviewMixin, TemplateView):
    """What one sender asks of the others: to agree, to say no, or to take it back."""

    verb = "send_review"
    template_name = "evaluations/review_choices.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(asked=asked_of(self.review), **kwargs)


@require_POST
def choice_decline(request, reference, pk):
    said = _("You said no. Who asked is told, and nothing changes.")
    return _settle(request, reference, pk, asking.decline_choice, said)


@require_POST
def choice_take_back(request, reference, pk):
    said = _("It is taken back. The project goes on.")
    return _settle(request, reference, pk, asking.take_back_choice, said)


def _settle(request, reference, pk, action, said):
    review = get_review(request.user, reference, "send_review")
    try:
        action(review, pk, actor=request.user, at=timezone.now())
    except asking.NeverAsked:
        raise Http404
    except (*REFUSALS, asking.NotAsked) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("evaluations:review_choices", reference)
