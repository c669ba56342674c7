"""Promises of somebody who leaves their organisation: each keeps a name behind it."""

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.audit import record, subject_of
from accounts.models import Membership, Person
from accounts.notices import void
from evaluations.models import Promise

State = Promise.State


def _given_by(membership: Membership):
    """Promises that this member answers for: open ones, and those of a conclusion that is still written."""
    mine = Promise.objects.filter(owner=membership.person_id, organisation=membership.organisation_id)
    return mine.filter(state__in=[State.OPEN, State.DRAFT]).order_by("due_on", "pk")


def held_by(membership: Membership) -> list[str]:
    """A member's open promises, as lines to read before they leave."""
    return [
        _("Promise: %(what)s, by %(day)s")
        % {"what": promise.what, "day": date_format(promise.due_on, "j F Y")}
        for promise in _given_by(membership).filter(state=State.OPEN)
    ]


def hand_over(membership: Membership, *, hand_over_to: Person | None, actor: Person, at: dt.datetime) -> None:
    """Give a leaver's promises to their successor; without one, to whoever has been Owner longest.

    Reminders that were owed to the leaver are taken back; the next sweep owes them to the new name. Both sides
    read in the project's history who answers for an open promise now.
    """
    owners = Membership.objects.current().filter(
        organisation=membership.organisation_id, role=Membership.Role.OWNER, person__is_active=True
    )
    first_owner = owners.exclude(person=membership.person_id).order_by("joined_at", "pk").first()
    successor = hand_over_to or (first_owner and first_owner.person)
    if successor is None:
        return
    for promise in _given_by(membership).select_related("project").select_for_update(of=("self",)):
        promise.owner = successor
        promise.save(update_fields=["owner"])
        if promise.state == State.OPEN:
            void(
                reason=gettext_noop("handed over"),
                at=at,
                subject=subject_of(promise),
                recipient=membership.person,
            )
            record(
                "promise.handed_over", promise, actor=actor, at=at, project=promise.project,
                organisation=membership.organisation,
            )  # fmt: skip


def personal_data(person: Person) -> dict:
    """What a person promised, and what became of it: their part of "download my data"."""
    rows = Promise.objects.made().filter(owner=person).select_related("project").order_by("due_on", "pk")
    return {
        "promises": [
            {
                "what": promise.what,
                "project": promise.project.title,
                "due_on": promise.due_on,
                "state": promise.state,
                "settled_at": promise.settled_at,
            }
            for promise in rows
        ]
    }
