"""What the marks of two sides come to: values, gaps and findings. Pure functions on exact fractions.

In
    Mark(answer, comment="")                          answer: 1 to 4, DONT_KNOW or NOT_IN_PROJECT
    Organisation(key, name, side, initials="")        side: GROUP or COMPANY
    Question(key, short) · Principle(key, number, name, questions, opening_question="")
    ReviewMarks(organisation, marks)                  marks: {question key: Mark}
    compare(principles, reviews, levels=LEVEL_WORDS) -> Comparison

Out
    Comparison       .principles .questions .organisations .levels · .side(SIDE) -> organisations of that side
                     .headline .talk_first .neither_knew .one_side_knew .drafts .not_compared .principle(key)
    PrincipleResult  .principle .questions, and everything of Compared
    QuestionResult   .question, and everything of Compared
    Compared         .group .company (SideValue) · .side(SIDE) · .gap .word .lower .higher .shade
    SideValue        .side .organisations .value .standing .dont_know .not_here .does_not_know
    OrganisationValue .organisation .tally .mark (the mark itself, on questions only)
    Tally            .total .answered .dont_know .not_here .missing · .questions .mean .value .standing

One step at a time
    principle_value(marks, questions=None) -> Tally   mean of what was answered; .value needs two thirds of it
    side_value(side, organisations) -> SideValue      mean of its organisations
    gap(first, second) -> Fraction | None             absolute difference, None when one is missing
    gap_word(gap, *, question=False) -> GapWord       .code ALIKE, LITTLE, FAR, NOT_COMPARED; .steps; str()
    value_word(value, levels=LEVEL_WORDS) -> lazy str "Mostly" or "between Partly and Mostly"
    rounded_level(value) -> int                       1 to 4; halfway counts as the lower level
    shade_level(first, second) -> int | None          the lower experience, where one number stands for both
    headline(results) -> Headline                     .code .principles .mostly_alike; str()
    by_gap(results) -> list · talk_first(results)     widest gap first; ties: lower score, then order
    neither_knew(questions) · one_side_knew(questions)
    conclusion_drafts(results) -> Drafts              .went_well .hard, each a tuple of Draft (.code .name; str())

Whatever has a `str()` is translated when it is shown, in the language of that moment. Rules: docs/product.md, "Reviews",
5 to 7; docs/rules.md 15. Nothing depends on which side is named first: exchanging the sides exchanges the result.
"""

from .comparison import (
    Comparison,
    compare,
)
from .findings import (
    ALIKE_HARD,
    ALIKE_MIXED,
    ALIKE_WELL,
    FAR_MANY,
    FAR_SOME,
    NOTHING,
    SOME_LITTLE,
    STARTERS,
    Draft,
    Drafts,
    Headline,
    conclusion_drafts,
    headline,
)
from .marks import (
    COMPANY,
    DONT_KNOW,
    GROUP,
    LEVEL_WORDS,
    LEVELS,
    NOT_IN_PROJECT,
    SIDES,
    Levels,
    Mark,
    Organisation,
    Principle,
    Question,
    ReviewMarks,
)
from .results import (
    Compared,
    PrincipleResult,
    QuestionResult,
    by_gap,
    neither_knew,
    one_side_knew,
    talk_first,
)
from .values import (
    ALIKE,
    FAR,
    LITTLE,
    NO_ANSWER,
    NOT_COMPARED,
    TOO_FEW,
    VALUE,
    GapWord,
    OrganisationValue,
    SideValue,
    Tally,
    gap,
    gap_word,
    principle_value,
    rounded_level,
    shade_level,
    side_value,
    value_word,
)

__all__ = [
    "ALIKE",
    "ALIKE_HARD",
    "ALIKE_MIXED",
    "ALIKE_WELL",
    "COMPANY",
    "DONT_KNOW",
    "FAR",
    "FAR_MANY",
    "FAR_SOME",
    "GROUP",
    "LEVELS",
    "LEVEL_WORDS",
    "LITTLE",
    "NOTHING",
    "NOT_COMPARED",
    "NOT_IN_PROJECT",
    "NO_ANSWER",
    "SIDES",
    "SOME_LITTLE",
    "STARTERS",
    "TOO_FEW",
    "VALUE",
    "Compared",
    "Comparison",
    "Draft",
    "Drafts",
    "GapWord",
    "Headline",
    "Levels",
    "Mark",
    "Organisation",
    "OrganisationValue",
    "Principle",
    "PrincipleResult",
    "Question",
    "QuestionResult",
    "ReviewMarks",
    "SideValue",
    "Tally",
    "by_gap",
    "compare",
    "conclusion_drafts",
    "gap",
    "gap_word",
    "headline",
    "neither_knew",
    "one_side_knew",
    "principle_value",
    "rounded_level",
    "shade_level",
    "side_value",
    "talk_first",
    "value_word",
]
