"""The checklist of a contract, and its kind: what each partner says to an item, and what the kind asks."""

import datetime as dt
from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Person
from partnerships.actions.contract.questions import follow_item
from partnerships.actions.contract.shared import (
    changes_of,
    clear_signatures,
    count_unsettled,
    lock_for_writing,
    refuse_changed_elsewhere,
)
from partnerships.checklist import Answer, Said, read_checklist
from partnerships.models import ChecklistItem, Contract


class CannotAnswer(Exception):
    """This is no answer to that item. `code` is the item's."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


class NeedsReason(Exception):
    """The kind of a contract changes for a reason, and none was given."""


@transaction.atomic
def answer_checklist(
    contract: Contract,
    *,
    said: Mapping[str, Said],
    read: Mapping[str, str] | None = None,
    actor: Person,
    at: dt.datetime,
) -> list[str]:
    """Say whether items are met. Either side answers any of them; what the other one said stays in the history.

    "We don't understand this" asks the other side. Signatures stay: they are for what the contract says. But the next one is refused while a required item is open.

    Arguments:
        said: the answers by the code of their item; items that are left out stay.
        read: the fingerprint of each answer as the writer read it; None when nobody else can have written.

    Returns the codes of the items that changed.

    Raises:
        CannotAnswer: "not applicable" to what always applies, or a reason or question without words.
        LookupError: the checklist of this contract has no such item.
        ContractIsClosed, ChangedSince
        ActsForNobody: the person acts for no partner.
    """
    state, organisation = lock_for_writing(contract, actor, at)
    contract, checklist = state.contract, state.checklist
    lines = {line.item.code: line for line in checklist.lines}
    unknown = sorted(set(said) - set(lines))
    if unknown:
        raise LookupError(f"The checklist has no item {unknown[0]!r}.")
    changes = changes_of(checklist.said, said, read)
    if not changes:
        return []
    for code, new in changes.items():
        _refuse(lines[code].item, new)
        if new.answer:
            contract.checklist.update_or_create(
                code=code,
                defaults={
                    "answer": new.answer,
                    "words": new.words,
                    "organisation": organisation,
                    "said_by": actor,
                    "said_at": at,
                },
            )
        else:
            contract.checklist.filter(code=code).delete()
        follow_item(state, organisation, code, new, actor=actor, at=at)
    count_unsettled(contract)
    record(
        "contract.checked", contract, actor=actor, at=at, project=contract.project, organisation=organisation,
        items=sorted(changes),
        was={code: [lines[code].said.answer, lines[code].said.words] for code in changes},
        now={code: [new.answer, new.words] for code, new in changes.items()},
    )  # fmt: skip
    return sorted(changes)


def _refuse(item, said):
    if said.answer == Answer.NOT_APPLICABLE and item.always:
        raise CannotAnswer(
            item.code, _("“{item}” belongs into every contract of this kind.").format(item=item.name)
        )
    if said.answer in ChecklistItem.NEEDS_WORDS and not said.words.strip():
        raise CannotAnswer(
            item.code,
            _("Say why “{item}” is not applicable.").format(item=item.name)
            if said.answer == Answer.NOT_APPLICABLE
            else _("Say what you don’t understand about “{item}”.").format(item=item.name),
        )


def set_kind(contract: Contract, kind: str) -> None:
    """Store the kind of a contract, and what its rules ask for that."""
    rules = read_checklist(contract).rules
    contract.type = Contract.Type(kind)
    contract.needs_approval = bool(rules) and rules.needs_approval(kind)
    contract.save(update_fields=["type", "needs_approval"])
    count_unsettled(contract)


@transaction.atomic
def change_kind(
    contract: Contract,
    *,
    kind: str,
    reason: str,
    read: Mapping[str, str] | None = None,
    knows: Collection[int | str] = (),
    actor: Person,
    at: dt.datetime,
) -> Contract:
    """Make it a contract of another kind: other duties, another checklist. Clears the signatures and the approval there are.

    What was said to items stays: it counts where the new kind asks the same.

    Arguments:
        kind: a `Contract.Type`.
        reason: why, in words that all partners read.
        read: the fingerprint of the kind as the writer read it; None when nobody else can have written.
        knows: marks of the signatures and of the approval that the writer knows to be cleared.

    Raises:
        NeedsReason: none was given.
        ContractIsClosed, ChangedSince, ClearsSignatures
        ChangedElsewhere: it is an amendment, and another open one changes the kind, too.
        ActsForNobody: the person acts for no partner.
    """
    state, organisation = lock_for_writing(contract, actor, at)
    contract, before = state.contract, state.contract.type
    if not changes_of({"type": before}, {"type": kind}, read):
        return contract
    if not reason.strip():
        raise NeedsReason(_("Say why the kind changes."))
    contract.type = Contract.Type(kind)
    refuse_changed_elsewhere(state, ["type"])
    clear_signatures(state, knows=knows, organisation=organisation, actor=actor, at=at)
    set_kind(contract, kind)
    record(
        "contract.kind_changed", contract, actor=actor, at=at, project=contract.project,
        organisation=organisation, before=before, after=str(contract.type), why=reason,
    )  # fmt: skip
    return contract
