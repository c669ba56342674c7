"""Not now, and more time."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.actions.nudging import CannotNudge, nudge
from partnerships.actions.people import ActsForNobody
from partnerships.actions.time import CannotMoveDate, ask_for_time
from partnerships.permissions import acting_participation, verbs_for
from portal import actions, waiting
from portal.forms import LaterForm


def get_task(person, key, *, at):
    """A task that waits for this person.

    Raises:
        Http404: nothing with this key waits for them.
    """
    task = waiting.task_by_key(person, key, at=at)
    if task is None:
        raise Http404
    return task


@require_POST
def turn_nudge(request, pk):
    """Ask those whose turn it is how it goes."""
    turn = get_object_or_404(waiting.turns_of_others(request.user), pk=pk)
    if not may_nudge(request.user, turn):
        raise PermissionDenied
    try:
        nudge(turn, actor=request.user, at=timezone.now())
    except (CannotNudge, ActsForNobody) as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("We ask %(organisation)s how it goes.") % {"organisation": turn.organisation}
        )
    return redirect("portal:home")


def may_nudge(person, turn):
    """Whoever does the work for a partner on the project."""
    acting = acting_participation(person, turn.project)
    return acting is not None and bool(verbs_for(person, acting) & {"edit_project"})


@require_http_methods(["GET", "HEAD", "POST"])
def task_later(request, key):
    at = timezone.now()
    task = get_task(request.user, key, at=at)
    if not task.can_wait:
        # A link from a mail that was read on the day itself, or after.
        messages.info(request, _("Its day has come, so it can’t be put aside any more."))
        return redirect(task.url)
    form = LaterForm(
        request.POST or None,
        today=task.readers_today,
        due=task.due,
        may_ask=task.may_ask_for_time,
    )
    if request.method == "POST" and form.is_valid() and put_aside(request, task, form, at):
        return redirect("portal:home")
    status = 422 if form.errors else 200
    return render(request, "portal/task_later.html", {"task": task, "form": form}, status=status)


def put_aside(request, task, form, at):
    """Snooze the task or ask for more time, and say so. False when it was refused."""
    if form.cleaned_data["when"] != LaterForm.WHEN_MORE:
        snooze = actions.snooze_task(request.user, task.key, until=form.until())
        messages.success(
            request,
            _("“%(task)s” comes back on %(day)s.")
            % {"task": task.title, "day": date_format(snooze.until, "l j F")},
        )
        return True
    turn = next(turn for turn in waiting.turns_of(request.user) if waiting.turn_key(turn) == task.key)
    try:
        ask_for_time(
            turn,
            due_on=form.cleaned_data["new_due"],
            actor=request.user,
            at=at,
            note=form.cleaned_data["note"],
        )
    except CannotMoveDate as error:
        form.add_error("new_due", str(error))
        return False
    messages.success(request, _("We asked the other side. Silence for 3 working days counts as yes."))
    return True


@require_POST
def task_wake(request, key):
    if not actions.wake_task(request.user, key):
        raise Http404
    messages.success(request, _("It is back on your home."))
    return redirect("portal:home")
