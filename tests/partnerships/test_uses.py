"""Permissions to use a name, a logo or a person: asked, given, answered, renewed, ended; what was asked never changes."""

from unittest import mock

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from accounts.files import Verdict
from accounts.models import Event, Notice
from accounts.sending.letters import write
from partnerships.access import get_project
from partnerships.actions.closing import withdraw_project
from partnerships.actions.people import ActsForNobody
from partnerships.actions.uses import (
    CannotPermit,
    answer_permission,
    check_held_items,
    end_permission,
    renew_permission,
)
from partnerships.models import UsePermission
from partnerships.reminders import remind_permissions
from partnerships.uses import permissions_in_short, read_permissions
from portal import waiting
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
from tests.partnerships.contracts import TODAY, people_of
from tests.partnerships.permits import WORDS, an_item, asked, given, offered
from tests.races import at_once

pytestmark = pytest.mark.django_db

LATER = NOON + DAY
YEAR = TODAY + 365 * DAY
HELD = pytest.mark.usefixtures("_scanner_is_away")


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def _scanner_is_away():
    with mock.patch("accounts.files.uploads.scan", return_value=Verdict.UNKNOWN):
        yield


def fresh(permission):
    return UsePermission.objects.get(pk=permission.pk)


def keys(person, at=NOON):
    return [task.key for task in waiting.tasks_for(person, at=at) if task.key.startswith("permission:")]


def owed(kind):
    return [notice.recipient for notice in Notice.objects.filter(kind=kind).order_by("pk")]


def letters(kind, at):
    notices = list(Notice.objects.filter(kind=kind).select_related("recipient").order_by("pk"))
    return [letter.outcome for letter in write(notices, at=at)]


def reasons(kind, at):
    """Why messages of a kind are held back."""
    return [str(outcome) for outcome in letters(kind, at)]


def verbs():
    lines = Event.objects.filter(verb__startswith="permission.").order_by("pk")
    return list(lines.values_list("verb", flat=True))


# Asking and giving -----------------------------------------------------------------------------------


def test_one_side_asks_and_the_other_is_told_and_has_it_on_home(side):
    project, me, them = people_of(side)

    permission = asked(project, me, upload=an_item())

    assert (permission.giver, permission.holder) == (
        partner_of(project, other_side(side)),
        partner_of(project, side),
    )
    assert permission.is_open
    assert not permission.is_unasked
    assert len(permission.sha256) == 64
    assert owed("permission_asked") == [them]
    assert (keys(me), keys(them)) == ([], [f"permission:{permission.pk}"])
    assert verbs() == ["permission.asked"]


def test_the_same_words_asked_twice_are_asked_once_and_leave_no_second_file(side, tmp_path):
    project, me, _them = people_of(side)

    first = asked(project, me, upload=an_item())
    again = asked(project, me, upload=an_item())

    assert first == again
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"purpose": "For a poster."},
        {"place": "On a poster."},
        {"what": "name"},
        {"until": YEAR - DAY},
        {"upload": "another file"},
    ],
)
def test_another_purpose_place_day_or_file_is_another_permission(side, changed):
    project, me, them = people_of(side)
    first = given(project, me, them, until=YEAR)
    if "upload" in changed:
        changed = {"upload": an_item(files.pdf(2))}

    other = asked(project, me, **{"until": YEAR} | changed)

    assert other != first
    assert other.is_open
    assert fresh(first).is_given


def test_what_is_given_already_is_not_asked_for_again(side):
    project, me, them = people_of(side)
    given(project, me, them)

    with pytest.raises(CannotPermit, match="already"):
        asked(project, me)


def test_a_side_gives_unasked_with_conditions_and_the_other_is_told(side):
    project, me, them = people_of(side)

    permission = offered(project, me, conditions="Only in this edition.")
    again = offered(project, me, conditions="Only in this edition.")

    assert permission == again
    assert permission.is_unasked
    assert (permission.answer, permission.answered_by) == ("conditions", me)
    assert permission.giver == partner_of(project, side)
    assert owed("permission_given") == [them]
    assert keys(them) == []
    assert verbs() == ["permission.offered"]


def test_nobody_asks_for_a_day_that_lies_behind_a_stranger_or_themselves(side):
    project, me, _them = people_of(side)
    elsewhere = partner_of(make_project(), other_side(side))

    with pytest.raises(CannotPermit, match="behind"):
        asked(project, me, until=TODAY - DAY)
    with pytest.raises(CannotPermit, match="partner"):
        asked(project, me, giver=elsewhere)
    with pytest.raises(CannotPermit, match="partner"):
        asked(project, me, giver=partner_of(project, side))
    assert asked(project, me, until=TODAY).is_open


def test_agencies_neither_ask_nor_give_and_are_asked_nothing(side):
    project, me, _them = people_of(side)
    agency = add_agency(project, partner_of(project, side))
    agent = member_of(agency, "owner")

    for act in (asked, offered):
        with pytest.raises(ActsForNobody):
            act(project, agent)
    with pytest.raises(CannotPermit, match="partner"):
        asked(project, me, giver=agency)
    assert keys(agent) == []


def test_on_a_withdrawn_project_nothing_is_asked_or_given_but_what_holds_may_be_ended(side):
    project, me, them = people_of(side)
    holding, waits = given(project, me, them), asked(project, me, place="On a poster.")
    withdraw_project(project, reason="other", note="", actor=me, at=NOON)

    for act in (asked, offered):
        with pytest.raises(CannotPermit, match="withdrawn"):
            act(project, me)
    with pytest.raises(CannotPermit, match="withdrawn"):
        answer_permission(waits, answer="given", actor=them, at=NOON)
    assert keys(them) == []
    assert end_permission(holding, reason="It is over.", actor=them, at=NOON).ended_at


# Answering -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "words"),
    [("given", ""), ("conditions", "Only in this edition."), ("refused", "We stay out of adverts.")],
)
def test_the_other_side_answers_and_whoever_asked_is_told(side, answer, words):
    project, me, them = people_of(side)
    person_on(project, side)
    permission = asked(project, me)

    for _ in range(2):
        answer_permission(permission, answer=answer, words=words, actor=them, at=LATER)

    permission = fresh(permission)
    assert (permission.answer, permission.answer_words) == (answer, words)
    assert (permission.answered_by, permission.answered_at) == (them, LATER)
    assert permission.is_given == (answer != "refused")
    assert owed("permission_answered") == [me]
    assert keys(them) == []
    assert verbs() == ["permission.asked", f"permission.{answer}"]
    assert reasons("permission_asked", LATER) == ["It was answered or taken back."]


def test_nobody_answers_their_own_question_or_for_others(side):
    project, me, them = people_of(side, groups=2, companies=2)
    permission = asked(project, me, giver=partner_of(project, other_side(side)))
    third = member_of(
        project.participations.partners()
        .filter(side=side)
        .exclude(organisation=partner_of(project, side))
        .get()
        .organisation
    )

    with pytest.raises(CannotPermit, match="answers"):
        answer_permission(permission, answer="given", actor=me, at=NOON)
    with pytest.raises(CannotPermit, match="between others"):
        answer_permission(permission, answer="given", actor=third, at=NOON)
    assert keys(third) == []
    assert fresh(permission).is_open
    assert answer_permission(permission, answer="given", actor=them, at=NOON).is_given


def test_an_answer_stands(side):
    project, me, them = people_of(side)
    permission = given(project, me, them)

    with pytest.raises(CannotPermit, match="meanwhile"):
        answer_permission(permission, answer="refused", words="No.", actor=them, at=LATER)

    assert fresh(permission).answer == "given"


def test_after_its_last_day_a_question_can_only_be_refused_and_waits_for_nobody(side):
    project, me, them = people_of(side)
    permission = asked(project, me, until=TODAY)

    assert keys(them) == [f"permission:{permission.pk}"]
    after = NOON + 2 * DAY
    assert keys(them, after) == []
    with pytest.raises(CannotPermit, match="anew"):
        answer_permission(permission, answer="given", actor=them, at=after)
    assert answer_permission(permission, answer="refused", words="Too late.", actor=them, at=after)


# Ending ----------------------------------------------------------------------------------------------


def test_the_giver_withdraws_and_the_holder_gives_back_each_with_a_reason(side):
    project, me, them = people_of(side)
    first, second = given(project, me, them), given(project, me, them, place="On a poster.")

    for _ in range(2):
        end_permission(first, reason="The logo has changed.", actor=them, at=LATER)
        end_permission(second, reason="We print no poster.", actor=me, at=LATER)

    first, second = fresh(first), fresh(second)
    assert (first.ended_for, first.ended_by, first.end_reason) == (
        partner_of(project, other_side(side)), them, "The logo has changed.",
    )  # fmt: skip
    assert second.ended_for == partner_of(project, side)
    assert not first.is_given
    assert owed("permission_ended") == [me, them]
    with pytest.raises(CannotPermit, match="any more"):
        end_permission(first, reason="Another reason.", actor=me, at=LATER)


def test_whoever_asked_takes_the_question_back_and_the_other_side_refuses_instead(side):
    project, me, them = people_of(side)
    permission = asked(project, me)

    with pytest.raises(CannotPermit, match="any more"):
        end_permission(permission, reason="No.", actor=them, at=NOON)
    end_permission(permission, reason="Asked by mistake.", actor=me, at=NOON)

    assert keys(them) == []
    with pytest.raises(CannotPermit, match="meanwhile"):
        answer_permission(permission, answer="given", actor=them, at=NOON)


# Renewing --------------------------------------------------------------------------------------------


def test_whoever_holds_it_asks_for_longer_with_the_same_words_and_file(side):
    project, me, them = people_of(side)
    first = given(project, me, them, until=YEAR, upload=an_item())

    for _ in range(2):
        later = renew_permission(first, until=YEAR + 365 * DAY, actor=me, at=LATER)

    assert UsePermission.objects.count() == 2
    assert later.is_open
    same = ("giver", "holder", "what", "purpose", "place", "sha256", "file")
    assert [getattr(later, name) for name in same] == [getattr(fresh(first), name) for name in same]
    assert (later.renews, fresh(first).until) == (first, YEAR)
    assert keys(them) == [f"permission:{later.pk}"]
    with pytest.raises(CannotPermit, match="asked for already"):
        renew_permission(first, until=YEAR + 400 * DAY, actor=them, at=LATER)


def test_whoever_gave_it_gives_it_for_longer_with_the_same_conditions(side):
    project, me, them = people_of(side)
    first = given(project, me, them, answer="conditions", until=YEAR)

    later = renew_permission(first, until=YEAR + 365 * DAY, actor=them, at=LATER)

    assert later.is_given
    assert later.answer_words == "Only in this edition."
    assert owed("permission_given") == [me]
    with pytest.raises(CannotPermit, match="renewed already"):
        renew_permission(first, until=YEAR + 400 * DAY, actor=me, at=LATER)


def test_only_what_is_given_is_renewed_and_only_for_longer(side):
    project, me, them = people_of(side)
    holding = given(project, me, them, until=YEAR)
    refused = given(project, me, them, answer="refused", words="No.", place="On a poster.")

    for day in (YEAR, YEAR - DAY):
        with pytest.raises(CannotPermit, match="later day"):
            renew_permission(holding, until=day, actor=me, at=NOON)
    with pytest.raises(CannotPermit, match="Only what is given"):
        renew_permission(refused, until=YEAR, actor=me, at=NOON)
    end_permission(holding, reason="Over.", actor=me, at=NOON)
    with pytest.raises(CannotPermit, match="Only what is given"):
        renew_permission(holding, until=YEAR + DAY, actor=me, at=NOON)


def test_after_a_refused_renewal_one_may_ask_again(side):
    project, me, them = people_of(side)
    first = given(project, me, them, until=YEAR)
    later = renew_permission(first, until=YEAR + 30 * DAY, actor=me, at=NOON)
    answer_permission(later, answer="refused", words="Not so long.", actor=them, at=NOON)

    again = renew_permission(first, until=YEAR + 10 * DAY, actor=me, at=NOON)

    assert again.is_open
    assert fresh(first).holds(TODAY)


# Files -----------------------------------------------------------------------------------------------


@HELD
def test_what_the_scanner_has_not_seen_can_not_be_given_yet(side):
    project, me, them = people_of(side)
    permission = asked(project, me, upload=an_item())
    assert permission.state == "held"

    with pytest.raises(CannotPermit, match="virus scanner"):
        answer_permission(permission, answer="given", actor=them, at=NOON)
    with mock.patch("partnerships.actions.held.scan_kept", return_value=Verdict.CLEAN):
        assert check_held_items(at=NOON) == {"clean": 1, "removed": 0}
        assert check_held_items(at=NOON) == {"clean": 0, "removed": 0}

    assert answer_permission(permission, answer="given", actor=them, at=NOON).is_given


@HELD
def test_an_infected_file_goes_and_whoever_added_it_is_told(
    side, django_capture_on_commit_callbacks, tmp_path
):
    project, me, them = people_of(side)
    permission = asked(project, me, upload=an_item())

    with (
        mock.patch("partnerships.actions.held.scan_kept", return_value=Verdict.INFECTED),
        django_capture_on_commit_callbacks(execute=True),
    ):
        assert check_held_items(at=NOON) == {"clean": 0, "removed": 1}

    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert owed("permission_file_removed") == [me]
    with pytest.raises(CannotPermit, match="removed its file"):
        answer_permission(permission, answer="given", actor=them, at=NOON)


# What the database keeps -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"purpose": "For an advert."},
        {"place": "Everywhere."},
        {"until": TODAY + 3650 * DAY},
        {"sha256": "0" * 64},
        {"what": "name"},
        {"answer": "conditions", "answer_words": "Others."},
        {"answer_words": "Others."},
        {"answer": "", "answer_words": "", "answered_at": None, "answered_by": None},
    ],
)
def test_the_words_of_a_given_permission_never_change(side, change):
    project, me, them = people_of(side)
    permission = given(project, me, them, answer="conditions")

    with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
        UsePermission.objects.filter(pk=permission.pk).update(**change)


def test_no_permission_is_deleted_and_no_end_undone(side):
    project, me, them = people_of(side)
    permission = given(project, me, them)
    end_permission(permission, reason="Over.", actor=them, at=NOON)
    rows = UsePermission.objects.filter(pk=permission.pk)

    with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
        rows.delete()
    with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
        rows.update(end_reason="", ended_at=None, ended_by=None, ended_for=None)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("nobody_asks_oneself_for_permission", lambda own, other, me: {"holder": own, "giver": own}),
        (
            "a_permission_names_the_exact_item",
            lambda own, other, me: {"what": "quotation", "item": "", "file": ""},
        ),
        ("an_answer_about_a_permission_is_whole", lambda own, other, me: {"answer": "given"}),
        (
            "conditions_and_refusals_are_in_words",
            lambda own, other, me: {"answer": "refused", "answered_by": me, "answered_at": NOON},
        ),
        ("a_permission_ends_for_a_reason", lambda own, other, me: {"ended_at": NOON}),
        (
            "what_was_refused_does_not_end",
            lambda own, other, me: {
                "answer": "refused", "answer_words": "No.", "answered_by": me, "answered_at": NOON,
                "ended_for": own, "ended_by": me, "ended_at": NOON, "end_reason": "Why.",
            },
        ),
    ],
)  # fmt: skip
def test_the_database_takes_no_permission_that_says_half_of_it(name, values):
    project, me, _them = people_of("group")
    own, other = partner_of(project, "group"), partner_of(project, "company")
    words = WORDS | {"holder": own, "giver": other, "until": YEAR} | values(own, other, me)
    row = UsePermission(project=project, written_for=own, written_by=me, written_at=NOON, **words)

    with pytest.raises(ValidationError, match=name):
        row.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


# Reminders -------------------------------------------------------------------------------------------

ENDS = TODAY + 100 * DAY


def sweep(days):
    """A sweep on each of so many days, at noon."""
    return [remind_permissions(at=NOON + day * DAY)["owed"] for day in range(days)]


def test_both_sides_are_reminded_60_30_and_7_days_before_the_end(side):
    project, me, them = people_of(side)
    given(project, me, them, until=ENDS)

    sweep(110)

    notices = Notice.objects.filter(kind="permission_ends")
    assert notices.count() == 6
    for person in (me, them):
        leaving = [
            notice.not_before.date() for notice in notices.filter(recipient=person).order_by("not_before")
        ]
        wanted = [ENDS + day * DAY for day in (-60, -30, -7)]
        # A working day: a day that is none moves to the next one.
        assert [0 <= (day - want).days <= 4 for day, want in zip(leaving, wanted, strict=True)] == [True] * 3
        assert all(day.weekday() < 5 for day in leaving)


def test_a_sweep_that_was_missed_catches_up_once(side):
    project, me, them = people_of(side)
    given(project, me, them, until=ENDS)

    assert remind_permissions(at=NOON + 45 * DAY)["owed"] == 2
    assert remind_permissions(at=NOON + 45 * DAY)["owed"] == 0


@pytest.mark.parametrize(
    "how", ["renewed", "withdrawn", "given back", "refused", "asked", "project withdrawn"]
)
def test_what_is_renewed_or_ended_reminds_nobody(side, how):
    project, me, them = people_of(side)
    if how in ("refused", "asked"):
        permission = asked(project, me, until=ENDS)
        if how == "refused":
            answer_permission(permission, answer="refused", words="No.", actor=them, at=NOON)
    else:
        permission = given(project, me, them, until=ENDS)
    if how == "renewed":
        renew_permission(permission, until=ENDS + 900 * DAY, actor=them, at=NOON)
    elif how in ("withdrawn", "given back"):
        end_permission(permission, reason="Over.", actor=them if how == "withdrawn" else me, at=NOON)
    elif how == "project withdrawn":
        withdraw_project(project, reason="other", note="", actor=me, at=NOON)

    assert sum(sweep(110)) == 0


def test_a_renewal_that_is_only_asked_for_stops_no_reminder_and_one_that_is_given_does(side):
    project, me, them = people_of(side)
    permission = given(project, me, them, until=ENDS)
    later = renew_permission(permission, until=ENDS + 900 * DAY, actor=me, at=NOON)
    at = NOON + 41 * DAY

    assert remind_permissions(at=at)["owed"] == 2
    answer_permission(later, answer="given", actor=them, at=at)
    assert remind_permissions(at=NOON + 71 * DAY)["owed"] == 0


def test_withdrawing_a_renewal_ends_what_it_renewed_and_taking_a_question_back_does_not(side):
    project, me, them = people_of(side)
    permission = given(project, me, them, until=ENDS)
    open_one = renew_permission(permission, until=ENDS + 10 * DAY, actor=me, at=NOON)
    end_permission(open_one, reason="Asked by mistake.", actor=me, at=NOON)
    assert fresh(permission).is_given

    later = renew_permission(permission, until=ENDS + 900 * DAY, actor=them, at=NOON)
    latest = renew_permission(later, until=ENDS + 950 * DAY, actor=them, at=NOON)
    with pytest.raises(CannotPermit, match="any more"):
        end_permission(permission, reason="Over.", actor=them, at=NOON)
    assert [one.holds for one in read_permissions(get_project(me, project.reference), NOON)] == [
        True, False, False, False,
    ]  # fmt: skip
    end_permission(latest, reason="Over.", actor=them, at=LATER)

    assert [fresh(one).end_reason for one in (permission, later, latest)] == ["Over."] * 3
    assert in_short(project, me).label == "None on record"
    assert owed("permission_ended") == [them, me]


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (lambda permission, me, them, at: None, ""),
        (
            lambda permission, me, them, at: end_permission(permission, reason="Over.", actor=them, at=at),
            "It has ended by now.",
        ),
        (
            lambda permission, me, them, at: renew_permission(
                permission, until=ENDS + 90 * DAY, actor=them, at=at
            ),
            "It is renewed.",
        ),
    ],
)
def test_a_reminder_that_is_owed_is_held_back_once_it_has_lost_its_sense(side, act, why):
    project, me, them = people_of(side)
    permission = given(project, me, them, until=ENDS)
    at = NOON + 45 * DAY
    remind_permissions(at=at)
    act(permission, me, them, at)

    outcomes = letters("permission_ends", at + DAY)

    assert len(outcomes) == 2
    if why:
        assert [str(outcome) for outcome in outcomes] == [why, why]
    else:
        assert not any(isinstance(outcome, Exception) for outcome in outcomes)


# In short --------------------------------------------------------------------------------------------


def in_short(project, person, at=NOON):
    return permissions_in_short(read_permissions(get_project(person, project.reference), at))


def test_the_project_says_that_no_permission_is_on_record_until_one_holds(side):
    project, me, them = people_of(side)

    assert in_short(project, me).label == "None on record"
    permission = asked(project, me, until=ENDS)
    assert (in_short(project, me).label, in_short(project, them).label) == ("Their turn", "Your turn")
    answer_permission(permission, answer="given", actor=them, at=NOON)
    assert [in_short(project, person).text for person in (me, them)] == ["1 permission holds."] * 2
    after = in_short(project, me, NOON + 102 * DAY)
    assert (after.tone, after.text) == ("late", "1 permission has ended and is not renewed.")


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_an_answer_and_taking_it_back_at_one_instant_are_one_of_both():
    project, me, them = people_of("group")
    permission = asked(project, me)

    outcomes = at_once(
        lambda: answer_permission(permission, answer="refused", words="No.", actor=them, at=NOON),
        lambda: end_permission(permission, reason="Mistake.", actor=me, at=NOON),
    )

    assert sum(isinstance(outcome, CannotPermit) for outcome in outcomes) == 1
    permission = fresh(permission)
    assert bool(permission.answer) != bool(permission.ended_at)


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_both_sides_renewing_at_one_instant_make_one_renewal():
    project, me, them = people_of("group")
    permission = given(project, me, them, until=YEAR)

    outcomes = at_once(
        lambda: renew_permission(permission, until=YEAR + DAY, actor=me, at=NOON),
        lambda: renew_permission(permission, until=YEAR + 2 * DAY, actor=them, at=NOON),
    )

    assert sum(isinstance(outcome, CannotPermit) for outcome in outcomes) == 1
    assert UsePermission.objects.count() == 2
