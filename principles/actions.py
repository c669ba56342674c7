"""Publishing editions of the principles from reviewed files."""

import datetime as dt
import tomllib
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Person
from principles.models import Level, Principle, PrincipleSet, Question

DATA = Path(__file__).parent / "data" / "principles.toml"

# How much there is to read: a phone, a second language and eight minutes set these limits.
WORDS_ON_A_PAGE = 200
WORDS_IN_A_QUESTION = 14
WORDS_IN_A_LEVEL = 10


PRINCIPLE_TEXTS = ("number", "name", "question", "summary", "for_groups", "for_companies", "opening_question")


class EditionInUse(Exception):
    """A published edition that projects use can't be changed, only followed by a new one."""


class BadPrinciples(Exception):
    """The file does not hold what an edition needs."""


@dataclass(frozen=True)
class Loaded:
    edition: PrincipleSet
    created: bool
    changed: int


def words(*texts: str) -> int:
    """How many words a person has to read."""
    return sum(len(text.split()) for text in texts)


def over_budget(principle: Principle) -> list[str]:
    """What is too long on the review page of a principle, each as a sentence. Empty when all is within the budget."""
    problems = []
    questions = list(principle.questions.all())
    total = words(principle.name, principle.question)
    for question in questions:
        levels = list(question.levels.all())
        total += words(question.text, question.help, *(f"{level.label} {level.text}" for level in levels))
        if words(question.text) > WORDS_IN_A_QUESTION:
            problems.append(
                _("“%(text)s” has more than %(limit)s words.")
                % {"text": question.text, "limit": WORDS_IN_A_QUESTION}
            )
        problems += [
            _("“%(text)s” has more than %(limit)s words.") % {"text": level.text, "limit": WORDS_IN_A_LEVEL}
            for level in levels
            if words(level.text) > WORDS_IN_A_LEVEL
        ]
    if total > WORDS_ON_A_PAGE:
        problems.append(
            _("The page has %(total)s words to read, %(limit)s are the limit.")
            % {"total": total, "limit": WORDS_ON_A_PAGE}
        )
    return problems


def read_principles(path: Path = DATA) -> dict:
    """Read an edition from its file.

    Raises:
        BadPrinciples: not TOML, or something an edition needs is missing.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadPrinciples(
            _("%(path)s can't be read: %(error)s") % {"path": path, "error": error}
        ) from error
    try:
        labels = [level["label"] for level in sorted(data["level"], key=lambda level: level["value"])]
        for principle in data["principle"]:
            _require(principle, "code", *PRINCIPLE_TEXTS)
            for question in principle["question_bank"]:
                _require(question, "code", "short", "text", "levels")
                if len(question["levels"]) != len(labels):
                    raise BadPrinciples(
                        _("Question %(code)s needs %(count)s levels.")
                        % {"code": question["code"], "count": len(labels)}
                    )
        return {
            "edition": data["edition"],
            "title": data["title"],
            "labels": labels,
            "principles": data["principle"],
        }
    except (KeyError, TypeError) as error:
        raise BadPrinciples(_("%(path)s lacks %(error)s.") % {"path": path, "error": error}) from error


def _require(row: dict, *names: str) -> None:
    for name in names:
        row[name]  # the KeyError names what is missing


@transaction.atomic
def load_principles(path: Path = DATA, *, at: dt.datetime, actor: Person | None = None) -> Loaded:
    """Make the tables match a reviewed file. Running it again changes nothing.

    Arguments:
        path: the TOML file of one edition.
        at: when a new edition counts as published.

    Raises:
        BadPrinciples: the file can't be used.
        EditionInUse: a text differs from the edition that projects already use.
    """
    data = read_principles(path)
    edition, created = PrincipleSet.objects.get_or_create(
        edition=data["edition"], defaults={"title": data["title"], "published_at": at}
    )
    changed = 0 if created or edition.title == data["title"] else _change(edition, title=data["title"])
    for row in data["principles"]:
        changed += _match_principle(edition, row, data["labels"])
    if changed and not created and edition.in_use():
        # The transaction takes back what was written above.
        raise EditionInUse(
            _("Edition %(edition)s is in use and differs from %(path)s. Give the new texts a new edition.")
            % {"edition": edition.edition, "path": path.name}
        )
    if created or changed:
        record("principles.loaded", edition, actor=actor, at=at, edition=edition.edition, rows=changed)
    return Loaded(edition, created, changed)


def _change(row, **values) -> int:
    """Write what differs. Returns 1 when something did."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    if different:
        row.save(update_fields=list(different))
    return bool(different)


def _match(model, lookup, values) -> tuple[object, int]:
    row, created = model.objects.get_or_create(**lookup, defaults=values)
    return row, 1 if created else _change(row, **values)


def _match_principle(edition: PrincipleSet, row: dict, labels: list[str]) -> int:
    principle, changed = _match(
        Principle,
        {"principle_set": edition, "code": row["code"]},
        {name: row[name] for name in PRINCIPLE_TEXTS},
    )
    for position, item in enumerate(row["question_bank"], start=1):
        question, written = _match(
            Question,
            {"principle": principle, "code": item["code"]},
            {
                "position": position,
                "short": item["short"],
                "text": item["text"],
                "help": item.get("help", ""),
                "pulse": item.get("pulse", False),
            },
        )
        changed += written
        for value, (label, text) in enumerate(zip(labels, item["levels"], strict=True), start=1):
            changed += _match(Level, {"question": question, "value": value}, {"label": label, "text": text})[
                1
            ]
    return changed
