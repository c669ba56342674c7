"""Calls: three times to suggest, and one of them to choose. Each reads them on their own clock."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.templatetags.counterpart import moment
from evaluations.actions import calls as actions
from evaluations.check_ins import is_on_other_side, is_over
from evaluations.forms.check_ins import CallAnswerForm, CallForm, clock
from evaluations.models import Call
from evaluations.views.check_ins import page
from partnerships.access import partner_project
from partnerships.actions.people import ActsForNobody
from partnerships.frame import partners_of
from partnerships.models import Project
from partnerships.views.project import posted

REFUSALS = (actions.CannotCall, ActsForNobody)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def call_suggest(request, reference):
    project = partner_project(request.user, reference, "check_in")
    at, own = timezone.now(), project.acting.organisation
    waiting = Call.objects.open().filter(project=project).first()
    if waiting and not is_over(waiting, at) and is_on_other_side(project, own, waiting.organisation_id):
        # They were faster: their times come first.
        return redirect("evaluations:call_answer", reference, waiting.pk)
    form = CallForm(posted(request), person=request.user, country=own.country, at=at)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.suggest_call(project, times=form.times, actor=request.user, at=at)
        except REFUSALS as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Suggested. You hear from us when they have chosen."))
            return redirect("evaluations:check_in_list", reference)
    side = project.acting.side
    others = [row.organisation.name for row in partners_of(project) if row.side != side]
    return page(
        request,
        "call_suggest",
        project,
        form=form,
        waiting=waiting if waiting and waiting.organisation_id == own.pk else None,
        clock=clock(request.user),
        others=get_text_list(others, _("and")),
        running=project.stage == Project.Stage.DELIVER,
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def call_answer(request, reference, pk):
    """Choose one of the times. Whoever suggested them only reads."""
    project = partner_project(request.user, reference, "check_in" if request.method == "POST" else None)
    call = get_object_or_404(
        Call.objects.select_related("organisation", "suggested_by", "answered_by", "answered_for"),
        project=project,
        pk=pk,
    )
    call.project, at = project, timezone.now()
    is_theirs = is_on_other_side(project, project.acting.organisation, call.organisation_id)
    if request.method == "POST" and not is_theirs:
        raise Http404
    form = CallAnswerForm(posted(request), call=call, at=at, say=moment)
    may_answer = (
        is_theirs
        and "check_in" in project.verbs
        and call.state == Call.State.OPEN
        and not is_over(call, at)
        and project.stage == Project.Stage.DELIVER
    )
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_call(call, picked=form.picked, words=form.instead, actor=request.user, at=at)
        except REFUSALS as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request, _("The time is agreed.") if form.picked else _("Sent. They can suggest other times.")
            )
        return redirect("evaluations:check_in_list", reference)
    return page(
        request,
        "call_answer",
        project,
        call=call,
        form=form,
        may_answer=may_answer,
        over=is_over(call, at),
        clock=clock(request.user),
        status=status,
    )
