"""Messages about the end of a project."""

import datetime as dt

from django.utils.translation import gettext_lazy

from accounts.models import Notice
from accounts.notices import Topic, kind
from partnerships.messages.projects import OnProjects, about, live
from partnerships.models import Project

Stage = Project.Stage


@kind("closing_proposed", gettext_lazy("Asked to close early"), topic=Topic.TURN, load=OnProjects)
def closing_proposed(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    project = live(on.project(notice), Stage.DELIVER)
    return about(project, organisation=notice.params["organisation"])


@kind("project_kept_open", gettext_lazy("The project stays open"), topic=Topic.OTHERS, load=OnProjects)
def project_kept_open(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    project = live(on.project(notice), Stage.DELIVER)
    words = {name: notice.params[name] for name in ("organisation", "taken_back")}
    return about(project, ends_on=project.ends_on, **words)


@kind("project_closed_early", gettext_lazy("The project closed early"), topic=Topic.OTHERS, load=OnProjects)
def project_closed_early(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    return about(on.project(notice))


@kind("project_withdrawn", gettext_lazy("The project is withdrawn"), topic=Topic.OTHERS, load=OnProjects)
def project_withdrawn(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    reason = Project.WithdrawReason(notice.params["reason"]).label
    return about(on.project(notice), organisation=notice.params["organisation"], reason=reason)
