"""Versions of the file of a contract, side by side."""

from django.http import Http404
from django.views.decorators.http import require_safe

from partnerships.models import Project
from partnerships.plain_words import shown_rows
from partnerships.questions import read_questions
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
    over = [Project.Stage.COMPLETED, Project.Stage.WITHDRAWN]
    is_open = state.contract.signed_at is None and project.stage not in over
    rows = shown_rows(
        state,
        project.acting.organisation,
        read_questions(state.contract) if is_open else [],
        is_open=is_open,
        may_write=is_open and "write_contract" in project.verbs,
    )
    return page(
        request,
        "version_changes",
        project,
        state,
        comparison=comparison,
        to_ask=[row for row in rows if row.may_ask],
        asked=[row for row in rows if row.question],
    )
