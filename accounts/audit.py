"""The one verb for history: `record`."""

import datetime as dt

from accounts.models import Event, Organisation, Person


def subject_of(thing) -> str:
    """Name a row as text, such as `partnerships.contract:42`."""
    return f"{thing._meta.label_lower}:{thing.pk}"


def record(
    verb: str,
    thing,
    *,
    actor: Person | None,
    at: dt.datetime,
    project=None,
    organisation: Organisation | None = None,
    private: bool = False,
    **detail,
) -> Event:
    """Write one line of history.

    Arguments:
        verb: noun and past participle, such as `contract.signed`.
        thing: the row it happened to.
        actor: who did it; None for the system.
        at: when.
        project: the project it belongs to, if any (anything with a `reference`).
        organisation: for which organisation the actor acted.
        private: only that organisation may read the line.
        detail: what changed, before and after. Never an answer, a comment or a name.
    """
    if private and organisation is None:
        raise ValueError("A private line needs the organisation that may read it.")
    return Event.objects.create(
        at=at,
        actor=actor,
        verb=verb,
        subject=subject_of(thing),
        project=project.reference if project is not None else "",
        organisation=organisation,
        audience=organisation if private else None,
        detail=detail,
    )
