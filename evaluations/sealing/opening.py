"""Breaking the seals of a project, all at once."""

import datetime as dt

from evaluations.models import PrincipleValue, Review
from evaluations.models.answer import Answer
from evaluations.scoring import Mark, principle_value
from partnerships.models import Project
from principles.models import Principle


class StillMissing(Exception):
    """Not every organisation has sent its review, so none opens."""


def open_all(project: Project, *, at: dt.datetime) -> list[Review]:
    """Open every review that was sent and keep its values per principle. The caller has locked the project's row.

    Raises:
        StillMissing: an organisation that must send has not, so nothing opens.
    """
    reviews = list(Review.objects.select_for_update().filter(project=project, opened_at=None).order_by("pk"))
    if not reviews or any(review.sent_at is None and review.excused_at is None for review in reviews):
        raise StillMissing
    sent = [review for review in reviews if review.sent_at is not None]
    marks: dict[int, dict[int, Mark]] = {review.pk: {} for review in sent}
    for row in Answer.objects.filter(review__in=marks).exclude(level=None, outside=""):
        marks[row.review_id][row.question_id] = Mark(row.outside or row.level)
    values = []
    for principle in Principle.objects.filter(principle_set__projects=project).prefetch_related("questions"):
        asked = [question.pk for question in principle.questions.all()]
        for review in sent:
            given = [marks[review.pk][pk] for pk in asked if pk in marks[review.pk]]
            tally = principle_value(given, len(asked))
            values.append(
                PrincipleValue(
                    review=review,
                    principle=principle,
                    total=tally.total,
                    answered=tally.answered,
                    dont_know=tally.dont_know,
                    not_here=tally.not_here,
                )
            )
    PrincipleValue.objects.bulk_create(values)
    Review.objects.filter(pk__in=marks).update(opened_at=at)
    return sent
