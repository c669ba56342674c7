"""A form of which only the beginning arrived is no form."""

import contextlib
import io
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client

from config.wsgi import application
from partnerships.models import Project
from tests.factories import make_principles, make_project, person_on

pytestmark = pytest.mark.django_db


@contextlib.contextmanager
def the_connection_stays():
    """A request of the server ends with closing connections: here the test's transaction is open in it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def posted(person, path, body, *, arrived=None):
    """The status of a post through the WSGI application that the server runs."""
    client = Client()
    client.force_login(person)
    client.get(path)
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    sent = urlencode({"csrfmiddlewaretoken": token} | body).encode()
    statuses = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "HTTP_COOKIE": cookies,
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(sent)),
        "wsgi.input": io.BytesIO(sent[:arrived]),
        "wsgi.url_scheme": "http",
    }
    with the_connection_stays():
        answer = application(environ, lambda status, headers, *more: statuses.append(int(status[:3])))
        list(answer)
        answer.close()
    return statuses[0]


@pytest.fixture
def project():
    make_principles()
    return make_project()


@pytest.fixture
def path(project):
    return f"/projects/{project.reference}/edit/"


@pytest.mark.parametrize(("missing", "status", "title"), [(0, 302, "Long new name"), (4, 403, None)])
def test_half_a_text_is_not_saved_as_all_of_it(project, path, missing, status, title):
    body = {"title": "Long new name"}
    length = len(urlencode({"csrfmiddlewaretoken": "a" * 32} | body)) - missing

    answered = posted(person_on(project, "group"), path, body, arrived=length)

    assert answered == status
    assert Project.objects.get(pk=project.pk).title == (title or project.title)
