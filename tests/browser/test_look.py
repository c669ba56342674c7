"""The look at a page itself: what is wrong in one theme, at one width, is found there, and nowhere else."""

import pytest

from tests.browser.look import WHOLE, look_at

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><head><title>Sample</title><style>
body { color: #17212A; background: #FFFFFF; }
@media (prefers-color-scheme: dark) { body { color: #FFFFFF; background: #11171D; } }
h4, .wide, a { display: none; }
@media %s { %s }
</style></head><body><main><h1>Sample</h1><p id="words">Words</p><h4>Three levels too deep</h4>
<div class="wide">Long</div><div><a href="#words">o</a></div></main></body></html>"""
# One for those who see, one for those who hear the page; one for phones, one for fingers.
FAINT_AND_TOO_DEEP = "#words { color: #808890; background: #808080; } h4 { display: block; }"
WIDE_AND_SMALL = ".wide { display: block; width: 2000px; } a { display: block; width: 20px; height: 20px; }"


def rules(found):
    return [words.partition(" <")[0] for words in found]


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize(
    ("theme", "wrong"),
    [
        ("light", ["color-contrast", "heading-order"]),
        ("dark", ["color-contrast", "heading-order"] if WHOLE else ["color-contrast"]),
    ],
)
def test_all_rules_are_asked_in_light_and_those_of_colours_in_dark(page, width, theme, wrong):
    media = f"(width: {width}px) and (prefers-color-scheme: {theme})"
    page.set_content(PAGE % (media, FAINT_AND_TOO_DEEP))

    found = look_at(page)

    assert rules(found) == [f"{width}: {theme}: {rule}" for rule in wrong]


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_what_is_too_wide_or_too_small_is_found_at_every_width(page, width):
    page.set_content(PAGE % (f"(width: {width}px)", WIDE_AND_SMALL))

    found = look_at(page)

    assert rules(found) == [f"{width}: {2008 - width} px sideways", f"{width}: small target"]


def test_a_page_without_mistakes_has_none(page):
    page.set_content(PAGE % ("print", FAINT_AND_TOO_DEEP))

    assert look_at(page) == []
