"""What time brings about on projects: the end of delivery, an answer by silence; and whom reminders go to."""

import datetime as dt
import logging
from collections import defaultdict

from partnerships.actions.closing import finish_delivery
from partnerships.actions.time import accept_by_silence
from partnerships.models import Project
from partnerships.permissions import Acting

logger = logging.getLogger(__name__)

# The earliest zone is fourteen hours ahead of UTC: no project ends later than this after its day.
FIRST_MIDNIGHT = dt.timedelta(hours=14)


def end_deliveries(*, at: dt.datetime) -> dict[str, int]:
    """Move projects whose end date has passed on to Review. Says how many `ended`, and how many could not (`faults`).

    One that can't be moved stands in nobody else's way, and is tried again with the next sweep.
    """
    # The database narrows down; whether a day is over in the project's zone is said by `finish_delivery`.
    latest = (at + FIRST_MIDNIGHT).date()
    candidates = Project.objects.in_workspace().filter(stage=Project.Stage.DELIVER, ends_on__lt=latest)
    counted = {"ended": 0, "faults": 0}
    for project in candidates.order_by("pk").iterator():
        try:
            counted["ended"] += finish_delivery(project, at=at)
        except Exception:
            logger.exception("A project could not be moved on to Review")
            counted["faults"] += 1
    return counted


def answer_by_silence(*, at: dt.datetime) -> dict[str, int]:
    """Say yes to requests for more time that nobody answered for long enough."""
    return {"accepted": accept_by_silence(at)}


def people_to_remind(acting: dict[int, list[Acting]]) -> dict[tuple[int, int], list[Acting]]:
    """Whom reminders go to, by project and organisation: the same people as `actions.people.whom_to_tell`.

    The Leads and Owners who are named on the project; where an organisation has named none, all of them.

    Arguments:
        acting: what `acting_on` found on these projects.
    """
    able: dict[tuple[int, int], list[Acting]] = defaultdict(list)
    for project_id, everybody in acting.items():
        for one in everybody:
            if "edit_project" in one.verbs:
                able[project_id, one.organisation.pk].append(one)
    return {key: [one for one in theirs if one.named] or theirs for key, theirs in able.items()}
