"""Pages to name, close, withdraw a project, to record its result and to say for whom one acts."""

import pytest
from django.urls import reverse

from accounts.models import Event
from partnerships.actions.closing import close_early
from partnerships.models import Project
from tests.factories import (
    DAY,
    NOON,
    join,
    make_project,
    member_of,
    other_side,
    partner_of,
    person_on,
)

pytestmark = pytest.mark.django_db


def address(name, project):
    return reverse(f"partnerships:{name}", args=[project.reference])


def words(response):
    return response.content.decode()


@pytest.fixture
def running(client, side):
    project = make_project(stage="deliver")
    client.force_login(person_on(project, side))
    return project


def test_a_project_is_renamed(client, running):
    client.post(address("project_edit", running), {"title": "Night helpline"})

    assert Project.objects.get().title == "Night helpline"


@pytest.mark.parametrize("title", ["", "\u200b", "a\x00b", "x" * 121, "\u202ename"])
def test_a_bad_name_is_refused_and_still_there(client, running, title):
    before = Project.objects.get().title

    answer = client.post(address("project_edit", running), {"title": title})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["title"])
    assert Project.objects.get().title == before


def test_a_line_break_in_a_name_does_not_become_a_mail_header(client, running):
    client.post(address("project_edit", running), {"title": "Budget\r\nBcc: all@c.example"})

    assert Project.objects.get().title == "Budget Bcc: all@c.example"


# The result


def test_not_reached_is_a_valid_result(client, running):
    client.post(address("result_record", running), {"result": "not_reached", "how": "Nobody came."})

    assert Project.objects.get().result == "not_reached"


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({"result": "", "how": "Counted."}, ["result"]),
        ({"result": "not_reached", "how": " \u200b"}, ["how"]),
        ({"result": "great", "how": "Counted."}, ["result"]),
        ({"result": "partly", "how": "x" * 601}, ["how"]),
        ({}, ["result", "how"]),
    ],
)
def test_an_empty_result_is_not(client, running, data, errors):
    answer = client.post(address("result_record", running), data)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, errors)
    assert Project.objects.get().result == ""


def test_what_was_planned_stands_beside_the_question(client, running, side):
    running.plan_parts.create(
        code="why", values={"better": "Carers know whom to call."}, written_at=NOON,
        written_by=running.people.first().person, organisation=partner_of(running, side),
    )  # fmt: skip

    assert "Carers know whom to call." in words(client.get(address("result_record", running)))


def test_before_a_project_runs_there_is_no_result(client, side):
    project = make_project(stage="contract")
    client.force_login(person_on(project, side))

    page = client.get(address("result_record", project))
    answer = client.post(address("result_record", project), {"result": "reached", "how": "Counted."})

    assert "be recorded now" in words(page)
    assert answer.status_code == 422
    assert Project.objects.get().result == ""


# Closing early


def test_closing_early_is_proposed_and_answered(client, running, side):
    client.post(address("project_close", running), {"reason": "done", "note": "All printed."})
    after_one = Project.objects.get().stage
    client.force_login(person_on(running, other_side(side)))
    page = words(client.get(address("project_close", running)))
    client.post(address("project_close", running))

    assert after_one == "deliver"
    assert f"{partner_of(running, side).name} proposes to close early" in page
    assert "All printed." in page
    assert Project.objects.get().stage == "review"


def test_the_proposal_needs_a_reason(client, running):
    answer = client.post(address("project_close", running), {"note": "Just so."})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["reason"])
    assert "Just so." in words(answer)


def test_the_other_side_keeps_the_project_open(client, running, side):
    close_early(running, actor=person_on(running, other_side(side)), at=NOON, reason="done")

    client.post(address("project_keep_open", running))

    assert running.closing_agreements.count() == 0
    assert Project.objects.get().stage == "deliver"


@pytest.mark.parametrize("stage", ["shape", "review", "completed"])
def test_there_is_nothing_to_close_otherwise(client, side, stage):
    project = make_project(stage=stage, result="reached")
    client.force_login(person_on(project, side))

    page = client.get(address("project_close", project))
    answer = client.post(address("project_close", project), {"reason": "done"}, follow=True)

    assert "There is nothing to close" in words(page)
    assert "Only a project that is running" in words(answer)


# Withdrawing


def test_a_project_is_withdrawn_with_a_reason(client, running):
    client.post(address("project_withdraw", running), {"reason": "no_means", "note": ""})

    assert Project.objects.get().stage == "withdrawn"


@pytest.mark.parametrize(
    ("data", "errors"),
    [({}, ["reason"]), ({"reason": "other", "note": "\u2060"}, ["note"]), ({"reason": "bored"}, ["reason"])],
)
def test_without_a_reason_it_is_not(client, running, data, errors):
    answer = client.post(address("project_withdraw", running), data)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, errors)
    assert Project.objects.get().stage == "deliver"


def test_withdrawing_twice_is_told_and_done_once(client, running):
    for _ in range(2):
        answer = client.post(
            address("project_withdraw", running), {"reason": "other", "note": "Enough."}, follow=True
        )

    assert "This project is over already." in words(answer)
    assert Event.objects.filter(verb="project.withdrawn").count() == 1


def test_extra_fields_change_nothing(client, running):
    forged = {"title": "Name", "stage": "completed", "result": "reached", "reference": "bcdfghjk"}

    client.post(address("project_edit", running), forged)

    project = Project.objects.get()
    assert (project.stage, project.result, project.reference) == ("deliver", "", running.reference)


# For whom one acts


@pytest.fixture
def both(client, side):
    """Somebody who joined this side first and the other a day later, and their project."""
    project = make_project()
    person = member_of(partner_of(project, side))
    later = join(person, partner_of(project, other_side(side)))
    later.joined_at = NOON + DAY
    later.save()
    client.force_login(person)
    return project, person


def test_somebody_on_both_sides_writes_nothing_before_they_chose(client, both, side):
    project, _person = both

    before = client.get(address("plan_who", project)).status_code
    client.post(address("project_acting", project), {"organisation": partner_of(project, side).slug})
    after = client.get(address("plan_who", project)).status_code

    assert (before, after) == (403, 200)


def test_the_choice_is_made_once(client, both, side):
    project, person = both
    client.post(address("project_acting", project), {"organisation": partner_of(project, side).slug})

    answer = client.post(
        address("project_acting", project), {"organisation": partner_of(project, other_side(side)).slug}
    )

    assert answer.url == project.get_absolute_url()
    assert project.people.get(person=person).acting_for == partner_of(project, side)


@pytest.mark.parametrize("slug", ["", "somebody-else"])
def test_one_chooses_among_ones_own(client, both, slug):
    project, _person = both

    assert client.post(address("project_acting", project), {"organisation": slug}).status_code == 422


def test_while_reviews_are_written_the_side_joined_first_is_left(client, both, side):
    project, _person = both
    Project.objects.update(stage="review")

    page = words(client.get(address("project_acting", project)))

    assert partner_of(project, side).slug in page
    assert partner_of(project, other_side(side)).slug not in page


def test_who_has_no_choice_does_not_find_the_page(client, both, side):
    project, person = both
    Project.objects.update(stage="review")
    person.memberships.filter(organisation=partner_of(project, side)).update(left_at=NOON + DAY)

    assert client.get(address("project_acting", project)).status_code == 404


# Addresses


@pytest.mark.parametrize("odd", ["-1", "0", "9" * 5000, "\u0661", "1%00", "1.0", "0x1", "' or 1=1"])
def test_odd_references_are_not_found(client, running, odd):
    for page in ("", "plan/", "edit/", "close/"):
        assert client.get(f"/projects/{odd}/{page}").status_code == 404


def test_on_a_phone_the_menu_of_a_project_has_words_on_pages_beside_its_sections_too(client, side):
    project = make_project(stage="deliver")
    client.force_login(person_on(project, side))
    words = "Pages of this project"

    assert words in client.get(f"/projects/{project.reference}/withdraw/").text
    assert words not in client.get(f"/projects/{project.reference}/plan/").text
