"""Answers by mail: real mails of the outbox, answered into a real maildir, read by the command."""

import datetime as dt
import email
import email.policy
import mailbox
from email.message import EmailMessage
from io import StringIO
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from accounts.files import Verdict
from accounts.models import Notice
from accounts.sending.letters import write
from partnerships.actions.talk import withdraw_entry
from partnerships.models import TalkAnswer, TalkFile, TalkMail
from partnerships.replies.address import NotOurs, Slip, TooOld, read_address, reply_address
from partnerships.replies.reading import Broken, read_mail, text_of_html, without_quotes
from tests import files
from tests.factories import DAY, NOON, member_of, other_side, partner_of
from tests.partnerships.talking import said, two
from tests.races import at_once

pytestmark = pytest.mark.django_db

DOMAIN = "reply.example.org"


@pytest.fixture(autouse=True)
def _gateway(settings, tmp_path):
    settings.MAIL_GATEWAY = DOMAIN
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def box(tmp_path):
    return mailbox.Maildir(tmp_path / "mail", create=True)


def now():
    return dt.datetime.now(dt.UTC)


def mail_to(person, kind):
    """The mail that the outbox sends to somebody, read again as it travels."""
    (notice,) = Notice.objects.filter(recipient=person, kind=kind).select_related("recipient")
    (letter,) = write([notice], at=now())
    return email.message_from_bytes(letter.outcome.message().as_bytes(), policy=email.policy.default)


def answer_to(mail, text, *, sender=None, number=1, quote=True):
    """What a mail program sends when somebody presses Reply."""
    reply = EmailMessage()
    reply["From"] = f"Somebody <{sender or mail['To']}>"
    reply["To"] = mail["Reply-To"]
    reply["Subject"] = f"Re: {mail['Subject']}"
    reply["Message-ID"] = f"<reply-{number}@mail.example.org>"
    reply["In-Reply-To"] = mail["Message-ID"]
    body = mail.get_body(preferencelist=("plain",)).get_content()
    quoted = "\n".join(f"> {line}" for line in body.splitlines())
    head = "On Mon, 23 Nov 2026 at 12:00, Counterpart\n<hello@counterpart.example> wrote:"
    reply.set_content(f"{text}\n\n{head}\n\n{quoted}\n" if quote else text)
    return reply


def put(box, mail):
    """Deliver a mail, as a mail server does."""
    return box.add(mailbox.MaildirMessage(mail.as_bytes() if isinstance(mail, EmailMessage) else mail))


def read(box):
    out = StringIO()
    call_command("read_replies", box._path, stdout=out)
    return out.getvalue().strip()


def refusals():
    return list(
        Notice.objects.filter(kind="reply_refused").order_by("pk").values_list("address", "params__reason")
    )


@pytest.fixture
def asked(side):
    project, me, them = two(side)
    entry = said(project, me, at=now())
    return entry, me, them, mail_to(them, "talk_asked")


def test_a_mail_is_answered_and_the_words_alone_come_into_talk(box, asked):
    entry, me, them, mail = asked
    assert "You can answer this mail" in mail.get_body(preferencelist=("plain",)).get_content()
    put(box, answer_to(mail, "We do.\n\nBy Friday at the latest."))

    assert read(box) == "1 answered"

    answer = TalkAnswer.objects.get()
    assert (answer.text, answer.written_by, answer.by_mail) == (
        "We do.\n\nBy Friday at the latest.",
        them,
        True,
    )
    entry.refresh_from_db()
    assert entry.answered_at
    assert [notice.recipient for notice in Notice.objects.filter(kind="talk_answered")] == [me]


def test_a_mail_counts_once_however_often_it_is_delivered(box, asked):
    reply = answer_to(asked[3], "We do.")
    for _ in range(2):
        put(box, reply)

    assert read(box) == "1 again, 1 answered"
    assert read(box) == "nothing new"
    put(box, reply)
    assert read(box) == "1 again"
    assert TalkAnswer.objects.count() == 1


def test_what_was_read_lies_in_cur_as_seen(box, asked, tmp_path):
    put(box, answer_to(asked[3], "We do."))
    read(box)

    assert list((tmp_path / "mail" / "new").iterdir()) == []
    assert [path.name.endswith(":2,S") for path in (tmp_path / "mail" / "cur").iterdir()] == [True]


def test_a_concern_is_answered_by_mail_by_those_named_alone(box, side):
    project, me, them = two(side)
    colleague = member_of(partner_of(project, other_side(side)))
    said(project, me, "concern", at=now())
    mail = mail_to(them, "concern_named")
    put(box, answer_to(mail, "That must not happen.", sender=colleague.email, number=1))
    put(box, answer_to(mail, "That must not happen.", number=2))

    assert read(box) == "1 answered, 1 sender"

    assert TalkAnswer.objects.get().written_by == them
    assert refusals() == [(colleague.email, "sender")]


def test_who_has_left_answers_no_more(box, asked):
    asked[2].memberships.update(left_at=NOON)
    put(box, answer_to(asked[3], "We do."))

    assert read(box) == "1 may_not"
    assert not TalkAnswer.objects.exists()


@pytest.mark.parametrize("change", ["forged", "of another", "unsigned", "plain"])
def test_an_address_that_was_not_made_here_is_refused_politely(box, asked, change):
    entry, me, _them, mail = asked
    good = str(mail["Reply-To"])
    addresses = {
        "forged": good.replace("@", "a@"),
        "of another": good.replace(f".{asked[2].pk:x}.", f".{me.pk:x}."),
        "unsigned": f"talk+{entry.pk:x}.{me.pk:x}.b4f3c@{DOMAIN}",
        "plain": f"talk+@{DOMAIN}",
    }
    reply = answer_to(mail, "We do.")
    reply.replace_header("To", addresses[change])
    put(box, reply)

    assert read(box) == "1 unknown"
    assert refusals() == [(asked[2].email, "unknown")]
    assert not TalkAnswer.objects.exists()


def test_an_address_in_capitals_is_the_same_address(box, asked):
    reply = answer_to(asked[3], "We do.")
    reply.replace_header("To", str(asked[3]["Reply-To"]).upper())
    put(box, reply)

    assert read(box) == "1 answered"


def test_an_address_lasts_thirty_days_and_says_one_person_and_one_entry(side):
    project, me, _them = two(side)
    entry = said(project, me)
    address = reply_address(entry, me, at=NOON)

    assert len(address.partition("@")[0]) <= 64
    assert address == address.lower()
    assert read_address(address, at=NOON + 30 * DAY) == Slip(entry.pk, me.pk)
    with pytest.raises(TooOld):
        read_address(address, at=NOON + 31 * DAY)
    with pytest.raises(NotOurs):
        read_address(address.replace("talk+", "talk+0"), at=NOON)


def test_what_is_closed_is_refused_and_says_so(box, asked):
    withdraw_entry(asked[0], actor=asked[1], at=now())
    put(box, answer_to(asked[3], "We do."))

    assert read(box) == "1 closed"
    (letter,) = write(list(Notice.objects.filter(kind="reply_refused")), at=now())
    assert letter.outcome.to == [asked[2].email]
    assert "closed or was withdrawn" in letter.outcome.body
    assert letter.outcome.extra_headers["Auto-Submitted"] == "auto-generated"
    assert "We do." not in letter.outcome.body


@pytest.mark.parametrize(
    "header, value",
    [
        ("Auto-Submitted", "auto-replied"), ("Precedence", "bulk"), ("List-Id", "<list.example.org>"),
        ("Return-Path", "<>"), ("X-Autoreply", "yes"),
    ],
)  # fmt: skip
def test_what_a_machine_sent_is_left_in_silence(box, asked, header, value):
    reply = answer_to(asked[3], "I am on holiday.")
    reply[header] = value
    put(box, reply)

    assert read(box) == "1 silent"
    assert refusals() == []
    assert not TalkAnswer.objects.exists()


def test_our_own_refusal_sent_back_makes_no_loop(box, asked):
    withdraw_entry(asked[0], actor=asked[1], at=now())
    put(box, answer_to(asked[3], "We do."))
    read(box)
    (letter,) = write(list(Notice.objects.filter(kind="reply_refused")), at=now())
    put(box, letter.outcome.message().as_bytes())

    assert read(box) == "1 silent"
    assert len(refusals()) == 1


def test_many_mails_that_are_refused_get_one_answer_a_day(box, asked):
    for number in range(3):
        put(box, answer_to(asked[3], "", number=number))

    assert read(box) == "3 empty"
    assert refusals() == [(asked[2].email, "empty")]


@pytest.mark.parametrize("text, outcome", [("", "empty"), ("\n> quoted\n", "empty"), ("x" * 2001, "long")])
def test_a_mail_without_words_or_with_too_many_is_refused(box, asked, text, outcome):
    put(box, answer_to(asked[3], text))

    assert read(box) == f"1 {outcome}"
    assert not TalkAnswer.objects.exists()


def with_file(mail, content, name, **options):
    mail.add_attachment(content, maintype="application", subtype="pdf", filename=name, **options)
    return mail


def test_files_go_through_the_checks_of_a_form(box, asked):
    put(box, with_file(answer_to(asked[3], "See the offer."), files.PDF, "offer.pdf"))

    assert read(box) == "1 answered"
    row = TalkFile.objects.get()
    assert (row.file_name, row.content_type, row.answer.text) == (
        "offer.pdf",
        "application/pdf",
        "See the offer.",
    )


def test_a_file_that_is_refused_refuses_the_mail_and_leaves_nothing(box, asked, tmp_path):
    put(box, with_file(answer_to(asked[3], "Look."), b"MZ\x90\x00 not a document", "offer.pdf"))

    assert read(box) == "1 file"
    assert not TalkAnswer.objects.exists()
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


def test_a_file_too_large_is_refused(box, asked, settings):
    settings.MAX_UPLOAD_BYTES = 100
    put(box, with_file(answer_to(asked[3], "Look."), files.PDF, "offer.pdf"))

    assert read(box) == "1 file"


def test_a_file_is_held_while_the_scanner_is_away(box, asked):
    put(box, with_file(answer_to(asked[3], "Look."), files.PDF, "offer.pdf"))
    with mock.patch("accounts.files.uploads.scan", return_value=Verdict.UNKNOWN):
        assert read(box) == "1 answered"

    assert TalkFile.objects.get().state == "held"


def test_a_logo_under_a_mail_is_no_file_that_somebody_adds(box, asked):
    reply = answer_to(asked[3], "We do.")
    reply.add_attachment(
        b"no picture", maintype="image", subtype="png", filename="logo.png", disposition="inline"
    )
    put(box, reply)

    assert read(box) == "1 answered"
    assert not TalkFile.objects.exists()


def test_a_broken_mail_is_set_aside_and_stops_no_other(box, asked, tmp_path):
    put(box, b"\xff\xfe no mail at all")
    put(box, b"From: somebody@example.org\nContent-Type: text/plain; charset=nonsense\n\nHello\n\xff")
    put(box, answer_to(asked[3], "We do."))

    outcome = read(box)

    assert "1 answered" in outcome
    assert "broken" in outcome
    assert list((tmp_path / "mail" / "new").iterdir()) == []
    assert list((tmp_path / "mail" / ".broken" / "new").iterdir())


def test_a_database_that_is_away_leaves_the_mail_where_it_is(box, asked, tmp_path):
    put(box, answer_to(asked[3], "We do."))
    away = mock.patch("partnerships.actions.talk.mail.answer_entry", side_effect=OperationalError)
    with away, pytest.raises(OperationalError):
        read(box)

    assert len(list((tmp_path / "mail" / "new").iterdir())) == 1
    assert read(box) == "1 answered"


def test_without_a_gateway_mails_say_nothing_of_it_and_nothing_is_read(box, asked, settings, tmp_path):
    settings.MAIL_GATEWAY = ""

    mail = mail_to(asked[2], "talk_asked")

    assert mail["Reply-To"] == settings.HELP_EMAIL
    assert "You can answer this mail" not in mail.get_body(preferencelist=("plain",)).get_content()
    with pytest.raises(CommandError, match="MAIL_GATEWAY"):
        read(box)
    settings.MAIL_GATEWAY = DOMAIN
    with pytest.raises(CommandError, match="no maildir"):
        call_command("read_replies", tmp_path / "nowhere")


@pytest.mark.parametrize(
    "head",
    [
        "On Mon, 23 Nov 2026 at 12:00, Counterpart <hello@counterpart.example> wrote:",
        "On Mon, 23 Nov 2026 at 12:00, Counterpart\n<hello@counterpart.example>\nwrote:",
        "Am Mo., 23. Nov. 2026 um 12:00 Uhr schrieb Counterpart\n<hello@counterpart.example>:",
        "Counterpart <hello@counterpart.example> schrieb am Mo., 23. Nov. 2026, 12:00:",
        "Le lun. 23 nov. 2026 à 12:00, Counterpart <hello@counterpart.example> a écrit :",
        "-----Original Message-----\nFrom: Counterpart",
        "-----Ursprüngliche Nachricht-----\nVon: Counterpart",
        "________________________________\nFrom: Counterpart",
        "From: Counterpart <hello@counterpart.example>\nSent: Monday, 23 November 2026\nTo: Ada",
        "Von: Counterpart <hello@counterpart.example>\nGesendet: Montag, 23. November 2026\nAn: Ada",
        "De : Counterpart <hello@counterpart.example>\nEnvoyé : lundi 23 novembre 2026",
        "-- \nAda Moor\nAldermoor Pharma",
        "Sent from my iPhone",
        "Von meinem iPhone gesendet",
    ],
)
def test_quoted_text_is_cut(head):
    for quoted in ("Hello Ada,\nthey ask: Who pays?", "> Hello Ada,\n> they ask: Who pays?"):
        assert (
            without_quotes(f"We pay.\r\nAll of it.\r\n\r\n{head}\r\n\r\n{quoted}\r\n")
            == "We pay.\nAll of it."
        )


def test_answers_between_quoted_lines_are_kept():
    text = "On Monday, 23 Nov, Ada wrote:\n> Who pays?\nWe do.\n\n> And when?\nOn Friday.\n"

    assert without_quotes(text) == "We do.\n\nOn Friday."


@pytest.mark.parametrize(
    "text",
    [
        "From: here it is a long way.",
        "On Monday we wrote: nothing.",
        "It was:\nfine",
        "- one\n- two\n--- three",
    ],
)
def test_words_that_look_a_little_like_a_quotation_stay(text):
    assert without_quotes(text) == text


def test_a_mail_of_html_alone_gives_its_words_without_what_it_quotes():
    html = (
        "<html><head><style>p {}</style></head><body><p>We <b>do</b>.</p><div>By Friday.<br>Or&nbsp;Monday.</div>"
        '<div class="gmail_quote"><div>On Monday wrote:</div><blockquote>Who pays?</blockquote></div></body></html>'
    )

    assert without_quotes(text_of_html(html)) == "We do.\nBy Friday.\nOr Monday."


def test_a_mail_with_two_senders_or_none_is_no_mail():
    for header in ("", "From: a@example.org, b@example.org\n", "From: nobody\n"):
        with pytest.raises(Broken):
            read_mail(f"{header}To: talk+x@{DOMAIN}\n\nHello".encode())


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_add_a_mail_once(box):
    project, me, them = two("group")
    said(project, me, at=now())
    put(box, answer_to(mail_to(them, "talk_asked"), "We do."))

    at_once(lambda: read(box), lambda: read(box))

    assert TalkAnswer.objects.count() == 1
    assert TalkMail.objects.count() == 1
