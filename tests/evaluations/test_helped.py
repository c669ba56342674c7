"""Whether what was brought from earlier projects helped: what is asked, and what is kept of the answers."""

import pytest
from django.db import IntegrityError, transaction

from evaluations import sealing
from evaluations.actions.reviews import enter_review
from evaluations.models import CarriedItem, HelpQuestion, Review
from evaluations.models.answer import HelpAnswer
from partnerships.actions.closing import finish_delivery
from partnerships.actions.plan import CannotChangePlan, save_part
from partnerships.actions.suggestions import suggest_part
from partnerships.models import Participation
from tests.evaluations.brought import (
    LEARNING,
    PROMISE,
    asking_project,
    bring_along,
    items_of,
    silent_project,
    write_learnings,
)
from tests.evaluations.opened import open_reviews, signed_project
from tests.factories import (
    DAY,
    NOON,
    answer_all,
    make_project,
    make_sent,
    member_of,
    other_side,
    partner_of,
    person_on,
    review_of,
)

pytestmark = pytest.mark.django_db


def asked(project):
    return list(HelpQuestion.objects.filter(project=project).order_by("position"))


def words(project):
    return [question.text for question in asked(project)]


def say(review, answer, comment="", *, question=None, revision=0, actor=None, at=NOON):
    """One answer, as the page saves it."""
    question = question or asked(review.project)[0]
    entry = sealing.Entry(question.pk, answer, comment, revision)
    return sealing.save_helped(review, [entry], actor=actor or member_of(review.organisation), at=at)


# What is asked --------------------------------------------------------------------------------------


def test_each_review_asks_about_every_promise_and_learning_that_the_plan_brought(side):
    project = asking_project(side=side, promises=2)

    assert words(project) == [PROMISE, PROMISE, LEARNING]
    assert [question.promise is None for question in asked(project)] == [False, False, True]


def test_where_nothing_was_brought_nothing_is_asked(side):
    project = make_project(stage="deliver")
    write_learnings(project, [], organisation=partner_of(project, side))

    finish_delivery(project, at=NOON)

    assert asked(project) == []


def test_what_was_unticked_before_all_agreed_is_not_asked_about(side):
    project = make_project(stage="deliver")
    bring_along(project, side=side)
    write_learnings(project, items_of(project)[:1], organisation=partner_of(project, other_side(side)))

    finish_delivery(project, at=NOON)

    assert words(project) == [PROMISE]


def test_a_change_to_which_not_everybody_agreed_counts_for_nothing(side):
    project = make_project(stage="deliver")
    bring_along(project, side=side)
    write_learnings(project, [], organisation=partner_of(project, side), agreed=False)

    finish_delivery(project, at=NOON)

    assert not CarriedItem.objects.filter(project=project).exists()
    assert words(project) == [PROMISE, LEARNING]


def test_what_nobody_agreed_to_is_not_asked_about(side):
    project = make_project(stage="deliver")
    bring_along(project, side=side, agreed=False)

    finish_delivery(project, at=NOON)

    assert asked(project) == []


def test_nobody_is_asked_about_what_no_partner_may_read(side):
    strangers = signed_project(promises=[{"side": side}])
    project = make_project(stage="deliver")
    items = [
        {"key": f"promise:{strangers.promises.get().pk}", "text": "Theirs"},
        {"key": "nonsense", "text": "Nonsense"},
    ]
    write_learnings(project, items, organisation=partner_of(project, side))

    finish_delivery(project, at=NOON)

    assert asked(project) == []


def test_what_is_asked_is_fixed_once_the_reviews_begin(side):
    project = asking_project(side=side)
    before = asked(project)
    make_sent(review_of(project, side))
    organisation = partner_of(project, side)

    with pytest.raises(CannotChangePlan):
        save_part(
            project,
            "learnings",
            values={"items": []},
            base=1,
            actor=member_of(organisation),
            at=NOON,
        )
    with pytest.raises(CannotChangePlan):
        suggest_part(
            project,
            "learnings",
            values={"items": []},
            note="",
            base=1,
            actor=member_of(organisation),
            at=NOON,
        )
    # Even a version that got past all that leaves the questions alone, and so does entering Review again.
    write_learnings(project, [], organisation=organisation)
    enter_review(project, actor=None, at=NOON + DAY)

    assert asked(project) == before
    assert words(project) == [PROMISE, LEARNING]


def test_only_a_partner_of_the_earlier_project_learns_where_it_came_from(side):
    project = asking_project(side=side, **{"groups" if side == "group" else "companies": 2})
    ours = partner_of(project, side)
    newcomer = project.participations.filter(side=side).exclude(organisation=ours).get().organisation

    for organisation, known in (
        (ours, True),
        (partner_of(project, other_side(side)), True),
        (newcomer, False),
    ):
        questions = HelpQuestion.objects.asked_in(project, organisation)
        assert [question.is_known for question in questions] == [known, known]


# What is kept ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["no", "little", "yes", "dont_know", None])
def test_an_answer_comes_back_as_it_was_saved(side, answer):
    project = asking_project()
    review, question = review_of(project, side), asked(project)[0]
    person = member_of(review.organisation)

    saved = say(review, answer, "A word", actor=person)

    draft = sealing.Draft(question.pk, answer, "A word", 1, person, NOON)
    assert saved.answers == {question.pk: draft}
    assert sealing.own_helped(review) == sealing.own_draft(review).helped == {question.pk: draft}


@pytest.mark.parametrize("answer", ["", "perhaps", 1, 4, True, "not_here"])
def test_what_is_no_answer_is_refused(side, answer):
    project = asking_project()

    with pytest.raises(ValueError):
        say(review_of(project, side), answer)

    assert not HelpAnswer.objects.exists()


def test_what_another_project_asks_is_refused(side):
    project, other = asking_project(), asking_project()

    with pytest.raises(ValueError):
        say(review_of(project, side), "yes", question=asked(other)[0])

    assert not HelpAnswer.objects.exists()


def test_two_colleagues_who_change_the_same_answer_get_both_texts(side):
    review = review_of(asking_project(), side)
    say(review, "yes", "Theirs")

    saved = say(review, "no", "Mine", at=NOON + DAY)

    (conflict,) = saved.conflicts
    assert conflict.theirs.content == ("yes", "Theirs")
    assert conflict.mine.content == ("no", "Mine")
    assert [draft.content for draft in sealing.own_helped(review).values()] == [("yes", "Theirs")]


def test_a_sent_review_takes_no_more_answers_until_it_is_reopened(side):
    review = review_of(asking_project(), side)
    make_sent(review)

    with pytest.raises(sealing.Locked):
        say(review, "yes")

    Review.objects.filter(pk=review.pk).update(sent_at=None)
    assert say(review, "yes").answers


@pytest.mark.parametrize("how", ["opened_at", "shared_at"])
def test_the_database_refuses_to_change_what_others_can_read(side, how):
    project = asking_project()
    review, sealed = review_of(project, side), review_of(project, other_side(side))
    second = asked(project)[1]
    say(review, "yes")
    say(sealed, "no", question=second)
    make_sent(review)
    Review.objects.filter(pk=review.pk).update(**{how: NOON})
    mine, theirs = HelpAnswer.objects.get(review=review), HelpAnswer.objects.get(review=sealed)
    forbidden = [
        lambda: HelpAnswer.objects.filter(pk=mine.pk).update(comment="Changed"),
        lambda: HelpAnswer.objects.filter(pk=mine.pk).delete(),
        lambda: HelpAnswer.objects.filter(pk=mine.pk).update(review=sealed),
        lambda: HelpAnswer.objects.filter(pk=theirs.pk).update(review=review),
        lambda: HelpAnswer.objects.create(
            review=review, question=second, helped="no", saved_by=mine.saved_by, saved_at=NOON
        ),
    ]

    for change in forbidden:
        with pytest.raises(IntegrityError, match="stay as they are"), transaction.atomic():
            change()

    # The review that is still sealed can be changed.
    assert HelpAnswer.objects.filter(pk=theirs.pk).update(comment="Changed") == 1


# What others read -----------------------------------------------------------------------------------


@pytest.mark.parametrize("partners", [1, 2])
def test_what_each_said_opens_with_everything_else_and_not_before(side, partners):
    project = asking_project(groups=partners, companies=partners)
    first, second = asked(project)
    mine = review_of(project, side)
    say(mine, "little", "Half of them came.")

    assert sealing.opened(project) is None
    for each in ("group", "company"):
        assert sealing.readable_by(project, partner_of(project, each)) == ()
    assert later(project, person_on(project, other_side(side))) == {}

    open_reviews(project)

    opened = sealing.opened(project)
    assert opened.of(mine.organisation).helped == (
        sealing.Helped(first.pk, PROMISE, "little", "Half of them came."),
        sealing.Helped(second.pk, LEARNING),
    )
    for review in opened.reviews:
        if review.organisation != mine.organisation:
            assert [said.answer for said in review.helped] == ["", ""]


def test_a_review_that_is_shared_early_shows_it_too_and_the_others_stay_sealed(side):
    project = asking_project()
    shared, sealed = review_of(project, side), review_of(project, other_side(side))
    say(shared, "yes", "Ours")
    say(sealed, "no", "Theirs")
    make_sent(shared)
    Review.objects.filter(pk=shared.pk).update(shared_at=NOON)

    (readable,) = sealing.readable_by(project, sealed.organisation)

    assert readable.helped[0].comment == "Ours"
    # The earlier project tells of what has opened together, not of what one side shared.
    assert later(project, person_on(project, other_side(side))) == {}


def later(project, person):
    """What an earlier project may tell this person."""
    theirs = Participation.objects.partners().acted_by(person).values("project")
    questions = asked(project)
    return sealing.helped_later(
        promises=[q.promise_id for q in questions if q.promise_id],
        parts=[q.part_id for q in questions if q.part_id],
        projects=theirs,
    )


def test_the_earlier_project_tells_it_to_whoever_may_read_the_results(side):
    project = asking_project()
    promise, learning = asked(project)
    say(review_of(project, side), "yes", "It did.")
    say(review_of(project, other_side(side)), "no", "", question=learning)
    open_reviews(project)

    told = later(project, person_on(project, side, "reader"))

    assert told == {
        ("promise", promise.promise_id): [
            sealing.HelpedThere(project, partner_of(project, side), "Yes", "It did.")
        ],
        ("part", learning.part_id): [
            sealing.HelpedThere(project, partner_of(project, other_side(side)), "No", "")
        ],
    }
    stranger = person_on(silent_project(), side)
    assert later(project, stranger) == {}


@pytest.mark.parametrize("promises", [1, 3])
def test_what_opened_costs_does_not_grow_with_what_was_brought(promises, django_assert_num_queries):
    project = asking_project(promises=promises)
    open_reviews(project)

    with django_assert_num_queries(4):
        assert len(sealing.opened(project).reviews[0].helped) == promises + 1


def test_nobody_has_to_answer_before_sending(side):
    project = asking_project()
    review = review_of(project, side)
    answer_all(review)

    progress = sealing.progress(review)

    assert (progress.complete, progress.help_asked, progress.help_started, progress.help_done) == (
        True,
        2,
        False,
        False,
    )
    assert sealing.missing(review) == []
