"""What every action about a permission needs: the lock, the permission as it stands, telling the other one."""

from django.utils.translation import gettext as _

from accounts.audit import subject_of
from accounts.days import local_day
from accounts.notices import owe
from partnerships.actions.people import acting_organisation
from partnerships.models import Project, UsePermission


class CannotPermit(Exception):
    """A permission can't be asked for, answered, renewed or ended like this, or not any more."""


def lock(project, actor, at, *, only_going_on=True):
    """The project under its lock, the partner for which the actor acts, and today as the project counts its days.

    Raises:
        CannotPermit: the project was withdrawn (where that counts), or read from a published list.
        ActsForNobody
    """
    project = Project.objects.select_for_update().get(pk=project.pk)
    if project.origin != Project.Origin.WORKSPACE:
        raise CannotPermit(_("This project was read from a published list."))
    if only_going_on and project.stage == Project.Stage.WITHDRAWN:
        raise CannotPermit(_("This project was withdrawn."))
    return project, acting_organisation(project, actor, at), local_day(at, project.zone)


def permission_again(permission, organisation):
    """As it stands under the lock of its project, for one of the two whose permission it is."""
    permission = UsePermission.objects.select_related("project", "giver", "holder", "written_by").get(
        pk=permission.pk
    )
    if organisation.pk not in (permission.giver_id, permission.holder_id):
        raise CannotPermit(_("This permission is between others."))
    return permission


def tell_of_it(permission, people, *, kind, at):
    """Owe each of these people one message of this kind about it."""
    for person in people:
        owe(
            person,
            kind=kind,
            key=f"{kind.replace('_', '-')}:{permission.pk}:p{person.pk}",
            at=at,
            subject=subject_of(permission),
            project=permission.project,
        )
