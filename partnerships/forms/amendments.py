"""The form with which an amendment of a signed contract is started."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.text import PlainTextField
from partnerships.forms.contract import ContractFormBase

HIGHEST_NUMBER = 32_767


class AmendmentForm(ContractFormBase):
    """What it is called; all else is filled in.

    Arguments:
        number: the highest number of a contract of the project, so that a form sent twice starts one.
    """

    number = forms.IntegerField(
        required=False, min_value=0, max_value=HIGHEST_NUMBER, widget=forms.HiddenInput
    )
    title = PlainTextField(
        label=_("What is it called?"),
        help_text=_("Like “Six more months”."),
        max_length=160,
        error_messages={"required": _("Give the amendment a title")},
    )

    def __init__(self, *args, number: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["number"] = number

    def clean_number(self):
        return self.cleaned_data["number"] or 0
