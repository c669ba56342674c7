"""Writing messages: what was owed becomes a mail, in the reader's language, just before it leaves.

A batch at a time: what the kinds need is loaded for all of them together, and links are minted for all together.
"""

import datetime as dt
import functools
import logging
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import InterfaceError, OperationalError
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.actions.mail import unsubscribe_token
from accounts.models import How, Notice
from accounts.notices import DIGEST, KINDS, WEEKLY, Kind, NotWanted, NotYet, Topic, thing_of
from accounts.sending.links import mint_sign_in_links

logger = logging.getLogger(__name__)

# A link to a task works when the mail is read on Monday, and not for whoever finds it in a month.
TASK_LINK_LASTS = dt.timedelta(days=3)
LINES_IN_A_DIGEST = 5
# The page where people choose how messages come.
CHOOSING = "portal:notifications"
# Stands between the blocks in templates/emails/parts.txt.
BETWEEN_PARTS = "\x1e"
# What the frame of every mail puts in: addresses, most of them secret and each for one person. No words need them.
OF_THE_FRAME = {"link", "path", "later", "reply_to"}


@dataclass
class Letter:
    """A message that was owed, and the mail it became, or why there is none."""

    notice: Notice
    outcome: EmailMultiAlternatives | Exception | None = None
    kind: Kind | None = None
    context: dict = field(default_factory=dict)
    # What it would have carried and leaves behind, each with the reason.
    dropped: list[tuple[Notice, NotWanted | NotYet]] = field(default_factory=list)


def write(notices: Sequence[Notice], *, at: dt.datetime) -> list[Letter]:
    """Write these messages, in their order. A fault in one is its outcome and does not touch the others."""
    letters = _compose(notices, at)
    said: dict[tuple, dict] = {}
    digests = {letter.notice.pk: letter for letter in letters if letter.kind and letter.kind.carries}
    if digests:
        carried = Notice.objects.unsent().filter(sent_with__in=digests)
        inside = defaultdict(list)
        for letter in _compose(carried.select_related("recipient").order_by("not_before", "pk"), at):
            inside[letter.notice.sent_with_id].append(letter)
        for pk, digest in digests.items():
            _fill(digest, inside[pk], said)
    _give_links([letter for letter in letters if letter.outcome is None], at)
    for letter in letters:
        if letter.outcome is None:
            letter.outcome = _guarded(letter, functools.partial(_mail, letter, said))
    return letters


def _compose(notices, at):
    """Ask each kind what its template needs, and whether the message is still wanted."""
    letters = [Letter(notice, kind=KINDS.get(notice.kind)) for notice in notices]
    groups = defaultdict(list)
    for letter in letters:
        reason = _why_not(letter)
        if reason:
            letter.outcome = NotWanted(reason)
        elif letter.kind is None:
            letter.outcome = LookupError(f"No such kind: {letter.notice.kind}")
        else:
            groups[letter.kind.load].append(letter)
    for load, group in groups.items():
        try:
            loaded = load([letter.notice for letter in group], at) if load else None
        except (OperationalError, InterfaceError):
            raise
        except Exception as fault:
            logger.exception("Messages could not be prepared")
            for letter in group:
                letter.outcome = fault
            continue
        for letter in group:
            result = _guarded(letter, functools.partial(letter.kind.compose, letter.notice, loaded, at))
            if isinstance(result, Exception):
                letter.outcome = result
            else:
                letter.context = result
    return letters


def _why_not(letter):
    """Why nobody wants this, whatever it is about; empty when somebody may."""
    person = letter.notice.recipient
    if person is None:
        return ""
    if not person.is_active or person.closed_at is not None:
        return gettext_noop("The account is closed.")
    if letter.kind and letter.kind.topic and getattr(person, f"mail_{letter.kind.topic}") == How.OFF:
        return gettext_noop("This person wants no such messages; the app lists what is due.")
    return ""


def _guarded(letter, function):
    """What the function returns, or the exception that it raised. A database that is away is nobody's fault here."""
    try:
        with _as_reader(letter.notice.recipient):
            return function()
    except (NotWanted, NotYet) as why:
        return why
    except (OperationalError, InterfaceError):
        raise
    except Exception as fault:
        logger.exception("A message of the kind %s could not be written", letter.notice.kind)
        return fault


class _as_reader:
    """In the reader's language and time zone."""

    def __init__(self, person):
        self.language = translation.override(person.language if person else settings.LANGUAGE_CODE)
        self.zone = timezone.override(person.zone if person else None)

    def __enter__(self):
        self.language.__enter__()
        self.zone.__enter__()

    def __exit__(self, *error):
        self.zone.__exit__(*error)
        self.language.__exit__(*error)


def _fill(digest, inside, said):
    """Put into what carries others what is still wanted of them. In a digest of one thing, its own message is better."""
    if digest.outcome is not None:
        return
    wanted = {}
    for letter in inside:
        if isinstance(letter.outcome, NotWanted | NotYet):
            digest.dropped.append((letter.notice, letter.outcome))
        elif letter.outcome is not None:
            # One that can't be written must not go down in silence as sent.
            digest.outcome = letter.outcome
            return
        else:
            # Sorted by time: of several about one thing the newest stays.
            wanted[thing_of(letter.notice)] = letter
    stands_alone = digest.context.pop("stands_alone", False)
    if not wanted and not stands_alone:
        digest.outcome = NotWanted(gettext_noop("Nothing in it is wanted any more."))
    elif len(wanted) == 1 and digest.notice.kind == DIGEST:
        (only,) = wanted.values()
        digest.kind, digest.context = only.kind, only.context
    else:
        with _as_reader(digest.notice.recipient):
            lines = [_parts(letter.kind, letter.context, said)["subject"] for letter in wanted.values()]
        digest.context = digest.context | {
            "count": len(lines),
            "lines": lines[:LINES_IN_A_DIGEST],
            "more": len(lines[LINES_IN_A_DIGEST:]),
            "is_news": any(letter.kind.topic == Topic.OTHERS for letter in wanted.values()),
        }


def _give_links(letters, at):
    """Turn `path` into a link that signs the reader in; for somebody without an account into an address."""
    wanted = [letter for letter in letters if letter.context.get("path")]
    people = [letter for letter in wanted if letter.notice.recipient is not None]
    asked = [
        (letter.notice.recipient, letter.context["path"], letter.context.pop("lasts", TASK_LINK_LASTS))
        for letter in people
    ]
    for letter, link in zip(people, mint_sign_in_links(asked, at=at), strict=True):
        letter.context["link"] = link
    for letter in wanted:
        if letter.notice.recipient is None:
            letter.context["link"] = settings.SITE_URL + letter.context["path"]


def _mail(letter, said):
    notice, person = letter.notice, letter.notice.recipient
    parts = _parts(letter.kind, letter.context, said)
    called = _plain(person.get_short_name()) if person else ""
    context = parts | {
        "greeting": _("Hello %(name)s,") % {"name": called} if called else _("Hello,"),
        "link": letter.context.get("link"),
        "later_url": _here(letter.context.get("later")),
        "settings_url": _here(reverse(CHOOSING))
        if person and (letter.kind.topic or letter.kind.carries)
        else "",
        "site_url": settings.SITE_URL,
        "help_email": settings.HELP_EMAIL,
        "help_phone": settings.HELP_PHONE,
        "sender": settings.SENDER_ADDRESS,
    }
    message = EmailMultiAlternatives(
        subject=parts["subject"],
        body=get_template("emails/base.txt").render(context),
        to=[person.email if person else notice.address],
        reply_to=[letter.context.get("reply_to") or settings.HELP_EMAIL],
        headers={"Message-ID": notice.message_id, "Auto-Submitted": "auto-generated"},
    )
    if letter.kind.carries and notice.kind == WEEKLY:
        # One click in the mail program, without signing in (RFC 8058).
        address = _here(reverse("accounts:unsubscribe", args=[unsubscribe_token(person)]))
        message.extra_headers["List-Unsubscribe"] = f"<{address}>"
        message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    elif context["settings_url"]:
        message.extra_headers["List-Unsubscribe"] = f"<{context['settings_url']}>"
    message.attach_alternative(get_template("emails/base.html").render(context), "text/html")
    return message


def _parts(kind: Kind, context: dict, said: dict[tuple, dict]) -> dict:
    """The pieces of a message: subject, paragraphs, the word on the button, why one gets it.

    Arguments:
        said: what was put into words already. Colleagues are told the same: it is written once for all of them.
    """
    words = _plain({name: value for name, value in context.items() if name not in OF_THE_FRAME})
    same = (kind.template, translation.get_language(), timezone.get_current_timezone_name(), repr(words))
    if same not in said:
        said[same] = _put_into_words(kind, words)
    return said[same]


def _put_into_words(kind, words):
    text = get_template(kind.template).template.render(Context(words, autoescape=False))
    subject, body, button, why = text.split(BETWEEN_PARTS)
    paragraphs = [_lines(paragraph) for paragraph in re.split(r"\n\s*\n", body)]
    return {
        "subject": _plain(subject),
        "paragraphs": [paragraph for paragraph in paragraphs if paragraph],
        "button": _plain(button),
        "why": _plain(why),
    }


def _lines(paragraph):
    """One line, or one for each item of a list: how the template's source is broken does not matter."""
    return _plain(paragraph).replace(" • ", "\n• ")


def _here(path):
    return settings.SITE_URL + path if path else ""


def _plain(value):
    """Words on one line, numbers and days: nothing else goes into a mail, least of all a row with all its fields."""
    if isinstance(value, str | Promise):
        return " ".join(str(value).replace(BETWEEN_PARTS, " ").split())
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, bool | int | dt.date):
        return value
    raise TypeError(f"A mail holds words, numbers and days, not {type(value).__name__}.")
