"""What is wrong with a page as it stands: for eyes, for fingers, and for those who hear it."""

from axe_playwright_python.sync_playwright import Axe

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# In the dark nothing but colours is different.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
THEMES = {"light": RULES, "dark": COLOURS}
WIDTHS = (1280, 390, 320)
# A phone is a phone to the rules that axe knows: they are asked at the narrowest of each kind.
AXE_WIDTHS = (1280, 320)
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
RUN = """(rules) => axe.run(document, {runOnly: rules, resultTypes: ['violations']}).then(found => found.violations.flatMap(
  violation => violation.nodes.slice(0, 3).map(node => `${violation.id} ${node.html.slice(0, 160)}`)))"""


def violations(page, rules=RULES):
    """What axe finds, as words."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    return page.evaluate(RUN, rules)


def sideways(page):
    """How far a page goes beyond its window, as words."""
    pixels = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [f"{pixels} px sideways"] if pixels > 0 else []


def look_at(page, widths=WIDTHS):
    """Everything that is wrong with this page, at every width, in light and dark."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        wrong = sideways(page)
        wrong += [f"small target {target}" for target in page.evaluate(TARGETS, SMALLEST_TARGET)]
        wrong += [f"small primary {target}" for target in page.evaluate(PRIMARY, SMALLEST_PRIMARY)]
        for theme, rules in THEMES.items() if width in AXE_WIDTHS else ():
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            wrong += [f"{theme}: {violation}" for violation in violations(page, rules)]
        found += [f"{width}: {words}" for words in wrong]
    return found
