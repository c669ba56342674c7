"""Talk: questions, decisions, inputs and notes: written, answered, agreed, changed, withdrawn, reminded of."""

import datetime as dt
from unittest import mock

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accounts.files import Verdict
from accounts.models import Event, Notice
from accounts.sending.letters import write
from partnerships.access import get_project
from partnerships.actions.people import ActsForNobody
from partnerships.actions.talk import (
    CannotTalk,
    ChangedMeanwhile,
    answer_entry,
    change_answer,
    change_entry,
    check_held_attachments,
    drop_draft,
    keep_draft,
    withdraw_answer,
    withdraw_entry,
)
from partnerships.models import TalkAnswer, TalkDraft, TalkEntry, TalkFile, TalkWording
from partnerships.reminders import remind_talk
from partnerships.talk import InputCounts, decisions_about, input_counts, read_open
from portal import waiting
from portal.history import line_of
from tests import files
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
from tests.partnerships.contracts import begun
from tests.partnerships.permits import an_item
from tests.partnerships.talking import agreed, answered, decided, organisation_of, said, two
from tests.races import at_once

pytestmark = pytest.mark.django_db

MINUTES = dt.timedelta(minutes=1)
LATER = NOON + 11 * MINUTES


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def tasks(person, at=NOON):
    return [task.key for task in waiting.tasks_for(person, at=at) if task.key.startswith("talk:")]


def told(kind):
    return [notice.recipient for notice in Notice.objects.filter(kind=kind).order_by("pk")]


def outcomes(kind, at=NOON):
    notices = list(Notice.objects.filter(kind=kind).select_related("recipient").order_by("pk"))
    return [letter.outcome for letter in write(notices, at=at)]


def verbs():
    return list(Event.objects.filter(verb__startswith="talk.").order_by("pk").values_list("verb", flat=True))


# Questions -------------------------------------------------------------------------------------------


def test_one_side_asks_and_the_other_is_told_and_has_it_on_home_with_a_day(side):
    project, me, them = two(side)

    entry = said(project, me)

    assert (entry.asked, entry.organisation) == (
        partner_of(project, other_side(side)),
        partner_of(project, side),
    )
    assert entry.due_on == dt.date(2026, 12, 2)  # seven working days after Monday 23 November
    assert told("talk_asked") == [them]
    assert (tasks(me), tasks(them)) == ([], [f"talk:{entry.pk}"])
    assert verbs() == ["talk.question_written"]
    assert str(line_of(Event.objects.get(verb="talk.question_written")).text).endswith("asked a question.")


def test_an_answer_of_the_side_that_is_asked_closes_the_question_and_the_asker_is_told(side):
    project, me, them = two(side)
    entry = said(project, me)

    answered(entry, them)

    assert fresh(entry).answered_at == NOON
    assert told("talk_answered") == [me]
    assert (tasks(me), tasks(them)) == ([], [])
    assert Notice.objects.get(kind="talk_asked").voided_at == NOON


def test_what_the_asker_adds_answers_nothing(side):
    project, me, them = two(side)
    entry = said(project, me)

    answered(entry, me, "I mean for the leaflet.")

    assert fresh(entry).answered_at is None
    assert told("talk_answered") == []
    assert tasks(them) == [f"talk:{entry.pk}"]


def test_who_is_asked_by_name_alone_is_told_and_any_colleague_may_answer(side):
    project, me, them = two(side)
    colleague = person_on(project, other_side(side))

    entry = said(project, me, asked_person=colleague)

    assert told("talk_asked") == [colleague]
    assert (tasks(them), tasks(colleague)) == ([], [f"talk:{entry.pk}"])
    answered(entry, them)
    assert fresh(entry).answered_at


def test_when_the_person_asked_by_name_has_left_their_colleagues_have_it(side):
    project, me, them = two(side)
    colleague = person_on(project, other_side(side))
    entry = said(project, me, asked_person=colleague)

    colleague.memberships.update(left_at=NOON)

    assert tasks(them) == [f"talk:{entry.pk}"]
    assert [notice.recipient for notice in reminders(NOON + 20 * DAY)] == [them, them]


def test_nobody_is_asked_who_does_not_work_there(side):
    project, me, _them = two(side)
    for person in (member_of(partner_of(project, side)), person_on(project, other_side(side), "reader")):
        with pytest.raises(CannotTalk, match="can't be asked"):
            said(project, me, asked_person=person)


def test_the_asker_says_that_a_question_is_still_open_and_a_new_clock_starts(side):
    project, me, them = two(side)
    entry = said(project, me)
    answered(entry, them)

    answered(entry, me, "And who pays?", NOON + 3 * DAY, still_open=True)

    entry = fresh(entry)
    assert entry.answered_at is None
    assert entry.waits_since == NOON + 3 * DAY
    assert told("talk_asked") == [them, them]
    assert tasks(them, NOON + 3 * DAY) == [f"talk:{entry.pk}"]


def test_the_other_side_can_not_say_that_a_question_is_open(side):
    project, me, them = two(side)
    entry = said(project, me)
    answered(entry, them)

    answered(entry, them, "More of it.", still_open=True)

    assert fresh(entry).answered_at


def test_the_same_words_sent_twice_are_one_entry_and_one_message(side):
    project, me, them = two(side)

    assert said(project, me) == said(project, me, at=NOON + MINUTES)
    assert told("talk_asked") == [them]
    assert said(project, me, at=NOON + DAY) != said(project, me)


def test_the_same_answer_sent_twice_is_one_answer(side):
    project, me, them = two(side)
    entry = said(project, me)

    assert answered(entry, them) == answered(entry, them)
    assert TalkAnswer.objects.count() == 1


def test_a_question_can_be_put_to_a_partner_on_the_own_side(side):
    project = make_project(stage="deliver", groups=2, companies=2)
    me = person_on(project, side)
    ally = project.participations.filter(side=side).order_by("pk").last().organisation
    theirs = member_of(ally)

    entry = said(project, me, asked=ally)

    assert told("talk_asked") == [theirs]
    others = member_of(project.participations.exclude(side=side).first().organisation)
    assert tasks(others) == []
    answered(entry, others, "We would like to know, too.")
    assert fresh(entry).answered_at is None


def test_nobody_asks_oneself_or_a_stranger(side):
    project, me, _them = two(side)
    for organisation in (partner_of(project, side), partner_of(make_project(), side)):
        with pytest.raises(CannotTalk):
            said(project, me, asked=organisation)


def test_agencies_readers_and_strangers_say_nothing(side):
    project, _me, _them = two(side)
    agency = member_of(add_agency(project, partner_of(project, side)))
    for person in (agency, member_of(partner_of(make_project(), side))):
        with pytest.raises(ActsForNobody):
            said(project, person, asked=partner_of(project, other_side(side)))
    with pytest.raises(CannotTalk, match="You can read"):
        said(project, person_on(project, side, "reader"))


@pytest.mark.parametrize("stage", ["withdrawn", "completed"])
def test_on_a_project_that_is_over_nothing_is_said_and_nothing_waits(side, stage):
    project, me, them = two(side)
    entry = said(project, me)
    over = (
        {"result": "reached"} if stage == "completed" else {"withdrawn_at": NOON, "withdraw_reason": "other"}
    )
    type(project).objects.filter(pk=project.pk).update(stage=stage, **over)
    entry = TalkEntry.objects.select_related("project").get(pk=entry.pk)

    with pytest.raises(CannotTalk, match="over"):
        answered(entry, them)
    assert tasks(them) == []
    assert [str(why) for why in outcomes("talk_asked")] == ["The project is over."]
    assert reminders(NOON + 20 * DAY) == []


def test_a_day_for_the_answer_can_be_asked_for_and_not_in_the_past(side):
    project, me, _them = two(side)

    assert said(project, me, answer_by=NOON.date()).due_on == NOON.date()
    with pytest.raises(CannotTalk, match="behind"):
        said(project, me, answer_by=NOON.date() - DAY, text="Another one?")


def reminders(at):
    for day in range((at - NOON).days + 1):
        remind_talk(at=NOON + day * DAY)
    return list(Notice.objects.filter(kind__in=["talk_waits", "concern_waits"]).order_by("pk"))


def test_a_question_is_reminded_of_after_three_and_seven_working_days_and_no_more(side):
    project, me, them = two(side)
    entry = said(project, me)

    owed = reminders(NOON + 30 * DAY)

    assert [notice.recipient for notice in owed] == [them, them]
    assert [notice.not_before.date() for notice in owed] == [dt.date(2026, 11, 26), dt.date(2026, 12, 2)]
    answered(entry, them)
    assert [str(why) for why in outcomes("talk_waits")] == ["It was answered."] * 2


def test_no_sweep_asks_more_for_many_than_for_one(side, django_assert_max_num_queries):
    for number in range(12):
        project, me, _them = two(side)
        said(project, me, text=f"Question {number}?")
        said(project, me, "decision")
    with django_assert_max_num_queries(12):
        remind_talk(at=NOON + 5 * DAY)


# Decisions -------------------------------------------------------------------------------------------


def test_a_decision_stands_once_every_other_partner_has_agreed(side):
    project = make_project(stage="deliver", groups=2, companies=2)
    me = person_on(project, side)
    others = [
        member_of(row.organisation)
        for row in project.participations.exclude(organisation=partner_of(project, side)).order_by("pk")
    ]
    entry = said(project, me, "decision")
    assert set(told("talk_asked")) == set(others)

    for other in others[:-1]:
        agreed(entry, other)
    assert fresh(entry).agreed_at is None
    assert [tasks(other) for other in others] == [[], [], [f"talk:{entry.pk}"]]
    agreed(entry, others[-1])

    assert fresh(entry).agreed_at == NOON
    assert verbs()[-2:] == ["talk.agreed", "talk.decided"]
    assert [tasks(other) for other in others] == [[], [], []]


def test_a_decision_that_stands_is_on_the_overview_and_marks_the_part_of_the_plan(side):
    project, me, them = two(side)
    entry = decided(project, me, them, subject="partnerships.planpart:when")
    said(project, me, "decision", text="Not yet.", subject="partnerships.planpart:when")

    for person in (me, them):
        shown = get_project(person, project.reference)
        assert decisions_about(shown, "partnerships.planpart:") == {"partnerships.planpart:when": [entry]}


def test_nobody_agrees_for_the_partner_that_proposed_it_or_twice(side):
    project, me, them = two(side)
    entry = said(project, me, "decision")

    with pytest.raises(CannotTalk, match="proposed"):
        agreed(entry, me)
    assert agreed(entry, them) == agreed(entry, them)
    assert TalkAnswer.objects.count() == 1


def test_a_partner_says_why_not_and_may_agree_later(side):
    project, me, them = two(side)
    entry = said(project, me, "decision")
    with pytest.raises(CannotTalk, match="words"):
        answer_entry(entry, outcome="declined", version=1, actor=them, at=NOON)

    answered(entry, them, "Mondays are full.", outcome="declined", version=1)

    assert tasks(them) == []
    assert told("talk_answered") == [me]
    assert fresh(entry).agreed_at is None
    agreed(entry, them)
    assert fresh(entry).agreed_at == NOON


def test_an_agreement_is_to_the_words_that_were_read_also_when_they_changed_without_a_trace(side):
    project, me, them = two(side)
    entry = said(project, me, "decision")
    change_entry(entry, text="We meet on Tuesdays.", version=1, actor=me, at=NOON + MINUTES)

    with pytest.raises(ChangedMeanwhile):
        answer_entry(fresh(entry), outcome="agreed", version=1, actor=them, at=NOON + MINUTES)
    assert fresh(entry).changed_at is None
    agreed(entry, them)
    assert fresh(entry).agreed_at


def test_a_decision_worded_anew_is_agreed_to_anew(side):
    project = make_project(stage="deliver", groups=2, companies=1)
    me, ally = person_on(project, "company"), person_on(project, "group")
    third = member_of(project.participations.filter(side="group").order_by("pk").last().organisation)
    entry = said(project, me, "decision")
    agreed(entry, ally)

    change_entry(entry, text="We meet on Tuesdays.", actor=me, at=LATER)

    assert tasks(ally, LATER) == [f"talk:{entry.pk}"]
    assert told("talk_asked").count(ally) == 2
    agreed(entry, third, LATER)
    assert fresh(entry).agreed_at is None
    agreed(entry, ally, LATER)
    assert fresh(entry).agreed_at == LATER


def test_a_decision_that_stands_is_neither_changed_nor_withdrawn_nor_declined(side):
    project, me, them = two(side)
    entry = decided(project, me, them)

    for act in (
        lambda: change_entry(entry, text="Otherwise.", actor=me, at=NOON),
        lambda: withdraw_entry(entry, actor=me, at=NOON),
        lambda: answered(entry, them, "No.", outcome="declined", version=entry.version),
    ):
        with pytest.raises(CannotTalk):
            act()
    rows = TalkEntry.objects.filter(pk=entry.pk)
    for change in (
        lambda: rows.update(text="Otherwise."),
        lambda: rows.update(agreed_at=None),
        lambda: rows.delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


# You said, we did ------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome, words", [("used", ""), ("not_used", "The printer can't.")])
def test_what_became_of_an_input_is_said_by_the_side_that_is_asked(side, outcome, words):
    project, me, them = two(side)
    entry = said(project, me, "input")
    with pytest.raises(CannotTalk, match="asked"):
        answered(entry, me, words, outcome=outcome)

    answered(entry, them, words, outcome=outcome)

    assert (fresh(entry).outcome, fresh(entry).answered_at) == (outcome, NOON)
    assert (tasks(them), told("talk_answered")) == ([], [me])


def test_an_input_that_is_not_used_has_a_reason(side):
    project, me, them = two(side)
    entry = said(project, me, "input")

    with pytest.raises(CannotTalk, match="words"):
        answered(entry, them, "", outcome="not_used")


def test_later_is_a_day_on_which_it_waits_again_with_a_reminder(side):
    project, me, them = two(side)
    entry = said(project, me, "input")
    day = NOON.date() + 40 * DAY
    with pytest.raises(CannotTalk, match="ahead"):
        answered(entry, them, "", outcome="later", later_on=NOON.date())

    answered(entry, them, "", outcome="later", later_on=day)

    assert tasks(them, NOON + 20 * DAY) == []
    assert tasks(them, NOON + 40 * DAY) == [f"talk:{entry.pk}"]
    owed = reminders(NOON + 45 * DAY)
    assert [notice.recipient for notice in owed] == [them]
    assert owed[0].not_before.date() >= day
    answered(entry, them, "", NOON + 41 * DAY, outcome="used")
    assert fresh(entry).outcome == "used"
    assert tasks(them, NOON + 41 * DAY) == []


def test_inputs_are_counted_for_the_side_that_gave_them(side):
    project, me, them = two(side)
    for number, outcome in enumerate(["used", "used", "not_used", "later", None]):
        entry = said(project, me, "input", text=f"Number {number}.")
        if outcome:
            later = {"later_on": NOON.date() + 30 * DAY} if outcome == "later" else {}
            answered(entry, them, "Because.", outcome=outcome, **later)
    withdrawn = said(project, me, "input", text="Never mind.")
    withdraw_entry(withdrawn, actor=me, at=NOON)

    counts = input_counts(project)

    assert counts[side] == InputCounts(given=5, used=2, not_used=1, later=1)
    assert counts[side].unanswered == 1
    assert counts[other_side(side)] == InputCounts()


def test_inputs_are_counted_as_they_stood_on_a_day(side):
    project, me, them = two(side)
    entry = said(project, me, "input")
    answered(entry, them, "", NOON + DAY, outcome="later", later_on=NOON.date() + 30 * DAY)
    answered(entry, them, "", NOON + 9 * DAY, outcome="used")
    said(project, me, "input", NOON + 10 * DAY, text="One more.")

    counted = [input_counts(project, until=NOON + day * DAY)[side] for day in (0, 2, 9, 10)]

    assert [(one.given, one.used, one.later) for one in counted] == [
        (1, 0, 0),
        (1, 0, 1),
        (1, 1, 0),
        (2, 1, 0),
    ]


def test_an_outcome_fits_what_it_answers(side):
    project, me, them = two(side)
    for kind, outcome in (
        ("question", "used"),
        ("input", "agreed"),
        ("decision", "used"),
        ("note", "agreed"),
    ):
        with pytest.raises(CannotTalk, match="like that"):
            answered(said(project, me, kind), them, outcome=outcome)


# Changing and withdrawing ----------------------------------------------------------------------------


def test_within_ten_minutes_a_change_leaves_no_trace_and_afterwards_it_does(side):
    project, me, _them = two(side)
    entry = said(project, me, "note")

    change_entry(entry, text="It moves in June.", actor=me, at=NOON + 9 * MINUTES)
    assert (fresh(entry).changed_at, TalkWording.objects.count()) == (None, 0)
    change_entry(entry, text="It moves in July.", actor=me, at=LATER)

    assert (fresh(entry).text, fresh(entry).changed_at) == ("It moves in July.", LATER)
    assert TalkWording.objects.get().text == "It moves in June."
    assert verbs() == ["talk.note_written", "talk.changed"]


def test_what_was_answered_never_changes_without_a_trace(side):
    project, me, them = two(side)
    entry = said(project, me)
    answered(entry, them)

    change_entry(entry, text="Who pays?", actor=me, at=NOON + MINUTES)

    assert TalkWording.objects.get().text == "Who orders the paper?"


def test_earlier_wordings_never_change(side):
    project, me, _them = two(side)
    entry = said(project, me, "note")
    change_entry(entry, text="Otherwise.", actor=me, at=LATER)

    for change in (lambda: TalkWording.objects.update(text="x"), lambda: TalkWording.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_an_answer_changes_likewise_and_only_by_who_wrote_it(side):
    project, me, them = two(side)
    entry = said(project, me)
    answer = answered(entry, them)
    with pytest.raises(CannotTalk, match="wrote"):
        change_answer(answer, text="No.", actor=me, at=NOON)

    change_answer(answer, text="By Monday.", actor=them, at=NOON + MINUTES)
    change_answer(answer, text="By Tuesday.", actor=them, at=LATER)

    assert fresh(answer).text == "By Tuesday."
    assert [(row.text, row.answer) for row in TalkWording.objects.all()] == [("By Monday.", answer)]


def test_a_withdrawn_question_waits_for_nobody_and_says_that_it_was_there(side):
    project, me, them = two(side)
    entry = said(project, me)
    with pytest.raises(CannotTalk, match="wrote"):
        withdraw_entry(entry, actor=them, at=NOON)

    withdraw_entry(entry, actor=me, at=NOON)
    withdraw_entry(entry, actor=me, at=NOON)

    assert tasks(them) == []
    assert verbs() == ["talk.question_written", "talk.withdrawn"]
    with pytest.raises(CannotTalk, match="withdrawn"):
        answered(entry, them)


def test_a_withdrawn_answer_leaves_the_question_open_with_a_new_clock(side):
    project, me, them = two(side)
    entry = said(project, me)
    answer = answered(entry, them)

    withdraw_answer(answer, actor=them, at=NOON + 2 * DAY)

    assert fresh(entry).answered_at is None
    assert fresh(entry).waits_since == NOON + 2 * DAY
    assert tasks(them, NOON + 2 * DAY) == [f"talk:{entry.pk}"]


def test_what_an_organisation_decided_is_not_withdrawn_by_one_of_its_people(side):
    project, me, them = two(side)
    answer = agreed(said(project, me, "decision"), them)

    with pytest.raises(CannotTalk, match="decided"):
        withdraw_answer(answer, actor=them, at=NOON)


# Files and drafts ------------------------------------------------------------------------------------


def test_a_file_comes_with_an_entry_and_with_an_answer(side, tmp_path):
    project, me, them = two(side)
    entry = said(project, me, uploads=[an_item()])
    answer = answered(entry, them, uploads=[an_item(files.PDF, "offer.pdf")])

    assert [(row.answer, row.file_name) for row in TalkFile.objects.order_by("pk")] == [
        (None, "cover.pdf"),
        (answer, "offer.pdf"),
    ]
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2


def test_a_file_of_what_is_refused_or_sent_twice_does_not_stay(side, tmp_path):
    project, me, them = two(side)
    entry = said(project, me, uploads=[an_item()])
    said(project, me, uploads=[an_item()])
    withdraw_entry(entry, actor=me, at=NOON)
    with pytest.raises(CannotTalk):
        answered(entry, them, uploads=[an_item()])

    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize("verdict, state", [(Verdict.CLEAN, "clean"), (Verdict.INFECTED, "removed")])
def test_a_file_that_was_held_is_looked_at_later(side, verdict, state):
    project, me, _them = two(side)
    with mock.patch("accounts.files.uploads.scan", return_value=Verdict.UNKNOWN):
        said(project, me, uploads=[an_item()])
    assert TalkFile.objects.get().state == "held"

    with mock.patch("partnerships.actions.held.scan_kept", return_value=verdict):
        check_held_attachments(at=NOON)
        check_held_attachments(at=NOON)

    assert TalkFile.objects.get().state == state
    assert told("talk_file_removed") == ([me] if state == "removed" else [])
    assert verbs()[-1] == f"talk.file_{state}"


def test_a_draft_is_kept_for_its_writer_until_it_is_posted_or_thrown_away(side):
    project, me, them = two(side)
    keep_draft(project, "question", fields={"text": "Who"}, actor=me, at=NOON)
    keep_draft(project, "question", fields={"text": "Who orders"}, actor=me, at=NOON)
    keep_draft(project, "note", fields={"text": "It"}, actor=me, at=NOON)
    keep_draft(project, "question", fields={"text": "What"}, actor=them, at=NOON)

    said(project, me)
    drop_draft(project, "note", actor=me)

    assert [(draft.person, draft.fields["text"]) for draft in TalkDraft.objects.all()] == [(them, "What")]
    assert not Event.objects.filter(verb__contains="draft").exists()


# What is open ----------------------------------------------------------------------------------------


def test_questions_about_the_contract_are_listed_beside_those_of_talk(side):
    from partnerships.actions.contract import ask_about_row, write_rows

    project, me, them = two(side, "contract")
    contract = begun(project, me)
    write_rows(contract, texts={"cost": "In plain words."}, actor=me, at=NOON)
    ask_about_row(contract, "cost", words="What is reasonable?", actor=them, at=NOON)
    said(project, them)

    shown = {
        person: [
            (row.text, row.tone) for row in read_open(get_project(person, project.reference), person, NOON)
        ]
        for person in (me, them)
    }

    assert sorted(shown[me]) == [("What is reasonable?", "turn"), ("Who orders the paper?", "turn")]
    assert sorted(shown[them]) == [("What is reasonable?", "wait"), ("Who orders the paper?", "wait")]


def test_what_is_open_says_who_must_answer_and_since_when(side):
    project, me, them = two(side)
    said(project, me, asked_person=them)

    (row,) = read_open(get_project(me, project.reference), me, NOON + 4 * DAY)

    assert row.waits == f"Waiting for {them} ({organisation_of(them, project)})."
    assert row.days == "For 4 working days, since 23 November."
    assert row.label == "Their turn"


# The database, races ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, values",
    [
        ("an_entry_in_talk_says_something", {"text": ""}),
        ("questions_inputs_and_concerns_are_put_to_one", {"asked": None}),
        ("what_waits_in_talk_has_a_day", {"due_on": None}),
        ("only_an_input_is_used_or_not", {"outcome": "used"}),
        ("later_is_a_day", {"later_on": NOON.date()}),
        ("only_a_decision_stands_and_is_never_withdrawn", {"agreed_at": NOON}),
        ("only_a_concern_is_raised_and_closed", {"ended_at": NOON}),
    ],
)
def test_the_database_takes_no_entry_that_says_half_of_it(name, values):
    project, me, _them = two("group")
    entry = said(project, me)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        TalkEntry.objects.filter(pk=entry.pk).update(**values)


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_of_two_partners_that_agree_at_once_the_last_makes_it_stand():
    project = make_project(stage="deliver", groups=2, companies=1)
    me = person_on(project, "company")
    others = [
        member_of(row.organisation) for row in project.participations.filter(side="group").order_by("pk")
    ]
    entry = said(project, me, "decision")

    at_once(*[lambda other=other: agreed(entry, other) for other in others])

    assert fresh(entry).agreed_at == NOON
    assert verbs().count("talk.decided") == 1


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_of_agreeing_and_withdrawing_at_once_one_counts():
    project, me, them = two("group")
    entry = said(project, me, "decision")

    at_once(lambda: agreed(entry, them), lambda: withdraw_entry(entry, actor=me, at=NOON))

    entry = fresh(entry)
    assert (entry.agreed_at is None) != (entry.withdrawn_at is None)


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_both_there_and_one_sent_twice_is_one():
    project, me, them = two("group")
    colleague = person_on(project, "company")
    entry = said(project, me)

    at_once(
        lambda: answered(entry, them),
        lambda: answered(entry, them),
        lambda: answered(entry, colleague, "We think so."),
    )

    assert sorted(TalkAnswer.objects.values_list("text", flat=True)) == ["We do, by Friday.", "We think so."]
    assert fresh(entry).answered_at == NOON


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_an_entry_sent_twice_at_once_is_one():
    project, me, them = two("group")

    first, second = at_once(lambda: said(project, me), lambda: said(project, me))

    assert first == second
    assert TalkEntry.objects.count() == 1
    assert told("talk_asked") == [them]
