"""Drafts: what somebody has begun to write, kept for them alone. No history: nothing was said yet."""

import datetime as dt
from collections.abc import Mapping

from accounts.models import Person
from partnerships.models import Project, TalkDraft

# Characters in one field: more than a text may have, so that a long one can be shortened later.
LONGEST_FIELD = 10_000


def keep_draft(
    project: Project, kind: str, *, fields: Mapping[str, str], actor: Person, at: dt.datetime
) -> TalkDraft:
    """Keep what stands in a form. The newest of a kind takes the place of the one before.

    Arguments:
        fields: by the names of the form; each is cut after 10,000 characters.
    """
    kept = {name: value[:LONGEST_FIELD].replace("\0", "") for name, value in fields.items()}
    draft, _created = TalkDraft.objects.update_or_create(
        project=project, person=actor, kind=kind, defaults={"fields": kept, "saved_at": at}
    )
    return draft


def drop_draft(project: Project, kind: str, *, actor: Person) -> None:
    """Throw an own draft away. Nothing happens where there is none."""
    TalkDraft.objects.filter(project=project, person=actor, kind=kind).delete()
