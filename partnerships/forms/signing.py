"""The form with which somebody signs a contract on the page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.text import PlainTextField
from partnerships.forms.contract import ContractFormBase


class SignForm(ContractFormBase):
    """The name of who signs, and that they may.

    Arguments:
        content: the fingerprint of the contract that is shown.
        organisation: for which they sign.
    """

    content = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    signer = PlainTextField(
        label=_("Type your name"),
        help_text=_("It stands under the contract as your signature."),
        max_length=120,
        error_messages={"required": _("Type your name to sign")},
    )
    authority = forms.BooleanField(error_messages={"required": _("Say that you may sign")})

    def __init__(self, *args, content: str, organisation: Organisation, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["content"] = content
        self.fields["authority"].label = _("I may sign for {name}").format(name=organisation.name)
