"""Permissions to use a name or a logo: asked for or given unasked, answered, renewed, ended. One rule for both sides."""

from partnerships.actions.uses.asking import ask_permission, give_permission, renew_permission
from partnerships.actions.uses.files import check_held_items
from partnerships.actions.uses.settling import answer_permission, end_permission, may_end
from partnerships.actions.uses.shared import CannotPermit

__all__ = [
    "CannotPermit",
    "answer_permission",
    "ask_permission",
    "check_held_items",
    "end_permission",
    "give_permission",
    "may_end",
    "renew_permission",
]
