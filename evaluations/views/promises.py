"""Promises of one project, and what was learned in all of one's own."""

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.days import local_day
from accounts.words import HasWords, words_of
from evaluations import sealing
from evaluations.access import partner_project
from evaluations.actions.promises import (
    CannotAdd,
    CannotSettle,
    add_promise,
    drop_promise,
    keep_promise,
    who_can_promise,
)
from evaluations.forms.promises import DoneForm, DropForm, LearningFilter, PromiseForm
from evaluations.models import CarriedItem, Conclusion, ConclusionPart, Promise
from evaluations.views.crumbs import crumbs_of
from partnerships.models import Participation, Project

PER_PAGE = 20


def with_standing(promises, today: dt.date, organisation=None) -> list[Promise]:
    """Promises as lists show them: how late each is, and whether the reader's organisation gave it."""
    shown = []
    for promise in promises:
        promise.days_late = (today - promise.due_on).days if promise.is_overdue(today) else 0
        promise.is_ours = organisation is not None and promise.organisation_id == organisation.pk
        shown.append(promise)
    return shown


def readable_carried(organisation):
    """Where promises went, as far as this organisation is a partner there too."""
    theirs = Participation.objects.partners().filter(organisation=organisation).values("project")
    return Prefetch(
        "carried_to",
        CarriedItem.objects.filter(project__in=theirs).select_related("project").order_by("pk"),
        to_attr="carried_on",
    )


def with_helped(person, promises, parts=()) -> None:
    """Give each promise and learning what was said later: whether it helped.

    That is read by whoever may read the results there: people who act for a partner in that project too.
    """
    theirs = Participation.objects.partners().acted_by(person, known=True).values("project")
    said = sealing.helped_later(
        promises=[promise.pk for promise in promises], parts=[part.pk for part in parts], projects=theirs
    )
    for promise in promises:
        promise.helped_later = said.get(("promise", promise.pk), ())
    for part in parts:
        part.helped_later = said.get(("part", part.pk), ())


@require_safe
def promise_list(request, reference):
    project = partner_project(request.user, reference)
    organisation = project.acting.organisation
    today = local_day(timezone.now(), project.zone)
    promises = with_standing(
        project.promises.made()
        .select_related("owner", "organisation", "principle", "settled_by")
        .prefetch_related(readable_carried(organisation)),
        today,
        organisation,
    )
    with_helped(request.user, promises)
    open_ones = [promise for promise in promises if promise.state == Promise.State.OPEN]
    conclusion = Conclusion.objects.filter(project=project).first()
    context = {
        "project": project,
        "organisation": organisation,
        "verbs": project.verbs,
        "section": "learnings",
        "running": project.stage == Project.Stage.LEARN,
        "today": today,
        "open_promises": open_ones,
        "settled_promises": [promise for promise in promises if promise.state != Promise.State.OPEN],
        "promises": promises,
        "conclusion": conclusion,
        "signed": conclusion is not None and conclusion.signed_at is not None,
        "carried": CarriedItem.objects.brought_into(project, organisation),
        "heading": _heading(promises, open_ones),
    }
    return render(request, "evaluations/promise_list.html", context)


def _heading(promises, open_ones):
    if not promises:
        return _("No promises yet")
    if not open_ones:
        return _("Every promise is settled")
    return ngettext("%(count)d promise is open", "%(count)d promises are open", len(open_ones)) % {
        "count": len(open_ones)
    }


def _crumbs(project):
    return crumbs_of(project, (_("Learnings"), reverse("evaluations:promise_list", args=[project.reference])))


@require_http_methods(["GET", "HEAD", "POST"])
def promise_add(request, reference):
    project = partner_project(request.user, reference, "settle_promise")
    at = timezone.now()
    form = PromiseForm(
        request.POST if request.method == "POST" else None,
        people=who_can_promise(project, project.acting.organisation),
        principles=project.principle_set.principles.all(),
        today=local_day(at, project.zone),
    )
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("what", "owner", "due_on", "principle")}
        try:
            add_promise(project, **given, actor=request.user, at=at)
        except CannotAdd as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The promise is on the list."))
        return redirect("evaluations:promise_list", reference)
    context = {
        "project": project,
        "verbs": project.verbs,
        "crumbs": _crumbs(project),
        "form": form,
    }
    return render(request, "evaluations/promise_add.html", context, status=422 if form.errors else 200)


def _settle(request, reference, pk, *, form_class, act, template, done):
    """The page on which a promise is marked, and marking it."""
    project = partner_project(request.user, reference, "settle_promise")
    promise = get_object_or_404(project.promises.made().select_related("owner", "organisation"), pk=pk)
    if promise.organisation_id != project.acting.organisation_id:
        raise PermissionDenied
    form = form_class(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            act(promise, **form.cleaned_data, actor=request.user, at=timezone.now())
        except CannotSettle as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, done)
        return redirect("evaluations:promise_list", reference)
    context = {
        "project": project,
        "verbs": project.verbs,
        "crumbs": _crumbs(project),
        "promise": promise,
        "form": form,
    }
    return render(request, template, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def promise_done(request, reference, pk):
    return _settle(
        request,
        reference,
        pk,
        form_class=DoneForm,
        act=keep_promise,
        template="evaluations/promise_done.html",
        done=_("Marked as done."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def promise_drop(request, reference, pk):
    return _settle(
        request,
        reference,
        pk,
        form_class=DropForm,
        act=drop_promise,
        template="evaluations/promise_drop.html",
        done=_("Dropped. The reason is there for both sides."),
    )


@require_safe
def learning_list(request):
    """Signed conclusions and promises of the projects on which the reader acts for a partner."""
    today = local_day(timezone.now(), request.user.zone)
    form = LearningFilter(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    own = {membership.organisation_id for membership in request.user.current_memberships}
    promises = Promise.objects.made().filter(_promises_wanted(chosen, today))
    acted = Participation.objects.partners().acted_by(request.user, known=True)
    projects = (
        Project.objects.filter(pk__in=acted.values("project"), conclusion__signed_at__isnull=False)
        .filter(_projects_wanted(chosen, promises))
        .select_related("conclusion")
        .prefetch_related(
            Prefetch(
                "promises",
                promises.select_related("owner", "organisation", "principle"),
                to_attr="shown_promises",
            ),
            Prefetch(
                "conclusion__parts",
                ConclusionPart.objects.filter(code=ConclusionPart.Code.DIFFERENT).prefetch_related(
                    "views__organisation"
                ),
                to_attr="lessons",
            ),
            Prefetch(
                "participations",
                Participation.objects.partners().select_related("organisation"),
                to_attr="partners",
            ),
        )
        .order_by("-conclusion__signed_at", "-pk")
    )
    page = Paginator(projects, PER_PAGE).get_page(request.GET.get("page"))
    for project in page:
        with_standing(project.shown_promises, today)
        for promise in project.shown_promises:
            promise.is_ours = promise.organisation_id in own
        project.shown_partners = [row for row in project.partners if row.organisation_id not in own]
    with_helped(
        request.user,
        [promise for project in page for promise in project.shown_promises],
        [lesson for project in page for lesson in project.conclusion.lessons],
    )
    context = {
        "page_obj": page,
        "filter_form": form,
        "chips": _chips(request, form, chosen),
        "today": today,
        "filtered": any(chosen.values()),
    }
    return render(request, "evaluations/learning_list.html", context)


def _promises_wanted(chosen, today) -> Q:
    wanted = Q()
    if chosen.get("principle"):
        wanted &= Q(principle__code=chosen["principle"])
    if chosen.get("state") == "late":
        wanted &= Q(state=Promise.State.OPEN, due_on__lt=today)
    elif chosen.get("state"):
        wanted &= Q(state=chosen["state"])
    return wanted


def _projects_wanted(chosen, promises) -> Q:
    """Projects that hold a promise that is looked for, and the words, if any."""
    wanted = Q()
    if chosen.get("principle") or chosen.get("state"):
        wanted &= Q(Exists(promises.filter(project=OuterRef("pk"))))
    if chosen.get("q"):
        typed, words = chosen["q"], words_of(chosen["q"])
        said = ConclusionPart.objects.filter(
            Q(text__icontains=typed) | Q(HasWords("text", words)), conclusion__project=OuterRef("pk")
        )
        promised = Promise.objects.made().filter(
            Q(what__icontains=typed) | Q(HasWords("what", words)), project=OuterRef("pk")
        )
        wanted &= Q(title__icontains=typed) | Q(Exists(said)) | Q(Exists(promised))
    return wanted


def _chips(request, form, chosen):
    chips = []
    for name, value in chosen.items():
        if value:
            rest = request.GET.copy()
            for key in (name, "page"):
                rest.pop(key, None)
            words = dict(getattr(form.fields[name], "choices", [])).get(value, value)
            chips.append({"text": f"{form.fields[name].label}: {words}", "url": f"?{rest.urlencode()}"})
    return chips
