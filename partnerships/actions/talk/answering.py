"""Answering an entry: in words, and with what one's organisation decides about it."""

import contextlib
import datetime as dt
from collections.abc import Callable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.days import local_day
from accounts.files import Upload, kept
from accounts.models import Person
from partnerships.actions.talk.shared import (
    FOLDER,
    CannotTalk,
    ChangedMeanwhile,
    add_files,
    ask,
    day_for,
    lock_entry,
    nobody_waits,
    partners_in,
    tell_about_entry,
    write_history,
)
from partnerships.models import TalkAnswer, TalkEntry
from partnerships.models.talk import CHANGES_FOR

Kind, Outcome = TalkEntry.Kind, TalkAnswer.Outcome


class _AlreadyThere(Exception):
    def __init__(self, answer):
        self.answer = answer


def answer_entry(
    entry: TalkEntry,
    *,
    text: str = "",
    outcome: str = "",
    later_on: dt.date | None = None,
    version: int | None = None,
    still_open: bool = False,
    uploads: Sequence[Upload] = (),
    by_mail: bool = False,
    also: Callable[[], None] | None = None,
    actor: Person,
    at: dt.datetime,
) -> TalkAnswer:
    """Say something to an entry. What the partner says that is asked answers it. The same said twice is said once.

    Arguments:
        outcome: what the own organisation decides: of an input, or of a decision; empty for words alone.
        later_on: with "later", the day from which on it waits again.
        version: the wording that was read, where the outcome is about it.
        still_open: said by the partner that asked: the question is not answered by what was said.
        also: done in the same transaction, after the entry is locked and before anything is written.

    Raises:
        CannotTalk: it is over, withdrawn, not theirs to decide, decided already, or nothing is said.
        ChangedMeanwhile: it has another wording than the one that was read.
        CannotKeepFile, ActsForNobody
    """
    try:
        with contextlib.ExitStack() as stack:
            stored = [(upload, stack.enter_context(kept(upload, FOLDER))) for upload in uploads]
            with transaction.atomic():
                entry, organisation, everybody = lock_entry(entry, actor, at)
                if also is not None:
                    also()
                _refuse(entry, organisation, text, outcome, later_on, version, at)
                _refuse_twice(entry, actor, organisation, text, outcome, later_on, at)
                answer = TalkAnswer.objects.create(
                    entry=entry,
                    text=text,
                    outcome=outcome,
                    later_on=later_on if outcome == Outcome.LATER else None,
                    version=entry.version,
                    organisation=organisation,
                    written_by=actor,
                    written_at=at,
                    by_mail=by_mail,
                )
                add_files(entry, stored, organisation, answer)
                partners = partners_in(entry.project)
                _settle(entry, answer, organisation, partners, still_open, at)
                write_history(
                    f"talk.{outcome}" if outcome else "talk.answered",
                    entry,
                    actor=actor,
                    at=at,
                    organisation=organisation,
                )
                if entry.agreed_at == at:
                    write_history("talk.decided", entry, actor=None, at=at)
                _tell(entry, answer, everybody, partners, still_open, actor, at)
                return answer
    except _AlreadyThere as found:
        return found.answer


def _refuse(entry, organisation, text, outcome, later_on, version, at):
    if not text and outcome in TalkAnswer.NEED_WORDS:
        raise CannotTalk(_("Say it in words."))
    if not outcome:
        return
    if version is not None and version != entry.version:
        raise ChangedMeanwhile(_("It was changed meanwhile. Read it again, then answer."))
    fits = {Kind.INPUT: TalkAnswer.ON_INPUTS, Kind.DECISION: TalkAnswer.ON_DECISIONS}.get(entry.kind, ())
    if outcome not in fits:
        raise CannotTalk(_("This can’t be answered like that."))
    if entry.kind == Kind.INPUT and organisation.pk != entry.asked_id:
        raise CannotTalk(_("The partner that is asked says what became of it."))
    if entry.kind == Kind.DECISION and organisation.pk == entry.organisation_id:
        raise CannotTalk(_("Your organisation proposed this. The others agree."))
    if entry.kind == Kind.DECISION and outcome == Outcome.DECLINED and entry.agreed_at is not None:
        raise CannotTalk(_("This decision stands: all have agreed. Propose another one."))
    if outcome == Outcome.LATER and (later_on is None or later_on <= local_day(at, entry.project.zone)):
        raise CannotTalk(_("Choose a day that lies ahead."))


def _refuse_twice(entry, actor, organisation, text, outcome, later_on, at):
    said = entry.answers.filter(withdrawn_at=None, outcome=outcome)
    if outcome == Outcome.AGREED:
        agreed = said.filter(organisation=organisation, version=entry.version).first()
        if agreed is not None:
            raise _AlreadyThere(agreed)
    same = said.filter(
        text=text, written_by=actor, later_on=later_on if outcome == Outcome.LATER else None,
        version=entry.version, written_at__gt=at - CHANGES_FOR,
    ).first()  # fmt: skip
    if same is not None:
        raise _AlreadyThere(same)


def _settle(entry, answer, organisation, partners, still_open, at):
    """What an answer changes of its entry."""
    asked = organisation.pk == entry.asked_id
    before = (entry.answered_at, entry.outcome, entry.later_on, entry.agreed_at)
    if entry.kind in (Kind.QUESTION, Kind.CONCERN) and asked and entry.answered_at is None:
        entry.answered_at = at
    elif entry.kind == Kind.QUESTION and still_open and organisation.pk == entry.organisation_id:
        if entry.answered_at is not None:
            _ask_anew(entry, at)
    elif entry.kind == Kind.INPUT and answer.outcome:
        entry.outcome, entry.later_on = answer.outcome, answer.later_on
        entry.answered_at = None if answer.outcome == Outcome.LATER else at
        if answer.later_on:
            entry.due_on = answer.later_on
    elif answer.outcome == Outcome.AGREED and not still_missing(entry, partners):
        entry.agreed_at = at
    if before == (entry.answered_at, entry.outcome, entry.later_on, entry.agreed_at):
        if entry.kind == Kind.DECISION and answer.outcome:
            nobody_waits_of(entry, organisation, at)
        return
    entry.save(update_fields=["answered_at", "outcome", "later_on", "agreed_at", "waits_since", "due_on"])
    nobody_waits(entry, at)


def nobody_waits_of(entry, organisation, at):
    """Of several partners that are asked, one has answered."""
    people = organisation.memberships.values_list("person", flat=True)
    nobody_waits(entry, at, recipient__in=people)


def still_missing(entry: TalkEntry, partners) -> set[int]:
    """The partners that have not agreed to a decision as it is worded now, by their key."""
    agreed = entry.answers.filter(outcome=Outcome.AGREED, version=entry.version, withdrawn_at=None)
    return set(partners) - {entry.organisation_id} - set(agreed.values_list("organisation", flat=True))


def _ask_anew(entry, at):
    entry.answered_at, entry.waits_since = None, at
    entry.due_on = day_for(entry.kind, [entry.asked], entry.project, at)


def _tell(entry, answer, everybody, partners, still_open, actor, at):
    if entry.is_concern:
        rows = entry.named.select_related("person")
        tell_about_entry(
            entry,
            [row.person for row in rows],
            kind="concern_answered",
            actor=actor,
            at=at,
            mark=f"a{answer.pk}",
        )
        return
    if still_open and entry.answered_at is None and answer.organisation_id == entry.organisation_id:
        ask(entry, everybody, partners, actor=actor, at=at, mark=f"a{answer.pk}")
        return
    wrote = [entry.written_by, *(one.written_by for one in entry.answers.select_related("written_by"))]
    tell_about_entry(
        entry, wrote, kind="talk_answered", actor=actor, at=at, mark=f"a{answer.pk}", answer=answer.pk
    )
