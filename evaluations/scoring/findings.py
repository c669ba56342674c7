"""What the comparison says in words: the headline, and sentences to start the joint conclusion from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from .results import Compared, PrincipleResult, by_gap, neither_knew
from .values import ALIKE, FAR, LITTLE

WELL_FROM = Fraction(3)
HARD_BELOW = Fraction(2)

FAR_MANY, FAR_SOME, SOME_LITTLE = "far_many", "far_some", "some_little"
ALIKE_WELL, ALIKE_HARD, ALIKE_MIXED, NOTHING = "alike_well", "alike_hard", "alike_mixed", "nothing"


MOSTLY_ALIKE = "mostly_alike"
FINDINGS = {
    FAR_MANY: _("You had different experiences. Talk before you write anything."),
    FAR_SOME: _("You see some things differently."),
    MOSTLY_ALIKE: _("You agree on most things."),
    SOME_LITTLE: _("You saw this project in a similar way."),
    ALIKE_WELL: _("You both saw this project the same way, and it went well."),
    ALIKE_HARD: _("You agree: this project was hard. Choose what to change."),
    ALIKE_MIXED: _("You both saw this project the same way. Choose what to keep and what to change."),
    NOTHING: _("There is too little to compare. Start with what you could not answer."),
}


@dataclass(frozen=True)
class Headline:
    """The finding on top of the results: a code, and the names of the principles to start with."""

    code: str
    principles: tuple[str, ...] = ()
    mostly_alike: bool = False

    def __str__(self) -> str:
        code = MOSTLY_ALIKE if self.code == FAR_SOME and self.mostly_alike else self.code
        return f"{FINDINGS[code]} {self._start()}".strip()

    def _start(self) -> str:
        names = [_inside_a_sentence(name) for name in self.principles]
        if len(names) > 1:
            return gettext("Start with %(first)s and %(second)s.") % {"first": names[0], "second": names[1]}
        return gettext("Start with %(principle)s.") % {"principle": names[0]} if names else ""


def headline(results: Iterable[PrincipleResult]) -> Headline:
    """The first finding that fits, over the principles that can be compared (docs/rules.md 15)."""
    ranked = by_gap(results)
    if not ranked:
        return Headline(NOTHING)
    far = tuple(result.name for result in ranked if result.word.code == FAR)
    alike = [result for result in ranked if result.word.code == ALIKE]
    if len(far) >= 3:
        return Headline(FAR_MANY)
    if far:
        return Headline(FAR_SOME, far, mostly_alike=2 * len(alike) > len(ranked))
    if len(alike) < len(ranked):
        return Headline(SOME_LITTLE, (ranked[0].name,))
    if min(result.lower for result in ranked) >= WELL_FROM:
        return Headline(ALIKE_WELL)
    if max(result.higher for result in ranked) < HARD_BELOW:
        return Headline(ALIKE_HARD)
    return Headline(ALIKE_MIXED)


def _inside_a_sentence(name: str) -> str:
    """English writes the name small inside a sentence; other languages may not, and abbreviations never are."""
    if (get_language() or "en").startswith("en") and not name[1:2].isupper():
        return name[:1].lower() + name[1:]
    return name


DRAFT_WELL, DRAFT_QUESTION_WELL, DRAFT_HARD, DRAFT_QUESTION_HARD = (
    "well",
    "question_well",
    "hard",
    "question_hard",
)
DRAFT_BETTER, DRAFT_LITTLE, DRAFT_FAR, DRAFT_WIDEST, DRAFT_NOT_KNOWN = (
    "better",
    "little",
    "far",
    "widest",
    "not_known",
)

DRAFTS = {
    DRAFT_WELL: _("We agree that “%(name)s” went well."),
    DRAFT_QUESTION_WELL: _("This went well for both sides: %(name)s."),
    DRAFT_HARD: _("We agree that “%(name)s” was hard."),
    DRAFT_QUESTION_HARD: _("This was hard for both sides: %(name)s."),
    DRAFT_BETTER: _("We agree that “%(name)s” can go better."),
    DRAFT_LITTLE: _("We saw “%(name)s” a little differently."),
    DRAFT_FAR: _("We had different experiences of “%(name)s”."),
    DRAFT_WIDEST: _("We were furthest apart here: %(name)s."),
    DRAFT_NOT_KNOWN: _("Neither side could say: %(name)s."),
}

STARTERS = (
    _("What helped most was …"),
    _("What took the most time was …"),
    _("Next time, we will …"),
)


@dataclass(frozen=True)
class Draft:
    """One sentence to start from. It names no side, so that either can sign it."""

    code: str
    name: str

    def __str__(self) -> str:
        return str(DRAFTS[self.code]) % {"name": self.name}


@dataclass(frozen=True)
class Drafts:
    went_well: tuple[Draft, ...]
    hard: tuple[Draft, ...]


def conclusion_drafts(results: Iterable[PrincipleResult]) -> Drafts:
    """Sentences to start the joint conclusion from: agreements first, then gaps, then what nobody knew.

    A principle that went well stands for its questions; elsewhere the questions that went well, or were hard, for both
    are named one by one. Either part may be empty: then STARTERS help.
    """
    results = list(results)
    went_well, hard = [], []
    for result in results:
        if _went_well(result):
            went_well.append(Draft(DRAFT_WELL, result.name))
        else:
            went_well += [Draft(DRAFT_QUESTION_WELL, q.name) for q in result.questions if _went_well(q)]
    for result in by_gap(results):
        if result.word.code == FAR:
            hard.append(Draft(DRAFT_FAR, result.name))
            # Means can be far apart although the questions both answered are not: each may have skipped another one.
            hard += [
                Draft(DRAFT_WIDEST, q.name) for q in by_gap(result.questions)[:1] if q.word.code != ALIKE
            ]
        elif result.word.code == LITTLE:
            hard.append(Draft(DRAFT_LITTLE, result.name))
        elif _was_hard(result):
            hard.append(Draft(DRAFT_HARD, result.name))
            continue
        elif not _went_well(result):
            hard.append(Draft(DRAFT_BETTER, result.name))
        hard += [Draft(DRAFT_QUESTION_HARD, q.name) for q in result.questions if _was_hard(q)]
    unknown = neither_knew(question for result in results for question in result.questions)
    hard += [Draft(DRAFT_NOT_KNOWN, question.name) for question in unknown]
    return Drafts(tuple(went_well), tuple(hard))


def _went_well(result: Compared) -> bool:
    return result.word.code == ALIKE and result.lower >= WELL_FROM


def _was_hard(result: Compared) -> bool:
    return result.word.code == ALIKE and result.higher < HARD_BELOW
