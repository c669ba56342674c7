"""The papers that "How we work" names, and templates for them."""

import datetime as dt
from collections.abc import Mapping

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.files import Upload, kept
from accounts.models import Organisation, Person
from partnerships.actions.contract.shared import changes_of
from partnerships.actions.held import settle_held
from partnerships.actions.how_we_work.writing import locked_draft, note, stored_draft
from partnerships.models import FileState, WorkPaper
from partnerships.rulesets.how_we_work import MOST_PAPERS

NO_FILE = {"file": "", "file_name": "", "content_type": "", "size": 0, "sha256": "", "state": FileState.CLEAN}


class NoSuchPaper(Exception):
    """Somebody took the paper away meanwhile."""


class TooManyPapers(Exception):
    """The list is full."""


def add_paper(
    organisation: Organisation,
    *,
    name: str,
    purpose: str = "",
    upload: Upload | None = None,
    actor: Person,
    at: dt.datetime,
) -> WorkPaper:
    """Add a paper to the draft. One that says the same is there once, so a form sent twice adds one.

    Raises:
        TooManyPapers
        CannotKeepFile: the disk did not take the template.
    """
    try:
        # Around the transaction: when it fails, its commit included, no file stays behind.
        with kept(upload, "templates") as stored, transaction.atomic():
            return _add(organisation, name, purpose, upload, stored, actor, at)
    except _AlreadyThere as found:
        return found.paper


class _AlreadyThere(Exception):
    def __init__(self, paper):
        self.paper = paper


def _add(organisation, name, purpose, upload, stored, actor, at):
    draft = locked_draft(organisation)
    sha256 = upload.sha256 if upload else ""
    for paper in draft.papers:
        if (paper.name, paper.purpose, paper.sha256) == (name, purpose, sha256):
            raise _AlreadyThere(paper)
    if len(draft.papers) >= MOST_PAPERS:
        raise TooManyPapers(
            _("There are {count} papers already. Take one away first.").format(count=MOST_PAPERS)
        )
    draft = stored_draft(draft, actor=actor, at=at)
    paper = WorkPaper.objects.create(
        page=draft.page,
        number=max((paper.number for paper in draft.papers), default=0) + 1,
        name=name,
        purpose=purpose,
        **_file_of(upload, stored),
    )
    note(draft, actor=actor, at=at, fields=["papers"], paper=paper.number)
    return paper


def change_paper(
    organisation: Organisation,
    number: int,
    *,
    values: Mapping[str, str],
    read: Mapping[str, str] | None = None,
    upload: Upload | None = None,
    without_file: bool = False,
    actor: Person,
    at: dt.datetime,
) -> WorkPaper:
    """Change what a paper is called or for, or its template.

    Arguments:
        values: name and purpose.
        read: the fingerprint of each as the writer read it.
        without_file: take the template away; a new one takes its place anyhow.

    Raises:
        ChangedSince: somebody else changed the same.
        NoSuchPaper
        CannotKeepFile
    """
    with kept(upload, "templates") as stored, transaction.atomic():
        draft = locked_draft(organisation)
        paper = _paper(draft, number)
        changes = changes_of({"name": paper.name, "purpose": paper.purpose}, values, read)
        if upload is not None and _has_already(paper, upload):
            # Sent twice: the one on the disk stays, and what came with the second sending goes.
            _drop_when_unused(stored)
        elif upload is not None:
            changes |= _file_of(upload, stored)
        elif without_file and paper.file:
            changes |= NO_FILE
        if not changes:
            return paper
        draft = stored_draft(draft, actor=actor, at=at)
        paper = _paper(draft, number)
        before = paper.file.name
        for name, value in changes.items():
            setattr(paper, name, value)
        paper.save(update_fields=list(changes))
        _drop_when_unused(before)
        note(draft, actor=actor, at=at, fields=["papers"], paper=number)
        return paper


@transaction.atomic
def remove_paper(organisation: Organisation, number: int, *, actor: Person, at: dt.datetime) -> None:
    """Take a paper off the draft. Versions that are published keep it."""
    draft = locked_draft(organisation)
    try:
        _paper(draft, number)
    except NoSuchPaper:
        return
    draft = stored_draft(draft, actor=actor, at=at)
    paper = _paper(draft, number)
    before = paper.file.name
    paper.delete()
    _drop_when_unused(before)
    note(draft, actor=actor, at=at, fields=["papers"], paper=number)


def _paper(draft, number):
    for paper in draft.papers:
        if paper.number == number:
            return paper
    raise NoSuchPaper(_("Somebody took this paper away."))


def _file_of(upload, stored):
    if upload is None:
        return NO_FILE
    return {
        "file": stored,
        "file_name": upload.name,
        "content_type": upload.kind.content_type,
        "size": upload.size,
        "sha256": upload.sha256,
        "state": FileState.HELD if upload.held else FileState.CLEAN,
    }


def _has_already(paper, upload):
    return (
        paper.sha256 == upload.sha256
        and paper.state != FileState.REMOVED
        and default_storage.exists(paper.file.name)
    )


def _drop_when_unused(name):
    """Take a file off the disk, unless a version still has it."""
    if name and not WorkPaper.objects.filter(file=name).exists():
        transaction.on_commit(lambda: default_storage.delete(name), robust=True)


def check_held_templates(*, at: dt.datetime) -> dict[str, int]:
    """Ask the scanner about templates that were uploaded while it was away. Running it again changes nothing.

    Nothing that is held can be published, so all of them are in drafts. Returns how many turned out `clean` and how
    many were `removed`.
    """
    held = WorkPaper.objects.filter(state=FileState.HELD).select_related("page__organisation")
    return settle_held(((paper, paper.file.name) for paper in held), _settle, at=at)


@transaction.atomic
def _settle(paper, state, at):
    changed = WorkPaper.objects.filter(pk=paper.pk, file=paper.file.name, state=FileState.HELD)
    if not changed.update(state=state):
        return 0
    record(
        f"how_we_work.template_{state}", paper.page, actor=None, at=at, organisation=paper.page.organisation,
        private=True, paper=paper.number,
    )  # fmt: skip
    if state == FileState.REMOVED:
        transaction.on_commit(lambda: default_storage.delete(paper.file.name), robust=True)
    return 1
