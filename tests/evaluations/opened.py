"""Projects whose reviews have opened, for tests of what comes after."""

from django.db import transaction

from evaluations import sealing
from evaluations.actions.conclusions import save_conclusion, start_conclusion
from evaluations.actions.measuring import keep_measured
from evaluations.actions.signing import sign_conclusion
from evaluations.actions.written import Written, WrittenPart, WrittenPromise
from partnerships.actions.stages import enter_stage
from tests.factories import (
    DAY,
    NOON,
    answer_all,
    make_principles,
    make_project,
    make_reviews,
    make_sent,
    partner_of,
    person_on,
)


def opened_project(*, group=3, company=3, excused="", **fields):
    """A project in Learn.

    Arguments:
        group, company: which level each side chose everywhere, or keywords for `answer_all`.
        excused: the side whose last partner was excused and sent nothing.
    """
    fields.setdefault("result", "reached")
    return open_reviews(make_project(stage="review", **fields), group=group, company=company, excused=excused)


def ask_different_questions():
    """Each principle begins with a question of its own. For before a project uses the edition: then it stays."""
    for principle in make_principles().principles.all():
        principle.opening_question = f"What about number {principle.number}?"
        principle.save()


def last_partner(project, side):
    return project.participations.filter(side=side, role="partner").order_by("-pk").first().organisation


def open_reviews(project, *, group=3, company=3, excused=""):
    """Write, send and open the reviews of a project in Review."""
    if not project.reviews.exists():
        make_reviews(project)
    if excused:
        project.reviews.filter(organisation=last_partner(project, excused)).update(excused_at=NOON)
    for review in project.reviews.filter(excused_at=None):
        side = project.participations.get(organisation=review.organisation).side
        given = {"group": group, "company": company}[side]
        answer_all(review, **(given if isinstance(given, dict) else {"level": given}))
        make_sent(review)
    with transaction.atomic():
        sealing.open_all(project, at=NOON)
        keep_measured(project)
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
    """A project whose conclusion is signed. `promises`: keywords for `a_promise`, each with `side`."""
    project = opened_project(**fields)
    people = {side: person_on(project, side) for side in ("group", "company")}
    return sign_everything(project, people, promises=promises, public=public, at=at)


def sign_everything(project, people, *, promises=(), public=True, at=NOON):
    """Write and sign the conclusion of an opened project with one partner on each side. `people`: one for each side."""
    conclusion = start_conclusion(project, actor=people["group"], at=at)
    written = Written(
        three_parts(different=WrittenPart("We start with the contract.", public=public)),
        {
            position: a_promise(project, people[promise["side"]], **_without(promise, "side"))
            for position, promise in enumerate(promises, start=1)
        },
    )
    save_conclusion(conclusion, written, actor=people["group"], at=at)
    conclusion.refresh_from_db()
    for person in people.values():
        sign_conclusion(conclusion, revision=conclusion.revision, actor=person, at=at)
    project.refresh_from_db()
    return project


def _without(given, name):
    return {key: value for key, value in given.items() if key != name}


# Scenes for tests/walk.py -------------------------------------------------------------------------------


def opened_scene(world):
    """The reviews of both projects are open."""
    for project in (world.project, world.other):
        project.stage, project.result = "review", "reached"
        project.save()
        open_reviews(project)


def writing_scene(world):
    """The group of each project has started the joint conclusion and holds the pen."""
    opened_scene(world)
    start_conclusion(world.project, actor=world.person("group lead"), at=NOON)
    start_conclusion(world.other, actor=world.person("other group"), at=NOON)


def learned_scene(world):
    """Both conclusions are signed, with a promise of the group."""
    opened_scene(world)
    people = {side: world.person(f"{side} lead") for side in ("group", "company")}
    sign_everything(world.project, people, promises=[{"side": "group"}])
    others = {side: world.person(f"other {side}") for side in ("group", "company")}
    sign_everything(world.other, others, promises=[{"side": "group"}])


def promise_of(world):
    return world.project.promises.made().get(organisation=partner_of(world.project, "group"))
