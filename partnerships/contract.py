"""A contract as it stands: read once, asked by actions and pages."""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.days import local_day
from accounts.models import Event, Organisation
from partnerships.amendments import InForce, behind, changed_places, in_force, said_in_places
from partnerships.checklist import Checklist, Said, read_checklist
from partnerships.confirmations import not_confirmed
from partnerships.models import (
    Contract,
    ContractApproval,
    ContractRow,
    ContractSignature,
    ContractTurn,
    ContractVersion,
    FileState,
    Participation,
    Project,
)

Code = ContractRow.Code

TERMS = ("title", "type", "amount", "currency", "starts_on", "ends_on")
# The ninth row says itself what was signed and when: the signatures stand in it.
NEEDED_ROWS = [code for code in Code if code != Code.SIGNED]


def fingerprint(value) -> str:
    """A short name for a value, for forms to carry: it tells whether somebody changed it since it was read."""
    words = json.dumps("" if value is None else str(value))
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def fingerprints(values: Mapping[str, object]) -> dict[str, str]:
    """The fingerprint of each value, by its name."""
    return {name: fingerprint(value) for name, value in values.items()}


def mark_of(approval: ContractApproval) -> str:
    """How a form that clears an approval names it, beside the keys of signatures."""
    return f"approval{approval.pk}"


def missing_from(
    contract: Contract,
    rows: Mapping[str, ContractRow],
    newest: str | None,
    *,
    partners: Collection[Participation],
    checklist: Checklist | None = None,
) -> list[str]:
    """What a contract needs before anybody can sign, as sentences.

    Arguments:
        rows: the nine rows by their code.
        newest: the state of the newest file; None without one.
        partners: the partners of the project with their organisations.
        checklist: names each row and each item that is open; without it, their number is said.
    """
    sentences = []
    if contract.starts_on is None or contract.ends_on is None:
        sentences.append(_("Say when it starts and ends."))
    empty = [code for code in NEEDED_ROWS if code not in rows or not rows[code].text]
    sentences += [_("“{row}” says nothing yet.").format(row=code.label) for code in empty]
    sentences += not_confirmed(rows.values(), partners, named=checklist is not None)
    if newest is None:
        sentences.append(_("There is no file yet."))
    elif newest == FileState.HELD:
        sentences.append(_("The newest file is not checked for viruses yet."))
    elif newest == FileState.REMOVED:
        sentences.append(_("The newest file was removed by the virus scanner."))
    if checklist is not None:
        sentences += [line.gap for line in checklist.unsettled]
    elif contract.unsettled_checks:
        count = contract.unsettled_checks
        words = ngettext(
            "{count} item of the checklist is not settled.",
            "{count} items of the checklist are not settled.",
            count,
        )
        sentences.append(words.format(count=count))
    return sentences


@dataclass
class ContractState:
    """What a contract says, where it lies, what it needs and who has signed."""

    contract: Contract
    partners: list[Participation]
    rows: dict[str, ContractRow]
    # The newest first.
    versions: list[ContractVersion]
    turns: list[ContractTurn]
    signatures: dict[int, ContractSignature]
    checklist: Checklist
    approval: ContractApproval | None = None
    # What the contract that it amends says by now, where it says something else than it was started from.
    now: InForce | None = None

    @property
    def lacks_approval(self) -> bool:
        """Whether its kind has to be approved, and nobody has approved what it says now."""
        return self.contract.needs_approval and self.approval is None

    @property
    def approvers(self) -> list[Organisation]:
        """The partners whose people may approve it, by its rules; none where nothing has to be approved."""
        if not (self.contract.needs_approval and self.checklist):
            return []
        side = self.checklist.rules.approval.side
        return [partner.organisation for partner in self.partners if partner.side == side]

    @property
    def clears(self) -> list[str]:
        """Marks of what a change clears now: signatures, and the approval. Writers say which of them they know."""
        marks = [str(signature.pk) for signature in self.signed_by]
        return marks + ([mark_of(self.approval)] if self.approval else [])

    @property
    def organisations(self) -> list[Organisation]:
        return [participation.organisation for participation in self.partners]

    def side_of(self, organisation: Organisation) -> str:
        """On which side a partner stands."""
        return next(partner.side for partner in self.partners if partner.organisation_id == organisation.pk)

    @property
    def newest(self) -> ContractVersion | None:
        return self.versions[0] if self.versions else None

    @property
    def turn(self) -> ContractTurn | None:
        """With whom the contract lies now; nobody once it is signed by all."""
        return next((turn for turn in self.turns if turn.until is None), None)

    @property
    def starter(self) -> Organisation | None:
        """Who started the contract: it lay with them first."""
        return self.turns[0].organisation if self.turns else None

    def may_be_dropped_by(self, organisation: Organisation) -> bool:
        """Whether this partner may drop it: nobody has signed, and they started it, or whoever did has left."""
        if self.contract.signed_at is not None or self.signatures:
            return False
        return self.starter == organisation or self.starter not in self.organisations

    @property
    def terms(self) -> dict[str, object]:
        return {name: getattr(self.contract, name) for name in TERMS}

    @property
    def words(self) -> dict[str, str]:
        """What each of the nine rows says."""
        return {code.value: self.rows[code].text if code in self.rows else "" for code in Code}

    @property
    def content(self) -> str:
        """The fingerprint of all that is signed: terms, words and the newest file; of an amendment also what it changes."""
        whole = fingerprints(self.terms) | fingerprints(self.words)
        before = fingerprints(self.contract.before) if self.contract.amends_id else {}
        return fingerprint(
            [*whole.items(), self.newest.number if self.newest else 0, *sorted(before.items())]
        )

    @property
    def said(self) -> dict[str, str]:
        """What it says in each place that an amendment can change."""
        return said_in_places(self.contract, self.words)

    @property
    def changes(self) -> list[str]:
        """The places that it changes of the contract that it amends."""
        return changed_places(self.contract, self.said)

    @property
    def behind(self) -> list[str]:
        """The places that another amendment changed since, which was signed before this one."""
        return behind(self.contract, self.now) if self.now else []

    @property
    def unsigned(self) -> list[Organisation]:
        """Partners whose signature is missing."""
        return [organisation for organisation in self.organisations if organisation.pk not in self.signatures]

    @property
    def unconfirmed(self) -> list[ContractSignature]:
        """Signatures on paper whose scan the other side has not confirmed."""
        return [signature for signature in self.signed_by if not signature.counts]

    def may_confirm(self, signature: ContractSignature, organisation: Organisation) -> bool:
        """Whether a partner stands on the other side of who signed, so that its people confirm the scan."""
        sides = {partner.organisation_id: partner.side for partner in self.partners}
        own = sides.get(organisation.pk)
        return not signature.counts and own is not None and own != sides.get(signature.organisation_id)

    @property
    def signed_by(self) -> list[ContractSignature]:
        """The signatures there are, in the order of the partners."""
        return [
            self.signatures[partner.pk] for partner in self.organisations if partner.pk in self.signatures
        ]

    def missing(self) -> list[str]:
        """What the contract needs before anybody can sign, as sentences that name it; empty when it is complete."""
        return self.to_take_up() + missing_from(
            self.contract, self.rows, self._newest_state, partners=self.partners, checklist=self.checklist
        )

    def missing_in_short(self) -> list[str]:
        """The same, with the number of unconfirmed rows and open items instead of each of their names."""
        return self.to_take_up() + missing_from(
            self.contract, self.rows, self._newest_state, partners=self.partners
        )

    def to_take_up(self) -> list[str]:
        """What other amendments changed since and this one has not taken up, as sentences."""
        words = _("“{place}” was changed by “{amendment}” meanwhile. Take that up first.")
        return [
            words.format(place=label_of_place(place), amendment=self.now.changed_by[place].title)
            for place in self.behind
        ]

    @property
    def _newest_state(self):
        return self.newest.state if self.newest else None

    def days(self, *, at: dt.datetime) -> dict[int, int]:
        """Calendar days that the contract lay with each partner, in the project's zone. Those it never lay with: 0."""
        zone = self.contract.project.zone
        days = {organisation.pk: 0 for organisation in self.organisations}
        for turn in self.turns:
            spent = (local_day(turn.until or at, zone) - local_day(turn.since, zone)).days
            days[turn.organisation_id] = days.get(turn.organisation_id, 0) + spent
        return days

    def days_of_side(self, side: str, *, at: dt.datetime) -> int:
        """The same for a whole side."""
        days = self.days(at=at)
        return sum(days[partner.organisation_id] for partner in self.partners if partner.side == side)

    def days_now(self, *, at: dt.datetime) -> int:
        """Calendar days for which it has lain where it lies now."""
        zone = self.contract.project.zone
        return (local_day(at, zone) - local_day(self.turn.since, zone)).days if self.turn else 0


def read_contract(contract: Contract, *, partners: Iterable[Participation] | None = None) -> ContractState:
    """Read a contract, in six queries however many rows, versions and turns it has; in seven once it is approved.

    Three more for an amendment that has to take something up.

    Arguments:
        partners: the partners of its project with their organisations, where they are known already.
    """
    if partners is None:
        partners = contract.project.participations.partners().select_related("organisation")
        partners = partners.order_by("side", "pk")
    return ContractState(
        contract=contract,
        partners=list(partners),
        rows={
            row.code: row
            for row in contract.rows.select_related(
                "written_by", "written_for", "confirmed_by", "confirmed_for"
            )
        },
        versions=list(
            contract.versions.select_related("organisation", "uploaded_by").order_by("-number", "-pk")
        ),
        turns=list(
            contract.turns.select_related("organisation", "holder", "given_by").order_by("since", "pk")
        ),
        signatures={
            signature.organisation_id: signature
            for signature in contract.signatures.select_related(
                "organisation", "recorded_by", "confirmed_by", "confirmed_for"
            )
        },
        checklist=read_checklist(contract),
        approval=read_approval(contract),
        now=in_force(contract.amends) if contract.outdated else None,
    )


def read_approval(contract: Contract) -> ContractApproval | None:
    """The approval that stands, if any. No query while there is none."""
    if contract.approved_at is None:
        return None
    approvals = ContractApproval.objects.filter(contract=contract)
    return approvals.select_related("organisation", "approved_by", "version").first()


def where_it_lies(
    state: ContractState, *, own: Organisation, at: dt.datetime, promised: int | None = None
) -> str:
    """With whom the contract lies and for how many days, then the days of everybody, as a partner reads it.

    Arguments:
        promised: in how many working days they say that they answer, if they do ("How we work").
    """
    sentences = []
    if state.turn is not None:
        days = state.days_now(at=at)
        name = {"name": state.turn.organisation.name, "days": days}
        if state.turn.organisation_id == own.pk:
            with_you = ngettext("With you for {days} day.", "With you for {days} days.", days).format(**name)
            sentences.append(with_you if days else _("With you since today."))
        else:
            with_them = ngettext("With {name} for {days} day.", "With {name} for {days} days.", days)
            sentences.append((with_them if days else _("With {name} since today.")).format(**name))
        if promised is not None:
            they = ngettext("They say {days} working day.", "They say {days} working days.", promised)
            you = ngettext("You say {days} working day.", "You say {days} working days.", promised)
            sentences.append((you if state.turn.organisation_id == own.pk else they).format(days=promised))
    spent = state.days(at=at)
    parts = []
    for organisation in sorted(state.organisations, key=lambda one: one.pk == own.pk):
        days = spent[organisation.pk]
        words = (
            ngettext("{days} day with you", "{days} days with you", days)
            if organisation.pk == own.pk
            else ngettext("{days} day with {name}", "{days} days with {name}", days)
        )
        parts.append(words.format(days=days, name=organisation.name))
    sentences.append(_("In total: {parts}.").format(parts=get_text_list(parts, _("and"))))
    return " ".join(sentences)


# To read ----------------------------------------------------------------------------------------------


def words_of_term(name: str, value) -> str:
    """A value of the contract as people read it. Amounts keep what history noted: it may be text."""
    if value in (None, ""):
        return ""
    if name == "type":
        return str(Contract.Type(value).label)
    if name == "amount":
        return number_format(Decimal(value), decimal_pos=2, use_l10n=True, force_grouping=True)
    if name in ("starts_on", "ends_on"):
        return date_format(value if isinstance(value, dt.date) else dt.date.fromisoformat(value), "j F Y")
    return str(value)


def shown_terms(state: ContractState, *, changing_kind: bool = False) -> list[dict]:
    """Title, type, amount and dates, as rows of a summary.

    Arguments:
        changing_kind: lead to the page on which the kind is changed.
    """
    contract = state.contract
    amount = f"{words_of_term('amount', contract.amount)} {contract.currency}".strip()
    rows = [
        (_("Title"), contract.title, ""),
        (_("Kind of contract"), words_of_term("type", contract.type), ""),
        (_("Amount"), amount, _("No amount")),
        (_("Starts"), words_of_term("starts_on", contract.starts_on), _("Not said yet")),
        (_("Ends"), words_of_term("ends_on", contract.ends_on), _("Not said yet")),
    ]
    shown = [
        {"label": label, "value": value, "missing": "" if value else none} for label, value, none in rows
    ]
    if changing_kind:
        shown[1]["url"] = reverse(
            "partnerships:contract_kind", args=[contract.project.reference, contract.number]
        )
    return shown


def shown_words(state: ContractState) -> list[dict]:
    """The nine rows, as rows of a summary. The last one shows the signatures there are."""
    rows = []
    for code in Code:
        row = state.rows.get(code)
        text = row.text if row else ""
        if code == Code.SIGNED:
            signed = [
                _("{organisation}: {day}, {signer}").format(
                    organisation=signature.organisation.name,
                    day=date_format(signature.signed_on, "j F Y"),
                    signer=signature.signer,
                )
                for signature in state.signed_by
            ]
            text = "\n".join([*signed, *([text] if text else [])])
        none = _("Not signed yet") if code == Code.SIGNED else _("Nothing yet")
        rows.append({"code": code.value, "label": code.label, "value": text, "missing": "" if text else none})
    return rows


_TERM_LABELS = {
    "title": gettext_lazy("Title"),
    "type": gettext_lazy("Kind of contract"),
    "amount": gettext_lazy("Amount"),
    "currency": gettext_lazy("Currency"),
    "starts_on": gettext_lazy("Starts"),
    "ends_on": gettext_lazy("Ends"),
}


def changed_terms(detail: dict) -> list[dict]:
    """What a line of history says about changed terms: label, before, after."""
    if "fields" not in detail:
        # A change of kind alone.
        detail = {"fields": ["type"]} | {when: {"type": detail[when]} for when in ("before", "after")}
    return [
        {
            "label": _TERM_LABELS[name],
            "before": words_of_term(name, detail["before"][name]) or _("nothing"),
            "after": words_of_term(name, detail["after"][name]) or _("nothing"),
        }
        for name in TERMS
        if name in detail["fields"]
    ]


def label_of_place(place: str) -> str:
    """A place that an amendment can change, as people call it."""
    return str(_TERM_LABELS[place] if place in _TERM_LABELS else Code(place).label)


def words_of_place(place: str, said: str) -> str:
    """What is said in a place, as people read it."""
    if place != "amount":
        return words_of_term(place, said) if place in _TERM_LABELS else said
    amount, _space, currency = said.partition(" ")
    return f"{words_of_term('amount', amount)} {currency}".strip()


def contradicted(checklist: Checklist) -> list[dict]:
    """Each answer that contradicts the kind, why, and which kinds it may be."""
    labels = dict(Contract.Type.choices)
    return [
        {
            "item": line.item.name,
            "why": line.contradiction.why,
            "becomes": [labels[kind] for kind in line.contradiction.becomes],
        }
        for line in checklist.contradictions
    ]


def changed_answers(detail: dict, checklist: Checklist) -> list[dict]:
    """What a line of history says about items of the checklist: name, before, after."""
    names = {item.code: item.name for item in checklist.rules.items}
    return [
        {
            "name": names[code],
            "before": Said(*detail["was"][code]).shown,
            "after": Said(*detail["now"][code]).shown,
        }
        for code in detail["items"]
    ]


def read_gaps(
    project: Project, partners: Collection[Participation]
) -> tuple[list[str], list[Organisation]] | None:
    """What the open contract of a project needs, and who has not signed it. None when nobody has started one.

    Not an amendment: nothing waits for that but itself. In one query: the overview of every project in Contract asks it.
    """
    organisations = [participation.organisation for participation in partners]
    newest = ContractVersion.objects.filter(contract=OuterRef("contract")).order_by("-number")
    signatures = ContractSignature.objects.filter(contract=OuterRef("contract"))
    unconfirmed = signatures.filter(method=ContractSignature.Method.PAPER, confirmed_at=None)
    signed = {
        f"signed_{organisation.pk}": Exists(signatures.filter(organisation=organisation))
        for organisation in organisations
    }
    rows = list(
        ContractRow.objects.filter(contract__project=project, contract__signed_at=None, contract__amends=None)
        .select_related("contract")
        .annotate(newest=Subquery(newest.values("state")[:1]), unconfirmed=Exists(unconfirmed), **signed)
    )
    if not rows:
        return None
    first = rows[0]
    unsigned = [one for one in organisations if not getattr(first, f"signed_{one.pk}")]
    missing = missing_from(first.contract, {row.code: row for row in rows}, first.newest, partners=partners)
    if first.contract.needs_approval and first.contract.approved_at is None:
        missing.append(words_of_approval())
    if first.unconfirmed:
        missing.append(_("A signed copy waits for the other side to confirm it."))
    return missing, unsigned


def words_of_approval() -> str:
    """That a contract is not approved, as everybody reads it."""
    return _("The contract is not approved yet. Somebody who did not write it approves it.")


def dropped_contracts(project: Project) -> QuerySet[Event]:
    """What history says of the contracts of a project that were dropped, the newest first."""
    return Event.objects.filter(project=project.reference, verb="contract.dropped").order_by("-at", "-pk")


def has_others(contract: Contract) -> bool:
    """Whether the project has, or had, another contract than this one."""
    others = Contract.objects.filter(project=contract.project_id).exclude(pk=contract.pk)
    ever = Exists(others) | Exists(dropped_contracts(contract.project))
    return Project.objects.filter(ever, pk=contract.project_id).exists()


def open_contract(project: Project) -> Contract | None:
    """The contract of a project that amends no other and is not signed by all yet. There is one at most."""
    return project.contracts.filter(signed_at=None, amends=None).order_by("-number").first()
