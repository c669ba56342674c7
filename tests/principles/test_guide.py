"""The public guide: every word of the principles, for anybody."""

import html
import tomllib

import pytest
from django.urls import reverse

from principles.actions import DATA, load_principles
from principles.models import PrincipleSet
from tests.factories import NOON, make_principles

pytestmark = pytest.mark.django_db

IN_FILE = tomllib.loads(DATA.read_text(encoding="utf-8"))
PRINCIPLES = IN_FILE["principle"]


def words(client, address):
    """What stands in the middle of a page."""
    response = client.get(address)
    assert response.status_code == 200
    return html.unescape(response.text.partition("<main")[2].partition("</main>")[0])


def address(code):
    return reverse("principles:principle_detail", args=[code])


def test_the_guide_leads_a_stranger_to_each_of_the_five_principles(client):
    load_principles(at=NOON)

    shown = words(client, reverse("principles:guide"))

    assert len(PRINCIPLES) == 5
    for principle in PRINCIPLES:
        assert f'<a href="{address(principle["code"])}">{principle["name"]}</a>' in shown
        assert principle["question"] in shown
    assert "Edition 2026-11." in shown


@pytest.mark.parametrize("principle", PRINCIPLES, ids=lambda principle: principle["code"])
def test_a_stranger_reads_every_word_of_a_principle(client, principle):
    load_principles(at=NOON)
    labels = [level["label"] for level in IN_FILE["level"]]

    shown = words(client, address(principle["code"]))

    for name in ("name", "question", "summary", "for_groups", "for_companies", "opening_question"):
        assert principle[name] in shown
    assert ["What groups can do" in shown, "What companies can do" in shown] == [True, True]
    assert shown.index(principle["for_groups"]) < shown.index("What companies can do")
    assert len(principle["question_bank"]) == 3
    for question in principle["question_bank"]:
        _before, heading, rest = shown.partition(f">{question['text']}</h3>")
        levels = "".join(
            f"<div><dt>{label}</dt><dd>{text}</dd></div>"
            for label, text in zip(labels, question["levels"], strict=True)
        )
        assert heading
        assert levels in rest.partition("</section>")[0]
        assert question.get("help", "") in rest.partition("</section>")[0]
        assert ("Also asked in check-ins" in rest.partition("</section>")[0]) == question.get("pulse", False)


def test_from_one_principle_to_the_next_and_back(client):
    load_principles(at=NOON)
    codes = [principle["code"] for principle in PRINCIPLES]

    shown = [words(client, address(code)) for code in codes]

    for number, page in enumerate(shown):
        ways = [other for other in codes if f'href="{address(other)}"' in page]
        assert ways == [codes[near] for near in (number - 1, number + 1) if 0 <= near < 5]


def test_before_an_edition_is_published_the_guide_says_so_and_a_principle_is_not_there(client):
    edition = make_principles()
    PrincipleSet.objects.update(published_at=None)

    shown = words(client, reverse("principles:guide"))
    unpublished = client.get(address(edition.principles.first().code))
    home = client.get("/")

    assert "The guide is not published yet" in shown
    assert (unpublished.status_code, home.status_code) == (404, 200)


def test_the_guide_shows_the_newest_edition_alone(client):
    load_principles(at=NOON)
    make_principles("2020-01").principles.update(name="Of another edition")
    PrincipleSet.objects.filter(edition="2020-01").update(published_at=NOON.replace(year=2020))

    shown = words(client, reverse("principles:guide")) + words(client, address("patients-first"))

    assert "Of another edition" not in shown


@pytest.mark.parametrize("name", ["guide", "principle_detail"])
def test_a_page_of_the_guide_asks_the_same_number_of_questions(client, django_assert_num_queries, name):
    load_principles(at=NOON)
    make_principles("2020-01")
    where = reverse("principles:guide") if name == "guide" else address("patients-first")
    client.get(where)

    with django_assert_num_queries({"guide": 2, "principle_detail": 6}[name]):
        client.get(where)
