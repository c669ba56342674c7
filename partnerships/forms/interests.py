"""Forms for interests: one that somebody declares, what is decided about it, why a colleague can't be asked."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.text import DateField, PlainTextField

HIGHEST_NUMBER = 32_767


class InterestsFormBase(forms.Form):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False


class InterestForm(InterestsFormBase):
    """One interest: what, with whom, since when."""

    what = PlainTextField(
        label=_("What is it?"),
        max_length=300,
        lines=True,
        rows=3,
        help_text=_("A fee, shares, a post, a relative who works there. Amounts are not needed."),
        error_messages={"required": _("Say what it is")},
    )
    with_whom = PlainTextField(
        label=_("With whom?"),
        max_length=160,
        help_text=_("The organisation, or how you are related to the person."),
        error_messages={"required": _("Say with whom")},
    )
    since = PlainTextField(
        label=_("Since when?"),
        max_length=60,
        help_text=_("A year is enough, like 2024. Say so if it has ended."),
        error_messages={"required": _("Say since when; a year is enough")},
    )


class DecisionForm(InterestsFormBase):
    """What was decided about an interest, by whom, and when.

    Arguments:
        number: the newest decision that is shown; 0 for none.
        today: as the project counts its days.
    """

    number = forms.IntegerField(
        required=False, min_value=0, max_value=HIGHEST_NUMBER, widget=forms.HiddenInput
    )
    decided = PlainTextField(
        label=_("What was decided?"),
        max_length=600,
        lines=True,
        rows=4,
        help_text=_("For instance: takes no part in choosing the printer. Or: no conflict, because …"),
        error_messages={"required": _("Say what was decided")},
    )
    decided_by = PlainTextField(
        label=_("Who decided it?"),
        max_length=200,
        help_text=_("Names and roles, of both sides where both decided."),
        error_messages={"required": _("Name who decided")},
    )
    decided_on = DateField(label=_("When?"), help_text=_("Like 23 11 2026."))

    def __init__(self, *args, number, today, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)
        self.initial["number"] = number

    def clean_number(self):
        return self.cleaned_data["number"] or 0

    def clean_decided_on(self):
        day = self.cleaned_data["decided_on"]
        if day > self.today:
            raise forms.ValidationError(_("The day of a decision can't lie ahead."))
        return day


class AbsenceForm(InterestsFormBase):
    """Why a colleague can't be asked now."""

    reason = PlainTextField(
        label=_("Why can't they be asked?"),
        max_length=300,
        lines=True,
        rows=3,
        help_text=_("Both sides read it. “Away until March” is enough: say nothing about anybody's health."),
        error_messages={"required": _("Say why they can't be asked")},
    )


class NumberForm(forms.Form):
    """The version that somebody had read when they pressed a button."""

    number = forms.IntegerField(min_value=0, max_value=HIGHEST_NUMBER)
