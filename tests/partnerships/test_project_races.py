"""Two people press at the same instant. Needs PostgreSQL."""

from functools import partial

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Event, Notice
from partnerships.actions.closing import close_early, finish_delivery, record_result, withdraw_project
from partnerships.actions.plan import agree_part, save_part, send_plan
from partnerships.actions.project import start_project
from partnerships.actions.suggestions import accept_suggestion, decline_suggestion, suggest_part
from partnerships.models import PlanAgreement, PlanPart, PlanSuggestion, Project, ProjectPerson
from partnerships.plan import read_plan
from tests.factories import (
    NOON,
    PLAN,
    agree_plan,
    make_organisation,
    make_principles,
    make_project,
    member_of,
    other_side,
    partner_of,
    person_on,
    write_plan,
)
from tests.races import at_once

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

ROUNDS = 5


@pytest.fixture(autouse=True)
def _needs_postgresql():
    assert connection.vendor == "postgresql", "Races are run on PostgreSQL: set DATABASE_URL."


def sent_project(side, companies=1):
    project = make_project(starts_on=None, ends_on=None, companies=companies)
    writer, reader = person_on(project, side), person_on(project, other_side(side))
    write_plan(project, writer)
    send_plan(project, actor=writer, at=NOON)
    return project, writer, reader


def entered(project, stage):
    lines = Event.objects.filter(project=project.reference, verb="project.stage_changed")
    return sum(line.detail["after"] == stage for line in lines)


def test_two_last_agreements_at_once_enter_contract_once():
    for _ in range(ROUNDS):
        project, _writer, first = sent_project("group", companies=2)
        second = member_of(project.participations.filter(side="company").order_by("pk")[1].organisation)
        for person in (first, second):
            for code in ("who", "why", "what", "brings", "when"):
                agree_part(project, code, version=1, actor=person, at=NOON)

        at_once(
            partial(agree_part, project, "learnings", version=1, actor=first, at=NOON),
            partial(agree_part, project, "learnings", version=1, actor=second, at=NOON),
        )

        project.refresh_from_db()
        assert (project.stage, entered(project, "contract")) == ("contract", 1)
        assert Notice.objects.filter(kind="plan_agreed", project=project.reference).count() == 3


def test_two_colleagues_agree_at_once_and_the_organisation_has_agreed_once(side):
    project, _writer, reader = sent_project(side)
    colleague = person_on(project, other_side(side))

    at_once(
        *[
            partial(agree_part, project, "why", version=1, actor=person, at=NOON)
            for person in (reader, colleague)
        ]
    )

    part = read_plan(project).part("why")
    assert PlanAgreement.objects.filter(part=part.current).count() == 2
    assert part.is_agreed


def test_the_same_part_saved_twice_at_once_is_one_version():
    side = "company"
    project = make_project()
    writer = person_on(project, side)

    outcomes = at_once(
        *[partial(save_part, project, "why", values=PLAN["why"], base=0, actor=writer, at=NOON)] * 4
    )

    assert {type(outcome) for outcome in outcomes} == {PlanPart}
    assert PlanPart.objects.count() == 1


def test_of_two_texts_at_once_one_is_kept_and_the_other_is_told():
    side = "company"
    project = make_project()
    first, second = person_on(project, side), person_on(project, other_side(side))

    outcomes = at_once(
        partial(save_part, project, "what", values={"activity_1": "A"}, base=0, actor=first, at=NOON),
        partial(save_part, project, "what", values={"activity_1": "B"}, base=0, actor=second, at=NOON),
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["PartChanged", "PlanPart"]
    assert PlanPart.objects.count() == 1


def test_a_plan_sent_twice_at_once_is_sent_once():
    side = "company"
    project = make_project()
    writer, reader = person_on(project, side), person_on(project, other_side(side))
    write_plan(project, writer)

    at_once(*[partial(send_plan, project, actor=writer, at=NOON)] * 3)

    assert entered(project, "agree") == 1
    assert [notice.recipient for notice in Notice.objects.filter(kind="plan_sent")] == [reader]


def test_of_two_suggestions_at_once_one_is_open():
    side = "company"
    project, writer, reader = sent_project(side)

    outcomes = at_once(
        *[
            partial(
                suggest_part,
                project,
                "what",
                values={"activity_1": text},
                note="",
                base=1,
                actor=person,
                at=NOON,
            )
            for person, text in ((writer, "A"), (reader, "B"))
        ]
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["PartChanged", "PlanSuggestion"]
    assert PlanSuggestion.objects.filter(state="open").count() == 1


def test_a_suggestion_accepted_and_declined_at_once_has_one_answer():
    side = "company"
    for _ in range(ROUNDS):
        project, writer, reader = sent_project(side)
        colleague = person_on(project, side)
        suggestion = suggest_part(
            project, "what", values={"activity_1": "A"}, note="", base=1, actor=reader, at=NOON
        )

        outcomes = at_once(
            partial(accept_suggestion, project, suggestion, actor=writer, at=NOON),
            partial(decline_suggestion, project, suggestion, actor=colleague, at=NOON),
        )

        names = sorted(type(outcome).__name__ for outcome in outcomes)
        suggestion.refresh_from_db()
        version = read_plan(project).part("what").version
        assert names == ["CannotAnswer", "PlanSuggestion"]
        assert (suggestion.state, version) in {("accepted", 2), ("declined", 1)}


def test_the_form_of_a_new_project_pressed_twice_at_once_makes_one():
    side = "company"
    make_principles()
    person = member_of(make_organisation(side))
    organisation = person.organisations.get()

    at_once(
        *[
            partial(
                start_project,
                "Handbook",
                organisation=organisation,
                actor=person,
                at=NOON,
                reference="bcdfghjk",
            )
        ]
        * 4
    )

    assert Project.objects.count() == 1
    assert Event.objects.filter(verb="project.started").count() == 1


def test_the_last_two_words_to_close_early_at_once_end_the_project_once():
    for _ in range(ROUNDS):
        project = make_project(stage="deliver", companies=2)
        group = person_on(project, "group")
        companies = [member_of(p.organisation) for p in project.participations.filter(side="company")]
        close_early(project, actor=group, at=NOON, reason="done")

        at_once(*[partial(close_early, project, actor=person, at=NOON) for person in companies])

        project.refresh_from_db()
        assert (project.stage, entered(project, "review")) == ("review", 1)


def test_two_sweeps_at_once_end_a_project_once():
    project = make_project(stage="deliver")

    outcomes = at_once(*[partial(finish_delivery, project, at=NOON)] * 4)

    assert sorted(outcomes) == [False, False, False, True]
    assert entered(project, "review") == 1


def test_withdrawn_by_both_sides_at_once_is_withdrawn_once():
    project = make_project(stage="contract")
    people = [person_on(project, side) for side in ("group", "company")]

    outcomes = at_once(
        *[
            partial(withdraw_project, project, reason="other", note="x", actor=person, at=NOON)
            for person in people
        ]
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["CannotWithdraw", "list"]
    assert entered(project, "withdrawn") == 1


def test_a_person_who_writes_twice_at_once_is_named_once():
    side = "company"
    project = make_project(stage="deliver")
    person = member_of(partner_of(project, side))

    outcomes = at_once(
        *[partial(record_result, project, result="partly", how="Counted.", actor=person, at=NOON)] * 4
    )

    assert {type(outcome) for outcome in outcomes} == {Project}
    assert ProjectPerson.objects.count() == 1
    assert Event.objects.filter(verb="project.result_recorded").count() == 1


@pytest.mark.parametrize(
    ("name", "data", "rows"),
    [
        ("plan_send", {}, lambda project: entered(project, "agree")),
        ("partner_invite", {"name": "New", "side": "group", "email": "n@example.org", "message": ""}, None),
    ],
)
def test_forms_pressed_twice_at_once_answer_twice_and_do_it_once(name, data, rows):
    project = make_project()
    writer = person_on(project, "group")
    write_plan(project, writer)
    address = reverse(f"partnerships:{name}", args=[project.reference])

    def press():
        client = Client()
        client.force_login(writer)
        return client.post(address, data).status_code

    outcomes = at_once(press, press)

    assert outcomes == [302, 302]
    if rows:
        assert rows(project) == 1
    else:
        assert len(read_plan(project).part("who").values["invited"]) == 1


def test_an_answer_that_comes_back_twice_agrees_once():
    side = "company"
    project, _writer, reader = sent_project(side)

    at_once(*[partial(agree_plan, project, reader)] * 3)

    project.refresh_from_db()
    assert (project.stage, entered(project, "contract")) == ("contract", 1)
