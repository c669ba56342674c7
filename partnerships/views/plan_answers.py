"""Answers to the plan: agreeing to a part, and what becomes of other words for it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from partnerships.access import get_project
from partnerships.actions import plan, suggestions
from partnerships.models import PlanPart, PlanSuggestion
from partnerships.views.plan import REFUSALS, to_part


@require_POST
def plan_agree(request, reference, code):
    project = get_project(request.user, reference, "agree_plan")
    version = request.POST.get("version", "")
    if code not in PlanPart.Code.values:
        raise Http404
    if not (version.isascii() and version.isdigit() and len(version) <= 9):
        version = "0"
    try:
        state = plan.agree_part(project, code, version=int(version), actor=request.user, at=timezone.now())
    except REFUSALS as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("You agreed to “{part}”.").format(part=state.rule.label))
    return to_part(project, code)


def answer_suggestion(request, reference, pk, action, done):
    project = get_project(request.user, reference, "agree_plan")
    suggestion = get_object_or_404(
        PlanSuggestion.objects.select_related("part"), part__project=project, pk=pk
    )
    try:
        action(project, suggestion, actor=request.user, at=timezone.now())
    except REFUSALS as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return to_part(project, suggestion.part.code)


@require_POST
def suggestion_accept(request, reference, pk):
    return answer_suggestion(
        request, reference, pk, suggestions.accept_suggestion, _("The change is accepted.")
    )


@require_POST
def suggestion_decline(request, reference, pk):
    return answer_suggestion(
        request, reference, pk, suggestions.decline_suggestion, _("The words stay as they were.")
    )


@require_POST
def suggestion_take_back(request, reference, pk):
    return answer_suggestion(
        request, reference, pk, suggestions.take_back_suggestion, _("Your suggestion is taken back.")
    )
