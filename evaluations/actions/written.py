"""What somebody writes into a joint conclusion, place by place, and how two writers are told apart."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from accounts.models import Organisation

MOST_PROMISES = 3
POSITIONS = range(1, MOST_PROMISES + 1)


@dataclass(frozen=True)
class WrittenPart:
    text: str = ""
    disagreed: bool = False
    public: bool = False
    # What the writer's own organisation says where they don't agree.
    view: str = ""


@dataclass(frozen=True)
class WrittenPromise:
    what: str = ""
    owner: int | None = None
    due_on: dt.date | None = None
    principle: int | None = None


@dataclass(frozen=True)
class Written:
    """What somebody wrote: parts by code, promises by position, and the fingerprint of each place as they read it."""

    parts: Mapping[str, WrittenPart]
    promises: Mapping[int, WrittenPromise] = field(default_factory=dict)
    read: Mapping[str, str] = field(default_factory=dict)

    def places(self) -> dict[str, WrittenPart | WrittenPromise]:
        promises = {f"promise-{position}": promise for position, promise in self.promises.items()}
        return dict(self.parts) | promises


def fingerprint(place: WrittenPart | WrittenPromise) -> str:
    """A short name for what a place says, for forms to carry: it tells whether a colleague changed it since."""
    words = json.dumps(vars(place), sort_keys=True, default=str)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def standing(content: dict, organisation: Organisation) -> Written:
    """What a conclusion says, in the shape in which this organisation would write it."""
    return Written(
        parts={
            code: WrittenPart(
                text=part["text"],
                disagreed=part["disagreed"],
                public=part["public"],
                view=part["views"].get(str(organisation.pk), ""),
            )
            for code, part in content["parts"].items()
        },
        promises={position: WrittenPromise() for position in POSITIONS}
        | {
            promise["position"]: WrittenPromise(
                what=promise["what"],
                owner=promise["owner"],
                due_on=dt.date.fromisoformat(promise["due_on"]) if promise["due_on"] else None,
                principle=promise["principle"],
            )
            for promise in content["promises"]
        },
    )
