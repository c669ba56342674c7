"""The door to what reviews say."""

import pytest
from django.db import IntegrityError, transaction

from evaluations import sealing
from evaluations.models import PrincipleValue, Review
from evaluations.models.answer import Answer, Overall
from evaluations.scoring import Mark
from principles.models import Question
from tests.factories import (
    DAY,
    NOON,
    add_agency,
    answer_all,
    make_principles,
    make_project,
    make_reviews,
    make_sent,
    member_of,
    other_side,
    partner_of,
    review_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    project = make_project(stage="review")
    make_reviews(project)
    return project


def questions():
    return list(Question.objects.order_by("principle__number", "position"))


def writer(review):
    return member_of(review.organisation)


def test_everybody_learns_who_has_sent_and_nothing_else(project, side):
    make_sent(review_of(project, side))

    rows = sealing.statuses(project)

    assert [(row.side, row.sent, row.missing) for row in rows] == [
        ("group", side == "group", side != "group"),
        ("company", side == "company", side != "company"),
    ]
    assert set(vars(rows[0])) == {"organisation", "side", "sent", "excused", "shared", "after_seeing"}


def test_the_order_of_statuses_does_not_tell_who_sent_first(project, side):
    before = [row.organisation for row in sealing.statuses(project)]

    make_sent(review_of(project, side))

    assert [row.organisation for row in sealing.statuses(project)] == before


@pytest.mark.parametrize("answer", [1, 2, 3, 4, "dont_know", "not_here", None])
def test_an_answer_comes_back_as_it_was_saved(project, side, answer):
    review = review_of(project, side)
    person, question = writer(review), questions()[0]

    saved = sealing.save_answer(review, question, answer, "A word", revision=0, actor=person, at=NOON)

    assert saved == sealing.Draft(question.pk, answer, "A word", 1, person, NOON)
    assert sealing.own_draft(review).answers == {question.pk: saved}


@pytest.mark.parametrize("answer", [0, 5, -1, True, "yes", "", "4"])
def test_what_is_no_answer_is_refused(project, answer):
    review = review_of(project, "group")

    with pytest.raises(ValueError):
        sealing.save_answer(review, questions()[0], answer, revision=0, actor=writer(review), at=NOON)

    assert sealing.own_draft(review).answers == {}


def test_a_question_of_another_edition_is_refused(project):
    review = review_of(project, "group")
    other = make_other_edition_question()

    with pytest.raises(ValueError):
        sealing.save_answer(review, other, 1, revision=0, actor=writer(review), at=NOON)


def test_saving_what_stands_there_already_writes_nothing(project):
    review = review_of(project, "group")
    person, question = writer(review), questions()[0]
    first = sealing.save_answer(review, question, 2, "A word", revision=0, actor=person, at=NOON)

    again = sealing.save_answer(review, question, 2, "A word", revision=0, actor=person, at=NOON + DAY)

    assert again == first


def test_leaving_everything_empty_makes_no_row(project):
    review = review_of(project, "group")

    sealing.save_answer(review, questions()[0], None, revision=0, actor=writer(review), at=NOON)

    assert Answer.objects.count() == 0


def test_two_colleagues_who_change_the_same_answer_get_both_texts(project):
    review = review_of(project, "group")
    first, second, question = writer(review), writer(review), questions()[0]
    theirs = sealing.save_answer(review, question, 2, "Theirs", revision=0, actor=first, at=NOON)

    with pytest.raises(sealing.EditConflict) as conflict:
        sealing.save_answer(review, question, 3, "Mine", revision=0, actor=second, at=NOON + DAY)

    assert conflict.value.theirs == theirs
    assert conflict.value.mine.content == (3, "Mine")
    assert sealing.own_draft(review).answers == {question.pk: theirs}


def test_a_conflict_on_one_question_does_not_hold_back_the_others(project):
    review = review_of(project, "group")
    first, second = writer(review), writer(review)
    one, two, three = questions()[:3]
    sealing.save_answer(review, one, 2, "Theirs", revision=0, actor=first, at=NOON)

    saved = sealing.save_answers(
        review,
        [sealing.Entry(one.pk, 3, "Mine"), sealing.Entry(two.pk, 4), sealing.Entry(three.pk)],
        actor=second,
        at=NOON + DAY,
    )

    assert [conflict.mine.question for conflict in saved.conflicts] == [one.pk]
    assert {pk: draft.content for pk, draft in sealing.own_answers(review).items()} == {
        one.pk: (2, "Theirs"),
        two.pk: (4, ""),
    }


def test_an_answer_left_alone_never_overwrites_a_colleagues(project):
    review = review_of(project, "group")
    first, second, question = writer(review), writer(review), questions()[0]
    read = sealing.save_answer(review, question, 2, "Old", revision=0, actor=second, at=NOON)
    newer = sealing.save_answer(review, question, 3, "New", revision=1, actor=first, at=NOON + DAY)

    saved = sealing.save_answers(
        review,
        [sealing.Entry(question.pk, *read.content, revision=1, read=read.digest)],
        actor=second,
        at=NOON + 2 * DAY,
    )

    assert saved == sealing.Saved({question.pk: newer})


def test_a_page_never_conflicts_with_what_it_saved_itself(project):
    review = review_of(project, "group")
    person, question = writer(review), questions()[0]
    sealing.save_answers(
        review, [sealing.Entry(question.pk, 2, "Half a sen")], actor=person, at=NOON, page="k3f9wq2h.1"
    )

    # The word that it was saved got lost: the page still carries the revision it was opened with.
    saved = sealing.save_answers(
        review, [sealing.Entry(question.pk, 2, "Half a sentence")], actor=person, at=NOON, page="k3f9wq2h.2"
    )

    assert (saved.conflicts, saved.answers[question.pk].content) == ((), (2, "Half a sentence"))


def test_what_a_page_saved_earlier_and_arrives_late_overwrites_nothing(project):
    review = review_of(project, "group")
    person, question = writer(review), questions()[0]
    for page, text in (("k3f9wq2h.2", "The whole sentence"), ("k3f9wq2h.1", "The who")):
        entry = sealing.Entry(question.pk, 2, text)
        saved = sealing.save_answers(review, [entry], actor=person, at=NOON, page=page)
    for page, text in (("k3f9wq2h.2", "The whole sentence"), ("k3f9wq2h.1", "The who")):
        closing = sealing.save_overall(
            review, sealing.OverallEntry("yes", text), actor=person, at=NOON, page=page
        )

    assert (saved.conflicts, saved.answers[question.pk].comment) == ((), "The whole sentence")
    assert closing.keep == "The whole sentence"


def test_the_closing_page_is_kept_and_a_colleagues_change_is_noticed(project):
    review = review_of(project, "group")
    first, second = writer(review), writer(review)
    theirs = sealing.save_overall(review, sealing.OverallEntry("yes", "Keep", "Change"), actor=first, at=NOON)

    with pytest.raises(sealing.EditConflict) as conflict:
        sealing.save_overall(review, sealing.OverallEntry("no", "", ""), actor=second, at=NOON + DAY)

    assert theirs == sealing.OverallDraft("yes", "Keep", "Change", 1, first, NOON)
    assert (conflict.value.theirs, conflict.value.mine.content) == (theirs, ("no", "", ""))
    assert sealing.own_overall(review) == theirs


def test_an_unknown_answer_on_the_closing_page_is_refused(project):
    review = review_of(project, "group")

    with pytest.raises(ValueError):
        sealing.save_overall(review, sealing.OverallEntry("perhaps"), actor=writer(review), at=NOON)


@pytest.mark.parametrize(
    "state",
    [{"sent_at": NOON}, {"excused_at": NOON}, {"sent_at": NOON, "opened_at": NOON}],
    ids=["sent", "excused", "opened"],
)
def test_a_review_that_is_not_being_written_takes_no_answer(project, state):
    review = review_of(project, "group")
    Review.objects.filter(pk=review.pk).update(**state)

    with pytest.raises(sealing.Locked):
        sealing.save_answer(review, questions()[0], 1, revision=0, actor=writer(review), at=NOON)
    with pytest.raises(sealing.Locked):
        sealing.save_overall(review, sealing.OverallEntry("yes"), actor=writer(review), at=NOON)


@pytest.mark.parametrize("stage", ["deliver", "learn", "completed", "withdrawn"])
def test_a_project_outside_review_takes_no_answer(project, stage):
    review = review_of(project, "group")
    type(project).objects.filter(pk=project.pk).update(
        stage=stage, result="reached", withdrawn_at=NOON, withdraw_reason="other"
    )

    with pytest.raises(sealing.Locked):
        sealing.save_answer(review, questions()[0], 1, revision=0, actor=writer(review), at=NOON)


def test_missing_names_the_questions_without_an_answer_in_their_order(project):
    review = review_of(project, "company")
    asked = questions()
    answer_all(review, level=3)
    for question in (asked[4], asked[1]):
        draft = sealing.own_answers(review)[question.pk]
        sealing.save_answer(
            review, question, None, "Only a word", revision=draft.revision, actor=writer(review), at=NOON
        )

    assert sealing.missing(review) == [asked[1], asked[4]]


def test_progress_counts_per_principle_and_leads_to_the_first_gap(project):
    review = review_of(project, "group")
    person, asked = writer(review), questions()
    for question in asked[:4]:
        sealing.save_answer(review, question, "dont_know", revision=0, actor=person, at=NOON)

    progress = sealing.progress(review)

    assert [(p.answered, p.asked, p.done, p.started) for p in progress.principles] == [
        (3, 3, True, True),
        (1, 3, False, True),
        (0, 3, False, False),
        (0, 3, False, False),
        (0, 3, False, False),
    ]
    assert (progress.done, progress.started, progress.complete) == (1, True, False)
    assert progress.next_principle.number == 2


def test_the_standing_on_many_projects_holds_own_progress_and_who_has_sent(side, django_assert_num_queries):
    one, two = make_project(groups=2, stage="review"), make_project(stage="review")
    for project in (one, two):
        make_reviews(project)
    mine, theirs = partner_of(one, side), partner_of(one, other_side(side))
    pairs = [(one.pk, mine.pk), (two.pk, partner_of(two, side).pk)]
    person = member_of(mine)
    for question in questions()[:4]:
        sealing.save_answer(review_of(one, side), question, 2, revision=0, actor=person, at=NOON)
    make_sent(review_of(one, other_side(side)))
    make_sent(review_of(two, other_side(side)))

    with django_assert_num_queries(2):
        standing = sealing.progress_by_project(pairs)

    assert standing == {
        one.pk: sealing.Standing(1, 5, (theirs,), others_missing=True),
        two.pk: sealing.Standing(0, 5, (partner_of(two, other_side(side)),), others_missing=False),
    }


def test_nothing_is_readable_while_one_is_missing(project, side):
    make_sent(review_of(project, side))

    assert sealing.opened(project) is None
    assert [sealing.readable_by(project, partner_of(project, s)) for s in ("group", "company")] == [(), ()]


def test_opening_with_one_missing_is_refused_and_changes_nothing(project, side):
    make_sent(review_of(project, side))

    with pytest.raises(sealing.StillMissing), transaction.atomic():
        sealing.open_all(project, at=NOON)

    assert Review.objects.filter(opened_at__isnull=False).count() == PrincipleValue.objects.count() == 0


def test_opening_shows_every_mark_and_keeps_the_values():
    project = make_project(groups=2, companies=1, stage="review")
    make_reviews(project)
    for level, review in enumerate(project.reviews.order_by("pk"), start=1):
        answer_all(review, level=level, comment=f"Comment {level}", again="changed", keep="K", change="C")
        make_sent(review)

    with transaction.atomic():
        sealing.open_all(project, at=NOON + DAY)

    opened = sealing.opened(project)
    assert opened.at == NOON + DAY
    assert [(r.side, r.organisation) for r in opened.reviews] == [
        (p.side, p.organisation) for p in project.participations.order_by("-side", "pk")
    ]
    assert [set(r.marks.values()) for r in opened.reviews] == [{Mark(n, f"Comment {n}")} for n in (1, 2, 3)]
    assert {r.overall for r in opened.reviews} == {sealing.OverallAnswer("changed", "K", "C")}
    assert sorted(set(PrincipleValue.objects.values_list("review__organisation", "total", "answered"))) == [
        (review.organisation.pk, 3 * level, 3) for level, review in enumerate(opened.reviews, start=1)
    ]
    assert PrincipleValue.objects.count() == 15
    assert opened.reviews[0].scored.organisation.name == opened.reviews[0].organisation.name


def test_opening_counts_what_is_outside_the_scale_apart(project):
    asked = questions()
    for side in ("group", "company"):
        review = review_of(project, side)
        person = writer(review)
        for position, question in enumerate(asked):
            answer = ["dont_know", "not_here", 4][position % 3]
            sealing.save_answer(review, question, answer, revision=0, actor=person, at=NOON)
        make_sent(review, answers=False)

    with transaction.atomic():
        sealing.open_all(project, at=NOON)

    values = PrincipleValue.objects.values_list("total", "answered", "dont_know", "not_here")
    assert set(values) == {(4, 1, 1, 1)}


def test_an_agency_reads_no_review_even_when_opened(project, side):
    agency = add_agency(project, partner_of(project, side))
    for each in ("group", "company"):
        make_sent(review_of(project, each))
    with transaction.atomic():
        sealing.open_all(project, at=NOON)

    assert sealing.readable_by(project, agency) == ()
    assert len(sealing.readable_by(project, partner_of(project, side))) == 2


def test_a_shared_review_is_readable_and_the_others_stay_sealed(project, side):
    shared = review_of(project, side)
    answer_all(review_of(project, other_side(side)), level=1, comment="Still sealed")
    make_sent(shared)
    Review.objects.filter(pk=shared.pk).update(shared_at=NOON)

    readable = sealing.readable_by(project, partner_of(project, other_side(side)))

    assert [review.organisation for review in readable] == [partner_of(project, side)]
    assert sealing.opened(project) is None


@pytest.mark.parametrize("how", ["opened_at", "shared_at"])
def test_the_database_refuses_to_change_what_others_can_read(project, how):
    review = review_of(project, "group")
    make_sent(review)
    open_review = review_of(project, "company")
    answer_all(open_review)
    Review.objects.filter(pk=review.pk).update(**{how: NOON})
    answer = Answer.objects.filter(review=review).first()
    moved = Answer.objects.filter(review=open_review).first()
    forbidden = [
        lambda: Answer.objects.filter(pk=answer.pk).update(comment="Changed"),
        lambda: Answer.objects.filter(pk=answer.pk).delete(),
        lambda: Answer.objects.filter(pk=answer.pk).update(review=open_review, question=moved.question),
        lambda: Answer.objects.filter(pk=moved.pk).update(review=review),
        lambda: Answer.objects.create(
            review=review,
            question=make_other_edition_question(),
            level=1,
            saved_by=answer.saved_by,
            saved_at=NOON,
        ),
        lambda: Overall.objects.filter(review=review).update(keep="Changed"),
        lambda: Overall.objects.filter(review=review).delete(),
        lambda: Review.objects.filter(pk=review.pk).update(**{how: None}),
        lambda: Review.objects.filter(pk=review.pk).update(**{how: NOON + DAY}),
    ]

    for change in forbidden:
        with pytest.raises(IntegrityError, match="stay as they are|never sealed again"), transaction.atomic():
            change()

    # The review that is still sealed can be changed.
    assert Answer.objects.filter(pk=moved.pk).update(comment="Changed") == 1


def make_other_edition_question():
    return Question.objects.create(
        principle=make_principles("2027-01").principles.first(),
        position=9,
        code="nine",
        short="Nine",
        text="?",
    )


def test_the_database_refuses_to_change_the_values_of_an_opened_review(project):
    for side in ("group", "company"):
        make_sent(review_of(project, side))
    with transaction.atomic():
        sealing.open_all(project, at=NOON)

    with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
        PrincipleValue.objects.update(total=1)
    with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
        PrincipleValue.objects.all().delete()


def test_the_start_of_a_page_costs_one_query_for_its_answers(project, django_assert_num_queries):
    review = review_of(project, "group")
    answer_all(review)
    first_page = questions()[:3]

    with django_assert_num_queries(1):
        assert len(sealing.own_answers(review, first_page)) == 3


@pytest.mark.parametrize("groups", [1, 5])
def test_what_opened_costs_does_not_grow_with_the_partners(groups, django_assert_num_queries):
    project = make_project(groups=groups, stage="review")
    make_reviews(project)
    for review in project.reviews.all():
        make_sent(review)
    with transaction.atomic():
        sealing.open_all(project, at=NOON)

    with django_assert_num_queries(4):
        assert len(sealing.opened(project).reviews) == groups + 1
    with django_assert_num_queries(1):
        sealing.statuses(project)


@pytest.mark.parametrize("run", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_the_triggers_outlive_the_emptying_of_the_tables(run):
    """Runs twice: what the first run leaves behind, the second one meets."""
    assert Answer.objects.count() == 0
    project = make_project(stage="review")
    make_reviews(project)
    for review in project.reviews.all():
        make_sent(review)
    with transaction.atomic():
        sealing.open_all(project, at=NOON)

    with pytest.raises(IntegrityError, match="stay as they are"):
        Answer.objects.update(comment="Changed")
