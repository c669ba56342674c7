"""What time brings about: the end of delivery, an answer by silence, a look again at how one works, permissions that end,
contracts that wait, that a start needs, or that end, requests for funding that nobody has answered.
"""

import datetime as dt
import logging
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice

from accounts.audit import subject_of
from accounts.days import add_working_days, local_day
from accounts.permissions import people_who_may
from accounts.reminders import Reminder, Task, owe_reminders, slices
from partnerships.actions.closing import finish_delivery
from partnerships.actions.time import accept_by_silence
from partnerships.contract_days import ends, starts, waits
from partnerships.funding import VERB
from partnerships.how_we_work import a_year_after, a_year_before
from partnerships.models import (
    ContractQuestion,
    FundingRequest,
    HowWeWork,
    Participation,
    Project,
    TalkEntry,
    UsePermission,
)
from partnerships.permissions import acting_on, people_to_remind

logger = logging.getLogger(__name__)

# The earliest zone is fourteen hours ahead of UTC: no project ends later than this after its day.
FIRST_MIDNIGHT = dt.timedelta(hours=14)
DAY = dt.timedelta(days=1)
# Before the last day of a permission. One that has ended is said on its pages, and reminds nobody any more.
PERMISSION_DAYS = (-60 * DAY, -30 * DAY, -7 * DAY)
# Working days after a question about a contract: those named on the project, and at last all who could answer.
QUESTION_DAYS = (3, 7)
# Working days after a concern, before its clock of 5 ends and when it does.
CONCERN_DAYS = (3, 5)
LOOK_BACK = 14 * DAY
LOOK_AHEAD = 63 * DAY
AT_ONCE = 200


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


def remind_how_we_work(*, at: dt.datetime) -> Counter:
    """Owe a look at what an organisation says about how it works, twelve months after it was last checked.

    Every year again while nobody looks: once for each version and year, to the Leads and Owners.
    """
    # A reminder is owed a day ahead, and a day begins up to fourteen hours earlier elsewhere.
    soon = (at + dt.timedelta(days=2)).date()
    pages = (
        HowWeWork.objects.newest()
        .filter(checked_on__lte=a_year_before(soon), organisation__merged_into=None)
        .select_related("organisation")
        .order_by("pk")
    )
    return owe_reminders(_checks(list(pages), soon), at=at)


def _checks(pages: list[HowWeWork], soon: dt.date) -> Iterator[Task]:
    people = people_who_may("write_how_we_work", [page.organisation_id for page in pages])
    for page in pages:
        years = soon.year - page.checked_on.year
        due_on = a_year_after(page.checked_on, years)
        if due_on > soon:
            due_on = a_year_after(page.checked_on, years - 1)
        for person in people[page.organisation_id]:
            yield Task(
                person=person,
                about=subject_of(page),
                due_on=due_on,
                since=page.published_at,
                days=[Reminder(due_on, "how_we_work_check")],
                country=page.organisation.country,
            )


def remind_questions(*, at: dt.datetime) -> Counter:
    """Owe a reminder of each question about a contract that nobody has answered, after 3 and after 7 working days."""
    waiting = ContractQuestion.objects.unanswered().select_related("contract__project").order_by("pk")
    return owe_reminders(_unanswered(waiting.iterator(chunk_size=AT_ONCE)), at=at)


def _unanswered(questions: Iterator[ContractQuestion]) -> Iterator[Task]:
    while some := list(islice(questions, AT_ONCE)):
        acting = acting_on({question.contract.project for question in some})
        first = people_to_remind(acting)
        for question in some:
            project = question.contract.project
            asked = local_day(question.asked_at, project.zone)
            for one in acting[project.pk]:
                if one.participation.role != Participation.Role.PARTNER or "write_contract" not in one.verbs:
                    continue
                if one.participation.side == question.side:
                    continue
                country = one.organisation.country
                named = one in first.get((project.pk, one.organisation.pk), ())
                yield Task(
                    person=one.person,
                    about=subject_of(question),
                    due_on=question.due_on,
                    since=question.asked_at,
                    days=[
                        Reminder(add_working_days(asked, days, country), "question_waits")
                        for days in (QUESTION_DAYS if named else QUESTION_DAYS[-1:])
                    ],
                    country=country,
                    project=project.reference,
                )


def remind_talk(*, at: dt.datetime) -> Counter:
    """Owe a reminder of what nobody has answered in Talk: after 3 and 7 working days, of a concern after 3 and 5.

    What was put off until later is asked about again on its day.
    """
    waiting = (
        TalkEntry.objects.unanswered()
        .select_related("project", "asked")
        .prefetch_related("answers", "named")
        .order_by("pk")
    )
    return owe_reminders(_open_talk(waiting.iterator(chunk_size=AT_ONCE)), at=at)


def _open_talk(entries: Iterator[TalkEntry]) -> Iterator[Task]:
    for some in slices(entries, AT_ONCE):
        acting = acting_on({entry.project for entry in some})
        first = people_to_remind(acting)
        for entry in some:
            for one in acting[entry.project_id]:
                if one.participation.role != Participation.Role.PARTNER or "write_talk" not in one.verbs:
                    continue
                leads = one in first.get((entry.project_id, one.organisation.pk), ())
                if not _owes_answer(entry, one, leads, acting[entry.project_id]):
                    continue
                country = one.organisation.country
                since = local_day(entry.waits_since, entry.project.zone)
                if entry.is_concern:
                    days = [add_working_days(since, count, country) for count in CONCERN_DAYS]
                    days = [Reminder(day, "concern_waits") for day in days]
                else:
                    days = [add_working_days(since, count, country) for count in QUESTION_DAYS]
                    days = [
                        Reminder(day, "talk_waits") for day in ([entry.later_on] if entry.later_on else days)
                    ]
                yield Task(
                    person=one.person,
                    about=subject_of(entry),
                    due_on=entry.due_on,
                    since=entry.waits_since,
                    days=days,
                    country=country,
                    project=entry.project.reference,
                )


def _owes_answer(entry, one, leads, everybody):
    """Whether this person is reminded of an entry: who is asked by name while they are there, or who leads."""
    if entry.is_concern:
        named = {(row.person_id, row.organisation_id) for row in entry.named.all()}
        return one.organisation.pk == entry.asked_id and (one.person.pk, one.organisation.pk) in named
    if entry.kind == TalkEntry.Kind.DECISION:
        decided = {
            answer.organisation_id
            for answer in entry.answers.all()
            if answer.outcome and answer.version == entry.version
        }
        return leads and one.organisation.pk not in {entry.organisation_id, *decided}
    if one.organisation.pk != entry.asked_id:
        return False
    by_name = {
        other.person.pk
        for other in everybody
        if other.person.pk == entry.asked_person_id
        and other.organisation.pk == entry.asked_id
        and "write_talk" in other.verbs
    }
    return one.person.pk in by_name if by_name else leads


def remind_requests(*, at: dt.datetime) -> Counter:
    """Owe a reminder of each request for funding that waits, or question about one, after 3 and after 7 working days."""
    waiting = FundingRequest.objects.open().select_related("sender", "receiver").order_by("pk")
    return owe_reminders(_waiting_requests(waiting.iterator(chunk_size=AT_ONCE)), at=at)


def _waiting_requests(requests: Iterator[FundingRequest]) -> Iterator[Task]:
    for some in slices(requests, AT_ONCE):
        people = people_who_may(VERB, {request.turn_id for request in some})
        for request in some:
            turn = request.turn
            since = local_day(request.turn_since, turn.zone)
            days = [add_working_days(since, count, turn.country) for count in QUESTION_DAYS]
            for person in people[turn.pk]:
                yield Task(
                    person=person,
                    about=subject_of(request),
                    due_on=request.due_on or days[-1],
                    since=request.turn_since,
                    days=[Reminder(day, "funding_waits") for day in days],
                    country=turn.country,
                    params={"state": request.state},
                )


def remind_permissions(*, at: dt.datetime) -> Counter:
    """Owe both sides a reminder 60, 30 and 7 days before a permission ends, unless it is renewed or ended by then."""
    ending = (
        UsePermission.objects.given()
        .not_renewed()
        .filter(until__gte=at.date() - LOOK_BACK, until__lte=at.date() + LOOK_AHEAD)
        .exclude(project__stage=Project.Stage.WITHDRAWN)
        .select_related("project")
        .order_by("project", "pk")
    )
    return owe_reminders(_endings(ending.iterator(chunk_size=AT_ONCE)), at=at)


def _endings(permissions: Iterator[UsePermission]) -> Iterator[Task]:
    while some := list(islice(permissions, AT_ONCE)):
        people = people_to_remind(acting_on({permission.project for permission in some}))
        for permission in some:
            days = [Reminder(permission.until + day, "permission_ends") for day in PERMISSION_DAYS]
            for organisation in (permission.giver_id, permission.holder_id):
                for acting in people.get((permission.project_id, organisation), ()):
                    yield Task(
                        person=acting.person,
                        about=subject_of(permission),
                        due_on=permission.until,
                        since=permission.answered_at,
                        days=days,
                        country=acting.organisation.country,
                        project=permission.project.reference,
                    )


def remind_contracts(*, at: dt.datetime) -> Counter:
    """Owe what contracts ask of people: one that waits, a start without one, and one that ends."""
    return owe_reminders(chain(waits(at), starts(at), ends(at)), at=at)
