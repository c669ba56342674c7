"""Messages about Talk. Those about a concern go to the people named in it, and hold no word of it."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.days import local_day
from accounts.models import Notice
from accounts.notices import NotWanted, Topic, kind
from partnerships.messages.projects import WORDS_IN_MAIL, OnProjects, about, key_in, shortened
from partnerships.models import TalkEntry
from partnerships.models.talk import OVER
from partnerships.replies.address import reply_address

Kind = TalkEntry.Kind


def on_entry(notice: Notice, on: OnProjects, at: dt.datetime) -> tuple[TalkEntry, dict]:
    """The entry that a message is about, and what its template needs.

    Raises:
        NotWanted: it is gone, withdrawn or closed, the project is over, or the reader may not read it any more.
    """
    project, entry = on.project(notice), on.talk_entries.get(key_in(notice))
    if entry is None:
        raise NotWanted(gettext_noop("It is gone."))
    if project.stage in OVER:
        raise NotWanted(gettext_noop("The project is over."))
    if entry.is_closed:
        raise NotWanted(gettext_noop("It was withdrawn or closed."))
    acting = on.acting(notice)
    words = {"organisation": entry.organisation.name, "kind": entry.kind, "due_on": entry.due_on}
    if entry.is_concern:
        if (entry.pk, acting.person.pk, acting.organisation.pk) not in on.named_in_concerns:
            raise NotWanted(gettext_noop("This person may not read it any more."))
    else:
        words["text"] = shortened(entry.text, WORDS_IN_MAIL)
    if "write_talk" in acting.verbs:
        words["reply_to"] = reply_address(entry, acting.person, at=at)
    words["by_mail"] = bool(words.get("reply_to"))
    return entry, about(project, "partnerships:talk_detail", entry.pk, **words)


def _still_asked(entry, notice, on, at):
    """
    Raises:
        NotWanted: nobody waits for their answer any more.
    """
    organisation = on.acting(notice).organisation.pk
    decided = [
        one for one in entry.answers.all()
        if one.organisation_id == organisation and one.version == entry.version and one.outcome
    ]  # fmt: skip
    put_off = entry.later_on is not None and entry.later_on > local_day(at, entry.project.zone)
    if entry.answered_at or entry.agreed_at or put_off or (entry.kind == Kind.DECISION and decided):
        raise NotWanted(gettext_noop("It was answered."))


@kind("talk_asked", gettext_lazy("Something waits for an answer in Talk"), topic=Topic.TURN, load=OnProjects)
def talk_asked(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    entry, words = on_entry(notice, on, at)
    _still_asked(entry, notice, on, at)
    return words


@kind(
    "talk_waits", gettext_lazy("Something still waits for an answer in Talk"), load=OnProjects, reminder=True
)
def talk_waits(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    return talk_asked(notice, on, at)


@kind("talk_answered", gettext_lazy("Something is answered in Talk"), topic=Topic.OTHERS, load=OnProjects)
def talk_answered(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    entry, words = on_entry(notice, on, at)
    answer = on.talk_answers.get(notice.params.get("answer"))
    if answer is None or answer.withdrawn_at is not None:
        raise NotWanted(gettext_noop("It was withdrawn or closed."))
    return words | {
        "organisation": answer.organisation.name,
        "person": str(answer.written_by),
        "answer": shortened(answer.text, WORDS_IN_MAIL),
        "outcome": answer.get_outcome_display() if answer.outcome else "",
        "stands": entry.agreed_at is not None,
    }


@kind("concern_named", gettext_lazy("A concern"), topic=Topic.TURN, load=OnProjects, masked=True)
def concern_named(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    entry, words = on_entry(notice, on, at)
    return words | {"is_asked": on.acting(notice).organisation == entry.asked}


@kind(
    "concern_waits",
    gettext_lazy("A concern waits for an answer"),
    load=OnProjects,
    reminder=True,
    masked=True,
)
def concern_waits(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    entry, words = on_entry(notice, on, at)
    _still_asked(entry, notice, on, at)
    return words


@kind(
    "concern_answered",
    gettext_lazy("Something new about a concern"),
    topic=Topic.OTHERS,
    load=OnProjects,
    masked=True,
)
def concern_answered(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    return on_entry(notice, on, at)[1]


@kind("talk_file_removed", gettext_lazy("A file in Talk was removed"), topic=Topic.OTHERS, load=OnProjects)
def talk_file_removed(notice: Notice, on: OnProjects, at: dt.datetime) -> dict:
    _entry, words = on_entry(notice, on, at)
    return {name: word for name, word in words.items() if name not in ("text", "reply_to", "by_mail")}


@kind("reply_refused", gettext_lazy("An answer by mail was not added"))
def reply_refused(notice: Notice, on: None, at: dt.datetime) -> dict:
    return {
        "reason": notice.params["reason"],
        "limit": notice.params["limit"],
        "path": reverse("portal:home"),
    }
