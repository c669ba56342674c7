"""A contract as it stands: read once, asked by actions and pages."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.days import local_day
from accounts.models import Organisation
from partnerships.models import (
    Contract,
    ContractRow,
    ContractSignature,
    ContractTurn,
    ContractVersion,
    FileState,
    Participation,
    Project,
)

Code = ContractRow.Code

TERMS = ("title", "type", "amount", "currency", "starts_on", "ends_on")
# The ninth row says itself what was signed and when: the signatures stand in it.
NEEDED_ROWS = [code for code in Code if code != Code.SIGNED]


def fingerprint(value) -> str:
    """A short name for a value, for forms to carry: it tells whether somebody changed it since it was read."""
    words = json.dumps("" if value is None else str(value))
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def fingerprints(values: Mapping[str, object]) -> dict[str, str]:
    """The fingerprint of each value, by its name."""
    return {name: fingerprint(value) for name, value in values.items()}


@dataclass
class ContractState:
    """What a contract says, where it lies, what it needs and who has signed."""

    contract: Contract
    partners: list[Participation]
    rows: dict[str, ContractRow]
    # The newest first.
    versions: list[ContractVersion]
    turns: list[ContractTurn]
    signatures: dict[int, ContractSignature]

    @property
    def organisations(self) -> list[Organisation]:
        return [participation.organisation for participation in self.partners]

    @property
    def newest(self) -> ContractVersion | None:
        return self.versions[0] if self.versions else None

    @property
    def turn(self) -> ContractTurn | None:
        """With whom the contract lies now; nobody once it is signed by all."""
        return next((turn for turn in self.turns if turn.until is None), None)

    @property
    def terms(self) -> dict[str, object]:
        return {name: getattr(self.contract, name) for name in TERMS}

    @property
    def words(self) -> dict[str, str]:
        """What each of the nine rows says."""
        return {code.value: self.rows[code].text if code in self.rows else "" for code in Code}

    @property
    def content(self) -> str:
        """The fingerprint of all that is signed: terms, words and the newest file."""
        whole = fingerprints(self.terms) | fingerprints(self.words)
        return fingerprint([*whole.items(), self.newest.number if self.newest else 0])

    @property
    def unsigned(self) -> list[Organisation]:
        """Partners whose signature is missing."""
        return [organisation for organisation in self.organisations if organisation.pk not in self.signatures]

    @property
    def signed_by(self) -> list[ContractSignature]:
        """The signatures there are, in the order of the partners."""
        return [
            self.signatures[partner.pk] for partner in self.organisations if partner.pk in self.signatures
        ]

    def missing(self) -> list[str]:
        """What the contract needs before anybody can sign, as sentences; empty when it is complete."""
        sentences = []
        if self.contract.starts_on is None or self.contract.ends_on is None:
            sentences.append(_("Say when it starts and ends."))
        empty = [code for code in NEEDED_ROWS if not self.words[code]]
        sentences += [_("“{row}” says nothing yet.").format(row=code.label) for code in empty]
        if self.newest is None:
            sentences.append(_("There is no file yet."))
        elif self.newest.state == FileState.HELD:
            sentences.append(_("The newest file is not checked for viruses yet."))
        elif self.newest.state == FileState.REMOVED:
            sentences.append(_("The newest file was removed by the virus scanner."))
        return sentences

    def days(self, *, at: dt.datetime) -> dict[int, int]:
        """Calendar days that the contract lay with each partner, in the project's zone. Those it never lay with: 0."""
        zone = self.contract.project.zone
        days = {organisation.pk: 0 for organisation in self.organisations}
        for turn in self.turns:
            spent = (local_day(turn.until or at, zone) - local_day(turn.since, zone)).days
            days[turn.organisation_id] = days.get(turn.organisation_id, 0) + spent
        return days

    def days_of_side(self, side: str, *, at: dt.datetime) -> int:
        """The same for a whole side."""
        days = self.days(at=at)
        return sum(days[partner.organisation_id] for partner in self.partners if partner.side == side)

    def days_now(self, *, at: dt.datetime) -> int:
        """Calendar days for which it has lain where it lies now."""
        zone = self.contract.project.zone
        return (local_day(at, zone) - local_day(self.turn.since, zone)).days if self.turn else 0


def read_contract(contract: Contract) -> ContractState:
    """Read a contract, in five queries however many rows, versions and turns it has."""
    project = contract.project
    partners = project.participations.partners().select_related("organisation").order_by("side", "pk")
    return ContractState(
        contract=contract,
        partners=list(partners),
        rows={row.code: row for row in contract.rows.all()},
        versions=list(
            contract.versions.select_related("organisation", "uploaded_by").order_by("-number", "-pk")
        ),
        turns=list(contract.turns.select_related("organisation").order_by("since", "pk")),
        signatures={
            signature.organisation_id: signature
            for signature in contract.signatures.select_related("organisation", "recorded_by")
        },
    )


def open_contract(project: Project) -> Contract | None:
    """The contract of a project that is not signed by all yet. There is one at most."""
    return project.contracts.filter(signed_at=None).order_by("-number").first()
