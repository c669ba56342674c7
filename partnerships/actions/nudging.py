"""A nudge: asking the organisation whose turn it is how it goes (docs/rules.md 125)."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record, subject_of
from accounts.days import local_day
from accounts.models import Person
from accounts.notices import owe
from partnerships.actions.people import acting_organisation, whom_to_tell
from partnerships.models import NUDGE_DAYS, Project, Turn


class CannotNudge(Exception):
    """It is nobody else's turn any more, or they were nudged a short while ago."""


@transaction.atomic
def nudge(turn: Turn, *, actor: Person, at: dt.datetime) -> Turn:
    """Owe a message to the people of the organisation whose turn it is; once in five days, whoever of the others asks.

    Raises:
        ActsForNobody: the actor acts for no partner.
        CannotNudge
    """
    project = Project.objects.select_for_update().get(pk=turn.project_id)
    organisation = acting_organisation(project, actor, at)
    turn = (
        Turn.objects.known_to(actor)
        .filter(pk=turn.pk, project=project)
        .select_related("organisation")
        .first()
    )
    if turn is None or turn.organisation_id == organisation.pk:
        raise CannotNudge(_("It is not their turn any more."))
    today = local_day(at, project.zone)
    if turn.nudged_on is not None and today < turn.nudged_on + dt.timedelta(days=NUDGE_DAYS):
        raise CannotNudge(_("They were nudged a short while ago. Give them a few days."))
    turn.nudged_on = today
    turn.save(update_fields=["nudged_on"])
    record(
        "turn.nudged",
        turn,
        actor=actor,
        at=at,
        project=project,
        organisation=organisation,
        to=turn.organisation_id,
    )
    for person in whom_to_tell(project, turn.organisation):
        owe(
            person, kind="nudge", key=f"nudge:{turn.pk}:{today}:p{person.pk}", at=at, subject=subject_of(turn),
            project=project, by=actor.pk, of=organisation.pk,
        )  # fmt: skip
    return turn
