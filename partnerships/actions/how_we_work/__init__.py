"""How an organisation works: written in parts, published in versions, asked for by others."""

from partnerships.actions.how_we_work.asking import CannotAsk, ask_how_they_work, asked_lately, who_may_ask
from partnerships.actions.how_we_work.papers import (
    NoSuchPaper,
    TooManyPapers,
    add_paper,
    change_paper,
    check_held_templates,
    remove_paper,
)
from partnerships.actions.how_we_work.publishing import CannotPublish, publish
from partnerships.actions.how_we_work.writing import ChangedSince, write_part

__all__ = [
    "CannotAsk",
    "CannotPublish",
    "ChangedSince",
    "NoSuchPaper",
    "TooManyPapers",
    "add_paper",
    "ask_how_they_work",
    "asked_lately",
    "change_paper",
    "check_held_templates",
    "publish",
    "remove_paper",
    "who_may_ask",
    "write_part",
]
