"""What stands on top of every page of a project: with whom, whose turn it is, and its other pages."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation
from partnerships.models import FOR_PARTNERS, Contract, Participation, Project, Turn

Kind = Turn.Kind
Stage = Project.Stage

# The pages of a project in the order of its life.
SECTIONS = [
    ("overview", gettext_lazy("Overview"), "portal:project_overview"),
    ("talk", gettext_lazy("Talk"), "partnerships:talk_list"),
    ("plan", gettext_lazy("Plan"), "partnerships:plan_detail"),
    ("contract", gettext_lazy("Contract"), "partnerships:contract_list"),
    ("check-ins", gettext_lazy("Check-ins"), "evaluations:check_in_list"),
    ("review", gettext_lazy("Review"), "evaluations:review_start"),
    ("results", gettext_lazy("Results"), "evaluations:results"),
    ("conclusion", gettext_lazy("Conclusion"), "evaluations:conclusion_detail"),
    ("learnings", gettext_lazy("Learnings"), "evaluations:promise_list"),
]
BEFORE_CONTRACT = (Stage.SHAPE, Stage.AGREE)
AFTER_CONTRACT = (Stage.DELIVER, Stage.REVIEW, Stage.LEARN, Stage.COMPLETED)
MAY_BE_SEALED = (Stage.REVIEW, Stage.COMPLETED, Stage.WITHDRAWN)

# What an organisation has to do, as the second half of "Waiting for …: …".
DEEDS = {
    Kind.PLAN: gettext_lazy("read the plan and answer"),
    Kind.CONTRACT: gettext_lazy("the contract"),
    Kind.CLOSING: gettext_lazy("say whether the project closes early"),
    Kind.RESULT: gettext_lazy("record the result for patients"),
    Kind.CHECK_IN: gettext_lazy("the check-in"),
    Kind.REVIEW: gettext_lazy("send the review"),
    Kind.CONCLUSION: gettext_lazy("the joint conclusion"),
}


# The button that leads there.
BUTTONS = {
    Kind.PLAN: gettext_lazy("Open the plan"),
    Kind.CONTRACT: gettext_lazy("Open the contract"),
    Kind.CLOSING: gettext_lazy("Read and answer"),
    Kind.RESULT: gettext_lazy("Record the result"),
    Kind.CHECK_IN: gettext_lazy("Check in"),
    Kind.REVIEW: gettext_lazy("Open the review"),
    Kind.CONCLUSION: gettext_lazy("Open the conclusion"),
}
# What somebody must be allowed to do to take a turn. The plan is written before it is agreed.
VERBS = {
    Kind.PLAN: "agree_plan",
    Kind.CONTRACT: "write_contract",
    Kind.CLOSING: "close_project",
    Kind.RESULT: "record_result",
    Kind.CHECK_IN: "check_in",
    Kind.REVIEW: "send_review",
    Kind.CONCLUSION: "write_conclusion",
}
# What is enough for a contract that only waits for a signature.
SIGNS = "record_signature"

# What somebody who writes no review may open of sealed ones: hook(project) → the name of its address, "" for nothing.
SEALED_PAGES: list[Callable[[Project], str]] = []


@dataclass(frozen=True)
class TurnLine:
    """Whose turn it is, in one sentence."""

    text: str
    tone: str
    label: str
    # The turn to take, when it is the reader's own.
    turn: Turn | None = None

    @property
    def button(self) -> str:
        return str(BUTTONS[self.turn.kind]) if self.turn else ""


def partners_of(project: Project) -> list[Participation]:
    """Participations of the partners with their organisations: read once for this project in memory."""
    if not hasattr(project, "partners"):
        project.partners = list(
            project.participations.partners().select_related("organisation").order_by("side", "pk")
        )
    return project.partners


def others_on(project: Project) -> list[Organisation]:
    """The partners that the reader does not act for; all of them for somebody who acts for none."""
    own = project.acting.organisation_id if getattr(project, "acting", None) else None
    return [row.organisation for row in partners_of(project) if row.organisation_id != own]


def turn_line(project: Project) -> TurnLine:
    """Whose turn it is on a project that came from `access.get_project`, as its reader sees it."""
    turns = _known_turns(project)
    own = project.acting.organisation_id if acts_for_partner(project) else None
    mine = [turn for turn in turns if turn.organisation_id == own]
    yours = next((turn for turn in mine if VERBS[turn.kind] in project.verbs), None) or _to_sign(
        mine, project
    )
    if yours:
        deed = _your_deed(yours, project)
        text = _("Waiting for you: {deed}.").format(deed=_by(deed, yours.due_on))
        return TurnLine(text, "turn", _("Your turn"), yours)
    if mine:
        # Somebody who only reads: a colleague has to do it.
        return TurnLine(_waiting_for(mine, project), "wait", _("Your organisation’s turn"))
    if turns:
        return TurnLine(_waiting_for(turns, project), "wait", _("Their turn"))
    return TurnLine(_nobodys_turn(project), "plain", "")


def _to_sign(turns, project):
    """The turn of these, if any, with which a contract waits for somebody who signs and does not write."""
    if SIGNS not in project.verbs:
        return None
    contracts = [turn for turn in turns if turn.kind == Kind.CONTRACT]
    if not contracts:
        return None
    waiting = Contract.objects.waiting_for_signature().filter(project=project)
    numbers = {str(number) for number in waiting.values_list("number", flat=True)}
    return next((turn for turn in contracts if turn.ref in numbers), None)


def _your_deed(turn, project):
    if VERBS[turn.kind] not in project.verbs:
        return _("sign the contract")
    return _("finish the plan and send it") if project.stage == Stage.SHAPE else str(DEEDS[turn.kind])


def acts_for_partner(project: Project) -> bool:
    """Whether the reader of a project that came from `access.get_project` acts for a partner, not for an agency."""
    acting = getattr(project, "acting", None)
    return acting is not None and acting.role == Participation.Role.PARTNER


def _known_turns(project):
    """The turns of which the reader may know. Agencies know nothing of contracts and check-ins."""
    if not hasattr(project, "open_turns"):
        project.open_turns = list(project.turns.order_by("due_on", "since", "pk"))
    if acts_for_partner(project):
        return project.open_turns
    return [turn for turn in project.open_turns if turn.kind not in FOR_PARTNERS]


def _waiting_for(turns, project):
    """Everybody who has to do the first of these, in one sentence."""
    first = turns[0]
    names = {row.organisation_id: row.organisation.name for row in partners_of(project)}
    # Each once, however many contracts lie with them.
    waiting = dict.fromkeys(
        names[turn.organisation_id]
        for turn in turns
        if turn.kind == first.kind and turn.organisation_id in names
    )
    deed = _("finish the plan") if project.stage == Stage.SHAPE else str(DEEDS[first.kind])
    return _("Waiting for {names}: {deed}.").format(
        names=get_text_list(list(waiting), _("and")), deed=_by(deed, first.due_on)
    )


def _by(deed, due_on):
    if due_on is None:
        return deed
    return _("{deed} by {day}").format(deed=deed, day=date_format(due_on, "l j F"))


def _nobodys_turn(project):
    if project.stage == Stage.WITHDRAWN:
        return _("This project was withdrawn.")
    if project.stage == Stage.COMPLETED:
        return _("This project is completed.")
    if project.stage == Stage.DELIVER and project.ends_on:
        return _("The project runs until {day}.").format(day=date_format(project.ends_on, "l j F Y"))
    if project.stage == Stage.AGREE:
        return _("Waiting for a partner to join.")
    if project.stage == Stage.CONTRACT and not acts_for_partner(project):
        return _("The partners have to act next.")
    return _("Nobody has to do anything now.")


def sections_of(project: Project, current: str) -> list[dict]:
    """The pages that this project has so far and that its reader may open, the current one marked."""
    sections = []
    for code, text, name in SECTIONS:
        if code == "review":
            name = _review_page(project)
        if code != current and not (name and _has_section(project, code)):
            continue
        try:
            url = reverse(name or "evaluations:review_start", args=[project.reference])
        except NoReverseMatch:
            continue
        sections.append({"text": text, "url": url, "current": code == current})
    return sections


def _has_section(project, code):
    if code in ("overview", "plan"):
        return True
    if not acts_for_partner(project):
        return False
    if code == "talk":
        return project.origin == Project.Origin.WORKSPACE
    if code == "contract":
        return project.stage not in BEFORE_CONTRACT
    if code == "check-ins":
        return project.stage in AFTER_CONTRACT
    if code == "review":
        return project.stage in AFTER_CONTRACT or was_withdrawn_in_review(project)
    return project.reviews_opened_at is not None


def was_withdrawn_in_review(project: Project) -> bool:
    """Whether a project was withdrawn after its reviews were asked for: their page says what became of them."""
    return project.stage == Stage.WITHDRAWN and project.review_due_on is not None


def sealed_review_url(project: Project) -> str:
    """Where the reader of a project that was withdrawn in Review reads what became of the reviews; "" when nowhere."""
    left_sealed = was_withdrawn_in_review(project) and project.reviews_opened_at is None
    if not (left_sealed and acts_for_partner(project)):
        return ""
    name = _review_page(project)
    return reverse(name, args=[project.reference]) if name else ""


def _review_page(project):
    """The address of the review for its reader; while reviews are sealed, whoever only reads may find none."""
    writes = VERBS[Kind.REVIEW] in getattr(project, "verbs", ())
    sealed = project.stage in MAY_BE_SEALED and project.reviews_opened_at is None
    if not writes and sealed and acts_for_partner(project):
        return next((name for hook in SEALED_PAGES if (name := hook(project))), "")
    return "evaluations:review_start"
