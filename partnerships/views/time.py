"""Answering a wish for more time."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from partnerships.access import get_project, partners_only
from partnerships.actions.time import CannotMoveDate, answer_time_request


def get_request(person, reference, pk, verb=None):
    """A request for more time on a project, and who may answer it.

    Raises:
        Http404: there is no such request on this project, or the person acts for nobody who could answer.
        PermissionDenied: they are on the project, and may not do this.
    """
    project = get_project(person, reference, verb)
    partners_only(project)
    time_request = get_object_or_404(project.time_requests.select_related("organisation", "person"), pk=pk)
    asking = project.participations.get(organisation=time_request.organisation)
    if verb and project.acting.side == asking.side:
        raise Http404
    return project, time_request, project.acting.side != asking.side


@require_safe
def time_request(request, reference, pk):
    project, wish, opposite = get_request(request.user, reference, pk)
    return render(
        request,
        "partnerships/time_request.html",
        {"project": project, "wish": wish, "may_answer": opposite and "answer_time" in project.verbs},
    )


@require_POST
def time_accept(request, reference, pk):
    return answer(request, reference, pk, accepted=True)


@require_POST
def time_decline(request, reference, pk):
    return answer(request, reference, pk, accepted=False)


def answer(request, reference, pk, *, accepted):
    project, wish, _opposite = get_request(request.user, reference, pk, "answer_time")
    try:
        answer_time_request(
            wish,
            accepted=accepted,
            actor=request.user,
            organisation=project.acting.organisation,
            at=timezone.now(),
        )
    except CannotMoveDate as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The date has moved.") if accepted else _("The date stays as it was."))
    return redirect("portal:home")
