"""Every page in a real browser: wide and narrow, light and dark. The access table says which pages there are."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from tests.test_access import OK, PAGES
from tests.walk import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDTHS = (1280, 390, 320)
THEMES = ("light", "dark")
# Whoever may see a page looks at it; the first of these who may.
VISITORS = ("group lead", "company lead", "group owner", "superuser", "anonymous")
# Files and answers to programs, which are no pages for people.
NO_PAGES = {
    "accounts:data_download",
    # Answers only somebody who has set up a second step.
    "mfa_reauthenticate",
    "portal:health",
    "partnerships:project_export",
    "evaluations:review_copy_pdf",
    "evaluations:results_pdf",
    "evaluations:conclusion_pdf",
    "partnerships:version_file",
    "partnerships:signature_scan",
}
SMALLEST_TARGET = 24

TARGETS = """(smallest) => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary')]
  .filter(element => element.checkVisibility({checkOpacity: true, checkVisibilityCSS: true}))
  .filter(element => !element.closest('p, dd, li > span, td, .vh, .skip, .why[open] > summary') || element.matches('button, .btn'))
  .map(element => [element, (element.matches('[type=radio], [type=checkbox]') && element.labels[0] || element).getBoundingClientRect()])
  .filter(([element, box]) => box.width && (box.width < smallest || box.height < smallest))
  .map(([element, box]) => `${element.outerHTML.slice(0, 90)} ${Math.round(box.width)}x${Math.round(box.height)}`)"""


PAGES_TO_LOOK_AT = sorted(
    name for name, page in PAGES.items() if page.method == "get" and 200 in page.ok and name not in NO_PAGES
)


def visitor(page):
    return next(who for who in VISITORS if page.expected()[who] == OK)


@pytest.mark.parametrize("name", PAGES_TO_LOOK_AT)
def test_a_page_serves_everybody_at_every_width_in_light_and_dark(name, page, live_server, sign_in, console):
    row = PAGES[name]
    world = World(row.scene)
    arguments = row.args(world) if row.args else {}
    sign_in(world.person(visitor(row)))

    answer = page.goto(live_server.url + reverse(name, kwargs=arguments))
    # What is folded away is looked at too.
    page.evaluate("document.querySelectorAll('details:not(.menu):not(.me)').forEach(d => d.open = true)")

    found = [] if answer.status == 200 else [f"status {answer.status}"]
    found += (
        []
        if page.locator("h1").count() == 1
        else [f"{page.locator('h1').count()} headings of the first level"]
    )
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        sideways = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        found += [f"{width}: {sideways} px sideways"] if sideways > 0 else []
        found += [f"{width}: small target {target}" for target in page.evaluate(TARGETS, SMALLEST_TARGET)]
        for theme in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            violations = Axe().run(page, options=RULES).response["violations"]
            found += [
                f"{width} {theme}: {violation['id']} {node['html'][:120]}"
                for violation in violations
                for node in violation["nodes"][:3]
            ]
    assert found + console == []
