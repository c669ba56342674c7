"""Signing in by a link in a mail."""

import datetime as dt
import re
from functools import partial

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.models import Notice, SignInLink
from tests.factories import NOON, add_second_factor, make_person
from tests.races import at_once

pytestmark = pytest.mark.django_db

HOME = "/guide/"


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet():
    cache.clear()


@pytest.fixture
def person():
    return make_person(email="ada@example.org")


def link_for(person, next=HOME, *, at=None, **options):
    """The path of a fresh link."""
    return actions.mint_sign_in_link(person, next, at=at or timezone.now(), **options).partition("8000")[2]


def ask(client, email, **data):
    return client.post(reverse("accounts:sign_in"), {"email": email, **data})


def owed():
    return list(Notice.objects.values_list("kind", "recipient__email", "address", "params"))


# Asking ------------------------------------------------------------------------------------------


def test_asking_owes_a_link_that_leads_where_the_person_was_going(client, person):
    response = ask(client, "ada@example.org", next=HOME)

    assert response.status_code == 302
    assert response["Location"] == "/sign-in/sent/"
    assert owed() == [("sign_in_link", "ada@example.org", "", {"next": HOME})]


def test_nothing_that_opens_an_account_is_stored(client, person):
    ask(client, "ada@example.org")

    assert SignInLink.objects.count() == 0
    assert Notice.objects.get().params == {"next": ""}


@pytest.mark.parametrize("email", ["Ada@Example.ORG", " ada@example.org ", "ADA@EXAMPLE.ORG"])
def test_every_spelling_of_an_address_finds_its_account(client, person, email):
    ask(client, email)

    assert owed() == [("sign_in_link", "ada@example.org", "", {"next": ""})]


def test_an_unknown_address_is_told_in_its_mailbox_and_nowhere_else(client):
    response = ask(client, "nobody@example.org")

    assert response["Location"] == "/sign-in/sent/"
    assert owed() == [("sign_in_unknown", None, "nobody@example.org", {})]


def test_a_closed_account_is_treated_as_unknown(client):
    make_person(email="gone@example.org", is_active=False)

    ask(client, "gone@example.org")

    assert owed() == [("sign_in_unknown", None, "gone@example.org", {})]


def test_known_and_unknown_addresses_get_the_same_bytes_for_the_same_work(person, django_assert_num_queries):
    seen = {}
    for email in ("ada@example.org", "eda@example.org"):
        client = Client()
        with django_assert_num_queries(10) as queries:
            answer = ask(client, email)
            page = client.get(answer["Location"])
        seen[email] = (
            answer.status_code,
            answer["Location"],
            page.content.replace(email.encode(), b"").partition(b"csrfmiddlewaretoken")[0],
            [query["sql"].split()[0] for query in queries],
        )

    assert seen["ada@example.org"] == seen["eda@example.org"]


@pytest.mark.parametrize("twin", ["mıke@example.org", "MİKE@example.org", "miKe@example.org"])
def test_a_twin_of_an_address_never_receives_anything(client, twin):
    make_person(email="mike@example.org")
    make_person(email="mike2@example.org")

    response = ask(client, twin)

    assert response.status_code in (302, 422)
    assert [notice for notice in owed() if notice[1] is None] == []
    assert {notice[1] for notice in owed()} <= {"mike@example.org"}


def test_asking_twice_within_a_minute_owes_one_mail(client, person):
    at = dt.datetime(2026, 11, 23, 12, 0, 10, tzinfo=dt.UTC)

    actions.ask_for_sign_in_link("ada@example.org", at=at)
    actions.ask_for_sign_in_link("ada@example.org", at=at + dt.timedelta(seconds=20))
    actions.ask_for_sign_in_link("ada@example.org", at=at + dt.timedelta(seconds=60))

    assert len(owed()) == 2


@pytest.mark.parametrize(
    "email",
    ["", "ada", "a@b.example,c@d.example; e@f.example", "a" * 65 + "@example.com", "ada\x00@example.org"],
)
def test_what_is_no_address_is_refused_at_the_field_and_stays_there(client, email):
    response = ask(client, email, next=HOME)

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"email"}
    assert response.context["form"]["email"].value() == email
    assert f'value="{HOME}"' in response.content.decode()
    assert owed() == []


def test_broken_bytes_are_refused(client):
    response = client.post(
        reverse("accounts:sign_in"), b"email=%c3%28%ff", content_type="application/x-www-form-urlencoded"
    )

    assert response.status_code == 422


def test_ten_tries_are_enough_whatever_the_client_says_its_address_is(client):
    answers = [
        client.post(
            reverse("accounts:sign_in"),
            {"email": f"a{number}@example.org"},
            headers={"x-forwarded-for": f"10.0.0.{number}"},
        )
        for number in range(11)
    ]

    assert [answer.status_code for answer in answers] == [302] * 10 + [429]
    assert "Wait 10 minutes, or call us" in answers[-1].content.decode()
    assert len(owed()) == 10


def test_ten_tries_for_one_address_are_enough_wherever_they_come_from(person):
    answers = [
        Client(REMOTE_ADDR=f"10.0.0.{number}").post(reverse("accounts:sign_in"), {"email": "ada@example.org"})
        for number in range(11)
    ]

    assert [answer.status_code for answer in answers] == [302] * 10 + [429]


def test_a_foreign_host_is_refused(client, person):
    response = client.post(
        reverse("accounts:sign_in"), {"email": "ada@example.org"}, headers={"host": "evil.example"}
    )

    assert response.status_code == 400
    assert owed() == []


def test_a_link_carries_the_address_of_the_site_and_no_other(person, settings):
    settings.SITE_URL = "https://counterpart.example.org"

    url = actions.mint_sign_in_link(person, HOME, at=NOON)

    assert url.startswith("https://counterpart.example.org/sign-in/link/")


@pytest.mark.parametrize(
    "next",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/guide/\r\nSet-Cookie: a=b",
        "/guide/\x00",
        "/" + "a" * 600,
        "/invite/0123456789/",
        "/sign-in/link/0123456789/",
    ],
)
def test_next_leads_to_own_pages_only(client, person, next):
    ask(client, "ada@example.org", next=next)

    assert owed() == [("sign_in_link", "ada@example.org", "", {"next": ""})]


def test_a_form_without_its_token_is_refused(person):
    client = Client(enforce_csrf_checks=True)

    assert ask(client, "ada@example.org").status_code == 403
    assert owed() == []


def test_extra_fields_change_nothing(client, person):
    ask(client, "ada@example.org", is_staff="1", person="7", used_at="2020-01-01")

    person.refresh_from_db()
    assert not person.is_staff
    assert owed() == [("sign_in_link", "ada@example.org", "", {"next": ""})]


def test_whoever_is_signed_in_is_led_on(client, person):
    client.force_login(person)

    assert client.get(reverse("accounts:sign_in"), {"next": HOME})["Location"] == HOME


def test_the_page_after_asking_needs_a_question_first(client):
    assert client.get(reverse("accounts:sign_in_sent"))["Location"] == "/sign-in/"


def test_the_page_after_asking_shows_the_address_as_text(client):
    ask(client, "o'neil&co@gmail.com")

    page = client.get(reverse("accounts:sign_in_sent")).content.decode()

    assert "o&#x27;neil&amp;co@gmail.com" in page
    assert "https://mail.google.com/" in page


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_whoever_asks_again_within_the_minute_reads_that_the_mail_is_on_its_way(
    client, person, email, monkeypatch
):
    clock = [NOON]
    monkeypatch.setattr("accounts.views.sign_in.timezone.now", lambda: clock[0])
    again = "Wait a minute before you ask for another."
    said, owing = [], []

    for later in (0, 20, 40, 60):
        clock[0] = NOON + dt.timedelta(seconds=later)
        page = client.get(ask(client, email)["Location"]).content.decode()
        said.append(again in page)
        owing.append(len(owed()))

    assert said == [False, True, True, False]
    assert owing == [1, 1, 1, 2]


def test_a_second_address_within_the_minute_is_no_second_time(client, person):
    ask(client, "nobody@example.org")

    page = client.get(ask(client, "ada@example.org")["Location"]).content.decode()

    assert "Wait a minute before you ask for another." not in page


# Opening -----------------------------------------------------------------------------------------


def signed_in(client):
    return client.session.get("_auth_user_id")


def test_a_link_shows_one_button_and_signs_in_when_it_is_pressed(client, person):
    path = link_for(person)

    page = client.get(path)
    answer = client.post(path)

    assert page.status_code == 200
    assert "a•••@example.org" in page.content.decode()
    assert answer["Location"] == HOME
    assert signed_in(client) == str(person.pk)


def test_only_the_hash_of_a_token_is_stored(person):
    path = link_for(person)

    token = path.split("/")[-2]
    assert len(token) == 43
    assert token not in str(list(SignInLink.objects.values()))


def test_looking_uses_nothing_up(client, person):
    path = link_for(person)

    for method in ("head", "get", "options", "head", "get"):
        getattr(client, method)(path)

    assert SignInLink.objects.get().used_at is None
    assert signed_in(client) is None
    assert client.post(path).status_code == 302


def test_a_link_works_on_another_device_than_the_one_that_asked(person):
    ask(Client(), "ada@example.org")
    other_device = Client()

    assert other_device.post(link_for(person)).status_code == 302
    assert signed_in(other_device) == str(person.pk)


def test_a_link_works_for_thirty_minutes(client, person):
    now = timezone.now()
    in_time = link_for(person, at=now - dt.timedelta(minutes=29))
    too_late = link_for(person, at=now - dt.timedelta(minutes=30))

    assert client.get(in_time).status_code == 200
    assert client.get(too_late).status_code == 404
    assert client.post(too_late).status_code == 404
    assert signed_in(client) is None


def gone(person):
    """Paths of links that no longer work, each for another reason."""
    used, expired, closed = link_for(person), link_for(person, lasts=dt.timedelta(0)), None
    Client().post(used)
    fresh = link_for(person)
    token = fresh.split("/")[-2]
    closed = link_for(make_person(is_active=False))
    return {
        "used": used,
        "expired": expired,
        "closed account": closed,
        "one character changed": fresh.replace(token, token[:-1] + ("A" if token[-1] != "A" else "B")),
        "upper case": fresh.replace(token, token.upper()),
        "truncated": fresh.replace(token, token[:-1]),
        "unknown": "/sign-in/link/0/",
        "NUL": "/sign-in/link/a%00b/",
        "long": f"/sign-in/link/{'9' * 5000}/",
    }


@pytest.mark.parametrize("method", ["get", "post"])
def test_links_that_do_not_work_all_show_one_page_with_an_empty_field(person, method):
    pages = {}
    for why, path in gone(person).items():
        client = Client()
        response = getattr(client, method)(path)
        body = re.sub(r'name="(csrfmiddlewaretoken|next)" value="[^"]*"', "", response.content.decode())
        assert 'name="email"' in body
        assert "ada@example.org" not in body
        assert signed_in(client) is None
        pages[why] = (response.status_code, body)

    assert len(set(pages.values())) == 1
    assert pages["used"][0] == 404


def test_token_pages_are_kept_by_no_cache_and_named_to_no_other_site(client, person):
    for path in (link_for(person), "/sign-in/link/unknown/"):
        response = client.get(path)

        assert response["Referrer-Policy"] == "strict-origin"
        assert "no-store" in response["Cache-Control"]


def test_a_link_opened_by_its_owner_who_is_signed_in_leads_on_and_stays_unused(client, person):
    client.force_login(person)

    assert client.get(link_for(person))["Location"] == HOME
    assert SignInLink.objects.get().used_at is None


def test_a_used_or_old_link_leads_its_owner_on_when_they_are_signed_in_and_nobody_else(client, person):
    old = link_for(person, "/projects/", lasts=dt.timedelta(0))
    client.force_login(person)
    other = Client()
    other.force_login(make_person())

    assert client.get(old).headers["Location"] == "/projects/"
    assert client.post(old).headers["Location"] == "/projects/"
    assert other.get(old).status_code == 404


def test_a_link_opened_beside_another_account_says_so_and_changes_over(client, person):
    client.force_login(make_person(email="eve@example.org"))
    client.session["secret"] = "of eve"
    path = link_for(person)

    page = client.get(path).content.decode()
    client.post(path)

    assert "eve@example.org" in page
    assert "a•••@example.org" in page
    assert signed_in(client) == str(person.pk)
    assert "secret" not in client.session


def test_a_second_factor_is_asked_for_after_a_link(client, person):
    add_second_factor(person)

    answer = client.post(link_for(person))

    assert answer["Location"] == reverse("mfa_authenticate")
    assert signed_in(client) is None


def test_a_code_completes_what_a_link_began(client, person):
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    secret = add_second_factor(person)
    client.post(link_for(person))
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))

    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    right = client.post(reverse("mfa_authenticate"), {"code": code})

    assert wrong.status_code == 200
    assert right["Location"] == HOME
    assert signed_in(client) == str(person.pk)


def test_a_link_that_is_opened_without_its_form_token_is_refused(person):
    client = Client(enforce_csrf_checks=True)
    path = link_for(person)

    assert client.post(path).status_code == 403
    assert SignInLink.objects.get().used_at is None


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_of_two_who_open_a_link_at_once_one_gets_in(person):
    token = link_for(person).split("/")[-2]
    press = partial(actions.open_sign_in_link, token, at=timezone.now())

    outcomes = at_once(press, press)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["LinkNotValid", "SignInLink"]
