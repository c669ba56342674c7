"""Who keeps a promise, and by when: the same to choose from in the joint conclusion and after it."""

import datetime as dt

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.counterpart import day as in_words


def in_a_month(today: dt.date) -> dt.date:
    """The same day of the next month, or its last day when it has no such day."""
    first = (today.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    last = (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    return min(first + dt.timedelta(days=today.day - 1), last)


class WhenMixin:
    """By when: in two weeks, in a month, or on a date. For forms with fields `when` and `date` for a day."""

    def relative_days(self) -> dict[str, dt.date]:
        return {"weeks": self.today + dt.timedelta(days=14), "month": in_a_month(self.today)}

    def when_choices(self):
        days = self.relative_days()
        return [
            ("weeks", gettext("In 2 weeks, %(day)s") % {"day": in_words(days["weeks"], self.today)}),
            ("month", gettext("In 1 month, %(day)s") % {"day": in_words(days["month"], self.today)}),
            ("date", gettext("On this date")),
        ]

    def chosen_day(self, when: str, date: dt.date | None, *, field: str, before: dt.date | None = None):
        """The day that was chosen; a day that has passed is refused, unless it stood there before."""
        chosen = date if date is not None and when in ("", "date") else self.relative_days().get(when)
        if when == "date" and date is None and field not in self.errors:
            self.add_error(field, _("Enter the date, or choose one of the other days."))
        if chosen is not None and chosen < self.today and chosen != before:
            self.add_error(field, _("Choose a day that is still to come."))
        return chosen


def people_choices(people):
    """People to choose from, in groups by organisation."""
    groups = {}
    for acting in people:
        groups.setdefault(acting.organisation.name, []).append((acting.person.pk, str(acting.person)))
    return [("", _("Choose a person")), *groups.items()]
