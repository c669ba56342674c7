"""Writing an entry: it is there at once, who has to answer is told, of a concern nobody but those named learns."""

import contextlib
import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.days import local_day
from accounts.files import Upload, kept
from accounts.models import Organisation, Person
from partnerships.actions.talk.shared import (
    FOLDER,
    CannotTalk,
    add_files,
    ask,
    day_for,
    lock,
    partners_in,
    tell_about_entry,
    write_history,
)
from partnerships.models import Project, TalkDraft, TalkEntry, TalkNamed
from partnerships.models.talk import CHANGES_FOR
from partnerships.talk import VERB, Circle, people_in_circle

Kind = TalkEntry.Kind


class _AlreadyThere(Exception):
    def __init__(self, entry):
        self.entry = entry


def write_entry(
    project: Project,
    *,
    kind: str,
    text: str,
    subject: str = "",
    asked: Organisation | None = None,
    asked_person: Person | None = None,
    circle: str = Circle.LEADS,
    answer_by: dt.date | None = None,
    uploads: Sequence[Upload] = (),
    actor: Person,
    at: dt.datetime,
) -> TalkEntry:
    """Say, ask or propose something on a project. The same words sent twice within ten minutes are one entry.

    Arguments:
        subject: what it is about, as text such as `partnerships.planpart:why`.
        asked: the partner that has to answer; none for a decision, which every other one answers, and for a note.
        asked_person: one of its people, where one alone is asked.
        circle: of a concern, who sees it: the leads of both, or their Owners, too.
        answer_by: another day than the usual one.

    Raises:
        CannotTalk: the project is over, nobody is there to ask, they are not asked here, or the day has passed.
        CannotKeepFile: the disk did not take a file.
        ActsForNobody
    """
    try:
        with contextlib.ExitStack() as stack:
            # Around the transaction: when it fails, its commit included, no file stays behind.
            stored = [(upload, stack.enter_context(kept(upload, FOLDER))) for upload in uploads]
            with transaction.atomic():
                project, organisation, everybody = lock(project, actor, at)
                words = {"kind": kind, "text": text, "subject": subject, "asked": asked}
                same = TalkEntry.objects.filter(
                    project=project,
                    written_by=actor,
                    written_at__gt=at - CHANGES_FOR,
                    withdrawn_at=None,
                    **words,
                ).first()
                if same is not None:
                    raise _AlreadyThere(same)
                partners = partners_in(project)
                entry = TalkEntry(
                    project=project,
                    organisation=organisation,
                    written_by=actor,
                    written_at=at,
                    waits_since=at,
                    asked_person=asked_person,
                    due_on=_due_on(project, kind, organisation, asked, partners, answer_by, at),
                    **words,
                )
                _refuse_person(entry, everybody)
                entry.save()
                if entry.is_concern:
                    _name_people(entry, circle, everybody, at)
                add_files(entry, stored, organisation)
                TalkDraft.objects.filter(project=project, person=actor, kind=kind).delete()
                write_history(
                    "concern.brought_up" if entry.is_concern else f"talk.{kind}_written",
                    entry,
                    actor=actor,
                    at=at,
                    organisation=organisation,
                )
                if entry.is_concern:
                    named = [row.person for row in entry.named.select_related("person")]
                    tell_about_entry(entry, named, kind="concern_named", actor=actor, at=at, mark="new")
                elif kind != Kind.NOTE:
                    ask(entry, everybody, partners, actor=actor, at=at, mark="v1")
                return entry
    except _AlreadyThere as found:
        return found.entry


def _due_on(project, kind, organisation, asked, partners, answer_by, at):
    """
    Raises:
        CannotTalk
    """
    if kind == Kind.NOTE:
        return None
    others = [partner for pk, partner in partners.items() if pk != organisation.pk]
    if kind in TalkEntry.TO_ONE:
        others = [partner for partner in others if asked is not None and partner.pk == asked.pk]
    if not others:
        raise CannotTalk(_("There is nobody to ask here."))
    if answer_by is None:
        return day_for(kind, others, project, at)
    if answer_by < local_day(at, project.zone):
        raise CannotTalk(_("The day for an answer can't lie behind."))
    return answer_by


def _refuse_person(entry, everybody):
    if entry.asked_person_id is None:
        return
    for one in everybody:
        if (
            one.person.pk == entry.asked_person_id
            and one.organisation.pk == entry.asked_id
            and VERB in one.verbs
        ):
            return
    raise CannotTalk(_("This person can't be asked here any more."))


def _name_people(entry, circle, everybody, at):
    people = people_in_circle(
        entry.project, circle, everybody, entry.organisation_id, entry.asked_id, entry.written_by_id
    )
    if not any(one.organisation.pk == entry.asked_id for one in people):
        raise CannotTalk(_("There is nobody to ask here."))
    TalkNamed.objects.bulk_create(
        TalkNamed(entry=entry, person=one.person, organisation=one.organisation, named_at=at)
        for one in people
    )
    if circle == Circle.OWNERS:
        TalkEntry.objects.filter(pk=entry.pk).update(raised_at=at)
        entry.raised_at = at
