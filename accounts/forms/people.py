"""What is asked about a person."""

import datetime as dt

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.countries import COUNTRIES, time_zones
from accounts.forms.organisations import SuccessorField
from accounts.models import HOURS, How, Membership, Person
from accounts.text import DateField, MailAddressField, PlainTextField

# A pause is for a holiday or an illness; whoever is away for longer hands over.
LONGEST_PAUSE = 180  # days


class _PersonForm(forms.Form):
    helper = FormHelper()
    helper.form_tag = False

    @classmethod
    def of(cls, person, data=None):
        """The form with what is known of the person."""
        known = {name: getattr(person, name) for name in cls.base_fields if hasattr(person, name)}
        return cls(data, initial=known | {"reminders": person.mail_reminders != How.OFF})

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


def _hour_words(hour):
    return time_format(dt.time(hour), "TIME_FORMAT")


def _best_day(help_text=""):
    return forms.TypedChoiceField(
        label=_("Best day to write to you"),
        help_text=help_text,
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

    reminders = forms.BooleanField(label=_("Remind me by email"), required=False)
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
    phone = _phone()
    needs = _needs()
    needs_shared = _needs_shared()


def _how(label, help_text):
    return forms.ChoiceField(label=label, help_text=help_text, choices=How, widget=forms.RadioSelect)


class MailForm(_PersonForm):
    """How messages come, by their topic, and when."""

    mail_turn = _how(
        _("Something waits for me"), _("A plan to agree, a contract to answer, a review to write.")
    )
    mail_others = _how(_("The other side did something"), _("They agreed, signed, answered or sent theirs."))
    mail_reminders = _how(_("Reminders"), _("A day is near or has passed. At most three for one thing."))
    mail_summary = forms.BooleanField(
        label=_("A summary every week"),
        required=False,
        help_text=_("What waits for you and for them. It also holds what you keep for it above."),
    )
    best_day = _best_day(_("Summaries come on Monday, if you choose no day."))
    best_hour = forms.TypedChoiceField(
        label=_("Best hour"),
        coerce=int,
        choices=lambda: [(hour, _hour_words(hour)) for hour in HOURS],
        help_text=_("Reminders and summaries come from this hour on, on working days."),
    )


class PauseForm(forms.Form):
    """The last day of a pause.

    Arguments:
        today: the person's own day.
    """

    until = DateField(label=_("Pause everything until"), help_text=_("The last day without messages."))

    helper = FormHelper()
    helper.form_tag = False

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until < self.today:
            raise forms.ValidationError(gettext("That day has passed. Choose today or a later day."))
        if until > self.today + dt.timedelta(days=LONGEST_PAUSE):
            raise forms.ValidationError(
                gettext("A pause can be %(days)s days long. Choose an earlier day.") % {"days": LONGEST_PAUSE}
            )
        return until


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
