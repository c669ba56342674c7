"""How an organisation works: written in parts, published in versions that stay, asked for, looked at once a year."""

import datetime as dt

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction

from accounts.files import Verdict
from accounts.models import Event, Notice
from accounts.sending.letters import write as letters
from partnerships.actions import how_we_work
from partnerships.forms.how_we_work import ContactForm, StepsForm
from partnerships.how_we_work import (
    a_year_after,
    a_year_before,
    contract_line,
    read_draft,
    read_published,
)
from partnerships.measured import TypicalDays
from partnerships.models import FileState, HowWeWork, WorkPaper, WorkQuestion, WorkStep
from partnerships.reminders import remind_how_we_work
from tests import files
from tests.factories import DAY, NOON, make_organisation, make_person, member_of, other_side
from tests.partnerships.contracts import checked
from tests.partnerships.work import STEPS, described, publish, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_lie_aside(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def writer(side):
    """A Lead of an organisation of either kind."""
    return member_of(make_organisation(side))


def own(person):
    return person.organisations.get()


# Writing --------------------------------------------------------------------------------------------


def test_the_editor_begins_with_proposed_steps_and_reading_stores_nothing(writer):
    draft = read_draft(own(writer))

    assert [step.days for step in draft.steps] == [None] * 6
    assert draft.steps[0].what.startswith("We answer")
    assert not draft.is_stored
    assert not HowWeWork.objects.exists()


def test_the_first_part_that_is_saved_starts_the_draft_with_the_proposed_steps(writer):
    how_we_work.write_part(own(writer), values={"apply": "Write to us."}, actor=writer, at=NOON)

    draft = read_draft(own(writer))
    assert (draft.page.apply, len(draft.steps), draft.page.changed_by) == ("Write to us.", 6, writer)
    assert read_published(own(writer)) is None


def test_the_proposed_steps_can_be_saved_as_they_are(writer):
    values = {"steps": read_draft(own(writer)).values["steps"], "contract_days": None}

    how_we_work.write_part(own(writer), values=values, actor=writer, at=NOON)

    assert read_draft(own(writer)).is_stored


def test_saving_again_what_stands_changes_nothing_and_is_no_history(writer):
    write(own(writer), writer)
    before = Event.objects.count()

    write(own(writer), writer, at=NOON + DAY)

    assert Event.objects.count() == before
    assert HowWeWork.objects.get().changed_at == NOON


def test_two_who_change_different_things_keep_both_and_the_same_thing_asks_the_second(writer):
    organisation, colleague = own(writer), member_of(own(writer))
    write(organisation, writer)
    read = read_draft(organisation).marks

    how_we_work.write_part(organisation, values={"apply": "By post."}, read=read, actor=writer, at=NOON)
    how_we_work.write_part(
        organisation, values={"apply": "Write to us by 1 March.", "never_funded": "Travel."}, read=read,
        actor=colleague, at=NOON,
    )  # fmt: skip
    with pytest.raises(how_we_work.ChangedSince) as refused:
        how_we_work.write_part(
            organisation,
            values={"apply": "By phone.", "steps": STEPS[:1]},
            read=read,
            actor=colleague,
            at=NOON,
        )

    page = read_draft(organisation).page
    assert (page.apply, page.never_funded, page.steps.count()) == ("By post.", "Travel.", 3)
    assert refused.value.places == ["apply"]


def test_history_of_a_draft_is_read_by_the_organisation_alone(writer):
    write(own(writer), writer)

    event = Event.objects.get(verb="how_we_work.changed")
    assert event.audience == own(writer)
    assert "Running costs" not in str(event.detail)


# Publishing -----------------------------------------------------------------------------------------


def test_a_version_is_published_with_all_that_was_read_and_says_when_it_was_checked(writer):
    work = described(own(writer), writer)

    shown = read_published(own(writer))
    assert shown.page == work.page
    assert (shown.page.number, shown.page.checked_on, shown.page.published_by) == (1, NOON.date(), writer)
    assert [step.what for step in shown.steps] == [step["what"] for step in STEPS]
    assert [paper.name for paper in shown.papers] == ["Budget"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"steps": []}, "There is no step yet."),
        ({"contact_name": "", "contact_email": ""}, "Say whom to ask."),
        ({"contract_days": None, "steps": STEPS[2:]}, "No step says in how many days"),
    ],
)
def test_what_is_missing_is_said_before_it_is_published(writer, values, sentence):
    write(own(writer), writer, **values)

    with pytest.raises(how_we_work.CannotPublish, match=sentence):
        publish(own(writer), writer)
    assert read_published(own(writer)) is None


def test_a_contact_who_left_stands_in_the_way_and_is_shown_as_gone(writer):
    leaver = member_of(own(writer), name="Lea Ver")
    described(own(writer), writer, contact=leaver.pk, contact_name="", contact_email="")
    leaver.memberships.update(left_at=NOON)

    work = read_published(own(writer))

    assert (work.contact.name, work.contact.left) == ("Lea Ver", True)
    with pytest.raises(how_we_work.CannotPublish, match="Lea Ver has left"):
        publish(own(writer), writer, NOON + DAY)


def test_what_a_colleague_changed_meanwhile_is_not_published_unread(writer):
    write(own(writer), writer)
    content = read_draft(own(writer)).content
    write(own(writer), writer, apply="By post.")

    with pytest.raises(how_we_work.CannotPublish, match="meanwhile"):
        how_we_work.publish(own(writer), content=content, actor=writer, at=NOON)


def test_publishing_twice_on_a_day_is_publishing_once_and_later_it_says_that_it_still_holds(writer):
    first = described(own(writer), writer)

    again = publish(own(writer), writer, NOON + dt.timedelta(hours=1))
    later = publish(own(writer), writer, NOON + 300 * DAY)

    assert again.page == first.page
    assert (later.page.number, later.page.checked_on) == (2, (NOON + 300 * DAY).date())
    assert later.content == first.content
    assert default_storage.exists(later.papers[0].file.name)
    assert HowWeWork.objects.count() == 2


def test_the_next_version_starts_from_the_last_and_leaves_it_alone(writer):
    described(own(writer), writer)

    how_we_work.write_part(own(writer), values={"steps": STEPS[:1]}, actor=writer, at=NOON)
    assert len(read_published(own(writer)).steps) == 3
    publish(own(writer), writer)

    assert len(read_published(own(writer), 1).steps) == 3
    assert len(read_published(own(writer), 2).steps) == 1
    assert len(read_published(own(writer)).steps) == 1


def test_the_database_refuses_to_change_a_published_version(writer):
    page = described(own(writer), writer).page
    step, paper = page.steps.first(), page.papers.first()
    attempts = [
        lambda: HowWeWork.objects.filter(pk=page.pk).update(contract_days=10),
        lambda: HowWeWork.objects.filter(pk=page.pk).update(number=None, published_at=None),
        lambda: WorkStep.objects.filter(pk=step.pk).update(days=1),
        lambda: WorkStep.objects.create(page=page, position=9, what="More"),
        lambda: step.delete(),
        lambda: WorkPaper.objects.filter(pk=paper.pk).update(name="Other"),
        lambda: paper.delete(),
        lambda: connection.cursor().execute("DELETE FROM partnerships_howwework WHERE id = %s", [page.pk]),
    ]

    for attempt in attempts:
        with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
            attempt()


# Papers ---------------------------------------------------------------------------------------------


def test_a_template_that_is_replaced_goes_unless_a_version_still_has_it(
    writer, django_capture_on_commit_callbacks
):
    organisation = own(writer)
    described(organisation, writer)
    published = read_published(organisation).papers[0].file.name

    with django_capture_on_commit_callbacks(execute=True):
        how_we_work.change_paper(
            organisation,
            1,
            values={"name": "Budget", "purpose": ""},
            upload=checked(files.pdf(3, note="another one")),
            actor=writer,
            at=NOON,
        )
    second = read_draft(organisation).papers[0].file.name
    with django_capture_on_commit_callbacks(execute=True):
        how_we_work.change_paper(
            organisation,
            1,
            values={"name": "Budget", "purpose": ""},
            without_file=True,
            actor=writer,
            at=NOON,
        )

    assert published != second
    assert default_storage.exists(published)
    assert not default_storage.exists(second)
    assert read_draft(organisation).papers[0].file_name == ""


def test_a_template_that_is_sent_twice_is_kept_once(writer, settings, django_capture_on_commit_callbacks):
    described(own(writer), writer)
    other = checked(files.pdf(3, note="another one"))
    counted = []

    for _time in range(2):
        other.file.seek(0)
        with django_capture_on_commit_callbacks(execute=True):
            how_we_work.change_paper(
                own(writer), 1, values={"name": "Budget", "purpose": ""}, upload=other, actor=writer, at=NOON
            )
        stored = list(settings.MEDIA_ROOT.rglob("*.pdf"))
        counted.append((len(stored), Event.objects.count()))

    assert counted[0] == counted[1]
    assert counted[0][0] == 2


def test_a_paper_that_is_added_twice_is_there_once_and_taken_off_leaves_the_version(writer):
    organisation = own(writer)
    for _time in range(2):
        how_we_work.add_paper(organisation, name="Budget", purpose="", actor=writer, at=NOON)
    assert [paper.number for paper in read_draft(organisation).papers] == [1]
    write(organisation, writer)
    publish(organisation, writer)

    how_we_work.remove_paper(organisation, 1, actor=writer, at=NOON)
    how_we_work.remove_paper(organisation, 1, actor=writer, at=NOON)

    assert read_draft(organisation).papers == []
    assert len(read_published(organisation).papers) == 1


def test_there_is_room_for_eight_papers(writer):
    for number in range(8):
        how_we_work.add_paper(own(writer), name=f"Paper {number}", actor=writer, at=NOON)

    with pytest.raises(how_we_work.TooManyPapers):
        how_we_work.add_paper(own(writer), name="One more", actor=writer, at=NOON)


@pytest.mark.parametrize(("verdict", "state"), [(Verdict.CLEAN, "clean"), (Verdict.INFECTED, "removed")])
def test_a_template_that_nobody_checked_is_not_published_until_the_scanner_has_spoken(
    writer, monkeypatch, verdict, state, django_capture_on_commit_callbacks
):
    monkeypatch.setattr("accounts.files.uploads.scan", lambda file: Verdict.UNKNOWN)
    write(own(writer), writer)
    how_we_work.add_paper(own(writer), name="Budget", upload=checked(), actor=writer, at=NOON)
    with pytest.raises(how_we_work.CannotPublish, match="not checked for viruses"):
        publish(own(writer), writer)
    monkeypatch.setattr("partnerships.actions.how_we_work.papers.scan_kept", lambda name: verdict)

    with django_capture_on_commit_callbacks(execute=True):
        first, second = how_we_work.check_held_templates(at=NOON), how_we_work.check_held_templates(at=NOON)

    assert (first[state], sum(second.values())) == (1, 0)
    paper = read_draft(own(writer)).papers[0]
    assert default_storage.exists(paper.file.name) == (verdict is Verdict.CLEAN)
    if verdict is Verdict.CLEAN:
        assert publish(own(writer), writer).papers[0].state == FileState.CLEAN
    else:
        with pytest.raises(how_we_work.CannotPublish, match="removed by the virus scanner"):
            publish(own(writer), writer)


# Asking ---------------------------------------------------------------------------------------------


def asked(organisation, person, at=NOON):
    return how_we_work.ask_how_they_work(organisation, asked_for=own(person), actor=person, at=at)


def test_asking_tells_leads_and_owners_once_in_thirty_days_for_each_who_asks(side):
    organisation = make_organisation(side)
    lead, owner = member_of(organisation), member_of(organisation, "owner")
    member_of(organisation, "reader")
    first, other = member_of(make_organisation(other_side(side))), member_of(make_organisation(side))

    told = [
        asked(organisation, first),
        asked(organisation, first, NOON + 29 * DAY),
        asked(organisation, other),
    ]
    told.append(asked(organisation, first, NOON + 30 * DAY))

    assert told == [True, False, True, True]
    assert WorkQuestion.objects.count() == 3
    people = Notice.objects.filter(kind="how_we_work_asked").values_list("recipient", flat=True)
    assert sorted(people) == sorted([lead.pk, owner.pk] * 3)


def test_readers_agencies_and_oneself_do_not_ask_and_what_is_described_is_not_asked_for(side):
    organisation = make_organisation(side)
    lead = member_of(organisation)
    reader = member_of(make_organisation(other_side(side)), "reader")
    agent = member_of(make_organisation("agency"))

    for person in (reader, agent, lead):
        assert how_we_work.who_may_ask(person, organisation) == []
        with pytest.raises(how_we_work.CannotAsk):
            asked(organisation, person)
    described(organisation, lead)
    with pytest.raises(how_we_work.CannotAsk, match="by now"):
        asked(organisation, member_of(make_organisation(other_side(side))))


def test_a_question_that_was_not_sent_yet_is_dropped_when_it_is_described(writer):
    asked(own(writer), member_of(make_organisation()))

    described(own(writer), writer)

    assert Notice.objects.get(kind="how_we_work_asked").void_reason == "it was published"


# Once a year ----------------------------------------------------------------------------------------


def test_a_year_after_the_last_check_those_who_write_are_reminded_once_and_again_a_year_later(writer):
    organisation = own(writer)
    owner, reader = member_of(organisation, "owner"), member_of(organisation, "reader")
    described(organisation, writer)

    counted = [remind_how_we_work(at=NOON + days * DAY)["owed"] for days in (300, 364, 365, 366, 500, 731)]

    assert counted == [0, 2, 0, 0, 0, 2]
    notices = Notice.objects.filter(kind="how_we_work_check").order_by("not_before")
    assert {notice.recipient for notice in notices} == {writer, owner}
    assert reader not in {notice.recipient for notice in notices}
    assert [notice.not_before.date() for notice in notices[::2]] == [
        dt.date(2027, 11, 23),
        dt.date(2028, 11, 23),
    ]


def test_who_has_checked_again_is_not_reminded_of_the_version_before(writer):
    described(own(writer), writer)
    remind_how_we_work(at=NOON + 364 * DAY)

    publish(own(writer), writer, NOON + 364 * DAY)

    notice = Notice.objects.get(kind="how_we_work_check")
    assert notice.void_reason == "a newer version was published"
    assert remind_how_we_work(at=NOON + 366 * DAY)["owed"] == 0


def test_the_reminder_is_not_sent_to_who_left_or_became_a_reader(writer):
    described(own(writer), writer)
    remind_how_we_work(at=NOON + 364 * DAY)
    writer.memberships.update(role="reader")

    (letter,) = letters(list(Notice.objects.filter(kind="how_we_work_check")), at=NOON + 365 * DAY)

    assert "no longer writes" in str(letter.outcome)


@pytest.mark.parametrize(
    ("day", "after", "before"),
    [("2024-02-29", "2025-03-01", "2023-02-28"), ("2026-11-28", "2027-11-28", "2025-11-28")],
)
def test_a_year_is_a_year_also_on_a_leap_day(day, after, before):
    day = dt.date.fromisoformat(day)

    assert a_year_after(day, 1) == dt.date.fromisoformat(after)
    assert a_year_before(day) == dt.date.fromisoformat(before)


# Forms and words ------------------------------------------------------------------------------------


def steps_form(writer, **data):
    work = read_draft(own(writer))
    return StepsForm(data, values=work.values, read=work.marks, organisation=own(writer))


@pytest.mark.parametrize("days", ["1.5", "10.0", "-1", "0", "ten", "1e3", "366", "9" * 5000, "\x00", "1 000"])
def test_days_that_are_no_whole_number_are_refused_at_their_field(writer, days):
    form = steps_form(writer, step_1_what="We answer", step_1_days=days, contract_days=days)

    assert set(form.errors) == {"step_1_days", "contract_days"}


def test_days_may_be_left_open_and_a_step_without_words_says_so(writer):
    form = steps_form(writer, step_1_what="We answer", step_1_days="", step_2_what="", step_2_days="5")

    assert form.errors == {"step_2_what": ["Say what happens in this step, or empty it."]}


@pytest.mark.parametrize(("up", "order"), [("", "ABC"), ("2", "BAC"), ("4", "ACB"), ("3", "ABC")])
def test_a_step_moves_up_by_one_whatever_empty_rows_lie_between(writer, up, order):
    form = steps_form(writer, step_1_what="A", step_2_what="B", step_3_what="", step_4_what="C", up=up)

    assert form.is_valid()
    assert "".join(step["what"] for step in form.values()["steps"]) == order


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({"contact_name": "Desk"}, ["contact_email"]),
        ({"contact_email": "desk@example.org"}, ["contact_name"]),
        ({"contact": "member", "contact_name": "Desk"}, []),
        ({"contact": "stranger"}, ["contact"]),
        ({}, []),
    ],
)
def test_a_contact_is_a_member_or_somebody_with_name_and_address(writer, data, wrong):
    people = {"member": str(writer.pk), "stranger": str(make_person().pk)}
    data = {name: people.get(value, value) for name, value in data.items()}
    work = read_draft(own(writer))

    form = ContactForm(data, values=work.values, read=work.marks, organisation=own(writer))

    assert list(form.errors) == wrong
    if data.get("contact") == str(writer.pk):
        assert (form.values()["contact"], form.values()["contact_name"]) == (writer.pk, "")


@pytest.mark.parametrize(
    ("promised", "typical", "line"),
    [
        (
            30,
            TypicalDays(41, 12, 9),
            "Contract in 30 working days (promised), 41 working days (typical of last 9)",
        ),
        (1, None, "Contract in 1 working day (promised)"),
        (None, TypicalDays(41, 12, 9), "Contract in 41 working days (typical of last 9)"),
        (None, None, ""),
    ],
)
def test_a_promise_stands_beside_what_is_measured(promised, typical, line):
    assert contract_line(promised, typical) == line
