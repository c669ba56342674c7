"""Writing the joint conclusion: one pen, turns, and colleagues who write at the same time."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Event, Notice
from evaluations.actions.conclusions import (
    ChangedSince,
    NotNow,
    NotYourTurn,
    save_conclusion,
    send_conclusion,
    signers,
    start_conclusion,
)
from evaluations.actions.pen import take_back_conclusion
from evaluations.actions.written import Written, WrittenPart, WrittenPromise, fingerprint, standing
from evaluations.models import Conclusion
from partnerships.actions.people import ActsForNobody
from partnerships.models import Turn
from tests.evaluations.opened import a_promise, last_partner, opened_project, three_parts
from tests.factories import (
    DAY,
    NOON,
    add_agency,
    make_project,
    member_of,
    other_side,
    partner_of,
    person_on,
)

pytestmark = pytest.mark.django_db

LATER = NOON + DAY


def turns_of(project):
    turns = project.turns.filter(kind=Turn.Kind.CONCLUSION).order_by("pk")
    return [(turn.organisation, turn.due_on) for turn in turns]


def read_by(conclusion, organisation):
    """The fingerprints that a form of this organisation carries."""
    places = standing(conclusion.content(), organisation).places()
    return {place: fingerprint(words) for place, words in places.items()}


def test_when_the_reviews_open_it_is_everybodys_turn_to_start():
    project = opened_project()

    due = dt.date(2026, 12, 7)
    assert set(turns_of(project)) == {
        (partner_of(project, "group"), due),
        (partner_of(project, "company"), due),
    }


def test_either_side_starts_and_then_holds_the_pen(side):
    project = opened_project()
    person = person_on(project, side)

    conclusion = start_conclusion(project, actor=person, at=LATER)

    assert (conclusion.pen, conclusion.started_by) == (partner_of(project, side),) * 2
    assert turns_of(project) == [(partner_of(project, side), dt.date(2026, 12, 7))]
    assert [part.code for part in conclusion.parts.all()] == ["well", "hard", "different"]
    assert (
        Event.objects.filter(verb="conclusion.started", organisation=partner_of(project, side)).count() == 1
    )


def test_starting_twice_gives_the_same_conclusion(side):
    project = opened_project()
    first = start_conclusion(project, actor=person_on(project, side), at=NOON)

    second = start_conclusion(project, actor=person_on(project, other_side(side)), at=LATER)

    assert (second, second.pen) == (first, partner_of(project, side))


def test_it_starts_with_sentences_from_the_reviews_and_what_each_side_wrote(side):
    project = opened_project(
        **{
            side: {"level": 4, "keep": "Weekly calls", "change": "One list of papers"},
            other_side(side): {"level": 4, "change": "Agendas five days before"},
        }
    )
    me, them = partner_of(project, side), partner_of(project, other_side(side))

    conclusion = start_conclusion(project, actor=person_on(project, side), at=NOON)

    texts = {part.code: part.text.split("\n") for part in conclusion.parts.all()}
    assert texts["well"] == [
        *(
            f"We agree that “{name}” went well."
            for name in project.principle_set.principles.values_list("name", flat=True)
        ),
        f"{me} wants to keep: “Weekly calls”",
    ]
    assert texts["hard"] == ["What took the most time was …"]
    assert sorted(texts["different"]) == sorted(
        [
            f"{me} wants to change: “One list of papers”",
            f"{them} wants to change: “Agendas five days before”",
        ]
    )
    assert {part.drafted for part in conclusion.parts.all()} == {True}


def test_nothing_is_written_while_the_reviews_are_sealed(side):
    project = make_project(stage="review")

    with pytest.raises(NotNow):
        start_conclusion(project, actor=person_on(project, side), at=NOON)

    assert not Conclusion.objects.exists()


def test_agencies_and_strangers_write_nothing(side):
    project = opened_project()
    agency = member_of(add_agency(project, partner_of(project, side)), "owner")

    with pytest.raises(ActsForNobody):
        start_conclusion(project, actor=agency, at=NOON)


def test_only_the_pen_writes(side):
    project = opened_project()
    conclusion = start_conclusion(project, actor=person_on(project, side), at=NOON)

    with pytest.raises(NotYourTurn, match=f"{partner_of(project, side)} is writing now"):
        save_conclusion(
            conclusion, Written(three_parts()), actor=person_on(project, other_side(side)), at=LATER
        )


def test_what_is_written_is_kept_with_its_promises(side):
    project = opened_project()
    me, them = person_on(project, side), person_on(project, other_side(side))
    conclusion = start_conclusion(project, actor=me, at=NOON)
    written = Written(
        three_parts(hard=WrittenPart("", disagreed=True, view="It took 9 weeks.")),
        {1: a_promise(project, them), 3: WrittenPromise(what="Say thank you")},
    )

    save_conclusion(conclusion, written, actor=me, at=LATER)

    conclusion.refresh_from_db()
    stored = standing(conclusion.content(), partner_of(project, side))
    assert stored.parts == written.parts
    assert stored.promises == dict(written.promises) | {2: WrittenPromise()}
    assert conclusion.revision == 2
    promise = conclusion.promises.get(position=1)
    assert (promise.organisation, promise.state) == (partner_of(project, other_side(side)), "draft")


def test_saving_without_a_change_is_no_new_revision(side):
    project = opened_project()
    me = person_on(project, side)
    conclusion = start_conclusion(project, actor=me, at=NOON)
    save_conclusion(conclusion, Written(three_parts()), actor=me, at=LATER)

    save_conclusion(conclusion, Written(three_parts()), actor=me, at=LATER)

    conclusion.refresh_from_db()
    assert conclusion.revision == 2
    assert Event.objects.filter(verb="conclusion.changed").count() == 1


def test_what_is_being_written_stays_in_the_own_history_until_it_is_sent(side):
    project = opened_project()
    me = person_on(project, side)
    conclusion = start_conclusion(project, actor=me, at=NOON)

    save_conclusion(conclusion, Written(three_parts()), actor=me, at=LATER)

    verbs = Event.objects.of_project(project.reference, [partner_of(project, other_side(side))])
    assert "conclusion.changed" not in [event.verb for event in verbs]
    assert conclusion.last_turn() is None


def test_a_promise_is_given_by_somebody_on_the_project(side):
    project = opened_project()
    me = person_on(project, side)
    conclusion = start_conclusion(project, actor=me, at=NOON)
    stranger = member_of(partner_of(make_project(), side))

    with pytest.raises(ValueError):
        save_conclusion(
            conclusion, Written(three_parts(), {1: a_promise(project, stranger)}), actor=me, at=LATER
        )

    assert not conclusion.promises.exists()


def test_a_fourth_promise_is_refused_and_nothing_of_it_is_kept(side):
    project = opened_project()
    me = person_on(project, side)
    conclusion = start_conclusion(project, actor=me, at=NOON)
    three = {position: a_promise(project, me) for position in (1, 2, 3)}
    save_conclusion(conclusion, Written(three_parts(), three), actor=me, at=LATER)

    for position in (0, 4):
        changed = three_parts(well=WrittenPart("Not kept."))
        with pytest.raises(ValueError, match="At most 3 promises"):
            save_conclusion(
                conclusion, Written(changed, {position: a_promise(project, me)}), actor=me, at=LATER
            )

    assert [promise.position for promise in conclusion.promises.all()] == [1, 2, 3]
    assert conclusion.parts.get(code="well").text == "We met every week."


@pytest.mark.parametrize("position", [0, 3, 4])
def test_the_database_holds_no_fourth_promise_and_no_second_one_in_a_place(side, position):
    project = opened_project()
    me = person_on(project, side)
    conclusion = start_conclusion(project, actor=me, at=NOON)
    save_conclusion(conclusion, Written(three_parts(), {3: a_promise(project, me)}), actor=me, at=LATER)

    with pytest.raises(IntegrityError), transaction.atomic():
        conclusion.promises.create(project=project, what="One more", position=position)

    assert conclusion.promises.count() == 1


def test_sending_keeps_the_words_hands_over_the_pen_and_tells_them(side):
    project = opened_project()
    me, reader = person_on(project, side), person_on(project, other_side(side), "reader")
    them = person_on(project, other_side(side))
    conclusion = start_conclusion(project, actor=me, at=NOON)

    send_conclusion(
        conclusion,
        to=partner_of(project, other_side(side)),
        actor=me,
        at=LATER,
        written=Written(three_parts()),
    )

    conclusion.refresh_from_db()
    assert conclusion.pen == partner_of(project, other_side(side))
    assert turns_of(project) == [(conclusion.pen, dt.date(2026, 12, 7))]
    assert conclusion.last_turn().content == conclusion.content()
    notices = Notice.objects.filter(kind="conclusion_turn")
    assert [(notice.recipient, notice.project) for notice in notices] == [(them, project.reference)]
    assert reader != them


def test_sending_twice_hands_over_once(side):
    project = opened_project()
    me = person_on(project, side)
    person_on(project, other_side(side))
    conclusion = start_conclusion(project, actor=me, at=NOON)
    send_conclusion(conclusion, to=partner_of(project, other_side(side)), actor=me, at=LATER)

    with pytest.raises(NotYourTurn):
        send_conclusion(conclusion, to=partner_of(project, other_side(side)), actor=me, at=LATER)

    assert conclusion.turns.count() == 1
    assert Notice.objects.filter(kind="conclusion_turn").count() == 1


def test_a_message_about_an_earlier_turn_is_held_back(side):
    project = opened_project()
    me, them = person_on(project, side), person_on(project, other_side(side))
    conclusion = start_conclusion(project, actor=me, at=NOON)
    send_conclusion(conclusion, to=partner_of(project, other_side(side)), actor=me, at=NOON)

    send_conclusion(conclusion, to=partner_of(project, side), actor=them, at=LATER)

    unsent = Notice.objects.unsent().filter(kind="conclusion_turn")
    assert [notice.recipient for notice in unsent] == [me]


def test_the_pen_goes_to_a_partner_only(side):
    project = opened_project()
    me = person_on(project, side)
    conclusion = start_conclusion(project, actor=me, at=NOON)

    for nobody in (
        partner_of(project, side),
        add_agency(project, partner_of(project, side)),
        partner_of(make_project(), side),
    ):
        with pytest.raises(ValueError):
            send_conclusion(conclusion, to=nobody, actor=me, at=LATER)


def test_more_time_that_was_granted_stays_when_the_pen_moves(side):
    project = opened_project()
    me = person_on(project, side)
    conclusion = start_conclusion(project, actor=me, at=NOON)
    project.turns.filter(kind="conclusion").update(due_on=dt.date(2026, 12, 18))

    send_conclusion(conclusion, to=partner_of(project, other_side(side)), actor=me, at=LATER)

    assert turns_of(project) == [(partner_of(project, other_side(side)), dt.date(2026, 12, 18))]


def test_two_colleagues_in_different_places_both_keep_their_words(side):
    project = opened_project()
    me, colleague = person_on(project, side), person_on(project, side)
    conclusion = start_conclusion(project, actor=me, at=NOON)
    read = read_by(conclusion, partner_of(project, side))
    before = standing(conclusion.content(), partner_of(project, side)).parts
    well, hard = WrittenPart("Mine."), WrittenPart("My colleague’s.")
    save_conclusion(conclusion, Written(before | {"hard": hard}, {}, read), actor=colleague, at=NOON)

    save_conclusion(conclusion, Written(before | {"well": well}, {}, read), actor=me, at=LATER)

    parts = standing(conclusion.content(), partner_of(project, side)).parts
    assert parts == before | {"well": well, "hard": hard}


def test_two_colleagues_in_the_same_place_are_told_and_nothing_is_saved(side):
    project = opened_project()
    me, colleague = person_on(project, side), person_on(project, side)
    conclusion = start_conclusion(project, actor=me, at=NOON)
    read = read_by(conclusion, partner_of(project, side))
    theirs = Written(
        three_parts(well=WrittenPart("Theirs.")), {1: a_promise(project, me, what="Theirs")}, read
    )
    save_conclusion(conclusion, theirs, actor=colleague, at=NOON)
    mine = Written(three_parts(well=WrittenPart("Mine.")), {1: a_promise(project, me, what="Mine")}, read)

    with pytest.raises(ChangedSince) as clash:
        save_conclusion(conclusion, mine, actor=me, at=LATER)

    assert clash.value.places == ["well", "promise-1"]
    stored = standing(conclusion.content(), partner_of(project, side))
    assert (stored.parts["well"].text, stored.promises[1].what) == ("Theirs.", "Theirs")


def test_each_organisation_keeps_its_own_words_on_what_they_disagree_about(side):
    project = opened_project()
    me, them = person_on(project, side), person_on(project, other_side(side))
    here, there = partner_of(project, side), partner_of(project, other_side(side))
    conclusion = start_conclusion(project, actor=me, at=NOON)
    ours = three_parts(hard=WrittenPart("", disagreed=True, view="It took 9 weeks."))
    send_conclusion(conclusion, to=there, actor=me, at=NOON, written=Written(ours))

    theirs = three_parts(hard=WrittenPart("", disagreed=True, view="It took 4 weeks."))
    save_conclusion(conclusion, Written(theirs), actor=them, at=LATER)

    views = conclusion.content()["parts"]["hard"]["views"]
    assert views == {str(here.pk): "It took 9 weeks.", str(there.pk): "It took 4 weeks."}


def test_who_was_excused_from_reviewing_does_not_sign_and_never_holds_the_pen():
    project = opened_project(groups=2, excused="group")
    excused = last_partner(project, "group")

    assert excused not in signers(project)
    assert len(signers(project)) == 2
    with pytest.raises(NotYourTurn):
        start_conclusion(project, actor=member_of(excused), at=NOON)


def test_a_closed_project_is_not_written_any_more(side):
    project = opened_project()
    me = person_on(project, side)
    conclusion = start_conclusion(project, actor=me, at=NOON)
    project.stage = "completed"
    project.save()

    with pytest.raises(NotNow):
        save_conclusion(conclusion, Written(three_parts()), actor=me, at=LATER)


def test_who_handed_it_on_takes_it_back_while_nobody_has_changed_a_word(side):
    project = opened_project()
    me, them = person_on(project, side), person_on(project, other_side(side))
    conclusion = start_conclusion(project, actor=me, at=NOON)
    there = partner_of(project, other_side(side))
    send_conclusion(conclusion, to=there, actor=me, at=NOON, written=Written(three_parts()))

    take_back_conclusion(conclusion, actor=me, at=LATER)
    take_back_conclusion(conclusion, actor=me, at=LATER)

    conclusion.refresh_from_db()
    assert conclusion.pen == partner_of(project, side)
    assert [organisation for organisation, _due in turns_of(project)] == [partner_of(project, side)]
    assert not Notice.objects.unsent().filter(kind="conclusion_turn", recipient=them).exists()
    assert Event.objects.filter(verb="conclusion.taken_back").count() == 1


def test_what_others_have_begun_to_write_is_not_taken_from_them(side):
    project = opened_project()
    me, them = person_on(project, side), person_on(project, other_side(side))
    conclusion = start_conclusion(project, actor=me, at=NOON)
    there = partner_of(project, other_side(side))
    send_conclusion(conclusion, to=there, actor=me, at=NOON, written=Written(three_parts()))
    save_conclusion(conclusion, Written(three_parts(well=WrittenPart("New."))), actor=them, at=NOON)

    with pytest.raises(NotYourTurn, match="They have begun to write"):
        take_back_conclusion(conclusion, actor=me, at=LATER)

    conclusion.refresh_from_db()
    assert conclusion.pen == there
