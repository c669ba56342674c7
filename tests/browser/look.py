"""What is wrong with a page as it stands: for eyes, for fingers, and for those who hear it.

`LOOK=whole make browser` asks all rules in both themes at every width, which takes more than twice as long; the rest
of the time axe is spared what cannot differ (docs/decisions/015-what-is-asked-how-often.md).
"""

import os

from axe_playwright_python.sync_playwright import Axe

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The dark theme gives other values to the colours and changes nothing else (tests/test_design.py holds it to that), so
# only rules that look at colours can find anything new there.
COLOURS = ["color-contrast", "link-in-text-block"]
WHOLE = os.environ.get("LOOK") == "whole"
THEMES = {"light": RULES, "dark": RULES if WHOLE else COLOURS}
WIDTHS = (1280, 390, 320)
# Between these two lie all changes of layout; what a phone of 390 pixels shows otherwise than one of 320 is measured.
AXE_WIDTHS = WIDTHS if WHOLE else (1280, 320)
SMALLEST_TARGET = 24
SMALLEST_PRIMARY = 44

TARGETS = """(smallest) => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary')]
  .filter(element => element.checkVisibility({checkOpacity: true, checkVisibilityCSS: true}))
  .filter(element => !element.closest('p, dd, li > span, td, .vh, .skip, .why[open] > summary') || element.matches('button, .btn'))
  // A link that is stretched over its whole card is as large as the card.
  .filter(element => getComputedStyle(element, '::after').position !== 'absolute')
  .map(element => [element, (element.matches('[type=radio], [type=checkbox]') && element.labels[0] || element).getBoundingClientRect()])
  .filter(([element, box]) => box.width && (box.width < smallest || box.height < smallest))
  .map(([element, box]) => `${element.outerHTML.slice(0, 90)} ${Math.round(box.width)}x${Math.round(box.height)}`)"""

PRIMARY = """(smallest) => [...document.querySelectorAll('.btn-primary')]
  .filter(element => element.checkVisibility({checkOpacity: true, checkVisibilityCSS: true}))
  .filter(element => element.getBoundingClientRect().height < smallest)
  .map(element => `${element.outerHTML.slice(0, 90)} ${element.getBoundingClientRect().height}`)"""

UNFOLD = "document.querySelectorAll('details:not(.menu):not(.me)').forEach(d => d.open = true)"


AXE = Axe().axe_script
# Read once for each page; only what is wrong comes back.
RUN = """(rules) => axe.run(document, {runOnly: rules, resultTypes: ['violations'], selectors: false}).then(found => found.violations.flatMap(
  violation => violation.nodes.slice(0, 3).map(node => `${violation.id} ${node.html.slice(0, 160)}`)))"""


def violations(page):
    """What axe finds in light and in dark at the width that the window has, as words."""
    if page.viewport_size["width"] not in AXE_WIDTHS:
        return []
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = []
    for theme, rules in THEMES.items():
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        found += [f"{theme}: {violation}" for violation in page.evaluate(RUN, rules)]
    return found


def sideways(page):
    """How far a page goes beyond its window, as words."""
    pixels = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [f"{pixels} px sideways"] if pixels > 0 else []


def at_each(page, widths, *looks):
    """What these looks find at every width, as words."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{width}: {words}" for look in looks for words in look(page)]
    return found


def small(page):
    """What is too small to be hit with a finger, as words."""
    return [f"small target {target}" for target in page.evaluate(TARGETS, SMALLEST_TARGET)] + [
        f"small primary {target}" for target in page.evaluate(PRIMARY, SMALLEST_PRIMARY)
    ]


def look_at(page, widths=WIDTHS):
    """Everything that is wrong with this page, in light and dark, at every width."""
    return at_each(page, widths, sideways, small, violations)
