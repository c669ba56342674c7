"""Asking for funding or proposing it, answering, and what a yes makes of it. One rule for both sides."""

from partnerships.actions.funding.answering import answer_request
from partnerships.actions.funding.sending import send_request, withdraw_request
from partnerships.actions.funding.shared import CannotRequest, ChangedMeanwhile
from partnerships.actions.funding.writing import drop_request, start_request, write_request

__all__ = [
    "CannotRequest",
    "ChangedMeanwhile",
    "answer_request",
    "drop_request",
    "send_request",
    "start_request",
    "withdraw_request",
    "write_request",
]
