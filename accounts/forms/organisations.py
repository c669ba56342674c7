"""What is asked about an organisation and its members."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.countries import COUNTRIES, time_zones
from accounts.models import Membership, Organisation, Person
from accounts.text import LinkField, MailAddressField, PlainTextField

Role = Membership.Role

# Three sentences, wherever a role is chosen or shown.
ROLES = [
    (Role.OWNER, _("Owner: looks after members and settings, and does everything a Lead does.")),
    (Role.LEAD, _("Lead: does the work on projects: plans, contracts, reviews, promises.")),
    (Role.READER, _("Reader: looks, and changes nothing.")),
]
SIGNATORY = _("A Reader who is named as a signatory also signs contracts and joint conclusions.")


class OrganisationForm(forms.Form):
    """The profile. Kind and address never change here."""

    name = PlainTextField(label=_("Name"), max_length=200)
    legal_name = PlainTextField(
        label=_("Legal name"), max_length=250, required=False, help_text=_("As it stands in contracts.")
    )
    registration_number = PlainTextField(
        label=_("Registration number"),
        max_length=60,
        required=False,
        help_text=_("Of the charity or the company."),
    )
    country = forms.ChoiceField(label=_("Country"), choices=[("", _("Choose a country")), *COUNTRIES])
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zones, help_text=_("A day is over for you at midnight there.")
    )
    conditions = PlainTextField(
        label=_("What it works on"),
        max_length=250,
        required=False,
        help_text=_("Conditions or topics, in a few words."),
    )
    reads_without_lawyer = forms.BooleanField(
        label=_("We read contracts without a lawyer"),
        required=False,
        help_text=_("You then have 10 working days to read one, instead of 5, before anybody is reminded."),
    )
    listed = forms.BooleanField(
        label=_("List it in the directory"),
        required=False,
        help_text=_("Others can then find it when they plan."),
    )

    helper = FormHelper()
    helper.form_tag = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for policy in Organisation.Policy:
            self.fields[f"policy_{policy}"] = LinkField(
                label=_("Policy: {name}").format(name=policy.label), required=False
            )
        self.fields["policy_independence"].help_text = _(
            "Addresses where your policies can be read. They go along when you ask for funding or propose it."
        )
        self.order_fields([name for name in self.fields if name not in ("reads_without_lawyer", "listed")])

    def values(self):
        """What was written, by the names of `actions.organisations.PROFILE`."""
        written = {name: self.cleaned_data[name] for name in OrganisationForm.base_fields}
        links = {policy.value: self.cleaned_data[f"policy_{policy}"] for policy in Organisation.Policy}
        return written | {"policies": {code: link for code, link in links.items() if link}}


class InviteMemberForm(forms.Form):
    """One address, one role, a word to them."""

    email = MailAddressField(
        label=_("Email address"),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    role = forms.ChoiceField(
        label=_("What they may do"), choices=ROLES, initial=Role.LEAD, widget=forms.RadioSelect
    )
    message = PlainTextField(label=_("A word to them"), max_length=400, required=False, lines=True, rows=3)

    helper = FormHelper()
    helper.form_tag = False


class MemberForm(forms.Form):
    """What a member may do."""

    role = forms.ChoiceField(label=_("Role"), choices=ROLES, widget=forms.RadioSelect)
    may_sign = forms.BooleanField(
        label=_("Named as a signatory"),
        required=False,
        help_text=_(
            "For somebody who signs and does nothing else, such as a director. "
            "As a Reader they then sign contracts and joint conclusions. "
            "Leads and Owners sign without it. "
            "Whoever is named must set up a second step for signing in."
        ),
    )

    helper = FormHelper()
    helper.form_tag = False


class SuccessorField(forms.ModelChoiceField):
    """The colleague who takes over what somebody holds."""

    def __init__(self, queryset, **kwargs):
        super().__init__(queryset, empty_label=_("Choose a colleague"), **kwargs)


class HandOverForm(forms.Form):
    """Who takes over when somebody leaves."""

    hand_over_to = SuccessorField(Person.objects.none(), label=_("Who takes over?"))

    helper = FormHelper()
    helper.form_tag = False

    def __init__(self, *args, colleagues, needed, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["hand_over_to"].queryset = colleagues
        self.fields["hand_over_to"].required = needed
        if not needed:
            self.fields["hand_over_to"].empty_label = _("Nobody: there is nothing to hand over")


class PassOnForm(forms.Form):
    """To whom an invitation should have gone."""

    email = MailAddressField(
        label=_("Their email address"),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )


class DeclineForm(forms.Form):
    """No thanks, and why, if they like."""

    reason = PlainTextField(label=_("Reason"), max_length=400, required=False, lines=True, rows=2)


class AcceptForm(forms.Form):
    """For whom somebody accepts who belongs to an organisation already."""

    ANOTHER = "another"

    own = forms.ChoiceField(
        label=_("For whom do you accept?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose for whom you accept."),
            "invalid_choice": _("Choose for whom you accept."),
        },
    )

    helper = FormHelper()
    helper.form_tag = False

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["own"].choices = [
            *((str(organisation.pk), organisation.name) for organisation in organisations),
            (self.ANOTHER, _("Another organisation, which is not here yet")),
        ]

    def clean_own(self):
        chosen = self.cleaned_data["own"]
        return None if chosen == self.ANOTHER else int(chosen)
