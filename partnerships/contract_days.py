"""On which days somebody is reminded of a contract (compliance: the reminders of contracts)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q

from accounts.audit import subject_of
from accounts.days import add_working_days, local_day, working_days_before
from accounts.reminders import Reminder, Task, slices
from partnerships.models import Contract, ContractTurn, Project
from partnerships.permissions import Acting, acting_on, people_to_remind

Stage = Project.Stage

DAY = dt.timedelta(days=1)
# Working days to read a contract that has come to an organisation, by whether it reads without a lawyer.
READING = {False: 5, True: 10}
# Working days after that time is over. On the last of them all partners hear of it.
WAITS = (0, 5, 15)
# Twenty-five working days have passed by then, also over the holidays of a year's end.
LONGEST_WAIT = 70 * DAY
# Working days before the start.
STARTS = (15, 5, 0)
# Before the last day of a contract.
ENDS = (-60 * DAY, -30 * DAY, -7 * DAY)
LOOK_BACK = 14 * DAY
LOOK_AHEAD = 63 * DAY
AT_ONCE = 200


def _by_project(people: dict[tuple[int, int], list[Acting]]) -> dict[int, dict[int, list[Acting]]]:
    """Whom reminders go to: by project, and there by organisation."""
    found: dict[int, dict[int, list[Acting]]] = defaultdict(dict)
    for (project, organisation), those in people.items():
        found[project][organisation] = those
    return found


def _everybody(people: dict[int, list[Acting]], *, but: int | None = None) -> list[Acting]:
    return [one for organisation, those in people.items() if organisation != but for one in those]


def signing_only(acting: Acting) -> bool:
    """Whether somebody signs for their organisation, and writes nothing."""
    return "record_signature" in acting.verbs and "write_contract" not in acting.verbs


def reads_until(turn: ContractTurn, project: Project) -> dt.date:
    """The last day of the time to read for whom the contract lies with; nobody is reminded before (docs/rules.md 90)."""
    organisation = turn.organisation
    days = READING[organisation.reads_without_lawyer]
    return add_working_days(local_day(turn.since, project.zone), days, organisation.country)


def waits(at: dt.datetime) -> Iterator[Task]:
    """The time to read is over, and 5 and 15 working days after: its people hear it, at the end everybody's."""
    turns = (
        ContractTurn.objects.filter(until=None, contract__signed_at=None, since__gte=at - LONGEST_WAIT)
        .select_related("organisation", "contract__project")
        .order_by("contract__project", "pk")
    )
    for some in slices(turns.iterator(chunk_size=AT_ONCE), AT_ONCE):
        acting = acting_on({turn.contract.project for turn in some})
        people = _by_project(people_to_remind(acting))
        to_sign = Contract.objects.waiting_for_signature().filter(pk__in=[turn.contract_id for turn in some])
        to_sign = set(to_sign.values_list("pk", flat=True))
        for turn in some:
            project = turn.contract.project
            read_by = reads_until(turn, project)
            days = [add_working_days(read_by, count, turn.organisation.country) for count in WAITS]
            theirs = people[project.pk].get(turn.organisation_id, [])
            others = _everybody(people[project.pk], but=turn.organisation_id)
            if turn.contract_id in to_sign:
                theirs = theirs + [
                    one for one in acting[project.pk]
                    if one.organisation.pk == turn.organisation_id and signing_only(one)
                ]  # fmt: skip
            for those, when in ((theirs, days), (others, days[-1:])):
                waiting = [Reminder(day, "contract_waits") for day in when]
                for one in those:
                    yield _task(one, turn, waiting, days[-1], turn.since, project)


def starts(at: dt.datetime) -> Iterator[Task]:
    """The start of a project is near, and no contract is signed by all and approved where it has to be."""
    signed = Contract.objects.filter(project=OuterRef("pk"), signed_at__isnull=False)
    projects = (
        Project.objects.in_workspace()
        .filter(~Exists(signed), stage__in=[Stage.AGREE, Stage.CONTRACT])
        .filter(starts_on__gte=at.date() - LOOK_BACK, starts_on__lte=at.date() + LOOK_AHEAD)
        .order_by("pk")
    )
    for some in slices(projects.iterator(chunk_size=AT_ONCE), AT_ONCE):
        people = _by_project(people_to_remind(acting_on(some)))
        for project in some:
            for one in _everybody(people[project.pk]):
                country = one.organisation.country
                days = [
                    Reminder(working_days_before(project.starts_on, count, country), "start_near")
                    for count in STARTS
                ]
                yield _task(one, project, days, project.starts_on, project.stage_since, project)


def ends(at: dt.datetime) -> Iterator[Task]:
    """A signed contract ends in 60, 30, 7 days, the work goes on, and no later one does."""
    later = Contract.objects.filter(
        project=OuterRef("project"), signed_at__isnull=False, ends_on__gt=OuterRef("ends_on")
    )
    contracts = (
        Contract.objects.filter(~Exists(later), signed_at__isnull=False)
        .filter(Q(project__stage=Stage.CONTRACT) | Q(project__stage=Stage.DELIVER))
        .filter(ends_on__gte=at.date() - LOOK_BACK, ends_on__lte=at.date() + LOOK_AHEAD)
        .select_related("project")
        .order_by("project", "pk")
    )
    for some in slices(contracts.iterator(chunk_size=AT_ONCE), AT_ONCE):
        people = _by_project(people_to_remind(acting_on({contract.project for contract in some})))
        for contract in some:
            days = [Reminder(contract.ends_on + day, "contract_ends") for day in ENDS]
            for one in _everybody(people[contract.project_id]):
                yield _task(one, contract, days, contract.ends_on, contract.signed_at, contract.project)


def _task(acting, about, days, due_on, since, project):
    return Task(
        person=acting.person,
        about=subject_of(about),
        due_on=due_on,
        since=since,
        days=days,
        country=acting.organisation.country,
        project=project.reference,
    )
