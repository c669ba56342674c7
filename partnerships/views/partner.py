"""Partners: those one works with, those who want to be found, and what passed between them."""

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.countries import country_name
from accounts.models import Organisation
from partnerships.filters import PartnerFilter
from partnerships.funding import who_may_request
from partnerships.how_we_work import contract_line
from partnerships.measured import measured_for
from partnerships.models import Participation, Project, Transfer
from partnerships.permissions import acting_on, organisations_known_to

ROWS = 50
OVER = [Project.Stage.COMPLETED, Project.Stage.WITHDRAWN]
PROJECTS_SHOWN = 20


def partners_with_projects(person):
    """Organisations this person may know of beside their own, with how many projects they share, live and closed."""
    own = [membership.organisation_id for membership in person.current_memberships]
    shared = Project.objects.visible_to(person).in_workspace()
    together = Participation.objects.filter(organisation=OuterRef("pk"), left_at=None)
    return (
        organisations_known_to(person)
        .exclude(pk__in=own)
        .annotate(
            # Subqueries, so that they are asked for the rows of one page and not for everybody.
            live=_count(together.filter(project__in=shared.live().values("pk"))),
            closed=_count(together.filter(project__in=shared.filter(stage__in=OVER).values("pk"))),
            yours=Exists(together.filter(project__in=shared.values("pk"))),
        )
    )


def _count(participations):
    counted = participations.order_by().values("organisation").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


@require_safe
def partner_list(request):
    """Own partners first, then those who want to be found."""
    partners = partners_with_projects(request.user)
    countries = partners.exclude(country="").order_by().values_list("country", flat=True).distinct()
    found = PartnerFilter(request.GET, queryset=partners, countries=countries)
    page = Paginator(found.qs.order_by("-yours", "name", "pk"), ROWS).get_page(request.GET.get("page"))
    for partner in page:
        partner.country_name = country_name(partner.country)
    context = {"page_obj": page, "filter": found, "is_filtered": found.form.has_changed()}
    return render(request, "partnerships/partner_list.html", context)


@require_safe
def partner_detail(request, slug):
    merged = Organisation.objects.filter(slug=slug).exclude(merged_into=None).first()
    if merged is not None:
        # Whoever may not know the kept one learns nothing: its page asks for itself.
        kept = get_object_or_404(organisations_known_to(request.user), pk=merged.merged_into_id)
        return redirect("partnerships:partner_detail", kept.slug, permanent=True)
    organisation = get_object_or_404(organisations_known_to(request.user), slug=slug)
    own = {membership.organisation_id for membership in request.user.current_memberships}
    # What they did, or what was published, under another name that was merged into this one is theirs as well.
    spelled = Organisation.objects.filter(Q(pk=organisation.pk) | Q(merged_into=organisation)).values("pk")
    there = Participation.objects.filter(project=OuterRef("pk"), organisation__in=spelled)
    together = Project.objects.visible_to(request.user).in_workspace().filter(Exists(there))
    projects = list(together.order_by("-created_at", "-pk")[: PROJECTS_SHOWN + 1])
    between = Q(payer__in=spelled) | Q(recipient__in=spelled)
    transfers = (
        Transfer.objects.visible_to(request.user)
        .filter(between)
        .select_related("payer", "recipient", "import_run")
        .order_by("-year", "pk")
    )
    described = organisation.how_we_work.published().order_by("-number").first()
    typical = measured_for(request.user, organisation).contracts
    return render(
        request,
        "partnerships/partner_detail.html",
        {
            "described": described,
            "contract_line": contract_line(described.contract_days if described else None, typical),
            "organisation": organisation,
            "country": country_name(organisation.country),
            "is_own": organisation.pk in own,
            "may_request": bool(who_may_request(request.user, organisation)),
            "request_lists": lists_of_requests(request.user, organisation),
            "projects": projects[:PROJECTS_SHOWN],
            "has_more_projects": len(projects) > PROJECTS_SHOWN,
            "people": people_known(organisation, together),
            "page_obj": Paginator(transfers, ROWS).get_page(request.GET.get("page")),
        },
    )


def lists_of_requests(person, organisation):
    """Own organisations that may have asked this one for funding, or been asked by it; the own one on its own page."""
    if organisation.kind == Organisation.Kind.AGENCY:
        return []
    return [
        membership.organisation
        for membership in person.current_memberships
        if membership.organisation_id == organisation.pk
        or membership.organisation.kind not in (Organisation.Kind.AGENCY, organisation.kind)
    ]


def people_known(organisation, together):
    """People who act for this organisation on projects that the reader shares with it, by name.

    Whether they have done something there makes no difference: who has begun to write a review is sealed.
    """
    found = {
        acting.person
        for everybody in acting_on(together).values()
        for acting in everybody
        if organisation.pk in (acting.organisation.pk, acting.organisation.merged_into_id)
    }
    return sorted(found, key=lambda person: (person.name, person.pk))
