"""Signing a contract on the page or on paper, and confirming what the other side signed on paper."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.days import local_day
from accounts.files import CannotKeepFile
from accounts.fresh import is_fresh, prove_again, proved_at
from partnerships.actions import contract as actions
from partnerships.contract import read_contract, shown_terms, shown_words
from partnerships.forms.contract import SignatureForm
from partnerships.forms.signing import SignForm
from partnerships.interests import undeclared_of, undeclared_words
from partnerships.questions import open_questions
from partnerships.views.contract import REFUSALS, contract_again, get_contract, page, typed_again


def unheeded_questions(request, contract):
    """The open questions of which whoever signs has not said that they go on anyway, and the mark with which they say so.

    The mark names the questions: one that was asked since is not heeded yet.
    """
    asked, mark = open_questions(contract)
    return ([] if request.GET.get("anyway") == mark else asked), mark


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
    asked, mark = unheeded_questions(request, contract)
    form = SignForm(request.POST or None, content=state.content, organisation=own)
    if request.method == "POST" and fresh and form.is_valid() and not asked:
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
        asked=asked,
        anyway_url=f"?anyway={mark}",
        gaps=[line for line in state.checklist.lines if not line.part.required and not line.is_settled],
        waiting=[one for one in state.unsigned if one.pk != own.pk],
        terms=shown_terms(state),
        words=shown_words(state),
        status=422 if request.method == "POST" else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def signature_record(request, reference, number):
    project, state = get_contract(request.user, reference, number, "record_signature")
    today = local_day(timezone.now(), project.zone)
    asked, mark = unheeded_questions(request, state.contract)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    # `today` counts in the form, too: it is bound to the project's clock, not to the reader's.
    form = SignatureForm(*sent, content=state.content, today=today)
    if request.method == "POST" and form.is_valid() and not asked:
        said = form.cleaned_data
        try:
            actions.record_signature(
                state.contract,
                signer=said["signer"],
                signed_on=said["signed_on"],
                scan=said["scan"],
                content=said["content"],
                actor=request.user,
                at=timezone.now(),
            )
        except actions.ChangedSinceRead as error:
            state = read_contract(contract_again(state.contract, project), partners=project.partners)
            form = typed_again(form, request.POST, content=state.content)
            form.add_error(None, str(error))
        except CannotKeepFile as error:
            form.add_error("scan", str(error))
        except REFUSALS as error:
            messages.error(request, str(error))
            return redirect(state.contract)
        else:
            messages.success(
                request, _("The signature is recorded. It counts once the other side has confirmed the copy.")
            )
            return redirect(state.contract)
    if asked and form.is_bound and "scan" in form.cleaned_data and form.cleaned_data["scan"]:
        form.add_error("scan", _("The file itself is fine. Choose it again."))
    undeclared = undeclared_words(undeclared_of(project, project.acting.organisation))
    return page(
        request,
        "signature_record",
        project,
        state,
        form=form,
        missing=[*state.missing(), *([undeclared] if undeclared else [])],
        undeclared=undeclared,
        asked=asked,
        anyway_url=f"?anyway={mark}",
        waiting=[one for one in state.unsigned if one.pk != project.acting.organisation_id],
        terms=shown_terms(state),
        words=shown_words(state),
        status=422 if request.method == "POST" else 200,
    )


@require_POST
def signature_remove(request, reference, number):
    _project, state = get_contract(request.user, reference, number, "record_signature")
    try:
        actions.remove_signature(state.contract, actor=request.user, at=timezone.now())
    except REFUSALS as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Your signature is taken back."))
    return redirect(state.contract)


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
