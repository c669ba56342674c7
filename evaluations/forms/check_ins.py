"""Forms of check-ins: five answers and a line, a reason to skip, a rhythm, and times for a call."""

import datetime as dt
import zoneinfo

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.days import add_working_days, local_day
from accounts.models import Person
from accounts.text import PlainTextField
from evaluations.actions.check_ins import Said
from evaluations.check_ins import answers_of, words_of
from evaluations.models import Call, CheckInAnswer, CheckInReply, CheckInSchedule
from principles.models import Question

CHOOSE_ONE = gettext_lazy("Choose one of the answers.")
TOO_LONG = gettext_lazy("Use at most %(limit_value)d characters. You have %(show_value)d.")
HIGHEST_REVISION = 32_767
# Days on offer for a call, and hours of a day. Nobody has to type one.
CALL_DAYS = 28
FIRST_HOUR, LAST_HOUR = 7, 20


class RevisionField(forms.IntegerField):
    """How often a reply had been sent when the page was read. What is no number is none."""

    def __init__(self):
        super().__init__(required=False, min_value=0, max_value=HIGHEST_REVISION, widget=forms.HiddenInput)

    def clean(self, value):
        try:
            return super().clean(value) or 0
        except forms.ValidationError:
            return 0


class CheckInForm(forms.Form):
    """The five questions, each with its levels as `scale`. They are drawn by one template, as those of a review are.

    Arguments:
        own: what was sent of this check-in already, to be corrected.
        before: what the own organisation sent the last time; nothing of it is chosen beforehand.
    """

    line = PlainTextField(required=False, max_length=300, error_messages={"max_length": TOO_LONG})
    revision = RevisionField()

    def __init__(
        self, data=None, *, questions: list[Question], own: CheckInReply, before: CheckInReply | None
    ):
        super().__init__(data)
        self.questions = {f"q{position}": question for position, question in enumerate(questions, start=1)}
        self.own, self.before = own, answers_of(before)
        self.chosen = {pk: str(answer.answer) for pk, answer in answers_of(own).items()}
        for name, question in self.questions.items():
            choices = {str(level.value): level.label for level in question.scale}
            self.fields[name] = forms.ChoiceField(
                choices=list((choices | dict(CheckInAnswer.Outside.choices)).items()),
                required=False,
                error_messages={"invalid_choice": CHOOSE_ONE},
            )

    @property
    def takes_the_rest(self) -> bool:
        """Whether it was sent with "the rest is as last time"."""
        return self.is_bound and "rest" in self.data

    def clean(self):
        cleaned = super().clean()
        for name, question in self.questions.items():
            if name in self.errors or cleaned.get(name):
                continue
            if not (self.takes_the_rest and question.pk in self.before):
                self.add_error(
                    name,
                    _("Choose an answer to “{question}”, or “I don’t know”.").format(question=question.short),
                )
        return cleaned

    def said(self) -> dict[int, Said]:
        """The answers by their question. What was left out is as the last time."""
        found = {}
        for name, question in self.questions.items():
            given = self.cleaned_data[name]
            if given:
                found[question.pk] = Said(int(given) if given.isdecimal() else given)
            else:
                found[question.pk] = Said(self.before[question.pk].answer, as_before=True)
        return found

    @property
    def line_value(self) -> str:
        return self.data.get("line", "") if self.is_bound else self.own.line

    @property
    def line_error(self) -> str:
        return " ".join(self.errors.get("line", []))

    def rubrics(self) -> list[dict]:
        """The questions as `components/_radio_rubric.html` draws them, with what was chosen."""
        return [self._rubric(name, question) for name, question in self.questions.items()]

    def _rubric(self, name, question):
        chosen = self.data.get(name, "") if self.is_bound else self.chosen.get(question.pk, "")
        before = words_of(self.before.get(question.pk), question)
        return {
            "id": name,
            "name": name,
            "number": question.principle.number,
            "principle": question.principle.name,
            "legend": question.text,
            "hint": _("Last time you said: {words}").format(words=before) if before else "",
            "error": " ".join(self.errors.get(name, [])),
            "options": [
                {
                    "value": str(level.value),
                    "label": level.label,
                    "text": level.text,
                    "checked": chosen == str(level.value),
                }
                for level in question.scale
            ],
            "outside": [
                {"value": value, "label": label, "checked": chosen == value}
                for value, label in CheckInAnswer.Outside.choices
            ],
        }

    def problems(self) -> list[dict]:
        """Every error as a link, in the order of the page."""
        links = [
            {"anchor": f"{name}_0", "text": error}
            for name in self.questions
            for error in self.errors.get(name, [])
        ]
        return links + [{"anchor": "line", "text": error} for error in self.errors.get("line", [])]


class _HelperForm(forms.Form):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False


class SkipForm(_HelperForm):
    """Why a check-in is skipped. Only another reason needs words."""

    revision = RevisionField()
    reason = forms.ChoiceField(
        label=gettext_lazy("Why do you skip it?"),
        choices=CheckInReply.Reason,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose why you skip it")},
    )
    words = PlainTextField(
        label=gettext_lazy("A word to them"), max_length=300, lines=True, rows=2, required=False
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("reason") == CheckInReply.Reason.OTHER and not cleaned.get("words"):
            if "words" not in self.errors:
                self.add_error("words", _("Say in a word why you skip it"))
        return cleaned


class RhythmForm(_HelperForm):
    """How often to check in."""

    weeks = forms.TypedChoiceField(
        label=gettext_lazy("How often do you check in?"),
        choices=CheckInSchedule.Weeks,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how often you check in")},
    )


# Times -----------------------------------------------------------------------------------------------


def local_moment(day: dt.date, time: dt.time, zone: zoneinfo.ZoneInfo) -> dt.datetime | None:
    """A wall clock's time as a moment; None where the clocks skip it. One that comes twice is the earlier one."""
    moment = dt.datetime.combine(day, time, tzinfo=zone).astimezone(dt.UTC)
    local = moment.astimezone(zone)
    return moment if (local.date(), local.time()) == (day, time) else None


def clock(person: Person) -> str:
    """The place whose time a person reads, such as "London"."""
    return person.time_zone.rpartition("/")[2].replace("_", " ")


class TimeWidget(forms.MultiWidget):
    """A day and a time, both to choose from."""

    template_name = "components/date_parts.html"
    use_fieldset = True

    def __init__(self, days=(), times=()):
        super().__init__({"day": forms.Select(choices=days), "time": forms.Select(choices=times)})

    def decompress(self, value):
        return [value.date().isoformat(), value.strftime("%H:%M")] if value else ["", ""]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        for part, label in zip(context["widget"]["subwidgets"], (_("Day"), _("Time")), strict=True):
            part["label"] = label
        # The first input carries the field's own id, so that an error summary leads to it.
        context["widget"]["subwidgets"][0]["attrs"]["id"] = attrs.get("id", "")
        return context


class TimeField(forms.Field):
    """A moment on somebody's own clock."""

    default_error_messages = {
        "required": gettext_lazy("Choose a day and a time."),
        "invalid": gettext_lazy("Choose a day and a time from the lists."),
        "skipped": gettext_lazy(
            "The clocks go forward then: this time is left out on that day. Choose another."
        ),
        "past": gettext_lazy("This time has passed. Choose a later one."),
    }

    def __init__(self, *, person: Person, at: dt.datetime, **options):
        self.zone, self.at = person.zone, at
        today = local_day(at, person.zone)
        days = [today + dt.timedelta(days=count) for count in range(CALL_DAYS)]
        hours = [dt.time(hour, minute) for hour in range(FIRST_HOUR, LAST_HOUR) for minute in (0, 30)]
        self.days = {day.isoformat(): day for day in days}
        self.times = {hour.strftime("%H:%M"): hour for hour in hours}
        form = pgettext("day without year, short", "D j M")
        widget = TimeWidget(
            [(code, date_format(day, form)) for code, day in self.days.items()],
            [(code, code) for code in self.times],
        )
        super().__init__(widget=widget, **options)

    def to_python(self, value):
        if value is None or not any(value):
            return None
        day, time = (*value, None, None)[:2]
        if day not in self.days or time not in self.times:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        moment = local_moment(self.days[day], self.times[time], self.zone)
        if moment is None:
            raise forms.ValidationError(self.error_messages["skipped"], code="skipped")
        if moment <= self.at:
            raise forms.ValidationError(self.error_messages["past"], code="past")
        return moment


def preset_times(person: Person, country: str, at: dt.datetime) -> list[dt.datetime]:
    """Three times on somebody's own clock that mostly fit: mornings and an afternoon of the next working days."""
    today = local_day(at, person.zone)
    times = ((2, dt.time(10)), (3, dt.time(14)), (5, dt.time(10)))
    return [
        dt.datetime.combine(add_working_days(today, days, country), time, tzinfo=person.zone)
        for days, time in times
    ]


class CallForm(_HelperForm):
    """Three times for a call, on the clock of whoever suggests them. All are chosen beforehand; nothing is typed."""

    def __init__(self, *args, person: Person, country: str, at: dt.datetime, **kwargs):
        super().__init__(*args, **kwargs)
        labels = (_("First time"), _("Second time"), _("Third time"))
        for number, (label, moment) in enumerate(
            zip(labels, preset_times(person, country, at), strict=True), start=1
        ):
            self.fields[f"time_{number}"] = TimeField(person=person, at=at, label=label, initial=moment)

    def clean(self):
        cleaned = super().clean()
        seen = set()
        for name in self.fields:
            moment = cleaned.get(name)
            if moment is not None and moment in seen:
                self.add_error(name, _("You have chosen this time already. Choose another."))
            seen.add(moment)
        return cleaned

    @property
    def times(self) -> list[dt.datetime]:
        return [self.cleaned_data[name] for name in self.fields]


NONE_FITS = "none"


class CallAnswerForm(_HelperForm):
    """One of three times, or none of them with words. Times that have passed are not on offer."""

    pick = forms.ChoiceField(
        label=gettext_lazy("Which time fits?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose a time, or say that none fits"),
            "invalid_choice": gettext_lazy("Choose a time that is on offer, or say that none fits"),
        },
    )
    words = PlainTextField(
        label=gettext_lazy("If none fits: when would it?"), max_length=300, lines=True, rows=2, required=False
    )

    def __init__(self, *args, call: Call, at: dt.datetime, say, **kwargs):
        super().__init__(*args, **kwargs)
        self.call = call
        self.fields["pick"].choices = [
            *((str(number), say(time)) for number, time in enumerate(call.times, start=1) if time > at),
            (NONE_FITS, _("None of them fits")),
        ]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("pick") == NONE_FITS and not cleaned.get("words") and "words" not in self.errors:
            self.add_error("words", _("Say when it would fit instead"))
        return cleaned

    @property
    def picked(self) -> dt.datetime | None:
        pick = self.cleaned_data["pick"]
        return None if pick == NONE_FITS else self.call.times[int(pick) - 1]

    @property
    def instead(self) -> str:
        """Words go with "none fits" only: a time that was picked needs none."""
        return self.cleaned_data["words"] if self.picked is None else ""
