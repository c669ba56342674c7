"""Moving a project from stage to stage. A stage ends by a fact; the app that owns the fact calls `enter_stage`."""

import datetime as dt

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


class WrongStage(Exception):
    """The project is not in a stage from which this can happen."""


def enter_stage(project: Project, stage: str, *, actor: Person | None, at: dt.datetime) -> Project:
    """Move a project, whose row the caller has locked, to its next stage.

    Raises:
        WrongStage: there is no way from its stage to that one.
    """
    if stage not in NEXT[project.stage]:
        raise WrongStage(f"{project.stage} → {stage}")
    before = project.stage
    project.stage = stage
    project.stage_since = at
    project.save(update_fields=["stage", "stage_since"])
    record(
        "project.stage_changed", project, actor=actor, at=at, project=project, before=before, after=str(stage)
    )
    return project
