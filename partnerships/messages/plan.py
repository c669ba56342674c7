"""Messages about the plan and its days: sent, suggested, agreed; more time."""

import datetime as dt

from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.models import Notice
from accounts.notices import NotWanted, Topic, kind
from partnerships.messages.projects import OnProjects, about, key_in, live
from partnerships.models import PlanSuggestion, Project

Stage = Project.Stage


@kind("plan_sent", gettext_lazy("A plan was sent"), topic=Topic.TURN, load=OnProjects)
def plan_sent(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    project = live(on.project(notice), Stage.SHAPE, Stage.AGREE)
    return about(project, "partnerships:plan_detail", organisation=notice.params["organisation"])


@kind("plan_suggested", gettext_lazy("A change of the plan is suggested"), topic=Topic.TURN, load=OnProjects)
def plan_suggested(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    project = on.project(notice)
    suggestion = on.suggestions.get(key_in(notice))
    if suggestion is None or suggestion.state != PlanSuggestion.State.OPEN:
        raise NotWanted(gettext_noop("The suggestion was answered."))
    words = {name: notice.params[name] for name in ("organisation", "part")}
    return about(project, "partnerships:plan_detail", **words)


@kind("plan_answered", gettext_lazy("A suggestion is answered"), topic=Topic.OTHERS, load=OnProjects)
def plan_answered(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    words = {name: notice.params[name] for name in ("organisation", "part", "accepted")}
    return about(on.project(notice), "partnerships:plan_detail", **words)


@kind("plan_agreed", gettext_lazy("The plan is agreed"), topic=Topic.OTHERS, load=OnProjects)
def plan_agreed(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    return about(on.project(notice))


@kind("time_asked", gettext_lazy("Asked for more time"), topic=Topic.TURN, load=OnProjects)
def time_asked(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    project = on.project(notice)
    request = on.time_requests.get(key_in(notice))
    if request is None or request.answered_at is not None:
        raise NotWanted(gettext_noop("It was answered."))
    return about(
        project,
        "partnerships:time_request",
        request.pk,
        organisation=notice.params["organisation"],
        due_on=request.due_on,
    )


@kind("time_answered", gettext_lazy("Answer about more time"), topic=Topic.OTHERS, load=OnProjects)
def time_answered(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    due_on = parse_date(notice.params["due_on"])
    return about(on.project(notice), accepted=notice.params["accepted"], due_on=due_on)
