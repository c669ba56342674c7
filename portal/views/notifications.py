"""How messages come: by topic, day and hour; a pause; a test."""

from allauth.core import ratelimit
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions
from accounts.days import local_day
from accounts.forms.people import MailForm, PauseForm
from accounts.views.sign_in import too_often
from portal import waiting


@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request):
    """What somebody chooses, and the pause they may have."""
    person, at = request.user, timezone.now()
    form = MailForm.of(person, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.choose_mail(person, values=form.cleaned_data, actor=person, at=at)
        messages.success(request, _("Saved."))
        return redirect("portal:notifications")
    return show(request, form=form, pause_form=PauseForm(today=local_day(at, person.zone)), at=at)


def show(request, *, form, pause_form, at):
    person = request.user
    until = person.away_until
    due = (
        [task for task in waiting.tasks_for(person, at=at) if task.due and task.due <= until] if until else []
    )
    return render(
        request,
        "portal/notifications.html",
        {"form": form, "pause_form": pause_form, "until": until, "due": due, "is_paused": until is not None},
        status=422 if request.method == "POST" else 200,
    )


@require_POST
def mail_pause(request):
    """Pause until a day, or end the pause."""
    person, at = request.user, timezone.now()
    if "end" in request.POST:
        actions.end_pause(person, actor=person, at=at)
        messages.success(request, _("Messages come again."))
        return redirect("portal:notifications")
    pause_form = PauseForm(request.POST, today=local_day(at, person.zone))
    if not pause_form.is_valid():
        return show(request, form=MailForm.of(person), pause_form=pause_form, at=at)
    until = pause_form.cleaned_data["until"]
    actions.pause_mail(person, until=until, actor=person, at=at)
    messages.success(
        request, _("No messages come until the end of %(day)s.") % {"day": date_format(until, "j F Y")}
    )
    return redirect("portal:notifications")


@require_POST
def mail_test(request):
    """Send a test, so that somebody sees whether messages arrive; or take their word that they do."""
    if "arrives" in request.POST:
        actions.mail_arrives(request.user, at=timezone.now())
        messages.success(request, _("Good. If something comes back again, it stands here."))
    elif not ratelimit.consume(request, action="mail_test", user=request.user):
        messages.error(request, too_often())
    else:
        actions.ask_for_test(request.user, at=timezone.now())
        messages.success(request, _("A test is on its way to %(email)s.") % {"email": request.user.email})
    return redirect("portal:notifications")
