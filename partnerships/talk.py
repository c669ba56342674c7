"""Talk as it is read: what is open and with whom, entries with their answers, what they are about, what came of inputs."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.db import models
from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.days import local_day, working_days_between
from accounts.models import Membership, Organisation, Person
from partnerships.models import (
    ContractQuestion,
    FileState,
    Participation,
    Project,
    TalkAnswer,
    TalkEntry,
    TalkFile,
    TalkWording,
)
from partnerships.models.talk import OVER
from partnerships.permissions import Acting
from partnerships.questions import about_of

Kind = TalkEntry.Kind
VERB = "write_talk"
# What is about a part of the plan begins like this; its code follows.
PLAN_PART = "partnerships.planpart:"
# So much that is open is listed; whoever has more finds it below.
OPEN_ROWS = 50
LATEST = 3
# Agreed decisions on the first page of a project; all are in Talk.
DECISIONS = 5


class Circle(models.TextChoices):
    """Who sees a concern."""

    LEADS = "leads", gettext_lazy("The leads of both")
    OWNERS = "owners", gettext_lazy("The leads and the Owners of both")


@dataclass(frozen=True)
class About:
    """What an entry is about: how it is called, and where it is."""

    label: str
    url: str


# Where apps above hang what an entry may be about (docs/decisions/008).
# (project) → pairs of a group's name and its (subject, label), to choose from.
OFFERS: list[Callable[[Project], list[tuple[str, list[tuple[str, str]]]]]] = []
# (project, subjects) → what they are, by subject; those that are gone are left out.
NAMES: list[Callable[[Project, set[str]], dict[str, About]]] = []


def offered_subjects(project: Project) -> list[tuple[str, list[tuple[str, str]]]]:
    """What an entry on this project may be about, in groups to choose from."""
    return [group for offer in OFFERS for group in offer(project) if group[1]]


def named_subjects(project: Project, subjects: Iterable[str]) -> dict[str, About]:
    """What these subjects are called and where they are, by subject."""
    wanted = {subject for subject in subjects if subject}
    found: dict[str, About] = {}
    for name in NAMES if wanted else ():
        found |= name(project, wanted)
    return found


# Who sees what ---------------------------------------------------------------------------------------


def leading(everybody: Iterable[Acting], organisation_id: int) -> list[Acting]:
    """Who is told for a partner: its Leads and Owners named on the project, or all where none is named."""
    able = [one for one in everybody if one.organisation.pk == organisation_id and VERB in one.verbs]
    return [one for one in able if one.named] or able


def names_are_public(project: Project) -> bool:
    """Whether others may see who is named on a project, or a list that depends on it.

    Once there are reviews somebody may be named for having begun a sealed one: that is for their own organisation
    alone to know, until all are open (docs/rules.md 2).
    """
    before = (*Project.BEFORE_DELIVER, Project.Stage.DELIVER)
    return project.stage in before or project.reviews_opened_at is not None


def people_in_circle(
    project: Project, circle: str, everybody: Iterable[Acting], own: int, other: int, author: int
) -> list[Acting]:
    """Who would see a concern: always its author; the leads of both; with their Owners, if that is the circle.

    Where a partner has no Lead among those who work on the project, its Owners stand for them. While reviews are sealed
    all Leads are taken for those who work on it.

    Arguments:
        own, other: the keys of the two partners.
        author: the key of who brings it up.
    """
    everybody = list(everybody)
    found: dict[int, Acting] = {}
    for pk in (own, other):
        able = [one for one in everybody if one.organisation.pk == pk and VERB in one.verbs]
        working = leading(everybody, pk) if names_are_public(project) else able
        chosen = [one for one in working if one.membership.role == Membership.Role.LEAD] or working
        if circle == Circle.OWNERS:
            chosen = chosen + [
                one
                for one in everybody
                if one.organisation.pk == pk and one.membership.role == Membership.Role.OWNER
            ]
        found |= {one.person.pk: one for one in chosen}
    found |= {
        one.person.pk: one for one in everybody if one.person.pk == author and one.organisation.pk == own
    }
    return list(found.values())


def concerns_read(project: Project, person: Person) -> QuerySet:
    """The concerns on a project that this person may read, as history names them: a subquery of subjects."""
    subject = Concat(
        Value(f"{TalkEntry._meta.label_lower}:"),
        Cast("pk", models.CharField()),
        output_field=models.CharField(),
    )
    readable = TalkEntry.objects.readable_on(project, person).filter(kind=Kind.CONCERN)
    return readable.order_by().annotate(as_subject=subject).values("as_subject")


def hidden_history() -> Q:
    """Lines of history about concerns: for those named in them, and never for the admin."""
    return Q(verb__startswith="concern.")


# What is open ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OpenRow:
    """One thing that waits for somebody: what, for whom, since when."""

    kind: str
    text: str
    url: str
    waits: str
    days: str
    due_on: dt.date | None
    label: str
    tone: str
    is_private: bool = False

    @property
    def order(self):
        return ({"turn": 0, "late": 0}.get(self.tone, 1), self.due_on or dt.date.max)


def read_open(project: Project, person: Person, at: dt.datetime) -> list[OpenRow]:
    """What is open in Talk and what a contract made somebody ask, those first that wait for the reader.

    The project came from `access.get_project`. Three queries, however many there are.
    """
    if project.stage in OVER:
        return []
    decided = TalkAnswer.objects.filter(outcome__in=TalkAnswer.ON_DECISIONS, withdrawn_at=None)
    entries = (
        TalkEntry.objects.readable_on(project, person)
        .open()
        .select_related("organisation", "asked", "asked_person")
        .prefetch_related(Prefetch("answers", decided, to_attr="decided"))
        .order_by("due_on", "pk")[:OPEN_ROWS]
    )
    questions = (
        ContractQuestion.objects.open()
        .filter(contract__project=project)
        .select_related("contract", "organisation")
        .order_by("due_on", "pk")[:OPEN_ROWS]
    )
    rows = [_open_entry(entry, project, person, at) for entry in entries]
    rows += [_open_question(question, project, at) for question in questions]
    return sorted(rows, key=lambda row: row.order)


def _open_entry(entry, project, person, at):
    entry.project = project
    own, today = project.acting.organisation, local_day(at, project.zone)
    waiting = waits_for(entry, project)
    ours = any(partner.pk == own.pk for partner in waiting)
    put_off = entry.outcome == TalkEntry.Outcome.LATER and entry.later_on > today
    if entry.is_concern and entry.answered_at is not None:
        names = entry.organisation.name
        waits = _("{name} says when it is settled.").format(name=names)
        ours = entry.organisation_id == own.pk
    elif put_off:
        day = date_format(entry.later_on, "j F Y")
        waits = _("{name} looks at it again on {day}.").format(name=entry.asked.name, day=day)
        ours = False
    else:
        names = get_text_list([str(name) for name in _names_of(entry, waiting)], _("and"))
        waits = _("Waiting for {names}.").format(names=names)
    country = waiting[0].country if waiting else own.country
    return OpenRow(
        kind=str(entry.get_kind_display()),
        text=entry.text,
        url=entry.get_absolute_url(),
        waits=waits,
        days=days_open(entry.waits_since, project, country, at),
        due_on=None if put_off or (entry.is_concern and entry.answered_at) else entry.due_on,
        is_private=entry.is_concern,
        **_turn(ours, is_mine(entry, person, project), entry.due_on < today and not put_off),
    )


def _open_question(question, project, at):
    question.contract.project = project
    own, today = project.acting, local_day(at, project.zone)
    ours = (question.side == own.side) == question.is_answered
    waiting = [
        row.organisation for row in project.partners if (row.side == question.side) == question.is_answered
    ]
    names = get_text_list([organisation.name for organisation in waiting], _("and"))
    since = question.answered_at or question.asked_at
    return OpenRow(
        kind=_("About the contract: {about}").format(about=about_of(question)),
        text=question.words,
        url=question.get_absolute_url(),
        waits=_("Waiting for {names}.").format(names=names),
        days=days_open(since, project, waiting[0].country if waiting else own.organisation.country, at),
        due_on=None if question.is_answered else question.due_on,
        **_turn(
            ours, "write_contract" in project.verbs, not question.is_answered and question.due_on < today
        ),
    )


def _turn(ours, may, is_late):
    """The tag of a row. What is late says so for both sides alike."""
    if ours:
        label = _("Your turn") if may else _("Your organisation’s turn")
        return {"label": label, "tone": ("late" if is_late else "turn") if may else "wait"}
    return {"label": _("Their turn"), "tone": "wait"}


def days_open(since: dt.datetime, project: Project, country: str, at: dt.datetime) -> str:
    """For how many working days something has waited, as a sentence."""
    days = working_days_between(local_day(since, project.zone), local_day(at, project.zone), country)
    if not days:
        return _("Since today.")
    text = ngettext("For {days} working day, since {day}.", "For {days} working days, since {day}.", days)
    return text.format(days=days, day=date_format(local_day(since, project.zone), "j F"))


def waits_for(entry: TalkEntry, project: Project) -> list[Organisation]:
    """The partners that owe an answer to an entry with its `decided` answers, on a project with its `partners`."""
    if (
        entry.withdrawn_at
        or entry.ended_at
        or entry.answered_at
        or entry.agreed_at
        or entry.kind == Kind.NOTE
    ):
        return []
    if entry.asked_id is not None:
        return [entry.asked]
    said = {one.organisation_id for one in entry.decided if one.version == entry.version}
    return [
        row.organisation
        for row in project.partners
        if row.organisation_id not in said and row.organisation_id != entry.organisation_id
    ]


def _names_of(entry, waiting):
    if entry.asked_person_id is None:
        return [organisation.name for organisation in waiting]
    return [
        _("{person} ({organisation})").format(person=entry.asked_person, organisation=organisation.name)
        for organisation in waiting
    ]


def is_mine(entry: TalkEntry, person: Person, project: Project) -> bool:
    """Whether this reader would be the one to act, where their partner has to."""
    if VERB not in project.verbs:
        return False
    by_name = entry.kind in (Kind.QUESTION, Kind.INPUT) and entry.asked_person_id
    return not by_name or entry.asked_person_id == person.pk


# Entries ---------------------------------------------------------------------------------------------


@dataclass
class Shown:
    """An entry or an answer as somebody reads it."""

    written: TalkEntry | TalkAnswer
    files: list[TalkFile]
    is_own: bool
    wordings: list[TalkWording] = field(default_factory=list)

    @property
    def withdrawn(self) -> bool:
        return self.written.withdrawn_at is not None


@dataclass
class ShownEntry(Shown):
    """An entry with its answers."""

    answers: list[Shown] = field(default_factory=list)
    about: About | None = None
    status: str = ""
    tone: str = "plain"
    waiting: list[Organisation] = field(default_factory=list)

    @property
    def entry(self) -> TalkEntry:
        return self.written


def with_all(entries: QuerySet) -> QuerySet:
    """These with everything that is shown of them: four queries for any number."""
    answers = TalkAnswer.objects.select_related("organisation", "written_by").order_by("pk")
    return entries.select_related("organisation", "written_by", "asked", "asked_person").prefetch_related(
        Prefetch("answers", answers),
        Prefetch("files", TalkFile.objects.order_by("pk")),
        Prefetch("wordings", TalkWording.objects.order_by("-pk")),
    )


def show_entries(entries: Sequence[TalkEntry], project: Project, person: Person) -> list[ShownEntry]:
    """Entries that came through `with_all`, as this person reads them."""
    abouts = named_subjects(project, [entry.subject for entry in entries])
    return [_show(entry, project, person, abouts) for entry in entries]


def _show(entry, project, person, abouts):
    entry.project = project
    answers = list(entry.answers.all())
    entry.decided = [
        one for one in answers if one.outcome in TalkAnswer.ON_DECISIONS and not one.withdrawn_at
    ]
    files, wordings = list(entry.files.all()), list(entry.wordings.all())
    waiting = waits_for(entry, project)
    label, tone = _status(entry, waiting, project, person)

    def shown(answer):
        return Shown(
            answer,
            [one for one in files if one.answer_id == answer.pk],
            answer.written_by_id == person.pk,
            [one for one in wordings if one.answer_id == answer.pk],
        )

    return ShownEntry(
        entry,
        [one for one in files if one.answer_id is None],
        entry.written_by_id == person.pk,
        [one for one in wordings if one.answer_id is None],
        answers=[shown(answer) for answer in answers],
        about=abouts.get(entry.subject),
        status=label,
        tone=tone,
        waiting=waiting,
    )


def _status(entry, waiting, project, person):
    """Where an entry stands, in words, and the tone of the tag; no words for a note."""
    if entry.withdrawn_at:
        return _("Withdrawn"), "plain"
    if entry.ended_at:
        return _("Closed"), "plain"
    if entry.agreed_at:
        return _("Agreed by all"), "ok"
    if entry.kind == Kind.INPUT and entry.outcome:
        return str(entry.get_outcome_display()), "wait" if entry.outcome == "later" else "ok"
    if entry.answered_at:
        return _("Answered"), "ok"
    if not waiting:
        return "", "plain"
    if project.stage in OVER:
        return _("Left open"), "plain"
    if any(one.pk == project.acting.organisation_id for one in waiting):
        mine = is_mine(entry, person, project)
        return (_("Your turn"), "turn") if mine else (_("Your organisation’s turn"), "wait")
    if any(one.outcome == "declined" and one.version == entry.version for one in entry.decided):
        return _("Not agreed"), "wait"
    return _("Their turn"), "wait"


def may_open(file: TalkFile, organisation: Organisation) -> bool:
    """Whether a file is handed out to this partner: what the scanner has not seen only to the one that added it."""
    if file.state == FileState.REMOVED:
        return False
    return file.state == FileState.CLEAN or file.organisation_id == organisation.pk


# On other pages ----------------------------------------------------------------------------------------


def latest_and_decided(project: Project, person: Person) -> tuple[list[TalkEntry], list[TalkEntry]]:
    """The newest entries, and the newest decisions that stand, for the first page of a project. One query."""
    readable = TalkEntry.objects.readable_on(project, person).filter(withdrawn_at=None)
    newest = readable.order_by("-written_at", "-pk").values("pk")[:LATEST]
    standing = readable.exclude(agreed_at=None).order_by("-agreed_at", "-pk").values("pk")[:DECISIONS]
    found = list(
        TalkEntry.objects.filter(Q(pk__in=newest) | Q(pk__in=standing))
        .select_related("organisation", "written_by")
        .order_by("-written_at", "-pk")
    )
    for entry in found:
        entry.project = project
    decided = sorted((one for one in found if one.agreed_at), key=lambda one: one.agreed_at, reverse=True)
    return found[:LATEST], decided[:DECISIONS]


def decisions_about(project: Project, beginning: str) -> dict[str, list[TalkEntry]]:
    """Decisions that stand and are about things whose subject begins like this, by subject, the newest first.

    Decisions are no secret among partners; agencies read none of Talk.
    """
    if project.acting is None or project.acting.role != Participation.Role.PARTNER:
        return {}
    found: dict[str, list[TalkEntry]] = {}
    rows = TalkEntry.objects.filter(
        project=project, kind=Kind.DECISION, agreed_at__isnull=False, subject__startswith=beginning
    )
    for entry in rows.order_by("-agreed_at", "-pk"):
        entry.project = project
        found.setdefault(entry.subject, []).append(entry)
    return found


@dataclass(frozen=True)
class InputCounts:
    """What became of what one side asked the other to take up."""

    given: int = 0
    used: int = 0
    not_used: int = 0
    later: int = 0

    @property
    def unanswered(self) -> int:
        return self.given - self.used - self.not_used - self.later


def input_counts(project: Project, *, until: dt.datetime | None = None) -> dict[str, InputCounts]:
    """What became of "You said, we did", by the side that gave the input. One query where everybody on the project is known.

    How it is measured: each input counts once for the side of the partner that wrote it, unless it was withdrawn. What
    became of it is the last that the asked partner said: used, not used, or later; otherwise it is unanswered. Nothing
    is asked of anybody, and words are not looked at.

    Arguments:
        until: as it stood at this instant; now, if none is given.
    """
    entries = TalkEntry.objects.filter(project=project, kind=Kind.INPUT)
    answers = TalkAnswer.objects.filter(outcome__in=TalkAnswer.ON_INPUTS)
    if until is not None:
        entries = entries.filter(written_at__lte=until).filter(
            Q(withdrawn_at=None) | Q(withdrawn_at__gt=until)
        )
        answers = answers.filter(written_at__lte=until)
    else:
        entries = entries.filter(withdrawn_at=None)
    sides = {row.organisation_id: row.side for row in _everybody(project)}
    counted = {side: dict.fromkeys(("given", *TalkAnswer.ON_INPUTS), 0) for side in Participation.Side.values}
    last = answers.filter(entry=OuterRef("pk")).order_by("-pk").values("outcome")[:1]
    for organisation, outcome in entries.order_by("pk").values_list("organisation", Subquery(last)):
        counts = counted.get(sides.get(organisation))
        if counts is not None:
            counts["given"] += 1
            if outcome:
                counts[outcome] += 1
    return {side: InputCounts(**counts) for side, counts in counted.items()}


def _everybody(project):
    return project.everybody if hasattr(project, "everybody") else project.participations.all()
