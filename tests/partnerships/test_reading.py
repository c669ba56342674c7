"""Hints about plain words: what can be mended, in words, and never a score."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.rulesets.reading import MOST_WORDS, read, reading_hints

LONG = "We " + "will " * MOST_WORDS + "meet."
SHORT = "We meet each month."
HARD = "Notwithstanding organisational confidentiality, responsibilities remain."


@pytest.mark.parametrize(
    "text, hints",
    [
        ("", []),
        (" … \n", []),
        (SHORT, ["Short and clear."]),
        (f"{SHORT} {SHORT}", ["Short and clear."]),
        (LONG, ["One sentence is longer than 20 words: “We will will will …”."]),
        (
            f"{LONG} {SHORT}\n{LONG}",
            [
                "Two sentences are longer than 20 words: “We will will will …” and “We will will will …”.",
            ],
        ),
        (
            HARD,
            [
                "Many long words: Notwithstanding, organisational, confidentiality and responsibilities.",
            ],
        ),
        # One long name makes no text hard.
        ("Aldermoor Pharmaceuticals pays.", ["Short and clear."]),
        # Ten letters are no ten digits.
        ("Call 020 7946 0000123456 or 0207946000 or 9999999999.", ["Short and clear."]),
    ],
)
def test_a_hint_says_in_words_what_can_be_mended(text, hints):
    assert reading_hints(text, "en-gb") == hints


def test_no_more_than_a_handful_is_named():
    words = " ".join(f"{letter}aaaaaaaaaa" for letter in "bcdefgh")

    assert reading_hints(words, "en")[-1] == (
        "Many long words: baaaaaaaaaa, caaaaaaaaaa, daaaaaaaaaa, eaaaaaaaaaa, faaaaaaaaaa and others."
    )


@pytest.mark.parametrize("end", [". ", "! ", "? ", ".” ", "… ", "\n", ".\r\n"])
def test_a_sentence_ends_where_a_reader_takes_breath(end):
    assert read("We will meet" + end + "Then we talk").sentences == 2


@pytest.mark.parametrize("inside", ["1,200.50", "www.example.org", "e.g.the", "U.K.based"])
def test_a_point_inside_a_word_ends_no_sentence(inside):
    assert read(f"We pay {inside} now.").sentences == 1


@pytest.mark.parametrize("language", ["de", "fr-ch", "pl"])
def test_a_text_in_another_language_gets_no_hint(language):
    assert reading_hints(LONG, language) == []


@given(st.text())
def test_any_text_is_read_and_what_is_named_stands_in_it(text):
    reading = read(text)

    assert reading_hints(text, "en") is not None
    assert 0 <= reading.share <= 1
    assert len(reading.long_sentences) <= reading.sentences <= reading.words
    assert all(part in text for part in (*reading.long_sentences, *reading.long_words))
    assert (reading_hints(text, "en") == []) == (reading.words == 0)


sentences = st.lists(st.sampled_from([SHORT, LONG, HARD, "Yes.", "No"]), max_size=6).map("\n".join)


@given(sentences, sentences)
def test_more_text_never_has_fewer_long_sentences_or_words(first, second):
    both, one, other = read(f"{first}\n{second}"), read(first), read(second)

    assert len(both.long_sentences) == len(one.long_sentences) + len(other.long_sentences)
    assert both.words == one.words + other.words
    assert set(both.long_words) == set(one.long_words) | set(other.long_words)
    assert min(one.share, other.share) <= both.share <= max(one.share, other.share) or not both.words


@given(st.integers(1, 60))
def test_a_sentence_that_grows_never_becomes_short_again(count):
    shorter, longer = (read("we " * number).long_sentences for number in (count, count + 1))

    assert len(shorter) <= len(longer)
    assert bool(shorter) == (count > MOST_WORDS)


@given(sentences)
def test_short_and_clear_is_never_said_beside_something_else(text):
    hints = reading_hints(text, "en")

    assert ("Short and clear." in hints) <= (hints == ["Short and clear."])
    # No score: the only figure is how many words a sentence may have.
    assert set(re.findall(r"\d+", " ".join(hints))) <= {"20"}
