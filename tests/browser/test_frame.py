"""What the frame does in a browser: menus, light and dark, the way to the first mistake."""

import pytest
from django.template import engines
from django.test import RequestFactory
from django.urls import reverse

from accounts.models import Person
from tests.browser.wait import until
from tests.factories import make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def focused(page):
    return page.evaluate("document.activeElement.textContent.trim()")


def colour_of_paper(page):
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


LIGHT, DARK = "rgb(251, 250, 246)", "rgb(17, 23, 29)"


def test_the_menu_opens_and_closes_by_keyboard_and_gives_the_focus_back(page, live_server):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(live_server.url + reverse("principles:guide"))
    summary = page.locator("header details.menu > summary")

    summary.focus()
    page.keyboard.press("Enter")
    opened = page.locator(".menu-list a").first.is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")

    assert opened
    assert not page.locator(".menu-list a").first.is_visible()
    assert focused(page) == "Menu"


def test_a_menu_closes_when_the_focus_goes_elsewhere(page, live_server):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(live_server.url + reverse("principles:guide"))

    page.locator("header details.menu > summary").click()
    page.mouse.click(20, 780)

    assert not page.locator(".menu-list a").first.is_visible()


def test_the_first_stop_leads_past_the_header(page, live_server):
    page.goto(live_server.url + reverse("principles:guide"))

    page.keyboard.press("Tab")
    stop = focused(page)
    page.keyboard.press("Enter")

    assert stop == "Skip to main content"
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize(("asked", "colour"), [("light", LIGHT), ("dark", DARK)])
def test_a_page_follows_the_device_until_somebody_chooses(page, live_server, asked, colour):
    page.emulate_media(color_scheme=asked)

    page.goto(live_server.url + reverse("principles:guide"))

    assert colour_of_paper(page) == colour


def test_the_dark_stays_on_screen(page, live_server):
    page.emulate_media(color_scheme="dark", media="print")

    page.goto(live_server.url + reverse("principles:guide"))

    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(23, 33, 42)"


def test_light_or_dark_changes_at_once_and_is_kept(page, live_server, sign_in):
    person = make_person("Ada Example")
    sign_in(person)
    page.goto(live_server.url + reverse("principles:guide"))

    page.get_by_text("Light or dark").click()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name="Dark").click()
    at_once = colour_of_paper(page)
    page.reload()

    assert at_once == DARK
    assert colour_of_paper(page) == DARK
    assert Person.objects.get(pk=person.pk).theme == "dark"


def test_light_or_dark_works_without_scripts(browser, live_server):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + reverse("principles:guide"))

    page.get_by_text("Light or dark").click()
    page.get_by_role("button", name="Dark").click()

    assert page.url == live_server.url + reverse("principles:guide")
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    context.close()


QUESTION = """{% extends "focus.html" %}{% load static %}
{% block scripts %}<script type="module" src="{% static 'js/why.js' %}"></script>{% endblock %}
{% block content %}{% include "components/_radio_rubric.html" %}{% endblock %}"""
RUBRIC = {
    "id": "q1",
    "name": "q1",
    "legend": "Was the contract easy to understand?",
    "options": [
        {"value": 1, "label": "No", "text": "We did not understand it", "prompts": True},
        {"value": 4, "label": "Yes", "text": "Short and plain"},
    ],
    "outside": [{"value": "x", "label": "I don’t know"}],
    "comment": {"id": "q1_why", "name": "q1_why", "label": "What would have helped?", "value": ""},
}


@pytest.fixture
def question(page, live_server):
    """Opens a page with one question on it, under the address of our server so that its scripts are at home."""

    def open_with(**changes):
        context = {"rubric": RUBRIC, **changes}
        html = engines["django"].from_string(QUESTION).render(context, RequestFactory().get("/sample/"))
        page.route(
            "**/sample/", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8")
        )
        page.goto(live_server.url + "/sample/")
        return page

    return open_with


def test_a_comment_opens_under_an_answer_that_asks_for_it(question):
    page = question()
    comment = page.get_by_label("What would have helped?")

    page.get_by_text("Short and plain").click()
    after_yes = comment.is_visible()
    page.get_by_text("We did not understand it").click()

    assert not after_yes
    assert comment.is_visible()


@pytest.mark.parametrize("typed", ["", "Too many pages"])
def test_a_comment_closes_again_under_another_answer_as_long_as_it_is_empty(question, typed):
    page = question()
    page.get_by_text("We did not understand it").click()
    page.locator("#q1_why").fill(typed)

    page.get_by_text("Short and plain").click()

    assert page.locator("#q1_why").is_visible() == bool(typed)


def test_a_comment_that_is_opened_by_hand_takes_the_focus(question):
    page = question()

    page.get_by_text("Comment", exact=True).focus()
    page.keyboard.press("Enter")
    # The browser tells of an opened <details> a moment later.
    until(page, "document.activeElement.id === 'q1_why'")
    page.keyboard.type("Too many pages")

    assert page.get_by_label("What would have helped?").input_value() == "Too many pages"


def test_the_summary_of_errors_is_read_first_and_leads_to_the_field(question):
    page = question(errors=[{"anchor": "q1_why", "text": "Write at most 500 characters"}])

    first = focused(page)
    page.get_by_role("link", name="Write at most 500 characters").click()

    assert first.startswith("There is a problem")
    assert page.evaluate("document.activeElement.id") == "q1_why"
    assert page.get_by_label("What would have helped?").is_visible()


FORM = """{% extends "base.html" %}
{% block content %}<form method="post" hx-post="/answer/" hx-target="#region"><button class="btn btn-primary" type="submit">Save</button></form>
<div id="region"></div>{% endblock %}"""
REFUSED = """<div class="summary-err" role="alert" tabindex="-1" data-error-summary><h2>There is a problem</h2></div>"""


def test_a_form_that_was_refused_is_shown_again_with_its_errors_in_focus(page, live_server, console):
    html = engines["django"].from_string(FORM).render({}, RequestFactory().get("/sample/"))
    page.route("**/sample/", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    page.route("**/answer/", lambda route: route.fulfill(status=422, body=REFUSED, content_type="text/html"))
    page.goto(live_server.url + "/sample/")

    page.get_by_role("button", name="Save").click()
    # htmx puts the answer in, and settles it a moment later.
    until(page, "document.activeElement.matches('[data-error-summary]')")

    assert focused(page) == "There is a problem"
    assert page.url.endswith("/sample/")
