"""Messages about agencies on projects."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.models import Notice
from accounts.notices import NotWanted, Topic, kind
from partnerships.messages.projects import WORDS_IN_MAIL, OnProjects, about, key_in, shortened


def on_removal(notice: Notice, on: OnProjects) -> dict:
    """What both messages about an agency that was removed say.

    Raises:
        NotWanted: it was let in again.
    """
    row = on.participations.get(key_in(notice))
    if row is None or row.left_at is None:
        raise NotWanted(gettext_noop("The agency was let in again."))
    return {
        "agency": row.organisation.name,
        "organisation": notice.params["organisation"],
        "returned": shortened(notice.params["returned"], WORDS_IN_MAIL),
    }


@kind("agency_removed", gettext_lazy("An agency left a project"), topic=Topic.OTHERS, load=OnProjects)
def agency_removed(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    return about(on.project(notice), **on_removal(notice, on))


@kind(
    "agency_left", gettext_lazy("Your agency is no longer on a project"), topic=Topic.OTHERS, load=OnProjects
)
def agency_left(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    """For the people of the agency: they see nothing of the project any more, so the button leads to home."""
    words = on_removal(notice, on)
    project = on.projects.get(notice.project)
    if project is None:
        raise NotWanted(gettext_noop("The project is gone."))
    return about(project, **words) | {"path": reverse("portal:home")}
