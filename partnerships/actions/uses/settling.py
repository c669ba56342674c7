"""Answering what was asked, and ending what was given or asked."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Organisation, Person
from partnerships.actions.people import whom_to_tell
from partnerships.actions.uses.shared import CannotPermit, lock, permission_again, tell_of_it
from partnerships.models import FileState, UsePermission


@transaction.atomic
def answer_permission(
    permission: UsePermission, *, answer: str, words: str = "", actor: Person, at: dt.datetime
) -> UsePermission:
    """Give what was asked, give it with conditions, or refuse it. Whoever asked is told. The same answer twice is one.

    Arguments:
        words: the conditions, or why not; empty when it is simply given.

    Raises:
        CannotPermit: others were asked, it was answered or taken back meanwhile, its day has passed, or nobody has
            seen the exact item yet.
        ActsForNobody
    """
    project, own, today = lock(permission.project, actor, at)
    permission = permission_again(permission, own)
    if own.pk != permission.giver_id:
        raise CannotPermit(_("Whose name or logo it is answers this."))
    if (permission.answer, permission.answer_words, permission.ended_at) == (answer, words, None):
        return permission
    if not permission.is_open:
        raise CannotPermit(_("It was answered or taken back meanwhile."))
    if answer in UsePermission.GIVEN:
        if permission.has_passed(today):
            raise CannotPermit(_("Its last day has passed. They have to ask anew."))
        if permission.state == FileState.HELD:
            raise CannotPermit(_("Its file waits for the virus scanner. Until then it can only be refused."))
        if permission.state == FileState.REMOVED:
            raise CannotPermit(_("The virus scanner removed its file. They have to ask anew."))
    permission.answer, permission.answer_words = answer, words
    permission.answered_by, permission.answered_at = actor, at
    permission.save(update_fields=["answer", "answer_words", "answered_by", "answered_at"])
    record(
        f"permission.{answer}", permission, actor=actor, at=at, project=project, organisation=own,
        after=permission.holder.name,
    )  # fmt: skip
    tell_of_it(permission, [permission.written_by], kind="permission_answered", at=at)
    return permission


def may_end(permission: UsePermission, organisation: Organisation, today: dt.date) -> bool:
    """Whether this organisation may end it: what holds, either of the two; what is only asked for, whoever asked.

    What was renewed goes with its renewal.
    """
    if permission.holds(today):
        if permission.renewals.given().exists():
            return False
        return organisation.pk in (permission.giver_id, permission.holder_id)
    return permission.is_open and organisation.pk == permission.holder_id


@transaction.atomic
def end_permission(
    permission: UsePermission, *, reason: str, actor: Person, at: dt.datetime
) -> UsePermission:
    """Withdraw what was given, give back what is not needed, or take back what was asked. The other one is told.

    The earlier permissions that it renewed end with it: nobody withdraws a year to find that a month of it holds still.

    It may be ended on a project that is over, too: the booklet is still out there.

    Raises:
        CannotPermit: it holds no more, or it is not theirs to end.
        ActsForNobody
    """
    project, own, today = lock(permission.project, actor, at, only_going_on=False)
    permission = permission_again(permission, own)
    if permission.ended_for_id == own.pk and permission.end_reason == reason:
        return permission
    if not may_end(permission, own, today):
        raise CannotPermit(_("There is nothing to end here any more."))
    _end(permission, own, reason, actor, at)
    earlier = permission.renews if permission.answer else None
    while earlier is not None and earlier.is_given:
        _end(earlier, own, reason, actor, at)
        earlier = earlier.renews
    record("permission.ended", permission, actor=actor, at=at, project=project, organisation=own, why=reason)
    other = permission.holder if own.pk == permission.giver_id else permission.giver
    tell_of_it(permission, whom_to_tell(project, other), kind="permission_ended", at=at)
    return permission


def _end(permission, own, reason, actor, at):
    permission.ended_for, permission.ended_by = own, actor
    permission.end_reason, permission.ended_at = reason, at
    permission.save(update_fields=["ended_for", "ended_by", "end_reason", "ended_at"])
