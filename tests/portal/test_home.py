"""Home: what waits for whom."""

import datetime as dt
import html

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actions import request_to_join
from accounts.days import local_day
from accounts.models import JoinRequest, Snooze
from evaluations.actions.calls import suggest_call
from evaluations.models import CheckInSchedule, Promise
from partnerships.actions.time import ask_for_time
from partnerships.actions.turns import give_turn
from partnerships.models import Contract, ContractQuestion, TimeRequest, Turn, UsePermission
from portal import waiting
from tests.factories import (
    DAY,
    NOON,
    add_partner,
    join,
    make_organisation,
    make_person,
    make_project,
    member_of,
    other_side,
    partner_of,
    person_on,
)
from tests.partnerships.contracts import nobody_is_asked
from tests.partnerships.funding import sent
from tests.partnerships.permits import asked
from tests.partnerships.talking import said

pytestmark = pytest.mark.django_db

PLURALS = {"group": "groups", "company": "companies"}


def titles(person, at=NOON):
    return [task.title for task in waiting.tasks_for(person, at=at)]


def promise_of(person, project, organisation, due_on, **fields):
    principle = project.principle_set.principles.first()
    return Promise.objects.create(
        project=project, what="Agendas 5 days before", owner=person, organisation=organisation,
        due_on=due_on, principle=principle, state=Promise.State.OPEN, **fields
    )  # fmt: skip


def test_a_turn_is_a_task_for_its_side_and_waiting_for_the_other(side):
    project = make_project(stage="agree")
    give_turn(project, partner_of(project, side), Turn.Kind.PLAN, at=NOON)

    assert titles(person_on(project, side)) == ["Read the plan"]
    them = person_on(project, other_side(side))
    assert titles(them) == []
    (row,) = waiting.waiting_for_them(them, at=NOON + 2 * DAY, limit=5)
    assert (row.title, row.tag, row.organisation) == (
        "Read the plan",
        "2 days with them",
        partner_of(project, side),
    )


def test_a_reader_has_no_tasks(side):
    project = make_project(stage="agree")
    give_turn(project, partner_of(project, side), Turn.Kind.PLAN, at=NOON)

    assert titles(person_on(project, side, "reader")) == []


def test_the_soonest_comes_first_and_late_says_so():
    project = make_project(stage="deliver")
    person = person_on(project, "group")
    today = NOON.date()
    give_turn(project, partner_of(project, "group"), Turn.Kind.RESULT, at=NOON, due_on=today)
    give_turn(project, partner_of(project, "group"), Turn.Kind.CONCLUSION, at=NOON, due_on=today - 3 * DAY)
    give_turn(project, partner_of(project, "group"), Turn.Kind.PLAN, at=NOON)

    tasks = waiting.tasks_for(nobody_is_asked(person), at=NOON)

    assert [(task.title, task.tag) for task in tasks] == [
        ("Work on the joint conclusion", "3 days late"),
        ("Record the result for patients", "Due today"),
        ("Read the plan", ""),
    ]


def test_a_promise_shows_from_seven_days_before_to_its_owner_alone(side):
    project = make_project()
    person = person_on(project, side)
    promise_of(person, project, partner_of(project, side), NOON.date() + 7 * DAY)
    colleague = person_on(project, side)

    assert titles(person, NOON - DAY) == []
    assert titles(person) == ["You promised: Agendas 5 days before"]
    assert titles(colleague) == []


def home_of(client, person):
    client.force_login(person)
    return client.get("/").content.decode()


def test_home_says_how_late_a_promise_is_to_whoever_answers_for_it_alone(client, side):
    project = make_project()
    owner, former = person_on(project, side), person_on(project, side)
    today = local_day(timezone.now(), project.zone)
    promise_of(owner, project, partner_of(project, side), today - 3 * DAY)
    promise_of(former, project, partner_of(project, side), today - 3 * DAY)
    # Whoever was named on a project and left that organisation still reads it where another of theirs takes part.
    former.memberships.update(left_at=NOON)
    another = make_organisation(side)
    add_partner(project, another, side)
    join(former, another)

    assert home_of(client, owner).count("3 days late") == 1
    for person in (person_on(project, side), person_on(project, other_side(side)), former):
        page = home_of(client, person)
        assert project.title in page
        assert "Agendas 5 days before" not in page


def test_home_shows_when_a_project_ends_and_on_what_somebody_works(client, side):
    today = local_day(timezone.now(), make_project().zone)
    project = make_project(stage="deliver", ends_on=today + 5 * DAY)
    person = person_on(project, side)
    over = make_project(
        stage="completed", result="partly", completed_at=NOON, **{PLURALS[side]: [partner_of(project, side)]}
    )
    give_turn(project, partner_of(project, other_side(side)), Turn.Kind.RESULT, at=NOON)

    client.force_login(person)
    response = client.get("/")

    assert [(date.day, date.title, date.url) for date in response.context["dates"]] == [
        (project.ends_on, f"{project.title} ends", project.get_absolute_url())
    ]
    assert response.context["projects"] == [
        {
            "name": project.title,
            "url": project.get_absolute_url(),
            "partners": partner_of(project, other_side(side)).name,
            "stage": "Deliver",
            "stage_number": 4,
            "tag": "Their turn",
            "tone": "wait",
        }
    ]
    assert f"{project.title} ends" in response.content.decode()
    assert over.title not in response.content.decode()


def test_a_promise_that_is_far_off_is_coming_up():
    project = make_project()
    person = person_on(project, "group")
    promise_of(person, project, partner_of(project, "group"), NOON.date() + 20 * DAY)

    promises = waiting.own_promises(person)
    assert [
        date.title for date in waiting.coming_up(person, ends=[], promises=promises, check_ins=[], at=NOON)
    ] == ["Your promise: Agendas 5 days before"]


@pytest.mark.parametrize("role", ["lead", "reader"])
def test_home_shows_its_projects_also_to_who_can_take_no_turn(client, role):
    project = make_project(stage="deliver", ends_on=timezone.localdate() + 5 * DAY)
    client.force_login(person_on(project, "group", role))

    shown = client.get("/").context

    assert [row["name"] for row in shown["projects"]] == [project.title]
    assert len(shown["dates"]) == 1


def test_home_of_somebody_without_an_organisation_is_empty(client):
    client.force_login(make_person())

    assert client.get("/").context["project_count"] == 0


def test_what_ends_next_is_said_though_other_projects_stand_first(client):
    group, today = make_organisation("group"), timezone.localdate()
    for number in range(6):
        project = make_project(groups=[group], stage="agree", ends_on=today + (3 + number) * DAY)
        give_turn(project, group, Turn.Kind.PLAN, at=NOON)
    for number in range(4):
        make_project(groups=[group], stage="deliver", ends_on=today + (50 - number) * DAY)
    make_project(groups=[group], stage="deliver", ends_on=today - DAY)
    client.force_login(member_of(group, "lead"))

    shown = client.get("/").context

    assert {row["stage"] for row in shown["projects"]} == {"Agree"}
    assert (len(shown["projects"]), shown["project_count"]) == (5, 11)
    assert [date.day for date in shown["dates"]] == [today + days * DAY for days in (47, 48, 49)]


def test_a_snoozed_task_is_put_aside_until_its_day_and_never_past_its_due_date():
    project = make_project(stage="agree")
    person = person_on(project, "group")
    today = NOON.date()
    give_turn(project, partner_of(project, "group"), Turn.Kind.PLAN, at=NOON, due_on=today + 2 * DAY)
    (task,) = waiting.tasks_for(person, at=NOON)
    Snooze.objects.create(person=person, task_key=task.key, until=today + 5 * DAY)

    def split(at):
        now, later = waiting.split_snoozed(person, waiting.tasks_for(person, at=at), at=at)
        return len(now), len(later)

    assert [split(NOON), split(NOON + DAY), split(NOON + 2 * DAY)] == [(0, 1), (0, 1), (1, 0)]


def test_home_says_how_many_things_wait(client, side):
    project = make_project(stage="agree")
    give_turn(project, partner_of(project, side), Turn.Kind.PLAN, at=NOON)
    client.force_login(person_on(project, side))

    body = client.get("/").content.decode()

    assert "1 thing is waiting for you" in body
    assert project.title in body


def test_home_of_somebody_new_offers_a_way_in(client):
    client.force_login(member_of(make_organisation("group")))

    body = client.get("/").content.decode()

    assert "Nothing is waiting for you" in body
    assert "Start with your first project" in body


def test_a_stranger_reads_what_this_is(client):
    body = client.get("/").content.decode()

    assert "One record. Two partners. The same rights." in body
    content = body.partition("<main")[2].partition("</main>")[0]
    ways_on = [reverse("principles:guide"), reverse("accounts:sign_in")]
    assert [f'href="{address}"' in content for address in ways_on] == [True, True]
    assert [client.get(address).status_code for address in ways_on] == [200, 200]


def everything_waits(count):
    """Somebody for whom so many things of every kind wait, and who waits for as many of others."""
    project = make_project(stage="agree")
    own, today = partner_of(project, "group"), timezone.now().date()
    person = person_on(project, "group", "owner")
    for number in range(count):
        more = make_project(stage="review", groups=[own], review_due_on=today)
        other = partner_of(more, "company")
        for kind in Turn.Kind:
            give_turn(more, own, kind, at=NOON, due_on=today)
            give_turn(more, other, kind, at=NOON, due_on=today)
        promise_of(person, more, own, today + number * DAY)
        wish = give_turn(more, other, Turn.Kind.CONTRACT, at=NOON, ref="2", due_on=today)
        ask_for_time(wish, due_on=today + 7 * DAY, actor=member_of(other), at=timezone.now())
        request_to_join(own, actor=make_person(), at=NOON)
        # To declare interests on, with a call that is suggested, and a check-in to come.
        running = make_project(stage="deliver", groups=[own])
        CheckInSchedule.objects.create(project=running, next_on=today + DAY)
        suggested_by(partner_of(running, "company"), running)
        asked(more, member_of(other), giver=own)
        not_understood_by(other, more)
        sent(other, member_of(other), own)
        said(more, member_of(other), asked=own)
    return person


def suggested_by(organisation, project):
    """A call that this organisation suggests."""
    at = timezone.now()
    times = [at + number * DAY for number in (1, 2, 3)]
    return suggest_call(project, times=times, actor=member_of(organisation), at=at)


def not_understood_by(organisation, project):
    """A question of this organisation about the contract of the project."""
    contract = Contract.objects.create(
        project=project, number=1, title="Handbook", type="service", created_at=NOON
    )
    return ContractQuestion.objects.create(
        contract=contract,
        row="cost",
        words="What is a reasonable cost?",
        organisation=organisation,
        side=organisation.kind,
        asked_by=member_of(organisation),
        asked_at=NOON,
        due_on=NOON.date() + DAY,
    )


@pytest.mark.parametrize("count", [1, 30])
def test_home_asks_the_same_number_of_questions(client, django_assert_num_queries, count):
    person = everything_waits(count)
    client.force_login(person)
    client.get("/")

    with django_assert_num_queries(13):
        client.get("/")


def test_home_shows_what_waits_of_every_kind():
    person = everything_waits(1)

    found = {task.key.partition(":")[0] for task in waiting.tasks_for(person, at=timezone.now())}

    kinds = {"promise", "time", "join", "interests", "permission", "question", "funding", "call", "talk"}
    assert found == {*Turn.Kind, *kinds}


def test_one_that_waits_behind_many_of_another_kind_is_found_by_its_key(monkeypatch):
    monkeypatch.setattr("portal.waiting.asked.ROWS", 2)
    person = everything_waits(2)
    keys = {
        f"permission:{UsePermission.objects.last().pk}",
        f"join:{JoinRequest.objects.last().pk}",
        f"question:{ContractQuestion.objects.last().pk}",
    }

    now = timezone.now()
    shown = {task.key for task in waiting.tasks_for(person, at=now)}

    assert keys - shown
    assert {waiting.task_by_key(person, key, at=now).key for key in keys} == keys


def test_somebody_who_asks_to_join_is_a_task_of_the_owners_that_leads_to_the_members(client, side):
    organisation = partner_of(make_project(), side)
    owner, lead = member_of(organisation, "owner"), member_of(organisation)
    request_to_join(organisation, actor=make_person("Grace Hopper"), at=NOON)

    (task,) = waiting.tasks_for(owner, at=NOON)

    assert (task.title, task.url) == (
        f"Grace Hopper asks to join {organisation.name}",
        reverse("accounts:member_list", args=[organisation.slug]),
    )
    assert titles(lead) == []
    client.force_login(owner)
    assert task.title in html.unescape(client.get("/").content.decode())
    assert client.get(task.url).status_code == 200


def test_task_later_hides_the_task_until_the_day(client):
    project = make_project(stage="agree")
    person = person_on(project, "group")
    give_turn(project, partner_of(project, "group"), Turn.Kind.PLAN, at=NOON)
    key = f"plan:{project.reference}"
    client.force_login(person)

    response = client.post(reverse("portal:task_later", args=[key]), {"when": "tomorrow"})

    assert response.status_code == 302
    assert Snooze.objects.get().task_key == key
    assert "Nothing is waiting for you" in client.get("/").content.decode()
    client.post(reverse("portal:task_wake", args=[key]))
    assert not Snooze.objects.exists()


def test_task_later_past_the_due_date_is_refused_and_keeps_what_was_typed(client):
    project = make_project(stage="agree")
    person = person_on(project, "group")
    due = dt.date.today() + 3 * DAY
    give_turn(project, partner_of(project, "group"), Turn.Kind.PLAN, at=NOON, due_on=due)
    client.force_login(person)
    wanted = due + DAY

    response = client.post(
        reverse("portal:task_later", args=[f"plan:{project.reference}"]),
        {"when": "day", "day_day": wanted.day, "day_month": wanted.month, "day_year": wanted.year},
    )

    assert response.status_code == 422
    assert "Choose an earlier day, or ask for more time" in response.content.decode()
    assert f'value="{wanted.day}"' in response.content.decode()


def a_turn(project, side, due):
    give_turn(project, partner_of(project, side), Turn.Kind.PLAN, at=timezone.now(), due_on=due)


def a_turn_without_a_day(project, side, due):
    give_turn(project, partner_of(project, side), Turn.Kind.PLAN, at=timezone.now())


def a_promise(project, side, due):
    owner = project.people.get(acting_for=partner_of(project, side)).person
    promise_of(owner, project, partner_of(project, side), due)


def a_wish_of_the_others(project, side, due):
    other = partner_of(project, other_side(side))
    give_turn(project, other, Turn.Kind.PLAN, at=timezone.now(), due_on=due)
    TimeRequest.objects.create(
        project=project, kind=Turn.Kind.PLAN, organisation=other, person=member_of(other),
        due_before=due, due_on=due + 20 * DAY, asked_at=timezone.now(), yes_from=due,
    )  # fmt: skip


def somebody_who_wants_to_join(project, side, due):
    JoinRequest.objects.create(organisation=partner_of(project, side), person=make_person(), created_at=NOON)


@pytest.mark.parametrize("days", [-1, 0, 1])
@pytest.mark.parametrize(
    "what", [a_turn, a_turn_without_a_day, a_promise, a_wish_of_the_others, somebody_who_wants_to_join]
)
def test_not_now_offers_something_to_choose_or_is_not_there(client, side, what, days):
    project = make_project(stage="agree")
    person = person_on(project, side, "owner")
    what(project, side, local_day(timezone.now(), project.zone) + days * DAY)
    client.force_login(person)

    (task,) = waiting.tasks_for(person, at=timezone.now())
    page = reverse("portal:task_later", args=[task.key])
    response = client.get(page)

    offered = page in client.get("/").content.decode()
    assert offered == (days > 0 or what not in (a_promise, a_wish_of_the_others))
    if offered:
        assert response.context["form"].fields["when"].choices
    else:
        assert (response.status_code, response["Location"]) == (302, task.url)


def test_task_later_asks_the_other_side_for_more_time(client, side):
    project = make_project(stage="agree")
    person, them = person_on(project, side), person_on(project, other_side(side))
    due = local_day(timezone.now(), project.zone) - DAY
    give_turn(project, partner_of(project, side), Turn.Kind.PLAN, at=NOON, due_on=due)
    page = reverse("portal:task_later", args=[f"plan:{project.reference}"])
    client.force_login(person)

    def ask(wanted):
        day = {"new_due_day": wanted.day, "new_due_month": wanted.month, "new_due_year": wanted.year}
        return client.post(page, {"when": "more", "note": "We were ill.", **day})

    refused, accepted = ask(due + DAY), ask(due + 8 * DAY)

    assert (refused.status_code, accepted.status_code) == (422, 302)
    assert "Choose a day after today." in refused.content.decode()
    assert "We were ill." in refused.content.decode()
    request = TimeRequest.objects.get()
    assert (request.due_before, request.due_on, request.note) == (due, due + 8 * DAY, "We were ill.")
    assert [task.key for task in waiting.tasks_for(them, at=timezone.now())] == [f"time:{request.pk}"]


def test_a_task_of_somebody_else_cannot_be_put_aside(client):
    project = make_project(stage="agree")
    give_turn(project, partner_of(project, "group"), Turn.Kind.PLAN, at=NOON)
    client.force_login(person_on(project, "company"))

    assert client.get(reverse("portal:task_later", args=[f"plan:{project.reference}"])).status_code == 404
