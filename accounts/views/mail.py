"""No more summaries: what the head of a summary leads to, without signing in."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.views.sign_in import on_token_page


# Mail programs press the button themselves (RFC 8058): they have no page, no cookie and no CSRF token.
@csrf_exempt
@login_not_required
@never_cache
@on_token_page
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request, token):
    """One button; pressing it stops the summaries and nothing else. Scanners that only look change nothing."""
    person = actions.person_of_unsubscribe(token)
    if person is None:
        raise Http404
    if request.method == "POST":
        actions.stop_summaries(person, at=timezone.now())
    return render(request, "accounts/unsubscribe.html", {"is_done": request.method == "POST"})
