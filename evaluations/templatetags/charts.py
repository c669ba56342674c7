"""The charts and quotes of a page of results, drawn. There are dozens on a page: a template for each would take longer
than everything else on it. What to draw is worked out by `evaluations.charts`.
"""

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accounts.templatetags.counterpart import side_mark

register = template.Library()


@register.simple_tag
def plot(row, ticks) -> SafeString:
    """The marks of both sides on one line. The colour of the gap is that of the element around, "pr pr-N"."""
    grid = "".join(f'<line class="grid-l" x1="{tick.x}" x2="{tick.x}" y1="0" y2="52"/>' for tick in ticks)
    dashed = " base-none" if row.dashed else ""
    gap = row.gap_line
    between = f'<line class="gap-l" x1="{gap.x1}" x2="{gap.x2}" y1="26" y2="26"/>' if gap else ""
    small = "".join(_mark(point, "m-co m-small") for point in row.each)
    marks = "".join(_mark(point, "m-co") for point in row.marks)
    # Numbers of ours: nothing in it was written by a person.
    return mark_safe(
        f'<svg class="dbrow" width="100%" height="52" aria-hidden="true" focusable="false">{grid}'
        f'<line class="base-l{dashed}" x1="4%" x2="96%" y1="26" y2="26"/>{between}{small}{marks}</svg>'
    )


def _mark(point, square):
    if point.shape == "circle":
        drawn = f'<circle class="m-pg" cx="{point.dx}" cy="0" r="{point.half}"/>'
    else:
        size = f'width="{point.size}" height="{point.size}" rx="{point.corner}"'
        drawn = f'<rect class="{square}" x="{point.left}" y="{point.top}" {size}/>'
    return f'<svg x="{point.x}" y="{point.y}" width="1" height="1" overflow="visible">{drawn}</svg>'


@register.simple_tag
def dots_over_time(row) -> SafeString:
    """What both sides said of one question in each check-in, from left to right: the higher, the better."""
    lines = "".join(
        f'<line class="grid-l" x1="18%" x2="100%" y1="{y}" y2="{y}"/>'
        f'<text x="0" y="{y + 5}">{escape(word)}</text>'
        for y, word in row.levels
    )
    numbers = "".join(
        f'<text x="{column.x}" y="{row.numbers_y}" text-anchor="middle">{column.number}</text>'
        for column in row.columns
    )
    marks = "".join(_dot(dot) for dot in row.dots)
    # Numbers of ours, and words of the guide, which are escaped.
    return mark_safe(
        f'<svg class="axis over-time" width="100%" height="{row.height}" aria-hidden="true" focusable="false">'
        f"{lines}{numbers}{marks}</svg>"
    )


def _dot(dot):
    half = dot.size / 2
    if dot.shape == "circle":
        drawn = f'<circle class="m-pg" cx="{dot.dx}" cy="0" r="{half:g}"/>'
    else:
        drawn = (
            f'<rect class="m-co m-small" x="{dot.dx - half:g}" y="{-half:g}"'
            f' width="{dot.size}" height="{dot.size}" rx="2"/>'
        )
    return f'<svg x="{dot.x}" y="{dot.y}" width="1" height="1" overflow="visible">{drawn}</svg>'


@register.simple_tag
def axis_words(ticks, narrow=False) -> SafeString:
    """The words of the levels along an axis; `narrow` ones are for phones only."""
    words = "".join(
        f'<text x="{tick.x}" y="15" text-anchor="middle">{escape(tick.word)}</text>' for tick in ticks
    )
    return format_html(
        '<svg class="axis{}" width="100%" height="22" aria-hidden="true" focusable="false">{}</svg>',
        " axis-narrow" if narrow else "",
        mark_safe(words),
    )


@register.simple_tag
def said(quote) -> SafeString:
    """What one organisation answered, with its comment."""
    sentence = _("<b>%(who)s</b> said <b>%(said)s</b>") % {
        "who": escape(quote.who),
        "said": escape(quote.said),
    }
    comment = f"<p>“{escape(quote.text)}”</p>" if quote.text else f'<p class="tiny">{_("No comment")}</p>'
    # Everything that a person wrote is escaped above, or by the mark.
    return mark_safe(
        f'<div class="quote">{side_mark(quote.organisation, True)}<div><p class="tiny">{sentence}</p>{comment}</div></div>'
    )
