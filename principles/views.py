"""The public guide: the principles, with all questions and levels, exactly as in a review."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from principles.glossary import glossary
from principles.models import Principle, PrincipleSet


@login_not_required
@require_safe
def guide(request):
    edition = PrincipleSet.objects.current()
    principles = Principle.objects.filter(principle_set=edition).order_by("number") if edition else []
    return render(request, "principles/guide.html", {"edition": edition, "principles": principles})


@login_not_required
@require_safe
def principle_detail(request, code):
    edition = PrincipleSet.objects.current()
    principle = get_object_or_404(Principle.objects.with_questions(), principle_set=edition, code=code)
    others = Principle.objects.filter(principle_set=edition).order_by("number")
    return render(
        request,
        "principles/principle_detail.html",
        {
            "principle": principle,
            "previous": others.filter(number__lt=principle.number).last(),
            "next": others.filter(number__gt=principle.number).first(),
        },
    )


@login_not_required
@require_safe
def words(request):
    """Words of contracts; each has an anchor, so that a page can lead to it."""
    return render(request, "principles/words.html", {"words": glossary()})
