"""The pages of promises, of one project and of all one's own."""

import datetime as dt

import pytest
from django.urls import reverse

from evaluations.actions.promises import keep_promise
from evaluations.models import CarriedItem, Promise
from tests.evaluations.opened import opened_project, principle, signed_project
from tests.factories import (
    NOON,
    add_agency,
    make_person,
    make_project,
    member_of,
    other_side,
    partner_of,
    person_on,
)

pytestmark = pytest.mark.django_db


def url(name, project, *more):
    return reverse(f"evaluations:promise_{name}", args=[project.reference, *more])


def text_of(response):
    return " ".join(response.content.decode().split())


def with_promise(client, side, **fields):
    """A completed project with a promise of this side; who gave it is signed in."""
    project = signed_project(promises=[{"side": side}], **fields)
    promise = project.promises.get()
    client.force_login(promise.owner)
    return project, promise


def test_without_a_conclusion_the_page_says_where_promises_come_from(client, side):
    project = opened_project()
    client.force_login(person_on(project, side))

    text = text_of(client.get(url("list", project)))

    assert "No promises yet" in text
    assert "They come from the joint conclusion." in text
    assert "Add a promise" not in text


def test_a_draft_is_not_among_the_promises(client, side):
    project = opened_project()
    Promise.objects.create(project=project, what="Only thought of")
    client.force_login(person_on(project, side))

    assert "Only thought of" not in text_of(client.get(url("list", project)))


def test_the_own_promise_has_its_buttons_and_the_others_has_none(client, side):
    project, promise = with_promise(client, side)

    assert url("done", project, promise.pk) in text_of(client.get(url("list", project)))

    for person in (person_on(project, other_side(side)), person_on(project, side, "reader")):
        client.force_login(person)
        text = text_of(client.get(url("list", project)))
        assert promise.what in text
        assert url("done", project, promise.pk) not in text


def test_a_late_promise_says_how_late(client, side):
    project, promise = with_promise(client, side)
    Promise.objects.filter(pk=promise.pk).update(due_on=dt.date(2020, 1, 1))

    assert "days late" in text_of(client.get(url("list", project)))


def test_marking_done_and_dropping_lead_back_to_the_list(client, side):
    for name, data, state in (
        ("done", {"how": "Sent on Monday."}, "done"),
        ("drop", {"why": "Not needed any more."}, "dropped"),
    ):
        project, promise = with_promise(client, side)

        response = client.post(url(name, project, promise.pk), data, follow=True)

        promise.refresh_from_db()
        assert (promise.state, promise.settled_how) == (state, next(iter(data.values())))
        assert next(iter(data.values())) in text_of(response)
        assert "Every promise is settled" in text_of(response)


def test_dropping_needs_a_reason(client, side):
    project, promise = with_promise(client, side)

    response = client.post(url("drop", project, promise.pk), {"why": " \u200b "})

    assert response.status_code == 422
    assert "Say why you drop it" in text_of(response)
    promise.refresh_from_db()
    assert promise.state == "open"


def test_a_promise_of_another_project_is_not_found(client, side):
    project, _promise = with_promise(client, side)
    _other, theirs = signed_project(promises=[{"side": side}]), Promise.objects.latest("pk")

    for name in ("done", "drop"):
        assert client.get(url(name, project, theirs.pk)).status_code == 404


def test_adding_a_promise_twice_by_a_double_click_is_seen_by_nobody_twice(client, side):
    project, promise = with_promise(client, side)
    data = {
        "what": "Publish the steps",
        "owner": promise.owner_id,
        "principle": principle(project, 3).pk,
        "when": "weeks",
    }

    client.post(url("add", project), data)
    response = client.post(url("add", project), data, follow=True)

    assert project.promises.filter(what="Publish the steps").count() == 1
    assert text_of(response).count("<h3>Publish the steps</h3>") == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"what": ""}, "Say what you promise"),
        ({"what": "x" * 201}, "at most 200"),
        ({"what": "Pat\x00ient"}, "hidden characters"),
        ({"owner": ""}, "Choose who keeps it"),
        ({"owner": "999999"}, "999999 is not one of the available choices"),
        ({"principle": "x"}, "x is not one of the available choices"),
        ({"when": ""}, "Choose by when"),
        ({"when": "date"}, "Enter the date"),
        ({"when": "never"}, "never is not one of the available choices"),
        ({"when": "date", "date_day": "1", "date_month": "1", "date_year": "2020"}, "still to come"),
    ],
)
def test_what_is_missing_is_explained_and_nothing_is_added(client, side, change, message):
    project, promise = with_promise(client, side)
    data = {
        "what": "Publish the steps",
        "owner": promise.owner_id,
        "principle": principle(project, 3).pk,
        "when": "weeks",
    }

    response = client.post(url("add", project), data | change)

    assert response.status_code == 422
    assert message in text_of(response)
    assert project.promises.count() == 1


def test_the_list_says_where_a_promise_was_carried_to_as_far_as_one_is_there(client, side):
    project, promise = with_promise(client, side)
    mine = make_project(
        title="The next one",
        groups=[partner_of(project, "group")],
        companies=[partner_of(project, "company")],
    )
    elsewhere = make_project(title="A project of others")
    for where in (mine, elsewhere):
        CarriedItem.objects.create(project=where, promise=promise, brought_by=promise.owner, brought_at=NOON)

    text = text_of(client.get(url("list", project)))

    assert "Carried to" in text
    assert "The next one" in text
    assert "A project of others" not in text


def test_the_next_project_says_what_was_promised(client, side):
    project, promise = with_promise(client, side)
    following = make_project(
        groups=[partner_of(project, "group")], companies=[partner_of(project, "company")]
    )
    CarriedItem.objects.create(project=following, promise=promise, brought_by=promise.owner, brought_at=NOON)

    assert f"You promised: {promise.what}" in text_of(client.get(url("list", following)))

    client.force_login(person_on(project, other_side(side)))
    other = text_of(client.get(url("list", following)))
    assert f"{partner_of(project, side)} promised: {promise.what}" in other


@pytest.mark.parametrize("promises", [1, 3])
def test_the_list_asks_the_database_the_same_number_of_times(
    client, side, promises, django_assert_num_queries
):
    project = signed_project(promises=[{"side": side}] * promises)
    client.force_login(person_on(project, side))

    with django_assert_num_queries(10):
        client.get(url("list", project))


# All one's own -----------------------------------------------------------------------------------------

LEARNINGS = "/learnings/"


def test_learnings_of_all_own_projects_are_one_list(client, side):
    mine = signed_project(title="Mine", promises=[{"side": side}])
    signed_project(title="Of others")
    opened_project(
        title="Not signed", **{f"{'groups' if side == 'group' else 'companies'}": [partner_of(mine, side)]}
    )
    client.force_login(member_of(partner_of(mine, side), "reader"))

    response = client.get(LEARNINGS)

    assert [project.title for project in response.context["page_obj"]] == ["Mine"]
    text = text_of(response)
    assert "We start with the contract." in text
    assert "Send agendas five days before" in text


def test_agencies_and_strangers_find_nothing_there(client, side):
    project = signed_project(promises=[{"side": side}])
    people = [
        member_of(add_agency(project, partner_of(project, side)), "owner"),
        make_person(),
        make_person(is_staff=True, is_superuser=True),
    ]

    for person in people:
        client.force_login(person)
        assert "Nothing here yet" in text_of(client.get(LEARNINGS))


def found(client, **query):
    page = client.get(LEARNINGS, query).context["page_obj"]
    return [(project.title, [promise.what for promise in project.shown_promises]) for project in page]


def test_promises_are_filtered_by_principle_state_and_words(client, side):
    first = signed_project(
        title="First",
        promises=[
            {"side": side, "what": "Agendas", "number": 4},
            {"side": side, "what": "Steps", "number": 3},
        ],
    )
    second = signed_project(
        title="Second",
        groups=[partner_of(first, "group")],
        companies=[partner_of(first, "company")],
        promises=[{"side": side, "what": "Travel", "number": 3}],
    )
    steps = first.promises.get(what="Steps")
    keep_promise(steps, actor=steps.owner, at=NOON)
    Promise.objects.filter(what="Agendas").update(due_on=dt.date(2020, 1, 1))
    client.force_login(member_of(partner_of(first, side)))

    assert found(client) == [("Second", ["Travel"]), ("First", ["Agendas", "Steps"])]
    assert found(client, principle="clear-processes") == [("Second", ["Travel"]), ("First", ["Steps"])]
    assert found(client, state="done") == [("First", ["Steps"])]
    assert found(client, state="late") == [("First", ["Agendas"])]
    assert found(client, state="open", principle="clear-processes") == [("Second", ["Travel"])]
    assert found(client, q="travel") == [("Second", ["Travel"])]
    assert found(client, q="nowhere") == []
    assert second.pk != first.pk


@pytest.mark.parametrize(
    "query",
    [
        {"principle": "no-such"},
        {"state": "nonsense"},
        {"q": "\x00"},
        {"q": "x" * 500},
        {"page": "99999999999999999999"},
        {"page": "-1"},
        {"q": "%_'\"\\"},
    ],
)
def test_a_filter_that_makes_no_sense_meets_no_error(client, side, query):
    project = signed_project(promises=[{"side": side}])
    client.force_login(person_on(project, side))

    assert client.get(LEARNINGS, query).status_code == 200


def test_disagreement_is_shown_with_both_voices(client, side):
    project = signed_project()
    part = project.conclusion.parts.get(code="different")
    part.disagreed = True
    part.save()
    for row in project.participations.all():
        part.views.update_or_create(
            organisation=row.organisation, defaults={"text": f"{row.organisation} says so."}
        )
    client.force_login(person_on(project, side))

    text = text_of(client.get(LEARNINGS))

    for row in project.participations.all():
        assert f"{row.organisation} says so." in text


@pytest.mark.parametrize("projects", [1, 4])
def test_the_learnings_ask_the_database_the_same_number_of_times(
    client, side, projects, django_assert_num_queries
):
    first = signed_project(promises=[{"side": side}] * 2)
    for _number in range(projects - 1):
        signed_project(
            promises=[{"side": side}],
            groups=[partner_of(first, "group")],
            companies=[partner_of(first, "company")],
        )
    client.force_login(member_of(partner_of(first, side)))

    with django_assert_num_queries(12):
        client.get(LEARNINGS)
