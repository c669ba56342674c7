"""Promises of somebody who leaves their organisation: each keeps a name behind it. And what a person wrote here."""

import datetime as dt

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.audit import record, subject_of
from accounts.models import Membership, Person
from accounts.notices import void
from evaluations.models import Call, CheckInReply, Promise

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
    """What a person promised, said in check-ins and suggested as calls: their part of "download my data"."""
    rows = Promise.objects.made().filter(owner=person).select_related("project").order_by("due_on", "pk")
    said = (
        CheckInReply.objects.filter(said_by=person)
        .select_related("check_in__project", "organisation")
        .prefetch_related("answers__question")
        .order_by("said_at", "pk")
    )
    calls = Call.objects.filter(Q(suggested_by=person) | Q(answered_by=person)).select_related("project")
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
        ],
        "check_ins": [
            {
                "project": reply.check_in.project.title,
                "number": reply.check_in.number,
                "organisation": reply.organisation.name,
                "state": reply.state,
                "said_at": reply.said_at,
                "corrected_at": reply.corrected_at,
                "line": reply.line,
                "reason": reply.reason,
                "reason_words": reply.reason_words,
                "answers": {answer.question.text: answer.answer for answer in reply.answers.all()},
            }
            for reply in said
        ],
        "calls": [
            {
                "project": call.project.title,
                "suggested_by_you": call.suggested_by_id == person.pk,
                "times": call.times,
                "state": call.state,
                "picked_at": call.picked_at,
                "words": call.words,
            }
            for call in calls.order_by("pk")
        ],
    }
