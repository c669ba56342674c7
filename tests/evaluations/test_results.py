"""The opened reviews side by side."""

import re

import pytest
from django.urls import reverse

from accounts.models import Event
from evaluations.actions.results import AlreadyReplied, NotOpened, reply_to_results
from evaluations.models import Reply
from partnerships.models import Contract
from principles.models import Question
from tests.evaluations.opened import ask_different_questions, last_partner, open_reviews, opened_project
from tests.factories import (
    DAY,
    NOON,
    make_principles,
    make_project,
    make_reviews,
    member_of,
    other_side,
    partner_of,
    person_on,
)

pytestmark = pytest.mark.django_db


def page(client, project, person, *more, name="evaluations:results"):
    client.force_login(person)
    return client.get(reverse(name, args=[project.reference, *more]))


def text_of(response):
    return " ".join(response.content.decode().split())


def question_of(project, number=1, position=1):
    return Question.objects.get(
        principle__principle_set=project.principle_set, principle__number=number, position=position
    )


def reply_url(project, number=1, position=1):
    return reverse("evaluations:results_reply", args=[project.reference, number, position])


def test_the_page_says_what_was_found_and_when_it_opened(client, side):
    project = opened_project(group=4, company=4, time_zone="Europe/Berlin")

    response = page(client, project, person_on(project, side))

    assert str(response.context["headline"]) == "You both saw this project the same way, and it went well."
    assert response.context["opened"] == "Monday 23 November 2026 at 13:00 (Berlin)"


def test_readers_see_it_too_and_write_nothing(client, side):
    project = opened_project(group={"level": 1, "comment": "We waited."}, company=4)

    response = page(client, project, person_on(project, side, "reader"))

    assert "“We waited.”" in text_of(response)
    assert "Reply once" not in text_of(response)
    assert "Start the joint conclusion" not in text_of(response)


def test_the_own_side_is_you_and_comes_first(client, side):
    project = opened_project(
        **{side: {"level": 1, "comment": "Mine."}, other_side(side): {"level": 4, "comment": "Theirs."}}
    )

    response = page(client, project, person_on(project, side))

    quotes = [(quote.who, quote.text) for quote in response.context["first"].questions[0].row.quotes]
    assert quotes == [("You", "Mine."), (partner_of(project, other_side(side)).name, "Theirs.")]
    assert [review.organisation for review in response.context["reviews"]] == [
        partner_of(project, side),
        partner_of(project, other_side(side)),
    ]


def test_three_principles_far_apart_ask_for_talk_and_offer_a_neutral_person(client, side):
    project = opened_project(group=1, company=4)

    text = text_of(page(client, project, person_on(project, side)))

    assert "You had different experiences. Talk before you write anything." in text
    assert "Would a neutral person help?" in text


def test_where_one_side_does_not_know_there_is_nothing_to_compare(client, side):
    project = opened_project(**{side: {"level": "dont_know"}, other_side(side): {"level": 3}})

    response = page(client, project, person_on(project, side))

    assert "There is nothing to compare for “Clear processes”." in text_of(response)
    assert response.context["first"] is None
    assert len(response.context["others"]) == 5


def test_what_neither_side_knew_is_listed(client, side):
    project = opened_project(group={"level": "dont_know"}, company={"level": "dont_know"})

    response = page(client, project, person_on(project, side))

    assert len(response.context["neither_knew"]) == 15
    assert "What neither side knew" in text_of(response)


def test_working_together_again_is_shown_for_both_and_averaged_into_nothing(client, side):
    project = opened_project(
        group={"level": 3, "again": "changed", "keep": "Weekly calls"},
        company={"level": 3, "again": "no", "change": "One list"},
    )

    text = text_of(page(client, project, person_on(project, side)))

    assert "Yes, with changes" in text
    assert "Weekly calls" in text
    assert "One list" in text


def test_every_organisation_keeps_its_own_mark(client, side):
    project = opened_project(groups=2, companies=2)

    response = page(client, project, person_on(project, side))

    assert {len(row.each) for row in response.context["chart"].rows} == {4}
    assert len(response.context["reviews"]) == 4
    assert "All reviews opened together" in text_of(response)


def test_who_was_excused_reads_it_as_somebody_in_between(client):
    project = opened_project(groups=2, excused="group")

    response = page(client, project, member_of(last_partner(project, "group")))

    assert [entry.name for entry in response.context["chart"].legend] == [
        partner_of(project, "group").name,
        partner_of(project, "company").name,
    ]


def test_measured_facts_stand_beside_the_answers_as_they_were_at_the_opening(client, side):
    project = make_project(stage="review")
    contract = Contract.objects.create(
        project=project, title="Grant", type="grant", created_at=NOON - 40 * DAY, signed_at=NOON - 9 * DAY
    )
    open_reviews(project)
    contract.created_at = NOON - 90 * DAY
    contract.save()

    response = page(client, project, person_on(project, side))

    assert response.context["measured"] == [
        {
            "label": "Working days to a signed contract",
            "value": "22",
            "note": "From its start to the last signature, against what the company says on “How we work”.",
        }
    ]


@pytest.mark.parametrize("number", [1, 5])
def test_one_principle_shows_the_whole_text_of_what_was_chosen(client, side, number):
    project = opened_project(group=1, company=4)

    text = text_of(
        page(client, project, person_on(project, side), number, name="evaluations:results_principle")
    )

    assert text.count("It looked like no") == 3
    assert text.count("It looked like yes") == 3


@pytest.mark.parametrize("number", [0, 6, 999999999])
def test_there_is_no_other_principle(client, side, number):
    project = opened_project()

    assert (
        page(
            client, project, person_on(project, side), number, name="evaluations:results_principle"
        ).status_code
        == 404
    )


@pytest.mark.parametrize("name", ["evaluations:results", "evaluations:results_principle"])
def test_while_sealed_it_leads_to_the_review(client, side, name):
    project = make_project(stage="review")
    make_reviews(project)
    more = (3,) if name.endswith("principle") else ()

    response = page(client, project, person_on(project, side), *more, name=name)

    assert response.status_code == 302
    assert response.url == reverse("evaluations:review_start", args=[project.reference])


def test_a_page_with_answers_is_kept_by_no_browser(client, side):
    project = opened_project()

    response = page(client, project, person_on(project, side))

    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("partners", [1, 2])
@pytest.mark.parametrize("comment", ["", "It took nine weeks until we heard anything."])
def test_the_page_asks_the_database_the_same_number_of_times(
    client, side, partners, comment, django_assert_num_queries
):
    given = {"level": 2, "comment": comment}
    project = opened_project(groups=partners, companies=partners, group=given, company=given)
    person = person_on(project, side)
    if comment:
        for question in Question.objects.filter(principle__principle_set=project.principle_set):
            reply_to_results(project, question, "We did not know.", actor=person, at=NOON)
    client.force_login(person)

    with django_assert_num_queries(14):
        client.get(reverse("evaluations:results", args=[project.reference]))


# Replies ----------------------------------------------------------------------------------------------


def test_an_organisation_replies_once_and_everybody_reads_it(client, side):
    project = opened_project()
    me = person_on(project, side)
    client.force_login(me)

    response = client.post(reply_url(project), {"text": "We did not know.\r\nSorry."})

    reply = Reply.objects.get()
    assert (reply.text, reply.organisation, reply.person) == (
        "We did not know.\nSorry.",
        partner_of(project, side),
        me,
    )
    assert response.url.endswith(f"/results/#q{reply.question_id}")
    assert Event.objects.filter(verb="results.replied").count() == 1
    text = text_of(page(client, project, person_on(project, other_side(side), "reader")))
    assert f"<b>{partner_of(project, side).name}</b> replied on" in text


def test_a_reply_is_never_changed(side):
    project = opened_project()
    me, colleague = person_on(project, side), person_on(project, side)
    question = question_of(project)
    reply_to_results(project, question, "First.", actor=me, at=NOON)

    reply_to_results(project, question, "First.", actor=me, at=NOON + DAY)
    with pytest.raises(AlreadyReplied):
        reply_to_results(project, question, "Second.", actor=colleague, at=NOON + DAY)

    assert [(reply.text, reply.made_at) for reply in Reply.objects.all()] == [("First.", NOON)]
    assert Event.objects.filter(verb="results.replied").count() == 1


def test_each_side_has_its_own_reply(side):
    project = opened_project()
    for number, who in enumerate((side, other_side(side))):
        reply_to_results(
            project, question_of(project), f"Reply {number}", actor=person_on(project, who), at=NOON
        )

    assert Reply.objects.count() == 2


def test_nobody_replies_while_it_is_sealed(side):
    project = make_project(stage="review")
    make_reviews(project)

    with pytest.raises(NotOpened):
        reply_to_results(project, question_of(project), "Early.", actor=person_on(project, side), at=NOON)


def test_a_question_of_another_edition_is_refused(side):
    project = opened_project()
    other = make_project(principle_set=make_principles("2027-01"))

    with pytest.raises(ValueError):
        reply_to_results(project, question_of(other), "Hello.", actor=person_on(project, side), at=NOON)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Write your reply"),
        ("\u200b", "Write your reply"),
        ("x" * 601, "at most 600"),
        ("Pat\x00ient", "hidden characters"),
    ],
)
def test_a_reply_that_cannot_be_kept_is_explained_at_its_field(client, side, typed, message):
    project = opened_project()
    client.force_login(person_on(project, side))

    response = client.post(reply_url(project), {"text": typed})

    assert response.status_code == 422
    text = text_of(response)
    assert "<title>Error: " in text
    assert message in text
    assert f'href="#reply-{question_of(project).pk}-text"' in text
    assert not Reply.objects.exists()


@pytest.mark.parametrize(("number", "position"), [(9, 1), (1, 9)])
def test_there_is_no_other_question_to_reply_to(client, side, number, position):
    project = opened_project()
    client.force_login(person_on(project, side))

    assert client.post(reply_url(project, number, position), {"text": "Hello."}).status_code == 404


def test_each_principle_offers_its_question_to_start_with(client, side):
    ask_different_questions()
    project = make_project(stage="review", result="reached")
    open_reviews(project, group=1, company={"level": 4})
    person = person_on(project, side)

    response = page(client, project, person)
    one = [
        text_of(page(client, project, person, n, name="evaluations:results_principle")) for n in range(1, 6)
    ]

    first = response.context["first"].principle.number
    talk, *folds = re.split(r'<details class="fold"', text_of(response))
    asked = [re.findall(r"“What about number (\d)\?”", part) for part in (talk, *folds)]
    assert asked == [[str(first)], *([str(n)] for n in range(1, 6) if n != first)]
    assert [re.findall(r"“What about number (\d)\?”", text) for text in one] == [[n] for n in "12345"]
    assert all("A question to start with:" in part for part in (talk, *folds, *one))
