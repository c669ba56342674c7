"""Moving a project from stage to stage. A stage ends by a fact; the app that owns the fact calls `enter_stage`."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable

from accounts.audit import record
from accounts.models import Person
from partnerships.models import Project

Stage = Project.Stage

# From each stage, where a project may go next. A later change of the plan leads back to Agree.
NEXT = {
    Stage.SHAPE: {Stage.AGREE, Stage.WITHDRAWN},
    Stage.AGREE: {Stage.CONTRACT, Stage.SHAPE, Stage.WITHDRAWN},
    Stage.CONTRACT: {Stage.DELIVER, Stage.AGREE, Stage.WITHDRAWN},
    Stage.DELIVER: {Stage.REVIEW, Stage.WITHDRAWN},
    Stage.REVIEW: {Stage.LEARN, Stage.COMPLETED, Stage.WITHDRAWN},
    Stage.LEARN: {Stage.COMPLETED, Stage.WITHDRAWN},
    Stage.COMPLETED: set(),
    Stage.WITHDRAWN: set(),
}


# What happens when a project enters a stage, inside the same transaction: hook(project, *, actor, at).
# Whoever owns the fact adds to it in `AppConfig.ready`, such as making the reviews when Review begins.
ENTERED: dict[str, list[Callable[..., None]]] = defaultdict(list)
# Why a stage has not ended yet: hook(project) → sentences, none when nothing is in the way.
BLOCKS: dict[str, list[Callable[[Project], list[str]]]] = defaultdict(list)
# What must hold before a project enters a stage: hook(project) → sentences, none when nothing is in the way.
GATES: dict[str, list[Callable[[Project], list[str]]]] = defaultdict(list)
# Something that kept a project from being completed has been settled: hook(project, *, actor, at).
SETTLED: list[Callable[..., object]] = []


def what_blocks(project: Project) -> list[str]:
    """Why the project's stage has not ended yet, as sentences to read; empty when it is over."""
    return [str(reason) for hook in BLOCKS[project.stage] for reason in hook(project)]


def settled(project: Project, *, actor: Person | None, at: dt.datetime) -> None:
    """Say that something has been settled, so that whoever waited for it can go on."""
    for hook in SETTLED:
        hook(project, actor=actor, at=at)


class WrongStage(Exception):
    """The project is not in a stage from which this can happen."""


class GateIsClosed(WrongStage):
    """Something is missing before the project may enter the stage. `reasons` say what, as sentences."""

    def __init__(self, reasons: list[str]):
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def enter_stage(project: Project, stage: str, *, actor: Person | None, at: dt.datetime) -> Project:
    """Move a project, whose row the caller has locked, to its next stage, and do what comes with it.

    Raises:
        WrongStage: there is no way from its stage to that one.
        GateIsClosed: something is missing before it may be there.
    """
    if stage not in NEXT[project.stage]:
        raise WrongStage(f"{project.stage} → {stage}")
    missing = [str(reason) for hook in GATES[stage] for reason in hook(project)]
    if missing:
        raise GateIsClosed(missing)
    before = project.stage
    project.stage = stage
    project.stage_since = at
    project.save(update_fields=["stage", "stage_since"])
    record(
        "project.stage_changed", project, actor=actor, at=at, project=project, before=before, after=str(stage)
    )
    for hook in ENTERED[project.stage]:
        hook(project, actor=actor, at=at)
    return project
