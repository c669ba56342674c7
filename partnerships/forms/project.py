"""Forms for starting, naming, ending a project, and for saying for whom one acts."""

from crispy_forms.helper import FormHelper
from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from accounts.text import PlainTextField
from partnerships.models import ClosingAgreement, Project, new_reference

# Signed, so that nobody chooses the reference of their project, or tries out those of others.
ONCE = signing.Signer(salt="partnerships.project_add")


class ProjectForm(forms.Form):
    """Start a project: its name, and for which organisation when one works for several."""

    title = PlainTextField(
        label=_("What do you call it?"),
        max_length=120,
        help_text=_("A few words. You can change them later."),
        error_messages={"required": _("Give the project a name")},
    )
    once = forms.CharField(required=False, widget=forms.HiddenInput, max_length=120)

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("once", ONCE.sign(new_reference()))
        self.organisations = list(organisations)
        if len(self.organisations) > 1:
            self.fields["organisation"] = forms.ChoiceField(
                label=_("For which organisation?"),
                choices=[(organisation.slug, organisation.name) for organisation in self.organisations],
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose for which organisation")},
            )
        self.helper = FormHelper(self)
        self.helper.form_tag = False

    def clean_once(self):
        try:
            return ONCE.unsign(self.cleaned_data["once"])
        except signing.BadSignature:
            return new_reference()

    def organisation(self):
        """The organisation that was chosen, or the only one there is."""
        chosen = self.cleaned_data.get("organisation")
        return next(
            organisation for organisation in self.organisations if chosen in (None, organisation.slug)
        )


class ProjectNameForm(forms.Form):
    title = PlainTextField(
        label=_("Name"), max_length=120, error_messages={"required": _("Give the project a name")}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False


class ResultForm(forms.Form):
    """What the project reached for patients. "Not reached" is a valid answer, an empty one is not."""

    result = forms.ChoiceField(
        label=_("Was what should get better reached?"),
        choices=Project.Result,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what was reached. “Not reached” is a valid answer.")},
    )
    how = PlainTextField(
        label=_("How do you know?"),
        max_length=600,
        lines=True,
        rows=4,
        error_messages={"required": _("Say how you know")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False


class CloseForm(forms.Form):
    """Propose to end a project before its date."""

    reason = forms.ChoiceField(
        label=_("Why does it end early?"),
        choices=ClosingAgreement.Reason,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why the project ends early")},
    )
    note = PlainTextField(label=_("A word to them"), max_length=400, lines=True, rows=3, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False


class WithdrawForm(forms.Form):
    """Withdraw a project, with a type of reason."""

    reason = forms.ChoiceField(
        label=_("Why is it withdrawn?"),
        choices=Project.WithdrawReason,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason")},
    )
    note = PlainTextField(label=_("In your words"), max_length=600, lines=True, rows=3, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("reason") == Project.WithdrawReason.OTHER and not cleaned.get("note"):
            self.add_error("note", _("Say in your words why it is withdrawn"))
        return cleaned


class ActingForm(forms.Form):
    """For whom does somebody act who belongs to several organisations of a project?"""

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = forms.ChoiceField(
            label=_("For whom do you act?"),
            choices=[(organisation.slug, organisation.name) for organisation in organisations],
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose for whom you act")},
        )
        self.helper = FormHelper(self)
        self.helper.form_tag = False
