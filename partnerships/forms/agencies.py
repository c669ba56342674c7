"""Forms for an agency on a project: what it does there, and its removal."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.text import PlainTextField

HIGHEST_NUMBER = 32_767


class AgencyFormBase(forms.Form):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False


class BriefForm(AgencyFormBase):
    """What an agency does on a project.

    Arguments:
        number: the version that is shown; 0 for none.
    """

    number = forms.IntegerField(
        required=False, min_value=0, max_value=HIGHEST_NUMBER, widget=forms.HiddenInput
    )
    role = PlainTextField(
        label=_("What is its role?"),
        max_length=300,
        lines=True,
        rows=2,
        help_text=_("For instance: writes and lays out the booklet."),
        error_messages={"required": _("Say what its role is")},
    )
    deliverables = PlainTextField(
        label=_("What does it deliver?"),
        max_length=600,
        lines=True,
        rows=3,
        error_messages={"required": _("Say what it delivers")},
    )
    contacts = PlainTextField(
        label=_("Who are its contacts?"),
        max_length=300,
        lines=True,
        rows=2,
        help_text=_("Whom to ask there, and whom of your own organisation it asks."),
        error_messages={"required": _("Name its contacts")},
    )
    holds = PlainTextField(
        label=_("What does it hold?"),
        max_length=600,
        lines=True,
        rows=3,
        required=False,
        help_text=_("Pictures, texts or addresses that it has for this project."),
    )

    def __init__(self, *args, number, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["number"] = number

    def clean_number(self):
        return self.cleaned_data["number"] or 0


class RemovalForm(AgencyFormBase):
    """What became of what an agency held."""

    returned = PlainTextField(
        label=_("What became of what it holds?"),
        max_length=300,
        lines=True,
        rows=3,
        help_text=_("Given back, deleted, or nothing held. Every partner reads it in the history."),
        error_messages={"required": _("Say what became of what it holds")},
    )
