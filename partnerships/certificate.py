"""The certificate of a contract that all have signed: what it was, who approved and signed it, and how it came about."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.audit import subject_of
from accounts.models import Event, Organisation, Person
from partnerships.contract import ContractState, label_of_place
from partnerships.models import ContractSignature, ContractVersion, Participation
from partnerships.side_by_side import SideBySide, side_by_side

# What the history says of a contract that belongs into its trail, in words of its own: the names stand beside it.
TRAIL = {
    "contract.started": gettext_lazy("Started the contract"),
    "contract.amendment_started": gettext_lazy("Started the amendment"),
    "contract.changed": gettext_lazy("Changed title, amount or dates"),
    "contract.kind_changed": gettext_lazy("Changed the kind of contract"),
    "contract.row_written": gettext_lazy("Wrote in plain words: {rows}"),
    "contract.taken_up": gettext_lazy("Took up what another amendment changed: {places}"),
    "contract.version_added": gettext_lazy("Added version {version} of the file"),
    "contract.version_removed": gettext_lazy("The virus scanner removed version {version}"),
    "contract.approved": gettext_lazy("Approved version {version}, as {registration}"),
    "contract.approval_cleared": gettext_lazy("A change cleared the approval of version {version}"),
    "contract.signed": gettext_lazy("Signed version {version}, {how}"),
    "contract.scan_confirmed": gettext_lazy("Confirmed the signed copy of {signed_by}"),
    "contract.scan_removed": gettext_lazy("The virus scanner removed the signed copy"),
    "contract.signature_removed": gettext_lazy("Took the signature back"),
    "contract.signatures_cleared": gettext_lazy("A change cleared the signatures"),
    "contract.completed": gettext_lazy("Signed by all"),
}
# At the same instant: what somebody did, then where that took the contract, then that it is finished.
FIRST, THEN, LAST = range(3)


@dataclass(frozen=True)
class Step:
    """One step on the way of a contract.

    Attributes:
        sha256: of the file that the step is about, where it is about one.
        person, organisation: who did it, and for whom; none where it followed by itself.
    """

    at: dt.datetime
    text: str
    sha256: str = ""
    person: Person | None = None
    organisation: Organisation | None = None


@dataclass(frozen=True)
class Certificate:
    """All that a certificate says beside the contract itself.

    Attributes:
        version: the file that was signed.
        content: the fingerprint of all that was signed.
        is_intact: whether approval and signatures are for what the contract says now, as far as they kept that.
        signatures: in the order in which they were given.
        registration: what the approver is registered as, in words.
        trail: the oldest step first.
        side_by_side: what an amendment changes; None of what amends nothing.
    """

    version: ContractVersion
    content: str
    is_intact: bool
    signatures: list[ContractSignature]
    registration: str
    trail: list[Step]
    side_by_side: SideBySide | None


def read_certificate(state: ContractState) -> Certificate:
    """Read the certificate of a contract that all have signed, in one query besides those of the contract."""
    version, content = state.newest, state.content
    # Also of a partner that has left since.
    signatures = sorted(state.signatures.values(), key=lambda one: (one.recorded_at, one.pk))
    given = [*signatures, *([state.approval] if state.approval else [])]
    return Certificate(
        version=version,
        content=content,
        # Before fingerprints were kept, a signature on paper had none.
        is_intact=all(
            one.content in ("", content) and one.sha256 in ("", version.sha256 if version else "")
            for one in given
        ),
        signatures=signatures,
        registration=_registration(state, state.approval.registration if state.approval else ""),
        trail=read_trail(state),
        side_by_side=side_by_side(state),
    )


def shows_addresses_to(state: ContractState, acting: Participation, verbs: Collection[str]) -> bool:
    """Whether somebody who may read a certificate also reads from which network addresses it was signed.

    An address is about a person. It is for the organisations whose signatures it proves, and there for those who sign
    or work for them: not for whoever only looks, nor for a partner that joined later.

    Arguments:
        acting: the participation for which they act.
        verbs: what they may do there.
    """
    return acting.organisation_id in state.signatures and "record_signature" in verbs


def read_trail(state: ContractState) -> list[Step]:
    """How a contract came about, the oldest step first: from the history, and from where it lay when."""
    events = list(
        Event.objects.filter(subject=subject_of(state.contract), verb__in=[*TRAIL, "contract.turn_given"])
        .select_related("actor", "organisation")
        .order_by("at", "pk")
    )
    handed = {(event.at, event.detail.get("to")): event for event in events}
    found = [
        (event.at, LAST if event.verb == "contract.completed" else FIRST, _step_of(event, state))
        for event in events
        if event.verb in TRAIL
    ]
    # It lay with whoever started it before it went anywhere.
    for turn in state.turns[1:]:
        event = handed.get((turn.since, turn.organisation.slug))
        text = _("Handed over to {name}") if event else _("Went to {name}")
        step = Step(
            turn.since,
            text.format(name=turn.organisation.name),
            person=event.actor if event else None,
            organisation=event.organisation if event else None,
        )
        found.append((turn.since, THEN, step))
    # Sorted by time alone: what the history has in order stays so.
    return [step for _at, _rank, step in sorted(found, key=lambda one: one[:2])]


def _step_of(event, state):
    detail = event.detail
    names = {one.slug: one.name for one in _everybody(state)}
    labels = {name: [label_of_place(code) for code in detail.get(name, ())] for name in ("rows", "places")}
    words = {
        "version": detail.get("version", ""),
        "rows": ", ".join(labels["rows"]),
        "places": ", ".join(labels["places"]),
        "registration": _registration(state, detail.get("registration", "")),
        "how": _("on the page") if detail.get("how") == ContractSignature.Method.PAGE else _("on paper"),
        "signed_by": names.get(detail.get("signed_by"), _("the other side")),
    }
    return Step(
        event.at,
        str(TRAIL[event.verb]).format(**words),
        sha256=detail.get("sha256", ""),
        person=event.actor,
        organisation=event.organisation,
    )


def _everybody(state):
    return [*state.organisations, *(one.organisation for one in state.signatures.values())]


def _registration(state, code):
    if not code or not state.checklist:
        return code
    return state.checklist.rules.registration_name(code)
