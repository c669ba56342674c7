"""One side says that it understands the rows in plain words that the other side wrote."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from partnerships.actions import contract as actions
from partnerships.confirmations import rows_for
from partnerships.contract import read_contract
from partnerships.forms.confirming import RowsConfirmForm
from partnerships.models import ContractRow
from partnerships.views.contract import contract_again, get_contract, page


@require_http_methods(["GET", "HEAD", "POST"])
def rows_confirm(request, reference, number):
    """The rows that wait for this side, each with a box to tick."""
    project, state = get_contract(request.user, reference, number, "write_contract")
    contract, own = state.contract, project.acting.organisation
    if contract.signed_at is not None or project.stage in actions.OVER:
        return redirect(contract)
    form = form_for(own, state, request.POST or None)
    chosen = [code for code in ContractRow.Code.values if code in request.POST]
    if chosen and not set(chosen) & set(form.codes):
        # Pressed twice, or a colleague was faster.
        messages.success(request, _("These rows are confirmed already."))
        return redirect(contract)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            confirmed = actions.confirm_rows(
                contract, read=form.ticked(), actor=request.user, at=timezone.now()
            )
        except actions.ChangedSince as error:
            state = read_contract(contract_again(contract, project), partners=project.partners)
            form, status = _to_read_again(own, state, error.places, request.POST), 409
        except (actions.CannotConfirmRow, actions.ContractIsClosed) as error:
            messages.error(request, str(error))
            return redirect(contract)
        else:
            words = ngettext("{count} row is confirmed.", "{count} rows are confirmed.", len(confirmed))
            messages.success(request, words.format(count=len(confirmed)))
            return redirect(contract)
    return page(request, "rows_confirm", project, state, form=form, status=status)


def form_for(own, state, data=None):
    contract = state.contract
    rows = rows_for(own, state.rows.values(), state.partners)
    address = [contract.project.reference, contract.number]
    ask_urls = {row.code: reverse("partnerships:row_ask", args=[*address, row.code]) for row in rows}
    return RowsConfirmForm(data, rows=rows, ask_urls=ask_urls)


def _to_read_again(own, state, places, posted):
    """The form as it stands now: what was ticked stays ticked, but for the rows that got another wording."""
    fresh = form_for(own, state)
    ticked = {code: "on" for code in fresh.codes if code in posted and code not in places}
    form = form_for(own, state, ticked | {"read": fresh["read"].value()})
    form.is_valid()
    for code in form.codes:
        if code in places:
            form.errors.pop(code, None)
            form.add_error(code, _("This row changed while you read it. Read it again"))
    return form
