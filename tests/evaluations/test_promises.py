"""Promises after the signatures: who sees them, who marks them, who may add one."""

import datetime as dt

import pytest

from accounts.models import Event, Notice
from accounts.notices import owe
from evaluations.actions.promises import (
    CannotAdd,
    CannotSettle,
    add_promise,
    drop_promise,
    keep_promise,
    who_can_promise,
)
from evaluations.models import Promise
from tests.evaluations.opened import opened_project, principle, signed_project
from tests.factories import (
    DAY,
    NOON,
    add_agency,
    join,
    make_person,
    make_project,
    member_of,
    other_side,
    partner_of,
    person_on,
)

pytestmark = pytest.mark.django_db

LATER = NOON + DAY
TODAY = dt.date(2026, 12, 7)


def project_with_promise(side, **fields):
    """A completed project with one promise of this side, due on 7 December 2026; and who gave it."""
    project = signed_project(promises=[{"side": side, **fields}])
    promise = project.promises.get()
    return project, promise, promise.owner


def test_a_promise_is_marked_done_with_how_one_knows(side):
    project, promise, owner = project_with_promise(side)

    keep_promise(promise, how="Sent on 1 December.", actor=owner, at=LATER)

    promise.refresh_from_db()
    assert (promise.state, promise.settled_at, promise.settled_by, promise.settled_how) == (
        "done",
        LATER,
        owner,
        "Sent on 1 December.",
    )
    line = Event.objects.get(verb="promise.done")
    assert (line.project, line.detail) == (project.reference, {"before": "open", "after": "done"})


def test_how_one_knows_may_stay_empty_and_a_colleague_may_mark_it(side):
    project, promise, _owner = project_with_promise(side)

    keep_promise(promise, actor=person_on(project, side), at=LATER)

    promise.refresh_from_db()
    assert (promise.state, promise.settled_how) == ("done", "")


def test_a_promise_is_dropped_with_a_reason(side):
    _project, promise, owner = project_with_promise(side)

    with pytest.raises(ValueError):
        drop_promise(promise, why="", actor=owner, at=LATER)
    drop_promise(promise, why="The law has changed.", actor=owner, at=LATER)

    promise.refresh_from_db()
    assert (promise.state, promise.settled_how) == ("dropped", "The law has changed.")


def test_the_other_side_does_not_settle_it(side):
    project, promise, _owner = project_with_promise(side)
    other = person_on(project, other_side(side))

    for settle in (
        lambda: keep_promise(promise, actor=other, at=LATER),
        lambda: drop_promise(promise, why="Not needed.", actor=other, at=LATER),
    ):
        with pytest.raises(CannotSettle):
            settle()

    promise.refresh_from_db()
    assert promise.state == "open"


def test_settling_twice_changes_nothing_and_settling_otherwise_is_refused(side):
    _project, promise, owner = project_with_promise(side)
    keep_promise(promise, how="First.", actor=owner, at=LATER)

    keep_promise(promise, how="Second.", actor=owner, at=LATER + DAY)
    with pytest.raises(CannotSettle):
        drop_promise(promise, why="Changed my mind.", actor=owner, at=LATER + DAY)

    promise.refresh_from_db()
    assert (promise.state, promise.settled_how, promise.settled_at) == ("done", "First.", LATER)
    assert Event.objects.filter(verb__startswith="promise.").count() == 2  # made, done


def test_a_draft_promise_is_not_settled(side):
    project = opened_project()
    owner = person_on(project, side)
    promise = Promise.objects.create(
        project=project, what="Later", owner=owner, organisation=partner_of(project, side)
    )

    with pytest.raises(CannotSettle):
        keep_promise(promise, actor=owner, at=LATER)


def test_settling_holds_back_what_was_owed_about_it(side):
    _project, promise, owner = project_with_promise(side)
    owe(owner, kind="promise_due", key="promise-due:1", at=NOON, subject=f"evaluations.promise:{promise.pk}")

    keep_promise(promise, actor=owner, at=LATER)

    assert not Notice.objects.unsent().filter(kind="promise_due").exists()


def test_a_promise_is_added_later_for_the_own_organisation(side):
    project = signed_project()
    me, colleague = person_on(project, side), person_on(project, side)

    promise = add_promise(
        project,
        what="Publish the steps",
        owner=colleague,
        due_on=TODAY,
        principle=principle(project, 3),
        actor=me,
        at=LATER,
    )

    assert (promise.state, promise.position, promise.conclusion) == ("open", 1, None)
    assert promise.organisation == partner_of(project, side)
    assert Event.objects.filter(verb="promise.made", organisation=promise.organisation).count() == 1


def test_nobody_promises_for_the_other_side_or_for_strangers(side):
    project = signed_project()
    me = person_on(project, side)
    others = [
        person_on(project, other_side(side)),
        person_on(project, side, "reader"),
        member_of(partner_of(make_project(), side)),
    ]

    for other in others:
        with pytest.raises(CannotAdd):
            add_promise(
                project,
                what="Do it",
                owner=other,
                due_on=TODAY,
                principle=principle(project),
                actor=me,
                at=LATER,
            )


def test_no_promise_is_added_before_the_conclusion_is_signed(side):
    project = opened_project()
    me = person_on(project, side)

    with pytest.raises(CannotAdd, match="when the joint conclusion is signed"):
        add_promise(
            project, what="Do it", owner=me, due_on=TODAY, principle=principle(project), actor=me, at=LATER
        )


def test_those_named_can_promise_or_everybody_where_nobody_is_named(side):
    project = make_project()
    unnamed = [member_of(partner_of(project, side)), member_of(partner_of(project, side), "owner")]
    member_of(partner_of(project, side), "reader")
    member_of(add_agency(project, partner_of(project, side)))

    assert [acting.person for acting in who_can_promise(project)] == unnamed

    named = person_on(project, side)
    assert [acting.person for acting in who_can_promise(project)] == [named]


def test_promises_are_seen_by_partners_and_nobody_else(side):
    project, promise, owner = project_with_promise(side)
    Promise.objects.create(project=project, what="In a draft")
    both = make_person()
    join(both, partner_of(project, "group"))
    join(both, partner_of(project, "company"))
    unseen = [
        member_of(add_agency(project, partner_of(project, side))),
        member_of(partner_of(make_project(), side)),
        make_person(is_superuser=True, is_staff=True),
        both,
    ]

    for person in (owner, person_on(project, other_side(side), "reader")):
        assert list(Promise.objects.visible_to(person)) == [promise]
    for person in unseen:
        assert list(Promise.objects.visible_to(person)) == []


@pytest.mark.parametrize(
    ("today", "overdue"),
    [(TODAY - DAY, False), (TODAY, False), (TODAY + DAY, True), (TODAY + 99 * DAY, True)],
)
def test_a_promise_is_overdue_when_its_day_is_over(side, today, overdue):
    _project, promise, owner = project_with_promise(side)

    assert promise.is_overdue(today) == overdue
    keep_promise(promise, actor=owner, at=LATER)
    promise.refresh_from_db()
    assert not promise.is_overdue(today)


def test_a_promise_is_owned_by_whoever_gave_it_and_still_acts_for_that_organisation(side):
    project, promise, owner = project_with_promise(side)
    _other, _left, former = project_with_promise(side)
    former.memberships.update(left_at=NOON)

    assert list(Promise.objects.owned_by(owner)) == [promise]
    for person in (former, person_on(project, side), person_on(project, other_side(side))):
        assert list(Promise.objects.owned_by(person)) == []
