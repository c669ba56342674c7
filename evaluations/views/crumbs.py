"""Where pages of a project hang."""

from django.urls import reverse
from django.utils.translation import gettext as _


def crumbs_of(project, *more: tuple[str, str]) -> list[dict[str, str]]:
    """Projects, this project, and pages between it and this one, each as (text, address)."""
    places = [
        (_("Projects"), reverse("partnerships:project_list")),
        (project.title, project.get_absolute_url()),
        *more,
    ]
    return [{"text": text, "url": url} for text, url in places]
