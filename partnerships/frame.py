"""What stands on top of every page of a project: with whom, whose turn it is, and its other pages."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation
from partnerships.models import Participation, Project, Turn

Kind = Turn.Kind
Stage = Project.Stage

# The pages of a project in the order of its life.
SECTIONS = [
    ("overview", gettext_lazy("Overview"), "portal:project_overview"),
    ("plan", gettext_lazy("Plan"), "partnerships:plan_detail"),
    ("contract", gettext_lazy("Contract"), "partnerships:contract_list"),
    ("review", gettext_lazy("Review"), "evaluations:review_start"),
    ("results", gettext_lazy("Results"), "evaluations:results"),
    ("conclusion", gettext_lazy("Conclusion"), "evaluations:conclusion_detail"),
    ("learnings", gettext_lazy("Learnings"), "evaluations:promise_list"),
]
BEFORE_CONTRACT = (Stage.SHAPE, Stage.AGREE)
AFTER_CONTRACT = (Stage.DELIVER, Stage.REVIEW, Stage.LEARN, Stage.COMPLETED)

# What an organisation has to do, as the second half of "Waiting for …: …".
DEEDS = {
    Kind.PLAN: gettext_lazy("read the plan and answer"),
    Kind.CONTRACT: gettext_lazy("the contract"),
    Kind.CLOSING: gettext_lazy("say whether the project closes early"),
    Kind.RESULT: gettext_lazy("record the result for patients"),
    Kind.REVIEW: gettext_lazy("send the review"),
    Kind.CONCLUSION: gettext_lazy("the joint conclusion"),
}


# The button that leads there.
BUTTONS = {
    Kind.PLAN: gettext_lazy("Open the plan"),
    Kind.CONTRACT: gettext_lazy("Open the contract"),
    Kind.CLOSING: gettext_lazy("Read and answer"),
    Kind.RESULT: gettext_lazy("Record the result"),
    Kind.REVIEW: gettext_lazy("Open the review"),
    Kind.CONCLUSION: gettext_lazy("Open the conclusion"),
}


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
    if not hasattr(project, "open_turns"):
        project.open_turns = list(project.turns.order_by("due_on", "since", "pk"))
    acting = project.acting
    own = acting.organisation_id if acting and acting.role == Participation.Role.PARTNER else None
    mine = [turn for turn in project.open_turns if turn.organisation_id == own]
    if mine:
        turn = mine[0]
        deed = _("finish the plan and send it") if project.stage == Stage.SHAPE else str(DEEDS[turn.kind])
        text = _("Waiting for you: {deed}.").format(deed=_by(deed, turn.due_on))
        return TurnLine(text, "turn", _("Your turn"), turn)
    if project.open_turns:
        first = project.open_turns[0]
        names = {row.organisation_id: row.organisation.name for row in partners_of(project)}
        waiting = [
            names[turn.organisation_id]
            for turn in project.open_turns
            if turn.kind == first.kind and turn.organisation_id in names
        ]
        deed = _("finish the plan") if project.stage == Stage.SHAPE else str(DEEDS[first.kind])
        text = _("Waiting for {names}: {deed}.").format(
            names=get_text_list(waiting, _("and")), deed=_by(deed, first.due_on)
        )
        return TurnLine(text, "wait", _("Their turn"))
    return TurnLine(_nobodys_turn(project), "plain", "")


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
    return _("Nobody has to do anything now.")


def sections_of(project: Project, current: str) -> list[dict]:
    """The pages that this project has so far and that its reader may know of, the current one marked."""
    sections = []
    for code, text, name in SECTIONS:
        if code != current and not _has_section(project, code):
            continue
        try:
            url = reverse(name, args=[project.reference])
        except NoReverseMatch:
            continue
        sections.append({"text": text, "url": url, "current": code == current})
    return sections


def _has_section(project, code):
    if code in ("overview", "plan"):
        return True
    acting = getattr(project, "acting", None)
    if acting is None or acting.role != Participation.Role.PARTNER:
        return False
    if code == "contract":
        return project.stage not in BEFORE_CONTRACT
    if code == "review":
        return project.stage in AFTER_CONTRACT
    return project.reviews_opened_at is not None
