"""What two organisations, or two colleagues, do with reviews at the same instant. On PostgreSQL.

Two last reviews that are sent at once are in test_reveal_race.py.
"""

from functools import partial

import pytest

from accounts.models import Event, Notice
from evaluations import sealing
from evaluations.actions import answers, late, reviews
from evaluations.models import Review
from tests.evaluations.test_reviews_late import LATE, make_open_project
from tests.factories import answer_all, make_sent, member_of, other_side, review_of
from tests.races import at_once

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

ROUNDS = 5


def written(review):
    answer_all(review)
    return review


def of(project, side):
    """The last review of a side, with somebody who may send it."""
    review = project.reviews.filter(organisation__in=_partners(project, side)).order_by("-pk").first()
    return review, member_of(review.organisation)


def _partners(project, side):
    return project.participations.filter(side=side).values("organisation")


def send(review, person):
    seen = {one.pk for one in reviews.senders(review.project)} - {review.organisation_id}
    return partial(reviews.send_review, review, actor=person, at=LATE, seen_senders=seen)


def names(outcomes):
    return [type(outcome).__name__ for outcome in outcomes]


def state(project):
    """Stage, who has sent, who is open, and how often they were opened."""
    project.refresh_from_db()
    rows = project.reviews.all()
    return (
        project.stage,
        {row.pk for row in rows if row.sent_at},
        {row.pk for row in rows if row.opened_at},
        Event.objects.filter(project=project.reference, verb="reviews.opened").count(),
    )


def told(kind, project):
    return Notice.objects.filter(kind=kind, project=project.reference, voided_at=None)


def test_a_review_reopened_while_the_last_one_is_sent_is_open_or_sealed_but_never_half(side):
    for _round in range(ROUNDS):
        project = make_open_project()
        first, last = review_of(project, side), written(review_of(project, other_side(side)))
        make_sent(first)
        me, them = member_of(first.organisation), member_of(last.organisation)

        outcomes = at_once(partial(reviews.reopen_review, first, actor=me, at=LATE), send(last, them))

        if names(outcomes) == ["CannotReopen", "Review"]:
            both = {first.pk, last.pk}
            assert state(project) == ("learn", both, both, 1)
        else:
            # Whoever sent the last one looked at something that was no longer so, and is asked again.
            assert names(outcomes) == ["Review", "SendersChanged"]
            assert state(project) == ("review", set(), set(), 0)
            assert not told("reviews_open", project).exists()


def late_project(side):
    """A sender on each side, and a third organisation on this side that has written and not sent."""
    project = make_open_project(**{"groups" if side == "group" else "companies": 2})
    missing, who_is_missing = of(project, side)
    for each in ("group", "company"):
        make_sent(review_of(project, each))
    return project, written(missing), who_is_missing


def test_a_review_shared_while_the_last_one_is_sent_is_marked_or_opens_with_the_rest(side):
    for _round in range(ROUNDS):
        project, missing, them = late_project(side)
        mine = review_of(project, side)

        outcomes = at_once(
            partial(late.share_review, mine, actor=member_of(mine.organisation), at=LATE), send(missing, them)
        )

        everybody = set(project.reviews.values_list("pk", flat=True))
        missing.refresh_from_db()
        mine.refresh_from_db()
        shared = names(outcomes) == ["Review", "Review"]
        assert shared or names(outcomes) == ["CannotChoose", "Review"]
        assert (mine.shared_at is not None, missing.answered_after_seeing) == (shared, shared)
        assert state(project) == ("learn", everybody, everybody, 1)


def test_an_organisation_excused_while_it_sends_is_excused_or_has_sent(side):
    for _round in range(ROUNDS):
        project, missing, them = late_project(side)
        senders = [review_of(project, each) for each in ("group", "company")]
        excuse = [
            partial(
                late.excuse_organisation,
                review,
                missing.organisation,
                actor=member_of(review.organisation),
                at=LATE,
            )
            for review in senders
        ]
        excuse[0]()

        outcomes = at_once(excuse[1], send(missing, them))

        sent = {review.pk for review in senders}
        missing.refresh_from_db()
        if missing.excused_at:
            assert names(outcomes) == ["Project", "CannotSend"]
            assert state(project) == ("learn", sent, sent, 1)
            # What it wrote stays sealed.
            assert {one.organisation for one in sealing.opened(project).reviews} == {
                review.organisation for review in senders
            }
        else:
            assert names(outcomes) == ["CannotChoose", "Review"]
            assert state(project) == ("learn", sent | {missing.pk}, sent | {missing.pk}, 1)


def test_a_project_closed_by_one_side_while_the_other_sends_is_closed_or_open(side):
    for _round in range(ROUNDS):
        project = make_open_project()
        mine, theirs = review_of(project, side), written(review_of(project, other_side(side)))
        make_sent(mine)

        outcomes = at_once(
            partial(late.close_without_theirs, mine, actor=member_of(mine.organisation), at=LATE),
            send(theirs, member_of(theirs.organisation)),
        )

        project.refresh_from_db()
        if project.closed_one_sided:
            assert names(outcomes) == ["Project", "CannotSend"]
            assert state(project) == ("completed", {mine.pk}, set(), 0)
            assert sealing.opened(project) is None
        else:
            both = {mine.pk, theirs.pk}
            assert names(outcomes) == ["CannotChoose", "Review"]
            assert state(project) == ("learn", both, both, 1)


def test_of_two_colleagues_who_save_the_same_answer_at_once_one_is_kept_and_one_is_told(side):
    for _round in range(ROUNDS):
        project = make_open_project()
        review = review_of(project, side)
        question = project.principle_set.principles.first().questions.first()
        people = [member_of(review.organisation) for _ in "ab"]
        typed = [sealing.Entry(question.pk, level, f"Words of {level}") for level in (1, 4)]

        outcomes = at_once(
            *(
                partial(answers.save_answers, review, [entry], actor=person, at=LATE, page=f"{person.pk}.1")
                for entry, person in zip(typed, people, strict=True)
            )
        )

        assert names(outcomes) == ["Saved", "Saved"]
        (kept,) = sealing.own_draft(Review.objects.get(pk=review.pk)).answers.values()
        conflicts = [conflict for saved in outcomes for conflict in saved.conflicts]
        (told_of,) = conflicts
        assert (kept.answer, kept.comment, kept.revision) == (
            told_of.theirs.answer,
            told_of.theirs.comment,
            1,
        )
        assert {kept.comment, told_of.mine.comment} == {entry.comment for entry in typed}
