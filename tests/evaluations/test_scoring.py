import re
from fractions import Fraction as F

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from evaluations import scoring
from evaluations.scoring import (
    ALIKE,
    COMPANY,
    DONT_KNOW,
    FAR,
    GROUP,
    LITTLE,
    NO_ANSWER,
    NOT_COMPARED,
    NOT_IN_PROJECT,
    TOO_FEW,
    VALUE,
    Draft,
    Mark,
    Organisation,
    OrganisationValue,
    Principle,
    PrincipleResult,
    Question,
    ReviewMarks,
    Tally,
    compare,
    principle_value,
    side_value,
)
from tests.evaluations.marks import (
    ALDERMOOR,
    BRIGHTON,
    LARKFIELD,
    MOORFIELD,
    PRINCIPLES,
    compared,
    marks,
    on_the_other_side,
    review,
)

# Marks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [0, 5, -1, True, False, 2.0, F(2), None, "", "2", "yes"])
def test_a_mark_is_a_level_or_one_of_two_answers_outside_the_scale(answer):
    with pytest.raises(ValueError, match="Not an answer"):
        Mark(answer)


def test_a_mark_keeps_its_comment_untouched():
    comment = "  2.5 out of 4 –\n“so-so” <b> "

    assert Mark(2, comment).comment == comment
    assert [Mark(answer).level for answer in (1, 4, DONT_KNOW, NOT_IN_PROJECT)] == [1, 4, None, None]


@pytest.mark.parametrize("side", ["agency", "", "Group"])
def test_an_organisation_sits_on_one_of_two_sides(side):
    with pytest.raises(ValueError, match="Not a side"):
        Organisation("x", "X", side)


# Values ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signs", "value", "standing"),
    [
        ("444", F(4), VALUE),
        ("111", F(1), VALUE),
        ("122", F(5, 3), VALUE),
        ("344", F(11, 3), VALUE),
        ("34?", F(7, 2), VALUE),
        ("3-4", F(7, 2), VALUE),
        ("3??", None, TOO_FEW),
        ("3--", None, TOO_FEW),
        ("3?-", None, TOO_FEW),
        ("?--", None, TOO_FEW),
        ("???", None, DONT_KNOW),
        ("---", None, NOT_IN_PROJECT),
        ("", None, NO_ANSWER),
    ],
)
def test_a_principle_needs_two_answers_of_three(signs, value, standing):
    tally = principle_value(marks(signs), 3)

    assert (tally.value, tally.standing) == (value, standing)


def test_answers_outside_the_scale_are_counted_each_on_its_own():
    assert principle_value(marks("3?-")) == Tally(total=3, answered=1, dont_know=1, not_here=1)
    assert principle_value(marks("42??-")) == Tally(total=6, answered=2, dont_know=2, not_here=1)


def test_a_question_without_any_mark_is_not_answered():
    one_left_out, two_left_out = principle_value(marks("34"), 3), principle_value(marks("4"), 3)

    assert one_left_out == Tally(total=7, answered=2, dont_know=0, not_here=0, missing=1)
    assert (one_left_out.value, two_left_out.value, two_left_out.standing) == (F(7, 2), None, TOO_FEW)


@pytest.mark.parametrize(
    ("answered", "questions", "enough"),
    [
        (1, 1, True),
        (1, 2, False),
        (2, 2, True),
        (2, 3, True),
        (2, 4, False),
        (3, 4, True),
        (3, 5, False),
        (4, 6, True),
    ],
)
def test_two_thirds_are_enough_however_many_questions_a_principle_has(answered, questions, enough):
    tally = principle_value([Mark(2)] * answered, questions)

    assert tally.value == (F(2) if enough else None)


def test_a_stored_tally_gives_back_the_exact_value():
    stored = Tally(total=5, answered=3, dont_know=0, not_here=0)

    assert (stored.value, stored.questions) == (F(5, 3), 3)


def test_a_principle_without_questions_has_no_value():
    assert (principle_value([]).value, principle_value([]).standing) == (None, NO_ANSWER)


def test_a_side_is_the_mean_of_its_organisations_and_each_keeps_its_own_mark():
    third = Organisation("carers", "Carers United", "group")
    rows = [(MOORFIELD, "111"), (LARKFIELD, "344"), (third, "???")]

    side = side_value(GROUP, [OrganisationValue(who, principle_value(marks(signs))) for who, signs in rows])

    assert side.value == (F(1) + F(11, 3)) / 2
    assert [(one.organisation, one.tally.value) for one in side.organisations] == [
        (third, None),
        (LARKFIELD, F(11, 3)),
        (MOORFIELD, F(1)),
    ]
    assert (side.dont_know, side.not_here, side.standing, side.does_not_know) == (3, 0, VALUE, False)


@pytest.mark.parametrize(
    ("rows", "standing"),
    [
        ([], NO_ANSWER),
        ([""], NO_ANSWER),
        (["???", "???"], DONT_KNOW),
        (["---", "---"], NOT_IN_PROJECT),
        (["???", "---"], TOO_FEW),
        (["4??", "4??"], TOO_FEW),
        (["4??", "44?"], VALUE),
    ],
)
def test_a_side_says_why_it_has_no_value(rows, standing):
    side = side_value(
        COMPANY, [OrganisationValue(ALDERMOOR, principle_value(marks(signs), 3)) for signs in rows]
    )

    assert side.standing == standing


# Gaps -----------------------------------------------------------------------------------------

JUST = F(1, 10**30)


@pytest.mark.parametrize("question", [False, True])
@pytest.mark.parametrize(
    ("gap", "code"),
    [
        (F(0), ALIKE),
        (F(1, 3), ALIKE),
        (F(1, 2), ALIKE),
        (F(3, 5) - JUST, ALIKE),
        (F(3, 5), LITTLE),
        (F(2, 3), LITTLE),
        (F(1), LITTLE),
        (F(133, 100), LITTLE),
        (F(4, 3) - JUST, LITTLE),
        (F(4, 3), FAR),
        (F(3, 2), FAR),
        (F(3), FAR),
        (None, NOT_COMPARED),
    ],
)
def test_the_limits_are_three_fifths_and_four_thirds_exactly(gap, code, question):
    assert scoring.gap_word(gap, question=question).code == code


def test_a_gap_is_exact_where_floats_are_not():
    means = principle_value(marks("33332")).mean, principle_value(marks("33211")).mean + F(1, 5)

    assert means[0] - means[1] == scoring.gap(*means) == F(3, 5)
    assert scoring.gap_word(scoring.gap(*means)).code == LITTLE
    assert 2.8 - 2.2 < 0.6  # what floats would have said: see it alike


@pytest.mark.parametrize(
    ("group", "company", "gap", "code"),
    [
        ("222", "344", F(5, 3), FAR),
        ("222", "333", F(1), LITTLE),
        ("111", "223", F(4, 3), FAR),
        ("112", "333", F(5, 3), FAR),
        ("22?", "333", F(1), LITTLE),
        ("23?", "333", F(1, 2), ALIKE),
        ("233", "223", F(1, 3), ALIKE),
        ("233", "222", F(2, 3), LITTLE),
        ("???", "333", None, NOT_COMPARED),
        ("3??", "333", None, NOT_COMPARED),
    ],
)
def test_a_principle_is_compared_the_same_from_either_side(group, company, gap, code):
    there = compared(group, company).principles[0]
    back = compared(company, group).principles[0]

    assert (there.gap, there.word.code) == (back.gap, back.word.code) == (gap, code)


@pytest.mark.parametrize(
    ("group", "company", "text"),
    [
        ("1", "1", "See it alike"),
        ("3", "4", "A little apart"),
        ("2", "4", "Far apart, 2 steps"),
        ("1", "4", "Far apart, 3 steps"),
        ("?", "4", "Nothing to compare"),
        ("-", "?", "Nothing to compare"),
    ],
)
def test_a_question_says_how_many_steps_lie_between_far_answers(group, company, text):
    question = compared(group * 3, company * 3).principles[0].questions[0]

    assert str(question.word) == text


def test_a_principle_never_says_steps():
    assert str(compared("111", "333").principles[0].word) == "Far apart"


def test_between_several_organisations_a_fraction_of_a_step_is_not_counted_in_steps():
    group, first = review(LARKFIELD, "111"), review(ALDERMOOR, "222")
    half_a_step = compare(PRINCIPLES, [group, first, review(BRIGHTON, "333")]).principles[0].questions[0]
    whole_steps = compare(PRINCIPLES, [group, first, review(BRIGHTON, "444")]).principles[0].questions[0]

    assert (half_a_step.gap, str(half_a_step.word)) == (F(3, 2), "Far apart")
    assert (whole_steps.gap, str(whole_steps.word)) == (F(2), "Far apart, 2 steps")


# Words for a value ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (F(1), "No"),
        (F(7, 6), "No"),
        (F(117, 100), "No"),
        (F(117, 100) + JUST, "between No and Partly"),
        (F(4, 3), "between No and Partly"),
        (F(5, 3), "between No and Partly"),
        (F(183, 100) - JUST, "between No and Partly"),
        (F(183, 100), "Partly"),
        (F(11, 6), "Partly"),
        (F(2), "Partly"),
        (F(5, 2), "between Partly and Mostly"),
        (F(3), "Mostly"),
        (F(10, 3), "between Mostly and Yes"),
        (F(11, 3), "between Mostly and Yes"),
        (F(23, 6), "Yes"),
        (F(4), "Yes"),
    ],
)
def test_a_value_near_a_level_takes_its_word(value, words):
    assert str(scoring.value_word(value)) == words


def test_the_words_of_the_levels_come_from_the_edition_that_was_answered():
    levels = ("Nein", "Teils", "Meist", "Ja")

    assert [str(scoring.value_word(v, levels)) for v in (F(1), F(7, 2))] == ["Nein", "between Meist and Ja"]


@pytest.mark.parametrize(
    ("value", "level"),
    [
        (F(1), 1),
        (F(3, 2), 1),
        (F(3, 2) + JUST, 2),
        (F(5, 3), 2),
        (F(5, 2), 2),
        (F(8, 3), 3),
        (F(7, 2), 3),
        (F(4), 4),
    ],
)
def test_a_value_halfway_between_two_levels_counts_as_the_lower(value, level):
    assert scoring.rounded_level(value) == level


@pytest.mark.parametrize(
    ("first", "second", "level"),
    [(F(4), F(1), 1), (F(8, 3), F(11, 3), 3), (F(5, 2), F(4), 2), (None, F(3), 3), (None, None, None)],
)
def test_one_number_for_both_sides_is_the_lower_one(first, second, level):
    assert scoring.shade_level(first, second) == scoring.shade_level(second, first) == level


def test_a_principle_is_shaded_by_the_lower_experience():
    results = compared("444 111 ??? ???", "122 444 344 ???").principles

    assert [result.shade for result in results] == [2, 1, 4, None, None]


# The headline ---------------------------------------------------------------------------------

MOCK_UP = ("344 334 122 333 334", "444 334 344 322 344")


@pytest.mark.parametrize(
    ("group", "company", "headline"),
    [
        (*MOCK_UP, "You agree on most things. Start with clear processes."),
        (
            "111 111 333 333 333",
            "333 444 333 333 333",
            "You agree on most things. Start with mutual expertise and patients first.",
        ),
        (
            "111 222 333 333 333",
            "333 333 222 444 444",
            "You see some things differently. Start with patients first.",
        ),
        (
            "111 111 111 333 333",
            "333 333 333 333 333",
            "You had different experiences. Talk before you write anything.",
        ),
        (
            "111 111 111 111 111",
            "444 444 444 444 444",
            "You had different experiences. Talk before you write anything.",
        ),
        (
            "333 333 333 222 333",
            "333 333 444 333 333",
            "You saw this project in a similar way. Start with two-way dialogue.",
        ),
        (
            "333 334 344 444 444",
            "333 333 344 444 344",
            "You both saw this project the same way, and it went well.",
        ),
        (
            "111 112 122 111 112",
            "111 111 112 112 122",
            "You agree: this project was hard. Choose what to change.",
        ),
        (
            "333 333 333 333 233",
            "333 333 333 333 333",
            "You both saw this project the same way. Choose what to keep and what to change.",
        ),
        (
            "111 111 111 111 222",
            "111 111 111 111 222",
            "You both saw this project the same way. Choose what to keep and what to change.",
        ),
        (
            "??? --- ??? ??? 4??",
            "444 444 --- ??? 444",
            "There is too little to compare. Start with what you could not answer.",
        ),
        (
            "444 ??? ??? ??? ???",
            "444 444 444 444 444",
            "You both saw this project the same way, and it went well.",
        ),
    ],
)
def test_the_headline_is_the_first_finding_that_fits(group, company, headline):
    assert [str(compared(*sides).headline) for sides in ((group, company), (company, group))] == [
        headline
    ] * 2


def test_a_project_without_any_review_has_a_headline_too():
    comparison = compare(PRINCIPLES, [])

    assert (comparison.headline.code, comparison.talk_first) == (scoring.NOTHING, None)
    assert comparison.not_compared == comparison.principles


def test_the_headline_names_principles_as_its_language_writes_them():
    headline = scoring.Headline(scoring.FAR_SOME, ("Clear processes", "EU rules"))

    assert str(headline) == "You see some things differently. Start with clear processes and EU rules."
    with translation.override("de"):
        assert str(headline).endswith("Start with Clear processes and EU rules.")


# What to talk about first ---------------------------------------------------------------------


def test_the_widest_gap_comes_first_then_the_lower_score_then_the_order():
    ranked = scoring.by_gap(compared("222 333 111 333 222", "333 222 222 333 333").principles)

    assert [result.principle.number for result in ranked] == [3, 1, 2, 5, 4]


def test_without_any_gap_the_lowest_score_comes_first():
    assert compared("444 333 222 333 444", "444 333 222 333 444").talk_first.name == "Clear processes"


def test_nothing_to_compare_is_nothing_to_talk_about_first():
    comparison = compared("??? ??? ??? ??? ???", "444 444 444 444 444")

    assert (comparison.talk_first, comparison.not_compared) == (None, comparison.principles)


def test_a_principle_is_found_by_its_key():
    comparison = compared(*MOCK_UP)

    assert comparison.principle("p3") is comparison.principles[2]
    with pytest.raises(KeyError):
        comparison.principle("p6")


# Don't knows ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "company", "neither", "one_side"),
    [
        ("???", "???", ["Question 1", "Question 2", "Question 3"], []),
        ("?44", "444", [], [("Question 1", GROUP)]),
        ("444", "44?", [], [("Question 3", COMPANY)]),
        ("?-4", "--4", [], []),
        ("?44", "-44", [], []),
        ("?44", "_44", [], []),
        ("?2?", "?4-", ["Question 1"], []),
    ],
)
def test_what_neither_side_knew_and_what_one_side_did_not(group, company, neither, one_side):
    comparison = compared(group, company)

    assert [question.name[:10] for question in comparison.neither_knew] == neither
    assert [(question.name[:10], side) for question, side in comparison.one_side_knew] == one_side


@pytest.mark.parametrize(
    ("second_company", "neither", "one_side"),
    [("???", 3, 0), ("---", 3, 0), ("333", 0, 3), ("?3?", 2, 1)],
)
def test_a_side_knows_when_one_of_its_organisations_does(second_company, neither, one_side):
    comparison = compare(
        PRINCIPLES[:1], [review(LARKFIELD, "???"), review(ALDERMOOR, "???"), review(BRIGHTON, second_company)]
    )

    assert (len(comparison.neither_knew), len(comparison.one_side_knew)) == (neither, one_side)


# Several organisations ------------------------------------------------------------------------


def test_every_organisation_keeps_its_own_mark_on_principles_and_questions():
    comparison = compare(
        PRINCIPLES[:1], [review(MOORFIELD, "1?2"), review(LARKFIELD, "344"), review(ALDERMOOR, "444")]
    )
    result = comparison.principles[0]

    assert comparison.side(GROUP) == (LARKFIELD, MOORFIELD)
    assert comparison.side(COMPANY) == (ALDERMOOR,)
    assert [one.tally.value for one in result.side(GROUP).organisations] == [F(11, 3), F(3, 2)]
    assert (result.group.value, result.gap, result.word.code) == (F(31, 12), F(17, 12), FAR)
    assert [[one.mark.answer for one in q.group.organisations] for q in result.questions] == [
        [3, 1],
        [4, DONT_KNOW],
        [4, 2],
    ]


def test_an_organisation_with_too_few_answers_is_left_out_of_its_side():
    result = compare(
        PRINCIPLES[:1], [review(MOORFIELD, "1??"), review(LARKFIELD, "444"), review(ALDERMOOR, "444")]
    )

    assert (result.principles[0].group.value, result.principles[0].word.code) == (F(4), ALIKE)


def test_a_side_whose_review_is_not_there_cannot_be_compared():
    result = compare(PRINCIPLES[:1], [review(LARKFIELD, "444")]).principles[0]

    assert (result.company.standing, result.gap, result.lower, result.higher) == (NO_ANSWER, None, None, None)


# The joint conclusion -------------------------------------------------------------------------


def sentences(drafts):
    return [[str(draft) for draft in drafts.went_well], [str(draft) for draft in drafts.hard]]


@pytest.mark.parametrize("swapped", [False, True])
def test_draft_sentences_start_from_agreements_then_gaps_and_name_no_side(swapped):
    group, company = "344 11? 212 333 2?3", "444 112 344 322 3?3"

    drafts = (compared(company, group) if swapped else compared(group, company)).drafts

    assert sentences(drafts) == [
        [
            "We agree that “Patients first” went well.",
            "This went well for both sides: Question 1 of Two-way dialogue.",
            "This went well for both sides: Question 3 of Transparent collaboration.",
        ],
        [
            "We had different experiences of “Clear processes”.",
            "We were furthest apart here: Question 2 of Clear processes.",
            "We saw “Two-way dialogue” a little differently.",
            "We agree that “Transparent collaboration” can go better.",
            "We agree that “Mutual expertise” was hard.",
            "Neither side could say: Question 2 of Transparent collaboration.",
        ],
    ]


def test_hard_questions_are_named_where_their_principle_was_not_hard_as_a_whole():
    drafts = compared("133 111 ???", "124 112 ??4").drafts

    assert sentences(drafts)[1] == [
        "We agree that “Mutual expertise” was hard.",
        "We agree that “Patients first” can go better.",
        "This was hard for both sides: Question 1 of Patients first.",
        "Neither side could say: Question 1 of Clear processes.",
        "Neither side could say: Question 2 of Clear processes.",
    ]


def test_the_widest_question_is_named_only_when_it_is_apart():
    drafts = compared("11?", "?14").drafts

    assert sentences(drafts)[1] == [
        "We had different experiences of “Patients first”.",
        "This was hard for both sides: Question 2 of Patients first.",
    ]


def test_without_findings_there_are_no_drafts_but_three_sentences_to_start_from():
    assert sentences(compare(PRINCIPLES, []).drafts) == [[], []]
    assert [str(starter) for starter in scoring.STARTERS] == [
        "What helped most was …",
        "What took the most time was …",
        "Next time, we will …",
    ]


def test_a_name_with_a_percent_sign_or_mark_up_is_left_as_it_is():
    assert str(Draft("well", "100%s <b>")) == "We agree that “100%s <b>” went well."


# For every set of marks -----------------------------------------------------------------------

answers = st.sampled_from([1, 2, 3, 4, DONT_KNOW, NOT_IN_PROJECT]).map(Mark)
KEYS = [question.key for principle in PRINCIPLES for question in principle.questions]


@st.composite
def reviews(draw, least=0, most=3):
    """Reviews of up to three organisations on each side, some with questions left out."""
    given = []
    for side in scoring.SIDES:
        for number in range(draw(st.integers(least, most))):
            who = Organisation(f"{side}{number}", draw(st.sampled_from(["Ash", "Birch", "Cedar"])), side)
            given.append(ReviewMarks(who, draw(st.dictionaries(st.sampled_from(KEYS), answers, min_size=8))))
    return given


def everything_said(comparison):
    """Each sentence and word that the comparison gives, in its order."""
    drafts = comparison.drafts
    lines = [*comparison.principles, *comparison.questions]
    values = [side.value for line in lines for side in (line.group, line.company) if side.value is not None]
    return [
        str(said)
        for said in [comparison.headline, *drafts.went_well, *drafts.hard]
        + [line.word for line in lines]
        + [scoring.value_word(value) for value in sorted(values)]
    ]


@given(reviews())
def test_exchanging_the_sides_exchanges_the_result_only(given_reviews):
    there = compare(PRINCIPLES, given_reviews)
    back = compare(PRINCIPLES, [on_the_other_side(one) for one in given_reviews])

    assert everything_said(there) == everything_said(back)
    assert there.headline == back.headline
    assert [(r.name, r.gap, r.lower, r.higher, r.shade) for r in scoring.by_gap(there.principles)] == [
        (r.name, r.gap, r.lower, r.higher, r.shade) for r in scoring.by_gap(back.principles)
    ]
    assert [(r.group.value, r.company.value) for r in there.principles + there.questions] == [
        (r.company.value, r.group.value) for r in back.principles + back.questions
    ]
    assert [q.name for q in there.neither_knew] == [q.name for q in back.neither_knew]
    assert [(q.name, side) for q, side in there.one_side_knew] == [
        (q.name, GROUP if side == COMPANY else COMPANY) for q, side in back.one_side_knew
    ]


@given(st.data(), reviews())
def test_the_order_of_organisations_does_not_matter(data, given_reviews):
    shuffled = data.draw(st.permutations(given_reviews))

    assert compare(PRINCIPLES, shuffled) == compare(PRINCIPLES, given_reviews)


@given(reviews())
def test_a_gap_is_never_negative_and_never_more_than_the_scale(given_reviews):
    comparison = compare(PRINCIPLES, given_reviews)

    for result in comparison.principles + comparison.questions:
        assert result.gap is None or 0 <= result.gap <= 3
        assert (result.gap is None) == (result.word.code == NOT_COMPARED)
        assert (result.gap is None) == (None in (result.group.value, result.company.value))


@given(st.lists(answers), st.sampled_from([DONT_KNOW, NOT_IN_PROJECT]), st.integers(0, 5))
def test_an_answer_outside_the_scale_never_moves_a_mean(given_marks, outside, times):
    before = principle_value(given_marks)
    after = principle_value(given_marks + [Mark(outside)] * times)

    assert after.mean == before.mean
    assert after.value in (before.value, None)
    assert (after.total, after.answered) == (before.total, before.answered)


@given(st.lists(answers, max_size=9))
def test_every_mark_is_counted_once(given_marks):
    tally = principle_value(given_marks)

    assert tally.answered + tally.dont_know + tally.not_here == tally.questions == len(given_marks)
    assert tally.mean is None or 1 <= tally.mean <= 4


@given(reviews())
def test_there_is_always_one_headline_and_it_agrees_with_the_words_below_it(given_reviews):
    comparison = compare(PRINCIPLES, given_reviews)
    codes = [result.word.code for result in comparison.principles]
    headline = comparison.headline

    assert str(headline).endswith(".")
    assert (headline.code == scoring.FAR_MANY) == (codes.count(FAR) >= 3)
    assert (headline.code == scoring.FAR_SOME) == (codes.count(FAR) in (1, 2))
    assert (headline.code == scoring.SOME_LITTLE) == (FAR not in codes and LITTLE in codes)
    assert (headline.code == scoring.NOTHING) == (set(codes) == {NOT_COMPARED})
    named = headline.code in (scoring.FAR_SOME, scoring.SOME_LITTLE)
    assert headline.principles[:1] == ((comparison.talk_first.name,) if named else ())


@given(reviews())
def test_words_hold_no_decimals(given_reviews):
    assert [
        said for said in everything_said(compare(PRINCIPLES, given_reviews)) if re.search(r"\d[.,/]\d", said)
    ] == []


@given(reviews(least=1))
def test_no_sentence_is_longer_than_twenty_words(given_reviews):
    for said in everything_said(compare(PRINCIPLES, given_reviews)):
        assert all(len(sentence.split()) <= 20 for sentence in said.split(". "))


def test_a_principle_of_hand_made_values_needs_no_questions():
    sides = [
        side_value(who.side, [OrganisationValue(who, principle_value(marks(signs)))])
        for who, signs in ((LARKFIELD, "111"), (ALDERMOOR, "444"))
    ]
    result = PrincipleResult(*sides, Principle("p", 1, "Patients first", (Question("q", "Q"),)), ())

    assert sentences(scoring.conclusion_drafts([result])) == [
        [],
        ["We had different experiences of “Patients first”."],
    ]
