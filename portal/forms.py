"""Forms of the pages that draw on everything."""

import datetime as dt

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import CalendarFeed
from accounts.text import DateField, PlainTextField


class LaterForm(forms.Form):
    """Not now: when a task should come back, or more time than its due date.

    Arguments:
        today: the person's own day.
        due: the task's due date, or None.
        may_ask: whether more time can be asked for.
    """

    WHEN_TOMORROW, WHEN_MONDAY, WHEN_DAY, WHEN_MORE = "tomorrow", "monday", "day", "more"

    when = forms.ChoiceField(widget=forms.RadioSelect, label=gettext_lazy("When should it come back?"))
    day = DateField(required=False, label=gettext_lazy("Which day?"))
    new_due = DateField(required=False, label=gettext_lazy("New date you would like"))
    note = PlainTextField(
        required=False, max_length=300, label=gettext_lazy("A word to the other side (optional)")
    )

    def __init__(self, *args, today, due, may_ask, **kwargs):
        super().__init__(*args, **kwargs)
        self.today, self.due = today, due
        choices = []
        for code, label, day in (
            (self.WHEN_TOMORROW, _("Tomorrow"), today + dt.timedelta(days=1)),
            (self.WHEN_MONDAY, _("Next Monday"), next_monday(today)),
        ):
            if due is None or day <= due:
                choices.append((code, f"{label}, {date_format(day, 'j F')}"))
        if due is None or due > today:
            choices.append((self.WHEN_DAY, _("A day I choose")))
        if may_ask:
            choices.append((self.WHEN_MORE, _("I need more time than the due date")))
        else:
            del self.fields["new_due"], self.fields["note"]
        self.fields["when"].choices = choices

    def clean(self):
        data = super().clean()
        when = data.get("when")
        if when == self.WHEN_DAY and "day" not in self.errors:
            day = data.get("day")
            if day is None:
                self.add_error("day", _("Write the day on which it should come back."))
            elif day <= self.today:
                self.add_error("day", _("Choose a day after today."))
            elif self.due and day > self.due:
                self.add_error(
                    "day",
                    _("It is due on %(day)s. Choose an earlier day, or ask for more time.")
                    % {"day": date_format(self.due, "j F")},
                )
        if when == self.WHEN_MORE and "new_due" not in self.errors and not data.get("new_due"):
            self.add_error("new_due", _("Write the date you would like."))
        return data

    def until(self):
        """The day on which a snoozed task comes back."""
        return {
            self.WHEN_TOMORROW: self.today + dt.timedelta(days=1),
            self.WHEN_MONDAY: next_monday(self.today),
            self.WHEN_DAY: self.cleaned_data["day"],
        }[self.cleaned_data["when"]]


def next_monday(day: dt.date) -> dt.date:
    """The first Monday after a day."""
    return day + dt.timedelta(days=7 - day.weekday())


class CalendarForm(forms.Form):
    """What stands in one's calendar feed."""

    tasks = forms.BooleanField(
        required=False,
        label=gettext_lazy("What waits for me"),
        help_text=gettext_lazy("The day by which you have to answer, write, sign or keep a promise."),
    )
    dates = forms.BooleanField(
        required=False,
        label=gettext_lazy("Dates of my projects"),
        help_text=gettext_lazy("When each starts and ends, and when its reviews are due."),
    )
    organisation = forms.BooleanField(
        required=False,
        label=gettext_lazy("Everything that waits for my organisation"),
        help_text=gettext_lazy("What your colleagues have to do as well."),
    )

    helper = FormHelper()
    helper.form_tag = False

    @classmethod
    def of(cls, feed: CalendarFeed | None, data=None):
        """The form with what was chosen, or with what most people want."""
        feed = feed or CalendarFeed()
        return cls(data, initial={name: getattr(feed, name) for name in cls.base_fields})

    def clean(self):
        data = super().clean()
        if not any(data.get(name) for name in self.fields):
            raise forms.ValidationError(_("Choose at least one thing to show."))
        return data

    def shown(self) -> dict[str, bool]:
        """Each choice with its answer."""
        return {name: self.cleaned_data[name] for name in self.fields}


class SearchForm(forms.Form):
    """Words to look for."""

    q = PlainTextField(
        max_length=100,
        label=gettext_lazy("What are you looking for?"),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "enterkeyhint": "search"}),
    )

    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
