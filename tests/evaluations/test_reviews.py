"""Reviews from opening to sending: who must send, what the last one opens, and what can be taken back."""

import datetime as dt

import pytest
from django.db import transaction

from accounts.actions.organisations import CannotMerge, merge
from accounts.models import Event, Notice
from evaluations import sealing
from evaluations.actions import reviews
from evaluations.models import LateChoice, MeasuredFact, PrincipleValue, Review
from evaluations.scoring import Mark
from partnerships.actions.closing import close_early, finish_delivery
from partnerships.actions.people import ActsForNobody
from partnerships.actions.stages import what_blocks
from partnerships.models import Contract, ContractVersion, Project, Turn
from partnerships.permissions import acting_people
from tests.factories import (
    DAY,
    NOON,
    add_agency,
    answer_all,
    make_organisation,
    make_person,
    make_project,
    make_reviews,
    make_sent,
    member_of,
    other_side,
    partner_of,
    review_of,
)

pytestmark = pytest.mark.django_db

LATER = NOON + DAY


@pytest.fixture
def project():
    project = make_project(stage="review", review_due_on=dt.date(2026, 12, 12))
    make_reviews(project)
    return project


def lead(review):
    return member_of(review.organisation)


def send(review, at=LATER, actor=None):
    """Send as somebody who has looked at the check page just now."""
    seen = [one.pk for one in reviews.senders(review.project) if one != review.organisation]
    return reviews.send_review(review, actor=actor or lead(review), at=at, seen_senders=seen)


def answered(project, side):
    review = review_of(project, side)
    answer_all(review)
    return review


# Opening for answers


def test_when_the_end_date_has_passed_each_partner_owes_a_review(side):
    project = make_project(groups=2, stage="deliver", ends_on=dt.date(2026, 11, 20), result="reached")
    add_agency(project, partner_of(project, side))
    writers = [member_of(p.organisation) for p in project.participations.partners()]
    member_of(partner_of(project, side), "reader")

    finish_delivery(project, at=NOON)
    finish_delivery(project, at=NOON + DAY)

    project.refresh_from_db()
    partners = [p.organisation for p in project.participations.partners()]
    assert project.stage == "review"
    assert [review.organisation for review in project.reviews.order_by("pk")] == sorted(
        partners, key=lambda organisation: organisation.pk
    )
    assert set(project.turns.values_list("organisation", "kind", "due_on")) == {
        (partner.pk, Turn.Kind.REVIEW, dt.date(2026, 12, 14)) for partner in partners
    }
    opens = Notice.objects.filter(kind="review_opens")
    assert sorted(notice.recipient_id for notice in opens) == sorted(writer.pk for writer in writers)


def test_closing_early_opens_the_reviews_too():
    project = make_project(stage="deliver", ends_on=dt.date(2027, 6, 1))
    for side in ("group", "company"):
        close_early(project, actor=member_of(partner_of(project, side)), at=NOON, reason="done")

    assert Review.objects.filter(project=project).count() == 2


def test_a_partner_that_has_left_owes_no_review():
    project = make_project(groups=2, stage="deliver", ends_on=dt.date(2026, 11, 20))
    gone = project.participations.filter(side="group").last()
    gone.left_at = NOON
    gone.save()

    finish_delivery(project, at=NOON)

    assert gone.organisation not in [review.organisation for review in project.reviews.all()]


def test_entering_review_again_makes_nothing_twice(project):
    before = (Review.objects.count(), Turn.objects.count(), Notice.objects.count())

    reviews.enter_review(project, actor=None, at=LATER)

    assert (Review.objects.count(), Turn.objects.count(), Notice.objects.count()) == before


# Sending


def test_the_first_review_that_is_sent_stays_sealed_and_the_other_side_is_told(project, side):
    review, other = answered(project, side), review_of(project, other_side(side))
    theirs, mine = lead(other), lead(review)

    send(review, actor=mine)

    review.refresh_from_db()
    project.refresh_from_db()
    assert (review.sent_at, review.sent_by, review.sends, review.opened_at) == (LATER, mine, 1, None)
    assert (project.stage, project.reviews_opened_at) == ("review", None)
    assert sealing.opened(project) is None
    told = Notice.objects.filter(kind="other_sent")
    assert [(n.recipient, n.key, n.params) for n in told] == [
        (theirs, f"other-sent:{review.pk}:1:p{theirs.pk}", {"about": review.organisation_id})
    ]


def test_the_last_review_opens_all_and_leads_on_to_learn(project, side):
    first, last = answered(project, side), answered(project, other_side(side))
    reader = member_of(first.organisation, "reader")
    send(first)

    send(last, at=LATER + DAY)

    project.refresh_from_db()
    assert (project.stage, project.reviews_opened_at) == ("learn", LATER + DAY)
    assert set(project.reviews.values_list("opened_at", flat=True)) == {LATER + DAY}
    assert PrincipleValue.objects.count() == 10
    assert not project.turns.filter(kind=Turn.Kind.REVIEW).exists()
    told = set(Notice.objects.filter(kind="all_sent").values_list("recipient", flat=True))
    assert told == {acting.person.pk for acting in acting_people(project)}
    assert reader.pk in told
    assert list(Event.objects.filter(verb="reviews.opened").values_list("at", "detail")) == [
        (LATER + DAY, {"reviews": 2})
    ]


def test_what_is_measured_is_stored_with_the_opening_and_not_before(project, side):
    contract = Contract.objects.create(
        project=project, title="Grant", type="grant", created_at=NOON - 40 * DAY, signed_at=NOON - 9 * DAY
    )
    for number, pages in ((1, 12), (2, 9)):
        ContractVersion.objects.create(
            contract=contract, number=number, pages=pages, file=f"{number}.pdf", file_name="a.pdf", size=1,
            organisation=partner_of(project, side), uploaded_by=member_of(partner_of(project, side)), uploaded_at=NOON,
        )  # fmt: skip
    send(answered(project, side))
    assert not MeasuredFact.objects.exists()

    send(answered(project, other_side(side)), at=LATER)

    assert dict(project.measured_facts.values_list("name", "value")) == {
        "contract_working_days": 22,
        "contract_pages": 9,
    }


def test_agencies_are_not_told_that_reviews_opened(project, side):
    agent = member_of(add_agency(project, partner_of(project, side)))
    for each in ("group", "company"):
        send(answered(project, each))

    assert not Notice.objects.filter(recipient=agent).exists()


def test_with_three_all_open_with_the_last_one():
    project = make_project(groups=2, stage="review")
    make_reviews(project)
    states = []
    for review in project.reviews.order_by("pk"):
        answer_all(review)
        send(review)
        states.append(sealing.opened(project) is not None)

    assert states == [False, False, True]


def test_sending_twice_is_sending_once(project, side):
    review = answered(project, side)
    send(review)
    events, notices = Event.objects.count(), Notice.objects.count()

    again = send(review, at=LATER + DAY)

    assert (again.sent_at, again.sends) == (LATER, 1)
    assert (Event.objects.count(), Notice.objects.count() - notices) == (
        events + 1,
        0,
    )  # a new colleague is named


def test_sending_again_after_opening_changes_nothing(project, side):
    review = answered(project, side)
    send(review)
    send(answered(project, other_side(side)))

    again = send(review, at=LATER + DAY)

    assert again.opened_at == LATER
    assert Event.objects.filter(verb="reviews.opened").count() == 1


def test_a_review_with_gaps_is_not_sent_and_says_what_is_missing(project, side):
    review = review_of(project, side)

    with pytest.raises(reviews.NotComplete) as refusal:
        send(review)

    assert (len(refusal.value.questions), refusal.value.overall) == (15, True)
    review.refresh_from_db()
    assert review.sent_at is None


def test_the_closing_page_is_needed_too(project, side):
    review = review_of(project, side)
    answer_all(review, again="")

    with pytest.raises(reviews.NotComplete) as refusal:
        send(review)

    assert (refusal.value.questions, refusal.value.overall) == ([], True)


def test_who_looked_before_the_other_sent_is_asked_again(project, side):
    mine, theirs = answered(project, side), answered(project, other_side(side))
    send(theirs)

    with pytest.raises(reviews.SendersChanged):
        reviews.send_review(mine, actor=lead(mine), at=LATER, seen_senders=[])

    mine.refresh_from_db()
    assert (mine.sent_at, sealing.opened(project)) == (None, None)


def test_who_looked_before_the_other_reopened_is_asked_again(project, side):
    mine, theirs = answered(project, side), answered(project, other_side(side))
    send(theirs)
    reviews.reopen_review(theirs, actor=lead(theirs), at=LATER)

    with pytest.raises(reviews.SendersChanged):
        reviews.send_review(mine, actor=lead(mine), at=LATER, seen_senders=[theirs.organisation_id])


def test_nobody_sends_for_another_organisation(project, side):
    review = answered(project, side)
    other = lead(review_of(project, other_side(side)))

    with pytest.raises(reviews.NotYourReview):
        reviews.send_review(review, actor=other, at=LATER, seen_senders=[])
    with pytest.raises(ActsForNobody):
        reviews.send_review(review, actor=make_person(), at=LATER, seen_senders=[])


@pytest.mark.parametrize("stage", ["completed", "withdrawn", "deliver"])
def test_outside_review_nothing_is_sent(project, stage):
    review = answered(project, "group")
    Project.objects.filter(pk=project.pk).update(
        stage=stage, result="reached", withdrawn_at=NOON, withdraw_reason="other"
    )

    with pytest.raises(reviews.CannotSend):
        send(review)


def test_sending_voids_what_was_still_to_be_said_to_the_sender(project, side):
    review = answered(project, side)
    person = lead(review)
    send(answered(project, other_side(side)))
    assert Notice.objects.unsent().filter(recipient=person, kind="other_sent").exists()

    send(review, actor=person)

    assert [notice.kind for notice in Notice.objects.unsent().filter(recipient=person)] == ["all_sent"]


def test_an_organisation_that_is_reviewed_alone_on_its_side_is_named_while_missing(project, side):
    send(answered(project, side))

    missing = partner_of(project, other_side(side))
    assert what_blocks(project) == [f"The review of {missing} is missing."]


# Reopening


def test_until_the_other_has_sent_a_review_can_be_reopened(project, side):
    review = answered(project, side)
    lead(review_of(project, other_side(side)))
    send(review)

    reviews.reopen_review(review, actor=lead(review), at=LATER)

    review.refresh_from_db()
    assert (review.sent_at, review.sent_by, review.sends) == (None, None, 1)
    assert project.turns.filter(organisation=review.organisation, kind=Turn.Kind.REVIEW).exists()
    assert not Notice.objects.unsent().filter(kind="other_sent").exists()
    assert len(sealing.own_answers(review)) == 15


def test_sending_again_after_reopening_is_a_new_message(project, side):
    review = answered(project, side)
    theirs = lead(review_of(project, other_side(side)))
    send(review)
    reviews.reopen_review(review, actor=lead(review), at=LATER)

    send(review)

    keys = Notice.objects.filter(recipient=theirs, kind="other_sent").order_by("pk")
    assert [(n.key, n.voided_at is None) for n in keys] == [
        (f"other-sent:{review.pk}:1:p{theirs.pk}", False),
        (f"other-sent:{review.pk}:2:p{theirs.pk}", True),
    ]


def test_reopening_one_review_keeps_messages_about_another():
    project = make_project(groups=2, companies=1, stage="review")
    make_reviews(project)
    first, second, third = project.reviews.order_by("-pk")
    lead(third)
    for review in (first, second):
        answer_all(review)
        send(review)

    reviews.reopen_review(first, actor=lead(first), at=LATER)

    left = Notice.objects.unsent().filter(kind="other_sent")
    assert {notice.params["about"] for notice in left} == {second.organisation_id}


def test_reopening_takes_back_what_was_chosen_as_a_sender(project, side):
    review = answered(project, side)
    send(review)
    LateChoice.objects.create(
        project=project,
        organisation=review.organisation,
        kind="close",
        person=lead(review),
        chosen_at=NOON,
    )

    reviews.reopen_review(review, actor=lead(review), at=LATER)

    assert not LateChoice.objects.exists()


def test_reopening_what_is_not_sent_changes_nothing(project, side):
    review = review_of(project, side)

    assert reviews.reopen_review(review, actor=lead(review), at=LATER).sent_at is None
    assert not Event.objects.filter(verb="review.reopened").exists()


def test_opened_reviews_are_not_reopened(project, side):
    review = answered(project, side)
    send(review)
    send(answered(project, other_side(side)))

    with pytest.raises(reviews.CannotReopen):
        reviews.reopen_review(review, actor=lead(review), at=LATER)


# History, readers, freezing


def test_history_says_that_a_review_was_sent_and_nothing_of_it(project, side):
    review = review_of(project, side)
    answer_all(review, level=1, comment="Secret words", keep="More secret words")
    send(review)

    rows = Event.objects.of_project(project.reference, [partner_of(project, other_side(side))])
    assert [(row.verb, row.detail) for row in rows] == [("review.sent", {})]


def test_writing_answers_leaves_no_line_of_history(project, side):
    answer_all(review_of(project, side))

    assert not Event.objects.exists()


def test_a_lead_shows_the_draft_to_readers_and_only_the_own_side_learns_it(project, side):
    review = review_of(project, side)
    person = lead(review)

    reviews.show_draft(review, shown=True, actor=person, at=LATER)

    review.refresh_from_db()
    assert review.shown_to_readers
    other = partner_of(project, other_side(side))
    verbs = Event.objects.of_project(project.reference, [other]).values_list("verb", flat=True)
    assert list(verbs) == []


def test_an_organisation_with_a_sealed_review_is_not_merged(project, side):
    organisation, other = partner_of(project, side), make_organisation(side)
    admin = make_person(is_staff=True)

    for source, target in ((organisation, other), (other, organisation)):
        with pytest.raises(CannotMerge, match="has a sealed review"):
            merge(source, target, actor=admin, at=LATER)

    for each in ("group", "company"):
        make_sent(review_of(project, each))
    with transaction.atomic():
        reviews.open_if_complete(project, actor=None, at=LATER)
    merge(other, organisation, actor=admin, at=LATER)


def test_what_opened_is_what_was_sent(project, side):
    first, last = review_of(project, side), review_of(project, other_side(side))
    answer_all(first, level=1, comment="Ours")
    answer_all(last, level=4, comment="Theirs")
    send(first)
    send(last)

    opened = sealing.opened(project)
    assert set(opened.of(first.organisation).marks.values()) == {Mark(1, "Ours")}
    assert set(opened.of(last.organisation).marks.values()) == {Mark(4, "Theirs")}
