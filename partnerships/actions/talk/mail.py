"""An answer that came by mail: added where it belongs, refused politely, or left in silence where an answer could loop."""

import datetime as dt
import hashlib
import io

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.files import DOCX, JPEG, PDF, PNG, CannotKeepFile, UploadField
from accounts.models import Person
from accounts.notices import owe
from accounts.text import clean_text
from partnerships.actions.people import ActsForNobody
from partnerships.actions.talk.answering import answer_entry
from partnerships.actions.talk.shared import CannotTalk
from partnerships.models import TalkEntry, TalkMail
from partnerships.models.talk import LONGEST
from partnerships.replies.address import NotOurs, TooOld, read_address
from partnerships.replies.reading import Incoming

MOST_FILES = 5


class Refused(Exception):
    """This mail is not taken; `reason` is a key of what its sender is told (templates/emails/reply_refused.txt)."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class _ReadBefore(Exception):
    """Another process has taken this mail."""


def take_mail(mail: Incoming, *, at: dt.datetime) -> str:
    """Take one mail. Taking the same one again changes nothing.

    Returns what became of it: `answered`, `silent` (a machine wrote it), `again` (it was read before), or why it was
    refused: `unknown`, `sender`, `old`, `closed`, `may_not`, `empty`, `long`, `file`, `files`.
    """
    if TalkMail.objects.filter(key=mail.key).exists():
        return "again"
    if mail.by_machine:
        return _note(mail, "silent", at)
    try:
        _answer(mail, at)
    except _ReadBefore:
        return "again"
    except Refused as refused:
        return _note(mail, refused.reason, at)
    # Said before in the same words: then nothing was written, the note neither.
    TalkMail.objects.get_or_create(key=mail.key, defaults={"read_at": at, "outcome": "answered"})
    return "answered"


def _answer(mail, at):
    entry, person = _who_and_where(mail, at)
    try:
        text = clean_text(mail.text, lines=True)
    except ValidationError as error:
        raise Refused("empty") from error
    if len(text) > LONGEST:
        raise Refused("long")
    uploads = _uploads(mail)
    if not text and not uploads:
        raise Refused("empty")

    def note():
        try:
            with transaction.atomic():
                TalkMail.objects.create(key=mail.key, read_at=at, outcome="answered")
        except IntegrityError:
            raise _ReadBefore from None

    try:
        answer_entry(
            entry,
            text=text or _("A file, without words."),
            uploads=uploads,
            by_mail=True,
            also=note,
            actor=person,
            at=at,
        )
    except CannotKeepFile as error:
        raise Refused("file") from error
    except (CannotTalk, ActsForNobody) as error:
        raise Refused("closed" if isinstance(error, CannotTalk) else "may_not") from error


def _who_and_where(mail, at):
    """
    Raises:
        Refused
    """
    try:
        slip = read_address(mail.to, at=at)
    except NotOurs as error:
        raise Refused("unknown") from error
    except TooOld as error:
        raise Refused("old") from error
    person = Person.objects.filter(pk=slip.person, is_active=True, closed_at=None).first()
    # Whoever got the mail passed on has the address, and is not the person it was for.
    if person is None or person.email != mail.sender:
        raise Refused("sender")
    entry = TalkEntry.objects.visible_to(person).select_related("project").filter(pk=slip.entry).first()
    if entry is None:
        raise Refused("may_not")
    return entry, person


def _uploads(mail):
    """The files of a mail, each through the checks of a form.

    Raises:
        Refused
    """
    if len(mail.attachments) > MOST_FILES:
        raise Refused("files")
    field, found = UploadField(kinds=[PDF, DOCX, PNG, JPEG]), []
    for one in mail.attachments:
        file = InMemoryUploadedFile(io.BytesIO(one.content), "file", one.name, None, len(one.content), None)
        try:
            found.append(field.clean(file))
        except ValidationError as error:
            raise Refused("file") from error
    return found


@transaction.atomic
def _note(mail, outcome, at):
    """Write down what became of a mail, and tell its sender once: not what they wrote, and once a day at most."""
    _mail, created = TalkMail.objects.get_or_create(
        key=mail.key, defaults={"read_at": at, "outcome": outcome}
    )
    if not created:
        return "again"
    if outcome != "silent":
        sender = hashlib.sha256(mail.sender.encode()).hexdigest()[:24]
        owe(
            None,
            kind="reply_refused",
            key=f"reply-refused:{sender}:{at.astimezone(dt.UTC).date()}:{outcome}",
            at=at,
            address=mail.sender,
            reason=outcome,
            limit=settings.MAX_UPLOAD_BYTES // (1024 * 1024),
        )
    return outcome
