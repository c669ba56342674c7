"""The form with which somebody approves a contract."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.text import DateField, PlainTextField
from partnerships.forms.contract import ContractFormBase


class ApprovalForm(ContractFormBase):
    """Who approves, what they are registered as, and when.

    Arguments:
        content: the fingerprint of the contract that is shown.
        registrations: what an approver may be registered as, by code, from the rules of the contract.
        first: the day on which the version was added.
        today: as the project counts its days.
    """

    content = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    name = PlainTextField(
        label=_("Your name, as you are registered"),
        max_length=120,
        error_messages={"required": _("Enter your name")},
    )
    registration = forms.ChoiceField(
        label=_("What are you registered as?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you are registered as")},
    )
    approved_on = DateField(label=_("When did you approve it?"), help_text=_("Like 23 11 2026."))

    def __init__(
        self, *args, content: str, registrations: dict[str, str], first: dt.date, today: dt.date, **kwargs
    ):
        self.first, self.today = first, today
        super().__init__(*args, **kwargs)
        self.initial["content"] = content
        self.initial.setdefault("approved_on", today)
        self.fields["registration"].choices = list(registrations.items())

    def clean_approved_on(self):
        day = self.cleaned_data["approved_on"]
        if day > self.today:
            raise forms.ValidationError(_("The day of an approval can't lie ahead."))
        if day < self.first:
            raise forms.ValidationError(_("The day can't be before this version was added."))
        return day
