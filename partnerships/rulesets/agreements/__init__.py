"""What an agreement has to hold, by country: one reviewed file of rules each, never an `if` about a country.

A rule set has a country, a version, its source, and the day on which a person last held it against that source. It
says which checklists belong to each kind of contract, what follows from the kind, and which answers contradict it.
A contract keeps the code of the set it started with, so a set in use is not edited: a newer one is another file.
"""

import datetime as dt
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Item:
    """One thing to check.

    Attributes:
        code: at most 20 letters, unique in its rule set.
        name: how it is called where it is missing.
        hint: what it asks, in a sentence.
        always: "not applicable" is no answer to it.
    """

    code: str
    name: str
    hint: str
    always: bool = False


@dataclass(frozen=True)
class Part:
    """A checklist, as a whole. `required`: nobody signs before each of its items is settled."""

    code: str
    name: str
    source: str
    required: bool
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Duty:
    """What follows from a kind of contract."""

    code: str
    text: str


@dataclass(frozen=True)
class Contradiction:
    """An answer that a contract of this kind can't have: it is of one of the kinds in `becomes`, because of `why`."""

    item: str
    answer: str
    kinds: tuple[str, ...]
    becomes: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Kind:
    """A kind of contract: the checklists that belong to it, what follows from it, and what contradicts it."""

    code: str
    parts: tuple[Part, ...]
    duties: tuple[Duty, ...]
    contradictions: tuple[Contradiction, ...]

    @property
    def items(self) -> list[Item]:
        return [item for part in self.parts for item in part.items]

    @property
    def required(self) -> list[Item]:
        """What has to be settled before anybody signs."""
        return [item for part in self.parts if part.required for item in part.items]

    def contradiction(self, item: str, answer: str) -> Contradiction | None:
        """What is wrong with this answer for a contract of this kind, if anything."""
        return next((one for one in self.contradictions if (one.item, one.answer) == (item, answer)), None)


@dataclass(frozen=True)
class Approval:
    """Which kinds of contract are approved before they count, and by whom.

    Attributes:
        side: whose people approve, a `Participation.Side`.
        registrations: names of what an approver may be registered as, by their code.
    """

    source: str
    kinds: tuple[str, ...]
    side: str
    registrations: dict[str, str]


@dataclass(frozen=True)
class RuleSet:
    """The rules of one country in one version.

    Attributes:
        last_checked: None until a person has.
        approval: None where nothing has to be approved.
    """

    code: str
    country: str
    version: str
    name: str
    source: str
    last_checked: dt.date | None
    kinds: tuple[Kind, ...]
    approval: Approval | None = None

    def needs_approval(self, kind: str) -> bool:
        """Whether a contract of this kind is approved before it counts."""
        return self.approval is not None and kind in self.approval.kinds

    @property
    def items(self) -> list[Item]:
        """All items of all kinds, each once."""
        return list({item.code: item for kind in self.kinds for item in kind.items}.values())

    def item_name(self, code: str) -> str:
        """How the item of this code is called."""
        return next((item.name for item in self.items if item.code == code), code)

    def registration_name(self, code: str) -> str:
        """What an approver of this code is registered as."""
        return self.approval.registrations.get(code, code) if self.approval else code

    def kind(self, code: str) -> Kind:
        """The kind of contract of this code.

        Raises:
            LookupError: this rule set knows no such kind.
        """
        for kind in self.kinds:
            if kind.code == code:
                return kind
        raise LookupError(f"The rule set {self.code} knows no kind {code!r}.")


@cache
def rule_sets() -> tuple[RuleSet, ...]:
    """All there are, by country and version."""
    found = [read(path) for path in sorted(FOLDER.glob("*.toml"))]
    return tuple(sorted(found, key=lambda rules: (rules.country, rules.version)))


def rule_set(code: str) -> RuleSet:
    """The rule set of this code.

    Raises:
        LookupError: there is none.
    """
    for rules in rule_sets():
        if rules.code == code:
            return rules
    raise LookupError(f"There is no rule set {code!r}.")


def rule_set_for(country: str) -> RuleSet | None:
    """The newest rule set of a country (ISO 3166-1, two letters); None where there is none yet."""
    return next((rules for rules in reversed(rule_sets()) if rules.country == country), None)


def read(path: Path) -> RuleSet:
    """Read one file.

    Raises:
        ValueError: it is named differently from its code, or a code stands there twice.
        KeyError: something is missing, or refers to what is not there.
    """
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    if said["code"] != path.stem:
        raise ValueError(f"{path.name} holds the rule set {said['code']}.")
    parts = {
        part["code"]: Part(**part | {"items": tuple(Item(**item) for item in part["items"])})
        for part in said["parts"]
    }
    codes = Counter(item.code for part in parts.values() for item in part.items)
    twice = [code for code, count in codes.items() if count > 1]
    if twice or len(parts) < len(said["parts"]):
        raise ValueError(
            f"{path.name} holds a code twice: {twice or [part['code'] for part in said['parts']]}"
        )
    duties = {duty["code"]: Duty(**duty) for duty in said["duties"]}
    contradictions = [_contradiction(one, codes, said["kinds"]) for one in said["contradictions"]]
    return RuleSet(
        **{name: said[name] for name in ("code", "country", "version", "name", "source")},
        last_checked=said.get("last_checked"),
        kinds=tuple(
            Kind(
                code=code,
                parts=tuple(parts[part] for part in kind["parts"]),
                duties=tuple(duties[duty] for duty in kind["duties"]),
                contradictions=tuple(one for one in contradictions if code in one.kinds),
            )
            for code, kind in said["kinds"].items()
        ),
        approval=_approval(said["approval"], said["kinds"]) if "approval" in said else None,
    )


def _approval(said, kinds):
    unknown = [code for code in said["kinds"] if code not in kinds]
    if unknown or not said["registrations"]:
        raise KeyError(f"The approval names what is not there, or nobody who may approve: {unknown}")
    return Approval(
        source=said["source"],
        kinds=tuple(said["kinds"]),
        side=said["side"],
        registrations={one["code"]: one["name"] for one in said["registrations"]},
    )


def _contradiction(said, items, kinds):
    unknown = [code for code in [*said["kinds"], *said["becomes"]] if code not in kinds]
    if unknown or said["item"] not in items:
        raise KeyError(f"A contradiction names what is not there: {unknown or said['item']}")
    return Contradiction(**said | {name: tuple(said[name]) for name in ("kinds", "becomes")})
