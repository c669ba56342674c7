"""Every form of the site, filled in well and sent: a second time it leaves nothing more, and history says who sent it.

Forms are found by walking the access table (tests/pressed.py), so a new one is covered without being named here. What
may be different stands in a list with its reason; a reason that holds no longer turns this file red.
"""

import functools
from collections import namedtuple

import pytest
from django.core.cache import cache
from django.db import transaction

from accounts.models import Event
from tests.pressed import Quietly, added, counted, presses
from tests.walk import SCENES, World

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# Routes that write nothing to which history belongs, and why.
UNRECORDED = {
    "account_login": "the walk knows no password",
    "account_logout": "a session",
    "account_reauthenticate": "the walk knows no password; it writes to the session only",
    "accounts:invitation_again": "word to the inviter, once a day; shown in tests/accounts/test_invitations.py",
    "accounts:invitation_switch": "a session",
    "accounts:kept_drop": "a kept form may hold sealed words, and nobody else knows of it",
    "accounts:second_factor_later": "a session, and only where the installation is for trying out",
    "accounts:sign_in": "nobody is signed in yet, and whether the address is known is not told",
    "accounts:sign_in_link": "a session",
    "accounts:theme_set": "how the page looks on this device",
    "evaluations:review_helped": "what is being written stays inside the organisation (docs/rules.md 7)",
    "evaluations:review_helped_save": "autosave (docs/rules.md 7)",
    "evaluations:review_overall": "what is being written stays inside the organisation (docs/rules.md 7)",
    "evaluations:review_overall_save": "autosave (docs/rules.md 7)",
    "evaluations:review_principle": "what is being written stays inside the organisation (docs/rules.md 7)",
    "evaluations:review_save": "autosave (docs/rules.md 7)",
    "evaluations:review_send": "a whole review; shown in tests/evaluations/test_reviews.py",
    "mfa_activate_totp": "a code of this minute; shown in tests/accounts/test_security.py",
    "mfa_add_webauthn": "a device; shown in tests/browser/test_passkeys.py",
    "mfa_generate_recovery_codes": "an authenticator first; shown in tests/accounts/test_security.py",
    "mfa_login_webauthn": "a device",
    "mfa_reauthenticate": "a code of this minute",
    "partnerships:view_delete": "one's own way of looking at a list",
    "partnerships:view_save": "one's own way of looking at a list",
    "partnerships:talk_answer_edit": "within ten minutes, without a trace (docs/rules.md 106)",
    "partnerships:talk_draft_drop": "one's own draft, which nobody else has read",
    "partnerships:talk_edit": "within ten minutes, without a trace (docs/rules.md 106)",
    "portal:mail_test": "a message to oneself that says nothing",
    "portal:task_wake": "one's own home",
}
# Whoever did it is no longer anybody: the line names the pseudonym, or nobody.
GONE = {"accounts:account_close"}

Pressed = namedtuple("Pressed", "route name answers once again events")


@functools.cache
def walked(scene):
    """What pressing each form of a scene did, and what pressing it again did. Everything is undone."""
    world = World(scene)
    return [pressed_twice(press) for press in presses(world, scene)]


def pressed_twice(press):
    with transaction.atomic(), Quietly():
        browser, last = press.again(), Event.objects.order_by("pk").last()
        before = counted()
        first = press.send(browser)
        once = counted()
        lines = Event.objects.filter(pk__gt=last.pk if last else 0)
        me = press.client.session.get("_auth_user_id")
        events = [line.verb for line in lines if me in (None, str(line.actor_id)) or press.route in GONE]
        cache.clear()
        second = press.send(browser)
        again = added(once, counted())
        transaction.set_rollback(True)
    return Pressed(
        press.route, str(press), (first.status_code, second.status_code), added(before, once), again, events
    )


@pytest.mark.parametrize("scene", SCENES)
def test_a_form_sent_again_leaves_nothing_more(scene):
    wrong = {row.name: row for row in walked(scene) if row.again or max(row.answers) >= 500}

    assert wrong == {}


@pytest.mark.parametrize("scene", SCENES)
def test_whoever_sends_a_form_stands_in_the_history(scene):
    silent = {row.name: row for row in walked(scene) if not row.events and row.route not in UNRECORDED}

    assert silent == {}


def test_what_is_not_recorded_is_found_by_walking_and_is_silent():
    rows = [row for scene in SCENES for row in walked(scene) if row.route in UNRECORDED]

    assert {row.route for row in rows} == set(UNRECORDED)
    assert {row.name: row.events for row in rows if row.events} == {}
