"""One page for machines."""

from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal import health as parts


@login_not_required
@never_cache
@require_safe
def health(request):
    """200 when all is well, 503 otherwise, and which part it is."""
    found = parts.report(at=timezone.now())
    return JsonResponse(found, status=200 if parts.is_well(found) else 503)
