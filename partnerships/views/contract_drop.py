"""Dropping a contract that was started by mistake: what is lost, and why."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from partnerships.actions import contract as actions
from partnerships.contract import read_contract, shown_terms
from partnerships.forms.contract import DropForm
from partnerships.views.contract import NotStarted, contract_again, get_contract, page, typed_again


@require_http_methods(["GET", "HEAD", "POST"])
def contract_drop(request, reference, number):
    try:
        project, state = get_contract(request.user, reference, number, "write_contract")
    except NotStarted:
        # Pressed twice, or a colleague was faster: it is gone, as was wished.
        return redirect("partnerships:contract_list", reference)
    own, status = project.acting.organisation, 200
    if state.starter != own and not state.may_be_dropped_by(own):
        raise PermissionDenied
    if state.signatures or state.turn is None:
        messages.error(request, _("It can't be dropped: somebody has signed it, or the project is over."))
        return redirect(state.contract)
    form = DropForm(request.POST or None, content=state.content)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.drop_contract(
                    state.contract, **form.cleaned_data, actor=request.user, at=timezone.now()
                )
            except actions.ChangedSinceShown as error:
                state = read_contract(contract_again(state.contract, project), partners=project.partners)
                form, status = typed_again(form, request.POST, content=state.content), 409
                form.add_error(None, str(error))
            except (actions.CannotDropContract, actions.ContractIsClosed) as error:
                messages.error(request, str(error))
                return redirect(state.contract)
            else:
                messages.success(request, _("The contract is dropped. The history says why."))
                return redirect("partnerships:contract_list", reference)
    others = [organisation for organisation in state.organisations if organisation != own]
    return page(
        request,
        "contract_drop",
        project,
        state,
        form=form,
        lost=lost_with(state),
        told=others if actions.is_known_to_others(state) else [],
        status=status,
    )


def lost_with(state):
    """What nobody has any more once the contract is dropped, as rows of a summary."""
    written = [row.code for row in state.rows.values() if row.text]
    words = ngettext("{count} row of nine", "{count} rows of nine", len(written)).format(count=len(written))
    said = sum(line.row is not None for line in state.checklist.lines)
    checks = ngettext("{count} answer", "{count} answers", said).format(count=said) if said else ""
    files = [
        _("{file}, from {organisation}").format(
            file=version.file_name, organisation=version.organisation.name
        )
        for version in state.versions
    ]
    rows = [
        (_("Plain words"), words if written else "", _("Nothing yet")),
        (_("Files"), "\n".join(files), _("No file yet.")),
        (_("Checklist"), checks, _("Nothing is answered yet.")),
    ]
    # Not the title: the history keeps it.
    return shown_terms(state)[1:] + [
        {"label": label, "value": value, "missing": "" if value else none} for label, value, none in rows
    ]
