"""What was typed, and which of it meets what a colleague has saved meanwhile. Asks the database nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from evaluations.sealing.drafts import Draft, OverallDraft, digest_of, draft_of


@dataclass(frozen=True)
class Entry:
    """An answer as it was typed.

    Arguments:
        revision: the revision that the person had read; 0 when there was none.
        read: `digest` of what they had read. With it, a field they left alone never counts as their change.
    """

    question: int
    answer: int | str | None = None
    comment: str = ""
    revision: int = 0
    read: str = ""

    @property
    def content(self) -> tuple:
        return (self.answer, self.comment)


@dataclass(frozen=True)
class OverallEntry:
    """The closing page as it was typed. See `Entry`."""

    again: str = ""
    keep: str = ""
    change: str = ""
    revision: int = 0
    read: str = ""

    @property
    def content(self) -> tuple:
        return (self.again, self.keep, self.change)


class EditConflict(Exception):
    """A colleague has changed this since it was read. Carries both texts, so that a person can choose."""

    message = _("Your colleague changed this. Your text is below. Choose what to keep.")

    def __init__(self, theirs: Draft | OverallDraft, mine: Entry | OverallEntry):
        super().__init__(self.message)
        self.theirs = theirs
        self.mine = mine


@dataclass(frozen=True)
class Saved:
    """What stands in the review after saving, and what could not be saved because a colleague changed it."""

    answers: Mapping[int, Draft]
    conflicts: tuple[EditConflict, ...] = field(default=())


def sorted_out(entries, rows, page):
    """Entries that change something, each with its new revision; and the conflicts with what a colleague saved."""
    changes, conflicts = [], []
    for entry in entries:
        row = rows.get(entry.question)
        stored = draft_of(row) if row else Draft(entry.question)
        if not is_a_change(entry, stored):
            continue
        if row is not None and entry.revision != row.revision and not same_page(row.page, page):
            if not same_page(page, row.page):
                conflicts.append(EditConflict(stored, entry))
            continue
        changes.append((entry, stored.revision + 1))
    return changes, conflicts


def is_a_change(entry, stored) -> bool:
    untouched = entry.read == digest_of(*entry.content)
    return entry.content != stored.content and not untouched


def same_page(earlier: str, later: str) -> bool:
    """Whether both were saved by the same open page, in this order."""
    name, _dot, first = earlier.rpartition(".")
    other, _dot, second = later.rpartition(".")
    return bool(name) and name == other and int(first) <= int(second)
