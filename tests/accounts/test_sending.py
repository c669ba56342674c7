import datetime as dt
import smtplib
import socket
import time

import pytest
from celery import current_app
from django.core import mail
from django.db import transaction
from django.utils import timezone

from accounts import notices
from accounts.models import Notice, SignInLink
from accounts.notices import owe, void
from accounts.sending import send_due
from accounts.sending.delivery import RECORD_SECONDS_MOST, SLOW_SECONDS
from accounts.sending.outbox import claim, pause_after
from accounts.tokens import token_hash
from tests.factories import NOON, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kinds")]

MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
REFUSED = smtplib.SMTPRecipientsRefused({"x": (550, b"5.1.1 No such user")})
GREYLISTED = smtplib.SMTPRecipientsRefused({"x": (451, b"4.7.1 Try again later")})


def news(person=None, key="news", at=NOON, **params):
    person = person or make_person()
    return owe(person, kind="news", key=key, at=at, **({"title": "the handbook"} | params))


def some_news(count):
    return [news(key=f"news-{number}") for number in range(count)]


def fate(notice):
    """What has become of a message, in a word, and why."""
    notice = Notice.objects.get(pk=notice.pk)
    if notice.sent_at:
        return "sent", ""
    if notice.failed_at:
        return "failed", notice.last_error
    if notice.voided_at:
        return "held back", notice.void_reason
    if notice.missed_at:
        return "missed", ""
    return "owed", notice.last_error


def test_what_is_owed_is_sent_once(post):
    notice = news()

    first, second = send_due(at=NOON), send_due(at=NOON + MINUTE)

    assert [message.to for message in mail.outbox] == [[notice.recipient.email]]
    assert (first.sent, second.sent) == (1, 0)
    assert fate(notice) == ("sent", "")


def test_the_mail_has_both_parts_the_fixed_message_id_and_a_link_that_signs_in(post):
    person = make_person("Maria Lopes")
    notice = news(person)

    send_due(at=NOON)

    (message,) = mail.outbox
    link = SignInLink.objects.get()
    token = message.body.split("/sign-in/link/")[1].split("/")[0]
    assert message.subject == "News of the handbook"
    assert message.extra_headers["Message-ID"] == notice.message_id
    assert message.body.startswith("Hello Maria,\n\nThis is the handbook.\n\nIt goes on.\n\nLook:\nhttp")
    assert [part.mimetype for part in message.alternatives] == ["text/html"]
    assert (link.person, link.next, link.token_hash) == (person, "/somewhere/", token_hash(token))
    assert token not in str(Notice.objects.values())


def test_words_of_people_cannot_break_the_subject_or_the_paragraphs(post):
    news(title="the\r\nBcc: all@example.org\n\n• handbook\x1e<b>")

    send_due(at=NOON)

    (message,) = mail.outbox
    assert message.subject == "News of the Bcc: all@example.org • handbook <b>"
    assert "&lt;b&gt;" in message.alternatives[0].content
    assert message.message().as_bytes()


def test_what_is_owed_to_an_address_has_a_plain_link(post, settings):
    owe(None, address="new@example.org", kind="news", key="to-an-address", at=NOON, title="the handbook")

    send_due(at=NOON)

    assert mail.outbox[0].to == ["new@example.org"]
    assert f"{settings.SITE_URL}/somewhere/" in mail.outbox[0].body
    assert mail.outbox[0].body.startswith("Hello,\n")
    assert not SignInLink.objects.exists()


def test_nothing_leaves_before_its_time(post):
    person = make_person()
    owe(person, kind="news", key="later", at=NOON, not_before=NOON + HOUR, title="the handbook")

    early, late = send_due(at=NOON + HOUR - MINUTE), send_due(at=NOON + HOUR)

    assert (early.sent, late.sent) == (0, 1)


def test_with_sending_off_everything_stays_where_it_is(post, settings):
    notice = news()
    settings.SENDING = False

    send_due(at=NOON)
    assert (mail.outbox, fate(notice), Notice.objects.get().attempts) == ([], ("owed", ""), 0)

    settings.SENDING = True
    send_due(at=NOON + MINUTE)
    assert fate(notice) == ("sent", "")


def test_what_lost_its_sense_is_held_back_with_the_reason(post, kinds):
    notice = news()
    kinds[notice.key] = "It is done."

    result = send_due(at=NOON)

    assert (mail.outbox, result.void, fate(notice)) == ([], 1, ("held back", "It is done."))


def test_a_closed_account_gets_nothing(post):
    notice = news()
    notice.recipient.is_active = False
    notice.recipient.save()

    send_due(at=NOON)

    assert (mail.outbox, fate(notice)) == ([], ("held back", "The account is closed."))


def test_what_was_held_back_before_does_not_leave(post):
    notice = news()
    void(reason="The project was withdrawn.", at=NOON, key=notice.key)

    send_due(at=NOON)

    assert mail.outbox == []


def test_a_refusal_for_good_fails_after_one_try_and_the_others_go_on(post):
    first, refused, last = some_news(3)
    post.faults[refused.recipient.email] = REFUSED

    result = send_due(at=NOON)
    again = send_due(at=NOON + HOUR)

    assert fate(refused) == ("failed", "550 5.1.1 No such user")
    assert (fate(first)[0], fate(last)[0]) == ("sent", "sent")
    assert (result.sent, result.failed, again.sent + again.failed) == (2, 1, 0)
    assert Notice.objects.get(pk=refused.pk).attempts == 1


def test_a_refusal_for_now_is_tried_again_after_a_pause(post):
    first, busy = some_news(2)
    post.faults[busy.recipient.email] = GREYLISTED

    send_due(at=NOON)
    assert (fate(first)[0], fate(busy)) == ("sent", ("owed", "451 4.7.1 Try again later"))

    post.faults.clear()
    early, late = send_due(at=NOON + MINUTE / 2), send_due(at=NOON + 2 * MINUTE)
    assert (early.sent, late.sent, fate(busy)) == (0, 1, ("sent", ""))


def test_pauses_grow_to_an_hour():
    assert [pause_after(attempts) // MINUTE for attempts in (1, 2, 3, 7, 8, 500)] == [1, 2, 4, 60, 60, 60]


def test_after_seven_days_of_refusals_for_now_it_has_failed(post):
    notice = news()
    post.faults[notice.recipient.email] = GREYLISTED

    for days in (0, 3, 7, 8):
        send_due(at=NOON + dt.timedelta(days=days))

    assert fate(notice) == ("failed", "451 4.7.1 Try again later")


@pytest.mark.parametrize(
    "fault",
    [
        ConnectionRefusedError("Connection refused"),
        TimeoutError("timed out"),
        smtplib.SMTPConnectError(421, b"Too busy"),
        smtplib.SMTPAuthenticationError(535, b"Wrong password"),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_a_server_that_is_away_for_an_hour_loses_nothing(post, fault):
    owed = some_news(30)
    post.faults["open"] = fault

    for minute in range(60):
        assert send_due(at=NOON + minute * MINUTE).sent == 0
    # One knock at the door each minute, not one for each message.
    assert post.opened == 60
    post.faults.clear()
    for minute in range(60, 63):
        send_due(at=NOON + minute * MINUTE)

    assert {fate(notice) for notice in owed} == {("sent", "")}
    assert len(mail.outbox) == 30


def test_a_server_that_hangs_up_in_the_middle_is_called_again(post):
    _first, second, _third = some_news(3)
    post.faults[second.recipient.email] = smtplib.SMTPServerDisconnected("Connection unexpectedly closed")

    result = send_due(at=NOON)

    assert (result.sent, post.opened, result.given_up) == (2, 2, False)
    assert fate(second)[0] == "owed"


def test_a_server_that_hangs_up_on_everybody_is_left_alone_until_the_next_run(post):
    owed = some_news(20)
    for notice in owed:
        post.faults[notice.recipient.email] = smtplib.SMTPServerDisconnected("Connection unexpectedly closed")

    result = send_due(at=NOON)

    assert (result.later, result.given_up) == (3, True)
    assert sorted(Notice.objects.values_list("attempts", flat=True)) == [0] * 17 + [1] * 3


def test_a_wrong_sender_is_the_operators_matter_and_fails_no_message(post):
    notice = news()
    post.faults[notice.recipient.email] = smtplib.SMTPSenderRefused(553, b"Sender not allowed", "hello@x")

    send_due(at=NOON)

    assert fate(notice)[0] == "owed"


def test_a_message_that_cannot_be_written_waits_and_the_others_go_on(post, caplog):
    broken = owe(make_person(), kind="news", key="broken", at=NOON)
    unknown = owe(make_person(), kind="no_such_kind", key="unknown", at=NOON)
    fine = news()

    send_due(at=NOON)

    assert fate(broken) == ("owed", "It could not be written: KeyError")
    assert fate(unknown) == ("owed", "It could not be written: LookupError")
    assert fate(fine) == ("sent", "")


def test_what_a_killed_worker_held_leaves_when_its_claim_ends(post, settings):
    notice = news()
    claim(NOON, sorted_to=0)

    held = send_due(at=NOON + dt.timedelta(seconds=settings.SENDING_LEASE - 1))
    after = send_due(at=NOON + dt.timedelta(seconds=settings.SENDING_LEASE + 1))

    assert (held.sent, after.sent) == (0, 1)
    assert fate(notice) == ("sent", "")


def test_a_clock_that_is_set_back_holds_no_claim_for_ever(post):
    news()
    claim(NOON + dt.timedelta(days=1), sorted_to=0)

    assert send_due(at=NOON).sent == 1


def test_two_claims_share_nothing(post):
    some_news(5)

    first, second = claim(NOON, sorted_to=0, size=3), claim(NOON, sorted_to=0, size=3)

    assert (len(first), len(second)) == (3, 2)
    assert not {notice.pk for notice in first} & {notice.pk for notice in second}


def test_whoever_waits_for_a_sign_in_link_goes_first(post):
    some_news(3)
    person = make_person()
    owe(person, kind="sign_in_link", key="sign-in", at=NOON + MINUTE)

    send_due(at=NOON + MINUTE)

    assert mail.outbox[0].to == [person.email]


def test_a_sign_in_link_that_nobody_could_send_for_hours_is_missed(post):
    notice = owe(make_person(), kind="sign_in_link", key="sign-in", at=NOON)

    send_due(at=NOON + 7 * HOUR)

    assert (mail.outbox, fate(notice)) == ([], ("missed", ""))


def test_news_are_late_rather_than_never(post):
    notice = news()

    send_due(at=NOON + dt.timedelta(days=30))

    assert fate(notice) == ("sent", "")


def test_a_mail_speaks_the_readers_language_and_leaves_ours_alone(post, settings):
    settings.LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]
    news(make_person(language="de"))

    send_due(at=NOON)

    assert '<html lang="de"' in mail.outbox[0].alternatives[0].content
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_batch_takes_as_many_queries_as_one_message(post, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr("accounts.sending.delivery._Run.record_every", 1000)
    monkeypatch.setattr("accounts.sending.delivery.SLOW_SECONDS", 1000)

    def queries(count):
        some_news(count)
        with django_assert_max_num_queries(25) as counted:
            assert send_due(at=NOON).sent == count
        Notice.objects.all().delete()
        return len(counted)

    assert queries(1) == queries(60)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_inside_a_transaction(post):
    some_news(3)

    send_due(at=NOON)

    assert post.in_transaction == [False, False, False]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("takes", "recorded_before_each"), [(SLOW_SECONDS, [0, 1, 2]), (0, [0, 0, 0])])
def test_what_leaves_is_recorded_at_once_when_the_server_is_slow_and_together_when_it_is_quick(
    post, monkeypatch, takes, recorded_before_each
):
    # However slow the machine is, quick messages are never recorded for the time alone here.
    monkeypatch.setattr("accounts.sending.delivery._Run.record_every", 1000)
    monkeypatch.setattr("accounts.sending.delivery.SLOW_SECONDS", takes or 1000)
    some_news(3)
    recorded = []

    def watch(_message):
        recorded.append(Notice.objects.exclude(sent_at=None).count())
        time.sleep(takes)

    post.watch = watch

    send_due(at=NOON)

    assert recorded == recorded_before_each
    assert Notice.objects.exclude(sent_at=None).count() == 3


@pytest.mark.django_db(transaction=True)
def test_recording_takes_a_small_part_of_the_time_of_quick_messages(post, monkeypatch):
    batches = []

    def slow_record(notices, *, at):
        batches.append(len(notices))
        time.sleep(0.02)

    monkeypatch.setattr("accounts.sending.outbox.record_sent", slow_record)
    monkeypatch.setattr("accounts.sending.delivery.SLOW_SECONDS", 1000)
    post.watch = lambda _message: time.sleep(0.01)
    some_news(40)
    began = time.monotonic()

    assert send_due(at=NOON).sent == 40

    # 0.02 s each: every quarter of a second is as seldom as it gets.
    assert sum(batches) == 40
    assert len(batches) <= 3 + (time.monotonic() - began) / RECORD_SECONDS_MOST


@pytest.fixture
def silent_broker(monkeypatch):
    """A broker that takes calls and never answers. Counts them."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        url = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        calls = []
        connect = current_app.connection_for_write

        def counted(**options):
            if options:
                # Celery makes its own the first time it sends anything, and does not call.
                calls.append(options)
            return connect(url, **options)

        monkeypatch.setattr(current_app, "connection_for_write", counted)
        monkeypatch.setattr(notices, "_deaf_until", 0)
        yield calls


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_never_answers_delays_a_page_once_and_not_for_each_message(silent_broker, post):
    began = time.monotonic()
    with transaction.atomic():
        some_news(20)
    news(key="another")

    assert time.monotonic() - began < 1.5
    assert len(silent_broker) == 1
    assert send_due(at=NOON).sent == 21
