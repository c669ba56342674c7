"""A real browser on a real server. Chromium comes from apt, without its window where that is there.

Both draw with the same engine, and without the window it takes less of the processor. `CHROMIUM` names another one.
"""

import os
import shutil
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from tests.browser.hand import Hand

# Playwright's loop runs in this thread; the tests ask the database from it all the same.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": QUIET,
    }


@pytest.fixture
def console(page):
    """Everything that the browser complains about on a page, script errors and refusals by the policy included."""
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


@pytest.fixture
def sign_in(context, live_server):
    """Sign a person in without the pages, for tests of other pages."""

    def put_session(person, **more):
        """`more`: what else the session holds."""
        context.clear_cookies()
        if person is None:
            return
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.update(more)
        session.save()
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": live_server.url}]
        )

    return put_session


PHONE = {"width": 390, "height": 844}


@pytest.fixture(params=["with JavaScript", "without JavaScript", "keyboard"])
def phones(request, browser, live_server, settings):
    """Hands out a phone of their own to everybody who asks. Nobody is signed in on it yet."""
    settings.SITE_URL = live_server.url
    contexts = []

    def take():
        script = request.param != "without JavaScript"
        contexts.append(
            browser.new_context(viewport=PHONE, java_script_enabled=script, base_url=live_server.url)
        )
        return Hand(contexts[-1].new_page(), keyboard=request.param == "keyboard")

    yield take
    for context in contexts:
        context.close()


@pytest.fixture
def hand(phones):
    return phones()
