"""Mails that came back: what a mail server reports later (RFC 3464) is noted at the message and at its reader.

A report is believed when it names the Message-ID of a message of ours, which nobody can guess, and the address that
this message went to. A delay is no return: the servers go on trying.
"""

import datetime as dt
import email
import email.policy
import re

from django.db import transaction

from accounts.models import Notice, Person
from accounts.models.person import normal_email

MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^<>\s]+>)", re.I | re.M)
LONGEST = 200


class NotReadable(Exception):
    """This is no mail."""


@transaction.atomic
def record_bounce(content: bytes, *, at: dt.datetime) -> str:
    """Note that a message came back. Noting it again changes nothing.

    Returns `returned`; `delayed`, when it is still under way; `unknown`, when it is about no message of ours; or `other`
    for what is no report.

    Raises:
        NotReadable
    """
    try:
        mail = email.message_from_bytes(content, policy=email.policy.default)
        if mail.get_content_type() != "multipart/report":
            return "other"
        failed, delayed = _told(mail)
    except Exception as error:
        # Mails come from anybody: the parser and the codecs fail in more ways than can be named.
        raise NotReadable(type(error).__name__) from error
    if not failed:
        return "delayed" if delayed else "other"
    # What was sent comes last, whole or its head alone; what stands before was written by the server.
    ids = [found.decode(errors="replace") for found in MESSAGE_ID.findall(content)][1:]
    for notice in Notice.objects.select_related("recipient").filter(
        message_id__in=ids, sent_at__isnull=False
    ):
        went_to = normal_email(notice.recipient.email if notice.recipient else notice.address)
        if went_to in failed:
            _note(notice, failed[went_to], at)
            return "returned"
    return "unknown"


def _told(mail):
    """By address why it could not be delivered, and the addresses to which it is only late."""
    failed, delayed = {}, set()
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for about in part.get_payload():
            action = str(about.get("Action", "")).strip().lower()
            for name in ("Original-Recipient", "Final-Recipient"):
                address = normal_email(str(about.get(name, "")).partition(";")[2])
                if not address:
                    continue
                if action == "failed" and str(about.get("Status", "5")).strip().startswith("5"):
                    said = str(about.get("Diagnostic-Code", "")).partition(";")[2] or str(
                        about.get("Status", "")
                    )
                    failed[address] = " ".join(said.split())[:LONGEST]
                elif action in ("delayed", "failed"):
                    delayed.add(address)
    return failed, delayed


def _note(notice, reason, at):
    if not Notice.objects.filter(pk=notice.pk, returned_at=None).update(returned_at=at, return_reason=reason):
        return
    if notice.recipient_id:
        Person.objects.filter(pk=notice.recipient_id, mail_returned_at=None).update(mail_returned_at=at)
