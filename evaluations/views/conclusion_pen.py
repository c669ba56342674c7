"""The pen of the joint conclusion: taking it back, taking it over, and what was not sent when it was taken."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.days import local_day
from evaluations.actions.conclusions import NotNow, NotYourTurn
from evaluations.actions.pen import DAYS_UNTOUCHED, NotYet, may_take_pen, take_back_conclusion, take_pen
from evaluations.actions.written import standing
from evaluations.views.conclusion import get_conclusion, opened_project
from evaluations.views.conclusion_edit import crumbs_with_conclusion, label_of, whole_words


@require_POST
def conclusion_take_back(request, reference):
    project = opened_project(request, reference, "write_conclusion")
    try:
        take_back_conclusion(get_conclusion(project), actor=request.user, at=timezone.now())
    except (NotNow, NotYourTurn) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is with you again."))
    return redirect("evaluations:conclusion_detail", reference)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def conclusion_take(request, reference):
    """Take the pen from somebody who lets it lie: a last look, and doing it."""
    project = opened_project(request, reference, "write_conclusion")
    conclusion = get_conclusion(project)
    if request.method == "POST":
        return _take(request, conclusion)
    if not may_take_pen(conclusion, project.acting.organisation, at=timezone.now()):
        return redirect("evaluations:conclusion_detail", reference)
    context = {
        "project": project,
        "organisation": project.acting.organisation,
        "crumbs": crumbs_with_conclusion(project),
        "conclusion": conclusion,
        "days_untouched": DAYS_UNTOUCHED,
    }
    return render(request, "evaluations/conclusion_take.html", context)


def _take(request, conclusion):
    reference = conclusion.project.reference
    try:
        take_pen(conclusion, actor=request.user, at=timezone.now())
    except (NotNow, NotYet, NotYourTurn) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is with you now. The others have been told."))
    return redirect("evaluations:conclusion_detail", reference)


@require_safe
@never_cache
def conclusion_kept(request, reference):
    """What the own organisation had written and not sent when the pen was taken from it."""
    project = opened_project(request, reference)
    conclusion = get_conclusion(project)
    organisation = project.acting.organisation
    kept = conclusion.taken_pens.kept_for(organisation).select_related("taken_by")
    if not kept:
        raise Http404
    context = {
        "project": project,
        "organisation": organisation,
        "crumbs": crumbs_with_conclusion(project),
        "today": local_day(timezone.now(), project.zone),
        "kept": [
            {
                "taken": taken,
                "places": _written(taken, organisation),
            }
            for taken in kept
        ],
    }
    return render(request, "evaluations/conclusion_kept.html", context)


def _written(taken, organisation):
    """Place by place what they had written; sentences that were only offered to them are not their words."""
    parts = taken.unsent["parts"]
    offered = {code for code, part in parts.items() if part["drafted"] and not part["disagreed"]}
    return [
        {"label": label_of(place), "text": text}
        for place, words in standing(taken.unsent, organisation).places().items()
        if place not in offered and (text := whole_words(words))
    ]
