"""Whatever people do to a contract, in any order: nothing is delivered unapproved, nothing stands on a changed text."""

import datetime as dt
from contextlib import suppress

import pytest
from django.db import transaction
from hypothesis import HealthCheck
from hypothesis import settings as modest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from partnerships.actions.contract import (
    CannotApprove,
    CannotConfirmRow,
    CannotSign,
    ClearsSignatures,
    ContractIsClosed,
    add_version,
    approve_contract,
    change_kind,
    confirm_scan,
    record_signature,
    remove_signature,
    send_contract,
    write_rows,
)
from partnerships.contract import read_contract
from partnerships.models import Contract, Project
from tests import files
from tests.factories import NOON
from tests.partnerships.contracts import (
    TODAY,
    a_scan,
    all_declare,
    approver_of,
    checked,
    complete,
    confirm,
    people_of,
    sign_here,
)

REFUSED = (CannotApprove, CannotConfirmRow, CannotSign, ContractIsClosed, ClearsSignatures)
pytestmark = pytest.mark.django_db

PEOPLE = st.sampled_from(["group", "company", "colleague"])


class Contracts(RuleBasedStateMachine):
    """A grant, and everything that a group, a company and its colleague may do to it."""

    def __init__(self):
        super().__init__()
        # Each run starts from an empty database.
        self.run = transaction.atomic()
        self.run.__enter__()
        self.project, group, company = people_of("group")
        self.at, self.texts = NOON, 0
        self.contract = complete(self.project, company)
        self.people = {"group": group, "company": company, "colleague": approver_of(self.contract)}
        all_declare(self.project)

    def teardown(self):
        transaction.set_rollback(True)
        self.run.__exit__(None, None, None)

    @property
    def state(self):
        return read_contract(Contract.objects.select_related("project").get(pk=self.contract.pk))

    def knows(self, told):
        return self.state.clears if told else ()

    def doing(self):
        """Each step comes a minute later; what is refused changes nothing, which the invariants see."""
        self.at += dt.timedelta(minutes=1)
        all_declare(self.project)
        return suppress(*REFUSED)

    @rule(who=PEOPLE, told=st.booleans())
    def upload(self, who, told):
        self.texts += 1
        with self.doing():
            upload = checked(files.pdf(1, note=str(self.texts)))
            add_version(self.contract, upload, knows=self.knows(told), actor=self.people[who], at=self.at)

    @rule(who=PEOPLE, told=st.booleans())
    def write(self, who, told):
        self.texts += 1
        with self.doing():
            write_rows(
                self.contract, texts={"why": f"Because {self.texts}."}, knows=self.knows(told),
                actor=self.people[who], at=self.at,
            )  # fmt: skip

    @rule(who=PEOPLE)
    def understand(self, who):
        with self.doing():
            confirm(self.contract, self.people[who], self.at)

    @rule(kind=st.sampled_from(["grant", "donation"]))
    def change_the_kind(self, kind):
        with self.doing():
            change_kind(
                self.contract, kind=kind, reason="As agreed.", knows=self.knows(True),
                actor=self.people["group"], at=self.at,
            )  # fmt: skip

    @rule(who=PEOPLE)
    def approve(self, who):
        with self.doing():
            approve_contract(
                self.contract, name="Ada", registration="doctor", approved_on=TODAY,
                actor=self.people[who], at=self.at,
            )  # fmt: skip

    @rule(who=PEOPLE)
    def sign_on_the_page(self, who):
        with self.doing():
            sign_here(self.contract, self.people[who], self.at)

    @rule()
    def both_sign_on_the_page(self):
        for who in ("group", "company"):
            self.understand(who)
        for who in ("group", "company"):
            self.sign_on_the_page(who)

    @rule(who=PEOPLE)
    def sign_on_paper(self, who):
        with self.doing():
            record_signature(
                self.contract,
                signer="Ada",
                signed_on=TODAY,
                scan=a_scan(),
                actor=self.people[who],
                at=self.at,
            )

    @rule(who=PEOPLE)
    def confirm(self, who):
        for signature in self.state.unconfirmed:
            with self.doing():
                confirm_scan(self.contract, signature, actor=self.people[who], at=self.at)

    @rule(who=PEOPLE)
    def open_again(self, who):
        with self.doing():
            remove_signature(self.contract, actor=self.people[who], at=self.at)

    @rule(who=PEOPLE)
    def send(self, who):
        state = self.state
        others = [one for one in state.organisations if state.turn and one != state.turn.organisation]
        holder = {"group": "group"}.get(who, "company")
        if others and state.turn.organisation.kind == holder:
            with self.doing():
                send_contract(self.contract, to=others[0], actor=self.people[who], at=self.at)

    @invariant()
    def nothing_is_delivered_unsigned_or_unapproved(self):
        state, project = self.state, Project.objects.get(pk=self.project.pk)
        done = project.stage == "deliver"
        assert done == (state.contract.signed_at is not None)
        whole = not state.unsigned and not state.unconfirmed and not state.lacks_approval
        assert done == whole

    @invariant()
    def whatever_was_given_is_for_what_stands_there(self):
        state = self.state
        for given in [*state.signed_by, *([state.approval] if state.approval else [])]:
            assert (given.version, given.sha256, given.content) == (
                state.newest, state.newest.sha256, state.content,
            )  # fmt: skip

    @invariant()
    def whatever_was_given_is_for_words_that_the_other_side_confirmed(self):
        state = self.state
        if state.signed_by or state.approval:
            for row in state.rows.values():
                assert not row.text or row.confirmed_for.kind not in ("", row.side)

    @invariant()
    def nobody_approved_their_own_version_and_it_lies_with_one(self):
        state = self.state
        if state.approval:
            assert state.approval.approved_by_id != state.approval.version.uploaded_by_id
            assert state.contract.approved_at is not None
        open_turns = [turn for turn in state.turns if turn.until is None]
        assert len(open_turns) == (0 if state.contract.signed_at else 1)


def test_no_sequence_of_actions_delivers_the_unapproved_or_leaves_a_signature_on_a_changed_text(
    settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path / "files"
    run_state_machine_as_test(
        Contracts,
        settings=modest(
            max_examples=6,
            stateful_step_count=12,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
