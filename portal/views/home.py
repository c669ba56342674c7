"""Home, and what a stranger finds in its place."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.days import local_day
from partnerships.models import Project, with_turns, with_your_turn
from portal import waiting
from principles.models import Principle, PrincipleSet

# Who has more to do than this works from the project list, to which home links.
TASKS = 12
PROJECTS = 5
THEIRS = 5
DATES = 3


@login_not_required
@require_safe
def home(request):
    if not request.user.is_authenticated:
        return stranger(request)
    person, at = request.user, timezone.now()
    memberships = person.current_memberships
    own = {membership.organisation_id for membership in memberships}
    projects, found, ends = first_projects(person, at)
    turns, promises = waiting.own_turns(person), waiting.own_promises(person)
    tasks = waiting.tasks_for(person, at=at, turns=turns, promises=promises, beside=projects)
    tasks, snoozed = waiting.split_snoozed(person, tasks, at=at)
    task_count = len(tasks) + waiting.not_read(turns)
    return render(
        request,
        "portal/home.html",
        {
            "heading": heading(task_count),
            "minutes": sum(task.minutes for task in tasks),
            "tasks": tasks[:TASKS],
            "task_count": task_count,
            "more": task_count > TASKS,
            "snoozed": snoozed,
            "theirs": waiting.waiting_for_them(person, at=at, limit=THEIRS),
            "dates": waiting.coming_up(
                person,
                ends=ends,
                promises=promises,
                check_ins=waiting.next_check_ins(person, limit=DATES),
                at=at,
            )[:DATES],
            "memberships": memberships,
            "projects": [project_row(project, own) for project in projects],
            "project_count": found,
        },
    )


def heading(count):
    """The state of the day as a sentence."""
    if not count:
        return _("Nothing is waiting for you")
    return ngettext("%(count)s thing is waiting for you", "%(count)s things are waiting for you", count) % {
        "count": count
    }


def first_projects(person, at):
    """The first of the person's live projects, how many there are, and the projects that end next. One query."""
    live = Project.objects.visible_to(person).live()
    # Who can take no turn makes it a constant, by which PostgreSQL would not sort.
    order = (Coalesce("your_turn", Value(False)).desc(), "ends_on", "-pk")
    first = with_your_turn(live, person).order_by(*order).values("pk")[:PROJECTS]
    today = local_day(at, person.zone)
    ending = live.filter(stage=Project.Stage.DELIVER, ends_on__gte=today).order_by("ends_on", "pk")
    ending = ending.values("pk")[:DATES]
    # All are counted and sorted by their keys; what stands on the page is read of these few.
    few = Project.objects.filter(Q(pk__in=first) | Q(pk__in=ending)).annotate(found=count_of(live))
    rows = list(with_turns(few, person).order_by(*order))
    delivering = [row for row in rows if row.stage == Project.Stage.DELIVER and row.ends_on]
    ends = sorted((row for row in delivering if row.ends_on >= today), key=lambda row: (row.ends_on, row.pk))
    return rows[:PROJECTS], rows[0].found if rows else 0, ends[:DATES]


def count_of(projects):
    """How many these are, within another query."""
    return Subquery(
        projects.order_by().annotate(all=Value(1)).values("all").annotate(found=Count("pk")).values("found")
    )


def project_row(project, own):
    """A project as `components/_project_row.html` takes it."""
    tag, tone = "", ""
    if project.your_turn:
        tag, tone = _("Your turn"), "turn"
    elif project.our_turn:
        tag, tone = _("Your organisation’s turn"), "wait"
    elif project.their_turn:
        tag, tone = _("Their turn"), "wait"
    return {
        "name": project.title,
        "url": project.get_absolute_url(),
        "partners": project.partners_beside(own) or _("No partner yet"),
        "stage": project.get_stage_display(),
        "stage_number": project.stage_number,
        "tag": tag,
        "tone": tone,
    }


def stranger(request):
    """What this is, for somebody who is not signed in."""
    edition = PrincipleSet.objects.current()
    principles = Principle.objects.filter(principle_set=edition).order_by("number") if edition else []
    return render(request, "portal/welcome.html", {"principles": principles})


@login_not_required
@require_safe
def accessibility(request):
    return render(request, "portal/accessibility.html")


@login_not_required
@require_safe
def privacy(request):
    return render(request, "portal/privacy.html")
