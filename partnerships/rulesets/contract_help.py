"""Help for whoever reads a contract without a lawyer: what to ask for, in words to take over, and who helps. No database."""

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "contract_help.toml"


@dataclass(frozen=True)
class Place:
    """Somebody who helps, or something to compare with. `address` is a web page of others."""

    name: str
    address: str
    what: str


@dataclass(frozen=True)
class Help:
    """Words by the code of an item of the checklist, and places.

    Attributes:
        last_checked: None until a person has.
    """

    source: str
    words: dict[str, str]
    places: tuple[Place, ...]
    last_checked: dt.date | None


@cache
def contract_help() -> Help:
    """What there is, as its file says it."""
    said = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return Help(
        source=said["source"],
        words=said["words"],
        places=tuple(Place(**place) for place in said["places"]),
        last_checked=said.get("last_checked"),
    )
