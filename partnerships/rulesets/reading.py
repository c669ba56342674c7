"""Whether plain words are easy to read: hints in words, never a score. No database.

The rules are those of English; a text in another language gets no hint. They speak of what can be mended: a sentence
to be cut in two, a word to be replaced.
"""

import re
from dataclasses import dataclass

from django.contrib.humanize.templatetags.humanize import apnumber
from django.utils.text import Truncator, capfirst, get_text_list
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

MOST_WORDS = 20
# A word of ten letters has four syllables or so.
LONG_WORD = 10
# One word in seven, and three different ones at least: a short text may hold a long name.
ONE_IN = 7
FEWEST_LONG_WORDS = 3
NAMED = 5

_SENTENCE_ENDS = re.compile(r"[.!?…]+[”’\"')\]]*(?=\s|\Z)|[\r\n]+")
_WORD = re.compile(r"[^\W_]+(?:[’'.,-][^\W_]+)*")
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Reading:
    """What makes a text hard to read.

    Attributes:
        words, sentences: how many there are.
        long_sentences: those of more than MOST_WORDS words, as they stand.
        long_words: each long word once, in the order of the text.
        share: how many of all words are long ones, from 0 to 1.
    """

    words: int
    sentences: int
    long_sentences: tuple[str, ...]
    long_words: tuple[str, ...]
    share: float

    @property
    def has_many_long_words(self) -> bool:
        return len(self.long_words) >= FEWEST_LONG_WORDS and self.share * ONE_IN > 1


def read(text: str) -> Reading:
    """Count what makes an English text hard to read."""
    counted = [(sentence, _WORD.findall(sentence)) for sentence in _sentences(text)]
    counted = [(sentence, words) for sentence, words in counted if words]
    words = [word for _sentence, found in counted for word in found]
    long = [word for word in words if len(_LETTERS.findall(word)) >= LONG_WORD]
    return Reading(
        words=len(words),
        sentences=len(counted),
        long_sentences=tuple(sentence for sentence, found in counted if len(found) > MOST_WORDS),
        long_words=tuple({word.casefold(): word for word in reversed(long)}.values())[::-1],
        share=len(long) / len(words) if words else 0.0,
    )


def reading_hints(text: str, language: str | None = None) -> list[str]:
    """How easy a text is to read, as sentences for its writer. None for an empty text, or one that is not English.

    Arguments:
        language: that of the text, such as "en-gb"; the reader's unless told.
    """
    if (language or get_language() or "en").partition("-")[0] != "en":
        return []
    reading = read(text)
    if not reading.words:
        return []
    hints = []
    if count := len(reading.long_sentences):
        hints.append(
            ngettext(
                "{count} sentence is longer than {most} words: {sentences}.",
                "{count} sentences are longer than {most} words: {sentences}.",
                count,
            ).format(
                count=capfirst(apnumber(count)), most=MOST_WORDS, sentences=_named(reading.long_sentences)
            )
        )
    if reading.has_many_long_words:
        hints.append(_("Many long words: {words}.").format(words=_listed(reading.long_words)))
    return hints or [_("Short and clear.")]


def _sentences(text):
    start = 0
    for end in _SENTENCE_ENDS.finditer(text):
        yield text[start : end.end()].strip()
        start = end.end()
    yield text[start:].strip()


def _named(sentences):
    return _listed([_("“{words}”").format(words=Truncator(one).words(4, truncate=" …")) for one in sentences])


def _listed(names):
    if len(names) > NAMED:
        names = [*names[:NAMED], _("others")]
    return get_text_list(list(names), _("and"))
