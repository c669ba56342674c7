"""Each component, drawn with sample data: what it shows, and what it leaves out when it is told nothing."""

import datetime as dt
import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace as Thing

import pytest
from django import forms
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory

from accounts.text import DateField
from partnerships.changes import Piece, Row
from principles.glossary import find_words

pytestmark = pytest.mark.once

FOLDER = Path(settings.BASE_DIR) / "templates" / "components"
GROUP = {"kind": "group", "initials": "LL", "name": "Larkfield Lupus Group"}
COMPANY = {"kind": "company", "initials": "AP", "name": "Aldermoor Pharma"}
DAY = dt.date(2026, 11, 27)
AT = dt.datetime(2026, 11, 22, 10, 58, tzinfo=dt.UTC)
AXIS = [Thing(x="4%", word="No"), Thing(x="34.67%", word="Partly"), Thing(x="96%", word="Yes")]
POINT = {"x": "34.67%", "y": 26, "dx": 0, "half": "8", "left": "-8", "top": "-8", "size": 16, "corner": 3}
ROW = Thing(
    number=3,
    name="Clear processes",
    url="#p3",
    sentence="You: Partly. Aldermoor: Yes.",
    dashed=False,
    gap_line=Thing(x1="34.67%", x2="96%"),
    marks=[Thing(**POINT | {"shape": "square", "x": "96%"}), Thing(**POINT, shape="circle")],
    each=[Thing(**POINT | {"shape": "square", "y": 45})],
    words="Far apart",
    tone="turn",
    notes=["Mint Comms: I don’t know."],
    quotes=[
        Thing(organisation=GROUP, who="You", said="Partly", text="A list would have <b>helped</b>."),
        Thing(organisation=COMPANY, who="A & B", said="Yes", text=""),
    ],
)
CHART = {"axis": AXIS, "rows": [ROW]}
RUBRIC = {
    "id": "q1",
    "name": "q1",
    "legend": "Was the contract easy to understand?",
    "hint": "For example: page count",
    "error": "Choose an answer, or “I don’t know”",
    "options": [
        {"value": 1, "label": "No", "text": "We signed without understanding it", "prompts": True},
        {"value": 4, "label": "Yes", "text": "Short and plain", "checked": True},
    ],
    "outside": [{"value": "x", "label": "I don’t know"}, {"value": "n", "label": "Not in this project"}],
    "comment": {
        "id": "q1_why",
        "name": "q1_why",
        "label": "What would have helped?",
        "hint": "Two sentences",
        "value": "<b>",
    },
}


class SampleForm(forms.Form):
    title = forms.CharField(label="Title", help_text="Short")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "Grant"), ("b", "Fee")], widget=forms.RadioSelect)
    ends = DateField(label="Ends on")
    note = forms.CharField(label="Note", required=False)

    def clean(self):
        raise forms.ValidationError("The project must end after it starts")


# Component → (context, words that must appear). One that is missing here turns the file red.
SAMPLES = {
    "_account_links": ({"account_url": "/account/", "sign_out_url": "/out/"}, ["Your account", "Sign out"]),
    "_agenda_row": ({"entry": {"day": DAY, "title": "Steering call", "url": "#", "info": "14:00 London"}}, ["27", "Nov", "Steering call", "14:00 London"]),
    "_axis": ({"axis": AXIS, "narrow": True}, ["axis-narrow", "34.67%", "Partly"]),
    "_back": ({"url": "/back/", "to": "your projects"}, ["/back/", "to your projects"]),
    "_breadcrumbs": ({"crumbs": [{"text": "Projects", "url": "/p/"}], "here": "Carer handbook"}, ["/p/", 'aria-current="page"', "Carer handbook"]),
    "_changed": ({"left": "Version 1", "right": "Version 2", "row": Row("changed", (Piece("within ", False), Piece("30", True)), (Piece("within ", False), Piece("<90>", True)))}, ["Version 1", '<del><span class="vh">[went: </span>30<span class="vh">]</span></del>', '<ins><span class="vh">[new: </span>&lt;90&gt;<span']),
    "_chart_table": ({"table": {"caption": "Averages", "columns": ["Principle", "You"], "rows": [{"head": "Patients first", "cells": [{"text": "3.7", "note": "Mostly", "more": ["Mint: 2.0"]}]}]}}, ["Show as a table", "Averages", 'scope="row"', "3.7", "Mint: 2.0"]),
    "_compare": ({"left": {"title": "Now", "text": "Two parts", "organisation": GROUP}, "right": {"title": "Suggested", "text": ""}}, ["Two parts", "Nothing written yet", "side-group"]),
    "_compare_side": ({"part": {"title": "Now", "text": "Two parts"}}, ["Now", "Two parts"]),
    "_confirm_panel": ({"title": "Withdraw?", "text": "Both are told.", "action": "/w/", "button": "Withdraw", "cancel": "/c/", "danger": True, "fields": {"seen": "1,2"}}, ["btn-danger", 'name="seen"', 'value="1,2"', "Cancel"]),
    "_conflict": ({"conflict": {"id": "c", "name": "c", "legend": "Choose what to keep", "theirs": {"title": "Theirs", "text": "Old", "value": "t"}, "mine": {"title": "Yours", "text": "New", "value": "m"}, "checked": "m"}}, ["Choose what to keep", 'value="m" checked', "Old"]),
    "_dumbbell": ({"chart": CHART, "question": "Did this happen?"}, ["Did this happen?", "Clear processes"]),
    "_dumbbell_row": ({"row": ROW, "axis": AXIS}, ["pr-3", "You: Partly. Aldermoor: Yes.", "Far apart", "Mint Comms: I don’t know."]),
    "_empty": ({"title": "No promises yet", "text": "They come later.", "ways": [{"text": "Start", "url": "/s/"}]}, ["No promises yet", "/s/"]),
    "_error_summary": ({"errors": [{"anchor": "id_title", "text": "Enter a title"}]}, ['role="alert"', "#id_title", "Enter a title"]),
    "_filters": ({"filter_form": SampleForm(), "chips": [{"text": "Your turn", "url": "?"}], "clear_url": "?", "target": "list"}, ["Search and filter", "Remove:", 'hx-target="#list"']),
    "_foot": ({}, ["Help:", "Language:"]),
    "_glyph": ({"number": 2, "small": True}, ["glyph-s", "<svg"]),
    "_help": ({"phone": "020 7946 0018", "email": "help@counterpart.example"}, ["tel:02079460018", "mailto:help@counterpart.example"]),
    "_history": ({"events": [{"at": AT, "text": "Larkfield sent its review", "organisation": GROUP}, {"at": AT, "text": "Opened"}]}, ["Larkfield sent its review", "Sunday 22 November 2026", "history-dot"]),
    "_lang": ({}, ["Language:", "English"]),
    "_legend": ({"legend": [{"shape": "circle", "name": "You"}, {"shape": "square", "name": "Aldermoor"}]}, ["m-pg", "m-co", "Aldermoor"]),
    "_logo": ({}, ["Counterpart"]),
    "_messages": ({"messages": [Message(constants.SUCCESS, "Saved")], "oob": True}, ['role="status"', "message-success", "Saved", "hx-swap-oob"]),
    "_navigation": ({"links": [{"url": "/", "text": "Home", "here": True}, {"url": "/p/", "text": "Projects", "inside": True}]}, ['aria-current="page"', 'aria-current="true"']),
    "_next": ({"title": "Next: agree", "text": "Ten minutes", "url": "/n/", "button": "Start", "also": [{"text": "Print", "url": "/p/"}], "id": "next"}, ["Next: agree", "/n/", "Print"]),
    "_note": ({"text": "A remark", "icon": "bulb", "lead": "First:"}, ["A remark", "First:", "<svg"]),
    "_pagination": ({"page_obj": Paginator(range(500), 50).page(4)}, ["151 to 200 of 500", "?page=5", 'aria-current="page"', "…"]),
    "_plot": ({"row": ROW, "axis": AXIS}, ["gap-l", "m-pg", "m-co"]),
    "_principle": ({"number": 4, "name": "Two-way dialogue", "url": "/guide/"}, ["pr-4", "Two-way dialogue", "/guide/"]),
    "_principle_head": ({"number": 1, "name": "Patients first", "over": "Talk about this first", "level": 1, "id": "p1"}, ["<h1", 'id="p1"', "Talk about this first"]),
    "_progress": ({"number": 3, "total": 5}, ['class="done"', 'class="now"']),
    "_project_row": ({"row": {"name": "Carer handbook", "url": "/p/", "partners": "Aldermoor", "stage_number": 5, "stage": "Review", "tag": "Your turn", "tone": "turn"}}, ["Carer handbook", "stage 5 of 6", "Your turn"]),
    "_question_row": ({"row": ROW, "axis": AXIS}, ["“A list would have &lt;b&gt;helped&lt;/b&gt;.”", "No comment", "Far apart"]),
    "_quote": ({"quote": ROW.quotes[1]}, ["<b>A &amp; B</b> said <b>Yes</b>", "No comment"]),
    "_radio_rubric": ({"rubric": RUBRIC}, ["Was the contract easy to understand?", 'aria-describedby="q1_hint q1_error"', 'id="q1_1" value="4" checked', "data-prompts", "q1_out_1"]),
    "_saved": ({"saved_at": AT}, ['role="status"', "Saved 10:58"]),
    "_sealed": ({"text": "Sealed until both have sent."}, ["notice-sealed", "Sealed until both have sent."]),
    "_section_links": ({"sections": [{"text": "Overview", "url": "/o/", "current": True}, {"text": "Plan", "url": "/p/"}]}, ['aria-current="page"', "/p/"]),
    "_segments": ({"done": 2, "total": 5}, ['class="on"']),
    "_shared": ({"text": "Aldermoor sees this."}, ["notice-shared", "Aldermoor sees this."]),
    "_side": ({"organisation": COMPANY, "small": True}, ["side-company", "side-s", "AP"]),
    "_stages": ({"stages": [{"name": "Shape", "state": "done", "when": "Done 12 Jan", "fact": "Both"}, {"name": "Agree", "state": "now", "tag": "Your turn", "tone": "turn"}, {"name": "Contract", "state": "todo"}]}, ['aria-current="step"', ", done", ", you are here", ", not started", "Your turn"]),
    "_step_dots": ({"number": 5, "word": "Review"}, ["Review", "stage 5 of 6"]),
    "_summary_list": ({"rows": [{"label": "Why", "value": "One\nTwo", "url": "/c/"}, {"label": "How", "missing": "Not agreed yet", "note": "Both add it"}]}, ["One<br>Two", "Change", "Not agreed yet", "Both add it"]),
    "_tag": ({"text": "9 days late", "tone": "late", "icon": "clock"}, ["tag-late", "9 days late", "<svg"]),
    "_task_list": ({"items": [{"title": "Patients first", "url": "/1/", "hint": "3 of 3", "status": "Done", "number": 1}, {"title": "Send", "status": "Not started", "tone": "wait"}]}, ["pr-1", "/1/", "3 of 3", "Not started"]),
    "_task_row": ({"first": True, "task": {"title": "Finish your review", "url": "/r/", "icon": "review", "about": "Carer handbook", "due": DAY, "today": dt.date(2026, 11, 22), "done": 2, "total": 5, "info": "5 minutes left", "button": "Carry on", "later_url": "/l/", "note": "Aldermoor has sent theirs.", "note_by": COMPANY}}, ["Friday 27 November", "in 5 days", "2 of 5 done", "btn-primary", "/l/", "Aldermoor has sent theirs."]),
    "_theme": ({"theme": "dark"}, ['data-theme-form', 'value="dark" aria-pressed="true"', 'value="system" aria-pressed="false"']),
    "_top": ({"strangers": True}, ["Counterpart", "Menu"]),
    "_turn": ({"text": "Finish your review", "tone": "turn", "label": "Your turn", "url": "/r/", "button": "Carry on"}, ["turn-yours", "tag-turn", "Carry on"]),
    "_waiting_row": ({"task": {"title": "Sign", "url": "/s/", "organisation": COMPANY, "about": "Aldermoor", "tag": "12 days with them", "tone": "late", "icon": "clock", "promise": "They say 10", "nudge_url": "/n/", "nudge_label": "to Aldermoor"}}, ["12 days with them", "They say 10", "Send a nudge"]),
    "_words_explained": ({"words": find_words("A grant", "en"), "level": 3}, ["<h3", "Words explained", "/guide/words/#grant", "Money given"]),
    "_why_box": ({"comment": RUBRIC["comment"]}, ["What would have helped?", "(optional)", "&lt;b&gt;", "open"]),
    "_days_clock": ({"sentence": "With them 12 days.", "group_days": 3, "company_days": 12, "total": 15}, ["With them 12 days.", 'width="20.00%"', 'x="20.00%"']),
    "date_parts": ({"widget": DateField().widget.get_context("ends", DAY, {"id": "id_ends"})["widget"]}, ["Day", "Month", "Year", 'value="2026"']),
    "form": ({"form": SampleForm(), "submit": "Save", "cancel": "/c/"}, ["Save", "/c/", "(optional)"]),
}  # fmt: skip
VOID = {"input", "img", "br", "hr", "meta", "link"}


class Balance(HTMLParser):
    """Notes tags that close what was not open, and ids that appear twice."""

    def __init__(self, html):
        super().__init__()
        self.open, self.wrong, self.ids = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def draw(name, context):
    return render_to_string(f"components/{name}.html", context, request=RequestFactory().get("/somewhere/"))


def test_every_component_has_a_sample():
    assert {path.stem for path in FOLDER.glob("*.html")} == SAMPLES.keys()


@pytest.mark.parametrize("name", SAMPLES)
def test_a_component_shows_what_it_was_given(name):
    context, words = SAMPLES[name]

    html = draw(name, context)

    assert [word for word in words if word not in html] == []


@pytest.mark.parametrize("name", SAMPLES)
def test_a_component_is_well_formed_and_uses_an_id_once(name):
    checked = Balance(draw(name, SAMPLES[name][0]))

    assert (checked.wrong, checked.open) == ([], [])
    assert len(checked.ids) == len(set(checked.ids))


def test_a_row_that_is_not_in_the_project_is_dashed_and_has_no_marks():
    html = draw("_plot", {"axis": AXIS, "row": Thing(dashed=True, gap_line=None, marks=[], each=[])})

    assert "base-none" in html
    assert "m-pg" not in html
    assert "m-co" not in html


def test_nothing_is_drawn_for_one_page_no_error_and_no_chip():
    one_page = draw("_pagination", {"page_obj": Paginator(range(3), 50).page(1)})
    no_error = draw("_error_summary", {"errors": []})

    assert one_page.strip() == ""
    assert no_error.strip() == ""


def test_the_links_of_pages_keep_the_filters():
    request = RequestFactory().get("/projects/?stage=review&page=2")

    html = render_to_string(
        "components/_pagination.html", {"page_obj": Paginator(range(150), 50).page(2)}, request=request
    )

    assert "?stage=review&amp;page=3" in html


def test_the_comment_stays_closed_until_something_asks_for_it():
    quiet = draw("_why_box", {"comment": {"id": "w", "name": "w", "label": "Why?", "value": ""}})

    assert not re.search(r"<details[^>]* open", quiet)


@pytest.mark.parametrize("helper", [None, "helper"])
def test_a_form_has_one_token(helper):
    form = SampleForm()
    if helper:
        from crispy_forms.helper import FormHelper

        form.helper = FormHelper()
        form.helper.form_tag = False

    html = draw("form", {"form": form, "submit": "Save"})

    assert html.count("csrfmiddlewaretoken") == 1
    assert html.count("<form") == 1


def test_a_field_is_described_by_its_hint_and_its_error():
    html = draw("form", {"form": SampleForm({"title": ""}), "submit": "Save"})

    for described in ("id_title_helptext id_title_error", "id_kind_error", "id_ends_error"):
        assert f'aria-describedby="{described}"' in html
        for anchor in described.split():
            assert f'id="{anchor}"' in html


def test_the_error_summary_leads_to_every_wrong_field_and_says_the_same_words():
    form = SampleForm({"title": ""})
    page = get_template("focus.html").render({"form": form}, RequestFactory().get("/"))
    summary = re.search(r'<div class="summary-err".*?</div>', page, re.S)[0]

    links = re.findall(r'<a href="#([^"]*)">([^<]*)</a>', summary)

    assert links == [
        ("id_title", "The project must end after it starts"),
        ("id_title", "This field is required."),
        ("id_kind_0", "This field is required."),
        ("id_ends", "Enter a day, a month and a year."),
    ]
    fields = draw("form", {"form": form, "submit": "Save"})
    assert [anchor for anchor, _ in links if f'id="{anchor}"' not in fields] == []
    assert "<title>Error:" in page


def test_a_page_without_errors_says_nothing_about_errors():
    page = get_template("focus.html").render({"form": SampleForm()}, RequestFactory().get("/"))

    assert "summary-err" not in page
    assert "Error:" not in page
