"""What every page of a project shows on top. The project comes from `access.get_project`."""

from django import template

from partnerships.frame import others_on, sections_of, turn_line
from partnerships.talk import may_open

register = template.Library()


@register.inclusion_tag("components/_section_links.html")
def project_sections(project, current="") -> dict:
    """The pages of the project, such as `{% project_sections project "results" %}`."""
    sections = sections_of(project, current)
    return {"sections": sections, "here": next((row["text"] for row in sections if row["current"]), "")}


@register.inclusion_tag("partnerships/with_partners.html")
def with_partners(project) -> dict:
    """With whom the project is, each with its mark."""
    return {"organisations": others_on(project), "acts": bool(project.acting)}


@register.inclusion_tag("partnerships/turn_line.html")
def project_turn(project) -> dict:
    """Whose turn it is, in one line."""
    return {"line": turn_line(project)}


@register.filter
def opens_for(file, organisation) -> bool:
    """Whether a file in Talk is handed out to this partner."""
    return may_open(file, organisation)
