"""What watchers ask."""

from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.health import OK, examine


@login_not_required
@never_cache
@require_safe
def health(request):
    """200 when everything runs, 503 with what does not. Needs no sign-in and holds no secret."""
    found = examine(at=timezone.now())
    return JsonResponse(found, status=200 if found["status"] == OK else 503)
