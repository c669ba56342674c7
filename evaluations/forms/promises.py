from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.text import DateField, PlainTextField
from evaluations.forms.conclusion import LONGEST_PROMISE
from evaluations.forms.promise_fields import WhenMixin, people_choices
from evaluations.models import Promise
from principles.models import Principle

State = Promise.State


class PromiseForm(WhenMixin, forms.Form):
    """One more promise of the own organisation.

    Arguments:
        people: who can give it, as `Acting`.
        principles: rows to choose from.
        today: the project's day.
    """

    what = PlainTextField(
        label=_("What"), max_length=LONGEST_PROMISE, error_messages={"required": _("Say what you promise")}
    )
    owner = forms.TypedChoiceField(
        label=_("Who"), coerce=int, error_messages={"required": _("Choose who keeps it")}
    )
    principle = forms.TypedChoiceField(
        label=_("Which principle"), coerce=int, error_messages={"required": _("Choose a principle")}
    )
    when = forms.ChoiceField(label=_("By when"), widget=forms.RadioSelect, required=False)
    date = DateField(label=_("Date"), required=False)

    def __init__(self, *args, people, principles, today, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)
        self.people = {acting.person.pk: acting.person for acting in people}
        self.principles = {row.pk: row for row in principles}
        self.fields["owner"].choices = people_choices(people)
        self.fields["principle"].choices = [
            ("", _("Choose a principle")),
            *((row.pk, row.name) for row in self.principles.values()),
        ]
        self.fields["when"].choices = self.when_choices()

    def clean_owner(self):
        return self.people[self.cleaned_data["owner"]]

    def clean_principle(self):
        return self.principles[self.cleaned_data["principle"]]

    def clean(self):
        cleaned = super().clean()
        if "date" not in self.errors:
            due_on = self.chosen_day(cleaned.get("when", ""), cleaned.get("date"), field="date")
            if due_on is None and "date" not in self.errors:
                self.add_error("when", _("Choose by when"))
            cleaned["due_on"] = due_on
        return cleaned


class DoneForm(forms.Form):
    how = PlainTextField(
        label=_("How do you know?"),
        help_text=_("One line is enough."),
        required=False,
        max_length=400,
    )


class DropForm(forms.Form):
    why = PlainTextField(
        label=_("Why do you drop it?"),
        help_text=_("The other side reads this."),
        max_length=400,
        error_messages={"required": _("Say why you drop it")},
    )


class LearningFilter(forms.Form):
    """What to look for among conclusions and promises. Something it does not know is left out."""

    STATES = [("open", _("Open")), ("late", _("Late")), ("done", _("Done")), ("dropped", _("Dropped"))]

    q = PlainTextField(label=_("Words"), required=False, max_length=100)
    principle = forms.ChoiceField(label=_("Principle"), required=False)
    state = forms.ChoiceField(label=_("Promises"), required=False, choices=[("", _("All")), *STATES])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        names = dict(Principle.objects.order_by("principle_set__pk").values_list("code", "name"))
        self.fields["principle"].choices = [("", _("All")), *names.items()]
