"""The checklist of a contract: what its rule set asks of its kind, and what partners said to it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from partnerships.models import ChecklistItem, Contract
from partnerships.rulesets.agreements import Contradiction, Item, Kind, Part, RuleSet, rule_set
from partnerships.rulesets.contract_help import contract_help

Answer = ChecklistItem.Answer

SETTLES = (Answer.MET, Answer.NOT_APPLICABLE)


@dataclass(frozen=True)
class Said:
    """What somebody says to an item. Without an answer: nothing, or not any more."""

    answer: str = ""
    words: str = ""

    @property
    def shown(self) -> str:
        """As people read it."""
        if not self.answer:
            return _("No answer yet")
        return ": ".join(filter(None, [str(Answer(self.answer).label), self.words]))


@dataclass(frozen=True)
class Line:
    """One item, and what stands about it."""

    part: Part
    item: Item
    row: ChecklistItem | None
    # What is wrong with the answer for this kind of contract, if anything.
    contradiction: Contradiction | None

    @property
    def said(self) -> Said:
        return Said(self.row.answer, self.row.words) if self.row else Said()

    @property
    def is_settled(self) -> bool:
        """Met, or not applicable for a reason."""
        return self.row is not None and self.row.answer in SETTLES and self.contradiction is None

    @property
    def is_asked(self) -> bool:
        """Whether a question about it is open."""
        return self.row is not None and self.row.answer == Answer.UNCLEAR

    @property
    def help(self) -> str:
        """What to ask the other side for, in words to take over; empty where there are none."""
        return contract_help().words.get(self.item.code, "")

    @property
    def gap(self) -> str:
        """What is missing, as a sentence that names it."""
        if self.contradiction:
            return _("Checklist: “{item}” contradicts this kind of contract.").format(item=self.item.name)
        if self.row is None:
            return _("Checklist: “{item}” is not answered yet.").format(item=self.item.name)
        if self.is_asked:
            return _("Checklist: a question about “{item}” is open.").format(item=self.item.name)
        return _("Checklist: “{item}” is not met.").format(item=self.item.name)


@dataclass(frozen=True)
class Section:
    """A part of the checklist with its lines."""

    part: Part
    lines: list[Line]

    @property
    def settled(self) -> int:
        return sum(line.is_settled for line in self.lines)


@dataclass(frozen=True)
class Checklist:
    """All that is asked of a contract, in order. A contract that was begun without a rule set is asked nothing."""

    rules: RuleSet | None = None
    kind: Kind | None = None
    lines: tuple[Line, ...] = ()

    def __bool__(self) -> bool:
        return self.rules is not None

    @property
    def sections(self) -> list[Section]:
        parts = self.kind.parts if self.kind else ()
        return [Section(part, [line for line in self.lines if line.part == part]) for part in parts]

    @property
    def required(self) -> list[Line]:
        return [line for line in self.lines if line.part.required]

    @property
    def settled(self) -> list[Line]:
        """Required items that are settled."""
        return [line for line in self.required if line.is_settled]

    @property
    def unsettled(self) -> list[Line]:
        """Required items that are not: nobody signs while there is one."""
        return [line for line in self.required if not line.is_settled]

    @property
    def asked(self) -> list[Line]:
        """Items about which a question is open, required or not."""
        return [line for line in self.lines if line.is_asked]

    @property
    def contradictions(self) -> list[Line]:
        return [line for line in self.lines if line.contradiction]

    @property
    def said(self) -> dict[str, Said]:
        """What was said to each item, by its code."""
        return {line.item.code: line.said for line in self.lines}


def read_checklist(contract: Contract) -> Checklist:
    """Read the checklist of a contract as it stands, in one query; in none without a rule set."""
    if not contract.ruleset:
        return Checklist()
    rules = rule_set(contract.ruleset)
    kind = rules.kind(contract.type)
    rows = {row.code: row for row in contract.checklist.select_related("organisation", "said_by")}
    return Checklist(
        rules, kind, tuple(_line(kind, part, item, rows) for part in kind.parts for item in part.items)
    )


def _line(kind, part, item, rows):
    row = rows.get(item.code)
    return Line(part, item, row, kind.contradiction(item.code, row.answer) if row else None)
