"""Two versions of a text side by side: nothing is lost, what changed is marked, and no text takes for ever."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.changes import ADDED, CHANGED, REMOVED, SAME, compare, counts

pytestmark = pytest.mark.once

PAY = "The company pays 12,000 pounds within 30 days of the invoice."
PAY_LATER = "The company pays 12,000 pounds within 90 days of the invoice."
END = "Either side may end this contract with a notice of one month."
LAW = "The law of England counts."


def shown(rows):
    """Rows in short: marked words in brackets."""

    def side(pieces):
        return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in pieces)

    return [(row.kind, side(row.before), side(row.after)) for row in rows]


@pytest.mark.parametrize(
    "before, after, rows",
    [
        ([], [], []),
        ([PAY], [PAY], [(SAME, PAY, PAY)]),
        ([], [PAY], [(ADDED, "", f"[{PAY}]")]),
        ([PAY], [], [(REMOVED, f"[{PAY}]", "")]),
        (
            [END, PAY, LAW],
            [END, PAY_LATER, LAW],
            [
                (SAME, END, END),
                (
                    CHANGED,
                    "The company pays 12,000 pounds within [30] days of the invoice.",
                    "The company pays 12,000 pounds within [90] days of the invoice.",
                ),
                (SAME, LAW, LAW),
            ],
        ),
        # Nothing alike: one went, another came.
        ([PAY], [LAW], [(REMOVED, f"[{PAY}]", ""), (ADDED, "", f"[{LAW}]")]),
        # A paragraph that changed is found behind one that is new.
        (
            [PAY],
            [LAW, PAY_LATER],
            [
                (ADDED, "", f"[{LAW}]"),
                (CHANGED, PAY.replace("30", "[30]"), PAY_LATER.replace("90", "[90]")),
            ],
        ),
        # Two changes side by side are one mark.
        (
            ["It ends on 3 May 2027 at noon, as we all said."],
            ["It ends on 4 June 2027 at noon, as we all said."],
            [
                (
                    CHANGED,
                    "It ends on [3 May] 2027 at noon, as we all said.",
                    "It ends on [4 June] 2027 at noon, as we all said.",
                )
            ],
        ),
        # A word that is only new marks nothing on the left.
        (
            ["We may tell our members about it."],
            ["We may not tell our members about it."],
            [(CHANGED, "We may tell our members about it.", "We may [not] tell our members about it.")],
        ),
    ],
)
def test_rows_show_what_became_of_each_paragraph(before, after, rows):
    assert shown(compare(before, after)) == rows


def test_rows_are_counted_by_what_became_of_them():
    rows = compare([PAY, END, "Gone."], [PAY_LATER, END, LAW])

    assert counts(rows) == {SAME: 1, CHANGED: 1, ADDED: 1, REMOVED: 1}


paragraphs = st.lists(
    st.one_of(st.sampled_from([PAY, PAY_LATER, END, LAW, "", "A", "A A", "B"]), st.text(max_size=30)),
    max_size=12,
)


@given(paragraphs, paragraphs)
def test_nothing_is_lost_and_nothing_is_made_up(before, after):
    rows = compare(before, after)

    left = ["".join(piece.text for piece in row.before) for row in rows if row.kind != ADDED]
    right = ["".join(piece.text for piece in row.after) for row in rows if row.kind != REMOVED]
    assert (left, right) == (list(before), list(after))
    for row in rows:
        marked = any(piece.marked for piece in row.before + row.after)
        assert marked == (row.kind != SAME) or not row.text


@given(paragraphs)
def test_a_text_is_the_same_as_itself(paragraphs):
    assert all(row.kind == SAME for row in compare(paragraphs, paragraphs))


@given(paragraphs, paragraphs)
def test_what_went_one_way_is_new_the_other_way(before, after):
    there, back = counts(compare(before, after)), counts(compare(after, before))

    assert there[ADDED] - there[REMOVED] == back[REMOVED] - back[ADDED] == len(after) - len(before)


# Two hundred pages ----------------------------------------------------------------------------------


def contract_of(pages):
    chance = random.Random(7)
    words = [f"{''.join(chance.choices('abcdefghijklmnop', k=chance.randint(2, 11)))}" for _ in range(3000)]
    return [" ".join(chance.choices(words, k=chance.randint(5, 70))) + "." for _ in range(pages * 15)]


def some_changed(paragraphs):
    chance = random.Random(8)
    for number, text in enumerate(paragraphs):
        if number % 7 == 0:
            yield f"New {number} {' '.join(chance.choices('xyz', k=20))}"
        if number % 5:
            yield text
        elif number % 3:
            yield text.replace(" ", " and ", 2)


BIG = contract_of(pages=200)
WORST = {
    "some changed": (BIG, list(some_changed(BIG))),
    "one word everywhere": ([f"Aldermoor {text}" for text in BIG], [f"Mint {text}" for text in BIG]),
    "turned round": (BIG, BIG[::-1]),
    "nothing alike": (BIG, [text[::-1] for text in BIG]),
    "always the same": (["The same."] * 20_000, ["The same.", "Another."] * 10_000),
    "only twins": (BIG[:1500] * 2, BIG[1500:] + BIG[:1500] + BIG[:1500]),
    "two paragraphs in turn": (["A b.", "C d."] * 5_000, ["C d.", "A b.", "C d."] * 3_000),
    "one paragraph": ([" ".join(BIG)], [" ".join(some_changed(BIG))]),
    "one word for ever": (["ha " * 300_000], ["ha ho " * 150_000]),
    "short words for ever": (
        ["a b a " * 60 + str(n) for n in range(900)],
        ["b a " * 90 + str(n) for n in range(900)],
    ),
}


@pytest.mark.parametrize("name", WORST)
def test_a_contract_of_two_hundred_pages_is_compared_in_seconds(name):
    before, after = WORST[name]

    start = time.process_time()
    rows = compare(before, after)

    # Measured as work of this process, so that a busy machine makes no test fail.
    assert time.process_time() - start < 5
    assert [row.text for row in rows if row.kind != REMOVED] == list(after)
