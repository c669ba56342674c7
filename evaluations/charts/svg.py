"""The chart as one SVG for PDF: presentation attributes only, so that no style sheet is needed."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from textwrap import wrap

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from .rows import LINE_Y, Chart, Point, Row

INK, INK_2, LINE, LINE_STRONG, PAPER = "#17212A", "#414C57", "#DDD9CD", "#6E7884", "#FFFFFF"
TONE_COLOURS = {"turn": ("#FFE9B8", "#4B3500"), "wait": ("#E5EBF1", "#2C3F50")}
DASHED = mark_safe(' stroke-dasharray="3 7"')
FONT = "Atkinson Hyperlegible Next, DejaVu Sans, sans-serif"

WIDTH = 640  # fits between the margins of A4
PLOT, PLOT_WIDTH = 162, 336
WORDS, WORDS_WIDTH = 506, 134
# How many letters fit on one line of each column, in the widest font it may fall back to.
LEGEND_LETTERS, NAME_LETTERS, WORD_LETTERS, NOTE_LETTERS = 95, 24, 19, 58
TEXT, LINE_HEIGHT = 11, 15
ROW_HEIGHT = 52


def chart_svg(chart: Chart, title: str) -> SafeString:
    """Draw the whole chart: legend, axis, rows and notes. The sentences of all rows are its description."""
    parts, y = [], 0
    for draw in (_legend, _axis):
        part, height = draw(chart, y)
        parts.append(part)
        y += height
    for row in chart.rows:
        part, height = _row(row, chart, y)
        parts.append(part)
        y += height
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{}" width="{}" height="{}" '
        'viewBox="0 0 {} {}" font-family="{}" font-size="{}" fill="{}"><title>{}</title><desc>{}</desc>{}</svg>',
        *(title, WIDTH, y, WIDTH, y, FONT, TEXT, INK, title),
        " ".join(f"{row.name}. {row.sentence} {row.words}." for row in chart.rows),
        _joined(parts),
    )


def _legend(chart: Chart, y: int) -> tuple[SafeString, int]:
    parts, below = [], y
    for entry in chart.legend:
        half = 8 if entry.shape == "circle" else 10.5
        lines, height = _lines(entry.name, 30, below + 16, LEGEND_LETTERS)
        parts += [_shape(entry.shape, 12, below + 12, half), lines]
        below += height + 11
    return _joined(parts), below - y


def _axis(chart: Chart, y: int) -> tuple[SafeString, int]:
    words = [
        format_html(
            '<text x="{}" y="{}" text-anchor="middle" fill="{}">{}</text>',
            *(_across(tick.at), y + 18, INK_2, tick.word),
        )
        for tick in chart.axis
    ]
    return _joined(words), 26


def _row(row: Row, chart: Chart, y: int) -> tuple[SafeString, int]:
    name, name_height = _lines(row.name, 0, y + LINE_Y + 4, NAME_LETTERS, weight="bold", middle=True)
    words, words_height = _words(row, y)
    notes, notes_height = [], 0
    body = max(ROW_HEIGHT, name_height + 12, words_height + 12)
    for note in row.notes:
        lines, height = _lines(note, PLOT + 14, y + body + 13 + notes_height, NOTE_LETTERS, fill=INK_2)
        notes.append(lines)
        notes_height += height
    rule = format_html('<line x1="0" x2="{}" y1="{}" y2="{}" stroke="{}"/>', WIDTH, y, y, LINE)
    height = body + (notes_height + 10 if notes_height else 0)
    return _joined([rule, name, *_plot(row, chart, y), words, *notes]), height


def _plot(row: Row, chart: Chart, y: int) -> Iterable[SafeString]:
    middle = y + LINE_Y
    for tick in chart.axis:
        x = _across(tick.at)
        yield format_html('<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}"/>', x, x, y + 4, y + 48, LINE)
    yield format_html(
        '<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}" stroke-width="2"{}/>',
        *(_across(chart.axis[0].at), _across(chart.axis[-1].at), middle, middle),
        LINE_STRONG if row.dashed else LINE,
        DASHED if row.dashed else "",
    )
    if row.gap_line:
        yield format_html(
            '<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}" stroke-width="7" stroke-linecap="round"/>',
            *(_across(row.gap_line.start), _across(row.gap_line.end), middle, middle),
            row.colour,
        )
    for point in row.points:
        yield _mark(point, y)


def _mark(point: Point, y: int) -> SafeString:
    x = float(_across(point.at)) + point.dx
    return _shape(point.shape, x, y + point.y, point.size / 2, point.corner, point.stroke)


def _shape(shape: str, x: float, y: float, half: float, corner: int = 3, stroke: str = "2.5") -> SafeString:
    if shape == "circle":
        return format_html('<circle cx="{}" cy="{}" r="{}" fill="{}"/>', f"{x:g}", f"{y:g}", f"{half:g}", INK)
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="{}" fill="{}" stroke="{}" stroke-width="{}"/>',
        *(f"{x - half:g}", f"{y - half:g}", f"{2 * half:g}", f"{2 * half:g}", corner),
        *(PAPER, INK, stroke),
    )


def _words(row: Row, y: int) -> tuple[SafeString, int]:
    back, fill = TONE_COLOURS.get(row.tone, (None, INK_2))
    text, height = _lines(
        row.words,
        WORDS + 8,
        y + LINE_Y + 4,
        WORD_LETTERS,
        fill=fill,
        middle=True,
        weight="bold" if back else "normal",
    )
    if not back:
        return text, height
    box = format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="5" fill="{}"/>',
        *(WORDS, f"{y + LINE_Y - height / 2 - 4:g}", WORDS_WIDTH, height + 8, back),
    )
    return _joined([box, text]), height


def _lines(
    words: str,
    x: int,
    y: int,
    letters: int,
    *,
    fill: str = INK,
    weight: str = "normal",
    middle: bool = False,
) -> tuple[SafeString, int]:
    """Text broken into lines of so many letters. With `middle` the block is centred on y, otherwise it starts there."""
    lines = wrap(words, letters) or [""]
    height = len(lines) * LINE_HEIGHT
    top = y - (height - LINE_HEIGHT) / 2 if middle else y
    return (
        format_html_join(
            "",
            '<text x="{}" y="{}" font-weight="{}" fill="{}">{}</text>',
            ((x, f"{top + place * LINE_HEIGHT:g}", weight, fill, line) for place, line in enumerate(lines)),
        ),
        height,
    )


def _across(at: Fraction) -> str:
    """From percent of the axis to a place in the picture."""
    return f"{round(float(PLOT + at * PLOT_WIDTH / 100), 2):g}"


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))
