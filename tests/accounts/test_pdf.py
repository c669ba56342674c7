"""Files for paper."""

import socket
import sys

import pytest
from django.template import Context, Template

from accounts.pdf import NoPdf, render_pdf
from tests.pdf import pdf_fonts, pdf_text

PAGE = "{% extends 'pdf.html' %}{% block where %}Carer handbook{% endblock %}{% block content %}<h1>Zoë said: fine</h1><p>{{ text }}</p>{% endblock %}"


def page(text):
    return Template(PAGE).render(Context({"text": text}))


def test_a_page_becomes_a_file_whose_words_can_be_read():
    pdf = render_pdf(page("Łódź, 4 µg & <b>bold</b>"))

    assert pdf.startswith(b"%PDF-")
    text = pdf_text(pdf)
    assert "Zoë said: fine" in text
    assert "Łódź, 4 µg & <b>bold</b>" in text
    assert "Carer handbook" in text


def test_a_file_is_drawn_in_our_letters_and_warns_of_nothing(caplog):
    pdf = render_pdf(page("Łódź and Kraków"))

    assert pdf_fonts(pdf) == {"Atkinson", "Atkinson-Extended"}
    assert [record for record in caplog.records if record.levelname != "INFO"] == []


def test_nothing_is_fetched_while_a_file_is_made(monkeypatch):
    asked = []
    monkeypatch.setattr(socket.socket, "connect", lambda self, address: asked.append(address))
    html = page("").replace(
        "</h1>",
        "</h1><img src='http://10.0.0.1/x.png' alt='x'><img src='file:///etc/passwd' alt='y'>"
        "<link rel='stylesheet' href='http://10.0.0.1/x.css'>",
    )

    pdf = render_pdf(html)

    assert asked == []
    assert "root:" not in pdf_text(pdf)


def test_without_the_library_it_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)

    with pytest.raises(NoPdf):
        render_pdf(page(""))
