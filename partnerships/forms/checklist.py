"""Forms for the checklist of a contract, and for changing its kind."""

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.text import PlainTextField
from partnerships.actions.contract import CannotAnswer
from partnerships.checklist import Answer, Said, Section
from partnerships.forms.contract import ReadForm
from partnerships.models import ChecklistItem, Contract
from partnerships.rulesets.agreements import RuleSet

WORDS = "{code}-words"


class ChecklistForm(ReadForm):
    """What is said to each item of one part. Nothing is ticked before somebody ticked it.

    Arguments:
        section: the part, with what stands about its items.
    """

    def __init__(self, *args, section: Section, **kwargs):
        self.section = section
        super().__init__(*args, **kwargs)
        boxes = []
        for line in section.lines:
            code, words = line.item.code, WORDS.format(code=line.item.code)
            self.fields[code] = forms.ChoiceField(
                label=line.item.name,
                help_text=line.item.hint,
                choices=self._choices(line),
                widget=forms.RadioSelect,
                required=False,
            )
            # Nobody has to answer now; "(optional)" is what the agreement can do without.
            self.fields[code].later = line.part.required
            self.fields[words] = PlainTextField(
                label=_("A word on “{item}”").format(item=line.item.name),
                max_length=400,
                lines=True,
                rows=2,
                required=False,
            )
            self.initial |= {code: line.said.answer, words: line.said.words}
            boxes.append(Div(code, words, css_class="panel panel-pad", css_id=f"item_{code}"))
        self.helper.layout = Layout("read", "knows", Div(*boxes, css_class="flow"))

    @staticmethod
    def _choices(line):
        offered = [
            choice
            for choice in Answer.choices
            if not (line.item.always and choice[0] == Answer.NOT_APPLICABLE)
        ]
        # Only what was answered can be taken back.
        return [*offered, ("", _("No answer yet"))] if line.row else offered

    def clean(self):
        cleaned = super().clean()
        for line in self.section.lines:
            said = self._said(line.item.code)
            if WORDS.format(code=line.item.code) in self.errors or line.item.code in self.errors:
                continue
            if said.words and not said.answer:
                self.add_error(line.item.code, _("Choose an answer, too"))
            elif said.answer in ChecklistItem.NEEDS_WORDS and not said.words:
                missing = (
                    _("Say why it is not applicable")
                    if said.answer == Answer.NOT_APPLICABLE
                    else _("Say what you don’t understand")
                )
                self.add_error(WORDS.format(code=line.item.code), missing)
        return cleaned

    def _said(self, code):
        return Said(self.cleaned_data.get(code) or "", self.cleaned_data.get(WORDS.format(code=code)) or "")

    def values(self):
        """What is said, by the codes of the items."""
        return {line.item.code: self._said(line.item.code) for line in self.section.lines}

    def refuse(self, error: CannotAnswer):
        """Say at its item what the action refused."""
        self.add_error(error.code, str(error))


class KindForm(ReadForm):
    """Another kind for a contract, and why.

    Arguments:
        kind: what it is now.
        rules: what the kinds are told from; None without a rule set.
    """

    type = forms.ChoiceField(
        label=_("What kind of contract is it?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the kind of contract")},
    )
    reason = PlainTextField(
        label=_("Why does the kind change?"),
        help_text=_("Every partner can read this in the history."),
        max_length=300,
        lines=True,
        rows=3,
        error_messages={"required": _("Say why the kind changes")},
    )

    def __init__(self, *args, kind: str, rules: RuleSet | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        known = {one.code for one in rules.kinds} if rules else set(Contract.Type.values)
        self.fields["type"].choices = [
            choice for choice in Contract.Type.choices if choice[0] != kind and choice[0] in known
        ]

    def values(self):
        """The kind, by the name of the contract's field."""
        return {"type": self.cleaned_data.get("type")}
