"""What the dumbbell chart draws: positions, marks and words, worked out; the template only draws.

    principle_chart(comparison, *, viewer_side=None, viewer=None) -> Chart                 one row per principle
    question_chart(result, comparison, *, viewer_side=None, viewer=None, beside=None) -> Chart   one row per question of it
    over_time(check_ins, questions, sides=…, own_id=None) -> OverTime                      check-ins, see `over_time.py`
    chart_svg(chart, title) -> SafeString                                                  for PDF; needs no style sheet

`viewer_side` is the side of the person who looks ("group", "company", or None for a neutral page), `viewer` the key of
their organisation. Their own side is named "You" and comes first in every text; shapes never change: round is the
patient group, square is the company. Words are in the language that is active when the chart is made (the table's: when
it is asked for).

    Chart        .legend (LegendEntry, …) .axis (Tick, …) .rows (Row, …) .table .nothing_to_compare (sentences)
    LegendEntry  .side .shape .name
    Tick         .x .word
    Row          .key .number (of the principle, for "pr pr-N") .colour .name .url ("#p3"; "" for a question)
                 .sentence (hidden text) .dashed (not in this project) .gap_line (Span .x1 .x2, or None)
                 .marks (Points of the sides) .each (small Points, where a side has several organisations)
                 .points (all of them, in the order to draw them)
                 .words .code .tone (of the tag; "" where the words stand as plain text) .notes (visible lines)
                 .quotes (Quote, …; questions only)
    Point        .x .y .dx .size .small .half .left .top .corner .stroke .shape ("circle" or "square") .side .name
    Quote        .organisation (.key .name .kind .initials) .who .is_viewer .said .answer .text (the comment)
    Table        .caption .columns (str, …) .rows (TableRow .head .cells)
    Cell         .text (the figure) .note (its words) .more (lines)

`x` is text with a percent sign, ready for an attribute: 4 + (v − 1) · 92/3 percent. The one place with decimals is the
table. Rules: docs/product.md, "Reviews", 5 and 6.
"""

from .over_time import OverTime, over_time
from .rows import Chart, LegendEntry, Point, Quote, Row, Span, Tick, principle_chart, question_chart
from .svg import chart_svg
from .table import Cell, Table, TableRow

__all__ = [
    "Cell",
    "Chart",
    "LegendEntry",
    "OverTime",
    "Point",
    "Quote",
    "Row",
    "Span",
    "Table",
    "TableRow",
    "Tick",
    "chart_svg",
    "over_time",
    "principle_chart",
    "question_chart",
]
