"""Versions of the file of a contract, side by side."""

from django.http import Http404
from django.views.decorators.http import require_safe

from partnerships.versions import compare_versions
from partnerships.views.contract import get_contract, page


@require_safe
def version_changes(request, reference, number, version):
    """What changed since an older version: the one before, or the one that is asked for."""
    project, state = get_contract(request.user, reference, number)
    since = request.GET.get("since")
    if since is not None and not (since.isascii() and since.isdigit() and len(since) < 6):
        raise Http404
    comparison = compare_versions(
        state.versions,
        version,
        None if since is None else int(since),
        organisation=project.acting.organisation,
    )
    if comparison is None:
        raise Http404
    return page(request, "version_changes", project, state, comparison=comparison)
