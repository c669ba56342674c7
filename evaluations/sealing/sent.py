"""Who has sent: what everybody on the project may know."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from accounts.models import Organisation
from evaluations.models import Review
from partnerships.models import Participation, Project


@dataclass(frozen=True)
class SendStatus:
    """All that anybody outside its organisation learns of a sealed review."""

    organisation: Organisation
    side: str
    sent: bool
    excused: bool
    shared: bool
    after_seeing: bool

    @property
    def missing(self) -> bool:
        return not self.sent and not self.excused


def statuses(project: Project) -> list[SendStatus]:
    """Who has sent, one row for each organisation that must. In the order of sides, never of sending."""
    return [_status(review) for review in _in_order(project)]


def statuses_by_project(projects: Collection[Project]) -> dict[int, list[SendStatus]]:
    """Who has sent on many projects at once, by the project's key. One query, none for no project."""
    found: dict[int, list[SendStatus]] = {project.pk: [] for project in projects}
    if found:
        for review in with_side(Review.objects.filter(project__in=found)):
            found[review.project_id].append(_status(review))
    return found


def _status(review):
    return SendStatus(
        organisation=review.organisation,
        side=review.side,
        sent=review.sent_at is not None,
        excused=review.excused_at is not None,
        shared=review.shared_at is not None,
        after_seeing=review.sent_at is not None and review.answered_after_seeing,
    )


def _in_order(project):
    reviews = Review.objects.filter(project=project)
    if not hasattr(project, "everybody"):
        return with_side(reviews)
    # Who takes part came with the project.
    places = {row.organisation_id: row for row in project.everybody}
    rows = list(reviews.order_by("pk"))
    for review in rows:
        place = places[review.organisation_id]
        review.organisation, review.side = place.organisation, place.side
    return sorted(rows, key=lambda review: review.side, reverse=True)


def with_side(reviews):
    taking_part = Participation.objects.filter(
        project=OuterRef("project"), organisation=OuterRef("organisation")
    )
    return (
        reviews.select_related("organisation")
        .annotate(side=Subquery(taking_part.values("side")[:1]))
        .order_by("-side", "pk")
    )
