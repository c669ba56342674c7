"""The seal: the only door to what reviews say.

Nothing here asks who is looking: views come through `partnerships.access` and `Review.objects.visible_to` first.
What everybody on a project may know before opening is `statuses`; what its own organisation may read is `own_draft`;
what others may read is `opened` and `readable_by`, and both are empty while a review is sealed.

Each module is private to this package, and offers what stands in `__all__` below:

    sent       who has sent: what everybody on the project may know
    drafts     what the own organisation wrote
    standing   how far the own organisation is
    entries    what was typed, and what of it meets a colleague's change
    saving     writing, while that is allowed
    opening    breaking all the seals of a project at once
    reading    what others read
    choices    what can be answered, in words

Rules: docs/product.md "Reviews"; docs/rules.md 2, 10, 12 and 16.
"""

from evaluations.sealing.choices import AGAIN, HELPED, OUTSIDE
from evaluations.sealing.drafts import (
    Draft,
    OverallDraft,
    OwnReview,
    digest_of,
    own_answers,
    own_draft,
    own_helped,
    own_overall,
)
from evaluations.sealing.entries import EditConflict, Entry, OverallEntry, Saved
from evaluations.sealing.opening import StillMissing, open_all
from evaluations.sealing.reading import (
    Helped,
    HelpedThere,
    Opened,
    OpenedReview,
    OverallAnswer,
    helped_later,
    opened,
    readable_by,
)
from evaluations.sealing.saving import (
    Locked,
    is_writable,
    save_answer,
    save_answers,
    save_helped,
    save_overall,
)
from evaluations.sealing.sent import SendStatus, statuses, statuses_by_project
from evaluations.sealing.standing import (
    PrincipleProgress,
    Progress,
    Standing,
    missing,
    progress,
    progress_by_project,
)

__all__ = [
    "AGAIN",
    "HELPED",
    "OUTSIDE",
    "Draft",
    "EditConflict",
    "Entry",
    "Helped",
    "HelpedThere",
    "Locked",
    "Opened",
    "OpenedReview",
    "OverallAnswer",
    "OverallDraft",
    "OverallEntry",
    "OwnReview",
    "PrincipleProgress",
    "Progress",
    "Saved",
    "SendStatus",
    "Standing",
    "StillMissing",
    "digest_of",
    "helped_later",
    "is_writable",
    "missing",
    "open_all",
    "opened",
    "own_answers",
    "own_draft",
    "own_helped",
    "own_overall",
    "progress",
    "progress_by_project",
    "readable_by",
    "save_answer",
    "save_answers",
    "save_helped",
    "save_overall",
    "statuses",
    "statuses_by_project",
]
