"""The plan: its six parts, suggesting other words for one, and sending it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions.invitations import CannotInvite
from accounts.days import local_day
from partnerships.access import get_project
from partnerships.actions import partners, plan, suggestions
from partnerships.actions.joining import CannotJoin
from partnerships.forms.plan import PartForm
from partnerships.models import Participation, PlanPart, Project
from partnerships.plan import plan_of, read_plan
from partnerships.rulesets.plan import LEARNINGS, WHO, entries_of, part_of, rows_of
from partnerships.talk import PLAN_PART, decisions_about
from partnerships.views.project import posted, show

Stage = Project.Stage

REFUSALS = (
    plan.CannotAgree,
    plan.CannotChangePlan,
    plan.CannotSendPlan,
    plan.PartChanged,
    suggestions.CannotAnswer,
    suggestions.CannotSuggest,
    partners.CannotChoosePartner,
    CannotInvite,
    CannotJoin,
)


def part_url(project, code):
    if code == WHO.code:
        return reverse("partnerships:plan_who", args=[project.reference])
    return reverse("partnerships:plan_part", args=[project.reference, code])


def to_part(project, code):
    """Back to one part on the page of the plan."""
    return redirect(f"{reverse('partnerships:plan_detail', args=[project.reference])}#{code}")


@require_safe
def plan_detail(request, reference):
    """The plan: while it takes shape a list of things to do, then six blocks to answer."""
    project = get_project(request.user, reference)
    the_plan = plan_of(project)
    is_partner = project.acting is not None and project.acting.role == Participation.Role.PARTNER
    organisation = project.acting.organisation if is_partner else None
    may_write = "write_plan" in project.verbs
    owed = the_plan.owed_by(organisation) if organisation else []
    is_shape = project.stage == Stage.SHAPE
    open_to_change = project.stage in plan.OPEN_TO_CHANGE
    decisions = decisions_about(project, PLAN_PART)
    blocks = [
        {
            "state": part,
            "rows": [row for row in part.rows() if is_partner or not row.is_money],
            "compared": [row for row in part.compared() if is_partner or not row.is_money],
            "url": part_url(project, part.rule.code),
            "is_owed": part in owed,
            "decisions": decisions.get(f"{PLAN_PART}{part.rule.code}", ()),
            "own_suggestion": bool(part.suggestion and part.suggestion.organisation == organisation),
        }
        for part in the_plan.parts
    ]
    return show(
        request,
        "partnerships/plan_shape.html" if is_shape else "partnerships/plan_detail.html",
        project,
        section="plan",
        plan=the_plan,
        blocks=blocks,
        items=[todo_item(project, part, may_write) for part in the_plan.parts],
        done=sum(part.is_complete for part in the_plan.parts),
        owed=owed if open_to_change else [],
        may_write=may_write,
        may_agree=open_to_change and "agree_plan" in project.verbs,
        may_suggest=open_to_change and may_write,
        organisation=organisation,
    )


def todo_item(project, part, may_write):
    """A part on the list of things to do."""
    status, tone = _("Not started"), "plain"
    if part.is_complete:
        status, tone = _("Done"), "ok"
    elif part.current is not None:
        status, tone = _("Started"), "turn"
    return {
        "title": part.rule.question,
        "url": part_url(project, part.rule.code) if may_write else "",
        "hint": part.rule.lede,
        "status": status,
        "tone": tone,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def plan_part(request, reference, code):
    """One part: written while the plan takes shape, suggested anew later."""
    project = get_project(request.user, reference, "write_plan")
    if code not in PlanPart.Code.values:
        raise Http404
    if code == WHO.code:
        return redirect("partnerships:plan_who", reference)
    is_shape = project.stage == Stage.SHAPE
    if not is_shape and project.stage not in plan.OPEN_TO_CHANGE:
        return to_part(project, code)
    state = plan_of(project).part(code)
    if not is_shape and state.current is None:
        raise Http404
    draft = is_shape and "later" in request.POST
    form = part_form(request, project, state, draft=draft)
    if request.method == "POST" and form.is_valid():
        return keep_part(request, project, state, form, draft)
    status = 422 if request.method == "POST" else 200
    return show_part(request, project, state, form, status=status)


def part_form(request, project, state, *, data=None, draft=False):
    is_shape = project.stage == Stage.SHAPE
    organisation = project.acting.organisation
    offers = plan.offers_for(project, organisation) if state.rule is LEARNINGS else ()
    values = state.suggestion.values if state.suggestion else state.values
    return PartForm(
        data or posted(request),
        rule=state.rule,
        values=values,
        version=state.version,
        suggestion=state.suggestion,
        draft=draft,
        suggesting=not is_shape,
        today=local_day(timezone.now(), project.zone),
        country=organisation.country,
        offers=offers,
    )


def show_part(request, project, state, form, *, status=200):
    return show(
        request,
        "partnerships/plan_part.html",
        project,
        section="plan",
        state=state,
        rule=state.rule,
        form=form,
        is_shape=project.stage == Stage.SHAPE,
        status=status,
    )


def keep_part(request, project, state, form, draft):
    """Save or suggest what a valid form says, and choose the next page."""
    code, at = state.rule.code, timezone.now()
    read = {"values": form.values(), "base": form.cleaned_data["base"], "actor": request.user, "at": at}
    try:
        if project.stage == Stage.SHAPE:
            plan.save_part(project, code, **read)
        else:
            suggestions.suggest_part(
                project, code, note=form.cleaned_data["note"], read=form.cleaned_data["read"], **read
            )
    except plan.PartChanged:
        return conflict(request, project, code, form)
    except suggestions.CannotSuggest as error:
        form.add_error(None, str(error))
        return show_part(request, project, state, form, status=422)
    except plan.CannotChangePlan as error:
        messages.error(request, str(error))
        return to_part(project, code)
    if project.stage != Stage.SHAPE:
        messages.success(request, _("Your change is suggested. The others are asked."))
        return to_part(project, code)
    if draft:
        messages.success(request, _("Saved. Carry on whenever you like."))
        return redirect("partnerships:plan_detail", project.reference)
    return redirect(next_url(project))


def next_url(project):
    """The first part that is not complete; the check page when all are."""
    for part in read_plan(project).parts:
        if not part.is_complete:
            return part_url(project, part.rule.code)
    return reverse("partnerships:plan_check", args=[project.reference])


def conflict(request, project, code, form):
    """Somebody wrote another version meanwhile: both texts side by side, nothing lost."""
    state = read_plan(project).part(code)
    theirs = state.suggestion.values if state.suggestion else state.values
    again = part_form(request, project, state, data=with_read(request.POST, state))
    again.is_valid()
    return show(
        request,
        "partnerships/plan_conflict.html",
        project,
        section="plan",
        state=state,
        rule=part_of(code),
        form=again,
        rows=rows_of(part_of(code), form.values(), theirs),
        theirs=state.suggestion or state.current,
        is_shape=project.stage == Stage.SHAPE,
        status=409,
    )


def with_read(data, state):
    """What was typed, as if the newest version had been read."""
    data = data.copy()
    data["base"] = state.version
    data["read"] = state.suggestion.pk if state.suggestion else ""
    return data


@require_safe
def plan_check(request, reference):
    """The whole plan once more, before it is sent."""
    project = get_project(request.user, reference, "write_plan")
    if project.stage != Stage.SHAPE:
        return redirect("partnerships:plan_detail", reference)
    the_plan = plan_of(project)
    others = [
        entry["name"]
        for entry in entries_of(the_plan.part(WHO.code).values)
        if entry.get("id") != project.acting.organisation_id
    ]
    return show(
        request,
        "partnerships/plan_check.html",
        project,
        section="plan",
        plan=the_plan,
        blocks=[
            {"state": part, "rows": part.rows(), "url": part_url(project, part.rule.code)}
            for part in the_plan.parts
        ],
        others=others,
    )


@require_POST
def plan_send(request, reference):
    project = get_project(request.user, reference, "write_plan")
    try:
        plan.send_plan(project, actor=request.user, at=timezone.now())
    except REFUSALS as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The plan is sent."))
    return redirect("partnerships:plan_detail", reference)
