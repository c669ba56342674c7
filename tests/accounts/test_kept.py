"""What somebody wrote when their session had ended is offered to them again, and to nobody else."""

import datetime as dt
import re

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect
from django.test import Client
from django.urls import include, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import actions
from accounts.actions import kept
from accounts.models import KeptPost
from tests.factories import add_second_factor, join, make_organisation, make_person

pytestmark = pytest.mark.django_db

WORDS = "The purchase order step was a surprise to all of us."


@require_POST
def write(request):
    """Stands for any form of the workspace: takes words, refuses none at all."""
    if not request.POST.get("comment"):
        return HttpResponse("What is it?", status=422)
    received.append(request.POST.dict() | {"kinds": request.POST.getlist("kinds")})
    return redirect("/guide/")


urlpatterns = [path("projects/write/", write), path("", include("config.urls"))]
received = []


@pytest.fixture(autouse=True)
def _site(settings):
    settings.ROOT_URLCONF = __name__
    received.clear()
    cache.clear()


@pytest.fixture
def person():
    return make_person(email="ada@example.org")


def sign_in(client, person, next="/guide/"):
    path = actions.mint_sign_in_link(person, next, at=timezone.now()).partition("8000")[2]
    return client.post(path)


@pytest.fixture
def device(person):
    """A browser on which Ada was signed in until her session ended."""
    client = Client()
    sign_in(client, person)
    end_session(client)
    return client


def end_session(client):
    client.session.flush()


def send(client, **data):
    return client.post("/projects/write/", {"comment": WORDS, "kinds": ["a", "b"]} | data)


def fields_on(page):
    """Hidden fields of the first form on the page that sends something again."""
    form = re.search(r'<form method="post" action="/projects/write/">(.*?)</form>', page, re.S)[1]
    pairs = re.findall(r'<input type="hidden" name="(.*?)" value="(.*?)">', form, re.S)
    return [(name, value) for name, value in pairs if name != "csrfmiddlewaretoken"]


def test_words_sent_after_the_session_ended_are_offered_behind_the_sign_in(device, person):
    answer = send(device)

    back = sign_in(device, person)
    page = device.get(back["Location"]).content.decode()

    assert answer["Location"] == "/sign-in/"
    assert received == []
    assert back["Location"] == "/kept/?next=%2Fguide%2F"
    assert WORDS in page
    assert fields_on(page) == [
        ("kept_form", str(KeptPost.objects.get().pk)),
        ("comment", WORDS),
        ("kinds", "a"),
        ("kinds", "b"),
    ]


def test_one_button_sends_them_where_they_were_meant_to_go_and_nothing_stays(device, person):
    send(device)
    sign_in(device, person)
    mark = KeptPost.objects.get().pk

    answer = send(device, kept_form=mark)

    assert answer["Location"] == "/guide/"
    assert received == [{"comment": WORDS, "kinds": ["a", "b"], "kept_form": str(mark)}]
    assert KeptPost.objects.count() == 0
    assert device.get("/kept/?next=/guide/")["Location"] == "/guide/"


def test_a_form_that_comes_back_with_an_error_is_on_the_page_and_no_longer_kept(device, person):
    send(device)
    sign_in(device, person)

    answer = send(device, comment="", kept_form=KeptPost.objects.get().pk)

    assert answer.status_code == 422
    assert KeptPost.objects.count() == 0


def test_nobody_else_who_signs_in_on_the_device_sees_them(device):
    eve = make_person(email="eve@example.org")
    send(device)

    back = sign_in(device, eve)
    page = device.get("/kept/", follow=True)

    assert back["Location"] == "/guide/"
    assert WORDS not in page.content.decode()
    assert device.post(f"/kept/{KeptPost.objects.get().pk}/drop/").status_code == 404
    assert KeptPost.objects.count() == 1


def test_they_wait_on_whichever_device_their_writer_signs_in(device, person):
    send(device)

    other_device = Client()

    assert sign_in(other_device, person)["Location"] == "/kept/?next=%2Fguide%2F"


def test_a_mark_of_somebody_elses_form_deletes_nothing(device, person):
    send(device)
    eve = Client()
    eve.force_login(make_person())

    send(eve, kept_form=KeptPost.objects.get().pk)

    assert KeptPost.objects.count() == 1


def test_strangers_leave_nothing_behind(client):
    send(client)

    assert KeptPost.objects.count() == 0


def test_a_note_on_the_device_that_was_tampered_with_counts_for_nothing(device, person):
    device.cookies["who"] = device.cookies["who"].value[:-1] + "x"

    send(device)

    assert KeptPost.objects.count() == 0


def test_the_note_on_the_device_opens_nothing(device):
    assert device.get("/account/security/")["Location"].startswith("/sign-in/")


@pytest.mark.parametrize(
    "name", ["password", "old_password1", "csrfmiddlewaretoken", "code", "credential", "id_token"]
)
def test_what_proves_who_somebody_is_is_never_kept(device, name):
    send(device, **{name: "x"})

    assert KeptPost.objects.get().fields == [["comment", WORDS], ["kinds", "a"], ["kinds", "b"]]


def test_what_is_too_large_is_not_kept(device):
    send(device, comment="x" * kept.LARGEST)
    assert KeptPost.objects.count() == 0

    device.post("/projects/write/", {f"field{number}": "x" for number in range(kept.MOST_FIELDS + 1)})
    assert KeptPost.objects.count() == 0


def test_files_are_not_kept_and_the_page_says_so(device, person):
    send(device, file=SimpleUploadedFile("contract.pdf", b"%PDF-1.7 contract"))

    sign_in(device, person)
    page = device.get("/kept/").content.decode()

    assert [name for name, _value in KeptPost.objects.get().fields] == ["comment", "kinds", "kinds"]
    assert "Files are not kept" in page


def test_the_newest_for_an_address_wins(device):
    send(device, comment="First words that I wrote.")
    send(device)

    assert [dict(post.fields)["comment"] for post in KeptPost.objects.all()] == [WORDS]


def test_after_twenty_hours_they_are_gone(device, person):
    send(device)
    KeptPost.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))

    assert sign_in(device, person)["Location"] == "/guide/"
    assert device.get("/kept/")["Location"] == "/"


def test_they_can_be_dropped(device, person):
    send(device)
    sign_in(device, person)

    answer = device.post(f"/kept/{KeptPost.objects.get().pk}/drop/", {"next": "/guide/"})

    assert answer["Location"] == "/kept/?next=%2Fguide%2F"
    assert KeptPost.objects.count() == 0


def test_words_are_shown_as_words(device, person):
    send(device, comment="<script>alert(1)</script> and {{ settings.SECRET_KEY }}")
    sign_in(device, person)

    page = device.get("/kept/").content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt; and {{ settings.SECRET_KEY }}" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Mode": "cors"}, {"HX-Request": "true"}])
def test_a_script_is_told_instead_of_led_away(device, headers):
    answer = device.post("/projects/write/", {"comment": WORDS}, headers=headers)

    assert answer.status_code == 401
    assert KeptPost.objects.count() == 0


def test_a_piece_of_a_page_sends_the_whole_page_to_the_sign_in(client):
    answer = client.get("/account/security/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/sign-in/")


def test_a_second_factor_that_is_asked_for_in_between_loses_nothing(person):
    join(person, make_organisation()).organisation.memberships.update(may_sign=True)
    client = Client()
    client.force_login(person)

    answer = send(client)
    add_second_factor(person)
    page = client.get("/kept/").content.decode()

    assert answer["Location"] == "/account/security/second-step/"
    assert received == []
    assert WORDS in page
