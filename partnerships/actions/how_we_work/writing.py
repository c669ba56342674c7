"""Writing the draft of "How we work": by parts, so that two people who write at once lose nothing."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from accounts.audit import record
from accounts.models import Organisation, Person
from partnerships.actions.contract.shared import ChangedSince, changes_of
from partnerships.how_we_work import FIELDS, PEOPLE, WorkPage, comparable, read_draft
from partnerships.models import HowWeWork, WorkPaper, WorkStep

__all__ = ["ChangedSince", "locked_draft", "note", "stored_draft", "write_part"]

# What a version takes over from the one before it.
COPIED = [f"{name}_id" if name in PEOPLE else name for name in FIELDS]
PAPER_FIELDS = [
    "number", "name", "purpose", "file", "file_name", "content_type", "size", "sha256", "state",
]  # fmt: skip


def locked_draft(organisation: Organisation) -> WorkPage:
    """Lock what is written about how an organisation works, and read what its editors go on with."""
    # The organisation's row is the lock: a draft may not be there yet.
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    return read_draft(organisation)


def stored_draft(read: WorkPage, *, actor: Person, at: dt.datetime) -> WorkPage:
    """The draft as rows: it begins as a copy of what was read, be that published or proposed."""
    if read.is_stored and read.is_draft:
        return read
    before = {name: getattr(read.page, name) for name in COPIED}
    page = HowWeWork.objects.create(organisation=read.organisation, changed_at=at, changed_by=actor, **before)
    write_steps(page, [{name: step[name] for name in step} for step in read.values["steps"]])
    WorkPaper.objects.bulk_create(
        WorkPaper(page=page, **{name: getattr(paper, name) for name in PAPER_FIELDS}) for paper in read.papers
    )
    return read_draft(read.organisation)


def write_steps(page: HowWeWork, steps: list[dict]) -> None:
    """These steps and no others, in their order."""
    page.steps.all().delete()
    WorkStep.objects.bulk_create(
        WorkStep(page=page, position=number, **step) for number, step in enumerate(steps, start=1)
    )


def note(draft: WorkPage, *, actor: Person, at: dt.datetime, **what) -> None:
    """Say on the draft, and in the organisation's own history, who changed what."""
    draft.page.changed_at, draft.page.changed_by = at, actor
    draft.page.save(update_fields=["changed_at", "changed_by"])
    record(
        "how_we_work.changed", draft.page, actor=actor, at=at, organisation=draft.organisation, private=True, **what
    )  # fmt: skip


@transaction.atomic
def write_part(
    organisation: Organisation,
    *,
    values: Mapping[str, object],
    read: Mapping[str, str] | None = None,
    actor: Person,
    at: dt.datetime,
) -> list[str]:
    """Write some of the draft; it begins with the first thing that is written. Others read it once it is published.

    What only somebody else changed in the meantime stays as they left it.

    Arguments:
        values: any of the names of `WorkPage.values`, cleaned.
        read: the fingerprint of each value as the writer read it; None when nobody else can have written.

    Returns the names of what changed.

    Raises:
        ChangedSince: somebody else changed the same.
    """
    draft = locked_draft(organisation)
    found = changes_of(comparable(draft.values), comparable(values), read)
    # Whoever saves the proposed steps as they are has chosen them.
    if not found and draft.is_stored:
        return []
    draft = stored_draft(draft, actor=actor, at=at)
    for name in set(found) - {"steps"}:
        setattr(draft.page, f"{name}_id" if name in PEOPLE else name, values[name])
    draft.page.save(update_fields=COPIED)
    if "steps" in found:
        write_steps(draft.page, values["steps"])
    note(draft, actor=actor, at=at, fields=sorted(found))
    return sorted(found)
