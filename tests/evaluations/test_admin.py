"""Reviews in the admin: masked for everybody until they are open."""

import datetime as dt
import re

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.audit import subject_of
from accounts.models import Event, Notice
from accounts.notices import owe
from evaluations import sealing
from evaluations.actions import reviews
from evaluations.models import Review
from partnerships.actions.closing import withdraw_project
from partnerships.models import Project
from tests.factories import (
    NOON,
    answer_all,
    make_person,
    make_project,
    make_reviews,
    make_sent,
    other_side,
    person_on,
    review_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    client = Client()
    client.force_login(make_person(is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def project():
    project = make_project(stage="review")
    make_reviews(project)
    for side in ("group", "company"):
        answer_all(
            review_of(project, side), level=1, comment=f"Words of the {side}", keep=f"Kept by the {side}"
        )
    return project


def page_of(admin, review):
    return admin.get(reverse("admin:evaluations_review_change", args=[review.pk])).content.decode()


def test_a_superuser_reads_sealed_and_who_has_sent(admin, project, side):
    review = review_of(project, side)
    make_sent(review)

    page = page_of(admin, review)

    assert "Sealed" in page
    assert "Sent, sealed" in page
    assert f"Words of the {side}" not in page
    # Neither by whom nor when.
    assert review.sent_by.name not in page


def test_once_open_the_admin_shows_what_was_said(admin, project, side):
    for each in ("group", "company"):
        make_sent(review_of(project, each))
    with transaction.atomic():
        reviews.open_if_complete(project, actor=None, at=NOON)

    page = page_of(admin, review_of(project, side))

    assert page.count(f"Words of the {side}") == 15
    assert f"Kept by the {side}" in page


def test_nobody_changes_adds_deletes_or_opens_a_review_in_the_admin(admin, project, side):
    review = review_of(project, side)
    change = reverse("admin:evaluations_review_change", args=[review.pk])

    statuses = [
        admin.post(
            change, {"opened_at_0": "2026-11-23", "opened_at_1": "12:00", "sent_at_0": "2026-11-23"}
        ).status_code,
        admin.post(reverse("admin:evaluations_review_delete", args=[review.pk]), {"post": "yes"}).status_code,
        admin.post(reverse("admin:evaluations_review_add"), {}).status_code,
    ]

    assert statuses == [403, 403, 403]
    assert Review.objects.filter(opened_at=None, sent_at=None).count() == 2
    assert sealing.opened(project) is None


def history(admin, **asked):
    """The lines of reviews that the admin lists, as verbs, and the page."""
    response = admin.get(reverse("admin:accounts_event_changelist"), asked)
    if response.status_code != 200:
        return [], response.content.decode()
    verbs = [event.verb for event in response.context["cl"].result_list if event.verb.startswith("review.")]
    return verbs, response.content.decode()


def test_who_sent_and_when_is_in_no_history_of_the_admin_until_the_reviews_open(admin, project, side):
    sender = person_on(project, side, name="Somebody Unnamed", email="unnamed@example.org")
    reviews.send_review(review_of(project, side), seen_senders=[], actor=sender, at=NOON)
    reviews.reopen_review(review_of(project, side), actor=sender, at=NOON)
    reviews.send_review(review_of(project, side), seen_senders=[], actor=sender, at=NOON)
    lines = Event.objects.filter(verb__startswith="review.")
    questions = [
        {},
        {"q": project.reference},
        {"q": "review."},
        {"q": "unnamed@example.org"},
        {"q": f"evaluations.review:{review_of(project, side).pk}"},
        {"at__gte": "2026-11-23 00:00:00+00:00", "at__lt": "2026-11-24 00:00:00+00:00"},
        {"verb": "review.sent"},
        {"actor__id__exact": str(sender.pk)},
        {"o": "1.2.3"},
    ]
    pages = [
        reverse(f"admin:accounts_event_{page}", args=[line.pk])
        for line in lines
        for page in ("change", "history", "delete")
    ]

    sealed = [history(admin, **asked) for asked in questions]
    sealed_pages = [admin.get(page).status_code for page in pages]

    assert [verbs for verbs, _page in sealed] == [[]] * len(questions)
    assert [page for _verbs, page in sealed if "Somebody Unnamed" in page] == []
    assert len(lines) == 3
    assert 200 not in sealed_pages

    make_sent(review_of(project, other_side(side)))
    with transaction.atomic():
        reviews.open_if_complete(project, actor=None, at=NOON)

    assert sorted(history(admin, q=project.reference)[0]) == ["review.reopened", "review.sent", "review.sent"]
    assert admin.get(pages[0]).status_code == 200


def test_a_review_that_never_opens_stays_out_of_the_history(admin, project, side):
    sender = person_on(project, side)
    reviews.send_review(review_of(project, side), seen_senders=[], actor=sender, at=NOON)

    withdraw_project(project, reason="other", actor=sender, at=NOON)

    assert Project.objects.get().stage == "withdrawn"
    assert history(admin, q=project.reference)[0] == []


def messages(admin, **asked):
    """The kinds of messages that the admin lists, and the page."""
    response = admin.get(reverse("admin:accounts_notice_changelist"), asked)
    if response.status_code != 200:
        return [], response.content.decode()
    return [notice.kind for notice in response.context["cl"].result_list], response.content.decode()


def test_when_a_review_was_sent_is_told_by_no_message_in_the_admin_until_the_reviews_open(
    admin, project, side
):
    sender, other = (
        person_on(project, side),
        person_on(project, other_side(side), email="unnamed@example.org"),
    )
    reviews.send_review(review_of(project, side), seen_senders=[], actor=sender, at=NOON)
    (notice,) = Notice.objects.filter(kind="other_sent")
    Notice.objects.filter(pk=notice.pk).update(sent_at=NOON)
    # One reminder left inside it, as the newest about the same thing.
    about = subject_of(review_of(project, other_side(side)))
    carried = owe(other, kind="review_reminder", key="carried", at=NOON, subject=about, project=project)
    Notice.objects.filter(pk=carried.pk).update(sent_with=notice)
    questions = [
        {},
        {"q": project.reference},
        {"q": "unnamed@example.org"},
        {"q": notice.message_id},
        {"kind": "other_sent"},
        {"state": "sent"},
        {"owed_at__gte": "2026-11-23 00:00:00+00:00", "owed_at__lt": "2026-11-24 00:00:00+00:00"},
        {"o": "1"},
    ]
    pages = [
        reverse(f"admin:accounts_notice_{page}", args=[notice.pk]) for page in ("change", "history", "delete")
    ]
    of_carried = reverse("admin:accounts_notice_change", args=[carried.pk])

    sealed = [messages(admin, **asked) for asked in questions]
    statuses = [admin.get(page).status_code for page in pages]
    again = admin.post(
        reverse("admin:accounts_notice_changelist"),
        {"action": "send_these_again", "_selected_action": [notice.pk]},
        follow=True,
    )

    assert [kinds for kinds, _page in sealed if "other_sent" in kinds] == []
    assert 200 not in statuses
    # Support could have it sent again if it were shown.
    assert again.status_code == 200
    assert Notice.objects.filter(kind="other_sent").count() == 1
    assert carried_by(admin.get(of_carried)) == ""

    make_sent(review_of(project, other_side(side)))
    with transaction.atomic():
        reviews.open_if_complete(project, actor=None, at=NOON)

    assert "other_sent" in messages(admin, q=project.reference)[0]
    assert admin.get(pages[0]).status_code == 200
    assert carried_by(admin.get(of_carried)) == str(notice.pk)


def carried_by(response):
    return re.search(r'field-carried_by".*?readonly">(.*?)</div>', response.content.decode(), re.S)[1]


def test_a_message_held_back_by_sending_says_neither_why_nor_when_until_the_reviews_open(
    admin, project, side
):
    sender, sent_at = person_on(project, side), NOON + dt.timedelta(hours=3, minutes=41)
    reminder = owe(
        sender, kind="review_reminder", key="mine", at=NOON, subject=subject_of(review_of(project, side)),
        project=project,
    )  # fmt: skip
    change = reverse("admin:accounts_notice_change", args=[reminder.pk])
    reviews.send_review(review_of(project, side), seen_senders=[], actor=sender, at=sent_at)
    resend = {"action": "send_these_again", "_selected_action": [reminder.pk]}

    sealed = (
        admin.get(change).content.decode()
        + messages(admin, kind="review_reminder")[1]
        + admin.post(reverse("admin:accounts_notice_changelist"), resend, follow=True).content.decode()
    )

    assert "Held back" in sealed
    assert sealed.count("Hidden until the reviews open.") == 5
    assert "the review was sent" not in sealed
    assert ":41" not in sealed

    make_sent(review_of(project, other_side(side)))
    with transaction.atomic():
        reviews.open_if_complete(project, actor=None, at=NOON)
    opened = admin.get(change).content.decode()

    assert "Hidden until the reviews open." not in opened
    assert "the review was sent" in opened
    assert ":41" in opened


def test_messages_of_a_review_that_never_opens_stay_as_they_were(admin, project, side):
    sender = person_on(project, side)
    person_on(project, other_side(side))
    reviews.send_review(review_of(project, side), seen_senders=[], actor=sender, at=NOON)

    withdraw_project(project, reason="other", actor=sender, at=NOON)

    assert Notice.objects.filter(kind="other_sent").exists()
    assert "other_sent" not in messages(admin, q=project.reference)[0]


@pytest.mark.parametrize("standing", ["missing", "sealed", "open", "excused", "nonsense", ""])
def test_the_list_filters_by_what_everybody_knows(admin, project, standing):
    make_sent(review_of(project, "group"))

    response = admin.get(reverse("admin:evaluations_review_changelist"), {"standing": standing})

    assert response.status_code == 200
    expected = {"missing": 1, "sealed": 1, "open": 0, "excused": 0}.get(standing, 2)
    assert len(response.context["cl"].result_list) == expected


@pytest.mark.parametrize("order", ["sent_at", "-sends", "5", "answer__level"])
def test_the_list_sorts_and_filters_by_nothing_sealed(admin, project, order):
    address = reverse("admin:evaluations_review_changelist")

    assert admin.get(address, {"o": order}).status_code in (200, 302)
    assert admin.get(address, {"sent_by__email__startswith": "p"}).status_code in (302, 400)


@pytest.mark.parametrize("projects", [1, 10])
def test_the_list_costs_the_same_for_many(admin, project, projects, django_assert_num_queries):
    for _ in range(projects):
        make_reviews(make_project(stage="review"))
    address = reverse("admin:evaluations_review_changelist")
    admin.get(address)

    with django_assert_num_queries(4):
        admin.get(address)
