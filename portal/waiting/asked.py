"""What somebody is asked besides the turns of their organisations, each kind in words of its own.

All kinds are read in one query, whose rows look the same: home asks as often with one kind as with all of them.
"""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, DateField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, NullIf
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.days import local_day
from accounts.models import JoinRequest, Membership, Person
from evaluations.models import Call
from partnerships.funding import question_to
from partnerships.models import (
    WORKING,
    ContractQuestion,
    FundingRequest,
    InterestDeclaration,
    Participation,
    Project,
    TalkEntry,
    TimeRequest,
    UsePermission,
    projects_asking,
    scans_to_confirm,
)
from partnerships.questions import about_part
from partnerships.uses import asked_for
from portal.waiting.task import Task

# So many rows are read for one home; those put aside are among them.
ROWS = 50
NO_DAY = Value(dt.date.max, DateField())


class Row(NamedTuple):
    """What any kind is told by. The texts one to four are what the kind needs besides."""

    kind: str
    pk: int
    since: dt.datetime | None
    due: dt.date | None
    day: dt.date | None
    reference: str
    project: str
    zone: str
    one: str
    two: str
    three: str
    four: str

    def today(self, at: dt.datetime) -> dt.date:
        """The day on the project's own clock."""
        return local_day(at, ZoneInfo(self.zone))


def asked_tasks(person: Person, at: dt.datetime, *, kind: str = "") -> Iterator[Task]:
    """The tasks of every kind below, or of one of them, in one query: those that came first.

    Arguments:
        kind: a key of `ROWS_OF`. Among its own, none is left out for those of another kind.
    """
    kinds = [kind] if kind in ROWS_OF else ROWS_OF
    asked = [query for query in (ROWS_OF[one](person, at) for one in kinds) if query is not None]
    if not asked:
        return
    first, *others = asked
    found = first.union(*others, all=True).order_by("of_by", "of_since", "of_kind", "of_pk")[:ROWS]
    for columns in found:
        row = Row(*columns[:-1])
        task = TASK_OF[row.kind](row, at)
        if task is not None:
            yield task


def told_by(
    kind: str,
    asked: QuerySet,
    *,
    since: str | Coalesce,
    project: str = "",
    due: str | Case | None = None,
    day: str | None = None,
    texts: tuple = (),
) -> QuerySet:
    """These as rows of one look, whatever model they are of.

    Arguments:
        project: the path to the project, with its last two underscores; None where there is no project.
        due, day: dates; the first is the one until which somebody has to answer.
        texts: what the kind needs besides, at most four.
    """
    no_date, no_text = Cast(Value(None), DateField()), Value("", CharField())
    texts = [*texts, *[no_text] * (4 - len(texts))]
    columns = {
        "of_kind": Value(kind, CharField()),
        "of_pk": F("pk"),
        "of_since": F(since) if isinstance(since, str) else since,
        "of_due": F(due) if isinstance(due, str) else due or no_date,
        "of_day": F(day) if day else no_date,
        **{
            f"of_{name}": no_text if project is None else F(f"{project}{name}")
            for name in ("reference", "title", "time_zone")
        },
        **{f"of_{number}": F(text) if isinstance(text, str) else text for number, text in enumerate(texts)},
    }
    columns["of_by"] = Coalesce(columns["of_due"], NO_DAY)
    return asked.order_by().annotate(**columns).values_list(*columns)


def time_rows(person, at):
    working = person.organisation_ids(*WORKING)
    if not working:
        return None
    opposite = (
        Participation.objects.acted_by(person, known=True)
        .filter(project=OuterRef("project"), role=Participation.Role.PARTNER, organisation__in=working)
        .exclude(organisation=OuterRef("organisation"))
    )
    asking_side = Participation.objects.filter(
        project=OuterRef("project"), organisation=OuterRef("organisation")
    )
    return told_by(
        "time",
        TimeRequest.objects.open().filter(Exists(opposite), Exists(asking_side)),
        project="project__",
        since="asked_at",
        due="yes_from",
        day="due_on",
        texts=("organisation__name",),
    )


def time_task(row, at):
    """Another organisation asks for more time."""
    return Task(
        key=f"time:{row.pk}",
        icon="clock",
        title=_("%(organisation)s asks for time until %(day)s")
        % {"organisation": row.one, "day": date_format(row.day, "j F")},
        url=reverse("partnerships:time_request", args=[row.reference, row.pk]),
        button=_("Answer"),
        minutes=1,
        about=row.project,
        due=row.due,
        today=row.today(at),
    )


def join_rows(person, at):
    owner = Membership.Role.OWNER
    owned = [one.organisation_id for one in person.current_memberships if one.role == owner]
    if not owned:
        return None
    called = Coalesce(NullIf("person__name", Value("")), "person__email", output_field=CharField())
    return told_by(
        "join",
        JoinRequest.objects.filter(decided_at=None, organisation__in=owned),
        project=None,
        since="created_at",
        texts=(called, "organisation__name", "organisation__slug", Value(person.time_zone, CharField())),
    )


def join_task(row, at):
    """Somebody asks to join an organisation of this Owner."""
    return Task(
        key=f"join:{row.pk}",
        icon="people",
        title=_("%(name)s asks to join %(organisation)s") % {"name": row.one, "organisation": row.two},
        url=reverse("accounts:member_list", args=[row.three]),
        button=_("Answer"),
        minutes=1,
        since=row.since,
        today=local_day(at, ZoneInfo(row.four)),
    )


def interest_rows(person, at):
    said = InterestDeclaration.objects.filter(project=OuterRef("pk"), person=person)
    said = said.exclude(kind=InterestDeclaration.Kind.ABSENT)
    again = Case(When(Exists(said), then=Value("again")), default=Value(""), output_field=CharField())
    return told_by("interests", projects_asking(person), since="stage_since", texts=(again,))


def interest_task(row, at):
    """They are asked what else they are bound to: agencies and Readers like everybody."""
    return Task(
        key=f"interests:{row.reference}",
        icon="people",
        # Asked again with a check-in: one tap when nothing has changed.
        title=_("Do your interests still hold?") if row.one else _("Declare your interests"),
        url=reverse("partnerships:interest_list", args=[row.reference]),
        button=_("Start"),
        minutes=1,
        about=row.project,
        since=row.since,
        today=row.today(at),
    )


def permission_rows(person, at):
    if not person.organisation_ids(*WORKING):
        return None
    # Somewhere it may still be yesterday; whether a day has passed is said by the project's zone.
    asked = UsePermission.objects.open().answered_by(person)
    return told_by(
        "permission",
        asked.filter(until__gte=at.date() - dt.timedelta(days=1)),
        project="project__",
        since="written_at",
        day="until",
        texts=("what", "holder__name"),
    )


def permission_task(row, at):
    """Their organisation is asked for the use of its name or its logo."""
    today = row.today(at)
    if row.day < today:
        return None
    return Task(
        key=f"permission:{row.pk}",
        icon="document",
        title=asked_for(row.one, row.two),
        url=reverse("partnerships:permission_answer", args=[row.reference, row.pk]),
        button=_("Answer"),
        minutes=2,
        about=row.project,
        since=row.since,
        today=today,
    )


def question_rows(person, at):
    if not person.organisation_ids(*WORKING):
        return None
    return told_by(
        "question",
        ContractQuestion.objects.to_answer(person) | ContractQuestion.objects.to_settle(person),
        project="contract__project__",
        since=Coalesce("answered_at", "asked_at"),
        # An answer is read without a day.
        due=Case(When(answered_at=None, then=F("due_on")), output_field=DateField()),
        texts=("row", "item", "contract__ruleset", Cast("contract__number", CharField())),
    )


def question_task(row, at):
    """A question about a contract: to answer one of the other side, or to say whether the answer helped."""
    answered = row.due is None
    title = _("Read the answer about “%(about)s”") if answered else _("Explain “%(about)s”")
    return Task(
        key=f"question:{row.pk}",
        icon="talk",
        title=title % {"about": about_part(row.one, row.two, row.three)},
        url=reverse("partnerships:question_detail", args=[row.reference, row.four, row.pk]),
        button=_("Read") if answered else _("Answer"),
        minutes=2,
        about=row.project,
        due=row.due,
        since=row.since,
        today=row.today(at),
    )


def funding_rows(person, at):
    if not person.organisation_ids(*WORKING):
        return None

    def of_turn(then, otherwise):
        is_asked = When(state=FundingRequest.State.ASKED, then=F(then))
        return Case(is_asked, default=F(otherwise), output_field=CharField())

    # There is no project yet: the request has a title and a reference of its own, and the day of whose turn it is.
    waiting = FundingRequest.objects.waiting_for(person)
    return told_by(
        "funding",
        waiting.annotate(time_zone=of_turn("sender__time_zone", "receiver__time_zone")),
        since="turn_since",
        due="due_on",
        texts=(
            "state",
            of_turn("receiver__kind", "sender__kind"),
            of_turn("receiver__name", "sender__name"),
        ),
    )


def funding_task(row, at):
    """A request for funding, or a proposal, to answer; or a question about one's own."""
    return Task(
        key=f"funding:{row.pk}",
        icon="document",
        title=question_to(row.one, row.two, row.three),
        url=reverse("partnerships:funding_detail", args=[row.reference]),
        button=_("Read"),
        minutes=5,
        about=row.project,
        due=row.due,
        since=row.since,
        today=row.today(at),
    )


def scan_rows(person, at):
    able = [row.organisation_id for row in person.current_memberships if row.role in WORKING or row.may_sign]
    if not able:
        return None
    return told_by(
        "scan",
        scans_to_confirm(person, able),
        project="contract__project__",
        since="recorded_at",
        texts=("organisation__name", Cast("contract__number", CharField())),
    )


def scan_task(row, at):
    """The copy of what the other side signed on paper, to look at and confirm."""
    return Task(
        key=f"scan:{row.pk}",
        icon="sign",
        title=_("Confirm the signed copy of %(organisation)s") % {"organisation": row.one},
        url=reverse("partnerships:contract_detail", args=[row.reference, row.two]) + "#signed-title",
        button=_("Read"),
        minutes=2,
        about=row.project,
        since=row.since,
        today=row.today(at),
    )


def call_rows(person, at):
    if not person.organisation_ids(*WORKING):
        return None
    return told_by(
        "call",
        Call.objects.open().answered_by(person).filter(third_at__gt=at, project__stage=Project.Stage.DELIVER),
        project="project__",
        since="suggested_at",
        texts=("organisation__name",),
    )


def call_task(row, at):
    """The other side suggests a call, with times to choose from."""
    return Task(
        key=f"call:{row.pk}",
        icon="phone",
        title=_("%(organisation)s suggests a call: choose a time") % {"organisation": row.one},
        url=reverse("evaluations:call_answer", args=[row.reference, row.pk]),
        button=_("Choose"),
        minutes=1,
        about=row.project,
        since=row.since,
        today=row.today(at),
    )


def talk_rows(person, at):
    if not person.organisation_ids(*WORKING):
        return None
    # Somewhere it may be the next day already; whether what was put off waits again is said by the project's zone.
    waiting = TalkEntry.objects.to_answer(person).filter(
        Q(later_on=None) | Q(later_on__lte=at.date() + dt.timedelta(days=1))
    )
    return told_by(
        "talk",
        waiting,
        project="project__",
        since="waits_since",
        due="due_on",
        day="later_on",
        texts=("kind", "organisation__name"),
    )


TALK_TITLES = {
    TalkEntry.Kind.QUESTION: gettext_lazy("Answer a question of %(organisation)s"),
    TalkEntry.Kind.DECISION: gettext_lazy("Say whether you agree with %(organisation)s"),
    TalkEntry.Kind.INPUT: gettext_lazy("Say what became of the input of %(organisation)s"),
    TalkEntry.Kind.CONCERN: gettext_lazy("Answer a concern of %(organisation)s"),
}


def talk_task(row, at):
    """What somebody asks, proposes or worries about in Talk. Never in its own words: home is read over shoulders."""
    today = row.today(at)
    if row.day is not None and row.day > today:
        return None
    return Task(
        key=f"talk:{row.pk}",
        icon="talk",
        title=str(TALK_TITLES[row.one]) % {"organisation": row.two},
        url=reverse("partnerships:talk_detail", args=[row.reference, row.pk]),
        button=_("Read"),
        minutes=2,
        about=row.project,
        due=row.due,
        since=row.since,
        today=today,
    )


ROWS_OF = {
    "interests": interest_rows,
    "time": time_rows,
    "join": join_rows,
    "permission": permission_rows,
    "question": question_rows,
    "funding": funding_rows,
    "scan": scan_rows,
    "call": call_rows,
    "talk": talk_rows,
}
TASK_OF = {
    "interests": interest_task,
    "time": time_task,
    "join": join_task,
    "permission": permission_task,
    "question": question_task,
    "funding": funding_task,
    "scan": scan_task,
    "call": call_task,
    "talk": talk_task,
}
