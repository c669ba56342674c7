"""Files to keep on paper: a page of HTML becomes a PDF. What is made here is sent at once and stored nowhere."""

import functools
import io

from django.contrib.staticfiles import finders

# By the names in css/pdf.css. A family of two files draws letters of the one with shapes of the other.
FONTS = {
    "Atkinson": "vendor/atkinson-hyperlegible-next-5.3.0-latin.woff2",
    "Atkinson Extended": "vendor/atkinson-hyperlegible-next-5.3.0-latin-ext.woff2",
}
# Where our style finds them: an address that leads nowhere else, and to nothing from the page itself.
LETTERS = "letters:"


class NoPdf(Exception):
    """This machine can't make PDFs: the libraries that draw text are missing. The page can be printed instead."""


def _read(name: str) -> bytes:
    with open(finders.find(name), "rb") as file:
        return file.read()


@functools.cache
def _letters(url: str) -> bytes:
    """A font as it is drawn from, under its address in our style: unpacked once and not again for each file."""
    from fontTools.ttLib import woff2

    font = io.BytesIO()
    woff2.decompress(io.BytesIO(_read(url.removeprefix(LETTERS))), font)
    return font.getvalue()


@functools.cache
def _stylesheet() -> str:
    """Our style for paper, with the addresses of its letters."""
    faces = "".join(
        f"@font-face{{font-family:'{family}';src:url('{LETTERS}{name}')}}" for family, name in FONTS.items()
    )
    return faces + _read("css/pdf.css").decode()


def render_pdf(html: str) -> bytes:
    """Make a tagged PDF from a whole HTML page that extends `pdf.html`.

    For the page nothing but `data:` addresses is opened, and for our style nothing but its letters, so words that
    people typed can make the server ask for nothing.

    Raises:
        NoPdf: WeasyPrint or the Pango library is missing.
    """
    try:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except (ImportError, OSError) as error:
        raise NoPdf from error
    fetcher = URLFetcher(allowed_protocols=["data"], allow_redirects=False)
    # Shared by both, or the letters in the style are not found and others are used.
    fonts = FontConfiguration()
    style = CSS(
        string=_stylesheet(),
        url_fetcher=lambda url: URLFetcherResponse(url, _letters(url)),
        font_config=fonts,
    )
    return HTML(string=html, url_fetcher=fetcher).write_pdf(
        stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1"
    )
