"""Where a thing of the lower apps is shown: one place that knows every app's addresses."""

from django.urls import reverse

from partnerships.models import Project, Turn

ADDRESSES = {
    Turn.Kind.PLAN: "partnerships:plan_detail",
    Turn.Kind.CLOSING: "partnerships:project_close",
    Turn.Kind.RESULT: "partnerships:result_record",
    Turn.Kind.REVIEW: "evaluations:review_start",
    Turn.Kind.CONCLUSION: "evaluations:conclusion_detail",
}


def address_of_turn(turn: Turn, project: Project) -> str:
    """The page on which an organisation does what it is its turn to do."""
    if turn.kind == Turn.Kind.CONTRACT:
        return reverse("partnerships:contract_detail", args=[project.reference, int(turn.ref or 1)])
    if turn.kind == Turn.Kind.CHECK_IN:
        return reverse("evaluations:check_in_detail", args=[project.reference, int(turn.ref or 1)])
    return reverse(ADDRESSES[turn.kind], args=[project.reference])
