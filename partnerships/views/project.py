"""Starting, naming and ending a project, and for whom somebody acts there."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.access import get_project
from partnerships.actions import closing
from partnerships.actions.people import ActsForNobody, CannotChooseSide, choose_side, sides_to_choose
from partnerships.actions.project import (
    CannotStart,
    organisations_to_start_for,
    rename_project,
    start_project,
)
from partnerships.forms.project import (
    ActingForm,
    CloseForm,
    ProjectForm,
    ProjectNameForm,
    ResultForm,
    WithdrawForm,
)
from partnerships.models import Project

Stage = Project.Stage


def show(request, template, project, *, status=200, **context):
    """A page of a project."""
    context = {"project": project, "verbs": project.verbs} | context
    return render(request, template, context, status=status)


def posted(request):
    """What a form was sent with, an empty one included; None when it is only looked at."""
    return request.POST if request.method == "POST" else None


@require_http_methods(["GET", "HEAD", "POST"])
def project_add(request):
    organisations = list(organisations_to_start_for(request.user))
    if not organisations:
        return render(request, "partnerships/project_add_not.html")
    form = ProjectForm(posted(request), organisations=organisations)
    if request.method == "POST" and form.is_valid():
        try:
            project = start_project(
                form.cleaned_data["title"],
                organisation=form.organisation(),
                actor=request.user,
                at=timezone.now(),
                reference=form.cleaned_data["once"],
            )
        except CannotStart as error:
            form.add_error(None, str(error))
        else:
            # A partner's page leads here with the partner, who is then the first in the search.
            partner = request.GET.get("partner", "")
            target = redirect("partnerships:plan_detail", project.reference)
            if partner.isascii() and partner.replace("-", "").isalnum():
                target = redirect("partnerships:plan_who", project.reference)
                target["Location"] += f"?partner={partner[:80]}"
            return target
    status = 422 if request.method == "POST" else 200
    return render(request, "partnerships/project_add.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def project_edit(request, reference):
    project = get_project(request.user, reference, "edit_project")
    form = ProjectNameForm(posted(request), initial={"title": project.title})
    if request.method == "POST" and form.is_valid():
        rename_project(project, title=form.cleaned_data["title"], actor=request.user, at=timezone.now())
        messages.success(request, _("The name is saved."))
        return redirect(project)
    status = 422 if request.method == "POST" else 200
    return show(request, "partnerships/project_edit.html", project, form=form, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def result_record(request, reference):
    project = get_project(request.user, reference, "record_result")
    initial = {"result": project.result, "how": project.result_how}
    form = ResultForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            closing.record_result(
                project,
                result=form.cleaned_data["result"],
                how=form.cleaned_data["how"],
                actor=request.user,
                at=timezone.now(),
            )
        except closing.CannotRecordResult as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The result is recorded. Both sides see it."))
            return redirect(project)
    better = (
        project.plan_parts.filter(code="why").order_by("-version").values_list("values", flat=True).first()
    )
    return show(
        request,
        "partnerships/result_record.html",
        project,
        form=form,
        better=(better or {}).get("better", ""),
        can_record=project.stage in (Stage.DELIVER, Stage.REVIEW, Stage.LEARN),
        status=422 if request.method == "POST" else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def project_close(request, reference):
    project = get_project(request.user, reference, "close_project")
    agreements = list(project.closing_agreements.select_related("organisation", "person"))
    agreed = {agreement.organisation_id for agreement in agreements}
    form = CloseForm(posted(request))
    if request.method == "POST" and (agreements or form.is_valid()):
        try:
            after = closing.close_early(
                project,
                actor=request.user,
                at=timezone.now(),
                reason=form.cleaned_data.get("reason", "") if form.is_valid() else "",
                note=form.cleaned_data.get("note", "") if form.is_valid() else "",
            )
        except closing.CannotClose as error:
            messages.error(request, str(error))
        else:
            if after.stage == Stage.DELIVER:
                messages.success(request, _("The other side is asked. The project goes on until they agree."))
            else:
                messages.success(request, _("The project has ended. The reviews are open."))
        return redirect(project)
    return show(
        request,
        "partnerships/project_close.html",
        project,
        form=form,
        proposal=agreements[0] if agreements else None,
        has_agreed=project.acting.organisation_id in agreed,
        waiting=get_text_list(
            [row.organisation.name for row in project.partners if row.organisation_id not in agreed], _("and")
        ),
        can_close=project.stage == Stage.DELIVER,
        status=422 if request.method == "POST" else 200,
    )


@require_POST
def project_keep_open(request, reference):
    project = get_project(request.user, reference, "close_project")
    try:
        closing.keep_open(project, actor=request.user, at=timezone.now())
    except closing.CannotClose as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The project goes on until its end date."))
    return redirect(project)


@require_http_methods(["GET", "HEAD", "POST"])
def project_withdraw(request, reference):
    project = get_project(request.user, reference, "withdraw_project")
    form = WithdrawForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            missing = closing.withdraw_project(
                project,
                reason=form.cleaned_data["reason"],
                note=form.cleaned_data["note"],
                actor=request.user,
                at=timezone.now(),
            )
        except closing.CannotWithdraw as error:
            messages.error(request, str(error))
        else:
            if missing:
                names = get_text_list([organisation.name for organisation in missing], _("and"))
                messages.success(
                    request, _("Your consent is noted. {names} has to consent too.").format(names=names)
                )
            else:
                messages.success(request, _("The project is withdrawn. The other side is told."))
        return redirect(project)
    return show(
        request,
        "partnerships/project_withdraw.html",
        project,
        form=form,
        can_withdraw=project.stage not in (Stage.COMPLETED, Stage.WITHDRAWN),
        status=422 if request.method == "POST" else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def project_acting(request, reference):
    project = get_project(request.user, reference)
    organisations = sides_to_choose(project, request.user)
    if not organisations:
        if project.acting is None:
            raise Http404
        return redirect(project)
    form = ActingForm(posted(request), organisations=organisations)
    if request.method == "POST" and form.is_valid():
        chosen = next(o for o in organisations if o.slug == form.cleaned_data["organisation"])
        try:
            choose_side(project, chosen, actor=request.user, at=timezone.now())
        except (CannotChooseSide, ActsForNobody) as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("You act for {name} on this project.").format(name=chosen.name))
        return redirect(project)
    status = 422 if request.method == "POST" else 200
    return show(request, "partnerships/project_acting.html", project, form=form, status=status)
