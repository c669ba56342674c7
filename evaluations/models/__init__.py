"""`answer` is registered here and offered to nobody: only `evaluations.sealing` may import it."""

import evaluations.models.answer  # noqa: F401
from evaluations.models.conclusion import (
    CarriedItem,
    Conclusion,
    ConclusionPart,
    ConclusionSignature,
    PartView,
    Promise,
)
from evaluations.models.review import LateChoice, PrincipleValue, Reply, Review

__all__ = [
    "CarriedItem",
    "Conclusion",
    "ConclusionPart",
    "ConclusionSignature",
    "LateChoice",
    "PartView",
    "PrincipleValue",
    "Promise",
    "Reply",
    "Review",
]
