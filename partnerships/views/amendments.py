"""Amendments of a signed contract: start one, and take up in it what another one changed meanwhile."""

from django.contrib import messages
from django.db.models import Max
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.actions import contract as actions
from partnerships.forms.amendments import AmendmentForm
from partnerships.side_by_side import amended
from partnerships.views.contract import REFUSALS, get_contract, page


@require_http_methods(["GET", "HEAD", "POST"])
def contract_amend(request, reference, number):
    """Start an amendment. One of an amendment amends the same contract, and takes what is signed along."""
    project, state = get_contract(request.user, reference, number, "write_contract")
    contract = state.contract
    if contract.signed_at is None:
        raise Http404
    if contract.amends_id is not None:
        return redirect("partnerships:contract_amend", reference, contract.amends.number)
    highest = project.contracts.aggregate(highest=Max("number"))["highest"]
    form = AmendmentForm(request.POST or None, number=highest)
    if request.method == "POST" and form.is_valid():
        try:
            amendment = actions.start_amendment(
                contract, **form.cleaned_data, actor=request.user, at=timezone.now()
            )
        except actions.CannotStartContract as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("The amendment is started. It says what the contract says: change what changes.")
            )
            return redirect(amendment)
    return page(
        request,
        "contract_amend",
        project,
        state,
        form=form,
        amended=amended(contract),
        may_start=project.stage in actions.MAY_START,
        status=422 if request.method == "POST" else 200,
    )


@require_POST
def amendment_take_up(request, reference, number):
    _project, state = get_contract(request.user, reference, number, "write_contract")
    if state.contract.amends_id is None:
        raise Http404
    knows = request.POST.get("knows", "").split(",")
    try:
        taken = actions.take_up(state.contract, knows=knows, actor=request.user, at=timezone.now())
    except actions.ClearsSignatures as error:
        messages.error(request, str(error))
    except (*REFUSALS, actions.CannotTakeUp) as error:
        messages.error(request, str(error))
    else:
        if taken:
            messages.success(request, _("It is taken up. Read what the amendment changes now."))
    return redirect(state.contract)
