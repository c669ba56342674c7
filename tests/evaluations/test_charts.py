import re
from fractions import Fraction as F
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given

from evaluations.charts import Cell, Quote, TableRow, chart_svg, principle_chart, question_chart
from evaluations.scoring import Mark, Organisation, ReviewMarks, compare
from tests.evaluations.marks import ALDERMOOR, BRIGHTON, LARKFIELD, MOORFIELD, PRINCIPLES, compared, review
from tests.evaluations.test_scoring import MOCK_UP, reviews

pytestmark = pytest.mark.once

SIDES = ["group", "company", None]


def chart(group, company, viewer_side="group"):
    return principle_chart(compared(group, company), viewer_side=viewer_side)


def row(group, company, viewer_side="group"):
    """The row of one principle, with one organisation on each side."""
    return chart(group, company, viewer_side).rows[0]


def question_row(group, company, viewer_side="group"):
    comparison = compared(group + "44", company + "44")
    return question_chart(comparison.principles[0], comparison, viewer_side=viewer_side).rows[0]


def drawn(points):
    return [(point.shape, point.x) for point in points]


# Positions ------------------------------------------------------------------------------------


def test_the_axis_runs_from_4_to_96_percent_with_the_words_of_the_edition():
    comparison = compare(PRINCIPLES, [], levels=["Nein", "Teils", "Meist", "Ja"])

    axis = principle_chart(comparison).axis

    assert [(tick.x, tick.word) for tick in axis] == [
        ("4%", "Nein"),
        ("34.67%", "Teils"),
        ("65.33%", "Meist"),
        ("96%", "Ja"),
    ]


@pytest.mark.parametrize(
    ("signs", "x"),
    [("111", "4%"), ("122", "24.44%"), ("222", "34.67%"), ("23?", "50%"), ("344", "85.78%"), ("444", "96%")],
)
def test_a_mark_stands_at_its_exact_value(signs, x):
    assert drawn(row(signs, "???").marks) == [("circle", x)]


@pytest.mark.parametrize("viewer_side", SIDES)
def test_the_group_is_round_and_the_company_square_whoever_looks(viewer_side):
    there, back = row("122", "344", viewer_side), row("344", "122", viewer_side)

    assert drawn(there.marks) == [("square", "85.78%"), ("circle", "24.44%")]
    assert drawn(back.marks) == [("square", "24.44%"), ("circle", "85.78%")]
    assert (
        (there.gap_line.x1, there.gap_line.x2) == (back.gap_line.x1, back.gap_line.x2) == ("24.44%", "85.78%")
    )


def test_on_the_same_answer_the_circle_is_drawn_last_and_fits_into_the_square():
    same = row("334", "334")
    square, circle = same.marks

    assert drawn(same.marks) == [("square", "75.56%"), ("circle", "75.56%")]
    assert (square.half, square.left, square.top, square.corner) == ("10.5", "-10.5", "-10.5", 3)
    assert circle.half == "8"
    assert same.gap_line is None


@pytest.mark.parametrize(
    ("group", "company", "marks", "dashed", "words", "notes"),
    [
        ("???", "333", [("square", "65.33%")], False, "Nothing to compare", ("You: I don’t know",)),
        (
            "333",
            "???",
            [("circle", "65.33%")],
            False,
            "Nothing to compare",
            ("Aldermoor Pharma: I don’t know",),
        ),
        ("---", "333", [("square", "65.33%")], True, "Nothing to compare", ("You: Not in this project",)),
        ("---", "---", [], True, "Not in this project", ()),
        ("???", "???", [], False, "Neither side knew", ()),
        ("___", "___", [], False, "No answers", ()),
        (
            "???",
            "---",
            [],
            True,
            "Nothing to compare",
            ("You: I don’t know", "Aldermoor Pharma: Not in this project"),
        ),
        (
            "3??",
            "3--",
            [],
            False,
            "Not enough answers",
            ("You: 2 answers “I don’t know”", "Aldermoor Pharma: 2 answers “Not in this project”"),
        ),
        (
            "3?-",
            "333",
            [("square", "65.33%")],
            False,
            "Nothing to compare",
            (
                "You: not enough answers",
                "You: 1 answer “I don’t know”",
                "You: 1 answer “Not in this project”",
            ),
        ),
        (
            "33?",
            "333",
            [("square", "65.33%"), ("circle", "65.33%")],
            False,
            "See it alike",
            ("You: 1 answer “I don’t know”",),
        ),
    ],
)
def test_what_is_outside_the_scale_is_never_a_mark_and_always_said(
    group, company, marks, dashed, words, notes
):
    shown = row(group, company)

    assert (drawn(shown.marks), shown.dashed, shown.words, shown.notes) == (marks, dashed, words, notes)
    assert (shown.gap_line, shown.tone) == (None, "")


@pytest.mark.parametrize(
    ("group", "company", "words", "tone"),
    [
        ("344", "444", "See it alike", ""),
        ("333", "322", "A little apart", "wait"),
        ("111", "223", "Far apart", "turn"),
    ],
)
def test_the_gap_word_wears_a_tag_only_where_there_is_a_gap(group, company, words, tone):
    assert (row(group, company).words, row(group, company).tone) == (words, tone)
    assert (row(company, group).words, row(company, group).tone) == (words, tone)


def test_principles_come_in_the_order_of_the_guide_with_their_number_and_address():
    assert [(r.number, r.name, r.url) for r in chart(*MOCK_UP).rows] == [
        (1, "Patients first", "#p1"),
        (2, "Mutual expertise", "#p2"),
        (3, "Clear processes", "#p3"),
        (4, "Two-way dialogue", "#p4"),
        (5, "Transparent collaboration", "#p5"),
    ]


def test_what_cannot_be_compared_is_named():
    shown = chart("333 ??? 333 333 3__", "333 333 333 333 333")

    assert shown.nothing_to_compare == (
        "There is nothing to compare for “Mutual expertise”.",
        "There is nothing to compare for “Transparent collaboration”.",
    )


# Words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("viewer_side", "sentence", "legend"),
    [
        (
            "group",
            "You: between No and Partly. Aldermoor Pharma: Yes.",
            [("circle", "You, Larkfield Lupus Group"), ("square", "Aldermoor Pharma")],
        ),
        (
            "company",
            "You: Yes. Larkfield Lupus Group: between No and Partly.",
            [("square", "You, Aldermoor Pharma"), ("circle", "Larkfield Lupus Group")],
        ),
        (
            None,
            "Larkfield Lupus Group: between No and Partly. Aldermoor Pharma: Yes.",
            [("circle", "Larkfield Lupus Group"), ("square", "Aldermoor Pharma")],
        ),
    ],
)
def test_the_viewer_is_named_you_and_comes_first_in_texts(viewer_side, sentence, legend):
    shown = chart("122", "444", viewer_side)

    assert shown.rows[0].sentence == sentence
    assert [(entry.shape, entry.name) for entry in shown.legend] == legend


@pytest.mark.parametrize(
    ("group", "company", "sentence"),
    [
        ("2", "4", "You said Partly. Aldermoor Pharma said Yes."),
        ("?", "4", "You: I don’t know. Aldermoor Pharma said Yes."),
        ("-", "_", "You: Not in this project. Aldermoor Pharma: no answer."),
    ],
)
def test_on_a_question_the_sentence_says_what_each_side_said(group, company, sentence):
    assert question_row(group, company).sentence == sentence


@pytest.mark.parametrize(
    ("group", "company", "words", "tone"),
    [
        ("2", "4", "Far apart, 2 steps", "turn"),
        ("3", "4", "A little apart", "wait"),
        ("4", "4", "See it alike", ""),
        ("-", "-", "Not in this project", ""),
    ],
)
def test_a_question_says_its_steps(group, company, words, tone):
    shown = question_row(group, company)

    assert (shown.words, shown.tone, shown.number, shown.url) == (words, tone, 1, "")


@pytest.mark.parametrize(
    ("viewer_side", "order"),
    [("group", ["You", "Aldermoor Pharma"]), ("company", ["You", "Larkfield Lupus Group"])],
)
def test_quotes_keep_comments_untouched_own_side_first(viewer_side, order):
    comment = {"group": " “2.5” <b>\n ", "company": ""}
    answers = {"group": Mark(2, comment["group"]), "company": Mark("dont_know", comment["company"])}
    comparison = compare(
        PRINCIPLES[:1], [ReviewMarks(who, {"p1q1": answers[who.side]}) for who in (ALDERMOOR, LARKFIELD)]
    )

    shown = question_chart(comparison.principles[0], comparison, viewer_side=viewer_side)

    expected = {
        "group": Quote(LARKFIELD, order[0], True, "Partly", 2, comment["group"]),
        "company": Quote(ALDERMOOR, order[1], False, "I don’t know", "dont_know", ""),
    }
    if viewer_side == "company":
        expected = {
            "company": Quote(ALDERMOOR, order[0], True, "I don’t know", "dont_know", ""),
            "group": Quote(LARKFIELD, order[1], False, "Partly", 2, comment["group"]),
        }
    assert shown.rows[0].quotes == tuple(expected.values())
    assert [(quote.said, quote.answer, quote.text) for quote in shown.rows[1].quotes] == [
        ("no answer", None, "")
    ] * 2


# Several organisations ------------------------------------------------------------------------


def two_companies(company="444", other="122", group="333", **viewer):
    comparison = compare(
        PRINCIPLES[:1], [review(BRIGHTON, other), review(LARKFIELD, group), review(ALDERMOOR, company)]
    )
    return comparison, principle_chart(comparison, **viewer)


def test_each_of_several_organisations_keeps_a_small_mark_below_the_mark_of_its_side():
    shown = two_companies()[1].rows[0]

    assert drawn(shown.marks) == [("square", "60.22%"), ("circle", "65.33%")]
    assert [(point.shape, point.name, point.x, point.dx) for point in shown.each] == [
        ("square", "Brighton Biotech", "24.44%", 0),
        ("square", "Aldermoor Pharma", "96%", 0),
    ]
    assert all(
        point.y - point.size / 2 > mark.y + mark.size / 2 for point in shown.each for mark in shown.marks
    )


def test_small_marks_with_the_same_value_stand_side_by_side():
    three = [MOORFIELD, LARKFIELD, Organisation("carers", "Carers United", "group")]
    comparison = compare(
        PRINCIPLES[:1],
        [review(who, "333") for who in three] + [review(who, "333") for who in (ALDERMOOR, BRIGHTON)],
    )

    each = principle_chart(comparison).rows[0].each

    assert [(point.shape, point.x) for point in each] == [("circle", "65.33%")] * 3 + [
        ("square", "65.33%")
    ] * 2
    assert [point.dx for point in each] == [-22, -11, 0, 11, 22]
    assert (each[0].left, each[0].half, each[0].corner) == ("-26", "4", 1)


def test_an_organisation_without_a_value_has_no_small_mark_but_is_named():
    shown = two_companies(other="???")[1].rows[0]

    assert [point.name for point in shown.each] == ["Aldermoor Pharma"]
    assert shown.sentence == (
        "Larkfield Lupus Group: Mostly. The companies: Yes (Aldermoor Pharma: Yes; Brighton Biotech: I don’t know)."
    )
    assert shown.notes == ("The companies: 3 answers “I don’t know”",)


@pytest.mark.parametrize(
    ("viewer", "sentence", "legend"),
    [
        (
            {"viewer_side": "company", "viewer": "brighton"},
            "Your side: Mostly (Aldermoor Pharma: Yes; You: between No and Partly)."
            " Larkfield Lupus Group: Mostly.",
            ["Your side: Aldermoor Pharma, Brighton Biotech", "Larkfield Lupus Group"],
        ),
        (
            {"viewer_side": "company"},
            "Your side: Mostly (Aldermoor Pharma: Yes; Brighton Biotech: between No and Partly)."
            " Larkfield Lupus Group: Mostly.",
            ["Your side: Aldermoor Pharma, Brighton Biotech", "Larkfield Lupus Group"],
        ),
        (
            {"viewer_side": "group"},
            "You: Mostly."
            " The companies: Mostly (Aldermoor Pharma: Yes; Brighton Biotech: between No and Partly).",
            ["You, Larkfield Lupus Group", "The companies: Aldermoor Pharma, Brighton Biotech"],
        ),
    ],
)
def test_several_organisations_on_a_side_are_all_named(viewer, sentence, legend):
    shown = two_companies(**viewer)[1]

    assert shown.rows[0].sentence == sentence
    assert [entry.name for entry in shown.legend] == legend


def test_each_of_several_organisations_is_quoted():
    comparison, _ = two_companies("4?-", "122", "333")

    shown = question_chart(comparison.principles[0], comparison, viewer_side="company", viewer="brighton")

    assert [[(quote.who, quote.said) for quote in row.quotes] for row in shown.rows] == [
        [("Aldermoor Pharma", "Yes"), ("You", "No"), ("Larkfield Lupus Group", "Mostly")],
        [("Aldermoor Pharma", "I don’t know"), ("You", "Partly"), ("Larkfield Lupus Group", "Mostly")],
        [("Aldermoor Pharma", "Not in this project"), ("You", "Partly"), ("Larkfield Lupus Group", "Mostly")],
    ]


@pytest.mark.parametrize(
    ("organisations", "names"),
    [([], ["The group", "The company"]), ([LARKFIELD, MOORFIELD], ["The groups", "The company"])],
)
def test_a_side_without_a_review_has_a_name_too(organisations, names):
    comparison = compare(PRINCIPLES[:1], [review(who, "333") for who in organisations])

    assert principle_chart(comparison).table.columns == ("Principle", *names, "Gap")


# The table ------------------------------------------------------------------------------------


def test_the_table_holds_one_decimal_and_the_words():
    table = chart(*MOCK_UP).table

    assert table.columns == ("Principle", "You", "Aldermoor Pharma", "Gap")
    assert table.rows[0] == TableRow(
        "Patients first",
        (Cell("3.7", "between Mostly and Yes"), Cell("4.0", "Yes"), Cell("0.3", "See it alike")),
    )
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["3.7", "4.0", "0.3"],
        ["3.3", "3.3", "0.0"],
        ["1.7", "3.7", "2.0"],
        ["3.0", "2.3", "0.7"],
        ["3.3", "3.7", "0.3"],
    ]


def test_the_table_puts_the_viewer_first():
    table = chart("122", "444", "company").table

    assert table.columns == ("Principle", "You", "Larkfield Lupus Group", "Gap")
    assert [cell.text for cell in table.rows[0].cells] == ["4.0", "1.7", "2.3"]


def test_the_table_counts_what_is_outside_the_scale_and_shows_no_figure_without_one():
    assert chart("3?-", "44?").table.rows[0].cells == (
        Cell("", "not enough answers", ("1 answer “I don’t know”", "1 answer “Not in this project”")),
        Cell("4.0", "Yes", ("1 answer “I don’t know”",)),
        Cell("", "Nothing to compare"),
    )


def test_the_table_shows_each_of_several_organisations():
    assert two_companies("4?4", "???")[1].table.rows[0].cells[1] == Cell(
        "4.0",
        "Yes",
        ("Aldermoor Pharma: 4.0 Yes", "Brighton Biotech: I don’t know", "4 answers “I don’t know”"),
    )


def test_the_table_of_questions_is_headed_so():
    comparison = compared("123", "444")

    table = question_chart(comparison.principles[0], comparison, viewer_side="group").table

    assert table.columns[0] == "Question"
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["1.0", "4.0", "3.0"],
        ["2.0", "4.0", "2.0"],
        ["3.0", "4.0", "1.0"],
    ]


def test_halves_are_rounded_up_in_the_table():
    comparison = compare(
        PRINCIPLES[:1],
        [
            review(LARKFIELD, "23?"),
            review(MOORFIELD, "222"),
            review(ALDERMOOR, "222"),
            review(BRIGHTON, "222"),
        ],
    )
    assert comparison.principles[0].group.value == F(9, 4)

    assert principle_chart(comparison).table.rows[0].cells[0].text == "2.3"


def test_figures_are_written_as_the_language_does_and_positions_are_not():
    with translation.override("de"):
        shown = chart("122", "444")
        figures = [cell.text for cell in shown.table.rows[0].cells]

    assert figures == ["1,7", "4,0", "2,3"]
    assert drawn(shown.rows[0].marks) == [("square", "96%"), ("circle", "24.44%")]


def test_the_caption_says_how_to_read_the_table():
    assert chart("333", "333").table.caption == (
        "Average of the answered questions, from 1 (No) to 4 (Yes)."
        " “I don’t know” and “Not in this project” are left out."
        " Gaps are worked out before rounding."
    )


# The picture for PDF --------------------------------------------------------------------------

SVG = "{http://www.w3.org/2000/svg}"
PRESENTATION = {
    "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "width", "height", "viewBox",
    "fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap",
    "font-family", "font-size", "font-weight", "text-anchor", "role", "aria-label",
}  # fmt: skip


def picture(shown, title="Side by side"):
    return ElementTree.fromstring(str(chart_svg(shown, title)))


def test_the_picture_needs_no_style_sheet():
    root = picture(two_companies("4?-", "122", "---")[1])

    assert {name for element in root.iter() for name in element.attrib} <= PRESENTATION
    assert root.find(f"{SVG}title").text == root.get("aria-label") == "Side by side"
    assert root.find(f"{SVG}desc").text == (
        "Patients first. Larkfield Lupus Group: Not in this project. The companies: between No and Partly"
        " (Aldermoor Pharma: not enough answers; Brighton Biotech: between No and Partly). Nothing to compare."
    )


def test_the_picture_shows_the_marks_of_both_sides_and_their_gap():
    root = picture(chart("111", "444"))
    shapes = [e.tag.removeprefix(SVG) for e in root if e.tag.removeprefix(SVG) in ("rect", "circle")]
    circles, squares = root.findall(f"{SVG}circle"), root.findall(f"{SVG}rect[@stroke]")
    gap = root.find(f"{SVG}line[@stroke-linecap='round']")

    assert shapes[:2] == ["circle", "rect"]  # the legend
    assert (gap.get("x1"), gap.get("stroke")) == (circles[1].get("cx"), "#8F1D3F")
    assert float(gap.get("x2")) == float(squares[1].get("x")) + 10.5
    assert [text.text for text in root.findall(f"{SVG}text")] == [
        "You, Larkfield Lupus Group",
        "Aldermoor Pharma",
        "No",
        "Partly",
        "Mostly",
        "Yes",
        "Patients first",
        "Far apart",
        "Mutual expertise",
        "No answers",
        "Clear processes",
        "No answers",
        "Two-way dialogue",
        "No answers",
        "Transparent",
        "collaboration",
        "No answers",
    ]


@pytest.mark.parametrize("viewer_side", SIDES)
def test_everything_in_the_picture_lies_inside_it(viewer_side):
    long = Organisation("long", "Association of People with a Very Long Name " * 4, "group")
    comparison = compare(
        PRINCIPLES,
        [review(long, "1?-", "444"), review(MOORFIELD, "344", "111"), review(ALDERMOOR, "---", "444")],
    )

    root = picture(principle_chart(comparison, viewer_side=viewer_side))

    width, height = float(root.get("width")), float(root.get("height"))
    for element in root.iter():
        assert all(0 <= float(element.get(name, 0)) <= width for name in ("x", "x1", "x2", "cx"))
        assert all(0 <= float(element.get(name, 0)) <= height for name in ("y", "y1", "y2", "cy"))
    lines = sorted(float(line.get("y1")) for line in root.findall(f"{SVG}line[@x1='0']"))
    assert all(below - above >= 52 for above, below in zip(lines, [*lines[1:], height], strict=True))


def test_the_dashed_line_says_not_in_this_project():
    root = picture(chart("---", "---"))

    assert [
        line.get("stroke-dasharray") for line in root.iter(f"{SVG}line") if line.get("stroke-dasharray")
    ] == ["3 7"]


def test_names_are_escaped_in_the_picture():
    rogue = Organisation("rogue", '<script>"&', "group")
    comparison = compare(PRINCIPLES[:1], [review(rogue, "333"), review(ALDERMOOR, "444")])

    written = str(chart_svg(principle_chart(comparison), '"><b>'))

    assert "<script>" not in written
    assert "<b>" not in written
    assert ElementTree.fromstring(written).get("aria-label") == '"><b>'


# For every set of marks -----------------------------------------------------------------------


@given(reviews())
def test_every_chart_can_be_drawn_and_its_words_hold_no_decimals(given_reviews):
    comparison = compare(PRINCIPLES, given_reviews)
    shown = [principle_chart(comparison, viewer_side="company")]
    shown += [question_chart(result, comparison) for result in comparison.principles]

    for one in shown:
        ElementTree.fromstring(str(chart_svg(one, "Side by side")))
        for row in one.rows:
            words = [row.sentence, row.words, *row.notes, *(quote.said for quote in row.quotes)]
            assert [said for said in words if re.search(r"\d[.,/]\d", said)] == []


@given(reviews())
def test_the_viewer_changes_words_and_order_but_nothing_that_is_drawn(given_reviews):
    comparison = compare(PRINCIPLES, given_reviews)
    seen = [principle_chart(comparison, viewer_side=viewer_side) for viewer_side in SIDES]

    drawings = [
        [
            (row.gap_line, drawn(row.marks), sorted(drawn(row.each)), row.dashed, row.words, row.tone)
            for row in one.rows
        ]
        for one in seen
    ]
    assert drawings[0] == drawings[1] == drawings[2]


# The components -------------------------------------------------------------------------------


def rendered(name, **context):
    return render_to_string(f"components/{name}.html", context)


def test_the_components_draw_what_was_worked_out():
    shown = two_companies("4?-", "122", "333", viewer_side="group")[1]

    html = rendered("_dumbbell", chart=shown, question="Did this happen?")

    row = shown.rows[0]
    assert row.points == (*row.each, *row.marks)
    assert re.findall(r'<svg x="([\d.]+%)" y="(\d+)"', html) == [
        (point.x, str(point.y)) for point in row.points
    ]
    assert html.count('class="m-co"') == html.count('class="m-pg"') == len(row.each) == 1
    assert html.count('class="m-co m-small"') == 1
    assert f'x1="{row.gap_line.x1}" x2="{row.gap_line.x2}"' in html
    assert [said for said in (row.sentence, row.words, *row.notes) if said not in html] == []


@pytest.mark.parametrize("language", ["en-gb", "de"])
def test_the_components_write_positions_the_same_in_every_language(language):
    with translation.override(language):
        html = rendered("_dumbbell", chart=chart(*MOCK_UP), question="")

    assert re.search(r'="-?\d+,\d', html) is None
    assert "style=" not in html


def test_a_question_shows_its_steps_notes_and_quotes():
    comparison = compared("2?4", "4??")
    shown = question_chart(comparison.principles[0], comparison, viewer_side="group")

    html = "".join(rendered("_question_row", row=row, axis=shown.axis) for row in shown.rows)

    assert html.count("Far apart, 2 steps") == 1
    assert html.count("Neither side knew") == 1
    assert html.count("Aldermoor Pharma: I don’t know</p>") == 1
    assert html.count("<b>You</b> said <b>Partly</b>") == 1


def test_the_legend_and_the_table_follow_the_viewer():
    shown = chart("122", "44?", "company")

    legend = rendered("_legend", legend=shown.legend)
    table = rendered("_chart_table", table=shown.table)

    assert legend.index("You, Aldermoor Pharma") < legend.index("Larkfield Lupus Group")
    assert re.findall(r'<th scope="col">(.*?)</th>', table) == [
        "Principle",
        "You",
        "Larkfield Lupus Group",
        "Gap",
    ]
    assert '4.0 <span class="small">Yes</span><span class="cell-more">1 answer “I don’t know”</span>' in table
