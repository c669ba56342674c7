"""Talk: questions, decisions, notes, what one side asks the other to take up, concerns. One rule for both sides."""

from partnerships.actions.talk.answering import answer_entry
from partnerships.actions.talk.changing import (
    change_answer,
    change_entry,
    withdraw_answer,
    withdraw_entry,
)
from partnerships.actions.talk.concerns import close_concern, raise_concern
from partnerships.actions.talk.drafts import drop_draft, keep_draft
from partnerships.actions.talk.files import check_held_attachments
from partnerships.actions.talk.shared import CannotTalk, ChangedMeanwhile
from partnerships.actions.talk.writing import write_entry

__all__ = [
    "CannotTalk",
    "ChangedMeanwhile",
    "answer_entry",
    "change_answer",
    "change_entry",
    "check_held_attachments",
    "close_concern",
    "drop_draft",
    "keep_draft",
    "raise_concern",
    "withdraw_answer",
    "withdraw_entry",
    "write_entry",
]
