"""What the opened reviews already say, offered as first sentences of the conclusion and as promises: nothing is typed twice."""

from dataclasses import dataclass

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from evaluations.actions.results import Results, results_of
from evaluations.models import ConclusionPart, Promise
from evaluations.scoring import ALIKE, STARTERS, QuestionResult, by_gap
from partnerships.models import Project

Code = ConclusionPart.Code

MOST_OFFERS = 6
LONGEST_PROMISE = Promise._meta.get_field("what").max_length


@dataclass(frozen=True)
class Offer:
    """A promise that the reviews suggest, with the principle it belongs to, if it is known, and where it comes from."""

    what: str
    principle: int | None
    source: str


def draft_texts(project: Project) -> dict[str, str]:
    """First sentences for each part, by code: what both sides answered, then what each wants to keep or change."""
    results = results_of(project)
    if results is None:
        return {}
    drafts = results.comparison.drafts
    keep = [
        _("%(name)s wants to keep: “%(words)s”")
        % {"name": review.organisation.name, "words": review.overall.keep}
        for review in results.opened.reviews
        if review.overall.keep
    ]
    change = [
        _("%(name)s wants to change: “%(words)s”")
        % {"name": review.organisation.name, "words": review.overall.change}
        for review in results.opened.reviews
        if review.overall.change
    ]
    well, hard, different = (str(starter) for starter in STARTERS)
    return {
        Code.WELL: "\n".join([*map(str, drafts.went_well), *keep] or [well]),
        Code.HARD: "\n".join([*map(str, drafts.hard)] or [hard]),
        Code.DIFFERENT: "\n".join(change or [different]),
    }


def promise_offers(project: Project) -> list[Offer]:
    """Promises to choose from: what each side wanted to change, then the best level of what went least well."""
    results = results_of(project, levels=True)
    if results is None:
        return []
    offers = [
        Offer(
            what=Truncator(" ".join(review.overall.change.split())).chars(LONGEST_PROMISE),
            principle=None,
            source=review.organisation.name,
        )
        for review in results.opened.reviews
        if review.overall.change
    ]
    offers += [_best_level(results, question) for question in _least_well(results)]
    return offers[:MOST_OFFERS]


def _least_well(results: Results) -> list[QuestionResult]:
    """Questions to do better on: the widest gaps, then those that were hard for both."""
    questions = by_gap(results.comparison.questions)
    apart = [question for question in questions if question.word.code != ALIKE]
    hard = sorted((q for q in questions if q.word.code == ALIKE and q.lower < 3), key=lambda q: q.lower)
    return apart + hard


def _best_level(results: Results, result: QuestionResult) -> Offer:
    question = results.questions[result.question.key]
    best = max(question.levels.all(), key=lambda level: level.value)
    return Offer(what=best.text, principle=question.principle_id, source=question.short)
