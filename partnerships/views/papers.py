"""Pages as files to keep. They are made while they are asked for and kept nowhere."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.pdf import NoPdf, render_pdf


def paper(request, template, context, *, file_name, instead):
    """Answer with a PDF; where this machine can't make one, lead to the page to print instead.

    Arguments:
        template: extends `pdf.html`.
        instead: the address of that page.
    """
    try:
        pdf = render_pdf(render_to_string(template, context, request))
    except NoPdf:
        messages.error(request, _("The file could not be made here. Print this page instead."))
        return redirect(instead)
    headers = {
        "Content-Disposition": f'attachment; filename="{file_name}"',
        # They say what not everybody may read.
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)
