"""How an organisation works: written in parts, published in versions that stay, with papers."""

import datetime as dt

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction

from accounts.files import Verdict
from accounts.models import Event
from partnerships.actions import how_we_work
from partnerships.actions.leaving import held_by
from partnerships.how_we_work import (
    read_draft,
    read_published,
)
from partnerships.models import FileState, HowWeWork, WorkPaper, WorkStep
from partnerships.rulesets.how_we_work import PROPOSED
from tests import files
from tests.factories import DAY, NOON, make_organisation, member_of
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

    assert [step.days for step in draft.steps] == [None] * len(PROPOSED)
    assert draft.steps[0].what.startswith("We answer")
    assert not draft.is_stored
    assert not HowWeWork.objects.exists()


def test_the_first_part_that_is_saved_starts_the_draft_with_the_proposed_steps(writer):
    how_we_work.write_part(own(writer), values={"apply": "Write to us."}, actor=writer, at=NOON)

    draft = read_draft(own(writer))
    assert (draft.page.apply, len(draft.steps), draft.page.changed_by) == (
        "Write to us.",
        len(PROPOSED),
        writer,
    )
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


def test_a_deputy_who_left_stands_in_the_way_too(writer):
    leaver = member_of(own(writer), name="Lea Ver")
    described(own(writer), writer, deputy=leaver.pk)
    leaver.memberships.update(left_at=NOON)

    with pytest.raises(how_we_work.CannotPublish, match="Lea Ver has left"):
        publish(own(writer), writer, NOON + DAY)


def test_who_leaves_is_told_that_they_are_named_as_the_one_to_ask(writer):
    assert held_by(writer.memberships.get()) == []

    described(own(writer), writer, deputy=writer.pk)

    assert held_by(writer.memberships.get()) == ["Whom to ask on the page “How we work”"]


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
    monkeypatch.setattr("partnerships.actions.held.scan_kept", lambda name: verdict)

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
