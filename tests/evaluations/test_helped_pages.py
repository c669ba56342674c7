"""The page of a review that asks whether what was brought along helped, and where its answers are read."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Event
from evaluations import sealing
from evaluations.actions import reviews
from evaluations.models import HelpQuestion, Review
from partnerships.models import ProjectPerson
from principles.models import Question
from tests.browse import fields_of, signed_in
from tests.evaluations.brought import LEARNING, PROMISE, asking_project, silent_project
from tests.evaluations.opened import open_reviews
from tests.evaluations.test_helped import asked, say
from tests.evaluations.test_review_pages import url, words_of
from tests.factories import (
    NOON,
    add_agency,
    answer_all,
    join,
    make_person,
    make_sent,
    member_of,
    other_side,
    partner_of,
    person_on,
    review_of,
)
from tests.pdf import pdf_text

pytestmark = pytest.mark.django_db

QUESTION = "What you brought along: did it help?"


@pytest.fixture
def project():
    return asking_project()


@pytest.fixture
def writer(project, side):
    """A Lead of one side, at their browser."""
    client = signed_in(person_on(project, side))
    client.review = review_of(project, side)
    return client


def contents(review):
    return [draft.content for _question, draft in sorted(sealing.own_helped(review).items())]


# Writing --------------------------------------------------------------------------------------------


def test_the_page_asks_about_each_thing_with_the_words_of_the_plan(project, writer, side):
    page = writer.get(url("helped", project))

    text = page.text
    assert [PROMISE in text, LEARNING in text] == [True, True]
    promiser = partner_of(project, "group")
    assert f"{promiser} promised this in Peer mentors." in text
    assert "Learned in Peer mentors." in text
    assert text.count('type="radio"') == 8
    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.parametrize("promises", [1, 3])
def test_the_page_keeps_to_its_words_and_its_queries(promises, side, django_assert_num_queries):
    project = asking_project(promises=promises, learning=False)
    client = signed_in(person_on(project, side))

    with django_assert_num_queries(10):
        page = client.get(url("helped", project))
    assert len(words_of(page)) <= 200
    fields = fields_of(page) | {f"q{n}": "yes" for n in range(1, promises + 1)} | {"q1-why": "A word"}
    with django_assert_num_queries(14):
        assert client.post(url("helped", project), fields).status_code == 302
    with django_assert_num_queries(10):
        client.get(url("helped", project))


def test_saving_keeps_the_answers_and_goes_on_to_the_project_as_a_whole(project, writer):
    fields = fields_of(writer.get(url("helped", project)))

    response = writer.post(
        url("helped", project), fields | {"q1": "little", "q1-why": "Twice", "q2": "dont_know"}
    )

    assert (response.status_code, response.url) == (302, url("overall", project))
    assert contents(writer.review) == [("little", "Twice"), ("dont_know", "")]
    assert not Event.objects.filter(project=project.reference, verb__contains="answer").exists()


def test_it_comes_after_the_last_principle_and_before_the_project_as_a_whole(project, writer):
    fields = fields_of(writer.get(url("principle", project, 5))) | {"q1": "2", "q2": "2", "q3": "2"}

    assert writer.post(url("principle", project, 5), fields).url == url("helped", project)
    assert f'href="{url("helped", project)}"' in writer.get(url("overall", project)).text
    assert f'href="{url("principle", project, 5)}"' in writer.get(url("helped", project)).text


def test_nobody_has_to_answer_it(project, writer):
    answer_all(writer.review)
    fields = fields_of(writer.get(url("helped", project)))

    assert writer.post(url("helped", project), fields).url == url("overall", project)
    check = writer.get(url("check", project))
    assert "No answer (optional)" in check.text
    assert "has no answer yet" not in check.text
    sent = writer.post(url("send", project))
    assert sent.url == url("start", project)
    writer.review.refresh_from_db()
    assert writer.review.sent_at is not None


def test_finish_later_leads_to_the_start_which_tells_how_far_it_is(project, writer):
    start = url("start", project)
    assert "Optional" in writer.get(start).text

    fields = fields_of(writer.get(url("helped", project))) | {"q1": "yes", "later": "1"}
    assert writer.post(url("helped", project), fields).url == start
    assert "Optional" not in writer.get(start).text
    say(writer.review, "no", question=asked(project)[1])

    assert sealing.progress(writer.review).help_done


@pytest.mark.parametrize(
    ("done", "page"), [((), "principle"), (("answers",), "helped"), (("answers", "helped"), "overall")]
)
def test_carrying_on_leads_to_it_once(project, writer, done, page):
    if "answers" in done:
        entries = [sealing.Entry(question.pk, 3) for question in Question.objects.all()]
        sealing.save_answers(writer.review, entries, actor=member_of(writer.review.organisation), at=NOON)
    if "helped" in done:
        say(writer.review, "yes")

    text = writer.get(url("start", project)).text

    address = url(page, project, *([1] if page == "principle" else []))
    assert f'class="btn btn-primary btn-wide" href="{address}"' in text


def test_from_the_check_page_one_comes_back_to_it(project, writer):
    answer_all(writer.review)
    check = writer.get(url("check", project)).text
    assert f'href="{url("helped", project)}?then=check#q2"' in check

    page = writer.get(url("helped", project) + "?then=check")
    response = writer.post(url("helped", project), fields_of(page) | {"q2": "no", "q2-why": "It came late"})

    assert response.url == url("check", project) + "#helped"
    assert "It came late" in writer.get(url("check", project)).text


def test_where_nothing_was_brought_there_is_no_such_page_and_no_word_of_it(side):
    project = silent_project()
    person = person_on(project, side)
    client = signed_in(person)
    answer_all(review_of(project, side))

    assert client.get(url("helped", project)).status_code == 404
    assert client.post(url("helped_save", project)).status_code == 404
    for page in ("start", "overall", "check", "copy", "questions"):
        text = client.get(url(page, project)).text
        assert "did it help" not in text.lower()
        assert "/review/helped/" not in text
    fields = fields_of(client.get(url("principle", project, 5)))
    assert client.post(url("principle", project, 5), fields).url == url("overall", project)
    for text in everything_opened(open_and_read(project, client)):
        assert "did it help" not in text.lower()


@pytest.mark.parametrize("wrong", ["perhaps", "1", "not_here"])
def test_what_is_no_answer_is_refused_and_what_was_typed_stays(project, writer, wrong):
    fields = fields_of(writer.get(url("helped", project)))

    response = writer.post(url("helped", project), fields | {"q1": wrong, "q1-why": "Stays", "q2": "yes"})

    assert response.status_code == 422
    assert "Choose one of the answers." in response.text
    assert "Stays" in response.text
    assert contents(writer.review) == []


def test_a_comment_that_is_too_long_is_refused_at_its_field(project, writer):
    fields = fields_of(writer.get(url("helped", project)))

    response = writer.post(url("helped", project), fields | {"q2-why": "a" * 2001})

    assert response.status_code == 422
    assert 'href="#q2-why"' in response.text


# Two at once ----------------------------------------------------------------------------------------


def test_when_a_colleague_was_faster_both_texts_are_there_to_choose_from(project, writer, side):
    fields = fields_of(writer.get(url("helped", project)))
    say(writer.review, "yes", "Theirs", actor=person_on(project, side, name="Ola Berg"))

    response = writer.post(url("helped", project), fields | {"q1": "no", "q1-why": "Mine", "q2": "yes"})

    assert response.status_code == 409
    for words in ("Ola Berg changed this at", "Theirs", "Mine", "Keep mine"):
        assert words in response.text
    assert "data-autosave" not in response.text
    assert contents(writer.review) == [("yes", "Theirs"), ("yes", "")]

    settled = fields_of(response) | {"q1": "no", "q1-why": "Mine", "q1-keep": "mine"}
    assert writer.post(url("helped", project), settled).status_code == 302
    assert contents(writer.review)[0] == ("no", "Mine")


def test_keeping_what_is_saved_keeps_it(project, writer, side):
    fields = fields_of(writer.get(url("helped", project)))
    say(writer.review, "yes", "Theirs")
    response = writer.post(url("helped", project), fields | {"q1": "no", "q1-why": "Mine"})

    writer.post(url("helped", project), fields_of(response) | {"q1-keep": "theirs"})

    assert contents(writer.review)[0] == ("yes", "Theirs")


def test_saving_along_answers_the_script_and_never_conflicts_with_itself(project, writer):
    fields = fields_of(writer.get(url("helped", project)))
    page = fields["page"].split(".")[0]

    first = writer.post(url("helped_save", project), fields | {"page": f"{page}.1", "q1": "no"})
    second = writer.post(url("helped_save", project), fields | {"page": f"{page}.2", "q1": "yes"})

    assert [first.status_code, second.status_code] == [200, 200]
    assert second.json()["message"].startswith("Saved ")
    assert set(second.json()["carry"]) == {"q1-read", "q2-read"}
    assert contents(writer.review) == [("yes", "")]


def test_saving_along_says_that_a_colleague_was_faster_or_that_it_was_sent(project, writer):
    fields = fields_of(writer.get(url("helped", project))) | {"q1": "no"}
    say(writer.review, "yes", "Theirs")
    assert writer.post(url("helped_save", project), fields).status_code == 409

    make_sent(writer.review)

    answer = writer.post(url("helped_save", project), fields)
    assert (answer.status_code, "was sent meanwhile" in answer.json()["message"]) == (409, True)
    page = writer.post(url("helped", project), fields)
    assert (page.status_code, "was sent meanwhile" in page.text) == (409, True)
    assert writer.get(url("helped", project)).url == url("start", project)


def test_reopened_it_can_be_changed_until_the_others_have_sent(project, writer, side):
    say(writer.review, "yes", "Before")
    make_sent(writer.review)
    writer.post(url("reopen", project))

    fields = fields_of(writer.get(url("helped", project))) | {"q1": "no", "q1-why": "After"}
    writer.post(url("helped", project), fields)

    assert contents(writer.review) == [("no", "After")]


# Reading --------------------------------------------------------------------------------------------


def open_and_read(project, client):
    """Open the reviews, and a browser that reads them."""
    open_reviews(project)
    client.project = project
    return client


def everything_opened(client):
    """The results as a page, on paper and as a file, and the own copy as a page and as a file."""
    for name in ("results", "results_print"):
        yield client.get(reverse(f"evaluations:{name}", args=[client.project.reference])).text
    yield pdf_text(client.get(reverse("evaluations:results_pdf", args=[client.project.reference])).content)
    yield client.get(url("copy", client.project)).text
    yield pdf_text(client.get(url("copy_pdf", client.project)).content)


def said_by_both(project, side):
    say(review_of(project, side), "little", "Ours came early.")
    say(review_of(project, other_side(side)), "no", "Theirs came late.")


def test_after_opening_both_answers_stand_beside_the_promise(project, side):
    said_by_both(project, side)
    client = open_and_read(project, signed_in(person_on(project, side)))

    page, paper, file, copy, copy_file = everything_opened(client)

    for text in (page, paper, file):
        for words in (PROMISE, LEARNING, "Ours came early.", "Theirs came late.", "A little"):
            assert words in " ".join(text.split())
    section = page.partition('id="helped"')[2].partition("</section>")[0]
    assert section.index("<b>You</b> said <b>A little</b>") < section.index("said <b>No</b>")
    assert section.count("said <b>No answer</b>") == 2
    assert "<b>You</b>" not in paper
    for text in (copy, copy_file):
        assert "Ours came early." in text
        assert "Theirs came late." not in text


def test_two_organisations_on_a_side_each_keep_their_own_answer(side):
    project = asking_project(groups=2, companies=2)
    for number, review in enumerate(project.reviews.order_by("pk")):
        say(review, "yes", f"Word {number}.")
    newcomer = project.reviews.order_by("pk").last().organisation
    client = open_and_read(project, signed_in(member_of(newcomer)))

    text = client.get(reverse("evaluations:results", args=[project.reference])).text

    for number in range(4):
        assert f"Word {number}." in text
    assert "Peer mentors" not in text


def test_a_newcomer_is_asked_too_and_learns_no_title_of_a_project_of_others(side):
    project = asking_project(**{"groups" if side == "group" else "companies": 2})
    newcomer = project.participations.filter(side=side).order_by("pk").last().organisation
    client = signed_in(member_of(newcomer))

    text = client.get(url("helped", project)).text

    assert PROMISE in text
    assert "Peer mentors" not in text


@pytest.mark.parametrize("promises", [1, 3])
def test_the_results_cost_the_same_however_much_was_brought(side, promises, django_assert_num_queries):
    project = asking_project(promises=promises)
    said_by_both(project, side)
    client = open_and_read(project, signed_in(person_on(project, side)))
    address = reverse("evaluations:results", args=[project.reference])

    with django_assert_num_queries(14):
        assert client.get(address).status_code == 200


def test_where_it_came_from_it_is_read_whether_it_helped(project, side):
    said_by_both(project, side)
    learning = asked(project)[1]
    say(review_of(project, side), "yes", "We began with it.", question=learning)
    earlier = learning.part.conclusion.project
    person = person_on(project, side)
    client = signed_in(person)
    pages = [
        reverse("evaluations:promise_list", args=[earlier.reference]),
        reverse("evaluations:learning_list"),
    ]
    for page in pages:
        assert "Did it help?" not in client.get(page).text

    open_reviews(project)

    for page in pages:
        text = client.get(page).text
        for words in ("Did it help?", "Carer handbook", "Ours came early.", "Theirs came late."):
            assert words in text
    assert "We began with it." in client.get(pages[1]).text


def test_whoever_may_not_read_the_results_does_not_read_it_where_it_came_from_either(side):
    project = asking_project()
    said_by_both(project, side)
    open_reviews(project)
    earlier = asked(project)[0].promise.project
    # On the earlier project they act for its partner; on the later one for the agency they work for.
    person = person_on(earlier, side)
    agency = add_agency(project, partner_of(project, side))
    join(person, agency)
    ProjectPerson.objects.create(project=project, person=person, acting_for=agency, joined_at=NOON)

    text = signed_in(person).get(reverse("evaluations:promise_list", args=[earlier.reference])).text

    assert PROMISE in text
    assert "Ours came early." not in text


def test_the_questions_on_paper_ask_it_too(project, side):
    text = signed_in(person_on(project, side, "reader")).get(url("questions", project)).text

    assert QUESTION in text
    assert PROMISE in text


def test_the_admin_reads_it_once_it_is_open(project, side):
    said_by_both(project, side)
    client = Client()
    client.force_login(make_person("Super User", is_staff=True, is_superuser=True))
    address = reverse("admin:evaluations_review_change", args=[review_of(project, side).pk])
    assert "Ours came early." not in client.get(address).text

    open_reviews(project)

    assert "Ours came early." in client.get(address).text


def test_what_was_shared_early_shows_it(project, side):
    said_by_both(project, side)
    make_sent(review_of(project, side))
    Review.objects.filter(pk=review_of(project, side).pk).update(shared_at=NOON)

    text = signed_in(person_on(project, other_side(side))).get(url("shared", project)).text

    assert "Ours came early." in text
    assert "Theirs came late." not in text


def test_the_last_one_who_sends_opens_it_with_everything_else(project, side):
    said_by_both(project, side)
    for each in (side, other_side(side)):
        review = review_of(project, each)
        answer_all(review)
        seen = {other.organisation_id for other in project.reviews.exclude(sent_at=None)}
        reviews.send_review(review, actor=member_of(review.organisation), at=NOON, seen_senders=seen)

    project.refresh_from_db()
    assert project.stage == "learn"
    assert [review.helped[0].comment for review in sealing.opened(project).reviews] in (
        ["Ours came early.", "Theirs came late."],
        ["Theirs came late.", "Ours came early."],
    )
    assert HelpQuestion.objects.filter(project=project).count() == 2
