"""What senders may choose when others don't send, and that nothing ever opens by itself."""

import datetime as dt

import pytest

from accounts.models import Event, Notice
from evaluations import sealing
from evaluations.actions import asking, late, reviews
from evaluations.models import LateChoice
from partnerships.actions.closing import CannotWithdraw, withdraw_project
from partnerships.models import Turn
from tests.factories import (
    DAY,
    NOON,
    add_partner,
    answer_all,
    make_organisation,
    make_project,
    make_reviews,
    make_sent,
    member_of,
    other_side,
    partner_of,
    review_of,
)

pytestmark = pytest.mark.django_db

DUE = dt.date(2026, 12, 12)
LATE = dt.datetime(2027, 1, 3, 12, tzinfo=dt.UTC)  # 22 days after the due date


def make_open_project(*, groups=1, companies=1, **fields):
    fields = {"review_due_on": DUE, "result": "partly", "stage": "review"} | fields
    project = make_project(groups=groups, companies=companies, **fields)
    make_reviews(project)
    return project


def sent(project, side):
    make_sent(review_of(project, side))
    return fresh(review_of(project, side))


def fresh(review):
    review.refresh_from_db()
    review.project.refresh_from_db()
    return review


def lead(review):
    return member_of(review.organisation)


def rows(project, side):
    return [
        project.reviews.get(organisation=p.organisation) for p in project.participations.filter(side=side)
    ]


@pytest.mark.parametrize(
    ("day", "choices"),
    [("2026-12-13", False), ("2027-01-02", False), ("2027-01-03", True), ("2027-02-01", True)],
)
def test_choices_open_when_the_others_are_21_days_late(side, day, choices):
    review = sent(make_open_project(), side)
    at = dt.datetime.fromisoformat(f"{day}T12:00:00+00:00")

    assert bool(late.choices_of(review, at=at)) == choices


def test_who_has_not_sent_chooses_nothing(side):
    project = make_open_project()
    sent(project, other_side(side))

    assert not late.choices_of(fresh(review_of(project, side)), at=LATE)


def test_the_projects_own_midnight_decides_what_is_late(side):
    review = sent(make_open_project(time_zone="Pacific/Honolulu"), side)

    just_before = dt.datetime(2027, 1, 3, 9, 59, tzinfo=dt.UTC)  # still 2 January in Honolulu
    assert not late.choices_of(review, at=just_before)
    assert late.choices_of(review, at=just_before + dt.timedelta(minutes=1))


def test_time_alone_opens_nothing(side):
    project = make_open_project()
    review = sent(project, side)

    late.choices_of(review, at=LATE + 1000 * DAY)

    assert sealing.opened(project) is None
    assert sealing.readable_by(project, partner_of(project, other_side(side))) == ()


# Close without theirs


def test_the_only_sender_closes_the_project_and_nothing_opens(side):
    project = make_open_project()
    review = sent(project, side)
    other = member_of(partner_of(project, other_side(side)))

    late.close_without_theirs(review, actor=lead(review), at=LATE)

    project.refresh_from_db()
    assert (project.stage, project.closed_one_sided, project.completed_at) == ("completed", True, LATE)
    assert (sealing.opened(project), project.turns.count()) == (None, 0)
    for each in ("group", "company"):
        assert sealing.readable_by(project, partner_of(project, each)) == ()
    assert Notice.objects.filter(kind="closed_one_sided", recipient=other).exists()
    assert len(sealing.own_answers(review)) == 15


def test_closing_needs_the_result_for_patients(side):
    project = make_open_project(result="")
    review = sent(project, side)

    with pytest.raises(late.CannotChoose, match="Record the result"):
        late.close_without_theirs(review, actor=lead(review), at=LATE)

    assert late.choices_of(review, at=LATE).needs_result
    assert not LateChoice.objects.exists()


def test_closing_needs_the_word_of_every_sender(side):
    project = make_open_project(groups=2, companies=2)
    first, second = rows(project, side)
    for review in (first, second):
        make_sent(review)

    late.close_without_theirs(fresh(first), actor=lead(first), at=LATE)

    project.refresh_from_db()
    assert project.stage == "review"
    choices = late.choices_of(fresh(second), at=LATE)
    assert (choices.close_agreed, choices.close_waiting) == ((first.organisation,), (second.organisation,))

    late.close_without_theirs(second, actor=lead(second), at=LATE)

    project.refresh_from_db()
    assert project.stage == "completed"


def test_with_senders_on_both_sides_the_project_is_not_closed_one_sided():
    project = make_open_project(groups=2)
    one, _two = rows(project, "group")
    make_sent(one)
    make_sent(review_of(project, "company"))

    with pytest.raises(late.CannotChoose):
        late.close_without_theirs(fresh(one), actor=lead(one), at=LATE)


def test_before_it_is_late_nobody_closes(side):
    review = sent(make_open_project(), side)

    with pytest.raises(late.CannotChoose):
        late.close_without_theirs(review, actor=lead(review), at=NOON)


def test_nobody_chooses_for_another_organisation(side):
    project = make_open_project()
    review = sent(project, side)
    other = lead(review_of(project, other_side(side)))

    for choose in (late.close_without_theirs, late.share_review, late.keep_waiting):
        with pytest.raises(reviews.NotYourReview):
            choose(review, actor=other, at=LATE)


def test_keep_waiting_takes_the_own_choice_back(side):
    project = make_open_project(groups=2, companies=2)
    first, second = rows(project, side)
    for review in (first, second):
        make_sent(review)
    late.close_without_theirs(first, actor=lead(first), at=LATE)

    late.keep_waiting(first, actor=lead(first), at=LATE)
    late.close_without_theirs(second, actor=lead(second), at=LATE)

    project.refresh_from_db()
    assert project.stage == "review"


# Share mine


def test_a_shared_review_is_read_by_everybody_and_locked(side):
    project = make_open_project()
    review = sent(project, side)
    other = member_of(partner_of(project, other_side(side)))

    late.share_review(review, actor=lead(review), at=LATE)

    readable = sealing.readable_by(project, partner_of(project, other_side(side)))
    assert [(r.organisation, len(r.marks)) for r in readable] == [(review.organisation, 15)]
    with pytest.raises(reviews.CannotReopen):
        reviews.reopen_review(review, actor=lead(review), at=LATE)
    assert Notice.objects.filter(kind="review_shared", recipient=other).count() == 1


def test_sharing_opens_no_other_review(side):
    project = make_open_project()
    answer_all(review_of(project, other_side(side)), comment="Sealed")
    review = sent(project, side)

    late.share_review(review, actor=lead(review), at=LATE)

    assert [r.organisation for r in sealing.readable_by(project, review.organisation)] == [
        review.organisation
    ]


def test_who_answers_later_is_marked_as_answered_after_seeing(side):
    project = make_open_project()
    review = sent(project, side)
    late.share_review(review, actor=lead(review), at=LATE)
    other = review_of(project, other_side(side))
    answer_all(other)

    reviews.send_review(other, actor=lead(other), at=LATE, seen_senders=[review.organisation_id])

    opened = sealing.opened(project)
    assert [(r.side, r.after_seeing) for r in opened.reviews] == [
        ("group", side == "company"),
        ("company", side == "group"),
    ]


def test_sharing_twice_is_sharing_once(side):
    review = sent(make_open_project(), side)
    late.share_review(review, actor=lead(review), at=LATE)

    late.share_review(review, actor=lead(review), at=LATE + DAY)

    review.refresh_from_db()
    assert review.shared_at == LATE
    assert Event.objects.filter(verb="review.shared").count() == 1


# Excuse


def test_a_stuck_organisation_is_excused_by_all_senders_and_the_others_open(side):
    project = make_open_project(groups=2, companies=2)
    stuck, one = rows(project, side)
    two, three = rows(project, other_side(side))
    answer_all(stuck, comment="Never sent")
    for review in (one, two, three):
        make_sent(review)

    for review in (one, two, three):
        assert sealing.opened(project) is None
        late.excuse_organisation(fresh(review), stuck.organisation, actor=lead(review), at=LATE)

    project.refresh_from_db()
    opened = sealing.opened(project)
    assert project.stage == "learn"
    assert stuck.organisation not in [review.organisation for review in opened.reviews]
    assert not project.turns.filter(organisation=stuck.organisation, kind=Turn.Kind.REVIEW).exists()
    assert "Never sent" not in repr(opened)


def test_one_side_alone_excuses_nobody(side):
    project = make_open_project(companies=2, groups=2)
    one, two = rows(project, side)
    make_sent(one)
    make_sent(two)
    stuck = partner_of(project, other_side(side))

    assert late.choices_of(fresh(one), at=LATE).excuses == ()
    with pytest.raises(late.CannotChoose):
        late.excuse_organisation(one, stuck, actor=lead(one), at=LATE)


def test_excusing_one_of_two_missing_opens_nothing_yet(side):
    project = make_open_project(groups=2, companies=2)
    stuck, one = rows(project, side)
    two, writing = rows(project, other_side(side))
    make_sent(one)
    make_sent(two)

    for review in (one, two):
        late.excuse_organisation(fresh(review), stuck.organisation, actor=lead(review), at=LATE)

    assert sealing.opened(project) is None
    assert [s.organisation for s in sealing.statuses(project) if s.missing] == [writing.organisation]


def test_who_was_excused_sends_no_more(side):
    project = make_open_project(groups=2, companies=2)
    stuck, one = rows(project, side)
    two, _writing = rows(project, other_side(side))
    answer_all(stuck)
    for review in (one, two):
        make_sent(review)
    for review in (one, two):
        late.excuse_organisation(fresh(review), stuck.organisation, actor=lead(review), at=LATE)

    with pytest.raises(reviews.CannotSend):
        reviews.send_review(
            stuck,
            actor=lead(stuck),
            at=LATE,
            seen_senders=[one.organisation_id, two.organisation_id],
        )


def test_nobody_excuses_who_has_sent(side):
    project = make_open_project(groups=2)
    one, _two = rows(project, "group")
    company = review_of(project, "company")
    make_sent(one)
    make_sent(company)

    with pytest.raises(late.CannotChoose):
        late.excuse_organisation(fresh(one), company.organisation, actor=lead(one), at=LATE)


# Withdraw while sealed


def test_withdrawing_needs_every_senders_consent_and_opens_nothing(side):
    project = make_open_project()
    review = sent(project, side)
    sender = lead(review)
    other = member_of(partner_of(project, other_side(side)))

    missing = withdraw_project(project, reason="other", note="We stop", actor=other, at=LATE)

    project.refresh_from_db()
    assert (missing, project.stage) == ([review.organisation], "review")
    assert Notice.objects.filter(kind="withdrawal_asked", recipient=sender).count() == 1
    (asked,) = asking.asked_on(project, at=LATE)
    assert asked.agreed == (partner_of(project, other_side(side)),)
    assert asked.waiting == (review.organisation,)

    missing = withdraw_project(project, reason="other", note="We agree", actor=sender, at=LATE)

    project.refresh_from_db()
    assert (missing, project.stage) == ([], "withdrawn")
    assert (sealing.opened(project), sealing.readable_by(project, review.organisation)) == (None, ())


def test_without_any_sender_a_project_is_withdrawn_at_once(side):
    project = make_open_project()
    person = member_of(partner_of(project, side))

    assert withdraw_project(project, reason="other", actor=person, at=NOON) == []
    project.refresh_from_db()
    assert project.stage == "withdrawn"


def test_a_partner_without_a_review_withdraws_nothing(side):
    project = make_open_project()
    late_comer = make_organisation(side)
    add_partner(project, late_comer, side)

    with pytest.raises(CannotWithdraw):
        withdraw_project(project, reason="other", actor=member_of(late_comer), at=NOON)
