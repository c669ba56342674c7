"""Where pages of a project hang."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _


def crumbs_of(project, *more: tuple[str, str]) -> list[dict[str, str]]:
    """Projects, this project, and pages between it and this one, each as (text, address)."""
    crumbs = []
    try:
        crumbs = [
            {"text": _("Projects"), "url": reverse("partnerships:project_list")},
            {"text": project.title, "url": project.get_absolute_url()},
        ]
    except NoReverseMatch:
        pass
    return crumbs + [{"text": text, "url": url} for text, url in more]
