"""Forms for the parts of a plan, built from `partnerships.rulesets.plan`."""

import datetime as dt

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.text import DateField, MailAddressField, MoneyField, PlainTextField
from partnerships.models import Participation
from partnerships.rulesets.currencies import likely_currency
from partnerships.rulesets.plan import BRINGS, LEARNINGS, WHEN, Part


def form_field(rule, *, required):
    """A form field for a field of the rules."""
    common = {"label": rule.label, "required": required, "help_text": rule.help}
    if rule.missing:
        common["error_messages"] = {"required": rule.missing}
    if rule.kind == "money":
        return MoneyField(**common)
    if rule.kind == "day":
        return DateField(**common)
    if rule.kind == "choice":
        if rule.column:
            # A list to drop down always has a value; it says nothing until there is an amount.
            return forms.ChoiceField(choices=rule.choices, **(common | {"required": True}))
        return forms.ChoiceField(choices=rule.choices, widget=forms.RadioSelect, **common)
    return PlainTextField(max_length=rule.longest, lines=rule.kind == "lines", rows=3, **common)


class PartForm(forms.Form):
    """One part of the plan.

    Arguments:
        rule: the part, from the rules.
        values: what stands so far.
        version, suggestion: what was read, to notice what others wrote meanwhile.
        draft: nothing is required, half a part is kept.
        suggesting: asks why, too.
        today: no new end may lie before it.
        country: whose currency is offered first.
        offers: what may be brought in from earlier projects (part Learnings).
    """

    base = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    read = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data=None,
        *,
        rule: Part,
        values: dict,
        version: int = 0,
        suggestion=None,
        draft: bool = False,
        suggesting: bool = False,
        today: dt.date | None = None,
        country: str = "",
        offers=(),
    ):
        self.rule, self.before, self.today, self.offers = rule, values, today, list(offers)
        self.draft = draft
        super().__init__(data, initial=self._initial(rule, values, country))
        self.initial |= {"base": version, "read": suggestion.pk if suggestion else None}
        for field in rule.fields:
            self.fields[field.name] = form_field(field, required=field.required and not draft)
        if rule is LEARNINGS and self.choices():
            self.fields["items"] = forms.MultipleChoiceField(
                label=_("What do you bring?"),
                choices=self.choices(),
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        if suggesting:
            self.fields["note"] = PlainTextField(
                label=_("Why?"),
                max_length=400,
                lines=True,
                rows=2,
                required=False,
                help_text=_("One line helps the others to answer."),
            )
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.layout = self._layout(rule, suggesting)

    def _initial(self, rule, values, country):
        if rule is LEARNINGS:
            if "items" in values:
                return {"items": [item["key"] for item in values["items"]]}
            return {"items": [offer.key for offer in self.offers if offer.ticked]}
        initial = {field.name: field.initial for field in rule.fields if field.initial and not values}
        for name, value in values.items():
            is_day = rule is WHEN and name != "rhythm" and value
            initial[name] = dt.date.fromisoformat(value) if is_day else value
        for side in Participation.Side.values:
            if rule is BRINGS and not initial.get(f"{side}_currency"):
                initial[f"{side}_currency"] = likely_currency(country)
        return initial

    def choices(self):
        """What is offered, and what was brought in before and is offered no longer."""
        offered = {
            offer.key: f"{offer.text} ({offer.note})" if offer.note else offer.text for offer in self.offers
        }
        kept = {item["key"]: item["text"] for item in self.before.get("items", ())}
        return list((kept | offered).items())

    def _layout(self, rule, suggesting):
        hidden, note = ["base", "read"], ["note"] if suggesting else []
        if rule is BRINGS:
            columns = [
                Fieldset(
                    legend,
                    *[field.name for field in rule.fields if field.column == side],
                    css_class="panel panel-pad",
                )
                for side, legend in (
                    ("group", _("The patient group brings")),
                    ("company", _("The company brings")),
                )
            ]
            return Layout(*hidden, Div(*columns, css_class="halves mb-3"), "independence", *note)
        names = [field.name for field in rule.fields]
        return Layout(*hidden, *names, *(["items"] if "items" in self.fields else []), *note)

    def clean_base(self):
        return self.cleaned_data["base"] or 0

    def clean(self):
        cleaned = super().clean()
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("starts_on", _("The start lies after the end."))
            self.add_error("ends_on", _("The end lies before the start."))
        elif ends and self.today and ends < self.today and ends.isoformat() != self.before.get("ends_on"):
            self.add_error("ends_on", _("The end lies in the past. Choose a day from today on."))
        return cleaned

    def values(self) -> dict:
        """What was typed, as it is kept in `PlanPart.values`: text by name, empty fields left out."""
        if self.rule is LEARNINGS:
            texts = {offer.key: offer.text for offer in self.offers}
            texts |= {item["key"]: item["text"] for item in self.before.get("items", ())}
            chosen = self.cleaned_data.get("items", [])
            return {"items": [{"key": key, "text": texts[key]} for key in texts if key in chosen]}
        values = {}
        for field in self.rule.fields:
            value = self.cleaned_data.get(field.name)
            if field.kind == "money" and value == 0:
                value = None
            if value not in (None, ""):
                values[field.name] = str(value)
        for side in Participation.Side.values:
            if f"{side}_money" not in values:
                values.pop(f"{side}_currency", None)
        return values


class PartnerSearchForm(forms.Form):
    """Find an organisation by its name."""

    q = PlainTextField(
        label=_("Name of the organisation"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "type": "search"}),
    )


class PartnerInviteForm(forms.Form):
    """Invite an organisation that is not here yet, through one of its people."""

    name = PlainTextField(
        label=_("Name of the organisation"),
        max_length=200,
        error_messages={"required": _("Enter the name of the organisation")},
    )
    side = forms.ChoiceField(label=_("What are they?"), choices=Participation.Side, widget=forms.RadioSelect)
    email = MailAddressField(
        label=_("E-mail of somebody there"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter an email address, like name@example.org.")},
    )
    message = PlainTextField(label=_("A word to them"), max_length=400, lines=True, rows=2, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False

    def clean_email(self):
        email = self.cleaned_data["email"]
        # Look-alike letters would send an invitation to somebody else than it says.
        if not email.isascii():
            raise forms.ValidationError(_("Use an address with plain letters only."))
        return email
