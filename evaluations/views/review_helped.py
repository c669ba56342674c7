"""The page of a review that asks whether what was brought from earlier projects helped."""

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from evaluations import sealing
from evaluations.actions import answers
from evaluations.forms.helped import HelpedForm
from evaluations.models import HelpQuestion
from evaluations.views.review import AutosaveMixin, PageView
from principles.models import Principle


class ReviewHelped(PageView):
    """Comes before the closing page; where nothing was brought along, there is no such page."""

    template_name = "evaluations/review_helped.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            asked = HelpQuestion.objects.asked_in(self.project, self.review.organisation)
            self.questions = list(asked)
            if not self.questions:
                raise Http404

    def make_form(self, data, *, required=False):
        drafts = {} if data is not None else sealing.own_helped(self.review)
        return HelpedForm(data, questions=self.questions, drafts=drafts, required=required)

    def save(self, form):
        """Save, and say whether everything could be."""
        saved = answers.save_helped(
            self.review, form.entries(), actor=self.request.user, at=timezone.now(), page=form.page_name
        )
        form.take_over(saved.answers, saved.conflicts)
        return not saved.conflicts

    def get_context(self, form):
        if form.is_bound and not form.drafts:
            # Nothing was saved: what stands in the review is still wanted for its time.
            form.drafts = sealing.own_helped(self.review)
        saved = [draft.saved_at for draft in form.drafts.values() if draft.saved_at]
        return {
            "rubrics": form.rubrics(self.request.user),
            "saved_at": max(saved, default=None),
            "last": Principle.objects.filter(principle_set=self.project.principle_set_id).last(),
        }

    def next_address(self):
        reference = self.project.reference
        if self.then():
            return f"{reverse('evaluations:review_check', args=[reference])}#helped"
        return reverse("evaluations:review_overall", args=[reference])


class ReviewHelpedSave(AutosaveMixin, ReviewHelped):
    """Saves it along."""
