"""What support does about messages."""

import datetime as dt

from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Notice, Person
from accounts.notices import in_words, new_message_id, ring


class CannotSendAgain(Exception):
    """This message is still on its way, or has lost its sense."""


@transaction.atomic
def send_again(notice: Notice, *, actor: Person, at: dt.datetime) -> Notice:
    """Owe a message once more: one that failed, was missed, or was sent and never found. The first stays as it is.

    When it is sent it is asked again whether it is still wanted, and links are minted anew.

    Raises:
        CannotSendAgain: it has not been tried yet, or was held back.
    """
    notice = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if notice.voided_at is not None:
        raise CannotSendAgain(_("It was held back: %(why)s") % {"why": in_words(notice.void_reason)})
    if notice.sent_at is None and notice.failed_at is None and notice.missed_at is None:
        raise CannotSendAgain(_("It is on its way already."))
    again = Notice.objects.create(
        # Cut so that it fits, with letters of its own: the same message may be sent a third time.
        key=f"{notice.key[:180]}:again:{get_random_string(10)}",
        kind=notice.kind,
        recipient_id=notice.recipient_id,
        address=notice.address,
        subject=notice.subject,
        project=notice.project,
        params=notice.params,
        owed_at=at,
        not_before=at,
        message_id=new_message_id(),
    )
    record("message.sent_again", notice, actor=actor, at=at, kind=notice.kind, again=again.pk)
    ring()
    return again
