"""Whose turn it is: rows that every list reads, written by whoever owns the fact."""

import datetime as dt

from accounts.models import Organisation
from partnerships.models import Project, TimeRequest, Turn


def give_turn(
    project: Project,
    organisation: Organisation,
    kind: str,
    *,
    at: dt.datetime,
    ref: str = "",
    due_on: dt.date | None = None,
) -> Turn:
    """It is this organisation's turn. Giving it again keeps since when, and moves the due date."""
    turn, created = Turn.objects.get_or_create(
        project=project,
        organisation=organisation,
        kind=kind,
        ref=ref,
        defaults={"since": at, "due_on": due_on},
    )
    if not created and turn.due_on != due_on:
        turn.due_on = due_on
        turn.save(update_fields=["due_on"])
    return turn


def take_turn(
    project: Project,
    kind: str | None = None,
    *,
    organisation: Organisation | None = None,
    ref: str | None = None,
    at: dt.datetime,
) -> int:
    """It is no longer their turn: of one organisation or of all, for one kind or for everything. Returns how many ended.

    Whoever had asked for more time for it needs none: their request lapses.
    """
    turns = Turn.objects.filter(project=project)
    if kind is not None:
        turns = turns.filter(kind=kind)
    if organisation is not None:
        turns = turns.filter(organisation=organisation)
    if ref is not None:
        turns = turns.filter(ref=ref)
    ended = turns.delete()[0]
    if ended:
        TimeRequest.objects.lapse(project, at=at)
    return ended
