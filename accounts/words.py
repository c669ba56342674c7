"""Finding words in texts: without accents, in any case, and on PostgreSQL in any of their forms.

PostgreSQL keeps the words of a text beside it, in a column that the database fills by itself (`title_words` beside
`title`; migrations of the apps that own the text). SQLite looks for the letters. Both fold letters alike.
"""

import functools
import re
import unicodedata

from django.db.models import BooleanField, F, Func
from django.utils.translation import get_language

MOST_WORDS, LONGEST_WORD = 8, 40

# What PostgreSQL's `translate` can't do, since it becomes two letters.
TWO_LETTERS = {"ß": "ss", "ẞ": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe"}
# Letters that no accent makes of another one, but that are typed as one.
STROKES = dict(zip("øØđĐłŁħĦŧŦıð", "oOdDlLhHtTid", strict=True))


def _letters():
    """Latin letters with accents, each with the plain one."""
    letters = dict(STROKES)
    for code in (*range(0xC0, 0x180), *range(0x1E00, 0x1EFA)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii() and base.isalpha():
            letters[chr(code)] = base
    return letters


LETTERS = _letters()
_FOLDED = str.maketrans(LETTERS | TWO_LETTERS)

# The way in which words of a language lose their endings. What is not here is compared as it is.
CONFIGURATIONS = {"en": "english", "de": "german", "fr": "french"}
# For which one the words are kept beside the text. Another language of the site is found more slowly until its column
# is made, as in partnerships/migrations/0030.
KEPT = "english"


def fold(text: str) -> str:
    """Lower case, without accents: what two spellings of a word have in common. As `counterpart_fold` in the database."""
    return unicodedata.normalize("NFC", text).translate(_FOLDED).lower()


def words_of(typed: str) -> list[str]:
    """The words that somebody looks for, folded; nothing that could mean something to a database."""
    return [word[:LONGEST_WORD] for word in _word().findall(fold(typed))[:MOST_WORDS]]


class HasWords(Func):
    """Whether a text holds all of some words, each from its beginning. For `filter`.

    Arguments:
        field: the text. Its words are kept in the column beside it.
        words: as from `words_of`. None at all are in no text.
        names: the text is a name, whose words have no other forms, and of which none is too common to look for.
    """

    output_field = BooleanField()

    def __init__(self, field, words, *, names=False):
        super().__init__(F(field) if isinstance(field, str) else field)
        self.words, self.names = tuple(words), names

    def _constructor_args(self):
        return self.words, self.names

    @property
    def identity(self):
        return (*super().identity, self.words, self.names)

    def as_sql(self, compiler, connection, **context):
        """Every word somewhere among the letters."""
        text, params = compiler.compile(self.source_expressions[0])
        if not self.words:
            return "(1 = 0)", ()
        found = " AND ".join([f"instr(counterpart_fold({text}), %s) > 0"] * len(self.words))
        return f"({found})", [part for word in self.words for part in (*params, word)]

    def as_postgresql(self, compiler, connection, **context):
        """The kept words against those that are looked for. A word that is too common to be kept is left out."""
        if not self.words:
            return "(1 = 0)", ()
        column = self.source_expressions[0]
        text, params = compiler.compile(column)
        config = "simple" if self.names else configuration()
        if self.names or config == KEPT:
            table, beside = compiler.quote_name_unless_alias(column.alias), f"{column.target.column}_words"
            kept, params = f"{table}.{connection.ops.quote_name(beside)}", ()
        else:
            kept = f"to_tsvector('{config}', counterpart_fold({text}))"
        # Letters, digits and marks alone, between quotes: nothing in them can be read as an operator.
        asked = " & ".join(f"'{word}':*" for word in self.words)
        return f"({kept} @@ to_tsquery('{config}', %s))", (*params, asked)


def configuration() -> str:
    """The text search configuration of PostgreSQL for the language that is active."""
    return CONFIGURATIONS.get((get_language() or "").partition("-")[0], "simple")


def teach_sqlite(connection, **kwargs):
    """Signal handler: a new connection to SQLite learns to fold letters."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(
            "counterpart_fold", 1, lambda text: None if text is None else fold(text), deterministic=True
        )


ENDINGS = ("ies", "ing", "ed", "es", "s", "y", "e")


def stem(word: str) -> str:
    """The beginning that the forms of a word share, roughly: enough to mark it in a text that was found."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


@functools.cache
def _word():
    """A word of any script: letters, digits, and the marks that stand over and under them."""
    marks = (chr(code) for code in range(0x300, 0x10000) if unicodedata.category(chr(code))[0] == "M")
    return re.compile(rf"(?:[^\W_]|[{''.join(marks)}])+")


def spans(text: str, words: list[str]) -> list[tuple[int, int]]:
    """Where words of a text begin like the words that are looked for: from and to, in the order of the text."""
    beginnings = tuple({stem(word) for word in words})
    if not beginnings:
        return []
    return [match.span() for match in _word().finditer(text) if fold(match[0]).startswith(beginnings)]


def says(text: str, words: list[str]) -> bool:
    """Whether a text that is in no database holds all of the words."""
    letters = fold(text)
    # Most texts hold none of the letters, which is told much sooner.
    return bool(words) and all(stem(word) in letters and spans(text, [word]) for word in words)
