"""The first page of a project."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnerships.access import get_project
from partnerships.actions.people import sides_to_choose
from portal.overview import day_there, read_overview, sees_money


@require_safe
def project_overview(request, reference):
    project = get_project(request.user, reference)
    # Whoever belongs to two sides, and acts for neither yet, reads the private lines of neither.
    organisations = [project.acting.organisation_id] if project.acting else []
    overview = read_overview(
        project, organisations, person=request.user, everything="all" in request.GET.getlist("history")
    )
    context = {
        "project": project,
        "verbs": project.verbs,
        "section": "overview",
        "overview": overview,
        "today": day_there(project, timezone.now()),
        "is_partner": sees_money(project),
        "sides": sides_to_choose(project, request.user) if project.acting is None else [],
    }
    return render(request, "portal/project_overview.html", context)
