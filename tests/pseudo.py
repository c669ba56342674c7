"""A made-up language that puts «marks» around all that is translated, and what a page shows outside of them."""

import functools
import re
import zoneinfo
from contextlib import contextmanager
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.db import models
from django.utils import translation
from django.utils.safestring import SafeData, mark_safe
from django.utils.translation import trans_real

from accounts.models import Organisation, Person
from partnerships.rulesets.agreements import rule_sets
from partnerships.rulesets.contract_help import contract_help
from principles.glossary import glossary

OPEN, CLOSE = "«", "»"
# Attributes that people read or hear.
READ = {
    "alt",
    "title",
    "placeholder",
    "aria-label",
    "aria-description",
    "aria-roledescription",
    "label",
    "summary",
}
# A sentence never goes on behind one of these.
BLOCKS = {
    "address", "article", "button", "caption", "dd", "details", "div", "dl", "dt", "fieldset", "figure", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "head", "header", "label", "legend", "li", "main", "nav", "ol", "option", "p", "section",
    "summary", "table", "tbody", "td", "textarea", "th", "thead", "title", "tr", "ul",
}  # fmt: skip
NO_WORDS = {"script", "style", "textarea", "code", "pre"}


def marked(said, original):
    marked = f"{OPEN}{said}{CLOSE}" if said else said
    return mark_safe(marked) if isinstance(original, SafeData) else marked


@contextmanager
def made_up_language():
    """Everything that is translated inside this comes marked, whatever the language."""

    def gettext(message):
        return marked(trans_real.gettext(message), message)

    def ngettext(one, many, number):
        return marked(trans_real.ngettext(one, many, number), one)

    def pgettext(context, message):
        return marked(trans_real.pgettext(context, message), message)

    def npgettext(context, one, many, number):
        return marked(trans_real.npgettext(context, one, many, number), one)

    with pytest.MonkeyPatch.context() as patch:
        for function in (gettext, ngettext, pgettext, npgettext):
            patch.setattr(translation._trans, function.__name__, function, raising=False)
        yield


class Reader(HTMLParser):
    """Collects what a page shows outside the marks, block by block."""

    def __init__(self):
        super().__init__()
        self.found, self.text, self.depth, self.silent = [], "", 0, 0

    def end_block(self):
        self.found.append(self.text)
        self.text, self.depth = "", 0

    def handle_starttag(self, tag, attributes):
        if tag in BLOCKS:
            self.end_block()
        given = dict(attributes)
        for name, value in attributes:
            a_button = tag == "input" and given.get("type") in ("submit", "button", "reset")
            shown = name in READ or (name == "value" and a_button)
            if value and (shown or (name.startswith("data-") and re.search(r"[a-z] [a-z]", value))):
                self.found.append(outside(value))
        self.silent += tag in NO_WORDS
        self.text += " "

    def handle_endtag(self, tag):
        self.silent = max(0, self.silent - (tag in NO_WORDS))
        self.text += " "
        if tag in BLOCKS:
            self.end_block()

    def handle_data(self, data):
        if self.silent:
            return
        for letter in data:
            if letter == OPEN:
                self.depth += 1
                self.text += " "
            elif letter == CLOSE:
                self.depth = max(0, self.depth - 1)
            elif self.depth == 0:
                self.text += letter


def outside(text):
    """What of a plain text stands outside the marks."""
    reader = Reader()
    reader.handle_data(text)
    return reader.text


def shown_outside(markup):
    """What of a page stands outside the marks, by block."""
    reader = Reader()
    reader.feed(markup)
    reader.end_block()
    return [" ".join(text.split()) for text in reader.found if text.strip()]


def written_by_people():
    """What the database holds of people's words, and what is called as it is called everywhere: the longest first."""
    found = set()
    for model in apps.get_models():
        fields = [field for field in model._meta.concrete_fields if _holds_texts(field)]
        for row in model._base_manager.values_list(*[field.attname for field in fields]) if fields else ():
            for value in row:
                found |= {" ".join(text.split()) for text in _texts(value)}
    for name in [
        *Person.objects.values_list("name", flat=True),
        *Organisation.objects.values_list("name", flat=True),
    ]:
        # Names are cut: to one of their words, to their first letters.
        found |= {*name.split(), "".join(word[0] for word in name.split()[:2]).upper()}
    # A single small word is a code, with or without lines: shown, it would be a mistake.
    words = (
        {text for text in found if not re.fullmatch("[a-z_]*", text)} | _read_in_each_language() | _places()
    )
    return sorted(words, key=len, reverse=True)


@functools.cache
def _read_in_each_language():
    """The glossary has a file for each language. The rules of a country are said as its people have checked them."""
    words = {text for word in glossary() for text in (word.word, word.meaning, word.ask, *word.forms)}
    for rules in rule_sets():
        words |= {rules.name, rules.source}
        for kind in rules.kinds:
            words |= {text for part in kind.parts for text in (part.name, part.source)}
            words |= {text for item in kind.items for text in (item.name, item.hint)}
            words |= {duty.text for duty in kind.duties} | {one.why for one in kind.contradictions}
        if rules.approval:
            words |= {rules.approval.source, *rules.approval.registrations.values()}
    helping = contract_help()
    words |= {helping.source, *helping.words.values()}
    return words | {text for place in helping.places for text in (place.name, place.what)}


@functools.cache
def _places():
    """Names of time zones: places are called as they are."""
    return {part.replace("_", " ") for zone in zoneinfo.available_timezones() for part in zone.split("/")}


def _holds_texts(field):
    return isinstance(field, models.CharField | models.TextField | models.JSONField) and not field.choices


def _texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)
