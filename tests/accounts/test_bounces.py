"""Mails that came back: reports of mail servers in a real maildir, about real mails of the outbox."""

import mailbox
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.models import Notice, Person
from accounts.sending import send_due
from tests.factories import NOON, make_organisation, make_person, member_of

pytestmark = pytest.mark.django_db

WHY = "smtp; 550 5.1.1 No such user here"


@pytest.fixture
def box(tmp_path):
    return mailbox.Maildir(tmp_path / "bounces", create=True)


def sent_to(person):
    """A message that has left for somebody."""
    actions.ask_for_test(person, at=NOON)
    send_due(at=NOON)
    return mail.outbox[-1]


def report(message, *, action="failed", status="5.1.1", address=None, message_id=None):
    """What a mail server sends back, with the head of what was sent."""
    return f"""\
From: MAILER-DAEMON@mx.example.org
Message-ID: <report-1@mx.example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="parts"

--parts
Content-Type: text/plain

Your message could not be delivered.
--parts
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; {address or message.to[0]}
Action: {action}
Status: {status}
Diagnostic-Code: {WHY}

--parts
Content-Type: text/rfc822-headers

Subject: {message.subject}
Message-ID: {message_id or message.extra_headers["Message-ID"]}

--parts--
""".encode()


def read(box):
    out = StringIO()
    call_command("read_bounces", box._path, stdout=out)
    return out.getvalue().strip()


def test_what_came_back_stands_at_the_message_and_at_its_reader_and_is_noted_once(box):
    person = make_person()
    bounce = report(sent_to(person))
    for _twice in range(2):
        box.add(bounce)
        assert read(box) == "1 returned"

    notice, now = Notice.objects.get(), Person.objects.get(pk=person.pk)
    assert notice.return_reason == "550 5.1.1 No such user here"
    assert now.mail_returned_at == notice.returned_at
    assert read(box) == "nothing new"


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"action": "delayed", "status": "4.4.1"}, "delayed"),
        ({"action": "failed", "status": "4.2.2"}, "delayed"),
        ({"action": "delivered", "status": "2.0.0"}, "other"),
        ({"address": "somebody.else@example.org"}, "unknown"),
        ({"message_id": "<guessed@counterpart>"}, "unknown"),
    ],
)
def test_a_delay_a_delivery_and_what_is_about_no_message_of_ours_change_nothing(box, changes, outcome):
    person = make_person()
    box.add(report(sent_to(person), **changes))

    assert read(box) == f"1 {outcome}"
    assert Notice.objects.get().returned_at is None
    assert Person.objects.get(pk=person.pk).mail_returned_at is None


def test_other_mails_and_broken_ones_stop_nothing(box):
    person = make_person()
    bounce = report(sent_to(person))
    box.add(b"From: a@example.org\nSubject: Hello\n\nWho are you?\n")
    box.add(b"\xff\xfe\x00\x00")
    box.add(bounce.replace(b"Action: failed", b"Action: \xff\x00").replace(b"rfc822; ", b"\xff"))
    box.add(bounce.replace(b"message/delivery-status", b"message/rfc822; charset=no-such"))
    box.add(bounce)

    assert "1 returned" in read(box)


def test_it_is_shown_to_the_reader_their_colleagues_and_support_until_mails_arrive_again(client, box):
    organisation = make_organisation()
    person, colleague = member_of(organisation, name="Ada"), member_of(organisation, "owner")
    box.add(report(sent_to(person)))
    read(box)

    client.force_login(colleague)
    assert "Mails to this address come back" in client.get(f"/org/{organisation.slug}/members/").text
    client.force_login(person)
    assert "Mails to you come back" in client.get("/account/notifications/").text
    support = make_person(is_staff=True, is_superuser=True)
    client.force_login(support)
    rows = client.get("/admin/accounts/notice/?state=returned").text
    assert "Came back" in rows
    assert "550 5.1.1 No such user here" in rows

    client.force_login(person)
    client.post(reverse("portal:mail_test"), {"arrives": "1"})
    assert "Mails to you come back" not in client.get("/account/notifications/").text


def test_whoever_signs_in_by_a_mail_has_got_it(client):
    person = make_person(welcomed_at=timezone.now())
    Person.objects.filter(pk=person.pk).update(mail_returned_at=NOON)
    link = actions.mint_sign_in_link(person, "/guide/", at=timezone.now()).partition("8000")[2]

    client.get(link)
    assert Person.objects.get(pk=person.pk).mail_returned_at == NOON
    client.post(link)
    assert Person.objects.get(pk=person.pk).mail_returned_at is None
