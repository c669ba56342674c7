"""Passkeys as browsers send them. What can't be read is a passkey that does not count, never an error of ours."""

from allauth.mfa.webauthn import forms as allauth_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class _Guarded:
    """allauth hands a credential to its library as it came, and that stumbles over what is missing or forged."""

    def _guard(self, read):
        try:
            return read()
        except ValidationError:
            raise
        except Exception as error:
            raise ValidationError(_("This passkey did not work. Try again, or use another way.")) from error


class _Proof(_Guarded):
    def clean_credential(self):
        return self._guard(super().clean_credential)


class AuthenticatePasskeyForm(_Proof, allauth_forms.AuthenticateWebAuthnForm):
    pass


class LoginPasskeyForm(_Proof, allauth_forms.LoginWebAuthnForm):
    pass


class ReauthenticatePasskeyForm(_Proof, allauth_forms.ReauthenticateWebAuthnForm):
    pass


class AddPasskeyForm(_Guarded, allauth_forms.AddWebAuthnForm):
    """A passkey stands for password and second step together, unless its owner wants it as a second step only."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of this passkey")
        self.fields["passwordless"].label = _("Sign in with this passkey alone")
        self.fields["passwordless"].help_text = _("Your device then asks for your face, finger or PIN.")
        self.fields["passwordless"].initial = True

    def clean(self):
        return self._guard(super().clean)
