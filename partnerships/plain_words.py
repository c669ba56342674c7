"""The rows of a contract in plain words, as a partner reads them: who wrote and confirmed them, and what helps to read."""

from dataclasses import dataclass

from accounts.models import Organisation
from partnerships.comments import OfRow, comments_by_row
from partnerships.confirmations import waits_for
from partnerships.contract import ContractState, shown_words
from partnerships.models import ContractQuestion, ContractRow
from partnerships.questions import open_about
from partnerships.rulesets.reading import reading_hints
from principles.glossary import Word, find_words


@dataclass(frozen=True)
class ShownRow:
    """One row.

    Attributes:
        value: what it says, with the signatures there are in the last one; `missing` in its place without.
        row: None where it was never stored.
        waits: the partners of whom one has to confirm it.
        ours: whether the reader's organisation is among them.
        words: words of contracts that stand in it, to be explained in place.
        question: what the reader's side asks about it.
        may_ask: whether the reader may ask the other side about it.
        comments: on what it says now.
        may_comment: whether the reader may leave one.
        hints: what makes it hard to read, for who can write it.
    """

    code: str
    label: str
    value: str
    missing: str
    row: ContractRow | None
    waits: tuple[Organisation, ...]
    ours: bool
    words: tuple[Word, ...]
    question: ContractQuestion | None
    may_ask: bool
    comments: OfRow
    may_comment: bool
    hints: tuple[str, ...]


def shown_rows(
    state: ContractState,
    own: Organisation,
    questions: list[ContractQuestion],
    *,
    is_open: bool = True,
    may_write: bool = False,
) -> list[ShownRow]:
    """The nine rows. Nothing waits in a contract that is not open any more."""
    side = state.side_of(own)
    asked = open_about(questions, side) if is_open else {}
    comments = comments_by_row(
        state.contract, version_from=state.newest.uploaded_at if state.newest else None
    )
    return [
        _shown(
            state, said, own, side, asked, comments.get(said["code"], OfRow()), is_open=is_open, may_write=may_write
        )
        for said in shown_words(state)
    ]  # fmt: skip


def _shown(state, said, own, side, asked, comments, *, is_open, may_write):
    row = state.rows.get(said["code"])
    text = row.text if row else ""
    waits = waits_for(row, state.partners) if row and is_open else []
    return ShownRow(
        **said,
        row=row,
        waits=tuple(waits),
        ours=own in waits,
        words=tuple(find_words(text)),
        question=asked.get(said["code"]),
        may_ask=may_write and bool(text) and row.side != side and said["code"] not in asked,
        comments=comments,
        may_comment=may_write and bool(text),
        hints=tuple(reading_hints(text)) if may_write else (),
    )
