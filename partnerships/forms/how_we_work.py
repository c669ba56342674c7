"""Forms for "How we work": its steps, money, contacts, and papers with templates."""

import re

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.files import DOCX, PDF, UploadField, UploadFormMixin
from accounts.text import MailAddressField, PlainTextField
from partnerships.forms.contract import as_text
from partnerships.models import WorkStep
from partnerships.models.how_we_work import MOST_DAYS
from partnerships.rulesets.how_we_work import CONTACT, MONEY, MOST_STEPS, PAYS, STEPS

# Empty rows below those that are written.
ROWS_TO_ADD = 2
FEWEST_ROWS = 4
PEOPLE = {"contact": _("Whom to ask"), "deputy": _("Who stands in for them")}


class WholeDaysField(forms.IntegerField):
    """A whole number of working days, or nothing."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("Enter a whole number of working days, like 10."),
        "min_value": _("Enter at least 1 working day."),
        "max_value": _("Enter at most %(limit_value)d working days."),
    }

    def __init__(self, **kwargs):
        super().__init__(min_value=1, max_value=MOST_DAYS, required=False, localize=False, **kwargs)

    def to_python(self, value):
        # "10.0" is no whole number to a reader, however Django reads it.
        typed = str(value or "").strip()
        if typed and not re.fullmatch(r"\d{1,6}", typed):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(typed)

    def widget_attrs(self, widget):
        return {"inputmode": "numeric", "autocomplete": "off", "size": "4", "class": "form-control-s"}


class PartFormBase(forms.Form):
    """One part of the draft. It carries what its writer read.

    Arguments:
        values: what stands so far, by name.
        read: the fingerprint of each value.
    """

    part = None
    read = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput)

    def __init__(self, data=None, *, values, read, organisation=None):
        self.before = values
        super().__init__(data, initial=self.as_initial(values))
        self.initial["read"] = as_text({name: read[name] for name in self.part.fields})
        self.helper = FormHelper(self)
        self.helper.form_tag = False

    def as_initial(self, values):
        return dict(values)

    def clean_read(self):
        return dict(re.findall(r"(\w{1,20})=([0-9a-f]{16})", self.cleaned_data["read"]))

    def values(self):
        """What was written, by the names of `WorkPage.values`."""
        return {name: self.cleaned_data[name] for name in self.part.fields}

    def place_of(self, name):
        """The field at which something is said about a value, and what it is called."""
        return name, self.fields[name].label


class StepsForm(PartFormBase):
    """The promise for a whole contract, and the steps in their order."""

    part = STEPS
    contract_days = WholeDaysField(
        label=_("In how many working days is a whole contract done?"),
        help_text=_("From its start until all have signed. Empty when you promise nothing."),
    )

    def __init__(self, data=None, *, values, **kwargs):
        self.rows = self._count(data, values["steps"])
        super().__init__(data, values=values, **kwargs)
        blocks = []
        for number in range(1, self.rows + 1):
            names = [f"step_{number}_{name}" for name in ("what", "who", "days", "measure")]
            what, who, days, measure = names
            self.fields[what] = PlainTextField(label=_("What happens"), max_length=160, required=False)
            self.fields[who] = PlainTextField(label=_("Who does it"), max_length=120, required=False)
            self.fields[days] = WholeDaysField(label=_("Working days"))
            self.fields[measure] = forms.ChoiceField(
                label=_("Counted from your contracts here"), choices=WorkStep.Measure, required=False
            )
            for name in names:
                # An empty row is no step: of a row, nothing has to be marked as optional.
                self.fields[name].later = True
            blocks.append(
                Fieldset(
                    gettext("Step {number}").format(number=number),
                    what,
                    Div(Div(who), Div(days), css_class="halves"),
                    measure,
                    css_class="panel panel-pad",
                )
            )
        moves = [
            (str(number), gettext("Step {number}").format(number=number))
            for number in range(2, self.rows + 1)
        ]
        self.fields["up"] = forms.ChoiceField(
            label=_("Move a step up by one"),
            choices=[("", _("Leave the order as it is")), *moves],
            required=False,
        )
        self.helper.layout = Layout("read", "contract_days", *blocks, Div("up", css_class="mt-3"))

    @staticmethod
    def _count(data, steps):
        """How many rows there are: those that were on the page that was sent, or all steps and some to add."""
        sent = [int(row) for row in re.findall(r"\bstep_(\d{1,2})_what\b", " ".join(data or ()))]
        wanted = max(sent) if sent else max(len(steps) + ROWS_TO_ADD, FEWEST_ROWS)
        return max(1, min(wanted, MOST_STEPS))

    def as_initial(self, values):
        initial = {"contract_days": values["contract_days"]}
        for number, step in enumerate(values["steps"], start=1):
            initial |= {f"step_{number}_{name}": value for name, value in step.items()}
        return initial

    def clean(self):
        cleaned = super().clean()
        for number in range(1, self.rows + 1):
            what, more = f"step_{number}_what", [f"step_{number}_{name}" for name in ("who", "days")]
            if what not in self.errors and not cleaned.get(what) and any(cleaned.get(name) for name in more):
                self.add_error(what, _("Say what happens in this step, or empty it."))
        return cleaned

    def values(self):
        steps, up = [], None
        for number in range(1, self.rows + 1):
            step = {
                name: self.cleaned_data[f"step_{number}_{name}"]
                for name in ("what", "who", "days", "measure")
            }
            if step["what"]:
                up = len(steps) if self.cleaned_data["up"] == str(number) else up
                steps.append(step)
        if up:
            steps[up - 1], steps[up] = steps[up], steps[up - 1]
        return {"contract_days": self.cleaned_data["contract_days"], "steps": steps}

    def place_of(self, name):
        return ("step_1_what", _("Steps")) if name == "steps" else super().place_of(name)


class MoneyForm(PartFormBase):
    """How to apply, what is never funded, what is paid for, and how fast."""

    part = MONEY
    apply = PlainTextField(
        label=_("How does a partner apply for money?"),
        help_text=_("Where, when, and what you look at. Name dates if there are any."),
        max_length=1000,
        lines=True,
        rows=5,
        required=False,
    )
    never_funded = PlainTextField(
        label=_("What do you never fund?"), max_length=600, lines=True, rows=3, required=False
    )
    payment_days = WholeDaysField(
        label=_("In how many working days is money there?"),
        help_text=_("From the signed contract or the invoice. Empty when you promise nothing."),
    )

    pays = forms.MultipleChoiceField(
        label=_("What do you pay for?"),
        choices=list(PAYS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ["read", "apply", "never_funded", "pays", "payment_days"]

    def as_initial(self, values):
        return dict(values) | {"pays": [name for name in PAYS if values[name]]}

    def values(self):
        ticked = {name: name in self.cleaned_data["pays"] for name in PAYS}
        return {name: ticked.get(name, self.cleaned_data.get(name)) for name in self.part.fields}

    def place_of(self, name):
        return ("pays", PAYS[name]) if name in PAYS else super().place_of(name)


class ContactForm(PartFormBase):
    """How independence is protected, whom to ask, and who stands in for them."""

    part = CONTACT
    independence = PlainTextField(
        label=_("How do you protect the independence of your partners?"),
        help_text=_("Who decides on their words and work, and what support gives no say in."),
        max_length=1000,
        lines=True,
        rows=5,
        required=False,
    )

    def __init__(self, *args, organisation, **kwargs):
        super().__init__(*args, **kwargs)
        members = organisation.memberships.current().select_related("person").order_by("person__name", "pk")
        choices = [("", _("Somebody else, named below"))]
        choices += [(str(member.person_id), str(member.person)) for member in members]
        for who in PEOPLE:
            self.fields[who] = forms.TypedChoiceField(
                label=_("A member, or somebody else"),
                choices=choices,
                coerce=int,
                empty_value=None,
                required=False,
            )
            self.fields[f"{who}_name"] = PlainTextField(
                label=_("Name or role of somebody else"), max_length=120, required=False
            )
            self.fields[f"{who}_email"] = MailAddressField(label=_("Their email address"), required=False)
        self.helper.layout = Layout(
            "read",
            "independence",
            *[
                Fieldset(title, who, f"{who}_name", f"{who}_email", css_class="panel panel-pad")
                for who, title in PEOPLE.items()
            ],
        )

    def clean(self):
        cleaned = super().clean()
        for who in PEOPLE:
            name, email = f"{who}_name", f"{who}_email"
            if cleaned.get(who):
                # A member is shown under the name and address they have.
                cleaned[name] = cleaned[email] = ""
                self.errors.pop(name, None)
                self.errors.pop(email, None)
            elif cleaned.get(name) and not cleaned.get(email) and email not in self.errors:
                self.add_error(email, _("Say where they can be reached."))
            elif cleaned.get(email) and not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Say who that is."))
        return cleaned

    def place_of(self, name):
        field, label = super().place_of(name)
        who = next((title for who, title in PEOPLE.items() if name.startswith(who)), "")
        return field, f"{who}: {label}" if who else label


FORMS = {form.part.code: form for form in (StepsForm, MoneyForm, ContactForm)}


class PaperForm(UploadFormMixin, forms.Form):
    """A paper that is needed, with a template where there is one.

    Arguments:
        paper: what stands so far.
        read: the fingerprints of its name and purpose.
    """

    read = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    name = PlainTextField(
        label=_("What is it called?"),
        max_length=100,
        error_messages={"required": _("Say what the paper is called")},
    )
    purpose = PlainTextField(label=_("What is it for?"), max_length=200, required=False)
    template = UploadField(
        kinds=[PDF, DOCX],
        label=_("Template"),
        help_text=_("PDF or Word (DOCX), at most 25 MB. Everybody who reads the page can have it."),
        required=False,
    )

    def __init__(self, data=None, files=None, *, paper=None, read=None):
        initial = {"name": paper.name, "purpose": paper.purpose} if paper else {}
        super().__init__(data, files, initial=initial | {"read": as_text(read or {})})
        if paper and paper.file:
            self.fields["template"].label = _("Another template instead")
            self.fields["without_file"] = forms.BooleanField(
                label=gettext("Take the template “{file}” away").format(file=paper.file_name), required=False
            )
        self.helper = FormHelper(self)
        self.helper.form_tag = False

    def clean_read(self):
        return dict(re.findall(r"(\w{1,20})=([0-9a-f]{16})", self.cleaned_data["read"]))
