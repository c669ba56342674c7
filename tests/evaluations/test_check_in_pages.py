"""The pages of check-ins and calls: what each side reads and sends, errors, sharing, and how often the database is asked."""

import datetime as dt
import html
import zoneinfo

import pytest
from django.urls import reverse
from django.utils import timezone

from evaluations.actions import check_ins as actions
from evaluations.charts import over_time
from evaluations.check_ins import pulse_questions, read_check_ins
from evaluations.models import Call, CheckInReply
from partnerships.actions.interests import declare_none
from portal import waiting
from tests.browse import signed_in
from tests.evaluations.checked_in import added, answers, posted, running, send, suggested
from tests.factories import (
    DAY,
    NOON,
    add_agency,
    make_organisation,
    member_of,
    other_side,
    partner_of,
    person_on,
)

pytestmark = pytest.mark.django_db

CANARY = "qzxwaitingforminutes"


def address(check_in, page="check_in_detail"):
    return reverse(f"evaluations:{page}", args=[check_in.project.reference, check_in.number])


def the_list(project):
    return reverse("evaluations:check_in_list", args=[project.reference])


def live():
    """A project that runs now, by the clock."""
    now = timezone.now()
    return running(
        starts_on=now.date() - 30 * DAY, ends_on=now.date() + 300 * DAY, stage_since=now - 30 * DAY
    )


def text(response):
    return html.unescape(response.content.decode())


def test_what_is_sent_from_the_page_stands_on_the_other_sides_page_at_once(side):
    project = live()
    check_in = added(project, at=timezone.now())
    mine, theirs = signed_in(project.lead[side]), signed_in(project.lead[other_side(side)])
    other = partner_of(project, other_side(side)).name
    assert f"Shared: {other} sees this when you send it." in text(mine.get(address(check_in)))

    answer = mine.post(address(check_in), posted(check_in, level=2, line=CANARY), follow=True)

    assert answer.redirect_chain == [(address(check_in), 302)]
    assert f"Sent. {other} can read it now." in text(answer)
    # Before they have answered themselves.
    assert CANARY in text(theirs.get(address(check_in) + "?read=1"))
    assert "Partly" in text(theirs.get(the_list(project)))
    assert "has sent theirs" in text(theirs.get(address(check_in)))


def test_nobody_else_reads_a_word_of_it():
    project = live()
    check_in = added(project, at=timezone.now())
    send(check_in, project.lead["group"], line=CANARY, at=timezone.now())
    agency = member_of(add_agency(project, partner_of(project, "company")), "owner")
    stranger = member_of(make_organisation(), "owner")

    for person in (agency, stranger):
        client = signed_in(person)
        for page in (the_list(project), address(check_in), address(check_in, "check_in_skip")):
            assert client.get(page).status_code == 404
        for page in ("/", reverse("partnerships:project_list"), project.get_absolute_url()):
            assert CANARY not in text(client.get(page))
            said = text(client.get(page)).partition("<main")[2]
            assert "Check-in" not in said
            assert "the check-in" not in said


def test_readers_read_and_send_nothing(side):
    project = live()
    check_in = added(project, at=timezone.now())
    client = signed_in(person_on(project, side, "reader"))

    assert client.get(address(check_in)).templates[0].name == "evaluations/check_in_said.html"
    assert client.post(address(check_in), posted(check_in)).status_code == 403
    assert not CheckInReply.objects.filter(state="sent").exists()


def test_a_missing_answer_is_an_error_at_its_field_and_the_rest_stays(side):
    project = live()
    check_in = added(project, at=timezone.now())
    client = signed_in(project.lead[side])

    answer = client.post(address(check_in), posted(check_in, level=4, q3=None, line=CANARY))

    assert answer.status_code == 422
    body = text(answer)
    short = pulse_questions(project)[2].short
    assert f'href="#q3_0">Choose an answer to “{short}”, or “I don’t know”.' in body
    assert body.count(" checked") == 4
    assert f'value="{CANARY}"' in body
    assert not CheckInReply.objects.filter(state="sent").exists()


@pytest.mark.parametrize(
    "bad",
    [{"q1": "5"}, {"q1": "0"}, {"q1": "'"}, {"line": "x" * 301}, {"line": "a\x00b"}, {"revision": "x" * 99}],
)
def test_bad_input_is_refused_or_harmless(bad):
    project = live()
    check_in = added(project, at=timezone.now())

    answer = signed_in(project.lead["group"]).post(address(check_in), posted(check_in) | bad)

    assert answer.status_code == (302 if "revision" in bad else 422)


def test_the_rest_is_as_last_time_with_a_button_of_its_own_only(side):
    project = live()
    now = timezone.now()
    first = added(project, at=now - 20 * DAY)
    for one in ("group", "company"):
        send(first, project.lead[one], level=2, at=now - 20 * DAY)
    second = added(project, at=now)
    client = signed_in(project.lead[side])
    changed = posted(second, q1="4", q2="4", q3="dont_know", q4=None, q5=None)
    page = text(client.get(address(second)))
    assert page.count("Last time you said: Partly") == 5
    assert " checked" not in page

    assert client.post(address(second), changed).status_code == 422
    assert client.post(address(second), changed | {"rest": "1"}).status_code == 302

    said = second.replies.get(organisation=partner_of(project, side)).answers.order_by("pk")
    assert [(one.answer, one.as_before) for one in said] == [
        (4, False), (4, False), ("dont_know", False), (2, True), (2, True),
    ]  # fmt: skip
    assert text(client.get(address(second))).count("as last time") == 2


def test_at_the_first_one_there_is_no_last_time(side):
    project = live()
    check_in = added(project, at=timezone.now())
    client = signed_in(project.lead[side])

    assert "as last time" not in text(client.get(address(check_in)))
    assert client.post(address(check_in), posted(check_in, q4=None) | {"rest": "1"}).status_code == 422


def test_a_colleague_who_was_slower_reads_what_was_sent_and_keeps_their_line(side):
    project = live()
    check_in = added(project, at=timezone.now())
    colleague = signed_in(person_on(project, side))
    send(check_in, project.lead[side], at=timezone.now())

    answer = colleague.post(address(check_in), posted(check_in, level=1, line=CANARY))

    assert answer.status_code == 409
    assert "A colleague has answered meanwhile" in text(answer)
    assert CANARY in text(answer)


def test_a_slip_is_put_right_from_the_page(side):
    project = live()
    check_in = added(project, at=timezone.now())
    client = signed_in(project.lead[side])
    client.post(address(check_in), posted(check_in, level=1))
    assert "Correct a slip" in text(client.get(address(check_in)))
    page = text(client.get(address(check_in) + "?change=1"))
    assert "Send the correction" in page
    assert page.count(" checked") == 5

    client.post(address(check_in), posted(check_in, level=4, revision=1))

    assert "corrected" in text(signed_in(project.lead[other_side(side)]).get(address(check_in) + "?read=1"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(actions, "CORRECTION", dt.timedelta())
        assert "Correct a slip" not in text(client.get(address(check_in)))


def test_skipping_says_why_on_the_page_of_the_other_side(side):
    project = live()
    check_in = added(project, at=timezone.now())
    client = signed_in(project.lead[side])
    skip_it = address(check_in, "check_in_skip")

    assert client.post(skip_it, {"revision": 0}).status_code == 422
    assert client.post(skip_it, {"reason": "other", "revision": 0}).status_code == 422
    assert client.post(skip_it, {"reason": "away", "words": CANARY, "revision": 0}).status_code == 302

    theirs = text(signed_in(project.lead[other_side(side)]).get(the_list(project)))
    assert "Who could answer is away" in theirs
    assert CANARY in theirs
    assert "Answer after all" in text(client.get(address(check_in)))


def test_the_empty_list_says_when_the_first_one_comes(client):
    project = running(starts_on=timezone.localdate() + 20 * DAY, ends_on=timezone.localdate() + 300 * DAY)
    client.force_login(project.lead["group"])

    page = text(client.get(the_list(project)))

    assert page.count("First check-in on ") >= 2
    assert "Add one now" in page


def test_interests_are_confirmed_with_one_tap_from_the_page_one_lands_on(side):
    project = live()
    declare_none(project, number=0, actor=project.lead[side], at=timezone.now() - DAY)
    check_in = added(project, at=timezone.now())
    client = signed_in(project.lead[side])
    titles = [task.title for task in waiting.tasks_for(project.lead[side], at=timezone.now())]
    assert "Do your interests still hold?" in titles

    page = client.post(address(check_in), posted(check_in), follow=True)
    assert "Do your interests still hold?" in text(page)
    client.post(reverse("partnerships:interest_same", args=[project.reference]), {"number": 1})

    assert "Do your interests still hold?" not in text(client.get(address(check_in)))


def test_home_shows_the_task_the_other_sides_turn_and_what_is_coming(side):
    project = live()
    other = other_side(side)
    check_in = added(project, side=other, at=timezone.now())
    client = signed_in(project.lead[side])
    task = next(t for t in waiting.tasks_for(project.lead[side], at=timezone.now()) if t.title == "Check in")
    assert (task.minutes, task.url, task.may_ask_for_time) == (1, address(check_in), False)

    send(check_in, project.lead[side], at=timezone.now())

    shown = client.get("/").context
    assert [row.title for row in shown["theirs"]] == ["Check in"]
    assert f"Check-in: {project.title}" in [date.title for date in shown["dates"]]


# Calls -----------------------------------------------------------------------------------------------


def call_page(call):
    return reverse("evaluations:call_answer", args=[call.project.reference, call.pk])


def suggest_page(project):
    return reverse("evaluations:call_suggest", args=[project.reference])


def preset(client, project):
    """What the form holds before anybody touches it."""
    form = client.get(suggest_page(project)).context["form"]
    return {
        f"{name}_{part}": value
        for name, field in form.fields.items()
        for part, value in zip(("day", "time"), field.widget.decompress(field.initial), strict=True)
    }


def test_three_times_are_suggested_with_one_tap_and_each_reads_them_on_their_own_clock(side):
    project = live()
    mine, theirs = project.lead[side], project.lead[other_side(side)]
    for person, zone in ((mine, "Pacific/Honolulu"), (theirs, "Pacific/Kiritimati")):
        person.time_zone = zone
        person.save()
    client = signed_in(mine)

    assert client.post(suggest_page(project), preset(client, project)).status_code == 302

    call = Call.objects.get()
    honolulu, kiritimati = (zoneinfo.ZoneInfo(f"Pacific/{name}") for name in ("Honolulu", "Kiritimati"))
    assert [time.astimezone(honolulu).hour for time in call.times] == [10, 14, 10]
    page = text(signed_in(theirs).get(call_page(call)))
    assert call.first_at.astimezone(kiritimati).strftime("%H:%M") + " (Kiritimati)" in page
    assert "(Honolulu)" in text(client.get(the_list(project)))
    assert signed_in(theirs).post(call_page(call), {"pick": "2"}).status_code == 302
    for person in (mine, theirs):
        for where in (the_list(project), project.get_absolute_url()):
            assert "Call agreed" in text(signed_in(person).get(where))


def test_none_fits_needs_words_and_the_side_that_suggested_does_not_choose(side):
    project = live()
    call = suggested(project, side=side, at=timezone.now())
    theirs, mine = signed_in(project.lead[other_side(side)]), signed_in(project.lead[side])

    assert mine.post(call_page(call), {"pick": "1"}).status_code == 404
    assert theirs.post(call_page(call), {"pick": "none"}).status_code == 422
    assert theirs.post(call_page(call), {"pick": "4"}).status_code == 422
    assert theirs.post(call_page(call), {"pick": "none", "words": CANARY}).status_code == 302

    assert CANARY in text(mine.get(the_list(project)))


def test_who_was_faster_is_answered_first(side):
    project = live()
    call = suggested(project, side=side, at=timezone.now())

    answer = signed_in(project.lead[other_side(side)]).get(suggest_page(project))

    assert (answer.status_code, answer["Location"]) == (302, call_page(call))


@pytest.mark.parametrize(
    "bad, words",
    [
        ({"time_1_day": "2020-01-01"}, "Choose a day and a time from the lists."),
        ({"time_2_time": "25:00"}, "Choose a day and a time from the lists."),
        ({"time_3_day": "", "time_3_time": ""}, "Choose a day and a time."),
        ({"time_1_day": "'", "time_1_time": "\x00"}, "Choose a day and a time from the lists."),
    ],
)
def test_a_time_that_is_not_on_offer_is_an_error_at_its_field(bad, words):
    project = live()
    client = signed_in(project.lead["group"])

    answer = client.post(suggest_page(project), preset(client, project) | bad)

    assert answer.status_code == 422
    assert words in text(answer)
    assert not Call.objects.exists()


def test_the_same_time_twice_is_named():
    project = live()
    client = signed_in(project.lead["group"])
    values = preset(client, project)

    answer = client.post(
        suggest_page(project),
        values | {"time_2_day": values["time_1_day"], "time_2_time": values["time_1_time"]},
    )

    assert answer.status_code == 422
    assert "You have chosen this time already." in text(answer)


# How often the database is asked ------------------------------------------------------------------------


def many(count):
    project = live()
    now = timezone.now()
    for number in range(count):
        at = now - (count - number) * DAY / 24
        check_in = added(project, at=at)
        for one in ("group", "company"):
            send(check_in, project.lead[one], line=f"Line {number}", at=at)
    return project, added(project, at=now)


@pytest.mark.parametrize("count", [1, 30])
def test_the_pages_ask_the_same_number_of_questions(count, django_assert_num_queries):
    project, check_in = many(count)
    client = signed_in(project.lead["group"])
    client.get(the_list(project))

    with django_assert_num_queries(15):
        client.get(the_list(project))
    with django_assert_num_queries(10):
        client.get(address(check_in))
    with django_assert_num_queries(13):
        client.get(address(check_in) + "?read=1")


@pytest.mark.parametrize("count", [1, 30])
def test_reading_and_drawing_ask_five_questions(count, django_assert_num_queries):
    project, _check_in = many(count)
    sides = {row.organisation_id: row.side for row in project.participations.all()}

    with django_assert_num_queries(5):
        chart = over_time(read_check_ins(project), pulse_questions(project), sides=sides)

    assert chart.is_cut == (count > 12)
    assert len(chart.table.rows) == count


# The chart -------------------------------------------------------------------------------------------


def test_the_chart_is_round_for_the_group_and_square_for_the_company_and_swaps_words_only(side):
    project = live()
    check_in = added(project, at=NOON)
    send(check_in, project.lead["group"], level=1, q2="not_here")
    send(check_in, project.lead["company"], level=4)
    sides = {row.organisation_id: row.side for row in project.participations.all()}
    own = partner_of(project, side)

    chart = over_time(read_check_ins(project), pulse_questions(project), sides=sides, own_id=own.pk)

    first, second = chart.rows[:2]
    assert {(dot.side, dot.shape, dot.y) for dot in first.dots} == {
        ("group", "circle", 88), ("company", "square", 16),
    }  # fmt: skip
    # Outside the scale nothing is drawn; the table says it.
    assert [dot.side for dot in second.dots] == ["company"]
    assert chart.legend[0].side == side
    said = {"group": "No", "company": "Yes"}
    assert chart.table.rows[0].cells[0].text == f"You: {said[side]}"
    assert answers(check_in)
