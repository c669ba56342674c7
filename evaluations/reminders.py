"""Who is reminded of check-ins, reviews, conclusions and promises, and when (docs/rules.md 21, 95).

The same days for both sides. Everything that is open is looked at, so a sweep may run late, twice, or after ten days.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from accounts.audit import subject_of
from accounts.models import Event
from accounts.reminders import Reminder, Task, owe_reminders
from evaluations.models import CheckInReply, Promise, Review
from partnerships.models import Project, Turn
from partnerships.permissions import Acting, acting_on, people_to_remind

DAY = dt.timedelta(days=1)
# With five days left, and on the last day.
CHECK_IN_DAYS = (-5 * DAY, 0 * DAY)
# Counted from the due date: day 7, 14 and 19 of 21. A date that is moved moves them along.
REVIEW_DAYS = (-14 * DAY, -7 * DAY, -2 * DAY)
# Day 7 and day 14 after the reviews opened, when the conclusion is due.
CONCLUSION_DAYS = (-7 * DAY, 0 * DAY)
PROMISE_DAYS = (-7 * DAY, 0 * DAY)
PROMISE_SLIPPED = 7 * DAY
# What was due longer ago has had its reminders, or they are recorded as missed.
LOOK_BACK = 60 * DAY
# Promises may lie years ahead; the first reminder leaves seven days before, in whatever zone.
LOOK_AHEAD = 10 * DAY
AT_ONCE = 200


def remind_check_ins(*, at: dt.datetime) -> Counter:
    """Owe reminders to the people of partners that have neither sent nor skipped a check-in."""
    replies = (
        CheckInReply.objects.waiting()
        .filter(check_in__project__stage=Project.Stage.DELIVER, check_in__due_on__gte=at.date() - LOOK_BACK)
        .select_related("check_in__project", "organisation")
        .order_by("check_in__project", "pk")
    )
    return owe_reminders(_check_in_tasks(replies), at=at)


def _check_in_tasks(replies: Iterable[CheckInReply]) -> Iterator[Task]:
    for some in _slices(replies):
        people = people_to_remind(acting_on({reply.check_in.project for reply in some}))
        for reply in some:
            check_in = reply.check_in
            days = [Reminder(check_in.due_on + day, "check_in_reminder") for day in CHECK_IN_DAYS]
            for acting in people.get((check_in.project_id, reply.organisation_id), ()):
                yield _task(
                    acting, subject_of(reply), check_in.project, check_in.due_on, check_in.opened_at, days
                )


def remind_reviews(*, at: dt.datetime) -> Counter:
    """Owe reminders to the people of organisations whose review is not sent. See `owe_reminders` for the counts."""
    reviews = (
        Review.objects.missing()
        .filter(project__stage=Project.Stage.REVIEW, project__review_due_on__gte=at.date() - LOOK_BACK)
        .select_related("project", "organisation")
        .order_by("project", "pk")
    )
    return owe_reminders(_review_tasks(reviews), at=at)


def _review_tasks(reviews: Iterable[Review]) -> Iterator[Task]:
    for some in _slices(reviews):
        people = people_to_remind(acting_on({review.project for review in some}))
        for review in some:
            due_on = review.project.review_due_on
            days = [Reminder(due_on + day, "review_reminder") for day in REVIEW_DAYS]
            for acting in people.get((review.project_id, review.organisation_id), ()):
                yield _task(acting, subject_of(review), review.project, due_on, review.created_at, days)


def remind_conclusions(*, at: dt.datetime) -> Counter:
    """Owe reminders to the people of organisations whose turn it is to write or sign the joint conclusion."""
    turns = (
        Turn.objects.filter(
            kind=Turn.Kind.CONCLUSION,
            project__stage=Project.Stage.LEARN,
            due_on__gte=at.date() - LOOK_BACK,
        )
        .select_related("project", "organisation")
        .order_by("project", "pk")
    )
    return owe_reminders(_conclusion_tasks(turns), at=at)


def _conclusion_tasks(turns: Iterable[Turn]) -> Iterator[Task]:
    for some in _slices(turns):
        people = people_to_remind(acting_on({turn.project for turn in some}))
        for turn in some:
            days = [Reminder(turn.due_on + day, "conclusion_missing") for day in CONCLUSION_DAYS]
            for acting in people.get((turn.project_id, turn.organisation_id), ()):
                yield _task(acting, subject_of(turn.project), turn.project, turn.due_on, turn.since, days)


def remind_promises(*, at: dt.datetime) -> Counter:
    """Owe reminders to those who promised, and to the Leads of every side when a promise slips."""
    promises = (
        Promise.objects.open()
        .filter(due_on__gte=at.date() - LOOK_BACK, due_on__lte=at.date() + LOOK_AHEAD)
        .select_related("project")
        .order_by("project", "pk")
    )
    return owe_reminders(_promise_tasks(promises), at=at)


def _promise_tasks(promises: Iterable[Promise]) -> Iterator[Task]:
    for some in _slices(promises):
        acting = acting_on({promise.project for promise in some})
        people = people_to_remind(acting)
        made = _made_at(some)
        for promise in some:
            project, about = promise.project, subject_of(promise)
            before = [Reminder(promise.due_on + day, "promise_due") for day in PROMISE_DAYS]
            slipped = Reminder(promise.due_on + PROMISE_SLIPPED, "promise_late")
            owners = [one for one in acting[project.pk] if _is_owner(one, promise)]
            leads = [one for key, theirs in people.items() if key[0] == project.pk for one in theirs]
            days = {one.person: (one, [slipped]) for one in leads} | {
                one.person: (one, [*before, slipped]) for one in owners
            }
            for one, reminders in days.values():
                yield _task(
                    one, about, project, promise.due_on, made.get(about, project.created_at), reminders
                )


def _is_owner(acting: Acting, promise: Promise) -> bool:
    """They answer for a promise only as long as they act for the organisation they gave it for."""
    return acting.person.pk == promise.owner_id and acting.organisation.pk == promise.organisation_id


def _made_at(promises: Iterable[Promise]) -> dict[str, dt.datetime]:
    """When each promise was made, by its name in the history: no reminder is late that lies before."""
    subjects = [subject_of(promise) for promise in promises]
    made = Event.objects.filter(verb="promise.made", subject__in=subjects)
    return dict(made.order_by("-at").values_list("subject", "at"))


def _task(acting, about, project, due_on, since, days):
    return Task(
        person=acting.person,
        about=about,
        due_on=due_on,
        since=since,
        days=days,
        country=acting.organisation.country,
        project=project.reference,
    )


def _slices(rows) -> Iterator[list]:
    """Rows in slices, so that memory does not grow with them."""
    rows = rows.iterator(chunk_size=AT_ONCE)
    while some := list(islice(rows, AT_ONCE)):
        yield some
