"""The first page of a project and its history."""

import ast
import datetime as dt
import html
import re
from pathlib import Path

import pytest
from django.conf import settings

from accounts.audit import record
from accounts.models import Event
from evaluations.models import LateChoice, Promise
from partnerships.actions.closing import record_result, withdraw_project
from partnerships.actions.plan import agree_part, send_plan
from partnerships.actions.stages import enter_stage
from partnerships.actions.suggestions import suggest_part
from partnerships.models import FileState, TalkAnswer, TalkEntry, UsePermission
from portal.history import SENTENCES, line_of
from tests.factories import (
    DAY,
    NOON,
    PLAN,
    agree_plan,
    join,
    make_project,
    make_reviews,
    make_sent,
    member_of,
    other_side,
    partner_of,
    person_on,
    review_of,
    write_plan,
)
from tests.partnerships.contracts import begin_work

pytestmark = pytest.mark.django_db


def open_page(client, project, person, query=""):
    client.force_login(person)
    return client.get(project.get_absolute_url() + query)


def words(response):
    return response.content.decode()


@pytest.fixture
def agreed(side):
    project = make_project(starts_on=None, ends_on=None)
    writer, reader = person_on(project, side), person_on(project, other_side(side))
    write_plan(project, writer)
    send_plan(project, actor=writer, at=NOON)
    agree_plan(project, reader, at=NOON + DAY)
    project.refresh_from_db()
    return project, writer, reader


def test_whose_turn_it_is_stands_on_top_for_each_side(client, side):
    project = make_project(starts_on=None, ends_on=None)
    writer, reader = person_on(project, side), person_on(project, other_side(side))
    write_plan(project, writer)
    send_plan(project, actor=writer, at=NOON)
    project.refresh_from_db()

    theirs = open_page(client, project, reader).context["overview"]
    ours = open_page(client, project, writer).context["overview"]

    assert (theirs.turn.text, theirs.turn.label) == (
        "Waiting for you: read the plan and answer.",
        "Your turn",
    )
    assert theirs.turn_url == f"/projects/{project.reference}/plan/"
    assert (ours.turn.text, ours.turn.label, ours.turn_url) == (
        f"Waiting for {reader.organisations.get().name}: read the plan and answer.",
        "Their turn",
        "",
    )


def test_the_timeline_shows_what_is_done_and_since_when(client, agreed):
    project, writer, _reader = agreed

    stages = open_page(client, project, writer).context["overview"].stages

    assert [(stage["name"], stage["state"], stage["when"]) for stage in stages] == [
        ("Shape", "done", "23 Nov 2026"),
        ("Agree", "done", "24 Nov 2026"),
        ("Contract", "now", "since 24 Nov 2026"),
        ("Deliver", "todo", ""),
        ("Review", "todo", ""),
        ("Learn", "todo", ""),
    ]
    assert stages[3]["fact"] == "until 25 Jun 2027"


def test_a_withdrawn_project_shows_how_far_it_came_and_why(client, agreed):
    project, writer, reader = agreed
    withdraw_project(project, reason="no_means", note="No editor.", actor=writer, at=NOON + 2 * DAY)
    project.refresh_from_db()

    page = open_page(client, project, reader)

    assert [stage["state"] for stage in page.context["overview"].stages] == [
        "done", "done", "todo", "todo", "todo", "todo",
    ]  # fmt: skip
    assert "Not enough people or money" in words(page)
    assert "No editor." in words(page)


def test_each_part_of_the_plan_says_how_far_it_is_agreed(client, agreed):
    project, writer, reader = agreed
    begin_work(project, writer, reader)
    later = PLAN["when"] | {"ends_on": "2027-09-24"}
    suggest_part(project, "when", values=later, note="", base=1, actor=writer, at=NOON)
    project.refresh_from_db()

    rows = {row["label"]: row for row in open_page(client, project, writer).context["overview"].plan}

    assert rows["Why for patients"]["note"] == "Agreed on 24 November 2026."
    assert rows["When"]["note"] == f"Change waits for {reader.organisations.get().name}."
    assert "Friday 25 June 2027" in rows["When"]["value"]


def test_what_a_stage_waits_for_is_said(client, side):
    project = make_project(stage="deliver", ends_on=dt.date(2027, 6, 25))

    page = open_page(client, project, person_on(project, side))

    assert "The end date, Friday 25 June 2027, has not passed." in words(page)


def waiting_for(client, project, person):
    """The reasons that stand on the page below their heading."""
    project.refresh_from_db()
    page = html.unescape(words(open_page(client, project, person)))
    _before, _heading, rest = page.partition("What this stage still waits for:")
    return re.findall(r"<li>(.*?)</li>", rest.partition("</ul>")[0])


def test_while_the_plan_takes_shape_each_missing_part_is_named_to_both_sides(client, side):
    project = make_project(starts_on=None, ends_on=None)
    people = [person_on(project, side), person_on(project, other_side(side))]

    empty = [waiting_for(client, project, person) for person in people]
    write_plan(project, people[0])
    written = [waiting_for(client, project, person) for person in people]

    assert (
        empty
        == [
            [
                "Who with: not started.",
                "Why for patients: not started.",
                "What will happen: not started.",
                "Who brings what: not started.",
                "When: not started.",
                "Learnings to bring: not started.",
            ]
        ]
        * 2
    )
    assert written == [["The plan was not sent yet."]] * 2


def test_while_the_plan_is_read_each_part_without_a_yes_is_named_to_both_sides(client, side):
    project = make_project(starts_on=None, ends_on=None)
    writer, reader = person_on(project, side), person_on(project, other_side(side))
    write_plan(project, writer)
    send_plan(project, actor=writer, at=NOON)
    for code in ("who", "why", "what", "brings"):
        agree_part(project, code, version=1, actor=reader, at=NOON)

    theirs = reader.organisations.get().name
    assert [waiting_for(client, project, person) for person in (writer, reader)] == [
        [f"When waits for {theirs}.", f"Learnings to bring waits for {theirs}."]
    ] * 2


def test_while_reviews_are_sealed_those_that_are_missing_are_named_to_both_sides(client, side):
    project = make_project(stage="review")
    make_reviews(project)
    people = {each: person_on(project, each) for each in ("group", "company")}
    names = {each: partner_of(project, each).name for each in people}

    before = [waiting_for(client, project, person) for person in people.values()]
    make_sent(review_of(project, side))
    after = [waiting_for(client, project, person) for person in people.values()]

    missing = {each: f"The review of {name} is missing." for each, name in names.items()}
    assert [set(reasons) for reasons in before] == [set(missing.values())] * 2
    assert after == [[missing[other_side(side)]]] * 2


def test_people_of_both_sides_stand_there_with_roles_and_addresses(client, side):
    project = make_project()
    ours = person_on(project, side, name="Ours", needs="Breaks", needs_shared=True)
    theirs = member_of(partner_of(project, other_side(side)), "reader", name="Theirs", needs="Secret need")

    page = words(open_page(client, project, theirs))

    assert f"mailto:{ours.email}" in page
    assert "Needs to take part comfortably: Breaks" in page
    assert "Reader" in page
    assert "Secret need" not in page


def test_somebody_on_both_sides_is_asked_for_whom_they_act(client, side):
    project = make_project()
    person = member_of(partner_of(project, side))
    join(person, partner_of(project, other_side(side)))

    page = words(open_page(client, project, person))

    assert f"/projects/{project.reference}/acting/" in page


def test_the_result_is_shown_with_who_recorded_it(client, side):
    project = make_project(stage="deliver", ends_on=dt.date(2027, 1, 8))
    person = person_on(project, side, name="Maria Lindt")
    record_result(project, result="not_reached", how="Nobody came.", actor=person, at=NOON)
    project.refresh_from_db()

    page = words(open_page(client, project, person_on(project, other_side(side))))

    assert "Not reached." in page
    assert "Nobody came." in page
    assert f"Recorded by Maria Lindt, {partner_of(project, side).name}" in page


# History


def test_history_tells_what_happened_newest_first(client, agreed):
    project, writer, _reader = agreed

    lines = [line.text for line in open_page(client, project, writer).context["overview"].history]

    assert lines[0] == "The project went from Agree to Contract."
    assert f"{writer} ({writer.organisations.get().name}) sent the plan." in lines
    assert f"{writer} ({writer.organisations.get().name}) wrote “Why for patients”." in lines


def test_lines_of_one_organisation_are_read_there_alone(client, side):
    project = make_project()
    ours, theirs = person_on(project, side), person_on(project, other_side(side))
    record(
        "review.shown_to_readers", project, actor=ours, at=NOON, project=project,
        organisation=partner_of(project, side), private=True,
    )  # fmt: skip

    seen = [len(open_page(client, project, person).context["overview"].history) for person in (ours, theirs)]

    assert seen == [1, 0]


@pytest.mark.parametrize(
    ("verb", "detail"), [("widget.frobbed", {}), ("plan.agreed", {}), ("time.asked", {"x": 1})]
)
def test_what_has_no_sentence_says_nothing_technical(verb, detail, side):
    project = make_project()
    event = record(verb, project, actor=None, at=NOON, project=project, **detail)

    assert line_of(event).text == "Something changed on this project."


# What stands in the braces of a verb that is put together.
ENDINGS = {
    "contract.version_{}": [FileState.CLEAN, FileState.REMOVED],
    "permission.{}": [*UsePermission.Answer.values],
    "permission.file_{}": [FileState.CLEAN, FileState.REMOVED],
    "promise.{}": [Promise.State.DONE, Promise.State.DROPPED],
    "talk.{}": TalkAnswer.Outcome.values,
    "talk.{}_written": [kind for kind in TalkEntry.Kind.values if kind != TalkEntry.Kind.CONCERN],
    "talk.file_{}": [FileState.CLEAN, FileState.REMOVED],
    "review.{}_chosen": LateChoice.Kind.values,
}


def verbs_in(node):
    """The verbs that an expression can be."""
    if isinstance(node, ast.Constant):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return verbs_in(node.body) | verbs_in(node.orelse)
    if isinstance(node, ast.JoinedStr):
        form = "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        return {form.format(ending) for ending in ENDINGS[form]}
    raise AssertionError(f"No verb can be read from: {ast.unparse(node)}")


def recorded_verbs():
    """Every verb that code records on a project. `_answered` and `write_history` hand their first word on to `record`."""
    found = set()
    for app in ("accounts", "principles", "partnerships", "evaluations", "portal"):
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
                on_project = name == "record" and any(keyword.arg == "project" for keyword in node.keywords)
                if name in ("_answered", "write_history") or (
                    on_project and ast.unparse(node.args[0]) != "verb"
                ):
                    found |= verbs_in(node.args[0])
    return found


def test_every_verb_that_is_recorded_on_a_project_has_a_sentence():
    verbs = recorded_verbs()

    assert len(verbs) > 40
    assert sorted(verbs - set(SENTENCES)) == []


def test_every_sentence_can_be_written():
    event = Event(
        at=NOON,
        detail=dict.fromkeys(
            [
                "part",
                "before",
                "after",
                "reason",
                "version",
                "number",
                "kind",
                "title",
                "why",
                "weeks",
                "weeks_before",
            ],
            "2027-01-01",
        ),
    )
    for verb in SENTENCES:
        event.verb = verb

        assert "{" not in line_of(event).text
        assert line_of(event).text != "Something changed on this project."


def test_a_long_history_is_shown_in_parts(client, side):
    project = make_project()
    person = person_on(project, side)
    for number in range(40):
        record("project.renamed", project, actor=person, at=NOON, project=project, after=f"Name {number}")

    short = open_page(client, project, person)
    long = open_page(client, project, person, "?history=all")

    assert (len(short.context["overview"].history), len(long.context["overview"].history)) == (30, 40)
    assert "Show the whole history" in words(short)


# Speed


def more_of_everything(project, side):
    for number in range(30):
        member_of(partner_of(project, side))
        record("project.renamed", project, actor=None, at=NOON, project=project, after=f"Name {number}")


@pytest.mark.parametrize("stage", ["agree", "contract", "deliver", "review"])
@pytest.mark.parametrize("rows", [1, 30])
def test_the_overview_asks_at_most_fourteen_questions(client, stage, rows, django_assert_max_num_queries):
    project = make_project(starts_on=None, ends_on=None)
    writer, reader = person_on(project, "group"), person_on(project, "company")
    write_plan(project, writer)
    send_plan(project, actor=writer, at=NOON)
    if stage != "agree":
        agree_plan(project, reader)
    project.refresh_from_db()
    if stage in ("deliver", "review"):
        begin_work(project, writer, reader)
    if stage == "review":
        enter_stage(project, "review", actor=None, at=NOON)
    if rows > 1:
        more_of_everything(project, "group")
    client.force_login(writer)

    with django_assert_max_num_queries(14):
        page = client.get(project.get_absolute_url())

    assert page.context["project"].stage == stage
