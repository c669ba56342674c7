"""The history of a project in sentences. A verb without a sentence says that something changed, and nothing technical."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from accounts.models import Event, Organisation
from partnerships.models import ClosingAgreement, Contract, Project
from partnerships.rulesets.plan import PARTS

STAGE_CHANGED = "project.stage_changed"

# Verb of an event → sentence. Names in braces: who, organisation, part, before, after, reason, version, number, kind,
# title, why.
SENTENCES = {
    # Projects
    "project.started": __("{who} started the project."),
    "project.renamed": __("{who} gave the project another name: {after}."),
    "project.partner_joined": __("{organisation} takes part."),
    "project.agency_joined": __("{organisation} is let in as an agency for {after}."),
    "project.partner_invited": __("{who} invited {after}."),
    "project.partner_not_coming": __("{after} does not take part."),
    STAGE_CHANGED: __("The project went from {before} to {after}."),
    "project.closing_proposed": __("{who} proposed to close the project early: {reason}."),
    "project.closing_agreed": __("{who} agreed to close the project early."),
    "project.kept_open": __("{who} kept the project open."),
    "project.closed_early": __("Everybody agreed: the project ended on {after}."),
    "project.withdrawn": __("{who} withdrew the project: {reason}."),
    "project.result_recorded": __("{who} recorded the result for patients: {after}."),
    "project.closed_one_sided": __("The project was completed, reviewed by one side."),
    "person.named": __("{who} acts for {organisation} here."),
    "person.chose_side": __("{who} chose to act for {organisation} on this project."),
    # The plan
    "plan.saved": __("{who} wrote “{part}”."),
    "plan.sent": __("{who} sent the plan."),
    "plan.agreed": __("{who} agreed to “{part}”."),
    "plan.suggested": __("{who} suggested a change of “{part}”."),
    "plan.suggestion_accepted": __("{who} accepted the change of “{part}”."),
    "plan.suggestion_declined": __("{who} kept “{part}” as it was."),
    "plan.suggestion_taken_back": __("{who} took the suggested change of “{part}” back."),
    # More time
    "time.asked": __("{who} asked for time until {after}."),
    "time.accepted": __("The date moved from {before} to {after}."),
    "time.declined": __("The date stays {before}."),
    # The contract
    "contract.started": __("{who} started the contract."),
    "contract.changed": __("{who} changed the contract."),
    "contract.kind_changed": __("{who} changed the kind of the contract from {before} to {after}: {why}"),
    "contract.checked": __("{who} answered items of the checklist of the contract."),
    "contract.row_written": __("{who} wrote about the contract in plain words."),
    "contract.version_added": __("{who} added version {version} of the contract."),
    "contract.turn_given": __("{who} handed the contract over."),
    "contract.signed": __("{who} recorded the signature of {organisation}."),
    "contract.signature_removed": __("{who} took the signature of {organisation} back."),
    "contract.signatures_cleared": __("The contract changed: signatures start again."),
    "contract.version_clean": __("Version {version} of the contract was checked for viruses."),
    "contract.version_removed": __("The virus scanner removed version {version} of the contract."),
    "contract.scan_removed": __("The virus scanner removed a signed copy of {organisation}."),
    "contract.dropped": __("{who} dropped the contract “{title}”: {why}"),
    "contract.completed": __("The contract is signed by all."),
    # Interests
    "interest.declared": __("{who} declared their interests."),
    "interest.confirmed": __("{who} said that nothing has changed in their interests."),
    "interest.absent": __("{who} noted that a colleague can’t be asked about their interests."),
    "interest.asked_again": __("Everybody is asked about their interests again."),
    "interest.decided": __("{who} wrote down what was decided about an interest."),
    "interest.decision_agreed": __("{who} agreed to what was decided about an interest."),
    # Reviews
    "review.sent": __("{organisation} sent its review."),
    "review.reopened": __("{organisation} reopened its review."),
    "review.shared": __("{organisation} shared its review before the others had sent theirs."),
    "review.excused": __("{organisation} was excused from its review by all who have sent."),
    "review.close_chosen": __("{organisation} agreed to close without the missing reviews."),
    "review.excuse_chosen": __("{organisation} agreed to excuse somebody who has not sent a review."),
    "review.withdraw_chosen": __("{organisation} agreed to withdraw the project while reviews are sealed."),
    "review.choice_declined": __("{organisation} said no to what was asked of the senders."),
    "review.keeps_waiting": __("{organisation} keeps waiting for the other reviews."),
    "review.shown_to_readers": __("{who} showed the draft of the review to Readers."),
    "review.hidden_from_readers": __("{who} hid the draft of the review from Readers."),
    "reviews.opened": __("All reviews were opened."),
    "results.replied": __("{who} replied to the results."),
    # Conclusion and promises
    "conclusion.started": __("{who} started the joint conclusion."),
    "conclusion.changed": __("{who} changed the joint conclusion."),
    "conclusion.sent": __("{who} handed the joint conclusion over."),
    "conclusion.taken_back": __("{who} took the joint conclusion back to change it."),
    "conclusion.pen_taken": __("{who} took over the joint conclusion, which {before} had let lie."),
    "conclusion.signed": __("{who} signed the joint conclusion for {organisation}."),
    "conclusion.signatures_cleared": __("The joint conclusion changed: signatures start again."),
    "conclusion.completed": __("The joint conclusion is signed by both sides."),
    "promise.made": __("{who} made a promise."),
    "promise.done": __("{who} marked a promise as done."),
    "promise.dropped": __("{who} dropped a promise, with a reason."),
    "promise.handed_over": __("A promise of {organisation} went to a colleague of whoever gave it."),
    "promise.moved": __("{who} moved the day of a promise."),
    "learnings.carried": __("Learnings from earlier projects were brought in."),
    "transfers.imported": __("Payments were read from a published list."),
}
ANYTHING = __("Something changed on this project.")

_STAGES = dict(Project.Stage.choices)
_RESULTS = dict(Project.Result.choices)
_KINDS = dict(Contract.Type.choices)
_REASONS = dict(Project.WithdrawReason.choices) | dict(ClosingAgreement.Reason.choices)
_PARTS = {part.code: part.label for part in PARTS}


@dataclass(frozen=True)
class Line:
    """One line of history to read."""

    at: dt.datetime
    text: str
    organisation: Organisation | None = None


def events_of(project: Project, organisations, *, limit: int, contracts: bool = True) -> QuerySet[Event]:
    """The newest lines that members of these organisations may read, and every change of stage, in one query.

    Arguments:
        contracts: whether lines about contracts are among them, and about interests, which are declared before one is
            signed. Agencies know nothing of contracts.
    """
    readable = Event.objects.of_project(project.reference, organisations)
    if not contracts:
        readable = readable.exclude(Q(verb__startswith="contract.") | Q(verb__startswith="interest."))
    newest = readable.values("pk")[:limit]
    return readable.filter(Q(verb=STAGE_CHANGED) | Q(pk__in=newest)).select_related("actor", "organisation")


def line_of(event: Event) -> Line:
    """An event as a sentence."""
    words = {
        "who": _who(event),
        "organisation": event.organisation.name if event.organisation else _("An organisation"),
        **{name: _word(event.verb, name, value) for name, value in event.detail.items()},
    }
    try:
        text = str(SENTENCES[event.verb]).format_map(words)
    except KeyError:
        # No sentence for this verb, or an older line that lacks a detail.
        text = str(ANYTHING)
    return Line(event.at, text, event.organisation)


def _who(event):
    if event.actor is None:
        return _("The system")
    if event.organisation is None:
        return str(event.actor)
    return _("{person} ({organisation})").format(person=event.actor, organisation=event.organisation.name)


def _word(verb, name, value):
    if name == "part":
        return str(_PARTS.get(value, value))
    if name == "reason":
        return str(_REASONS.get(value, value))
    if name in ("before", "after"):
        if verb == STAGE_CHANGED:
            return str(_STAGES.get(value, value))
        if verb == "project.result_recorded":
            return str(_RESULTS.get(value, value))
        if verb == "contract.kind_changed":
            return str(_KINDS.get(value, value))
        try:
            return date_format(dt.date.fromisoformat(str(value)), "l j F Y")
        except ValueError:
            return str(value)
    return str(value)
