"""Messages about permissions to use a name or a logo."""

import datetime as dt

from django.utils.translation import gettext_lazy, gettext_noop

from accounts.days import local_day
from accounts.models import Notice
from accounts.notices import NotWanted, Topic, kind
from partnerships.messages.projects import WORDS_IN_MAIL, OnProjects, about, key_in, shortened
from partnerships.models import Project, UsePermission
from partnerships.uses import question_of, title_of

Stage = Project.Stage


def on_permission(notice: Notice, on: OnProjects, **words) -> tuple[UsePermission, dict]:
    """The permission that a message is about, and what its template needs.

    Raises:
        NotWanted: the project is gone or was withdrawn, or the reader is no longer on it.
    """
    project = on.project(notice)
    if project.stage == Stage.WITHDRAWN:
        raise NotWanted(gettext_noop("The project was withdrawn."))
    permission = on.use_permissions[key_in(notice)]
    words = {
        "what": title_of(permission),
        "holder": permission.holder.name,
        "place": shortened(permission.place, WORDS_IN_MAIL),
    } | words
    return permission, about(project, "partnerships:permission_detail", permission.pk, **words)


@kind("permission_asked", gettext_lazy("A permission is asked for"), topic=Topic.TURN, load=OnProjects)
def permission_asked(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    permission, words = on_permission(notice, on)
    if not permission.is_open:
        raise NotWanted(gettext_noop("It was answered or taken back."))
    return words | {"question": question_of(permission)}


@kind("permission_answered", gettext_lazy("A permission is answered"), topic=Topic.OTHERS, load=OnProjects)
def permission_answered(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    permission, words = on_permission(notice, on)
    return words | {"giver": permission.giver.name, "answer": permission.answer, "until": permission.until}


@kind("permission_given", gettext_lazy("A permission is given"), topic=Topic.OTHERS, load=OnProjects)
def permission_given(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    permission, words = on_permission(notice, on)
    if not permission.is_given:
        raise NotWanted(gettext_noop("It has ended by now."))
    return words | {"giver": permission.giver.name, "until": permission.until}


@kind("permission_ended", gettext_lazy("A permission has ended"), topic=Topic.OTHERS, load=OnProjects)
def permission_ended(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    permission, words = on_permission(notice, on)
    return words | {
        "organisation": permission.ended_for.name,
        "reason": shortened(permission.end_reason, WORDS_IN_MAIL),
    }


@kind(
    "permission_file_removed",
    gettext_lazy("A file of a permission was removed"),
    topic=Topic.OTHERS,
    load=OnProjects,
)
def permission_file_removed(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    return on_permission(notice, on)[1]


@kind("permission_ends", gettext_lazy("A permission ends soon"), load=OnProjects, reminder=True)
def permission_ends(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    permission, words = on_permission(notice, on)
    if not permission.holds(local_day(at, on.project(notice).zone)):
        raise NotWanted(gettext_noop("It has ended by now."))
    if permission.pk in on.renewed:
        raise NotWanted(gettext_noop("It is renewed."))
    return words | {"until": permission.until}
