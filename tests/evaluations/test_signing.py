"""Signing the joint conclusion: for the revision that was read, by every partner, and what follows."""

import datetime as dt

import pytest

from accounts.models import Event, Notice
from evaluations.actions.conclusions import NotYourTurn, save_conclusion, send_conclusion, start_conclusion
from evaluations.actions.signing import (
    ChangedSinceRead,
    NotASigner,
    NotReadyToSign,
    complete_if_ready,
    missing_from,
    sign_conclusion,
)
from evaluations.actions.written import Written, WrittenPart, WrittenPromise
from partnerships.actions.closing import record_result
from partnerships.actions.stages import what_blocks
from tests.evaluations.opened import a_promise, last_partner, opened_project, signed_project, three_parts
from tests.factories import DAY, NOON, member_of, other_side, partner_of, person_on

pytestmark = pytest.mark.django_db

LATER = NOON + DAY


def written(project, person, *, promises=None, parts=None):
    """A conclusion that this person wrote, ready to sign."""
    conclusion = start_conclusion(project, actor=person, at=NOON)
    words = Written(parts or three_parts(), {1: a_promise(project, person)} if promises is None else promises)
    return save_conclusion(conclusion, words, actor=person, at=NOON)


def sign(conclusion, person, at=LATER):
    conclusion.refresh_from_db()
    return sign_conclusion(conclusion, revision=conclusion.revision, actor=person, at=at)


def test_who_signs_with_the_pen_hands_it_on(side):
    project = opened_project()
    me, them = person_on(project, side), person_on(project, other_side(side))
    conclusion = written(project, me)

    sign(conclusion, me)

    conclusion.refresh_from_db()
    assert (conclusion.pen, conclusion.signed_at) == (partner_of(project, other_side(side)), None)
    signature = conclusion.signatures.get()
    assert (signature.person, signature.revision) == (me, conclusion.revision)
    assert [notice.recipient for notice in Notice.objects.filter(kind="conclusion_turn")] == [them]
    assert [turn.organisation for turn in project.turns.all()] == [partner_of(project, other_side(side))]


def test_the_last_signature_makes_the_promises_and_completes_the_project(side):
    project = opened_project(result="not_reached")
    me, them = person_on(project, side), person_on(project, other_side(side))
    conclusion = written(project, me)
    sign(conclusion, me)

    sign(conclusion, them)

    conclusion.refresh_from_db()
    project.refresh_from_db()
    assert (conclusion.pen, conclusion.signed_at) == (None, LATER)
    assert (project.stage, project.completed_at) == ("completed", LATER)
    assert [promise.state for promise in project.promises.all()] == ["open"]
    assert not project.turns.exists()
    told = Notice.objects.filter(kind="conclusion_signed").order_by("recipient")
    assert {notice.recipient for notice in told} == {me, them}
    assert not Notice.objects.unsent().filter(kind="conclusion_turn").exists()
    verbs = Event.objects.filter(project=project.reference).values_list("verb", flat=True)
    assert sorted(verb for verb in verbs if verb in ("conclusion.signed", "promise.made")) == [
        "conclusion.signed",
        "conclusion.signed",
        "promise.made",
    ]


def test_without_a_result_the_project_waits_in_learn_and_is_completed_by_it(side):
    project = opened_project(result="")
    me, them = person_on(project, side), person_on(project, other_side(side))
    conclusion = written(project, me)
    sign(conclusion, me)

    sign(conclusion, them)

    project.refresh_from_db()
    assert (project.stage, what_blocks(project)) == ("learn", ["The result for patients is not recorded."])
    assert [promise.state for promise in project.promises.all()] == ["open"]

    record_result(project, result="partly", how="We asked 30 carers.", actor=me, at=LATER + DAY)

    project.refresh_from_db()
    assert (project.stage, project.completed_at) == ("completed", LATER + DAY)


def test_a_result_before_the_signatures_completes_nothing(side):
    project = opened_project(result="")

    record_result(project, result="reached", how="We counted.", actor=person_on(project, side), at=LATER)

    project.refresh_from_db()
    assert (project.stage, project.completed_at) == ("learn", None)


def test_an_unsigned_conclusion_blocks_completion(side):
    project = opened_project()

    assert not complete_if_ready(project, at=LATER)
    assert "The joint conclusion has not been started." in what_blocks(project)

    written(project, person_on(project, side))
    assert not complete_if_ready(project, at=LATER)
    assert "The joint conclusion is not signed by everybody." in what_blocks(project)


def test_a_completed_project_is_completed_once():
    project = signed_project()

    assert not complete_if_ready(project, at=LATER + DAY)
    project.refresh_from_db()
    assert project.completed_at == NOON


def test_signing_twice_changes_nothing(side):
    project = opened_project()
    me = person_on(project, side)
    person_on(project, other_side(side))
    conclusion = written(project, me)
    sign(conclusion, me)

    sign(conclusion, me, at=LATER + DAY)

    assert [signature.signed_at for signature in conclusion.signatures.all()] == [LATER]
    assert conclusion.turns.count() == 1
    assert Notice.objects.filter(kind="conclusion_turn").count() == 1


def test_the_last_signer_pressing_twice_changes_nothing(side):
    project = opened_project()
    me, them = person_on(project, side), person_on(project, other_side(side))
    conclusion = written(project, me)
    sign(conclusion, me)
    sign(conclusion, them)

    sign(conclusion, them, at=LATER + DAY)

    conclusion.refresh_from_db()
    assert conclusion.signed_at == LATER


def test_a_signature_is_for_what_was_read(side):
    project = opened_project()
    me, them = person_on(project, side), person_on(project, other_side(side))
    conclusion = written(project, me)
    send_conclusion(conclusion, to=partner_of(project, other_side(side)), actor=me, at=NOON)
    read = conclusion.revision
    save_conclusion(conclusion, Written(three_parts(well=WrittenPart("Nothing."))), actor=them, at=LATER)

    with pytest.raises(ChangedSinceRead):
        sign_conclusion(conclusion, revision=read, actor=me, at=LATER)

    assert not conclusion.signatures.exists()


def test_a_change_clears_the_signatures(side):
    project = opened_project()
    me, them = person_on(project, side), person_on(project, other_side(side))
    conclusion = written(project, me)
    sign(conclusion, me)

    save_conclusion(conclusion, Written(three_parts(hard=WrittenPart("Everything."))), actor=them, at=LATER)

    assert not conclusion.signatures.exists()
    cleared = Event.objects.get(verb="conclusion.signatures_cleared")
    assert (cleared.audience, cleared.detail) == (None, {"signatures": 1})

    # After the change both sign again: the second first, because the pen is theirs.
    sign(conclusion, them)
    sign(conclusion, me)
    conclusion.refresh_from_db()
    assert conclusion.signed_at == LATER


def test_making_a_part_public_clears_the_signatures_too(side):
    project = opened_project()
    me, them = person_on(project, side), person_on(project, other_side(side))
    conclusion = written(project, me)
    sign(conclusion, me)

    save_conclusion(
        conclusion,
        Written(three_parts(well=WrittenPart("We met every week.", public=True))),
        actor=them,
        at=LATER,
    )

    assert not conclusion.signatures.exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"well": WrittenPart("")}, "“What went well” is empty. Write it, or say that you don’t agree."),
        ({"hard": WrittenPart("Words.", disagreed=True)}, "“What was hard”: say what you don’t agree on."),
    ],
)
def test_nobody_signs_an_unfinished_part(side, change, sentence):
    project = opened_project()
    me = person_on(project, side)
    conclusion = written(project, me, parts=three_parts(**change))

    with pytest.raises(NotReadyToSign, match=sentence) as refusal:
        sign(conclusion, me)

    assert refusal.value.missing == [(next(iter(change)), sentence)]
    assert not conclusion.signatures.exists()


def test_one_side_may_leave_its_disagreement_unsaid(side):
    project = opened_project()
    me = person_on(project, side)
    person_on(project, other_side(side))
    parts = three_parts(hard=WrittenPart("", disagreed=True, view="It took 9 weeks."))
    conclusion = written(project, me, parts=parts)

    sign(conclusion, me)

    assert conclusion.signatures.count() == 1


def test_nobody_signs_a_promise_without_name_date_words_or_principle(side):
    project = opened_project()
    me = person_on(project, side)
    whole = a_promise(project, me)
    conclusion = written(
        project,
        me,
        promises={
            1: WrittenPromise(what=whole.what),
            2: WrittenPromise(owner=me.pk, due_on=whole.due_on, principle=whole.principle),
        },
    )

    with pytest.raises(NotReadyToSign) as refusal:
        sign(conclusion, me)

    assert refusal.value.missing == [
        ("promise-1", "Promise 1 needs a name."),
        ("promise-1", "Promise 1 needs a date."),
        ("promise-1", "Promise 1 needs a principle."),
        ("promise-2", "Promise 2 does not say what."),
    ]


def test_a_conclusion_without_promises_can_be_signed(side):
    project = opened_project()
    conclusion = written(project, person_on(project, side), promises={})

    assert missing_from(conclusion.content(), today=NOON.date()) == []


def test_nobody_signs_a_draft_they_have_not_been_sent(side):
    project = opened_project()
    me, them = person_on(project, side), person_on(project, other_side(side))
    conclusion = written(project, me)
    send_conclusion(conclusion, to=partner_of(project, other_side(side)), actor=me, at=NOON)
    send_conclusion(conclusion, to=partner_of(project, side), actor=them, at=NOON)
    handed_over = conclusion.revision
    save_conclusion(conclusion, Written(three_parts(well=WrittenPart("New."))), actor=me, at=LATER)

    with pytest.raises(ChangedSinceRead):
        sign_conclusion(conclusion, revision=handed_over, actor=them, at=LATER)


def test_nobody_signs_a_promise_whose_day_has_passed(side):
    project = opened_project()
    me, them = person_on(project, side), person_on(project, other_side(side))
    conclusion = written(project, me, promises={2: a_promise(project, them, days=3)})
    sign(conclusion, me)

    with pytest.raises(NotReadyToSign) as refusal:
        sign(conclusion, them, at=NOON + 4 * DAY)

    assert refusal.value.missing == [
        ("promise-2", "The day of promise 2 has passed. Choose a new one."),
    ]
    conclusion.refresh_from_db()
    assert (conclusion.signed_at, conclusion.signatures.count()) == (None, 1)
    assert [promise.state for promise in project.promises.all()] == ["draft"]

    new_day = Written(three_parts(), {2: a_promise(project, them, days=20)})
    save_conclusion(conclusion, new_day, actor=them, at=NOON + 4 * DAY)
    assert not conclusion.signatures.exists()
    sign(conclusion, them, at=NOON + 4 * DAY)
    sign(conclusion, me, at=NOON + 4 * DAY)
    conclusion.refresh_from_db()
    assert conclusion.signed_at == NOON + 4 * DAY


def test_who_signs_first_is_refused_a_day_that_has_passed_as_well(side):
    project = opened_project()
    me = person_on(project, side)
    conclusion = written(project, me, promises={1: a_promise(project, me, days=3)})

    with pytest.raises(NotReadyToSign):
        sign(conclusion, me, at=NOON + 4 * DAY)

    assert not conclusion.signatures.exists()


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "Europe/London", "America/Los_Angeles"])
def test_the_day_of_a_promise_ends_at_midnight_where_the_project_is(side, zone):
    project = opened_project()
    project.time_zone = zone
    project.save()
    project.refresh_from_db()
    me, them = person_on(project, side), person_on(project, other_side(side))
    conclusion = written(project, me, promises={1: a_promise(project, me, days=3)})
    due_on = conclusion.promises.get().due_on
    midnight = dt.datetime.combine(due_on + DAY, dt.time(), tzinfo=project.zone).astimezone(dt.UTC)

    with pytest.raises(NotReadyToSign):
        sign(conclusion, me, at=midnight)
    sign(conclusion, me, at=midnight - dt.timedelta(seconds=1))
    with pytest.raises(NotReadyToSign):
        sign(conclusion, them, at=midnight)
    sign(conclusion, them, at=midnight - dt.timedelta(seconds=1))

    conclusion.refresh_from_db()
    assert conclusion.signed_at == midnight - dt.timedelta(seconds=1)


def test_every_partner_signs_when_there_are_several():
    project = opened_project(groups=2, companies=2)
    organisations = [row.organisation for row in project.participations.order_by("pk")]
    people = [member_of(organisation) for organisation in organisations]
    conclusion = written(project, people[0])

    pens = []
    for person in people:
        conclusion.refresh_from_db()
        pens.append(conclusion.pen)
        sign(conclusion, person)

    conclusion.refresh_from_db()
    project.refresh_from_db()
    assert pens == organisations
    assert (conclusion.signed_at, project.stage) == (LATER, "completed")


def test_an_excused_organisation_is_not_waited_for():
    project = opened_project(groups=2, excused="group")
    first, excused = partner_of(project, "group"), last_partner(project, "group")
    me, them = member_of(first), person_on(project, "company")
    conclusion = written(project, me)

    with pytest.raises(NotASigner):
        sign(conclusion, member_of(excused))
    sign(conclusion, me)
    sign(conclusion, them)

    conclusion.refresh_from_db()
    assert conclusion.signed_at == LATER


def test_nothing_changes_after_everybody_has_signed(side):
    project = signed_project(result="")
    me = person_on(project, side)
    conclusion = project.conclusion

    with pytest.raises(NotYourTurn, match="Everybody has signed"):
        save_conclusion(conclusion, Written(three_parts(well=WrittenPart("No."))), actor=me, at=LATER)

    assert conclusion.parts.get(code="well").text == "We met every week."


def test_a_promise_keeps_the_organisation_for_which_it_was_given(side):
    project = signed_project(promises=[{"side": side, "days": 30}])

    promise = project.promises.get()

    assert (promise.organisation, promise.due_on) == (partner_of(project, side), dt.date(2026, 12, 23))
