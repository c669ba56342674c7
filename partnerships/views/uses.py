"""Permissions to use a name or a logo: asked for, given, answered, renewed, ended. Agencies see nothing of them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.days import local_day
from accounts.files import CannotKeepFile, as_attachment
from partnerships.access import partner_project
from partnerships.actions import uses as actions
from partnerships.forms.uses import AnswerForm, EndForm, RenewForm, UseForm
from partnerships.frame import others_on
from partnerships.models import FileState, Project, UsePermission
from partnerships.uses import question_of, read_permission, read_permissions, title_of
from partnerships.views.contract_files import refuse_unchecked
from partnerships.views.project import posted, show

SETTLE = "settle_permissions"


def permitting_project(person, reference, verb=None):
    """Find a project on which permissions are asked for, for somebody who acts for a partner.

    Raises:
        Http404, PermissionDenied: as in `partner_project`; 404 for what was read from a published list, too.
    """
    project = partner_project(person, reference, verb)
    if project.origin != Project.Origin.WORKSPACE:
        raise Http404
    return project


def get_permission(person, reference, pk, verb=None):
    """Find a permission for somebody who acts for a partner on its project.

    Raises:
        Http404, PermissionDenied: as in `permitting_project`; 403 where it is between others.
    """
    project = permitting_project(person, reference)
    rows = UsePermission.objects.select_related(
        "giver", "holder", "written_for", "written_by", "answered_by", "ended_for", "ended_by", "renews"
    )
    permission = get_object_or_404(rows, pk=pk, project=project)
    permission.project = project
    if verb:
        between = (permission.giver_id, permission.holder_id)
        if verb not in project.verbs or project.acting.organisation_id not in between:
            raise PermissionDenied
    return project, permission


def page(request, name, project, *, form=None, status=None, **context):
    status = status or (422 if request.method == "POST" else 200)
    return show(
        request,
        f"partnerships/{name}.html",
        project,
        section="permissions",
        form=form,
        status=status,
        **context,
    )


def to_permission(permission):
    return redirect("partnerships:permission_detail", permission.project.reference, permission.pk)


@require_safe
def permission_list(request, reference):
    project = permitting_project(request.user, reference)
    shown = read_permissions(project, timezone.now())
    waiting = [one for one in shown if one.waits]
    holding = [one for one in shown if one.holds]
    return page(
        request,
        "permission_list",
        project,
        ours=sum(one.waits_for_us for one in waiting),
        parts=[
            (_("Not answered yet"), waiting),
            (_("They hold"), holding),
            (_("Over"), [one for one in shown if not one.waits and not one.holds]),
        ],
        shown=shown,
        holding=holding,
        may_ask=may_ask(project),
        has_others=bool(others_on(project)),
    )


def may_ask(project):
    return bool(SETTLE in project.verbs and project.stage != Project.Stage.WITHDRAWN and others_on(project))


@require_http_methods(["GET", "HEAD", "POST"])
def permission_ask(request, reference):
    return writing(request, reference, gives=False)


@require_http_methods(["GET", "HEAD", "POST"])
def permission_give(request, reference):
    return writing(request, reference, gives=True)


def writing(request, reference, *, gives):
    """The form with which somebody asks for a permission, or gives one unasked."""
    project = permitting_project(request.user, reference, SETTLE)
    if not may_ask(project):
        messages.error(request, _("There is nobody to ask here now."))
        return redirect("partnerships:permission_list", reference)
    today = local_day(timezone.now(), project.zone)
    form = UseForm(
        posted(request), request.FILES or None, partners=others_on(project), today=today, gives=gives
    )
    if request.method == "POST" and form.is_valid():
        try:
            permission = save_words(project, form, gives=gives, actor=request.user)
        except CannotKeepFile as error:
            form.add_error("file", str(error))
        except actions.CannotPermit as error:
            form.add_error(None, str(error))
        else:
            if permission.state == FileState.HELD:
                messages.warning(
                    request, _("The file waits for the virus scanner. Until then your side alone has it.")
                )
            else:
                messages.success(request, _("Given. We tell them.") if gives else _("Asked. We tell them."))
            return to_permission(permission)
    return page(request, "permission_ask", project, form=form, gives=gives, others=others_on(project))


def save_words(project, form, *, gives, actor):
    write, other = (actions.give_permission, "holder") if gives else (actions.ask_permission, "giver")
    return write(project, **{other: form.partner()}, **form.words(), actor=actor, at=timezone.now())


@require_safe
def permission_detail(request, reference, pk):
    project, permission = get_permission(request.user, reference, pk)
    at = timezone.now()
    shown, own = read_permission(permission, project, at), project.acting.organisation
    goes_on = SETTLE in project.verbs and project.stage != Project.Stage.WITHDRAWN
    between = own.pk in (permission.giver_id, permission.holder_id)
    return page(
        request,
        "permission_detail",
        project,
        permission=permission,
        shown=shown,
        title=title_of(permission),
        may_answer=goes_on and shown.waits_for_us,
        may_renew=goes_on and between and shown.may_be_renewed,
        may_end=SETTLE in project.verbs and actions.may_end(permission, own, shown.today),
        may_open=may_open(permission, own),
        gives=own.pk == permission.giver_id,
    )


def may_open(permission, organisation):
    """Whether the file is handed out to this partner: what the scanner has not seen only to the side that added it."""
    if not permission.file or permission.state == FileState.REMOVED:
        return False
    return permission.state == FileState.CLEAN or permission.written_for_id == organisation.pk


@require_safe
def permission_file(request, reference, pk):
    project, permission = get_permission(request.user, reference, pk)
    if not permission.file:
        raise Http404
    refuse_unchecked(permission.state, permission.written_for_id, project)
    return as_attachment(permission.file, name=permission.file_name, content_type=permission.content_type)


@require_http_methods(["GET", "HEAD", "POST"])
def permission_answer(request, reference, pk):
    project, permission = get_permission(request.user, reference, pk, SETTLE)
    if project.acting.organisation_id != permission.giver_id:
        raise PermissionDenied
    form = AnswerForm(posted(request))
    return settling(
        request, project, permission, form, actions.answer_permission,
        name="permission_answer", said=_("Answered. We tell them."), question=question_of(permission),
        over=not permission.is_open,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def permission_renew(request, reference, pk):
    project, permission = get_permission(request.user, reference, pk, SETTLE)
    today = local_day(timezone.now(), project.zone)
    gives = project.acting.organisation_id == permission.giver_id
    return settling(
        request, project, permission,
        RenewForm(posted(request), after=permission.until, today=today), actions.renew_permission,
        name="permission_renew", said=_("Given anew. We tell them.") if gives else _("Asked. We tell them."),
        gives=gives, over=not permission.is_given,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def permission_end(request, reference, pk):
    project, permission = get_permission(request.user, reference, pk, SETTLE)
    today, own = local_day(timezone.now(), project.zone), project.acting.organisation
    return settling(
        request, project, permission, EndForm(posted(request)), actions.end_permission,
        name="permission_end", said=_("Ended. We tell them."), gives=own.pk == permission.giver_id,
        over=not actions.may_end(permission, own, today),
    )  # fmt: skip


def settling(request, project, permission, form, action, *, name, said, over, **context):
    """A page on which one thing happens to a permission; where it can't happen any more, the permission says why."""
    if over and request.method != "POST":
        return to_permission(permission)
    if request.method == "POST" and form.is_valid():
        try:
            settled = action(permission, **form.cleaned_data, actor=request.user, at=timezone.now())
        except actions.CannotPermit as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, said)
            return to_permission(settled)
    return page(
        request,
        name,
        project,
        form=form,
        permission=permission,
        title=title_of(permission),
        may_open=may_open(permission, project.acting.organisation),
        **context,
    )
