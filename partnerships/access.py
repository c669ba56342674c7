"""The only door to a project: 404 hides what one may not see, 403 refuses what one may not do."""

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404

from partnerships.models import Participation, Project
from partnerships.permissions import VERBS, verbs_in


def get_project(person, reference, verb=None):
    """Find a project this person may know exists, and check that they may do this to it.

    The project carries `everybody` (its participations with their organisations), `partners` among them,
    `acting` (the participation for which the person acts, or None), `role` (theirs there) and `verbs`.

    Raises:
        Http404: there is no such project for this person.
        PermissionDenied: they are on it, and may not do this.
        LookupError: no such verb.
    """
    if verb is not None and verb not in VERBS:
        raise LookupError(f"No such verb: {verb}")
    project = get_object_or_404(Project.objects.visible_to(person), reference=reference)
    acted = Participation.objects.acted_by(person).filter(pk=OuterRef("pk"))
    project.everybody = list(
        Participation.objects.filter(project=project)
        .annotate(is_acted=Exists(acted))
        .select_related("organisation")
        .order_by("side", "pk")
    )
    project.partners = [
        participation
        for participation in project.everybody
        if participation.role == Participation.Role.PARTNER and participation.left_at is None
    ]
    project.acting = next((row for row in project.everybody if row.is_acted), None)
    roles = {membership.organisation_id: membership.role for membership in person.current_memberships}
    project.role = roles.get(project.acting.organisation_id) if project.acting else None
    project.verbs = verbs_in(project.role, project.acting)
    if verb and verb not in project.verbs:
        raise PermissionDenied
    return project


def partners_only(project):
    """Pages that agencies, and people who act for nobody on the project, must not know of.

    Raises:
        Http404
    """
    if project.acting is None or project.acting.role != Participation.Role.PARTNER:
        raise Http404
    return project.acting.organisation


class ProjectMixin:
    """For views of a project: `self.project`, and `project` and `verbs` in the template."""

    verb = None

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.project = get_project(request.user, kwargs["reference"], self.verb)

    def get_context_data(self, **kwargs):
        return super().get_context_data(project=self.project, verbs=self.project.verbs, **kwargs)
