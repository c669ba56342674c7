"""The joint conclusion as one form, or one part of it: texts, promises, and what each place said when it was read."""

import datetime as dt

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.counterpart import day as in_words
from accounts.text import DateField, PlainTextField
from evaluations.actions.promises import who_can_promise
from evaluations.actions.written import POSITIONS, Written, WrittenPart, WrittenPromise, fingerprint
from evaluations.models import ConclusionPart, Promise

Code = ConclusionPart.Code
# Doing things differently is what promises are about: they are written with this part.
WITH_PROMISES = Code.DIFFERENT
LONGEST_PART = 4000
LONGEST_PROMISE = Promise._meta.get_field("what").max_length
THEIRS, MINE = "theirs", "mine"


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


class ConclusionForm(WhenMixin, forms.Form):
    """Arguments:
    project: whose people and principles can be chosen.
    standing: what is stored now, as `Written`.
    offers: promises that the reviews suggest.
    drafted: codes of the parts that still say what was offered.
    today: the project's day.
    only: the one part that is written; promises come with the last. None: everything.
    """

    def __init__(
        self,
        *args,
        project,
        standing: Written,
        offers=(),
        drafted=(),
        principles=(),
        today,
        only=None,
        **kwargs,
    ):
        self.today = today
        self.labels = [(code, label) for code, label in Code.choices if only in (None, code)]
        self.positions = POSITIONS if only in (None, WITH_PROMISES) else ()
        self.places = [code for code, _label in self.labels] + [f"promise-{one}" for one in self.positions]
        self.drafted = drafted
        self.standing = standing
        self.offers = {str(number): offer for number, offer in enumerate(offers, start=1)}
        super().__init__(*args, **kwargs)
        people = people_choices(who_can_promise(project))
        kinds = [("", _("Choose a principle")), *((row.pk, row.name) for row in principles)]
        for code, label in self.labels:
            self._add_part(code, label)
        for position in self.positions:
            self._add_promise(position, people, kinds)
        for field in self.fields.values():
            # Nothing is needed to save or send: what is missing is asked for before anybody signs.
            field.later = True
        stored = standing.places()
        for place in self.places:
            self.fields[f"{place}_read"] = forms.CharField(
                widget=forms.HiddenInput, required=False, initial=fingerprint(stored[place])
            )
            self.fields[f"{place}_keep"] = forms.ChoiceField(
                choices=[(THEIRS, ""), (MINE, "")], required=False, widget=forms.RadioSelect
            )

    def _add_part(self, code, label):
        stored = self.standing.parts[code]
        self.fields |= {
            f"{code}_text": PlainTextField(
                label=label, lines=True, rows=5, required=False, max_length=LONGEST_PART, initial=stored.text
            ),
            f"{code}_disagreed": forms.BooleanField(
                label=_("We don’t agree on this"), required=False, initial=stored.disagreed
            ),
            f"{code}_view": PlainTextField(
                label=_("What your side says"),
                help_text=_("The other side adds its own words. Both stand side by side."),
                lines=True,
                rows=4,
                required=False,
                max_length=LONGEST_PART,
                initial=stored.view,
            ),
            f"{code}_public": forms.BooleanField(
                label=_("May be public"), required=False, initial=stored.public
            ),
        }

    def _add_promise(self, position, people, principles):
        stored = self.standing.promises[position]
        place = f"promise-{position}"
        if self.offers:
            self.fields[f"{place}_offer"] = forms.ChoiceField(
                label=_("What, from your reviews"),
                choices=[("", _("In our own words")), *((n, o.what) for n, o in self.offers.items())],
                required=False,
            )
        self.fields |= {
            f"{place}_what": PlainTextField(
                label=_("What, in your own words") if self.offers else _("What"),
                required=False,
                max_length=LONGEST_PROMISE,
                initial=stored.what,
            ),
            f"{place}_owner": forms.TypedChoiceField(
                label=_("Who"),
                choices=people,
                coerce=int,
                empty_value=None,
                required=False,
                initial=stored.owner,
                error_messages={"invalid_choice": _("Choose somebody from the list.")},
            ),
            f"{place}_principle": forms.TypedChoiceField(
                label=_("Which principle"),
                choices=principles,
                coerce=int,
                empty_value=None,
                required=False,
                initial=stored.principle,
                error_messages={"invalid_choice": _("Choose a principle from the list.")},
            ),
            f"{place}_when": forms.ChoiceField(
                label=_("By when"),
                choices=self.when_choices(),
                required=False,
                widget=forms.RadioSelect,
                initial="date" if stored.due_on else "",
            ),
            f"{place}_date": DateField(label=_("Date"), required=False, initial=stored.due_on),
        }

    def clean(self):
        cleaned = super().clean()
        for position in self.positions:
            place = f"promise-{position}"
            if f"{place}_date" not in self.errors:
                cleaned[f"{place}_due"] = self.chosen_day(
                    cleaned.get(f"{place}_when", ""),
                    cleaned.get(f"{place}_date"),
                    field=f"{place}_date",
                    before=self.standing.promises[position].due_on,
                )
        return cleaned

    def written(self) -> Written:
        """What was typed. Where the writer chose their colleague's words, the place is left as it is."""
        cleaned = self.cleaned_data
        kept = {place for place in self.places if cleaned.get(f"{place}_keep") == THEIRS}
        parts = {
            code: WrittenPart(
                text=cleaned[f"{code}_text"],
                disagreed=cleaned[f"{code}_disagreed"],
                public=cleaned[f"{code}_public"],
                view=cleaned[f"{code}_view"],
            )
            for code, _label in self.labels
            if code not in kept
        }
        promises = {
            position: self._promise(f"promise-{position}")
            for position in self.positions
            if f"promise-{position}" not in kept
        }
        read = {place: cleaned.get(f"{place}_read", "") for place in self.places}
        return Written(parts, promises, read)

    def _promise(self, place) -> WrittenPromise:
        cleaned = self.cleaned_data
        offer = self.offers.get(cleaned.get(f"{place}_offer"))
        taken = offer is not None and not cleaned[f"{place}_what"]
        return WrittenPromise(
            what=offer.what if taken else cleaned[f"{place}_what"],
            owner=cleaned[f"{place}_owner"],
            due_on=cleaned.get(f"{place}_due"),
            principle=cleaned[f"{place}_principle"] or (offer.principle if taken else None),
        )

    @staticmethod
    def fill(data, place: str, words: WrittenPart | WrittenPromise) -> None:
        """Write into posted data what a place says, as if it had been typed."""
        if isinstance(words, WrittenPart):
            data[f"{place}_text"], data[f"{place}_view"] = words.text, words.view
            for name in ("disagreed", "public"):
                data.pop(f"{place}_{name}", None)
                if getattr(words, name):
                    data[f"{place}_{name}"] = "on"
            return
        day = words.due_on
        data.pop(f"{place}_offer", None)
        data[f"{place}_what"] = words.what
        data[f"{place}_owner"] = str(words.owner or "")
        data[f"{place}_principle"] = str(words.principle or "")
        data[f"{place}_when"] = "date" if day else ""
        for name in ("day", "month", "year"):
            data[f"{place}_date_{name}"] = str(getattr(day, name)) if day else ""

    # What the page draws ----------------------------------------------------------------------------

    @property
    def part_fields(self):
        return [
            {
                "code": code,
                "label": label,
                "drafted": code in self.drafted,
                "text": self[f"{code}_text"],
                "disagreed": self[f"{code}_disagreed"],
                "view": self[f"{code}_view"],
                "public": self[f"{code}_public"],
            }
            for code, label in self.labels
        ]

    @property
    def promise_fields(self):
        fields = []
        for position in self.positions:
            place = f"promise-{position}"
            names = ("what", "owner", "principle", "when", "date")
            bound = [self[f"{place}_{name}"] for name in names]
            due_on = self.standing.promises[position].due_on
            fields.append(
                {
                    "position": position,
                    "offer": self[f"{place}_offer"] if self.offers else None,
                    "fields": bound,
                    "filled": any(one.value() and one.value() != ["", "", ""] for one in bound),
                    "has_errors": any(one.errors for one in bound),
                    "day_passed": due_on is not None and due_on < self.today,
                }
            )
        return fields
