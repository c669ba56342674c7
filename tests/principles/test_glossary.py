"""Words of contracts: short enough to be read, found where they stand and nowhere else."""

import re

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from principles.glossary import WORDS_IN_A_MEANING, find_words, glossary

WORDS = glossary("en")


def found(text):
    return [word.word for word in find_words(text, "en")]


def test_there_are_forty_words_at_least_in_the_order_of_the_alphabet():
    assert len(WORDS) >= 40
    assert [word.word for word in WORDS] == sorted((word.word for word in WORDS), key=str.casefold)


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.code)
def test_a_word_is_explained_in_short_sentences(word):
    sentences = re.split(r"(?<=[.?:;])\s+", f"{word.meaning} {word.ask}")

    assert 3 <= len(word.meaning.split()) <= WORDS_IN_A_MEANING
    assert max(len(sentence.split()) for sentence in sentences) <= 20
    assert (word.meaning[-1], word.ask[-1]) in {(".", "?")}


def test_no_word_or_form_stands_there_twice():
    spelled = [form.casefold() for word in WORDS for form in (word.word, *word.forms)]

    assert sorted(set(spelled)) == sorted(spelled)
    assert len({word.code for word in WORDS}) == len(WORDS)


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.code)
def test_each_form_of_a_word_is_found_in_whatever_capitals(word):
    for form in (word.word, *word.forms):
        for spelled in (form, form.upper(), form.capitalize(), form.replace(" ", "\n")):
            assert found(f"See “{spelled}”, below.") == [word.word]


@pytest.mark.parametrize(
    "text, words",
    [
        ("The Grants are paid.", ["grant"]),
        ("Licences and an indemnity", ["licence", "indemnity"]),
        ("Liability, liability, LIABILITY", ["liability"]),
        ("each third party’s data", ["third party"]),
        ("The data controllers decide", ["data controller"]),
        ("The controller decides", ["data controller"]),
        ("incl. VAT.", ["VAT"]),
        # Not inside other words.
        ("immigrant, unnoticed, vatican, partying, breached-ness", []),
        ("granted noticeboard Warrantyx _grant_ pre-grant", []),
        ("", []),
    ],
)
def test_words_are_found_as_words(text, words):
    assert found(text) == words


@given(st.text(), st.sampled_from(WORDS), st.text())
def test_a_word_with_space_around_is_found_in_any_text(before, word, after):
    assert word in find_words(f"{before}\n. {word.word} .\n{after}", "en")


@given(st.text())
def test_any_text_can_be_searched(text):
    assert set(find_words(text, "en")) <= set(WORDS)


@pytest.mark.parametrize("language", ["de", "en-gb", "", "../x", "x" * 300])
def test_a_language_without_a_file_reads_english(language):
    assert glossary(language) == WORDS


def test_everybody_reads_the_page_and_can_lead_to_each_word(client):
    page = client.get(reverse("principles:words")).content.decode()

    assert reverse("principles:words") == "/guide/words/"
    for word in WORDS:
        assert page.count(f'id="{word.code}"') == 1
        assert f'href="#{word.code}"' in page


@pytest.mark.django_db
def test_the_guide_leads_to_the_words(client, principles):
    assert f'href="{reverse("principles:words")}"' in client.get(reverse("principles:guide")).content.decode()
