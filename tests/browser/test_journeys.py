"""How people arrive, and the two journeys that everything hangs on, on a phone: with and without JavaScript, and with the keyboard alone."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Person
from accounts.sending.delivery import send_due
from evaluations.actions.reviews import send_review
from evaluations.models import Promise, Review
from evaluations.reminders import remind_promises
from partnerships.actions.closing import finish_delivery
from partnerships.actions.partners import choose_partner
from partnerships.actions.plan import send_plan
from partnerships.actions.project import start_project
from principles.actions import WORDS_ON_A_PAGE, load_principles
from tests.browser.hand import LANDING, MINUTE
from tests.factories import DAY, NOON, answer_all, make_project, other_side, partner_of, person_on, review_of
from tests.partnerships.test_partners import invited_project

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def project_that_ended(**fields):
    """A project whose end date passed yesterday, everywhere, with the questions that people really get."""
    today = timezone.localdate()
    return make_project(
        title="Carer handbook",
        stage="deliver",
        starts_on=today - dt.timedelta(days=200),
        ends_on=today - dt.timedelta(days=2),
        result="reached",
        result_how="36 of 40 carers say so.",
        principle_set=load_principles(at=NOON).edition,
        **fields,
    )


# From the invitation on it is four taps through all pages; who leaves out what is not needed has the one in the mail, too.
@pytest.mark.parametrize("way", ["what is needed", "all pages"])
def test_from_the_invitation_to_the_project_in_four_taps_and_three_minutes(hand, side, way):
    project, inviter = invited_project(other_side(side))
    send_plan(project, actor=inviter, at=timezone.now())
    send_due(at=timezone.now() + dt.timedelta(minutes=1))
    mail_to_them = next(message.body for message in mail.outbox if message.to == ["new@example.org"])

    hand.read_mail(mail_to_them)
    hand.page.goto(re.search(r"https?://\S+/invite/\S+", mail_to_them).group())
    if way == "what is needed":
        hand.taps += 1  # the button in the mail
    hand.read()
    hand.press("Accept and continue")
    hand.answer("Your name", "May Hill")
    hand.press(re.compile("^Continue$"))
    hand.answer("Country", "United Kingdom")
    if way == "what is needed":
        hand.press("Save and finish")
    else:
        hand.press(re.compile("^Continue$"))
        hand.press("Finish")

    person = Person.objects.get(email="new@example.org")
    assert hand.page.url.endswith(f"/projects/{project.reference}/plan/")
    assert (person.name, person.welcomed_at is not None) == ("May Hill", True)
    organisation = person.organisations.get()
    assert (organisation.name, organisation.country) == ("Meadow House", "GB")
    assert project.participations.filter(organisation=organisation, side=side).exists()
    assert hand.taps <= 4
    assert 0 < hand.required <= 3
    assert hand.seconds <= 3 * MINUTE
    # With the keyboard the country is found by typing it.
    assert hand.typed == len("May Hill") + len("United Kingdom" if hand.keyboard else "")


def test_from_the_mail_to_a_sent_review_without_typing(hand, side):
    project = project_that_ended()
    person = person_on(project, side)
    finish_delivery(project, at=timezone.now())

    text = hand.open_mail(person)
    assert ("Help: " in text, "choose a later day" in text) == (True, True)
    assert (hand.pages[0][0], hand.taps) == (LANDING, 2)
    ways_out = [hand.ways_out]
    hand.press(re.compile("^Start$"))
    # Nothing that prompts a comment: comments come on top.
    for _principle in range(5):
        for question in range(3):
            hand.choose(question, 2)
        ways_out.append(hand.ways_out)
        hand.press("Save and continue")
    hand.choose(0, 0)
    ways_out.append(hand.ways_out)
    hand.press("Save and continue")
    ways_out.append(hand.ways_out)
    hand.press("Send my review")
    ways_out.append(hand.ways_out)

    assert hand.heading == "Your review is sent and sealed"
    assert Review.objects.get(project=project, organisation__memberships__person=person).sent_at is not None
    assert hand.taps <= 26
    assert (hand.required, hand.typed) == (16, 0)
    assert hand.seconds <= 8 * MINUTE
    principles = hand.pages[2:7]
    assert [words for _heading, words in principles if words > WORDS_ON_A_PAGE] == []
    # Before and after the pages that are written on there is nothing to keep.
    nothing_to_keep = {"back", "help"}
    assert ways_out == [nothing_to_keep, *[{"back", "later", "help"}] * 7, nothing_to_keep]


@pytest.mark.parametrize(("place", "on"), [(3, "Carry on"), (6, "Check and send")])
def test_whoever_leaves_a_review_comes_back_to_the_same_place(hand, place, on):
    project = project_that_ended()
    person = person_on(project, "group")
    finish_delivery(project, at=timezone.now())
    hand.open_mail(person)
    hand.press(re.compile("^Start$"))
    for number in range(place):
        for question in range(3 if number < 5 else 1):
            hand.choose(question, 2)
        hand.press("Save and continue")
    left = hand.heading

    hand.press(re.compile("^(Save and finish|Finish) later$"))
    assert hand.heading == "Review Carer handbook. About 8 minutes"
    hand.press(on)

    assert hand.heading == left


WANTED = "Send the agenda five days before each meeting"


def open_reviews(project, wanting):
    """Both sides answered differently and sent: all are open. The journey above walks the way there.

    Arguments:
        wanting: the side that wrote what it wants to change.
    """
    for side, level in (("group", 2), ("company", 4)):
        review = review_of(project, side)
        answer_all(review, level=level, change=WANTED if side == wanting else "")
        lead = review.organisation.memberships.first().person
        seen = [other.organisation_id for other in project.reviews.exclude(sent_at=None)]
        send_review(review, actor=lead, at=timezone.now(), seen_senders=seen)


def starts_and_signs(hand, other, *, wanted=""):
    """Steps 3 to 5 of journey C: start, promise, sign and send. What is promised is offered, or chosen from what was said."""
    hand.press("Start the joint conclusion")
    hand.press("What we do differently")
    if wanted:
        hand.pick("What, from your reviews", wanted)
    hand.pick("Who", "May Hill")
    hand.choose_radio("In 2 weeks")
    if wanted:
        hand.pick("Which principle", "Two-way dialogue")
    hand.press("Save and continue")
    assert hand.page.get_by_role("heading", name="What was hard").is_visible()
    assert hand.page.get_by_text("May Hill").first.is_visible()
    hand.press(f"Sign and send to {other.name}")


def changes_the_day_and_signs(hand, other):
    hand.press("Change the words")
    hand.press("What we do differently")
    hand.choose_radio("In 1 month")
    hand.press("Save and continue")
    hand.press(f"Sign and send to {other.name}")


@pytest.mark.parametrize("answer", ["accepted", "changed"])
def test_from_open_reviews_to_a_promise_in_the_next_project_without_typing(phones, side, answer):
    project = project_that_ended()
    starter = person_on(project, side, name="May Hill")
    partner = person_on(project, other_side(side), name="Noa Reed")
    here, there = partner_of(project, side), partner_of(project, other_side(side))
    finish_delivery(project, at=timezone.now())
    open_reviews(project, wanting=side)
    mine, theirs = phones(), phones()

    # 1 and 2: both read the results.
    for hand, person in ((mine, starter), (theirs, partner)):
        hand.open_mail(person)
        assert hand.page.url.endswith("/results/")
    # 3 to 5, in words of the own review, or with the draft that is offered.
    starts_and_signs(mine, there, wanted=WANTED if answer == "accepted" else "")
    # 6 and 7: who is signed in comes from the mail straight to what is signed.
    theirs.open_mail(partner)
    if answer == "changed":
        changes_the_day_and_signs(theirs, here)
        mine.open_mail(starter)
        mine.press("Accept and sign")
    else:
        theirs.press("Accept and sign")
    project.refresh_from_db()
    promise = Promise.objects.get(project=project)
    assert (project.stage, promise.state, promise.owner) == ("completed", "open", starter)

    # 8: months later
    following = start_project("The second edition", organisation=here, actor=starter, at=timezone.now())
    choose_partner(following, there, actor=starter, at=timezone.now())
    mine.page.goto(f"/projects/{following.reference}/plan/learnings/")
    mine.read()
    mine.press("Save and continue")
    assert [item.promise for item in following.carried_items.all()] == [promise]
    # 9
    mine.page.goto(f"/projects/{following.reference}/")
    mine.read()
    assert f"You promised: {promise.what}" in mine.page.locator("main").inner_text()
    assert reminded_on(promise.due_on, starter).startswith("You promised: ")

    assert (mine.taps <= 11, theirs.taps <= 8) == (True, True), (mine.taps, theirs.taps)
    # What, who and when; words that somebody wrote need a principle, too.
    assert mine.decisions == (4 if answer == "accepted" else 2)
    for hand in (mine, theirs):
        assert hand.typed == 0
        assert hand.seconds <= 15 * MINUTE


def reminded_on(day, person):
    """The subject of the last mail to somebody by the working day on or after this day."""
    for later in range(5):
        at = dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC) + later * DAY
        remind_promises(at=at)
        send_due(at=at)
    return next(message.subject for message in reversed(mail.outbox) if message.to == [person.email])


@pytest.mark.parametrize("label", ["Words", "Country"])
def test_whatever_is_typed_counts(phones, label):
    hand = phones()
    hand.page.set_content(
        '<input aria-label="Words"><select aria-label="Country"><option></option><option>Wales</option></select>'
    )

    hand.answer(label, "Wales")

    assert hand.typed == (5 if hand.keyboard or label == "Words" else 0)
