"""Comments on the rows of a contract: to write one, to change it for a while, to withdraw it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.actions import contract as actions
from partnerships.comments import read_comment
from partnerships.contract import fingerprint, read_contract
from partnerships.forms.comments import CommentForm
from partnerships.views.contract import contract_again, get_contract, page, typed_again

REFUSALS = (actions.CannotComment, actions.ContractIsClosed)
WRITE = "write_contract"


def at_row(contract, code):
    return f"{contract.get_absolute_url()}#row_{code}"


@require_http_methods(["GET", "HEAD", "POST"])
def row_comment(request, reference, number, code):
    """Remark something on a row."""
    project, state = get_contract(request.user, reference, number, WRITE)
    row = state.rows.get(code)
    if row is None:
        raise Http404
    form, status = CommentForm(request.POST or None, read=fingerprint(row.text)), 200
    if request.method == "POST":
        status = 422
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.comment_on_row(
                state.contract,
                code,
                words=said["words"],
                read=said["read"],
                actor=request.user,
                at=timezone.now(),
            )
        except actions.ChangedSince:
            state = read_contract(contract_again(state.contract, project), partners=project.partners)
            row, status = state.rows[code], 409
            form = typed_again(form, request.POST, read=fingerprint(row.text))
            form.add_error(None, _("This row changed while you wrote. Read it again, then save."))
        except REFUSALS as error:
            messages.error(request, str(error))
            return redirect(state.contract)
        else:
            messages.success(request, _("Your comment is here. For ten minutes you can change it."))
            return redirect(at_row(state.contract, code))
    return page(request, "row_comment", project, state, form=form, row=row, status=status)


def own_comment(request, reference, number, pk):
    """Find a comment for whoever wrote it.

    Raises:
        Http404: there is none of theirs.
    """
    project, state = get_contract(request.user, reference, number)
    comment = read_comment(state.contract, pk)
    if comment is None or comment.written_by_id != request.user.pk:
        raise Http404
    return project, state, comment


@require_http_methods(["GET", "HEAD", "POST"])
def comment_edit(request, reference, number, pk):
    """One's own comment: other words for ten minutes, and withdrawing it."""
    project, state, comment = own_comment(request, reference, number, pk)
    may_change = comment.may_change(timezone.now())
    form = CommentForm(request.POST or None, initial={"words": comment.words})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_comment(
                comment, words=form.cleaned_data["words"], actor=request.user, at=timezone.now()
            )
        except REFUSALS as error:
            messages.error(request, str(error))
            return redirect(comment)
        else:
            messages.success(request, _("Your comment is changed."))
            return redirect(at_row(state.contract, comment.row.code))
    return page(
        request,
        "comment_edit",
        project,
        state,
        form=form if may_change or request.method == "POST" else None,
        comment=comment,
        status=422 if request.method == "POST" else 200,
    )


@require_POST
def comment_withdraw(request, reference, number, pk):
    _project, state, comment = own_comment(request, reference, number, pk)
    try:
        actions.withdraw_comment(comment, actor=request.user, at=timezone.now())
    except REFUSALS as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Your comment is withdrawn. That it was there stays to be read."))
    return redirect(at_row(state.contract, comment.row.code))
