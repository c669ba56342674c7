"""What two people press at the same instant, from the results to the promises. On PostgreSQL."""

from functools import partial

import pytest

from accounts.models import Event, Notice
from evaluations.actions.conclusions import NotYourTurn, save_conclusion, send_conclusion, start_conclusion
from evaluations.actions.pen import NotYet, take_pen
from evaluations.actions.promises import CannotSettle, add_promise, drop_promise, keep_promise
from evaluations.actions.results import AlreadyReplied, reply_to_results
from evaluations.actions.signing import sign_conclusion
from evaluations.actions.written import Written, WrittenPart
from evaluations.models import Conclusion, Promise, Reply
from partnerships.actions.closing import record_result
from principles.models import Question
from tests.evaluations.opened import a_promise, opened_project, principle, signed_project, three_parts
from tests.factories import DAY, NOON, member_of, partner_of, person_on
from tests.races import at_once

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

LATER = NOON + DAY
LONG_AFTER = NOON + 8 * DAY
ROUNDS = 5


def ready_to_sign(**fields):
    """A conclusion that everybody may sign, and one person of each side."""
    project = opened_project(**fields)
    people = [person_on(project, side) for side in ("group", "company")]
    conclusion = start_conclusion(project, actor=people[0], at=NOON)
    written = Written(three_parts(), {1: a_promise(project, people[0])})
    return project, save_conclusion(conclusion, written, actor=people[0], at=NOON), people


def sign(conclusion, person):
    return partial(sign_conclusion, conclusion, revision=conclusion.revision, actor=person, at=LATER)


def names(outcomes):
    return sorted(type(outcome).__name__ for outcome in outcomes)


def test_two_signatures_at_once_complete_the_project_once():
    for _round in range(ROUNDS):
        project, conclusion, people = ready_to_sign()

        outcomes = at_once(*(sign(conclusion, person) for person in people))

        project.refresh_from_db()
        conclusion.refresh_from_db()
        assert names(outcomes) == ["Conclusion", "Conclusion"]
        assert (project.stage, conclusion.signed_at, conclusion.pen) == ("completed", LATER, None)
        lines = Event.objects.filter(project=project.reference)
        assert lines.filter(verb="conclusion.signed").count() == 2
        assert lines.filter(verb="promise.made").count() == 1
        assert lines.filter(verb="project.stage_changed", detail__after="completed").count() == 1
        assert Notice.objects.filter(kind="conclusion_signed", project=project.reference).count() == 2


def test_one_signature_pressed_three_times_at_once_is_one():
    project, conclusion, people = ready_to_sign()

    outcomes = at_once(*[sign(conclusion, people[0])] * 3)

    assert names(outcomes) == ["Conclusion"] * 3
    assert conclusion.signatures.count() == 1
    assert conclusion.turns.count() == 1
    assert Event.objects.filter(project=project.reference, verb="conclusion.signed").count() == 1


def test_a_signature_and_a_change_at_once_never_sign_unread_words():
    for _round in range(ROUNDS):
        _project, conclusion, people = ready_to_sign()
        changed = Written(three_parts(well=three_parts()["hard"]))

        at_once(
            sign(conclusion, people[1]),
            partial(save_conclusion, conclusion, changed, actor=people[0], at=LATER),
        )

        conclusion.refresh_from_db()
        revisions = list(conclusion.signatures.values_list("revision", flat=True))
        assert revisions in ([], [conclusion.revision])


def test_the_last_signature_and_the_result_at_once_complete_the_project_once():
    for _round in range(ROUNDS):
        project, conclusion, people = ready_to_sign(result="")
        sign(conclusion, people[0])()

        at_once(
            sign(conclusion, people[1]),
            partial(record_result, project, result="reached", how="We counted.", actor=people[0], at=LATER),
        )

        project.refresh_from_db()
        assert (project.stage, project.completed_at) == ("completed", LATER)
        changes = Event.objects.filter(project=project.reference, detail__after="completed")
        assert changes.count() == 1


def test_both_sides_start_at_once_and_there_is_one_conclusion():
    project = opened_project()
    people = [person_on(project, side) for side in ("group", "company")]

    outcomes = at_once(*(partial(start_conclusion, project, actor=person, at=NOON) for person in people))

    assert names(outcomes) == ["Conclusion", "Conclusion"]
    conclusion = Conclusion.objects.get()
    assert conclusion.parts.count() == 3
    assert [turn.organisation for turn in project.turns.filter(kind="conclusion")] == [conclusion.pen]


def test_two_colleagues_who_send_at_once_hand_over_once():
    project, conclusion, people = ready_to_sign()
    colleague = member_of(partner_of(project, "group"))
    send = {"to": partner_of(project, "company"), "at": LATER}

    outcomes = at_once(
        *(partial(send_conclusion, conclusion, actor=person, **send) for person in (people[0], colleague))
    )

    assert names(outcomes) == ["Conclusion", NotYourTurn.__name__]
    assert conclusion.turns.count() == 1
    assert Notice.objects.filter(kind="conclusion_turn").count() == 1


def lying_pen():
    """A conclusion that the group holds and has let lie, with words that it has not sent."""
    project, conclusion, people = ready_to_sign()
    return project, conclusion, people, partial(take_pen, conclusion, actor=people[1], at=LONG_AFTER)


def test_a_pen_that_several_take_at_once_is_taken_once():
    for _round in range(ROUNDS):
        project, conclusion, _people, take = lying_pen()
        colleague = member_of(partner_of(project, "company"))

        outcomes = at_once(take, take, partial(take_pen, conclusion, actor=colleague, at=LONG_AFTER))

        assert names(outcomes) == ["Conclusion"] * 3
        assert conclusion.taken_pens.count() == 1
        assert Notice.objects.filter(kind="conclusion_taken", project=project.reference).count() == 1
        assert Event.objects.filter(verb="conclusion.pen_taken", project=project.reference).count() == 1


def test_a_pen_that_is_taken_while_it_is_sent_is_with_the_taker_and_no_word_is_lost():
    for _round in range(ROUNDS):
        project, conclusion, people, take = lying_pen()
        company = partner_of(project, "company")
        send = partial(send_conclusion, conclusion, to=company, actor=people[0], at=LONG_AFTER)

        outcomes = at_once(take, send)

        conclusion.refresh_from_db()
        assert conclusion.pen == company
        sent, kept = conclusion.turns.count(), conclusion.taken_pens.exclude(unsent={}).count()
        # Either the words were sent, or they are kept for their writer.
        assert (sent, kept, names(outcomes)) in [
            (1, 0, ["Conclusion", "Conclusion"]),
            (0, 1, ["Conclusion", NotYourTurn.__name__]),
        ]


def test_a_pen_that_is_taken_while_its_holder_saves_loses_no_word():
    for _round in range(ROUNDS):
        _project, conclusion, people, take = lying_pen()
        words = Written(three_parts(hard=WrittenPart("Saved in the last second.")))
        save = partial(save_conclusion, conclusion, words, actor=people[0], at=LONG_AFTER)

        outcomes = at_once(take, save)

        conclusion.refresh_from_db()
        saved = conclusion.parts.get(code="hard").text == "Saved in the last second."
        expected = ["Conclusion", NotYet.__name__ if saved else NotYourTurn.__name__]
        assert (names(outcomes), conclusion.taken_pens.exists()) == (expected, not saved)


def test_two_colleagues_who_reply_at_once_leave_one_reply():
    project = opened_project()
    question = Question.objects.filter(principle__principle_set=project.principle_set).first()
    people = [person_on(project, "group"), person_on(project, "group")]

    outcomes = at_once(
        *(
            partial(reply_to_results, project, question, f"Words of {person}", actor=person, at=NOON)
            for person in people
        )
    )

    assert names(outcomes) == [AlreadyReplied.__name__, "Reply"]
    assert Reply.objects.count() == 1


def test_a_promise_is_settled_in_one_way():
    project = signed_project(promises=[{"side": "group"}])
    promise = project.promises.get()

    outcomes = at_once(
        partial(keep_promise, promise, actor=promise.owner, at=LATER),
        partial(drop_promise, promise, why="No.", actor=member_of(promise.organisation), at=LATER),
    )

    promise.refresh_from_db()
    assert names(outcomes) == [CannotSettle.__name__, "Promise"]
    assert promise.state in ("done", "dropped")
    assert Event.objects.filter(verb__in=["promise.done", "promise.dropped"]).count() == 1


def test_a_promise_added_twice_at_once_is_one():
    project = signed_project()
    me = person_on(project, "group")
    add = partial(
        add_promise,
        project,
        what="Publish the steps",
        owner=me,
        due_on=(NOON + 9 * DAY).date(),
        principle=principle(project, 3),
        actor=me,
        at=LATER,
    )

    outcomes = at_once(add, add)

    assert names(outcomes) == ["Promise", "Promise"]
    assert Promise.objects.filter(project=project).count() == 1
