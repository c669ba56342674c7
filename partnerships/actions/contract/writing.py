"""Writing a contract: start it, change what it says, send it to a partner."""

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Organisation, Person
from partnerships.actions.contract.commenting import clear_comments
from partnerships.actions.contract.shared import (
    OVER,
    changes_of,
    clear_signatures,
    lock_for_writing,
    pass_turn,
    refuse_changed_elsewhere,
)
from partnerships.actions.people import acting_organisation
from partnerships.actions.turns import take_turn
from partnerships.contract import TERMS, dropped_contracts, open_contract
from partnerships.frame import partners_of
from partnerships.models import Contract, ContractRow, ContractWording, Participation, Project, Turn
from partnerships.rulesets.agreements import RuleSet, rule_set_for

Stage = Project.Stage

# Stages in which a contract, or one that amends it, may be started.
MAY_START = {Stage.CONTRACT, Stage.DELIVER, Stage.REVIEW, Stage.LEARN}


class CannotStartContract(Exception):
    """The project is not at the point where a contract is written."""


class CannotSendContract(Exception):
    """The contract can't be sent like this."""


@transaction.atomic
def start_contract(
    project: Project, *, values: Mapping[str, object], actor: Person, at: dt.datetime
) -> Contract:
    """Start the contract of a project, or another one beside it. It lies with whoever starts it.

    While one is open, that one is returned: a form sent twice, or by both sides at once, starts one contract.
    What changes a signed contract is an amendment (`start_amendment`).

    Arguments:
        values: title and type; amount, currency, starts_on and ends_on where they are known.

    Raises:
        CannotStartContract: the plan is not agreed, or the project is over.
        ActsForNobody: the person acts for no partner.
    """
    project = Project.objects.select_for_update().get(pk=project.pk)
    organisation = acting_organisation(project, actor, at)
    started = open_contract(project)
    if started is not None:
        return started
    refuse_wrong_stage(project)
    contract = Contract(project=project, number=next_number(project), created_at=at, **_cleaned(values))
    begin(contract, {}, organisation=organisation, at=at)
    record(
        "contract.started", contract, actor=actor, at=at, project=project, organisation=organisation,
        number=contract.number,
    )  # fmt: skip
    return contract


def refuse_wrong_stage(project: Project) -> None:
    """See that the project is at a point where contracts are started.

    Raises:
        CannotStartContract
    """
    if project.stage not in MAY_START:
        raise CannotStartContract(
            _("This project is over.") if project.stage in OVER else _("First the plan has to be agreed.")
        )


def copy_row(source: ContractRow, row: ContractRow) -> None:
    """Let a row say the same as another one: who wrote it, and who confirmed it, belong to the words."""
    for name in (
        "text",
        "written_by",
        "written_at",
        "written_for",
        "side",
        "confirmed_by",
        "confirmed_for",
        "confirmed_at",
    ):
        setattr(row, name, getattr(source, name))


def begin(
    contract: Contract, rows: Mapping[str, ContractRow], *, organisation: Organisation, at: dt.datetime
) -> None:
    """Save a new contract with its nine rows, and let it lie with whoever starts it.

    Arguments:
        rows: those of another contract whose words it starts with, by their code.
    """
    rules = rules_of(contract.project)
    if rules is not None:
        contract.ruleset = rules.code
        contract.unsettled_checks = len(rules.kind(contract.type).required)
        contract.needs_approval = rules.needs_approval(contract.type)
    contract.save()
    begun = [ContractRow(contract=contract, code=code) for code in ContractRow.Code]
    for row in begun:
        if row.code in rows:
            copy_row(rows[row.code], row)
    ContractRow.objects.bulk_create(begun)
    # Nobody has to start the first one any more. Open amendments stay where they lie.
    take_turn(contract.project, Turn.Kind.CONTRACT, ref="1", at=at)
    pass_turn(contract, organisation, at=at)


@transaction.atomic
def edit_contract(
    contract: Contract,
    *,
    values: Mapping[str, object],
    read: Mapping[str, str] | None = None,
    knows: Collection[int | str] = (),
    actor: Person,
    at: dt.datetime,
) -> Contract:
    """Change title, amount or dates. Clears the signatures and the approval there are.

    What only somebody else changed in the meantime stays as they left it. The kind changes by `change_kind`.

    Arguments:
        read: the fingerprint of each value as the writer read it; None when nobody else can have written.
        knows: marks of the signatures and of the approval that the writer knows to be cleared.

    Raises:
        ContractIsClosed, ChangedSince, ClearsSignatures
        ChangedElsewhere: it is an amendment, and another open one changes the same.
        ActsForNobody: the person acts for no partner.
    """
    state, organisation = lock_for_writing(contract, actor, at)
    before = state.terms
    changes = changes_of(before, _cleaned(before | dict(values)), read)
    if "type" in changes:
        raise ValueError("The kind changes by change_kind: it needs a reason.")
    if not changes:
        return state.contract
    contract = state.contract
    for name, value in changes.items():
        setattr(contract, name, value)
    refuse_changed_elsewhere(state, changes)
    clear_signatures(state, knows=knows, organisation=organisation, actor=actor, at=at)
    contract.save(update_fields=list(changes))
    record(
        "contract.changed", contract, actor=actor, at=at, project=contract.project, organisation=organisation,
        fields=sorted(changes),
        before={name: str(before[name] if before[name] is not None else "") for name in changes},
        after={name: str(value if value is not None else "") for name, value in changes.items()},
    )  # fmt: skip
    return contract


@transaction.atomic
def write_rows(
    contract: Contract,
    *,
    texts: Mapping[str, str],
    read: Mapping[str, str] | None = None,
    knows: Collection[int | str] = (),
    actor: Person,
    at: dt.datetime,
) -> list[str]:
    """Say in plain words what the contract says. Every wording is kept. Clears the signatures and the approval there are.

    A row that gets a new wording is confirmed no more: the other side reads it again (`confirm_rows`).

    Arguments:
        texts: the words by the code of their row; rows that are left out stay.
        read: the fingerprint of each row as the writer read it; None when nobody else can have written.
        knows: marks of the signatures and of the approval that the writer knows to be cleared.

    Returns the codes of the rows that changed.

    Raises:
        ContractIsClosed, ChangedSince, ClearsSignatures
        ChangedElsewhere: it is an amendment, and another open one changes the same.
        ActsForNobody: the person acts for no partner.
    """
    state, organisation = lock_for_writing(contract, actor, at)
    changes = changes_of(state.words, texts, read)
    if not changes:
        return []
    for code, text in changes.items():
        state.rows[code].text = text
    refuse_changed_elsewhere(state, changes)
    clear_signatures(state, knows=knows, organisation=organisation, actor=actor, at=at)
    clear_comments([state.rows[code] for code in changes], at=at)
    for code, text in changes.items():
        row = state.rows[code]
        row.written_by, row.written_at = actor, at
        row.written_for, row.side = organisation, state.side_of(organisation)
        row.confirmed_by = row.confirmed_for = row.confirmed_at = None
        row.save()
        ContractWording.objects.create(
            row=row, text=text, organisation=organisation, written_by=actor, written_at=at
        )
    record(
        "contract.row_written", state.contract, actor=actor, at=at, project=state.contract.project,
        organisation=organisation, rows=sorted(changes),
    )  # fmt: skip
    return sorted(changes)


@transaction.atomic
def send_contract(
    contract: Contract, *, to: Organisation, note: str = "", actor: Person, at: dt.datetime
) -> Contract:
    """Send the contract to a partner: now it lies with them, and the days count there. Sending twice is sending once.

    Raises:
        CannotSendContract: it lies with somebody else, or they are no other partner.
        ContractIsClosed
        ActsForNobody: the person acts for no partner.
    """
    state, organisation = lock_for_writing(contract, actor, at)
    contract, holder = state.contract, state.turn.organisation
    if to == organisation or to not in state.organisations:
        raise CannotSendContract(_("Choose one of your partners on this project."))
    if holder == to:
        return contract
    # A partner that left while it had the contract does not keep it for good.
    if holder != organisation and holder in state.organisations:
        raise CannotSendContract(
            _("The contract is with {name} now. They send it on.").format(name=holder.name)
        )
    pass_turn(contract, to, by=organisation, note=note, at=at)
    record(
        "contract.turn_given", contract, actor=actor, at=at, project=contract.project,
        organisation=organisation, to=to.slug,
    )  # fmt: skip
    return contract


def rules_of(project: Project) -> RuleSet | None:
    """The rules for a contract of this project: of the first partner whose country has some, companies before groups.

    None when no partner's country has any.
    """
    # The codes bind companies, so their countries count first.
    partners = sorted(partners_of(project), key=lambda row: (row.side != Participation.Side.COMPANY, row.pk))
    found = (rule_set_for(row.organisation.country) for row in partners)
    return next((rules for rules in found if rules is not None), None)


def next_number(project):
    """A number that no contract of the project had: the address of one that was dropped leads to no other."""
    last = project.contracts.aggregate(last=Max("number"))["last"] or 0
    return max([last, *(event.detail["number"] for event in dropped_contracts(project))]) + 1


def _cleaned(values):
    """Amounts as they are stored; without an amount there is no currency."""
    cleaned = {name: values[name] for name in TERMS if name in values}
    amount = cleaned.get("amount")
    cleaned["amount"] = None if amount in (None, "") else Decimal(amount).quantize(Decimal("0.0001"))
    cleaned["currency"] = cleaned.get("currency", "") if cleaned["amount"] is not None else ""
    return cleaned
