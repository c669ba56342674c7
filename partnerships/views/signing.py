"""Signing a contract on the page, and confirming what the other side signed on paper."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.fresh import is_fresh, prove_again, proved_at
from partnerships.actions import contract as actions
from partnerships.contract import read_contract, shown_terms, shown_words
from partnerships.forms.signing import SignForm
from partnerships.interests import undeclared_of, undeclared_words
from partnerships.questions import open_questions
from partnerships.views.contract import REFUSALS, contract_again, get_contract, page, typed_again


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contract_sign(request, reference, number):
    """Exactly what is signed, and a form for whoever has proved a short while ago who they are."""
    project, state = get_contract(request.user, reference, number, "record_signature")
    contract, own, at = state.contract, project.acting.organisation, timezone.now()
    if contract.signed_at is not None or own.pk in state.signatures or project.stage in actions.OVER:
        return redirect(contract)
    fresh = is_fresh(request, at=at)
    if request.method == "POST" and "again" in request.POST:
        address = reverse("partnerships:contract_sign", args=[reference, number])
        if "anyway" in request.GET:
            address += "?" + urlencode({"anyway": request.GET["anyway"]})
        return redirect(address) if fresh else prove_again(request, address)
    asked, mark = open_questions(contract)
    # Whoever was told of the questions that are open now has said to go on.
    interrupted = bool(asked) and request.GET.get("anyway") != mark
    form = SignForm((not interrupted and request.POST) or None, content=state.content, organisation=own)
    if request.method == "POST" and fresh and not interrupted and form.is_valid():
        try:
            actions.sign_contract(
                contract,
                signer=form.cleaned_data["signer"],
                content=form.cleaned_data["content"],
                proof=actions.Proof(get_adapter().get_client_ip(request), proved_at(request)),
                actor=request.user,
                at=at,
            )
        except actions.ChangedSinceRead as error:
            state = read_contract(contract_again(contract, project), partners=project.partners)
            form = typed_again(form, request.POST, content=state.content)
            form.add_error(None, str(error))
        except REFUSALS as error:
            messages.error(request, str(error))
            return redirect(contract)
        else:
            messages.success(request, _("You have signed for {name}.").format(name=own.name))
            return redirect(contract)
    undeclared = undeclared_words(undeclared_of(project, own))
    return page(
        request,
        "contract_sign",
        project,
        state,
        form=form,
        fresh=fresh,
        missing=[*state.missing(), *([undeclared] if undeclared else [])],
        undeclared=undeclared,
        asked=asked if interrupted else [],
        anyway=mark,
        gaps=[line for line in state.checklist.lines if not line.part.required and not line.is_settled],
        waiting=[one for one in state.unsigned if one.pk != own.pk],
        terms=shown_terms(state),
        words=shown_words(state),
        status=422 if request.method == "POST" else 200,
    )


@require_POST
def scan_confirm(request, reference, number, pk):
    _project, state = get_contract(request.user, reference, number, "record_signature")
    signature = get_object_or_404(state.contract.signatures.exclude(scan=""), pk=pk)
    try:
        actions.confirm_scan(state.contract, signature, actor=request.user, at=timezone.now())
    except REFUSALS as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("The signed copy of {name} is confirmed.").format(name=signature.organisation.name)
        )
    return redirect(state.contract)
