"""What support sees of messages."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import Event, JobRun, Notice
from accounts.notices import owe, void
from accounts.sending import send_due
from evaluations.reminders import remind_reviews
from tests.factories import NOON, make_person
from tests.letters import in_review

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kinds")]

LIST = "admin:accounts_notice_changelist"


@pytest.fixture
def support(client):
    person = make_person("Super User", is_staff=True, is_superuser=True)
    client.force_login(person)
    return person


def owed(key, at=NOON, **fields):
    notice = owe(make_person(), kind="news", key=key, at=at, title="the handbook")
    Notice.objects.filter(pk=notice.pk).update(**fields)
    return notice


def one_of_each():
    return {
        "owed": owed("owed", last_error="451 Later"),
        "sent": owed("sent", sent_at=NOON),
        "failed": owed("failed", failed_at=NOON, last_error="550 No such user"),
        "held_back": owed("held back", voided_at=NOON, void_reason="The review was sent."),
        "missed": owed("missed", missed_at=NOON),
    }


def listed(client, **query):
    return list(client.get(reverse(LIST), query).context["cl"].queryset)


@pytest.mark.parametrize("state", ["owed", "sent", "failed", "held_back", "missed"])
def test_the_list_shows_each_state_with_its_reason_and_can_be_narrowed_to_it(client, support, state):
    notices = one_of_each()

    page = client.get(reverse(LIST)).content.decode()

    assert listed(client, state=state) == [notices[state]]
    for why in ("451 Later", "550 No such user", "The review was sent.", "Too late to be sent"):
        assert why in page


def test_messages_are_found_by_the_address_of_their_reader(client, support):
    notices = one_of_each()
    unknown = owe(None, address="new@example.org", kind="news", key="new", at=NOON, title="the handbook")

    assert listed(client, q=notices["sent"].recipient.email) == [notices["sent"]]
    assert listed(client, q="new@example.org") == [unknown]


def test_a_message_is_found_by_the_message_id_that_a_late_bounce_names(client, support):
    notices = one_of_each()

    assert listed(client, q=notices["sent"].message_id) == [notices["sent"]]
    assert listed(client, q=notices["sent"].message_id.strip("<>")) == [notices["sent"]]


def test_what_a_message_says_about_a_draft_is_hidden_and_no_link_is_shown(client, support, post):
    in_review()
    remind_reviews(at=NOON + dt.timedelta(days=8))
    reminder = Notice.objects.filter(kind="review_reminder").first()
    Notice.objects.filter(pk=reminder.pk).update(params={"done": "canary2of5"})
    plain = owed("news")
    send_due(at=NOON)
    token = mail.outbox[0].body.split("/sign-in/link/")[1].split("/")[0]

    hidden, shown = (
        client.get(reverse("admin:accounts_notice_change", args=[notice.pk])).content.decode()
        for notice in (reminder, plain)
    )

    assert "canary2of5" not in hidden + client.get(reverse(LIST)).content.decode()
    assert "Hidden: it is about a draft." in hidden
    assert "the handbook" in shown
    assert token not in shown


def test_nobody_adds_changes_or_removes_a_message(client, support):
    notice = owed("news")

    change = reverse("admin:accounts_notice_change", args=[notice.pk])
    assert client.get(reverse("admin:accounts_notice_add")).status_code == 403
    assert client.post(reverse("admin:accounts_notice_delete", args=[notice.pk])).status_code == 403
    assert client.post(change, {"kind": "other"}).status_code == 403
    assert 'name="kind"' not in client.get(change).content.decode()


def test_what_failed_was_missed_or_never_found_is_sent_again_and_the_first_stays_as_it_is(
    client, support, post
):
    notices = one_of_each()
    chosen = [notices[state].pk for state in ("sent", "failed", "missed", "held_back", "owed")]

    answer = client.post(
        reverse(LIST), {"action": "send_these_again", "_selected_action": chosen}, follow=True
    )
    Notice.objects.filter(key="owed").delete()
    send_due(at=dt.datetime.now(dt.UTC))

    assert "3 messages are owed again." in answer.content.decode()
    assert "It was held back: The review was sent." in answer.content.decode()
    assert "It is on its way already." in answer.content.decode()
    assert sorted(message.to[0] for message in mail.outbox) == sorted(
        notices[state].recipient.email for state in ("sent", "failed", "missed")
    )
    assert Notice.objects.get(pk=notices["failed"].pk).last_error == "550 No such user"
    ids = Notice.objects.values_list("message_id", flat=True)
    assert len(set(ids)) == len(ids)
    assert list(Event.objects.values_list("verb", "actor")) == [("message.sent_again", support.pk)] * 3


def test_staff_who_may_only_look_can_send_nothing(client):
    from django.contrib.auth.models import Permission

    person = make_person(is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="view_notice"))
    client.force_login(person)
    notice = owed("failed", failed_at=NOON)

    client.post(reverse(LIST), {"action": "send_these_again", "_selected_action": [notice.pk]})

    assert client.get(reverse(LIST)).status_code == 200
    assert Notice.objects.count() == 1


def test_the_lists_take_as_many_queries_for_thirty_rows_as_for_one(
    client, support, django_assert_num_queries
):
    def queries():
        with django_assert_num_queries(4):
            client.get(reverse(LIST))
        with django_assert_num_queries(5):
            client.get(reverse("admin:accounts_jobrun_changelist"))

    owed("first")
    JobRun.objects.create(name="tidy", started_at=NOON, detail={"runs": 3})
    client.get(reverse(LIST))
    queries()
    for number in range(29):
        owed(f"news-{number}")
        JobRun.objects.create(name="tidy", started_at=NOON)
    queries()
    assert "runs: 3" in client.get(reverse("admin:accounts_jobrun_changelist")).content.decode()


def test_what_is_held_back_while_it_waits_is_told_with_the_reason(client, support):
    notice = owed("news")
    void(reason="The project was withdrawn.", at=NOON, pk=notice.pk)

    assert "The project was withdrawn." in client.get(reverse(LIST)).content.decode()
