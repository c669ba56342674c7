"""What is posted from the pages of a review. The fields are drawn by one template, which is faster than widgets."""

import re

from django import forms
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.text import PlainTextField
from evaluations.sealing import AGAIN, OUTSIDE, Draft, EditConflict, Entry, OverallDraft, OverallEntry

COMMENT_LIMIT = 2000
PAGE = re.compile(r"[a-z0-9]{8}\.[0-9]{1,6}", re.ASCII)
READ = re.compile(r"([0-9]{1,6})\.([0-9a-f]{16})", re.ASCII)
CHOOSE_ONE = gettext_lazy("Choose one of the answers.")
TOO_LONG = gettext_lazy("Use at most %(limit_value)d characters. You have %(show_value)d.")


def new_page() -> str:
    """Names a page that is handed out now; scripts count its saves behind the point."""
    return f"{get_random_string(8, 'abcdefghijklmnopqrstuvwxyz0123456789')}.0"


def _comment_field(**options):
    return PlainTextField(
        lines=True,
        required=False,
        max_length=COMMENT_LIMIT,
        error_messages={"max_length": TOO_LONG},
        **options,
    )


def _keep_field():
    return forms.ChoiceField(choices=[("mine", ""), ("theirs", "")], required=False)


def _read(text):
    """Revision and digest of what the page showed."""
    match = READ.fullmatch(text or "")
    return (int(match[1]), match[2]) if match else (0, "")


def read_value(draft: Draft | OverallDraft) -> str:
    """What a page carries to tell what it showed."""
    return f"{draft.revision}.{draft.digest}"


def _title(conflict: EditConflict, person) -> str:
    """Who changed it, and when: a colleague, or the same person in another window."""
    theirs = conflict.theirs
    time = date_format(timezone.localtime(theirs.saved_at), "H:i")
    if theirs.saved_by == person:
        return _("You changed this at {time} in another window. Choose what to keep.").format(time=time)
    return _("{name} changed this at {time}. Your text is below. Choose what to keep.").format(
        name=theirs.saved_by, time=time
    )


class _PageForm(forms.Form):
    """A page that is saved while it is filled in."""

    page = forms.CharField(required=False)

    def __init__(self, data=None, *, required=False):
        super().__init__(data)
        # Only "Save and continue" asks for answers; saving on the way never does.
        self.asks_for_answers = required
        self.saved = False

    def carry(self, name: str, draft: Draft | OverallDraft) -> str:
        """What the page showed before anything is saved, and what stands there once it is."""
        given = self.data.get(name, "")
        if self.is_bound and not self.saved:
            return given if READ.fullmatch(given) else ""
        return read_value(draft)

    @property
    def page_name(self) -> str:
        given = self.data.get("page", "") if self.is_bound else ""
        return given if PAGE.fullmatch(given) else ""

    @property
    def page_to_carry(self) -> str:
        return self.page_name or new_page()


class PrincipleForm(_PageForm):
    """The questions of one principle, each with its levels as `scale`."""

    def __init__(self, data=None, *, questions, drafts, required=False):
        super().__init__(data, required=required)
        self.questions = {f"q{position}": question for position, question in enumerate(questions, start=1)}
        self.drafts = drafts
        self.conflicts: dict[int, EditConflict] = {}
        for name, question in self.questions.items():
            self.fields[name] = forms.ChoiceField(
                choices=list(self.words_of(question).items()),
                required=False,
                error_messages={"invalid_choice": CHOOSE_ONE},
            )
            self.fields[f"{name}-why"] = _comment_field()
            self.fields[f"{name}-keep"] = _keep_field()

    def words_of(self, question) -> dict[str, str]:
        """What can be chosen, each with its word."""
        return {str(level.value): level.label for level in question.scale} | dict(OUTSIDE.choices)

    def draft(self, question) -> Draft:
        return self.drafts.get(question.pk, Draft(question.pk))

    def entries(self) -> list[Entry]:
        """What was typed, without the questions for which a colleague's version is kept."""
        entries = []
        for name, question in self.questions.items():
            if self.cleaned_data[f"{name}-keep"] == "theirs":
                continue
            answer = self.cleaned_data[name]
            revision, digest = _read(self.data.get(f"{name}-read"))
            entries.append(
                Entry(
                    question.pk,
                    int(answer) if answer.isdecimal() else answer or None,
                    self.cleaned_data[f"{name}-why"],
                    revision,
                    digest,
                )
            )
        return entries

    def take_over(self, saved, conflicts) -> None:
        """Go on from what stands in the review now."""
        self.saved = True
        self.drafts = {**self.drafts, **saved}
        self.conflicts = {conflict.mine.question: conflict for conflict in conflicts}

    def ask_for_missing(self) -> None:
        """An error at each question that is not answered."""
        for name, question in self.questions.items():
            if not self.draft(question).given and question.pk not in self.conflicts:
                self.add_error(
                    name,
                    _("Choose an answer to “{question}”, or “I don’t know”.").format(question=question.short),
                )

    def rubrics(self, person) -> list[dict]:
        """The questions as `components/_radio_rubric.html` draws them, with what was typed."""
        return [self._rubric(name, question, person) for name, question in self.questions.items()]

    def _rubric(self, name, question, person):
        draft = self.draft(question)
        chosen, comment = str(draft.answer or ""), draft.comment
        conflict = self.conflicts.get(question.pk)
        if self.is_bound and self.data.get(f"{name}-keep") != "theirs":
            chosen, comment = self.data.get(name, ""), self.data.get(f"{name}-why", "")
        return {
            "id": name,
            "name": name,
            "error": " ".join(self.errors.get(name, [])),
            **self.asked(question, chosen),
            "comment": self._comment(name, chosen, comment),
            "read": {"name": f"{name}-read", "value": self.carry(f"{name}-read", draft)},
            "conflict": conflict and self._conflict(name, question, conflict, person),
        }

    def asked(self, question, chosen) -> dict:
        """The question and its choices as the template draws them."""
        return {
            "legend": question.text,
            "hint": question.help,
            "options": [
                {
                    "value": str(level.value),
                    "label": level.label,
                    "text": level.text,
                    "checked": chosen == str(level.value),
                    "prompts": level.value <= 2,
                }
                for level in question.scale
            ],
            "outside": [
                {"value": value, "label": label, "checked": chosen == value}
                for value, label in OUTSIDE.choices
            ],
        }

    def _comment(self, name, chosen, value):
        asking, praising = _("What would have helped?"), _("What made this work?")
        return {
            "id": f"{name}-why",
            "name": f"{name}-why",
            "label": praising if chosen in ("3", "4") else asking,
            "label_low": asking,
            "label_high": praising,
            "hint": _("A sentence is plenty."),
            "value": value,
            "error": " ".join(self.errors.get(f"{name}-why", [])),
            "open": chosen in ("1", "2"),
        }

    def _conflict(self, name, question, conflict, person):
        def words(answer, comment):
            chosen = self.words_of(question).get(str(answer), _("No answer"))
            return f"{chosen}\n{comment}".strip()

        return {
            "id": f"{name}-keep",
            "name": f"{name}-keep",
            "legend": _title(conflict, person),
            "theirs": {
                "value": "theirs",
                "title": _("Keep what is saved"),
                "text": words(*conflict.theirs.content),
            },
            "mine": {"value": "mine", "title": _("Keep mine"), "text": words(*conflict.mine.content)},
            "checked": "mine",
        }

    def problems(self) -> list[dict]:
        """Every error and conflict as a link, in the order of the page."""
        links = []
        for name, question in self.questions.items():
            if question.pk in self.conflicts:
                text = _("“{question}” was changed meanwhile. Choose what to keep.").format(
                    question=question.short
                )
                links.append({"anchor": f"{name}-keep_0", "text": text})
            links += [{"anchor": f"{name}_0", "text": error} for error in self.errors.get(name, [])]
            links += [
                {"anchor": f"{name}-why", "text": f"{question.short}: {error}"}
                for error in self.errors.get(f"{name}-why", [])
            ]
        return links

    def carried(self) -> dict[str, str]:
        """What an open page has to carry from now on, by field."""
        return {f"{name}-read": read_value(self.draft(question)) for name, question in self.questions.items()}


class OverallForm(_PageForm):
    """The closing page: whether to work together again, and two lines."""

    again = forms.ChoiceField(
        choices=AGAIN.choices, required=False, error_messages={"invalid_choice": CHOOSE_ONE}
    )
    keep = _comment_field(label=gettext_lazy("One thing to keep"))
    change = _comment_field(label=gettext_lazy("One thing to change"))
    choose = _keep_field()

    def __init__(self, data=None, *, draft, required=False):
        super().__init__(data, required=required)
        self.draft = draft
        self.conflict: EditConflict | None = None

    def take_over(self, draft, conflict=None) -> None:
        """Go on from what stands in the review now."""
        self.saved = True
        self.draft, self.conflict = draft, conflict

    def entry(self) -> OverallEntry | None:
        """What was typed; None when a colleague's version is kept."""
        if self.cleaned_data["choose"] == "theirs":
            return None
        revision, digest = _read(self.data.get("read"))
        again, keep, change = (self.cleaned_data[name] for name in ("again", "keep", "change"))
        return OverallEntry(again, keep, change, revision, digest)

    def ask_for_missing(self) -> None:
        if not self.draft.given:
            self.add_error("again", _("Choose whether you would work together again, or “Not sure”."))

    def parts(self, person) -> dict:
        """The page as its template draws it, with what was typed."""
        values = dict(zip(("again", "keep", "change"), self.draft.content, strict=True))
        if self.is_bound and self.data.get("choose") != "theirs":
            values = {name: self.data.get(name, "") for name in values}
        return {
            "again": [
                {"value": value, "label": label, "checked": values["again"] == value}
                for value, label in AGAIN.choices
            ],
            "again_error": " ".join(self.errors.get("again", [])),
            "texts": [
                {
                    "id": name,
                    "label": self.fields[name].label,
                    "value": values[name],
                    "error": " ".join(self.errors.get(name, [])),
                }
                for name in ("keep", "change")
            ],
            "read": self.carry("read", self.draft),
            "conflict": self.conflict and self._conflict(person),
        }

    def _conflict(self, person):
        def words(again, keep, change):
            label = AGAIN(again).label if again in AGAIN.values else _("No answer")
            return "\n".join(str(text) for text in (label, keep, change) if text)

        return {
            "id": "choose",
            "name": "choose",
            "legend": _title(self.conflict, person),
            "theirs": {
                "value": "theirs",
                "title": _("Keep what is saved"),
                "text": words(*self.conflict.theirs.content),
            },
            "mine": {
                "value": "mine",
                "title": _("Keep mine"),
                "text": words(*self.conflict.mine.content),
            },
            "checked": "mine",
        }

    def problems(self) -> list[dict]:
        links = []
        if self.conflict:
            links.append(
                {"anchor": "choose_0", "text": _("This page was changed meanwhile. Choose what to keep.")}
            )
        links += [{"anchor": "again_0", "text": error} for error in self.errors.get("again", [])]
        for name in ("keep", "change"):
            links += [{"anchor": name, "text": error} for error in self.errors.get(name, [])]
        return links

    def carried(self) -> dict[str, str]:
        return {"read": read_value(self.draft)}
