"""Agencies on a project: what each does there, and its removal. Written by the partner it works for."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships.access import partner_project
from partnerships.actions import agencies as actions
from partnerships.forms.agencies import BriefForm, RemovalForm
from partnerships.models import Participation
from partnerships.views.project import posted, show


def get_agency(person, reference, slug):
    """Find an agency on a project, for a Lead or Owner of the partner that it works for.

    Raises:
        Http404: there is no such agency, or no such project for this person.
        PermissionDenied: it works for another partner, or they only read.
    """
    project = partner_project(person, reference, "brief_agency")
    for row in project.everybody:
        is_there = row.role == Participation.Role.AGENCY and row.left_at is None
        if is_there and row.organisation.slug == slug:
            if row.acts_for_id != project.acting.organisation_id:
                raise PermissionDenied
            return project, row
    raise Http404


def page(request, name, project, row, form, **context):
    return show(
        request,
        f"partnerships/{name}.html",
        project,
        section="agencies",
        agency=row.organisation,
        form=form,
        status=422 if request.method == "POST" else 200,
        **context,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def agency_edit(request, reference, slug):
    project, row = get_agency(request.user, reference, slug)
    newest = row.briefs.newest().first()
    words = {name: getattr(newest, name) for name in actions.WORDS} if newest else {}
    form = BriefForm(posted(request), initial=words, number=newest.number if newest else 0)
    meanwhile = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_brief(row, **form.cleaned_data, actor=request.user, at=timezone.now())
        except actions.BriefedMeanwhile as error:
            meanwhile = row.briefs.newest().first()
            form.data = form.data.copy()
            form.data["number"] = meanwhile.number if meanwhile else 0
            form.add_error(None, str(error))
        except actions.CannotBrief as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Written down. Every partner reads it."))
            return redirect(project)
    return page(request, "agency_edit", project, row, form, meanwhile=meanwhile)


@require_http_methods(["GET", "HEAD", "POST"])
def agency_remove(request, reference, slug):
    project, row = get_agency(request.user, reference, slug)
    form = RemovalForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.remove_agency(row, **form.cleaned_data, actor=request.user, at=timezone.now())
        except actions.CannotRemoveAgency as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("{name} is no longer on this project.").format(name=row.organisation.name)
            )
            return redirect(project)
    return page(request, "agency_remove", project, row, form, brief=row.briefs.newest().first())
