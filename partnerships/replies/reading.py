"""Reading a mail that came as an answer: its words without what it quotes, its files, and whether a machine wrote it."""

import email
import email.policy
import hashlib
import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr
from html.parser import HTMLParser

from accounts.models.person import normal_email
from partnerships.replies.address import is_of_gateway

# Where programs write the address of the gateway, the one from the envelope first.
TO_HEADERS = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
MACHINES = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)([+.-].*)?@", re.I)

# What stands over a quoted mail, by language: a line (or two) that ends with a colon, or a block of headers.
QUOTE_LINES = [
    r"On\b.{4,200}\bwrote:",
    r"Am\b.{4,200}\bschrieb\b.{0,120}:",
    r".{3,120}\bschrieb\s+am\b.{4,120}:",
    r"Le\b.{4,200}\ba écrit\s*:",
    r"El\b.{4,200}\bescribió:",
    r"Op\b.{4,200}\bschreef\b.{0,120}:",
]
QUOTE_HEAD = re.compile(rf"(?:{'|'.join(QUOTE_LINES)})\s*$", re.I | re.S)
# Outlook and its like: below this, nothing is the writer's.
CUTS = re.compile(
    r"^\s*(-{3,}\s*(original message|ursprüngliche nachricht|message d'origine|message d’origine|mensaje original)"
    r"\s*-{3,}|_{10,}|-{3,}\s*forwarded message\s*-{3,})\s*$",
    re.I,
)
FROM = re.compile(r"^\s*\*?(from|von|de|van)\*?\s*:\s*\S", re.I)
SENT = re.compile(r"^\s*\*?(sent|gesendet|envoyé|date|datum|enviado|verzonden)\*?\s*:\s*\S", re.I)
SIGNATURE = re.compile(r"^-- ?$")
SENT_FROM = re.compile(
    r"^\s*(sent from my |von meinem .{1,40} gesendet|gesendet von meinem |envoyé de mon |get outlook for )",
    re.I,
)
SKIPPED_PARTS = {"pgp-signature", "pkcs7-signature", "x-pkcs7-signature", "calendar", "pgp-keys"}


class Broken(Exception):
    """This is no mail that can be read."""


@dataclass(frozen=True)
class Attachment:
    """A file in a mail, as it came."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Incoming:
    """A mail as far as it is looked at.

    Arguments:
        key: tells it from every other one: made of its Message-ID, of all of it where it has none.
        to: the address of the gateway it came to; "" when none stands in it.
        text: what its writer wrote, without what they quote.
        by_machine: answering it could make a loop.
    """

    key: str
    sender: str
    to: str
    by_machine: bool
    text: str = ""
    attachments: list[Attachment] = field(default_factory=list)


def read_mail(content: bytes) -> Incoming:
    """
    Raises:
        Broken: no sender can be read, or a part can't be decoded.
    """
    try:
        mail = email.message_from_bytes(content, policy=email.policy.default)
        senders = getaddresses([str(value) for value in mail.get_all("From", [])])
        sender = normal_email(senders[0][1]) if len(senders) == 1 else ""
        if "@" not in sender:
            raise Broken("sender")
        message_id = str(mail.get("Message-ID", "")).strip()
        return Incoming(
            key=hashlib.sha256(message_id.encode(errors="replace") if message_id else content).hexdigest(),
            sender=sender,
            to=_gateway_address(mail),
            by_machine=_by_machine(mail, sender),
            text=without_quotes(_text_of(mail)),
            attachments=list(_attachments(mail)),
        )
    except Broken:
        raise
    except Exception as error:
        # Mails come from anybody: the parser and the codecs fail in more ways than can be named.
        raise Broken(type(error).__name__) from error


def _gateway_address(mail):
    for header in TO_HEADERS:
        for _name, address in getaddresses([str(value) for value in mail.get_all(header, [])]):
            if is_of_gateway(address):
                return address.strip().lower()
    return ""


def _by_machine(mail, sender):
    said = {
        name: str(mail.get(name, "")).strip().lower()
        for name in ("Auto-Submitted", "Precedence", "Return-Path")
    }
    return bool(
        said["Auto-Submitted"] not in ("", "no")
        or said["Precedence"] in ("bulk", "junk", "list", "auto_reply")
        or said["Return-Path"] == "<>"
        or any(name in mail for name in ("List-Id", "X-Autoreply", "X-Autorespond", "X-Failed-Recipients"))
        or mail.get_content_type() == "multipart/report"
        or MACHINES.match(sender)
        or is_of_gateway(parseaddr(sender)[1])
    )


def _text_of(mail: EmailMessage) -> str:
    plain = mail.get_body(preferencelist=("plain",))
    if plain is not None:
        return plain.get_content()
    html = mail.get_body(preferencelist=("html",))
    return text_of_html(html.get_content()) if html is not None else ""


def _attachments(mail):
    for part in mail.iter_attachments():
        # Pictures in the text, such as a logo under it, signatures and calendars are no files that somebody adds.
        inline = part.get_content_disposition() == "inline" or (
            part.get("Content-ID") and part.get_content_maintype() == "image"
        )
        if inline or part.is_multipart() or part.get_content_subtype() in SKIPPED_PARTS:
            continue
        content = part.get_payload(decode=True) or b""
        yield Attachment(part.get_filename() or "file", content)


def without_quotes(text: str) -> str:
    """What somebody wrote in an answer: without the mail they answer, their signature, and what their telephone adds.

    Answers between the lines of a quoted mail are kept, the quoted lines are not.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ").split("\n")
    kept: list[str] = []
    for number, line in enumerate(lines):
        if SIGNATURE.match(line) or CUTS.match(line) or SENT_FROM.match(line):
            break
        if FROM.match(line) and any(SENT.match(after) for after in lines[number + 1 : number + 4]):
            break
        if line.lstrip().startswith(">"):
            continue
        kept.append(line)
        if _drops_quote_head(kept) and not _is_marked(lines[number + 1 :]):
            # Quoted without marks: all below is the mail that was answered.
            break
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _drops_quote_head(kept: list[str]) -> bool:
    """Take a line such as "On Monday Ada wrote:" away, which may be broken in three. Returns whether there was one."""
    for count in (1, 2, 3):
        head = kept[-count:]
        whole = len(head) == count and all(line.strip() for line in head)
        if whole and QUOTE_HEAD.match("\n".join(head).strip()):
            del kept[-count:]
            return True
    return False


def _is_marked(below: list[str]) -> bool:
    """Whether the first words below are marked as quoted."""
    return next((line.lstrip().startswith(">") for line in below if line.strip()), False)


class _Words(HTMLParser):
    """The text of a page of HTML, without what it quotes."""

    QUOTES = re.compile(
        r"gmail_quote|moz-cite-prefix|yahoo_quoted|divRplyFwdMsg|appendonsend|protonmail_quote"
    )
    BREAKS = {"br", "p", "div", "li", "tr", "h1", "h2", "h3"}
    SILENT = {"style", "script", "head", "title", "blockquote"}
    VOID = {"br", "img", "hr", "meta", "input", "link", "area", "base", "col", "wbr"}

    def __init__(self):
        super().__init__()
        self.parts, self.silent = [], 0

    def handle_starttag(self, tag, attrs):
        named = " ".join(value or "" for name, value in attrs if name in ("class", "id"))
        if tag in self.BREAKS:
            self.parts.append("\n")
        if tag not in self.VOID and (self.silent or tag in self.SILENT or self.QUOTES.search(named)):
            self.silent += 1

    def handle_endtag(self, tag):
        if self.silent and tag not in self.VOID:
            self.silent -= 1

    def handle_data(self, data):
        if not self.silent:
            self.parts.append(re.sub(r"\s+", " ", data))


def text_of_html(html: str) -> str:
    """The words of a mail that has no plain text."""
    words = _Words()
    words.feed(html)
    words.close()
    return "\n".join(line.strip() for line in "".join(words.parts).split("\n"))
