"""The certificate of a contract that all have signed, on the page and as a file to keep."""

from django.http import Http404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from partnerships.certificate import read_certificate, shows_addresses_to
from partnerships.contract import shown_terms, shown_words
from partnerships.side_by_side import amended
from partnerships.views.contract import get_contract, page
from partnerships.views.papers import paper


def signed_contract(request, reference, number):
    """Find a contract that all have signed, for who may read its page: there is a certificate of no other one.

    Raises:
        Http404
    """
    project, state = get_contract(request.user, reference, number)
    if state.contract.signed_at is None:
        raise Http404
    return project, state


def certificate_context(project, state):
    return {
        "certificate": read_certificate(state),
        "with_addresses": shows_addresses_to(state, project.acting, project.verbs),
        "terms": shown_terms(state),
        "words": shown_words(state),
        "amended": amended(state.contract),
    }


@never_cache
@require_safe
def contract_certificate(request, reference, number):
    project, state = signed_contract(request, reference, number)
    return page(request, "contract_certificate", project, state, **certificate_context(project, state))


@never_cache
@require_safe
def contract_certificate_pdf(request, reference, number):
    project, state = signed_contract(request, reference, number)
    context = {"project": project, "contract": state.contract, "state": state}
    return paper(
        request,
        "partnerships/contract_certificate_pdf.html",
        context | certificate_context(project, state),
        file_name=f"certificate-{reference}-{number}.pdf",
        instead=reverse("partnerships:contract_certificate", args=[reference, number]),
    )
