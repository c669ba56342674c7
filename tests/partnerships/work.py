"""Descriptions of how an organisation works, that tests start from. All of them come about through the actions."""

from partnerships.actions import how_we_work
from partnerships.actions.contract import send_contract
from partnerships.how_we_work import read_draft
from tests.factories import DAY, NOON, make_organisation, make_project, other_side, partner_of, person_on
from tests.partnerships.contracts import checked, complete, sign

STEPS = [
    {"what": "We answer your first call", "who": "Partnership lead", "days": 5, "measure": ""},
    {"what": "We answer your changes", "who": "Legal", "days": 10, "measure": "own"},
    {"what": "We sign", "who": "Compliance", "days": None, "measure": ""},
]
VALUES = {
    "contract_days": 30,
    "steps": STEPS,
    "apply": "Write to us by 1 March.",
    "never_funded": "Running costs.",
    "pays_time": True,
    "pays_travel": True,
    "pays_carers": False,
    "pays_legal": False,
    "payment_days": 20,
    "independence": "You decide on your words.",
    "contact": None,
    "contact_name": "Partnership desk",
    "contact_email": "desk@example.org",
}


def write(organisation, actor, at=NOON, **values):
    how_we_work.write_part(organisation, values=VALUES | values, actor=actor, at=at)


def publish(organisation, actor, at=NOON):
    content = read_draft(organisation).content
    return how_we_work.publish(organisation, content=content, actor=actor, at=at)


def described(organisation, actor, at=NOON, *, template=True, **values):
    """A published version, with one paper."""
    write(organisation, actor, at, **values)
    if template:
        how_we_work.add_paper(
            organisation, name="Budget", purpose="What it costs", upload=checked(), actor=actor, at=at
        )
    return publish(organisation, actor, at)


def signed_contract(organisation, partner, *, days=20, start=NOON):
    """A contract between these two that all sign so many days after it was started; half of them it lies with each."""
    sides = {organisation.kind: [organisation], partner.kind: [partner]}
    project = make_project(stage="contract", groups=sides["group"], companies=sides["company"])
    ours, theirs = person_on(project, organisation.kind), person_on(project, partner.kind)
    contract = complete(project, theirs, at=start)
    send_contract(contract, to=organisation, actor=theirs, at=start + days / 2 * DAY)
    for person in (ours, theirs):
        sign(contract, person, at=start + days * DAY)
    contract.refresh_from_db()
    assert contract.signed_at
    return contract


def measured(organisation, *, contracts=3, partners=2, days=20):
    """So many signed contracts, with so many partners. The partners are returned."""
    others = [make_organisation(other_side(organisation.kind)) for _number in range(partners)]
    for number in range(contracts):
        signed_contract(organisation, others[number % partners], days=days + number * 7)
    return others


__all__ = ["STEPS", "VALUES", "described", "measured", "partner_of", "publish", "signed_contract", "write"]
