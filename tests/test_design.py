"""The look, held by figures: contrast, weight, and what no template may contain."""

import gzip
import hashlib
import itertools
import json
import re
from pathlib import Path

import django_htmx
import pytest
from django.conf import settings
from django.template import engines

pytestmark = pytest.mark.once

ROOT = Path(settings.BASE_DIR)
STATIC = ROOT / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "emails" not in path.relative_to(ROOT / "templates").parts]
COMPONENTS = sorted((ROOT / "templates" / "components").glob("*.html"))

TEXT, GRAPHIC = 4.5, 3
# (foreground, background, least contrast, light, dark): the figures are those of the visual language.
CONTRASTS = [
    ("ink", "paper", TEXT, 15.62, 15.90),
    ("ink-2", "paper", TEXT, 8.39, 11.34),
    ("ink-3", "paper", TEXT, 5.70, 7.81),
    ("ink-3", "surface-2", TEXT, 5.26, 6.13),
    ("link", "paper", TEXT, 7.62, 10.12),
    ("link", "surface-2", TEXT, 7.04, 7.95),
    ("line-strong", "surface", GRAPHIC, 4.48, 5.16),
    ("line-strong", "surface-2", GRAPHIC, 3.97, 4.50),
    ("on-brand", "brand", TEXT, 10.24, 9.55),
    ("on-brand", "brand-h", TEXT, 13.62, 11.29),
    ("turn-fg", "turn-bg", TEXT, 9.73, 9.15),
    ("wait-fg", "wait-bg", TEXT, 9.04, 8.84),
    ("late-fg", "late-bg", TEXT, 7.42, 9.67),
    ("seal-fg", "seal-bg", TEXT, 8.53, 9.22),
    ("ok-fg", "ok-bg", TEXT, 7.11, 9.16),
    ("turn-line", "surface", GRAPHIC, 4.35, 7.61),
    ("focus-out", "paper", GRAPHIC, 15.62, 12.25),
    ("focus-in", "focus-out", GRAPHIC, 11.05, 12.25),
    ("p1", "surface", TEXT, 8.69, 5.40),
    ("p2", "surface", TEXT, 10.53, 5.10),
    ("p3", "surface", TEXT, 5.06, 9.32),
    ("p4", "surface", TEXT, 4.99, 11.05),
    ("p5", "surface", TEXT, 5.14, 10.48),
    ("h1f", "h1", TEXT, 12.07, 14.8),
    ("h2f", "h2", TEXT, 5.07, 8.3),
    ("h3f", "h3", TEXT, 10.13, 6.6),
    ("h4f", "h4", TEXT, 14.28, 11.6),
    # Used together in the style sheets; without a figure in the visual language.
    ("ink", "brand-tint", TEXT, None, None),
    ("ink-2", "brand-tint", TEXT, None, None),
    ("ink-2", "surface-2", TEXT, None, None),
    ("link", "surface", TEXT, None, None),
    ("link", "brand-tint", TEXT, None, None),
    ("late-fg", "paper", TEXT, None, None),
    ("late-fg", "surface", TEXT, None, None),
    ("late-fg", "surface-2", TEXT, None, None),
    ("brand", "surface", GRAPHIC, None, None),
    ("brand", "paper", GRAPHIC, None, None),
    *[(f"p{n}", f"p{n}t", TEXT, None, None) for n in range(1, 6)],
    *[(f"p{n}", "paper", TEXT, None, None) for n in range(1, 6)],
]


def tokens(selector):
    """The custom properties of the block that begins with this selector."""
    text = (STATIC / "css" / "tokens.css").read_text()
    block = re.search(re.escape(selector) + r"[^{}]*\{(.*?)\n *\}", text, re.S)[1]
    return dict(re.findall(r"--([\w-]+): ([^;]+);", block))


LIGHT = tokens(":root")
DARK = tokens('[data-bs-theme="dark"]')


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def gzipped(*paths):
    return sum(len(gzip.compress(path.read_bytes())) for path in paths)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("foreground", "background", "least", "light", "dark"), CONTRASTS)
def test_colours_that_meet_stand_out_from_each_other(foreground, background, least, light, dark, theme):
    values, said = (LIGHT, light) if theme == "light" else (DARK, dark)

    ratio = contrast(values[foreground], values[background])

    assert ratio >= least
    if said:
        assert ratio == pytest.approx(said, abs=0.06)


def test_both_ways_into_the_dark_give_the_same_colours():
    chosen, asked_by_the_device = DARK, tokens(":root:not([data-bs-theme]")

    assert asked_by_the_device == chosen
    assert LIGHT.keys() == DARK.keys()


def test_the_dark_theme_gives_other_values_to_colours_and_changes_nothing_else():
    """In the browser the dark pages are asked for their colours only (tests/browser/look.py)."""
    sheets = {path.name: path.read_text() for path in (STATIC / "css").glob("*.css")}
    speak_of_the_dark = {
        name
        for name, sheet in sheets.items()
        if re.search(r"prefers-color-scheme|theme=.?dark", sheet) and name != "tokens.css"
    }
    blocks = re.findall(r"color-scheme: dark;([^}]*)}", sheets["tokens.css"])
    declared = [re.findall(r"([\w-]+):\s*((?:url\(.*?\)|[^;])+);", block) for block in blocks]
    a_colour_or_a_picture = re.compile(r"#[0-9A-F]{6}|none|url\(\"data:image/svg\+xml,.*\"\)")

    assert speak_of_the_dark == set()
    assert [len(block) > 40 for block in declared] == [True, True]
    assert [
        (name, value)
        for name, value in itertools.chain(*declared)
        if not name.startswith("--") or not a_colour_or_a_picture.fullmatch(value)
    ] == []


def test_between_the_two_narrow_widths_only_pairs_of_levels_go_below_each_other():
    """In the browser all rules are asked at 320 pixels, not at 390 (tests/browser/look.py)."""
    sheets = "\n".join(path.read_text() for path in (STATIC / "css").glob("*.css"))
    widths = {float(width) for width in re.findall(r"width: ([\d.]+)rem\)", sheets)}

    assert {width for width in widths if 320 <= width * 16 < 390} == {22}
    assert re.findall(r"@media \(max-width: 22rem\) \{(.*)\}", sheets) == [
        " .rubric .pair { grid-template-columns: 1fr; } "
    ]


FORBIDDEN = {
    "style attribute": re.compile(r"<[^>{]*\sstyle=", re.I),
    "style element": re.compile(r"<style\b", re.I),
    "handler": re.compile(r"<[a-z][^>]*\s(?:on[a-z]+|hx-on[\w:-]*)=", re.I),
    "script in the page": re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*application/json)", re.I),
    "javascript address": re.compile(r"javascript:", re.I),
    "other host": re.compile(r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=[\"'](?:https?:)?//", re.I),
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_no_page_holds_what_the_content_security_policy_blocks(name):
    found = [str(path.relative_to(ROOT)) for path in PAGES if FORBIDDEN[name].search(path.read_text())]

    assert found == []


@pytest.mark.parametrize(
    ("name", "sample"),
    [
        ("style attribute", '<p class="a" style="color:red">'),
        ("style element", "<style>p{}</style>"),
        ("handler", '<button type="submit" onclick="x()">'),
        ("script in the page", "<script>alert(1)</script>"),
        ("javascript address", '<a href="javascript:x()">'),
        ("other host", '<script src="https://cdn.example/x.js"></script>'),
    ],
)
def test_what_is_looked_for_would_be_found(name, sample):
    assert FORBIDDEN[name].search(sample)


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.name)
def test_every_component_says_what_it_takes(path):
    first_line = path.read_text().splitlines()[0]

    assert re.fullmatch(r"\{# [A-Z0-9].+ Context: .+\. #\}", first_line)


def test_the_readme_names_every_component_and_its_examples_compile():
    readme = (ROOT / "templates" / "components" / "README.md").read_text()
    examples = re.findall(r"`([^`\n]*\{%[^`\n]*)`", readme) + re.findall(r"```django\n(.*?)```", readme, re.S)
    load = "{% load counterpart i18n static crispy_forms_tags %}"

    unnamed = [path.name for path in COMPONENTS if f"`{path.name}`" not in readme]
    compiled = [engines["django"].from_string(load * ("extends" not in text) + text) for text in examples]

    assert unnamed == []
    assert len(compiled) > 40


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_template_compiles(path):
    assert engines["django"].get_template(str(path.relative_to(ROOT / "templates")))


def test_every_part_that_a_template_includes_is_there():
    named = {
        name
        for path in TEMPLATES
        for name in re.findall(r"\{% (?:include|extends) \"([^\"]+)\"", path.read_text())
        if name.split("/")[0] in {"components", "base.html", "focus.html", "public.html"}
    }

    assert [name for name in sorted(named) if not (ROOT / "templates" / name).exists()] == []


@pytest.mark.django_db
def test_a_form_that_is_refused_is_swapped_in_like_a_page_and_other_errors_are_not(client):
    """How htmx reads it: the first pattern that a status fits."""
    (content,) = re.findall(r"""<meta name="htmx-config" content='([^']*)'>""", client.get("/").text)
    config = json.loads(content)

    def swaps(status):
        return next(
            rule["swap"] for rule in config["responseHandling"] if re.match(rule["code"], str(status))
        )

    shown = {status: swaps(status) for status in (200, 204, 302, 403, 404, 422, 429, 500, 503)}
    assert {status for status, swap in shown.items() if swap} == {200, 302, 422}
    assert (config["allowEval"], config["selfRequestsOnly"], config["includeIndicatorStyles"]) == (
        False,
        True,
        False,
    )


def test_the_first_page_is_light_enough():
    css = [
        STATIC / "vendor" / "bootstrap-5.3.9.min.css",
        *(STATIC / "css" / f"{n}.css" for n in ("tokens", "base", "components")),
    ]
    htmx = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"
    scripts = [htmx, *sorted((STATIC / "js").glob("*.js"))]
    fonts = sorted((STATIC / "vendor").glob("*.woff2"))

    assert gzipped(*css) <= 45 * 1024
    assert gzipped(*scripts) <= 30 * 1024
    assert sum(font.stat().st_size for font in fonts) <= 60 * 1024


def test_vendored_files_are_the_ones_that_were_reviewed():
    vendor = STATIC / "vendor"
    lines = (vendor / "checksums.sha256").read_text().split("\n")
    sums = {name.removeprefix("./"): digest for digest, name in (line.split("  ") for line in lines if line)}

    assert sums == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in vendor.iterdir()
        if path.name != "checksums.sha256"
    }


def test_no_style_sheet_or_script_points_to_a_map_that_is_not_there():
    files = [*STATIC.rglob("*.css"), *STATIC.rglob("*.js")]

    assert [path.name for path in files if "sourceMappingURL" in path.read_text()] == []


def test_the_style_sheets_know_no_left_and_right():
    physical = re.compile(
        r"(?<![\w-])(?:(?:margin|padding|border)-)?(?:left|right)\s*:|text-align:\s*(?:left|right)"
    )
    # The sheet for paper is read by WeasyPrint, which knows few logical properties.
    sheets = [path for path in (STATIC / "css").glob("*.css") if path.name != "pdf.css"]

    found = {p.name: physical.findall(p.read_text()) for p in sheets}

    assert {name: hits for name, hits in found.items() if hits} == {}


COMPUTED = re.compile(r"[\w-]*\{\{.*?\}\}[\w-]*")


def classes_of(path):
    """The class names that a template writes out; names made from a variable are left aside."""
    text = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", path.read_text(), flags=re.S)
    written = re.findall(r'class="((?:[^"{]|\{%.*?%\}|\{\{.*?\}\})*)"', text)
    return {name for one in written for name in re.sub(r"\{%.*?%\}", " ", COMPUTED.sub(" ", one)).split()}


def test_every_class_is_known_to_a_style_sheet():
    sheets = [*(STATIC / "css").glob("*.css"), *(STATIC / "vendor").glob("*.css")]
    known = {name for sheet in sheets for name in re.findall(r"\.(-?[A-Za-z_][\w-]*)", sheet.read_text())}
    own = [path for path in PAGES if "admin" not in path.relative_to(ROOT / "templates").parts]

    unknown = {str(path.relative_to(ROOT)): sorted(classes_of(path) - known) for path in own}

    assert {path: names for path, names in unknown.items() if names} == {}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('<p class="a b">', {"a", "b"}),
        ('<p class="a{% if x == "y" %} b{% endif %}">', {"a", "b"}),
        ('<p class="tag tag-{{ tone|default:"plain" }}">', {"tag"}),
        ('{# class="gone" #}<p>', set()),
    ],
)
def test_class_names_are_found_around_tags(text, names, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(text)

    assert classes_of(path) == names
