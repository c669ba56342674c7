"""The list of projects: found, ordered, kept as views, downloaded."""

import datetime as dt

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import Q, Window
from django.db.models.functions import RowNumber
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.days import local_day
from accounts.models import Organisation, SavedView
from partnerships.exports import projects_as_csv
from partnerships.filters import MANY_PARTNERS, ProjectFilter, SaveViewForm
from partnerships.models import Participation, Project, with_open_turns, with_turns

PAGE = "projects"
ROWS = 50


class ProjectPages(Paginator):
    """Pages that are counted while they are read; only a page that is not there asks for the count by itself."""

    def get_page(self, number):
        asked = int(number or 1) if (number or "1").isdecimal() and len(number or "1") <= 6 else 0
        start = (asked - 1) * self.per_page
        rows = list(self.object_list.with_found()[start : start + self.per_page]) if asked > 0 else []
        if rows:
            self.count = rows[0].found
            return self._get_page(rows, asked, self)
        return super().get_page(number)


def found_projects(request, *, form=True):
    """The projects that the address asks for, and the filter that found them.

    Arguments:
        form: the filter is shown, with everything there is to choose from.
    """
    person, today = request.user, local_day(timezone.now(), request.user.zone)
    visible = with_turns(Project.objects.visible_to(person).in_workspace(), person)
    query = request.GET.copy()
    if not any(query.get(name) for name in ("stage", "state")):
        query["state"] = "live"
    if query.get("state") == "live":
        visible = visible.live()
    elif query.get("state") == "closed":
        visible = visible.filter(stage__in=[Project.Stage.COMPLETED, Project.Stage.WITHDRAWN])
    # A table has no form to fill: what there is to choose from only tells whether the choice is one.
    partners = partners_of(person) if form or any(query.get(name) for name in ("partner", "country")) else []
    return ProjectFilter(
        query,
        queryset=visible,
        person=person,
        today=today,
        partners=[(slug, name) for slug, name, _country in partners],
        countries=sorted({(country, country) for _slug, _name, country in partners if country}),
    )


def partners_of(person):
    """Slug, name and country of the organisations beside one's own on all one's projects. One query.

    Of each country no more than are too many to choose from: with thousands of partners only the countries are needed.
    """
    own = [membership.organisation_id for membership in person.current_memberships]
    beside = Participation.objects.filter(project__in=Project.objects.visible_to(person).in_workspace())
    return list(
        Organisation.objects.filter(pk__in=beside.values("organisation"))
        .exclude(pk__in=own)
        .annotate(place=Window(RowNumber(), partition_by="country", order_by=["name", "pk"]))
        .filter(place__lte=MANY_PARTNERS + 1)
        .order_by("name", "pk")
        .values_list("slug", "name", "country")
    )


@require_safe
def project_list(request):
    found = found_projects(request)
    projects = with_open_turns(found.in_order().with_partners(), request.user)
    page = ProjectPages(projects, ROWS).get_page(request.GET.get("page"))
    own = {membership.organisation_id for membership in request.user.current_memberships}
    today, now = found.today, timezone.now()
    # Not by `get_stage_display`, which translates every stage for every row.
    stages = {stage: str(label) for stage, label in Project.Stage.choices}
    for project in page:
        project.stage_word = stages[project.stage]
        project.is_unsigned = project.started_without_agreement(at=now)
        project.shown_turn = project.turn_of(own)
        project.shown_partners = [p for p in project.partners if p.organisation_id not in own]
        if project.shown_turn:
            project.shown_turn.is_ours = project.shown_turn.organisation_id in own
            project.shown_turn.days = (today - local_day(project.shown_turn.since, project.zone)).days
            project.shown_turn.is_late = bool(project.shown_turn.due_on and project.shown_turn.due_on < today)
    context = {
        "page_obj": page,
        "filter": found,
        "chips": chips(request, found),
        "views": saved_views(request),
        "kept": SavedView.objects.filter(
            Q(person=request.user) | Q(organisation__in=own), page=PAGE
        ).order_by("name", "pk"),
        "save_form": save_form(request, initial={"query": request.GET.urlencode()}),
        "today": today,
    }
    return render(request, "partnerships/project_list.html", context)


def chips(request, found):
    """Each active filter, with the address that drops it."""
    result = []
    if not found.form.is_valid():
        return result
    for name, field in found.form.fields.items():
        value = found.form.cleaned_data.get(name)
        if not value or name == "order":
            continue
        words = dict(getattr(field, "choices", [])).get(value, value)
        if isinstance(value, dt.date):
            words = date_format(value, "j F Y")
        rest = request.GET.copy()
        for key in [key for key in rest if key == name or key.startswith(f"{name}_") or key == "page"]:
            if key in found.form.fields and key != name:
                continue
            del rest[key]
        result.append({"text": f"{field.label}: {words}", "url": f"?{rest.urlencode()}"})
    return result


def saved_views(request):
    """The views that everybody has, as links."""
    address = reverse("partnerships:project_list")
    entries = [
        (_("Live"), {}),
        (_("Your turn"), {"turn": "yours"}),
        (_("Their turn, late"), {"turn": "late"}),
        (_("Review open"), {"stage": "review"}),
        (_("Started without agreement"), {"start": "unsigned"}),
        (_("Closed"), {"state": "closed"}),
        (_("All"), {"state": "all"}),
    ]
    shown = {name: value for name, value in request.GET.items() if value and name not in ("page", "order")}
    return [
        {"text": text, "url": with_query(address, query), "current": shown == query}
        for text, query in entries
    ]


def save_form(request, *args, **kwargs):
    mine = [membership.organisation for membership in request.user.current_memberships]
    return SaveViewForm(*args, organisations=mine, **kwargs)


def with_query(address, query):
    values = QueryDict(mutable=True)
    values.update(query)
    return f"{address}?{values.urlencode()}" if query else address


@require_safe
def project_export(request):
    """The same rows as the list, as a table for a spreadsheet."""
    projects = found_projects(request, form=False).in_order().with_partners()
    projects = with_open_turns(projects, request.user)
    return projects_as_csv(projects, file_name=f"projects-{timezone.localdate():%Y-%m-%d}.csv")


@require_POST
def view_save(request):
    """Keep the shown filters and order under a name. The same name again replaces them."""
    form = save_form(request, request.POST)
    if not form.is_valid():
        # On a page of its own: the list that was shown stands at another address.
        return render(request, "partnerships/view_save.html", {"form": form}, status=422)
    query = QueryDict(form.cleaned_data["query"], mutable=True)
    query.pop("page", None)
    try:
        with transaction.atomic():
            SavedView.objects.update_or_create(
                person=request.user,
                page=PAGE,
                name=form.cleaned_data["name"],
                defaults={"query": query.urlencode(), "organisation": form.organisation},
            )
    except IntegrityError:
        messages.error(request, _("A view with this name was saved a moment ago."))
    else:
        messages.success(request, _("The view is saved."))
    return redirect(f"{reverse('partnerships:project_list')}?{query.urlencode()}")


@require_POST
def view_delete(request, pk):
    view = get_object_or_404(SavedView, pk=pk, person=request.user, page=PAGE)
    view.delete()
    messages.success(request, _("The view is gone. The projects are not."))
    return redirect("partnerships:project_list")
