"""The files of a contract: versions and signed copies, to add and to fetch."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.files import CannotKeepFile, as_attachment
from partnerships.actions import contract as actions
from partnerships.forms.contract import VersionForm
from partnerships.models import FileState
from partnerships.views.contract import REFUSALS, ask_again, get_contract, page


@require_http_methods(["GET", "HEAD", "POST"])
def version_add(request, reference, number):
    project, state = get_contract(request.user, reference, number, "write_contract")
    form = VersionForm(request.POST or None, request.FILES or None, knows=state.clears)
    if request.method == "POST" and form.is_valid():
        try:
            version = actions.add_version(
                state.contract,
                form.cleaned_data["file"],
                note=form.cleaned_data["note"],
                knows=form.cleaned_data["knows"],
                actor=request.user,
                at=timezone.now(),
            )
        except actions.ClearsSignatures as error:
            form.add_error("file", _("The file itself is fine. Choose it again."))
            return ask_again(request, project, state.contract, form, error, name="version_add")
        except CannotKeepFile as error:
            form.add_error("file", str(error))
        except REFUSALS as error:
            messages.error(request, str(error))
            return redirect(state.contract)
        else:
            if version.state == FileState.HELD:
                messages.warning(
                    request,
                    _(
                        "Version {number} waits for the virus scanner. Until then your side alone has it."
                    ).format(number=version.number),
                )
            else:
                messages.success(request, _("Version {number} is here.").format(number=version.number))
            return redirect(state.contract)
    status = 422 if request.method == "POST" else 200
    return page(request, "version_add", project, state, form=form, status=status)


@require_safe
def version_file(request, reference, number, version):
    project, state = get_contract(request.user, reference, number)
    found = get_object_or_404(state.contract.versions, number=version)
    refuse_unchecked(found.state, found.organisation_id, project)
    return as_attachment(found.file, name=found.file_name, content_type=found.content_type)


@require_safe
def signature_scan(request, reference, number, pk):
    project, state = get_contract(request.user, reference, number)
    signature = get_object_or_404(state.contract.signatures.exclude(scan=""), pk=pk)
    refuse_unchecked(signature.scan_state, signature.organisation_id, project)
    return as_attachment(signature.scan, name=signature.scan_name, content_type=signature.scan_type)


def refuse_unchecked(state, organisation_id, project):
    """What the scanner has not seen yet is for the side that uploaded it; what it removed, for nobody.

    Raises:
        Http404
    """
    if state == FileState.REMOVED:
        raise Http404
    if state == FileState.HELD and organisation_id != project.acting.organisation_id:
        raise Http404
