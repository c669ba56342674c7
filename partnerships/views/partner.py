"""Partners: those one works with, those who want to be found, and what passed between them."""

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Organisation, Person
from partnerships.filters import PartnerFilter
from partnerships.models import Participation, Project, Transfer
from partnerships.permissions import organisations_known_to

ROWS = 50
PROJECTS_SHOWN = 20


def partners_with_projects(person):
    """Organisations this person may know of beside their own, with how many projects they share, live and closed."""
    own = [membership.organisation_id for membership in person.current_memberships]
    shared = Project.objects.visible_to(person).in_workspace()
    together = Q(participations__project__in=shared.values("pk"), participations__left_at=None)
    over = Q(participations__project__stage__in=[Project.Stage.COMPLETED, Project.Stage.WITHDRAWN])
    return (
        organisations_known_to(person)
        .exclude(pk__in=own)
        .annotate(
            live=Count("participations", filter=together & ~over, distinct=True),
            closed=Count("participations", filter=together & over, distinct=True),
            yours=Exists(
                Participation.objects.filter(
                    organisation=OuterRef("pk"), project__in=shared.values("pk"), left_at=None
                )
            ),
        )
    )


@require_safe
def partner_list(request):
    found = PartnerFilter(request.GET, queryset=partners_with_projects(request.user))
    partners = found.qs.order_by("-yours", "name", "pk")
    page = Paginator(partners, ROWS).get_page(request.GET.get("page"))
    return render(request, "partnerships/partner_list.html", {"page_obj": page, "filter": found})


@require_safe
def partner_detail(request, slug):
    merged = Organisation.objects.filter(slug=slug).exclude(merged_into=None).first()
    if merged is not None:
        # Whoever may not know the kept one learns nothing: its page asks for itself.
        kept = get_object_or_404(organisations_known_to(request.user), pk=merged.merged_into_id)
        return redirect("partnerships:partner_detail", kept.slug, permanent=True)
    organisation = get_object_or_404(organisations_known_to(request.user), slug=slug)
    own = {membership.organisation_id for membership in request.user.current_memberships}
    together = (
        Project.objects.visible_to(request.user)
        .in_workspace()
        .filter(Exists(Participation.objects.filter(project=OuterRef("pk"), organisation=organisation)))
    )
    between = Q(payer=organisation) | Q(recipient=organisation)
    transfers = (
        Transfer.objects.visible_to(request.user)
        .filter(between)
        .select_related("payer", "recipient", "import_run")
        .order_by("-year", "pk")
    )
    return render(
        request,
        "partnerships/partner_detail.html",
        {
            "organisation": organisation,
            "is_own": organisation.pk in own,
            "projects": together.order_by("-created_at", "-pk")[:PROJECTS_SHOWN],
            "people": people_known(organisation, together),
            "page_obj": Paginator(transfers, ROWS).get_page(request.GET.get("page")),
            "title": _("%(name)s, %(kind)s")
            % {"name": organisation.name, "kind": organisation.get_kind_display()},
        },
    )


def people_known(organisation, together):
    """People who act for this organisation on projects that the reader shares with it."""
    return (
        Person.objects.filter(
            project_roles__project__in=together.values("pk"),
            project_roles__acting_for=organisation,
            project_roles__left_at=None,
            memberships__organisation=organisation,
            memberships__left_at=None,
            is_active=True,
        )
        .distinct()
        .order_by("name", "pk")
    )
