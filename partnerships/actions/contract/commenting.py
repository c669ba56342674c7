"""Comments on rows in plain words: a remark for all partners. Nobody has to answer, and nothing that was said changes."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Person
from partnerships.actions.contract.shared import ChangedSince, lock_for_writing
from partnerships.contract import fingerprint
from partnerships.models import Contract, ContractComment, ContractRow


class CannotComment(Exception):
    """This can't be commented on, or this comment can't be changed."""


@transaction.atomic
def comment_on_row(
    contract: Contract, code: str, *, words: str, read: str | None = None, actor: Person, at: dt.datetime
) -> ContractComment:
    """Remark something on a row, of the own side or of the other. Saying the same twice is saying it once.

    Signatures and confirmations stay.

    Arguments:
        read: the fingerprint of what the row said when the writer read it.

    Raises:
        CannotComment: the row says nothing.
        ChangedSince: it got another wording after it was read.
        LookupError: there is no such row.
        ContractIsClosed: it is signed by all or was dropped, or the project is over.
        ActsForNobody: the person acts for no partner.
    """
    state, organisation = lock_for_writing(contract, actor, at)
    if code not in state.rows:
        raise LookupError(f"The contract has no row {code!r}.")
    row = state.rows[code]
    row.contract = state.contract
    if read is not None and fingerprint(row.text) != read:
        raise ChangedSince([code])
    if not row.text:
        raise CannotComment(_("This row says nothing yet."))
    same = row.comments.filter(words=words, written_by=actor, withdrawn_at=None, cleared_at=None).first()
    if same is not None:
        return same
    comment = ContractComment.objects.create(
        row=row, words=words, organisation=organisation, written_by=actor, written_at=at
    )
    _record("contract.row_commented", state, comment, organisation, actor, at)
    return comment


@transaction.atomic
def change_comment(
    comment: ContractComment, *, words: str, actor: Person, at: dt.datetime
) -> ContractComment:
    """Give an own comment other words, for ten minutes.

    Raises:
        CannotComment: somebody else wrote it, the time has passed, it was withdrawn, or the row has another wording.
        ContractIsClosed, ActsForNobody
    """
    state, organisation, comment = _lock(comment, actor, at)
    if not comment.may_change(at):
        raise CannotComment(
            _("This comment can’t be changed any more. You can withdraw it and write another.")
        )
    if comment.words == words:
        return comment
    comment.words, comment.changed_at = words, at
    comment.save(update_fields=["words", "changed_at"])
    _record("contract.comment_changed", state, comment, organisation, actor, at)
    return comment


@transaction.atomic
def withdraw_comment(comment: ContractComment, *, actor: Person, at: dt.datetime) -> ContractComment:
    """Withdraw an own comment: that it was there stays, its words are shown no more. Doing it twice changes nothing.

    Raises:
        CannotComment: somebody else wrote it.
        ContractIsClosed, ActsForNobody
    """
    state, organisation, comment = _lock(comment, actor, at)
    if comment.withdrawn_at is not None:
        return comment
    comment.withdrawn_at = at
    comment.save(update_fields=["withdrawn_at"])
    _record("contract.comment_withdrawn", state, comment, organisation, actor, at)
    return comment


def clear_comments(rows: Iterable[ContractRow], *, at: dt.datetime) -> None:
    """These rows get another wording: what was remarked on the one before is read in history."""
    ContractComment.objects.filter(row__in=list(rows), cleared_at=None).update(cleared_at=at)


def _lock(comment, actor, at):
    state, organisation = lock_for_writing(comment.row.contract, actor, at)
    comment = ContractComment.objects.select_for_update(of=("self",)).select_related("row").get(pk=comment.pk)
    comment.row.contract = state.contract
    if comment.written_by_id != actor.pk:
        raise CannotComment(_("Whoever wrote a comment changes or withdraws it."))
    return state, organisation, comment


def _record(verb, state, comment, organisation, actor, at):
    record(
        verb, state.contract, actor=actor, at=at, project=state.contract.project, organisation=organisation,
        row=comment.row.code, comment=comment.pk,
    )  # fmt: skip
