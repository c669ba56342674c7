"""Who is reminded of reviews, conclusions and promises, and who is not. Both sides alike."""

import datetime as dt

import pytest
from django.core import mail

from accounts.models import Notice, Snooze
from accounts.sending import send_due
from evaluations.actions import promises
from evaluations.actions.conclusions import Written, save_conclusion, send_conclusion, start_conclusion
from evaluations.actions.late import share_review
from evaluations.actions.reviews import reopen_review
from evaluations.models import Promise, Review
from evaluations.reminders import remind_conclusions, remind_promises, remind_reviews
from partnerships.actions import closing
from partnerships.models import Turn
from tests.evaluations.opened import opened_project, signed_project, three_parts
from tests.factories import (
    DAY,
    NOON,
    add_agency,
    answer_all,
    join,
    make_project,
    member_of,
    other_side,
    partner_of,
    person_on,
    review_of,
)
from tests.letters import send_review
from tests.mail import Obedient

pytestmark = pytest.mark.django_db

# Reviews open on Monday 23 November and are due on Monday 14 December: days 7, 14 and 19.
DAYS = ["30 Nov 10:00", "07 Dec 10:00", "14 Dec 10:00"]  # day 19 is a Saturday
SEVEN = NOON + 7 * DAY


@pytest.fixture(autouse=True)
def post(settings):
    settings.EMAIL_BACKEND = "tests.mail.Obedient"
    Obedient.begin()


def in_review(**fields):
    fields.setdefault("result", "partly")
    project = make_project(stage="deliver", ends_on=dt.date(2026, 11, 20), **fields)
    closing.finish_delivery(project, at=NOON)
    project.refresh_from_db()
    return project


def owed(kind, **which):
    notices = Notice.objects.filter(kind=kind, voided_at=None, **which).order_by("not_before", "pk")
    return [(notice.recipient, notice.not_before.strftime("%d %b %H:%M")) for notice in notices]


def told():
    """To whom reminders were mailed."""
    return sorted(message.to[0] for message in mail.outbox)


def sweep_and_send(at):
    for remind in (remind_reviews, remind_conclusions, remind_promises):
        remind(at=at)
    return send_due(at=at)


# Reviews -----------------------------------------------------------------------------------------


def test_a_missing_review_is_reminded_of_three_times_and_never_again(side):
    project = in_review()
    person = person_on(project, side)

    for day in range(60):
        remind_reviews(at=NOON + day * DAY)

    assert owed("review_reminder", recipient=person) == [(person, when) for when in DAYS]


def test_both_sides_are_reminded_alike():
    project = in_review()
    group, company = person_on(project, "group"), person_on(project, "company")

    remind_reviews(at=SEVEN)

    assert owed("review_reminder") == [(group, DAYS[0]), (company, DAYS[0])]


def test_readers_agencies_and_those_who_left_are_not_reminded(side):
    project = in_review()
    organisation = partner_of(project, side)
    lead, owner = person_on(project, side), person_on(project, side, "owner")
    person_on(project, side, "reader")
    person_on(project, side, is_active=False)
    member_of(add_agency(project, organisation), "owner")
    left = member_of(organisation)
    left.memberships.update(left_at=NOON)

    remind_reviews(at=SEVEN)

    assert [person for person, _when in owed("review_reminder")] == [lead, owner]


def test_where_nobody_is_named_every_lead_is_reminded(side):
    project = in_review()
    leads = [member_of(partner_of(project, side)) for _ in range(2)]

    remind_reviews(at=SEVEN)

    assert [person for person, _when in owed("review_reminder")] == leads


def test_whoever_belongs_to_both_sides_and_acts_for_none_is_not_reminded(side):
    project = in_review()
    both = member_of(partner_of(project, side))
    join(both, partner_of(project, other_side(side)))

    remind_reviews(at=SEVEN)

    assert owed("review_reminder") == []


def test_a_review_that_was_sent_a_minute_before_the_sweep_is_not_reminded_of(side):
    project = in_review()
    person = person_on(project, side)

    send_review(review_of(project, side), actor=person, at=SEVEN - dt.timedelta(minutes=1))
    sweep_and_send(SEVEN)

    assert owed("review_reminder", recipient=person) == []
    assert person.email not in told()


def test_a_review_that_was_sent_after_the_sweep_and_before_the_mail_is_not_reminded_of(side):
    project = in_review()
    person, other = person_on(project, side), person_on(project, other_side(side))
    remind_reviews(at=SEVEN)

    # Not by the action, which voids what is owed: here the mail itself asks.
    Review.objects.filter(pk=review_of(project, side).pk).update(sent_at=SEVEN)
    send_due(at=SEVEN)

    assert told() == [other.email]
    notice = Notice.objects.get(kind="review_reminder", recipient=person)
    assert notice.void_reason == "The review was sent."


def test_a_review_that_was_taken_back_is_reminded_of_again(side):
    project = in_review()
    person = person_on(project, side)
    send_review(review_of(project, side), actor=person, at=NOON + DAY)
    reopen_review(review_of(project, side), actor=person, at=NOON + 2 * DAY)

    remind_reviews(at=SEVEN)

    assert owed("review_reminder", recipient=person) == [(person, DAYS[0])]


def test_a_withdrawn_project_reminds_nobody(side):
    project = in_review()
    person_on(project, side)
    remind_reviews(at=SEVEN)

    project.stage = "withdrawn"
    project.withdrawn_at, project.withdraw_reason = SEVEN, "rules"
    project.save()
    sweep_and_send(SEVEN)

    assert told() == []


def test_whoever_left_the_organisation_after_the_sweep_gets_nothing(side):
    project = in_review()
    person, other = person_on(project, side), person_on(project, other_side(side))
    remind_reviews(at=SEVEN)

    person.memberships.update(left_at=SEVEN)
    send_due(at=SEVEN)

    assert told() == [other.email]


def test_a_date_that_both_moved_voids_the_old_reminder_and_owes_one_new(side):
    project = in_review()
    person = person_on(project, side)
    remind_reviews(at=SEVEN - DAY / 2)
    project.review_due_on += 7 * DAY
    project.save()

    remind_reviews(at=SEVEN + DAY)
    assert owed("review_reminder", recipient=person) == []

    remind_reviews(at=SEVEN + 7 * DAY)
    assert owed("review_reminder", recipient=person) == [(person, "07 Dec 10:00")]


def test_a_mail_about_a_date_that_has_moved_is_held_back(side):
    project = in_review()
    person_on(project, side)
    remind_reviews(at=SEVEN)
    project.review_due_on += 7 * DAY
    project.save()

    send_due(at=SEVEN)

    assert told() == []
    assert Notice.objects.get(kind="review_reminder").void_reason == "The date was moved."


def test_what_was_put_aside_comes_back_on_the_day_that_was_chosen(side):
    project = in_review()
    person = person_on(project, side)
    key = f"review:{project.reference}"
    Snooze.objects.create(person=person, task_key=key, until=(SEVEN + 2 * DAY).date())

    for day in (0, 1):
        sweep_and_send(SEVEN + day * DAY)
    assert told() == []

    sweep_and_send(SEVEN + 2 * DAY)
    assert told() == [person.email]


def test_who_wants_no_reminders_is_not_mailed(side):
    project = in_review()
    person_on(project, side, mail_reminders="off")
    other = person_on(project, other_side(side))

    sweep_and_send(SEVEN)

    assert told() == [other.email]


def test_a_review_that_was_begun_is_reminded_of_in_other_words_and_nobody_else_learns_it(side):
    project = in_review()
    person, other = person_on(project, side), person_on(project, other_side(side))
    answer_all(review_of(project, side))

    sweep_and_send(SEVEN)

    subjects = {message.to[0]: message.subject for message in mail.outbox}
    assert "your place is kept" in subjects[person.email]
    assert "review by 14 December" in subjects[other.email]
    # Support sees rows like any other's.
    mine, theirs = (Notice.objects.get(kind="review_reminder", recipient=one) for one in (person, other))
    assert (mine.params, mine.last_error) == (theirs.params, theirs.last_error)


def test_what_was_owed_for_more_than_seven_days_is_missed_and_the_newest_is_sent(side):
    """Ten days without any of our processes, over day 7 and day 14."""
    project = in_review()
    person = person_on(project, side)
    back = NOON + 15 * DAY

    counted = remind_reviews(at=back)
    send_due(at=back)

    assert (counted["owed"], counted["missed"]) == (1, 1)
    assert told() == [person.email]


# What happened -------------------------------------------------------------------------------------

SATURDAY = dt.datetime(2026, 11, 21, 3, tzinfo=dt.UTC)
MONDAY = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)


def told_by_monday(person):
    """Kinds of what this person was mailed at the weekend, and then on Monday at ten."""
    hours = range(int((MONDAY - SATURDAY) / dt.timedelta(hours=1)))
    for hour in hours:
        send_due(at=SATURDAY + hour * dt.timedelta(hours=1))
    send_due(at=MONDAY - dt.timedelta(minutes=1))
    sent = Notice.objects.filter(recipient=person, sent_at__isnull=False)
    early = list(sent.values_list("kind", flat=True))
    send_due(at=MONDAY)
    return early, list(sent.values_list("kind", flat=True))


def test_that_reviews_open_on_a_saturday_night_is_told_on_monday_at_ten(side):
    project = make_project(stage="deliver", ends_on=dt.date(2026, 11, 20), time_zone="UTC")
    person = person_on(project, side, time_zone="UTC")
    closing.finish_delivery(project, at=SATURDAY)

    assert told_by_monday(person) == ([], ["review_opens"])


def test_that_others_sent_or_shared_on_a_saturday_night_is_told_on_monday_at_ten(side):
    project = make_project(stage="deliver", ends_on=dt.date(2026, 9, 20), time_zone="UTC", result="partly")
    closing.finish_delivery(project, at=NOON - 60 * DAY)
    sender, person = person_on(project, side), person_on(project, other_side(side), time_zone="UTC")
    send_review(review_of(project, side), actor=sender, at=SATURDAY)

    assert told_by_monday(person) == ([], ["other_sent"])

    Notice.objects.all().delete()
    share_review(review_of(project, side), actor=sender, at=SATURDAY)
    assert told_by_monday(person) == ([], ["review_shared"])


# The joint conclusion ----------------------------------------------------------------------------


def test_a_conclusion_that_nobody_starts_is_reminded_of_twice(side):
    project = opened_project()
    person = person_on(project, side)

    for day in range(40):
        remind_conclusions(at=NOON + day * DAY)

    assert owed("conclusion_missing", recipient=person) == [
        (person, "30 Nov 10:00"),
        (person, "07 Dec 10:00"),
    ]


def test_a_conclusion_is_reminded_of_where_it_lies(side):
    project = opened_project()
    mine, theirs = person_on(project, side), person_on(project, other_side(side))
    conclusion = start_conclusion(project, actor=mine, at=NOON)
    save_conclusion(conclusion, Written(three_parts(), {}), actor=mine, at=NOON)
    send_conclusion(conclusion, to=partner_of(project, other_side(side)), actor=mine, at=NOON)

    remind_conclusions(at=SEVEN)

    assert owed("conclusion_missing") == [(theirs, "30 Nov 10:00")]


def test_a_signed_conclusion_is_not_reminded_of():
    signed_project()

    remind_conclusions(at=SEVEN)

    assert owed("conclusion_missing") == []
    assert not Turn.objects.exists()


# Promises ----------------------------------------------------------------------------------------


def test_a_promise_reminds_its_owner_before_and_on_the_day_and_both_leads_when_it_slips(side):
    project = signed_project(promises=[{"side": side, "days": 14}])
    promise = Promise.objects.get()
    mine, theirs = (
        project.people.get(acting_for=partner_of(project, one)).person for one in (side, other_side(side))
    )

    for day in range(60):
        remind_promises(at=NOON + day * DAY)

    assert promise.owner == mine
    assert owed("promise_due") == [(mine, "30 Nov 10:00"), (mine, "07 Dec 10:00")]
    assert sorted(owed("promise_late"), key=str) == sorted(
        [(mine, "14 Dec 10:00"), (theirs, "14 Dec 10:00")], key=str
    )


@pytest.mark.parametrize(("days", "offered"), [(7, True), (14, False), (21, False)])
def test_a_promise_can_be_put_aside_from_the_mail_until_its_day(side, days, offered):
    signed_project(promises=[{"side": side, "days": 14}])
    promise = Promise.objects.get()
    Notice.objects.all().delete()

    sweep_and_send(NOON + days * DAY)

    (letter,) = [one for one in mail.outbox if one.to[0] == promise.owner.email]
    assert promise.what in letter.body
    assert ("Not now: choose a later day" in letter.body) == offered


@pytest.mark.parametrize("settle", ["keep", "drop"])
def test_a_settled_promise_reminds_nobody(side, settle):
    signed_project(promises=[{"side": side, "days": 14}])
    promise = Promise.objects.get()
    remind_promises(at=SEVEN)

    if settle == "keep":
        promises.keep_promise(promise, actor=promise.owner, at=SEVEN)
    else:
        promises.drop_promise(promise, why="The meetings have ended.", actor=promise.owner, at=SEVEN)
    sweep_and_send(SEVEN)
    sweep_and_send(NOON + 30 * DAY)

    assert not Notice.objects.filter(kind__startswith="promise", sent_at__isnull=False).exists()
    assert Notice.objects.filter(kind__startswith="promise").unsent().count() == 0


@pytest.mark.parametrize("state", [Promise.State.DONE, Promise.State.DROPPED])
def test_a_promise_that_is_settled_after_the_sweep_is_not_mailed(side, state):
    signed_project(promises=[{"side": side, "days": 14}])
    promise = Promise.objects.get()
    remind_promises(at=SEVEN)

    # Not by the actions, which void what is owed: here the mail itself asks.
    Promise.objects.update(state=state, settled_how="The meetings have ended.")
    send_due(at=SEVEN)

    notice = Notice.objects.get(kind="promise_due")
    assert (notice.recipient, notice.sent_at) == (promise.owner, None)
    assert notice.void_reason == "The promise is settled."


def test_a_promise_that_is_made_three_days_before_its_day_is_not_late_at_once(side):
    signed_project(promises=[{"side": side, "days": 3}])

    remind_promises(at=NOON + dt.timedelta(hours=1))
    assert owed("promise_due") == []

    remind_promises(at=NOON + 3 * DAY)
    assert len(owed("promise_due")) == 1


def test_an_owner_who_has_left_is_not_reminded_and_the_leads_hear_when_it_slips(side):
    project = signed_project(promises=[{"side": side, "days": 14}])
    owner = Promise.objects.get().owner
    successor = person_on(project, side)
    owner.memberships.update(left_at=NOON)

    for day in range(30):
        remind_promises(at=NOON + day * DAY)

    assert owed("promise_due") == []
    assert owner not in [person for person, _when in owed("promise_late")]
    assert successor in [person for person, _when in owed("promise_late")]


# Many --------------------------------------------------------------------------------------------


def test_a_sweep_takes_as_many_queries_for_twelve_projects_as_for_one(django_assert_num_queries):
    def queries_for(projects):
        for project in projects:
            person_on(project, "group")
        with django_assert_num_queries(6):
            remind_reviews(at=SEVEN)

    first = [in_review()]
    queries_for(first)
    Notice.objects.all().delete()
    queries_for([in_review() for _ in range(12)])
    assert Notice.objects.filter(kind="review_reminder").count() == 13
