"""What every action in Talk needs: the lock, the entry as it stands, its clock, telling people, files, history."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.audit import record, subject_of
from accounts.days import add_working_days, local_day
from accounts.files import Upload
from accounts.models import Organisation, Person
from accounts.notices import owe, void
from partnerships.actions.people import acting_organisation
from partnerships.models import FileState, Project, TalkAnswer, TalkEntry, TalkFile, TalkNamed
from partnerships.models.talk import OVER
from partnerships.permissions import Acting, acting_people
from partnerships.talk import VERB, leading

FOLDER = "talk"
# Working days: for a concern they are few, because somebody waits with something that troubles them.
ANSWER_IN = 7
CONCERN_IN = 5
# What is owed while somebody has to answer.
ASKING = ("talk_asked", "talk_waits", "concern_named", "concern_waits")


class CannotTalk(Exception):
    """This can't be said, answered or changed like this, or not any more."""


class ChangedMeanwhile(CannotTalk):
    """The entry says something else than what was read."""


def lock(project: Project, actor: Person, at: dt.datetime) -> tuple[Project, Organisation, list[Acting]]:
    """The project under its lock, the partner for which the actor acts, and everybody who acts there.

    Raises:
        CannotTalk: the project is over or was read from a published list, or they only read here.
        ActsForNobody
    """
    project = Project.objects.select_for_update().get(pk=project.pk)
    if project.origin != Project.Origin.WORKSPACE:
        raise CannotTalk(_("This project was read from a published list."))
    if project.stage in OVER:
        raise CannotTalk(_("This project is over. What was said stays as it is."))
    organisation = acting_organisation(project, actor, at)
    everybody = acting_people(project)
    if not any(one.person.pk == actor.pk and VERB in one.verbs for one in everybody):
        raise CannotTalk(_("You can read here. Ask an Owner to make you a Lead."))
    return project, organisation, everybody


def lock_entry(entry: TalkEntry, actor: Person, at: dt.datetime):
    """The entry under the lock of its project, for somebody who may read it. Returns it, their partner, and everybody.

    Raises:
        CannotTalk: see `lock`; or it was withdrawn or closed, or they are not named in the concern.
    """
    project, organisation, everybody = lock(entry.project, actor, at)
    entry = TalkEntry.objects.select_related("organisation", "asked", "written_by").get(pk=entry.pk)
    entry.project = project
    if entry.is_concern:
        named = TalkNamed.objects.filter(entry=entry, person=actor, organisation=organisation)
        if not named.exists():
            raise CannotTalk(_("This is not yours to read any more."))
    if entry.withdrawn_at is not None:
        raise CannotTalk(_("It was withdrawn meanwhile."))
    if entry.ended_at is not None:
        raise CannotTalk(_("This concern was closed meanwhile."))
    return entry, organisation, everybody


def day_for(entry_kind: str, asked: Iterable[Organisation], project: Project, at: dt.datetime) -> dt.date:
    """Until when an answer is due: working days of whoever is asked, of several the last day."""
    today = local_day(at, project.zone)
    count = CONCERN_IN if entry_kind == TalkEntry.Kind.CONCERN else ANSWER_IN
    return max(add_working_days(today, count, one.country) for one in asked)


def partners_in(project: Project) -> dict[int, Organisation]:
    """The partners of a project by their key."""
    rows = project.participations.partners().select_related("organisation").order_by("side", "pk")
    return {row.organisation_id: row.organisation for row in rows}


def whom_to_ask(entry: TalkEntry, everybody: Iterable[Acting], partners: Iterable[int]) -> list[Person]:
    """Who has to answer an entry: the person asked by name while they are there, or whoever leads for who is asked."""
    everybody = list(everybody)
    if entry.is_concern:
        named = set(entry.named.filter(organisation=entry.asked).values_list("person", flat=True))
        return [one.person for one in everybody if one.person.pk in named and one.organisation == entry.asked]
    if entry.asked_person_id is not None:
        theirs = [one for one in everybody if one.organisation.pk == entry.asked_id]
        by_name = [
            one.person for one in theirs if one.person.pk == entry.asked_person_id and VERB in one.verbs
        ]
        if by_name:
            return by_name
    asked = [entry.asked_id] if entry.asked_id else [pk for pk in partners if pk != entry.organisation_id]
    return [one.person for pk in asked for one in leading(everybody, pk)]


def tell_about_entry(
    entry: TalkEntry,
    people: Iterable[Person],
    *,
    kind: str,
    actor: Person,
    at: dt.datetime,
    mark: str,
    **params,
) -> None:
    """Owe each of these people but the actor one message about an entry.

    Arguments:
        mark: what makes it another message than an earlier one of the kind.
    """
    for person in {person.pk: person for person in people if person.pk != actor.pk}.values():
        owe(
            person,
            kind=kind,
            key=f"{kind.replace('_', '-')}:{entry.pk}:{mark}:p{person.pk}",
            at=at,
            subject=subject_of(entry),
            project=entry.project,
            **params,
        )


def ask(entry: TalkEntry, everybody, partners, *, actor: Person, at: dt.datetime, mark: str) -> None:
    """Tell those who have to answer."""
    people = whom_to_ask(entry, everybody, partners)
    if entry.is_concern:
        tell_about_entry(entry, people, kind="concern_named", actor=actor, at=at, mark=mark)
    else:
        tell_about_entry(entry, people, kind="talk_asked", actor=actor, at=at, mark=mark)


def nobody_waits(entry: TalkEntry, at: dt.datetime, **which) -> None:
    """Nothing more is asked about an entry.

    Arguments:
        which: whom alone it concerns, such as `recipient`.
    """
    for kind in ASKING:
        void(
            reason=gettext_noop("it was answered or settled"),
            at=at,
            kind=kind,
            subject=subject_of(entry),
            **which,
        )


def add_files(
    entry: TalkEntry,
    uploads: Iterable[tuple[Upload, str]],
    organisation: Organisation,
    answer: TalkAnswer | None = None,
) -> None:
    """Keep what is to be known about stored files."""
    TalkFile.objects.bulk_create(
        TalkFile(
            entry=entry,
            answer=answer,
            organisation=organisation,
            file=stored,
            file_name=upload.name,
            content_type=upload.kind.content_type,
            size=upload.size,
            sha256=upload.sha256,
            state=FileState.HELD if upload.held else FileState.CLEAN,
        )
        for upload, stored in uploads
    )


def write_history(
    verb: str,
    entry: TalkEntry,
    *,
    actor: Person | None,
    at: dt.datetime,
    organisation: Organisation | None = None,
) -> None:
    """One line of history, such as `talk.changed`. Of a concern it is `concern.changed`, and only those named read it."""
    if entry.is_concern:
        verb = verb.replace("talk.", "concern.", 1)
    record(verb, entry, actor=actor, at=at, project=entry.project, organisation=organisation)
