"""What is said in Talk, for tests. All of it comes about through the actions."""

from partnerships.actions.talk import answer_entry, write_entry
from partnerships.models import TalkEntry
from partnerships.permissions import acting_participation
from tests.factories import NOON, make_project, other_side, person_on
from tests.partnerships.permits import other_partner

Kind = TalkEntry.Kind

WORDS = {
    "question": "Who orders the paper?",
    "decision": "We meet on the first Monday of each month.",
    "input": "Please print the second half in larger letters.",
    "note": "The clinic moves in May.",
    "concern": "I was shouted at in the meeting.",
}


def two(side, stage="deliver", **fields):
    """A project, a Lead of this side and one of the other."""
    project = make_project(stage=stage, **fields)
    return project, person_on(project, side), person_on(project, other_side(side))


def said(project, actor, kind="question", at=NOON, **words):
    """Somebody writes an entry of a kind."""
    values = {"text": WORDS[kind]}
    if kind in TalkEntry.TO_ONE and "asked" not in words:
        values["asked"] = other_partner(project, actor)
    return write_entry(project, kind=kind, **values | words, actor=actor, at=at)


def answered(entry, actor, text="We do, by Friday.", at=NOON, **words):
    """Somebody answers it."""
    return answer_entry(entry, text=text, **words, actor=actor, at=at)


def agreed(entry, actor, at=NOON):
    """Somebody agrees to a decision as it is worded now."""
    fresh = TalkEntry.objects.select_related("project").get(pk=entry.pk)
    return answer_entry(fresh, outcome="agreed", version=fresh.version, actor=actor, at=at)


def decided(project, actor, *others, at=NOON, **words):
    """A decision to which everybody who is named here has agreed."""
    entry = said(project, actor, "decision", at, **words)
    for other in others:
        agreed(entry, other, at)
    entry.refresh_from_db()
    return entry


def organisation_of(person, project):
    """The partner for which somebody acts."""
    return acting_participation(person, project).organisation
