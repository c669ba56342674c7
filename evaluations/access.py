"""The doors of evaluations: pages of a project of which only its partners may know."""

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from evaluations.models import CheckInReply, HelpQuestion, Review
from partnerships.access import partner_project
from partnerships.permissions import VERBS


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


def get_review(person, reference, verb=None):
    """Find the own organisation's review of a project. It carries `project` with `acting` and `verbs`,
    `asks_whether_it_helped`: something was brought along from earlier projects, and `has_check_ins`: some were sent.

    Readers read it once it is open, or when a Lead shows them the draft.

    Raises:
        Http404: there is no such project or review for this person.
        PermissionDenied: they may read it, and may not do this.
        LookupError: no such verb.
    """
    if verb is not None and verb not in VERBS:
        raise LookupError(f"No such verb: {verb}")
    project = partner_project(person, reference)
    # That they act for this organisation here is what `Review.objects.visible_to` asks.
    asked = HelpQuestion.objects.filter(project=OuterRef("project"))
    checked = CheckInReply.objects.filter(
        check_in__project=OuterRef("project"), state=CheckInReply.State.SENT
    )
    review = (
        Review.objects.filter(project=project, organisation=project.acting.organisation)
        .annotate(asks_whether_it_helped=Exists(asked), has_check_ins=Exists(checked))
        .first()
    )
    if review is None:
        raise Http404
    writes = "write_review" in project.verbs
    if not writes and review.opened_at is None and not review.shown_to_readers:
        raise Http404
    if verb and verb not in project.verbs:
        raise PermissionDenied
    review.project, review.organisation = project, project.acting.organisation
    return review


def sealed_page_for_readers(project) -> str:
    """The name of the page that Readers may open while the reviews of a project are sealed; "" when there is none.

    The draft that a Lead shows them, else what some organisation shared before all had sent.
    """
    reviews = Review.objects.filter(project=project).exclude(shared_at=None, shown_to_readers=False)
    found = list(reviews.values_list("organisation", "shown_to_readers", "shared_at"))
    if (project.acting.organisation_id, True) in {(pk, shown) for pk, shown, _shared in found}:
        return "evaluations:review_start"
    return "evaluations:review_shared" if any(shared for _pk, _shown, shared in found) else ""


class ReviewMixin:
    """For views of the own organisation's review: `self.review` and `self.project`. Nothing of it is cached."""

    verb = "write_review"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.review = get_review(request.user, kwargs["reference"], self.verb)
            self.project = self.review.project

    @method_decorator(never_cache)
    def dispatch(self, request, *args, **kwargs):
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            review=self.review,
            project=self.project,
            organisation=self.review.organisation,
            verbs=self.project.verbs,
            **kwargs,
        )
