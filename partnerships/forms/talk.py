"""Forms of Talk: writing an entry of each kind, answering, changing, finding."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.files import DOCX, JPEG, PDF, PNG, UploadField, UploadFormMixin
from accounts.text import DateField, PlainTextField
from partnerships.models import TalkAnswer, TalkEntry
from partnerships.models.talk import LONGEST

Kind, Outcome = TalkEntry.Kind, TalkAnswer.Outcome

LABELS = {
    Kind.QUESTION: _("What do you want to know?"),
    Kind.DECISION: _("What should we decide?"),
    Kind.INPUT: _("What should they take up?"),
    Kind.NOTE: _("What should everybody know?"),
    Kind.CONCERN: _("What troubles you?"),
}


def file_field():
    return UploadField(
        kinds=[PDF, DOCX, PNG, JPEG],
        label=_("A file"),
        help_text=_(
            "PDF, Word, PNG or JPEG, at most 25 MB. Of anything else, put the address of a page into the text."
        ),
        required=False,
        error_messages={"invalid": _("Choose a file")},
    )


class TalkFormBase(UploadFormMixin, forms.Form):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False

    def clean(self):
        cleaned = super().clean()
        if self.has_error("file", "too_large"):
            self.add_error("file", _("Put the address of a page with the file into the text instead."))
        return cleaned

    def uploads(self):
        """The file as the actions take it: none or one."""
        upload = self.cleaned_data.get("file")
        return [upload] if upload else []


class EntryForm(TalkFormBase):
    """One entry of a kind.

    Arguments:
        kind: which fields there are.
        asked: whom a question or an input can be put to, as (value, label).
        circles: of a concern, who would see it: (value, label) with the names in it.
        subjects: what it may be about, in groups as for a select.
        today: as the project counts its days.
    """

    def __init__(self, *args, kind, asked, circles, subjects, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["text"] = PlainTextField(
            label=LABELS[kind],
            max_length=LONGEST,
            lines=True,
            rows=6,
            error_messages={"required": _("Say it in words")},
        )
        if kind == Kind.CONCERN:
            self.fields["see"] = forms.ChoiceField(
                label=_("Who should see this?"),
                choices=circles,
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose who should see this")},
            )
        if kind in (Kind.QUESTION, Kind.INPUT):
            self.fields["who"] = forms.ChoiceField(
                label=_("Who must answer?"),
                choices=asked,
                error_messages={"required": _("Choose who must answer")},
            )
        if subjects:
            self.fields["about"] = forms.ChoiceField(
                label=_("What is it about?"),
                choices=[("", _("Nothing in particular")), *subjects],
                required=False,
            )
        if kind in (Kind.QUESTION, Kind.INPUT, Kind.DECISION):
            self.fields["answer_by"] = DateField(
                label=_("Answer by"),
                required=False,
                help_text=_("Empty: within 7 working days."),
            )
        self.fields["file"] = file_field()
        self.helper = FormHelper(self)
        self.helper.form_tag = False

    def clean_answer_by(self):
        day = self.cleaned_data["answer_by"]
        if day and day < self.today:
            raise forms.ValidationError(_("The day for an answer can't lie behind."))
        return day


class WordsForm(TalkFormBase):
    """An answer in words.

    Arguments:
        may_ask_again: whether its writer asked the question that has an answer.
    """

    text = PlainTextField(
        label=_("Your answer"),
        max_length=LONGEST,
        lines=True,
        rows=5,
        error_messages={"required": _("Say it in words")},
    )

    def __init__(self, *args, may_ask_again=False, **kwargs):
        super().__init__(*args, **kwargs)
        if may_ask_again:
            self.fields["still_open"] = forms.BooleanField(
                label=_("The question is still open: they answer again"), required=False
            )
        self.fields["file"] = file_field()
        self.helper = FormHelper(self)
        self.helper.form_tag = False


class OutcomeForm(TalkFormBase):
    """What one's organisation says about an input or a decision, with a reason where one is needed.

    Arguments:
        kind: of the entry.
        version: the wording that is read.
        today: as the project counts its days.
    """

    version = forms.IntegerField(
        min_value=1,
        max_value=32767,
        widget=forms.HiddenInput,
        error_messages={"required": _("Read it again, then answer.")},
    )

    def __init__(self, *args, kind, version, today, **kwargs):
        super().__init__(*args, initial={"version": version}, **kwargs)
        self.today = today
        on_input = kind == Kind.INPUT
        self.fields["outcome"] = forms.ChoiceField(
            label=_("What became of it?") if on_input else _("Do you agree?"),
            choices=[
                (Outcome.USED, _("Used")),
                (Outcome.NOT_USED, _("Not used")),
                (Outcome.LATER, _("Later")),
            ]
            if on_input
            else [(Outcome.AGREED, _("We agree")), (Outcome.DECLINED, _("We don’t agree"))],
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose an answer")},
        )
        self.fields["text"] = PlainTextField(
            label=_("What was done with it, or why not") if on_input else _("Why, or why not"),
            max_length=LONGEST,
            lines=True,
            rows=4,
            required=False,
            help_text=_("Needed for “Not used”.") if on_input else _("Needed if you don’t agree."),
        )
        if on_input:
            self.fields["later_on"] = DateField(
                label=_("When do you look at it again?"),
                required=False,
                help_text=_("For “Later”. We remind you on that day."),
            )
        self.fields["file"] = file_field()
        self.helper = FormHelper(self)
        self.helper.form_tag = False

    def clean(self):
        cleaned = super().clean()
        outcome = cleaned.get("outcome")
        if (
            outcome in (Outcome.NOT_USED, Outcome.DECLINED)
            and not cleaned.get("text")
            and "text" not in self.errors
        ):
            self.add_error("text", _("Say why not"))
        if outcome == Outcome.LATER and "later_on" not in self.errors:
            day = cleaned.get("later_on")
            if day is None:
                self.add_error("later_on", _("Say when you look at it again"))
            elif day <= self.today:
                self.add_error("later_on", _("Choose a day that lies ahead."))
        return cleaned


class ChangeForm(TalkFormBase):
    """Other words for what one wrote.

    Arguments:
        needs_words: whether it says nothing without them.
        version: the wording that is read.
    """

    version = forms.IntegerField(min_value=1, max_value=32767, widget=forms.HiddenInput, required=False)
    text = PlainTextField(
        label=_("Your words"),
        max_length=LONGEST,
        lines=True,
        rows=6,
        error_messages={"required": _("Say it in words")},
    )

    def __init__(self, *args, text, version, needs_words=True, **kwargs):
        super().__init__(*args, initial={"text": text, "version": version}, **kwargs)
        self.fields["text"].required = needs_words


class FindForm(forms.Form):
    """Kinds and words, in the address. Concerns are found by their kind, never by their words."""

    q = PlainTextField(label=_("Words"), max_length=100, required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("Any")), *TalkEntry.Kind.choices], required=False
    )
