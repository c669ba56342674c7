"""Forms for a contract: its terms, its plain words, its files, sending it, signing it."""

import re
from collections.abc import Mapping

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.files import DOCX, JPEG, PDF, PNG, UploadField, UploadFormMixin
from accounts.text import DateField, MoneyField, PlainTextField
from partnerships.models import Contract, ContractRow
from partnerships.rulesets.currencies import CURRENCIES, likely_currency
from partnerships.rulesets.reading import reading_hints

Code = ContractRow.Code

# What belongs into each row (ABPI Code 27.2 and 27.3).
HINTS = {
    Code.WHAT: _("The activity, in one or two sentences."),
    Code.WHY: _("What it is for, and how patients gain from it."),
    Code.WHO: _("What each of you does. Name third parties, too."),
    Code.SUPPORT: _("Grant, sponsorship, fee, help in kind; and what part the company has in it."),
    Code.WHEN: _("Start, end, and dates in between that matter."),
    Code.COST: _("The amount, what it pays for, and when it is paid. Or what is given instead of money."),
    Code.SHOWN: _("The words that show who paid, and where they stand from the start."),
    Code.SIGNS: _("Who signs for each of you, with their role."),
    Code.SIGNED: _("The recorded signatures stand here by themselves. Add a word if you need to."),
}


class ContractFormBase(forms.Form):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False


class ReadForm(ContractFormBase):
    """A form that carries what its writer read: the fingerprint of each value, and what was signed and approved.

    Arguments:
        read: fingerprints by the name of the value.
        knows: marks of the signatures and the approval (`ContractState.clears`).
    """

    read = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput)
    knows = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)

    def __init__(self, *args, read=None, knows=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["read"] = as_text(read or {})
        self.initial["knows"] = ",".join(str(mark) for mark in knows)

    def clean_read(self):
        return dict(re.findall(r"(\w{1,20})=([0-9a-f]{16})", self.cleaned_data["read"]))

    def clean_knows(self):
        return re.findall(r"\b(?:approval)?[0-9]{1,18}\b", self.cleaned_data["knows"])


def as_text(read):
    """Fingerprints in a hidden field."""
    return " ".join(f"{name}={mark}" for name, mark in read.items())


class TermsForm(ReadForm):
    """Title, type, amount and dates of a contract.

    Arguments:
        country: whose currency is offered first.
        with_kind: whether it asks for the kind. Once a contract has one, that changes on a page of its own.
    """

    title = PlainTextField(
        label=_("What is it called?"),
        max_length=160,
        error_messages={"required": _("Give the contract a title")},
    )
    type = forms.ChoiceField(
        label=_("What kind of contract is it?"),
        choices=Contract.Type,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the kind of contract")},
    )
    amount = MoneyField(
        label=_("Amount"), required=False, help_text=_("Like 1,234.56. Empty when no money passes.")
    )
    currency = forms.ChoiceField(label=_("Currency"), required=False, choices=CURRENCIES)
    starts_on = DateField(label=_("When does it start?"), required=False, help_text=_("Like 11 1 2027."))
    ends_on = DateField(label=_("When does it end?"), required=False)

    def __init__(self, *args, country="", with_kind=True, **kwargs):
        super().__init__(*args, **kwargs)
        if not with_kind:
            del self.fields["type"]
        self.initial["currency"] = self.initial.get("currency") or likely_currency(country)
        self.helper.layout = Layout(
            "read", "knows", "title", *(["type"] if with_kind else []),
            Div(Div("amount"), Div("currency"), css_class="halves"), "starts_on", "ends_on",
        )  # fmt: skip

    def clean(self):
        cleaned = super().clean()
        if (
            cleaned.get("amount") is not None
            and not cleaned.get("currency")
            and "currency" not in self.errors
        ):
            self.add_error("currency", _("Say in which currency."))
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if start and end and end < start:
            self.add_error("starts_on", _("The start must not come after the end."))
            self.add_error("ends_on", _("The end must not come before the start."))
        return cleaned

    def values(self):
        """What was said, by the names of the contract's fields."""
        names = ("title", "type", "amount", "currency", "starts_on", "ends_on")
        return {name: self.cleaned_data.get(name) for name in names if name in self.fields}


class RowsForm(ReadForm):
    """The nine rows that say in plain words what the contract says.

    Arguments:
        rows: what stands there, by its code. Whoever has confirmed a row is named: a new wording clears that.
    """

    def __init__(self, *args, rows: Mapping[str, ContractRow], **kwargs):
        super().__init__(*args, **kwargs)
        for code in Code:
            self.fields[code.value] = PlainTextField(
                label=code.label,
                help_text=self._hint(code, rows.get(code)),
                max_length=600,
                lines=True,
                rows=3,
                required=False,
            )
        self.helper = FormHelper(self)
        self.helper.form_tag = False

    @staticmethod
    def _hint(code, row):
        """What belongs there, whose confirmation a change clears, and how easy it is to read as it stands."""
        sentences = [str(HINTS[code])]
        if row is not None and row.confirmed_at is not None:
            sentences.append(
                gettext("{name} has confirmed it. A new wording clears that.").format(
                    name=row.confirmed_for.name
                )
            )
        hints = reading_hints(row.text) if row is not None else []
        if hints:
            sentences.append(gettext("To read: {hints}").format(hints=" ".join(hints)))
        return " ".join(sentences)

    def values(self):
        """What was written, by the codes of the rows."""
        return {code.value: self.cleaned_data.get(code.value, "") for code in Code}


class VersionForm(UploadFormMixin, ReadForm):
    """Another version of the file."""

    file = UploadField(
        kinds=[PDF, DOCX],
        label=_("File"),
        help_text=_("PDF or Word (DOCX), at most 25 MB."),
        error_messages={"required": _("Choose a file"), "invalid": _("Choose a file")},
    )
    note = PlainTextField(
        label=_("What changed, and why?"), max_length=600, lines=True, rows=3, required=False
    )


class SendForm(ContractFormBase):
    """To whom the contract goes, and what is asked of them.

    Arguments:
        partners: the other partners.
    """

    note = PlainTextField(
        label=_("A word to them"),
        help_text=_("What you changed, or what you would like to know."),
        max_length=600,
        lines=True,
        rows=4,
        required=False,
    )

    def __init__(self, *args, partners, **kwargs):
        super().__init__(*args, **kwargs)
        self.partners = list(partners)
        if len(self.partners) > 1:
            self.fields["to"] = forms.ChoiceField(
                label=_("To whom?"),
                choices=[(partner.slug, partner.name) for partner in self.partners],
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose to whom you send it")},
            )
            self.order_fields(["to", "note"])
        self.helper = FormHelper(self)
        self.helper.form_tag = False

    def to(self):
        """The partner that was chosen, or the only one there is."""
        chosen = self.cleaned_data.get("to")
        return next(partner for partner in self.partners if chosen in (None, partner.slug))


class GiveForm(ContractFormBase):
    """Which colleague has the contract now, and a word to them.

    Arguments:
        colleagues: who may have it.
    """

    to = forms.ChoiceField(
        label=_("Who has it now?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who has it")},
    )
    word = PlainTextField(
        label=_("A word to them"),
        help_text=_("Your side alone reads it."),
        max_length=200,
        required=False,
    )

    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        self.colleagues = list(colleagues)
        self.fields["to"].choices = [(str(person.pk), str(person)) for person in self.colleagues]

    def to_person(self):
        """The colleague who was chosen."""
        return next(person for person in self.colleagues if str(person.pk) == self.cleaned_data["to"])


class DropForm(ContractFormBase):
    """Why a contract is dropped.

    Arguments:
        content: the fingerprint of the contract that is shown.
    """

    content = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    reason = PlainTextField(
        label=_("Why is it dropped?"),
        help_text=_("Every partner can read this in the history."),
        max_length=200,
        error_messages={"required": _("Say why it is dropped")},
    )

    def __init__(self, *args, content, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["content"] = content


class SignatureForm(UploadFormMixin, ContractFormBase):
    """The signature of the own organisation on paper.

    Arguments:
        content: the fingerprint of the contract that is shown.
        today: as the project counts its days.
    """

    content = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    signer = PlainTextField(
        label=_("Who signed?"), max_length=120, error_messages={"required": _("Enter the name of who signed")}
    )
    signed_on = DateField(label=_("When?"), help_text=_("Like 23 11 2026."))
    scan = UploadField(
        kinds=[PDF, PNG, JPEG],
        label=_("A copy of the signed page"),
        help_text=_("PDF, PNG or JPEG, at most 25 MB. The other side looks at it and confirms it."),
        error_messages={"required": _("Add a copy of the signed page"), "invalid": _("Choose a file")},
    )

    def __init__(self, *args, content, today, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)
        self.initial["content"] = content

    def clean_signed_on(self):
        day = self.cleaned_data["signed_on"]
        if day > self.today:
            raise forms.ValidationError(_("The day of a signature can't lie ahead."))
        return day
