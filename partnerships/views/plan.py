"""The plan: its six parts, sending it, agreeing to it, and suggesting other words."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions.invitations import CannotInvite
from accounts.days import local_day
from accounts.models import Organisation
from partnerships.access import get_project
from partnerships.actions import partners, plan, suggestions
from partnerships.actions.joining import CannotJoin
from partnerships.forms.plan import PartForm, PartnerInviteForm, PartnerSearchForm
from partnerships.models import Participation, PlanPart, PlanSuggestion, Project
from partnerships.plan import plan_of, read_plan
from partnerships.rulesets.plan import LEARNINGS, WHO, entries_of, part_of, rows_of
from partnerships.views.project import posted, show

Stage = Project.Stage

FOUND = 8
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
    blocks = [
        {
            "state": part,
            "rows": [row for row in part.rows() if is_partner or not row.is_money],
            "compared": [row for row in part.compared() if is_partner or not row.is_money],
            "url": part_url(project, part.rule.code),
            "is_owed": part in owed,
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
def plan_who(request, reference):
    """Who takes part: find a partner, invite one, or leave one out again."""
    project = get_project(request.user, reference, "write_plan")
    if project.stage not in (Stage.SHAPE, *plan.OPEN_TO_CHANGE):
        return to_part(project, WHO.code)
    return show_who(request, project)


def show_who(request, project, *, form=None, status=200):
    the_plan = plan_of(project)
    organisation = project.acting.organisation
    who = partners.who_now(the_plan, organisation)
    here = {row.organisation_id for row in the_plan.partners}
    chosen = [entry["id"] for entry in who["partners"]]
    search = PartnerSearchForm(request.GET if "q" in request.GET else None)
    wanted = search.cleaned_data["q"] if search.is_bound and search.is_valid() else ""
    found = partners.organisations_to_choose(request.user).exclude(pk__in=chosen)
    if wanted:
        found = found.filter(name__icontains=wanted)
    elif partner := request.GET.get("partner", ""):
        # Anybody can write what they like into a link; a slug has no character that a database refuses.
        found = found.filter(slug=partner) if partner.isascii() and partner.isprintable() else found.none()
    if not wanted and not request.GET.get("partner"):
        found = found.exclude(kind=organisation.kind)
    marks = {row.pk: row for row in Organisation.objects.filter(pk__in=chosen)}
    asked = {row.invitation.email: row for row in the_plan.invited}
    return show(
        request,
        "partnerships/plan_who.html",
        project,
        section="plan",
        state=the_plan.part(WHO.code),
        rule=WHO,
        plan=the_plan,
        organisation=organisation,
        entries=[
            entry
            | {
                "organisation": marks.get(entry.get("id")),
                "is_here": entry.get("id") in here,
                "asked": asked.get(entry.get("email")),
                # What `partner_leave_out` takes: whoever is invited has no id yet, whoever is chosen no address.
                "key": entry.get("email") or entry.get("id"),
            }
            for entry in entries_of(who)
        ],
        is_complete={entry["side"] for entry in entries_of(who)} == set(Participation.Side.values),
        search=search,
        wanted=wanted,
        found=found.order_by("name", "pk")[:FOUND],
        form=form or PartnerInviteForm(initial={"name": wanted, "side": other_side(organisation)}),
        is_shape=project.stage == Stage.SHAPE,
        next_url=next_url(project) if project.stage == Stage.SHAPE else "",
        status=status,
    )


def other_side(organisation):
    """The side opposite to an organisation's own."""
    sides = Participation.Side
    return sides.COMPANY if organisation.kind == sides.GROUP else sides.GROUP


@require_POST
def partner_invite(request, reference):
    project = get_project(request.user, reference, "invite_partner")
    if project.stage not in (Stage.SHAPE, *plan.OPEN_TO_CHANGE):
        return to_part(project, WHO.code)
    form = PartnerInviteForm(request.POST)
    if form.is_valid():
        try:
            partners.invite_partner(project, **form.cleaned_data, actor=request.user, at=timezone.now())
        except REFUSALS as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("{name} is on the list.").format(name=form.cleaned_data["name"]))
            return redirect("partnerships:plan_who", reference)
    return show_who(request, project, form=form, status=422)


@require_POST
def partner_choose(request, reference):
    project = get_project(request.user, reference, "write_plan")
    partner = get_object_or_404(
        partners.organisations_to_choose(request.user),
        slug=request.POST.get("organisation", "").replace("\0", ""),
    )
    try:
        partners.choose_partner(project, partner, actor=request.user, at=timezone.now())
    except REFUSALS as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("{name} is chosen.").format(name=partner.name))
    return redirect("partnerships:plan_who", reference)


@require_POST
def partner_leave_out(request, reference):
    project = get_project(request.user, reference, "write_plan")
    try:
        partners.leave_out_partner(
            project, request.POST.get("key", ""), actor=request.user, at=timezone.now()
        )
    except REFUSALS as error:
        messages.error(request, str(error))
    return redirect("partnerships:plan_who", reference)


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


@require_POST
def plan_agree(request, reference, code):
    project = get_project(request.user, reference, "agree_plan")
    version = request.POST.get("version", "")
    if code not in PlanPart.Code.values:
        raise Http404
    if not (version.isascii() and version.isdigit() and len(version) <= 9):
        version = "0"
    try:
        state = plan.agree_part(project, code, version=int(version), actor=request.user, at=timezone.now())
    except REFUSALS as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("You agreed to “{part}”.").format(part=state.rule.label))
    return to_part(project, code)


def answer_suggestion(request, reference, pk, action, done):
    project = get_project(request.user, reference, "agree_plan")
    suggestion = get_object_or_404(
        PlanSuggestion.objects.select_related("part"), part__project=project, pk=pk
    )
    try:
        action(project, suggestion, actor=request.user, at=timezone.now())
    except REFUSALS as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return to_part(project, suggestion.part.code)


@require_POST
def suggestion_accept(request, reference, pk):
    return answer_suggestion(
        request, reference, pk, suggestions.accept_suggestion, _("The change is accepted.")
    )


@require_POST
def suggestion_decline(request, reference, pk):
    return answer_suggestion(
        request, reference, pk, suggestions.decline_suggestion, _("The words stay as they were.")
    )


@require_POST
def suggestion_take_back(request, reference, pk):
    return answer_suggestion(
        request, reference, pk, suggestions.take_back_suggestion, _("Your suggestion is taken back.")
    )
