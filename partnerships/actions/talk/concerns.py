"""A concern: raised to the Owners of both by anybody named in it, closed by who brought it up."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from partnerships.actions.talk.shared import (
    CannotTalk,
    lock_entry,
    nobody_waits,
    tell_about_entry,
    write_history,
)
from partnerships.models import TalkEntry, TalkNamed
from partnerships.talk import Circle, people_in_circle


@transaction.atomic
def raise_concern(entry: TalkEntry, *, actor: Person, at: dt.datetime) -> TalkEntry:
    """Let the Owners of both read a concern, too. Doing it twice changes nothing.

    Raises:
        CannotTalk: it is none, they are not named in it, or it was withdrawn or closed.
        ActsForNobody
    """
    entry, organisation, everybody = lock_entry(entry, actor, at)
    if not entry.is_concern:
        raise CannotTalk(_("Only a concern is raised to the Owners."))
    if entry.raised_at is not None:
        return entry
    known = set(entry.named.values_list("person", flat=True))
    people = people_in_circle(
        entry.project, Circle.OWNERS, everybody, entry.organisation_id, entry.asked_id, actor.pk
    )
    added = [one for one in people if one.person.pk not in known]
    TalkNamed.objects.bulk_create(
        TalkNamed(entry=entry, person=one.person, organisation=one.organisation, named_at=at) for one in added
    )
    entry.raised_at = at
    entry.save(update_fields=["raised_at"])
    write_history("concern.raised", entry, actor=actor, at=at, organisation=organisation)
    tell_about_entry(
        entry, [one.person for one in added], kind="concern_named", actor=actor, at=at, mark="raised"
    )
    return entry


@transaction.atomic
def close_concern(entry: TalkEntry, *, actor: Person, at: dt.datetime) -> TalkEntry:
    """Say that a concern is settled. Whoever brought it up says so; once they have left, a colleague named in it.

    Raises:
        CannotTalk: it is none, or not theirs to close, or it was withdrawn.
        ActsForNobody
    """
    closed = TalkEntry.objects.filter(pk=entry.pk, ended_at__isnull=False)
    if closed.visible_to(actor).exists() and closed.filter(project=entry.project_id).exists():
        entry.refresh_from_db()
        return entry
    entry, organisation, everybody = lock_entry(entry, actor, at)
    if not entry.is_concern:
        raise CannotTalk(_("Only a concern is closed like this."))
    if not may_close(
        entry, actor, organisation.pk, {one.person.pk: one.organisation.pk for one in everybody}
    ):
        raise CannotTalk(_("Whoever brought a concern up says when it is settled."))
    entry.ended_at = at
    entry.save(update_fields=["ended_at"])
    nobody_waits(entry, at)
    write_history("concern.closed", entry, actor=actor, at=at, organisation=organisation)
    return entry


def may_close(entry: TalkEntry, person: Person, organisation: int, acting: dict[int, int]) -> bool:
    """Whether this person says that a concern is settled.

    Arguments:
        organisation: the key of the partner for which they act.
        acting: for which one everybody acts on the project, by their keys.
    """
    if entry.written_by_id == person.pk:
        return True
    has_left = acting.get(entry.written_by_id) != entry.organisation_id
    return has_left and organisation == entry.organisation_id
