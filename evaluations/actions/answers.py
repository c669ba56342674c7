"""Writing a review. Saving leaves no line of history: what is being written stays inside the organisation."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from accounts.models import Person
from evaluations import sealing
from evaluations.models import Review
from partnerships.actions.people import named
from partnerships.models import ProjectPerson


def save_answers(
    review: Review, entries: Iterable[sealing.Entry], *, actor: Person, at: dt.datetime, page: str = ""
) -> sealing.Saved:
    """Keep the answers of one page. With the first words it is fixed for whom the writer acts on this project.

    Raises:
        sealing.Locked: the review can't be changed now.
        ActsForNobody: the writer acts for another organisation.
    """
    _fix_side(review, actor, at)
    return sealing.save_answers(review, entries, actor=actor, at=at, page=page)


def save_overall(
    review: Review, entry: sealing.OverallEntry, *, actor: Person, at: dt.datetime, page: str = ""
) -> sealing.OverallDraft:
    """Keep the closing page.

    Raises:
        sealing.EditConflict: a colleague has changed it since it was read.
        sealing.Locked, ActsForNobody: see `save_answers`.
    """
    _fix_side(review, actor, at)
    return sealing.save_overall(review, entry, actor=actor, at=at, page=page)


def save_helped(
    review: Review, entries: Iterable[sealing.Entry], *, actor: Person, at: dt.datetime, page: str = ""
) -> sealing.Saved:
    """Keep what is said about what was brought from earlier projects.

    Raises:
        sealing.Locked, ActsForNobody: see `save_answers`.
    """
    _fix_side(review, actor, at)
    return sealing.save_helped(review, entries, actor=actor, at=at, page=page)


def _fix_side(review: Review, actor: Person, at: dt.datetime) -> None:
    # Asked first, because it is nearly always so: a page is saved every few seconds.
    known = ProjectPerson.objects.filter(
        project=review.project_id, person=actor, acting_for=review.organisation_id
    )
    if not known.exists():
        with transaction.atomic():
            named(review.project, actor, review.organisation, at)
