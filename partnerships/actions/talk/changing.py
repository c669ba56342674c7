"""Changing and withdrawing what one wrote: within ten minutes silently, afterwards so that everybody can read it was."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from partnerships.actions.talk.answering import Kind
from partnerships.actions.talk.shared import (
    CannotTalk,
    ask,
    day_for,
    lock_entry,
    nobody_waits,
    partners_in,
    write_history,
)
from partnerships.models import TalkAnswer, TalkEntry, TalkWording


@transaction.atomic
def change_entry(
    entry: TalkEntry, *, text: str, version: int | None = None, actor: Person, at: dt.datetime
) -> TalkEntry:
    """Give an own entry other words. After ten minutes, or once somebody has answered, it says so and what stood before.

    A decision that is worded anew is agreed to anew.

    Arguments:
        version: the wording that was read.

    Raises:
        CannotTalk: somebody else wrote it, it was withdrawn or closed, all have agreed, or it changed meanwhile.
        ActsForNobody
    """
    entry, organisation, everybody = lock_entry(entry, actor, at)
    _refuse_others(entry, actor)
    if entry.text == text:
        return entry
    if version is not None and version != entry.version:
        raise CannotTalk(_("It was changed meanwhile. Read it again, then change it."))
    if entry.agreed_at is not None:
        raise CannotTalk(_("All have agreed to this. Propose another decision in its place."))
    # Whoever has answered answered to these words: they stay to be read.
    silent = entry.changes_silently(at) and not entry.answers.filter(withdrawn_at=None).exists()
    # Nobody agrees to other words than those that they read, traced or not.
    entry.version += 1
    if not silent:
        TalkWording.objects.create(entry=entry, text=entry.text, replaced_at=at)
        entry.changed_at = at
    entry.text = text
    if not silent and entry.kind == Kind.DECISION:
        partners = partners_in(entry.project)
        others = [partner for pk, partner in partners.items() if pk != entry.organisation_id]
        entry.waits_since = at
        entry.due_on = max(entry.due_on, day_for(entry.kind, others, entry.project, at))
    entry.save(update_fields=["text", "version", "changed_at", "waits_since", "due_on"])
    if not silent:
        write_history("talk.changed", entry, actor=actor, at=at, organisation=organisation)
        if entry.kind == Kind.DECISION:
            nobody_waits(entry, at)
            ask(entry, everybody, partners, actor=actor, at=at, mark=f"v{entry.version}")
    return entry


@transaction.atomic
def withdraw_entry(entry: TalkEntry, *, actor: Person, at: dt.datetime) -> TalkEntry:
    """Withdraw an own entry: its words are shown no more, that it was there is. Doing it twice changes nothing.

    Raises:
        CannotTalk: somebody else wrote it, all have agreed to it, or the concern is closed.
        ActsForNobody
    """
    if TalkEntry.objects.filter(pk=entry.pk, written_by=actor, withdrawn_at__isnull=False).exists():
        entry.refresh_from_db()
        return entry
    entry, organisation, _everybody = lock_entry(entry, actor, at)
    _refuse_others(entry, actor)
    if entry.agreed_at is not None:
        raise CannotTalk(_("All have agreed to this. Propose another decision in its place."))
    entry.withdrawn_at = at
    entry.save(update_fields=["withdrawn_at"])
    nobody_waits(entry, at)
    write_history("talk.withdrawn", entry, actor=actor, at=at, organisation=organisation)
    return entry


@transaction.atomic
def change_answer(answer: TalkAnswer, *, text: str, actor: Person, at: dt.datetime) -> TalkAnswer:
    """Give an own answer other words; what it decided stays. After ten minutes it says so and what stood before.

    Raises:
        CannotTalk: somebody else wrote it, it was withdrawn, the entry was withdrawn or closed, or nothing is said.
        ActsForNobody
    """
    entry, organisation, answer = _lock_answer(answer, actor, at)
    if answer.withdrawn_at is not None:
        raise CannotTalk(_("It was withdrawn meanwhile."))
    if answer.text == text:
        return answer
    if not text and answer.outcome in TalkAnswer.NEED_WORDS:
        raise CannotTalk(_("Say it in words."))
    if not answer.changes_silently(at):
        TalkWording.objects.create(entry=entry, answer=answer, text=answer.text, replaced_at=at)
        answer.changed_at = at
    answer.text = text
    answer.save(update_fields=["text", "changed_at"])
    if answer.changed_at == at:
        write_history("talk.answer_changed", entry, actor=actor, at=at, organisation=organisation)
    return answer


@transaction.atomic
def withdraw_answer(answer: TalkAnswer, *, actor: Person, at: dt.datetime) -> TalkAnswer:
    """Withdraw own words to an entry. What one's organisation decided stays; another answer says otherwise.

    A question or a concern that nothing else answers waits again, with a new clock.

    Raises:
        CannotTalk: somebody else wrote it, it decided something, or the entry was withdrawn or closed.
        ActsForNobody
    """
    entry, organisation, answer = _lock_answer(answer, actor, at)
    if answer.withdrawn_at is not None:
        return answer
    if answer.outcome:
        raise CannotTalk(_("This says what your organisation decided. Answer again to say otherwise."))
    answer.withdrawn_at = at
    answer.save(update_fields=["withdrawn_at"])
    by_asked = entry.answers.filter(
        organisation=entry.asked_id, withdrawn_at=None, written_at__gte=entry.waits_since
    )
    if (
        entry.answered_at is not None
        and entry.kind in (Kind.QUESTION, Kind.CONCERN)
        and not by_asked.exists()
    ):
        entry.answered_at, entry.waits_since = None, at
        entry.due_on = day_for(entry.kind, [entry.asked], entry.project, at)
        entry.save(update_fields=["answered_at", "waits_since", "due_on"])
    write_history("talk.answer_withdrawn", entry, actor=actor, at=at, organisation=organisation)
    return answer


def _lock_answer(answer, actor, at):
    entry, organisation, _everybody = lock_entry(answer.entry, actor, at)
    answer = TalkAnswer.objects.get(pk=answer.pk)
    answer.entry = entry
    _refuse_others(answer, actor)
    return entry, organisation, answer


def _refuse_others(written, actor):
    if written.written_by_id != actor.pk:
        raise CannotTalk(_("Whoever wrote it changes or withdraws it."))
