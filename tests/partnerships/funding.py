"""Requests for funding, in every state, for tests. All of them come about through the actions."""

import datetime as dt

from partnerships.actions.funding import answer_request, send_request, start_request, write_request
from partnerships.funding import CODES, mark_of
from partnerships.models import FundingRequest
from tests.factories import DAY, NOON, PLAN, make_organisation, make_principles, member_of, other_side

WHY_NOT = "We fund no running costs."
QUESTION = "Who prints the booklet?"


def soon(at=NOON):
    """A day by which something comes."""
    return at.date() + 14 * DAY


def two(side):
    """An organisation of this side that others can find, with a Lead, and one of the other side with theirs."""
    make_principles()
    sender, receiver = (
        make_organisation(one, listed=True, legal_name="Legal Name Ltd", registration_number="1160277")
        for one in (side, other_side(side))
    )
    return sender, member_of(sender), receiver, member_of(receiver)


def drafted(sender, actor, receiver, at=NOON, *, title="Carer handbook", parts=CODES, **values):
    """A draft with these parts written."""
    request = start_request(title, sender=sender, receiver=receiver, actor=actor, at=at)
    for code in parts:
        said = values.get(code, PLAN[code])
        request = write_request(request, code, values=said, base=request.version_of(code), actor=actor, at=at)
    return request


def sent(sender, actor, receiver, at=NOON, *, words="", **more):
    return send(drafted(sender, actor, receiver, at, **more), actor, at, words=words)


def send(request, actor, at=NOON, *, words=""):
    request = FundingRequest.objects.get(pk=request.pk)
    return send_request(request, read=mark_of(request), words=words, actor=actor, at=at)


def answer(request, what, actor, at=NOON, **said):
    """Answer what was sent last, with what such an answer needs."""
    needed = {
        "accepted": {"by_day": soon(at)},
        "asked": {"words": QUESTION, "by_day": soon(at)},
        "declined": {"words": WHY_NOT, "reason": "own_rule"},
    }[what]
    read = request.steps.order_by("-number").first().number
    return answer_request(request, answer=what, **({"read": read} | needed | said), actor=actor, at=at)


def ahead(days=60):
    """A plan whose days lie ahead for the pages, whose clock is the real one."""
    today = dt.datetime.now(dt.UTC).date()
    return {
        "starts_on": (today + 30 * DAY).isoformat(),
        "ends_on": (today + (30 + days) * DAY).isoformat(),
        "rhythm": "6",
    }
