"""Confirming the rows in plain words that the other side wrote."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Person
from partnerships.actions.contract.questions import follow_rows
from partnerships.actions.contract.shared import ChangedSince, lock_for_writing
from partnerships.confirmations import waits_for
from partnerships.contract import fingerprint
from partnerships.models import Contract


class CannotConfirmRow(Exception):
    """This row is not for this side to confirm, or it says nothing."""


@transaction.atomic
def confirm_rows(contract: Contract, *, read: Mapping[str, str], actor: Person, at: dt.datetime) -> list[str]:
    """Say for one's organisation that rows are understood. Confirming what is confirmed changes nothing.

    What the own side asked about them is settled. Signatures and the approval stay: what the contract says does not change.

    Arguments:
        read: the fingerprint of each row as it was read, by its code.

    Returns the codes of the rows that are newly confirmed.

    Raises:
        CannotConfirmRow: the own side wrote it, or it says nothing.
        ChangedSince: it got another wording after it was read.
        LookupError: there is no such row.
        ContractIsClosed: it is signed by all or was dropped, or the project is over.
        ActsForNobody: the person acts for no partner.
    """
    state, organisation = lock_for_writing(contract, actor, at)
    unknown = sorted(set(read) - set(state.rows))
    if unknown:
        raise LookupError(f"The contract has no row {unknown[0]!r}.")
    rows = [row for code, row in state.rows.items() if code in read]
    changed = [row.code for row in rows if fingerprint(row.text) != read[row.code]]
    if changed:
        raise ChangedSince(changed)
    rows = [row for row in rows if row.confirmed_at is None]
    for row in rows:
        if organisation not in waits_for(row, state.partners):
            raise CannotConfirmRow(
                _("“{row}” is for the other side to confirm.").format(row=row.get_code_display())
                if row.text
                else _("“{row}” says nothing yet.").format(row=row.get_code_display())
            )
        row.confirmed_by, row.confirmed_for, row.confirmed_at = actor, organisation, at
        row.save(update_fields=["confirmed_by", "confirmed_for", "confirmed_at"])
    codes = sorted(row.code for row in rows)
    if codes:
        follow_rows(state, organisation, codes, actor=actor, at=at)
        record(
            "contract.rows_confirmed", state.contract, actor=actor, at=at, project=state.contract.project,
            organisation=organisation, rows=codes,
        )  # fmt: skip
    return codes
