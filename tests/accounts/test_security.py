"""Passwords, second factors, sessions: who needs what, and that changes are told."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.models import Event, Notice
from tests.factories import add_second_factor, join, make_organisation, make_person

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
NEW_PASSWORD = "a quite different staple"


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet():
    cache.clear()


@pytest.fixture
def person():
    return make_person(email="ada@example.org")


def code(secret, away=0):
    """What the app shows now."""
    counter = next(iter(yield_hotp_counters_from_time())) + away
    return format_hotp_value(hotp_value(secret, counter))


def signed_in(client):
    return client.session.get("_auth_user_id")


def by_password(client, email="ada@example.org", password=PASSWORD, **data):
    return client.post(reverse("account_login"), {"login": email, "password": password, **data})


def by_link(client, person):
    client.post(actions.mint_sign_in_link(person, "/guide/", at=timezone.now()).partition("8000")[2])


def told():
    return [notice.params["what"] for notice in Notice.objects.filter(kind="security_changed").order_by("pk")]


# Password ----------------------------------------------------------------------------------------


def test_a_password_opens_the_account(client):
    make_person(email="ada@example.org", password=PASSWORD)

    answer = by_password(client, email="Ada@Example.org", next="/guide/")

    assert answer["Location"] == "/guide/"
    assert signed_in(client)


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_a_wrong_password_and_an_unknown_address_answer_alike(client, email):
    make_person(email="ada@example.org", password=PASSWORD)

    answer = by_password(client, email=email, password="wrong horse battery")

    assert answer.context["form"].non_field_errors() == ["This address and this password don't go together."]
    assert signed_in(client) is None


def test_an_account_without_a_password_is_opened_by_none(client, person):
    for password in ("", "!", person.password):
        by_password(client, password=password)

        assert signed_in(client) is None


def test_tries_are_counted_and_the_right_password_comes_too_late(client):
    make_person(email="ada@example.org", password=PASSWORD)

    for number in range(5):
        by_password(client, password=f"wrong horse {number}")
    answer = by_password(client)

    assert "Wait 10 minutes" in answer.context["form"].errors.as_text()
    assert signed_in(client) is None


def test_a_forged_address_of_the_client_starts_no_new_count(client):
    for number in range(12):
        client.post(
            reverse("account_login"),
            {"login": f"a{number}@example.org", "password": PASSWORD},
            headers={"x-forwarded-for": f"10.0.0.{number}"},
        )
    make_person(email="ada@example.org", password=PASSWORD)

    assert "Wait 10 minutes" in by_password(client).context["form"].errors.as_text()


def test_setting_a_password_is_told_by_mail_and_written_into_the_history(client, person):
    client.force_login(person)

    answer = client.post(
        reverse("account_set_password"), {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    )

    person.refresh_from_db()
    assert answer["Location"] == "/account/security/"
    assert person.check_password(NEW_PASSWORD)
    assert told() == ["password_set"]
    assert list(Event.objects.values_list("verb", "actor", "detail")) == [
        ("person.password_set", person.pk, {})
    ]


@pytest.mark.parametrize("password", ["short", "password1234", "ada@example.org"])
def test_weak_passwords_are_refused_at_the_field(client, person, password):
    client.force_login(person)

    answer = client.post(reverse("account_set_password"), {"password1": password, "password2": password})

    assert "password1" in answer.context["form"].errors
    person.refresh_from_db()
    assert not person.has_usable_password()


def test_changing_a_password_ends_the_sessions_elsewhere(client):
    person = make_person(email="ada@example.org", password=PASSWORD)
    elsewhere = Client()
    elsewhere.force_login(person)
    client.force_login(person)

    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )

    assert client.get("/account/security/").status_code == 200
    assert elsewhere.get("/account/security/").status_code == 302
    assert told() == ["password_changed"]


def test_a_forgotten_password_is_replaced_after_coming_by_a_link(client):
    person = make_person(email="ada@example.org", password=PASSWORD)
    by_link(client, person)

    answer = client.post(
        reverse("accounts:password_forgotten"), {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    )

    person.refresh_from_db()
    assert answer["Location"] == "/account/security/"
    assert person.check_password(NEW_PASSWORD)
    assert client.get("/account/security/").status_code == 200


def test_a_forgotten_password_is_not_replaced_by_whoever_finds_an_open_session(client):
    person = make_person(email="ada@example.org", password=PASSWORD)
    client.force_login(person)
    form = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}

    client.post(reverse("accounts:password_forgotten"), form)
    session = client.session
    session["came_by_link"] = {"person": person.pk, "at": timezone.now().timestamp() - 16 * 60}
    session.save()
    client.post(reverse("accounts:password_forgotten"), form)
    session["came_by_link"] = {"person": person.pk + 1, "at": timezone.now().timestamp()}
    session.save()
    client.post(reverse("accounts:password_forgotten"), form)

    person.refresh_from_db()
    assert person.check_password(PASSWORD)


# Second factor -----------------------------------------------------------------------------------


@pytest.fixture
def signatory(person):
    membership = join(person, make_organisation(name="Larkfield Group"), "owner")
    membership.may_sign = True
    membership.save()
    return person


def test_a_signatory_is_led_to_a_second_factor_and_told_why(client, signatory):
    client.force_login(signatory)

    answer = client.get("/kept/")
    page = client.get(answer["Location"]).content.decode()

    assert answer["Location"] == "/account/security/second-step/"
    assert "You are named as a signatory of Larkfield Group." in page
    assert reverse("mfa_add_webauthn") in page
    assert reverse("mfa_activate_totp") in page


def test_staff_are_led_there_too_before_they_see_the_admin(client):
    client.force_login(make_person(is_staff=True, is_superuser=True, second_factor=False))

    assert client.get("/admin/")["Location"] == "/account/security/second-step/"
    assert client.get("/admin/accounts/person/")["Location"] == "/account/security/second-step/"


def test_everybody_else_goes_on_without(client, person):
    join(person, make_organisation(), "owner")
    client.force_login(person)

    assert client.get("/kept/")["Location"] == "/"
    assert client.get("/account/security/second-step/")["Location"] == "/account/security/"


def test_whoever_has_left_signs_for_nobody(client, signatory):
    signatory.memberships.update(left_at=timezone.now())
    client.force_login(signatory)

    assert client.get("/kept/")["Location"] == "/"


def test_a_right_to_sign_that_is_given_later_counts_from_the_next_click(client, person):
    membership = join(person, make_organisation())
    client.force_login(person)
    before = client.get("/kept/")["Location"]

    membership.may_sign = True
    membership.save()

    assert (before, client.get("/kept/")["Location"]) == ("/", "/account/security/second-step/")


def test_it_cannot_wait_where_people_work(client, signatory):
    client.force_login(signatory)

    assert client.post(reverse("accounts:second_factor_later")).status_code == 404
    assert client.get("/kept/")["Location"] == "/account/security/second-step/"


def test_it_can_wait_where_people_only_try_it_out(client, signatory, settings):
    settings.SECOND_FACTOR_CAN_WAIT = True
    client.force_login(signatory)
    first = client.get("/kept/")["Location"]

    client.post(reverse("accounts:second_factor_later"))

    assert (first, client.get("/kept/")["Location"]) == ("/account/security/second-step/", "/")


def set_up_an_app(client):
    """Returns the answer and the secret. What allauth does after commit needs real transactions."""
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    return client.post(reverse("mfa_activate_totp"), {"code": code(secret)}), secret


@pytest.mark.django_db(transaction=True)
def test_setting_up_an_app_lets_the_signatory_go_on_and_is_told(client, signatory):
    client.force_login(signatory)

    answer, secret = set_up_an_app(client)

    assert len(secret) == 32
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    assert client.get("/kept/")["Location"] == "/"
    assert told() == ["totp_activated"]
    assert list(Event.objects.values_list("verb", flat=True)) == ["person.totp_activated"]


@pytest.mark.django_db(transaction=True)
def test_recovery_codes_are_shown_once_it_is_set_up_and_each_opens_the_account_once(client, signatory):
    client.force_login(signatory)
    set_up_an_app(client)
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    download = client.get(reverse("mfa_download_recovery_codes"))

    outcomes = []
    for recovery_code in (codes[0], codes[0], codes[1]):
        other = Client()
        by_link(other, signatory)
        other.post(reverse("mfa_authenticate"), {"code": recovery_code})
        outcomes.append(signed_in(other) is not None)

    assert len(codes) == 10
    assert download.content.decode().split() == codes
    assert outcomes == [True, False, True]


def test_after_a_password_the_second_factor_is_asked_for_and_its_code_opens_the_account(client):
    person = make_person(email="ada@example.org", password=PASSWORD)
    secret = add_second_factor(person)

    answer = by_password(client, next="/guide/")
    before = (answer["Location"].partition("?")[0], signed_in(client), client.get("/account/").status_code)
    wrong = client.post(answer["Location"], {"code": "000000"})
    between = (wrong.context["form"].errors.keys(), signed_in(client))
    right = client.post(answer["Location"], {"code": code(secret), "next": "/guide/"})

    assert before == (reverse("mfa_authenticate"), None, 302)
    assert between == ({"code"}, None)
    assert (right["Location"], signed_in(client)) == ("/guide/", str(person.pk))
    assert client.get("/account/").status_code == 200


def test_a_wrong_code_is_refused_and_tries_are_counted(client, person):
    secret = add_second_factor(person)
    by_link(client, person)

    for _try in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    answer = client.post(reverse("mfa_authenticate"), {"code": code(secret)})

    assert "Wait 10 minutes" in answer.context["form"].errors.as_text()
    assert signed_in(client) is None


def test_whoever_has_not_finished_the_second_step_can_start_again(client, person):
    add_second_factor(person)
    by_link(client, person)

    answer = client.post(reverse("account_logout"), {"next": "/sign-in/"})

    assert answer["Location"] == "/sign-in/"
    assert client.get(reverse("account_login")).status_code == 200


def test_changing_a_second_factor_asks_who_is_there(client):
    person = make_person(email="ada@example.org", password=PASSWORD)
    secret = add_second_factor(person)
    client.force_login(person)

    asked = client.get(reverse("mfa_deactivate_totp"))
    page = client.get(asked["Location"])
    wrong = client.post(asked["Location"], {"password": "wrong horse battery"})
    right = client.post(asked["Location"], {"password": PASSWORD, "next": reverse("mfa_deactivate_totp")})
    client.post(reverse("mfa_deactivate_totp"))

    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert "Confirm that it is you" in page.content.decode()
    assert wrong.context["form"].errors["password"] == ["This is not your password."]
    assert right["Location"] == reverse("mfa_deactivate_totp")
    assert Authenticator.objects.count() == 0
    assert told() == ["totp_deactivated"]
    assert secret


def test_a_code_shows_who_is_there_where_there_is_no_password(client, person):
    secret = add_second_factor(person)
    client.force_login(person)

    asked = client.get(reverse("mfa_add_webauthn"))
    client.post(asked["Location"], {"code": code(secret)})

    assert asked["Location"].startswith(reverse("mfa_reauthenticate"))
    assert client.get(reverse("mfa_add_webauthn")).status_code == 200


def test_a_passkey_is_offered_to_the_browser_with_a_fresh_challenge(client):
    answers = [
        client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"}) for _ in "ab"
    ]

    options = [answer.json()["request_options"]["publicKey"] for answer in answers]
    assert options[0]["challenge"] != options[1]["challenge"]
    assert options[0]["userVerification"] == "required"


NONSENSE = [
    "",
    "{}",
    "[]",
    "7",
    "null",
    "no json",
    '{"id": "x"}',
    '{"id": "x", "rawId": "x", "response": {}, "type": "public-key"}',
    '{"id": "eA", "rawId": "eA", "type": "public-key", "response": {"userHandle": "MQ", "clientDataJSON": "e30",'
    ' "authenticatorData": "AAAA", "signature": "AAAA"}}',
]


@pytest.mark.parametrize("credential", NONSENSE)
def test_a_passkey_that_makes_no_sense_opens_nothing(client, person, credential):
    client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})

    answer = client.post(reverse("mfa_login_webauthn"), {"credential": credential})

    assert answer.status_code == 302
    assert signed_in(client) is None


@pytest.mark.parametrize("credential", NONSENSE)
def test_a_new_passkey_that_makes_no_sense_is_not_added(client, person, credential):
    client.force_login(person)
    client.get(reverse("mfa_add_webauthn"))

    answer = client.post(reverse("mfa_add_webauthn"), {"credential": credential, "name": "My phone"})

    assert answer.status_code == 200
    assert "My phone" in answer.content.decode()
    assert Authenticator.objects.count() == 0


# Admin, sign-up, sessions ------------------------------------------------------------------------


def test_the_admin_is_entered_through_the_same_door(client):
    for address in ("/admin/", "/admin/login/", "/admin/accounts/person/"):
        answer = client.get(address, follow=True)

        assert answer.redirect_chain[-1][0].partition("?")[0] == "/sign-in/"


def test_the_admins_own_sign_in_takes_no_password(client):
    make_person(email="sue@example.org", password=PASSWORD, is_staff=True)

    client.post("/admin/login/", {"username": "sue@example.org", "password": PASSWORD})

    assert signed_in(client) is None


def test_staff_without_a_right_to_the_admin_are_not_led_in_circles(client, person):
    client.force_login(person)

    assert client.get("/admin/login/").status_code == 403


@pytest.mark.parametrize(
    "address", ["/accounts/signup/", "/sign-up/", "/sign-in/code/", "/accounts/password/reset/"]
)
def test_doors_that_we_do_not_want_are_not_there(client, address):
    assert client.get(address).status_code == 404


def test_sessions_are_listed_and_end_everywhere_else(client, person):
    elsewhere = Client(
        HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    )
    by_link(elsewhere, person)
    by_link(client, person)

    page = client.get(reverse("usersessions_list")).content.decode()
    client.post(reverse("usersessions_list"))

    assert "Firefox on Linux" in page
    assert "Sign out everywhere else" in page
    assert elsewhere.get("/account/security/").status_code == 302
    assert client.get("/account/security/").status_code == 200


def test_signing_out_ends_the_session(client, person):
    by_link(client, person)

    client.post(reverse("account_logout"))

    assert signed_in(client) is None
    assert client.get("/account/security/").status_code == 302


# Light or dark -----------------------------------------------------------------------------------


def test_strangers_keep_their_theme_in_a_cookie(client):
    answer = client.post(reverse("accounts:theme_set"), {"theme": "dark", "next": "/guide/"})

    assert answer["Location"] == "/guide/"
    assert 'data-bs-theme="dark"' in client.get("/sign-in/").content.decode()


def test_a_persons_theme_goes_with_the_person(client, person):
    client.force_login(person)
    client.post(reverse("accounts:theme_set"), {"theme": "dark"})

    other_device = Client()
    other_device.force_login(person)

    assert 'data-bs-theme="dark"' in other_device.get("/account/security/").content.decode()


@pytest.mark.parametrize("theme", ["", "pink", "dark\x00", "<b>"])
def test_an_unknown_theme_follows_the_device(client, person, theme):
    client.force_login(person)

    answer = client.post(reverse("accounts:theme_set"), {"theme": theme, "next": "https://evil.example/"})

    person.refresh_from_db()
    assert answer["Location"] == "/"
    assert person.theme == "system"
