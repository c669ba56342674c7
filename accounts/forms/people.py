"""What is asked about a person."""

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.countries import COUNTRIES, time_zones
from accounts.forms.organisations import SuccessorField
from accounts.models import Membership, Person
from accounts.text import MailAddressField, PlainTextField


class _PersonForm(forms.Form):
    helper = FormHelper()
    helper.form_tag = False

    @classmethod
    def of(cls, person, data=None):
        """The form with what is known of the person."""
        return cls(data, initial={name: getattr(person, name) for name in cls.base_fields})

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if len(settings.LANGUAGES) == 1:
            # Nothing to choose.
            self.fields.pop("language", None)


def _name():
    return PlainTextField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )


def _called():
    return PlainTextField(
        label=_("What shall we call you?"),
        max_length=60,
        required=False,
        help_text=_("In greetings. Your first name if you leave it empty."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )


def _language():
    return forms.ChoiceField(label=_("Language"), choices=lambda: settings.LANGUAGES)


def _time_zone():
    return forms.ChoiceField(
        label=_("Time zone"), choices=time_zones, help_text=_("By city. Mails come at 10:00 there.")
    )


def _reminders():
    return forms.BooleanField(label=_("Remind me by email"), required=False)


def _best_day():
    return forms.TypedChoiceField(
        label=_("Best day to write to you"),
        choices=[("", _("Any day"))] + [(number, WEEKDAYS[number]) for number in range(5)],
        coerce=int,
        empty_value=None,
        required=False,
    )


def _phone():
    return PlainTextField(
        label=_("Phone"),
        max_length=40,
        required=False,
        help_text=_("Seen by the people on your projects."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )


def _needs():
    return PlainTextField(
        label=_("Do you need anything to take part comfortably?"),
        max_length=400,
        required=False,
        lines=True,
        rows=3,
        help_text=_("Breaks, large print, calls after noon. Seen by your own organisation only."),
    )


def _needs_shared():
    return forms.BooleanField(label=_("Share this with partners too"), required=False)


class WelcomeYouForm(_PersonForm):
    """The first welcome page. One required field; the rest is guessed."""

    name = _name()
    called = _called()
    language = _language()
    time_zone = _time_zone()


class WelcomeReachForm(_PersonForm):
    """The third. Nothing is required."""

    reminders = _reminders()
    best_day = _best_day()
    phone = _phone()
    needs = _needs()
    needs_shared = _needs_shared()


class WelcomeGroupForm(forms.Form):
    """The second, for the first Owner of a new organisation."""

    name = PlainTextField(
        label=_("Name of your organisation"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    country = forms.ChoiceField(label=_("Country"), choices=[("", _("Choose a country")), *COUNTRIES])

    helper = FormHelper()
    helper.form_tag = False


class SettingsForm(_PersonForm):
    """Everything that a person says about themselves, on one page."""

    name = _name()
    called = _called()
    language = _language()
    time_zone = _time_zone()
    theme = forms.ChoiceField(label=_("Light or dark"), choices=Person.Theme, widget=forms.RadioSelect)
    reminders = _reminders()
    best_day = _best_day()
    phone = _phone()
    needs = _needs()
    needs_shared = _needs_shared()


class EmailChangeForm(forms.Form):
    """A new address. It counts once its owner has opened the link."""

    email = MailAddressField(
        label=_("New email address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none"}),
    )

    helper = FormHelper()
    helper.form_tag = False


class AccountCloseForm(forms.Form):
    """Who takes over in each organisation in which somebody holds something."""

    helper = FormHelper()
    helper.form_tag = False

    def __init__(self, *args, colleagues: dict[Membership, QuerySet[Person]], **kwargs):
        """
        Arguments:
            colleagues: who can take over, by the membership that ends; none where nobody is asked for.
        """
        super().__init__(*args, **kwargs)
        self.memberships = {f"successor_{membership.pk}": membership for membership in colleagues}
        for name, membership in self.memberships.items():
            label = gettext("Who takes over at %(name)s?") % {"name": membership.organisation}
            self.fields[name] = SuccessorField(colleagues[membership], label=label)

    def successors(self) -> dict[int, Person]:
        """Who takes over, by the key of the membership that ends."""
        return {membership.pk: self.cleaned_data[name] for name, membership in self.memberships.items()}
