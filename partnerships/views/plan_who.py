"""Who takes part in a project: its plan names the partners."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Organisation
from partnerships.access import get_project
from partnerships.actions import partners, plan
from partnerships.forms.plan import PartnerInviteForm, PartnerSearchForm
from partnerships.models import Participation, Project
from partnerships.plan import plan_of
from partnerships.rulesets.plan import WHO, entries_of
from partnerships.views.plan import REFUSALS, next_url, to_part
from partnerships.views.project import show

Stage = Project.Stage

FOUND = 8


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
