"""The history of a project in sentences. A verb without a sentence says that something changed, and nothing technical."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Event, Organisation, Person
from partnerships.models import ClosingAgreement, Contract, Project
from partnerships.rulesets.plan import PARTS
from partnerships.talk import concerns_read, hidden_history

STAGE_CHANGED = "project.stage_changed"

# Verb of an event → sentence. Names in braces: who, organisation, part, before, after, reason, version, number, kind,
# title, why.
SENTENCES = {
    # Projects
    "project.started": gettext_lazy("{who} started the project."),
    "project.from_request": gettext_lazy(
        "{who} said yes to what {after} had sent: its words fill in the plan."
    ),
    "project.renamed": gettext_lazy("{who} gave the project another name: {after}."),
    "project.partner_joined": gettext_lazy("{organisation} takes part."),
    "project.agency_joined": gettext_lazy("{organisation} is let in as an agency for {after}."),
    "project.agency_briefed": gettext_lazy("{who} wrote down what {after} does here."),
    "project.agency_removed": gettext_lazy("{who} removed {after} from the project. What it held: {why}"),
    "project.partner_invited": gettext_lazy("{who} invited {after}."),
    "project.partner_not_coming": gettext_lazy("{after} does not take part."),
    STAGE_CHANGED: gettext_lazy("The project went from {before} to {after}."),
    "project.closing_proposed": gettext_lazy("{who} proposed to close the project early: {reason}."),
    "project.closing_agreed": gettext_lazy("{who} agreed to close the project early."),
    "project.kept_open": gettext_lazy("{who} kept the project open."),
    "project.closed_early": gettext_lazy("Everybody agreed: the project ended on {after}."),
    "project.withdrawn": gettext_lazy("{who} withdrew the project: {reason}."),
    "project.result_recorded": gettext_lazy("{who} recorded the result for patients: {after}."),
    "project.closed_one_sided": gettext_lazy("The project was completed, reviewed by one side."),
    "person.named": gettext_lazy("{who} acts for {organisation} here."),
    "person.chose_side": gettext_lazy("{who} chose to act for {organisation} on this project."),
    # The plan
    "plan.saved": gettext_lazy("{who} wrote “{part}”."),
    "plan.sent": gettext_lazy("{who} sent the plan."),
    "plan.agreed": gettext_lazy("{who} agreed to “{part}”."),
    "plan.suggested": gettext_lazy("{who} suggested a change of “{part}”."),
    "plan.suggestion_accepted": gettext_lazy("{who} accepted the change of “{part}”."),
    "plan.suggestion_declined": gettext_lazy("{who} kept “{part}” as it was."),
    "plan.suggestion_taken_back": gettext_lazy("{who} took the suggested change of “{part}” back."),
    # More time
    "turn.nudged": gettext_lazy("{who} asked how it goes."),
    "time.asked": gettext_lazy("{who} asked for time until {after}."),
    "time.accepted": gettext_lazy("The date moved from {before} to {after}."),
    "time.declined": gettext_lazy("The date stays {before}."),
    # The contract
    "contract.started": gettext_lazy("{who} started the contract."),
    "contract.amendment_started": gettext_lazy("{who} started an amendment of the contract."),
    "contract.taken_up": gettext_lazy("{who} took up in an amendment what another one had changed."),
    "contract.changed": gettext_lazy("{who} changed the contract."),
    "contract.kind_changed": gettext_lazy(
        "{who} changed the kind of the contract from {before} to {after}: {why}"
    ),
    "contract.checked": gettext_lazy("{who} answered items of the checklist of the contract."),
    "contract.row_written": gettext_lazy("{who} wrote about the contract in plain words."),
    "contract.rows_confirmed": gettext_lazy("{who} confirmed rows of the contract in plain words."),
    "contract.row_commented": gettext_lazy("{who} left a comment on the contract in plain words."),
    "contract.comment_changed": gettext_lazy("{who} changed their comment on the contract."),
    "contract.comment_withdrawn": gettext_lazy("{who} withdrew a comment on the contract."),
    "contract.question_asked": gettext_lazy("{who} asked what is not understood in the contract."),
    "contract.question_answered": gettext_lazy("{who} answered a question about the contract."),
    "contract.question_settled": gettext_lazy("{who} said that a question about the contract is settled."),
    "contract.version_added": gettext_lazy("{who} added version {version} of the contract."),
    "contract.turn_given": gettext_lazy("{who} handed the contract over."),
    "contract.given": gettext_lazy("{who} said which colleague has the contract."),
    "contract.given_back": gettext_lazy("{who} took the contract back from a colleague."),
    "contract.signed": gettext_lazy("{who} recorded the signature of {organisation}."),
    "contract.scan_confirmed": gettext_lazy("{who} confirmed a signed copy of the other side."),
    "contract.signature_removed": gettext_lazy("{who} took the signature of {organisation} back."),
    "contract.signatures_cleared": gettext_lazy("The contract changed: signatures start again."),
    "contract.approved": gettext_lazy("{who} approved version {version} of the contract."),
    "contract.approval_cleared": gettext_lazy(
        "The contract changed: the approval of version {version} counts no more."
    ),
    "contract.version_clean": gettext_lazy("Version {version} of the contract was checked for viruses."),
    "contract.version_removed": gettext_lazy("The virus scanner removed version {version} of the contract."),
    "contract.scan_removed": gettext_lazy("The virus scanner removed a signed copy of {organisation}."),
    "contract.dropped": gettext_lazy("{who} dropped the contract “{title}”: {why}"),
    "contract.completed": gettext_lazy("The contract is signed by all."),
    # Interests
    "interest.declared": gettext_lazy("{who} declared their interests."),
    "interest.confirmed": gettext_lazy("{who} said that nothing has changed in their interests."),
    "interest.absent": gettext_lazy("{who} noted that a colleague can’t be asked about their interests."),
    "interest.asked_again": gettext_lazy("Everybody is asked about their interests again."),
    "interest.decided": gettext_lazy("{who} wrote down what was decided about an interest."),
    "interest.decision_agreed": gettext_lazy("{who} agreed to what was decided about an interest."),
    # Names and logos
    "permission.asked": gettext_lazy("{who} asked for permission to use something of {after}."),
    "permission.offered": gettext_lazy("{who} gave {after} permission to use something, unasked."),
    "permission.given": gettext_lazy("{who} gave the permission that {after} had asked for."),
    "permission.conditions": gettext_lazy(
        "{who} gave the permission that {after} had asked for, with conditions."
    ),
    "permission.refused": gettext_lazy("{who} refused the permission that {after} had asked for."),
    "permission.ended": gettext_lazy("{who} ended a permission: {why}"),
    "permission.file_clean": gettext_lazy("A file of a permission was checked for viruses."),
    "permission.file_removed": gettext_lazy("The virus scanner removed a file of a permission."),
    # Check-ins
    "check_in.opened": gettext_lazy("Check-in {number} opened."),
    "check_in.added": gettext_lazy("{who} added check-in {number}."),
    "check_in.sent": gettext_lazy("{who} sent check-in {number}."),
    "check_in.corrected": gettext_lazy("{who} corrected what they had sent in check-in {number}."),
    "check_in.skipped": gettext_lazy("{who} skipped check-in {number}."),
    "check_in.missed": gettext_lazy("{organisation} did not answer check-in {number}."),
    "check_in.rhythm_changed": gettext_lazy(
        "{who} changed how often you check in: every {weeks} weeks instead of every {weeks_before}."
    ),
    "check_in.call_suggested": gettext_lazy("{who} suggested a call."),
    "check_in.call_picked": gettext_lazy("{who} chose a time for the call."),
    "check_in.call_declined": gettext_lazy("{who} found that no time for the call fits."),
    # Talk
    "talk.question_written": gettext_lazy("{who} asked a question."),
    "talk.decision_written": gettext_lazy("{who} proposed a decision."),
    "talk.input_written": gettext_lazy("{who} said what the other side should take up."),
    "talk.note_written": gettext_lazy("{who} wrote a note."),
    "talk.answered": gettext_lazy("{who} answered in Talk."),
    "talk.used": gettext_lazy("{who} said that an input was used."),
    "talk.not_used": gettext_lazy("{who} said that an input was not used, and why."),
    "talk.later": gettext_lazy("{who} put an input off until later."),
    "talk.agreed": gettext_lazy("{who} agreed to a decision."),
    "talk.declined": gettext_lazy("{who} did not agree to a decision, and said why."),
    "talk.decided": gettext_lazy("All agreed to a decision: it stands."),
    "talk.changed": gettext_lazy("{who} changed what they had written in Talk."),
    "talk.withdrawn": gettext_lazy("{who} withdrew what they had written in Talk."),
    "talk.answer_changed": gettext_lazy("{who} changed an answer in Talk."),
    "talk.answer_withdrawn": gettext_lazy("{who} withdrew an answer in Talk."),
    "talk.file_clean": gettext_lazy("A file in Talk was checked for viruses."),
    "talk.file_removed": gettext_lazy("The virus scanner removed a file in Talk."),
    # Concerns: read by those named in one
    "concern.brought_up": gettext_lazy("{who} brought up a concern."),
    "concern.answered": gettext_lazy("{who} answered a concern."),
    "concern.raised": gettext_lazy("{who} raised a concern to the Owners of both."),
    "concern.closed": gettext_lazy("{who} said that a concern is settled."),
    "concern.changed": gettext_lazy("{who} changed a concern."),
    "concern.withdrawn": gettext_lazy("{who} withdrew a concern."),
    "concern.answer_changed": gettext_lazy("{who} changed an answer to a concern."),
    "concern.answer_withdrawn": gettext_lazy("{who} withdrew an answer to a concern."),
    "concern.file_clean": gettext_lazy("A file of a concern was checked for viruses."),
    "concern.file_removed": gettext_lazy("The virus scanner removed a file of a concern."),
    # Reviews
    "review.sent": gettext_lazy("{organisation} sent its review."),
    "review.reopened": gettext_lazy("{organisation} reopened its review."),
    "review.shared": gettext_lazy("{organisation} shared its review before the others had sent theirs."),
    "review.excused": gettext_lazy("{organisation} was excused from its review by all who have sent."),
    "review.close_chosen": gettext_lazy("{organisation} agreed to close without the missing reviews."),
    "review.excuse_chosen": gettext_lazy(
        "{organisation} agreed to excuse somebody who has not sent a review."
    ),
    "review.withdraw_chosen": gettext_lazy(
        "{organisation} agreed to withdraw the project while reviews are sealed."
    ),
    "review.choice_declined": gettext_lazy("{organisation} said no to what was asked of the senders."),
    "review.keeps_waiting": gettext_lazy("{organisation} keeps waiting for the other reviews."),
    "review.shown_to_readers": gettext_lazy("{who} showed the draft of the review to Readers."),
    "review.hidden_from_readers": gettext_lazy("{who} hid the draft of the review from Readers."),
    "reviews.opened": gettext_lazy("All reviews were opened."),
    "results.replied": gettext_lazy("{who} replied to the results."),
    # Conclusion and promises
    "conclusion.started": gettext_lazy("{who} started the joint conclusion."),
    "conclusion.changed": gettext_lazy("{who} changed the joint conclusion."),
    "conclusion.sent": gettext_lazy("{who} handed the joint conclusion over."),
    "conclusion.taken_back": gettext_lazy("{who} took the joint conclusion back to change it."),
    "conclusion.pen_taken": gettext_lazy("{who} took over the joint conclusion, which {before} had let lie."),
    "conclusion.signed": gettext_lazy("{who} signed the joint conclusion for {organisation}."),
    "conclusion.signatures_cleared": gettext_lazy("The joint conclusion changed: signatures start again."),
    "conclusion.completed": gettext_lazy("The joint conclusion is signed by both sides."),
    "promise.made": gettext_lazy("{who} made a promise."),
    "promise.done": gettext_lazy("{who} marked a promise as done."),
    "promise.dropped": gettext_lazy("{who} dropped a promise, with a reason."),
    "promise.handed_over": gettext_lazy(
        "A promise of {organisation} went to a colleague of whoever gave it."
    ),
    "promise.moved": gettext_lazy("{who} moved the day of a promise."),
    "learnings.carried": gettext_lazy("Learnings from earlier projects were brought in."),
    "transfers.imported": gettext_lazy("Payments were read from a published list."),
}
ANYTHING = gettext_lazy("Something changed on this project.")

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


def events_of(
    project: Project, organisations, *, limit: int, contracts: bool = True, person: Person | None = None
) -> QuerySet[Event]:
    """The newest lines that members of these organisations may read, and every change of stage, in one query.

    Arguments:
        contracts: whether lines about contracts are among them, about interests, which are declared before one is
            signed, about permissions to use a name, about check-ins, and about Talk. Agencies know nothing of these.
        person: who reads, on a project that came from `access.get_project`: of concerns only those that name them.
    """
    readable = Event.objects.of_project(project.reference, organisations)
    if not contracts:
        readable = readable.exclude(
            Q(verb__startswith="contract.")
            | Q(verb__startswith="interest.")
            | Q(verb__startswith="permission.")
            | Q(verb__startswith="check_in.")
            | Q(verb__startswith="talk.")
        )
    of_concerns = hidden_history()
    if contracts and person is not None:
        of_concerns &= ~Q(subject__in=concerns_read(project, person))
    readable = readable.exclude(of_concerns)
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
