"""The pages on which a review is written, checked and sent."""

import datetime as dt
import html
import re

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event
from evaluations import sealing
from evaluations.actions import late, reviews
from evaluations.models import Review
from principles.models import PrincipleSet, Question
from tests.browse import fields_of, signed_in
from tests.factories import (
    NOON,
    answer_all,
    make_organisation,
    make_project,
    make_reviews,
    make_sent,
    member_of,
    other_side,
    partner_of,
    person_on,
    review_of,
)
from tests.pdf import pdf_text

pytestmark = pytest.mark.django_db

FUTURE = timezone.now().date() + dt.timedelta(days=5)


@pytest.fixture
def project():
    return make_open_project()


def make_open_project(**fields):
    fields = {"stage": "review", "review_due_on": FUTURE, "title": "Carer handbook"} | fields
    project = make_project(**fields)
    make_reviews(project)
    return project


def url(name, project, *args):
    return reverse(f"evaluations:review_{name}", args=[project.reference, *args])


@pytest.fixture
def writer(project, side):
    """A Lead of one side, at their browser."""
    client = signed_in(person_on(project, side))
    client.review = review_of(project, side)
    return client


def words_of(response):
    page = response.content.decode()
    main = re.search(r"<main.*?</main>", page, re.S)[0]
    # Closed details and what is only read out are no words on the page; a label of a choice is.
    main = re.sub(r"<details(?! [^>]*open).*?</details>", " ", main, flags=re.S)
    main = re.sub(r'<span class="vh">.*?</span>', " ", main, flags=re.S)
    return re.findall(r"\w[\w’'-]*", html.unescape(re.sub(r"<[^>]+>", " ", main)))


def contents(review):
    answers = sealing.own_answers(review)
    return [
        answers[question.pk].content if question.pk in answers else None
        for question in Question.objects.order_by("principle__number", "position")
    ]


# A page for each principle


def test_every_page_keeps_to_its_words_and_its_queries(django_assert_max_num_queries, side):
    call_command("load_principles", verbosity=0)
    edition = PrincipleSet.objects.exclude(title="Five principles").latest("pk")
    project = make_open_project(principle_set=edition)
    client = signed_in(person_on(project, side))

    for number in range(1, 6):
        with django_assert_max_num_queries(10):
            response = client.get(url("principle", project, number))
        assert response.status_code == 200
        assert len(words_of(response)) <= 200


@pytest.mark.parametrize("partners", [1, 5])
def test_a_page_and_its_save_cost_the_same_with_many_partners(partners, django_assert_num_queries):
    project = make_open_project(groups=partners, companies=partners)
    person = person_on(project, "group")
    client = signed_in(person)
    answer_all(review_of(project, "group"))

    with django_assert_num_queries(10):
        page = client.get(url("principle", project, 2))
    fields = fields_of(page) | {"q1": "1", "q2": "2", "q2-why": "A word"}
    with django_assert_num_queries(14):
        assert client.post(url("principle", project, 2), fields).status_code == 302


def test_saving_keeps_the_answers_and_goes_on_to_the_next_page(project, writer):
    page = writer.get(url("principle", project, 1))

    response = writer.post(
        url("principle", project, 1),
        fields_of(page) | {"q1": "2", "q1-why": "Nobody asked us", "q2": "dont_know", "q3": "4"},
    )

    assert (response.status_code, response.url) == (302, url("principle", project, 2))
    assert contents(writer.review)[:4] == [(2, "Nobody asked us"), ("dont_know", ""), (4, ""), None]


def test_after_the_last_principle_comes_the_project_as_a_whole_then_the_check(project, writer):
    page = writer.get(url("principle", project, 5))
    fields = fields_of(page) | {"q1": "2", "q2": "2", "q3": "2"}

    assert writer.post(url("principle", project, 5), fields).url == url("overall", project)

    fields = fields_of(writer.get(url("overall", project))) | {"again": "changed", "keep": "The talks"}
    assert writer.post(url("overall", project), fields).url == url("check", project)
    assert sealing.own_overall(writer.review).content == ("changed", "The talks", "")


def test_from_the_check_page_one_comes_back_to_it(project, writer):
    answer_all(writer.review)
    page = writer.get(url("principle", project, 2) + "?then=check")

    response = writer.post(url("principle", project, 2), fields_of(page) | {"q1": "1"})

    assert response.url == url("check", project) + "#p2"


def test_an_unanswered_question_is_an_error_and_everything_else_is_kept(project, writer):
    page = writer.get(url("principle", project, 1))

    response = writer.post(
        url("principle", project, 1), fields_of(page) | {"q1": "2", "q3-why": "Only a comment"}
    )

    text = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error: " in text
    assert text.count("Choose an answer to “Patients first 2”, or “I don’t know”.") == 2
    assert '<a href="#q2_0">' in text
    assert fields_of(response)["q1"] == "2"
    assert fields_of(response)["q3-why"] == "Only a comment"
    assert contents(writer.review)[:3] == [(2, ""), None, (None, "Only a comment")]


def test_what_an_error_page_shows_can_be_saved_again(project, writer):
    page = writer.get(url("principle", project, 1))
    error = writer.post(url("principle", project, 1), fields_of(page) | {"q1": "2"})

    response = writer.post(url("principle", project, 1), fields_of(error) | {"q1": "3", "q2": "1", "q3": "1"})

    assert response.status_code == 302
    assert contents(writer.review)[:3] == [(3, ""), (1, ""), (1, "")]


def test_save_and_finish_later_asks_for_nothing(project, writer):
    page = writer.get(url("principle", project, 1))

    response = writer.post(url("principle", project, 1), fields_of(page) | {"q2": "4", "later": "1"})

    assert (response.status_code, response.url) == (302, url("start", project))
    assert contents(writer.review)[:3] == [None, (4, ""), None]


def test_the_comment_asks_what_fits_the_answer(project, writer):
    writer.post(
        url("principle", project, 1),
        fields_of(writer.get(url("principle", project, 1))) | {"q1": "2", "q2": "4", "later": "1"},
    )

    page = writer.get(url("principle", project, 1)).content.decode()

    boxes = re.findall(r"<details class=\"more why\"([^>]*)>.*?data-high=\"[^\"]*\">([^<]*)<", page, re.S)
    assert [(" open" in attributes, label) for attributes, label in boxes] == [
        (True, "What would have helped?"),
        (False, "What made this work?"),
        (False, "What would have helped?"),
    ]


def test_an_unknown_page_is_not_found(project, writer):
    for number in ("0", "6", "99999999999999999999", "9" * 5000):
        response = writer.get(f"/projects/{project.reference}/review/{number}/")
        assert response.status_code == 404


def test_sending_a_page_twice_saves_it_once(project, writer):
    fields = fields_of(writer.get(url("principle", project, 1))) | {"q1": "2", "q2": "2", "q3": "2"}

    answers = [writer.post(url("principle", project, 1), fields) for _ in range(2)]

    assert [response.status_code for response in answers] == [302, 302]
    assert {draft.revision for draft in sealing.own_answers(writer.review).values()} == {1}


# Two colleagues at once


@pytest.fixture
def two_pages(project, side):
    """Two colleagues with the same page open, and what each would post."""
    clients = [signed_in(person_on(project, side, name=name)) for name in ("Sam Reed", "Ola Fern")]
    pages = [fields_of(client.get(url("principle", project, 1))) for client in clients]
    return list(zip(clients, pages, strict=True))


def test_a_conflict_shows_both_texts_and_loses_none(project, side, two_pages):
    (sam, read_by_sam), (ola, read_by_ola) = two_pages
    sam.post(
        url("principle", project, 1), read_by_sam | {"q1": "2", "q1-why": "Sam wrote this", "later": "1"}
    )

    response = ola.post(
        url("principle", project, 1),
        read_by_ola | {"q1": "3", "q1-why": "Ola wrote that", "q2": "1", "later": "1"},
    )

    text = response.content.decode()
    assert response.status_code == 409
    assert re.search(r"Sam Reed changed this at \d\d:\d\d\. Your text is below\. Choose what to keep\.", text)
    assert "Sam wrote this" in text
    assert fields_of(response)["q1-why"] == "Ola wrote that"
    assert "data-autosave" not in text
    # What did not clash is saved.
    assert contents(review_of(project, side))[:2] == [(2, "Sam wrote this"), (1, "")]


@pytest.mark.parametrize(
    ("keep", "result"), [("mine", (3, "Ola wrote that")), ("theirs", (2, "Sam wrote this"))]
)
def test_a_conflict_is_settled_by_choosing(project, side, two_pages, keep, result):
    (sam, read_by_sam), (ola, read_by_ola) = two_pages
    sam.post(
        url("principle", project, 1), read_by_sam | {"q1": "2", "q1-why": "Sam wrote this", "later": "1"}
    )
    conflict = ola.post(
        url("principle", project, 1), read_by_ola | {"q1": "3", "q1-why": "Ola wrote that", "later": "1"}
    )

    response = ola.post(url("principle", project, 1), fields_of(conflict) | {"q1-keep": keep, "later": "1"})

    assert response.status_code == 302
    assert contents(review_of(project, side))[0] == result


def test_colleagues_on_different_questions_do_not_disturb_each_other(project, side, two_pages):
    (sam, read_by_sam), (ola, read_by_ola) = two_pages
    sam.post(url("principle", project, 1), read_by_sam | {"q1": "2", "later": "1"})

    response = ola.post(url("principle", project, 1), read_by_ola | {"q2": "3", "later": "1"})

    assert response.status_code == 302
    assert contents(review_of(project, side))[:2] == [(2, ""), (3, "")]


def test_a_conflict_is_not_hidden_behind_another_error(project, side, two_pages):
    (sam, read_by_sam), (ola, read_by_ola) = two_pages
    sam.post(url("principle", project, 1), read_by_sam | {"q1": "2", "later": "1"})

    refused = ola.post(url("principle", project, 1), read_by_ola | {"q1": "3", "q2-why": "\0", "later": "1"})
    again = ola.post(
        url("principle", project, 1), fields_of(refused) | {"q1": "3", "q2-why": "", "later": "1"}
    )

    assert (refused.status_code, again.status_code) == (422, 409)
    assert contents(review_of(project, side))[0] == (2, "")


def test_two_versions_of_the_closing_page_are_both_shown(project, side):
    clients = [signed_in(person_on(project, side, name=name)) for name in ("Sam Reed", "Ola Fern")]
    sam, ola = [(client, fields_of(client.get(url("overall", project)))) for client in clients]
    sam[0].post(url("overall", project), sam[1] | {"again": "yes", "keep": "Sam wrote this"})

    response = ola[0].post(url("overall", project), ola[1] | {"again": "no", "keep": "Ola wrote that"})

    assert response.status_code == 409
    assert "Sam wrote this" in response.content.decode()
    assert fields_of(response)["keep"] == "Ola wrote that"

    settled = ola[0].post(url("overall", project), fields_of(response) | {"choose": "mine"})
    assert settled.status_code == 302
    assert sealing.own_overall(review_of(project, side)).content == ("no", "Ola wrote that", "")


def test_when_a_colleague_sends_meanwhile_what_was_typed_is_still_there(project, writer):
    fields = fields_of(writer.get(url("principle", project, 1)))
    answer_all(writer.review)
    make_sent(writer.review)

    response = writer.post(url("principle", project, 1), fields | {"q1": "1", "q1-why": "Too late"})

    assert response.status_code == 409
    assert "This review was sent meanwhile." in response.content.decode()
    assert fields_of(response)["q1-why"] == "Too late"


# Saving along


def test_a_script_saves_along_and_learns_when(project, writer):
    fields = fields_of(writer.get(url("principle", project, 1)))

    response = writer.post(url("save", project, 1), fields | {"q1": "2", "q1-why": "Half a"})

    told = response.json()
    assert re.fullmatch(r"Saved \d\d:\d\d", told["message"])
    assert set(told["carry"]) == {"q1-read", "q2-read", "q3-read"}
    assert contents(writer.review)[0] == (2, "Half a")
    assert not Event.objects.exclude(verb="person.named").exists()


def test_saving_along_again_and_then_by_the_button_meets_no_conflict(project, writer):
    fields = fields_of(writer.get(url("principle", project, 1)))
    name = fields["page"].split(".")[0]
    writer.post(url("save", project, 1), fields | {"q1": "2", "q1-why": "Half a", "page": f"{name}.1"})

    # The answer got lost: the page still carries what it read first.
    response = writer.post(
        url("principle", project, 1),
        fields | {"q1": "2", "q1-why": "Half a sentence", "q2": "1", "q3": "1", "page": f"{name}.2"},
    )

    assert response.status_code == 302
    assert contents(writer.review)[0] == (2, "Half a sentence")


def test_saving_along_tells_of_a_conflict_and_of_a_sent_review(project, side, two_pages):
    (sam, read_by_sam), (ola, read_by_ola) = two_pages
    sam.post(url("save", project, 1), read_by_sam | {"q1": "2"})

    conflict = ola.post(url("save", project, 1), read_by_ola | {"q1": "3"})
    Review.objects.update(sent_at=NOON)
    locked = ola.post(url("save", project, 1), read_by_ola | {"q2": "3"})

    assert (conflict.status_code, locked.status_code) == (409, 409)
    assert "Choose" in conflict.json()["message"] or "choose" in conflict.json()["message"]
    assert "sent meanwhile" in locked.json()["message"]


def test_the_closing_page_saves_along_too(project, writer):
    fields = fields_of(writer.get(url("overall", project)))

    response = writer.post(url("overall_save", project), fields | {"again": "unsure", "change": "More time"})

    assert response.status_code == 200
    assert sealing.own_overall(writer.review).content == ("unsure", "", "More time")


def test_only_posts_save_along(project, writer):
    assert writer.get(url("save", project, 1)).status_code == 405


# What people type


@pytest.mark.parametrize(
    "text",
    [
        "Pat\0ient",
        "line\x01\x0b\x1b[31mred",
        "invoice\u202efdp.exe",
        "Z" + "\u0300\u0316" * 2000,
        "W" * 2001,
    ],
    ids=["T01", "T02", "T07", "T11", "too long"],
)
def test_text_that_can_not_be_kept_is_refused_at_its_field_and_nothing_is_saved(project, writer, text):
    fields = fields_of(writer.get(url("principle", project, 1)))
    fields |= {"q1": "1", "q1-why": text, "q2": "2", "q2-why": "Fine"}

    for extra in ({}, {"later": "1"}):
        response = writer.post(url("principle", project, 1), fields | extra)

        assert response.status_code == 422
        assert 'id="q1-why_error"' in response.content.decode()
        assert fields_of(response)["q2-why"] == "Fine"
    assert writer.post(url("save", project, 1), fields).status_code == 422
    assert contents(writer.review)[:2] == [None, None]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("👩🏽‍🔬 trial 🇬🇧", "👩🏽‍🔬 trial 🇬🇧"),
        ("\u200b\u2060\ufeff", ""),
        ("Zoe\u0308", "Zoë"),
        (" \n\t \n", ""),
        (
            'A & B <b>open <img src="http://127.0.0.1:9/px"/>',
            'A & B <b>open <img src="http://127.0.0.1:9/px"/>',
        ),
        ("{{ settings.SECRET_KEY }}{% load x %}${7*7}", "{{ settings.SECRET_KEY }}{% load x %}${7*7}"),
        ("ok\r\n2031-01-01 INFO user=admin login ok", "ok\n2031-01-01 INFO user=admin login ok"),
    ],
    ids=["T05", "T08", "T10", "T14", "T16", "T17", "T19"],
)
def test_text_comes_back_as_it_was_meant(project, writer, text, kept):
    fields = fields_of(writer.get(url("principle", project, 1)))

    writer.post(url("principle", project, 1), fields | {"q1": "1", "q1-why": text, "later": "1"})

    assert contents(writer.review)[0] == (1, kept)
    assert fields_of(writer.get(url("principle", project, 1))).get("q1-why") == kept
    make_sent(writer.review, answers=False)
    if kept.isascii() and kept:
        assert kept.split("\n")[0] in pdf_text(writer.get(url("copy_pdf", project)).content)


@pytest.mark.parametrize("answer", ["5", "0", "-1", "yes", "1 or 1=1", "١", "9" * 5000])
def test_an_answer_that_does_not_exist_is_refused(project, writer, answer):
    fields = fields_of(writer.get(url("principle", project, 1)))

    response = writer.post(url("principle", project, 1), fields | {"q1": answer, "q2": "2", "q3": "3"})

    assert response.status_code == 422
    assert contents(writer.review)[:3] == [None, None, None]


def test_fields_that_nobody_asked_for_change_nothing(project, writer):
    fields = fields_of(writer.get(url("principle", project, 1)))
    review = str(review_of(project, "company").pk)

    writer.post(
        url("principle", project, 1),
        fields
        | {
            "q1": "1",
            "later": "1",
            "review": review,
            "sent_at": "2020-01-01",
            "organisation": "1",
            "q16": "1",
        },
    )

    assert contents(writer.review)[0] == (1, "")
    assert Review.objects.filter(sent_at__isnull=False).count() == 0


@pytest.mark.parametrize("broken", ["", "x", "1.", "999999999.aaaaaaaaaaaaaaaa", "-1.aaaaaaaaaaaaaaaa"])
def test_a_page_that_does_not_say_what_it_read_overwrites_nothing(project, writer, broken):
    answer_all(writer.review, level=3, comment="Stands here")
    fields = fields_of(writer.get(url("principle", project, 1)))

    response = writer.post(
        url("principle", project, 1),
        fields | {"q1": "1", "q1-why": "Other words", "q1-read": broken, "page": broken},
    )

    assert response.status_code == 409
    assert contents(writer.review)[0] == (3, "Stands here")


# Start, check, send, sent


def test_the_start_page_leads_to_the_first_gap(project, writer):
    start = writer.get(url("start", project)).content.decode()
    assert "Review Carer handbook. About 8 minutes" in start
    assert f'href="{url("principle", project, 1)}">Start</a>' in start

    for number in (1, 2):
        fields = fields_of(writer.get(url("principle", project, number)))
        writer.post(url("principle", project, number), fields | {"q1": "1", "q2": "2", "q3": "3"})

    assert (
        f'href="{url("principle", project, 3)}">Carry on</a>'
        in writer.get(url("start", project)).content.decode()
    )

    answer_all(writer.review)
    assert (
        f'href="{url("check", project)}">Check and send</a>'
        in writer.get(url("start", project)).content.decode()
    )


def test_before_the_project_ends_the_start_page_says_when(side):
    project = make_project(stage="deliver", ends_on=dt.date(2027, 3, 5))
    client = signed_in(person_on(project, side))

    page = client.get(url("start", project)).content.decode()

    assert "The review opens on Saturday 6 March 2027" in page
    assert url("questions", project) in page


def test_a_project_without_an_end_date_says_what_to_do(side):
    project = make_project(stage="deliver", ends_on=None)

    page = signed_in(person_on(project, side)).get(url("start", project)).content.decode()

    assert "This project has no end date yet. Agree on one in the plan." in page


def test_the_check_page_puts_no_first_and_names_what_is_missing(project, writer):
    fields = fields_of(writer.get(url("principle", project, 1)))
    writer.post(url("principle", project, 1), fields | {"q1": "4", "q3": "1", "later": "1"})

    page = writer.get(url("check", project)).content.decode()

    shorts = re.findall(r"<dt>(Patients first \d)</dt>", page)
    assert shorts == ["Patients first 3", "Patients first 1", "Patients first 2"]
    assert "13 questions have no answer yet." in page


def test_sending_with_gaps_lists_them_as_links(project, writer):
    answer_all(writer.review, again="")
    question = Question.objects.get(short="Clear processes 2")
    draft = sealing.own_answers(writer.review)[question.pk]
    sealing.save_answer(
        writer.review,
        question,
        None,
        revision=draft.revision,
        actor=member_of(writer.review.organisation),
        at=NOON,
    )

    response = writer.post(url("send", project))

    text = response.content.decode()
    assert response.status_code == 422
    assert f'<a href="#q{question.pk}">“Clear processes 2” has no answer.</a>' in text
    assert '<a href="#overall">' in text


def test_sending_shows_that_it_is_sent_and_sealed(project, writer, side):
    answer_all(writer.review)
    page = writer.get(url("check", project))
    assert "When" in page.content.decode()

    response = writer.post(url("send", project), fields_of(page), follow=True)

    text = response.content.decode()
    assert "Your review is sent and sealed" in text
    assert f"Reference {project.reference}-1" in text
    assert partner_of(project, other_side(side)).name in text


def test_the_last_one_opens_the_results_at_once(project, writer, side):
    answer_all(writer.review)
    make_sent(review_of(project, other_side(side)))
    page = writer.get(url("check", project))
    assert "Both open the moment you send" in page.content.decode()

    fields = fields_of(page) | {"seen": re.findall(r'name="seen" value="(\d+)"', page.content.decode())}
    response = writer.post(url("send", project), fields)

    assert response.url == reverse("evaluations:results", args=[project.reference])
    project.refresh_from_db()
    assert project.stage == "learn"


def test_who_looked_before_the_other_sent_looks_again(project, writer, side):
    answer_all(writer.review)
    fields = fields_of(writer.get(url("check", project)))
    make_sent(review_of(project, other_side(side)))

    response = writer.post(url("send", project), fields)

    assert response.status_code == 409
    assert "Something has changed since you opened this page." in response.content.decode()
    assert "Both open the moment you send" in response.content.decode()
    writer.review.refresh_from_db()
    assert writer.review.sent_at is None

    seen = re.findall(r'name="seen" value="(\d+)"', response.content.decode())
    assert writer.post(url("send", project), {"seen": seen}).status_code == 302


@pytest.mark.parametrize("seen", ["abc", "-1", "9" * 40, "١", ""])
def test_a_forged_list_of_senders_opens_nothing(project, writer, side, seen):
    answer_all(writer.review)
    make_sent(review_of(project, other_side(side)))

    assert writer.post(url("send", project), {"seen": seen}).status_code == 409
    assert sealing.opened(project) is None


def test_sending_twice_by_a_double_click_is_sending_once(project, writer):
    answer_all(writer.review)

    answers = [writer.post(url("send", project)) for _ in range(2)]

    assert [(r.status_code, r.url) for r in answers] == [(302, url("start", project))] * 2
    writer.review.refresh_from_db()
    assert writer.review.sends == 1
    assert Event.objects.filter(verb="review.sent").count() == 1


def test_a_sent_review_is_reopened_changed_and_sent_again(project, writer):
    answer_all(writer.review)
    writer.post(url("send", project))
    assert writer.get(url("principle", project, 1)).url == url("start", project)

    for _ in range(2):
        assert writer.post(url("reopen", project)).status_code == 302
    fields = fields_of(writer.get(url("principle", project, 1)))
    writer.post(url("principle", project, 1), fields | {"q1": "1"})
    writer.post(url("send", project))

    writer.review.refresh_from_db()
    assert (writer.review.sends, contents(writer.review)[0]) == (2, (1, ""))


def test_after_opening_the_review_leads_to_the_results(project, writer):
    for side in ("group", "company"):
        make_sent(review_of(project, side))
    reviews.open_if_complete(project, actor=None, at=NOON)

    assert writer.get(url("start", project)).url == reverse("evaluations:results", args=[project.reference])
    assert writer.post(url("reopen", project), follow=True).status_code == 200
    assert Review.objects.filter(opened_at=None).count() == 0


def test_what_stays_sealed_after_a_one_sided_close_is_read_by_its_own_side_only(side):
    project = make_open_project(review_due_on=FUTURE - dt.timedelta(days=60), result="reached")
    mine = signed_in(person_on(project, side))
    theirs = signed_in(person_on(project, other_side(side)))
    answer_all(review_of(project, side), comment="Our own words")
    make_sent(review_of(project, side))

    assert "See the choices" in mine.get(url("start", project)).content.decode()
    assert mine.post(url("close", project)).status_code == 302

    assert "This review stays sealed" in mine.get(url("start", project)).content.decode()
    assert "Our own words" in mine.get(url("copy", project)).content.decode()
    assert "Our own words" not in theirs.get(url("copy", project)).content.decode()


# Readers, copies, choices


def test_readers_read_the_draft_only_when_it_is_shown_to_them(project, writer, side):
    reader = signed_in(person_on(project, side, "reader"))
    answer_all(writer.review, comment="Draft words")
    pages = ["start", "copy", "copy_pdf"]
    assert [reader.get(url(name, project)).status_code for name in pages] == [404] * 3

    for _ in range(2):
        writer.post(url("show", project), {"shown": "yes"})

    assert "Draft words" in reader.get(url("copy", project)).content.decode()
    assert reader.get(url("start", project)).url == url("copy", project)
    assert reader.get(url("principle", project, 1)).status_code == 403
    assert reader.post(url("send", project)).status_code == 403
    writer.post(url("show", project), {"shown": "no"})
    assert reader.get(url("copy", project)).status_code == 404


def test_the_copy_is_a_file_that_is_kept_nowhere(project, writer, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    answer_all(writer.review, level=2, comment="On paper")

    response = writer.get(url("copy_pdf", project))

    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]
    assert "On paper" in pdf_text(response.content)
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize("name", ["start", "principle", "overall", "check", "copy", "copy_pdf", "late"])
def test_no_page_of_a_review_is_kept_by_a_browser(project, side, name):
    project.review_due_on = FUTURE - dt.timedelta(days=60)
    project.save()
    client = signed_in(person_on(project, side))
    if name == "late":
        make_sent(review_of(project, side))

    response = client.get(url(name, project, *([1] if name == "principle" else [])))

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_the_late_page_offers_what_is_open_and_is_not_there_before(side):
    project = make_open_project()
    client = signed_in(person_on(project, side))
    answer_all(review_of(project, side))
    make_sent(review_of(project, side))
    assert client.get(url("late", project)).status_code == 404

    project.review_due_on = FUTURE - dt.timedelta(days=60)
    project.save()

    page = client.get(url("late", project)).content.decode()
    assert re.findall(r"<h2[^>]*>([^<]*)</h2>", page) == [
        "Keep waiting",
        "Close without theirs",
        "Share mine anyway",
    ]
    assert "Record the result for patients first." in page


def test_sharing_shows_the_review_to_the_other_side(side):
    project = make_open_project(review_due_on=FUTURE - dt.timedelta(days=60))
    mine = signed_in(person_on(project, side))
    theirs = signed_in(person_on(project, other_side(side), "reader"))
    answer_all(review_of(project, side), comment="Read this")
    answer_all(review_of(project, other_side(side)), comment="Never this")
    make_sent(review_of(project, side))
    assert theirs.get(url("shared", project)).status_code == 404

    for _ in range(2):
        assert mine.post(url("share", project)).status_code == 302

    page = theirs.get(url("shared", project)).content.decode()
    assert ("Read this" in page, "Never this" in page) == (True, False)
    assert "Never this" not in mine.get(url("shared", project)).content.decode()


def test_excusing_by_all_senders_opens_the_others_for_everybody(side):
    project = make_open_project(groups=2, companies=2, review_due_on=FUTURE - dt.timedelta(days=60))
    rows = {r.organisation_id: r for r in project.reviews.all()}
    stuck = project.participations.filter(side=side).order_by("-pk").first().organisation
    senders = [review for pk, review in rows.items() if pk != stuck.pk]
    clients = [signed_in(member_of(review.organisation)) for review in senders]
    for review in senders:
        make_sent(review)

    for client in clients:
        assert stuck.name in html.unescape(client.get(url("late", project)).content.decode())
        for _ in range(2):
            response = client.post(url("excuse", project, stuck.slug))

    assert response.status_code == 302
    project.refresh_from_db()
    assert project.stage == "learn"


def test_nobody_is_excused_who_is_not_on_the_project(side):
    project = make_open_project(review_due_on=FUTURE - dt.timedelta(days=60))
    client = signed_in(person_on(project, side))
    make_sent(review_of(project, side))
    stranger = make_organisation("group")

    assert client.post(url("excuse", project, stranger.slug)).status_code == 404


def test_choosing_twice_is_choosing_once_and_waiting_takes_it_back(side):
    project = make_open_project(
        groups=2, companies=2, result="reached", review_due_on=FUTURE - dt.timedelta(days=60)
    )
    own = [project.reviews.get(organisation=p.organisation) for p in project.participations.filter(side=side)]
    for review in own:
        make_sent(review)
    client = signed_in(member_of(own[0].organisation))

    for _ in range(2):
        client.post(url("close", project))
    assert late.choices_of(Review.objects.get(pk=own[1].pk), at=timezone.now()).close_agreed == (
        own[0].organisation,
    )
    for _ in range(2):
        assert client.post(url("wait", project)).status_code == 302

    assert late.choices_of(Review.objects.get(pk=own[1].pk), at=timezone.now()).close_agreed == ()
    assert Event.objects.filter(verb="review.close_chosen").count() == 1


def test_a_wish_to_withdraw_is_shown_to_the_senders(project, writer, side):
    late.consent_to_withdraw(
        project,
        organisation=partner_of(project, other_side(side)),
        actor=person_on(project, other_side(side)),
        at=NOON,
    )

    assert "asks to withdraw the project" in writer.get(url("start", project)).content.decode()


def test_without_a_token_no_form_is_taken(project, side):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person_on(project, side))

    for name in ("send", "reopen", "show", "share", "close", "wait", "overall_save"):
        assert client.post(url(name, project)).status_code == 403
