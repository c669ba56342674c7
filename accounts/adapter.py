"""How allauth behaves in this house: nobody signs up, mails go through the outbox, and arriving has its own ways."""

import datetime as dt

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.signals import authenticator_added
from django.db import transaction
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import kept
from accounts.audit import record
from accounts.devices import remember_who
from accounts.models import Notice, Person
from accounts.notices import owe

# What a mail tells its owner when something changed by which they sign in.
CHANGES = {
    "account/email/password_changed": "password_changed",
    "account/email/password_set": "password_set",
    "mfa/email/totp_activated": "totp_activated",
    "mfa/email/totp_deactivated": "totp_deactivated",
    "mfa/email/recovery_codes_generated": "recovery_codes_generated",
    "mfa/email/webauthn_added": "webauthn_added",
    "mfa/email/webauthn_removed": "webauthn_removed",
}
# Nobody sets a password again so soon: it is the same form, sent twice. Several keys may well come at once.
SAME_CHANGE = dt.timedelta(seconds=10)
ONCE = {"password_set", "password_changed"}


@receiver(authenticator_added)
def _remember_the_proof(request, user, authenticator, **_kwargs):
    """Whoever has just set up a second factor has shown it: their recovery codes come without asking again."""
    record_authentication(request, user, method="mfa", type=authenticator.type, reauthenticated=True)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("This address and this password don't go together."),
        "incorrect_password": _("This is not your password."),
        "incorrect_code": _("This code is not right. Codes change every 30 seconds."),
        "enter_current_password": _("This is not your password."),
        "too_many_login_attempts": _("That was too often. Wait 10 minutes, or call us."),
        "rate_limited": _("That was too often. Wait 10 minutes, or call us."),
    }

    def reauthenticate(self, user, password):
        """Whether this is the person's password; tries are counted. (allauth looks in its own list of addresses.)"""
        found = self.authenticate(self.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def is_open_for_signup(self, request):
        """People arrive by invitation."""
        return False

    def get_password_change_redirect_url(self, request):
        return reverse("accounts:security")

    def post_login(self, request, user, **kwargs):
        response = super().post_login(request, user, **kwargs)
        remember_who(response, user)
        if kept.kept_for(user, at=timezone.now()).exists():
            response["Location"] = kept.address(response["Location"])
        elif user.welcomed_at is None and user.memberships.current().exists():
            response["Location"] = reverse("accounts:welcome_you")
        return response

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """Owe word of a change to how somebody signs in. Told by the outbox, with the moment as its key."""
        what = CHANGES.get(template_prefix)
        if what is None:
            return
        with transaction.atomic():
            # One after the other, so that the second of two at once sees what the first has written.
            Person.objects.select_for_update().get(pk=user.pk)
            at = timezone.now()
            told = Notice.objects.filter(
                recipient=user, kind="security_changed", owed_at__gt=at - SAME_CHANGE
            )
            if what not in ONCE or not told.filter(params__what=what).exists():
                key = f"security:{user.pk}:{what}:{at.isoformat()}"
                owe(user, kind="security_changed", key=key, at=at, what=what)
                record(f"person.{what}", user, actor=user, at=at)

    def send_mail(self, template_prefix, email, context):
        raise LookupError(f"{template_prefix} is not sent from a request: owe a notice.")


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right. Codes change every 30 seconds."),
    }

    def get_totp_label(self, user):
        return user.email
