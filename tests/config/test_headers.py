"""What every answer says to the browser, error pages included."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.jobs import job
from portal.views import home
from tests.browse import signed_in
from tests.factories import make_person, make_principles
from tests.walk import World

# What ASVS level 2 asks of every page, written out: a setting that grows shows here.
CONTENT_SECURITY_POLICY = {
    "default-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}


def _broken(monkeypatch):
    monkeypatch.setattr(home, "render", lambda *args, **kwargs: 1 / 0)
    return Client(raise_request_exception=False).get(reverse("portal:privacy"))


def _forged(monkeypatch):
    return Client(enforce_csrf_checks=True).post(reverse("accounts:theme_set"))


def _refused(monkeypatch):
    world = World()
    client = signed_in(world.person("group reader"))
    return client.get(reverse("partnerships:project_edit", args=[world.project.reference]))


def _paper(monkeypatch):
    world = World("review")
    client = signed_in(world.person("group lead"))
    return client.get(reverse("evaluations:review_copy_pdf", args=[world.project.reference]))


def _healthy(monkeypatch):
    for name in settings.CELERY_BEAT_SCHEDULE:
        with job(name, at=timezone.now()):
            pass
    return Client().get(reverse("portal:health"))


def _get(address, **headers):
    return lambda monkeypatch: Client().get(address, headers=headers)


def _staff(address):
    return lambda monkeypatch: signed_in(make_person(is_staff=True, is_superuser=True)).get(address)


# Each kind of answer: its status, what it is, and how one gets it.
ANSWERS = {
    "guide": (200, "text/html", _get("/guide/")),
    "not found": (404, "text/html", _get("/sign-in/nowhere/")),
    "bad host": (400, "text/html", _get("/guide/", host="evil.example")),
    "forged": (403, "text/html", _forged),
    "refused": (403, "text/html", _refused),
    "broken": (500, "text/html", _broken),
    "wrong method": (405, "text/html", _get("/theme/")),
    "to the sign-in of the admin": (302, "text/html", _get("/admin/")),
    "admin": (200, "text/html", _staff("/admin/")),
    "admin list": (200, "text/html", _staff("/admin/accounts/person/")),
    "health": (200, "application/json", _healthy),
    "static file": (200, "text/css", _get("/static/css/tokens.css")),
    "pdf": (200, "application/pdf", _paper),
    "csv": (200, "text/csv", _staff("/projects/export/")),
}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ANSWERS)
def test_every_answer_is_guarded(kind, monkeypatch):
    make_principles()
    status, content, ask = ANSWERS[kind]

    response = ask(monkeypatch)

    assert (response.status_code, response["Content-Type"].partition(";")[0]) == (status, content)
    policy = response["Content-Security-Policy"]
    assert {part.strip() for part in policy.split(";") if part.strip()} == CONTENT_SECURITY_POLICY
    assert "unsafe" not in policy
    assert "Content-Security-Policy-Report-Only" not in response
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Referrer-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


# In a process of its own, under the settings of production. The session travels in its cookie: no database is asked.
IN_PRODUCTION = """
import django, json
django.setup()
from django.conf import settings
from django.http import HttpResponse
from django.contrib.sessions.middleware import SessionMiddleware
from django.test import Client, RequestFactory
settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
host = {"host": "counterpart.example.org"}
page = Client().get("/sign-in/", secure=True, headers=host)
plain = Client().get("/sign-in/", headers=host)
remember = SessionMiddleware(lambda request: request.session.update({"a": 1}) or HttpResponse())
session = remember(RequestFactory().get("/"))
cookies = {morsel.key: {name: morsel[name] for name in ("secure", "httponly", "samesite", "path", "domain")}
           for response in (page, session) for morsel in response.cookies.values()}
print(json.dumps({"status": page.status_code, "cookies": cookies, "hsts": page["Strict-Transport-Security"],
                  "plain": [plain.status_code, plain["Location"]]}))
"""


def test_in_production_cookies_stay_on_https_and_on_this_host(tmp_path):
    root = Path(settings.BASE_DIR)
    lines = (root / ".ci" / "production.env").read_text().splitlines()
    values = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    place = {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings", "PATH": "/usr/bin:/bin"}

    result = subprocess.run(
        [sys.executable, "-c", IN_PRODUCTION], cwd=root, env=place | values, capture_output=True, text=True
    )

    assert result.returncode == 0, result.stderr
    guarded = {"secure": True, "samesite": "Lax", "path": "/", "domain": ""}
    assert json.loads(result.stdout) == {
        "status": 200,
        # Scripts send the form with its token: they have no need to read a cookie.
        "cookies": {
            "__Host-session": guarded | {"httponly": True},
            "__Host-csrf": guarded | {"httponly": True},
        },
        "hsts": "max-age=31536000; includeSubDomains; preload",
        "plain": [301, "https://counterpart.example.org/sign-in/"],
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "who"),
    [
        ("/sign-in/", None),
        ("/guide/", None),
        ("/account/", "person"),
        ("/nowhere/", None),
        ("/admin/", "staff"),
        ("/invite/unknown/", None),
    ],
)
def test_no_page_may_use_the_device_but_for_passkeys(address, who):
    client = Client()
    if who:
        client.force_login(make_person(is_staff=who == "staff"))

    policy = dict(part.split("=") for part in client.get(address)["Permissions-Policy"].split(", "))

    assert {feature for feature, allowed in policy.items() if allowed != "()"} == {
        "publickey-credentials-get",
        "publickey-credentials-create",
    }
    assert policy["camera"] == policy["microphone"] == policy["geolocation"] == "()"


@pytest.mark.django_db
def test_a_refused_host_gets_them_too():
    response = Client().get("/sign-in/", headers={"host": "evil.example"})

    assert response.status_code == 400
    assert "camera=()" in response["Permissions-Policy"]
