"""The pages of allauth that we use, under our addresses. Their names are allauth's: its own code asks for them."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path
from django.views.generic import RedirectView

from accounts.views.sessions import SessionList

urlpatterns = [
    # Signing in and out
    path("sign-in/password/", account.login, name="account_login"),
    path("sign-in/passkey/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/second-step/", mfa.authenticate, name="mfa_authenticate"),
    path("sign-in/closed/", account.account_inactive, name="account_inactive"),
    path("sign-out/", account.logout, name="account_logout"),
    # Proving again who one is
    path("account/security/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("account/security/confirm/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path(
        "account/security/confirm/passkey/",
        webauthn.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    # Password
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/password/set/", account.password_set, name="account_set_password"),
    # Where allauth leads after a change
    path("account/security/done/", RedirectView.as_view(pattern_name="accounts:security"), name="mfa_index"),
    # Passkeys, authenticator app, recovery codes
    path("account/security/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/security/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/security/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/security/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path(
        "account/security/codes/download/", codes.download_recovery_codes, name="mfa_download_recovery_codes"
    ),
    path("account/security/passkeys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("account/security/passkeys/add/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("account/security/passkeys/<int:pk>/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/security/passkeys/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    # Sessions
    path("account/sessions/", SessionList.as_view(), name="usersessions_list"),
]
