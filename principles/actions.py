"""Publishing editions of the principles from reviewed files."""

import datetime as dt
import tomllib
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Person
from principles.models import Principle, PrincipleSet

DATA = Path(__file__).parent / "data" / "principles.toml"

# How much there is to read: a phone, a second language and eight minutes set these limits.
WORDS_ON_A_PAGE = 200
WORDS_IN_A_QUESTION = 14
WORDS_IN_A_LEVEL = 10


PRINCIPLE_TEXTS = ("number", "name", "question", "summary", "for_groups", "for_companies", "opening_question")
QUESTION_TEXTS = ("position", "short", "text", "help", "pulse")


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
            _require_once(principle["question_bank"], "code")
        _require_once(data["principle"], "code")
        count = len(data["principle"])
        if {principle["number"] for principle in data["principle"]} != set(range(1, count + 1)):
            raise BadPrinciples(_("The principles need the numbers 1 to %(count)s.") % {"count": count})
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


def _require_once(rows: list[dict], name: str) -> None:
    found = [row[name] for row in rows]
    twice = sorted({str(value) for value in found if found.count(value) > 1})
    if twice:
        raise BadPrinciples(_("%(values)s stands there twice.") % {"values": ", ".join(twice)})


@transaction.atomic
def load_principles(path: Path = DATA, *, at: dt.datetime, actor: Person | None = None) -> Loaded:
    """Make the tables match a reviewed file. Running it again changes nothing.

    Arguments:
        path: the TOML file of one edition.
        at: when a new edition counts as published.

    Raises:
        BadPrinciples: the file can't be used.
        EditionInUse: something differs from the edition that projects already use (docs/rules.md, 24).
    """
    data = read_principles(path)
    # Locked, so that no project starts with the edition meanwhile.
    edition, created = PrincipleSet.objects.select_for_update().get_or_create(
        edition=data["edition"], defaults={"title": data["title"], "published_at": at}
    )
    wanted = {row["code"]: _wanted(row, data["labels"]) for row in data["principles"]}
    if not created and edition.in_use():
        if (edition.title, _stored(edition)) != (data["title"], wanted):
            raise EditionInUse(
                _(
                    "Edition %(edition)s is in use and differs from %(path)s. Give the new texts a new edition."
                )
                % {"edition": edition.edition, "path": path.name}
            )
        return Loaded(edition, created, 0)
    changed = _change(edition, {"title": data["title"]})
    changed += _match(edition.principles, wanted, key="code", place="number", below="questions")
    for principle in edition.principles.all():
        questions = wanted[principle.code]["questions"]
        changed += _match(principle.questions, questions, key="code", place="position", below="levels")
        for question in principle.questions.all():
            changed += _match(question.levels, questions[question.code]["levels"], key="value")
    if created or changed:
        record("principles.loaded", edition, actor=actor, at=at, edition=edition.edition, rows=changed)
    return Loaded(edition, created, changed)


def _wanted(row: dict, labels: list[str]) -> dict:
    """A principle of the file, in the shape of `_stored`."""
    return {name: row[name] for name in PRINCIPLE_TEXTS} | {
        "questions": {
            item["code"]: {
                "position": position,
                "short": item["short"],
                "text": item["text"],
                "help": item.get("help", ""),
                "pulse": item.get("pulse", False),
                "levels": {
                    value: {"label": label, "text": text}
                    for value, (label, text) in enumerate(zip(labels, item["levels"], strict=True), start=1)
                },
            }
            for position, item in enumerate(row["question_bank"], start=1)
        }
    }


def _stored(edition: PrincipleSet) -> dict:
    """Every word of an edition: principles by code, their questions by code, their levels by value."""
    return {
        principle.code: {name: getattr(principle, name) for name in PRINCIPLE_TEXTS}
        | {
            "questions": {
                question.code: {name: getattr(question, name) for name in QUESTION_TEXTS}
                | {"levels": {v.value: {"label": v.label, "text": v.text} for v in question.levels.all()}}
                for question in principle.questions.all()
            }
        }
        for principle in edition.principles.with_questions()
    }


def _match(rows: models.Manager, wanted: dict, *, key: str, place: str = "", below: str = "") -> int:
    """Make the rows below one row those of the file. Returns how many were written or deleted.

    Arguments:
        key: the field that tells which row is which.
        place: the field that gives their order, unique among them.
        below: what a wanted row holds for the rows below it again.
    """
    stored = {getattr(row, key): row for row in rows.all()}
    gone = [stored.pop(code) for code in list(stored) if code not in wanted]
    for row in gone:
        row.delete()
    if place:
        _step_aside(stored, wanted, place)
    changed = len(gone)
    for code, values in wanted.items():
        row = stored.get(code) or rows.model(**{rows.field.name: rows.instance, key: code})
        changed += _change(row, {name: value for name, value in values.items() if name != below})
    return changed


def _step_aside(stored: dict, wanted: dict, place: str) -> None:
    """Rows that change places go to free ones first: no two may share one, even for a moment."""
    free = max(
        [getattr(row, place) for row in stored.values()] + [row[place] for row in wanted.values()], default=0
    )
    for code, row in stored.items():
        if getattr(row, place) != wanted[code][place]:
            free += 1
            setattr(row, place, free)
            row.save(update_fields=[place])


def _change(row, values: dict) -> int:
    """Write what differs, or a new row. Returns 1 when something was written.

    Raises:
        BadPrinciples: a text is too long, or of the wrong kind.
    """
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    if row.pk and not different:
        return 0
    for name, value in values.items():
        setattr(row, name, value)
    try:
        row.clean_fields()
    except ValidationError as error:
        problems = "; ".join(f"{name}: {' '.join(texts)}" for name, texts in error.message_dict.items())
        raise BadPrinciples(
            _("%(row)s can't be used: %(error)s") % {"row": row, "error": problems}
        ) from error
    row.save()
    return 1
