"""The doors of evaluations: pages of a project of which only its partners may know."""

from django.core.exceptions import PermissionDenied

from partnerships.access import get_project, partners_only
from partnerships.permissions import VERBS


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


class PartnerMixin:
    """For views that only partners may know of: `self.project`, `self.organisation`, `self.verbs`."""

    verb = None

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.project = partner_project(request.user, kwargs["reference"], self.verb)
            self.organisation = self.project.acting.organisation

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            project=self.project, organisation=self.organisation, verbs=self.project.verbs, **kwargs
        )
