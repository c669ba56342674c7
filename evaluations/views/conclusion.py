"""The joint conclusion: reading it, starting it, signing it, and taking it along on paper."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import TemplateView

from accounts.days import local_day
from evaluations.access import PartnerMixin, partner_project
from evaluations.actions.conclusions import (
    NotNow,
    NotYourTurn,
    conclusion_due_on,
    start_conclusion,
)
from evaluations.actions.pen import DAYS_UNTOUCHED, may_take_pen
from evaluations.actions.signing import (
    ChangedSinceRead,
    NotASigner,
    NotReadyToSign,
    sign_conclusion,
)
from evaluations.models import Conclusion
from evaluations.views.conclusion_shown import ConclusionShown
from partnerships.actions.stages import what_blocks
from partnerships.models import Project
from partnerships.views.papers import paper


def opened_project(request, reference, verb=None):
    """A project whose reviews have opened, for a partner.

    Raises:
        Http404: they have not.
    """
    project = partner_project(request.user, reference, verb)
    if project.reviews_opened_at is None:
        raise Http404
    return project


def get_conclusion(project) -> Conclusion:
    """Raises Http404 when none has been started."""
    conclusion = get_object_or_404(Conclusion.objects.select_related("pen", "started_by"), project=project)
    conclusion.project = project
    return conclusion


def reading_context(project) -> dict:
    """What the page of a conclusion shows, whatever its state."""
    organisation = project.acting.organisation
    conclusion = Conclusion.objects.filter(project=project).select_related("pen", "started_by").first()
    context = {
        "project": project,
        "organisation": organisation,
        "verbs": project.verbs,
        "section": "conclusion",
        "today": local_day(timezone.now(), project.zone),
        "due_on": conclusion_due_on(project) if project.reviews_opened_at else None,
        "conclusion": conclusion,
        "running": project.stage == Project.Stage.LEARN,
    }
    if conclusion is None:
        return context
    conclusion.project = project
    has_pen = conclusion.pen_id == organisation.pk
    return context | {
        "shown": ConclusionShown(conclusion, organisation),
        "has_pen": has_pen,
        "days_untouched": DAYS_UNTOUCHED,
        "may_take_pen": context["running"] and may_take_pen(conclusion, organisation, at=timezone.now()),
        "kept": conclusion.taken_pens.kept_for(organisation).exists(),
        "blocks": what_blocks(project) if conclusion.signed_at and context["running"] else [],
    }


@method_decorator(never_cache, name="dispatch")
class ConclusionDetail(PartnerMixin, TemplateView):
    template_name = "evaluations/conclusion_detail.html"

    def get(self, request, *args, **kwargs):
        return self.render_to_response(self.get_context_data(**reading_context(self.project)))

    def get_context_data(self, **kwargs):
        return kwargs


@require_safe
@never_cache
def conclusion_pdf(request, reference):
    project = opened_project(request, reference)
    shown = ConclusionShown(get_conclusion(project), project.acting.organisation)
    if shown.content is None:
        raise Http404
    return paper(
        request,
        "evaluations/conclusion_pdf.html",
        {"project": project, "shown": shown, "conclusion": shown.conclusion},
        file_name=f"conclusion-{reference}.pdf",
        instead=reverse("evaluations:conclusion_detail", args=[reference]),
    )


@require_POST
def conclusion_start(request, reference):
    project = opened_project(request, reference, "write_conclusion")
    try:
        conclusion = start_conclusion(project, actor=request.user, at=timezone.now())
    except (NotNow, NotYourTurn) as refusal:
        messages.error(request, str(refusal))
        return redirect("evaluations:conclusion_detail", reference)
    if conclusion.pen != project.acting.organisation:
        return redirect("evaluations:conclusion_detail", reference)
    return redirect("evaluations:conclusion_edit", reference)


@require_POST
def conclusion_sign(request, reference):
    project = opened_project(request, reference, "sign_conclusion")
    conclusion = get_conclusion(project)
    revision = request.POST.get("revision", "")
    if not (revision.isascii() and revision.isdecimal() and len(revision) < 9):
        raise Http404
    try:
        signed = sign_conclusion(conclusion, revision=int(revision), actor=request.user, at=timezone.now())
    except NotReadyToSign as refusal:
        errors = [{"anchor": f"part-{place}", "text": sentence} for place, sentence in refusal.missing]
        return render(
            request,
            "evaluations/conclusion_detail.html",
            reading_context(project) | {"errors": errors},
            status=422,
        )
    except (ChangedSinceRead, NotASigner, NotNow) as refusal:
        messages.error(request, str(refusal))
        return redirect("evaluations:conclusion_detail", reference)
    if signed.signed_at:
        messages.success(request, _("Everybody has signed. Your promises count from now on."))
    else:
        messages.success(request, _("Signed for your organisation. The others have been told."))
    return redirect("evaluations:conclusion_detail", reference)
