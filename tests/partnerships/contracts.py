"""Contracts that tests start from. All of them come about through the actions."""

import datetime as dt
from decimal import Decimal

from accounts.days import local_day
from accounts.files import DOCX, JPEG, PDF, PNG, UploadField
from partnerships.actions.contract import (
    Proof,
    add_version,
    answer_checklist,
    approve_contract,
    confirm_rows,
    record_signature,
    sign_contract,
    start_amendment,
    start_contract,
    write_rows,
)
from partnerships.actions.interests import declare_none
from partnerships.checklist import Said, read_checklist
from partnerships.confirmations import rows_for
from partnerships.contract import NEEDED_ROWS, fingerprint, read_contract
from partnerships.interests import asked_people, read_declared
from partnerships.models import Contract, Project
from partnerships.models.interests import ASKED_IN
from partnerships.permissions import acting_participation, acting_people
from tests import files
from tests.factories import NOON, make_project, member_of, other_side, partner_of, person_on

TERMS = {
    "title": "Carer handbook, grant",
    "type": "grant",
    "amount": Decimal("12000.00"),
    "currency": "GBP",
    "starts_on": dt.date(2027, 1, 11),
    "ends_on": dt.date(2027, 6, 25),
}
WORDS = {code.value: f"In plain words: {code.value}." for code in NEEDED_ROWS}
TODAY = NOON.date()


def checked(content=files.PDF, name="contract.pdf", kinds=(PDF, DOCX)):
    """An upload that went through the field."""
    return UploadField(kinds=list(kinds)).clean(files.upload(content, name))


def people_of(side, **fields):
    """A project in Contract, a Lead of this side and one of the other."""
    project = make_project(stage="contract", **fields)
    return project, person_on(project, side), person_on(project, other_side(side))


def begun(project, actor, at=NOON, **values):
    """A contract that this person started; it says its terms and nothing else."""
    return start_contract(project, values=TERMS | values, actor=actor, at=at)


def all_declare(project, at=NOON):
    """Everybody who is asked on a project declares that they have no interests, if they have declared nothing yet."""
    for acting in asked_people(acting_people(project)):
        own = read_declared(project, acting.person)
        if own.newest is None:
            declare_none(project, number=0, actor=acting.person, at=at)


def nobody_is_asked(person, at=NOON):
    """Everybody on the projects of this person has declared their interests: what else waits for them?"""
    for project in Project.objects.visible_to(person).filter(stage__in=ASKED_IN):
        all_declare(project, at)
    return person


def complete(project, actor, at=NOON, **values):
    """A contract that can be signed."""
    all_declare(project, at)
    contract = begun(project, actor, at, **values)
    write_rows(contract, texts=WORDS, actor=actor, at=at)
    others_confirm(contract, at)
    add_version(contract, checked(), actor=actor, at=at)
    settle(contract, actor, at)
    contract.refresh_from_db()
    return contract


def others_confirm(contract, at=NOON):
    """Each side confirms the rows that the other one wrote; by a colleague who leaves after it (see `approve`)."""
    state = read_contract(Contract.objects.select_related("project").get(pk=contract.pk))
    for organisation in state.organisations:
        if rows_for(organisation, state.rows.values(), state.partners):
            colleague = member_of(organisation)
            confirm(contract, colleague, at)
            colleague.memberships.update(left_at=at)


def confirm(contract, actor, at=NOON):
    """Confirm all rows that wait for the side of somebody. Returns their codes."""
    state = read_contract(Contract.objects.select_related("project").get(pk=contract.pk))
    own = acting_participation(actor, state.contract.project).organisation
    rows = rows_for(own, state.rows.values(), state.partners)
    return confirm_rows(contract, read={row.code: fingerprint(row.text) for row in rows}, actor=actor, at=at)


def settle(contract, actor, at=NOON, **said):
    """Answer every required item that has no answer: met. `said`: what is said to some of them instead."""
    wanted = {line.item.code: Said("met") for line in read_checklist(contract).required if line.row is None}
    answer_checklist(contract, said=wanted | said, actor=actor, at=at)


def approver_of(contract, side="company"):
    """A Lead of the company who wrote nothing of the contract."""
    return member_of(partner_of(contract.project, side))


def approve(contract, actor=None, at=NOON, **values):
    """The company approves the newest version; by a colleague who leaves after it, where nobody is named here."""
    fresh = Contract.objects.select_related("project").get(pk=contract.pk)
    values = {"registration": "doctor", "approved_on": local_day(at, fresh.project.zone)} | values
    approver = actor or approver_of(fresh)
    approval = approve_contract(fresh, name=str(approver), actor=approver, at=at, **values)
    if actor is None:
        # Nobody else on the project: who is told and who is asked stays as it was.
        approver.memberships.update(left_at=at)
    return approval


def sign(contract, actor, at=NOON, **values):
    """Sign for one's organisation, once everybody there has declared their interests: on the page, or on paper.

    On paper where a day or a scan is given; it counts once the other side has confirmed it (`confirm_scan`).

    Where only this signature and the approval are missing, it is approved before.
    """
    all_declare(contract.project, at)
    fresh = Contract.objects.select_related("project").filter(pk=contract.pk).first()
    if fresh and fresh.needs_approval:
        _approve_before_the_last(read_contract(fresh), actor, at)
    if "scan" in values or "signed_on" in values:
        values = {"signer": str(actor), "signed_on": TODAY, "scan": a_scan()} | values
        return record_signature(contract, actor=actor, at=at, **values)
    return sign_here(contract, actor, at, **values)


def begin_work(project, *people, at=NOON):
    """Deliver begins: these people, one of each partner, sign a contract that is complete."""
    contract = complete(project, people[0], at)
    for person in people:
        sign(contract, person, at)
    project.refresh_from_db()


def signed_by_all(contract, *people, at=NOON):
    """These people, one of each partner, sign it: it counts."""
    others_confirm(contract, at)
    for person in people:
        sign(contract, person, at)
    contract.refresh_from_db()
    return contract


def amended_by(contract, actor, at=NOON, title="Six more months", **texts):
    """An amendment that this person started, and in which these rows say something else."""
    amendment = start_amendment(contract, title=title, actor=actor, at=at)
    if texts:
        write_rows(amendment, texts=texts, actor=actor, at=at)
    return amendment


def made_ready(contract, actor, at=NOON):
    """It has a file, its rows are confirmed, its checklist is settled: nothing but signatures is missing."""
    add_version(contract, checked(files.pdf(2, note=contract.title)), actor=actor, at=at)
    others_confirm(contract, at)
    settle(contract, actor, at)
    return contract


def sign_here(contract, actor, at=NOON, **values):
    """Sign on the page what stands there now."""
    fresh = Contract.objects.select_related("project").filter(pk=contract.pk).first() or contract
    content = read_contract(fresh).content
    values = {"signer": str(actor), "content": content, "proof": Proof("192.0.2.7", at)} | values
    return sign_contract(contract, actor=actor, at=at, **values)


def a_scan():
    return checked(files.jpeg(), "signed.jpg", kinds=(PDF, PNG, JPEG))


def _approve_before_the_last(state, actor, at):
    acting = acting_participation(actor, state.contract.project)
    is_last = acting is not None and state.unsigned == [acting.organisation]
    if is_last and state.lacks_approval and not state.missing():
        approve(state.contract, at=at)
