"""Permissions to use a logo, asked for and given, for tests."""

import datetime as dt

from django.utils import timezone

from accounts.files import DOCX, JPEG, PDF, PNG
from partnerships.actions.uses import answer_permission, ask_permission, give_permission
from partnerships.permissions import acting_participation
from tests import files
from tests.factories import DAY, NOON
from tests.partnerships.contracts import checked

WORDS = {
    "what": "logo",
    "purpose": "To show that both of us wrote the booklet.",
    "place": "On the cover of the booklet, in print and as a PDF.",
}


def in_a_year():
    """A last day that lies ahead for the pages, whose clock is the real one."""
    return timezone.now().date() + 365 * DAY


def other_partner(project, person):
    """The first partner for which this person does not act."""
    own = acting_participation(person, project).organisation
    return project.participations.partners().exclude(organisation=own).order_by("pk").first().organisation


def asked(project, actor, at=NOON, **words):
    """Somebody asks another partner for the use of its logo."""
    values = {"giver": other_partner(project, actor), "until": in_a_year()} | WORDS | words
    return ask_permission(project, **values, actor=actor, at=at)


def offered(project, actor, at=NOON, **words):
    """Somebody gives another partner the use of their logo, unasked."""
    values = {"holder": other_partner(project, actor), "until": in_a_year()} | WORDS | words
    return give_permission(project, **values, actor=actor, at=at)


def given(project, actor, answerer, at=NOON, answer="given", **words):
    """Somebody asks, and the other side says yes."""
    conditions = words.pop("words", "Only in this edition." if answer == "conditions" else "")
    permission = asked(project, actor, at, **words)
    return answer_permission(permission, answer=answer, words=conditions, actor=answerer, at=at)


def an_item(content=None, name="cover.pdf"):
    """The exact item, as it went through the field."""
    return checked(content or files.PDF, name, kinds=(PDF, DOCX, PNG, JPEG))


def day_of(name, day: dt.date):
    """A day as a form posts it."""
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}
