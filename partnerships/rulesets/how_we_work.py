"""What "How we work" is made of: its parts in order, and the steps that are proposed to whoever starts it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Part:
    """One page of the editor.

    Arguments:
        code: stands in its address.
        title: as a heading.
        lede: what belongs there, in a sentence.
        fields: the columns that are written there.
    """

    code: str
    title: Promise
    lede: Promise
    fields: tuple[str, ...]


PAYS = {
    "pays_time": _("Time"),
    "pays_travel": _("Travel"),
    "pays_carers": _("Carers"),
    "pays_legal": _("Legal advice"),
}
STEPS = Part(
    "steps",
    _("Steps and days"),
    _("From the first call to the signed contract: what happens, who does it, in how many working days."),
    ("contract_days", "steps"),
)
MONEY = Part(
    "money",
    _("Money"),
    _("How to apply, what you never fund, what you pay for, and how fast."),
    ("apply", "never_funded", *PAYS, "payment_days"),
)
CONTACT = Part(
    "contact",
    _("Independence and whom to ask"),
    _("How you keep the other side independent, and who answers questions."),
    ("independence", *(f"{who}{what}" for who in ("contact", "deputy") for what in ("", "_name", "_email"))),
)
PARTS = {part.code: part for part in (STEPS, MONEY, CONTACT)}

# So many that all of it fits on two pages of paper.
MOST_STEPS = 12
MOST_PAPERS = 8
# Newest contracts of which the typical days are told.
CONTRACTS_COUNTED = 20
# A figure over partners is told from so many contracts with so many of them (docs/rules.md 42).
FEWEST_CONTRACTS, FEWEST_PARTNERS = 3, 2

# (what, who, measured): to be changed freely. Days are a promise, so nobody proposes them.
PROPOSED = [
    (_("We answer your first message and name one person for you"), _("Partnership lead"), ""),
    (_("We answer a request for funding"), _("Partnership lead"), "funding"),
    (_("We agree the plan with you"), _("Both of us"), ""),
    (_("We send you the contract, with a summary in plain words"), _("Partnership lead"), ""),
    (_("We answer your changes to the contract"), _("Legal"), "own"),
    (_("We approve and sign"), _("Legal and compliance"), ""),
    (_("We pay"), _("Finance"), ""),
]
