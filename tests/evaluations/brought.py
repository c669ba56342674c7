"""Projects that bring promises and learnings from an earlier one of the same partners, for tests of "Did it help?"."""

from django.db.models import Max

from partnerships.actions.closing import finish_delivery
from partnerships.actions.plan import write_version
from partnerships.models import PlanPart
from tests.evaluations.opened import signed_project
from tests.factories import NOON, make_project, make_reviews, member_of, partner_of

PROMISE = "Send agendas five days before"
LEARNING = "We start with the contract."


def bring_along(project, *, promises=1, learning=True, side="group", public=False, agreed=True, person=None):
    """Let the agreed plan bring what the first partner on each side promised and learned in an earlier project."""
    earlier = signed_project(
        groups=[partner_of(project, "group")],
        companies=[partner_of(project, "company")],
        promises=[{"side": side}] * promises,
        public=public,
        title="Peer mentors",
    )
    items = [{"key": f"promise:{promise.pk}", "text": promise.what} for promise in earlier.promises.all()]
    if learning:
        part = earlier.conclusion.parts.get(code="different")
        items.append({"key": f"learning:{part.pk}", "text": part.text})
    write_learnings(project, items, person=person, organisation=partner_of(project, side), agreed=agreed)
    return earlier


def write_learnings(project, items, *, person=None, organisation, agreed=True):
    """The next version of the plan's part "Learnings to bring", with these items."""
    part = write_version(
        project,
        PlanPart.Code.LEARNINGS,
        values={"items": items},
        actor=person or member_of(organisation),
        organisation=organisation,
        at=NOON,
    )
    if agreed:
        PlanPart.objects.filter(pk=part.pk).update(agreed_at=NOON)
    return part


def items_of(project):
    """What the newest version of the part brings."""
    parts = project.plan_parts.filter(code=PlanPart.Code.LEARNINGS)
    return parts.get(version=parts.aggregate(newest=Max("version"))["newest"]).values["items"]


def asking_project(*, promises=1, learning=True, side="group", **fields):
    """A project in Review, of which each review asks whether what it brought helped."""
    fields = {"stage": "deliver", "result": "reached", "title": "Carer handbook"} | fields
    project = make_project(**fields)
    bring_along(project, promises=promises, learning=learning, side=side)
    finish_delivery(project, at=NOON)
    project.refresh_from_db()
    return project


def silent_project(**fields):
    """The same of other partners, who brought nothing."""
    project = make_project(**({"stage": "review"} | fields))
    make_reviews(project)
    return project
