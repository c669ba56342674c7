"""The messages of this app: who they are for by now, what their templates need, where their button leads."""

import datetime as dt

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import Notice
from accounts.notices import kind

# As long as `actions.sign_in.LINK_LASTS`, which the page promises.
LINK_LASTS = dt.timedelta(minutes=30)

# Whoever asked for a link and got none for so long has asked again.
ASKED_KEEPS = dt.timedelta(hours=6)


@kind("sign_in_link", urgent=True, keeps=ASKED_KEEPS)
def sign_in_link(notice: Notice, _loaded, at: dt.datetime) -> dict:
    return {"path": notice.params.get("next") or "/", "lasts": LINK_LASTS}


@kind("sign_in_unknown", urgent=True, keeps=ASKED_KEEPS)
def sign_in_unknown(notice: Notice, _loaded, at: dt.datetime) -> dict:
    return {"path": "/", "address": notice.address}


@kind("security_changed")
def security_changed(notice: Notice, _loaded, at: dt.datetime) -> dict:
    # A plain link: a mail that says "somebody changed your password" must not sign anybody in.
    return {"link": f"{settings.SITE_URL}/account/security/", "what": _changes()[notice.params["what"]]}


def _changes():
    return {
        "password_changed": _("Your password was changed."),
        "password_set": _("A password was set."),
        "totp_activated": _("An authenticator app was added."),
        "totp_deactivated": _("The authenticator app was removed."),
        "recovery_codes_generated": _("New recovery codes were made. The old ones stopped working."),
        "webauthn_added": _("A passkey was added."),
        "webauthn_removed": _("A passkey was removed."),
    }


@kind("digest", gathered=True)
def digest(notice: Notice, _loaded, at: dt.datetime) -> dict:
    # Its lines are put in by `sending.letters`, which knows what it carries.
    return {"path": "/"}
