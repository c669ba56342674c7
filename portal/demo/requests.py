"""Two requests for funding: one that waits for the company, and a proposal of the company that became a project."""

import datetime as dt

from accounts.actions import change_organisation, record_bank_check
from accounts.days import local_day
from accounts.models import Organisation, Person
from partnerships.actions import funding
from partnerships.funding import mark_of
from partnerships.models import FundingRequest, FundingStep
from portal.demo import words

DAY = dt.timedelta(days=1)


def ask(cast, now: dt.datetime) -> None:
    """Tell both stories."""
    group, company = cast.organisations["larkfield-demo"], cast.organisations["aldermoor-demo"]
    asker, payer = cast.lead_of("larkfield-demo"), cast.lead_of("aldermoor-demo")
    profile = {
        "legal_name": "Larkfield Lupus Group CIO",
        "registration_number": "1160277",
        "policies": {"independence": "https://larkfield.demo.example/independence"},
    }
    change_organisation(group, values=profile, actor=asker, at=now - 90 * DAY)
    record_bank_check(group, checked_for=company, actor=payer, at=now - 80 * DAY)
    _send(group, asker, company, "Helpline at night", story="helpline", money="7500.00", now=now, days_ago=12)

    company, proposer = cast.organisations["kestrel-demo"], cast.lead_of("kestrel-demo")
    group, answerer = cast.organisations["northfen-demo"], cast.lead_of("northfen-demo")
    proposed = _send(
        company, proposer, group, "Heart walks", story="walks", money="5000.00", now=now, days_ago=20
    )
    funding.answer_request(
        proposed,
        answer=FundingStep.Kind.ACCEPTED,
        read=1,
        words="Yes, with pleasure. Our members choose the routes.",
        by_day=local_day(now + 20 * DAY, group.zone),
        actor=answerer,
        at=now - 16 * DAY,
    )


def _send(
    sender: Organisation,
    actor: Person,
    receiver: Organisation,
    title: str,
    *,
    story: str,
    money: str,
    now: dt.datetime,
    days_ago: int,
) -> FundingRequest:
    at = now - days_ago * DAY
    request = funding.start_request(title, sender=sender, receiver=receiver, actor=actor, at=at)
    start, end = (local_day(now + days * DAY, sender.zone).isoformat() for days in (60, 300))
    parts = {
        "why": words.WHY[story],
        "what": {f"activity_{n}": text for n, text in enumerate(words.ACTIVITIES[story], start=1)},
        "brings": {
            "group_time": "One day a week",
            "company_money": money,
            "company_currency": "GBP",
            "independence": words.INDEPENDENCE,
        },
        "when": {"starts_on": start, "ends_on": end, "rhythm": "6"},
    }
    for code, values in parts.items():
        request = funding.write_request(request, code, values=values, base=0, actor=actor, at=at)
    return funding.send_request(request, read=mark_of(request), actor=actor, at=at)
