"""Forms for permissions to use a name or a logo: asking, giving, answering, renewing, ending."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.files import DOCX, JPEG, PDF, PNG, UploadField, UploadFormMixin
from accounts.text import DateField, PlainTextField
from partnerships.models import UsePermission

Answer = UsePermission.Answer


class UseFormBase(forms.Form):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False


class UseForm(UploadFormMixin, UseFormBase):
    """One use of something: what exactly, what for, where, until when.

    Arguments:
        partners: the other partners, as organisations.
        today: as the project counts its days.
        gives: whether it is given rather than asked for.
    """

    what = forms.ChoiceField(
        label=_("What may be used?"),
        choices=UsePermission.What,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what may be used")},
    )
    item = PlainTextField(
        label=_("What exactly?"),
        max_length=600,
        lines=True,
        rows=3,
        required=False,
        help_text=_("The words of a quotation, the name of who speaks. A file can say it, too."),
    )
    purpose = PlainTextField(
        label=_("What for?"),
        max_length=300,
        lines=True,
        rows=2,
        help_text=_("For instance: to show that both of us wrote the booklet."),
        error_messages={"required": _("Say what it is for")},
    )
    place = PlainTextField(
        label=_("Where does it appear?"),
        max_length=300,
        help_text=_("For instance: on the cover of the booklet, in print and as a PDF."),
        error_messages={"required": _("Say where it appears")},
    )
    until = DateField(label=_("Until when?"), help_text=_("The last day of use, like 23 11 2027."))
    file = UploadField(
        kinds=[PDF, DOCX, PNG, JPEG],
        label=_("The exact item"),
        help_text=_("The page, logo or picture as it will appear. PDF, Word, PNG or JPEG, at most 25 MB."),
        required=False,
        error_messages={"invalid": _("Choose a file")},
    )

    def __init__(self, *args, partners, today, gives, **kwargs):
        super().__init__(*args, **kwargs)
        self.partners, self.today = list(partners), today
        if gives:
            self.fields["conditions"] = PlainTextField(
                label=_("Conditions"),
                max_length=600,
                lines=True,
                rows=2,
                required=False,
                help_text=_("For instance: only in this edition. Empty when there are none."),
            )
        if len(self.partners) > 1:
            self.fields["partner"] = forms.ChoiceField(
                label=_("Who may use it?") if gives else _("Whose is it?"),
                choices=[(partner.slug, partner.name) for partner in self.partners],
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose a partner")},
            )
            self.order_fields(["partner"])
        self.helper = FormHelper(self)
        self.helper.form_tag = False

    def clean_until(self):
        day = self.cleaned_data["until"]
        if day < self.today:
            raise forms.ValidationError(_("The last day can't lie behind."))
        return day

    def clean(self):
        cleaned = super().clean()
        needs_item = cleaned.get("what") in UsePermission.NEED_ITEM
        if needs_item and not (cleaned.get("item") or cleaned.get("file")) and "file" not in self.errors:
            self.add_error("item", _("Say what exactly in words, or add a file"))
        return cleaned

    def partner(self):
        """The partner that was chosen, or the only one there is."""
        chosen = self.cleaned_data.get("partner")
        return next(partner for partner in self.partners if chosen in (None, partner.slug))

    def words(self):
        """What was said, by the names of the action's arguments."""
        names = ("what", "item", "purpose", "place", "until", "conditions")
        said = {name: self.cleaned_data[name] for name in names if name in self.fields}
        return said | {"upload": self.cleaned_data["file"]}


class AnswerForm(UseFormBase):
    """What the organisation says whose name or logo it is."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[
            (Answer.GIVEN, _("Yes")),
            (Answer.CONDITIONS, _("Yes, with conditions")),
            (Answer.REFUSED, _("No")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer")},
    )
    words = PlainTextField(
        label=_("Your conditions, or why not"),
        max_length=600,
        lines=True,
        rows=3,
        required=False,
        help_text=_("Needed unless you say yes without conditions. Both sides read it."),
    )

    def clean(self):
        cleaned = super().clean()
        answer, words = cleaned.get("answer"), cleaned.get("words")
        if "words" in self.errors:
            return cleaned
        if answer == Answer.CONDITIONS and not words:
            self.add_error("words", _("Say your conditions"))
        elif answer == Answer.REFUSED and not words:
            self.add_error("words", _("Say why not"))
        elif answer == Answer.GIVEN and words:
            self.add_error("words", _("Choose “Yes, with conditions”, or leave this empty"))
        return cleaned


class RenewForm(UseFormBase):
    """A later last day.

    Arguments:
        after: the last day so far.
        today: as the project counts its days.
    """

    until = DateField(label=_("Until when?"), help_text=_("The new last day, like 23 11 2028."))

    def __init__(self, *args, after, today, **kwargs):
        self.after, self.today = after, today
        super().__init__(*args, **kwargs)

    def clean_until(self):
        day = self.cleaned_data["until"]
        if day <= self.after or day < self.today:
            raise forms.ValidationError(_("Choose a later day than the one so far."))
        return day


class EndForm(UseFormBase):
    """Why a permission ends."""

    reason = PlainTextField(
        label=_("Why?"),
        max_length=300,
        lines=True,
        rows=3,
        help_text=_("Both sides read it."),
        error_messages={"required": _("Say why it ends")},
    )
