"""Other words for a part of the plan, with the sides swapped."""

import datetime as dt

import pytest

from accounts.models import Event, Notice
from partnerships.actions.plan import CannotAgree, CannotChangePlan, PartChanged, agree_part, send_plan
from partnerships.actions.stages import what_blocks
from partnerships.actions.suggestions import (
    CannotAnswer,
    CannotSuggest,
    accept_suggestion,
    decline_suggestion,
    suggest_part,
    take_back_suggestion,
)
from partnerships.models import PlanSuggestion, Turn
from partnerships.plan import read_plan
from tests.factories import (
    DAY,
    NOON,
    PLAN,
    agree_plan,
    make_project,
    member_of,
    other_side,
    person_on,
    write_plan,
)
from tests.partnerships.contracts import begin_work

pytestmark = pytest.mark.django_db

OTHER = {"activity_1": "Write the handbook", "activity_2": "Print 500 copies"}
LATER = PLAN["when"] | {"ends_on": "2027-09-24"}


@pytest.fixture
def sent(side):
    project = make_project(starts_on=None, ends_on=None)
    writer, reader = person_on(project, side), person_on(project, other_side(side))
    write_plan(project, writer)
    send_plan(project, actor=writer, at=NOON)
    project.refresh_from_db()
    return project, writer, reader


@pytest.fixture
def agreed(sent):
    project, writer, reader = sent
    agree_plan(project, reader)
    project.refresh_from_db()
    return project, writer, reader


def suggest(project, actor, code="what", values=OTHER, note="Fewer are enough.", base=1, **more):
    return suggest_part(project, code, values=values, note=note, base=base, actor=actor, at=NOON, **more)


def stage_of(project):
    project.refresh_from_db()
    return project.stage


def whose_turn(project):
    return {turn.organisation for turn in Turn.objects.filter(project=project, kind="plan")}


def verbs(project):
    return list(
        Event.objects.filter(project=project.reference, verb__startswith="plan.sugg")
        .order_by("pk")
        .values_list("verb", flat=True)
    )


def test_a_suggestion_shows_old_and_new_and_changes_nothing_yet(sent):
    project, writer, reader = sent

    suggest(project, reader)

    part = read_plan(project).part("what")
    assert part.values == PLAN["what"]
    assert [(row.label, row.before, row.value, row.changed) for row in part.compared()] == [
        ("First activity", "Write the handbook", "Write the handbook", False),
        ("Next activity", "Print 2,000 copies", "Print 500 copies", True),
    ]
    assert part.waiting_for == [writer.organisations.get()]
    assert [(n.recipient, n.params["part"]) for n in Notice.objects.filter(kind="plan_suggested")] == [
        (writer, "What will happen")
    ]


def test_the_turn_moves_with_each_answer(sent):
    project, writer, reader = sent
    ours, theirs = writer.organisations.get(), reader.organisations.get()
    for code in ("who", "why", "brings", "when", "learnings"):
        agree_part(project, code, version=1, actor=reader, at=NOON)
    before = whose_turn(project)
    suggestion = suggest(project, reader)
    after_suggesting = whose_turn(project)
    decline_suggestion(project, suggestion, actor=writer, at=NOON)

    assert (before, after_suggesting, whose_turn(project)) == ({theirs}, {ours}, {theirs})


def test_accepted_words_are_the_next_version_agreed_by_both(sent):
    project, writer, reader = sent
    suggestion = suggest(project, reader)

    accept_suggestion(project, suggestion, actor=writer, at=NOON)

    part = read_plan(project).part("what")
    assert (part.version, part.values, part.is_agreed) == (2, OTHER, True)
    assert part.current.written_by == reader
    assert [(n.recipient, n.params["accepted"]) for n in Notice.objects.filter(kind="plan_answered")] == [
        (reader, True)
    ]


def test_accepting_the_last_open_part_ends_agree(sent):
    project, writer, reader = sent
    for code in ("who", "why", "brings", "when", "learnings"):
        agree_part(project, code, version=1, actor=reader, at=NOON)
    suggestion = suggest(project, reader)

    accept_suggestion(project, suggestion, actor=writer, at=NOON)

    assert stage_of(project) == "contract"


def test_declined_words_leave_what_stands_and_still_need_a_yes(sent):
    project, writer, reader = sent
    suggestion = suggest(project, reader)

    decline_suggestion(project, suggestion, actor=writer, at=NOON)

    part = read_plan(project).part("what")
    assert (part.version, part.suggestion, part.waiting_for) == (1, None, [reader.organisations.get()])
    assert verbs(project) == ["plan.suggested", "plan.suggestion_declined"]


def test_one_takes_ones_own_suggestion_back_and_the_message_with_it(sent):
    project, writer, reader = sent
    suggestion = suggest(project, reader)

    take_back_suggestion(project, suggestion, actor=reader, at=NOON)

    assert read_plan(project).part("what").suggestion is None
    assert Notice.objects.unsent().filter(kind="plan_suggested").count() == 0
    assert Notice.objects.unsent().filter(recipient=writer).count() == 0


def test_nobody_accepts_their_own_suggestion_or_takes_back_anothers(sent):
    project, writer, reader = sent
    suggestion = suggest(project, reader)

    for refused in (
        lambda: accept_suggestion(project, suggestion, actor=reader, at=NOON),
        lambda: decline_suggestion(project, suggestion, actor=reader, at=NOON),
        lambda: take_back_suggestion(project, suggestion, actor=writer, at=NOON),
    ):
        with pytest.raises(CannotAnswer):
            refused()

    assert PlanSuggestion.objects.get().state == "open"


@pytest.mark.parametrize("answer", [accept_suggestion, decline_suggestion])
def test_answering_twice_is_answering_once(sent, answer):
    project, writer, reader = sent
    suggestion = suggest(project, reader)

    for _ in range(2):
        answer(project, suggestion, actor=writer, at=NOON)

    assert len(verbs(project)) == 2


def test_what_was_settled_is_settled(sent):
    project, writer, reader = sent
    suggestion = suggest(project, reader)
    accept_suggestion(project, suggestion, actor=writer, at=NOON)

    with pytest.raises(CannotAnswer):
        decline_suggestion(project, suggestion, actor=writer, at=NOON)
    with pytest.raises(CannotAnswer):
        take_back_suggestion(project, suggestion, actor=reader, at=NOON)


def test_suggesting_the_same_twice_is_one_suggestion(sent):
    project, _writer, reader = sent

    assert suggest(project, reader) == suggest(project, reader)
    assert Notice.objects.filter(kind="plan_suggested").count() == 1


def test_an_answer_with_other_words_takes_the_place_of_the_one_it_read(sent):
    project, writer, reader = sent
    first = suggest(project, reader)

    second = suggest(project, writer, values=OTHER | {"activity_3": "Post it"}, read=first.pk)

    first.refresh_from_db()
    assert first.state == "replaced"
    assert read_plan(project).part("what").suggestion == second
    assert read_plan(project).part("what").waiting_for == [reader.organisations.get()]


def test_a_suggestion_that_was_not_read_is_not_replaced(sent):
    project, writer, reader = sent
    first = suggest(project, reader)

    with pytest.raises(PartChanged):
        suggest(project, writer, values=OTHER | {"activity_3": "Post it"})

    first.refresh_from_db()
    assert first.state == "open"


def test_a_suggestion_on_an_older_version_is_a_conflict(sent):
    project, writer, reader = sent
    accept_suggestion(project, suggest(project, reader), actor=writer, at=NOON)

    with pytest.raises(PartChanged):
        suggest(project, reader, values={"activity_1": "Something else"}, base=1)


def test_one_can_not_agree_over_an_open_suggestion(sent):
    project, _writer, reader = sent
    suggest(project, reader)

    with pytest.raises(CannotAgree):
        agree_part(project, "what", version=1, actor=reader, at=NOON)


def test_a_suggestion_says_something_else_and_all_that_is_required(sent):
    project, _writer, reader = sent

    with pytest.raises(CannotSuggest):
        suggest(project, reader, values=PLAN["what"])
    with pytest.raises(CannotSuggest):
        suggest(project, reader, values={"activity_1": "", "activity_2": "Print"})


# After everybody agreed


@pytest.mark.parametrize("who", ["writer", "reader"])
def test_a_change_of_an_agreed_plan_reopens_the_part_and_leads_back_to_agree(agreed, who):
    project, writer, reader = agreed
    changer, other = {"writer": (writer, reader), "reader": (reader, writer)}[who]

    suggestion = suggest(project, changer)
    reopened = (stage_of(project), read_plan(project).part("what").is_agreed, what_blocks(project))
    accept_suggestion(project, suggestion, actor=other, at=NOON)

    theirs = other.organisations.get()
    assert reopened == ("agree", False, [f"What will happen waits for {theirs.name}."])
    assert stage_of(project) == "contract"
    assert read_plan(project).part("what").agreed.version == 2


@pytest.mark.parametrize("how", ["declined", "taken back"])
def test_without_the_change_the_contract_goes_on(agreed, how):
    project, writer, reader = agreed
    suggestion = suggest(project, writer)

    if how == "declined":
        decline_suggestion(project, suggestion, actor=reader, at=NOON)
    else:
        take_back_suggestion(project, suggestion, actor=writer, at=NOON)

    assert stage_of(project) == "contract"
    assert read_plan(project).part("what").values == PLAN["what"]


@pytest.fixture
def running(agreed):
    project, writer, reader = agreed
    begin_work(project, writer, reader)
    return project, writer, reader


def test_a_change_while_the_project_runs_waits_and_what_was_agreed_stands(running):
    project, writer, reader = running

    suggest(project, writer, "when", LATER)

    part = read_plan(project).part("when")
    assert stage_of(project) == "deliver"
    assert project.ends_on == dt.date(2027, 6, 25)
    assert part.standing.values == PLAN["when"]
    assert part.waiting_for == [reader.organisations.get()]
    assert whose_turn(project) == {reader.organisations.get()}


def test_an_agreed_change_of_dates_moves_the_end(running):
    project, writer, reader = running

    accept_suggestion(project, suggest(project, writer, "when", LATER), actor=reader, at=NOON)

    assert stage_of(project) == "deliver"
    assert project.ends_on == dt.date(2027, 9, 24)
    assert whose_turn(project) == set()


def test_with_three_partners_the_agreed_version_stands_until_the_third_agrees():
    project = make_project(groups=1, companies=2, starts_on=None, ends_on=None)
    group = person_on(project, "group")
    first, second = [
        member_of(p.organisation) for p in project.participations.filter(side="company").order_by("pk")
    ]
    write_plan(project, group)
    send_plan(project, actor=group, at=NOON)
    agree_plan(project, first)
    agree_plan(project, second)
    project.refresh_from_db()
    begin_work(project, group, first, second)

    accept_suggestion(project, suggest(project, group, "when", LATER), actor=first, at=NOON)
    project.refresh_from_db()
    part = read_plan(project).part("when")
    while_waiting = (project.ends_on, part.standing.version, part.version, whose_turn(project))
    agree_part(project, "when", version=2, actor=second, at=NOON + DAY)
    project.refresh_from_db()

    assert while_waiting == (dt.date(2027, 6, 25), 1, 2, {second.organisations.get()})
    assert project.ends_on == dt.date(2027, 9, 24)
    assert read_plan(project).part("when").standing.version == 2


@pytest.mark.parametrize("stage", ["shape", "review", "learn", "completed", "withdrawn"])
def test_there_is_a_time_for_changes(stage, side):
    project = make_project(stage=stage, result="reached", withdraw_reason="other", withdrawn_at=NOON)

    with pytest.raises(CannotChangePlan):
        suggest(project, person_on(project, side), base=0)
