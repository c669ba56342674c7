"""The only door to a project: 404 hides what one may not see, 403 refuses what one may not do."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from partnerships.models import Participation, ProjectPerson
from partnerships.permissions import VERBS, verbs_in


def get_project(person, reference, verb=None):
    """Find a project this person may know exists, and check that they may do this to it.

    The project carries `everybody` (its participations with their organisations), `partners` among them, `named`
    (for which organisation each person acts who was named, by their keys), `acting` (the participation for which the person acts, or None), `role` (theirs there) and `verbs`.

    Raises:
        Http404: there is no such project for this person.
        PermissionDenied: they are on it, and may not do this.
        LookupError: no such verb.
    """
    if verb is not None and verb not in VERBS:
        raise LookupError(f"No such verb: {verb}")
    # PostgreSQL takes no NUL, and no reference holds one.
    if not person.is_authenticated or "\0" in reference:
        raise Http404
    # Read plainly and judged here: the rule as a query takes longer to write than everything else on a page.
    everybody = list(
        Participation.objects.filter(project__reference=reference)
        .select_related("project", "organisation")
        .order_by("side", "pk")
    )
    mine = {membership.organisation_id for membership in person.current_memberships}
    if not any(row.left_at is None and row.organisation_id in mine for row in everybody):
        raise Http404
    project = everybody[0].project
    for row in everybody:
        row.project = project
    project.everybody = everybody
    project.partners = [
        row for row in everybody if row.role == Participation.Role.PARTNER and row.left_at is None
    ]
    named = ProjectPerson.objects.filter(project=project)
    project.named = dict(named.values_list("person", "acting_for"))
    project.acting = _acting(person, project)
    memberships = {membership.organisation_id: membership for membership in person.current_memberships}
    membership = memberships.get(project.acting.organisation_id) if project.acting else None
    project.role = membership.role if membership else None
    project.verbs = verbs_in(membership, project.acting)
    if verb and verb not in project.verbs:
        raise PermissionDenied
    return project


def _acting(person, project):
    """The participation for which this person acts, by the rule of `Participation.objects.acted_by`; None when none."""
    acts_for = {project.named[person.pk]} if person.pk in project.named else set()
    if not acts_for:
        acts_for = {membership.organisation_id for membership in person.every_membership}
        acts_for &= {row.organisation_id for row in project.everybody}
        if len(acts_for) > 1:
            return None
    acts_for &= {membership.organisation_id for membership in person.current_memberships}
    return next(
        (row for row in project.everybody if row.left_at is None and row.organisation_id in acts_for), None
    )


def partners_only(project):
    """Pages that agencies, and people who act for nobody on the project, must not know of.

    Raises:
        Http404
    """
    if project.acting is None or project.acting.role != Participation.Role.PARTNER:
        raise Http404
    return project.acting.organisation


def partner_project(person, reference, verb=None):
    """Find a project for somebody who acts for a partner in it. It carries `acting` and `verbs`.

    Raises:
        Http404: there is no such project for them, or they act for an agency or for nobody.
        PermissionDenied: they may read there, and may not do this.
        LookupError: no such verb.
    """
    if verb is not None and verb not in VERBS:
        raise LookupError(f"No such verb: {verb}")
    project = get_project(person, reference)
    partners_only(project)
    if verb and verb not in project.verbs:
        raise PermissionDenied
    return project


class ProjectMixin:
    """For views of a project: `self.project`, and `project` and `verbs` in the template."""

    verb = None

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.project = get_project(request.user, kwargs["reference"], self.verb)

    def get_context_data(self, **kwargs):
        return super().get_context_data(project=self.project, verbs=self.project.verbs, **kwargs)
