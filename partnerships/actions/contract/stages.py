"""What a contract does with the stages of its project."""

import datetime as dt

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import Person
from partnerships.actions.contract.shared import pass_turn
from partnerships.actions.stages import BLOCKS, ENTERED, GATES
from partnerships.actions.turns import give_turn, take_turn
from partnerships.contract import read_gaps
from partnerships.frame import partners_of
from partnerships.models import Project, Turn

Stage = Project.Stage


def _has_open(project):
    return project.contracts.filter(signed_at=None).exists()


def ask_for_contract(project: Project, *, actor: Person | None, at: dt.datetime) -> None:
    """The plan is agreed: as long as nobody has started the contract, it is every partner's turn to."""
    if not _has_open(project):
        for partner in project.participations.partners().select_related("organisation"):
            give_turn(project, partner.organisation, Turn.Kind.CONTRACT, at=at, ref="1")


def wait_for_plan(project: Project, *, actor: Person | None, at: dt.datetime) -> None:
    """The plan is open again: nobody has to start a contract now."""
    if not _has_open(project):
        take_turn(project, Turn.Kind.CONTRACT, at=at)


def let_go(project: Project, *, actor: Person | None, at: dt.datetime) -> None:
    """The project is over: a contract or amendment that is not signed lies with nobody."""
    for contract in project.contracts.filter(signed_at=None).order_by("number"):
        pass_turn(contract, None, at=at)
    take_turn(project, Turn.Kind.CONTRACT, at=at)


def contract_blocks(project: Project) -> list[str]:
    """Why Contract has not ended, as sentences."""
    gaps = read_gaps(project, partners_of(project))
    if gaps is None:
        return [_("Nobody has started the contract.")]
    reasons, unsigned = gaps
    if unsigned:
        names = get_text_list([organisation.name for organisation in unsigned], _("and"))
        reasons.append(_("The contract waits for the signature of {names}.").format(names=names))
    return reasons


def start_gate(project: Project) -> list[str]:
    """Why a project can't begin to deliver: no contract that all have signed, approved where its kind needs that."""
    if project.contracts.filter(signed_at__isnull=False).exists():
        # That what is signed is approved is kept by a constraint of the database.
        return []
    return contract_blocks(project)


ENTERED[Stage.CONTRACT].append(ask_for_contract)
ENTERED[Stage.AGREE].append(wait_for_plan)
ENTERED[Stage.WITHDRAWN].append(let_go)
ENTERED[Stage.COMPLETED].append(let_go)
BLOCKS[Stage.CONTRACT].append(contract_blocks)
GATES[Stage.DELIVER].append(start_gate)
