"""`answer` is registered here and offered to nobody: only `evaluations.sealing` may import it."""

import evaluations.models.answer  # noqa: F401
from evaluations.models.call import Call
from evaluations.models.check_in import CheckIn, CheckInAnswer, CheckInReply, CheckInSchedule
from evaluations.models.conclusion import (
    Conclusion,
    ConclusionPart,
    ConclusionSignature,
    ConclusionTurn,
    PartView,
    TakenPen,
)
from evaluations.models.promise import CarriedItem, HelpQuestion, Promise
from evaluations.models.review import LateChoice, MeasuredFact, PrincipleValue, Reply, Review

__all__ = [
    "Call",
    "CarriedItem",
    "CheckIn",
    "CheckInAnswer",
    "CheckInReply",
    "CheckInSchedule",
    "Conclusion",
    "ConclusionPart",
    "ConclusionSignature",
    "ConclusionTurn",
    "HelpQuestion",
    "LateChoice",
    "MeasuredFact",
    "PartView",
    "PrincipleValue",
    "Promise",
    "Reply",
    "Review",
    "TakenPen",
]
