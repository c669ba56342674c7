"""Forms for requests for funding: starting one, sending it, answering it, taking it back."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.text import DateField, PlainTextField
from partnerships.forms.project import ProjectForm
from partnerships.models import FundingStep

Kind = FundingStep.Kind


class FundingForm(ProjectForm):
    """Start a request: what it is called, and for which organisation when one works for several."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["title"].label = _("What is the money for?")
        self.fields["title"].help_text = _("A few words. The project is called like this later.")
        self.fields["title"].error_messages["required"] = _("Say in a few words what the money is for")


class FundingFormBase(forms.Form):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False


class SendForm(FundingFormBase):
    """A word that goes along.

    Arguments:
        read: the fingerprint of what is on the page.
        question: whether it answers a question.
    """

    read = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    words = PlainTextField(label=_("A word to them"), max_length=1000, lines=True, rows=4, required=False)

    def __init__(self, *args, read, question, **kwargs):
        super().__init__(*args, initial={"read": read}, **kwargs)
        if question:
            self.fields["words"].label = _("Your answer")
            self.fields["words"].help_text = _("Empty if you changed a part, and that says it.")


class AnswerForm(FundingFormBase):
    """Yes, a question, or no. What each needs besides is asked for when it is missing.

    Arguments:
        read: the number of the step that is on the page.
        today: no day may lie before it.
    """

    read = forms.IntegerField(required=False, min_value=0, max_value=10_000, widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[
            (Kind.ACCEPTED, _("Yes: it becomes a project")),
            (Kind.ASKED, _("We have a question first")),
            (Kind.DECLINED, _("No")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer")},
    )
    reason = forms.ChoiceField(
        label=_("If no: what stands against it?"),
        choices=FundingStep.Reason,
        widget=forms.RadioSelect,
        required=False,
    )
    words = PlainTextField(
        label=_("In your words"),
        max_length=1000,
        lines=True,
        rows=4,
        required=False,
        help_text=_("Why not, or your question. With a yes, a word to them if you like."),
    )
    by_day = DateField(
        label=_("By when?"),
        required=False,
        help_text=_(
            "Yes: when the contract comes. A question: when you need the answer. No: from when they may ask again, if so."
        ),
    )

    def __init__(self, *args, read, today, **kwargs):
        self.today = today
        super().__init__(*args, initial={"read": read}, **kwargs)
        for name in ("reason", "words", "by_day"):
            # Which of them are needed, the answer says.
            self.fields[name].later = True

    def clean_read(self):
        return self.cleaned_data["read"] or 0

    def clean_by_day(self):
        day = self.cleaned_data["by_day"]
        if day is not None and day < self.today:
            raise forms.ValidationError(_("Choose a day from today on."))
        return day

    def clean(self):
        cleaned = super().clean()
        answer = cleaned.get("answer")
        missing = {
            Kind.ACCEPTED: {"by_day": _("Say by when the contract comes")},
            Kind.ASKED: {
                "words": _("Write your question"),
                "by_day": _("Say by when you need the answer"),
            },
            Kind.DECLINED: {"reason": _("Choose what stands against it"), "words": _("Say why not")},
        }.get(answer, {})
        for name, sentence in missing.items():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        # A round button that was pressed once can't be let go again: only a no has a reason.
        if answer != Kind.DECLINED:
            cleaned["reason"] = ""
        return cleaned


class TakeBackForm(FundingFormBase):
    """A word that goes along when a request is taken back."""

    words = PlainTextField(label=_("A word to them"), max_length=1000, lines=True, rows=3, required=False)
