"""Giving a contract to a colleague, and taking it back."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.actions import contract as actions
from partnerships.forms.contract import GiveForm
from partnerships.views.contract import get_contract, page

REFUSALS = (actions.CannotGive, actions.ContractIsClosed)


@require_http_methods(["GET", "HEAD", "POST"])
def contract_give(request, reference, number):
    """Choose which colleague has it."""
    project, state = get_contract(request.user, reference, number, "write_contract")
    turn, own = state.turn, project.acting.organisation
    if turn is None or turn.organisation_id != own.pk:
        messages.error(request, _("The contract is not with you now."))
        return redirect(state.contract)
    colleagues = actions.who_may_have_it(project, own)
    initial = {"to": turn.holder_id and str(turn.holder_id), "word": turn.given_word}
    form = GiveForm(request.POST or None, colleagues=colleagues, initial=initial)
    if request.method == "POST" and form.is_valid():
        to = form.to_person()
        try:
            actions.give_contract(
                state.contract, to, word=form.cleaned_data["word"], actor=request.user, at=timezone.now()
            )
        except REFUSALS as error:
            messages.error(request, str(error))
        else:
            if to == request.user:
                messages.success(request, _("You have the contract now."))
            else:
                messages.success(request, _("{person} has the contract now.").format(person=to))
        return redirect(state.contract)
    return page(
        request,
        "contract_give",
        project,
        state,
        form=form,
        alone=colleagues == [request.user],
        status=422 if request.method == "POST" else 200,
    )


@require_POST
def contract_take_back(request, reference, number):
    """Nobody in particular has it."""
    _project, state = get_contract(request.user, reference, number, "write_contract")
    try:
        actions.take_contract_back(state.contract, actor=request.user, at=timezone.now())
    except REFUSALS as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The contract is with all of you again."))
    return redirect(state.contract)
