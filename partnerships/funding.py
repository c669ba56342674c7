"""Requests for funding as they are read: what goes along, whose turn it is, and how many days that has been."""

import datetime as dt
import json
from dataclasses import dataclass, field

from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.countries import country_name
from accounts.days import last_midnight, local_day, working_days_between
from accounts.models import Organisation, Person
from accounts.permissions import GRANTS
from partnerships.contract import fingerprint
from partnerships.how_we_work import promised_days
from partnerships.measured import request_days
from partnerships.models import FundingRequest, FundingStep, WorkStep
from partnerships.rulesets.plan import BRINGS, WHAT, WHEN, WHY, Part, is_complete, rows_of

Kind, State = FundingStep.Kind, FundingRequest.State

VERB = "settle_funding"
# What is written in a request. Who takes part is known; learnings are looked at once it is a project.
PARTS = (WHY, WHAT, BRINGS, WHEN)
CODES = tuple(part.code for part in PARTS)


# Who may ------------------------------------------------------------------------------------------------


def who_may_request(person: Person, organisation: Organisation) -> list[Organisation]:
    """For which of their organisations somebody may ask this one for funding, or propose it. Asks nothing.

    A group asks a company, a company proposes to a group; agencies do neither. Whoever belongs to both does neither.
    """
    agency = Organisation.Kind.AGENCY
    if organisation.kind == agency or organisation.merged_into_id is not None:
        return []
    if organisation.pk in person.organisation_ids():
        return []
    return [
        membership.organisation
        for membership in person.current_memberships
        if VERB in GRANTS[membership.role]
        and membership.organisation.kind not in (agency, organisation.kind)
        and membership.organisation.merged_into_id is None
    ]


def own_of(request: FundingRequest, person: Person) -> tuple[Organisation, set[str]]:
    """For which of the two a person reads a request, and what they may do for it.

    Whoever belongs to both reads it, and answers for neither.
    """
    memberships = {membership.organisation_id: membership for membership in person.current_memberships}
    mine = [one for one in (request.sender, request.receiver) if one.pk in memberships]
    return mine[0], GRANTS[memberships[mine[0].pk].role] if len(mine) == 1 else set()


# What goes along ----------------------------------------------------------------------------------------


def profile_of(organisation: Organisation) -> dict:
    """What an organisation says of itself, as it goes along with a request or an answer. Who checked stays with them."""
    day = organisation.bank_checked_on
    return {
        "name": organisation.name,
        "legal_name": organisation.legal_name,
        "registration_number": organisation.registration_number,
        "country": organisation.country,
        "policies": organisation.policies,
        "bank_checked_on": day.isoformat() if day else "",
    }


def profile_rows(profile: dict) -> list[dict]:
    """A profile as rows of a summary."""
    day = profile["bank_checked_on"]
    checked = date_format(dt.date.fromisoformat(day), "j F Y") if day else ""
    said = [
        (_("Legal name"), profile["legal_name"], _("Not said yet")),
        (_("Registration number"), profile["registration_number"], _("Not said yet")),
        (_("Country"), country_name(profile["country"]), _("Not said yet")),
        (
            _("Bank details"),
            _("Checked by somebody who pays, on {day}").format(day=checked) if checked else "",
            _("Nobody has checked them here yet"),
        ),
    ]
    rows = [{"label": label, "value": value, "missing": "" if value else none} for label, value, none in said]
    labels = dict(Organisation.Policy.choices)
    links = [
        {"label": labels[code], "value": link, "url": link, "action": _("Open"), "away": True}
        for code, link in profile["policies"].items()
        if code in labels
    ]
    return rows + (links or [{"label": _("Policies"), "value": "", "missing": _("None named yet")}])


def content_of(request: FundingRequest) -> dict:
    """What would be sent now: the title, the parts, and the sender's profile as it is."""
    return {
        "title": request.title,
        "parts": {code: request.values_of(code) for code in CODES},
        "profile": profile_of(request.sender),
    }


def mark_of(request: FundingRequest) -> str:
    """The fingerprint of what would be sent, for the page that shows it to carry."""
    return fingerprint(json.dumps(content_of(request), sort_keys=True))


def missing_parts(request: FundingRequest) -> list[Part]:
    """The parts that are not complete."""
    return [part for part in PARTS if not is_complete(part, request.values_of(part.code))]


def today_for(request: FundingRequest, at: dt.datetime) -> dt.date:
    """Today where it is yesterday the longest: a day has passed once it has passed for both."""
    zone = last_midnight([request.sender.zone, request.receiver.zone], at.date())
    return local_day(at, zone)


# Reading ------------------------------------------------------------------------------------------------


@dataclass
class Shown:
    """A request as one of the two reads it.

    Arguments:
        steps: in their order, with who took each.
        own: for whom its reader reads it.
        verbs: what they may do for it.
    """

    request: FundingRequest
    steps: list[FundingStep]
    own: Organisation
    verbs: set[str]
    at: dt.datetime
    sent: FundingStep | None = field(init=False)

    def __post_init__(self):
        sendings = [step for step in self.steps if step.kind == Kind.SENT]
        self.sent = sendings[-1] if sendings else None
        self.sent_before = sendings[-2] if len(sendings) > 1 else None

    @property
    def last(self) -> FundingStep | None:
        return self.steps[-1] if self.steps else None

    @property
    def is_sender(self) -> bool:
        return self.own.pk == self.request.sender_id

    @property
    def other(self) -> Organisation:
        return self.request.other(self.own)

    @property
    def may_act(self) -> bool:
        return VERB in self.verbs

    @property
    def is_ours(self) -> bool:
        """Whether it is for the reader's organisation to do something."""
        return self.request.turn_id == self.own.pk

    @property
    def may_write(self) -> bool:
        """Whether its reader writes its parts and sends it: a draft, or after a question."""
        return self.may_act and self.is_sender and self.request.state in (State.DRAFT, State.ASKED)

    @property
    def may_answer(self) -> bool:
        return self.may_act and not self.is_sender and self.request.state == State.SENT

    @property
    def may_withdraw(self) -> bool:
        return self.may_act and self.is_sender and not self.request.is_settled

    @property
    def decision(self) -> FundingStep | None:
        """The step that settled it."""
        return self.last if self.last and self.last.kind in FundingStep.SETTLING else None

    @property
    def shows_own_words(self) -> bool:
        """Whether its reader sees the parts as they write them, rather than as they were sent."""
        return self.is_sender and self.request.state in (State.DRAFT, State.ASKED)

    def blocks(self) -> list[dict]:
        """The parts as the reader may read them, each with what it said when it was sent before."""
        now = self.request.parts and {code: self.request.values_of(code) for code in CODES}
        before = self.sent.content["parts"] if self.sent else {}
        if not self.shows_own_words:
            now, before = before, self.sent_before.content["parts"] if self.sent_before else {}
        return [
            {
                "rule": part,
                "rows": rows_of(part, (now or {}).get(part.code, {}), before.get(part.code)),
                "is_changed": bool(before) and (now or {}).get(part.code) != before.get(part.code),
                "is_complete": is_complete(part, (now or {}).get(part.code, {})),
            }
            for part in PARTS
        ]

    def history(self) -> list[dict]:
        """The steps, the newest first, each in words."""
        return [
            {"step": step, "text": words_of_step(step), "day": day_words(step)}
            for step in reversed(self.steps)
        ]

    @property
    def day_of_last(self) -> str:
        """What the day means that the last step names."""
        return day_words(self.last) if self.last else ""

    def profiles(self) -> list[tuple[Organisation, list[dict]]]:
        """Whose profile went along, in its rows: the sender's; with a yes, the receiver's too."""
        request = self.request
        profile = profile_of(request.sender) if self.shows_own_words else self.sent.content["profile"]
        found = [(request.sender, profile_rows(profile))]
        if request.state == State.ACCEPTED:
            found.append((request.receiver, profile_rows(self.decision.content["profile"])))
        return found


def read_request(request: FundingRequest, person: Person, at: dt.datetime) -> Shown:
    """A request with its steps, for somebody who may know of it. One query."""
    own, verbs = own_of(request, person)
    steps = list(request.steps.select_related("organisation", "person").order_by("number"))
    return Shown(request, steps, own, verbs, at)


def status_of(request: FundingRequest, own: Organisation, *, may_act: bool) -> tuple[str, str]:
    """Where a request stands, in words, and the tone of the tag."""
    if request.state == State.DRAFT:
        return str(State.DRAFT.label), "plain"
    if request.is_settled:
        return request.get_state_display(), "ok" if request.state == State.ACCEPTED else "plain"
    if request.turn_id != own.pk:
        return _("Their turn"), "wait"
    return (_("Your turn"), "turn") if may_act else (_("Your organisation’s turn"), "wait")


def headline_of(request: FundingRequest) -> str:
    """Who asks whom, in a sentence."""
    words = (
        _("{sender} proposes funding to {receiver}.")
        if request.is_proposal
        else _("{sender} asks {receiver} for funding.")
    )
    return words.format(sender=request.sender.name, receiver=request.receiver.name)


def question_to(state: str, kind: str, name: str) -> str:
    """What it is for the organisation whose turn it is, as a thing to do.

    Arguments:
        kind, name: of the other one, which waits.
    """
    if state == State.ASKED:
        return _("Answer the question of {name}").format(name=name)
    if kind == Organisation.Kind.COMPANY:
        return _("Answer a proposal of {name}").format(name=name)
    return _("Decide on a request of {name}").format(name=name)


# Days ---------------------------------------------------------------------------------------------------


def promised_to_answer(organisation_id: int) -> int | None:
    """In how many working days an organisation says that it answers a request, on "How we work"."""
    return promised_days(organisation_id, WorkStep.Measure.FUNDING)


def where_it_lies(shown: Shown, *, promised: int | None) -> tuple[str, dict[int, int]]:
    """With whom it lies and for how many working days against what they say, then the days of both; and these days.

    Arguments:
        promised: in how many working days the receiver says that it answers.
    """
    request, own = shown.request, shown.own
    spent = request_days(request, shown.steps, shown.at)
    sentences = []
    if request.is_open:
        turn = request.turn
        days = working_days_between(
            local_day(request.turn_since, turn.zone), local_day(shown.at, turn.zone), turn.country
        )
        sentences.append(_lies_with(turn, days, is_own=turn.pk == own.pk))
        if promised is not None and turn.pk == request.receiver_id:
            they = ngettext("They say {days} working day.", "They say {days} working days.", promised)
            you = ngettext("You say {days} working day.", "You say {days} working days.", promised)
            sentences.append((you if turn.pk == own.pk else they).format(days=promised))
    parts = []
    for organisation in (own, request.other(own)):
        days = spent[organisation.pk]
        words = (
            ngettext("{days} working day with you", "{days} working days with you", days)
            if organisation.pk == own.pk
            else ngettext("{days} working day with {name}", "{days} working days with {name}", days)
        )
        parts.append(words.format(days=days, name=organisation.name))
    sentences.append(_("In total: {parts}.").format(parts=get_text_list(parts, _("and"))))
    return " ".join(sentences), spent


def _lies_with(turn, days, *, is_own):
    if is_own and not days:
        return _("With you since today.")
    if not days:
        return _("With {name} since today.").format(name=turn.name)
    if is_own:
        return ngettext("With you for {days} working day.", "With you for {days} working days.", days).format(
            days=days
        )
    words = ngettext("With {name} for {days} working day.", "With {name} for {days} working days.", days)
    return words.format(name=turn.name, days=days)


def words_of_step(step: FundingStep) -> str:
    """A step as a line of history."""
    person = _("{person} ({organisation})").format(person=step.person, organisation=step.organisation.name)
    words = {
        Kind.SENT: _("{who} sent it.") if step.number == 1 else _("{who} answered and sent it again."),
        Kind.ASKED: _("{who} asked a question."),
        Kind.ACCEPTED: _("{who} said yes."),
        Kind.DECLINED: _("{who} said no. Reason: {reason}."),
        Kind.WITHDRAWN: _("{who} took it back."),
    }[step.kind]
    return words.format(who=person, reason=step.get_reason_display())


def day_words(step: FundingStep) -> str:
    """What the day of a step means; empty when it has none."""
    if step.by_day is None:
        return ""
    day = date_format(step.by_day, "l j F Y")
    return {
        Kind.ASKED: _("Answer needed by {day}."),
        Kind.ACCEPTED: _("The contract comes by {day}."),
        Kind.DECLINED: _("You may ask again from {day}."),
    }[step.kind].format(day=day)
