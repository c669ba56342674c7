"""Amendments: what changes a signed contract is a contract of its own, which starts with the words of that one."""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Person
from partnerships.actions.contract.checking import set_kind
from partnerships.actions.contract.commenting import clear_comments
from partnerships.actions.contract.shared import clear_signatures, lock_for_writing
from partnerships.actions.contract.writing import (
    CannotStartContract,
    begin,
    copy_row,
    next_number,
    refuse_wrong_stage,
)
from partnerships.actions.people import acting_organisation
from partnerships.amendments import AMENDED_ROWS, TERM_PLACES, in_force
from partnerships.models import Contract, ContractRow, ContractTurn, ContractWording, Project


class CannotTakeUp(Exception):
    """What was changed meanwhile does not go together with what this amendment changes."""


@transaction.atomic
def start_amendment(
    contract: Contract, *, title: str, number: int = 0, actor: Person, at: dt.datetime
) -> Contract:
    """Start an amendment of a signed contract. It lies with whoever starts it.

    It says what the contract says with its signed amendments, until somebody changes a row. Several may be open beside
    each other, as long as no two of them change the same. A form sent twice starts one.

    Arguments:
        contract: what is amended; of an amendment, the contract that it amends itself.
        number: the highest number of a contract of the project when the form was shown. An open amendment of this
            title that the same partner has started since is the one that this form has started already.

    Raises:
        CannotStartContract: the contract is not signed by all, or the project is over.
        ActsForNobody: the person acts for no partner.
    """
    project = Project.objects.select_for_update().get(pk=contract.project_id)
    organisation = acting_organisation(project, actor, at)
    contract = Contract.objects.get(pk=contract.amends_id or contract.pk)
    started = _started_since(contract, number, organisation, title) if number else None
    if started is not None:
        return started
    refuse_wrong_stage(project)
    if contract.signed_at is None:
        raise CannotStartContract(
            _("Only a contract that all have signed is amended. Change this one itself.")
        )
    now = in_force(contract)
    amendment = Contract(
        project=project,
        number=next_number(project),
        title=title,
        amends=contract,
        before=now.said,
        created_at=at,
    )
    _set_terms(amendment, now.said)
    begin(amendment, _rows_in_force(contract, now), organisation=organisation, at=at)
    record(
        "contract.amendment_started", amendment, actor=actor, at=at, project=project, organisation=organisation,
        number=amendment.number, amends=contract.number,
    )  # fmt: skip
    return amendment


def _started_since(contract, number, organisation, title):
    later = contract.amendments.filter(number__gt=number, title=title, signed_at=None).order_by("number")
    starters = {}
    for turn in ContractTurn.objects.filter(contract__in=later).order_by("-since", "-pk"):
        starters[turn.contract_id] = turn.organisation_id
    return next((one for one in later if starters.get(one.pk) == organisation.pk), None)


def _set_terms(contract, said):
    """Give a contract the kind, the amount and the days that are said in these places."""
    amount, _space, currency = said["amount"].partition(" ")
    contract.type = Contract.Type(said["type"])
    contract.amount, contract.currency = (Decimal(amount), currency) if amount else (None, "")
    for name in ("starts_on", "ends_on"):
        setattr(contract, name, dt.date.fromisoformat(said[name]) if said[name] else None)


def _rows_in_force(contract, now):
    """The rows that say what counts now, by their code: of the contract, or of the amendment that changed it last."""
    sources = {code: now.changed_by.get(code, contract).pk for code in AMENDED_ROWS}
    rows = ContractRow.objects.filter(contract__in=set(sources.values()), code__in=AMENDED_ROWS)
    return {row.code: row for row in rows if sources[row.code] == row.contract_id}


@transaction.atomic
def take_up(
    contract: Contract, *, knows: Collection[int | str] = (), actor: Person, at: dt.datetime
) -> list[str]:
    """Take up what another amendment, signed meanwhile, changed of the contract that this one amends.

    Where this one had changed nothing it says the same as that from now on; where it had, its own words stay, and
    stand beside the new ones. Clears the signatures and the approval there are. Doing it again changes nothing.

    Arguments:
        knows: marks of the signatures and of the approval that the person knows to be cleared.

    Returns the places that were taken up.

    Raises:
        CannotTakeUp: the end would come before the start.
        ContractIsClosed, ClearsSignatures
        ActsForNobody: the person acts for no partner.
    """
    state, organisation = lock_for_writing(contract, actor, at)
    contract, places = state.contract, state.behind
    if not contract.outdated:
        return []
    own, now = state.said, state.now.said
    changed = set(state.changes)
    # Until then nothing is written: `_set_terms` changes the contract in memory.
    _set_terms(contract, {name: (own if name in changed else now)[name] for name in TERM_PLACES})
    if contract.starts_on and contract.ends_on and contract.ends_on < contract.starts_on:
        raise CannotTakeUp(_("With that the end would come before the start. Change the days here first."))
    clear_signatures(state, knows=knows, organisation=organisation, actor=actor, at=at)
    in_force_now = _rows_in_force(contract.amends, state.now)
    for code in AMENDED_ROWS:
        if code not in changed and own[code] != now[code]:
            _take_up_row(state.rows[code], in_force_now[code], organisation, actor, at)
    contract.before, contract.outdated = now, False
    contract.save(update_fields=["amount", "currency", "starts_on", "ends_on", "before", "outdated"])
    set_kind(contract, contract.type)
    record(
        "contract.taken_up", contract, actor=actor, at=at, project=contract.project, organisation=organisation,
        places=places, amendments=sorted({state.now.changed_by[place].number for place in places}),
    )  # fmt: skip
    return places


def _take_up_row(row, source, organisation, actor, at):
    clear_comments([row], at=at)
    copy_row(source, row)
    row.save()
    ContractWording.objects.create(
        row=row, text=row.text, organisation=organisation, written_by=actor, written_at=at
    )
