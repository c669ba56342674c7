"""Passkeys in a real browser, with an authenticator that Chromium plays, under the policies that every page carries."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts import actions
from tests.factories import make_organisation, make_person, member_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def authenticator(page):
    """A device that knows its owner, such as a phone."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    key = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    return lambda: session.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]


def add_passkey(page, live_server):
    page.goto(f"{live_server.url}/account/security/passkeys/add/")
    page.get_by_label("Name of this passkey").fill("My phone")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()


def test_a_passkey_is_made_and_then_opens_the_account_by_itself(
    page, live_server, sign_in, authenticator, console
):
    person = make_person("Ada Byron")
    sign_in(person)

    add_passkey(page, live_server)
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/sign-in/?next=/account/security/")
    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_role("heading", name="How you sign in")).to_be_visible()
    expect(page.get_by_text("My phone")).to_be_visible()
    assert len(authenticator()) == 1
    assert console == []


def test_a_signatory_sets_one_up_on_the_way_and_goes_on(page, live_server, sign_in, authenticator):
    organisation = make_organisation(name="Larkfield Group")
    owner = member_of(organisation, "owner")
    owner.memberships.update(may_sign=True)
    sign_in(owner)

    page.goto(f"{live_server.url}/org/{organisation.slug}/")
    expect(page.get_by_text("You are named as a signatory of Larkfield Group.")).to_be_visible()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    page.goto(f"{live_server.url}/org/{organisation.slug}/")

    expect(page.get_by_role("heading", name="Larkfield Group")).to_be_visible()


def test_after_an_e_mail_link_the_passkey_is_the_second_step(page, live_server, sign_in, authenticator):
    person = make_person("Ada Byron")
    sign_in(person)
    add_passkey(page, live_server)
    page.context.clear_cookies()
    token = actions.mint_sign_in_link(person, "/account/security/", at=timezone.now()).split("/")[-2]

    page.goto(f"{live_server.url}/sign-in/link/{token}/")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_role("heading", name="How you sign in")).to_be_visible()


def test_a_device_without_a_passkey_is_told_and_other_ways_stay(page, live_server, authenticator):
    page.goto(f"{live_server.url}/sign-in/")

    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_role("alert")).to_contain_text("The passkey was not used.")
    expect(page.get_by_role("button", name="Email me a link")).to_be_visible()


def test_whoever_presses_while_the_line_is_down_is_told_and_tries_again(
    page, live_server, sign_in, authenticator
):
    sign_in(make_person("Ada Byron"))
    add_passkey(page, live_server)
    page.context.clear_cookies()
    page.route("**/mfa/js/webauthn.js", lambda route: route.abort())
    page.goto(f"{live_server.url}/sign-in/?next=/account/security/")

    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("The passkey was not used.")
    page.unroute("**/mfa/js/webauthn.js")
    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_role("heading", name="How you sign in")).to_be_visible()


def test_where_a_browser_knows_no_passkeys_there_is_no_button_for_them(page, live_server):
    page.add_init_script("delete window.PublicKeyCredential")
    page.goto(f"{live_server.url}/sign-in/")

    expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()
    expect(page.get_by_role("link", name="Use a password")).to_be_visible()
