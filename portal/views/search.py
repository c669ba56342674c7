"""One box for everything."""

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.words import words_of
from portal.forms import SearchForm
from portal.search import find

EXAMPLES = [_("independence"), _("payment"), _("patients")]


@require_safe
def search(request):
    """What was found, in groups. Nothing is kept of what somebody looked for."""
    form = SearchForm(request.GET if request.GET.get("q") else None)
    if form.has_error("q", "required"):
        # Nothing but spaces: nobody has asked for anything.
        form = SearchForm()
    typed = form.cleaned_data["q"] if form.is_valid() else ""
    groups = find(request.user, typed) if typed else []
    context = {
        "form": form,
        "typed": typed,
        "groups": groups,
        "found": sum(len(group.hits) for group in groups),
        "more": any(group.more for group in groups),
        "words": words_of(typed),
        "examples": EXAMPLES,
    }
    return render(request, "portal/search.html", context, status=422 if form.errors else 200)
