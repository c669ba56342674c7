"""What is typed to get in."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.text import MailAddressField


class SignInForm(forms.Form):
    """One field: a link goes to the address."""

    email = MailAddressField(
        label=_("Email address"),
        # `webauthn` lets a browser offer a passkey in the same field.
        widget=forms.EmailInput(attrs={"autocomplete": "username webauthn", "autocapitalize": "none"}),
        error_messages={"required": _("Enter an email address, like name@example.org.")},
    )

    helper = FormHelper()
    helper.form_tag = False
