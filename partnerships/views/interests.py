"""Interests of the people on a project: declared by each, decided about by both sides. Agencies see their own alone."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.days import local_day
from partnerships.access import get_project, partner_project
from partnerships.actions import interests as actions
from partnerships.forms.interests import AbsenceForm, DecisionForm, InterestForm, NumberForm
from partnerships.frame import acts_for_partner
from partnerships.interests import asked_people, read_declared, read_interests
from partnerships.models import Interest, InterestDecision
from partnerships.permissions import acting_people
from partnerships.views.project import posted, show

REFUSALS = (actions.CannotDeclare, actions.CannotDecide)


def acting_project(person, reference):
    """Find a project for somebody who acts for an organisation on it, an agency included.

    Raises:
        Http404: there is no such project for them, or they act for nobody.
    """
    project = get_project(person, reference)
    if project.acting is None:
        raise Http404
    return project


def page(request, name, project, *, status=200, **context):
    return show(
        request,
        f"partnerships/{name}.html",
        project,
        section="interests",
        is_partner=acts_for_partner(project),
        status=status,
        **context,
    )


@require_safe
def interest_list(request, reference):
    project = acting_project(request.user, reference)
    teams = read_interests(project, project.acting)
    own = next((one for _row, people in teams for one in people if one.person == request.user), None)
    missing = [one for _row, people in teams for one in people if one.is_missing]
    return page(
        request,
        "interest_list",
        project,
        teams=teams,
        # A Reader whom nobody asks may declare something all the same.
        own=own or read_declared(project, request.user),
        missing=missing,
        is_open=project.stage not in actions.OVER,
        may_decide="decide_interests" in project.verbs and project.stage not in actions.OVER,
        may_note=_may_note(project, missing, request.user),
    )


def _may_note(project, missing, reader):
    """Keys of those about whom the reader may write down that they can't be asked."""
    if "decide_interests" not in project.verbs or project.stage in actions.OVER:
        return set()
    own = project.acting.organisation_id
    sides = {own} | {row.organisation_id for row in project.everybody if row.acts_for_id == own}
    return {one.person.pk for one in missing if one.organisation.pk in sides and one.person != reader}


# Declaring ------------------------------------------------------------------------------------------


@require_POST
def interest_none(request, reference):
    return press(request, reference, actions.declare_none, _("You declared that you have no such interests."))


@require_POST
def interest_same(request, reference):
    return press(request, reference, actions.confirm_interests, _("You said that nothing has changed."))


def press(request, reference, action, said):
    """What somebody declares with one button, which knows the version that they read."""
    project = acting_project(request.user, reference)
    form = NumberForm(request.POST)
    number = form.cleaned_data["number"] if form.is_valid() else -1
    try:
        action(project, number=number, actor=request.user, at=timezone.now())
    except REFUSALS as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("partnerships:interest_list", reference)


@require_http_methods(["GET", "HEAD", "POST"])
def interest_add(request, reference):
    project = acting_project(request.user, reference)

    def save(values):
        actions.add_interest(project, **values, actor=request.user, at=timezone.now())

    return declaring(request, project, InterestForm(posted(request)), save)


@require_http_methods(["GET", "HEAD", "POST"])
def interest_edit(request, reference, pk):
    project = acting_project(request.user, reference)
    interest = own_interest(project, request.user, pk)
    words = {name: getattr(interest, name) for name in actions.WORDS}

    def save(values):
        actions.change_interest(interest, **values, actor=request.user, at=timezone.now())

    return declaring(request, project, InterestForm(posted(request), initial=words), save, interest=interest)


def declaring(request, project, form, save, **context):
    if request.method == "POST" and form.is_valid():
        try:
            save(form.cleaned_data)
        except REFUSALS as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Declared. The earlier version is kept."))
            return redirect("partnerships:interest_list", project.reference)
    status = 422 if request.method == "POST" else 200
    return page(request, "interest_edit", project, form=form, status=status, **context)


@require_POST
def interest_end(request, reference, pk):
    project = acting_project(request.user, reference)
    try:
        actions.end_interest(own_interest(project, request.user, pk), actor=request.user, at=timezone.now())
    except REFUSALS as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It is no longer among your interests. The earlier version is kept."))
    return redirect("partnerships:interest_list", reference)


def own_interest(project, person, pk):
    """
    Raises:
        Http404: this person has declared no such interest on this project.
    """
    interest = get_object_or_404(Interest, pk=pk, declaration__project=project, declaration__person=person)
    interest.declaration.project = project
    return interest


@require_http_methods(["GET", "HEAD", "POST"])
def absence_note(request, reference, pk):
    """A colleague of the own side, or of an agency that acts for it, can't be asked: why."""
    project = partner_project(request.user, reference, "decide_interests")
    own = project.acting.organisation_id
    colleague = next(
        (
            one
            for one in asked_people(acting_people(project))
            if one.person.pk == pk and own in (one.organisation.pk, one.participation.acts_for_id)
        ),
        None,
    )
    if colleague is None or colleague.person == request.user:
        raise Http404
    form = AbsenceForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.note_absence(
                project,
                colleague.person,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=timezone.now(),
            )
        except REFUSALS as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Noted. Both sides read it."))
            return redirect("partnerships:interest_list", reference)
    status = 422 if request.method == "POST" else 200
    return page(request, "absence_note", project, form=form, colleague=colleague, status=status)


# Deciding -------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def interest_decide(request, reference, pk):
    project = partner_project(request.user, reference, "decide_interests")
    interest = get_object_or_404(
        Interest.objects.select_related("declaration__person", "declaration__organisation"),
        pk=pk,
        declaration__project=project,
    )
    interest.declaration.project = project
    today = local_day(timezone.now(), project.zone)
    newest = newest_decision(interest)
    form = DecisionForm(posted(request), number=newest.number if newest else 0, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            actions.decide_interest(interest, **form.cleaned_data, actor=request.user, at=timezone.now())
        except actions.DecidedMeanwhile as error:
            newest = newest_decision(interest)
            form.data = form.data.copy()
            form.data["number"] = newest.number if newest else 0
            form.add_error(None, str(error))
        except REFUSALS as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Written down. The other partners are asked to agree."))
            return redirect("partnerships:interest_list", reference)
    status = 422 if request.method == "POST" else 200
    return page(
        request, "interest_decide", project, form=form, interest=interest, newest=newest, status=status
    )


def newest_decision(interest):
    decisions = InterestDecision.objects.filter(interest=interest.root_id)
    return decisions.select_related("organisation", "written_by").order_by("-number").first()


@require_POST
def decision_agree(request, reference, pk):
    project = partner_project(request.user, reference, "decide_interests")
    decision = get_object_or_404(
        InterestDecision.objects.select_related("interest__declaration__project"),
        pk=pk,
        interest__declaration__project=project,
    )
    try:
        actions.agree_decision(decision, actor=request.user, at=timezone.now())
    except REFUSALS as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("You agreed to what was decided."))
    return redirect("partnerships:interest_list", reference)
