"""Projects whose reviews have opened, for tests of what comes after."""

from evaluations import sealing
from evaluations.actions.conclusions import (
    Written,
    WrittenPart,
    WrittenPromise,
    save_conclusion,
    start_conclusion,
)
from evaluations.actions.signing import sign_conclusion
from partnerships.actions.stages import enter_stage
from tests.factories import DAY, NOON, answer_all, make_project, make_reviews, make_sent, person_on


def opened_project(*, group=3, company=3, **fields):
    """A project in Learn. `group` and `company`: which level each side chose everywhere, or keywords for `answer_all`."""
    fields.setdefault("result", "reached")
    project = make_project(stage="review", **fields)
    make_reviews(project)
    for review in project.reviews.all():
        side = project.participations.get(organisation=review.organisation).side
        given = {"group": group, "company": company}[side]
        answer_all(review, **(given if isinstance(given, dict) else {"level": given}))
        make_sent(review)
    sealing.open_all(project, at=NOON)
    project.reviews_opened_at = NOON
    project.save()
    return enter_stage(project, "learn", actor=None, at=NOON)


def principle(project, number=1):
    return project.principle_set.principles.get(number=number)


def a_promise(project, person, *, what="Send agendas five days before", days=14, number=4):
    return WrittenPromise(
        what=what, owner=person.pk, due_on=(NOON + days * DAY).date(), principle=principle(project, number).pk
    )


def three_parts(**changes):
    parts = {
        "well": WrittenPart("We met every week."),
        "hard": WrittenPart("The contract took long."),
        "different": WrittenPart("We start with the contract.", public=True),
    }
    return parts | changes


def signed_project(*, promises=(), public=True, at=NOON, **fields):
    """A project whose conclusion is signed by all. `promises`: a list of keywords for `a_promise`, each with `side`."""
    project = opened_project(**fields)
    people = {side: person_on(project, side) for side in ("group", "company")}
    conclusion = start_conclusion(project, actor=people["group"], at=at)
    written = Written(
        three_parts(different=WrittenPart("We start with the contract.", public=public)),
        {
            position: a_promise(project, people[promise.pop("side")], **promise)
            for position, promise in enumerate([dict(promise) for promise in promises], start=1)
        },
    )
    save_conclusion(conclusion, written, actor=people["group"], at=at)
    conclusion.refresh_from_db()
    for person in people.values():
        sign_conclusion(conclusion, revision=conclusion.revision, actor=person, at=at)
    project.refresh_from_db()
    return project
