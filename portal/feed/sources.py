"""What stands in a calendar feed. Each source is one query; a new kind of date is a function more in `SOURCES`."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.days import local_day
from accounts.models import CalendarFeed, Person
from evaluations.models import Call, Promise
from partnerships.models import Participation, PlanPart, Project, TimeRequest, Turn
from portal.feed.entries import Entry
from portal.links import address_of_turn
from portal.waiting import turns_of
from portal.waiting.asked import asked_tasks

# A calendar shows the weeks around today. Nobody's program has to take in ten years of them.
BACK, AHEAD = dt.timedelta(days=31), dt.timedelta(days=400)
# So many entries of a source at most, the soonest first.
ROWS = 500
# People agree on when a call begins; half an hour is kept free for it.
CALL_MINUTES = 30


@dataclass(frozen=True)
class Wanted:
    """Whose feed it is, what they chose, and the days it covers."""

    person: Person
    shown: CalendarFeed
    at: dt.datetime
    first: dt.date
    last: dt.date

    def within(self, field: str) -> Q:
        """Rows whose day is among those that the feed covers."""
        return Q(**{f"{field}__range": (self.first, self.last)})


def entries_of(feed: CalendarFeed, *, at: dt.datetime) -> list[Entry]:
    """Everything that stands in a feed, by day. A constant number of queries.

    Asked for anew each time: whoever has left an organisation finds nothing of it any more.
    """
    today = local_day(at, feed.person.zone)
    wanted = Wanted(feed.person, feed, at, today - BACK, today + AHEAD)
    entries = [entry for source in SOURCES for entry in source(wanted)]
    return sorted(entries, key=lambda entry: entry.order)


def turns(wanted: Wanted) -> Iterator[Entry]:
    """What this person may do, or what their organisations have to do. Never what others have left to do: that
    somebody has not sent their review yet is theirs to tell."""
    if wanted.shown.organisation:
        acted = Participation.objects.acted_by(wanted.person, known=True).filter(
            project=OuterRef("project"), organisation=OuterRef("organisation")
        )
        found = Turn.objects.known_to(wanted.person).filter(Exists(acted))
    elif wanted.shown.tasks:
        found = turns_of(wanted.person)
    else:
        return
    found = found.filter(wanted.within("due_on")).select_related("project").annotate(moved=_times_granted())
    for turn in found.order_by("due_on", "pk")[:ROWS]:
        yield Entry(
            uid=f"{turn.project.reference}-{turn.kind}-{turn.ref or 1}-{turn.organisation_id}",
            title=due(what_is_due(turn), turn.project.title),
            path=address_of_turn(turn, turn.project),
            stamp=turn.since,
            day=turn.due_on,
            moved=turn.moved,
        )


def what_is_due(turn: Turn) -> str:
    """The kind of a turn, as a calendar says it."""
    if turn.kind == Turn.Kind.CLOSING:
        return _("Answer about closing early")
    return turn.get_kind_display()


def due(what: str, project: str) -> str:
    """The title of something with a deadline."""
    return _("%(what)s due, %(project)s") % {"what": what, "project": project}


def _times_granted():
    """How often more time was given for a turn."""
    granted = TimeRequest.objects.filter(
        project=OuterRef("project"), kind=OuterRef("kind"), ref=OuterRef("ref"), accepted=True
    )
    return _number(granted, Count("pk"))


def _number(rows: QuerySet, what) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values("project").annotate(number=what).values("number")), 0)


def promises(wanted: Wanted) -> Iterator[Entry]:
    """Promises that this person gave, or that their organisations did. Not in their words."""
    if wanted.shown.organisation:
        found = Promise.objects.visible_to(wanted.person).filter(
            organisation__in=wanted.person.organisation_ids()
        )
    elif wanted.shown.tasks:
        found = Promise.objects.owned_by(wanted.person)
    else:
        return
    found = found.open().filter(wanted.within("due_on")).select_related("project", "conclusion")
    for promise in found.order_by("due_on", "pk")[:ROWS]:
        signed_at = promise.conclusion.signed_at if promise.conclusion else None
        yield Entry(
            uid=f"{promise.project.reference}-promise-{promise.pk}",
            title=due(_("Promise"), promise.project.title),
            path=reverse("evaluations:promise_list", args=[promise.project.reference]),
            stamp=signed_at or promise.project.created_at,
            day=promise.due_on,
        )


# What somebody is asked, by the kind of the task. The task's own title may quote what was written.
ASKED = {
    "call": lambda: _("Answer about a call"),
    "time": lambda: _("Answer about more time"),
    "permission": lambda: _("Answer about a permission"),
    "question": lambda: _("Answer to a question"),
    "funding": lambda: _("Answer about funding"),
}


def asked(wanted: Wanted) -> Iterator[Entry]:
    """What this person is asked by name of their work: more time, permissions, questions, requests for funding."""
    if not wanted.shown.tasks:
        return
    for task in asked_tasks(wanted.person, wanted.at):
        if task.due is None or not wanted.first <= task.due <= wanted.last:
            continue
        kind, _colon, rest = task.key.partition(":")
        yield Entry(
            uid=f"{kind}-{rest}",
            title=due(ASKED.get(kind, lambda: _("Answer"))(), task.about),
            path=task.url,
            stamp=task.since or dt.datetime.combine(task.due, dt.time(), tzinfo=dt.UTC),
            day=task.due,
        )


def projects(wanted: Wanted) -> Iterator[Entry]:
    """Start and end of the projects that are visible to this person, and the day on which reviews are due."""
    if not wanted.shown.dates:
        return
    days = {
        "starts_on": lambda: _("%(project)s starts"),
        "ends_on": lambda: _("%(project)s ends"),
        "review_due_on": lambda: _("Reviews due, %(project)s"),
    }
    of_stage = {"review_due_on": Q(stage=Project.Stage.REVIEW)}
    near = Q()
    for field in days:
        near |= wanted.within(field) & of_stage.get(field, Q())
    found = Project.objects.visible_to(wanted.person).in_workspace().exclude(stage=Project.Stage.WITHDRAWN)
    agreed = PlanPart.objects.filter(project=OuterRef("pk"), code=PlanPart.Code.WHEN, agreed_at__isnull=False)
    granted = TimeRequest.objects.filter(project=OuterRef("pk"), kind=Turn.Kind.REVIEW, accepted=True)
    found = found.filter(near).annotate(
        versions=_number(agreed, Max("version")), granted=_number(granted, Count("pk"))
    )
    for project in found.order_by(F("ends_on").asc(nulls_last=True), "pk")[:ROWS]:
        for field, title in days.items():
            day = getattr(project, field)
            if day is None or not wanted.first <= day <= wanted.last:
                continue
            if field == "review_due_on" and project.stage != Project.Stage.REVIEW:
                continue
            closed = field == "ends_on" and project.closed_early_on is not None
            yield Entry(
                uid=f"{project.reference}-{field.removesuffix('_on').replace('_', '-')}",
                title=title() % {"project": project.title},
                path=project.get_absolute_url(),
                stamp=project.created_at,
                day=day,
                moved=project.granted if field == "review_due_on" else project.versions + closed,
            )


def calls(wanted: Wanted) -> Iterator[Entry]:
    """Calls for which a time was chosen, of the partners for whom this person acts, in the zone of their project."""
    if not wanted.shown.dates:
        return
    acted = Participation.objects.partners().acted_by(wanted.person, known=True)
    found = Call.objects.filter(
        state=Call.State.PICKED,
        picked_at__date__range=(wanted.first, wanted.last),
        project__in=acted.values("project"),
    ).exclude(project__stage=Project.Stage.WITHDRAWN)
    for call in found.select_related("project").order_by("picked_at", "pk")[:ROWS]:
        yield Entry(
            uid=f"{call.project.reference}-call-{call.pk}",
            title=_("Call, %(project)s") % {"project": call.project.title},
            path=call.project.get_absolute_url(),
            stamp=call.answered_at,
            start=call.picked_at.astimezone(call.project.zone),
            minutes=CALL_MINUTES,
        )


# A source takes `Wanted` and gives entries: with `day` for a deadline, with `start` and `minutes` for a call. What it
# says must be the person's to know, and its title no words of anybody's: `tests/portal/test_feed.py` looks for both.
SOURCES: list[Callable[[Wanted], Iterator[Entry]]] = [turns, promises, asked, projects, calls]
