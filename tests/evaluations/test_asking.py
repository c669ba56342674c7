"""What one sender asks of the others: everybody finds it, may agree or say no, and who asked may take it back."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice
from accounts.sending import send_due
from evaluations import sealing
from evaluations.actions import asking, late
from evaluations.models import LateChoice
from partnerships.actions.closing import withdraw_project
from partnerships.actions.people import whom_to_tell
from portal import waiting
from tests.factories import (
    DAY,
    NOON,
    answer_all,
    make_project,
    make_reviews,
    make_sent,
    member_of,
    other_side,
    partner_of,
    person_on,
    review_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(side):
    """Two organisations on each side; the first of both have sent, the others are more than 21 days late."""
    today = timezone.now().date()
    project = make_project(
        groups=2, companies=2, stage="review", result="partly", review_due_on=today - 30 * DAY
    )
    make_reviews(project)
    for each in ("group", "company"):
        make_sent(review_of(project, each))
    return project


@pytest.fixture
def asker(project, side):
    return person_on(project, side)


@pytest.fixture
def other(project, side):
    return person_on(project, other_side(side))


def missing_on(project, side):
    """The organisation on a side that has not sent."""
    return project.participations.filter(side=side).order_by("pk")[1].organisation


def ask(what, project, side, asker, at=None):
    at = at or timezone.now()
    if what == "withdraw":
        withdraw_project(project, reason="other", actor=asker, at=at)
    else:
        late.excuse_organisation(
            review_of(project, side), missing_on(project, other_side(side)), actor=asker, at=at
        )


def tasks_of(person):
    tasks = waiting.tasks_for(person, at=timezone.now())
    return [task for task in tasks if task.key.startswith("asked:")]


def links_in(response):
    return re.findall(r'href="([^"]+)"', response.content.decode())


PAGE = "evaluations:review_choices"


@pytest.mark.parametrize("what", ["withdraw", "excuse"])
def test_another_sender_finds_what_is_asked_from_home_and_from_the_overview(
    client, project, side, asker, other, what
):
    ask(what, project, side, asker)
    page = reverse(PAGE, args=[project.reference])
    client.force_login(other)

    assert page in links_in(client.get("/"))
    assert page in links_in(client.get(project.get_absolute_url()))
    body = client.get(page).content.decode()

    name = partner_of(project, side).name
    about = missing_on(project, other_side(side)).name
    title = {
        "withdraw": f"{name} asks to withdraw the project",
        "excuse": f"{name} asks to excuse {about} from its review",
    }[what]
    assert [task.title for task in tasks_of(other)] == [title]
    assert title in body
    assert tasks_of(asker) == []


@pytest.mark.parametrize("what", ["withdraw", "excuse"])
def test_the_mail_leads_another_sender_there(project, side, asker, other, what):
    ask(what, project, side, asker, at=NOON)

    kind = {"withdraw": "withdrawal_asked", "excuse": "choice_asked"}[what]
    (notice,) = Notice.objects.filter(kind__in=["withdrawal_asked", "choice_asked"])
    assert (notice.kind, notice.recipient) == (kind, other)
    send_due(at=NOON)

    (letter,) = [one for one in mail.outbox if one.to == [other.email]]
    assert "Read, and answer" in letter.body


def test_who_sent_on_the_same_side_is_asked_to_close(client, side):
    today = timezone.now().date()
    project = make_project(
        **{{"group": "groups", "company": "companies"}[side]: 2},
        stage="review", result="partly", review_due_on=today - 30 * DAY,
    )  # fmt: skip
    make_reviews(project)
    reviews = list(project.reviews.filter(organisation__participations__side=side).order_by("pk"))
    for review in reviews:
        make_sent(review)
    asker = person_on(project, side)
    second = next(one.sent_by for one in reviews if one.organisation != partner_of(project, side))

    late.close_without_theirs(review_of(project, side), actor=asker, at=timezone.now())

    asked = {notice.recipient for notice in Notice.objects.filter(kind="choice_asked")}
    assert asked == set(
        whom_to_tell(project, next(one.organisation for one in reviews if one.sent_by == second))
    )
    assert second in asked
    (task,) = tasks_of(second)
    assert task.title == f"{partner_of(project, side)} asks to close without the missing reviews"
    client.force_login(second)
    assert (
        reverse("evaluations:review_close", args=[project.reference]) in client.get(task.url).content.decode()
    )


def test_a_no_takes_it_off_the_table_and_who_asked_is_told(client, project, side, asker, other):
    ask("withdraw", project, side, asker)
    choice = LateChoice.objects.get()
    client.force_login(other)

    client.post(reverse("evaluations:choice_decline", args=[project.reference, choice.pk]))

    project.refresh_from_db()
    assert (project.stage, LateChoice.objects.count(), tasks_of(other)) == ("review", 0, [])
    told = Notice.objects.get(kind="choice_declined")
    assert (told.recipient, told.params["about"]) == (asker, partner_of(project, other_side(side)).pk)
    assert not Notice.objects.unsent().filter(kind="withdrawal_asked").exists()


@pytest.mark.parametrize("answer", ["choice_decline", "choice_take_back"])
def test_what_was_asked_until_a_moment_ago_is_told_and_what_never_was_does_not_exist(
    client, project, side, asker, other, answer
):
    ask("withdraw", project, side, asker)
    choice = LateChoice.objects.get()
    asking.take_back_choice(review_of(project, side), choice.pk, actor=asker, at=NOON)
    elsewhere = make_project(stage="review")
    make_reviews(elsewhere)
    ask("withdraw", elsewhere, side, person_on(elsewhere, side))
    client.force_login(other)

    def press(key):
        return client.post(reverse(f"evaluations:{answer}", args=[project.reference, key]), follow=True)

    gone = press(choice.pk)
    assert (gone.status_code, "This is not asked any more." in gone.content.decode()) == (200, True)
    assert [press(key).status_code for key in (LateChoice.objects.get().pk, 999_999_999)] == [404, 404]
    assert LateChoice.objects.count() == 1


@pytest.mark.parametrize("what", ["withdraw", "excuse"])
def test_who_took_it_back_and_asks_again_is_heard_again(client, project, side, asker, other, what):
    ask(what, project, side, asker)
    choice = LateChoice.objects.get()
    client.force_login(asker)

    client.post(reverse("evaluations:choice_take_back", args=[project.reference, choice.pk]))
    assert (LateChoice.objects.count(), tasks_of(other)) == (0, [])
    ask(what, project, side, asker)

    asked = Notice.objects.filter(kind__in=["withdrawal_asked", "choice_asked"], recipient=other)
    assert (asked.count(), asked.unsent().count()) == (2, 1)
    assert len(tasks_of(other)) == 1


def test_agreeing_ends_the_project_and_nothing_opens(client, project, side, asker, other):
    ask("withdraw", project, side, asker)
    client.force_login(other)
    agree = reverse("partnerships:project_withdraw", args=[project.reference])
    assert agree in links_in(client.get(tasks_of(other)[0].url))

    client.post(agree, {"reason": "other", "note": "We agree."})

    project.refresh_from_db()
    assert (project.stage, sealing.opened(project)) == ("withdrawn", None)
    assert tasks_of(other) == []


def test_nobody_answers_for_another_organisation_or_what_is_asked_no_more(project, side, asker, other):
    ask("withdraw", project, side, asker)
    choice = LateChoice.objects.get().pk
    ours, theirs = review_of(project, side), review_of(project, other_side(side))

    with pytest.raises(asking.NotAsked):
        asking.decline_choice(ours, choice, actor=asker, at=NOON)
    with pytest.raises(asking.NotAsked):
        asking.take_back_choice(theirs, choice, actor=other, at=NOON)
    asking.take_back_choice(ours, choice, actor=asker, at=NOON)
    with pytest.raises(asking.NotAsked):
        asking.decline_choice(theirs, choice, actor=other, at=NOON)


def test_what_is_asked_shows_nothing_of_a_sealed_answer(client, project, side, asker, other):
    stuck = project.reviews.get(organisation=missing_on(project, other_side(side)))
    answer_all(stuck, comment="Never to be read", keep="Nor this", change="Nor that")
    ask("excuse", project, side, asker)
    client.force_login(other)

    for page in ("/", project.get_absolute_url(), reverse(PAGE, args=[project.reference])):
        body = client.get(page).content.decode()
        assert "Never to be read" not in body
        assert "Nor th" not in body


def test_who_has_not_sent_reads_of_withdrawing_alone(client, project, side, asker):
    ask("withdraw", project, side, asker)
    ask("excuse", project, side, asker)
    stuck = missing_on(project, other_side(side))
    client.force_login(member_of(stuck))

    body = client.get(reverse(PAGE, args=[project.reference])).content.decode()

    assert "asks to withdraw" in body
    assert "asks to excuse" not in body


def test_who_may_choose_since_others_are_late_finds_it_on_home(client, side):
    today = timezone.now().date()
    project = make_project(stage="review", result="partly", review_due_on=today)
    make_reviews(project)
    make_sent(review_of(project, side))
    sender, missing = person_on(project, side), person_on(project, other_side(side))

    def rows(person, due):
        type(project).objects.update(review_due_on=due)
        at = timezone.now()
        return [task.url for task in waiting.tasks_for(person, at=at) if task.key.startswith("late:")]

    page = reverse("evaluations:review_late", args=[project.reference])
    local = timezone.now().astimezone(project.zone).date()
    assert rows(sender, local - 21 * DAY) == []
    assert rows(sender, local - 22 * DAY) == [page]
    assert rows(missing, local - 22 * DAY) == []
    client.force_login(sender)
    assert client.get(page).status_code == 200
