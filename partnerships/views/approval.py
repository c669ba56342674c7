"""The approval of a contract, on a page of its own."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.days import local_day
from partnerships.actions import contract as actions
from partnerships.contract import read_contract, shown_terms, shown_words
from partnerships.forms.approval import ApprovalForm
from partnerships.permissions import acting_people
from partnerships.views.contract import contract_again, get_contract, page, typed_again


@require_http_methods(["GET", "HEAD", "POST"])
def contract_approve(request, reference, number):
    """What is approved, and a form for whoever may; everybody else reads who can, and what to do when nobody can."""
    project, state = get_contract(request.user, reference, number, "approve_contract")
    contract, own = state.contract, project.acting.organisation
    if contract.signed_at is not None or state.approval is not None or not contract.needs_approval:
        return redirect(contract)
    against = actions.why_not(state, request.user, own)
    missing = state.missing()
    form = None if against or missing else approval_form(request, project, state)
    if request.method == "POST":
        if form is None:
            messages.error(request, against or " ".join(missing))
            return redirect(contract)
        if form.is_valid():
            try:
                actions.approve_contract(contract, **form.cleaned_data, actor=request.user, at=timezone.now())
            except actions.ChangedBeforeApproval as error:
                state = read_contract(contract_again(contract, project), partners=project.partners)
                form = typed_again(form, request.POST, content=state.content)
                form.add_error(None, str(error))
            except actions.CannotDate as error:
                form.add_error("approved_on", str(error))
            except (actions.CannotApprove, actions.ContractIsClosed) as error:
                messages.error(request, str(error))
                return redirect(contract)
            else:
                messages.success(
                    request, _("Version {number} is approved.").format(number=state.newest.number)
                )
                return redirect(contract)
    return page(
        request,
        "contract_approve",
        project,
        state,
        form=form,
        against=against,
        missing=missing,
        able=able_to_approve(project, state),
        is_own=own in state.approvers,
        terms=shown_terms(state),
        words=shown_words(state),
        status=422 if request.method == "POST" else 200,
    )


def approval_form(request, project, state):
    at = timezone.now()
    return ApprovalForm(
        request.POST or None,
        initial={"name": request.user.name},
        content=state.content,
        registrations=state.checklist.rules.approval.registrations,
        first=local_day(state.newest.uploaded_at, project.zone),
        today=local_day(at, project.zone),
    )


def able_to_approve(project, state):
    """Everybody who could approve the newest version now, in the order of their names."""
    return [
        acting
        for acting in acting_people(project, verb="approve_contract")
        if not actions.why_not(state, acting.person, acting.organisation)
    ]
