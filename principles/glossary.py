"""Words of contracts explained: read from a reviewed file, found in texts. No database."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.text import slugify
from django.utils.translation import get_language

DATA = Path(__file__).parent / "data"
# Whoever reads it may read slowly, or in a second language.
WORDS_IN_A_MEANING = 30
READ_WHEN_NO_OTHER = "en"


@dataclass(frozen=True)
class Word:
    """A word of contracts: what it means, and what to ask when it stands in one.

    Attributes:
        forms: other spellings under which it is found, besides plurals with -s.
        code: its anchor on the page of words.
    """

    word: str
    meaning: str
    ask: str
    forms: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        return slugify(self.word)


def glossary(language: str | None = None) -> tuple[Word, ...]:
    """All words, in the order of the alphabet.

    Arguments:
        language: such as "en-gb"; the reader's unless told. English where nobody has written another file.
    """
    return _words_of(_with_a_file(language))


def find_words(text: str, language: str | None = None) -> list[Word]:
    """The words of the glossary that stand in a text, each once, in the order in which a reader meets them."""
    pattern, by_form = _pattern_of(_with_a_file(language))
    found = {}
    for match in pattern.finditer(text):
        word = by_form[_form(match[0])]
        found.setdefault(word.code, word)
    return list(found.values())


def _with_a_file(language):
    short = (language or get_language() or READ_WHEN_NO_OTHER).partition("-")[0]
    return short if short in _languages() else READ_WHEN_NO_OTHER


@cache
def _languages():
    return frozenset(path.name.split(".")[1] for path in DATA.glob("words.*.toml"))


@cache
def _words_of(language):
    data = tomllib.loads((DATA / f"words.{language}.toml").read_text(encoding="utf-8"))
    words = [Word(**row | {"forms": tuple(row.get("forms", ()))}) for row in data["word"]]
    return tuple(sorted(words, key=lambda word: word.word.casefold()))


@cache
def _pattern_of(language):
    by_form = {}
    for word in _words_of(language):
        for form in (word.word, *word.forms):
            for spelled in (form, f"{form}s"):
                by_form.setdefault(_form(spelled), word)
    # The longest first: “data controller” is one word, and no “controller” after it.
    longest = sorted(by_form, key=len, reverse=True)
    forms = "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in longest)
    return re.compile(rf"(?<![\w-])(?:{forms})(?![\w-])", re.IGNORECASE), by_form


def _form(spelled):
    return " ".join(spelled.casefold().split())
