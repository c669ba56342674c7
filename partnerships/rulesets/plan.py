"""The six parts of a plan as data: which fields each has, what is required, and how a field reads.

Forms are built from it, it decides when a part is complete, and it lays two versions side by side.
Values are kept as text by the field's name, as `PlanPart.values`; amounts as "1200.00", days as "2027-03-05".
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.rulesets.currencies import CURRENCIES

ACTIVITIES = 5


@dataclass(frozen=True)
class Field:
    """One field of a part.

    Attributes:
        kind: line, lines, money, choice or day.
        column: the side whose column it stands in, where a part has two.
    """

    name: str
    label: str
    kind: str = "line"
    required: bool = False
    longest: int = 200
    help: str = ""
    missing: str = ""
    column: str = ""
    choices: tuple = ()
    initial: str = ""

    def shown(self, values: dict) -> str:
        """The value as people read it; empty when there is none."""
        value = values.get(self.name, "")
        if not value:
            return ""
        if self.kind == "money":
            amount = number_format(Decimal(value), decimal_pos=2, use_l10n=True, force_grouping=True)
            return f"{amount} {values.get(self.name.replace('money', 'currency'), '')}".strip()
        if self.kind == "day":
            return date_format(dt.date.fromisoformat(value), "l j F Y")
        if self.kind == "choice":
            return str(dict(self.choices).get(value, value))
        return value


@dataclass(frozen=True)
class Part:
    """One part of the plan: its code, the question on its page, a line that explains it, and its fields."""

    code: str
    label: str
    question: str
    lede: str
    fields: tuple[Field, ...] = ()

    def field(self, name: str) -> Field:
        """The field of this name.

        Raises:
            KeyError: there is none.
        """
        return {field.name: field for field in self.fields}[name]


@dataclass(frozen=True)
class Row:
    """One line of a part to read, or two versions of it to compare."""

    label: str
    value: str
    before: str = ""
    column: str = ""
    is_money: bool = False

    @property
    def changed(self) -> bool:
        return self.value != self.before


WHO = Part(
    "who",
    _("Who with"),
    _("Who with?"),
    _("Find your partner here, or invite one. They see the plan when you send it."),
)

WHY = Part(
    "why",
    _("Why for patients"),
    _("Why for patients?"),
    _("Four short answers. Nobody can agree to a plan without them."),
    (
        Field(
            "need",
            _("What do patients need?"),
            "lines",
            required=True,
            longest=600,
            help=_("One sentence is enough."),
            missing=_("Say what patients need"),
        ),
        Field(
            "told",
            _("Who told us?"),
            "lines",
            required=True,
            longest=600,
            help=_("For example a survey, a helpline, a meeting of carers."),
            missing=_("Say who told you about the need"),
        ),
        Field(
            "better",
            _("What should get better?"),
            "lines",
            required=True,
            longest=600,
            help=_("What will be different for patients when this is done."),
            missing=_("Say what should get better"),
        ),
        Field(
            "checked",
            _("How will we check it?"),
            "lines",
            required=True,
            longest=600,
            help=_("How you will both know at the end."),
            missing=_("Say how you will check it"),
        ),
    ),
)

WHAT = Part(
    "what",
    _("What will happen"),
    _("What will happen?"),
    _("Up to five activities, in the order in which they happen."),
    tuple(
        Field(
            f"activity_{number}",
            _("First activity") if number == 1 else _("Next activity"),
            required=number == 1,
            longest=200,
            missing=_("Name at least one activity"),
        )
        for number in range(1, ACTIVITIES + 1)
    ),
)


def _brings(side):
    return (
        Field(f"{side}_money", _("Money"), "money", column=side, help=_("Like 1,234.56.")),
        Field(f"{side}_currency", _("Currency"), "choice", column=side, choices=tuple(CURRENCIES)),
        Field(f"{side}_time", _("Time"), column=side, help=_("Like: two days a month.")),
        Field(f"{side}_skills", _("Skills and experience"), column=side),
        Field(f"{side}_in_kind", _("In kind"), column=side, help=_("Like: rooms, print, travel.")),
    )


BRINGS = Part(
    "brings",
    _("Who brings what"),
    _("Who brings what?"),
    _("Hours, experience and help in kind count beside money."),
    (
        *_brings("group"),
        *_brings("company"),
        Field(
            "independence",
            _("How is the group's independence kept?"),
            "lines",
            required=True,
            longest=400,
            missing=_("Say how the group's independence is kept"),
            initial=_(
                "The group decides on its own words and work. Support gives the company no say in either."
            ),
        ),
    ),
)

RHYTHMS = (("4", _("Every 4 weeks")), ("6", _("Every 6 weeks")), ("8", _("Every 8 weeks")))

WHEN = Part(
    "when",
    _("When"),
    _("When?"),
    _("Reviews open the day after the end date. A day counts until midnight where it comes last."),
    (
        Field("starts_on", _("Start"), "day", required=True, missing=_("Enter the day on which it starts")),
        Field("ends_on", _("End"), "day", required=True, missing=_("Enter the day on which it ends")),
        Field(
            "rhythm",
            _("How often do we check in?"),
            "choice",
            required=True,
            choices=RHYTHMS,
            initial="6",
            missing=_("Choose how often you check in"),
        ),
    ),
)

LEARNINGS = Part(
    "learnings",
    _("Learnings to bring"),
    _("Which learnings do we bring?"),
    _("Open promises and learnings from earlier projects. Bring what helps here."),
)

PARTS = (WHO, WHY, WHAT, BRINGS, WHEN, LEARNINGS)
_BY_CODE = {part.code: part for part in PARTS}


def part_of(code: str) -> Part:
    """The part with this code.

    Raises:
        KeyError: there is none.
    """
    return _BY_CODE[code]


def missing_of(part: Part, values: dict) -> list[Field]:
    """Required fields of a part that are empty."""
    return [field for field in part.fields if field.required and not values.get(field.name)]


def is_complete(part: Part, values: dict | None) -> bool:
    """Whether a part says everything that it must.

    Who is complete with a partner on each side, invited ones included. Learnings are complete once somebody
    has looked at them.
    """
    if values is None:
        return False
    if part is WHO:
        return {entry["side"] for entry in entries_of(values)} == {"group", "company"}
    if part is WHEN and not missing_of(part, values):
        return values["starts_on"] <= values["ends_on"]
    return not missing_of(part, values)


def rows_of(part: Part, values: dict, before: dict | None = None) -> list[Row]:
    """A part as lines to read, with what stood before beside each when that is given. Empty lines are left out."""
    before = before or {}
    if part is WHO:
        return _list_rows(_names(values), _names(before), gettext("Partner"))
    if part is LEARNINGS:
        return _list_rows(_learnings(values), _learnings(before), gettext("We bring"))
    rows = []
    for field in part.fields:
        if field.name.endswith("_currency"):
            continue
        now, then = field.shown(values), field.shown(before)
        if now or then:
            rows.append(Row(str(field.label), now, then, field.column, field.kind == "money"))
    return rows


def entries_of(who: dict) -> list[dict]:
    """Everybody in the part Who: organisations (`id`, `name`, `side`), then invited ones (`name`, `side`, `email`)."""
    return [*who.get("partners", ()), *who.get("invited", ())]


def _names(values):
    return [entry["name"] for entry in entries_of(values)]


def _learnings(values):
    if values.get("items"):
        return [item["text"] for item in values["items"]]
    return [gettext("Nothing this time")] if "items" in values else []


def _list_rows(now, before, label):
    rows = [Row(label, text, text if text in before else "") for text in now]
    return rows + [Row(label, "", text) for text in before if text not in now]
